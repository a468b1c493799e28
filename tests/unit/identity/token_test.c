#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "unit/identity/maker.h"

enum { NOW = 1795000000 };

static const char ISSUER[] = "https://idp.example.vn";
static const char CLIENT[] = "capdo";
static const char NONCE[] = "n-0S6_WzA2Mj";
static const char RS256[] = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}";

static struct arena arena;
static struct jwk_set keys;
static struct token_expected expected;

static void begin(void)
{
    maker_begin();
    arena_init(&arena, 0);
    cr_assert(jwk_set_read(str_of(maker_jwks()), &keys));
    expected = (struct token_expected){
        .issuer = ISSUER, .client_id = CLIENT, .now_s = NOW, .nonce = NONCE, .max_age_s = 3600};
}

static void end(void)
{
    jwk_set_done(&keys);
    arena_done(&arena);
    maker_end();
}

TestSuite(token, .init = begin, .fini = end, .timeout = 60);

/* A claim of the good token replaced, or (value NULL) taken away; more is added at the end. */
static const char *claims(const char *name, const char *value, const char *more)
{
    static const char *const GOOD[][2] = {
        {"iss", "\"https://idp.example.vn\""},
        {"aud", "\"capdo\""},
        {"sub", "\"a1b2\""},
        {"exp", "1795000300"},
        {"iat", "1795000000"},
        {"nonce", "\"n-0S6_WzA2Mj\""},
    };
    const char *text = "{";
    bool replaced = false;

    for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
        bool this_one = name != NULL && strcmp(GOOD[i][0], name) == 0;
        const char *is = this_one ? value : GOOD[i][1];
        replaced = replaced || this_one;
        if (is != NULL) {
            text = arena_printf(&arena, "%s%s\"%s\":%s", text, text[1] == '\0' ? "" : ",",
                                GOOD[i][0], is);
        }
    }
    if (name != NULL && !replaced && value != NULL) {
        text = arena_printf(&arena, "%s,\"%s\":%s", text, name, value);
    }
    return arena_printf(&arena, "%s%s}", text, more == NULL ? "" : more);
}

static struct id_token got;

static enum token_verdict check(struct str token)
{
    got = (struct id_token){0};
    return id_token_check(token, &keys, &expected, &arena, &got);
}

static enum token_verdict check_claims(const char *payload)
{
    return check(maker_token(RS256, payload, MAKER_RSA, WAY_RS256));
}

static enum token_verdict with(const char *name, const char *value)
{
    return check_claims(claims(name, value, NULL));
}

#define IS(verdict, expression)                                                                \
    do {                                                                                       \
        enum token_verdict found = (expression);                                               \
        cr_expect_eq(found, verdict, "%s: %s, not %s", #expression, token_verdict_code(found), \
                     token_verdict_code(verdict));                                             \
    } while (0)

Test(token, three_algorithms_are_taken)
{
    const char *payload = claims(NULL, NULL, ",\"sid\":\"s1\",\"email\":\"an@example.vn\"");

    IS(TOKEN_GOOD, check(maker_token(RS256, payload, MAKER_RSA, WAY_RS256)));
    IS(TOKEN_GOOD, check(maker_token("{\"alg\":\"PS256\",\"kid\":\"rsa-1\",\"typ\":\"JWT\"}",
                                     payload, MAKER_RSA, WAY_PS256)));
    IS(TOKEN_GOOD,
       check(maker_token("{\"alg\":\"ES256\",\"kid\":\"ec-1\"}", payload, MAKER_EC, WAY_ES256)));
    cr_assert_str_eq(got.subject, "a1b2");
    cr_assert_str_eq(got.session, "s1");
    cr_assert_str_eq(got.name, "an@example.vn");
    cr_assert_not(got.second_factor);
    cr_assert_eq(got.signed_in_at, 0);
    /* Without a name only because there is one key of that kind. */
    IS(TOKEN_GOOD, check(maker_token("{\"alg\":\"RS256\"}", payload, MAKER_RSA, WAY_RS256)));
}

Test(token, algorithms_are_an_allow_list)
{
    static const char *const NAMES[] = {"none",  "None",     "NONE",  "HS256", "HS384",
                                        "RS384", "RS512",    "ES384", "PS512", "EdDSA",
                                        "rs256", "RSA-OAEP", "dir",   ""};
    const char *payload = claims(NULL, NULL, NULL);

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        const char *header = arena_printf(&arena, "{\"alg\":\"%s\",\"kid\":\"rsa-1\"}", NAMES[i]);
        IS(TOKEN_ALGORITHM, check(maker_token(header, payload, MAKER_RSA, WAY_NONE)));
        IS(TOKEN_ALGORITHM, check(maker_token(header, payload, MAKER_RSA, WAY_RS256)));
        IS(TOKEN_ALGORITHM, check(maker_token(header, payload, MAKER_RSA, WAY_HS256_PUBLIC_KEY)));
    }
    IS(TOKEN_ALGORITHM, check(maker_token("{\"kid\":\"rsa-1\"}", payload, MAKER_RSA, WAY_RS256)));
    IS(TOKEN_ALGORITHM,
       check(maker_token("{\"alg\":null,\"kid\":\"rsa-1\"}", payload, MAKER_RSA, WAY_RS256)));
    IS(TOKEN_ALGORITHM, check(maker_token("{\"alg\":[\"RS256\"],\"kid\":\"rsa-1\"}", payload,
                                          MAKER_RSA, WAY_RS256)));
}

Test(token, an_algorithm_fits_the_type_of_the_key)
{
    const char *payload = claims(NULL, NULL, NULL);

    IS(TOKEN_KEY_UNKNOWN,
       check(maker_token("{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}", payload, MAKER_EC, WAY_ES256)));
    IS(TOKEN_KEY_UNKNOWN,
       check(maker_token("{\"alg\":\"RS256\",\"kid\":\"ec-1\"}", payload, MAKER_RSA, WAY_RS256)));
    /* One padding passed off as the other. */
    IS(TOKEN_SIGNATURE,
       check(maker_token("{\"alg\":\"PS256\",\"kid\":\"rsa-1\"}", payload, MAKER_RSA, WAY_RS256)));
    IS(TOKEN_SIGNATURE, check(maker_token(RS256, payload, MAKER_RSA, WAY_PS256)));

    /* The set says what a key is for. */
    struct jwk_set narrow;
    cr_assert(jwk_set_read(
        str_of(arena_printf(&arena, "{\"keys\":[{%s,\"alg\":\"PS256\"}]}", maker_jwk(MAKER_RSA))),
        &narrow));
    struct id_token token;
    cr_expect_eq(id_token_check(maker_token(RS256, payload, MAKER_RSA, WAY_RS256), &narrow,
                                &expected, &arena, &token),
                 TOKEN_KEY_UNKNOWN);
    jwk_set_done(&narrow);
}

Test(token, the_key_comes_from_the_set_alone)
{
    const char *payload = claims(NULL, NULL, NULL);
    const char *evil = maker_jwk(MAKER_OTHER_RSA);

    IS(TOKEN_KEY_UNKNOWN, check(maker_token("{\"alg\":\"RS256\",\"kid\":\"rsa-2\"}", payload,
                                            MAKER_OTHER_RSA, WAY_RS256)));
    IS(TOKEN_SIGNATURE, check(maker_token(RS256, payload, MAKER_OTHER_RSA, WAY_RS256)));
    IS(TOKEN_SIGNATURE,
       check(maker_token(
           arena_printf(&arena, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jwk\":{%s}}", evil),
           payload, MAKER_OTHER_RSA, WAY_RS256)));
    IS(TOKEN_SIGNATURE,
       check(maker_token("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jku\":\"https://evil.example/k\","
                         "\"x5u\":\"https://evil.example/c\",\"x5c\":[\"MIIB\"]}",
                         payload, MAKER_OTHER_RSA, WAY_RS256)));
    static const char *const NAMES[] = {
        "../../../../dev/null",   "rsa-1\\u0020", "' OR 1=1 --",
        "https://evil.example/k", "RSA-1",        "",
    };
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        IS(TOKEN_KEY_UNKNOWN,
           check(maker_token(arena_printf(&arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", NAMES[i]),
                             payload, MAKER_RSA, WAY_RS256)));
    }
    IS(TOKEN_KEY_UNKNOWN,
       check(maker_token("{\"alg\":\"RS256\",\"kid\":7}", payload, MAKER_RSA, WAY_RS256)));
}

Test(token, without_a_name_one_of_two_keys_is_not_guessed)
{
    struct jwk_set two;
    struct id_token token;

    cr_assert(jwk_set_read(str_of(arena_printf(&arena, "{\"keys\":[{%s},{%s}]}",
                                               maker_jwk(MAKER_RSA), maker_jwk(MAKER_OTHER_RSA))),
                           &two));
    cr_expect_eq(two.count, 2);
    cr_expect_eq(id_token_check(maker_token("{\"alg\":\"RS256\"}", claims(NULL, NULL, NULL),
                                            MAKER_RSA, WAY_RS256),
                                &two, &expected, &arena, &token),
                 TOKEN_KEY_UNKNOWN);
    jwk_set_done(&two);
}

Test(token, every_altered_byte_is_noticed)
{
    struct str good = maker_token(RS256, claims(NULL, NULL, NULL), MAKER_RSA, WAY_RS256);
    struct str ec = maker_token("{\"alg\":\"ES256\",\"kid\":\"ec-1\"}", claims(NULL, NULL, NULL),
                                MAKER_EC, WAY_ES256);
    const struct str both[] = {good, ec};

    for (size_t t = 0; t < COUNT_OF(both); t++) {
        char *copy = arena_copy(&arena, both[t].at);
        for (size_t i = 0; i < both[t].length; i += 3) {
            char was = copy[i];
            copy[i] = was == 'A' ? 'B' : 'A';
            cr_expect_neq(check(str_of(copy)), TOKEN_GOOD, "byte %zu", i);
            copy[i] = was;
        }
        IS(TOKEN_GOOD, check(str_of(copy)));
    }
}

Test(token, the_form_is_exact)
{
    struct str good = maker_token(RS256, claims(NULL, NULL, NULL), MAKER_RSA, WAY_RS256);
    const char *dot = strrchr(good.at, '.');

    IS(TOKEN_MALFORMED, check(STR("")));
    IS(TOKEN_MALFORMED, check(STR("a.b")));
    IS(TOKEN_MALFORMED, check(STR("...")));
    IS(TOKEN_MALFORMED, check(str_of(arena_printf(&arena, "%s.", good.at))));
    IS(TOKEN_MALFORMED, check(str_of(arena_printf(&arena, "%s.a.b", good.at)))); /* five: JWE */
    IS(TOKEN_SIGNATURE, check((struct str){good.at, (size_t)(dot - good.at) + 1}));
    IS(TOKEN_SIGNATURE, check(str_of(arena_printf(&arena, "%s=", good.at))));
    IS(TOKEN_SIGNATURE, check(str_of(arena_printf(&arena, "%s\n", good.at))));
    IS(TOKEN_MALFORMED, check(maker_token("[]", "{}", MAKER_RSA, WAY_RS256)));
    /* Two members of one name: two readers, two meanings. */
    IS(TOKEN_MALFORMED, check(maker_token("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
                                          "{}", MAKER_RSA, WAY_RS256)));
    IS(TOKEN_CLAIMS, check_claims("[]"));
    IS(TOKEN_CLAIMS, check_claims("not json"));
    IS(TOKEN_CLAIMS, check_claims(claims(NULL, NULL, ",\"sub\":\"root\"")));
    IS(TOKEN_CRITICAL, check(maker_token("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"b64\":false,"
                                         "\"crit\":[\"b64\"]}",
                                         claims(NULL, NULL, NULL), MAKER_RSA, WAY_RS256)));
    IS(TOKEN_TYPE, check(maker_token("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"at+jwt\"}",
                                     claims(NULL, NULL, NULL), MAKER_RSA, WAY_RS256)));
    IS(TOKEN_TYPE, check(maker_token("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"logout+jwt\"}",
                                     claims(NULL, NULL, NULL), MAKER_RSA, WAY_RS256)));

    char *large = arena_alloc(&arena, LIMIT_TOKEN_BYTES + 2);
    (void)memset(large, 'A', LIMIT_TOKEN_BYTES + 1);
    IS(TOKEN_TOO_LARGE, check(str_of(large)));
}

Test(token, issuer_and_audience_are_ours)
{
    IS(TOKEN_ISSUER, with("iss", "\"https://idp.example.vn/\""));
    IS(TOKEN_ISSUER, with("iss", "\"https://IDP.example.vn\""));
    IS(TOKEN_ISSUER, with("iss", "\"https://evil.example\""));
    IS(TOKEN_ISSUER, with("iss", "[\"https://idp.example.vn\"]"));
    IS(TOKEN_ISSUER, with("iss", NULL));

    IS(TOKEN_AUDIENCE, with("aud", "\"another\""));
    IS(TOKEN_AUDIENCE, with("aud", "\"capdo2\""));
    IS(TOKEN_AUDIENCE, with("aud", "[]"));
    IS(TOKEN_AUDIENCE, with("aud", "[[\"capdo\"]]"));
    IS(TOKEN_AUDIENCE, with("aud", "{\"capdo\":1}"));
    IS(TOKEN_AUDIENCE, with("aud", NULL));
    IS(TOKEN_GOOD, with("aud", "[\"capdo\"]"));
    /* Made for several: then azp says for whom. */
    IS(TOKEN_AUDIENCE, with("aud", "[\"capdo\",\"another\"]"));
    IS(TOKEN_GOOD, check_claims(claims("aud", "[\"another\",\"capdo\"]", ",\"azp\":\"capdo\"")));
    IS(TOKEN_AUDIENCE,
       check_claims(claims("aud", "[\"capdo\",\"another\"]", ",\"azp\":\"another\"")));
    IS(TOKEN_AUDIENCE, with("azp", "\"another\""));
    IS(TOKEN_AUDIENCE, with("azp", "null"));
}

Test(token, times_count)
{
    IS(TOKEN_EXPIRED, with("exp", "1794999940"));
    IS(TOKEN_GOOD, with("exp", "1794999941"));
    IS(TOKEN_EXPIRED, with("exp", "-1"));
    IS(TOKEN_EXPIRED, with("exp", "\"1795000300\""));
    IS(TOKEN_EXPIRED, with("exp", NULL));
    IS(TOKEN_EXPIRED, with("exp", "1e300"));
    IS(TOKEN_GOOD, with("exp", "1795000300.75"));
    IS(TOKEN_ISSUED_AT, with("iat", "1795000061"));
    IS(TOKEN_GOOD, with("iat", "1795000060"));
    IS(TOKEN_GOOD, with("iat", "1794999400"));
    IS(TOKEN_ISSUED_AT, with("iat", "1794999399"));
    IS(TOKEN_ISSUED_AT, with("iat", NULL));
    IS(TOKEN_ISSUED_AT, with("nbf", "1795000061"));
    IS(TOKEN_ISSUED_AT, with("nbf", "null"));
    IS(TOKEN_GOOD, with("nbf", "1795000000"));
}

Test(token, nonce_subject_and_access_token_belong_together)
{
    IS(TOKEN_NONCE, with("nonce", "\"n-0S6_WzA2Mk\""));
    IS(TOKEN_NONCE, with("nonce", "\"n-0S6_WzA2M\""));
    IS(TOKEN_NONCE, with("nonce", "\"\""));
    IS(TOKEN_NONCE, with("nonce", NULL));

    IS(TOKEN_SUBJECT, with("sub", NULL));
    IS(TOKEN_SUBJECT, with("sub", "\"\""));
    IS(TOKEN_SUBJECT, with("sub", "12"));
    IS(TOKEN_SUBJECT, with("sub", "\"t\\u1ebfn\""));
    IS(TOKEN_SUBJECT, with("sub", arena_printf(&arena, "\"%0256d\"", 1)));
    IS(TOKEN_GOOD, with("sub", arena_printf(&arena, "\"%0255d\"", 1)));

    /* The example of the standard, in two pieces so that no scanner takes it for a secret. */
    expected.access_token = "jHkWEdUXMU1BwAsC4vt"
                            "UsZwnNvTIxEl0z9K3vx5KF0Y";
    IS(TOKEN_GOOD, with(NULL, NULL));
    IS(TOKEN_GOOD, with("at_hash", "\"77QmUPtjPfzWtF2AnpK9RQ\""));
    IS(TOKEN_ACCESS_HASH, with("at_hash", "\"77QmUPtjPfzWtF2AnpK9RR\""));
    IS(TOKEN_ACCESS_HASH, with("at_hash", "1"));
}

Test(token, a_second_factor_is_what_the_provider_says_and_when)
{
    static const char *const ACR[] = {"urn:mfa", NULL};
    static const char *const AMR[] = {"otp", "hwk", NULL};

    expected.trusted_acr = ACR;
    expected.trusted_amr = AMR;
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1794999000", ",\"acr\":\"urn:mfa\"")));
    cr_expect(got.second_factor);
    cr_expect_eq(got.signed_in_at, 1794999000);
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1794999000", ",\"amr\":[\"pwd\",\"otp\"]")));
    cr_expect(got.second_factor);
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1794999000", ",\"amr\":[\"pwd\"]")));
    cr_expect_not(got.second_factor);
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1794999000", ",\"acr\":\"otp\"")));
    cr_expect_not(got.second_factor);
    /* Without the time it may be hours old. */
    IS(TOKEN_GOOD, check_claims(claims(NULL, NULL, ",\"amr\":[\"otp\"]")));
    cr_expect_not(got.second_factor);
    /* Never in the future, or the factor would stay fresh. */
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1795000059", ",\"amr\":[\"otp\"]")));
    cr_expect_eq(got.signed_in_at, NOW);
    IS(TOKEN_SIGNED_IN_AT, with("auth_time", "1795000061"));
    IS(TOKEN_SIGNED_IN_AT, with("auth_time", "1794996339"));
    IS(TOKEN_GOOD, with("auth_time", "1794996340"));
    IS(TOKEN_SIGNED_IN_AT, with("auth_time", "\"now\""));

    expected.trusted_acr = NULL;
    expected.trusted_amr = NULL;
    IS(TOKEN_GOOD, check_claims(claims("auth_time", "1794999000", ",\"amr\":[\"otp\"]")));
    cr_expect_not(got.second_factor);
}

static struct logout_token out;

static enum token_verdict check_logout(const char *header, const char *payload)
{
    out = (struct logout_token){0};
    return logout_token_check(maker_token(header, payload, MAKER_RSA, WAY_RS256), &keys, &expected,
                              &arena, &out);
}

#define EVENT "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}"
#define LOGOUT \
    "{\"iss\":\"https://idp.example.vn\",\"aud\":\"capdo\",\"iat\":1795000000,\"exp\":1795000120,"

Test(token, a_logout_token_names_a_session_or_a_person)
{
    static const char TYPED[] = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"logout+jwt\"}";

    IS(TOKEN_GOOD, check_logout(TYPED, LOGOUT EVENT ",\"jti\":\"j\",\"sid\":\"s\"}"));
    cr_expect_str_eq(out.id, "j");
    cr_expect_str_eq(out.session, "s");
    cr_expect_null(out.subject);
    cr_expect_eq(out.expires_at, 1795000120);
    IS(TOKEN_GOOD, check_logout(RS256, LOGOUT EVENT ",\"jti\":\"j\",\"sub\":\"a1b2\"}"));
    cr_expect_str_eq(out.subject, "a1b2");

    IS(TOKEN_SUBJECT, check_logout(TYPED, LOGOUT EVENT ",\"jti\":\"j\"}"));
    /* One that cannot be read must not widen what is ended. */
    IS(TOKEN_SUBJECT, check_logout(TYPED, LOGOUT EVENT ",\"jti\":\"j\",\"sub\":\"a\",\"sid\":7}"));
    IS(TOKEN_CLAIMS, check_logout(TYPED, LOGOUT EVENT ",\"sid\":\"s\"}"));
    IS(TOKEN_EVENT, check_logout(TYPED, LOGOUT "\"jti\":\"j\",\"sid\":\"s\"}"));
    IS(TOKEN_EVENT, check_logout(TYPED, LOGOUT "\"jti\":\"j\",\"sid\":\"s\",\"events\":{}}"));
    IS(TOKEN_EVENT, check_logout(TYPED, LOGOUT "\"jti\":\"j\",\"sid\":\"s\",\"events\":{"
                                               "\"http://schemas.openid.net/event/"
                                               "backchannel-logout\":true}}"));
    IS(TOKEN_NONCE,
       check_logout(TYPED, LOGOUT EVENT ",\"jti\":\"j\",\"sid\":\"s\",\"nonce\":\"n\"}"));
    IS(TOKEN_TYPE, check_logout("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"at+jwt\"}",
                                LOGOUT EVENT ",\"jti\":\"j\",\"sid\":\"s\"}"));
    /* Neither token passes for the other. */
    IS(TOKEN_EVENT, check_logout(RS256, claims(NULL, NULL, ",\"sid\":\"s\",\"jti\":\"j\"")));
    IS(TOKEN_NONCE, check_claims(LOGOUT EVENT ",\"jti\":\"j\",\"sub\":\"a1b2\"}"));
}
