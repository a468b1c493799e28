/* Any bytes as a ruleset file: refused with a place and a sentence, or complete enough to classify. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules/criteria.h"
#include "json/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct document_error error = {0};
    struct ruleset ruleset;
    struct facts nothing = {0};
    struct classification classification;

    arena_init(&arena, 0);
    if (ruleset_decode((struct str){(const char *)data, size}, &arena, &ruleset, &error)) {
        classify(&ruleset, &nothing, &classification);
        if (classification.level > LEVEL_MAX || classification.at_least > LEVEL_MAX) {
            abort();
        }
    } else if (error.message[0] == '\0') {
        abort();
    }
    arena_done(&arena);
    return 0;
}
