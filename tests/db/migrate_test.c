#include "db/migrate.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/support.h"

TestSuite(migrate, .init = use_empty, .fini = scratch_close, .timeout = 60);

static struct migrate_report report;

static enum fault migrate(const char *directory)
{
    struct db *owner = owner_open();
    enum fault fault = migrate_run(owner, directory, NULL, &report);

    db_close(owner);
    return fault;
}

/* A copy of migrations/ that a test may spoil. */
static const char *copy_of_migrations(void)
{
    char name[] = "/tmp/capdo-migrate.XXXXXX";

    cr_assert_not_null(mkdtemp(name));
    const char *directory = text_of("%s", name);
    cr_assert_eq(system(text_of("cp -r '%s'/migrations/. '%s'", CAPDO_SOURCE_DIR, directory)), 0);
    return directory;
}

static void write_step(const char *directory, const char *name, const char *text)
{
    FILE *file = fopen(text_of("%s/%s", directory, name), "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void remove_copy(const char *directory)
{
    cr_assert_eq(system(text_of("rm -rf '%s'", directory)), 0);
}

static const char REPOSITORY[] = CAPDO_SOURCE_DIR "/migrations";

Test(migrate, brings_an_empty_database_to_the_newest_version)
{
    cr_assert_eq(migrate(REPOSITORY), FAULT_NONE, "%s", report.message);
    cr_assert_eq(report.version, MIGRATE_VERSION);
    cr_assert_eq(report.applied, MIGRATE_VERSION);
    cr_assert(report.routines_loaded);
}

Test(migrate, the_compiled_version_is_the_newest_file)
{
    struct dirent **names = NULL;
    int newest = 0;
    int count = scandir(REPOSITORY, &names, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        int number = atoi(names[i]->d_name);
        newest = number > newest ? number : newest;
        free(names[i]);
    }
    free(names);
    cr_assert_eq(newest, MIGRATE_VERSION);
}

Test(migrate, a_second_run_changes_nothing)
{
    cr_assert_eq(migrate(REPOSITORY), FAULT_NONE);
    PGconn *owner = plain(scratch.owner_url);
    const char *before =
        value(owner, "SELECT string_agg(m::text, ' ') FROM capdo.schema_migration m");
    const char *loaded = value(owner, "SELECT loaded_at FROM capdo.schema_routine");

    cr_assert_eq(migrate(REPOSITORY), FAULT_NONE);
    cr_assert_eq(report.applied, 0);
    cr_assert_not(report.routines_loaded);
    cr_assert_eq(report.version, MIGRATE_VERSION);
    cr_assert_str_eq(value(owner, "SELECT string_agg(m::text, ' ') FROM capdo.schema_migration m"),
                     before);
    cr_assert_str_eq(value(owner, "SELECT loaded_at FROM capdo.schema_routine"), loaded);
    PQfinish(owner);
}

Test(migrate, tells_the_version_to_either_role)
{
    struct db *runtime =
        db_open(&(const struct db_settings){scratch.runtime_url, DB_OWNER, &scratch.clock, NULL});
    int version = -1;

    cr_assert_eq(migrate_version(runtime, &version), FAULT_NONE);
    cr_assert_eq(version, 0);
    cr_assert_eq(migrate(REPOSITORY), FAULT_NONE);
    cr_assert_eq(migrate_version(runtime, &version), FAULT_NONE);
    cr_assert_eq(version, MIGRATE_VERSION);
    db_close(runtime);
}

Test(migrate, refuses_an_applied_step_that_was_changed)
{
    const char *directory = copy_of_migrations();

    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    cr_assert_eq(system(text_of("echo '-- changed' >> '%s/0001_create_register.sql'", directory)),
                 0);
    cr_assert_eq(migrate(directory), FAULT_CONFLICT);
    cr_assert_not_null(strstr(report.message, "0001_create_register.sql was changed"));
    remove_copy(directory);
}

Test(migrate, refuses_a_gap_and_a_bad_name)
{
    const char *directory = copy_of_migrations();

    write_step(directory, "0900_add_gap.sql", "SELECT 1");
    cr_assert_eq(migrate(directory), FAULT_INVALID);
    cr_assert_not_null(strstr(report.message, "0900_add_gap.sql"));
    unlink(text_of("%s/0900_add_gap.sql", directory));
    write_step(directory, "new.sql", "SELECT 1");
    cr_assert_eq(migrate(directory), FAULT_INVALID);
    cr_assert_not_null(strstr(report.message, "NNNN_verb_noun"));
    remove_copy(directory);
}

Test(migrate, refuses_a_folder_older_than_the_database)
{
    const char *directory = copy_of_migrations();
    const char *next = text_of("%04d_add_thing.sql", MIGRATE_VERSION + 1);

    write_step(directory, next, "CREATE TABLE capdo.thing (id integer)");
    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    cr_assert_eq(migrate(REPOSITORY), FAULT_CONFLICT);
    cr_assert_not_null(strstr(report.message, "newer program"));
    remove_copy(directory);
}

Test(migrate, a_failed_step_leaves_nothing_and_can_be_repeated)
{
    const char *directory = copy_of_migrations();
    const char *next = text_of("%04d_add_thing.sql", MIGRATE_VERSION + 1);

    write_step(directory, next, "CREATE TABLE capdo.thing (id integer); SELECT 1 / 0;");
    cr_assert_neq(migrate(directory), FAULT_NONE);
    cr_assert_not_null(strstr(report.message, "division by zero"));
    cr_assert_eq(report.version, MIGRATE_VERSION);

    PGconn *owner = plain(scratch.owner_url);
    cr_assert_str_eq(value(owner, "SELECT to_regclass('capdo.thing')"), "");
    write_step(directory, next, "CREATE TABLE capdo.thing (id integer);");
    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    cr_assert_eq(report.applied, 1);
    cr_assert_str_eq(value(owner, "SELECT to_regclass('capdo.thing')"), "capdo.thing");
    PQfinish(owner);
    remove_copy(directory);
}

Test(migrate, a_run_killed_in_the_middle_can_be_repeated)
{
    const char *directory = copy_of_migrations();
    const char *next = text_of("%04d_add_thing.sql", MIGRATE_VERSION + 1);

    write_step(directory, next,
               "CREATE TABLE capdo.thing (id integer);"
               "SELECT pg_terminate_backend(pg_backend_pid());");
    cr_assert_neq(migrate(directory), FAULT_NONE);
    PGconn *owner = plain(scratch.owner_url);
    cr_assert_str_eq(value(owner, "SELECT to_regclass('capdo.thing')"), "");
    cr_assert_eq(number(owner, "SELECT max(number) FROM capdo.schema_migration"), MIGRATE_VERSION);
    write_step(directory, next, "CREATE TABLE capdo.thing (id integer);");
    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    PQfinish(owner);
    remove_copy(directory);
}

Test(migrate, a_step_may_not_end_its_transaction)
{
    const char *directory = copy_of_migrations();
    const char *next = text_of("%04d_add_thing.sql", MIGRATE_VERSION + 1);

    write_step(directory, next, "CREATE TABLE capdo.thing (id integer); COMMIT;");
    cr_assert_eq(migrate(directory), FAULT_INVALID);
    cr_assert_not_null(strstr(report.message, "transactions"));
    remove_copy(directory);
}

Test(migrate, a_marked_step_runs_outside_a_transaction)
{
    const char *directory = copy_of_migrations();
    const char *next = text_of("%04d_index_thing.sql", MIGRATE_VERSION + 1);
    static const char STEP[] = "CREATE INDEX CONCURRENTLY IF NOT EXISTS account_by_name"
                               " ON capdo.account (display_name)";

    write_step(directory, next, STEP); /* control: unmarked it cannot */
    cr_assert_neq(migrate(directory), FAULT_NONE);
    write_step(directory, next, text_of("-- no transaction\n%s", STEP));
    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    remove_copy(directory);
}

Test(migrate, routines_are_loaded_again_only_when_changed)
{
    const char *directory = copy_of_migrations();

    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    write_step(
        directory, "routines/zz_extra.sql",
        "CREATE OR REPLACE FUNCTION capdo.extra() RETURNS integer LANGUAGE sql AS 'SELECT 7'");
    cr_assert_eq(migrate(directory), FAULT_NONE, "%s", report.message);
    cr_assert(report.routines_loaded);
    cr_assert_eq(report.applied, 0);
    cr_assert_eq(migrate(directory), FAULT_NONE);
    cr_assert_not(report.routines_loaded);

    /* One that fails leaves the old ones. */
    write_step(directory, "routines/zz_extra.sql", "DROP FUNCTION capdo.extra(); SELECT 1 / 0");
    cr_assert_neq(migrate(directory), FAULT_NONE);
    PGconn *owner = plain(scratch.owner_url);
    cr_assert_eq(number(owner, "SELECT capdo.extra()"), 7);
    PQfinish(owner);
    remove_copy(directory);
}

struct racer {
    struct migrate_report report;
    enum fault fault;
};

static void *race(void *context)
{
    struct racer *racer = context;
    struct db *owner = owner_open();

    racer->fault = migrate_run(owner, REPOSITORY, NULL, &racer->report);
    db_close(owner);
    return NULL;
}

Test(migrate, two_runs_at_once_apply_each_step_once)
{
    struct racer racers[2] = {0};
    pthread_t threads[2];

    for (int i = 0; i < 2; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        cr_assert_eq(racers[i].fault, FAULT_NONE, "%s", racers[i].report.message);
    }
    cr_assert_eq(racers[0].report.applied + racers[1].report.applied, MIGRATE_VERSION);
}

Test(migrate, database_sql_is_what_the_migrations_add_up_to)
{
    cr_assert_eq(migrate(REPOSITORY), FAULT_NONE);
    const char *check =
        text_of("'%s/tests/db/schema' check '%s' >&2", CAPDO_SOURCE_DIR, scratch.owner_url);
    cr_assert_eq(system(check), 0, "run tests/db/schema write URL");

    /* Control: a column more is seen. */
    PGconn *owner = plain(scratch.owner_url);
    sql(owner, "ALTER TABLE capdo.account ADD COLUMN planted integer");
    PQfinish(owner);
    cr_assert_neq(system(text_of("'%s/tests/db/schema' check '%s' >/dev/null 2>&1",
                                 CAPDO_SOURCE_DIR, scratch.owner_url)),
                  0);
}
