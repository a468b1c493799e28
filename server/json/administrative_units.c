#include "json/administrative_units.h"

#include "json/document.h"

#define END                      \
    {                            \
        NULL,                    \
        {                        \
            .kind = DOCUMENT_ANY \
        }                        \
    }

static const char *const schemas[] = {"capdo-administrative-units/1", NULL};
static const char *const confidences[] = {
    "CONFIRMED", "CONFIRMED_SECONDARY", "INFERRED", "RECALLED", "DESIGN", NULL};

static const struct document_member commune[] = {
    {"code", {.kind = DOCUMENT_ID}},
    {"name", {.kind = DOCUMENT_STRING}},
    END,
};
static const struct document_spec commune_item = {.kind = DOCUMENT_OBJECT, .members = commune};
static const struct document_member province[] = {
    {"code", {.kind = DOCUMENT_ID}},
    {"name", {.kind = DOCUMENT_STRING}},
    {"communes", {.kind = DOCUMENT_ARRAY, .item = &commune_item, .max = 1000}},
    END,
};
static const struct document_spec province_item = {.kind = DOCUMENT_OBJECT, .members = province};
static const struct document_member members[] = {
    {"schema", {.kind = DOCUMENT_CODE, .codes = schemas}},
    {"units_id", {.kind = DOCUMENT_ID}},
    {"title", {.kind = DOCUMENT_TEXT}},
    {"effective_on", {.kind = DOCUMENT_DATE}},
    {"document_number", {.kind = DOCUMENT_STRING}},
    {"confidence", {.kind = DOCUMENT_CODE, .codes = confidences}},
    {"source", {.kind = DOCUMENT_STRING}},
    {"note", {.kind = DOCUMENT_TEXT}},
    {"provinces", {.kind = DOCUMENT_ARRAY, .item = &province_item, .max = 100}},
    END,
};
static const struct document_spec document = {.kind = DOCUMENT_OBJECT, .members = members};

static void add(struct administrative_units *all, struct arena *arena, const json_t *object,
                const char *of)
{
    all->units[all->count++] = (struct administrative_unit){
        .code = document_string(arena, object, "code"),
        .name = document_string(arena, object, "name"),
        .province = of,
    };
}

bool administrative_units_decode(struct str bytes, struct arena *arena,
                                 struct administrative_units *ret_units,
                                 struct document_error *ret_error)
{
    json_t *root = document_load(bytes, &document, ret_error);
    size_t total = 0;
    size_t i = 0;
    json_t *item = NULL;

    if (root == NULL) {
        return false;
    }
    json_t *provinces = json_object_get(root, "provinces");
    bool ok = document_unique(provinces, "code", "/provinces", ret_error);
    json_array_foreach(provinces, i, item)
    {
        json_t *communes = json_object_get(item, "communes");
        total += 1 + json_array_size(communes);
        ok = ok && document_unique(communes, "code", "/provinces", ret_error);
    }
    if (ok) {
        struct administrative_units all = {
            .effective_on = document_string(arena, root, "effective_on"),
            .document_number = document_string(arena, root, "document_number"),
            .units = ARENA_ARRAY(arena, total + 1, struct administrative_unit),
        };
        json_array_foreach(provinces, i, item)
        {
            size_t j = 0;
            json_t *unit = NULL;
            add(&all, arena, item, NULL);
            const char *of = all.units[all.count - 1].code;
            json_array_foreach(json_object_get(item, "communes"), j, unit)
            {
                add(&all, arena, unit, of);
            }
        }
        *ret_units = all;
    }
    json_decref(root);
    return ok;
}
