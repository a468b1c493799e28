/* Brings the database to the newest version.
 *
 * <directory>/NNNN_verb_noun.sql are the steps: numbered from 0001 without gaps, forward only, each in
 * one transaction with its row of capdo.schema_migration, so that an interrupted run leaves whole
 * steps and is simply repeated. A step whose first line is "-- no transaction" holds one statement
 * that PostgreSQL refuses inside a transaction (CREATE INDEX CONCURRENTLY IF NOT EXISTS ...) and
 * must be repeatable. The BLAKE2b checksum of each applied step is kept; a step that was changed
 * afterwards is refused.
 *
 * <directory>/routines/<name>.sql (CREATE OR REPLACE) are loaded after the steps, in the order of
 * their names and in one transaction, whenever their common checksum changed.
 *
 * Two runs at once wait for each other (advisory lock). */
#pragma once

#include "db/connection.h"

/* The step that this program is written for; the server does not start with another. */
enum { MIGRATE_VERSION = 15 };

struct migrate_report {
    int version;          /* number of the newest applied step, after the run */
    int applied;          /* steps applied by this run */
    bool routines_loaded; /* by this run */
    char message[512];    /* why the run stopped; empty after success */
};

/* owner is a DB_OWNER connection. log may be NULL. The report is written on failure too: the
 * message is a sentence for whoever runs the command.
 * FAULT_INVALID: the folder (a gap, a bad name, an unreadable file). FAULT_CONFLICT: an applied step
 * was changed or is missing. Otherwise the fault of the statement that failed. */
enum fault migrate_run(struct db *owner, const char *directory, const struct log *log,
                       struct migrate_report *report) MUST_USE;

/* The number of the newest applied step, 0 for an empty database. Asked on any connection; one whose
 * prepared statements need the schema answers FAULT_DATABASE_DOWN while there is none, so ask with
 * DB_OWNER settings, whichever role signs in. */
enum fault migrate_version(struct db *db, int *ret_version) MUST_USE;
