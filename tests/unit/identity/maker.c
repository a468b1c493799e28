#include "unit/identity/maker.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static EVP_PKEY *keys[MAKER_KEY_COUNT];
static struct arena arena;

void maker_begin(void)
{
    arena_init(&arena, 0);
    keys[MAKER_RSA] = EVP_RSA_gen(2048);
    keys[MAKER_EC] = EVP_EC_gen("P-256");
    keys[MAKER_OTHER_RSA] = EVP_RSA_gen(2048);
}

void maker_end(void)
{
    for (int i = 0; i < MAKER_KEY_COUNT; i++) {
        EVP_PKEY_free(keys[i]);
    }
    arena_done(&arena);
}

static const char *base64url(const void *bytes, size_t length)
{
    size_t size = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(&arena, size);

    return sodium_bin2base64(text, size, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *number(enum maker_key key, const char *name, int bytes)
{
    BIGNUM *value = NULL;
    unsigned char out[512];

    if (EVP_PKEY_get_bn_param(keys[key], name, &value) != 1) {
        abort();
    }
    int length = bytes > 0 ? BN_bn2binpad(value, out, bytes) : BN_bn2bin(value, out);
    BN_free(value);
    return base64url(out, (size_t)length);
}

const char *maker_jwk(enum maker_key key)
{
    static const char *const NAMES[] = {"rsa-1", "ec-1", "rsa-2"};

    if (key == MAKER_EC) {
        return arena_printf(&arena,
                            "\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\","
                            "\"y\":\"%s\"",
                            NAMES[key], number(key, OSSL_PKEY_PARAM_EC_PUB_X, 32),
                            number(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    return arena_printf(&arena, "\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"",
                        NAMES[key], number(key, OSSL_PKEY_PARAM_RSA_N, 0),
                        number(key, OSSL_PKEY_PARAM_RSA_E, 0));
}

const char *maker_jwks(void)
{
    return arena_printf(&arena, "{\"keys\":[{%s,\"use\":\"sig\"},{%s,\"alg\":\"ES256\"}]}",
                        maker_jwk(MAKER_RSA), maker_jwk(MAKER_EC));
}

static size_t sign(const char *input, EVP_PKEY *key, enum maker_way way, unsigned char *out)
{
    size_t length = 512;
    EVP_PKEY_CTX *padding = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok =
        EVP_DigestSignInit(context, &padding, EVP_sha256(), NULL, key) == 1 &&
        (way != WAY_PS256 ||
         (EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
        EVP_DigestSign(context, out, &length, (const unsigned char *)input, strlen(input)) == 1;
    EVP_MD_CTX_free(context);
    if (!ok) {
        abort();
    }
    return length;
}

static size_t sign_es256(const char *input, EVP_PKEY *key, unsigned char *out)
{
    unsigned char der[512];
    const unsigned char *at = der;
    size_t length = sign(input, key, WAY_ES256, der);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)length);

    (void)BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
    (void)BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
    ECDSA_SIG_free(pair);
    return 64;
}

/* The classic confusion: the public key, which everybody has, as the secret of a MAC. */
static size_t sign_with_public_key(const char *input, EVP_PKEY *key, unsigned char *out)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *pem = NULL;
    size_t length = 0;

    (void)PEM_write_bio_PUBKEY(memory, key);
    long bytes = BIO_get_mem_data(memory, &pem);
    (void)EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, pem, (size_t)bytes,
                    (const unsigned char *)input, strlen(input), out, 512, &length);
    BIO_free(memory);
    return length;
}

struct str maker_token(const char *header, const char *payload, enum maker_key key,
                       enum maker_way way)
{
    unsigned char out[512];
    size_t length = 0;
    const char *input = arena_printf(&arena, "%s.%s", base64url(header, strlen(header)),
                                     base64url(payload, strlen(payload)));

    switch (way) {
    case WAY_RS256:
    case WAY_PS256:
        length = sign(input, keys[key], way, out);
        break;
    case WAY_ES256:
        length = sign_es256(input, keys[key], out);
        break;
    case WAY_HS256_PUBLIC_KEY:
        length = sign_with_public_key(input, keys[key], out);
        break;
    case WAY_NONE:
        break;
    }
    return str_of(arena_printf(&arena, "%s.%s", input, base64url(out, length)));
}

const char *maker_access_hash(const char *access_token)
{
    unsigned char digest[32];

    (void)crypto_hash_sha256(digest, (const unsigned char *)access_token, strlen(access_token));
    return base64url(digest, 16);
}
