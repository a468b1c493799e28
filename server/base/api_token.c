#include "base/api_token.h"

#include <string.h>

static const char PREFIX[] = "capdo_live_";
static const char DIGITS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

enum {
    BASE = 62,
    BYTES_FAIR = BASE * 4, /* a byte below is as likely to be each digit */
    PREFIX_CHARACTERS = sizeof(PREFIX) - 1,
    KEY_AT = PREFIX_CHARACTERS,
    SECRET_AT = KEY_AT + API_TOKEN_KEY_CHARACTERS + 1,
    CHECKSUM_AT = SECRET_AT + API_TOKEN_SECRET_CHARACTERS,
    TEXT_CHARACTERS = API_TOKEN_TEXT_BYTES - 1,
};

static uint32_t crc32(const char *bytes, size_t length)
{
    uint32_t crc = 0xffffffffU;

    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
        }
    }
    return ~crc;
}

static void write_checksum(const char *text, char ret_digits[static API_TOKEN_CHECKSUM_CHARACTERS])
{
    uint32_t crc = crc32(text, CHECKSUM_AT);

    for (int i = API_TOKEN_CHECKSUM_CHARACTERS - 1; i >= 0; i--) {
        ret_digits[i] = DIGITS[crc % BASE];
        crc /= BASE;
    }
}

static bool is_base62(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool api_token_read(struct str text, struct api_token_text *ret_pieces)
{
    char checksum[API_TOKEN_CHECKSUM_CHARACTERS];

    if (text.length != TEXT_CHARACTERS || !str_starts_with(text, PREFIX) ||
        text.at[SECRET_AT - 1] != '_') {
        return false;
    }

    struct api_token_text pieces = {
        .key = {text.at + KEY_AT, API_TOKEN_KEY_CHARACTERS},
        .secret = {text.at + SECRET_AT, API_TOKEN_SECRET_CHARACTERS},
    };
    write_checksum(text.at, checksum);
    if (!is_base62(pieces.key) || !is_base62(pieces.secret) ||
        memcmp(text.at + CHECKSUM_AT, checksum, sizeof(checksum)) != 0) {
        return false;
    }
    *ret_pieces = pieces;
    return true;
}

static void fill(const struct clock_source *clock, char *ret_digits, size_t count)
{
    size_t done = 0;

    while (done < count) {
        unsigned char chance[64];
        clock_random(clock, chance, sizeof(chance));
        for (size_t i = 0; i < sizeof(chance) && done < count; i++) {
            if (chance[i] < BYTES_FAIR) {
                ret_digits[done++] = DIGITS[chance[i] % BASE];
            }
        }
    }
}

void api_token_make(const struct clock_source *clock, char ret_text[static API_TOKEN_TEXT_BYTES])
{
    memcpy(ret_text, PREFIX, PREFIX_CHARACTERS);
    fill(clock, ret_text + KEY_AT, API_TOKEN_KEY_CHARACTERS);
    ret_text[SECRET_AT - 1] = '_';
    fill(clock, ret_text + SECRET_AT, API_TOKEN_SECRET_CHARACTERS);
    write_checksum(ret_text, ret_text + CHECKSUM_AT);
    ret_text[TEXT_CHARACTERS] = '\0';
}
