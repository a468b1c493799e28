#include "db/connection.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"
#include "db/session.h"
#include "db/support.h"

static struct arena arena;
static unsigned char token[32];

static void setup(void)
{
    use_province();
    arena_init(&arena, 0);
    sign_in("staff");
    crypto_hash_sha256(token, (const unsigned char *)"staff", 5);
}

TestSuite(connection, .init = setup, .fini = scratch_close, .timeout = 60);

static const struct db_parameters none = {0};

static struct db_request request(void)
{
    return (struct db_request){.arena = &arena, .token_sha256 = token};
}

static enum fault ask(struct db *db, const char *text)
{
    struct rows rows;
    enum fault fault = db_query_text(db, text, &none, &rows);

    if (fault == FAULT_NONE) {
        rows_done(&rows);
    }
    return fault;
}

#define REMEMBER                                                                    \
    "INSERT INTO capdo.idempotency (account_id, key, request_sha256, status, body)" \
    " VALUES (capdo.ctx_account(), 'k', '\\x00', 200, '')"

static long remembered(void)
{
    PGconn *owner = plain(scratch.owner_url);
    long count = number(owner, "SELECT count(*) FROM capdo.idempotency");

    PQfinish(owner);
    return count;
}

Test(connection, a_request_acts_as_the_session_says)
{
    struct db *db = runtime_open(DB_QUICK);
    struct db_request r = request();
    const struct actor *actor = NULL;
    struct rows rows;

    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(db_query_text(db, "SELECT count(*) FROM capdo.system", &none, &rows), FAULT_NONE);
    cr_assert_gt(rows_int(&rows, 0, 0, 0), 5);
    rows_done(&rows);
    cr_assert_eq(db_actor(db, &actor), FAULT_NONE);
    cr_assert_str_eq(actor->username, "staff");
    db_request_end(db);

    /* The next request is nobody's. */
    cr_assert_eq(db_request_begin(db, &(struct db_request){.arena = &arena}), FAULT_NONE);
    cr_assert_eq(db_query_text(db, "SELECT count(*) FROM capdo.system", &none, &rows), FAULT_NONE);
    cr_assert_eq(rows_int(&rows, 0, 0, -1), 0);
    rows_done(&rows);
    db_request_end(db);
    db_close(db);
}

Test(connection, an_unknown_session_has_expired)
{
    struct db *db = runtime_open(DB_QUICK);
    unsigned char other[32] = {1};
    struct db_request r = {.arena = &arena, .token_sha256 = other};

    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SELECT 1"), FAULT_SESSION_EXPIRED);
    db_request_end(db);
    db_close(db);
}

Test(connection, a_commit_is_done_only_when_it_is)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE, "%s", db_last_error(db));
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    cr_assert_eq(remembered(), 1);
    db_close(db);
}

Test(connection, a_commit_answered_with_rollback_is_aborted)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    cr_assert_neq(ask(db, "SELECT 1 / 0"), FAULT_NONE);
    /* As if the failure had gone unnoticed: COMMIT succeeds with the tag ROLLBACK. */
    cr_assert_eq(PQpipelineSync(db->pg), 1);
    db->unread_syncs++;
    db_drain(db);
    cr_assert_not(db->failed);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_ABORTED);
    cr_assert_eq(remembered(), 0);
    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE, "usable afterwards");
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    db_close(db);
}

Test(connection, a_failed_transaction_is_aborted)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    cr_assert_neq(ask(db, "SELECT 1 / 0"), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_ABORTED);
    cr_assert_eq(remembered(), 0);
    db_close(db);
}

static void terminate_runtime(void)
{
    PGconn *super = plain(scratch.super_url);

    cr_assert_gt(number(super, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                               " usename = 'capdo_rt' AND datname = current_database()"),
                 0);
    while (number(super,
                  "SELECT count(*) FROM pg_stat_activity WHERE usename = 'capdo_rt' AND datname ="
                  " current_database()") > 0) {
        usleep(10000);
    }
    PQfinish(super);
}

Test(connection, killed_before_commit_is_unknown)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    terminate_runtime();
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_UNKNOWN);
    cr_assert_eq(fault, FAULT_OUTCOME_UNKNOWN);
    cr_assert_eq(remembered(), 0);
    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE, "connects again");
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    db_close(db);
}

/* A commit that takes this long: a deferred trigger sleeps in it. */
static void slow_commit(const char *seconds)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner,
        text_of("CREATE FUNCTION capdo.sleep() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN PERFORM pg_sleep(%s); RETURN NULL; END';"
                "CREATE CONSTRAINT TRIGGER sleep AFTER INSERT ON capdo.idempotency DEFERRABLE"
                " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.sleep()",
                seconds));
    PQfinish(owner);
}

static void *kill_soon(void *context)
{
    (void)context;
    usleep(500000);
    terminate_runtime();
    return NULL;
}

Test(connection, killed_while_committing_is_unknown)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;
    pthread_t thread;

    slow_commit("3");
    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    cr_assert_eq(pthread_create(&thread, NULL, kill_soon, NULL), 0);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_UNKNOWN);
    pthread_join(thread, NULL);
    db_close(db);
}

Test(connection, a_commit_past_its_deadline_is_unknown_and_not_cancelled)
{
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();
    enum fault fault = FAULT_NONE;
    PGconn *owner = plain(scratch.owner_url);

    slow_commit("7");
    sql(owner, text_of("ALTER DATABASE %s SET statement_timeout = 0", scratch.name));
    cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SET statement_timeout = 0"), FAULT_NONE);
    cr_assert_eq(ask(db, REMEMBER), FAULT_NONE);
    cr_assert_eq(db_tx_commit(db, &fault), COMMIT_UNKNOWN);
    /* It went on without us, and was done: that is why the answer is not "aborted". */
    for (int i = 0; i < 100 && remembered() == 0; i++) {
        usleep(100000);
    }
    cr_assert_eq(remembered(), 1);
    PQfinish(owner);
    db_close(db);
}

Test(connection, an_error_leaves_a_usable_connection)
{
    static const char *const errors[] = {"SELECT 1 / 0", "SELECT nothing", "SELECT 'x'::uuid",
                                         "UPDATE capdo.decision SET number = ''"};
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();

    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
        cr_assert_neq(ask(db, errors[i]), FAULT_NONE);
        cr_assert_neq(ask(db, "SELECT 1"), FAULT_NONE, "the rest of the request is ignored");
        db_request_end(db);
        cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
        cr_assert_eq(ask(db, "SELECT 1"), FAULT_NONE, "%s: %s", errors[i], db_last_error(db));
        db_request_end(db);
    }
    db_close(db);
}

Test(connection, a_lost_connection_is_made_again)
{
    struct db *db = runtime_open(DB_QUICK);
    struct db_request r = request();

    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SELECT 1"), FAULT_NONE);
    db_request_end(db);
    terminate_runtime();
    enum fault first = db_request_begin(db, &r);
    first = first == FAULT_NONE ? ask(db, "SELECT 1") : first;
    db_request_end(db);
    cr_assert(first == FAULT_NONE || first == FAULT_DATABASE_DOWN);
    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SELECT 1"), FAULT_NONE);
    db_request_end(db);
    db_close(db);
}

Test(connection, a_serialization_failure_can_be_retried)
{
    static const char *const states[] = {"40001", "40P01", "22012"};
    struct db *db = runtime_open(DB_WORK);
    struct db_request r = request();

    for (int i = 0; i < 3; i++) {
        cr_assert_eq(db_tx_begin(db, &r), FAULT_NONE);
        cr_assert_neq(
            ask(db, text_of("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '%s'; END $$", states[i])),
            FAULT_NONE);
        cr_assert_eq(db_is_retryable(db), i < 2, "%s", states[i]);
        db_tx_rollback(db);
    }
    db_close(db);
}

Test(connection, a_slow_statement_is_too_slow)
{
    struct db *db = runtime_open(DB_QUICK);
    struct db_request r = request();

    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SELECT pg_sleep(3)"), FAULT_TOO_SLOW);
    db_request_end(db);
    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_eq(ask(db, "SELECT 1"), FAULT_NONE);
    db_request_end(db);
    db_close(db);
}

Test(connection, a_quick_connection_cannot_write)
{
    struct db *db = runtime_open(DB_QUICK);
    struct db_request r = request();

    cr_assert_eq(db_request_begin(db, &r), FAULT_NONE);
    cr_assert_neq(ask(db, REMEMBER), FAULT_NONE);
    db_request_end(db);
    db_close(db);
    cr_assert_eq(remembered(), 0);
}
