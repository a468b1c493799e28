/* API tokens in the database: who is let in, what a token sees, that it writes nothing whatever SQL
 * is sent, and that what was given is never widened. Also the counters of sign-ins. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

TestSuite(api_token, .init = use_province, .fini = scratch_close, .timeout = 120);

#define PROVINCE "(SELECT id FROM capdo.organisation WHERE code = 'H05')"
#define HEALTH "(SELECT id FROM capdo.organisation WHERE code = 'H05.11')"
#define ADMIN "(SELECT id FROM capdo.account WHERE username = 'admin')"

/* A token with this key whose secret is the key. */
static void make(const char *key, const char *organisation, const char *reach, const char *scopes,
                 const char *networks)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text_of("INSERT INTO capdo.api_token (id, key, secret_sha256, organisation_id, name,"
                       " reach, scopes, networks, created_by, expires_at) VALUES"
                       " (gen_random_uuid(), '%s', sha256('%s'), %s, 'Thử', '%s', '{%s}', '{%s}',"
                       " " ADMIN ", now() + interval '1 day')",
                       key, key, organisation, reach, scopes, networks));
    PQfinish(owner);
}

static PGconn *program(const char *key, const char *address, const char *expected)
{
    PGconn *pg = plain(scratch.runtime_url);

    sql(pg, "BEGIN");
    cr_assert_str_eq(value(pg, text_of("SELECT coalesce(refusal, 'in') FROM"
                                       " capdo.begin_as_token('%s', sha256('%s'), '%s')",
                                       key, key, address)),
                     expected, "%s from %s", key, address);
    return pg;
}

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

Test(api_token, only_a_live_token_from_its_network_is_let_in)
{
    make("AAAAAAAAAAAA", HEALTH, "unit", "stats.read", "");
    make("BBBBBBBBBBBB", HEALTH, "unit", "stats.read", "10.0.0.0/8,2001:db8::/32");

    PQfinish(program("AAAAAAAAAAAA", "", "in"));
    PQfinish(program("AAAAAAAAAAAA", "203.0.113.7", "in"));
    PQfinish(program("BBBBBBBBBBBB", "10.200.3.4", "in"));
    PQfinish(program("BBBBBBBBBBBB", "2001:db8:7::1", "in"));
    PQfinish(program("BBBBBBBBBBBB", "11.0.0.1", "network"));
    PQfinish(program("BBBBBBBBBBBB", "", "network"));
    PQfinish(program("CCCCCCCCCCCC", "", ""));

    PGconn *pg = plain(scratch.runtime_url);
    cr_assert_str_eq(value(pg, "SELECT token_id FROM capdo.begin_as_token('AAAAAAAAAAAA',"
                               " sha256('BBBBBBBBBBBB'), '')"),
                     "", "the secret of another token");
    PQfinish(pg);

    as_owner("UPDATE capdo.api_token SET expires_at = now() - interval '1 second' WHERE key ="
             " 'AAAAAAAAAAAA'");
    PQfinish(program("AAAAAAAAAAAA", "", "expired"));
    as_owner("UPDATE capdo.api_token SET revoked_at = now(), revoked_by = " ADMIN);
    PQfinish(program("BBBBBBBBBBBB", "10.0.0.1", "revoked"));
}

Test(api_token, a_refused_token_sees_nothing)
{
    make("BBBBBBBBBBBB", HEALTH, "unit", "system.read", "10.0.0.0/8");
    PGconn *pg = program("BBBBBBBBBBBB", "11.0.0.1", "network");

    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), 0);
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.organisation"), 0);
    PQfinish(pg);
}

Test(api_token, its_reach_is_that_of_its_organisation)
{
    PGconn *owner = plain(scratch.owner_url);
    make("AAAAAAAAAAAA", HEALTH, "unit", "system.read", "");
    make("BBBBBBBBBBBB", PROVINCE, "body", "system.read", "");
    make("CCCCCCCCCCCC", PROVINCE, "register", "stats.read", "");
    const long unit =
        number(owner, "SELECT count(*) FROM capdo.system WHERE operator_id = " HEALTH);
    const long all = number(owner, "SELECT count(*) FROM capdo.system");
    const long body = number(owner, "SELECT count(*) FROM capdo.system WHERE governing_id = ANY"
                                    " (capdo.with_predecessors(ARRAY[" PROVINCE "]))");

    cr_assert(unit > 0 && unit < body && body <= all, "%ld %ld %ld", unit, body, all);
    PGconn *pg = program("AAAAAAAAAAAA", "", "in");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), unit);
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.account a WHERE a.id IS NOT NULL"), 0);
    cr_assert_eq(number(pg, "SELECT count(id) FROM capdo.api_token"), 0);
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.security_event"), 0);
    PQfinish(pg);
    pg = program("BBBBBBBBBBBB", "", "in");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), body);
    PQfinish(pg);
    pg = program("CCCCCCCCCCCC", "", "in");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), all);
    PQfinish(pg);
    PQfinish(owner);
}

Test(api_token, without_the_scope_the_inside_of_things_is_hidden)
{
    static const char *const DOSSIER[] = {"dossier_item", "dossier_submission", "dossier_event",
                                          "opinion", "decision"};
    static const char *const SYSTEM[] = {"system_unit", "system_version"};
    make("AAAAAAAAAAAA", PROVINCE, "body", "stats.read", "");
    make("BBBBBBBBBBBB", PROVINCE, "body", "dossier.read,system.read,label.read", "");
    PGconn *without = program("AAAAAAAAAAAA", "", "in");
    PGconn *with = program("BBBBBBBBBBBB", "", "in");

    for (size_t i = 0; i < COUNT_OF(DOSSIER) + COUNT_OF(SYSTEM); i++) {
        const char *table = i < COUNT_OF(DOSSIER) ? DOSSIER[i] : SYSTEM[i - COUNT_OF(DOSSIER)];
        const char *count = text_of("SELECT count(*) FROM capdo.%s", table);
        cr_assert_eq(number(without, count), 0, "%s", table);
        cr_assert(strcmp(table, "system_unit") == 0 || number(with, count) > 0, "%s", table);
    }
    PQfinish(without);
    PQfinish(with);
}

Test(api_token, it_writes_nothing_whatever_is_sent)
{
    static const char *const WRITES[] = {
        "INSERT INTO capdo.opinion (id) VALUES (gen_random_uuid())",
        "INSERT INTO capdo.decision (id) VALUES (gen_random_uuid())",
        "INSERT INTO capdo.dossier_event (id) VALUES (gen_random_uuid())",
        "UPDATE capdo.dossier SET state = 'approved'",
        "UPDATE capdo.system SET name = 'x'",
        "DELETE FROM capdo.system_unit",
        "UPDATE capdo.api_token SET revoked_at = now()",
        "SELECT nextval('capdo.system_code')",
        "SELECT capdo.session_open(" ADMIN ", sha256('x'), 60, 5, 'password', false, true, '', '')",
    };
    make("BBBBBBBBBBBB", PROVINCE, "body", "dossier.read,system.read,label.read", "");
    PGconn *pg = program("BBBBBBBBBBBB", "", "in");

    for (size_t i = 0; i < COUNT_OF(WRITES); i++) {
        cr_expect_eq(strncmp(refusal(pg, WRITES[i]), "25006", 5), 0, "%s: %s", WRITES[i],
                     refusal(pg, WRITES[i]));
    }
    /* Nor can the transaction be made to. */
    cr_expect_str_neq(refusal(pg, "SET transaction_read_only = off"), "");
    cr_expect_str_neq(refusal(pg, "SELECT set_config('transaction_read_only', 'off', true)"), "");
    PQfinish(pg);
}

/* Where the first wall fails: a writing transaction that says a token acts, with all rights of the
 * people who take these steps. Control: without the token the same statement is another refusal. */
Test(api_token, steps_are_peoples_even_in_a_writing_transaction)
{
    static const char *const STEPS[] = {
        "INSERT INTO capdo.dossier_event SELECT * FROM (SELECT (jsonb_populate_record("
        "NULL::capdo.dossier_event, jsonb_build_object('id', gen_random_uuid(), 'dossier_id', (SELECT"
        " id FROM capdo.dossier LIMIT 1), 'actor_id', capdo.ctx_account()))).*) x",
        "INSERT INTO capdo.label_event SELECT * FROM (SELECT (jsonb_populate_record("
        "NULL::capdo.label_event, jsonb_build_object('id', gen_random_uuid(), 'label_id', (SELECT id"
        " FROM capdo.label LIMIT 1), 'actor_id', capdo.ctx_account()))).*) x",
    };
    PGconn *pg = acting("appraiser");

    for (size_t i = 0; i < COUNT_OF(STEPS); i++) {
        sql(pg, "SELECT set_config('capdo.token', '', true)");
        const char *person = refusal(pg, STEPS[i]);
        cr_assert_neq(strncmp(person, "42501", 5), 0, "control: %s", person);
        sql(pg, "SELECT set_config('capdo.token', gen_random_uuid()::text, true)");
        const char *token = refusal(pg, STEPS[i]);
        cr_expect_eq(strncmp(token, "42501", 5), 0, "%s: %s", STEPS[i], token);
    }
    sql(pg, "SELECT set_config('capdo.token', gen_random_uuid()::text, true)");
    cr_expect_eq(number(pg, "WITH u AS (UPDATE capdo.dossier SET step = step RETURNING 1) SELECT"
                            " count(*) FROM u"),
                 0);
    PQfinish(pg);
}

Test(api_token, what_was_given_is_never_widened)
{
    static const struct {
        const char *change;
        const char *constraint;
    } CHANGES[] = {
        {"expires_at = expires_at + interval '1 second'", "23514 api_token_only_ends"},
        {"scopes = '{dossier.read}'", "23514 api_token_only_ends"},
        {"reach = 'body'", "23514 api_token_only_ends"},
        {"networks = '{}'", "23514 api_token_only_ends"},
        {"secret_sha256 = sha256('x')", "23514 api_token_only_ends"},
        {"organisation_id = " HEALTH, "23514 api_token_only_ends"},
        {"expires_at = expires_at - interval '1 hour'", ""},
    };
    make("AAAAAAAAAAAA", PROVINCE, "unit", "stats.read", "10.0.0.0/8");
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
        const char *said =
            refusal(owner, text_of("UPDATE capdo.api_token SET %s", CHANGES[i].change));
        cr_expect_str_eq(said, CHANGES[i].constraint, "%s: %s", CHANGES[i].change, said);
    }
    sql(owner, "UPDATE capdo.api_token SET revoked_at = now(), revoked_by = " ADMIN);
    cr_expect_str_eq(
        refusal(owner, "UPDATE capdo.api_token SET revoked_at = NULL, revoked_by = NULL"),
        "23514 api_token_only_ends");
    cr_expect_str_eq(refusal(owner, "DELETE FROM capdo.api_token"), "23000 append_only");
    cr_expect_str_eq(refusal(owner, "INSERT INTO capdo.api_token SELECT gen_random_uuid(),"
                                    " 'CCCCCCCCCCCC', secret_sha256, organisation_id, name,"
                                    " 'register', '{system.read}', networks, now(), created_by,"
                                    " now() FROM capdo.api_token"),
                     "23514 api_token_register_figures");
    cr_expect_str_eq(refusal(owner, "INSERT INTO capdo.api_token SELECT gen_random_uuid(),"
                                    " 'CCCCCCCCCCCC', secret_sha256, organisation_id, name, reach,"
                                    " '{account.admin}', networks, now(), created_by, now()"
                                    " FROM capdo.api_token"),
                     "23514 api_token_scopes_read");
    cr_expect_str_eq(refusal(owner, "INSERT INTO capdo.api_token SELECT gen_random_uuid(),"
                                    " 'CCCCCCCCCCCC', secret_sha256, organisation_id, name, reach,"
                                    " scopes, networks, now(), created_by, now() + interval '366"
                                    " days' FROM capdo.api_token"),
                     "23514 api_token_lifetime");
    PQfinish(owner);
}

Test(api_token, only_administrators_see_and_end_tokens_and_nobody_reads_secrets)
{
    make("AAAAAAAAAAAA", PROVINCE, "unit", "stats.read", "");
    PGconn *staff = acting("staff");
    PGconn *admin = acting("admin");

    cr_assert_eq(number(staff, "SELECT count(id) FROM capdo.api_token"), 0);
    cr_assert_eq(number(admin, "SELECT count(id) FROM capdo.api_token"), 1);
    cr_assert_eq(strncmp(refusal(admin, "SELECT secret_sha256 FROM capdo.api_token"), "42501", 5),
                 0);
    cr_assert_eq(strncmp(refusal(admin, "UPDATE capdo.api_token SET scopes = '{}'"), "42501", 5),
                 0);
    cr_assert_str_eq(refusal(admin, "UPDATE capdo.api_token SET revoked_at = now(), revoked_by ="
                                    " capdo.ctx_account()"),
                     "");
    PQfinish(staff);
    PQfinish(admin);
}

static long wait_after(PGconn *pg, const char *address, int tries)
{
    long wait = 0;

    for (int i = 0; i < tries; i++) {
        wait = number(pg, text_of("SELECT capdo.sign_in_try('%s', 30, 60)", address));
    }
    return wait;
}

Test(api_token, an_address_tries_thirty_times_a_minute)
{
    PGconn *pg = plain(scratch.runtime_url);

    cr_assert_eq(wait_after(pg, "203.0.113.7", 30), 0);
    long wait = wait_after(pg, "203.0.113.7", 1);
    cr_assert(wait > 0 && wait <= 60, "%ld", wait);
    cr_assert_eq(wait_after(pg, "203.0.113.8", 1), 0, "another address");
    /* Of IPv6 the /64 is one. */
    cr_assert_eq(wait_after(pg, "2001:db8:1:2::1", 30), 0);
    cr_assert_gt(wait_after(pg, "2001:db8:1:2:ffff::9", 1), 0);
    cr_assert_eq(wait_after(pg, "2001:db8:1:3::1", 1), 0);
    /* What was right does not count. */
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(wait_after(pg, "203.0.113.9", 1), 0);
        sql(pg, "SELECT capdo.sign_in_forgive('203.0.113.9')");
    }
    /* A minute later all is forgotten, and not before. */
    as_owner("UPDATE capdo.sign_in_address SET since = since - interval '59 seconds'");
    sql(pg, "SELECT capdo.sign_in_forget(60)");
    cr_assert_gt(wait_after(pg, "203.0.113.7", 1), 0);
    as_owner("UPDATE capdo.sign_in_address SET since = since - interval '2 seconds'");
    cr_assert_eq(wait_after(pg, "203.0.113.7", 1), 0);
    sql(pg, "SELECT capdo.sign_in_forget(60)");
    PGconn *owner = plain(scratch.owner_url);
    cr_assert_eq(number(owner, "SELECT count(*) FROM capdo.sign_in_address"), 1);
    PQfinish(owner);
    PQfinish(pg);
}
