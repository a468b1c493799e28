/* The identity provider of this installation: an OpenID Connect relying party with the code flow.
 * Its issuer stands in the configuration; its addresses come from its discovery document, its keys
 * from its key set, and both are remembered. May be used by many threads; whatever asks the
 * provider blocks for LIMIT_PROVIDER_MS at most, so only workers may call it.
 *
 * Sources: OpenID Connect Core, Discovery, RP-Initiated Logout and Back-Channel Logout 1.0, RFC
 * 7636 (PKCE), RFC 9207 (issuer in the answer), RFC 9700 (best practice). */
#pragma once

#include "base/fault.h"
#include "base/log.h"
#include "identity/fetch.h"
#include "identity/token.h"

struct provider;

/* Borrowed for the life of the provider. */
struct provider_settings {
    const char *issuer;
    const char *client_id;
    const char *client_secret;      /* "": a public client */
    const char *redirect_uri;       /* our callback */
    const char *signed_out_uri;     /* our page after signing out there */
    const char *scope;              /* "openid ..." */
    const char *const *hosts;       /* besides the issuer's, NULL-terminated */
    const char *ca_file;            /* or NULL */
    const char *const *trusted_acr; /* NULL-terminated */
    const char *const *trusted_amr;
    int calls_max; /* questions at once */
    const struct clock_source *clock;
    const struct log *log;
};

enum { PROVIDER_HOSTS_MAX = 16 };

/* NULL with a sentence for the operator in ret_error. */
struct provider *provider_new(const struct provider_settings *settings, char *ret_error,
                              size_t error_bytes);
void provider_free(struct provider *provider);

const char *provider_issuer(const struct provider *provider);

/* What starts a sign-in; all three are base64url text. */
struct provider_start {
    const char *state;
    const char *nonce;
    const char *verifier; /* of PKCE: 43 to 128 characters, stays with us */
    bool again;           /* the person must show all factors again */
};

/* Where the browser is sent. IDENTITY_PROVIDER_DOWN with a word for the log in ret_detail. */
enum fault provider_start_url(struct provider *provider, struct arena *arena,
                              const struct provider_start *start, const char **ret_url,
                              const char **ret_detail) MUST_USE;

/* What the browser brought back. */
struct provider_answer {
    const char *code;
    const char *issuer; /* parameter iss, NULL when absent */
    const char *nonce;
    const char *verifier;
};

struct provider_person {
    struct id_token token;
    const char *id_token; /* as received, in the arena: names the session when signing out */
};

/* IDENTITY_PROVIDER_DOWN: no usable answer in time. SIGN_IN_REFUSED: it said no, or what it said
 * cannot be trusted. BUSY: too many questions at once. ret_detail as above. */
enum fault provider_redeem(struct provider *provider, struct arena *arena,
                           const struct provider_answer *answer, struct provider_person *ret_person,
                           const char **ret_detail) MUST_USE;

/* A logout token that the provider posted: SIGN_IN_REFUSED when it is not one. */
enum fault provider_read_logout(struct provider *provider, struct arena *arena, struct str token,
                                struct logout_token *ret_token, const char **ret_detail) MUST_USE;

/* Where the browser goes to sign out there too; NULL when the provider offers no such place or is
 * not known yet. Asks nothing. */
const char *provider_sign_out_url(struct provider *provider, struct arena *arena,
                                  const char *id_token);
