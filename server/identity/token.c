#include "identity/token.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "json/foreign.h"

enum {
    SUBJECT_BYTES_MAX = 255, /* OpenID Connect Core §2 */
    NAME_BYTES_MAX = 200,
    TOKEN_ID_BYTES_MAX = 255,
};

static const char LOGOUT_EVENT[] = "http://schemas.openid.net/event/backchannel-logout";

/* Printable ASCII of a sensible length: goes into a row and is compared there. */
static bool is_plain(const char *text, size_t bytes_max)
{
    size_t length = 0;

    for (; text[length] != '\0'; length++) {
        if (length == bytes_max || text[length] < 0x20 || text[length] > 0x7e) {
            return false;
        }
    }
    return length > 0;
}

static bool is_for_us(const struct json_t *claims, const char *client_id)
{
    const struct json_t *audience = foreign_member(claims, "aud");
    const char *party = foreign_text(claims, "azp");

    if (!foreign_names(audience, client_id)) {
        return false;
    }
    if (foreign_has(claims, "azp")) {
        return party != NULL && strcmp(party, client_id) == 0;
    }
    /* Made for several: then it must say for whom. */
    return foreign_count(audience) <= 1;
}

/* Issuer, audience and times: the same for both tokens. */
static enum token_verdict check_common(const struct json_t *claims,
                                       const struct token_expected *expected,
                                       int64_t *ret_expires_at)
{
    const char *issuer = foreign_text(claims, "iss");
    int64_t issued = 0;
    int64_t not_before = 0;
    int64_t now = expected->now_s;

    if (issuer == NULL || strcmp(issuer, expected->issuer) != 0) {
        return TOKEN_ISSUER;
    }
    if (!is_for_us(claims, expected->client_id)) {
        return TOKEN_AUDIENCE;
    }
    if (!foreign_int(claims, "exp", ret_expires_at) ||
        *ret_expires_at <= now - LIMIT_TOKEN_SKEW_S) {
        return TOKEN_EXPIRED;
    }
    if (!foreign_int(claims, "iat", &issued) || issued > now + LIMIT_TOKEN_SKEW_S ||
        issued < now - LIMIT_TOKEN_AGE_S) {
        return TOKEN_ISSUED_AT;
    }
    if (foreign_has(claims, "nbf") &&
        (!foreign_int(claims, "nbf", &not_before) || not_before > now + LIMIT_TOKEN_SKEW_S)) {
        return TOKEN_ISSUED_AT;
    }
    return TOKEN_GOOD;
}

/* The left half of the hash, for the algorithms we take all of SHA-256 (§3.1.3.6). */
static bool access_hash_is_right(const char *told, const char *access_token)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char text[32];

    (void)crypto_hash_sha256(digest, (const unsigned char *)access_token, strlen(access_token));
    (void)sodium_bin2base64(text, sizeof(text), digest, sizeof(digest) / 2,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strcmp(told, text) == 0;
}

static bool names_one_of(const struct json_t *value, const char *const *trusted)
{
    for (int i = 0; trusted != NULL && trusted[i] != NULL; i++) {
        if (foreign_names(value, trusted[i])) {
            return true;
        }
    }
    return false;
}

/* How the person signed in there, and when. */
static enum token_verdict check_sign_in(const struct json_t *claims,
                                        const struct token_expected *expected,
                                        struct id_token *ret_token)
{
    int64_t at = 0;

    if (!foreign_has(claims, "auth_time")) {
        return TOKEN_GOOD;
    }
    if (!foreign_int(claims, "auth_time", &at) || at <= 0 ||
        at > expected->now_s + LIMIT_TOKEN_SKEW_S ||
        at < expected->now_s - expected->max_age_s - LIMIT_TOKEN_SKEW_S) {
        return TOKEN_SIGNED_IN_AT;
    }
    ret_token->signed_in_at = at < expected->now_s ? at : expected->now_s;
    ret_token->second_factor = names_one_of(foreign_member(claims, "acr"), expected->trusted_acr) ||
                               names_one_of(foreign_member(claims, "amr"), expected->trusted_amr);
    return TOKEN_GOOD;
}

static const char *copy_plain(struct arena *arena, const struct json_t *claims, const char *name,
                              size_t bytes_max)
{
    const char *text = foreign_text(claims, name);

    return text != NULL && is_plain(text, bytes_max) ? arena_copy(arena, text) : NULL;
}

/* Only to tell one linked identity from another on the person's own page. */
static const char *display_name(struct arena *arena, const struct json_t *claims)
{
    static const char *const NAMES[] = {"email", "preferred_username", "name"};

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        const char *text = foreign_text(claims, NAMES[i]);
        if (text != NULL && strlen(text) <= NAME_BYTES_MAX) {
            return arena_copy(arena, text);
        }
    }
    return "";
}

static enum token_verdict check_id_claims(const struct json_t *claims,
                                          const struct token_expected *expected,
                                          struct arena *arena, struct id_token *ret_token)
{
    int64_t expires_at = 0;
    const char *nonce = foreign_text(claims, "nonce");
    const char *hash = foreign_text(claims, "at_hash");
    enum token_verdict verdict = check_common(claims, expected, &expires_at);

    if (verdict != TOKEN_GOOD) {
        return verdict;
    }
    if (nonce == NULL || !str_equal_secret(str_of(nonce), str_of(expected->nonce))) {
        return TOKEN_NONCE;
    }
    if (foreign_has(claims, "at_hash") && expected->access_token != NULL &&
        (hash == NULL || !access_hash_is_right(hash, expected->access_token))) {
        return TOKEN_ACCESS_HASH;
    }
    ret_token->subject = copy_plain(arena, claims, "sub", SUBJECT_BYTES_MAX);
    ret_token->session = copy_plain(arena, claims, "sid", SUBJECT_BYTES_MAX);
    ret_token->name = display_name(arena, claims);
    if (ret_token->subject == NULL) {
        return TOKEN_SUBJECT;
    }
    return check_sign_in(claims, expected, ret_token);
}

static bool type_is(const char *type, const char *wanted)
{
    return type == NULL || strcasecmp(type, "JWT") == 0 ||
           (wanted != NULL && strcasecmp(type, wanted) == 0);
}

#ifdef CAPDO_TEST_HOOKS
/* A server that believes every token: the test of hostile providers must see it let them in. */
static bool is_believed(struct str token, struct arena *arena, struct id_token *ret_token)
{
    struct str rest = token;
    size_t length = 0;
    unsigned char *bytes = arena_alloc(arena, token.length);

    if (getenv("CAPDO_TEST_TOKEN_UNVERIFIED") == NULL) {
        return false;
    }
    (void)str_cut(&rest, '.');
    struct str payload = str_cut(&rest, '.');
    if (payload.at == NULL ||
        sodium_base642bin(bytes, token.length, payload.at, payload.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return false;
    }
    CLEANUP(foreign_free)
    struct json_t *claims =
        foreign_object((struct str){(const char *)bytes, length}, LIMIT_TOKEN_BYTES);
    *ret_token = (struct id_token){.subject = copy_plain(arena, claims, "sub", SUBJECT_BYTES_MAX),
                                   .name = ""};
    return ret_token->subject != NULL;
}
#else
static bool is_believed(struct str token, struct arena *arena, const struct id_token *ret_token)
{
    (void)token;
    (void)arena;
    (void)ret_token;
    return false;
}
#endif

enum token_verdict id_token_check(struct str token, const struct jwk_set *keys,
                                  const struct token_expected *expected, struct arena *arena,
                                  struct id_token *ret_token)
{
    struct jws jws;
    struct id_token found = {0};

    if (is_believed(token, arena, ret_token)) {
        return TOKEN_GOOD;
    }
    enum token_verdict verdict = jws_verify(token, keys, arena, &jws);

    if (verdict != TOKEN_GOOD) {
        return verdict;
    }
    /* A logout token or an access token says so here. */
    if (!type_is(jws.type, NULL)) {
        return TOKEN_TYPE;
    }
    CLEANUP(foreign_free) struct json_t *claims = foreign_object(jws.payload, LIMIT_TOKEN_BYTES);
    if (claims == NULL) {
        return TOKEN_CLAIMS;
    }
    verdict = check_id_claims(claims, expected, arena, &found);
    if (verdict == TOKEN_GOOD) {
        *ret_token = found;
    }
    return verdict;
}

static enum token_verdict check_logout_claims(const struct json_t *claims,
                                              const struct token_expected *expected,
                                              struct arena *arena, struct logout_token *ret_token)
{
    const struct json_t *events = foreign_member(claims, "events");
    enum token_verdict verdict = check_common(claims, expected, &ret_token->expires_at);

    if (verdict != TOKEN_GOOD) {
        return verdict;
    }
    if (!foreign_is_object(foreign_member(events, LOGOUT_EVENT))) {
        return TOKEN_EVENT;
    }
    /* Forbidden, so that an ID token never passes for one. */
    if (foreign_has(claims, "nonce")) {
        return TOKEN_NONCE;
    }
    ret_token->id = copy_plain(arena, claims, "jti", TOKEN_ID_BYTES_MAX);
    ret_token->subject = copy_plain(arena, claims, "sub", SUBJECT_BYTES_MAX);
    ret_token->session = copy_plain(arena, claims, "sid", SUBJECT_BYTES_MAX);
    if (ret_token->id == NULL) {
        return TOKEN_CLAIMS;
    }
    if ((ret_token->subject == NULL && ret_token->session == NULL) ||
        (ret_token->subject == NULL && foreign_has(claims, "sub")) ||
        (ret_token->session == NULL && foreign_has(claims, "sid"))) {
        return TOKEN_SUBJECT;
    }
    return TOKEN_GOOD;
}

enum token_verdict logout_token_check(struct str token, const struct jwk_set *keys,
                                      const struct token_expected *expected, struct arena *arena,
                                      struct logout_token *ret_token)
{
    struct jws jws;
    struct logout_token found = {0};
    enum token_verdict verdict = jws_verify(token, keys, arena, &jws);

    if (verdict != TOKEN_GOOD) {
        return verdict;
    }
    if (!type_is(jws.type, "logout+jwt")) {
        return TOKEN_TYPE;
    }
    CLEANUP(foreign_free) struct json_t *claims = foreign_object(jws.payload, LIMIT_TOKEN_BYTES);
    if (claims == NULL) {
        return TOKEN_CLAIMS;
    }
    verdict = check_logout_claims(claims, expected, arena, &found);
    if (verdict == TOKEN_GOOD) {
        *ret_token = found;
    }
    return verdict;
}
