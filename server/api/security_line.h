/* The lines of the security log: one object of JSON a line into the server's log and, if one is
 * wanted, into a file of its own, which is synced after each batch. A place that fails is tried again
 * with the next line; when it can be written again, a line says how many are missing there. Used by
 * one thread; whether a place can be written may be asked by any. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "api/security_entry.h"
#include "base/log.h"

struct security_place {
    struct log log;
    bool exists; /* constant */
    _Atomic bool up;
    uint64_t missing; /* lines, while it is down */
};

struct security_lines {
    struct security_place standard; /* the server's log, whatever its level */
    struct security_place file;
    const char *path; /* NULL or "": no file */
    const struct log *server_log;
};

/* path may be NULL for no file. False when the file cannot be opened; errno says why. */
bool security_lines_open(struct security_lines *lines, const struct log *log, const char *path)
    MUST_USE;
void security_lines_close(struct security_lines *lines);
/* The file was moved away to be kept: opens a new one, or goes on with the old if that fails. */
void security_lines_reopen(struct security_lines *lines);

void security_lines_write(struct security_lines *lines, const struct security_entry *entry);
/* After a batch: syncs the file, and tries places that are down. */
void security_lines_settle(struct security_lines *lines);

/* At least one place can be written; all of them can. */
bool security_lines_any_up(const struct security_lines *lines);
bool security_lines_all_up(const struct security_lines *lines);
