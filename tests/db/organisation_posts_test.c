/* What becomes of posts, specialised units and what was entrusted when a body ends: whose they are then, from
 * when and until when. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

TestSuite(organisation_posts, .init = use_province, .fini = scratch_close, .timeout = 60);

#define ID(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
#define WHO(name) "(SELECT id FROM capdo.account WHERE username = '" name "')"
/* days: from today on. */
#define DAY(days) "(capdo.today() + (" #days "))"
#define DISSOLVE(code, days, into)                                                         \
    "SELECT capdo.organisation_record(gen_random_uuid(), " ID(code) ", 'dissolved', " DAY( \
        days) ", '77/QĐ-UBND', '', jsonb_build_object('successor_id', " ID(into) "))"
#define ADD_BODY(code)                                                                             \
    "INSERT INTO capdo.organisation (id, code, name, kind, valid_from, parent_id) VALUES ("        \
    "gen_random_uuid(), '" code "', 'Ủy ban nhân dân " code "', 'people_committee', '2020-01-01'," \
    " NULL)"
#define GIVE(name, role, code, from, to)                                                          \
    "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from, valid_to,"  \
    " document_number) VALUES (gen_random_uuid(), " WHO(name) ", " ID(code) ", '" role "', " from \
                                                                            ", " to ", '1/QĐ')"
#define SERVE(unit, governing, from, to)                                                           \
    "INSERT INTO capdo.specialised_unit (id, unit_id, governing_id, document_number, valid_from,"  \
    " valid_to) VALUES (gen_random_uuid(), " ID(unit) ", " ID(governing) ", '2/QĐ', " from ", " to \
                                                                         ")"

/* "from..to" of each, in days from today; "-" without end. */
#define DAYS_OF(rows)                                                                          \
    "SELECT coalesce(string_agg((valid_from - capdo.today()) || '..' || coalesce((valid_to - " \
    "capdo.today())::text, '-'), ' ' ORDER BY valid_from, valid_to), '') FROM capdo." rows
#define POSTS(name, role, code)                                             \
    DAYS_OF("membership WHERE account_id = " WHO(name) " AND role = '" role \
                                                       "' AND organisation_id = " ID(code))
#define UNITS(unit, governing) \
    DAYS_OF("specialised_unit WHERE unit_id = " ID(unit) " AND governing_id = " ID(governing))

static PGconn *prepared(const char *const *texts)
{
    PGconn *owner = plain(scratch.owner_url);

    for (size_t i = 0; texts[i] != NULL; i++) {
        sql(owner, texts[i]);
    }
    return owner;
}

/* refusal() takes back what it tried. */
static void record(PGconn *admin, const char *text)
{
    cr_assert_str_eq(refusal(admin, text), "");
    sql(admin, text);
}

#define PREPARED(...) prepared((const char *const[]){__VA_ARGS__, NULL})

/* A role that was ended by an administrator ends with its body all the same, if that ended before. */
Test(organisation_posts, a_role_that_has_ended_does_not_stand_in_the_way)
{
    PQfinish(PREPARED(
        ADD_BODY("Z1"), ADD_BODY("Z2"), GIVE("staff2", "staff", "Z1", DAY(-90), "NULL"),
        "UPDATE capdo.membership SET valid_to = " DAY(-3) ", ended_at = now(), ended_by = " WHO(
            "admin") ", end_document_number = '5/QĐ' WHERE organisation_id = " ID("Z1")));
    PGconn *admin = acting("admin");

    /* To shorten it is not for an administrator, but follows the body. */
    cr_expect_str_eq(
        refusal(admin, "UPDATE capdo.membership SET valid_to = " DAY(-1) ", ended_by = " WHO(
                           "admin") " WHERE organisation_id = " ID("Z1")),
        "23000 membership_ended_once");
    record(admin, DISSOLVE("Z1", -10, "Z2"));
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z1")), "-90..-11");
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z2")), "-10..-3");
    cr_expect_str_eq(value(admin, "SELECT end_document_number FROM capdo.membership WHERE"
                                  " organisation_id = " ID("Z2")),
                     "5/QĐ");
    PQfinish(admin);
}

/* What has not begun on that day never held, and nothing holds in both bodies on one day. */
Test(organisation_posts, nothing_holds_in_the_body_that_ended_from_that_day)
{
    PGconn *owner = PREPARED(
        ADD_BODY("Z1"), ADD_BODY("Z2"), GIVE("staff2", "staff", "Z1", DAY(0), "NULL"),
        GIVE("staff", "staff", "Z1", DAY(40), "NULL"), SERVE("H05.08", "Z1", DAY(40), "NULL"),
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope,"
        " document_number, valid_from, valid_to, term_to, created_by) VALUES (gen_random_uuid(), " ID("Z1") ", " ID(
            "H05.03") ", '{1}', '{}', 'x', '9/UQ', " DAY(40) ", " DAY(80) ", " DAY(80) ", " WHO("admin") ")",
        "INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id, unit_id,"
        " document_number, valid_from, created_by) VALUES (gen_random_uuid(), " ID("Z1") ", " ID(
            "H05.03") ", " ID("H05.02") ", '8/PC', " DAY(40) ", " WHO("admin") ")");
    PGconn *admin = acting("admin");

    record(admin, DISSOLVE("Z1", 0, "Z2"));
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z1")), "0..-1");
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z2")), "0..-");
    cr_expect_str_eq(value(admin, POSTS("staff", "staff", "Z1")), "40..39");
    cr_expect_str_eq(value(admin, POSTS("staff", "staff", "Z2")), "40..-");
    cr_expect_str_eq(value(admin, UNITS("H05.08", "Z1")), "40..39");
    cr_expect_str_eq(value(admin, UNITS("H05.08", "Z2")), "40..-");
    cr_expect_str_eq(value(admin, DAYS_OF("delegation WHERE governing_id = " ID("Z1"))), "40..39");
    cr_expect_str_eq(value(admin, DAYS_OF("appraisal_assignment WHERE governing_id = " ID("Z1"))),
                     "40..39");

    /* Such a record stands in no other's way, and nobody records one so. */
    cr_expect_str_eq(
        value(admin, "SELECT string_agg(code, ' ') FROM capdo.assignment_problems("
                     "'specialised_unit', " ID("Z1") ", " ID("H05.08") ", NULL, NULL, NULL, " DAY(
                         30) ", " DAY(50) ") WHERE code = 'unit_in_force'"),
        "");
    cr_expect_str_eq(
        value(
            admin,
            "SELECT string_agg(code, ' ') FROM capdo.delegation_problems(" ID("Z1") ", " ID(
                "H05.03") ", '{1}', '{}', " DAY(30) ", " DAY(50) ")"
                                                                 " WHERE code = 'delegated_already'"),
        "");
    sql(admin, "COMMIT");
    sql(admin, "BEGIN");
    PQfinish(admin);
    PQfinish(owner);
}

/* Who works in both bodies gets what is missing, neither twice nor a gap. */
Test(organisation_posts, a_role_that_follows_fills_what_is_missing)
{
    PQfinish(PREPARED(ADD_BODY("Z1"), ADD_BODY("Z2"),
                      GIVE("staff", "staff", "Z1", DAY(-90), "NULL"),
                      GIVE("staff", "staff", "Z2", DAY(-50), DAY(30)),
                      GIVE("staff2", "staff", "Z1", DAY(-90), "NULL"),
                      GIVE("staff2", "staff", "Z2", DAY(20), "NULL")));
    PGconn *admin = acting("admin");

    record(admin, DISSOLVE("Z1", -10, "Z2"));
    cr_expect_str_eq(value(admin, POSTS("staff", "staff", "Z2")), "-50..30 31..-");
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z2")), "-10..19 20..-");
    PQfinish(admin);
}

/* A unit that comes after another follows after it; before the successor's own begins, the old one serves. */
Test(organisation_posts, specialised_units_follow_day_by_day)
{
    PQfinish(PREPARED(
        ADD_BODY("Z1"), ADD_BODY("Z2"), ADD_BODY("Z3"), SERVE("H05.08", "Z1", DAY(-90), DAY(40)),
        SERVE("H05.30", "Z1", DAY(41), "NULL"), SERVE("H05.03", "Z3", DAY(20), "NULL")));
    PGconn *admin = acting("admin");

    record(admin, DISSOLVE("Z1", -10, "Z2"));
    cr_expect_str_eq(value(admin, UNITS("H05.08", "Z2")), "-10..40");
    cr_expect_str_eq(value(admin, UNITS("H05.30", "Z2")), "41..-");

    record(admin, DISSOLVE("Z2", -5, "Z3"));
    cr_expect_str_eq(value(admin, UNITS("H05.08", "Z3")), "-5..19");
    cr_expect_str_eq(value(admin, UNITS("H05.30", "Z3")), "");
    cr_expect_str_eq(value(admin, UNITS("H05.03", "Z3")), "20..-");
    PQfinish(admin);
}

/* The only administrator stays one. What else the one who records it held there is for another to give. */
Test(organisation_posts, of_ones_own_posts_only_the_administrators_follows)
{
    PQfinish(PREPARED(
        ADD_BODY("Z1"), ADD_BODY("Z2"), GIVE("admin", "admin", "Z1", DAY(-90), "NULL"),
        GIVE("admin", "staff", "Z1", DAY(-90), "NULL"),
        GIVE("staff2", "staff", "Z1", DAY(-90), "NULL"),
        "UPDATE capdo.membership SET valid_to = " DAY(-1) ", ended_at = now() WHERE role = 'admin'"
                                                          " AND organisation_id <> " ID("Z1")));
    PGconn *admin = acting("admin");

    record(admin, DISSOLVE("Z1", -10, "Z2"));
    cr_expect_str_eq(value(admin, POSTS("admin", "admin", "Z1")), "-90..-11");
    cr_expect_str_eq(value(admin, POSTS("admin", "admin", "Z2")), "-10..-");
    cr_expect_str_eq(value(admin, POSTS("admin", "staff", "Z1")), "-90..-11");
    cr_expect_str_eq(value(admin, POSTS("admin", "staff", "Z2")), "");
    cr_expect_str_eq(value(admin, POSTS("staff2", "staff", "Z2")), "-10..-");
    cr_expect_eq(
        number(admin,
               "SELECT count(*) FROM capdo.membership WHERE organisation_id = " ID(
                   "Z1") " AND ended_by = " WHO("admin") " AND version = 2 AND"
                                                         " end_document_number = '77/QĐ-UBND'"),
        3);

    /* Without a successor the last one cannot go. */
    cr_expect_str_eq(refusal(admin, "SELECT capdo.organisation_record(gen_random_uuid(), " ID(
                                        "Z2") ", 'dissolved', " DAY(-5) ", '78/QĐ', '', '{}')"),
                     "23000 last_administrator");
    PQfinish(admin);
}
