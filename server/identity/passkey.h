/* Passkeys (WebAuthn level 2): what a browser hands over at registration (§7.1) and at sign-in
 * (§7.2), judged. Attestation is not asked for; ES256 and EdDSA; user presence and verification are
 * both demanded. Pure: nothing is looked up or kept. All bytes come decoded. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/str.h"

enum {
    PASSKEY_CHALLENGE_BYTES = 32,
    PASSKEY_ID_BYTES_MIN = 16,
    PASSKEY_ID_BYTES_MAX = 1023,
    PASSKEY_KEY_BYTES_MAX = 64,
    PASSKEY_ES256 = -7, /* COSE algorithm numbers (RFC 9053) */
    PASSKEY_EDDSA = -8,
};

/* Why it was refused, for the log; the person hears only that it was. */
enum passkey_verdict {
    PASSKEY_GOOD,
    PASSKEY_NOT_CLIENT_DATA,
    PASSKEY_WRONG_TYPE,
    PASSKEY_WRONG_CHALLENGE,
    PASSKEY_WRONG_ORIGIN,
    PASSKEY_CROSS_ORIGIN,
    PASSKEY_WRONG_SITE, /* hash of the relying party's id */
    PASSKEY_NOT_PRESENT,
    PASSKEY_NOT_VERIFIED,
    PASSKEY_BAD_KEY,
    PASSKEY_BAD_SIGNATURE,
    PASSKEY_COUNT_BACK, /* a copy of the key may be in use */
    PASSKEY_VERDICT_COUNT,
};
const char *passkey_verdict_code(enum passkey_verdict verdict);

/* The site as the browser names it. */
struct passkey_site {
    const char *origin; /* "https://capdo.example.vn" */
    const char *rp_id;  /* "capdo.example.vn" */
};

struct passkey_key {
    int algorithm;
    unsigned char bytes[PASSKEY_KEY_BYTES_MAX]; /* ES256: x and y; EdDSA: 32 bytes */
    size_t length;
    int64_t sign_count;
};

struct passkey_new {
    unsigned char id[PASSKEY_ID_BYTES_MAX];
    size_t id_length;
    struct passkey_key key;
};

/* The challenge that the client data names: what must be looked up before anything is judged. */
bool passkey_challenge(struct str client_data,
                       unsigned char ret_challenge[static PASSKEY_CHALLENGE_BYTES]) MUST_USE;

enum passkey_verdict passkey_register(const struct passkey_site *site,
                                      const unsigned char challenge[static PASSKEY_CHALLENGE_BYTES],
                                      struct str client_data, struct str authenticator_data,
                                      struct passkey_new *ret_passkey) MUST_USE;

/* ret_sign_count is the new count; it grew, or both are 0 (keys that do not count). */
enum passkey_verdict passkey_assert(const struct passkey_site *site, const struct passkey_key *key,
                                    const unsigned char challenge[static PASSKEY_CHALLENGE_BYTES],
                                    struct str client_data, struct str authenticator_data,
                                    struct str signature, int64_t *ret_sign_count) MUST_USE;
