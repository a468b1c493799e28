#include "base/uuid.h"

#include <stdint.h>

void uuid_new(const struct clock_source *clock, char ret_text[static UUID_TEXT_BYTES])
{
    static const char HEX[] = "0123456789abcdef";
    unsigned char b[16];
    uint64_t ms = (uint64_t)clock_wall_us(clock) / 1000;

    clock_random(clock, b, sizeof(b));
    for (int i = 0; i < 6; i++) {
        b[i] = (unsigned char)(ms >> (8 * (5 - i)));
    }
    b[6] = (unsigned char)((b[6] & 0x0fU) | 0x70U);
    b[8] = (unsigned char)((b[8] & 0x3fU) | 0x80U);
    size_t at = 0;
    for (size_t i = 0; i < sizeof(b); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            ret_text[at++] = '-';
        }
        ret_text[at++] = HEX[b[i] >> 4];
        ret_text[at++] = HEX[b[i] & 15U];
    }
    ret_text[at] = '\0';
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

void uuid_lower(char text[static UUID_TEXT_BYTES - 1])
{
    for (size_t i = 0; i < UUID_TEXT_BYTES - 1; i++) {
        if (text[i] >= 'A' && text[i] <= 'F') {
            text[i] = (char)(text[i] - 'A' + 'a');
        }
    }
}
