#include "json/ruleset.h"

#include <string.h>

#include "rules/flow.h"
#include "json/ruleset_read.h"
#include "json/ruleset_shape.h"

/* ---- shared by the sections ---- */

enum confidence ruleset_read_confidence(const json_t *row)
{
    const char *code = json_string_value(json_object_get(row, "confidence"));
    unsigned found = 0;

    for (unsigned i = 0; code != NULL && i < CONFIDENCE_COUNT; i++) {
        if (strcmp(confidence_code((enum confidence)i), code) == 0) {
            found = i;
        }
    }
    return (enum confidence)found;
}

const struct fact_choice *ruleset_read_choices(struct arena *arena, const json_t *array)
{
    size_t count = json_array_size(array);
    struct fact_choice *choices = ARENA_ARRAY(arena, count, struct fact_choice);

    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        choices[i].id = document_string(arena, row, "id");
        choices[i].label = document_text(arena, row, "label");
    }
    return choices;
}

bool ruleset_check_levels(struct ruleset_reader *reader, const char *name)
{
    const json_t *array = json_object_get(reader->root, name);

    for (size_t i = 0; i < json_array_size(array); i++) {
        if (document_int(json_array_get(array, i), "level") != (int64_t)i + 1) {
            POINTER(pointer, "/%s/%zu/level", name, i);
            return document_fail(reader->error, pointer, "must be %zu: levels stand in order",
                                 i + 1);
        }
    }
    return true;
}

bool ruleset_has_id(const json_t *groups, const char *id)
{
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const char *other = json_string_value(json_object_get(json_array_get(groups, i), "id"));
        if (other != NULL && strcmp(other, id) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- levels and words ---- */

static bool read_levels(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "levels");
    size_t count = json_array_size(array);
    struct level_def *levels = ARENA_ARRAY(reader->arena, count, struct level_def);

    if (!ruleset_check_levels(reader, "levels")) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        levels[i] = (struct level_def){
            .level = (int)i + 1,
            .title = document_text(reader->arena, row, "title"),
            .harm = document_text(reader->arena, row, "harm"),
            .article = document_text(reader->arena, row, "article"),
            .confidence = ruleset_read_confidence(row),
        };
    }
    reader->ruleset->levels = levels;
    reader->ruleset->level_count = count;
    return true;
}

static bool read_forms(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "forms");
    size_t count = json_array_size(array);
    struct form_def *forms = ARENA_ARRAY(reader->arena, count, struct form_def);

    if (!document_unique(array, "no", "/forms", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        forms[i].number = document_string(reader->arena, row, "no");
        forms[i].title = document_text(reader->arena, row, "title");
    }
    reader->ruleset->forms = forms;
    reader->ruleset->form_count = count;
    return true;
}

/* The register shows these codes, so every ruleset must have words for them. */
static bool check_words(struct ruleset_reader *reader, const char *enumeration, const char *code)
{
    const struct enumeration *found = ruleset_enumeration(reader->ruleset, enumeration);

    if (found == NULL) {
        return document_fail(reader->error, "/enumerations", "\"%s\" is missing", enumeration);
    }
    for (size_t i = 0; i < found->value_count; i++) {
        if (strcmp(found->values[i].id, code) == 0) {
            return true;
        }
    }
    POINTER(pointer, "/enumerations/%td/values", found - reader->ruleset->enumerations);
    return document_fail(reader->error, pointer, "\"%s\" is missing", code);
}

static bool read_enumerations(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "enumerations");
    size_t count = json_array_size(array);
    struct enumeration *rows = ARENA_ARRAY(reader->arena, count, struct enumeration);

    if (!document_unique(array, "id", "/enumerations", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        const json_t *values = json_object_get(row, "values");
        POINTER(pointer, "/enumerations/%zu/values", i);
        if (!document_unique(values, "id", pointer, reader->error)) {
            return false;
        }
        rows[i] = (struct enumeration){
            .id = document_string(reader->arena, row, "id"),
            .title = document_text(reader->arena, row, "title"),
            .values = ruleset_read_choices(reader->arena, values),
            .value_count = json_array_size(values),
        };
    }
    reader->ruleset->enumerations = rows;
    reader->ruleset->enumeration_count = count;
    for (unsigned i = 0; i < PUBLIC_STATUS_COUNT; i++) {
        if (!check_words(reader, "approval_status", public_status_code((enum public_status)i))) {
            return false;
        }
    }
    return check_words(reader, "appraisal_conclusion", conclusion_code(CONCLUSION_SUITABLE)) &&
           check_words(reader, "appraisal_conclusion", conclusion_code(CONCLUSION_NOT_SUITABLE));
}

static bool check_controls(struct ruleset_reader *reader)
{
    const json_t *controls = document_value(reader->root, "controls");
    const json_t *groups = json_object_get(controls, "groups");
    const json_t *headings = json_object_get(controls, "headings");

    if (!document_unique(groups, "id", "/controls/groups", reader->error) ||
        !document_unique(headings, "id", "/controls/headings", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(headings); i++) {
        const char *group =
            json_string_value(json_object_get(json_array_get(headings, i), "group"));
        if (!ruleset_has_id(groups, group)) {
            POINTER(pointer, "/controls/headings/%zu/group", i);
            return document_fail(reader->error, pointer, "unknown group \"%.60s\"", group);
        }
    }
    return true;
}

static struct date read_date(const json_t *object, const char *name)
{
    struct date date = {0};

    (void)date_from_text(json_string_value(json_object_get(object, name)), &date);
    return date;
}

static bool read_head(struct ruleset_reader *reader)
{
    struct arena *arena = reader->arena;
    const json_t *root = reader->root;
    const json_t *words = json_object_get(root, "terminology");
    struct ruleset *ruleset = reader->ruleset;

    ruleset->id = document_string(arena, root, "ruleset_id");
    ruleset->title = document_text(arena, root, "title");
    ruleset->short_title = document_text(arena, root, "short_title");
    ruleset->terminology = (struct terminology){
        .domain = document_text(arena, words, "domain"),
        .level = document_text(arena, words, "level"),
        .specialised_unit = document_text(arena, words, "specialised_unit"),
        .security_plan = document_text(arena, words, "security_plan"),
        .security_regulation = document_text(arena, words, "security_regulation"),
    };
    ruleset->effective_from = read_date(root, "effective_from");
    ruleset->effective_to = read_date(root, "effective_to");
    ruleset->accepts_dossiers_until = read_date(root, "accepts_dossiers_until");
    ruleset->supersedes = document_string(arena, root, "supersedes");
    ruleset->superseded_by = document_string(arena, root, "superseded_by");
    if (ruleset->effective_to.year != 0 &&
        date_to_day(ruleset->effective_to) < date_to_day(ruleset->effective_from)) {
        return document_fail(reader->error, "/effective_to", "is before effective_from");
    }
    if (ruleset->accepts_dossiers_until.year != 0 &&
        date_to_day(ruleset->accepts_dossiers_until) < date_to_day(ruleset->effective_from)) {
        return document_fail(reader->error, "/accepts_dossiers_until", "is before effective_from");
    }
    return true;
}

bool ruleset_decode(struct str bytes, struct arena *arena, struct ruleset *ret_ruleset,
                    struct document_error *ret_error)
{
    static bool (*const parts[])(struct ruleset_reader *) = {
        read_head,
        ruleset_read_facts,
        read_levels,
        ruleset_read_criteria,
        ruleset_fill_domains,
        ruleset_read_parties,
        ruleset_read_authority,
        ruleset_read_special_procedures,
        ruleset_read_legal_rules,
        ruleset_read_items,
        ruleset_read_gates,
        ruleset_read_time_limits,
        read_forms,
        read_enumerations,
        check_controls,
    };
    json_auto_t *root = document_load(bytes, &ruleset_shape, ret_error);
    struct ruleset ruleset = {0};
    struct ruleset_reader reader = {root, arena, &ruleset, ret_error};

    if (root == NULL) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!parts[i](&reader)) {
            return false;
        }
    }
    *ret_ruleset = ruleset;
    return true;
}
