/* Figures of the register under what the actor may see: one grouping statement for each view, so
 * that all numbers of an answer are of one moment. */
#pragma once

#include "db/connection.h"
#include "db/session.h"

/* Column 0 is the group; what follows is counts. A group without rows is missing. */

/* level ("0": none), systems */
enum fault stats_by_level(struct db *db, const struct actor *actor, struct rows *ret_rows) MUST_USE;
/* approval status, systems */
enum fault stats_by_status(struct db *db, const struct actor *actor, struct rows *ret_rows)
    MUST_USE;
/* plan status, systems, approved systems */
enum fault stats_by_plan(struct db *db, const struct actor *actor, struct rows *ret_rows) MUST_USE;
/* operating unit, its name, systems, approved systems, overdue dossiers; by name; only units with
 * systems */
enum fault stats_by_operator(struct db *db, const struct actor *actor, struct rows *ret_rows)
    MUST_USE;
/* state, grade, labels, those of them that expire from..until, those that expired before from */
enum fault stats_labels(struct db *db, const struct actor *actor, const char *from,
                        const char *until, struct rows *ret_rows) MUST_USE;
/* step, dossiers overdue, dossiers due from..until */
enum fault stats_due(struct db *db, const struct actor *actor, const char *from, const char *until,
                     struct rows *ret_rows) MUST_USE;
