/* Organisations that a catalogue names, on the owner's connection: by code and scheme, all or none,
 * again without effect (capdo.organisation_import_row). */
#pragma once

#include "db/connection.h"

struct organisation_loaded {
    const char *new_id;
    const char *code;
    const char *scheme;
    const char *name;
    const char *kind;
    const char *parent_code; /* "": none; comes before its units */
    const char *effective_on;
    const char *document_number;
};

struct organisation_load_report {
    int created;
    int changed;
    int unchanged;
    char message[400]; /* why nothing was done */
};

enum fault organisation_load(struct db *owner, const struct organisation_loaded *rows, int count,
                             struct organisation_load_report *ret_report) MUST_USE;
