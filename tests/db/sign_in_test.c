#include "db/sign_in.h"

#include <criterion/criterion.h>
#include <string.h>

#include "db/session.h"
#include "db/support.h"

static struct arena arena;

static void setup(void)
{
    use_province();
    arena_init(&arena, 0);
}

TestSuite(sign_in, .init = setup, .fini = scratch_close, .timeout = 60);

static const unsigned char HOME[32] = {1};
static const unsigned char ELSEWHERE[32] = {2};

static struct sign_in_attempt attempt(struct db *db, const char *username,
                                      const unsigned char *device)
{
    struct sign_in_attempt counted;
    struct db_request request = {.arena = &arena};
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(sign_in_attempt(db, &arena, username, device, &counted), FAULT_NONE, "%s",
                 db_last_error(db));
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    return counted;
}

static void done(struct db *db, const char *account, const unsigned char *device, bool remember)
{
    struct db_request request = {.arena = &arena};
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(sign_in_done(db, account, device), FAULT_NONE, "%s", db_last_error(db));
    if (remember) {
        cr_assert_eq(sign_in_device(db, account, device), FAULT_NONE, "%s", db_last_error(db));
    }
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
}

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

/* The delays are served: what counts is how often. */
static void wait_over(void)
{
    as_owner("UPDATE capdo.sign_in_counter SET retry_at = now() - interval '1 second'");
}

static const char *one(const char *query)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *first = value(owner, query);

    PQfinish(owner);
    return first;
}

Test(sign_in, a_name_that_nobody_has_is_counted_like_one_that_somebody_has)
{
    struct db *db = runtime_open(DB_WORK);

    cr_assert_not_null(attempt(db, "staff", NULL).password_hash);
    cr_assert_null(attempt(db, "nobody", NULL).account_id);
    as_owner("UPDATE capdo.account SET disabled_at = now() WHERE username = 'staff2'");
    cr_assert_null(attempt(db, "staff2", NULL).account_id, "disabled is unknown");
    for (int i = 0; i < 5; i++) {
        (void)attempt(db, "staff", NULL);
        (void)attempt(db, "nobody", NULL);
        (void)attempt(db, "staff2", NULL);
    }
    cr_assert_eq(attempt(db, "staff", NULL).retry_in_s, 1);
    cr_assert_eq(attempt(db, "nobody", NULL).retry_in_s, 1);
    cr_assert_eq(attempt(db, "staff2", NULL).retry_in_s, 1);
    db_close(db);
}

Test(sign_in, five_failures_are_free_then_each_waits_twice_as_long)
{
    static const int waits[] = {0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
    struct db *db = runtime_open(DB_WORK);

    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        cr_assert_eq(attempt(db, "staff", NULL).retry_in_s, 0, "%zu", i);
        if (waits[i] == 0) {
            continue;
        }
        struct sign_in_attempt early = attempt(db, "staff", NULL);
        cr_assert(early.retry_in_s <= waits[i] && early.retry_in_s >= waits[i] - 1,
                  "after %zu failures: %d s", i + 1, early.retry_in_s);
        cr_assert_null(early.password_hash, "not to be looked at");
        wait_over();
    }
    done(db, attempt(db, "staff", NULL).account_id, NULL, false);
    cr_assert_eq(attempt(db, "staff", NULL).retry_in_s, 0, "forgotten once signed in");
    db_close(db);
}

Test(sign_in, after_fifty_failures_no_password_is_looked_at)
{
    struct db *db = runtime_open(DB_WORK);

    for (int i = 0; i < LIMIT_SIGN_IN_FAILURES; i++) {
        cr_assert_not_null(attempt(db, "director", NULL).password_hash, "%d", i);
        wait_over();
    }
    for (int i = 0; i < 3; i++) {
        struct sign_in_attempt stopped = attempt(db, "director", NULL);
        cr_assert(stopped.stopped);
        cr_assert_null(stopped.password_hash);
    }
    /* The connection is another, the counter is the same. */
    db_close(db);
    db = runtime_open(DB_WORK);
    cr_assert(attempt(db, "director", NULL).stopped);
    as_owner("SELECT capdo.session_forget_old(1)");
    cr_assert(attempt(db, "director", NULL).stopped);
    db_close(db);
}

Test(sign_in, a_stranger_does_not_lock_out_a_known_device)
{
    struct db *db = runtime_open(DB_WORK);
    const char *director = attempt(db, "director", HOME).account_id;

    done(db, director, HOME, true);
    for (int i = 0; i < LIMIT_SIGN_IN_FAILURES; i++) {
        (void)attempt(db, "director", i % 2 == 0 ? NULL : ELSEWHERE);
        wait_over();
    }
    cr_assert(attempt(db, "director", ELSEWHERE).stopped, "made-up devices count together");
    struct sign_in_attempt home = attempt(db, "director", HOME);
    cr_assert_not(home.stopped);
    cr_assert(home.device_known);
    cr_assert_not_null(home.password_hash);

    /* Signing in at home does not reopen the door for the stranger. */
    done(db, director, HOME, true);
    cr_assert(attempt(db, "director", NULL).stopped);
    /* Nor is the known device a way around the limit. */
    for (int i = 0; i < LIMIT_SIGN_IN_FAILURES; i++) {
        (void)attempt(db, "director", HOME);
        wait_over();
    }
    cr_assert(attempt(db, "director", HOME).stopped);
    db_close(db);
}

Test(sign_in, another_factor_ends_the_stop)
{
    static const char *const METHODS[] = {"password", "passkey"};
    struct db *db = runtime_open(DB_WORK);
    struct db_request request = {.arena = &arena};
    const char *director = attempt(db, "director", NULL).account_id;
    enum fault fault = FAULT_NONE;

    as_owner("UPDATE capdo.sign_in_counter SET failures = 50");
    for (unsigned char i = 0; i < COUNT_OF(METHODS); i++) {
        const unsigned char token[32] = {9, i};
        const struct session_opening opening = {
            .method = METHODS[i], .lifetime_s = 60, .user_agent = "", .address = ""};
        cr_assert(attempt(db, "director", NULL).stopped);
        cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
        cr_assert_eq(session_open(db, director, token, &opening), FAULT_NONE);
        cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    }
    cr_assert_not(attempt(db, "director", NULL).stopped);
    db_close(db);
}

Test(sign_in, an_account_knows_ten_devices)
{
    struct db *db = runtime_open(DB_WORK);
    const char *staff = attempt(db, "staff", NULL).account_id;

    for (unsigned char i = 0; i <= LIMIT_KNOWN_DEVICES; i++) {
        const unsigned char device[32] = {7, i};
        done(db, staff, device, true);
    }
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.known_device"), "10");
    const unsigned char first[32] = {7, 0};
    cr_assert_not(attempt(db, "staff", first).device_known);
    const unsigned char last[32] = {7, LIMIT_KNOWN_DEVICES};
    cr_assert(attempt(db, "staff", last).device_known);
    db_close(db);
}

Test(sign_in, counters_of_nobody_are_forgotten_after_a_month)
{
    struct db *db = runtime_open(DB_WORK);

    (void)attempt(db, "nobody", NULL);
    (void)attempt(db, "staff", NULL);
    as_owner("UPDATE capdo.sign_in_counter SET last_at = now() - interval '31 days'");
    as_owner("SELECT capdo.session_forget_old(1)");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.sign_in_counter"), "1");
    db_close(db);
}

Test(sign_in, a_hash_of_another_cost_is_replaced_once)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request request = {.arena = &arena};
    struct sign_in_attempt staff = attempt(db, "staff", NULL);
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(sign_in_rehash(db, staff.account_id, "not the hash", "new"), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    cr_assert_str_eq(attempt(db, "staff", NULL).password_hash, staff.password_hash);
    cr_assert_eq(db_tx_begin(db, &request), FAULT_NONE);
    cr_assert_eq(sign_in_rehash(db, staff.account_id, staff.password_hash, "new"), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    cr_assert_str_eq(attempt(db, "staff", NULL).password_hash, "new");
    db_close(db);
}
