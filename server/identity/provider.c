#include "identity/provider.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "json/foreign.h"

static const char DISCOVERY[] = "/.well-known/openid-configuration";

/* From the discovery document; all in the arena of what is known. */
struct addresses {
    const char *authorize;
    const char *token;
    const char *keys;
    const char *sign_out; /* or NULL */
    bool tells_issuer;    /* the answer carries iss (RFC 9207) */
    bool secret_in_form;  /* takes the client's secret in the body only */
};

struct provider {
    struct provider_settings settings;
    const char *hosts[PROVIDER_HOSTS_MAX + 2];
    struct fetch_policy policy;
    struct arena names; /* life of the provider */
    sem_t calls;

    pthread_mutex_t lock; /* all below; held while discovery and keys are fetched */
    struct arena known;   /* of addresses; thrown away with them */
    struct addresses addresses;
    struct jwk_set keys;
    bool is_known;
    int64_t known_ms;  /* when addresses and keys were read, monotonic */
    int64_t keys_ms;   /* when the keys were last asked for */
    int64_t failed_ms; /* when asking last failed; 0: never */
};

/* ---- made and freed ---- */

static bool fail(char *ret_error, size_t error_bytes, const char *what)
{
    (void)snprintf(ret_error, error_bytes, "%s", what);
    return false;
}

static bool set_hosts(struct provider *provider, char *ret_error, size_t error_bytes)
{
    const struct provider_settings *settings = &provider->settings;
    const char *host = fetch_host(&provider->names, settings->issuer);
    int count = 0;

    if (host == NULL || strchr(settings->issuer, '?') != NULL) {
        return fail(ret_error, error_bytes,
                    "oidc_issuer must be an https address (http only on loopback)");
    }
    provider->hosts[count++] = host;
    for (int i = 0; settings->hosts != NULL && settings->hosts[i] != NULL; i++) {
        if (i == PROVIDER_HOSTS_MAX) {
            return fail(ret_error, error_bytes, "oidc_hosts has too many names");
        }
        provider->hosts[count++] = settings->hosts[i];
    }
    return true;
}

struct provider *provider_new(const struct provider_settings *settings, char *ret_error,
                              size_t error_bytes)
{
    struct provider *provider = calloc(1, sizeof(*provider));

    if (provider == NULL) {
        abort();
    }
    provider->settings = *settings;
    arena_init(&provider->names, 0);
    arena_init(&provider->known, 0);
    (void)pthread_mutex_init(&provider->lock, NULL);
    (void)sem_init(&provider->calls, 0, (unsigned)settings->calls_max);
    if (!set_hosts(provider, ret_error, error_bytes)) {
        provider_free(provider);
        return NULL;
    }
    provider->policy = (struct fetch_policy){
        .hosts = provider->hosts, .ca_file = settings->ca_file, .clock = settings->clock};
    return provider;
}

void provider_free(struct provider *provider)
{
    if (provider == NULL) {
        return;
    }
    jwk_set_done(&provider->keys);
    arena_done(&provider->known);
    arena_done(&provider->names);
    (void)pthread_mutex_destroy(&provider->lock);
    (void)sem_destroy(&provider->calls);
    free(provider);
}

const char *provider_issuer(const struct provider *provider)
{
    return provider->settings.issuer;
}

/* ---- asking, within one deadline ---- */

/* One use of the provider: what it costs in time, and what to tell the log. */
struct visit {
    struct provider *provider;
    struct arena *arena;
    int64_t deadline_ms;
    const char *detail;
};

static int64_t now_ms(const struct provider *provider)
{
    return clock_monotonic_ms(provider->settings.clock);
}

static struct visit visit_begin(struct provider *provider, struct arena *arena)
{
    return (struct visit){provider, arena, now_ms(provider) + LIMIT_PROVIDER_MS, NULL};
}

/* The deadline as the calls of POSIX want it. */
static struct timespec until(const struct visit *visit)
{
    struct timespec at;
    int64_t left_ms = visit->deadline_ms - now_ms(visit->provider);

    left_ms = left_ms > 0 ? left_ms : 0;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += left_ms / 1000;
    at.tv_nsec += (left_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static enum fault gate_enter(struct visit *visit)
{
    struct timespec at = until(visit);

    while (sem_timedwait(&visit->provider->calls, &at) != 0) {
        if (errno != EINTR) {
            visit->detail = "too many questions at once";
            return FAULT_BUSY;
        }
    }
    return FAULT_NONE;
}

static void gate_leave(struct visit *visit)
{
    (void)sem_post(&visit->provider->calls);
}

static enum fault lock(struct visit *visit)
{
    struct timespec at = until(visit);

    if (pthread_mutex_timedlock(&visit->provider->lock, &at) != 0) {
        visit->detail = "waited too long for the provider's addresses";
        return FAULT_IDENTITY_PROVIDER_DOWN;
    }
    return FAULT_NONE;
}

static void unlock(struct visit *visit)
{
    (void)pthread_mutex_unlock(&visit->provider->lock);
}

/* GET of a document; status 200 or it is no document. */
static bool get(struct visit *visit, const char *what, const char *url, struct str *ret_body)
{
    struct fetch_answer answer = {0};
    const struct fetch_request request = {.url = url, .deadline_ms = visit->deadline_ms};
    enum fetch_outcome outcome =
        fetch_run(&visit->provider->policy, &request, visit->arena, &answer);

    if (outcome == FETCH_DONE && answer.status == 200) {
        *ret_body = answer.body;
        return true;
    }
    visit->detail = arena_printf(visit->arena, "%s: %s, status %d", what,
                                 fetch_outcome_code(outcome), answer.status);
    return false;
}

/* ---- addresses and keys; the lock is held ---- */

/* An address of the document that we may use, copied; NULL: absent or not allowed. */
static const char *address(struct provider *provider, const struct json_t *document,
                           const char *name)
{
    const char *url = foreign_text(document, name);

    return url != NULL && strlen(url) <= LIMIT_PROVIDER_URL_BYTES &&
                   fetch_allowed(&provider->policy, url)
               ? arena_copy(&provider->known, url)
               : NULL;
}

static bool read_discovery(struct visit *visit, struct str body)
{
    struct provider *provider = visit->provider;
    CLEANUP(foreign_free) struct json_t *document = foreign_object(body, LIMIT_FOREIGN_BYTES);
    const char *issuer = foreign_text(document, "issuer");
    const struct json_t *methods =
        foreign_member(document, "token_endpoint_auth_methods_supported");

    if (issuer == NULL || strcmp(issuer, provider->settings.issuer) != 0) {
        visit->detail = "discovery: it is not the document of this issuer";
        return false;
    }
    provider->addresses = (struct addresses){
        .authorize = address(provider, document, "authorization_endpoint"),
        .token = address(provider, document, "token_endpoint"),
        .keys = address(provider, document, "jwks_uri"),
        .sign_out = address(provider, document, "end_session_endpoint"),
        .tells_issuer = foreign_is_true(document, "authorization_response_iss_parameter_supported"),
        /* Where nothing is said, Basic is meant (Discovery §3). */
        .secret_in_form = methods != NULL && !foreign_names(methods, "client_secret_basic") &&
                          foreign_names(methods, "client_secret_post"),
    };
    if (provider->addresses.authorize == NULL || provider->addresses.token == NULL ||
        provider->addresses.keys == NULL) {
        visit->detail = "discovery: an address is missing or outside oidc_issuer and oidc_hosts";
        return false;
    }
    return true;
}

static bool fetch_keys(struct visit *visit)
{
    struct provider *provider = visit->provider;
    struct jwk_set keys;
    struct str body;

    provider->keys_ms = now_ms(provider);
    if (!get(visit, "keys", provider->addresses.keys, &body)) {
        return false;
    }
    if (!jwk_set_read(body, &keys)) {
        visit->detail = "keys: none that can be used";
        return false;
    }
    jwk_set_done(&provider->keys);
    provider->keys = keys;
    return true;
}

static bool fetch_all(struct visit *visit)
{
    struct provider *provider = visit->provider;
    struct str body;
    const char *issuer = provider->settings.issuer;
    size_t length = strlen(issuer);

    /* Discovery §4.1: one slash between the two. */
    length -= length > 0 && issuer[length - 1] == '/' ? 1 : 0;
    const char *url = arena_printf(visit->arena, "%.*s%s", (int)length, issuer, DISCOVERY);
    provider->is_known = false;
    arena_reset(&provider->known);
    return get(visit, "discovery", url, &body) && read_discovery(visit, body) && fetch_keys(visit);
}

/* Addresses and keys are there and young enough. After a failure nobody asks again for a while. */
static enum fault know(struct visit *visit)
{
    struct provider *provider = visit->provider;
    int64_t now = now_ms(provider);

    if (provider->is_known && now - provider->known_ms < LIMIT_PROVIDER_KNOWN_MS) {
        return FAULT_NONE;
    }
    if (provider->failed_ms != 0 && now - provider->failed_ms < LIMIT_PROVIDER_RETRY_MS) {
        visit->detail = "it did not answer a moment ago";
        return FAULT_IDENTITY_PROVIDER_DOWN;
    }
    if (!fetch_all(visit)) {
        provider->failed_ms = now_ms(provider);
        return FAULT_IDENTITY_PROVIDER_DOWN;
    }
    provider->failed_ms = 0;
    provider->is_known = true;
    provider->known_ms = provider->keys_ms;
    return FAULT_NONE;
}

/* A token names a key that we do not have: perhaps the keys were changed. True: they are new. */
static bool renew_keys(struct visit *visit)
{
    struct provider *provider = visit->provider;

    return now_ms(provider) - provider->keys_ms >= LIMIT_PROVIDER_KEYS_MS && fetch_keys(visit);
}

/* ---- the start ---- */

static const char *challenge_of(struct arena *arena, const char *verifier)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(arena, 64);

    (void)crypto_hash_sha256(digest, (const unsigned char *)verifier, strlen(verifier));
    return sodium_bin2base64(text, 64, digest, sizeof(digest),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* An address that may have a query already. */
static const char *with_query(struct arena *arena, const char *url, const char *query)
{
    return arena_printf(arena, "%s%c%s", url, strchr(url, '?') == NULL ? '?' : '&', query);
}

enum fault provider_start_url(struct provider *provider, struct arena *arena,
                              const struct provider_start *start, const char **ret_url,
                              const char **ret_detail)
{
    struct visit visit = visit_begin(provider, arena);
    const struct provider_settings *settings = &provider->settings;
    enum fault fault = gate_enter(&visit);

    if (fault == FAULT_NONE) {
        fault = lock(&visit);
        if (fault == FAULT_NONE) {
            fault = know(&visit);
            if (fault == FAULT_NONE) {
                const char *query = arena_printf(
                    arena,
                    "response_type=code&client_id=%s&redirect_uri=%s&scope=%s&state=%s&nonce=%s"
                    "&code_challenge=%s&code_challenge_method=S256&max_age=%d%s",
                    fetch_escape(arena, settings->client_id),
                    fetch_escape(arena, settings->redirect_uri),
                    fetch_escape(arena, settings->scope), start->state, start->nonce,
                    challenge_of(arena, start->verifier), start->again ? 0 : LIMIT_SESSION_S,
                    start->again ? "&prompt=login" : "");
                *ret_url = with_query(arena, provider->addresses.authorize, query);
            }
            unlock(&visit);
        }
        gate_leave(&visit);
    }
    *ret_detail = visit.detail;
    return fault;
}

/* ---- the code against an ID token ---- */

static const char *basic(struct visit *visit)
{
    const struct provider_settings *settings = &visit->provider->settings;
    struct arena *arena = visit->arena;
    const char *pair = arena_printf(arena, "%s:%s", fetch_escape(arena, settings->client_id),
                                    fetch_escape(arena, settings->client_secret));
    size_t size = sodium_base64_ENCODED_LEN(strlen(pair), sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, size);

    (void)sodium_bin2base64(text, size, (const unsigned char *)pair, strlen(pair),
                            sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(arena, "Basic %s", text);
}

/* Discovery and keys are fetched before the code is used up. */
static enum fault token_request(struct visit *visit, const struct provider_answer *answer,
                                struct fetch_request *ret_request)
{
    struct provider *provider = visit->provider;
    const struct provider_settings *settings = &provider->settings;
    struct arena *arena = visit->arena;
    enum fault fault = lock(visit);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = know(visit);
    if (fault == FAULT_NONE && answer->issuer == NULL && provider->addresses.tells_issuer) {
        visit->detail = "the answer does not name its issuer";
        fault = FAULT_SIGN_IN_REFUSED;
    }
    if (fault == FAULT_NONE) {
        bool in_form = settings->client_secret[0] == '\0' || provider->addresses.secret_in_form;
        const char *form = arena_printf(
            arena, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s",
            fetch_escape(arena, answer->code), fetch_escape(arena, settings->redirect_uri),
            answer->verifier);
        if (in_form) {
            form = arena_printf(arena, "%s&client_id=%s", form,
                                fetch_escape(arena, settings->client_id));
        }
        if (in_form && settings->client_secret[0] != '\0') {
            form = arena_printf(arena, "%s&client_secret=%s", form,
                                fetch_escape(arena, settings->client_secret));
        }
        *ret_request = (struct fetch_request){
            .url = arena_copy(arena, provider->addresses.token),
            .form = form,
            .authorization = in_form ? NULL : basic(visit),
            .deadline_ms = visit->deadline_ms,
        };
    }
    unlock(visit);
    return fault;
}

static enum fault exchange_code(struct visit *visit, const struct provider_answer *answer,
                                struct fetch_answer *ret_answer)
{
    struct fetch_request request;
    enum fault fault = token_request(visit, answer, &request);

    if (fault != FAULT_NONE) {
        return fault;
    }
    enum fetch_outcome outcome =
        fetch_run(&visit->provider->policy, &request, visit->arena, ret_answer);
    if (outcome == FETCH_DONE && ret_answer->status == 200) {
        return FAULT_NONE;
    }
    visit->detail = arena_printf(visit->arena, "token: %s, status %d", fetch_outcome_code(outcome),
                                 ret_answer->status);
    bool refused = outcome == FETCH_DONE && ret_answer->status >= 400 && ret_answer->status < 500;
    return refused ? FAULT_SIGN_IN_REFUSED : FAULT_IDENTITY_PROVIDER_DOWN;
}

static struct token_expected expected_of(const struct visit *visit)
{
    const struct provider_settings *settings = &visit->provider->settings;

    return (struct token_expected){
        .issuer = settings->issuer,
        .client_id = settings->client_id,
        .now_s = clock_wall_us(settings->clock) / 1000000,
        .max_age_s = LIMIT_SESSION_S,
        .trusted_acr = settings->trusted_acr,
        .trusted_amr = settings->trusted_amr,
    };
}

static enum fault refused(struct visit *visit, enum token_verdict verdict)
{
    visit->detail = arena_printf(visit->arena, "token refused: %s", token_verdict_code(verdict));
    return FAULT_SIGN_IN_REFUSED;
}

static enum fault check_id_token(struct visit *visit, const struct token_expected *expected,
                                 struct str token, struct id_token *ret_token)
{
    struct provider *provider = visit->provider;
    enum fault fault = lock(visit);

    if (fault != FAULT_NONE) {
        return fault;
    }
    enum token_verdict verdict =
        id_token_check(token, &provider->keys, expected, visit->arena, ret_token);
    if (verdict == TOKEN_KEY_UNKNOWN && renew_keys(visit)) {
        verdict = id_token_check(token, &provider->keys, expected, visit->arena, ret_token);
    }
    unlock(visit);
    return verdict == TOKEN_GOOD ? FAULT_NONE : refused(visit, verdict);
}

static enum fault redeem(struct visit *visit, const struct provider_answer *answer,
                         struct provider_person *ret_person)
{
    struct fetch_answer reply = {0};
    struct token_expected expected = expected_of(visit);
    enum fault fault = exchange_code(visit, answer, &reply);

    if (fault != FAULT_NONE) {
        return fault;
    }
    CLEANUP(foreign_free) struct json_t *document = foreign_object(reply.body, LIMIT_FOREIGN_BYTES);
    const char *token = foreign_text(document, "id_token");
    if (token == NULL) {
        visit->detail = "token: no id_token in the answer";
        return FAULT_SIGN_IN_REFUSED;
    }
    expected.nonce = answer->nonce;
    expected.access_token = foreign_text(document, "access_token");
    fault = check_id_token(visit, &expected, str_of(token), &ret_person->token);
    if (fault == FAULT_NONE) {
        ret_person->id_token = arena_copy(visit->arena, token);
    }
    return fault;
}

enum fault provider_redeem(struct provider *provider, struct arena *arena,
                           const struct provider_answer *answer, struct provider_person *ret_person,
                           const char **ret_detail)
{
    struct visit visit = visit_begin(provider, arena);

    /* Another provider's answer (mix-up): nothing of it is used. */
    if (answer->issuer != NULL && strcmp(answer->issuer, provider->settings.issuer) != 0) {
        *ret_detail = "the answer is of another issuer";
        return FAULT_SIGN_IN_REFUSED;
    }
    enum fault fault = gate_enter(&visit);
    if (fault == FAULT_NONE) {
        fault = redeem(&visit, answer, ret_person);
        gate_leave(&visit);
    }
    *ret_detail = visit.detail;
    return fault;
}

/* ---- the end ---- */

static enum fault read_logout(struct visit *visit, struct str token, struct logout_token *ret_token)
{
    struct provider *provider = visit->provider;
    const struct token_expected expected = expected_of(visit);
    enum fault fault = lock(visit);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = know(visit);
    if (fault == FAULT_NONE) {
        enum token_verdict verdict =
            logout_token_check(token, &provider->keys, &expected, visit->arena, ret_token);
        if (verdict == TOKEN_KEY_UNKNOWN && renew_keys(visit)) {
            verdict =
                logout_token_check(token, &provider->keys, &expected, visit->arena, ret_token);
        }
        fault = verdict == TOKEN_GOOD ? FAULT_NONE : refused(visit, verdict);
    }
    unlock(visit);
    return fault;
}

enum fault provider_read_logout(struct provider *provider, struct arena *arena, struct str token,
                                struct logout_token *ret_token, const char **ret_detail)
{
    struct visit visit = visit_begin(provider, arena);
    enum fault fault = gate_enter(&visit);

    if (fault == FAULT_NONE) {
        fault = read_logout(&visit, token, ret_token);
        gate_leave(&visit);
    }
    *ret_detail = visit.detail;
    return fault;
}

const char *provider_sign_out_url(struct provider *provider, struct arena *arena,
                                  const char *id_token)
{
    const struct provider_settings *settings = &provider->settings;
    const char *url = NULL;
    struct visit visit = {provider, arena, now_ms(provider) + LIMIT_PROVIDER_LOCK_MS, NULL};

    if (lock(&visit) != FAULT_NONE) {
        return NULL;
    }
    if (provider->is_known && provider->addresses.sign_out != NULL) {
        url = with_query(arena, provider->addresses.sign_out,
                         arena_printf(arena, "client_id=%s&post_logout_redirect_uri=%s%s%s",
                                      fetch_escape(arena, settings->client_id),
                                      fetch_escape(arena, settings->signed_out_uri),
                                      id_token != NULL ? "&id_token_hint=" : "",
                                      id_token != NULL ? fetch_escape(arena, id_token) : ""));
    }
    unlock(&visit);
    return url;
}
