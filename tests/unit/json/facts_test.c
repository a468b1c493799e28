/* Answers as JSON: every problem at once, canonical bytes, and the classification they give. */
#include "support/ruleset_files.h"
#include "json/classification.h"
#include "json/writer.h"

static const struct {
    const char *json;
    const char *pointer;
    const char *code;
    const char *params; /* or NULL */
} refused[] = {
    {"{\"system_typ\":\"internal\"}", "/facts/system_typ", "unknown_fact", NULL},
    {"{\"system_type\":7}", "/facts/system_type", "wrong_type", "{\"expected\":\"enum\"}"},
    {"{\"system_type\":\"space\"}", "/facts/system_type", "unknown_value", NULL},
    {"{\"info_types\":\"public\"}", "/facts/info_types", "wrong_type", "{\"expected\":\"set\"}"},
    {"{\"info_types\":[\"public\",\"secret\"]}", "/facts/info_types/1", "unknown_value", NULL},
    {"{\"info_types\":[\"public\",3]}", "/facts/info_types/1", "wrong_type",
     "{\"expected\":\"set\"}"},
    {"{\"info_types\":[\"public\",\"public\"]}", "/facts/info_types/1", "duplicate", NULL},
    {"{\"info_types\":[]}", "/facts/info_types", "out_of_range", "{\"min\":1}"},
    {"{\"online_service\":\"true\"}", "/facts/online_service", "wrong_type",
     "{\"expected\":\"bool\"}"},
    {"{\"online_service\":1}", "/facts/online_service", "wrong_type", "{\"expected\":\"bool\"}"},
    {"{\"data_subjects_basic\":-1}", "/facts/data_subjects_basic", "out_of_range",
     "{\"min\":0,\"max\":1000000000}"},
    {"{\"data_subjects_basic\":1.5}", "/facts/data_subjects_basic", "wrong_type",
     "{\"expected\":\"int\"}"},
    {"{\"data_subjects_basic\":\"5\"}", "/facts/data_subjects_basic", "wrong_type",
     "{\"expected\":\"int\"}"},
    {"{\"pm_or_risk_framework_level\":6}", "/facts/pm_or_risk_framework_level", "out_of_range",
     "{\"min\":0,\"max\":5}"},
    {"{\"a/b~c\":1}", "/facts/a~1b~0c", "unknown_fact", NULL},
    {"{\"user_count\":5}", "/facts/user_count", "unknown_fact", NULL}, /* of the other decree */
};

Test(facts, a_wrong_answer_is_refused_with_its_place, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &ruleset);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct problems problems;
        struct facts facts = {.of = {{true, 42}}};
        problems_init(&problems, &arena);
        enum fault fault =
            facts_decode(str_of(refused[i].json), "/facts", &ruleset, &problems, &facts);
        cr_expect_eq(fault, FAULT_INVALID, "%s was accepted", refused[i].json);
        cr_assert_eq(problems.count, 1, "%s", refused[i].json);
        cr_expect_str_eq(problems.first->pointer, refused[i].pointer);
        cr_expect_str_eq(problems.first->code, refused[i].code);
        cr_expect_eq(problems.first->params == NULL, refused[i].params == NULL, "%s",
                     refused[i].json);
        if (refused[i].params != NULL && problems.first->params != NULL) {
            cr_expect_str_eq(problems.first->params, refused[i].params);
        }
        cr_expect(problems.first->message.in[LANGUAGE_VI][0] != '\0');
        cr_expect_eq(facts.of[0].value, 42, "written on failure");
        cr_expect(!facts_decode_stored(str_of(refused[i].json), &ruleset, &facts));
    }
    arena_done(&arena);
}

Test(facts, all_problems_are_reported_at_once, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;
    struct problems problems;
    struct facts facts;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &ruleset);
    problems_init(&problems, &arena);
    enum fault fault =
        facts_decode(STR("{\"x\":1,\"system_type\":\"y\",\"online_service\":2,\"strategic\":null}"),
                     "", &ruleset, &problems, &facts);
    cr_assert_eq(fault, FAULT_INVALID);
    cr_assert_eq(problems.count, 3);
    cr_expect_str_eq(problems.first->pointer, "/x");
    cr_expect_str_eq(problems.last->pointer, "/online_service");
    arena_done(&arena);
}

Test(facts, what_is_not_an_object_is_bad_json, .timeout = 10)
{
    static const char *const texts[] = {"", "[]", "7", "{", "{\"a\":1,\"a\":2}", "{} {}", "null"};
    struct arena arena;
    struct ruleset ruleset;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &ruleset);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct problems problems;
        struct facts facts;
        problems_init(&problems, &arena);
        cr_expect_eq(facts_decode(str_of(texts[i]), "", &ruleset, &problems, &facts),
                     FAULT_BAD_JSON, "%s", texts[i]);
        cr_expect_eq(problems.count, 1);
    }
    arena_done(&arena);
}

static const char *written(struct buffer *buffer, const struct ruleset *ruleset,
                           const struct facts *facts)
{
    struct json_writer writer = json_writer(buffer);

    buffer_clear(buffer);
    facts_write(&writer, ruleset, facts);
    return buffer->at;
}

Test(facts, equal_answers_are_written_as_equal_bytes, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;
    struct buffer buffer;

    arena_init(&arena, 0);
    buffer_init(&buffer, 64);
    ruleset_load(&arena, RULESET_331, &ruleset);
    struct facts facts = facts_of(&arena, &ruleset,
                                  "{\"online_service\":null,\"data_subjects_basic\":40000,"
                                  "\"info_types\":[\"personal\",\"public\"],\"strategic\":false,"
                                  "\"system_type\":\"citizen_business\"}");
    const char *canonical = "{\"system_type\":\"citizen_business\","
                            "\"info_types\":[\"public\",\"personal\"],"
                            "\"data_subjects_basic\":40000,\"strategic\":false}";
    cr_assert_str_eq(written(&buffer, &ruleset, &facts), canonical);
    struct facts again = facts_of(&arena, &ruleset, canonical);
    cr_assert_eq(memcmp(&facts, &again, sizeof(facts)), 0);
    cr_assert(facts_decode_stored(str_of(canonical), &ruleset, &again));
    buffer_done(&buffer);
    arena_done(&arena);
}

Test(classification, is_written_as_the_contract_says, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;
    struct classification result;
    struct buffer buffer;

    arena_init(&arena, 0);
    buffer_init(&buffer, 64);
    ruleset_load(&arena, RULESET_INVENTED, &ruleset);
    struct facts facts =
        facts_of(&arena, &ruleset, "{\"depth_m\":3,\"fauna\":[\"fish\"],\"haunted\":true}");
    classify(&ruleset, &facts, &result);
    struct json_writer writer = json_writer(&buffer);
    classification_write(&writer, &ruleset, &facts, &result, LANGUAGE_EN);
    cr_assert_str_eq(
        buffer.at,
        "{\"ruleset\":\"lagoon-2031\",\"level\":2,\"at_least\":2,\"complete\":true,\"missing\":[],"
        "\"matched\":[\"W2\"],\"trace\":["
        "{\"criterion\":\"W1\",\"level\":1,\"article\":\"Lagoon Act, s. 1\",\"result\":\"false\","
        "\"facts\":{\"depth_m\":3},\"text\":{\"vi\":\"Nông\",\"en\":\"Shallow\"}},"
        "{\"criterion\":\"W2\",\"level\":2,\"article\":\"Lagoon Act, s. 1\",\"result\":\"true\","
        "\"facts\":{\"depth_m\":3,\"fauna\":[\"fish\"]},"
        "\"text\":{\"vi\":\"Chỉ có cá\",\"en\":\"Only fish\"}},"
        "{\"criterion\":\"W4\",\"level\":4,\"article\":\"Lagoon Act, s. 1\",\"result\":\"false\","
        "\"facts\":{\"depth_m\":3,\"fauna\":[\"fish\"],\"salinity\":null},"
        "\"text\":{\"vi\":\"Có hải cẩu hoặc nước mặn sâu\",\"en\":\"Seals, or deep and salty\"}},"
        "{\"criterion\":\"W5\",\"level\":5,\"article\":\"Lagoon Act, s. 1\",\"result\":\"false\","
        "\"facts\":{\"fauna\":[\"fish\"],\"haunted\":true},"
        "\"text\":{\"vi\":\"Có ma, không có cá\",\"en\":\"Haunted, no fish\"}}]}");

    facts = facts_of(&arena, &ruleset, "{\"depth_m\":60}");
    classify(&ruleset, &facts, &result);
    buffer_clear(&buffer);
    writer = json_writer(&buffer);
    classification_write(&writer, &ruleset, &facts, &result, LANGUAGE_VI);
    const char *head = "{\"ruleset\":\"lagoon-2031\",\"level\":null,\"at_least\":0,"
                       "\"complete\":false,\"missing\":[\"fauna\",\"salinity\",\"haunted\"],"
                       "\"matched\":[],\"trace\":[{\"criterion\":\"W1\",\"level\":1,"
                       "\"article\":\"Điều 1 Luật đầm phá\",";
    cr_assert_eq(strncmp(buffer.at, head, strlen(head)), 0, "%s", buffer.at);
    buffer_done(&buffer);
    arena_done(&arena);
}
