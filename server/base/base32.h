/* Base32 (RFC 4648 §6) without padding, upper case: how the secret of an authenticator app is written
 * for people. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

#define BASE32_TEXT_BYTES(bytes) (((bytes)*8 + 4) / 5 + 1)

/* ret_text has room for BASE32_TEXT_BYTES(length). */
void base32_encode(const unsigned char *bytes, size_t length, char *ret_text);
/* Either case; spaces and a padding of "=" are passed over. False for another character or when the
 * text is not exactly length bytes. */
bool base32_decode(const char *text, unsigned char *ret_bytes, size_t length) MUST_USE;
