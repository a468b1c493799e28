#include "identity/fetch.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/limits.h"

enum { CONNECT_MS = 2000 };

static const char *const LOOPBACK[] = {"127.0.0.1", "[::1]", "localhost"};

bool fetch_begin(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void fetch_end(void)
{
    curl_global_cleanup();
}

const char *fetch_outcome_code(enum fetch_outcome outcome)
{
    static const char *const CODES[] = {
        [FETCH_DONE] = "done",
        [FETCH_FORBIDDEN] = "forbidden_address",
        [FETCH_UNREACHABLE] = "unreachable",
        [FETCH_TOO_SLOW] = "too_slow",
        [FETCH_TOO_LARGE] = "too_large",
        [FETCH_REDIRECTED] = "redirected",
    };

    return (unsigned)outcome < COUNT_OF(CODES) ? CODES[outcome] : "";
}

/* A part of the address as the library that will ask understands it, or NULL. */
static const char *part(struct arena *arena, CURLU *url, CURLUPart what)
{
    char *text = NULL;
    const char *copy = NULL;

    if (curl_url_get(url, what, &text, 0) == CURLUE_OK && text != NULL) {
        copy = arena_copy(arena, text);
    }
    curl_free(text);
    return copy;
}

static bool is_loopback(const char *host)
{
    for (size_t i = 0; i < COUNT_OF(LOOPBACK); i++) {
        if (strcasecmp(host, LOOPBACK[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* NULL: not an address we would ask. */
static const char *read_host(struct arena *arena, CURLU *url, const char *text)
{
    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK) {
        return NULL;
    }

    const char *scheme = part(arena, url, CURLUPART_SCHEME);
    const char *host = part(arena, url, CURLUPART_HOST);
    const char *port = part(arena, url, CURLUPART_PORT);
    if (scheme == NULL || host == NULL || part(arena, url, CURLUPART_USER) != NULL ||
        part(arena, url, CURLUPART_PASSWORD) != NULL ||
        part(arena, url, CURLUPART_FRAGMENT) != NULL) {
        return NULL;
    }
    if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !is_loopback(host))) {
        return NULL;
    }
    return port == NULL ? host : arena_printf(arena, "%s:%s", host, port);
}

const char *fetch_host(struct arena *arena, const char *url)
{
    CURLU *parsed = curl_url();
    const char *host = parsed == NULL ? NULL : read_host(arena, parsed, url);

    curl_url_cleanup(parsed);
    return host;
}

bool fetch_allowed(const struct fetch_policy *policy, const char *url)
{
    struct arena arena;
    bool allowed = false;

    arena_init(&arena, 0);
    const char *host = fetch_host(&arena, url);
    for (size_t i = 0; host != NULL && policy->hosts[i] != NULL; i++) {
        allowed = allowed || strcasecmp(host, policy->hosts[i]) == 0;
    }
    arena_done(&arena);
    return allowed;
}

const char *fetch_escape(struct arena *arena, const char *text)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, strlen(text) * 3 + 1);
    size_t length = 0;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out[length++] = (char)c;
        } else {
            out[length++] = '%';
            out[length++] = HEX[c >> 4];
            out[length++] = HEX[c & 15U];
        }
    }
    return out;
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *body = context;
    size_t length = size * count;

    if (length > LIMIT_FOREIGN_BYTES - body->length) {
        return 0; /* the library gives up with CURLE_WRITE_ERROR */
    }
    buffer_bytes(body, bytes, length);
    return length;
}

static bool set_options(CURL *curl, const struct fetch_policy *policy,
                        const struct fetch_request *request, int64_t left_ms)
{
    CURLcode bad = CURLE_OK;

    /* The first that fails counts; none of them may be left out. */
#define SET(option, value) bad = bad != CURLE_OK ? bad : curl_easy_setopt(curl, option, value)
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_PROTOCOLS_STR, "https,http"); /* http only where fetch_allowed lets it */
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* do not wait for a name server that does not answer */
    SET(CURLOPT_TIMEOUT_MS, (long)left_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(left_ms < CONNECT_MS ? left_ms : CONNECT_MS));
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_MAXFILESIZE, (long)LIMIT_FOREIGN_BYTES);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_USERAGENT, "capdo");
    SET(CURLOPT_WRITEFUNCTION, receive);
    if (policy->ca_file != NULL) {
        SET(CURLOPT_CAINFO, policy->ca_file);
    }
    if (request->form != NULL) {
        SET(CURLOPT_POSTFIELDS, request->form);
    }
#undef SET
    return bad == CURLE_OK;
}

static enum fetch_outcome outcome_of(CURLcode code)
{
    switch ((unsigned)code) {
    case CURLE_OK:
        return FETCH_DONE;
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TOO_SLOW;
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
        return FETCH_TOO_LARGE;
    default:
        return FETCH_UNREACHABLE;
    }
}

static enum fetch_outcome perform(CURL *curl, struct buffer *body, struct arena *arena,
                                  struct fetch_answer *ret_answer)
{
    long status = 0;
    CURLcode code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);

    code = code == CURLE_OK ? curl_easy_perform(curl) : code;
    if (code != CURLE_OK) {
        return outcome_of(code);
    }
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400) {
        return FETCH_REDIRECTED;
    }
    ret_answer->status = (int)status;
    ret_answer->body = arena_str(arena, (struct str){body->at, body->length});
    return FETCH_DONE;
}

enum fetch_outcome fetch_run(const struct fetch_policy *policy, const struct fetch_request *request,
                             struct arena *arena, struct fetch_answer *ret_answer)
{
    int64_t left_ms = request->deadline_ms - clock_monotonic_ms(policy->clock);
    enum fetch_outcome outcome = FETCH_UNREACHABLE;
    struct buffer body;

    if (!fetch_allowed(policy, request->url)) {
        return FETCH_FORBIDDEN;
    }
    if (left_ms <= 0) {
        return FETCH_TOO_SLOW;
    }
    left_ms = left_ms < LIMIT_PROVIDER_MS ? left_ms : LIMIT_PROVIDER_MS;

    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (request->authorization != NULL) {
        headers = curl_slist_append(
            headers, arena_printf(arena, "Authorization: %s", request->authorization));
    }
    buffer_init(&body, 4 * KIB);
    if (curl != NULL && headers != NULL && set_options(curl, policy, request, left_ms) &&
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK) {
        outcome = perform(curl, &body, arena, ret_answer);
    }
    buffer_done(&body);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return outcome;
}
