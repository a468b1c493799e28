/* Passkeys made by a software authenticator: the good one passes, and each way to be wrong that
 * WebAuthn names is refused for its own reason. */
#include "identity/passkey.h"

#include <criterion/criterion.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct passkey_site SITE = {"https://capdo.example.vn", "capdo.example.vn"};
static const unsigned char CHALLENGE[PASSKEY_CHALLENGE_BYTES] = "a challenge of thirty-two bytes";

static EVP_PKEY *key;
static EVP_PKEY *other;
static bool edwards;

static void begin(void)
{
    key = EVP_EC_gen("P-256");
    other = EVP_EC_gen("P-256");
    edwards = false;
}

static void end(void)
{
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

TestSuite(passkey, .init = begin, .fini = end, .timeout = 30);

/* What an authenticator says, right unless a test changes it. */
struct saying {
    const char *type;
    const unsigned char *challenge;
    const char *origin;
    const char *more; /* further members of the client data */
    const char *rp_id;
    unsigned flags;
    unsigned count;
    EVP_PKEY *signer;
};

static struct saying good(bool creates)
{
    return (struct saying){
        .type = creates ? "webauthn.create" : "webauthn.get",
        .challenge = CHALLENGE,
        .origin = SITE.origin,
        .more = ",\"crossOrigin\":false",
        .rp_id = SITE.rp_id,
        .flags = creates ? 0x45 : 0x05,
        .count = 8,
        .signer = key,
    };
}

static char client_data[1024];

static struct str say_client_data(const struct saying *saying)
{
    char challenge[64];

    (void)sodium_bin2base64(challenge, sizeof(challenge), saying->challenge,
                            PASSKEY_CHALLENGE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    (void)snprintf(client_data, sizeof(client_data),
                   "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", saying->type,
                   challenge, saying->origin, saying->more);
    return str_of(client_data);
}

static unsigned char data[512];

static size_t say_data(const struct saying *saying)
{
    (void)crypto_hash_sha256(data, (const unsigned char *)saying->rp_id, strlen(saying->rp_id));
    data[32] = (unsigned char)saying->flags;
    for (int i = 0; i < 4; i++) {
        data[33 + i] = (unsigned char)(saying->count >> (24 - 8 * i));
    }
    return 37;
}

static void public_key(unsigned char ret_xy[static 64])
{
    if (edwards) {
        size_t length = 32;
        cr_assert_eq(EVP_PKEY_get_raw_public_key(key, ret_xy, &length), 1);
        return;
    }
    BIGNUM *x = NULL;
    BIGNUM *y = NULL;
    cr_assert_eq(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x), 1);
    cr_assert_eq(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y), 1);
    (void)BN_bn2binpad(x, ret_xy, 32);
    (void)BN_bn2binpad(y, ret_xy + 32, 32);
    BN_free(x);
    BN_free(y);
}

/* The attested credential data of §6.5.1 with a COSE key of ES256 or EdDSA. */
static struct str say_credential(const struct saying *saying)
{
    static const unsigned char ES256[] = {0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32};
    static const unsigned char EDDSA[] = {0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 32};
    unsigned char xy[64];
    size_t at = say_data(saying);

    (void)memset(data + at, 0, 16);
    at += 16;
    data[at++] = 0;
    data[at++] = 20;
    (void)memset(data + at, 'i', 20);
    at += 20;
    public_key(xy);
    (void)memcpy(data + at, edwards ? EDDSA : ES256, sizeof(ES256));
    at += sizeof(ES256);
    (void)memcpy(data + at, xy, 32);
    at += 32;
    if (!edwards) {
        (void)memcpy(data + at, "\x22\x58\x20", 3);
        (void)memcpy(data + at + 3, xy + 32, 32);
        at += 35;
    }
    return (struct str){(const char *)data, at};
}

static unsigned char signature[256];

static struct str sign(const struct saying *saying, struct str said)
{
    unsigned char input[512 + 32];
    size_t length = sizeof(signature);
    size_t at = say_data(saying);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    (void)memcpy(input, data, at);
    (void)crypto_hash_sha256(input + at, (const unsigned char *)said.at, said.length);
    cr_assert_eq(
        EVP_DigestSignInit(context, NULL, edwards ? NULL : EVP_sha256(), NULL, saying->signer), 1);
    cr_assert_eq(EVP_DigestSign(context, signature, &length, input, at + 32), 1);
    EVP_MD_CTX_free(context);
    return (struct str){(const char *)signature, length};
}

static struct passkey_key registered(void)
{
    struct passkey_key made = {.algorithm = edwards ? PASSKEY_EDDSA : PASSKEY_ES256,
                               .length = edwards ? 32 : 64,
                               .sign_count = 7};

    public_key(made.bytes);
    return made;
}

static enum passkey_verdict judge(const struct saying *saying)
{
    const struct passkey_key mine = registered();
    struct str said = say_client_data(saying);
    struct str signed_by = sign(saying, said);
    int64_t count = -1;
    enum passkey_verdict verdict = passkey_assert(
        &SITE, &mine, CHALLENGE, said, (struct str){(const char *)data, 37}, signed_by, &count);

    cr_expect_eq(count, verdict == PASSKEY_GOOD ? (int64_t)saying->count : -1);
    return verdict;
}

static enum passkey_verdict judge_new(const struct saying *saying)
{
    struct passkey_new made;
    struct str said = say_client_data(saying);

    return passkey_register(&SITE, CHALLENGE, said, say_credential(saying), &made);
}

#define EXPECT(creates, wanted, member, value)                                      \
    do {                                                                            \
        struct saying saying = good(creates);                                       \
        saying.member = (value);                                                    \
        enum passkey_verdict got = (creates) ? judge_new(&saying) : judge(&saying); \
        cr_expect_eq(got, (wanted), "%s: %s", #member, passkey_verdict_code(got));  \
    } while (0)

Test(passkey, a_good_one_is_registered_and_signs_in)
{
    struct saying saying = good(true);
    struct passkey_new made;
    unsigned char xy[64];
    struct str said = say_client_data(&saying);

    cr_assert_eq(passkey_register(&SITE, CHALLENGE, said, say_credential(&saying), &made),
                 PASSKEY_GOOD);
    public_key(xy);
    cr_expect_eq(made.id_length, 20);
    cr_expect_eq(made.key.algorithm, PASSKEY_ES256);
    cr_expect_arr_eq(made.key.bytes, xy, 64);
    cr_expect_eq(made.key.sign_count, 8);
    saying = good(false);
    cr_expect_eq(judge(&saying), PASSKEY_GOOD);
}

Test(passkey, ed25519_too)
{
    EVP_PKEY_free(key);
    key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    edwards = true;
    struct saying saying = good(true);
    cr_expect_eq(judge_new(&saying), PASSKEY_GOOD);
    saying = good(false);
    cr_expect_eq(judge(&saying), PASSKEY_GOOD);
}

Test(passkey, twelve_ways_to_be_wrong)
{
    unsigned char another[PASSKEY_CHALLENGE_BYTES] = "another one of thirty-two bytes";

    EXPECT(false, PASSKEY_WRONG_TYPE, type, "webauthn.create");
    EXPECT(false, PASSKEY_WRONG_CHALLENGE, challenge, another);
    EXPECT(false, PASSKEY_WRONG_ORIGIN, origin, "https://capdo.example.vn.evil.example");
    EXPECT(false, PASSKEY_WRONG_ORIGIN, origin, "http://capdo.example.vn");
    EXPECT(false, PASSKEY_CROSS_ORIGIN, more, ",\"crossOrigin\":true");
    EXPECT(false, PASSKEY_CROSS_ORIGIN, more, ",\"topOrigin\":\"https://evil.example\"");
    EXPECT(false, PASSKEY_WRONG_SITE, rp_id, "evil.example");
    EXPECT(false, PASSKEY_NOT_PRESENT, flags, 0x04);
    EXPECT(false, PASSKEY_NOT_VERIFIED, flags, 0x01);
    EXPECT(false, PASSKEY_BAD_SIGNATURE, signer, other);
    EXPECT(false, PASSKEY_COUNT_BACK, count, 7);
    EXPECT(false, PASSKEY_COUNT_BACK, count, 0);
}

Test(passkey, what_is_signed_cannot_be_changed_afterwards)
{
    const struct passkey_key mine = registered();
    struct saying saying = good(false);
    struct str said = say_client_data(&saying);
    struct str signed_by = sign(&saying, said);
    struct str of_data = {(const char *)data, 37};
    int64_t count = 0;

    saying.more = ", \"crossOrigin\":false";
    cr_expect_eq(passkey_assert(&SITE, &mine, CHALLENGE, say_client_data(&saying), of_data,
                                signed_by, &count),
                 PASSKEY_BAD_SIGNATURE);
    saying.more = ",\"crossOrigin\":false";
    said = say_client_data(&saying);
    data[36]++; /* the count */
    cr_expect_eq(passkey_assert(&SITE, &mine, CHALLENGE, said, of_data, signed_by, &count),
                 PASSKEY_BAD_SIGNATURE);
    data[36]--;
    cr_expect_eq(passkey_assert(&SITE, &mine, CHALLENGE, said, of_data, signed_by, &count),
                 PASSKEY_GOOD, "control");
}

Test(passkey, a_key_that_never_counts_stays_good)
{
    struct passkey_key mine = registered();
    struct saying saying = good(false);
    int64_t count = -1;

    saying.count = 0;
    mine.sign_count = 0;
    struct str said = say_client_data(&saying);
    struct str signed_by = sign(&saying, said);
    cr_expect_eq(passkey_assert(&SITE, &mine, CHALLENGE, said, (struct str){(const char *)data, 37},
                                signed_by, &count),
                 PASSKEY_GOOD);
}

Test(passkey, a_registration_is_judged_as_strictly)
{
    unsigned char another[PASSKEY_CHALLENGE_BYTES] = "another one of thirty-two bytes";

    EXPECT(true, PASSKEY_WRONG_TYPE, type, "webauthn.get");
    EXPECT(true, PASSKEY_WRONG_CHALLENGE, challenge, another);
    EXPECT(true, PASSKEY_WRONG_ORIGIN, origin, "https://evil.example");
    EXPECT(true, PASSKEY_CROSS_ORIGIN, more, ",\"crossOrigin\":true");
    EXPECT(true, PASSKEY_WRONG_SITE, rp_id, "example.vn");
    EXPECT(true, PASSKEY_NOT_PRESENT, flags, 0x44);
    EXPECT(true, PASSKEY_NOT_VERIFIED, flags, 0x41);
    EXPECT(true, PASSKEY_BAD_KEY, flags, 0x05);
}

Test(passkey, bytes_that_are_nothing_are_refused)
{
    static const char *const not_client_data[] = {"", "[]", "{}", "{\"type\":1}", "\xff"};
    const struct passkey_key mine = registered();
    struct saying saying = good(false);
    unsigned char challenge[PASSKEY_CHALLENGE_BYTES];
    struct str said = say_client_data(&saying);
    struct str signed_by = sign(&saying, said);
    int64_t count = 0;

    cr_expect(passkey_challenge(said, challenge));
    cr_expect_arr_eq(challenge, CHALLENGE, sizeof(challenge));
    for (size_t i = 0; i < COUNT_OF(not_client_data); i++) {
        cr_expect(!passkey_challenge(str_of(not_client_data[i]), challenge));
        cr_expect_neq(passkey_assert(&SITE, &mine, CHALLENGE, str_of(not_client_data[i]),
                                     (struct str){(const char *)data, 37}, signed_by, &count),
                      PASSKEY_GOOD);
    }
    for (size_t length = 0; length < 37; length++) {
        cr_expect_neq(passkey_assert(&SITE, &mine, CHALLENGE, said,
                                     (struct str){(const char *)data, length}, signed_by, &count),
                      PASSKEY_GOOD);
    }
    saying = good(true);
    said = say_client_data(&saying);
    struct str whole = say_credential(&saying);
    struct passkey_new made;
    for (size_t length = 0; length < whole.length; length++) {
        cr_expect_neq(
            passkey_register(&SITE, CHALLENGE, said, (struct str){whole.at, length}, &made),
            PASSKEY_GOOD, "%zu", length);
    }
}
