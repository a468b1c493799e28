#include "db/session.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

#include "db/support.h"

static struct arena arena;

static void setup(void)
{
    use_province();
    arena_init(&arena, 0);
}

TestSuite(session, .init = setup, .fini = scratch_close, .timeout = 60);

static void change(struct db *db, enum fault (*what)(struct db *, const char *),
                   const char *account)
{
    struct db_request request = {.arena = &arena};
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(what(db, account), FAULT_NONE, "%s", db_last_error(db));
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
}

static unsigned char token_byte;

static enum fault open_one(struct db *db, const char *account)
{
    unsigned char token[32] = {token_byte};

    const struct session_opening opening = {
        .method = "password", .lifetime_s = LIMIT_SESSION_S, .user_agent = "", .address = ""};

    return session_open(db, account, token, &opening);
}

static bool lives(struct db *db, unsigned char byte)
{
    unsigned char token[32] = {byte};
    struct db_request request = {.arena = &arena, .token_sha256 = token};
    const struct actor *actor = NULL;

    cr_assert_eq(db_request_begin(db, &request), FAULT_NONE);
    enum fault fault = db_actor(db, &actor);
    db_request_end(db);
    cr_assert(fault == FAULT_NONE || fault == FAULT_SESSION_EXPIRED);
    return fault == FAULT_NONE;
}

static const char *account_id(const char *username)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *id =
        value(owner, text_of("SELECT id FROM capdo.account WHERE username = '%s'", username));

    PQfinish(owner);
    return id;
}

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

Test(session, the_sixth_session_ends_the_first)
{
    struct db *db = runtime_open(DB_WORK);
    const char *id = account_id("staff");

    for (token_byte = 1; token_byte <= LIMIT_SESSIONS_PER_ACCOUNT + 1; token_byte++) {
        change(db, open_one, id);
    }
    cr_assert_not(lives(db, 1));
    for (unsigned char byte = 2; byte <= LIMIT_SESSIONS_PER_ACCOUNT + 1; byte++) {
        cr_assert(lives(db, byte), "%d", byte);
    }
    db_close(db);
}

Test(session, ends_when_idle_old_closed_or_its_account_is_disabled)
{
    struct db *db = runtime_open(DB_WORK);
    const char *id = account_id("staff");

    token_byte = 9;
    change(db, open_one, id);
    cr_assert(lives(db, 9));
    as_owner("UPDATE capdo.session SET last_seen_at = now() - interval '31 minutes'");
    cr_assert_not(lives(db, 9), "idle");

    as_owner("UPDATE capdo.session SET last_seen_at = now()");
    cr_assert(lives(db, 9), "control");
    as_owner("UPDATE capdo.session SET expires_at = now() - interval '1 second'");
    cr_assert_not(lives(db, 9), "old");

    as_owner("UPDATE capdo.session SET expires_at = now() + interval '1 hour'");
    cr_assert(lives(db, 9), "control");
    as_owner("UPDATE capdo.account SET disabled_at = now() WHERE username = 'staff'");
    cr_assert_not(lives(db, 9), "disabled");
    as_owner("UPDATE capdo.account SET disabled_at = NULL WHERE username = 'staff'");
    cr_assert_not(lives(db, 9), "enabling it again brings no session back");
    change(db, open_one, id);
    cr_assert(lives(db, 9), "control");

    unsigned char token[32] = {9};
    struct db_request request = {.arena = &arena};
    enum fault fault = FAULT_NONE;
    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(session_close(db, token), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    cr_assert_not(lives(db, 9), "closed");
    db_close(db);
}

Test(session, being_used_keeps_it_alive)
{
    struct db *db = runtime_open(DB_WORK);
    unsigned char hashes[64] = {9};
    struct db_request request = {.arena = &arena};
    enum fault fault = FAULT_NONE;

    token_byte = 9;
    change(db, open_one, account_id("staff"));
    as_owner("UPDATE capdo.session SET last_seen_at = now() - interval '29 minutes'");
    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(session_seen(db, &arena, hashes, 2), FAULT_NONE, "%s", db_last_error(db));
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    PGconn *owner = plain(scratch.owner_url);
    cr_assert_str_eq(
        value(owner, "SELECT last_seen_at > now() - interval '1 minute' FROM capdo.session"), "t");
    PQfinish(owner);
    db_close(db);
}

Test(session, the_actor_has_the_rights_of_today)
{
    struct db *db = runtime_open(DB_WORK);
    unsigned char token[32] = {9};
    struct db_request request = {.arena = &arena, .token_sha256 = token};
    const struct actor *actor = NULL;

    token_byte = 9;
    change(db, open_one, account_id("director"));
    cr_assert_eq(db_request_begin(db, &request), FAULT_NONE);
    cr_assert_eq(db_actor(db, &actor), FAULT_NONE);
    cr_assert_eq(actor->roles, ROLE_BIT(ROLE_DIRECTOR));
    cr_assert_not(actor_list_is_empty(actor->directs));
    cr_assert(actor_list_is_empty(actor->staff_of));
    db_request_end(db);

    as_owner(
        "UPDATE capdo.specialised_unit SET valid_to = capdo.today() - 1 WHERE valid_to IS NULL");
    cr_assert_eq(db_request_begin(db, &request), FAULT_NONE);
    cr_assert_eq(db_actor(db, &actor), FAULT_NONE);
    cr_assert(actor_list_is_empty(actor->directs), "the assignment ended yesterday");
    db_request_end(db);
    db_close(db);
}
