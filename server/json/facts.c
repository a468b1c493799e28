#include "json/facts.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "json/predicate.h"

/* What people read for each code. */
static const struct {
    const char *code;
    struct text message;
} messages[] = {
    {"unknown_fact",
     {{"Bộ quy định này không có câu hỏi đó", "This ruleset does not ask for that fact"}}},
    {"wrong_type", {{"Câu trả lời không đúng kiểu", "The answer is of the wrong type"}}},
    {"unknown_value",
     {{"Giá trị không có trong danh sách", "The value is not one of the choices"}}},
    {"duplicate", {{"Giá trị lặp lại", "The value stands twice"}}},
    {"out_of_range", {{"Giá trị ngoài phạm vi cho phép", "The value is out of range"}}},
};

static struct text message_of(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        if (strcmp(messages[i].code, code) == 0) {
            return messages[i].message;
        }
    }
    return TEXT("", "");
}

/* A name as it stands in a JSON Pointer. */
static const char *escape(struct arena *arena, const char *name)
{
    char *copy = arena_alloc(arena, 2 * strlen(name) + 1);
    char *at = copy;

    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') {
            *at++ = '~';
            *at++ = *name == '~' ? '0' : '1';
        } else {
            *at++ = *name;
        }
    }
    return copy;
}

static const char *params_of(struct arena *arena, const struct fact_def *fact, const char *code)
{
    if (strcmp(code, "wrong_type") == 0) {
        return arena_printf(arena, "{\"expected\":\"%s\"}", fact_type_code(fact->type));
    }
    if (strcmp(code, "out_of_range") == 0 && fact->type == FACT_INT) {
        return arena_printf(arena, "{\"min\":%lld,\"max\":%lld}", (long long)fact->min,
                            (long long)fact->max);
    }
    if (strcmp(code, "out_of_range") == 0) {
        return arena_printf(arena, "{\"min\":%lld}", (long long)fact->min);
    }
    return NULL;
}

static void report(struct problems *problems, const char *prefix, const char *name, int item,
                   const char *code, const struct fact_def *fact)
{
    struct arena *arena = problems->arena;
    const char *pointer = arena_printf(arena, "%s/%s", prefix, escape(arena, name));

    if (item >= 0) {
        pointer = arena_printf(arena, "%s/%d", pointer, item);
    }
    problems_add(problems, pointer, code, fact == NULL ? NULL : params_of(arena, fact, code),
                 message_of(code));
}

/* problems may be NULL: then the first fault ends the reading. */
static enum fault decode_object(json_t *root, const char *prefix, const struct ruleset *ruleset,
                                struct problems *problems, struct facts *ret_facts)
{
    struct facts facts = {0};
    enum fault fault = FAULT_NONE;
    const char *name = NULL;
    json_t *value = NULL;

    json_object_foreach(root, name, value)
    {
        const char *code = "unknown_fact";
        const struct fact_def *fact = NULL;
        int item = -1;
        int index = ruleset_fact_index(ruleset, name);
        if (index >= 0) {
            fact = &ruleset->facts[index];
            if (fact_value_decode(fact, value, &facts.of[index], &code, &item)) {
                continue;
            }
        }
        fault = FAULT_INVALID;
        if (problems == NULL) {
            break;
        }
        report(problems, prefix, name, item, code, fact);
    }
    if (fault == FAULT_NONE) {
        *ret_facts = facts;
    }
    return fault;
}

enum fault facts_decode(struct str json, const char *prefix, const struct ruleset *ruleset,
                        struct problems *problems, struct facts *ret_facts)
{
    static const struct text not_object = {{"Phải là một đối tượng JSON", "Must be a JSON object"}};
    json_auto_t *root = NULL;

    if (json.length <= LIMIT_BODY_BYTES) {
        root = json_loadb(json.at, json.length, JSON_REJECT_DUPLICATES, NULL);
    }
    if (!json_is_object(root)) {
        problems_add(problems, prefix, "wrong_type", "{\"expected\":\"object\"}", not_object);
        return FAULT_BAD_JSON;
    }
    return decode_object(root, prefix, ruleset, problems, ret_facts);
}

bool facts_decode_stored(struct str json, const struct ruleset *ruleset, struct facts *ret_facts)
{
    json_auto_t *root = json_loadb(json.at, json.length, JSON_REJECT_DUPLICATES, NULL);

    return json_is_object(root) && decode_object(root, "", ruleset, NULL, ret_facts) == FAULT_NONE;
}
