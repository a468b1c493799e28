#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

TestSuite(log, .timeout = 20);

static const char *written(enum log_format format, enum log_level level, const char *text)
{
    static char line[16 * 1024];
    struct clock_source clock = clock_system();
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    struct log log = {.clock = &clock, .level = LOG_INFO, .format = format, .fd = ends[1]};
    LOG(&log, level, "message", LOG_TEXT_FIELD("text", text), LOG_NUMBER("number", -5));
    (void)close(ends[1]);
    ssize_t length = read(ends[0], line, sizeof(line) - 1);
    (void)close(ends[0]);
    line[length > 0 ? length : 0] = '\0';
    return line;
}

Test(log, writes_one_line_whatever_the_text_holds)
{
    const char *json = written(LOG_JSON, LOG_ERROR, "a\nb\"c\\d\x1b\x7f");

    cr_assert_eq(strchr(json, '\n'), json + strlen(json) - 1);
    cr_assert(strstr(json, "\"text\":\"a\\u000ab\\\"c\\\\d\\u001b\\u007f\"") != NULL, "%s", json);
    cr_assert(strstr(json, "\"number\":-5}") != NULL);

    const char *text = written(LOG_TEXT, LOG_ERROR, "a\nb");
    cr_assert_eq(strchr(text, '\n'), text + strlen(text) - 1);
    cr_assert(strstr(text, "text=\"a\\u000ab\" number=-5") != NULL, "%s", text);
}

Test(log, drops_what_is_below_its_level)
{
    cr_assert_str_eq(written(LOG_JSON, LOG_DEBUG, "x"), "");
}

/* L-9: nothing that ends a line, colours it or turns it round for whoever looks at it. */
Test(log, escapes_what_changes_how_a_line_looks)
{
    static const struct {
        const char *text;
        const char *wanted;
    } cases[] = {
        {"Hệ thống ở Bắc Ninh 😀", "\"text\":\"Hệ thống ở Bắc Ninh 😀\""},
        {"a\r\nb", "a\\u000d\\u000ab"},
        {"a\u2028b\u2029c\xc2\x85"
         "d",
         "a\\u2028b\\u2029c\\u0085d"},
        {"\u202egnp.exe\u202c", "\\u202egnp.exe\\u202c"},
        {"\u2066a\u2069\u200f\ufeff\u061c", "\\u2066a\\u2069\\u200f\\ufeff\\u061c"},
        {"a\U000e0041b", "a\\udb40\\udc41b"},
        {"a\x80\xc3(\xed\xa0\x80\xc0\x8a\xf5",
         "a\\ufffd\\ufffd(\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {"a\xe1\xba", "a\\ufffd\\ufffd\""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *json = written(LOG_JSON, LOG_ERROR, cases[i].text);
        cr_expect(strstr(json, cases[i].wanted) != NULL, "%s", json);
        cr_expect_eq(strchr(json, '\n'), json + strlen(json) - 1);
    }
}

Test(log, cuts_a_long_text)
{
    char text[8192];

    (void)memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    const char *json = written(LOG_JSON, LOG_ERROR, text);
    cr_assert_lt(strlen(json), LOG_TEXT_BYTES + 200);
    cr_assert(strstr(json, "x…\",\"number\":-5}") != NULL, "%s", json);
    (void)memset(text, 1, sizeof(text) - 1);
    cr_assert_lt(strlen(written(LOG_JSON, LOG_ERROR, text)), LOG_TEXT_BYTES + 200);
}

Test(log, says_that_a_line_was_not_written)
{
    struct clock_source clock = clock_system();
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    struct log log = {.clock = &clock, .level = LOG_INFO, .format = LOG_JSON, .fd = full};

    cr_assert_not(log_write(&log, LOG_INFO, "message", NULL, 0));
    cr_assert(log_write(&log, LOG_DEBUG, "message", NULL, 0), "nothing was wanted");
    (void)close(full);
}
