/* Reads the catalogue of provinces and communes (format capdo-administrative-units/1,
 * schema/administrative-units.schema.json). */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "json/document_error.h"

struct administrative_unit {
    const char *code;
    const char *name;     /* "Tỉnh Bắc Ninh", "Phường Kinh Bắc" */
    const char *province; /* code of the province that a commune is of, NULL for a province */
};

struct administrative_units {
    const char *effective_on; /* YYYY-MM-DD */
    const char *document_number;
    int count;
    struct administrative_unit *units; /* each province before its communes */
};

/* Everything lives in the arena. On false nothing is written to ret_units. */
MUST_USE bool administrative_units_decode(struct str bytes, struct arena *arena,
                                          struct administrative_units *ret_units,
                                          struct document_error *ret_error);
