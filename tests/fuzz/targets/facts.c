/* Any bytes as the answers about a system, under each ruleset: refused with pointers, or written back
 * canonically so that reading that gives the same answers. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/criteria.h"
#include "json/facts.h"
#include "json/ruleset.h"
#include "json/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const FILES[] = {CAPDO_SOURCE_DIR "/schema/rulesets/vn-331-2026.json",
                                    CAPDO_SOURCE_DIR "/schema/rulesets/vn-85-2016.json"};
static struct ruleset rulesets[COUNT_OF(FILES)];
static struct arena life;

static void load(void)
{
    static char bytes[1024 * 1024];
    struct document_error error;

    if (life.blocks != NULL) {
        return;
    }
    arena_init(&life, 0);
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        FILE *file = fopen(FILES[i], "re");
        size_t length = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
        if (!ruleset_decode((struct str){bytes, length}, &life, &rulesets[i], &error)) {
            abort();
        }
        (void)fclose(file);
    }
}

static void round_trip(const struct ruleset *ruleset, const struct facts *facts)
{
    struct buffer out;
    struct facts again;
    struct classification classification;

    buffer_init(&out, 256);
    struct json_writer w = json_writer(&out);
    facts_write(&w, ruleset, facts);
    if (!facts_decode_stored((struct str){out.at, out.length}, ruleset, &again) ||
        memcmp(facts->of, again.of, ruleset->fact_count * sizeof(facts->of[0])) != 0) {
        abort();
    }
    buffer_done(&out);
    classify(ruleset, facts, &classification);
    if (classification.complete && classification.missing != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load();
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        struct arena arena;
        struct problems problems;
        struct facts facts = {0};
        arena_init(&arena, 0);
        problems_init(&problems, &arena);
        enum fault fault = facts_decode((struct str){(const char *)data, size}, "/facts",
                                        &rulesets[i], &problems, &facts);
        if (fault == FAULT_NONE) {
            round_trip(&rulesets[i], &facts);
        } else if (fault == FAULT_INVALID && problems.count == 0) {
            abort();
        }
        arena_done(&arena);
    }
    return 0;
}
