#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "db/internal.h"

enum {
    STEPS_MAX = 9999,
    FILE_BYTES_MAX = 4 * MIB,
    CHECKSUM_BYTES = 32,
    CHECKSUM_TEXT_BYTES = CHECKSUM_BYTES * 2 + 1,
    PATH_BYTES = 1024,
    NUMBER_DIGITS = 4,
};

/* Any constant does, as long as nothing else in this database uses it. */
#define LOCK_KEY "4792031154"

static const char NO_TRANSACTION[] = "-- no transaction";

/* The runner's own book. Everyone may read the version, only the owner writes. */
static const char BOOK[] =
    "CREATE SCHEMA IF NOT EXISTS capdo;"
    "CREATE TABLE IF NOT EXISTS capdo.schema_migration ("
    " number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now());"
    "CREATE TABLE IF NOT EXISTS capdo.schema_routine ("
    " name text PRIMARY KEY, checksum text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now());"
    "ALTER TABLE capdo.schema_migration ENABLE ROW LEVEL SECURITY;"
    "ALTER TABLE capdo.schema_migration FORCE ROW LEVEL SECURITY;"
    "ALTER TABLE capdo.schema_routine ENABLE ROW LEVEL SECURITY;"
    "ALTER TABLE capdo.schema_routine FORCE ROW LEVEL SECURITY;"
    "CREATE POLICY schema_migration_owner ON capdo.schema_migration TO capdo_owner"
    " USING (true) WITH CHECK (true);"
    "CREATE POLICY schema_migration_read ON capdo.schema_migration FOR SELECT TO capdo_rt USING (true);"
    "CREATE POLICY schema_routine_owner ON capdo.schema_routine TO capdo_owner"
    " USING (true) WITH CHECK (true);"
    "GRANT USAGE ON SCHEMA capdo TO capdo_rt;"
    "GRANT SELECT ON capdo.schema_migration TO capdo_rt;";

struct step {
    int number;
    char name[256]; /* of the file */
};

struct migration {
    struct db *db;
    const char *directory;
    const struct log *log;
    struct migrate_report *report;
};

static enum fault stop(struct migration *m, enum fault fault, const char *format, ...)
    PRINTF_LIKE(3, 4);

static enum fault stop(struct migration *m, enum fault fault, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(m->report->message, sizeof(m->report->message), format, arguments);
    va_end(arguments);
    return fault;
}

static enum fault stop_database(struct migration *m, enum fault fault, const char *doing)
{
    return stop(m, fault, "%s: %s", doing, db_last_error(m->db));
}

static enum fault read_file(struct migration *m, const char *path, struct buffer *ret_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return stop(m, FAULT_INVALID, "%s: %s", path, strerror(errno));
    }

    ssize_t got = 0;
    while (ret_text->length <= FILE_BYTES_MAX) {
        got = read(fd, buffer_reserve(ret_text, 64 * (size_t)KIB), 64 * (size_t)KIB);
        if (got <= 0) {
            break;
        }
        ret_text->length += (size_t)got;
    }
    *buffer_reserve(ret_text, 1) = '\0';
    (void)close(fd);
    if (got < 0) {
        return stop(m, FAULT_INVALID, "%s: %s", path, strerror(errno));
    }
    if (ret_text->length > FILE_BYTES_MAX || strlen(ret_text->at) != ret_text->length) {
        return stop(m, FAULT_INVALID, "%s: not a SQL file (too large, or a zero byte)", path);
    }
    return FAULT_NONE;
}

static void checksum_text(const unsigned char bytes[static CHECKSUM_BYTES],
                          char ret_text[static CHECKSUM_TEXT_BYTES])
{
    (void)sodium_bin2hex(ret_text, CHECKSUM_TEXT_BYTES, bytes, CHECKSUM_BYTES);
}

static void checksum_of(const struct buffer *text, char ret_text[static CHECKSUM_TEXT_BYTES])
{
    unsigned char bytes[CHECKSUM_BYTES];

    (void)crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)text->at, text->length,
                             NULL, 0);
    checksum_text(bytes, ret_text);
}

static bool is_sql(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

static int is_sql_file(const struct dirent *entry)
{
    return is_sql(entry) ? 1 : 0;
}

/* strcmp, not the order of the caller's locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void names_free(struct dirent **names, int count)
{
    for (int i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
}

/* NNNN_verb_noun.sql, or 0. */
static int step_number(const char *name)
{
    int number = 0;

    for (int i = 0; i < NUMBER_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10 + (name[i] - '0');
    }
    if (name[NUMBER_DIGITS] != '_') {
        return 0;
    }
    size_t words = strspn(name + NUMBER_DIGITS + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
    bool plain = words >= 3 && strcmp(name + NUMBER_DIGITS + 1 + words, ".sql") == 0;
    return plain && strchr(name + NUMBER_DIGITS + 1, '_') != NULL ? number : 0;
}

static enum fault steps_read(struct migration *m, struct step **ret_steps, int *ret_count)
{
    struct dirent **names = NULL;
    int count = scandir(m->directory, &names, is_sql_file, by_name);

    if (count < 0) {
        return stop(m, FAULT_INVALID, "%s: %s", m->directory, strerror(errno));
    }

    enum fault fault = FAULT_NONE;
    struct step *steps = calloc((size_t)count + 1, sizeof(*steps));
    if (steps == NULL) {
        abort();
    }
    for (int i = 0; i < count && fault == FAULT_NONE; i++) {
        const char *name = names[i]->d_name;
        steps[i].number = step_number(name);
        (void)snprintf(steps[i].name, sizeof(steps[i].name), "%s", name);
        if (steps[i].number == 0) {
            fault = stop(m, FAULT_INVALID, "%s/%s: the name is not NNNN_verb_noun.sql",
                         m->directory, name);
        } else if (steps[i].number != i + 1) {
            fault = stop(m, FAULT_INVALID, "%s: expected step %04d, found %s", m->directory, i + 1,
                         name);
        }
    }
    names_free(names, count);
    if (fault != FAULT_NONE) {
        free(steps);
        return fault;
    }
    *ret_steps = steps;
    *ret_count = count;
    return FAULT_NONE;
}

static enum fault book_open(struct migration *m)
{
    struct rows rows;
    enum fault fault = db_borrowed_query(
        m->db,
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'capdo' AND c.relname = 'schema_migration')",
        &(const struct db_parameters){0}, &rows);

    if (fault != FAULT_NONE) {
        return stop_database(m, fault, "schema_migration");
    }
    bool exists = rows_bool(&rows, 0, 0);
    rows_done(&rows);
    if (!exists) {
        fault = db_borrowed_run(m->db, BOOK);
    }
    return fault == FAULT_NONE ? FAULT_NONE : stop_database(m, fault, "schema_migration");
}

/* Compares a step with the book; *ret_applied when nothing is left to do. */
static enum fault step_check(struct migration *m, const struct step *step, const char *checksum,
                             bool *ret_applied)
{
    struct rows rows;
    char number[12];

    (void)snprintf(number, sizeof(number), "%d", step->number);
    enum fault fault = db_borrowed_query(
        m->db, "SELECT name, checksum FROM capdo.schema_migration WHERE number = $1",
        PARAMETERS(number), &rows);
    if (fault != FAULT_NONE) {
        return stop_database(m, fault, step->name);
    }
    *ret_applied = rows.count > 0;
    if (rows.count > 0 && !str_is(rows_str(&rows, 0, 1), checksum)) {
        struct str was = rows_str(&rows, 0, 0);
        fault = stop(m, FAULT_CONFLICT,
                     "%s was changed after it had been applied (as %.*s); an applied step is never "
                     "edited: restore it and write the change as a new step",
                     step->name, (int)was.length, was.at);
    }
    rows_done(&rows);
    return fault;
}

static enum fault step_record(struct migration *m, const struct step *step, const char *checksum)
{
    struct rows rows;
    char number[12];

    (void)snprintf(number, sizeof(number), "%d", step->number);
    enum fault fault = db_borrowed_query(
        m->db, "INSERT INTO capdo.schema_migration (number, name, checksum) VALUES ($1, $2, $3)",
        PARAMETERS(number, step->name, checksum), &rows);
    if (fault == FAULT_NONE) {
        rows_done(&rows);
    }
    return fault;
}

/* A file that ends its own transaction would be recorded apart from what it did. */
static enum fault still_inside(struct migration *m, PGconn *pg, const char *name)
{
    if (PQtransactionStatus(pg) == PQTRANS_INTRANS) {
        return FAULT_NONE;
    }
    return stop(m, FAULT_INVALID, "%s: a step must not begin or end transactions", name);
}

static enum fault step_apply(struct migration *m, PGconn *pg, const struct step *step,
                             const struct buffer *text, const char *checksum)
{
    bool plain = strncmp(text->at, NO_TRANSACTION, sizeof(NO_TRANSACTION) - 1) == 0;
    enum fault fault = plain ? FAULT_NONE : db_borrowed_run(m->db, "BEGIN");

    if (fault == FAULT_NONE) {
        fault = db_borrowed_run(m->db, text->at);
    }
    if (fault == FAULT_NONE && !plain) {
        fault = still_inside(m, pg, step->name);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    if (fault == FAULT_NONE) {
        fault = step_record(m, step, checksum);
    }
    if (fault == FAULT_NONE && !plain) {
        fault = db_borrowed_run(m->db, "COMMIT");
    }
    return fault == FAULT_NONE ? FAULT_NONE : stop_database(m, fault, step->name);
}

static enum fault step_run(struct migration *m, PGconn *pg, const struct step *step)
{
    char path[PATH_BYTES];
    char checksum[CHECKSUM_TEXT_BYTES];
    struct buffer text;
    bool applied = false;

    (void)snprintf(path, sizeof(path), "%s/%s", m->directory, step->name);
    buffer_init(&text, 64 * (size_t)KIB);
    enum fault fault = read_file(m, path, &text);
    if (fault == FAULT_NONE) {
        checksum_of(&text, checksum);
        fault = step_check(m, step, checksum, &applied);
    }
    if (fault == FAULT_NONE && !applied) {
        if (m->log != NULL) {
            LOG(m->log, LOG_INFO, "applying migration", LOG_TEXT_FIELD("name", step->name));
        }
        fault = step_apply(m, pg, step, &text, checksum);
        m->report->applied += fault == FAULT_NONE ? 1 : 0;
    }
    if (fault == FAULT_NONE) {
        m->report->version = step->number;
    }
    buffer_done(&text);
    return fault;
}

/* The book knows steps that the folder does not have: the program is older than the database. */
static enum fault steps_known(struct migration *m, int count)
{
    struct rows rows;
    enum fault fault =
        db_borrowed_query(m->db, "SELECT coalesce(max(number), 0) FROM capdo.schema_migration",
                          &(const struct db_parameters){0}, &rows);

    if (fault != FAULT_NONE) {
        return stop_database(m, fault, "schema_migration");
    }
    int newest = (int)rows_int(&rows, 0, 0, 0);
    rows_done(&rows);
    if (newest > count) {
        return stop(m, FAULT_CONFLICT,
                    "the database is at step %04d, but %s ends with %04d: use the newer program",
                    newest, m->directory, count);
    }
    return FAULT_NONE;
}

/* All routines as one text, each after its name, so that the checksum covers both. */
static enum fault routines_read(struct migration *m, struct buffer *ret_text)
{
    char folder[PATH_BYTES];
    struct dirent **names = NULL;
    enum fault fault = FAULT_NONE;

    (void)snprintf(folder, sizeof(folder), "%s/routines", m->directory);
    int count = scandir(folder, &names, is_sql_file, by_name);
    if (count < 0) {
        return errno == ENOENT ? FAULT_NONE
                               : stop(m, FAULT_INVALID, "%s: %s", folder, strerror(errno));
    }
    for (int i = 0; i < count && fault == FAULT_NONE; i++) {
        char path[PATH_BYTES + 256];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        buffer_printf(ret_text, "\n-- %s\n", names[i]->d_name);
        fault = read_file(m, path, ret_text);
    }
    names_free(names, count);
    return fault;
}

static enum fault routines_load(struct migration *m, PGconn *pg, const char *text,
                                const char *checksum)
{
    struct rows rows;
    enum fault fault = db_borrowed_run(m->db, "BEGIN");

    if (fault == FAULT_NONE) {
        fault = db_borrowed_run(m->db, text);
    }
    if (fault == FAULT_NONE) {
        fault = still_inside(m, pg, "routines");
        if (fault != FAULT_NONE) {
            return fault;
        }
        fault = db_borrowed_query(
            m->db,
            "INSERT INTO capdo.schema_routine (name, checksum) VALUES ('all', $1) "
            "ON CONFLICT (name) DO UPDATE SET checksum = $1, loaded_at = now()",
            PARAMETERS(checksum), &rows);
        if (fault == FAULT_NONE) {
            rows_done(&rows);
            fault = db_borrowed_run(m->db, "COMMIT");
        }
    }
    return fault == FAULT_NONE ? FAULT_NONE : stop_database(m, fault, "routines");
}

static enum fault routines_run(struct migration *m, PGconn *pg)
{
    struct rows rows;
    struct buffer text;
    char checksum[CHECKSUM_TEXT_BYTES];

    buffer_init(&text, 64 * (size_t)KIB);
    enum fault fault = routines_read(m, &text);
    if (fault == FAULT_NONE && text.length > 0) {
        checksum_of(&text, checksum);
        fault = db_borrowed_query(
            m->db, "SELECT FROM capdo.schema_routine WHERE name = 'all' AND checksum = $1",
            PARAMETERS(checksum), &rows);
        if (fault != FAULT_NONE) {
            fault = stop_database(m, fault, "schema_routine");
        } else {
            bool current = rows.count > 0;
            rows_done(&rows);
            fault = current ? FAULT_NONE : routines_load(m, pg, text.at, checksum);
            m->report->routines_loaded = !current && fault == FAULT_NONE;
        }
    }
    buffer_done(&text);
    return fault;
}

/* Waits as long as the other run takes; then the connection's own lock_timeout holds again. */
static enum fault lock(struct migration *m)
{
    struct rows rows;
    enum fault fault = db_borrowed_query(m->db, "SELECT pg_try_advisory_lock(" LOCK_KEY ")",
                                         &(const struct db_parameters){0}, &rows);

    if (fault == FAULT_NONE) {
        bool got = rows_bool(&rows, 0, 0);
        rows_done(&rows);
        if (got) {
            return FAULT_NONE;
        }
        if (m->log != NULL) {
            log_plain(m->log, LOG_INFO, "another migration is running, waiting for it");
        }
        fault = db_borrowed_run(m->db, "SET lock_timeout = 0; SELECT pg_advisory_lock(" LOCK_KEY
                                       "); RESET lock_timeout");
    }
    return fault == FAULT_NONE ? FAULT_NONE : stop_database(m, fault, "advisory lock");
}

static enum fault run_locked(struct migration *m, PGconn *pg)
{
    struct step *steps = NULL;
    int count = 0;
    enum fault fault = steps_read(m, &steps, &count);

    if (fault == FAULT_NONE) {
        fault = book_open(m);
    }
    if (fault == FAULT_NONE) {
        fault = steps_known(m, count);
    }
    for (int i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = step_run(m, pg, &steps[i]);
    }
    if (fault == FAULT_NONE) {
        fault = routines_run(m, pg);
    }
    free(steps);
    return fault;
}

enum fault migrate_run(struct db *owner, const char *directory, const struct log *log,
                       struct migrate_report *report)
{
    struct migration m = {owner, directory, log, report};

    *report = (struct migrate_report){0};
    PGconn *pg = db_borrow(owner);
    if (pg == NULL) {
        return stop_database(&m, FAULT_DATABASE_DOWN, "database");
    }

    enum fault fault = lock(&m);
    if (fault == FAULT_NONE) {
        fault = run_locked(&m, pg);
        /* After a failure the transaction is ended first, else the unlock is refused. The words of
         * the failure are in the report by now. */
        if (PQtransactionStatus(pg) != PQTRANS_IDLE) {
            PQclear(PQexec(pg, "ROLLBACK"));
        }
        PQclear(PQexec(pg, "SELECT pg_advisory_unlock(" LOCK_KEY ")"));
    }
    db_return(owner);
    if (log != NULL && fault == FAULT_NONE) {
        LOG(log, LOG_INFO, "database is current", LOG_NUMBER("version", report->version),
            LOG_NUMBER("applied", report->applied),
            LOG_TEXT_FIELD("routines", report->routines_loaded ? "loaded" : "current"));
    }
    return fault;
}

enum fault migrate_version(struct db *db, int *ret_version)
{
    static const char EXISTS[] =
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'capdo' AND c.relname = 'schema_migration')";
    static const char NEWEST[] = "SELECT coalesce(max(number), 0) FROM capdo.schema_migration";
    const struct db_parameters none = {0};
    struct rows rows;
    int version = 0;

    enum fault fault = db_request_begin(db, &(const struct db_request){0});
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = db_query_text(db, EXISTS, &none, &rows);
    bool exists = fault == FAULT_NONE && rows_bool(&rows, 0, 0);
    if (fault == FAULT_NONE) {
        rows_done(&rows);
    }
    if (exists) {
        fault = db_query_text(db, NEWEST, &none, &rows);
        if (fault == FAULT_NONE) {
            version = (int)rows_int(&rows, 0, 0, 0);
            rows_done(&rows);
        }
    }
    db_request_end(db);
    if (fault == FAULT_NONE) {
        *ret_version = version;
    }
    return fault;
}
