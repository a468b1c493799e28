#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "http/guard.h"

TestSuite(guard, .timeout = 20);

static const char *const HOSTS[] = {"capdo.example.vn", "127.0.0.1:8080"};
static const char *const ORIGINS[] = {"https://capdo.example.vn"};
static const struct guard_policy POLICY = {
    HOSTS, 2, ORIGINS, 1, "__Host-sid", "__Host-oidc", "__Host-device", true};

struct sent {
    const char *line;    /* "METHOD TARGET VERSION" */
    const char *headers; /* "Name: value|Name: value" after the Host */
    bool no_host;
};

static struct guard_verdict check(struct sent sent, struct guard_facts *facts)
{
    struct guard_header headers[LIMIT_HEADERS + 2];
    struct str rest = str_of(sent.line);
    struct guard_request request = {.headers = headers};

    request.method = str_cut(&rest, ' ');
    request.target = str_cut(&rest, ' ');
    request.version = rest;
    if (!sent.no_host) {
        headers[request.header_count] = (struct guard_header){STR("Host"), STR("127.0.0.1:8080")};
        request.header_count++;
    }
    rest = str_of(sent.headers);
    while (sent.headers[0] != '\0' && rest.at != NULL) {
        struct str value = str_cut(&rest, '|');
        struct str name = str_cut(&value, ':');
        if (value.length > 0 && value.at[0] == ' ') {
            value = (struct str){value.at + 1, value.length - 1};
        }
        headers[request.header_count] = (struct guard_header){name, value};
        request.header_count++;
    }
    return guard_check(&POLICY, &request, facts);
}

#define JSON "Content-Type: application/json|"

static const struct {
    struct sent sent;
    enum fault fault;
    const char *reason;
    bool close;
} CASES[] = {
    {{"GET / HTTP/1.1", "", false}, FAULT_NONE, "", false},
    {{"GET / HTTP/1.0", "", false}, FAULT_NONE, "", false},
    {{"GET / HTTP/1.2", "", false}, FAULT_BAD_REQUEST, "version", true},
    {{"GET / ", "", false}, FAULT_BAD_REQUEST, "version", true},
    {{"BREW / HTTP/1.1", "", false}, FAULT_METHOD_UNKNOWN, "method_unknown", true},
    {{"get / HTTP/1.1", "", false}, FAULT_METHOD_UNKNOWN, "method_unknown", true},
    {{"TRACE / HTTP/1.1", "", false}, FAULT_METHOD_NOT_ALLOWED, "method", true},
    {{"GET http://a/ HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_form", true},
    {{"GET //a HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_form", true},
    {{"GET * HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_form", true},
    {{"GET /a%00 HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_nul", true},
    {{"GET /\x7f HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_byte", true},
    {{"GET /\xc3\xa9 HTTP/1.1", "", false}, FAULT_BAD_REQUEST, "target_byte", true},
    {{"GET / HTTP/1.1", "", true}, FAULT_BAD_REQUEST, "host", true},
    {{"GET / HTTP/1.1", "Host: evil.example", true}, FAULT_BAD_REQUEST, "host", true},
    {{"GET / HTTP/1.1", "HOST: CAPDO.example.vn", true}, FAULT_NONE, "", false},
    {{"GET / HTTP/1.1", "host: 127.0.0.1:8080", false}, FAULT_BAD_REQUEST, "header_twice", true},
    {{"GET / HTTP/1.1", "X : y", false}, FAULT_BAD_REQUEST, "header_name", true},
    {{"GET / HTTP/1.1", ": y", false}, FAULT_BAD_REQUEST, "header_name", true},
    {{"GET / HTTP/1.1", "X: \x01", false}, FAULT_BAD_REQUEST, "header_value", true},
    {{"GET / HTTP/1.1", "If-Match: \xff", false}, FAULT_BAD_REQUEST, "header_value", true},
    {{"GET / HTTP/1.1", "User-Agent: \xff", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", JSON "Content-Length: 2|Content-Length: 2", false},
     FAULT_BAD_REQUEST,
     "header_twice",
     true},
    {{"POST / HTTP/1.1", JSON "Content-Length: 2|Transfer-Encoding: chunked", false},
     FAULT_BAD_REQUEST,
     "length_and_coding",
     true},
    {{"POST / HTTP/1.1", JSON "Content-Length: 9999999999", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", JSON "Content-Length: 00000000002", false},
     FAULT_BAD_REQUEST,
     "content_length",
     true},
    {{"POST / HTTP/1.1", JSON "Content-Length: -2", false},
     FAULT_BAD_REQUEST,
     "content_length",
     true},
    {{"POST / HTTP/1.1", JSON "Content-Length: +2", false},
     FAULT_BAD_REQUEST,
     "content_length",
     true},
    {{"POST / HTTP/1.1", JSON "Content-Length:", false}, FAULT_BAD_REQUEST, "content_length", true},
    {{"POST / HTTP/1.1", JSON "Transfer-Encoding: chunked", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", JSON "Transfer-Encoding: Chunked", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.0", JSON "Transfer-Encoding: chunked", false},
     FAULT_BAD_REQUEST,
     "transfer_coding",
     true},
    {{"POST / HTTP/1.1", JSON "Transfer-Encoding: gzip, chunked", false},
     FAULT_BAD_REQUEST,
     "transfer_coding",
     true},
    {{"POST / HTTP/1.1", JSON "Transfer-Encoding: identity", false},
     FAULT_BAD_REQUEST,
     "transfer_coding",
     true},
    {{"POST / HTTP/1.1", JSON "Expect: 100-Continue", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", JSON "Expect: x", false}, FAULT_BAD_REQUEST, "expect", true},
    {{"GET / HTTP/1.1", "Cookie: __Host-sid=a|Authorization: Bearer b", false},
     FAULT_BAD_REQUEST,
     "two_credentials",
     true},
    {{"GET / HTTP/1.1", "Cookie: other=a|Authorization: Bearer b", false}, FAULT_NONE, "", false},
    {{"GET / HTTP/1.1", "Cookie: __Host-sid=a; __Host-sid=b", false},
     FAULT_BAD_REQUEST,
     "session_cookie",
     true},
    {{"GET / HTTP/1.1", "Cookie: a=b|Cookie: c=d", false}, FAULT_BAD_REQUEST, "header_twice", true},
    /* Same origin, in its order. */
    {{"POST / HTTP/1.1", JSON "Sec-Fetch-Site: same-origin|Origin: https://evil.example", false},
     FAULT_NONE,
     "",
     false},
    {{"POST / HTTP/1.1", JSON "Sec-Fetch-Site: cross-site|Origin: https://capdo.example.vn", false},
     FAULT_CROSS_SITE,
     "sec_fetch_site",
     false},
    {{"POST / HTTP/1.1", JSON "Sec-Fetch-Site: same-site", false},
     FAULT_CROSS_SITE,
     "sec_fetch_site",
     false},
    {{"DELETE / HTTP/1.1", "Sec-Fetch-Site: none", false},
     FAULT_CROSS_SITE,
     "sec_fetch_site",
     false},
    {{"POST / HTTP/1.1", JSON "Origin: https://capdo.example.vn", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", JSON "Origin: http://capdo.example.vn", false},
     FAULT_CROSS_SITE,
     "origin",
     false},
    {{"POST / HTTP/1.1", JSON "Origin: null", false}, FAULT_CROSS_SITE, "origin", false},
    {{"GET / HTTP/1.1", "Sec-Fetch-Site: cross-site|Origin: https://evil.example", false},
     FAULT_NONE,
     "",
     false},
    /* Media type. */
    {{"POST / HTTP/1.1", "Content-Length: 2", false},
     FAULT_UNSUPPORTED_MEDIA_TYPE,
     "media_type",
     false},
    {{"POST / HTTP/1.1", "", false}, FAULT_NONE, "", false},
    {{"POST / HTTP/1.1", "Content-Type: multipart/form-data; boundary=x", false},
     FAULT_UNSUPPORTED_MEDIA_TYPE,
     "media_type",
     false},
    /* Only the routes that take a form go on with it; see a_form_is_told_from_json. */
    {{"POST / HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", false},
     FAULT_NONE,
     "",
     false},
    {{"POST / HTTP/1.1", "Content-Length: 2|Content-Type: application/json; charset=UTF-8", false},
     FAULT_NONE,
     "",
     false},
    {{"POST / HTTP/1.1", "Content-Length: 2|Content-Type: application/json; charset=latin1", false},
     FAULT_UNSUPPORTED_MEDIA_TYPE,
     "media_type",
     false},
    {{"POST / HTTP/1.1", "Content-Length: 2|Content-Type: application/jsonx", false},
     FAULT_UNSUPPORTED_MEDIA_TYPE,
     "media_type",
     false},
};

Test(guard, decides_each_case_as_the_table_says)
{
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct guard_facts facts;
        struct guard_verdict verdict = check(CASES[i].sent, &facts);
        cr_expect_eq(verdict.fault, CASES[i].fault, "%s %s: %d %s", CASES[i].sent.line,
                     CASES[i].sent.headers, (int)verdict.fault, verdict.reason);
        cr_expect_str_eq(verdict.reason, CASES[i].reason, "%s %s: %s", CASES[i].sent.line,
                         CASES[i].sent.headers, verdict.reason);
        cr_expect_eq(verdict.close, CASES[i].close, "%s %s", CASES[i].sent.line,
                     CASES[i].sent.headers);
    }
}

Test(guard, tells_what_it_has_read)
{
    struct guard_facts facts;
    struct guard_verdict verdict = check(
        (struct sent){"HEAD /a HTTP/1.1",
                      "Cookie: theme=dark; __Host-sid=token; x=y|If-None-Match: \"3\"", false},
        &facts);

    cr_assert_eq(verdict.fault, FAULT_NONE);
    cr_assert(facts.is_head && facts.method == METHOD_GET && !facts.has_body);
    cr_assert(str_is(facts.session, "token"));
    cr_assert(str_is(facts.value[GUARD_IF_NONE_MATCH], "\"3\""));
    cr_assert_eq(facts.content_length, -1);
    cr_assert_null(facts.value[GUARD_IF_MATCH].at);
}

static struct guard_verdict check_count(int count)
{
    struct guard_header headers[LIMIT_HEADERS + 1];
    struct guard_facts facts;

    headers[0] = (struct guard_header){STR("Host"), STR("127.0.0.1:8080")};
    for (int i = 1; i < count; i++) {
        headers[i] = (struct guard_header){STR("X"), STR("y")};
    }
    const struct guard_request request = {STR("GET"), STR("HTTP/1.1"), STR("/"), false,
                                          false,      headers,         count};
    return guard_check(&POLICY, &request, &facts);
}

Test(guard, takes_sixty_four_headers_and_no_more)
{
    cr_assert_eq(check_count(LIMIT_HEADERS).fault, FAULT_NONE);
    cr_assert_eq(check_count(LIMIT_HEADERS + 1).fault, FAULT_HEADERS_TOO_LARGE);
}

Test(guard, takes_a_target_of_two_kibibytes_and_no_more)
{
    char target[LIMIT_TARGET_BYTES + 1];
    struct guard_header host = {STR("Host"), STR("127.0.0.1:8080")};
    struct guard_facts facts;
    struct guard_request request = {
        STR("GET"), STR("HTTP/1.1"), {target, LIMIT_TARGET_BYTES}, false, false, &host, 1};

    memset(target, 'a', sizeof target);
    target[0] = '/';
    cr_assert_eq(guard_check(&POLICY, &request, &facts).fault, FAULT_NONE);
    request.target.length++;
    cr_assert_eq(guard_check(&POLICY, &request, &facts).fault, FAULT_URI_TOO_LONG);
}

Test(guard, refuses_what_the_library_hides)
{
    struct guard_header host = {STR("Host"), STR("127.0.0.1:8080")};
    struct guard_facts facts;
    struct guard_request request = {STR("GET"), STR("HTTP/1.1"), STR("/"), true, false, &host, 1};

    cr_assert_str_eq(guard_check(&POLICY, &request, &facts).reason, "target_nul");
    request.target_cut = false;
    request.headers_cut = true;
    cr_assert_str_eq(guard_check(&POLICY, &request, &facts).reason, "header_hidden");
}

Test(guard, a_form_is_told_from_json)
{
    struct guard_facts facts;

    (void)check((struct sent){"POST / HTTP/1.1",
                              "Content-Length: 3|Content-Type: Application/X-WWW-Form-Urlencoded",
                              false},
                &facts);
    cr_expect_eq(facts.body_type, BODY_FORM);
    (void)check((struct sent){"POST / HTTP/1.1", JSON "X-A: 1", false}, &facts);
    cr_expect_eq(facts.body_type, BODY_JSON);
    (void)check((struct sent){"GET / HTTP/1.1", "X-A: 1", false}, &facts);
    cr_expect_eq(facts.body_type, BODY_JSON);
}

Test(guard, the_cookie_of_a_sign_in_is_read_beside_the_session)
{
    struct guard_facts facts;
    struct guard_verdict verdict = check(
        (struct sent){"GET / HTTP/1.1", "Cookie: a=b; __Host-oidc=xyz; __Host-sid=abc", false},
        &facts);

    cr_expect_eq(verdict.fault, FAULT_NONE);
    cr_expect(str_is(facts.session, "abc"));
    cr_expect(str_is(facts.sign_on, "xyz"));
    verdict = check((struct sent){"GET / HTTP/1.1", "Cookie: oidc=xyz; sid=abc", false}, &facts);
    cr_expect_null(facts.session.at);
    cr_expect_null(facts.sign_on.at);
    verdict = check((struct sent){"GET / HTTP/1.1", "Cookie: __Host-oidc=1; __Host-oidc=2", false},
                    &facts);
    cr_expect_eq(verdict.fault, FAULT_BAD_REQUEST);
}

/* Sec-Fetch-Site x Origin x Content-Type of a change, with a session (reliability §4.3, S-5). */
Test(guard, only_our_own_pages_change_anything)
{
    static const char *const SITES[] = {"", "same-origin", "same-site", "cross-site", "none"};
    static const char *const ORIGINS_SENT[] = {"", "https://capdo.example.vn", "null",
                                               "https://evil.example"};
    static const char *const TYPES[] = {"application/json", "text/plain",
                                        "application/x-www-form-urlencoded"};
    int let_in = 0;

    for (size_t s = 0; s < COUNT_OF(SITES); s++) {
        for (size_t o = 0; o < COUNT_OF(ORIGINS_SENT); o++) {
            for (size_t t = 0; t < COUNT_OF(TYPES); t++) {
                char headers[400];
                struct guard_facts facts;
                (void)snprintf(headers, sizeof headers,
                               "Cookie: __Host-sid=abc|Content-Length: 2|Content-Type: %s%s%s%s%s",
                               TYPES[t], SITES[s][0] != '\0' ? "|Sec-Fetch-Site: " : "", SITES[s],
                               ORIGINS_SENT[o][0] != '\0' ? "|Origin: " : "", ORIGINS_SENT[o]);
                struct guard_verdict verdict =
                    check((struct sent){"POST /api/v1/systems HTTP/1.1", headers, false}, &facts);
                /* The browser's own word counts first, the origin only without it; neither: no
                 * browser (docs/decisions/0003). */
                bool ours = s == 1 || (s == 0 && o <= 1);
                enum fault wanted = !ours    ? FAULT_CROSS_SITE
                                    : t == 1 ? FAULT_UNSUPPORTED_MEDIA_TYPE
                                             : FAULT_NONE;
                cr_expect_eq(verdict.fault, wanted, "%s: %d", headers, (int)verdict.fault);
                /* A form is for the routes that say so; the others refuse it (exchange.c). */
                cr_expect(verdict.fault != FAULT_NONE ||
                          (facts.body_type == BODY_FORM) == (t == 2));
                let_in += verdict.fault == FAULT_NONE && t == 0 ? 1 : 0;
            }
        }
    }
    cr_assert_eq(let_in, 4 + 2);
}

static struct guard_verdict over_proxy(const char *name, const char *value, bool by_proxy,
                                       struct guard_facts *facts)
{
    struct guard_header headers[] = {
        {STR("Host"), STR("capdo.example.vn")},
        {str_of(name), str_of(value)},
    };
    const struct guard_request request = {
        .method = STR("GET"),
        .version = STR("HTTP/1.1"),
        .target = STR("/"),
        .headers = headers,
        .header_count = 2,
        .by_proxy = by_proxy,
    };

    return guard_check(&POLICY, &request, facts);
}

Test(guard, only_the_proxys_socket_tells_the_client)
{
    static const struct {
        const char *name;
        const char *value;
        enum fault fault;
        const char *client;
    } CASES_OF_PROXY[] = {
        {"X-Forwarded-For", "203.0.113.7", FAULT_NONE, "203.0.113.7"},
        {"X-Forwarded-For", "10.0.0.1, 203.0.113.7", FAULT_NONE, "203.0.113.7"},
        {"X-Forwarded-For", "junk,2001:db8::7", FAULT_NONE, "2001:db8::7"},
        {"X-Forwarded-For", "203.0.113.7, junk", FAULT_BAD_REQUEST, ""},
        {"X-Forwarded-For", "203.0.113.7,", FAULT_BAD_REQUEST, ""},
        {"X-Forwarded-For", "", FAULT_BAD_REQUEST, ""},
        {"X-Forwarded-For", "203.0.113.7:80", FAULT_BAD_REQUEST, ""},
        {"X-Forwarded-Proto", "https", FAULT_NONE, ""},
        {"X-Forwarded-Proto", "http", FAULT_BAD_REQUEST, ""},
        {"X-Real-IP", "203.0.113.7", FAULT_NONE, ""},
        {"Forwarded", "for=203.0.113.7", FAULT_NONE, ""},
    };
    struct guard_facts facts;

    for (size_t i = 0; i < COUNT_OF(CASES_OF_PROXY); i++) {
        const char *name = CASES_OF_PROXY[i].name;
        const char *value = CASES_OF_PROXY[i].value;
        struct guard_verdict verdict = over_proxy(name, value, true, &facts);
        cr_expect_eq(verdict.fault, CASES_OF_PROXY[i].fault, "%s: %s", name, value);
        cr_expect(str_is(facts.client, CASES_OF_PROXY[i].client), "%s: %s", name, value);
        verdict = over_proxy(name, value, false, &facts);
        cr_expect_eq(verdict.fault, FAULT_NONE, "%s: %s", name, value);
        cr_expect_null(facts.client.at, "%s: %s", name, value);
        cr_expect_null(facts.value[GUARD_FORWARDED_FOR].at);
    }
}
