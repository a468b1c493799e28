#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

TestSuite(log, .timeout = 20);

static const char *written(enum log_format format, enum log_level level, const char *text)
{
    static char line[1024];
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
