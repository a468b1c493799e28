/* The security log in the database: every kind is accepted, nothing is changed or removed, everyone
 * sees their own part, and a search finds what reading finds. */
#include "db/security_log.h"

#include <criterion/criterion.h>
#include <string.h>

#include "db/security_list.h"
#include "db/support.h"

static struct arena arena;

static void setup(void)
{
    use_province();
    arena_init(&arena, 0);
}

TestSuite(security_log, .init = setup, .fini = scratch_close, .timeout = 60);

#define ID_OF(name) "(SELECT id FROM capdo.account WHERE username = '" name "')"

static void commit(struct db *db)
{
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE, "%s", db_last_error(db));
}

Test(security_log, takes_every_kind_and_outcome)
{
    struct db *db = runtime_open(DB_WORK);
    const struct db_request nobody = {.arena = &arena};

    cr_assert_eq(db_tx_begin(db, &nobody), FAULT_NONE);
    for (unsigned kind = 0; kind < SECURITY_KIND_COUNT; kind++) {
        for (unsigned outcome = 0; outcome < SECURITY_OUTCOME_COUNT; outcome++) {
            const struct security_event event = {.kind = (enum security_kind)kind,
                                                 .outcome = (enum security_outcome)outcome};
            cr_assert_eq(security_log_add(db, &event), FAULT_NONE, "%s: %s",
                         security_kind_code(event.kind), db_last_error(db));
        }
    }
    commit(db);
    db_close(db);

    PGconn *owner = plain(scratch.owner_url);
    cr_assert_eq(number(owner, "SELECT count(DISTINCT (kind, outcome)) FROM capdo.security_event"),
                 SECURITY_KIND_COUNT * SECURITY_OUTCOME_COUNT);
    PQfinish(owner);
}

Test(security_log, takes_one_that_waited_but_nothing_from_the_future_or_long_ago)
{
    struct db *db = runtime_open(DB_WORK);
    const struct db_request nobody = {.arena = &arena};
    static const char *const times[] = {"2999-01-01T00:00:00Z", "2001-01-01T00:00:00Z"};
    PGconn *owner = plain(scratch.owner_url);
    const char *hour_ago = value(owner, "SELECT to_char(now() - interval '1 hour', "
                                        "'YYYY-MM-DD\"T\"HH24:MI:SSOF')");
    const struct security_event event = {.kind = SECURITY_ACCESS_REFUSED,
                                         .outcome = SECURITY_REFUSED};

    cr_assert_eq(db_tx_begin(db, &nobody), FAULT_NONE);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        cr_assert_eq(security_log_add_late(db, times[i], &event), FAULT_NONE);
    }
    cr_assert_eq(security_log_add_late(db, hour_ago, &event), FAULT_NONE, "%s", db_last_error(db));
    commit(db);
    db_close(db);
    cr_assert_eq(number(owner, "SELECT count(*) FROM capdo.security_event WHERE at > now() OR "
                               "at < now() - interval '25 hours'"),
                 0);
    cr_assert_eq(number(owner, text_of("SELECT count(*) FROM capdo.security_event WHERE at = "
                                       "'%s'",
                                       hour_ago)),
                 1);
    PQfinish(owner);
}

static void add_rows(PGconn *owner)
{
    sql(owner,
        "INSERT INTO capdo.security_event (kind, outcome, account_id, account_name, subject_type, subject_id,"
        " subject_name, address) VALUES"
        " ('session.sign_in', 'done', " ID_OF(
            "staff") ", 'Cán bộ Sở Y tế', '', NULL, '', '10.0.0.1'),"
                     " ('role.granted', 'done', " ID_OF("admin") ", 'Quản trị', 'account', " ID_OF(
                         "staff") ", 'Cán bộ Sở Y tế', '10.0.0.2'),"
                                  " ('session.sign_in', 'failed', NULL, '', '', NULL, '', '10.0.0.3'),"
                                  " ('dossier.read', 'done', " ID_OF(
                                      "chairman") ", 'Chủ tịch', 'dossier', gen_random_uuid(),"
                                                  " 'HS-2026-0001', '10.0.0.4')");
}

Test(security_log, everyone_sees_their_own_part_and_the_administrator_all)
{
    static const struct {
        const char *username;
        long rows;
    } cases[] = {{"staff", 2}, {"chairman", 1}, {"office", 0}, {"director", 0}, {"admin", 4}};
    PGconn *owner = plain(scratch.owner_url);

    add_rows(owner);
    PQfinish(owner);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        PGconn *pg = acting(cases[i].username);
        cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.security_event"), cases[i].rows, "%s",
                     cases[i].username);
        PQfinish(pg);
    }
    PGconn *pg = acting(NULL);
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.security_event"), 0);
    PQfinish(pg);
}

Test(security_log, cannot_be_changed_or_removed_by_anyone)
{
    static const char *const attempts[] = {
        "UPDATE capdo.security_event SET outcome = 'done'", "DELETE FROM capdo.security_event",
        "TRUNCATE capdo.security_event",
        "INSERT INTO capdo.security_event (kind, outcome) VALUES ('session.sign_in', 'done')"};
    PGconn *owner = plain(scratch.owner_url);

    add_rows(owner);
    sql(owner, "BEGIN");
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_neq(refusal(owner, attempts[i]), "", "the owner: %s", attempts[i]);
    }
    sql(owner, "ROLLBACK");

    PGconn *admin = acting("admin");
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        cr_assert_str_eq(refusal(admin, attempts[i]), "42501", "the server: %s", attempts[i]);
    }
    PQfinish(admin);

    /* Control: without its trigger the owner could. */
    sql(owner, "BEGIN; ALTER TABLE capdo.security_event DISABLE TRIGGER USER");
    cr_assert_str_eq(refusal(owner, attempts[0]), "");
    sql(owner, "ROLLBACK");
    PQfinish(owner);
}

/* The search for these words and this page, as identifiers in order. */
static const char *found(PGconn *pg, const char *words, const char *more)
{
    return value(pg, text_of("SELECT coalesce(string_agg(id::text, ' ' ORDER BY ordinal), '') FROM "
                             "capdo.security_event_search(%s, %s, 10)",
                             words, more));
}

Test(security_log, a_search_finds_what_reading_finds)
{
    static const struct {
        const char *words;
        const char *more;
        const char *where;
    } cases[] = {
        {"'{so,y}'", "NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, NULL",
         "search LIKE '%so%' AND search LIKE '%y%'"},
        {"'{HS-2026}'", "NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL",
         "search LIKE '%hs-2026%'"},
        {"'{quản}'", "'{role.granted}', '{done}', NULL, NULL, NULL, NULL, true, NULL, NULL",
         "search LIKE '%quan%' AND kind = 'role.granted'"},
        {"'{a}'", "NULL, '{failed}', NULL, NULL, NULL, NULL, true, NULL, NULL", "false"},
    };
    PGconn *owner = plain(scratch.owner_url);

    /* Many, so that both ways of searching are gone; the words of add_rows are rare among them. */
    sql(owner,
        "INSERT INTO capdo.security_event (at, kind, outcome, account_name) SELECT now() - n * interval"
        " '1 second', 'access.refused', 'refused', 'Người thứ ' || n FROM generate_series(1, 6000) n");
    add_rows(owner);

    PGconn *admin = acting("admin");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *order = strstr(cases[i].more, "true") != NULL ? "DESC" : "ASC";
        const char *wanted = value(
            owner,
            text_of(
                "SELECT coalesce(string_agg(id::text, ' ' ORDER BY at %s, id %s), '') FROM (SELECT id, at"
                " FROM capdo.security_event WHERE %s ORDER BY at %s, id %s LIMIT 10) x",
                order, order, cases[i].where, order, order));
        cr_assert_str_eq(found(admin, cases[i].words, cases[i].more), wanted, "%s", cases[i].words);
    }
    PQfinish(admin);

    PGconn *staff = acting("staff");
    cr_assert_str_eq(found(staff, cases[0].words, cases[0].more), "", "only the administrator");
    PQfinish(staff);
    PQfinish(owner);
}
