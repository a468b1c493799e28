#include <string.h>

#include "rules/criteria.h"
#include "json/predicate.h"
#include "json/ruleset_read.h"

/* The members that a fact of each type has, and those it must not have. */
static bool check_fact(struct ruleset_reader *reader, const json_t *row,
                       const struct fact_def *fact, size_t index)
{
    static const char *const names[] = {"values", "unit", "min", "max"};
    bool chosen = fact->type == FACT_ENUM || fact->type == FACT_SET;
    bool counted = fact->type == FACT_INT;
    const bool wanted[] = {chosen, counted, counted, counted};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        bool present = json_object_get(row, names[i]) != NULL;
        bool allowed = wanted[i] || (fact->type == FACT_SET && strcmp(names[i], "min") == 0);
        POINTER(where, "/facts/%zu/%s", index, names[i]);
        if (wanted[i] && !present) {
            return document_fail(reader->error, where, "is missing for a fact of type %s",
                                 fact_type_code(fact->type));
        }
        if (present && !allowed) {
            return document_fail(reader->error, where, "does not apply to a fact of type %s",
                                 fact_type_code(fact->type));
        }
    }
    if (counted && fact->min > fact->max) {
        POINTER(where, "/facts/%zu/max", index);
        return document_fail(reader->error, where, "is smaller than min");
    }
    if (fact->type == FACT_SET && fact->choice_count > FACT_SET_CHOICES_MAX) {
        POINTER(where, "/facts/%zu/values", index);
        return document_fail(reader->error, where, "has more than %d values of a set",
                             FACT_SET_CHOICES_MAX);
    }
    return true;
}

static bool read_fact(struct ruleset_reader *reader, const json_t *row, size_t index,
                      struct fact_def *fact)
{
    struct arena *arena = reader->arena;
    const json_t *values = json_object_get(row, "values");
    const char *type = json_string_value(json_object_get(row, "type"));
    const char *code = NULL;
    int item = -1;

    for (unsigned i = 0; i < FACT_TYPE_COUNT; i++) {
        if (strcmp(fact_type_code((enum fact_type)i), type) == 0) {
            fact->type = (enum fact_type)i;
        }
    }
    fact->id = document_string(arena, row, "id");
    fact->group = document_string(arena, row, "group");
    fact->question = document_text(arena, row, "question");
    fact->why = document_text(arena, row, "why");
    fact->article = document_text(arena, row, "article");
    fact->unit = document_text(arena, row, "unit");
    fact->confidence = ruleset_read_confidence(row);
    fact->choices = ruleset_read_choices(arena, values);
    fact->choice_count = json_array_size(values);
    fact->min = document_int(row, "min");
    fact->max = document_int(row, "max");
    if (!check_fact(reader, row, fact, index)) {
        return false;
    }
    POINTER(choices, "/facts/%zu/values", index);
    if (!document_unique(values, "id", choices, reader->error)) {
        return false;
    }
    POINTER(hint, "/facts/%zu/default_hint", index);
    if (!fact_value_decode(fact, json_object_get(row, "default_hint"), &fact->default_hint, &code,
                           &item)) {
        return document_fail(reader->error, hint, "is not a value of this fact: %s", code);
    }
    return true;
}

bool ruleset_read_facts(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "facts");
    const json_t *groups = json_object_get(reader->root, "fact_groups");
    size_t count = json_array_size(array);
    struct fact_def *facts = ARENA_ARRAY(reader->arena, count, struct fact_def);

    if (!document_unique(groups, "id", "/fact_groups", reader->error) ||
        !document_unique(array, "id", "/facts", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_fact(reader, json_array_get(array, i), i, &facts[i])) {
            return false;
        }
        if (!ruleset_has_id(groups, facts[i].group)) {
            POINTER(where, "/facts/%zu/group", i);
            return document_fail(reader->error, where, "unknown group \"%.60s\"", facts[i].group);
        }
    }
    reader->ruleset->facts = facts;
    reader->ruleset->fact_count = count;

    /* Conditions may look forward, so they are read when every fact is known. */
    for (size_t i = 0; i < count; i++) {
        const json_t *when = json_object_get(json_array_get(array, i), "ask_when");
        POINTER(pointer, "/facts/%zu/ask_when", i);
        if (when != NULL && !predicate_decode(when, pointer, reader->ruleset, reader->arena,
                                              &facts[i].ask_when, reader->error)) {
            return false;
        }
    }
    return true;
}

bool ruleset_fill_domains(struct ruleset_reader *reader)
{
    size_t count = reader->ruleset->fact_count;
    struct fact_def *facts = ARENA_ARRAY(reader->arena, count, struct fact_def);

    memcpy(facts, reader->ruleset->facts, count * sizeof(*facts));
    for (size_t i = 0; i < count; i++) {
        int64_t values[FACT_DOMAIN_MAX];
        size_t size = criteria_domain(reader->ruleset, i, values);
        if (size == 0) {
            POINTER(pointer, "/facts/%zu", i);
            return document_fail(reader->error, pointer, "has more than %d distinct outcomes",
                                 FACT_DOMAIN_MAX);
        }
        int64_t *domain = ARENA_ARRAY(reader->arena, size, int64_t);
        memcpy(domain, values, size * sizeof(*domain));
        facts[i].domain = domain;
        facts[i].domain_count = size;
    }
    reader->ruleset->facts = facts;
    return true;
}

/* ---- criteria ---- */

bool ruleset_read_criteria(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "criteria");
    size_t count = json_array_size(array);
    struct criterion *criteria = ARENA_ARRAY(reader->arena, count, struct criterion);

    if (!document_unique(array, "id", "/criteria", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        POINTER(pointer, "/criteria/%zu/when", i);
        criteria[i] = (struct criterion){
            .id = document_string(reader->arena, row, "id"),
            .level = (int)document_int(row, "level"),
            .article = document_text(reader->arena, row, "article"),
            .text = document_text(reader->arena, row, "text"),
            .confidence = ruleset_read_confidence(row),
        };
        if (!predicate_decode(json_object_get(row, "when"), pointer, reader->ruleset, reader->arena,
                              &criteria[i].when, reader->error)) {
            return false;
        }
    }
    reader->ruleset->criteria = criteria;
    reader->ruleset->criterion_count = count;
    return true;
}
