#include "http/guard.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"

enum { CONTENT_LENGTH_DIGITS_MAX = 10, SESSION_BYTES_MAX = 128 };

/* Repeated lines of these are refused: two values, two readers, two meanings. The others may be
 * repeated; the first counts. */
static const struct {
    const char *name;
    bool once;
    bool ascii; /* the value reaches SQL or a comparison */
} KNOWN[GUARD_NAME_COUNT] = {
    [GUARD_HOST] = {"host", true, true},
    [GUARD_CONTENT_LENGTH] = {"content-length", true, true},
    [GUARD_TRANSFER_ENCODING] = {"transfer-encoding", true, true},
    [GUARD_CONTENT_TYPE] = {"content-type", true, true},
    [GUARD_EXPECT] = {"expect", true, true},
    [GUARD_COOKIE] = {"cookie", true, true},
    [GUARD_AUTHORIZATION] = {"authorization", true, true},
    [GUARD_ORIGIN] = {"origin", true, true},
    [GUARD_SEC_FETCH_SITE] = {"sec-fetch-site", true, true},
    [GUARD_IF_MATCH] = {"if-match", true, true},
    [GUARD_IF_NONE_MATCH] = {"if-none-match", true, true},
    [GUARD_IDEMPOTENCY_KEY] = {"idempotency-key", true, true},
    [GUARD_REQUEST_ID] = {"x-request-id", true, true},
    [GUARD_ACCEPT] = {"accept", false, true},
    [GUARD_ACCEPT_LANGUAGE] = {"accept-language", false, true},
    [GUARD_ACCEPT_ENCODING] = {"accept-encoding", false, true},
    [GUARD_USER_AGENT] = {"user-agent", false, false},
    [GUARD_FORWARDED_FOR] = {"x-forwarded-for", false, true},
    [GUARD_FORWARDED_PROTO] = {"x-forwarded-proto", false, true},
};

static const struct {
    const char *name;
    enum fault fault; /* NONE: a method of the route table */
    enum method method;
} METHODS[] = {
    {"GET", FAULT_NONE, METHOD_GET},
    {"HEAD", FAULT_NONE, METHOD_GET},
    {"POST", FAULT_NONE, METHOD_POST},
    {"PUT", FAULT_NONE, METHOD_PUT},
    {"PATCH", FAULT_NONE, METHOD_PATCH},
    {"DELETE", FAULT_NONE, METHOD_DELETE},
    {"OPTIONS", FAULT_METHOD_NOT_ALLOWED, METHOD_GET},
    {"TRACE", FAULT_METHOD_NOT_ALLOWED, METHOD_GET},
    {"CONNECT", FAULT_METHOD_NOT_ALLOWED, METHOD_GET},
};

static const struct guard_verdict PASS = {FAULT_NONE, false, ""};

static struct guard_verdict refuse(enum fault fault, const char *reason)
{
    return (struct guard_verdict){fault, true, reason};
}

static bool equal_ignoring_case(struct str a, const char *b)
{
    return a.length == strlen(b) && strncasecmp(a.at, b, a.length) == 0;
}

static bool is_one_of(struct str text, const char *const *list, int count)
{
    for (int i = 0; i < count; i++) {
        if (equal_ignoring_case(text, list[i])) {
            return true;
        }
    }
    return false;
}

/* RFC 9110 §5.6.2 */
static bool is_token(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool digit = c >= '0' && c <= '9';
        if (!letter && !digit && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
            return false;
        }
    }
    return text.length > 0;
}

static bool is_clean_value(struct str text, bool ascii)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f || (ascii && c > 0x7f)) {
            return false;
        }
    }
    return true;
}

static struct guard_verdict check_line(const struct guard_request *request,
                                       struct guard_facts *facts)
{
    const struct str target = request->target;

    if (!str_is(request->version, "HTTP/1.1") && !str_is(request->version, "HTTP/1.0")) {
        return refuse(FAULT_BAD_REQUEST, "version");
    }
    if (target.length > LIMIT_TARGET_BYTES) {
        return refuse(FAULT_URI_TOO_LONG, "target_length");
    }

    size_t known = COUNT_OF(METHODS);
    for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
        if (str_is(request->method, METHODS[i].name)) {
            known = i;
        }
    }
    if (known == COUNT_OF(METHODS)) {
        return refuse(FAULT_METHOD_UNKNOWN, "method_unknown");
    }
    if (METHODS[known].fault != FAULT_NONE) {
        return refuse(METHODS[known].fault, "method");
    }
    facts->method = METHODS[known].method;
    facts->is_head = str_is(request->method, "HEAD");

    if (request->target_cut) {
        return refuse(FAULT_BAD_REQUEST, "target_nul");
    }
    if (!str_starts_with(target, "/") || str_starts_with(target, "//")) {
        return refuse(FAULT_BAD_REQUEST, "target_form");
    }
    for (size_t i = 0; i < target.length; i++) {
        unsigned char c = (unsigned char)target.at[i];
        if (c < 0x21 || c > 0x7e) {
            return refuse(FAULT_BAD_REQUEST, "target_byte");
        }
        if (c == '%' && target.length - i > 2 && target.at[i + 1] == '0' &&
            target.at[i + 2] == '0') {
            return refuse(FAULT_BAD_REQUEST, "target_nul");
        }
    }
    return PASS;
}

static struct guard_verdict collect(const struct guard_request *request, struct guard_facts *facts)
{
    if (request->header_count > LIMIT_HEADERS) {
        return refuse(FAULT_HEADERS_TOO_LARGE, "header_count");
    }
    if (request->headers_cut) {
        return refuse(FAULT_BAD_REQUEST, "header_hidden");
    }
    for (int i = 0; i < request->header_count; i++) {
        const struct guard_header *header = &request->headers[i];
        /* A space before the colon arrives as part of the name. */
        if (!is_token(header->name)) {
            return refuse(FAULT_BAD_REQUEST, "header_name");
        }
        bool ascii = false;
        for (int name = 0; name < GUARD_NAME_COUNT; name++) {
            if (!equal_ignoring_case(header->name, KNOWN[name].name)) {
                continue;
            }
            if (facts->value[name].at == NULL) {
                facts->value[name] = header->value;
            } else if (KNOWN[name].once || (request->by_proxy && name >= GUARD_FORWARDED_FOR)) {
                return refuse(FAULT_BAD_REQUEST, "header_twice");
            }
            ascii = KNOWN[name].ascii;
        }
        if (!is_clean_value(header->value, ascii)) {
            return refuse(FAULT_BAD_REQUEST, "header_value");
        }
    }
    return PASS;
}

static struct guard_verdict check_framing(const struct guard_request *request,
                                          struct guard_facts *facts)
{
    struct str length = facts->value[GUARD_CONTENT_LENGTH];
    struct str coding = facts->value[GUARD_TRANSFER_ENCODING];

    if (coding.at != NULL) {
        if (length.at != NULL) {
            return refuse(FAULT_BAD_REQUEST, "length_and_coding");
        }
        if (!equal_ignoring_case(coding, "chunked") || !str_is(request->version, "HTTP/1.1")) {
            return refuse(FAULT_BAD_REQUEST, "transfer_coding");
        }
        facts->has_body = true;
    }
    if (length.at != NULL) {
        int64_t bytes = -1;
        if (length.length > CONTENT_LENGTH_DIGITS_MAX || str_starts_with(length, "-") ||
            !str_to_int64(length, &bytes)) {
            return refuse(FAULT_BAD_REQUEST, "content_length");
        }
        facts->content_length = bytes;
        facts->has_body = bytes > 0;
    }
    if (facts->value[GUARD_EXPECT].at != NULL &&
        !equal_ignoring_case(facts->value[GUARD_EXPECT], "100-continue")) {
        return refuse(FAULT_BAD_REQUEST, "expect");
    }
    return PASS;
}

static struct str trimmed(struct str text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 &&
           (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t')) {
        text.length--;
    }
    return text;
}

static bool is_address(struct str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (text.length == 0 || text.length >= sizeof copy) {
        return false;
    }
    (void)memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    return inet_pton(AF_INET, copy, bytes) == 1 || inet_pton(AF_INET6, copy, bytes) == 1;
}

/* Who the client is, by the last hop that the proxy added: what stands before it is the client's own
 * word. From anyone but the proxy the headers mean nothing. */
static struct guard_verdict check_forwarded(const struct guard_policy *policy,
                                            const struct guard_request *request,
                                            struct guard_facts *facts)
{
    struct str hops = facts->value[GUARD_FORWARDED_FOR];
    struct str proto = facts->value[GUARD_FORWARDED_PROTO];

    facts->value[GUARD_FORWARDED_FOR] = (struct str){NULL, 0};
    facts->value[GUARD_FORWARDED_PROTO] = (struct str){NULL, 0};
    if (!request->by_proxy) {
        return PASS;
    }
    if (proto.at != NULL && !str_is(proto, policy->secure ? "https" : "http")) {
        return refuse(FAULT_BAD_REQUEST, "forwarded_proto");
    }
    struct str last = hops;
    while (hops.at != NULL) {
        last = trimmed(str_cut(&hops, ','));
    }
    if (last.at != NULL && !is_address(last)) {
        return refuse(FAULT_BAD_REQUEST, "forwarded_for");
    }
    facts->client = last;
    return PASS;
}

static struct guard_verdict check_credentials(const struct guard_policy *policy,
                                              struct guard_facts *facts)
{
    struct str rest = facts->value[GUARD_COOKIE];

    while (rest.at != NULL) {
        struct str value = trimmed(str_cut(&rest, ';'));
        struct str name = str_cut(&value, '=');
        struct str *ours = str_is(name, policy->session_cookie)   ? &facts->session
                           : str_is(name, policy->sign_on_cookie) ? &facts->sign_on
                           : str_is(name, policy->device_cookie)  ? &facts->device
                                                                  : NULL;
        if (ours == NULL || value.at == NULL) {
            continue;
        }
        if (ours->at != NULL || value.length > SESSION_BYTES_MAX) {
            return refuse(FAULT_BAD_REQUEST, "session_cookie");
        }
        *ours = value;
    }
    if (facts->session.at != NULL && facts->value[GUARD_AUTHORIZATION].at != NULL) {
        return refuse(FAULT_BAD_REQUEST, "two_credentials");
    }
    return PASS;
}

/* Only our own pages may change anything (CWE-352). A program that is not a browser sends neither
 * header; a form in an old browser does not get past the content type. */
static struct guard_verdict check_origin(const struct guard_policy *policy,
                                         const struct guard_facts *facts)
{
    struct str site = facts->value[GUARD_SEC_FETCH_SITE];
    struct str origin = facts->value[GUARD_ORIGIN];

    if (facts->method == METHOD_GET) {
        return PASS;
    }
    if (site.at != NULL) {
        bool same = str_is(site, "same-origin");
        return same ? PASS : (struct guard_verdict){FAULT_CROSS_SITE, false, "sec_fetch_site"};
    }
    if (origin.at != NULL && !is_one_of(origin, policy->origins, policy->origin_count)) {
        return (struct guard_verdict){FAULT_CROSS_SITE, false, "origin"};
    }
    return PASS;
}

/* A form of another site can send none of these but the form itself, and only routes whose caller
 * proves itself by a signature take that (CWE-352). */
static const struct {
    const char *type;
    enum body_type body;
} MEDIA_TYPES[] = {
    {"application/json", BODY_JSON},
    {"application/x-www-form-urlencoded", BODY_FORM},
    {"text/csv", BODY_CSV},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", BODY_WORKBOOK},
};

static struct guard_verdict check_media_type(struct guard_facts *facts)
{
    struct str rest = facts->value[GUARD_CONTENT_TYPE];

    if (facts->method == METHOD_GET || (rest.at == NULL && !facts->has_body)) {
        return PASS;
    }

    struct str type = trimmed(str_cut(&rest, ';'));
    bool plain = rest.at == NULL || equal_ignoring_case(trimmed(rest), "charset=utf-8");
    for (size_t i = 0; i < COUNT_OF(MEDIA_TYPES) && plain; i++) {
        if (equal_ignoring_case(type, MEDIA_TYPES[i].type)) {
            facts->body_type = MEDIA_TYPES[i].body;
            return PASS;
        }
    }
    return (struct guard_verdict){FAULT_UNSUPPORTED_MEDIA_TYPE, false, "media_type"};
}

struct guard_verdict guard_check(const struct guard_policy *policy,
                                 const struct guard_request *request, struct guard_facts *ret_facts)
{
    struct guard_facts *facts = ret_facts;

    /* The facts are filled as far as the checks come: a refusal still wants its request id. */
    *facts = (struct guard_facts){.content_length = -1};

    struct guard_verdict line = check_line(request, facts);
    struct guard_verdict verdict = collect(request, facts);
    if (line.fault != FAULT_NONE) {
        return line;
    }
    if (verdict.fault == FAULT_NONE) {
        verdict = check_framing(request, facts);
    }
    if (verdict.fault == FAULT_NONE &&
        !is_one_of(facts->value[GUARD_HOST], policy->hosts, policy->host_count)) {
        verdict = refuse(FAULT_BAD_REQUEST, "host");
    }
    if (verdict.fault == FAULT_NONE) {
        verdict = check_forwarded(policy, request, facts);
    }
    if (verdict.fault == FAULT_NONE) {
        verdict = check_credentials(policy, facts);
    }
    if (verdict.fault == FAULT_NONE) {
        verdict = check_origin(policy, facts);
    }
    if (verdict.fault == FAULT_NONE) {
        verdict = check_media_type(facts);
    }
    return verdict;
}
