#include <criterion/criterion.h>
#include <stdint.h>

#include "json/writer.h"

TestSuite(writer, .timeout = 20);

Test(writer, sets_commas_and_nesting)
{
    struct buffer out;

    buffer_init(&out, 1);
    struct json_writer w = json_writer(&out);
    json_object_begin(&w);
    json_member_text(&w, "a", "x");
    json_name(&w, "b");
    json_array_begin(&w);
    json_int(&w, 1);
    json_object_begin(&w);
    json_object_end(&w);
    json_array_begin(&w);
    json_array_end(&w);
    json_bool(&w, true);
    json_null(&w);
    json_array_end(&w);
    json_member_raw(&w, "c", STR("[1,2]"));
    json_member_text(&w, "d", NULL);
    json_object_end(&w);
    cr_assert_str_eq(out.at, "{\"a\":\"x\",\"b\":[1,{},[],true,null],\"c\":[1,2],\"d\":null}");
    buffer_done(&out);
}

Test(writer, escapes_what_json_may_not_hold)
{
    struct buffer out;

    buffer_init(&out, 1);
    struct json_writer w = json_writer(&out);
    json_str(&w, (struct str){"\"\\\n\t\x01\x1f/é\0z", 11});
    cr_assert_str_eq(out.at, "\"\\\"\\\\\\n\\u0009\\u0001\\u001f/é\\u0000z\"");
    buffer_done(&out);
}

Test(writer, writes_every_integer)
{
    struct buffer out;

    buffer_init(&out, 1);
    struct json_writer w = json_writer(&out);
    json_array_begin(&w);
    json_int(&w, INT64_MIN);
    json_int(&w, 0);
    json_int(&w, INT64_MAX);
    json_array_end(&w);
    cr_assert_str_eq(out.at, "[-9223372036854775808,0,9223372036854775807]");
    buffer_done(&out);
}
