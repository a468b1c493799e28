/* On which day a change can be recorded, and what goes over whole. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "db/support.h"

TestSuite(organisation_when, .init = use_province, .fini = scratch_close, .timeout = 60);

#define ID(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
/* days: from today on. */
#define DAY(days) "(capdo.today() + (" #days "))"
#define BODY(code, days)                                                                     \
    "INSERT INTO capdo.organisation (id, code, name, kind, valid_from, parent_id) VALUES ("  \
    "gen_random_uuid(), '" code "', 'Trung tâm " code "', 'centre', " DAY(days) ", " ID("H0" \
                                                                                        "5") ")"
#define TO(code) "jsonb_build_object('successor_id', " ID(code) ")"
#define MERGED(code)                                                                            \
    "jsonb_build_object('merged', jsonb_build_array(jsonb_build_object('organisation_id', " ID( \
        code) ")))"
#define RECORD(code, kind, days, detail)                                                  \
    "SELECT capdo.organisation_record(gen_random_uuid(), " ID(code) ", '" kind "', " DAY( \
        days) ", '77/QĐ-UBND', '', " detail ")"
#define PROBLEMS(code, kind, day, detail)                                                       \
    "SELECT coalesce(string_agg(pointer || ' ' || code || ' ' || info, ', ' ORDER BY pointer, " \
    "code), '') FROM capdo.organisation_problems(" ID(code) ", '" kind "', " day                \
                                                            ", '77/QĐ-UBND', " detail ")"

static PGconn *prepared(const char *const *texts)
{
    PGconn *owner = plain(scratch.owner_url);

    for (size_t i = 0; texts[i] != NULL; i++) {
        sql(owner, texts[i]);
    }
    return owner;
}

#define PREPARED(...) prepared((const char *const[]){__VA_ARGS__, NULL})

static const char *day_of(PGconn *pg, int days)
{
    return text_of("%s", value(pg, text_of("SELECT capdo.today() + (%d)", days)));
}

/* Whoever decided or appraised by the authority of a body had it then: it does not end before. */
Test(organisation_when, a_body_does_not_end_before_what_it_decided)
{
    PGconn *owner = PREPARED(BODY("Z1", -900));
    static const char *const BODIES[] = {"H05", "H05.30"};
    const char *decided = text_of(
        "%s", value(owner, "SELECT max(decided_on) FROM capdo.decision WHERE organisation_id = " ID(
                               "H05")));

    cr_assert_str_neq(decided, "");
    for (size_t i = 0; i < COUNT_OF(BODIES); i++) {
        const char *problems = text_of(
            "SELECT coalesce(max(info), '') FROM capdo.organisation_problems((SELECT id FROM "
            "capdo.organisation WHERE code = '%s'), 'dissolved', %%s, '7/QĐ', " TO(
                "Z1") ")"
                      " WHERE code = 'used_later' AND pointer = '/effective_on'",
            BODIES[i]);
        const char *used =
            text_of("%s", value(owner, text_of(problems, text_of("'%s'::date", decided))));
        cr_expect_str_neq(used, "", "%s", BODIES[i]);
        cr_expect_str_eq(value(owner, text_of(problems, text_of("'%s'::date", used))), used);
        cr_expect_str_eq(value(owner, text_of(problems, text_of("'%s'::date + 1", used))), "");
        cr_expect_geq(strcmp(used, decided), 0);
    }
    cr_expect_not_null(
        strstr(value(owner, text_of(PROBLEMS("Z1", "merged", "'%s'", MERGED("H05")), decided)),
               "/merged/0/organisation_id used_later"));
    sql(owner, "BEGIN");
    cr_expect_str_eq(
        refusal(owner, text_of("SELECT capdo.organisation_record(gen_random_uuid(), " ID(
                                   "H05") ", 'dissolved', '%s', '7/QĐ', '', " TO("Z1") ")",
                               decided)),
        "23000 organisation_change_possible");
    PQfinish(owner);
}

/* Who was not there yet takes part in nothing. */
Test(organisation_when, a_body_takes_part_from_its_first_day)
{
    PGconn *owner = PREPARED(BODY("Z1", -900), BODY("ZN", -10));
    const char *first = day_of(owner, -10);

    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-20), TO("ZN"))),
                     text_of("/successor_id not_yet %s", first));
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-10), TO("ZN"))), "");
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "moved", DAY(-20),
                                           "jsonb_build_object('parent_id', " ID("ZN") ")")),
                     text_of("/parent_id not_yet %s", first));
    cr_expect_str_eq(value(owner, PROBLEMS("ZN", "merged", DAY(-20), MERGED("Z1"))),
                     text_of("/effective_on not_yet %s", first));
    cr_expect_str_eq(value(owner, PROBLEMS("ZN", "merged", DAY(-10), MERGED("Z1"))), "");
    /* Nor one that had ended on that day and is there again. */
    sql(owner, RECORD("ZN", "dissolved", -8, TO("Z1")));
    sql(owner, RECORD("ZN", "restored", -4, "'{}'"));
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-6), TO("ZN"))),
                     text_of("/successor_id not_yet %s", day_of(owner, -4)));
    PQfinish(owner);
}

/* A unit that has changed since would stay below the ended body for a while. */
Test(organisation_when, a_body_does_not_end_before_its_units_changed)
{
    PGconn *owner =
        PREPARED(BODY("Z1", -900), BODY("Z2", -900), BODY("ZA", -800), BODY("ZB", -5),
                 RECORD("ZA", "moved", -700, "jsonb_build_object('parent_id', " ID("Z1") ")"),
                 RECORD("ZB", "moved", -5, "jsonb_build_object('parent_id', " ID("Z1") ")"));

    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-20), TO("Z2"))), "",
                     "one that began since goes over with its first day");
    sql(owner, RECORD("ZA", "renamed", -6, "jsonb_build_object('name', 'Khác')"));
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-20), TO("Z2"))),
                     text_of("/effective_on before_units_change %s (Khác)", day_of(owner, -6)));
    cr_expect_str_eq(
        value(owner, PROBLEMS("Z2", "merged", DAY(-20), MERGED("Z1"))),
        text_of("/merged/0/organisation_id before_units_change %s (Khác)", day_of(owner, -6)));
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "dissolved", DAY(-6), TO("Z2"))), "");
    PQfinish(owner);
}

/* Nothing is recorded of a body before its first day: it would never change again. */
Test(organisation_when, a_body_is_recorded_from_its_first_day_on)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, "BEGIN");
    cr_expect_str_eq(refusal(owner, BODY("Z1", 1)), "23514 organisation_begins_later");
    cr_expect_str_eq(refusal(owner, BODY("Z1", 0)), "");
    PQfinish(owner);
}

/* What the second one says once the first has ended the body under it. */
static const char *after_the_end(PGconn *second, const char *text)
{
    PGconn *first = acting("admin");
    const char *said = "";

    sql(first, RECORD("Z1", "dissolved", 0, TO("Z2")));
    cr_assert_eq(PQsendQuery(second, text), 1);
    usleep(300000);
    cr_assert(PQconsumeInput(second) == 1 && PQisBusy(second), "it does not wait");
    sql(first, "COMMIT");
    for (PGresult *result = PQgetResult(second); result != NULL; result = PQgetResult(second)) {
        const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
        said = text_of("%s", name == NULL ? PQresultErrorMessage(result) : name);
        PQclear(result);
    }
    PQfinish(first);
    PQfinish(second);
    return said;
}

Test(organisation_when, no_system_comes_to_a_body_that_is_just_ending)
{
    PQfinish(PREPARED(BODY("Z1", -900), BODY("Z2", -900)));
    cr_expect_str_eq(
        after_the_end(
            acting("staff"),
            "INSERT INTO capdo.system (id, name, governing_id, operator_id, ruleset, created_by, updated_by)"
            " VALUES (gen_random_uuid(), 'x', " ID("Z1") ", " ID(
                "H05.11") ", 'vn-331-2026', capdo.ctx_account(), capdo.ctx_account())"),
        "system_bodies_active");
}

Test(organisation_when, no_unit_comes_to_a_body_that_is_just_ending)
{
    PQfinish(PREPARED(BODY("Z1", -900), BODY("Z2", -900)));
    cr_expect_str_eq(
        after_the_end(
            acting("admin"),
            "INSERT INTO capdo.organisation (id, code, name, kind, valid_from, parent_id) VALUES ("
            "gen_random_uuid(), 'Z9', 'x', 'centre', '2020-01-01', " ID("Z1") ")"),
        "organisation_parent_active");
}

/* Whoever sees a dossier under a delegation of the successor sees its systems. */
Test(organisation_when, systems_are_seen_with_the_dossiers_that_are_entrusted)
{
    PGconn *owner = PREPARED(
        BODY("Z1", -900),
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope, document_number,"
        " valid_from, valid_to, term_to, created_by) SELECT '01a00000-0000-7000-8000-00000000000d', " ID("Z1") ", " ID(
            "H05.03") ", '{1,2,3,4,5}', '{}', 'x', '9/UQ', " DAY(-30) ", " DAY(90) ", " DAY(90) ", id"
                                                                                                " FROM capdo.account WHERE username = 'admin'");
    sql(owner, RECORD("H05", "dissolved", 0, TO("Z1")));
    cr_expect_gt(number(owner, "SELECT count(*) FROM capdo.dossier WHERE submissions > 0 AND"
                               " '01a00000-0000-7000-8000-00000000000d' = ANY (entrusted)"),
                 0);
    cr_expect_eq(
        number(
            owner,
            "SELECT count(*) FROM capdo.dossier d JOIN capdo.dossier_system x ON x.dossier_id = d.id"
            " JOIN capdo.system s ON s.id = x.system_id WHERE d.submissions > 0 AND"
            " '01a00000-0000-7000-8000-00000000000d' = ANY (d.entrusted) AND"
            " strpos(s.entrusted, '01a00000-0000-7000-8000-00000000000d') = 0"),
        0);
    PQfinish(owner);
}

/* Every code that ended with the body comes back with it. */
Test(organisation_when, what_is_restored_has_all_its_codes)
{
    static const char CODES[] =
        "SELECT string_agg(code, ' ' ORDER BY code) FROM capdo.organisation_code"
        " WHERE valid_to IS NULL AND organisation_id = " ID("Z1");
    PGconn *owner = PREPARED(
        BODY("Z1", -900), BODY("Z2", -900),
        RECORD("Z1", "code_changed", -800, "'{\"code\":\"99991\",\"scheme\":\"statistics\"}'"),
        RECORD("Z1", "code_changed", -800, "'{\"code\":\"99992\",\"scheme\":\"2020\"}'"),
        RECORD("Z1", "code_changed", -700, "'{\"code\":\"99993\",\"scheme\":\"2020\"}'"),
        RECORD("Z1", "dissolved", -20, TO("Z2")));

    sql(owner, "BEGIN");
    sql(owner, RECORD("Z1", "restored", -10, "'{}'"));
    cr_expect_str_eq(value(owner, CODES), "99991 99993 Z1");
    sql(owner, "ROLLBACK");

    sql(owner,
        RECORD("Z2", "code_changed", -15, "'{\"code\":\"99991\",\"scheme\":\"statistics\"}'"));
    cr_expect_str_eq(value(owner, PROBLEMS("Z1", "restored", DAY(-10), "'{}'")),
                     "/kind code_taken Trung tâm Z2 (99991)");
    PQfinish(owner);
}

/* A unit that stood beside the operator does not stand beside itself. */
Test(organisation_when, the_operator_does_not_stand_beside_itself)
{
    PGconn *owner = PREPARED(
        "INSERT INTO capdo.system_unit (system_id, organisation_id, duty) SELECT id, " ID(
            "H05.02") ", 'x' FROM capdo.system WHERE operator_id = " ID("H05.11") " ON CONFLICT DO NOTHING",
        RECORD("H05.11", "dissolved", 0, TO("H05.02")));

    cr_expect_eq(
        number(owner,
               "SELECT count(*) FROM capdo.system_unit u JOIN capdo.system s ON s.id = u.system_id"
               " WHERE u.organisation_id = s.operator_id"),
        0);
    PQfinish(owner);
}
