#include "identity/jws.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <string.h>

#include "base/limits.h"
#include "json/foreign.h"

enum { HEADER_BYTES_MAX = 8 * KIB, P256_BYTES = 32, SIGNATURE_BYTES_MAX = 512, DER_BYTES_MAX = 80 };

static const struct algorithm {
    const char *name;
    enum jwk_kind kind;
    bool pss;
} ALGORITHMS[] = {
    {"RS256", JWK_RSA, false},
    {"PS256", JWK_RSA, true},
    {"ES256", JWK_EC, false},
};

const char *token_verdict_code(enum token_verdict verdict)
{
    static const char *const CODES[TOKEN_VERDICT_COUNT] = {
        [TOKEN_GOOD] = "good",
        [TOKEN_TOO_LARGE] = "too_large",
        [TOKEN_MALFORMED] = "malformed",
        [TOKEN_ALGORITHM] = "algorithm",
        [TOKEN_CRITICAL] = "critical_header",
        [TOKEN_TYPE] = "type",
        [TOKEN_KEY_UNKNOWN] = "key_unknown",
        [TOKEN_SIGNATURE] = "signature",
        [TOKEN_CLAIMS] = "claims",
        [TOKEN_ISSUER] = "issuer",
        [TOKEN_AUDIENCE] = "audience",
        [TOKEN_EXPIRED] = "expired",
        [TOKEN_ISSUED_AT] = "issued_at",
        [TOKEN_NONCE] = "nonce",
        [TOKEN_ACCESS_HASH] = "access_hash",
        [TOKEN_SIGNED_IN_AT] = "signed_in_at",
        [TOKEN_SUBJECT] = "subject",
        [TOKEN_EVENT] = "event",
    };

    return (unsigned)verdict < TOKEN_VERDICT_COUNT ? CODES[verdict] : "";
}

/* {NULL, 0} when it is not base64url without padding. */
static struct str decode(struct arena *arena, struct str text)
{
    size_t bytes = text.length / 4 * 3 + 3;
    unsigned char *out = arena_alloc(arena, bytes);
    size_t length = 0;
    const char *end = NULL;

    if (text.length == 0 ||
        sodium_base642bin(out, bytes, text.at, text.length, NULL, &length, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        end != text.at + text.length) {
        return (struct str){NULL, 0};
    }
    return (struct str){(const char *)out, length};
}

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; name != NULL && i < COUNT_OF(ALGORITHMS); i++) {
        if (strcmp(ALGORITHMS[i].name, name) == 0) {
            return &ALGORITHMS[i];
        }
    }
    return NULL;
}

static bool fits(const struct jwk *key, const struct algorithm *algorithm)
{
    return key->kind == algorithm->kind &&
           (key->algorithm[0] == '\0' || strcmp(key->algorithm, algorithm->name) == 0);
}

/* The key that the header names; without a name only a key that is the only one that fits. */
static const struct jwk *find_key(const struct jwk_set *keys, const struct json_t *header,
                                  const struct algorithm *algorithm)
{
    const char *id = foreign_text(header, "kid");
    const struct jwk *found = NULL;

    if (id == NULL && foreign_has(header, "kid")) {
        return NULL;
    }
    for (int i = 0; i < keys->count; i++) {
        const struct jwk *key = &keys->keys[i];
        if (!fits(key, algorithm) || (id != NULL && strcmp(key->id, id) != 0)) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = key;
    }
    return found;
}

/* JWS has r and s side by side (RFC 7518 §3.4), OpenSSL wants them in DER. */
static int ecdsa_to_der(struct str signature, unsigned char ret_der[static DER_BYTES_MAX])
{
    const unsigned char *bytes = (const unsigned char *)signature.at;
    int length = -1;

    if (signature.length != P256_BYTES + P256_BYTES) {
        return -1;
    }

    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(bytes, P256_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(bytes + P256_BYTES, P256_BYTES, NULL);
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        unsigned char *at = ret_der;
        r = NULL; /* the pair owns them now */
        s = NULL;
        length = i2d_ECDSA_SIG(pair, NULL) <= DER_BYTES_MAX ? i2d_ECDSA_SIG(pair, &at) : -1;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return length;
}

static bool signature_is_right(const struct jwk *key, const struct algorithm *algorithm,
                               struct str input, struct str signature)
{
    unsigned char der[DER_BYTES_MAX];
    const unsigned char *bytes = (const unsigned char *)signature.at;
    size_t length = signature.length;
    EVP_PKEY_CTX *padding = NULL; /* belongs to the context */

    if (length == 0 || length > SIGNATURE_BYTES_MAX) {
        return false;
    }
    if (algorithm->kind == JWK_EC) {
        int der_length = ecdsa_to_der(signature, der);
        if (der_length <= 0) {
            return false;
        }
        bytes = der;
        length = (size_t)der_length;
    }

    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool right = context != NULL &&
                 EVP_DigestVerifyInit(context, &padding, EVP_sha256(), NULL, key->key) == 1 &&
                 (!algorithm->pss ||
                  (EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
                   EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
                 EVP_DigestVerify(context, bytes, length, (const unsigned char *)input.at,
                                  input.length) == 1;
    EVP_MD_CTX_free(context);
    return right;
}

static enum token_verdict check_signature(const struct json_t *header, const struct jwk_set *keys,
                                          struct str input, struct str signature)
{
    const struct algorithm *algorithm = find_algorithm(foreign_text(header, "alg"));

    if (algorithm == NULL) {
        return TOKEN_ALGORITHM;
    }
    /* Extensions that must be understood; we understand none (RFC 7515 §4.1.11). */
    if (foreign_has(header, "crit")) {
        return TOKEN_CRITICAL;
    }
    const struct jwk *key = find_key(keys, header, algorithm);
    if (key == NULL) {
        return TOKEN_KEY_UNKNOWN;
    }
    return signature_is_right(key, algorithm, input, signature) ? TOKEN_GOOD : TOKEN_SIGNATURE;
}

enum token_verdict jws_verify(struct str token, const struct jwk_set *keys, struct arena *arena,
                              struct jws *ret_jws)
{
    struct str rest = token;

    if (token.length > LIMIT_TOKEN_BYTES) {
        return TOKEN_TOO_LARGE;
    }

    struct str header_text = str_cut(&rest, '.');
    struct str payload_text = str_cut(&rest, '.');
    if (rest.at == NULL || memchr(rest.at, '.', rest.length) != NULL) {
        return TOKEN_MALFORMED;
    }
    struct str input = {token.at, header_text.length + 1 + payload_text.length};
    struct str payload = decode(arena, payload_text);
    CLEANUP(foreign_free)
    struct json_t *header = foreign_object(decode(arena, header_text), HEADER_BYTES_MAX);
    if (header == NULL || payload.at == NULL) {
        return TOKEN_MALFORMED;
    }

    /* An unsigned token ends in a dot; its signature is empty, which no algorithm here makes. */
    enum token_verdict verdict = check_signature(header, keys, input, decode(arena, rest));
    if (verdict == TOKEN_GOOD) {
        const char *type = foreign_text(header, "typ");
        *ret_jws =
            (struct jws){.payload = payload, .type = type == NULL ? NULL : arena_copy(arena, type)};
    }
    return verdict;
}
