#include "base/base32.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void base32_encode(const unsigned char *bytes, size_t length, char *ret_text)
{
    unsigned held = 0;
    int bits = 0;

    for (size_t i = 0; i < length; i++) {
        held = (held << 8 | bytes[i]) & 0xfffU;
        for (bits += 8; bits >= 5; bits -= 5) {
            *ret_text++ = ALPHABET[held >> (bits - 5) & 31U];
        }
    }
    if (bits > 0) {
        *ret_text++ = ALPHABET[held << (5 - bits) & 31U];
    }
    *ret_text = '\0';
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a';
    }
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool base32_decode(const char *text, unsigned char *ret_bytes, size_t length)
{
    unsigned held = 0;
    int bits = 0;
    size_t count = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '=') {
            continue;
        }
        int value = value_of(*text);
        if (value < 0) {
            return false;
        }
        held = (held << 5 | (unsigned)value) & 0xfffU;
        bits += 5;
        if (bits >= 8) {
            if (count == length) {
                return false;
            }
            bits -= 8;
            ret_bytes[count++] = (unsigned char)(held >> bits & 0xffU);
        }
    }
    return count == length;
}
