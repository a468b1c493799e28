/* Who sees and writes what, as the server's role, whatever SQL it sends (issue line 8). */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

TestSuite(isolation, .init = use_province, .fini = scratch_close, .timeout = 60);

static const char *const tables[] = {
    "organisation",  "account",        "membership",      "specialised_unit",
    "system",        "system_unit",    "system_relation", "system_version",
    "dossier",       "dossier_system", "dossier_item",    "dossier_submission",
    "dossier_event", "opinion",        "decision",        "label",
    "label_event",   "idempotency",    "delegation",      "appraisal_assignment",
    "council_member"};

#define UNIT(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
#define HEALTH UNIT("H05.11")
/* The province and the one it took over. */
#define PROVINCE_BODY "ANY (ARRAY(SELECT id FROM capdo.organisation WHERE code IN ('H05', 'H02')))"

/* What the owner counts with a condition is exactly what the account sees. */
static void sees(const char *username, const char *table, const char *condition)
{
    PGconn *owner = plain(scratch.owner_url);
    PGconn *pg = acting(username);
    const char *ids =
        "SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM capdo.%s %s %s";
    const char *wanted =
        value(owner, text_of("SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '')"
                             " FROM capdo.%s WHERE %s",
                             table, condition));
    const char *seen =
        value(pg, text_of("SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '')"
                          " FROM capdo.%s",
                          table));

    (void)ids;
    cr_assert_str_eq(seen, wanted, "%s sees other rows of %s", username, table);
    PQfinish(owner);
    PQfinish(pg);
}

Test(isolation, nobody_sees_nothing)
{
    PGconn *pg = acting(NULL);

    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        const char *count = strcmp(tables[i], "account") == 0 ? "count(id)" : "count(*)";
        cr_assert_eq(number(pg, text_of("SELECT %s FROM capdo.%s", count, tables[i])), 0, "%s",
                     tables[i]);
    }
    /* Control: the same connection sees rows once someone acts. */
    sign_in("office");
    sql(pg, "SELECT capdo.begin_as(sha256('office'), 1800)");
    cr_assert_gt(number(pg, "SELECT count(*) FROM capdo.system"), 100);
    sql(pg, "COMMIT; BEGIN");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), 0,
                 "the context ends with COMMIT");
    PQfinish(pg);
}

Test(isolation, staff_see_their_own_unit)
{
    sees("staff", "system", "operator_id = " HEALTH);
    sees("staff", "dossier", "operator_id = " HEALTH);
    sees("staff", "label", "operator_id = " HEALTH);
    sees("staff", "dossier_event",
         "dossier_id IN (SELECT id FROM capdo.dossier WHERE operator_id = " HEALTH ")");
    sees("staff", "decision",
         "dossier_id IN (SELECT id FROM capdo.dossier WHERE operator_id = " HEALTH ")");
}

Test(isolation, the_specialised_unit_sees_what_its_body_received)
{
    static const char *const people[] = {"appraiser", "director"};

    for (int i = 0; i < 2; i++) {
        sees(people[i], "system", "received AND governing_id = " PROVINCE_BODY);
        sees(people[i], "dossier", "submissions > 0 AND governing_id = " PROVINCE_BODY);
        sees(people[i], "opinion",
             "dossier_id IN (SELECT id FROM capdo.dossier WHERE submissions > 0"
             " AND governing_id = " PROVINCE_BODY ")");
    }
}

Test(isolation, the_chairman_sees_everything_of_the_body)
{
    sees("chairman", "system", "governing_id = " PROVINCE_BODY);
    sees("chairman", "dossier", "governing_id = " PROVINCE_BODY);
    sees("chairman", "label", "governing_id = " PROVINCE_BODY);
}

Test(isolation, a_successor_sees_what_the_merged_body_decided)
{
    PGconn *pg = acting("chairman");
    const char *count =
        "SELECT count(*) FROM capdo.decision x JOIN capdo.dossier d ON d.id = x.dossier_id"
        " WHERE d.governing_id = " UNIT("H02");

    cr_assert_gt(number(pg, count), 0);
    sql(pg, "ROLLBACK");
    PGconn *owner = plain(scratch.owner_url);
    /* Control: only by switching its history off does a body lose its successor. */
    sql(owner, "ALTER TABLE capdo.organisation DISABLE TRIGGER organisation_matches_history");
    sql(owner, "UPDATE capdo.organisation SET successor_id = NULL WHERE code = 'H02'");
    sql(pg, "BEGIN; SELECT capdo.begin_as(sha256('chairman'), 1800)");
    cr_assert_eq(number(pg, count), 0);
    PQfinish(owner);
    PQfinish(pg);
}

Test(isolation, the_office_sees_everything)
{
    sees("office", "system", "true");
    sees("office", "dossier", "true");
    sees("office", "label", "true");
    sees("office", "decision", "true");
}

Test(isolation, the_administrator_sees_accounts_but_no_dossiers)
{
    sees("admin", "system", "false");
    sees("admin", "dossier", "false");
    sees("admin", "decision", "false");
    sees("admin", "label", "false");
    sees("admin", "account", "true");
    sees("admin", "membership", "true");
    sees("admin", "organisation", "true");
    sees("staff", "account", "username = 'staff'"); /* control */
}

Test(isolation, rights_follow_memberships_at_once)
{
    PGconn *owner = plain(scratch.owner_url);

    sign_in("staff");
    sql(owner, "UPDATE capdo.membership SET valid_to = capdo.today() - 1 WHERE account_id ="
               " (SELECT id FROM capdo.account WHERE username = 'staff')");
    sees("staff", "system", "false");
    sql(owner, "UPDATE capdo.membership SET valid_to = NULL, role = 'office' WHERE account_id ="
               " (SELECT id FROM capdo.account WHERE username = 'staff')");
    sees("staff", "system", "true");
    PQfinish(owner);
}

Test(isolation, foreign_rows_cannot_be_written)
{
    PGconn *pg = acting("staff2");
    PGconn *owner = plain(scratch.owner_url);
    const char *foreign =
        value(owner, "SELECT id FROM capdo.system WHERE operator_id = " HEALTH " LIMIT 1");
    const char *mine = value(pg, "SELECT id FROM capdo.system LIMIT 1");

    cr_assert_eq(number(pg, text_of("WITH u AS (UPDATE capdo.system SET name = 'x' WHERE id = '%s'"
                                    " RETURNING 1) SELECT count(*) FROM u",
                                    foreign)),
                 0);
    cr_assert_eq(
        number(pg, text_of("WITH u AS (UPDATE capdo.system SET purpose = 'x' WHERE id = '%s'"
                           " RETURNING 1) SELECT count(*) FROM u",
                           mine)),
        1, "control");
    const char *insert =
        "INSERT INTO capdo.system (id, name, governing_id, operator_id, ruleset,"
        " created_by, updated_by) SELECT gen_random_uuid(), 'x', governing_id, %s,"
        " ruleset, capdo.ctx_account(), capdo.ctx_account() FROM capdo.system LIMIT 1";
    cr_assert_eq(strncmp(insert, "INSERT", 6), 0);
    cr_assert_str_eq(
        refusal(pg, text_of("INSERT INTO capdo.system (id, name, governing_id,"
                            " operator_id, ruleset, created_by, updated_by) SELECT"
                            " gen_random_uuid(), 'x', governing_id, " HEALTH ", ruleset,"
                            " capdo.ctx_account(), capdo.ctx_account() FROM capdo.system"
                            " LIMIT 1")),
        "42501");
    cr_assert_str_eq(refusal(pg, "INSERT INTO capdo.system (id, name, governing_id, operator_id,"
                                 " ruleset, created_by, updated_by) SELECT gen_random_uuid(), 'x',"
                                 " governing_id, operator_id, ruleset, capdo.ctx_account(),"
                                 " capdo.ctx_account() FROM capdo.system LIMIT 1"),
                     "", "control");
    cr_assert_str_eq(
        refusal(pg, text_of("INSERT INTO capdo.system_unit (system_id, organisation_id)"
                            " VALUES ('%s', " HEALTH ")",
                            foreign)),
        "42501");
    PQfinish(owner);
    PQfinish(pg);
}

Test(isolation, readers_cannot_write)
{
    static const char *const people[] = {"office", "chairman", "director", "appraiser", "admin"};

    for (size_t i = 0; i < COUNT_OF(people); i++) {
        PGconn *pg = acting(people[i]);
        cr_assert_eq(number(pg, "WITH u AS (UPDATE capdo.system SET name = 'x' RETURNING 1)"
                                " SELECT count(*) FROM u"),
                     0, "%s", people[i]);
        PQfinish(pg);
    }
}

static const char *const ungranted[] = {
    "UPDATE capdo.system SET approved_level = 1",
    "UPDATE capdo.system SET approval_status = 'approved'",
    "UPDATE capdo.system SET received = true",
    "UPDATE capdo.system SET decision_id = NULL",
    "UPDATE capdo.system SET operator_id = operator_id",
    "UPDATE capdo.system SET code = code",
    "UPDATE capdo.dossier SET prepared_by = prepared_by",
    "UPDATE capdo.dossier SET operator_id = operator_id",
    "UPDATE capdo.dossier_system SET open = false",
    "UPDATE capdo.decision SET number = 'x'",
    "UPDATE capdo.opinion SET reasons = 'x'",
    "UPDATE capdo.dossier_event SET reason = 'x'",
    "UPDATE capdo.dossier_submission SET snapshot = '{}'",
    "DELETE FROM capdo.system",
    "DELETE FROM capdo.dossier",
    "DELETE FROM capdo.decision",
    "DELETE FROM capdo.account",
    "TRUNCATE capdo.dossier_event",
    "SELECT password_hash FROM capdo.account",
    "SELECT * FROM capdo.session",
    "INSERT INTO capdo.membership SELECT * FROM capdo.membership",
    "UPDATE capdo.account SET password_hash = 'x'",
    "INSERT INTO capdo.system_version SELECT * FROM capdo.system_version",
    "UPDATE capdo.specialised_unit SET unit_id = unit_id",
    "UPDATE capdo.delegation SET levels = '{1,2,3,4,5}'",
    "UPDATE capdo.delegation SET term_to = term_to",
    "UPDATE capdo.appraisal_assignment SET unit_id = unit_id",
    "UPDATE capdo.council_member SET is_chair = true",
    "UPDATE capdo.dossier SET operating = '{}'",
    "UPDATE capdo.dossier SET entrusted = '{}'",
    "UPDATE capdo.system SET entrusted = ''",
    "DELETE FROM capdo.delegation",
    "DELETE FROM capdo.specialised_unit",
    "DELETE FROM capdo.appraisal_assignment",
    "SELECT capdo.appraiser_obstacle(gen_random_uuid(), gen_random_uuid(), current_date)",
    "INSERT INTO capdo.dossier_transition VALUES ('draft', 'approved')",
    "UPDATE capdo.schema_migration SET checksum = ''",
    "CREATE TABLE capdo.mine (id integer)",
    "SET ROLE capdo_owner",
    "ALTER TABLE capdo.system DISABLE ROW LEVEL SECURITY",
};

Test(isolation, what_the_law_does_is_not_granted)
{
    PGconn *pg = acting("staff");

    for (size_t i = 0; i < COUNT_OF(ungranted); i++) {
        cr_assert_str_eq(refusal(pg, ungranted[i]), "42501", "%s", ungranted[i]);
    }
    PQfinish(pg);
}
