/* Linked identities and sign-ins under way, as the server's role meets them. */
#include "db/sign_on.h"

#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

static struct arena arena;
static struct db *db;

static const char ISSUER[] = "https://idp.example.vn";

static void setup(void)
{
    use_province();
    arena_init(&arena, 0);
    db = runtime_open(DB_WORK);
}

static void teardown(void)
{
    db_close(db);
    arena_done(&arena);
    scratch_close();
}

TestSuite(sign_on, .init = setup, .fini = teardown, .timeout = 60);

/* token: SHA-256 of the session that acts, or NULL. */
static void begin(const unsigned char *token)
{
    const struct db_request request = {.arena = &arena, .token_sha256 = token};

    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
}

static void commit(void)
{
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE, "%s", db_last_error(db));
}

static long count(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);
    long found = number(owner, text);

    PQfinish(owner);
    return found;
}

static const char *account(const char *username)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *id =
        value(owner, text_of("SELECT id FROM capdo.account WHERE username = '%s'", username));

    PQfinish(owner);
    return id;
}

static void link_to(const char *username, const char *subject)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner,
        text_of("INSERT INTO capdo.account_identity (id, account_id, issuer, subject, linked_by)"
                " SELECT gen_random_uuid(), id, '%s', '%s', id FROM capdo.account"
                " WHERE username = '%s'",
                ISSUER, subject, username));
    PQfinish(owner);
}

static struct sign_on_attempt attempt(unsigned char state, unsigned char browser)
{
    return (struct sign_on_attempt){
        .state_sha256 = {state}, .browser_sha256 = {browser}, .return_path = "/he-thong?trang=2"};
}

static enum fault take(unsigned char state, unsigned char browser)
{
    struct sign_on_attempt taken = {.state_sha256 = {state}, .browser_sha256 = {browser}};

    begin(NULL);
    enum fault fault = sign_on_take(db, &arena, &taken);
    commit();
    if (fault == FAULT_NONE) {
        cr_assert_str_eq(taken.return_path, "/he-thong?trang=2");
        cr_assert_null(taken.link_to);
    }
    return fault;
}

static void start(unsigned char state, unsigned char browser)
{
    const struct sign_on_attempt new = attempt(state, browser);

    begin(NULL);
    cr_assert_eq(sign_on_begin(db, &new), FAULT_NONE, "%s", db_last_error(db));
    commit();
}

Test(sign_on, an_attempt_is_taken_once_by_its_browser)
{
    start(1, 2);
    cr_expect_eq(take(1, 2), FAULT_NONE);
    cr_expect_eq(take(1, 2), FAULT_SIGN_IN_EXPIRED);
    /* Another browser's return uses it up: nobody can try cookies. */
    start(3, 4);
    cr_expect_eq(take(3, 5), FAULT_SIGN_IN_EXPIRED);
    cr_expect_eq(take(3, 4), FAULT_SIGN_IN_EXPIRED);
    cr_expect_eq(take(9, 9), FAULT_SIGN_IN_EXPIRED);
}

Test(sign_on, an_attempt_grows_old)
{
    PGconn *owner = plain(scratch.owner_url);

    start(1, 2);
    cr_expect_eq(number(owner, "SELECT round(extract(epoch FROM expires_at - now()) / 60)"
                               " FROM capdo.sign_on_attempt"),
                 LIMIT_SIGN_ON_S / 60);
    sql(owner, "UPDATE capdo.sign_on_attempt SET expires_at = now() - interval '1 second'");
    cr_expect_eq(take(1, 2), FAULT_SIGN_IN_EXPIRED);
    /* The next one sweeps. */
    start(3, 4);
    sql(owner, "UPDATE capdo.sign_on_attempt SET expires_at = now() - interval '1 second'");
    start(5, 6);
    cr_expect_eq(number(owner, "SELECT count(*) FROM capdo.sign_on_attempt"), 1);
    /* Many of them do not pile up. */
    sql(owner, text_of("INSERT INTO capdo.sign_on_attempt SELECT sha256(i::text::bytea),"
                       " sha256('x'), NULL, '/', now() + interval '1 minute'"
                       " FROM generate_series(1, %d) i",
                       LIMIT_SIGN_ON_ATTEMPTS + 10));
    start(7, 8);
    cr_expect_eq(number(owner, "SELECT count(*) FROM capdo.sign_on_attempt"),
                 LIMIT_SIGN_ON_ATTEMPTS);
    cr_expect_eq(take(7, 8), FAULT_NONE);
    PQfinish(owner);
}

Test(sign_on, only_a_path_of_the_site_is_kept)
{
    PGconn *owner = plain(scratch.owner_url);
    static const char *const BAD[] = {"//evil.example", "/\\\\evil.example", "https://evil.example",
                                      "he-thong", ""};

    sql(owner, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        cr_expect_str_eq(refusal(owner, text_of("INSERT INTO capdo.sign_on_attempt VALUES"
                                                " (sha256('a'), sha256('b'), NULL, E'%s', now())",
                                                BAD[i])),
                         "23514 sign_on_attempt_path", "%s", BAD[i]);
    }
    PQfinish(owner);
}

Test(sign_on, an_identity_opens_its_account_and_no_other)
{
    struct sign_on_identity found = {0};

    link_to("staff", "s-1");
    begin(NULL);
    cr_expect_eq(sign_on_find(db, &arena, ISSUER, "s-1", &found), FAULT_NONE);
    cr_expect_str_eq(found.account_id, account("staff"));
    cr_expect_eq(sign_on_find(db, &arena, ISSUER, "S-1", &found), FAULT_IDENTITY_UNKNOWN);
    cr_expect_eq(sign_on_find(db, &arena, "https://idp.example.vn/", "s-1", &found),
                 FAULT_IDENTITY_UNKNOWN);
    db_tx_rollback(db);

    PGconn *owner = plain(scratch.owner_url);
    sql(owner, "UPDATE capdo.account SET disabled_at = now() WHERE username = 'staff'");
    begin(NULL);
    cr_expect_eq(sign_on_find(db, &arena, ISSUER, "s-1", &found), FAULT_IDENTITY_UNKNOWN,
                 "a disabled account is not entered");
    db_tx_rollback(db);
    sql(owner, "UPDATE capdo.account SET disabled_at = NULL WHERE username = 'staff'");
    sql(owner, "UPDATE capdo.account_identity SET ended_at = now()");
    begin(NULL);
    cr_expect_eq(sign_on_find(db, &arena, ISSUER, "s-1", &found), FAULT_IDENTITY_UNKNOWN);
    db_tx_rollback(db);
    PQfinish(owner);
}

/* A session by the identity, whose token's hash begins with this byte. */
static void enter(unsigned char byte, const char *subject, const char *sid, int64_t factor_at)
{
    unsigned char token[32] = {byte};
    const struct session_opening opening = {
        .method = "oidc", .lifetime_s = LIMIT_SESSION_S, .user_agent = "", .address = ""};
    struct sign_on_identity found = {0};

    begin(NULL);
    cr_assert_eq(sign_on_find(db, &arena, ISSUER, subject, &found), FAULT_NONE);
    cr_assert_eq(session_open(db, found.account_id, token, &opening), FAULT_NONE);
    const struct sign_on_session session = {.identity_id = found.id,
                                            .provider_session = sid,
                                            .id_token = "a.b.c",
                                            .factor_at = factor_at};
    cr_assert_eq(sign_on_session(db, token, &session), FAULT_NONE, "%s", db_last_error(db));
    commit();
}

static int factor_age(unsigned char byte)
{
    unsigned char token[32] = {byte};
    const struct actor *actor = NULL;

    begin(token);
    cr_assert_eq(db_actor(db, &actor), FAULT_NONE);
    db_tx_rollback(db);
    return actor->factor_age_s;
}

Test(sign_on, a_second_factor_is_as_old_as_the_provider_says)
{
    int64_t now = clock_wall_us(&scratch.clock) / 1000000;

    link_to("staff", "s-1");
    enter(1, "s-1", "sid-1", 0);
    cr_expect_eq(factor_age(1), -1);
    enter(2, "s-1", "sid-2", now - 1000);
    cr_expect(factor_age(2) >= 998 && factor_age(2) <= 1010, "%d", factor_age(2));
    enter(3, "s-1", "sid-3", now + 5000);
    cr_expect(factor_age(3) >= 0 && factor_age(3) < 10, "never in the future");
}

Test(sign_on, only_a_session_of_the_identity_is_completed)
{
    unsigned char token[32] = {7};
    const struct session_opening opening = {
        .method = "oidc", .lifetime_s = LIMIT_SESSION_S, .user_agent = "", .address = ""};
    struct sign_on_identity found = {0};

    link_to("staff", "s-1");
    begin(NULL);
    cr_assert_eq(sign_on_find(db, &arena, ISSUER, "s-1", &found), FAULT_NONE);
    cr_assert_eq(session_open(db, account("director"), token, &opening), FAULT_NONE);
    const struct sign_on_session session = {.identity_id = found.id, .id_token = "a.b.c"};
    cr_expect_eq(sign_on_session(db, token, &session), FAULT_FORBIDDEN);
    db_tx_rollback(db);
}

static int end(const char *id, const char *subject, const char *sid)
{
    struct sign_on_end token = {.expires_at = clock_wall_us(&scratch.clock) / 1000000 + 120,
                                .issuer = ISSUER,
                                .subject = subject,
                                .session = sid};
    struct rows rows;

    (void)strncpy((char *)token.token_id_sha256, id, sizeof(token.token_id_sha256) - 1);
    begin(NULL);
    cr_assert_eq(sign_on_end(db, &token, &rows), FAULT_NONE, "%s", db_last_error(db));
    int ended = rows.count;
    rows_done(&rows);
    commit();
    return ended;
}

Test(sign_on, the_provider_ends_what_it_opened)
{
    link_to("staff", "s-1");
    link_to("director", "s-2");
    enter(1, "s-1", "sid-1", 0);
    enter(2, "s-1", "sid-2", 0);
    enter(3, "s-2", "sid-3", 0);
    enter(4, "s-1", NULL, 0);
    sign_in("chairman");

    cr_expect_eq(end("a", NULL, "sid-9"), 0);
    cr_expect_eq(end("b", NULL, "sid-1"), 1);
    cr_expect_eq(end("c", "s-2", "sid-2"), 0, "subject and session must fit");
    cr_expect_eq(end("d", "s-1", NULL), 2);
    cr_expect_eq(count("SELECT count(*) FROM capdo.session WHERE method = 'oidc'"), 1);
    /* A repeated token ends nothing. */
    enter(5, "s-1", "sid-5", 0);
    cr_expect_eq(end("d", "s-1", NULL), 0);
    cr_expect_eq(end("e", NULL, NULL), 0, "a token for nobody ends nothing");
    cr_expect_eq(count("SELECT count(*) FROM capdo.session"), 3);
}

Test(sign_on, the_hint_belongs_to_the_session)
{
    unsigned char token[32] = {1};
    unsigned char other[32] = {2};
    const char *hint = "x";

    link_to("staff", "s-1");
    enter(1, "s-1", "sid-1", 0);
    begin(NULL);
    cr_expect_eq(sign_on_hint(db, &arena, token, &hint), FAULT_NONE);
    cr_expect_str_eq(hint, "a.b.c");
    cr_expect_eq(sign_on_hint(db, &arena, other, &hint), FAULT_NONE);
    cr_expect_null(hint);
    db_tx_rollback(db);
}

Test(sign_on, a_person_links_and_unlinks_only_their_own)
{
    sign_in("staff");
    sign_in("director");
    const char *staff = account("staff");
    const char *director = account("director");
    PGconn *pg = acting("staff");

    cr_expect_str_eq(
        refusal(pg, text_of("INSERT INTO capdo.account_identity (id, account_id, issuer, subject,"
                            " linked_by) VALUES (gen_random_uuid(), '%s', 'i', 's', '%s')",
                            director, staff)),
        "42501");
    cr_expect_str_eq(
        refusal(pg, text_of("INSERT INTO capdo.account_identity (id, account_id, issuer, subject,"
                            " linked_by) VALUES (gen_random_uuid(), '%s', 'i', 's', '%s')",
                            staff, staff)),
        "");
    PQfinish(pg);

    link_to("staff", "s-1");
    link_to("director", "s-2");
    pg = acting("staff");
    cr_expect_eq(number(pg, "SELECT count(*) FROM capdo.account_identity"), 1);
    cr_expect_str_eq(refusal(pg, "UPDATE capdo.account_identity SET subject = 'x'"), "42501");
    cr_expect_str_eq(refusal(pg, "DELETE FROM capdo.account_identity"), "42501");
    cr_expect_str_eq(refusal(pg, "SELECT * FROM capdo.session_identity"), "42501");
    cr_expect_str_eq(refusal(pg, "SELECT * FROM capdo.sign_on_attempt"), "42501");
    cr_expect_str_eq(
        refusal(pg, text_of("SELECT capdo.sign_on_begin(sha256('a'), sha256('b'), '%s', '/', 600,"
                            " 10)",
                            director)),
        "42501");
    PQfinish(pg);

    pg = acting("admin");
    cr_expect_eq(number(pg, "SELECT count(*) FROM capdo.account_identity"), 2);
    cr_expect_eq(number(pg, "WITH done AS (UPDATE capdo.account_identity SET ended_at = now()"
                            " RETURNING 1) SELECT count(*) FROM done"),
                 0);
    PQfinish(pg);
}

Test(sign_on, unlinking_ends_the_sessions_and_keeps_the_record)
{
    PGconn *owner = plain(scratch.owner_url);
    unsigned char token[32] = {1};

    link_to("staff", "s-1");
    enter(1, "s-1", "sid-1", 0);
    enter(2, "s-1", "sid-2", 0);
    const char *id = arena_copy(&arena, value(owner, "SELECT id FROM capdo.account_identity"));
    begin(token);
    cr_expect_eq(identity_end(db, account("director"), id), FAULT_NOT_FOUND);
    cr_expect_eq(identity_end(db, account("staff"), id), FAULT_NONE);
    cr_expect_eq(identity_end(db, account("staff"), id), FAULT_NOT_FOUND);
    commit();
    cr_expect_eq(number(owner, "SELECT count(*) FROM capdo.session"), 0);
    cr_expect_eq(number(owner, "SELECT count(*) FROM capdo.account_identity"
                               " WHERE ended_at IS NOT NULL"),
                 1);
    /* Free for whoever links it next; two at once are refused. */
    link_to("director", "s-1");
    sql(owner, "BEGIN");
    cr_expect_str_eq(refusal(owner,
                             "INSERT INTO capdo.account_identity (id, account_id, issuer, subject,"
                             " linked_by) SELECT gen_random_uuid(), account_id, issuer, subject,"
                             " account_id FROM capdo.account_identity WHERE ended_at IS NULL"),
                     "23505 account_identity_taken");
    PQfinish(owner);
}
