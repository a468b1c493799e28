/* Organisations as they are today: the tree of agencies and units that every other row belongs to.
 * None is deleted. What a name, place, code or standing was, and every change of them, is in
 * db/organisation_history.h. */
#pragma once

#include "db/list.h"

extern const struct list_table organisation_list_table;
extern const struct statement *const organisation_statements[];

/* The codes that columns allow, NULL-terminated; also the choices of the API. */
extern const char *const ORGANISATION_KINDS[];
extern const char *const ORGANISATION_STATUSES[];
extern const char *const ORGANISATION_CODE_SCHEMES[];

/* Columns of organisation_list_table after PAGE_FIRST_COLUMN; a single organisation has the same. */
enum organisation_column {
    ORGANISATION_CODE,
    ORGANISATION_CODE_SCHEME,
    ORGANISATION_NAME,
    ORGANISATION_KIND,
    ORGANISATION_PARENT_ID,
    ORGANISATION_STATUS,
    ORGANISATION_SUCCESSOR_ID,
    ORGANISATION_VALID_FROM,
    ORGANISATION_VALID_TO,
    ORGANISATION_MANDATE_DOCUMENT,
    ORGANISATION_REPRESENTATIVE,
    ORGANISATION_REPRESENTATIVE_TITLE,
    ORGANISATION_ADDRESS,
    ORGANISATION_PHONE,
    ORGANISATION_EMAIL,
    ORGANISATION_VERSION,
    ORGANISATION_CREATED_AT,
    ORGANISATION_UPDATED_AT,
    ORGANISATION_COLUMN_COUNT,
};

/* What is stored; NULL only where the column allows it (parent and date). */
struct organisation_record {
    const char *id;
    const char *code;
    const char *code_scheme; /* NULL for a new one: by the form of the code */
    const char *name;
    const char *kind;
    const char *parent_id;
    const char *valid_from;
    const char *mandate_document;
    const char *representative;
    const char *representative_title;
    const char *address;
    const char *phone;
    const char *email;
};

/* One organisation; row 0. FAULT_NOT_FOUND when it is not there. */
enum fault organisation_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
/* The same, the row locked until the end of the transaction, and nobody else changing the tree. */
enum fault organisation_lock(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
/* The record of row 0 of either, copied into the arena. */
void organisation_read(const struct rows *rows, struct arena *arena,
                       struct organisation_record *ret_organisation);

/* Can this one be the parent of a new one? */
enum organisation_side { SIDE_UNKNOWN, SIDE_ACTIVE, SIDE_DISSOLVED };
enum fault organisation_parent(struct db *db, const char *id, enum organisation_side *ret_side)
    MUST_USE;

/* Begins its history too. FAULT_CODE_TAKEN when the code belongs to another. */
enum fault organisation_insert(struct db *db, const struct organisation_record *organisation)
    MUST_USE;
/* Kind, document and contacts: what has no history. FAULT_VERSION_STALE when the row is no longer at
 * this version. */
enum fault organisation_update(struct db *db, const struct organisation_record *organisation,
                               const char *version) MUST_USE;
