#include "identity/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static void code_of(const unsigned char *secret, int64_t counter,
                    char ret_code[static TOTP_DIGITS + 1])
{
    /* Fails only without memory, or for a number of digits that the library does not know. */
    if (oath_init() != OATH_OK ||
        oath_hotp_generate((const char *)secret, TOTP_SECRET_BYTES, (uint64_t)counter, TOTP_DIGITS,
                           false, OATH_HOTP_DYNAMIC_TRUNCATION, ret_code) != OATH_OK) {
        abort();
    }
}

void totp_code(const unsigned char secret[static TOTP_SECRET_BYTES], int64_t now_s,
               char ret_code[static TOTP_DIGITS + 1])
{
    code_of(secret, now_s / TOTP_STEP_S, ret_code);
}

bool totp_check(const unsigned char secret[static TOTP_SECRET_BYTES], const char *code,
                int64_t now_s, int64_t last_counter, int64_t *ret_counter)
{
    const int64_t now = now_s / TOTP_STEP_S;
    int64_t found = -1;

    if (strlen(code) != TOTP_DIGITS) {
        return false;
    }
    for (int64_t counter = now - TOTP_WINDOW; counter <= now + TOTP_WINDOW; counter++) {
        char right[TOTP_DIGITS + 1];
        code_of(secret, counter, right);
        bool fits = str_equal_secret(str_of(right), str_of(code));
        if (fits && counter > last_counter && found < 0) {
            found = counter;
        }
    }
    if (found >= 0) {
        *ret_counter = found;
    }
    return found >= 0;
}
