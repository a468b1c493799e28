/* Any bytes as a request body: refused with a reason, or read into the shape within its limits; JSON
 * kept as text reads again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
    struct in_text name;
    struct in_text day;
};
struct whole {
    struct in_text code, id;
    struct in_int number;
    struct in_json object, list;
    struct in_list items;
};

static const char *const CODES[] = {"one", "two", NULL};
static const struct field ITEM[] = {
    FIELD(struct item, name, .need = REQUIRED, .min = 1, .max = 5),
    FIELD(struct item, day, .format = FORMAT_DATE),
};
static const SHAPE(ITEM_SHAPE, "Item", struct item, ITEM);
static const struct field WHOLE[] = {
    FIELD(struct whole, code, .choices = CODES),
    FIELD(struct whole, id, .format = FORMAT_UUID, .nullable = true),
    FIELD(struct whole, number, .min = 1, .max = 5),
    FIELD(struct whole, object, .format = FORMAT_OBJECT),
    FIELD(struct whole, list, .items = &ITEM_SHAPE, .max = 3),
    FIELD(struct whole, items, .items = &ITEM_SHAPE, .max = 3),
};
static const SHAPE(WHOLE_SHAPE, "Whole", struct whole, WHOLE);

static void check(const struct whole *in, struct arena *arena)
{
    struct json_difference difference;

    if (in->items.count > 3 || (in->number.present && !in->number.null &&
                                (in->number.value < 1 || in->number.value > 5))) {
        abort();
    }
    for (int i = 0; i < in->items.count; i++) {
        const struct item *item = &((const struct item *)in->items.items)[i];
        if (item->name.value == NULL || item->name.value[0] == '\0') {
            abort();
        }
    }
    if (in->object.value != NULL &&
        json_differences(arena, in->object.value, in->object.value, &difference, 1) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct problems problems;
    struct whole in;

    arena_init(&arena, 0);
    problems_init(&problems, &arena);
    enum fault fault =
        json_decode((struct str){(const char *)data, size}, &WHOLE_SHAPE, &in, &problems);
    if ((fault == FAULT_NONE) != (problems.count == 0)) {
        abort();
    }
    if (fault == FAULT_NONE) {
        check(&in, &arena);
    } else if (fault != FAULT_BAD_JSON && fault != FAULT_INVALID) {
        abort();
    }
    arena_done(&arena);
    return 0;
}
