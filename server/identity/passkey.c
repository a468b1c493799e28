#include "identity/passkey.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <sodium.h>
#include <string.h>

#include "json/foreign.h"

enum {
    CLIENT_DATA_BYTES_MAX = 4096,
    AUTHENTICATOR_DATA_BYTES_MIN = 32 + 1 + 4, /* hash, flags, count */
    AUTHENTICATOR_DATA_BYTES_MAX = 4096,
    FLAGS_AT = 32,
    FLAG_PRESENT = 0x01,
    FLAG_VERIFIED = 0x04,
    FLAG_HAS_CREDENTIAL = 0x40,
};

const char *passkey_verdict_code(enum passkey_verdict verdict)
{
    static const char *const CODES[PASSKEY_VERDICT_COUNT] = {
        [PASSKEY_GOOD] = "good",
        [PASSKEY_NOT_CLIENT_DATA] = "not_client_data",
        [PASSKEY_WRONG_TYPE] = "wrong_type",
        [PASSKEY_WRONG_CHALLENGE] = "wrong_challenge",
        [PASSKEY_WRONG_ORIGIN] = "wrong_origin",
        [PASSKEY_CROSS_ORIGIN] = "cross_origin",
        [PASSKEY_WRONG_SITE] = "wrong_site",
        [PASSKEY_NOT_PRESENT] = "not_present",
        [PASSKEY_NOT_VERIFIED] = "not_verified",
        [PASSKEY_BAD_KEY] = "bad_key",
        [PASSKEY_BAD_SIGNATURE] = "bad_signature",
        [PASSKEY_COUNT_BACK] = "count_back",
    };

    return (unsigned)verdict < PASSKEY_VERDICT_COUNT ? CODES[verdict] : "";
}

static bool read_challenge(const struct json_t *data,
                           unsigned char ret_challenge[static PASSKEY_CHALLENGE_BYTES])
{
    const char *text = foreign_text(data, "challenge");
    const char *end = NULL;
    size_t length = 0;

    return text != NULL &&
           sodium_base642bin(ret_challenge, PASSKEY_CHALLENGE_BYTES, text, strlen(text), NULL,
                             &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           *end == '\0' && length == PASSKEY_CHALLENGE_BYTES;
}

bool passkey_challenge(struct str client_data,
                       unsigned char ret_challenge[static PASSKEY_CHALLENGE_BYTES])
{
    CLEANUP(foreign_free)
    struct json_t *data = foreign_object(client_data, CLIENT_DATA_BYTES_MAX);

    return data != NULL && read_challenge(data, ret_challenge);
}

/* §7.1 steps 7 to 11, §7.2 steps 11 to 14: what the library leaves to us. */
static enum passkey_verdict judge_client_data(
    const struct passkey_site *site, const unsigned char challenge[static PASSKEY_CHALLENGE_BYTES],
    struct str client_data, const char *type)
{
    CLEANUP(foreign_free)
    struct json_t *data = foreign_object(client_data, CLIENT_DATA_BYTES_MAX);
    unsigned char said[PASSKEY_CHALLENGE_BYTES];

    if (data == NULL) {
        return PASSKEY_NOT_CLIENT_DATA;
    }

    const char *said_type = foreign_text(data, "type");
    const char *origin = foreign_text(data, "origin");
    if (said_type == NULL || strcmp(said_type, type) != 0) {
        return PASSKEY_WRONG_TYPE;
    }
    if (!read_challenge(data, said) || sodium_memcmp(said, challenge, sizeof(said)) != 0) {
        return PASSKEY_WRONG_CHALLENGE;
    }
    if (origin == NULL || strcmp(origin, site->origin) != 0) {
        return PASSKEY_WRONG_ORIGIN;
    }
    if (foreign_is_true(data, "crossOrigin") || foreign_has(data, "topOrigin")) {
        return PASSKEY_CROSS_ORIGIN;
    }
    return PASSKEY_GOOD;
}

static enum passkey_verdict judge_authenticator_data(const struct passkey_site *site,
                                                     struct str authenticator_data)
{
    const unsigned char *bytes = (const unsigned char *)authenticator_data.at;
    unsigned char hash[crypto_hash_sha256_BYTES];

    if (authenticator_data.length < AUTHENTICATOR_DATA_BYTES_MIN ||
        authenticator_data.length > AUTHENTICATOR_DATA_BYTES_MAX) {
        return PASSKEY_BAD_KEY;
    }
    (void)crypto_hash_sha256(hash, (const unsigned char *)site->rp_id, strlen(site->rp_id));
    if (memcmp(hash, bytes, sizeof(hash)) != 0) {
        return PASSKEY_WRONG_SITE;
    }
    if ((bytes[FLAGS_AT] & FLAG_PRESENT) == 0) {
        return PASSKEY_NOT_PRESENT;
    }
    return (bytes[FLAGS_AT] & FLAG_VERIFIED) == 0 ? PASSKEY_NOT_VERIFIED : PASSKEY_GOOD;
}

static void credential_free(fido_cred_t **credential)
{
    fido_cred_free(credential);
}

static void assertion_free(fido_assert_t **assertion)
{
    fido_assert_free(assertion);
}

/* The library takes a credential only of the algorithm that it was told. */
static bool read_credential(struct str authenticator_data, int algorithm,
                            struct passkey_new *ret_passkey)
{
    CLEANUP(credential_free) fido_cred_t *credential = fido_cred_new();

    if (credential == NULL || fido_cred_set_type(credential, algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential, (const unsigned char *)authenticator_data.at,
                                   authenticator_data.length) != FIDO_OK) {
        return false;
    }

    size_t id_length = fido_cred_id_len(credential);
    size_t key_length = fido_cred_pubkey_len(credential);
    size_t wanted = algorithm == PASSKEY_ES256 ? 64 : 32;
    if (id_length < PASSKEY_ID_BYTES_MIN || id_length > PASSKEY_ID_BYTES_MAX ||
        key_length != wanted) {
        return false;
    }
    *ret_passkey = (struct passkey_new){
        .id_length = id_length,
        .key = {.algorithm = algorithm,
                .length = key_length,
                .sign_count = fido_cred_sigcount(credential)},
    };
    (void)memcpy(ret_passkey->id, fido_cred_id_ptr(credential), id_length);
    (void)memcpy(ret_passkey->key.bytes, fido_cred_pubkey_ptr(credential), key_length);
    return true;
}

enum passkey_verdict passkey_register(const struct passkey_site *site,
                                      const unsigned char challenge[static PASSKEY_CHALLENGE_BYTES],
                                      struct str client_data, struct str authenticator_data,
                                      struct passkey_new *ret_passkey)
{
    static const int ALGORITHMS[] = {PASSKEY_ES256, PASSKEY_EDDSA};
    enum passkey_verdict verdict =
        judge_client_data(site, challenge, client_data, "webauthn.create");

    if (verdict == PASSKEY_GOOD) {
        verdict = judge_authenticator_data(site, authenticator_data);
    }
    if (verdict != PASSKEY_GOOD) {
        return verdict;
    }
    if (((unsigned char)authenticator_data.at[FLAGS_AT] & FLAG_HAS_CREDENTIAL) == 0) {
        return PASSKEY_BAD_KEY;
    }
    fido_init(0);
    for (size_t i = 0; i < COUNT_OF(ALGORITHMS); i++) {
        if (read_credential(authenticator_data, ALGORITHMS[i], ret_passkey)) {
            return PASSKEY_GOOD;
        }
    }
    return PASSKEY_BAD_KEY;
}

static bool signature_holds(const struct passkey_key *key, const fido_assert_t *assertion)
{
    bool holds = false;

    if (key->algorithm == PASSKEY_ES256) {
        es256_pk_t *pk = es256_pk_new();
        holds = pk != NULL && es256_pk_from_ptr(pk, key->bytes, key->length) == FIDO_OK &&
                fido_assert_verify(assertion, 0, COSE_ES256, pk) == FIDO_OK;
        es256_pk_free(&pk);
    } else if (key->algorithm == PASSKEY_EDDSA) {
        eddsa_pk_t *pk = eddsa_pk_new();
        holds = pk != NULL && eddsa_pk_from_ptr(pk, key->bytes, key->length) == FIDO_OK &&
                fido_assert_verify(assertion, 0, COSE_EDDSA, pk) == FIDO_OK;
        eddsa_pk_free(&pk);
    }
    return holds;
}

enum passkey_verdict passkey_assert(const struct passkey_site *site, const struct passkey_key *key,
                                    const unsigned char challenge[static PASSKEY_CHALLENGE_BYTES],
                                    struct str client_data, struct str authenticator_data,
                                    struct str signature, int64_t *ret_sign_count)
{
    enum passkey_verdict verdict = judge_client_data(site, challenge, client_data, "webauthn.get");

    if (verdict == PASSKEY_GOOD) {
        verdict = judge_authenticator_data(site, authenticator_data);
    }
    if (verdict != PASSKEY_GOOD) {
        return verdict;
    }

    fido_init(0);
    CLEANUP(assertion_free) fido_assert_t *assertion = fido_assert_new();
    if (assertion == NULL ||
        fido_assert_set_clientdata(assertion, (const unsigned char *)client_data.at,
                                   client_data.length) != FIDO_OK ||
        fido_assert_set_rp(assertion, site->rp_id) != FIDO_OK ||
        fido_assert_set_count(assertion, 1) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion, 0, (const unsigned char *)authenticator_data.at,
                                     authenticator_data.length) != FIDO_OK ||
        fido_assert_set_sig(assertion, 0, (const unsigned char *)signature.at, signature.length) !=
            FIDO_OK ||
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        !signature_holds(key, assertion)) {
        return PASSKEY_BAD_SIGNATURE;
    }

    int64_t count = fido_assert_sigcount(assertion, 0);
    if (count <= key->sign_count && (count != 0 || key->sign_count != 0)) {
        return PASSKEY_COUNT_BACK;
    }
    *ret_sign_count = count;
    return PASSKEY_GOOD;
}
