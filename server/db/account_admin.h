/* Accounts as an administrator keeps them: who may do what, where, from when to when. Passwords,
 * sessions and links are out of reach of the server's role (routines: account). */
#pragma once

#include <stdbool.h>

#include "db/list.h"

extern const struct list_table account_list_table;
extern const char *const ACCOUNT_STATES[]; /* invited, active, disabled */

/* Columns of account_list_table after PAGE_FIRST_COLUMN, and of account_get. */
enum account_column {
    ACCOUNT_USERNAME,
    ACCOUNT_DISPLAY_NAME,
    ACCOUNT_EMAIL,
    ACCOUNT_STATE,
    ACCOUNT_CAPACITIES, /* JSON array of {"role","organisation":{id,name}}, valid today */
    ACCOUNT_CREATED_AT,
    ACCOUNT_UPDATED_AT,
    ACCOUNT_VERSION,
    ACCOUNT_LIST_COLUMN_COUNT,
    /* Of account_get alone: */
    ACCOUNT_SECOND_FACTOR = ACCOUNT_LIST_COLUMN_COUNT,
    ACCOUNT_CREATED_BY,  /* JSON {id,name} or NULL */
    ACCOUNT_DISABLED_AT, /* or NULL */
    ACCOUNT_LINK,        /* JSON {purpose,expires_at} of the link that works now, or NULL */
    ACCOUNT_MEMBERSHIPS, /* JSON array, all there ever were, newest first */
};

/* One account; row 0. FAULT_NOT_FOUND when there is none. */
enum fault account_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
/* Its version, the row locked until the end of the transaction. Of another than who acts. */
enum fault account_lock(struct db *db, const char *id, int64_t *ret_version, bool *ret_disabled,
                        const char **ret_name, struct arena *arena) MUST_USE;

struct account_new {
    const char *id;
    const char *username;
    const char *display_name;
    const char *email;
    const char *created_by;
};
/* FAULT_CODE_TAKEN when the name belongs to another. */
enum fault account_insert(struct db *db, const struct account_new *account) MUST_USE;
/* Sessions and links of a disabled one end with it. FAULT_LAST_ADMINISTRATOR when nobody else
 * administers; FAULT_VERSION_STALE when the row is no longer at this version. */
enum fault account_set_disabled(struct db *db, const char *id, const char *version, bool disabled)
    MUST_USE;

struct membership_new {
    const char *id;
    const char *account_id;
    const char *organisation_id;
    const char *role;
    const char *valid_from; /* NULL: today */
    const char *valid_to;   /* NULL: until it is ended */
    const char *document_number;
    const char *granted_by;
};
/* FAULT_CONFLICT when held already in these days, FAULT_FORBIDDEN to oneself. */
enum fault membership_insert(struct db *db, const struct membership_new *membership) MUST_USE;
/* What is written about a grant before it is made. */
struct membership_place {
    bool organisation_active;
    const char *organisation_name;
    const char *today;
};
enum fault membership_place(struct db *db, struct arena *arena, const char *organisation_id,
                            struct membership_place *ret_place) MUST_USE;

struct membership_held {
    const char *role;
    const char *organisation_name;
    const char *account_name;
    const char *valid_to;     /* as planned when it was granted; NULL: open */
    const char *earliest_end; /* the last day it can have: then it does not hold any more */
    bool ended;
};
/* Locked until the end of the transaction. */
enum fault membership_lock(struct db *db, struct arena *arena, const char *account_id,
                           const char *id, struct membership_held *ret_held) MUST_USE;
struct membership_end {
    const char *id;
    const char *valid_to;
    const char *document_number;
    const char *ended_by;
};
enum fault membership_end(struct db *db, const struct membership_end *end) MUST_USE;

extern const struct statement *const account_admin_statements[];
