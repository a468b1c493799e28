/* Makes keys, key sets and tokens, good and bad, as an identity provider or a forger would. */
#pragma once

#include "base/buffer.h"
#include "identity/token.h"

enum maker_key { MAKER_RSA, MAKER_EC, MAKER_OTHER_RSA, MAKER_KEY_COUNT };

void maker_begin(void);
void maker_end(void);

/* {"keys":[...]} of RSA ("rsa-1") and EC ("ec-1"). */
const char *maker_jwks(void);
/* The JWK of a key without braces, so that members can be added. */
const char *maker_jwk(enum maker_key key);

/* header.payload.signature; the signature is what the algorithm makes with the key, whatever the
 * header says. */
enum maker_way { WAY_RS256, WAY_PS256, WAY_ES256, WAY_HS256_PUBLIC_KEY, WAY_NONE };
struct str maker_token(const char *header, const char *payload, enum maker_key key,
                       enum maker_way way);
/* Left half of the SHA-256 in base64url. */
const char *maker_access_hash(const char *access_token);
