/* The text of an API token: capdo_live_<12 base62 key>_<43 base62 secret><6 base62 checksum>. The
 * prefix lets scanners find a token that lies where it should not, the checksum (CRC-32, IEEE 802.3,
 * of all that stands before it) lets us refuse junk without asking the database. The key names the
 * token; the secret, about 256 bits, is known to its holder alone and kept as a hash. */
#pragma once

#include "base/clock.h"
#include "base/str.h"

enum {
    API_TOKEN_KEY_CHARACTERS = 12,
    API_TOKEN_SECRET_CHARACTERS = 43,
    API_TOKEN_CHECKSUM_CHARACTERS = 6,
    API_TOKEN_TEXT_BYTES = 11 + API_TOKEN_KEY_CHARACTERS + 1 + API_TOKEN_SECRET_CHARACTERS +
                           API_TOKEN_CHECKSUM_CHARACTERS + 1, /* with the terminator */
};

/* Pieces of the text that was read; borrowed from it. */
struct api_token_text {
    struct str key;
    struct str secret;
};

/* False for anything that is not exactly a token with the right checksum. */
bool api_token_read(struct str text, struct api_token_text *ret_pieces);
void api_token_make(const struct clock_source *clock, char ret_text[static API_TOKEN_TEXT_BYTES]);
