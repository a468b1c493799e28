/* Who has a say in a dossier by which record, as the rules look at it (rules/authority.h) and as
 * people read it. */
#pragma once

#include "db/connection.h"
#include "rules/authority.h"

extern const struct statement *const authority_statements[];

/* What is shown of a record; the same index as its struct authority_record. */
struct authority_body {
    const char *record_id;       /* NULL: the governing body itself */
    const char *organisation_id; /* NULL: a council */
    const char *name;
    const char *document_number; /* "" when none is recorded */
    const char *valid_from;      /* YYYY-MM-DD, or NULL */
    const char *valid_to;        /* or NULL: open */
    const char *people; /* JSON: [{"name","role"}] who heads it on that day, or sits in it */
};

enum { AUTHORITY_RECORDS_MAX = 64 };

/* Every record that names the dossier, ended ones and those to come included, with the posts that the
 * one who acts holds there; where several posts follow each other, the one in force on the day
 * (YYYY-MM-DD). None for a dossier that the one who acts may not see. */
enum fault authority_load(struct db *db, struct arena *arena, const char *dossier_id,
                          const char *day,
                          struct authority_record ret_records[static AUTHORITY_RECORDS_MAX],
                          struct authority_body ret_bodies[static AUTHORITY_RECORDS_MAX],
                          int *ret_count) MUST_USE;
