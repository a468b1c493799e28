#include <string.h>

#include "json/predicate.h"
#include "json/ruleset_read.h"

static enum party read_party(const json_t *row, const char *name)
{
    const char *code = json_string_value(json_object_get(row, name));
    unsigned found = PARTY_NONE;

    for (unsigned i = 1; code != NULL && i < PARTY_COUNT; i++) {
        if (strcmp(party_code((enum party)i), code) == 0) {
            found = i;
        }
    }
    return (enum party)found;
}

/* ---- authority ---- */

bool ruleset_read_parties(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "parties");
    size_t count = json_array_size(array);
    struct party_def *parties = ARENA_ARRAY(reader->arena, count, struct party_def);

    if (!document_unique(array, "id", "/parties", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        parties[i] = (struct party_def){
            .party = read_party(row, "id"),
            .title = document_text(reader->arena, row, "title"),
            .article = document_text(reader->arena, row, "article"),
            .confidence = ruleset_read_confidence(row),
        };
    }
    reader->ruleset->parties = parties;
    reader->ruleset->party_count = count;
    return true;
}

static bool check_parties(struct ruleset_reader *reader, const json_t *row, size_t index)
{
    static const char *const names[] = {"prepare",  "expert_opinion", "submitted_by",
                                        "appraise", "approve",        "approve_plan"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        enum party party = read_party(row, names[i]);
        if (party != PARTY_NONE && ruleset_party(reader->ruleset, party) == NULL) {
            POINTER(pointer, "/authority/%zu/%s", index, names[i]);
            return document_fail(reader->error, pointer, "\"%s\" is not described in /parties",
                                 party_code(party));
        }
    }
    return true;
}

bool ruleset_read_authority(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "authority");
    size_t count = json_array_size(array);
    struct authority *rows = ARENA_ARRAY(reader->arena, count, struct authority);

    if (!ruleset_check_levels(reader, "authority")) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        if (!check_parties(reader, row, i)) {
            return false;
        }
        rows[i] = (struct authority){
            .level = (int)i + 1,
            .prepare = read_party(row, "prepare"),
            .expert_opinion = read_party(row, "expert_opinion"),
            .submitted_by = read_party(row, "submitted_by"),
            .appraise = read_party(row, "appraise"),
            .approve = read_party(row, "approve"),
            .approve_plan = read_party(row, "approve_plan"),
            .appraise_body = document_text(reader->arena, row, "appraise_body"),
            .article = document_text(reader->arena, row, "article"),
            .confidence = ruleset_read_confidence(row),
        };
    }
    reader->ruleset->authorities = rows;
    reader->ruleset->authority_count = count;
    return true;
}

bool ruleset_read_special_procedures(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "special_procedures");
    size_t count = json_array_size(array);
    struct special_procedure *rows = ARENA_ARRAY(reader->arena, count, struct special_procedure);

    if (!document_unique(array, "id", "/special_procedures", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        POINTER(pointer, "/special_procedures/%zu/when", i);
        rows[i] = (struct special_procedure){
            .id = document_string(reader->arena, row, "id"),
            .levels = (unsigned)document_bits(row, "levels"),
            .as_level = (int)document_int(row, "as_level"),
            .text = document_text(reader->arena, row, "text"),
            .article = document_text(reader->arena, row, "article"),
            .confidence = ruleset_read_confidence(row),
        };
        if (!predicate_decode(json_object_get(row, "when"), pointer, reader->ruleset, reader->arena,
                              &rows[i].when, reader->error)) {
            return false;
        }
    }
    reader->ruleset->special_procedures = rows;
    reader->ruleset->special_procedure_count = count;
    return true;
}

static struct legal_rule read_rule(struct ruleset_reader *reader, const char *name)
{
    const json_t *row = document_value(reader->root, name);

    if (row == NULL) {
        return (struct legal_rule){0};
    }
    return (struct legal_rule){
        .text = document_text(reader->arena, row, "text"),
        .article = document_text(reader->arena, row, "article"),
        .confidence = ruleset_read_confidence(row),
    };
}

bool ruleset_read_legal_rules(struct ruleset_reader *reader)
{
    reader->ruleset->independence = read_rule(reader, "independence");
    reader->ruleset->delegation = read_rule(reader, "delegation");
    return true;
}

/* ---- dossier ---- */

bool ruleset_read_items(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "dossier_items");
    size_t count = json_array_size(array);
    struct dossier_item_def *items = ARENA_ARRAY(reader->arena, count, struct dossier_item_def);

    if (!document_unique(array, "id", "/dossier_items", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        POINTER(fields, "/dossier_items/%zu/fields", i);
        if (!document_unique(json_object_get(row, "fields"), "id", fields, reader->error)) {
            return false;
        }
        items[i] = (struct dossier_item_def){
            .id = document_string(reader->arena, row, "id"),
            .title = document_text(reader->arena, row, "title"),
            .article = document_text(reader->arena, row, "article"),
            .levels = (unsigned)document_bits(row, "levels"),
            .required = document_bool(row, "required"),
            .confidence = ruleset_read_confidence(row),
        };
    }
    reader->ruleset->dossier_items = items;
    reader->ruleset->dossier_item_count = count;
    return true;
}

bool ruleset_read_gates(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "gates");
    size_t count = json_array_size(array);
    struct gate *gates = ARENA_ARRAY(reader->arena, count, struct gate);

    if (!document_unique(array, "id", "/gates", reader->error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        const char *item = json_string_value(json_object_get(row, "satisfied_by_item"));
        if (item != NULL && ruleset_dossier_item(reader->ruleset, item) == NULL) {
            POINTER(pointer, "/gates/%zu/satisfied_by_item", i);
            return document_fail(reader->error, pointer, "unknown item \"%.60s\"", item);
        }
        gates[i] = (struct gate){
            .id = document_string(reader->arena, row, "id"),
            .blocks = document_string(reader->arena, row, "blocks"),
            .title = document_text(reader->arena, row, "title"),
            .article = document_text(reader->arena, row, "article"),
            .levels = (unsigned)document_bits(row, "levels"),
            .mandatory = document_bool(row, "mandatory"),
            .confidence = ruleset_read_confidence(row),
        };
    }
    reader->ruleset->gates = gates;
    reader->ruleset->gate_count = count;
    return true;
}

static enum limit_step read_step(const json_t *row)
{
    const char *code = json_string_value(json_object_get(row, "step"));
    unsigned found = 0;

    for (unsigned i = 0; code != NULL && i < LIMIT_STEP_COUNT; i++) {
        if (strcmp(limit_step_code((enum limit_step)i), code) == 0) {
            found = i;
        }
    }
    return (enum limit_step)found;
}

static enum day_unit read_unit(const json_t *row)
{
    static const char *const codes[] = {"", "working_day", "calendar_day"};
    int code = document_code(row, "unit", codes, (int)COUNT_OF(codes));

    return code < 0 ? DAY_UNIT_NONE : (enum day_unit)code;
}

/* value, unit and starts are given together or not at all; a level has one limit per step. */
static bool check_limit(struct ruleset_reader *reader, const json_t *row,
                        const struct time_limit *limits, size_t index)
{
    static const char *const names[] = {"unit", "starts"};
    bool limited = document_value(row, "value") != NULL;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if ((document_value(row, names[i]) != NULL) != limited) {
            POINTER(pointer, "/time_limits/%zu/%s", index, names[i]);
            return document_fail(reader->error, pointer, "must be null exactly when value is");
        }
    }
    for (size_t i = 0; i < index; i++) {
        if (limits[i].step == limits[index].step &&
            (limits[i].levels & limits[index].levels) != 0) {
            POINTER(pointer, "/time_limits/%zu/levels", index);
            return document_fail(reader->error, pointer, "overlap with /time_limits/%zu", i);
        }
    }
    return true;
}

bool ruleset_read_time_limits(struct ruleset_reader *reader)
{
    const json_t *array = json_object_get(reader->root, "time_limits");
    size_t count = json_array_size(array);
    struct time_limit *limits = ARENA_ARRAY(reader->arena, count, struct time_limit);

    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        limits[i] = (struct time_limit){
            .step = read_step(row),
            .levels = (unsigned)document_bits(row, "levels"),
            .unit = read_unit(row),
            .days = (int)document_int(row, "value"),
            .article = document_text(reader->arena, row, "article"),
            .note = document_text(reader->arena, row, "note"),
            .confidence = ruleset_read_confidence(row),
        };
        if (!check_limit(reader, row, limits, i)) {
            return false;
        }
    }
    reader->ruleset->time_limits = limits;
    reader->ruleset->time_limit_count = count;
    return true;
}
