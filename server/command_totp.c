#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/base32.h"
#include "base/clock.h"
#include "command.h"
#include "identity/totp.h"

int command_totp(const struct config *config, int argc, char **argv)
{
    enum { LINE_BYTES = 100 };
    char line[LINE_BYTES] = "";
    unsigned char secret[TOTP_SECRET_BYTES];
    char code[TOTP_DIGITS + 1];
    const struct clock_source clock = clock_system();

    (void)config;
    if (argc != 1) {
        (void)fputs("usage: capdo totp SECRET, or - to read it from standard input\n", stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[0], "-") != 0) {
        (void)snprintf(line, sizeof(line), "%s", argv[0]);
    } else if (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
    }
    if (!base32_decode(line, secret, sizeof(secret))) {
        (void)fputs("capdo: a secret is 32 letters A to Z and digits 2 to 7\n", stderr);
        return EXIT_USAGE;
    }
    totp_code(secret, clock_wall_us(&clock) / 1000000, code);
    (void)puts(code);
    sodium_memzero(secret, sizeof(secret));
    return EXIT_SUCCESS;
}
