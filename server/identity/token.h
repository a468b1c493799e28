/* What an identity provider says about a person: the ID token at sign-in (OpenID Connect Core 1.0
 * §3.1.3.7) and the logout token (Back-Channel Logout 1.0 §2.6). Pure: the time is an argument. */
#pragma once

#include <stdint.h>

#include "identity/jws.h"

/* What must be true of a token; texts are borrowed. */
struct token_expected {
    const char *issuer;
    const char *client_id;
    int64_t now_s;
    const char *nonce;        /* ID token */
    const char *access_token; /* ID token: compared with at_hash when both are there; may be NULL */
    int64_t max_age_s;        /* ID token: since the person signed in there, when it says so */
    const char *const *trusted_acr; /* NULL-terminated; may be NULL */
    const char *const *trusted_amr; /* NULL-terminated; may be NULL */
};

/* Texts lie in the arena. */
struct id_token {
    const char *subject;
    const char *session; /* sid, NULL when absent */
    const char *name;    /* as the provider shows the person: for display only, never an identity */
    int64_t signed_in_at; /* auth_time, seconds; 0: not told */
    /* acr or amr names one of the trusted values and auth_time is told. */
    bool second_factor;
};

enum token_verdict id_token_check(struct str token, const struct jwk_set *keys,
                                  const struct token_expected *expected, struct arena *arena,
                                  struct id_token *ret_token) MUST_USE;

struct logout_token {
    const char *id;      /* jti: a second one is a repetition */
    const char *subject; /* or NULL; */
    const char *session; /* or NULL; one of the two is there */
    int64_t expires_at;  /* seconds */
};

enum token_verdict logout_token_check(struct str token, const struct jwk_set *keys,
                                      const struct token_expected *expected, struct arena *arena,
                                      struct logout_token *ret_token) MUST_USE;
