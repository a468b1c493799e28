#include "api/dispatch.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/credential.h"
#include "api/memory.h"
#include "api/route.h"
#include "api/security_log.h"
#include "api/service.h"
#include "db/api_token.h"
#include "db/idempotency.h"

enum { BLIND_RETRY_S = 5 };

static bool parameter_known(const struct route *route, struct str name)
{
    for (int i = 0; route->parameters != NULL && route->parameters[i] != NULL; i++) {
        if (str_is(name, route->parameters[i])) {
            return true;
        }
    }
    return false;
}

static bool key_is_valid(struct str key)
{
    for (size_t i = 0; i < key.length; i++) {
        char c = key.at[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == '_';
        if (!ok) {
            return false;
        }
    }
    return key.length >= 8 && key.length <= LIMIT_IDEMPOTENCY_KEY_BYTES;
}

/* A program may read what its scopes name; the rest is refused before any SQL. */
static enum fault check_token(struct call *call, struct reply *reply,
                              const struct credential *credential)
{
    const struct route *route = call->route;
    int wait_s = memory_token_count(call->service, credential->memory_key);

    if (wait_s > 0) {
        reply->retry_after_s = wait_s;
        return FAULT_TOO_MANY_REQUESTS;
    }
    if ((route->flags & ROUTE_WRITES) != 0 || route->permission < PERMISSION_SYSTEM_READ) {
        return reply_fault(reply, FAULT_TOKEN_READ_ONLY,
                           "Việc này do một người đăng nhập thực hiện; mã truy cập API chỉ đọc dữ "
                           "liệu trong phạm vi đã cấp",
                           "This is done by a person who signed in; an API token reads what its "
                           "scopes name");
    }
    return FAULT_NONE;
}

static bool body_fits(const struct route *route, enum body_type type)
{
    bool form = (route->flags & ROUTE_TAKES_FORM) != 0;
    bool table = (route->flags & ROUTE_TAKES_TABLE) != 0;

    switch (type) {
    case BODY_FORM:
        return form;
    case BODY_CSV:
    case BODY_WORKBOOK:
        return table;
    case BODY_JSON:
    default:
        return !form && !table;
    }
}

enum fault dispatch_precheck(struct call *call, struct reply *reply)
{
    const struct route *route = call->route;

    if (route->permission != PERMISSION_PUBLIC) {
        struct credential credential;
        enum fault fault = credential_read(call, reply, &credential);
        if (fault == FAULT_NONE && credential.by_token) {
            fault = check_token(call, reply, &credential);
        }
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    bool any = (route->flags & ROUTE_FOREIGN_QUERY) != 0;
    for (int i = 0; i < call->query_count && !any; i++) {
        if (!parameter_known(route, call->query[i].name)) {
            return reply_fault(
                reply, FAULT_UNKNOWN_PARAMETER,
                arena_printf(call->arena, "Tham số “%.*s” không có ở đây",
                             (int)call->query[i].name.length, call->query[i].name.at),
                arena_printf(call->arena, "There is no parameter “%.*s” here",
                             (int)call->query[i].name.length, call->query[i].name.at));
        }
    }
    if (!body_fits(route, call->body_type)) {
        return FAULT_UNSUPPORTED_MEDIA_TYPE;
    }
    if ((route->flags & ROUTE_NEEDS_IF_MATCH) != 0 && call->if_match.at == NULL) {
        return FAULT_PRECONDITION_REQUIRED;
    }
    if ((route->flags & ROUTE_NEEDS_IDEMPOTENCY) != 0) {
        if (call->idempotency_key.at == NULL) {
            return FAULT_IDEMPOTENCY_KEY_REQUIRED;
        }
        if (!key_is_valid(call->idempotency_key)) {
            return reply_fault(reply, FAULT_BAD_REQUEST,
                               "Idempotency-Key gồm 8 đến 64 ký tự chữ, số, “.”, “-”, “_”",
                               "Idempotency-Key is 8 to 64 letters, digits, “.”, “-”, “_”");
        }
    }
    return FAULT_NONE;
}

bool dispatch_memory(struct call *call, struct reply *reply, enum fault *ret_fault)
{
    if (call->route->memory == NULL) {
        return false;
    }

    enum fault fault = call->route->memory(call, reply);
    if (fault == FAULT_NONE && reply->status == 0 && reply->body.length == 0) {
        return false;
    }
    *ret_fault = fault;
    return true;
}

struct authorisation {
    struct call *call;
    struct reply *reply;
};

static enum fault authorise(void *context, const struct actor *actor)
{
    struct authorisation *a = context;
    enum permission permission = a->call->route->permission;

    a->call->actor = actor;

    if (permission == PERMISSION_PUBLIC) {
        return FAULT_NONE;
    }
    if (actor == NULL) {
        return FAULT_UNAUTHENTICATED;
    }
    if (actor->token_id != NULL) {
        memory_token_used(a->call->service, actor->username);
    }
    if (actor->pending && permission != PERMISSION_SIGNING_IN) {
        return FAULT_FACTOR_REQUIRED;
    }
    if (permission > PERMISSION_SIGNED_IN &&
        (actor_permissions(actor) & PERMISSION_BIT(permission)) == 0) {
        a->reply->missing_right = permission_code(permission);
        return FAULT_FORBIDDEN;
    }
    if ((a->call->route->flags & ROUTE_NEEDS_STEP_UP) != 0) {
        return call_step_up(a->call, actor, a->reply);
    }
    return FAULT_NONE;
}

static void reply_reset(struct call *call, struct reply *reply)
{
    buffer_done(&reply->body);
    *reply = (struct reply){0};
    problems_init(&call->problems, call->arena);
    call->actor = NULL;
    call->events = NULL;
}

static enum fault run_read(struct call *call, struct reply *reply, const struct db_request *request)
{
    enum fault fault = db_request_begin(call->db, request);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = call->route->handler(call, reply);
    if (fault == FAULT_NONE) {
        /* A handler that needed no SQL still answers only who may ask. */
        fault = db_actor(call->db, &call->actor);
    }
    reply->database_us = db_waited_us(call->db);
    if (fault != FAULT_NONE) {
        reply->private_detail = arena_copy(call->arena, db_last_error(call->db));
    }
    db_request_end(call->db);
    return fault;
}

/* The same request is the same method, path values, parameters and body. */
static const char *request_digest(struct call *call)
{
    unsigned char digest[32];
    char *text = arena_alloc(call->arena, SHA256_HEX_BYTES);
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)call->route->operation_id,
                              strlen(call->route->operation_id) + 1);
    for (int i = 0; i < CALL_PATH_VALUES_MAX; i++) {
        crypto_hash_sha256_update(&state, (const unsigned char *)call->path_value[i].at,
                                  call->path_value[i].length);
        crypto_hash_sha256_update(&state, (const unsigned char *)"/", 1);
    }
    for (int i = 0; i < call->query_count; i++) {
        const struct str name = call->query[i].name;
        const struct str value = call->query[i].value;
        const char *lengths = arena_printf(call->arena, "?%zu=%zu:", name.length, value.length);
        crypto_hash_sha256_update(&state, (const unsigned char *)lengths, strlen(lengths));
        crypto_hash_sha256_update(&state, (const unsigned char *)name.at, name.length);
        crypto_hash_sha256_update(&state, (const unsigned char *)value.at, value.length);
    }
    crypto_hash_sha256_update(&state, (const unsigned char *)call->body.at, call->body.length);
    crypto_hash_sha256_final(&state, digest);
    session_token_hex(digest, text);
    return text;
}

static void replay(struct reply *reply, const struct stored_answer *answer)
{
    reply->status = answer->status;
    reply->location = answer->location;
    reply->etag = answer->etag;
    buffer_init(&reply->body, answer->body.length);
    buffer_str(&reply->body, answer->body);
}

/* The handler with its key: an answer given before is given again, a new one is stored. */
static enum fault run_once(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *key = NULL;
    const char *digest = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE && (call->route->flags & ROUTE_NEEDS_IDEMPOTENCY) == 0) {
        return call->route->handler(call, reply);
    }
    if (fault == FAULT_NONE) {
        struct stored_answer answer;
        key = arena_str(call->arena, call->idempotency_key).at;
        digest = request_digest(call);
        fault = idempotency_find(call->db, call->arena, actor->account_id, key, digest, &answer);
        if (fault == FAULT_NONE) {
            replay(reply, &answer);
            return FAULT_NONE;
        }
        fault = fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
    }
    if (fault == FAULT_NONE) {
        fault = call->route->handler(call, reply);
    }
    if (fault == FAULT_NONE && !reply->roll_back) {
        struct stored_answer answer = {
            .status = reply->status == 0 ? 200 : reply->status,
            .location = reply->location,
            .etag = reply->etag,
            .body = reply->kept_body.at != NULL
                        ? reply->kept_body
                        : (struct str){reply->body.at == NULL ? "" : reply->body.at,
                                       reply->body.length},
        };
        fault = idempotency_store(call->db, actor->account_id, key, digest, &answer);
    }
    return fault;
}

#ifdef CAPDO_TEST_HOOKS
/* A server with a fault that the durability test must find: it answers, and commits only with the
 * next write of this worker. */
static _Thread_local struct db *uncommitted;

static void commit_late(void)
{
    enum fault fault = FAULT_NONE;

    if (uncommitted != NULL) {
        enum commit_outcome outcome = db_tx_commit(uncommitted, &fault);
        (void)outcome;
        uncommitted = NULL;
    }
}

static bool answers_too_early(struct db *db)
{
    uncommitted = getenv("CAPDO_TEST_REPLY_BEFORE_COMMIT") != NULL ? db : NULL;
    return uncommitted != NULL;
}

/* Dies between COMMIT and the answer, now and then. */
static void die_after_commit(void)
{
    const char *one_in = getenv("CAPDO_TEST_DIE_AFTER_COMMIT");

    if (one_in != NULL && randombytes_uniform((uint32_t)strtoul(one_in, NULL, 10)) == 0) {
        (void)raise(SIGKILL);
    }
}
#else
static void die_after_commit(void)
{
}

static void commit_late(void)
{
}

static bool answers_too_early(const struct db *db)
{
    (void)db;
    return false;
}
#endif

static enum fault commit(struct call *call)
{
    enum fault fault = FAULT_NONE;

    memory_commit_begin(call->service);
    enum commit_outcome outcome = db_tx_commit(call->db, &fault);
    if ((call->route->flags & ROUTE_ENDS_ACCESS) != 0) {
        memory_access_changed(call->service);
    }
    memory_commit_end(call->service);
    switch (outcome) {
    case COMMIT_DONE:
        die_after_commit();
        return FAULT_NONE;
    case COMMIT_ABORTED:
        return fault;
    case COMMIT_UNKNOWN:
    default:
        return FAULT_OUTCOME_UNKNOWN;
    }
}

/* What the handler prepared did not come to pass: neither its status nor its body is sent. */
static void forget_answer(struct call *call, struct reply *reply, enum fault fault)
{
    call->events = fault == FAULT_OUTCOME_UNKNOWN ? call->events : NULL;
    reply->status = 0;
    reply->location = NULL;
    reply->set_cookie = NULL;
    reply->device_cookie = NULL;
    buffer_done(&reply->body);
}

/* A conflict may be with this very request: its first sending was done while the second one waited
 * for the lock. Then the stored answer is the answer; otherwise the conflict stays. */
static enum fault replay_if_done(struct call *call, struct reply *reply,
                                 const struct db_request *request, enum fault conflict)
{
    struct stored_answer answer;
    const struct actor *actor = NULL;
    int status = fault_info(conflict)->status;

    if ((call->route->flags & ROUTE_NEEDS_IDEMPOTENCY) == 0 || (status != 409 && status != 412)) {
        return conflict;
    }

    enum fault fault = db_tx_begin(call->db, request);
    if (fault != FAULT_NONE) {
        return conflict;
    }
    fault = call_actor(call, &actor);
    if (fault == FAULT_NONE) {
        fault = idempotency_find(call->db, call->arena, actor->account_id,
                                 arena_str(call->arena, call->idempotency_key).at,
                                 request_digest(call), &answer);
    }
    db_tx_rollback(call->db);
    if (fault != FAULT_NONE) {
        return conflict;
    }
    reply_reset(call, reply);
    replay(reply, &answer);
    return FAULT_NONE;
}

/* A trial says what a commit would: deferred constraints too are looked at before it is undone. */
static enum fault undo_trial(struct call *call, struct reply *reply)
{
    struct rows none = {0};
    enum fault fault = db_query_text(call->db, "SET CONSTRAINTS ALL IMMEDIATE",
                                     &(const struct db_parameters){0}, &none);

    rows_done(&none);
    if (fault != FAULT_NONE) {
        reply->private_detail = arena_copy(call->arena, db_last_error(call->db));
    }
    db_tx_rollback(call->db);
    return fault;
}

static enum fault run_write(struct call *call, struct reply *reply,
                            const struct db_request *request)
{
    enum fault fault = FAULT_NONE;

    commit_late();
    for (int attempt = 1; attempt <= LIMIT_TX_ATTEMPTS; attempt++) {
        reply_reset(call, reply);
        fault = db_tx_begin(call->db, request);
        if (fault != FAULT_NONE) {
            return fault;
        }
        fault = run_once(call, reply);
        if (fault == FAULT_NONE) {
            if (reply->roll_back) {
                fault = undo_trial(call, reply);
            } else {
                fault = answers_too_early(call->db) ? FAULT_NONE : commit(call);
            }
        } else {
            reply->private_detail = arena_copy(call->arena, db_last_error(call->db));
            db_tx_rollback(call->db);
        }
        reply->database_us += db_waited_us(call->db);
        if (fault == FAULT_NONE) {
            return FAULT_NONE;
        }
        forget_answer(call, reply, fault);
        if (!db_is_retryable(call->db)) {
            return replay_if_done(call, reply, request, fault);
        }
    }
    return fault;
}

enum fault dispatch_run(struct call *call, struct reply *reply)
{
    const struct route *route = call->route;
    struct authorisation authorisation = {call, reply};
    struct credential credential = {0};

    /* Nothing is changed that would leave no trace. */
    if ((route->flags & ROUTE_WRITES) != 0 && security_sink_is_blind(call->service->security)) {
        reply->retry_after_s = BLIND_RETRY_S;
        return FAULT_LOG_UNAVAILABLE;
    }
    if (route->lane == LANE_MEMORY || (route->flags & ROUTE_NO_TRANSACTION) != 0) {
        return route->handler(call, reply);
    }

    /* While this call waited, another may have computed the same answer. */
    enum fault remembered = FAULT_NONE;
    if (route->lane == LANE_HEAVY && dispatch_memory(call, reply, &remembered)) {
        return remembered;
    }

    /* What cannot be right was refused before; a public route asks for nothing. */
    struct reply unsaid = {0};
    bool known = credential_read(call, &unsaid, &credential) == FAULT_NONE;
    const struct db_token token = {
        .key = credential.key,
        .secret_sha256 = credential.sha256,
        .address = call->address,
    };
    struct db_request request = {
        .arena = call->arena,
        .token_sha256 = known && !credential.by_token ? credential.sha256 : NULL,
        .token = known && credential.by_token ? &token : NULL,
        .authorise = authorise,
        .authorise_context = &authorisation,
        .heavy = route->lane == LANE_HEAVY,
    };
    if (known && !credential.by_token) {
        credential_used(call, &credential);
    }
    return (route->flags & ROUTE_WRITES) != 0 ? run_write(call, reply, &request)
                                              : run_read(call, reply, &request);
}

void dispatch_end(struct call *call, enum fault fault, const struct reply *reply,
                  const char *reason)
{
    call_log_end(call, fault, reply, reason);
}

struct security_sink_state dispatch_security_state(const struct call *call)
{
    return security_sink_state(call->service->security);
}
