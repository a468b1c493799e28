#include "api/sign_on.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "db/factor.h"
#include "db/sign_on.h"
#include "identity/fetch.h"
#include "identity/provider.h"

/* `state` and the cookie: 32 random bytes in base64url. */
enum { SECRET_BYTES = 32, SECRET_CHARACTERS = 43, SECRET_TEXT_BYTES = SECRET_CHARACTERS + 1 };

static const char COOKIE[] = "oidc";
static const char SIGN_IN_PAGE[] = "/dang-nhap";

/* ---- secrets of one sign-in ---- */

static const char *new_secret(struct call *call)
{
    unsigned char random[SECRET_BYTES];
    char *text = arena_alloc(call->arena, SECRET_TEXT_BYTES);

    clock_random(&call->service->clock, random, sizeof(random));
    return sodium_bin2base64(text, SECRET_TEXT_BYTES, random, sizeof(random),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* nonce and verifier follow from the cookie and the state, so that only this browser's coming back
 * can finish what it began, and the database holds neither. */
static const char *derived(struct call *call, const char *what, const char *cookie,
                           const char *state)
{
    unsigned char digest[SECRET_BYTES];
    char *text = arena_alloc(call->arena, SECRET_TEXT_BYTES);
    const char *message = arena_printf(call->arena, "capdo sign-on %s %s", what, state);

    (void)crypto_generichash(digest, sizeof(digest), (const unsigned char *)message,
                             strlen(message), (const unsigned char *)cookie, strlen(cookie));
    return sodium_bin2base64(text, SECRET_TEXT_BYTES, digest, sizeof(digest),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void sha256(struct str text, unsigned char ret_digest[static 32])
{
    (void)crypto_hash_sha256(ret_digest, (const unsigned char *)text.at, text.length);
}

/* ---- the way there ---- */

bool sign_on_is_path(struct str path)
{
    if (path.length == 0 || path.length > LIMIT_SIGN_ON_PATH_BYTES || path.at[0] != '/' ||
        str_starts_with(path, "/api")) {
        return false;
    }
    for (size_t i = 0; i < path.length; i++) {
        if (path.at[i] < 0x21 || path.at[i] > 0x7e || path.at[i] == '\\') {
            return false;
        }
    }
    return path.length == 1 || path.at[1] != '/';
}

enum fault sign_on_attempt_begin(struct call *call, const char *link_to, const char *return_path,
                                 bool again, struct reply *reply, const char **ret_url)
{
    const char *cookie = new_secret(call);
    const char *state = new_secret(call);
    const struct provider_start start = {
        .state = state,
        .nonce = derived(call, "nonce", cookie, state),
        .verifier = derived(call, "verifier", cookie, state),
        .again = again,
    };
    struct sign_on_attempt attempt = {.link_to = link_to, .return_path = return_path};

    enum fault fault = provider_start_url(call->service->provider, call->arena, &start, ret_url,
                                          &reply->private_detail);
    if (fault != FAULT_NONE) {
        return fault;
    }
    sha256(str_of(state), attempt.state_sha256);
    sha256(str_of(cookie), attempt.browser_sha256);
    reply->set_cookie = sign_in_named_cookie(call, COOKIE, cookie, LIMIT_SIGN_ON_S);
    return sign_on_begin(call->db, &attempt);
}

/* A person at a browser gets a page, a program the problem itself. */
static bool wants_page(const struct call *call)
{
    return call->accept.at != NULL &&
           memmem(call->accept.at, call->accept.length, "text/html", 9) != NULL;
}

/* The reason goes to the log; the page says what can be done. */
static enum fault to_page(struct call *call, struct reply *reply, enum fault fault,
                          const char *page)
{
    const char *detail = reply->private_detail;

    LOG(call->service->log, LOG_WARNING, "single sign-on",
        LOG_TEXT_FIELD("fault", fault_info(fault)->code),
        LOG_TEXT_FIELD("reason", detail == NULL ? "" : detail),
        LOG_TEXT_FIELD("request_id", call->request_id));
    if (!wants_page(call)) {
        return fault;
    }
    reply->clear_cookie = sign_in_named_cookie(call, COOKIE, "", 0);
    reply->redirect = arena_printf(call->arena, "%s%csso=%s", page,
                                   strchr(page, '?') == NULL ? '?' : '&', fault_info(fault)->code);
    return FAULT_NONE;
}

static enum fault start(struct call *call, struct str path, struct reply *reply)
{
    bool again = call_parameter(call, "again").at != NULL;
    const char *return_path = path.at == NULL ? "/" : arena_str(call->arena, path).at;
    enum fault fault = sign_in_begin(call);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = sign_on_attempt_begin(call, NULL, return_path, again, reply, &reply->redirect);
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    return sign_in_commit(call);
}

static enum fault sign_on_start(struct call *call, struct reply *reply)
{
    struct str path = call_parameter(call, "return");

    if (call->service->provider == NULL) {
        return FAULT_NOT_FOUND;
    }
    if (path.at != NULL && !sign_on_is_path(path)) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "return phải là đường dẫn của trang này",
                           "return must be a path of this site");
    }
    enum fault fault = start(call, path, reply);
    if (fault != FAULT_NONE) {
        reply->set_cookie = NULL;
        reply->redirect = NULL;
        return to_page(call, reply, fault, SIGN_IN_PAGE);
    }
    return FAULT_NONE;
}

/* ---- and back ---- */

struct coming_back {
    struct str state;
    struct str code;
    struct str error;
    struct str issuer;
};

/* Each at most once (RFC 6749 §3.1); what else there is belongs to others. */
static bool read_answer(const struct call *call, struct coming_back *ret_back)
{
    const struct {
        const char *name;
        struct str *value;
    } wanted[] = {
        {"state", &ret_back->state},
        {"code", &ret_back->code},
        {"error", &ret_back->error},
        {"iss", &ret_back->issuer},
    };

    *ret_back = (struct coming_back){0};
    for (int i = 0; i < call->query_count; i++) {
        for (size_t w = 0; w < COUNT_OF(wanted); w++) {
            if (!str_is(call->query[i].name, wanted[w].name)) {
                continue;
            }
            if (wanted[w].value->at != NULL) {
                return false;
            }
            *wanted[w].value = call->query[i].value;
        }
    }
    return ret_back->state.length == SECRET_CHARACTERS &&
           call->sign_on_cookie.length == SECRET_CHARACTERS;
}

static enum fault take_attempt(struct call *call, const struct coming_back *back,
                               struct sign_on_attempt *ret_attempt)
{
    sha256(back->state, ret_attempt->state_sha256);
    sha256(call->sign_on_cookie, ret_attempt->browser_sha256);

    enum fault fault = sign_in_begin(call);
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* Committed even when it is refused: an attempt is used up by its first return. */
    enum fault taken = sign_on_take(call->db, call->arena, ret_attempt);
    if (taken != FAULT_NONE && taken != FAULT_SIGN_IN_EXPIRED) {
        db_tx_rollback(call->db);
        return taken;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE ? taken : fault;
}

static enum fault redeem(struct call *call, const struct coming_back *back, struct reply *reply,
                         struct provider_person *ret_person)
{
    const char *cookie = arena_str(call->arena, call->sign_on_cookie).at;
    const char *state = arena_str(call->arena, back->state).at;
    const struct provider_answer answer = {
        .code = arena_str(call->arena, back->code).at,
        .issuer = back->issuer.at == NULL ? NULL : arena_str(call->arena, back->issuer).at,
        .nonce = derived(call, "nonce", cookie, state),
        .verifier = derived(call, "verifier", cookie, state),
    };

    if (back->error.at != NULL || back->code.length == 0) {
        reply->private_detail = back->error.at == NULL
                                    ? "the answer has no code"
                                    : arena_printf(call->arena, "the provider says: %.*s",
                                                   (int)back->error.length, back->error.at);
        return FAULT_SIGN_IN_REFUSED;
    }
    return provider_redeem(call->service->provider, call->arena, &answer, ret_person,
                           &reply->private_detail);
}

/* In the transaction that is open: the person's session, in place of the one the browser had. Who has
 * a second factor here shows it, unless the provider saw one that we trust: no way in is weaker than
 * another. */
static enum fault enter_account(struct call *call, const struct provider_person *person,
                                struct session_opening *opening, struct reply *reply,
                                struct sign_in_token *ret_token)
{
    const struct id_token *said = &person->token;
    struct factor_state factors = {0};
    struct sign_on_identity identity = {0};
    enum fault fault = sign_on_find(call->db, call->arena, provider_issuer(call->service->provider),
                                    said->subject, &identity);

    if (fault == FAULT_NONE) {
        fault = factor_state_of(call->db, identity.account_id, &factors);
    }
    if (fault == FAULT_NONE) {
        opening->with_factor = said->second_factor;
        opening->pending = !said->second_factor && factor_any(&factors);
        fault = sign_in_open(call, identity.account_id, *opening, ret_token);
    }
    if (fault == FAULT_NONE) {
        const struct sign_on_session session = {
            .identity_id = identity.id,
            .provider_session = said->session,
            .id_token = person->id_token,
            .factor_at = said->second_factor ? said->signed_in_at : 0,
        };
        fault = sign_on_session(call->db, ret_token->sha256, &session);
    }
    if (fault == FAULT_NONE && !opening->pending) {
        fault = sign_in_remember(call, identity.account_id, reply);
    }
    return fault;
}

static enum fault enter(struct call *call, const struct provider_person *person,
                        const char *return_path, struct reply *reply)
{
    struct session_opening opening = {.method = "oidc"};
    struct sign_in_token token;
    enum fault fault = sign_in_begin(call);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = enter_account(call, person, &opening, reply, &token);
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->set_cookie = sign_in_cookie(
            call, token.text, opening.pending ? LIMIT_PENDING_SESSION_S : LIMIT_SESSION_S);
        /* The sign-in page asks for the second factor and goes on from there. */
        reply->redirect = opening.pending
                              ? arena_printf(call->arena, "%s?sso=second_factor&tiep=%s",
                                             SIGN_IN_PAGE, fetch_escape(call->arena, return_path))
                              : return_path;
    }
    return fault;
}

/* In the transaction that is open: the identity becomes one of the account that asked for it, which
 * must still be the one that this browser is signed in with. */
static enum fault link_account(struct call *call, const struct provider_person *person,
                               const char *link_to)
{
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_UNAUTHENTICATED || fault == FAULT_SESSION_EXPIRED ||
        (fault == FAULT_NONE && (actor->pending || strcmp(actor->account_id, link_to) != 0))) {
        return FAULT_SIGN_IN_EXPIRED;
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct identity_new identity = {
        .id = call_new_id(call),
        .account_id = actor->account_id,
        .issuer = provider_issuer(call->service->provider),
        .subject = person->token.subject,
        .name = person->token.name,
    };
    fault = identity_add(call->db, &identity);
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_IDENTITY_LINKED,
                                                       .subject_type = "account",
                                                       .subject_id = actor->account_id,
                                                       .subject_name = identity.name});
    }
    return fault;
}

static enum fault link_identity(struct call *call, const struct provider_person *person,
                                const char *link_to)
{
    unsigned char token[32];
    const struct db_request request = {.arena = call->arena, .token_sha256 = token};

    if (!call_token_sha256(call, token)) {
        return FAULT_SIGN_IN_EXPIRED;
    }
    enum fault fault = db_tx_begin(call->db, &request);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = link_account(call, person, link_to);
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    return sign_in_commit(call);
}

/* A refusal is worth an entry; that it could not be written is no reason to say something else. */
static void log_refusal(struct call *call, enum fault fault)
{
    const char *detail =
        arena_printf(call->arena, "{\"method\":\"oidc\",\"code\":\"%s\"}", fault_info(fault)->code);
    enum fault logged = sign_in_begin(call);

    if (logged == FAULT_NONE) {
        logged = call_log(call, (struct security_event){.kind = SECURITY_SIGN_IN,
                                                        .outcome = SECURITY_FAILED,
                                                        .detail_json = detail});
        if (logged == FAULT_NONE) {
            (void)!sign_in_commit(call);
        } else {
            db_tx_rollback(call->db);
        }
    }
}

static enum fault come_back(struct call *call, struct reply *reply,
                            struct sign_on_attempt *ret_attempt)
{
    struct coming_back back;
    struct provider_person person = {0};

    if (!read_answer(call, &back)) {
        return FAULT_SIGN_IN_EXPIRED;
    }
    enum fault fault = take_attempt(call, &back, ret_attempt);
    if (fault == FAULT_NONE) {
        fault = redeem(call, &back, reply, &person);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (ret_attempt->link_to == NULL) {
        fault = enter(call, &person, ret_attempt->return_path, reply);
    } else {
        fault = link_identity(call, &person, ret_attempt->link_to);
        reply->redirect = ret_attempt->return_path;
    }
    if (fault != FAULT_NONE && reply->private_detail == NULL) {
        reply->private_detail = arena_copy(call->arena, db_last_error(call->db));
    }
    return fault;
}

static enum fault sign_on_callback(struct call *call, struct reply *reply)
{
    struct sign_on_attempt attempt = {.return_path = "/"};

    if (call->service->provider == NULL) {
        return FAULT_NOT_FOUND;
    }
    enum fault fault = come_back(call, reply, &attempt);
    if (fault == FAULT_NONE) {
        reply->clear_cookie = sign_in_named_cookie(call, COOKIE, "", 0);
        return FAULT_NONE;
    }
    reply->redirect = NULL;
    reply->device_cookie = NULL;
    log_refusal(call, fault);
    if (attempt.link_to != NULL) {
        return to_page(call, reply, fault, attempt.return_path);
    }
    bool home = strcmp(attempt.return_path, "/") == 0;
    return to_page(call, reply, fault,
                   home ? SIGN_IN_PAGE
                        : arena_printf(call->arena, "%s?tiep=%s", SIGN_IN_PAGE,
                                       fetch_escape(call->arena, attempt.return_path)));
}

static const char *const START_PARAMETERS[] = {"return", "again", NULL};
static const char *const CALLBACK_PARAMETERS[] = {"state", "code", "iss", "error", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/session/oidc", "sign_on_start", PERMISSION_PUBLIC, LANE_WORK,
     ROUTE_NO_TRANSACTION, 0, START_PARAMETERS, sign_on_start, NULL},
    {METHOD_GET, "/api/v1/session/oidc/callback", "sign_on_callback", PERMISSION_PUBLIC, LANE_WORK,
     ROUTE_NO_TRANSACTION | ROUTE_FOREIGN_QUERY, 0, CALLBACK_PARAMETERS, sign_on_callback, NULL},
};

const struct route_table sign_on_routes = {ROUTES, COUNT_OF(ROUTES)};
