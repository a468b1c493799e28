/* The queue of security events without a database: bounded, fair, and it says what was lost. */
#include "api/security_sink.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/security_entry.h"

TestSuite(security_sink, .timeout = 30);

static struct clock_source sink_clock;
static struct log sink_log;
static char lines_path[] = "/tmp/capdo-sink.XXXXXX";

static struct security_sink *start(int fd, const char *file)
{
    char error[200] = "";

    sink_clock = clock_system();
    sink_log = (struct log){.clock = &sink_clock, .level = LOG_ERROR, .format = LOG_JSON, .fd = fd};
    const struct security_sink_settings settings = {
        .db = {.url = "host=/nowhere dbname=none",
               .purpose = DB_WORK,
               .clock = &sink_clock,
               .log = &sink_log},
        .clock = &sink_clock,
        .log = &sink_log,
        .file = file,
    };
    struct security_sink *sink = security_sink_start(&settings, error, sizeof error);
    cr_assert(sink != NULL || file != NULL, "%s", error);
    return sink;
}

static int lines_fd(void)
{
    int fd = mkstemp(lines_path);

    cr_assert_geq(fd, 0);
    return fd;
}

static const char *lines_read(int fd)
{
    static char text[4 * MIB];
    ssize_t length = pread(fd, text, sizeof text - 1, 0);

    cr_assert_geq(length, 0);
    text[length] = '\0';
    return text;
}

static bool add(struct security_sink *sink, const char *session, int number)
{
    char subject[UUID_TEXT_BYTES];

    (void)snprintf(subject, sizeof subject, "00000000-0000-4000-8000-%012d", number);
    const struct security_event event = {
        .kind = SECURITY_ACCESS_REFUSED,
        .outcome = SECURITY_REFUSED,
        .session_id = session,
        .subject_id = subject,
        .address = "192.0.2.1",
    };
    return security_sink_add(sink, &event, SECURITY_TABLE_AND_LINE);
}

Test(security_sink, strangers_cannot_take_the_room_of_people)
{
    int fd = lines_fd();
    struct security_sink *sink = start(fd, NULL);
    int strangers = 0;
    int people = 0;

    for (int i = 0; i < 2 * LIMIT_SECURITY_QUEUE; i++) {
        strangers += add(sink, NULL, i) ? 1 : 0;
    }
    cr_assert_eq(strangers, LIMIT_SECURITY_QUEUE / 4);
    for (int i = 0; i < 2 * LIMIT_SECURITY_QUEUE; i++) {
        people += add(sink, "00000000-0000-4000-8000-000000000001", i) ? 1 : 0;
    }
    /* One place may have gone to the event that says what was lost. */
    cr_assert_geq(people, 3 * LIMIT_SECURITY_QUEUE / 4 - 1);
    cr_assert_leq(people, 3 * LIMIT_SECURITY_QUEUE / 4);
    struct security_sink_state state = security_sink_state(sink);
    cr_assert_eq(state.waiting, LIMIT_SECURITY_QUEUE);
    cr_assert_eq(state.lost, (uint64_t)(4 * LIMIT_SECURITY_QUEUE - strangers - people));
    security_sink_stop(sink);
    cr_assert(strstr(lines_read(fd), "security events are not in the table") != NULL);
    (void)close(fd);
    (void)unlink(lines_path);
}

Test(security_sink, says_once_more_how_often_it_came_again)
{
    int fd = lines_fd();
    struct security_sink *sink = start(fd, NULL);

    for (int i = 0; i < 500; i++) {
        cr_assert(add(sink, "00000000-0000-4000-8000-000000000001", 7));
    }
    security_sink_stop(sink);

    const char *lines = lines_read(fd);
    int count = 0;
    for (const char *p = lines; (p = strstr(p, "access.refused")) != NULL; p++) {
        count++;
    }
    cr_assert_eq(count, 2, "%s", lines);
    cr_assert(strstr(lines, "{\\\"times\\\":499}") != NULL, "%s", lines);
    (void)close(fd);
    (void)unlink(lines_path);
}

Test(security_sink, is_blind_only_when_nothing_can_be_written)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    struct security_sink *sink = start(full, NULL);

    cr_assert_not(security_sink_is_blind(sink), "before anything is tried");
    cr_assert(add(sink, NULL, 1));
    for (int i = 0; i < 100 && !security_sink_is_blind(sink); i++) {
        (void)usleep(50000);
    }
    cr_assert(security_sink_is_blind(sink));
    cr_assert_not(security_sink_state(sink).table_is_up);
    cr_assert_not(security_sink_state(sink).lines_are_up);
    security_sink_stop(sink);

    int fd = lines_fd();
    sink = start(fd, NULL);
    cr_assert(add(sink, NULL, 1));
    (void)usleep(300000);
    cr_assert_not(security_sink_is_blind(sink), "lines are enough");
    security_sink_stop(sink);
    (void)close(fd);
    (void)close(full);
    (void)unlink(lines_path);
    cr_assert_not(security_sink_is_blind(NULL));
}

Test(security_sink, refuses_a_file_that_cannot_be_opened)
{
    cr_assert_null(start(STDERR_FILENO, "/nowhere/security.log"));
}

Test(security_sink, cuts_texts_between_characters)
{
    struct security_entry entry;
    char name[ENTRY_NAME_BYTES + 40];

    for (size_t i = 0; i + 2 < sizeof name; i += 3) {
        (void)memcpy(name + i, "ế", 3);
    }
    name[sizeof name - 1 - (sizeof name - 1) % 3] = '\0';
    security_entry_of(&(struct security_event){.account_name = name, .detail_json = "{}"}, 0,
                      &entry);
    cr_assert_eq(strlen(entry.account_name) % 3, 0);
    cr_assert_gt(strlen(entry.account_name), ENTRY_NAME_BYTES - 4);

    security_entry_add_times(&entry, 5);
    cr_assert_str_eq(entry.detail, "{\"times\":5}");
    security_entry_of(&(struct security_event){.detail_json = "{\"a\":1}"}, 0, &entry);
    security_entry_add_times(&entry, 5);
    cr_assert_str_eq(entry.detail, "{\"times\":5,\"a\":1}");
}
