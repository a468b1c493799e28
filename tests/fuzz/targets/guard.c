/* Any request line and headers, given as lines "METHOD TARGET VERSION", then "name:value". What the
 * guard lets through has one meaning: one known host, one way of framing, no hidden bytes. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "http/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const HOSTS[] = {"a.vn"};
static const char *const ORIGINS[] = {"https://a.vn"};
static const struct guard_policy POLICY = {HOSTS, 1, ORIGINS, 1, "sid", "oidc", "device"};

static int count_of(const struct guard_request *request, const char *name)
{
    int count = 0;

    for (int i = 0; i < request->header_count; i++) {
        struct str there = request->headers[i].name;
        if (there.length == strlen(name) && strncasecmp(there.at, name, there.length) == 0) {
            count++;
        }
    }
    return count;
}

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_passed(const struct guard_request *request, const struct guard_facts *facts)
{
    int lengths = count_of(request, "content-length");
    int codings = count_of(request, "transfer-encoding");

    require(count_of(request, "host") == 1);
    require(lengths + codings <= 1);
    require(facts->has_body == (codings == 1 || facts->content_length > 0));
    require(facts->content_length >= -1 && facts->content_length <= 9999999999);
    require((lengths == 1) == (facts->content_length >= 0));
    require(request->header_count <= LIMIT_HEADERS);
    require(request->target.length <= LIMIT_TARGET_BYTES && request->target.at[0] == '/');
    require(memmem(request->target.at, request->target.length, "%00", 3) == NULL);
    require(facts->session.at == NULL || facts->value[GUARD_AUTHORIZATION].at == NULL);
    if (facts->method != METHOD_GET) {
        struct str site = facts->value[GUARD_SEC_FETCH_SITE];
        require(site.at == NULL || str_is(site, "same-origin"));
        require(!facts->has_body || facts->value[GUARD_CONTENT_TYPE].at != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct guard_header headers[LIMIT_HEADERS + 1];
    struct guard_facts facts;
    struct str rest = {(const char *)data, size};
    struct str line = str_cut(&rest, '\n');
    struct guard_request request = {.headers = headers};

    request.method = str_cut(&line, ' ');
    request.target = str_cut(&line, ' ');
    request.version = line;
    while (rest.at != NULL && request.header_count <= LIMIT_HEADERS) {
        struct str value = str_cut(&rest, '\n');
        struct str name = str_cut(&value, ':');
        headers[request.header_count] =
            (struct guard_header){name, value.at != NULL ? value : STR("")};
        request.header_count++;
    }

    struct guard_verdict verdict = guard_check(&POLICY, &request, &facts);
    require(verdict.reason != NULL && (verdict.fault == FAULT_NONE) == (verdict.reason[0] == '\0'));
    if (verdict.fault == FAULT_NONE) {
        check_passed(&request, &facts);
    }
    return 0;
}
