/* A database of its own for each test: a copy of a template that is made once per run.
 *
 *   EMPTY      roles and extensions, no tables
 *   MIGRATED   all migrations, no rows
 *   PROVINCE   the demo province */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>

#include "db/connection.h"
#include "db/demo.h"

enum template_kind { EMPTY, MIGRATED, PROVINCE };

struct scratch {
    char name[64];
    char owner_url[256];
    char runtime_url[256];
    char super_url[256];
    struct clock_source clock;
};

/* Made by scratch_open, dropped by scratch_close; use as .init and .fini through the wrappers. */
extern struct scratch scratch;
void scratch_open(enum template_kind kind);
void scratch_close(void);
void use_empty(void);
void use_migrated(void);
void use_province(void);

/* Both rulesets of schema/, in the arena. */
void rulesets_read(struct arena *arena, const struct ruleset *ret_rulesets[static 2]);
struct db *owner_open(void);
struct db *runtime_open(enum db_purpose purpose);

/* Plain connections; a failing statement fails the test. */
PGconn *plain(const char *url);
void sql(PGconn *pg, const char *text);
/* The first value of the first row, "" for none; borrowed until the next call. */
const char *value(PGconn *pg, const char *text);
long number(PGconn *pg, const char *text);
/* Runs text in a savepoint and gives "SQLSTATE constraint" of its error, "" when it succeeds. */
const char *refusal(PGconn *pg, const char *text);
/* A connection as capdo_rt inside a transaction in which the account acts; NULL: nobody. */
PGconn *acting(const char *username);
/* A session for the account whose token is SHA-256(username). */
void sign_in(const char *username);
/* Text from a printf format, borrowed for the life of the test. */
const char *text_of(const char *format, ...) PRINTF_LIKE(1, 2);
