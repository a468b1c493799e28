#include <criterion/criterion.h>

#include "identity/fetch.h"

static const char *const HOSTS[] = {"idp.example.vn",  "127.0.0.1:8149",    "[::1]",
                                    "Keys.example.vn", "evil.example:8443", NULL};
static const struct fetch_policy POLICY = {.hosts = HOSTS};

Test(fetch, only_named_hosts_over_https)
{
    cr_expect(fetch_allowed(&POLICY, "https://idp.example.vn/keys?x=1"));
    cr_expect(fetch_allowed(&POLICY, "https://IDP.example.vn/"));
    cr_expect(fetch_allowed(&POLICY, "https://keys.example.vn/a"));
    cr_expect(fetch_allowed(&POLICY, "http://127.0.0.1:8149/token"));
    cr_expect(fetch_allowed(&POLICY, "http://[::1]/token"));

    static const char *const BAD[] = {
        "http://idp.example.vn/keys",
        "https://idp.example.vn:8443/",
        "https://idp.example.vn.evil.example/",
        "https://evil.example/",
        "http://evil.example:8443/",
        "https://idp.example.vn@evil.example/",
        "https://user@idp.example.vn/",
        "https://user:word@idp.example.vn/",
        "https://evil.example/#idp.example.vn",
        "https://idp.example.vn/#x",
        "https://evil.example\\@idp.example.vn/",
        "http://127.0.0.1/",
        "http://127.0.0.1:8148/",
        "http://0177.0.0.1:8149.evil.example/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://idp.example.vn/",
        "gopher://idp.example.vn/",
        "//idp.example.vn/",
        "/keys",
        "idp.example.vn",
        "https://",
        "",
        "https://idp.example.vn /",
        "https://idp.exa\nmple.vn/",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        cr_expect_not(fetch_allowed(&POLICY, BAD[i]), "%s", BAD[i]);
    }
}

Test(fetch, a_form_value_is_escaped)
{
    struct arena arena;

    arena_init(&arena, 0);
    cr_expect_str_eq(fetch_escape(&arena, "a b&c=d+e/%\"é~"), "a%20b%26c%3Dd%2Be%2F%25%22%C3%A9~");
    cr_expect_str_eq(fetch_escape(&arena, ""), "");
    arena_done(&arena);
}
