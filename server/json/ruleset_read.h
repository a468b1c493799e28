/* How json/ruleset.c is put together: each function reads one section into reader->ruleset, in the
 * order of the table in ruleset_decode(), and returns false after filling reader->error. */
#pragma once

#include <stdio.h>

#include "rules/ruleset.h"
#include "json/document.h"

struct ruleset_reader {
    const json_t *root;
    struct arena *arena;
    struct ruleset *ruleset;
    struct document_error *error;
};

enum { RULESET_POINTER_BYTES = 96 };

/* A JSON Pointer in a local array. */
#define POINTER(name, ...)            \
    char name[RULESET_POINTER_BYTES]; \
    (void)snprintf(name, sizeof(name), __VA_ARGS__)

enum confidence ruleset_read_confidence(const json_t *row);
const struct fact_choice *ruleset_read_choices(struct arena *arena, const json_t *array);
/* Rows that must be levels 1, 2, 3 … in this order. */
bool ruleset_check_levels(struct ruleset_reader *reader, const char *name);
/* An array of objects has one with this id. */
bool ruleset_has_id(const json_t *array, const char *id);

/* ruleset_facts.c */
bool ruleset_read_facts(struct ruleset_reader *reader);
bool ruleset_read_criteria(struct ruleset_reader *reader);
/* After the criteria: their thresholds are what the domains of integers come from. */
bool ruleset_fill_domains(struct ruleset_reader *reader);

/* ruleset_procedure.c */
bool ruleset_read_parties(struct ruleset_reader *reader);
bool ruleset_read_authority(struct ruleset_reader *reader);
bool ruleset_read_special_procedures(struct ruleset_reader *reader);
bool ruleset_read_legal_rules(struct ruleset_reader *reader);
bool ruleset_read_items(struct ruleset_reader *reader);
bool ruleset_read_gates(struct ruleset_reader *reader);
bool ruleset_read_time_limits(struct ruleset_reader *reader);
