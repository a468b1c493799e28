#include "identity/jwk.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "base/limits.h"
#include "json/foreign.h"

enum {
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 4096,
    RSA_BYTES_MAX = RSA_BITS_MAX / 8,
    RSA_EXPONENT_BYTES_MAX = 8,
    P256_BYTES = 32,
};

/* A base64url member as bytes; 0: absent, not base64url or longer than bytes_max. */
static size_t read_bytes(const struct json_t *key, const char *name, unsigned char *ret_bytes,
                         size_t bytes_max)
{
    const char *text = foreign_text(key, name);
    size_t length = 0;
    const char *end = NULL;

    if (text == NULL ||
        sodium_base642bin(ret_bytes, bytes_max, text, strlen(text), NULL, &length, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        *end != '\0') {
        return 0;
    }
    return length;
}

static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);

    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *read_rsa(const struct json_t *object)
{
    unsigned char modulus[RSA_BYTES_MAX];
    unsigned char exponent[RSA_EXPONENT_BYTES_MAX];
    size_t n = read_bytes(object, "n", modulus, sizeof(modulus));
    size_t e = read_bytes(object, "e", exponent, sizeof(exponent));

    /* Both are odd, or they are no key; an exponent of 1 would let every signature pass. */
    if (n == 0 || e == 0 || (modulus[n - 1] & 1U) == 0 || (exponent[e - 1] & 1U) == 0 ||
        (e == 1 && exponent[0] < 3)) {
        return NULL;
    }

    EVP_PKEY *key = NULL;
    BIGNUM *bn_n = BN_bin2bn(modulus, (int)n, NULL);
    BIGNUM *bn_e = BN_bin2bn(exponent, (int)e, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (bn_n != NULL && bn_e != NULL && builder != NULL && BN_num_bits(bn_n) >= RSA_BITS_MIN &&
        !BN_is_one(bn_e) && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, bn_n) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, bn_e) == 1) {
        key = build("RSA", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_free(bn_e);
    BN_free(bn_n);
    return key;
}

static EVP_PKEY *read_ec(const struct json_t *object)
{
    unsigned char point[1 + P256_BYTES + P256_BYTES] = {0x04}; /* uncompressed */
    const char *curve = foreign_text(object, "crv");

    if (curve == NULL || strcmp(curve, "P-256") != 0 ||
        read_bytes(object, "x", point + 1, P256_BYTES) != P256_BYTES ||
        read_bytes(object, "y", point + 1 + P256_BYTES, P256_BYTES) != P256_BYTES) {
        return NULL;
    }

    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) ==
            1) {
        key = build("EC", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static bool copy_text(const struct json_t *object, const char *name, char *ret_text, size_t bytes)
{
    const char *text = foreign_text(object, name);

    ret_text[0] = '\0';
    if (text == NULL) {
        return !foreign_has(object, name);
    }
    size_t length = strlen(text);
    if (length >= bytes) {
        return false;
    }
    (void)memcpy(ret_text, text, length + 1);
    return true;
}

static bool is_for_signatures(const struct json_t *object)
{
    const char *use = foreign_text(object, "use");
    const struct json_t *operations = foreign_member(object, "key_ops");

    return (use == NULL || strcmp(use, "sig") == 0) &&
           (operations == NULL || foreign_names(operations, "verify"));
}

/* False: passed over. */
static bool read_key(const struct json_t *object, struct jwk *ret_key)
{
    const char *type = foreign_text(object, "kty");
    struct jwk key = {.kind = JWK_RSA};

    if (type == NULL || !is_for_signatures(object) ||
        !copy_text(object, "kid", key.id, sizeof(key.id)) ||
        !copy_text(object, "alg", key.algorithm, sizeof(key.algorithm))) {
        return false;
    }
    if (strcmp(type, "RSA") == 0) {
        key.key = read_rsa(object);
    } else if (strcmp(type, "EC") == 0) {
        key.kind = JWK_EC;
        key.key = read_ec(object);
    }
    *ret_key = key;
    return key.key != NULL;
}

bool jwk_set_read(struct str bytes, struct jwk_set *ret_set)
{
    CLEANUP(foreign_free) struct json_t *document = foreign_object(bytes, LIMIT_FOREIGN_BYTES);
    const struct json_t *keys = foreign_member(document, "keys");

    ret_set->count = 0;
    for (int i = 0; i < foreign_count(keys) && ret_set->count < JWK_SET_KEYS_MAX; i++) {
        if (read_key(foreign_item(keys, i), &ret_set->keys[ret_set->count])) {
            ret_set->count++;
        }
    }
    return ret_set->count > 0;
}

void jwk_set_done(struct jwk_set *set)
{
    for (int i = 0; i < set->count; i++) {
        EVP_PKEY_free(set->keys[i].key);
    }
    set->count = 0;
}
