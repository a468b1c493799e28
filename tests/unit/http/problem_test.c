#include <criterion/criterion.h>

#include "http/problem.h"

TestSuite(problem, .timeout = 20);

Test(problem, is_short_when_there_is_little_to_say)
{
    struct buffer out = {0};

    problem_write(&out, FAULT_NOT_FOUND, LANGUAGE_EN, "r-1", NULL, NULL);
    cr_assert_str_eq(out.at,
                     "{\"type\":\"/problems/not_found\",\"title\":\"Not found\",\"status\":404,"
                     "\"code\":\"not_found\",\"trace_id\":\"r-1\"}");
    buffer_done(&out);
}

Test(problem, has_every_member_in_the_language_of_the_reader)
{
    struct buffer out = {0};
    struct arena arena;
    struct problems problems;
    const struct reply reply = {
        .detail = {"Chi tiết", "Detail"},
        .current_json = "{\"version\":3}",
        .missing_right = "dossier.approve",
    };

    arena_init(&arena, 0);
    problems_init(&problems, &arena);
    problems_add(&problems, "/name", "required", NULL, TEXT("Thiếu tên", "Name is missing"));
    problems_add(&problems, "/a~1b", "too_long", "{\"max\":3}", TEXT("Quá \"dài\"", "Too long"));
    problem_write(&out, FAULT_INVALID, LANGUAGE_VI, "r-1", &reply, &problems);
    cr_assert_str_eq(
        out.at, "{\"type\":\"/problems/invalid\",\"title\":\"Dữ liệu chưa hợp lệ\",\"status\":422,"
                "\"code\":\"invalid\",\"detail\":\"Chi tiết\",\"errors\":["
                "{\"pointer\":\"/name\",\"code\":\"required\",\"message\":\"Thiếu tên\"},"
                "{\"pointer\":\"/a~1b\",\"code\":\"too_long\",\"params\":{\"max\":3},"
                "\"message\":\"Quá \\\"dài\\\"\"}],\"missing_right\":\"dossier.approve\","
                "\"current\":{\"version\":3},\"trace_id\":\"r-1\"}");
    buffer_done(&out);
    arena_done(&arena);
}

Test(problem, status_of_the_reply_goes_before_that_of_the_fault)
{
    struct buffer out = {0};
    const struct reply reply = {.status = 410};

    problem_write(&out, FAULT_NOT_FOUND, LANGUAGE_EN, "r", &reply, NULL);
    cr_assert_not_null(strstr(out.at, "\"status\":410"));
    buffer_done(&out);
}
