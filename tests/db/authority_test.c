/* Assignments, delegations and independence hold in the database itself, as the server's role. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

static void without_delegations(void);

TestSuite(authority, .init = without_delegations, .fini = scratch_close, .timeout = 60);

#define NO_CLASS "23000 "
#define UNIT(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
#define ACCOUNT(name) "(SELECT id FROM capdo.account WHERE username = '" name "')"
#define POLICE UNIT("H05.30")
#define PROVINCE_BODY UNIT("H05")
#define HEALTH UNIT("H05.11")
#define HOME UNIT("H05.02")

static const char *const SUBMITTED = "Phần mềm quản lý trang thiết bị y tế";
static const char *const APPRAISED_2 = "Phần mềm quản lý hồ sơ thi đua, khen thưởng";
static const char *const APPRAISED_3 = "Hệ thống cấp giấy phép hành nghề y, dược";

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

/* The province of the demo, whose delegation is over. */
static void without_delegations(void)
{
    use_province();
    as_owner("UPDATE capdo.delegation SET valid_to = valid_from");
}

static const char *asked(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *found = value(owner, text);

    PQfinish(owner);
    return found;
}

static const char *system_of(const char *name)
{
    return asked(text_of("SELECT id FROM capdo.system WHERE name = '%s'", name));
}

static const char *dossier_of(const char *system)
{
    const char *id = asked(text_of("SELECT dossier_id FROM capdo.dossier_system WHERE open AND"
                                   " system_id = '%s'",
                                   system_of(system)));

    cr_assert_str_neq(id, "", "%s", system);
    return id;
}

static void member(const char *account, const char *unit, const char *role)
{
    as_owner(text_of("INSERT INTO capdo.membership (id, account_id, organisation_id, role,"
                     " valid_from) VALUES (gen_random_uuid(), %s, %s, '%s', '2016-07-01')",
                     account, unit, role));
}

/* The police operate the system beside its lead operator. */
static void police_operates(const char *system)
{
    as_owner(text_of("INSERT INTO capdo.system_unit (system_id, organisation_id) VALUES ('%s', %s)",
                     system_of(system), POLICE));
}

static const char *receive(const char *dossier)
{
    return text_of("UPDATE capdo.dossier SET state = 'received', received_by = capdo.ctx_account(),"
                   " version = version + 1 WHERE id = '%s'",
                   dossier);
}

static const char *appraise(const char *dossier)
{
    return text_of("UPDATE capdo.dossier SET state = 'appraised', conclusion = 'suitable',"
                   " appraised_by = capdo.ctx_account(), version = version + 1 WHERE id = '%s'",
                   dossier);
}

static const char *opine(const char *dossier)
{
    return text_of(
        "INSERT INTO capdo.opinion (id, dossier_id, submission, conclusion, method, appraiser_id,"
        " appraiser_name) VALUES (gen_random_uuid(), '%s', 1, 'suitable', 'written',"
        " capdo.ctx_account(), 'x')",
        dossier);
}

static const char *decide(const char *dossier, const char *unit, const char *delegation,
                          const char *day)
{
    return text_of(
        "INSERT INTO capdo.decision (id, dossier_id, outcome, number, decided_on,"
        " organisation_id, signer_id, signer_name, capacity, reason, delegation_id, snapshot_sha256)"
        " VALUES (gen_random_uuid(), '%s', 'refused', '9999/QĐ', %s, %s, capdo.ctx_account(), 'x',"
        " 'x', 'x', %s, '\\x00')",
        dossier, day, unit, delegation);
}

static const char *assign(const char *more_columns, const char *more_values, const char *from,
                          const char *to)
{
    return text_of("INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id,"
                   " document_number, valid_from, valid_to, created_by%s) VALUES"
                   " (gen_random_uuid(), %s, %s, '7/QĐ', %s, %s, %s%s)",
                   more_columns, PROVINCE_BODY, HEALTH, from, to, ACCOUNT("admin"), more_values);
}

static const char *delegate(const char *unit, const char *levels, const char *from, const char *to)
{
    return text_of(
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope,"
        " document_number, valid_from, valid_to, term_to, created_by) VALUES"
        " ('00000000-0000-7000-8000-00000000000d', %s, %s, '%s', '{}',"
        " 'Phê duyệt', '8/QĐ', %s, %s, %s, %s)",
        PROVINCE_BODY, unit, levels, from, to, to, ACCOUNT("admin"));
}

#define DELEGATION "'00000000-0000-7000-8000-00000000000d'"
#define TODAY "capdo.today()"

/* ---- independence ---- */

Test(authority, whoever_operates_does_not_appraise)
{
    const char *dossier = dossier_of(SUBMITTED);
    PGconn *pg = acting("appraiser");

    cr_assert_str_eq(refusal(pg, receive(dossier)), "", "control");
    cr_assert_str_eq(refusal(pg, opine(dossier)), "", "control");
    PQfinish(pg);

    police_operates(SUBMITTED);
    pg = acting("appraiser");
    cr_assert_str_eq(refusal(pg, receive(dossier)), NO_CLASS "appraiser_independent");
    cr_assert_str_eq(refusal(pg, opine(dossier)), NO_CLASS "appraiser_independent");
    cr_assert_str_eq(
        refusal(pg,
                text_of("UPDATE capdo.dossier SET state = 'returned' WHERE id = '%s'", dossier)),
        NO_CLASS "appraiser_independent");
    cr_assert_eq(number(pg, text_of("SELECT count(*) FROM capdo.dossier WHERE id = '%s'", dossier)),
                 1, "it is still seen");
    PQfinish(pg);

    as_owner(receive(dossier));
    as_owner(text_of("UPDATE capdo.dossier SET received_by = NULL WHERE id = '%s'", dossier));
    pg = acting("appraiser");
    cr_assert_str_eq(refusal(pg, appraise(dossier)), NO_CLASS "appraiser_independent");
    PQfinish(pg);

    /* Taking the unit out of the list afterwards does not help. */
    as_owner(text_of("DELETE FROM capdo.system_unit WHERE organisation_id = %s", POLICE));
    pg = acting("appraiser");
    cr_assert_str_eq(refusal(pg, appraise(dossier)), NO_CLASS "appraiser_independent");
    PQfinish(pg);
}

/* The rule changes the appraiser, not the approver. */
Test(authority, the_approver_is_the_same_when_the_unit_operates)
{
    const char *dossier = dossier_of(APPRAISED_2);

    police_operates(APPRAISED_2);
    PGconn *pg = acting("director");
    cr_assert_str_eq(refusal(pg, decide(dossier, POLICE, "NULL", TODAY)), "");
    PQfinish(pg);
}

Test(authority, another_unit_appraises_while_its_assignment_is_in_force)
{
    const char *dossier = dossier_of(SUBMITTED);
    const char *own = "SELECT count(*) FROM capdo.dossier WHERE operator_id <> " HOME;
    const char *systems = "SELECT count(*) FROM capdo.system WHERE operator_id <> " HOME;

    member(ACCOUNT("staff2"), HOME, "appraiser");
    PGconn *pg = acting("staff2");
    cr_assert_eq(number(pg, own), 0);
    cr_assert_str_eq(refusal(pg, opine(dossier)), NO_CLASS "dossier_step_by_its_party");
    PQfinish(pg);

    const char *target = text_of(", '%s', " HOME, system_of(SUBMITTED));
    as_owner(assign(", system_id, unit_id", target, TODAY " - 1", TODAY));
    pg = acting("staff2");
    cr_assert_eq(number(pg, own), 1, "the dossier and no other");
    cr_assert_eq(number(pg, systems), 1);
    cr_assert_str_eq(refusal(pg, receive(dossier)), NO_CLASS "dossier_step_by_its_party",
                     "the specialised unit is independent");
    PQfinish(pg);

    police_operates(SUBMITTED);
    pg = acting("staff2");
    cr_assert_str_eq(refusal(pg, receive(dossier)), "");
    cr_assert_str_eq(refusal(pg, opine(dossier)), "");
    PQfinish(pg);

    as_owner(
        "UPDATE capdo.appraisal_assignment SET valid_to = capdo.today() - 1 WHERE document_number = '7/QĐ'");
    pg = acting("staff2");
    cr_assert_eq(number(pg, own), 0, "it ended yesterday");
    cr_assert_eq(number(pg, systems), 0);
    cr_assert_str_eq(refusal(pg, opine(dossier)), NO_CLASS "dossier_step_by_its_party");
    PQfinish(pg);

    as_owner(
        "UPDATE capdo.appraisal_assignment SET valid_from = capdo.today() + 1, valid_to = NULL WHERE document_number = '7/QĐ'");
    pg = acting("staff2");
    cr_assert_eq(number(pg, own), 0, "it begins tomorrow");
    PQfinish(pg);
}

Test(authority, the_assigned_unit_is_independent_too)
{
    const char *dossier = dossier_of(SUBMITTED);

    member(ACCOUNT("staff2"), HOME, "appraiser");
    as_owner(assign(", unit_id", ", " HOME, TODAY, "NULL"));
    police_operates(SUBMITTED);
    as_owner(text_of("INSERT INTO capdo.system_unit (system_id, organisation_id) VALUES ('%s', %s)",
                     system_of(SUBMITTED), HOME));
    PGconn *pg = acting("staff2");
    cr_assert_str_eq(refusal(pg, receive(dossier)), NO_CLASS "appraiser_independent");
    PQfinish(pg);
}

#define NEW_COUNCIL "'00000000-0000-7000-8000-00000000000c'"

static const char *council(const char *members)
{
    return text_of("INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id,"
                   " council_name, document_number, valid_from, created_by) VALUES (" NEW_COUNCIL
                   ", %s, %s, 'Hội đồng', '7/QĐ', capdo.today(), capdo.ctx_account());"
                   "INSERT INTO capdo.council_member (assignment_id, account_id, name, is_chair)"
                   " SELECT " NEW_COUNCIL ", a.id, '', a.chair FROM (VALUES %s) a (id, chair);"
                   "SET CONSTRAINTS ALL IMMEDIATE",
                   PROVINCE_BODY, HEALTH, members);
}

Test(authority, a_council_has_a_chair_and_independent_members)
{
    PGconn *admin = acting("admin");
    const char *staff2 = "(" ACCOUNT("staff2") ", true)";
    const char *other = "(" ACCOUNT("staff.h05.03") ", false)";

    cr_assert_str_eq(refusal(admin, council(staff2)), NO_CLASS "council_has_chair");
    cr_assert_str_eq(refusal(admin, council("(" ACCOUNT("staff2") ", false), (" ACCOUNT(
                                        "staff.h05.03") ", false)")),
                     NO_CLASS "council_has_chair");
    cr_assert_str_eq(refusal(admin, council("(" ACCOUNT("staff2") ", true), (" ACCOUNT(
                                        "staff.h05.03") ", true)")),
                     "23505 council_one_chair");
    cr_assert_str_eq(refusal(admin, council(text_of("%s, (" ACCOUNT("staff") ", false)", staff2))),
                     NO_CLASS "council_member_independent");
    cr_assert_str_eq(refusal(admin, council(text_of("%s, (" ACCOUNT("office") ", false)", staff2))),
                     NO_CLASS "council_member_can_act");
    cr_assert_str_eq(refusal(admin, council(text_of("%s, %s", staff2, other))), "", "control");
    sql(admin, council(text_of("%s, %s", staff2, other)));
    sql(admin, "COMMIT");
    PQfinish(admin);

    admin = acting("admin");
    cr_assert_str_eq(
        refusal(admin, "INSERT INTO capdo.council_member (assignment_id, account_id, name) VALUES"
                       " (" NEW_COUNCIL ", " ACCOUNT("chairman") ", '')"),
        NO_CLASS "council_frozen");
    cr_assert_str_eq(
        asked(
            "SELECT name FROM capdo.council_member WHERE is_chair AND assignment_id = " NEW_COUNCIL),
        asked("SELECT display_name FROM capdo.account WHERE username = 'staff2'"));
    PQfinish(admin);

    const char *dossier = dossier_of(SUBMITTED);
    police_operates(SUBMITTED);
    PGconn *pg = acting("staff.h05.03");
    cr_assert_str_eq(refusal(pg, receive(dossier)), "");
    PQfinish(pg);
    /* A member who came to work where the system is operated. */
    member(ACCOUNT("staff.h05.03"), HEALTH, "appraiser");
    pg = acting("staff.h05.03");
    cr_assert_str_eq(refusal(pg, receive(dossier)), NO_CLASS "appraiser_independent");
    PQfinish(pg);
    pg = acting("staff2");
    cr_assert_str_eq(refusal(pg, receive(dossier)), "", "the others go on");
    PQfinish(pg);
}

/* ---- delegation ---- */

Test(authority, a_delegate_decides_within_level_and_term)
{
    const char *third = dossier_of(APPRAISED_3);
    const char *foreign = "SELECT count(*) FROM capdo.dossier WHERE operator_id <> " HOME;

    member(ACCOUNT("staff2"), HOME, "director");
    as_owner(delegate(HOME, "{3}", TODAY " - 5", TODAY " + 5"));
    PGconn *pg = acting("staff2");
    cr_assert_eq(number(pg, foreign),
                 atol(asked("SELECT count(*) FROM capdo.dossier WHERE submissions > 0 AND level = 3"
                            " AND approve_party = 'governing_body' AND operator_id <> " HOME
                            " AND governing_id = " PROVINCE_BODY
                            " AND state NOT IN ('approved', 'refused', 'withdrawn')")));
    cr_assert_gt(number(pg, foreign), 0);
    cr_assert_str_eq(refusal(pg, decide(third, HOME, DELEGATION, TODAY)), "", "control");
    cr_assert_str_eq(refusal(pg, decide(third, HOME, DELEGATION, TODAY " - 5")), "", "first day");
    cr_assert_str_eq(refusal(pg, decide(third, HOME, DELEGATION, TODAY " - 6")),
                     NO_CLASS "decision_by_its_party", "before the term");
    cr_assert_str_eq(refusal(pg, decide(third, HOME, "NULL", TODAY)),
                     NO_CLASS "decision_by_its_party", "without naming it");
    cr_assert_str_eq(refusal(pg, decide(third, PROVINCE_BODY, DELEGATION, TODAY)),
                     NO_CLASS "decision_by_its_party", "as the body itself");
    PQfinish(pg);
    as_owner("UPDATE capdo.delegation SET levels = '{2,4}' WHERE id = " DELEGATION);
    pg = acting("staff2");
    cr_assert_str_eq(refusal(pg, decide(third, HOME, DELEGATION, TODAY)),
                     NO_CLASS "decision_by_its_party", "another level");
    PQfinish(pg);
    as_owner("UPDATE capdo.delegation SET levels = '{3}' WHERE id = " DELEGATION);
    /* Staff of the delegate do not sign. */
    pg = acting("staff.h05.03");
    member(ACCOUNT("staff.h05.03"), HOME, "appraiser");
    cr_assert_str_eq(refusal(pg, decide(third, HOME, DELEGATION, TODAY)),
                     NO_CLASS "decision_by_its_party");
    PQfinish(pg);
    /* The chairman still does, for the body and without it. */
    pg = acting("chairman");
    cr_assert_str_eq(refusal(pg, decide(third, PROVINCE_BODY, DELEGATION, TODAY)),
                     NO_CLASS "decision_by_its_party");
    cr_assert_str_eq(refusal(pg, decide(third, PROVINCE_BODY, "NULL", TODAY)), "");
    PQfinish(pg);

    as_owner("UPDATE capdo.delegation SET valid_to = capdo.today() - 1 WHERE id = " DELEGATION);
    pg = acting("staff2");
    cr_assert_eq(number(pg, foreign), 0, "the term is over");
    PQfinish(pg);
}

/* ---- recording and ending ---- */

Test(authority, administrators_record_and_nobody_else)
{
    static const char *const people[] = {"staff", "appraiser", "director", "chairman", "office"};
    const char *record = delegate(HOME, "{3}", TODAY, TODAY " + 5");

    for (size_t i = 0; i < COUNT_OF(people); i++) {
        PGconn *pg = acting(people[i]);
        cr_assert_str_eq(refusal(pg, record), "42501", "%s", people[i]);
        PQfinish(pg);
    }
    PGconn *pg = acting("admin");
    cr_assert_str_eq(refusal(pg, text_of("%s", record)), "", "control");
    PQfinish(pg);
}

Test(authority, records_keep_to_the_law)
{
    PGconn *pg = acting("admin");

    cr_assert_str_eq(refusal(pg, delegate(UNIT("H05.40"), "{3}", TODAY, TODAY " + 5")),
                     NO_CLASS "delegation_to_subordinate");
    cr_assert_str_eq(refusal(pg, delegate(HOME, "{}", TODAY, TODAY)), "23514 delegation_levels");
    cr_assert_str_eq(refusal(pg, delegate(HOME, "{6}", TODAY, TODAY)), "23514 delegation_levels");
    cr_assert_str_eq(refusal(pg, delegate(HOME, "{3}", TODAY, TODAY " - 1")),
                     "23514 delegation_dates");
    cr_assert_str_eq(refusal(pg, delegate(HOME, "{3}", TODAY, "NULL")), "23502",
                     "the law wants a term");
    sql(pg, delegate(HOME, "{3}", TODAY, TODAY " + 5"));
    const char *again =
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels,"
        " scope, document_number, valid_from, valid_to, term_to, created_by) SELECT"
        " gen_random_uuid(), governing_id, %s, %s, plan_levels, scope, document_number,"
        " %s, %s, %s, created_by FROM capdo.delegation WHERE id = " DELEGATION;
    cr_assert_str_eq(
        refusal(pg, text_of(again, HEALTH, "levels", TODAY " + 5", TODAY " + 9", TODAY " + 9")),
        NO_CLASS "delegation_one", "one delegate at a time");
    cr_assert_str_eq(
        refusal(pg, text_of(again, HEALTH, "levels", TODAY " + 6", TODAY " + 9", TODAY " + 9")), "",
        "one after the other");
    cr_assert_str_eq(refusal(pg, text_of(again, HEALTH, "'{4}'", TODAY, TODAY, TODAY)), "",
                     "for another level");
    cr_assert_str_eq(refusal(pg, "INSERT INTO capdo.specialised_unit (id, unit_id, governing_id,"
                                 " document_number, valid_from, created_by) VALUES"
                                 " (gen_random_uuid(), " HOME ", " PROVINCE_BODY
                                 ", '9/QĐ', capdo.today(), capdo.ctx_account())"),
                     NO_CLASS "specialised_unit_one");
    cr_assert_str_eq(refusal(pg, assign(", unit_id", ", " HEALTH, TODAY, "NULL")),
                     "23514 appraisal_assignment_independent");
    cr_assert_str_eq(refusal(pg, assign(", unit_id", ", " UNIT("H05.40"), TODAY, "NULL")),
                     NO_CLASS "appraisal_assignment_subordinate");
    cr_assert_str_eq(
        refusal(pg, assign(", unit_id, system_id",
                           text_of(", " HOME ", '%s'", system_of(APPRAISED_2)), TODAY, "NULL")),
        NO_CLASS "appraisal_assignment_target", "a system of somebody else");
    cr_assert_str_eq(refusal(pg, assign(", unit_id", ", " HOME, TODAY, "NULL")), "", "control");
    PQfinish(pg);
}

static const char *end(const char *table, const char *day, const char *document)
{
    return text_of("UPDATE capdo.%s SET valid_to = %s, ended_document = '%s', ended_by ="
                   " capdo.ctx_account(), version = version + 1 WHERE id = " DELEGATION,
                   table, day, document);
}

Test(authority, records_end_and_are_kept)
{
    const char *third = dossier_of(APPRAISED_3);

    member(ACCOUNT("staff2"), HOME, "director");
    as_owner(delegate(HOME, "{3}", TODAY " - 9", TODAY " + 5"));
    PGconn *pg = acting("staff2");
    sql(pg, decide(third, HOME, DELEGATION, TODAY " - 2"));
    sql(pg, text_of("UPDATE capdo.dossier SET state = 'refused', decided_by = capdo.ctx_account(),"
                    " decided_at = now() WHERE id = '%s'",
                    third));
    sql(pg, "COMMIT");
    PQfinish(pg);

    pg = acting("admin");
    cr_assert_str_eq(refusal(pg, end("delegation", TODAY " - 3", "10/QĐ")),
                     NO_CLASS "authority_used_later");
    cr_assert_str_eq(refusal(pg, end("delegation", TODAY " + 6", "10/QĐ")),
                     NO_CLASS "authority_only_ends");
    cr_assert_str_eq(refusal(pg, end("delegation", TODAY, "")), NO_CLASS "authority_only_ends");
    cr_assert_str_eq(refusal(pg, end("delegation", TODAY, " ")),
                     "23514 delegation_document_written");
    sql(pg, end("delegation", TODAY " - 2", "10/QĐ"));
    cr_assert_str_eq(refusal(pg, end("delegation", TODAY " - 2", "11/QĐ")),
                     NO_CLASS "authority_ended_once");
    sql(pg, "COMMIT");
    PQfinish(pg);

    PGconn *owner = plain(scratch.owner_url);
    sql(owner, "BEGIN");
    cr_assert_str_eq(refusal(owner, "DELETE FROM capdo.delegation"), NO_CLASS "append_only");
    cr_assert_str_eq(refusal(owner, "DELETE FROM capdo.specialised_unit"), NO_CLASS "append_only");
    cr_assert_str_eq(refusal(owner, "TRUNCATE capdo.appraisal_assignment CASCADE"),
                     NO_CLASS "append_only");
    PQfinish(owner);
}

Test(authority, a_specialised_unit_is_not_ended_before_its_last_act)
{
    PGconn *pg = acting("admin");
    const char *end_unit = "UPDATE capdo.specialised_unit SET valid_to = %s, ended_document ="
                           " '10/QĐ', ended_by = capdo.ctx_account() WHERE unit_id = " POLICE;

    cr_assert_str_eq(refusal(pg, text_of(end_unit, "'2025-03-02'")),
                     NO_CLASS "authority_used_later");
    cr_assert_str_eq(refusal(pg, text_of(end_unit, TODAY)), "", "control");
    PQfinish(pg);
}

/* Who sees a dossier by a record sees it the same way through the function of GET authority. */
Test(authority, the_records_of_a_dossier_are_for_those_who_see_it)
{
    const char *dossier = dossier_of(SUBMITTED);
    const char *ask =
        text_of("SELECT count(*) FROM capdo.dossier_authority('%s', capdo.today())", dossier);
    PGconn *pg = acting("appraiser");
    cr_assert_gt(number(pg, ask), 1);
    PQfinish(pg);
    pg = acting("staff2");
    cr_assert_eq(number(pg, ask), 0);
    PQfinish(pg);
    pg = acting(NULL);
    cr_assert_eq(number(pg, ask), 0);
    PQfinish(pg);
}
