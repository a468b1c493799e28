/* History cannot be forgotten or rewritten, and everything follows a successor. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/organisation_load.h"
#include "db/support.h"

TestSuite(organisation, .init = use_province, .fini = scratch_close, .timeout = 60);

#define ID(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
#define RECORD(code, kind, day, detail)                                                         \
    "SELECT capdo.organisation_record(gen_random_uuid(), " ID(code) ", '" kind "', '" day "', " \
                                                                    "'77/QĐ-UBND', '', " detail \
                                                                    ")"
#define TO(code) "jsonb_build_object('successor_id', " ID(code) ")"

static const char KEPT[] = "23000 organisation_history_kept";
static const char APPENDED[] = "23000 append_only";

/* Text runs in a transaction of its own; "" when it commits. */
static const char *commit_refusal(PGconn *pg, const char *text)
{
    sql(pg, "BEGIN");
    sql(pg, text);
    PGresult *result = PQexec(pg, "COMMIT");
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *said = state == NULL ? "" : text_of("%s %s", state, name == NULL ? "" : name);
    PQclear(result);
    return said;
}

Test(organisation, the_row_cannot_leave_its_history)
{
    PGconn *owner = plain(scratch.owner_url);
    static const char *const AROUND[] = {
        "UPDATE capdo.organisation SET name = 'Khác' WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET parent_id = NULL WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET status = 'dissolved' WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET code = 'H05.99' WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET successor_id = " ID("H05") " WHERE code = 'H05.94'",
        "UPDATE capdo.organisation_code SET valid_to = '2026-01-01', ended_by = event_id WHERE code = 'H05.11'",
    };

    for (size_t i = 0; i < COUNT_OF(AROUND); i++) {
        cr_expect_str_eq(commit_refusal(owner, AROUND[i]), KEPT, "%s: %s", AROUND[i],
                         commit_refusal(owner, AROUND[i]));
    }
    cr_expect_str_eq(
        commit_refusal(owner, "UPDATE capdo.organisation SET phone = '1' WHERE code = 'H05.11'"),
        "");

    /* Control: without the guard the row is changed and nothing is written down. */
    sql(owner, "DROP TRIGGER organisation_matches_history ON capdo.organisation");
    cr_expect_str_eq(commit_refusal(owner, AROUND[0]), "");
    PQfinish(owner);
}

Test(organisation, what_was_recorded_stays)
{
    PGconn *owner = plain(scratch.owner_url);
    static const char *const REWRITE[] = {
        "UPDATE capdo.organisation_event SET document_number = 'x'",
        "DELETE FROM capdo.organisation_event",
        "DELETE FROM capdo.organisation_event_party",
        "UPDATE capdo.organisation_state SET name = 'x' WHERE valid_to IS NULL",
        "UPDATE capdo.organisation_state SET valid_to = NULL, ended_by = NULL WHERE valid_to IS NOT NULL",
        "UPDATE capdo.organisation_state SET valid_to = '2026-01-01' WHERE valid_to IS NOT NULL",
        "DELETE FROM capdo.organisation_state",
        "UPDATE capdo.organisation_code SET code = 'x'",
        "DELETE FROM capdo.organisation_code",
        "TRUNCATE capdo.organisation_code",
    };

    sql(owner, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(REWRITE); i++) {
        cr_expect_str_eq(refusal(owner, REWRITE[i]), APPENDED, "%s", REWRITE[i]);
    }
    PQfinish(owner);
}

Test(organisation, the_servers_role_has_no_other_way)
{
    PGconn *admin = acting("admin");
    PGconn *staff = acting("staff");
    static const char *const WRITES[] = {
        "UPDATE capdo.organisation SET name = 'x' WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET status = 'dissolved' WHERE code = 'H05.11'",
        "UPDATE capdo.organisation SET valid_to = '2026-01-01' WHERE code = 'H05.11'",
        "INSERT INTO capdo.organisation (id, code, name, kind, status) VALUES (gen_random_uuid(), 'X', 'X', 'other', "
        "'dissolved')",
        "INSERT INTO capdo.organisation_event (id, organisation_id, kind) SELECT gen_random_uuid(), id, 'created' "
        "FROM capdo.organisation",
        "UPDATE capdo.organisation_state SET valid_to = '2026-01-01'",
        "SELECT capdo.organisation_set(gen_random_uuid(), " ID(
            "H05.11") ", '2026-01-01', 'x', NULL, 'active', NULL)",
        "SELECT capdo.organisation_end(gen_random_uuid(), " ID(
            "H05.11") ", NULL, '2026-01-01', 'x')",
        "SELECT recorded_name FROM capdo.organisation_event",
        "SELECT moved FROM capdo.organisation_event_party",
    };

    for (size_t i = 0; i < COUNT_OF(WRITES); i++) {
        cr_expect_eq(strncmp(refusal(admin, WRITES[i]), "42501", 5), 0, "%s: %s", WRITES[i],
                     refusal(admin, WRITES[i]));
    }
    cr_expect_str_eq(
        refusal(staff, RECORD("H05.11", "renamed", "2026-01-01", "'{\"name\":\"x\"}'")), "42501");
    cr_expect_str_eq(
        refusal(admin, RECORD("H05.11", "renamed", "2026-01-01", "'{\"name\":\"x\"}'")), "");
    cr_expect_str_eq(refusal(admin, RECORD("H05.11", "dissolved", "2026-01-01", "'{}'")),
                     "23000 organisation_change_possible");
    PQfinish(admin);
    PQfinish(staff);
}

Test(organisation, systems_follow_a_successor_with_their_decisions)
{
    PGconn *super = plain(scratch.super_url);
    const char *old = text_of("%s", value(super, "SELECT " ID("H05.11") "::text"));
    const char *decided = text_of(
        "SELECT md5(string_agg(s.code || coalesce(s.decision_id::text, '') || coalesce(c.number, '') ||"
        " coalesce(c.decided_on::text, '') || coalesce(s.approved_level::text, '') || s.name, '' ORDER BY s.code))"
        " FROM capdo.system s LEFT JOIN capdo.decision c ON c.id = s.decision_id");
    const char *before = text_of("%s", value(super, decided));
    long systems =
        number(super, text_of("SELECT count(*) FROM capdo.system WHERE operator_id = '%s'", old));
    long versions = number(super, "SELECT count(*) FROM capdo.system_version");
    long decisions = number(super, "SELECT count(*) FROM capdo.decision");
    long closed = number(
        super, text_of("SELECT count(*) FROM capdo.dossier WHERE operator_id = '%s' AND state IN"
                       " ('approved', 'refused', 'withdrawn')",
                       old));

    cr_assert_gt(systems, 2);
    cr_assert_gt(closed, 0);
    PGconn *owner = plain(scratch.owner_url);
    cr_assert_str_eq(
        commit_refusal(owner, RECORD("H05.11", "dissolved", "2026-03-01", TO("H05.02"))), "");

    cr_expect_str_eq(value(super, decided), before);
    cr_expect_eq(number(super, "SELECT count(*) FROM capdo.decision"), decisions);
    cr_expect_eq(
        number(super, text_of("SELECT count(*) FROM capdo.system WHERE operator_id = '%s'", old)),
        0);
    cr_expect_eq(
        number(super,
               "SELECT count(*) FROM capdo.system s JOIN capdo.organisation_event e ON e.id ="
               " s.organisation_event_id WHERE e.kind = 'dissolved' AND s.operator_id = " ID(
                   "H05.02")),
        systems);
    cr_expect_geq(number(super, "SELECT count(*) FROM capdo.system_version"), versions + systems);
    /* Dossiers go too; the closed ones still say whose they were. */
    cr_expect_eq(
        number(super, text_of("SELECT count(*) FROM capdo.dossier WHERE operator_id = '%s'", old)),
        0);
    cr_expect_eq(
        number(super,
               text_of("SELECT count(*) FROM capdo.dossier WHERE operator_then_id = '%s'", old)),
        closed);
    cr_expect_eq(number(super, "SELECT count(*) FROM capdo.dossier WHERE operator_id = " ID(
                                   "H05.02") " AND NOT operator_id = ANY (operating)"),
                 0);
    /* Whoever worked there works for the successor, by the same document. */
    cr_expect_eq(
        number(super,
               "SELECT count(*) FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id"
               " WHERE a.username = 'staff' AND m.organisation_id = " ID(
                   "H05.11") " AND m.valid_to = '2026-02-28'"),
        1);
    cr_expect_eq(
        number(
            super,
            "SELECT count(*) FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id"
            " WHERE a.username = 'staff' AND m.organisation_id = " ID(
                "H05.02") " AND m.valid_from = '2026-03-01' AND m.document_number = '77/QĐ-UBND'"),
        1);

    PGconn *staff = acting("staff");
    cr_expect_geq(
        number(staff, "SELECT count(*) FROM capdo.system WHERE operator_id = " ID("H05.02")),
        systems);
    cr_expect_geq(number(staff, "SELECT count(*) FROM capdo.decision"), 1);
    PQfinish(staff);
    PQfinish(owner);
    PQfinish(super);
}

/* The next ordinary change of a system no longer names the organisation's. */
Test(organisation, only_the_version_that_followed_says_so)
{
    PGconn *owner = plain(scratch.owner_url);

    cr_assert_str_eq(
        commit_refusal(owner, RECORD("H05.11", "dissolved", "2026-03-01", TO("H05.02"))), "");
    sql(owner,
        "UPDATE capdo.system SET scope = 'x', version = version + 1 WHERE organisation_event_id IS NOT NULL");
    cr_expect_eq(
        number(owner, "SELECT count(*) FROM capdo.system WHERE organisation_event_id IS NOT NULL"),
        0);
    cr_expect_gt(
        number(
            owner,
            "SELECT count(*) FROM capdo.system_version WHERE data ->> 'organisation_event_id' IS NOT"
            " NULL"),
        0);
    PQfinish(owner);
}

/* Heads do not head the successor by a merger; its specialised unit stays the one. */
Test(organisation, posts_and_assignments_follow_or_end)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *today = text_of("%s", value(owner, "SELECT capdo.today()"));

    sql(owner,
        "INSERT INTO capdo.organisation (id, code, name, kind, valid_from) VALUES"
        " (gen_random_uuid(), 'H99', 'Ủy ban nhân dân tỉnh mới', 'people_committee', '2026-01-01')");
    cr_assert_str_eq(
        commit_refusal(owner, text_of(RECORD("H05", "dissolved", "%s", TO("H99")), today)), "");
    cr_expect_eq(
        number(owner, "SELECT count(*) FROM capdo.membership WHERE organisation_id = " ID("H99")),
        0);
    cr_expect_eq(
        number(
            owner,
            "SELECT count(*) FROM capdo.membership WHERE role = 'chairman' AND organisation_id = " ID(
                "H05") " AND valid_to IS NULL"),
        0);
    cr_expect_eq(
        number(owner,
               "SELECT count(*) FROM capdo.specialised_unit WHERE governing_id = " ID(
                   "H99") " AND unit_id = " ID("H05.30") " AND document_number = '77/QĐ-UBND'"),
        1);
    cr_expect_eq(number(owner, "SELECT count(*) FROM capdo.system WHERE governing_id = " ID("H05")),
                 0);
    cr_expect_eq(
        number(
            owner,
            "SELECT count(*) FROM capdo.organisation WHERE status = 'active' AND parent_id = " ID(
                "H05")),
        0);

    /* A second body with a unit of its own keeps that one only. */
    sql(owner,
        "INSERT INTO capdo.organisation (id, code, name, kind, valid_from) VALUES"
        " (gen_random_uuid(), 'H98', 'Ủy ban nhân dân tỉnh khác', 'people_committee', '2026-01-01')");
    sql(owner,
        "INSERT INTO capdo.specialised_unit (id, unit_id, governing_id, valid_from) VALUES (gen_random_uuid(), " ID(
            "H05.08") ", " ID("H98") ", '2026-01-01')");
    cr_assert_str_eq(
        commit_refusal(owner, text_of(RECORD("H99", "dissolved", "%s", TO("H98")), today)), "");
    cr_expect_eq(
        number(owner, "SELECT count(*) FROM capdo.specialised_unit WHERE governing_id = " ID(
                          "H98") " AND valid_to IS NULL"),
        1);
    PQfinish(owner);
}

/* What was delegated to a body, or given to it to appraise, ends with it. */
Test(organisation, what_was_entrusted_ends)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner,
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope, document_number,"
        " valid_from, valid_to, term_to, created_by) SELECT gen_random_uuid(), " ID("H05") ", " ID(
            "H05.03") ", '{1,2}', '{}', 'x', '9/UQ', '2026-01-01', '2026-12-31', '2026-12-31', id"
                      " FROM capdo.account WHERE username = 'admin'");
    cr_assert_str_eq(
        commit_refusal(owner, RECORD("H05.03", "dissolved", "2026-03-01", TO("H05.02"))), "");
    cr_expect_eq(
        number(owner, "SELECT count(*) FROM capdo.delegation WHERE valid_to = '2026-02-28'"), 1);
    PQfinish(owner);
}

Test(organisation, a_split_sends_what_is_named_and_the_rest)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *named = text_of(
        "%s",
        value(
            owner,
            "SELECT min(code) FROM capdo.system s WHERE operator_id = " ID(
                "H05.11") " AND NOT EXISTS (SELECT FROM capdo.dossier_system x WHERE x.system_id = s.id AND x.open)"));
    const char *split = text_of(
        "SELECT capdo.organisation_record(gen_random_uuid(), " ID(
            "H05.11") ", 'split', '2026-03-01', '77/QĐ-UBND', '',"
                      " jsonb_build_object('successors', jsonb_build_array(jsonb_build_object('organisation_id', " ID(
                          "H05.02") ", 'systems', jsonb_build_array(jsonb_build_object('code', '%s'))),"
                                    " jsonb_build_object('organisation_id', " ID(
                                        "H05.03") ")), 'remainder_id', " ID("H05.03") "))",
        named);
    long systems =
        number(owner, "SELECT count(*) FROM capdo.system WHERE operator_id = " ID("H05.11"));
    long others =
        number(owner, "SELECT count(*) FROM capdo.system WHERE operator_id = " ID("H05.03"));

    cr_assert_str_eq(commit_refusal(owner, split), "");
    cr_expect_eq(
        number(owner,
               text_of("SELECT count(*) FROM capdo.system WHERE code = '%s' AND operator_id = " ID(
                           "H05.02"),
                       named)),
        1);
    cr_expect_eq(
        number(owner, "SELECT count(*) FROM capdo.system WHERE operator_id = " ID("H05.03")),
        others + systems - 1);
    cr_expect_eq(
        number(
            owner,
            "SELECT count(*) FROM capdo.organisation WHERE code = 'H05.11' AND status = 'dissolved'"
            " AND successor_id = " ID("H05.03")),
        1);
    cr_expect_eq(
        number(
            owner,
            "SELECT count(*) FROM capdo.organisation_event_party p JOIN capdo.organisation_event e"
            " ON e.id = p.event_id WHERE e.kind = 'split' AND p.part = 'successor'"),
        2);
    PQfinish(owner);
}

/* A successor from below the one that ends: the tree stays a tree. */
Test(organisation, a_unit_may_take_over_from_above)
{
    PGconn *owner = plain(scratch.owner_url);

    cr_assert_str_eq(
        commit_refusal(owner, RECORD("H05.08", "dissolved", "2026-03-01", TO("H05.20"))), "");
    cr_expect_eq(
        number(owner,
               "SELECT count(*) FROM capdo.organisation WHERE code = 'H05.20' AND parent_id = " ID(
                   "H05")),
        1);
    cr_expect_eq(
        number(
            owner,
            "WITH RECURSIVE up (id, start, depth) AS (SELECT parent_id, id, 1 FROM capdo.organisation"
            " UNION ALL SELECT o.parent_id, up.start, depth + 1 FROM up JOIN capdo.organisation o ON o.id = up.id WHERE depth < 20)"
            " SELECT count(*) FROM up WHERE id = start"),
        0);
    PQfinish(owner);
}

/* Units that a split sends below themselves would leave the tree. */
Test(organisation, a_split_closes_no_circle)
{
    PGconn *owner = plain(scratch.owner_url);
    static const char *const UNITS[] = {"Y1:H05.08", "Y2:Y1", "Y3:H05.08", "Y4:Y3"};

    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        sql(owner,
            text_of(
                "INSERT INTO capdo.organisation (id, code, name, kind, valid_from, parent_id)"
                " SELECT gen_random_uuid(), split_part('%s', ':', 1), 'Đơn vị', 'centre',"
                " '2020-01-01', id FROM capdo.organisation WHERE code = split_part('%s', ':', 2)",
                UNITS[i], UNITS[i]));
    }
#define PART(to, unit)                                                                           \
    "jsonb_build_object('organisation_id', " ID(to) ", 'units', jsonb_build_array("              \
                                                    "jsonb_build_object('organisation_id', " ID( \
                                                        unit) ")))"
#define SPLIT(parts)                                                                             \
    "'split', capdo.today(), '77/QĐ', jsonb_build_object('successors', jsonb_build_array(" parts \
    "))"
#define PROBLEMS(parts)                                                      \
    "SELECT string_agg(pointer || ' ' || code, ', ' ORDER BY pointer) FROM " \
    "capdo.organisation_problems(" ID("H05.08") ", " SPLIT(parts) ")"
    cr_expect_str_eq(value(owner, PROBLEMS(PART("Y2", "Y1"))),
                     "/successors/0/units/0/organisation_id circle");
    /* Each of the two alone would do. */
    cr_expect_str_eq(value(owner, PROBLEMS(PART("Y4", "Y1"))), "");
    cr_expect_str_eq(value(owner, PROBLEMS(PART("Y4", "Y1") ", " PART("Y2", "Y3"))),
                     "/successors/0/units/0/organisation_id circle, "
                     "/successors/1/units/0/organisation_id circle");
    PQfinish(owner);
}

/* What a decision shows is the name of its day. */
Test(organisation, a_decision_shows_the_name_of_its_day)
{
    PGconn *owner = plain(scratch.owner_url);

    cr_assert_str_eq(commit_refusal(owner, RECORD("H05.30", "renamed", "2026-11-01",
                                                  "'{\"name\":\"Công an mới\"}'")),
                     "");
    cr_expect_str_eq(
        value(owner, "SELECT capdo.organisation_name_on(" ID("H05.30") ", '2026-10-31')"),
        "Công an tỉnh Bắc Ninh");
    cr_expect_str_eq(
        value(owner, "SELECT capdo.organisation_name_on(" ID("H05.30") ", '2026-11-01')"),
        "Công an mới");
    cr_expect_str_eq(
        value(owner, "SELECT capdo.organisation_name_on(" ID("H05.30") ", '1990-01-01')"),
        "Công an tỉnh Bắc Ninh");
    PQfinish(owner);
}

/* Nothing new begins at a body that has ended. */
Test(organisation, an_ended_body_gets_no_system)
{
    PGconn *staff = acting("staff");

    cr_expect_str_eq(
        refusal(
            staff,
            "INSERT INTO capdo.system (id, name, governing_id, operator_id, ruleset, created_by, updated_by)"
            " VALUES (gen_random_uuid(), 'x', " ID("H02") ", " ID(
                "H05.11") ", 'vn-331-2026',"
                          " capdo.ctx_account(), capdo.ctx_account())"),
        "23000 system_bodies_active");
    PQfinish(staff);
}

/* A catalogue is loaded whole or not at all, and again without effect. */
Test(organisation, a_catalogue_loads_once)
{
    struct db *owner = owner_open();
    PGconn *pg = plain(scratch.owner_url);
    struct organisation_load_report report;
    struct organisation_loaded rows[] = {
        {"01a00000-0000-7000-8000-000000000001", "24", "statistics",
         "Ủy ban nhân dân tỉnh Bắc Ninh", "people_committee", "", "2025-07-01", "19/2025/QĐ-TTg"},
        {"01a00000-0000-7000-8000-000000000002", "09187", "statistics",
         "Ủy ban nhân dân phường thử nghiệm", "commune", "24", "2025-07-01", "19/2025/QĐ-TTg"},
        {"01a00000-0000-7000-8000-000000000003", "09190", "statistics",
         "Ủy ban nhân dân phường khác", "commune", "25", "2025-07-01", "19/2025/QĐ-TTg"},
    };

    cr_expect_eq(organisation_load(owner, rows, 3, &report), FAULT_INVALID);
    cr_expect_not_null(strstr(report.message, "09190"), "%s", report.message);
    cr_expect_eq(number(pg, "SELECT count(*) FROM capdo.organisation_code WHERE code = '09187'"),
                 0);
    cr_expect_eq(organisation_load(owner, rows, 2, &report), FAULT_NONE, "%s", report.message);
    cr_expect_eq(report.created, 1);
    cr_expect_eq(report.unchanged, 1, "the province has the code already");
    cr_expect_eq(organisation_load(owner, rows, 2, &report), FAULT_NONE);
    cr_expect_eq(report.unchanged, 2);
    cr_expect_eq(number(pg, "SELECT count(*) FROM capdo.organisation WHERE parent_id = " ID(
                                "H05") " AND code = '09187'"),
                 1);
    db_close(owner);
    PQfinish(pg);
}
