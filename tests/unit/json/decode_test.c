#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "json/decode.h"

struct part {
    struct in_text name;
};
struct whole {
    struct in_text code, id, day, free;
    struct in_int number;
    struct in_json object, kept;
    struct in_list parts;
};

static const char *const CODES[] = {"one", "two", NULL};
static const struct field PART[] = {FIELD(struct part, name, .need = REQUIRED, .min = 1, .max = 3)};
static const SHAPE(PART_SHAPE, "Part", struct part, PART);
static const struct field WHOLE[] = {
    FIELD(struct whole, code, .need = REQUIRED, .choices = CODES),
    FIELD(struct whole, id, .format = FORMAT_UUID, .nullable = true),
    FIELD(struct whole, day, .format = FORMAT_DATE),
    FIELD(struct whole, free, .max = 5),
    FIELD(struct whole, number, .min = 1, .max = 5),
    FIELD(struct whole, object, .format = FORMAT_OBJECT),
    FIELD(struct whole, kept, .items = &PART_SHAPE, .max = 2),
    FIELD(struct whole, parts, .items = &PART_SHAPE, .max = 2),
};
static const SHAPE(WHOLE_SHAPE, "Whole", struct whole, WHOLE);

static struct arena arena;
static struct problems problems;
static struct whole whole;

static enum fault decode(struct str body)
{
    arena_done(&arena);
    arena_init(&arena, 0);
    problems_init(&problems, &arena);
    return json_decode(body, &WHOLE_SHAPE, &whole, &problems);
}

static void end(void)
{
    arena_done(&arena);
}

TestSuite(decode, .fini = end, .timeout = 20);

Test(decode, fills_the_struct)
{
    cr_assert_eq(decode(STR("{\"code\":\"two\",\"id\":null,\"day\":\"2024-02-29\",\"number\":5,"
                            "\"object\":{\"b\":1,\"a\":2},\"kept\":[{\"name\":\"x\"}],"
                            "\"parts\":[{\"name\":\"a\"},{\"name\":\"b\"}]}")),
                 FAULT_NONE);
    cr_assert_str_eq(whole.code.value, "two");
    cr_assert(whole.id.present);
    cr_assert_null(whole.id.value);
    cr_assert_not(whole.free.present);
    cr_assert_eq(whole.number.value, 5);
    cr_assert_str_eq(whole.object.value, "{\"a\":2,\"b\":1}");
    cr_assert_str_eq(whole.kept.value, "[{\"name\":\"x\"}]");
    cr_assert_eq(whole.parts.count, 2);
    cr_assert_str_eq(((struct part *)whole.parts.items)[1].name.value, "b");
}

/* RFC 9562: in either case, and always compared as text afterwards. */
Test(decode, brings_identifiers_to_lower_case)
{
    cr_assert_eq(decode(STR("{\"code\":\"one\",\"id\":\"01A2016A-7E58-7771-B2D2-19817608ADBE\"}")),
                 FAULT_NONE);
    cr_assert_str_eq(whole.id.value, "01a2016a-7e58-7771-b2d2-19817608adbe");
}

Test(decode, brings_text_to_nfc_and_counts_characters)
{
    /* "ệ" in three code points: one character afterwards. */
    cr_assert_eq(decode(STR("{\"code\":\"one\",\"free\":\"ệệệệệ\"}")), FAULT_NONE);
    cr_assert_eq(decode(STR("{\"code\":\"one\",\"free\":\"e\xcc\xa3\xcc\x82\"}")), FAULT_NONE);
    cr_assert_str_eq(whole.free.value, "ệ");
    cr_assert_eq(decode(STR("{\"code\":\"one\",\"free\":\"ệệệệệệ\"}")), FAULT_INVALID);
}

static const struct {
    const char *body;
    const char *pointer;
    const char *code;
} WRONG[] = {
    {"{}", "/code", "required"},
    {"[]", "", "wrong_type"},
    {"{\"code\":null}", "/code", "required"},
    {"{\"code\":5}", "/code", "wrong_type"},
    {"{\"code\":\"three\"}", "/code", "unknown_value"},
    {"{\"code\":\"one\",\"extra\":1}", "/extra", "unknown_member"},
    {"{\"code\":\"one\",\"a/b~c\":1}", "/a~1b~0c", "unknown_member"},
    {"{\"code\":\"one\",\"id\":\"x\"}", "/id", "wrong_format"},
    {"{\"code\":\"one\",\"day\":\"2026-02-29\"}", "/day", "wrong_format"},
    {"{\"code\":\"one\",\"day\":\"2026-1-01\"}", "/day", "wrong_format"},
    {"{\"code\":\"one\",\"free\":\"a\\u0007\"}", "/free", "bad_characters"},
    {"{\"code\":\"one\",\"free\":\"a\\u202e\"}", "/free", "bad_characters"},
    {"{\"code\":\"one\",\"number\":0}", "/number", "out_of_range"},
    {"{\"code\":\"one\",\"number\":1.0}", "/number", "wrong_type"},
    {"{\"code\":\"one\",\"number\":true}", "/number", "wrong_type"},
    {"{\"code\":\"one\",\"object\":[]}", "/object", "wrong_type"},
    {"{\"code\":\"one\",\"kept\":[{\"name\":\"long\"}]}", "/kept/0/name", "too_long"},
    {"{\"code\":\"one\",\"parts\":[{\"name\":\"a\"},{}]}", "/parts/1/name", "required"},
    {"{\"code\":\"one\",\"parts\":[{},{},{}]}", "/parts", "too_long"},
    {"{\"code\":\"one\",\"parts\":[1]}", "/parts/0", "wrong_type"},
};

Test(decode, points_at_what_is_wrong)
{
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        cr_expect_eq(decode(str_of(WRONG[i].body)), FAULT_INVALID, "%s", WRONG[i].body);
        cr_assert_neq(problems.first, NULL, "%s", WRONG[i].body);
        cr_expect_str_eq(problems.first->pointer, WRONG[i].pointer, "%s", WRONG[i].body);
        cr_expect_str_eq(problems.first->code, WRONG[i].code, "%s", WRONG[i].body);
        cr_expect(problems.first->message.in[LANGUAGE_VI][0] != '\0');
        cr_expect(problems.first->message.in[LANGUAGE_EN][0] != '\0');
    }
}

Test(decode, reports_everything_at_once)
{
    cr_assert_eq(decode(STR("{\"number\":9,\"free\":\"toolong\",\"x\":1}")), FAULT_INVALID);
    cr_assert_eq(problems.count, 4);
}

static const char *const UNREADABLE[] = {
    "",
    "{",
    "{\"a\":1,\"a\":2}",
    "{\"a\":\"\xff\"}",
    "{} x",
    "nul",
    "\xef\xbb\xbf{}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":1e999}",
    "{\"a\":99999999999999999999}",
};

Test(decode, refuses_what_is_not_json)
{
    for (size_t i = 0; i < COUNT_OF(UNREADABLE); i++) {
        cr_expect_eq(decode(str_of(UNREADABLE[i])), FAULT_BAD_JSON, "%zu", i);
        cr_expect_eq(problems.count, 1);
    }
    cr_assert_eq(decode((struct str){"{\"code\":1\0}", 11}), FAULT_BAD_JSON, "NUL between tokens");
    cr_assert_eq(decode((struct str){NULL, 0}), FAULT_BAD_JSON);
}

Test(decode, limits_the_nesting)
{
    char body[200] = "{\"code\":\"one\",\"object\":{\"a\":";
    size_t at = strlen(body);

    for (int i = 0; i < LIMIT_JSON_DEPTH - 2; i++) {
        body[at++] = '[';
    }
    for (int i = 0; i < LIMIT_JSON_DEPTH - 2; i++) {
        body[at++] = ']';
    }
    (void)snprintf(body + at, sizeof(body) - at, "}}");
    cr_assert_eq(decode(str_of(body)), FAULT_NONE, "%s", body);

    memmove(body + 29, body + 28, strlen(body + 28) + 1);
    body[28] = '[';
    cr_assert_eq(decode(str_of(body)), FAULT_BAD_JSON);
}

Test(decode, shows_differences_by_path)
{
    struct json_difference found[4];

    arena_init(&arena, 0);
    int count = json_differences(&arena, "{\"a\":{\"b\":1,\"c\":2},\"d\":[1]}",
                                 "{\"a\":{\"b\":1,\"c\":3},\"d\":[1],\"e\":null}", found, 4);
    cr_assert_eq(count, 2);
    cr_assert_str_eq(found[0].path, "/a/c");
    cr_assert_str_eq(found[0].before, "2");
    cr_assert_str_eq(found[0].after, "3");
    cr_assert_str_eq(found[1].path, "/e");
    cr_assert_null(found[1].before);
    cr_assert_eq(json_differences(&arena, NULL, "{\"a\":1}", found, 4), 1);
    cr_assert_eq(json_differences(&arena, "{\"a\":1,\"b\":1}", "{}", found, 1), 1,
                 "stops at the most");
}
