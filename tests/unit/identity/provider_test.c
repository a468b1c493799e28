/* The provider's keys change while we remember them: a provider of our own on a loopback port, and a
 * clock that goes on when we say so. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "identity/provider.h"
#include "unit/identity/maker.h"

enum { NOW = 1795000000 };

static const char NONCE[] = "n-0S6_WzA2Mj";

static struct arena arena;
static const char *issuer;
static struct provider *provider;
static const char *detail;
static int64_t monotonic_ms = 1000 * 1000;

/* What the provider says; changed only between two questions. */
static struct {
    int listening;
    pthread_t thread;
    const char *discovery;
    const char *keys; /* NULL: it answers 500 */
    const char *token;
    atomic_int keys_asked;
} there;

static int64_t wall_us(void *context)
{
    (void)context;
    return NOW * INT64_C(1000000);
}

static int64_t monotonic(void *context)
{
    (void)context;
    return monotonic_ms;
}

static const struct clock_source CLOCK = {wall_us, monotonic, NULL, NULL};

/* ---- the provider ---- */

static const char *answer_to(const char *request)
{
    if (strncmp(request, "GET /.well-known/", 17) == 0) {
        return there.discovery;
    }
    if (strncmp(request, "GET /keys ", 10) == 0) {
        there.keys_asked++;
        return there.keys;
    }
    return strncmp(request, "POST /token ", 12) == 0 ? there.token : NULL;
}

/* The whole head, and as much of the body as comes with it: the form is of no interest. */
static void read_request(int connection, char *ret_text, size_t size)
{
    size_t length = 0;

    do {
        ssize_t got = read(connection, ret_text + length, size - 1 - length);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
        ret_text[length] = '\0';
    } while (strstr(ret_text, "\r\n\r\n") == NULL && length < size - 1);
    ret_text[length] = '\0';
}

static void *serve(void *context)
{
    int connection = -1;

    (void)context;
    while ((connection = accept(there.listening, NULL, NULL)) >= 0) {
        char request[8192];

        read_request(connection, request, sizeof(request));
        const char *body = answer_to(request);
        (void)dprintf(connection,
                      "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                      "Connection: close\r\n\r\n%s",
                      body == NULL ? "500 Internal Server Error" : "200 OK",
                      body == NULL ? 0 : strlen(body), body == NULL ? "" : body);
        /* Closed with something unread, the answer could be lost. */
        (void)shutdown(connection, SHUT_WR);
        while (read(connection, request, sizeof(request)) > 0) {
        }
        (void)close(connection);
    }
    return NULL;
}

static void listen_there(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);

    there.listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(bind(there.listening, (struct sockaddr *)&address, length) == 0);
    cr_assert(listen(there.listening, 8) == 0);
    cr_assert(getsockname(there.listening, (struct sockaddr *)&address, &length) == 0);
    issuer = arena_printf(&arena, "http://127.0.0.1:%d", ntohs(address.sin_port));
    there.discovery = arena_printf(&arena,
                                   "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/a\","
                                   "\"token_endpoint\":\"%s/token\",\"jwks_uri\":\"%s/keys\"}",
                                   issuer, issuer, issuer, issuer);
    cr_assert(pthread_create(&there.thread, NULL, serve, NULL) == 0);
}

/* ---- what a test does ---- */

static void keys_are(const char *one, const char *two)
{
    there.keys = arena_printf(&arena, "{\"keys\":[{%s}%s%s%s]}", one, two == NULL ? "" : ",{",
                              two == NULL ? "" : two, two == NULL ? "" : "}");
}

static void begin(void)
{
    char error[200];

    maker_begin();
    arena_init(&arena, 0);
    cr_assert(fetch_begin());
    listen_there();
    const struct provider_settings settings = {
        .issuer = issuer,
        .client_id = "capdo",
        .client_secret = "",
        .redirect_uri = "http://127.0.0.1/back",
        .signed_out_uri = "http://127.0.0.1/",
        .scope = "openid",
        .calls_max = 2,
        .clock = &CLOCK,
    };
    provider = provider_new(&settings, error, sizeof(error));
    cr_assert_not_null(provider, "%s", error);
    keys_are(maker_jwk(MAKER_RSA), NULL);
}

static void end(void)
{
    provider_free(provider);
    (void)shutdown(there.listening, SHUT_RDWR);
    (void)pthread_join(there.thread, NULL);
    (void)close(there.listening);
    fetch_end();
    arena_done(&arena);
    maker_end();
}

TestSuite(provider, .init = begin, .fini = end, .timeout = 60);

/* A sign-in whose token is signed by this key. */
static enum fault sign_in(enum maker_key key)
{
    static const char *const NAMES[] = {"rsa-1", "ec-1", "rsa-2"};
    const struct provider_answer answer = {.code = "c", .nonce = NONCE, .verifier = "v"};
    struct provider_person person = {0};
    const char *claims = arena_printf(&arena,
                                      "{\"iss\":\"%s\",\"aud\":\"capdo\",\"sub\":\"a1b2\","
                                      "\"iat\":%d,\"exp\":%d,\"nonce\":\"%s\"}",
                                      issuer, NOW, NOW + 300, NONCE);
    const char *header = arena_printf(&arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", NAMES[key]);
    struct str token = maker_token(header, claims, key, WAY_RS256);

    there.token = arena_printf(&arena, "{\"id_token\":\"%.*s\"}", (int)token.length, token.at);
    return provider_redeem(provider, &arena, &answer, &person, &detail);
}

static void expect_enters(enum maker_key key)
{
    enum fault fault = sign_in(key);

    cr_expect(fault == FAULT_NONE, "%s: %s", fault_info(fault)->code, detail);
}

static void expect_unknown(enum maker_key key)
{
    cr_expect(sign_in(key) == FAULT_SIGN_IN_REFUSED);
    cr_expect_str_eq(detail, "token refused: key_unknown");
}

Test(provider, keys_are_asked_for_again_when_one_is_unknown_and_the_removed_one_is_refused)
{
    expect_enters(MAKER_RSA);
    expect_enters(MAKER_RSA);
    cr_expect_eq(there.keys_asked, 1);

    /* The provider publishes the next key beside the old one, and later uses it. */
    keys_are(maker_jwk(MAKER_RSA), maker_jwk(MAKER_OTHER_RSA));
    monotonic_ms += LIMIT_PROVIDER_KEYS_MS;
    expect_enters(MAKER_OTHER_RSA);
    expect_enters(MAKER_RSA);
    cr_expect_eq(there.keys_asked, 2);

    /* A change in one step: the old key falls with the answer that brings the new one. */
    keys_are(maker_jwk(MAKER_RSA), NULL);
    monotonic_ms += LIMIT_PROVIDER_KNOWN_MS;
    expect_enters(MAKER_RSA);
    expect_unknown(MAKER_OTHER_RSA);
    keys_are(maker_jwk(MAKER_OTHER_RSA), NULL);
    monotonic_ms += LIMIT_PROVIDER_KEYS_MS;
    expect_enters(MAKER_OTHER_RSA);
    expect_unknown(MAKER_RSA);
    cr_expect_eq(there.keys_asked, 4);
}

Test(provider, unknown_keys_make_us_ask_once_in_five_minutes)
{
    expect_enters(MAKER_RSA);
    monotonic_ms += LIMIT_PROVIDER_KEYS_MS - 1;
    for (int i = 0; i < 5; i++) {
        expect_unknown(MAKER_OTHER_RSA);
    }
    cr_expect_eq(there.keys_asked, 1);
    monotonic_ms += 1;
    for (int i = 0; i < 5; i++) {
        expect_unknown(MAKER_OTHER_RSA);
    }
    cr_expect_eq(there.keys_asked, 2);
    expect_enters(MAKER_RSA);
}

Test(provider, a_removed_key_is_refused_within_the_hour_though_nothing_is_unknown)
{
    expect_enters(MAKER_RSA);
    keys_are(maker_jwk(MAKER_OTHER_RSA), NULL);
    monotonic_ms += LIMIT_PROVIDER_KNOWN_MS;
    expect_unknown(MAKER_RSA);
    expect_enters(MAKER_OTHER_RSA);
    cr_expect_eq(there.keys_asked, 2);
}

Test(provider, known_keys_stay_when_the_provider_cannot_give_them)
{
    expect_enters(MAKER_RSA);
    there.keys = NULL;
    monotonic_ms += LIMIT_PROVIDER_KEYS_MS;
    expect_unknown(MAKER_OTHER_RSA);
    expect_unknown(MAKER_OTHER_RSA);
    cr_expect_eq(there.keys_asked, 2, "a failure counts as asked");
    expect_enters(MAKER_RSA);
}
