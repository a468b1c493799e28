/* For the tests of rules and rulesets: reads the files of the repository. */
#pragma once

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rules/criteria.h"
#include "json/facts.h"
#include "json/ruleset.h"

#define RULESET_331 CAPDO_SOURCE_DIR "/schema/rulesets/vn-331-2026.json"
#define RULESET_85 CAPDO_SOURCE_DIR "/schema/rulesets/vn-85-2016.json"
#define RULESET_INVENTED CAPDO_SOURCE_DIR "/tests/support/rulesets/lagoon-2031.json"

static inline struct str file_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = arena_alloc(arena, DOCUMENT_BYTES_MAX + 1);

    cr_assert(file != NULL, "cannot open %s", path);
    size_t length = fread(bytes, 1, DOCUMENT_BYTES_MAX, file);
    fclose(file);
    return (struct str){bytes, length};
}

static inline void ruleset_load(struct arena *arena, const char *path, struct ruleset *ret_ruleset)
{
    struct document_error error = {0};
    bool good = ruleset_decode(file_read(arena, path), arena, ret_ruleset, &error);

    cr_assert(good, "%s: %s %s", path, error.pointer, error.message);
}

static inline struct facts facts_of(struct arena *arena, const struct ruleset *ruleset,
                                    const char *json)
{
    struct problems problems;
    struct facts facts = {0};

    problems_init(&problems, arena);
    enum fault fault = facts_decode(str_of(json), "/facts", ruleset, &problems, &facts);
    cr_assert(fault == FAULT_NONE, "%s: %s %s", json,
              problems.first == NULL ? "" : problems.first->pointer,
              problems.first == NULL ? "" : problems.first->code);
    return facts;
}

static inline struct classification classification_of(struct arena *arena,
                                                      const struct ruleset *ruleset,
                                                      const char *json)
{
    struct facts facts = facts_of(arena, ruleset, json);
    struct classification result = {0};

    classify(ruleset, &facts, &result);
    return result;
}

static inline enum tri result_of(const struct ruleset *ruleset,
                                 const struct classification *classification, const char *id)
{
    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        if (strcmp(ruleset->criteria[i].id, id) == 0) {
            return classification->results[i];
        }
    }
    cr_assert(false, "no criterion %s", id);
    return TRI_UNKNOWN;
}

static inline bool is_missing(const struct ruleset *ruleset,
                              const struct classification *classification, const char *id)
{
    int index = ruleset_fact_index(ruleset, id);

    cr_assert(index >= 0, "no fact %s", id);
    return (classification->missing & (UINT64_C(1) << (unsigned)index)) != 0;
}
