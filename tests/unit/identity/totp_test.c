#include "identity/totp.h"

#include <criterion/criterion.h>

/* RFC 6238 appendix B, SHA-1: the last six of its eight digits. */
static const unsigned char *const SECRET = (const unsigned char *)"12345678901234567890";
static const struct {
    int64_t at;
    const char *code;
} VECTORS[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

Test(totp, the_vectors_of_rfc_6238, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(VECTORS); i++) {
        char code[TOTP_DIGITS + 1];
        int64_t counter = 0;
        totp_code(SECRET, VECTORS[i].at, code);
        cr_expect_str_eq(code, VECTORS[i].code);
        cr_expect(totp_check(SECRET, code, VECTORS[i].at, 0, &counter));
        cr_expect_eq(counter, VECTORS[i].at / 30);
    }
}

Test(totp, one_step_before_and_after_is_right_two_are_not, .timeout = 20)
{
    static const int64_t NOW = 1234567890;
    char code[TOTP_DIGITS + 1];
    int64_t counter = 0;

    for (int steps = -3; steps <= 3; steps++) {
        totp_code(SECRET, NOW + steps * 30, code);
        cr_expect_eq(totp_check(SECRET, code, NOW, 0, &counter), steps >= -1 && steps <= 1, "%d",
                     steps);
    }
}

Test(totp, no_code_works_twice_nor_an_older_one_after_it, .timeout = 20)
{
    static const int64_t NOW = 1234567890;
    char code[TOTP_DIGITS + 1];
    char before[TOTP_DIGITS + 1];
    char after[TOTP_DIGITS + 1];
    int64_t last = 0;
    int64_t next = 0;

    totp_code(SECRET, NOW, code);
    totp_code(SECRET, NOW - 30, before);
    totp_code(SECRET, NOW + 30, after);
    cr_assert(totp_check(SECRET, before, NOW, last, &last), "control");
    cr_assert(totp_check(SECRET, code, NOW, last, &last));
    cr_expect(!totp_check(SECRET, code, NOW, last, &next), "again");
    cr_expect(!totp_check(SECRET, code, NOW + 29, last, &next), "again in the next step");
    cr_expect(!totp_check(SECRET, before, NOW, last, &next), "an older one");
    cr_expect(totp_check(SECRET, after, NOW, last, &next), "control: a later one");
}

Test(totp, what_is_no_code_is_none, .timeout = 20)
{
    static const char *const rows[] = {"", "28708", "2870822", "28708a", " 287082", "287 082"};
    int64_t counter = 0;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(!totp_check(SECRET, rows[i], 59, 0, &counter), "%s", rows[i]);
    }
    cr_expect(totp_check(SECRET, "287082", 59, 0, &counter), "control");
}
