/* The text of an API token: its form, its checksum, and that chance is spread evenly. */
#include "base/api_token.h"

#include <criterion/criterion.h>
#include <string.h>

/* Made by another program (CRC-32 of Python's zlib, base62 by hand). */
static const char KNOWN[] =
    "capdo_live_0123456789AB_aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeee0iGlUt";

Test(api_token, a_known_text_is_read)
{
    struct api_token_text pieces;

    cr_assert_eq(strlen(KNOWN), (size_t)API_TOKEN_TEXT_BYTES - 1);
    cr_assert(api_token_read(str_of(KNOWN), &pieces));
    cr_assert(str_is(pieces.key, "0123456789AB"));
    cr_assert(str_is(pieces.secret, "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeee"));
}

Test(api_token, what_is_made_is_read)
{
    struct clock_source clock = clock_system();
    struct api_token_text pieces;
    char one[API_TOKEN_TEXT_BYTES];
    char other[API_TOKEN_TEXT_BYTES];

    for (int i = 0; i < 1000; i++) {
        api_token_make(&clock, one);
        api_token_make(&clock, other);
        cr_assert(api_token_read(str_of(one), &pieces), "%s", one);
        cr_assert_str_neq(one, other);
    }
}

Test(api_token, every_changed_character_is_noticed)
{
    static const char OTHERS[] = "0aZ_ -.~\xc3";
    struct api_token_text pieces;

    for (size_t at = 0; at < sizeof(KNOWN) - 1; at++) {
        for (size_t o = 0; o < sizeof(OTHERS) - 1; o++) {
            char text[sizeof(KNOWN)];
            memcpy(text, KNOWN, sizeof(KNOWN));
            if (text[at] == OTHERS[o]) {
                continue;
            }
            text[at] = OTHERS[o];
            cr_assert_not(api_token_read(str_of(text), &pieces), "%s", text);
        }
        if (at > 0 && KNOWN[at] != KNOWN[at - 1]) {
            char text[sizeof(KNOWN)];
            memcpy(text, KNOWN, sizeof(KNOWN));
            text[at] = KNOWN[at - 1];
            text[at - 1] = KNOWN[at];
            cr_assert_not(api_token_read(str_of(text), &pieces), "%s", text);
        }
        cr_assert_not(api_token_read((struct str){KNOWN, at}, &pieces));
    }
    char longer[sizeof(KNOWN) + 1];
    (void)strcpy(longer, KNOWN);
    (void)strcat(longer, "0");
    cr_assert_not(api_token_read(str_of(longer), &pieces));
    cr_assert_not(api_token_read((struct str){NULL, 0}, &pieces));
}

/* Marsaglia's xorshift: the same each run. */
static void by_rule(void *context, void *ret_bytes, size_t length)
{
    uint64_t *state = context;

    for (size_t i = 0; i < length; i++) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        ((unsigned char *)ret_bytes)[i] = (unsigned char)(*state >> 56);
    }
}

Test(api_token, no_digit_is_favoured)
{
    uint64_t state = 88172645463325252ULL;
    struct clock_source clock = clock_system();
    char text[API_TOKEN_TEXT_BYTES];
    int seen[256] = {0};

    clock.random_bytes = by_rule;
    clock.context = &state;
    for (int i = 0; i < 10000; i++) {
        api_token_make(&clock, text);
        for (size_t at = 11; at < (size_t)API_TOKEN_TEXT_BYTES - 1 - API_TOKEN_CHECKSUM_CHARACTERS;
             at++) {
            seen[(unsigned char)text[at]] += text[at] != '_' ? 1 : 0;
        }
    }
    int least = 1 << 30;
    int most = 0;
    for (const char *c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
         *c != '\0'; c++) {
        least = seen[(unsigned char)*c] < least ? seen[(unsigned char)*c] : least;
        most = seen[(unsigned char)*c] > most ? seen[(unsigned char)*c] : most;
    }
    /* A byte taken modulo 62 without the cut would give the first eight digits a quarter more. */
    cr_assert_leq(most - least, most / 8, "%d to %d", least, most);
}
