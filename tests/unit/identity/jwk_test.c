#include <criterion/criterion.h>
#include <string.h>

#include "base/limits.h"
#include "unit/identity/maker.h"

static struct arena arena;

static void begin(void)
{
    maker_begin();
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_done(&arena);
    maker_end();
}

TestSuite(jwk, .init = begin, .fini = end, .timeout = 60);

/* How many keys of the list can be used. */
static int usable(const char *keys)
{
    struct jwk_set set;
    bool any = jwk_set_read(str_of(arena_printf(&arena, "{\"keys\":[%s]}", keys)), &set);
    int count = set.count;

    cr_expect_eq(any, count > 0);
    jwk_set_done(&set);
    return count;
}

static int usable_with(enum maker_key key, const char *more)
{
    return usable(arena_printf(&arena, "{%s%s}", maker_jwk(key), more));
}

Test(jwk, only_keys_for_signatures_that_we_know)
{
    cr_expect_eq(usable_with(MAKER_RSA, ""), 1);
    cr_expect_eq(usable_with(MAKER_EC, ""), 1);
    cr_expect_eq(usable_with(MAKER_RSA, ",\"use\":\"sig\",\"key_ops\":[\"verify\"]"), 1);
    cr_expect_eq(usable_with(MAKER_RSA, ",\"use\":\"enc\""), 0);
    cr_expect_eq(usable_with(MAKER_RSA, ",\"key_ops\":[\"encrypt\"]"), 0);
    cr_expect_eq(usable_with(MAKER_RSA, ",\"alg\":7"), 0);
    cr_expect_eq(usable("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}"), 0);
    cr_expect_eq(usable("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}"), 0);
    cr_expect_eq(usable("{},7,null,\"x\""), 0);
    /* One that we cannot use takes nothing away from those we can. */
    cr_expect_eq(
        usable(arena_printf(&arena, "{\"kty\":\"oct\",\"k\":\"AA\"},{%s}", maker_jwk(MAKER_RSA))),
        1);
}

Test(jwk, weak_and_broken_keys_are_passed_over)
{
    cr_expect_eq(usable("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"wQ\"}"), 0);
    /* 1024 bits */
    cr_expect_eq(
        usable("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
               "4ZHvF0p9y7Zq0c5Fh2o2Gd0e3bPp1sQ1yNqv3dQXJrJ8yqkWf0F9m2mJ0j6n8Xz2aVd3bqj7Zt0lC1WQ"
               "0cQ7v8b4l6m2f9yJ7w5s3k1p0t6q8z2x4v6b8n0m2k4j6h8g0f2d4s6a8p0o2i4u6y8t0r2e4w6q8A1S"
               "3D5F7\"}"),
        0);
    const char *good = maker_jwk(MAKER_RSA);
    const char *e = strstr(good, ",\"e\"");
    int before = (int)(e - good);
    cr_expect_eq(usable(arena_printf(&arena, "{%.*s,\"e\":\"AQAB\"}", before, good)), 1);
    cr_expect_eq(usable(arena_printf(&arena, "{%.*s,\"e\":\"AQ\"}", before, good)), 0);
    cr_expect_eq(usable(arena_printf(&arena, "{%.*s,\"e\":\"AAAAAQ\"}", before, good)), 0);
    cr_expect_eq(usable(arena_printf(&arena, "{%.*s,\"e\":\"AA\"}", before, good)), 0);
    cr_expect_eq(usable(arena_printf(&arena, "{%.*s}", before, good)), 0);
    /* A point that is not on the curve. */
    cr_expect_eq(usable("{\"kty\":\"EC\",\"crv\":\"P-256\","
                        "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\","
                        "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}"),
                 0);
    cr_expect_eq(usable("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}"), 0);
}

Test(jwk, a_set_has_bounds)
{
    struct jwk_set set;
    struct buffer many;

    cr_expect_not(jwk_set_read(STR(""), &set));
    cr_expect_not(jwk_set_read(STR("[]"), &set));
    cr_expect_not(jwk_set_read(STR("{}"), &set));
    cr_expect_not(jwk_set_read(STR("{\"keys\":{}}"), &set));

    buffer_init(&many, 1024);
    buffer_text(&many, "{\"keys\":[");
    for (int i = 0; i < 200; i++) {
        buffer_printf(&many, "%s{%s}", i > 0 ? "," : "", maker_jwk(MAKER_EC));
    }
    buffer_text(&many, "]}");
    cr_expect(jwk_set_read((struct str){many.at, many.length}, &set));
    cr_expect_eq(set.count, JWK_SET_KEYS_MAX);
    jwk_set_done(&set);

    /* Larger than an answer may be. */
    buffer_clear(&many);
    buffer_printf(&many, "{\"keys\":[{%s}],\"x\":\"", maker_jwk(MAKER_EC));
    while (many.length <= LIMIT_FOREIGN_BYTES) {
        buffer_text(&many, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
    buffer_text(&many, "\"}");
    cr_expect_not(jwk_set_read((struct str){many.at, many.length}, &set));
    buffer_done(&many);
}
