/* Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, 30 seconds, six digits, as every such app
 * does it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

enum {
    TOTP_SECRET_BYTES = 20,
    TOTP_STEP_S = 30,
    TOTP_DIGITS = 6,
    TOTP_WINDOW = 1, /* steps before and after: clocks of telephones differ */
};

/* The code of this moment, terminated. */
void totp_code(const unsigned char secret[static TOTP_SECRET_BYTES], int64_t now_s,
               char ret_code[static TOTP_DIGITS + 1]);
/* The code fits a step within the window that is later than last_counter; ret_counter is that step, to
 * be kept as the next last_counter (no code works twice: RFC 6238 §5.2). */
bool totp_check(const unsigned char secret[static TOTP_SECRET_BYTES], const char *code,
                int64_t now_s, int64_t last_counter, int64_t *ret_counter) MUST_USE;
