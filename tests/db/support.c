#include "db/support.h"

#include "base/arena.h"
#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/migrate.h"
#include "json/ruleset.h"

struct scratch scratch;

static const char *const templates[] = {"capdo_t_empty", "capdo_t_migrated", "capdo_t_province"};

/* Kept until the test's process ends; reached from here, so no leak. */
static struct arena texts;

const char *text_of(const char *format, ...)
{
    va_list arguments;
    va_list again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    cr_assert(length >= 0);

    char *text = arena_alloc(&texts, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

static const char *url(const char *database, const char *user)
{
    return text_of("host=%s dbname=%s user=%s", getenv("CAPDO_TEST_SOCKET"), database, user);
}

/* Whoever started the cluster, as CAPDO_TEST_SUPERUSER_URL names them. */
static const char *superuser(void)
{
    const char *user = strstr(getenv("CAPDO_TEST_SUPERUSER_URL"), "user=");

    return text_of("%.*s", (int)strcspn(user + 5, " "), user + 5);
}

PGconn *plain(const char *address)
{
    PGconn *pg = PQconnectdb(address);

    cr_assert(PQstatus(pg) == CONNECTION_OK, "%s", PQerrorMessage(pg));
    PQclear(PQexec(pg, "SET client_min_messages = warning"));
    return pg;
}

void sql(PGconn *pg, const char *text)
{
    PGresult *result = PQexec(pg, text);
    ExecStatusType status = PQresultStatus(result);

    cr_assert(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s\n%s", text,
              PQresultErrorMessage(result));
    PQclear(result);
}

const char *value(PGconn *pg, const char *text)
{
    PGresult *result = PQexec(pg, text);

    cr_assert(PQresultStatus(result) == PGRES_TUPLES_OK, "%s\n%s", text,
              PQresultErrorMessage(result));
    const char *first = PQntuples(result) > 0 ? text_of("%s", PQgetvalue(result, 0, 0)) : "";
    PQclear(result);
    return first;
}

long number(PGconn *pg, const char *text)
{
    return strtol(value(pg, text), NULL, 10);
}

const char *refusal(PGconn *pg, const char *text)
{
    sql(pg, "SAVEPOINT refusal");
    PGresult *result = PQexec(pg, text);
    ExecStatusType status = PQresultStatus(result);
    const char *words = "";

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
        words = text_of("%s%s%s", PQresultErrorField(result, PG_DIAG_SQLSTATE),
                        constraint == NULL ? "" : " ", constraint == NULL ? "" : constraint);
    }
    PQclear(result);
    sql(pg, "ROLLBACK TO refusal; RELEASE refusal");
    return words;
}

void sign_in(const char *username)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner,
        text_of("INSERT INTO capdo.session (token_sha256, account_id, expires_at, factor_at)"
                " SELECT sha256('%s'), id, now() + interval '1 hour', now() FROM capdo.account"
                " WHERE username = '%s' ON CONFLICT DO NOTHING",
                username, username));
    PQfinish(owner);
}

PGconn *acting(const char *username)
{
    PGconn *pg = plain(scratch.runtime_url);

    if (username != NULL) {
        sign_in(username);
    }
    sql(pg, "BEGIN");
    if (username != NULL) {
        cr_assert_str_eq(
            value(pg, text_of("SELECT username FROM capdo.begin_as(sha256('%s'), 1800)", username)),
            username);
    }
    return pg;
}

void rulesets_read(struct arena *arena, const struct ruleset *ret_rulesets[static 2])
{
    static const char *const files[] = {"vn-331-2026", "vn-85-2016"};

    for (int i = 0; i < 2; i++) {
        static char bytes[2 * MIB];
        int fd = open(text_of("%s/schema/rulesets/%s.json", CAPDO_SOURCE_DIR, files[i]), O_RDONLY);
        ssize_t length = read(fd, bytes, sizeof(bytes));
        struct ruleset *ruleset = ARENA_NEW(arena, struct ruleset);
        struct document_error error = {0};
        close(fd);
        cr_assert(length > 0 &&
                      ruleset_decode((struct str){bytes, (size_t)length}, arena, ruleset, &error),
                  "%s", files[i]);
        ret_rulesets[i] = ruleset;
    }
}

struct db *owner_open(void)
{
    return db_open(&(const struct db_settings){scratch.owner_url, DB_OWNER, &scratch.clock, NULL});
}

struct db *runtime_open(enum db_purpose purpose)
{
    static struct log quiet;

    quiet = (struct log){&scratch.clock, LOG_ERROR, LOG_TEXT, 2};
    return db_open(
        &(const struct db_settings){scratch.runtime_url, purpose, &scratch.clock, &quiet});
}

static void scratch_name(const char *name)
{
    (void)snprintf(scratch.name, sizeof(scratch.name), "%s", name);
    (void)snprintf(scratch.owner_url, sizeof(scratch.owner_url), "%s", url(name, "capdo_owner"));
    (void)snprintf(scratch.runtime_url, sizeof(scratch.runtime_url), "%s", url(name, "capdo_rt"));
    (void)snprintf(scratch.super_url, sizeof(scratch.super_url), "%s", url(name, superuser()));
    scratch.clock = clock_system();
}

void scratch_open(enum template_kind kind)
{
    PGconn *super = plain(url("postgres", superuser()));

    cr_assert(sodium_init() >= 0);
    scratch_name(text_of("capdo_t_%d", (int)getpid()));
    sql(super,
        text_of("CREATE DATABASE %s TEMPLATE %s OWNER capdo_owner", scratch.name, templates[kind]));
    PQfinish(super);
}

void scratch_close(void)
{
    PGconn *super = plain(url("postgres", superuser()));

    sql(super, text_of("DROP DATABASE %s WITH (FORCE)", scratch.name));
    PQfinish(super);
}

void use_empty(void)
{
    scratch_open(EMPTY);
}

void use_migrated(void)
{
    scratch_open(MIGRATED);
}

void use_province(void)
{
    scratch_open(PROVINCE);
}

static void template_make(PGconn *super, enum template_kind kind)
{
    const char *name = templates[kind];

    sql(super, text_of("DROP DATABASE IF EXISTS %s WITH (FORCE)", name));
    if (kind == EMPTY) {
        cr_assert_eq(system(text_of("psql -X -q -v ON_ERROR_STOP=1 -v database=%s -d '%s' "
                                    "-f '%s/deploy/postgres/roles.sql' >/dev/null 2>&1",
                                    name, url("postgres", superuser()), CAPDO_SOURCE_DIR)),
                     0);
        return;
    }
    sql(super,
        text_of("CREATE DATABASE %s TEMPLATE %s OWNER capdo_owner", name, templates[kind - 1]));
    scratch_name(name);

    struct db *owner = owner_open();
    if (kind == MIGRATED) {
        struct migrate_report report;
        cr_assert_eq(migrate_run(owner, CAPDO_SOURCE_DIR "/migrations", NULL, &report), FAULT_NONE,
                     "%s", report.message);
    } else {
        struct arena arena;
        const struct ruleset *rulesets[2];
        struct demo_report report;
        arena_init(&arena, 0);
        rulesets_read(&arena, rulesets);
        enum fault fault =
            demo_run(owner,
                     &(const struct demo_options){
                         .rulesets = rulesets, .ruleset_count = 2, .clock = &scratch.clock},
                     &report);
        cr_assert_eq(fault, FAULT_NONE, "%s", report.message);
        arena_done(&arena);
    }
    db_close(owner);
}

/* In the runner's process, before any test; tests see it through the database alone. */
ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
    (void)tests;
    cr_assert(getenv("CAPDO_TEST_SOCKET") != NULL, "run with tests/support/pg.sh run -- ...");
    cr_assert(sodium_init() >= 0);
    PGconn *super = plain(url("postgres", superuser()));
    for (int kind = EMPTY; kind <= PROVINCE; kind++) {
        template_make(super, (enum template_kind)kind);
    }
    PQfinish(super);
}
