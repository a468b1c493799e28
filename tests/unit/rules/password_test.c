#include "rules/password.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_FILE CAPDO_SOURCE_DIR "/schema/catalogues/common-passwords.txt"

static struct arena arena;
static struct password_list list;

static struct str file_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char bytes[8 * MIB];

    cr_assert_not_null(file);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    return (struct str){bytes, length};
}

static void setup(void)
{
    arena_init(&arena, 0);
    cr_assert(password_list_read(file_bytes(LIST_FILE), &arena, &list));
}

static void done(void)
{
    arena_done(&arena);
}

TestSuite(password, .init = setup, .fini = done, .timeout = 60);

static const char *const WORDS[] = {"Capdo", "nguyen.van.an", "Sở Xây dựng", "H05.11", "Bắc Ninh"};

static unsigned flaws(const char *password, bool has_factor)
{
    const struct password_question question = {
        .password = password,
        .has_factor = has_factor,
        .list = &list,
        .words = WORDS,
        .word_count = (int)COUNT_OF(WORDS),
    };

    return password_flaws(&question, &arena);
}

/* So many characters that nobody has on a list. */
static const char *long_one(size_t characters)
{
    static char text[2000];

    for (size_t i = 0; i < characters; i++) {
        text[i] = (char)('a' + (i * i * 7 + i * 11 + i / 26) % 26);
    }
    text[characters] = '\0';
    return text;
}

Test(password, the_list_is_large_sorted_and_read)
{
    cr_assert_gt(list.count, 200000);
    cr_assert_eq(flaws("iloveyou1234567", false) & PASSWORD_COMMON, PASSWORD_COMMON);
}

Test(password, a_list_that_is_not_sorted_or_has_no_end_is_refused)
{
    static const char *const BAD[] = {"", "b\na\n", "a\na\n", "a\nb", "\na\n", "a\n\nb\n"};
    struct password_list none;

    cr_assert(password_list_read(STR("a\nab\nb\n"), &arena, &none), "control");
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        cr_assert_not(password_list_read(str_of(BAD[i]), &arena, &none), "%zu", i);
    }
}

/* S-4, lengths: 7/8/14/15/64/128/1,024/1,025. */
Test(password, length_decides_by_the_factors_there_are)
{
    static const struct {
        size_t characters;
        unsigned alone;
        unsigned beside;
    } TABLE[] = {
        {7, PASSWORD_TOO_SHORT, PASSWORD_TOO_SHORT},
        {8, PASSWORD_TOO_SHORT, 0},
        {14, PASSWORD_TOO_SHORT, 0},
        {15, 0, 0},
        {64, 0, 0},
        {128, 0, 0},
        {1024, 0, 0},
        {1025, PASSWORD_TOO_LONG, PASSWORD_TOO_LONG},
    };

    for (size_t i = 0; i < COUNT_OF(TABLE); i++) {
        cr_assert_eq(flaws(long_one(TABLE[i].characters), false), TABLE[i].alone, "%zu alone: %u",
                     TABLE[i].characters, flaws(long_one(TABLE[i].characters), false));
        cr_assert_eq(flaws(long_one(TABLE[i].characters), true), TABLE[i].beside, "%zu beside",
                     TABLE[i].characters);
    }
}

Test(password, characters_are_counted_and_not_bytes)
{
    cr_assert_eq(flaws("ngựa đỏ qua đồi", false), 0, "15 characters with diacritics");
    cr_assert_eq(flaws("ngựa đỏ qua đồ", false), PASSWORD_TOO_SHORT);
    cr_assert_eq(flaws("🐎🌄🚲🍜🐃🌾🎋🏮", true), 0, "eight signs");
    cr_assert_eq(flaws("🐎🌄🚲🍜🐃🌾🎋", true), PASSWORD_TOO_SHORT);
}

Test(password, no_class_of_characters_is_asked_for)
{
    cr_assert_eq(flaws("chim bay qua song rong", false), 0);
    cr_assert_eq(flaws("840173952640183756", false), 0, "digits alone");
    cr_assert_eq(flaws("CHIM BAY QUA SONG RONG", false), 0);
}

Test(password, what_many_choose_is_refused_however_it_is_written)
{
    static const char *const COMMON[] = {
        "iloveyou1234567",   "Password12345678!", "matkhau-20262026",
        "anhyeuemnhieu2026", "qwertyuiopasdfg",   "ANHYEUEMNHIEU 99",
    };

    for (size_t i = 0; i < COUNT_OF(COMMON); i++) {
        cr_assert(flaws(COMMON[i], false) & PASSWORD_COMMON, "%s", COMMON[i]);
    }
    cr_assert(flaws("password", true) & PASSWORD_COMMON);
    cr_assert(flaws("mậtkhẩu99999999", true) & PASSWORD_COMMON, "diacritics do not hide it");
    cr_assert_not(flaws("password cua toi rat la", false) & PASSWORD_COMMON);
}

Test(password, words_of_the_service_and_the_person_do_not_count)
{
    static const char *const CONTEXT[] = {
        "capdo-bacninh-2026", "Sở Xây dựng Bắc Ninh", "nguyenvanan1234",
        "H05.11-capdo-2026",  "BacNinhBacNinh123",
    };

    for (size_t i = 0; i < COUNT_OF(CONTEXT); i++) {
        cr_assert(flaws(CONTEXT[i], false) & PASSWORD_CONTEXT, "%s", CONTEXT[i]);
    }
    cr_assert_eq(flaws("bac ninh mua xuan hoi lim", false), 0, "enough is left");
    cr_assert_not(flaws("tu2k9", true) & PASSWORD_CONTEXT, "nothing of them is in it");
}

Test(password, runs_and_repetitions_are_refused)
{
    static const char *const SAME[] = {"aaaaaaaaaaaaaaa",  "123456789012345", "abcabcabcabcabc",
                                       "xoanxoanxoanxoan", "987654321987654", "abcdefghijklmno"};

    for (size_t i = 0; i < COUNT_OF(SAME); i++) {
        cr_assert(flaws(SAME[i], false) & PASSWORD_REPETITIVE, "%s", SAME[i]);
    }
    cr_assert_not(flaws("mot hai ba bon nam sau", false) & PASSWORD_REPETITIVE);
}
