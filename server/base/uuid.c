#include "base/uuid.h"

#include <stdint.h>
#include <stdio.h>

void uuid_new(const struct clock_source *clock, char ret_text[static UUID_TEXT_BYTES])
{
    unsigned char b[16];
    uint64_t ms = (uint64_t)clock_wall_us(clock) / 1000;

    clock_random(clock, b, sizeof(b));
    for (int i = 0; i < 6; i++) {
        b[i] = (unsigned char)(ms >> (8 * (5 - i)));
    }
    b[6] = (unsigned char)((b[6] & 0x0fU) | 0x70U);
    b[8] = (unsigned char)((b[8] & 0x3fU) | 0x80U);
    (void)snprintf(ret_text, UUID_TEXT_BYTES,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                   b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                   b[14], b[15]);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool uuid_is_valid(struct str text)
{
    if (text.length != UUID_TEXT_BYTES - 1) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text.at[i] != '-' : !is_hex(text.at[i])) {
            return false;
        }
    }
    return true;
}
