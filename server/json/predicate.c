#include "json/predicate.h"

#include <stdio.h>
#include <string.h>

#define TYPE_BIT(type) (1U << (unsigned)(type))

static const struct {
    const char *code;
    enum predicate_op op;
    unsigned types; /* of fact it applies to */
} operators[] = {
    {"eq", PREDICATE_EQ, TYPE_BIT(FACT_BOOL) | TYPE_BIT(FACT_ENUM) | TYPE_BIT(FACT_INT)},
    {"in", PREDICATE_IN, TYPE_BIT(FACT_ENUM)},
    {"lt", PREDICATE_LT, TYPE_BIT(FACT_INT)},
    {"le", PREDICATE_LE, TYPE_BIT(FACT_INT)},
    {"ge", PREDICATE_GE, TYPE_BIT(FACT_INT)},
    {"contains", PREDICATE_CONTAINS, TYPE_BIT(FACT_SET)},
    {"not_contains", PREDICATE_NOT_CONTAINS, TYPE_BIT(FACT_SET)},
    {"only", PREDICATE_ONLY, TYPE_BIT(FACT_SET)},
};

struct reading {
    const struct ruleset *ruleset;
    struct document_error *error;
    struct predicate_node nodes[PREDICATE_NODES_MAX];
    size_t count;
    uint64_t facts;
};

static bool push(struct reading *reading, const char *pointer, struct predicate_node node)
{
    if (reading->count == PREDICATE_NODES_MAX) {
        return document_fail(reading->error, pointer, "has more than %d parts",
                             PREDICATE_NODES_MAX);
    }
    reading->nodes[reading->count++] = node;
    return true;
}

/* A choice of the fact as the bit or index that the operator compares with. */
static bool read_choice(const struct fact_def *fact, const json_t *value, int64_t *ret_index)
{
    const char *id = json_string_value(value);
    int index = id == NULL ? -1 : fact_choice_index(fact, id);

    if (index < 0) {
        return false;
    }
    *ret_index = index;
    return true;
}

static bool read_choices(const struct fact_def *fact, const json_t *value, int64_t *ret_mask)
{
    int64_t mask = 0;
    int64_t index = 0;

    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!read_choice(fact, json_array_get(value, i), &index)) {
            return false;
        }
        mask |= (int64_t)1 << index;
    }
    *ret_mask = mask;
    return mask != 0;
}

static bool read_value(const struct fact_def *fact, enum predicate_op op, const json_t *value,
                       int64_t *ret_value)
{
    int64_t index = 0;

    if (op == PREDICATE_IN) {
        return read_choices(fact, value, ret_value);
    }
    switch (fact->type) {
    case FACT_BOOL:
        *ret_value = json_is_true(value) ? 1 : 0;
        return json_is_boolean(value);
    case FACT_ENUM:
        return read_choice(fact, value, ret_value);
    case FACT_SET:
        if (!read_choice(fact, value, &index)) {
            return false;
        }
        *ret_value = (int64_t)1 << index;
        return true;
    case FACT_INT:
        *ret_value = (int64_t)json_integer_value(value);
        return json_is_integer(value) && *ret_value >= fact->min && *ret_value <= fact->max;
    case FACT_TYPE_COUNT:
        break;
    }
    return false;
}

static bool fail_at(struct reading *reading, const char *pointer, const char *member,
                    const char *problem, const char *what)
{
    char where[DOCUMENT_POINTER_BYTES];

    (void)snprintf(where, sizeof(where), "%.150s/%s", pointer, member);
    return document_fail(reading->error, where, "%s \"%.60s\"", problem, what == NULL ? "" : what);
}

static bool read_leaf(struct reading *reading, const json_t *value, const char *pointer)
{
    const char *id = json_string_value(json_object_get(value, "fact"));
    const char *code = json_string_value(json_object_get(value, "op"));
    struct predicate_node node = {0};
    size_t which = 0;

    int index = id == NULL ? -1 : ruleset_fact_index(reading->ruleset, id);
    if (index < 0) {
        return fail_at(reading, pointer, "fact", "unknown fact", id);
    }
    const struct fact_def *fact = &reading->ruleset->facts[index];
    while (which < COUNT_OF(operators) &&
           (code == NULL || strcmp(operators[which].code, code) != 0)) {
        which++;
    }
    if (which == COUNT_OF(operators)) {
        return fail_at(reading, pointer, "op", "unknown operator", code);
    }
    if ((operators[which].types & TYPE_BIT(fact->type)) == 0) {
        return fail_at(reading, pointer, "op", "does not apply to a fact of type",
                       fact_type_code(fact->type));
    }
    node.op = operators[which].op;
    node.fact = (unsigned)index;
    if (!read_value(fact, node.op, json_object_get(value, "value"), &node.value)) {
        return fail_at(reading, pointer, "value", "is not a value of", fact->id);
    }
    reading->facts |= UINT64_C(1) << (unsigned)index;
    return push(reading, pointer, node);
}

static bool read_node(struct reading *reading, const json_t *value, const char *pointer, int depth);

// NOLINTNEXTLINE(misc-no-recursion): PREDICATE_DEPTH_MAX
static bool read_group(struct reading *reading, const json_t *items, const char *pointer,
                       enum predicate_op op, int depth)
{
    char where[DOCUMENT_POINTER_BYTES];
    size_t count = json_array_size(items);

    (void)snprintf(where, sizeof(where), "%.150s/%s", pointer, op == PREDICATE_ALL ? "all" : "any");
    if (!json_is_array(items) || count == 0 || count > PREDICATE_NODES_MAX) {
        return document_fail(reading->error, where, "must be a list of 1 to %d conditions",
                             PREDICATE_NODES_MAX);
    }
    if (depth == PREDICATE_DEPTH_MAX) {
        return document_fail(reading->error, where, "is nested more than %d deep",
                             PREDICATE_DEPTH_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        char item[DOCUMENT_POINTER_BYTES];
        (void)snprintf(item, sizeof(item), "%.160s/%zu", where, i);
        if (!read_node(reading, json_array_get(items, i), item, depth + 1)) {
            return false;
        }
    }
    return push(reading, where, (struct predicate_node){.op = op, .arity = (unsigned)count});
}

// NOLINTNEXTLINE(misc-no-recursion): PREDICATE_DEPTH_MAX
static bool read_node(struct reading *reading, const json_t *value, const char *pointer, int depth)
{
    const json_t *all = json_object_get(value, "all");
    const json_t *any = json_object_get(value, "any");
    size_t size = json_object_size(value);

    if (all != NULL && size == 1) {
        return read_group(reading, all, pointer, PREDICATE_ALL, depth);
    }
    if (any != NULL && size == 1) {
        return read_group(reading, any, pointer, PREDICATE_ANY, depth);
    }
    if (size != 3 || json_object_get(value, "fact") == NULL ||
        json_object_get(value, "op") == NULL || json_object_get(value, "value") == NULL) {
        return document_fail(reading->error, pointer,
                             "must be {\"all\"}, {\"any\"} or {\"fact\",\"op\",\"value\"}");
    }
    return read_leaf(reading, value, pointer);
}

bool predicate_decode(const json_t *value, const char *pointer, const struct ruleset *ruleset,
                      struct arena *arena, struct predicate *ret_predicate,
                      struct document_error *ret_error)
{
    struct reading reading = {.ruleset = ruleset, .error = ret_error};

    if (!read_node(&reading, value, pointer, 0)) {
        return false;
    }
    struct predicate_node *nodes = ARENA_ARRAY(arena, reading.count, struct predicate_node);
    memcpy(nodes, reading.nodes, reading.count * sizeof(*nodes));
    *ret_predicate = (struct predicate){nodes, reading.count, reading.facts};
    return true;
}

/* ---- values of facts ---- */

static bool decode_set(const struct fact_def *fact, const json_t *value, int64_t *ret_mask,
                       const char **ret_code, int *ret_item)
{
    int64_t mask = 0;

    if (!json_is_array(value)) {
        *ret_code = "wrong_type";
        return false;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *id = json_string_value(json_array_get(value, i));
        int index = id == NULL ? -1 : fact_choice_index(fact, id);
        *ret_item = (int)i;
        if (index < 0) {
            *ret_code = id == NULL ? "wrong_type" : "unknown_value";
            return false;
        }
        if ((mask & ((int64_t)1 << index)) != 0) {
            *ret_code = "duplicate";
            return false;
        }
        mask |= (int64_t)1 << index;
    }
    *ret_item = -1;
    *ret_code = "out_of_range";
    *ret_mask = mask;
    return (int64_t)json_array_size(value) >= fact->min;
}

bool fact_value_decode(const struct fact_def *fact, const json_t *value,
                       struct fact_value *ret_value, const char **ret_code, int *ret_item)
{
    struct fact_value read = {.known = true};
    bool good = false;
    const char *id = json_string_value(value);

    *ret_item = -1;
    *ret_code = "wrong_type";
    if (value == NULL || json_is_null(value)) {
        *ret_value = (struct fact_value){0};
        return true;
    }
    switch (fact->type) {
    case FACT_BOOL:
        good = json_is_boolean(value);
        read.value = json_is_true(value) ? 1 : 0;
        break;
    case FACT_ENUM:
        read.value = id == NULL ? -1 : fact_choice_index(fact, id);
        good = read.value >= 0;
        *ret_code = id == NULL ? "wrong_type" : "unknown_value";
        break;
    case FACT_SET:
        good = decode_set(fact, value, &read.value, ret_code, ret_item);
        break;
    case FACT_INT:
        read.value = (int64_t)json_integer_value(value);
        good = json_is_integer(value) && read.value >= fact->min && read.value <= fact->max;
        *ret_code = json_is_integer(value) ? "out_of_range" : "wrong_type";
        break;
    case FACT_TYPE_COUNT:
        break;
    }
    if (good) {
        *ret_value = read;
    }
    return good;
}
