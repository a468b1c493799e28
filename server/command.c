#include "command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_owner.h"
#include "db/demo.h"
#include "db/migrate.h"
#include "load.h"

bool owner_open(const struct config *config, struct owner *owner)
{
    *owner = (struct owner){.config = config, .clock = clock_system()};
    owner->log = (struct log){
        .clock = &owner->clock, .level = LOG_INFO, .format = LOG_TEXT, .fd = STDERR_FILENO};
    if (config_text(config, OPTION_OWNER_DATABASE_URL)[0] == '\0') {
        (void)fputs("capdo: set owner_database_url (or CAPDO_OWNER_DATABASE_URL)\n", stderr);
        return false;
    }

    struct db_settings settings = {
        .url = config_text(config, OPTION_OWNER_DATABASE_URL),
        .purpose = DB_OWNER,
        .clock = &owner->clock,
        .log = &owner->log,
    };
    owner->db = db_open(&settings);
    if (!db_is_up(owner->db)) {
        (void)fprintf(stderr, "capdo: %s\n", db_last_error(owner->db));
        return false;
    }
    return true;
}

void owner_close(struct owner *owner)
{
    db_close(owner->db);
}

int command_migrate(const struct config *config, int argc, char **argv)
{
    struct owner owner;
    struct migrate_report report = {0};
    int status = EXIT_FAILURE;

    (void)argc;
    (void)argv;
    if (owner_open(config, &owner)) {
        enum fault fault = migrate_run(owner.db, config_text(config, OPTION_MIGRATION_DIRECTORY),
                                       &owner.log, &report);
        if (fault == FAULT_NONE) {
            (void)printf("database at version %d, %d applied now%s\n", report.version,
                         report.applied, report.routines_loaded ? ", routines loaded" : "");
            status = EXIT_SUCCESS;
        } else {
            (void)fprintf(stderr, "capdo: %s\n", report.message);
        }
    }
    owner_close(&owner);
    return status;
}

static void show_progress(void *context, const char *step, int64_t done, int64_t total)
{
    (void)context;
    (void)fprintf(stderr, "%s: %lld/%lld\n", step, (long long)done, (long long)total);
}

struct demo_arguments {
    const char *accounts;
    int64_t systems;
};

static bool read_demo_arguments(int argc, char **argv, struct demo_arguments *ret)
{
    *ret = (struct demo_arguments){0};
    for (int i = 0; i < argc; i += 2) {
        if (i + 1 == argc) {
            return false;
        }
        if (strcmp(argv[i], "--accounts") == 0) {
            ret->accounts = argv[i + 1];
        } else if (strcmp(argv[i], "--systems") != 0 ||
                   !str_to_int64(str_of(argv[i + 1]), &ret->systems) || ret->systems < 1 ||
                   ret->systems > DEMO_SYSTEMS_MAX) {
            return false;
        }
    }
    return true;
}

static enum fault run_demo(const struct config *config, struct owner *owner,
                           const struct demo_arguments *arguments)
{
    struct arena arena;
    struct service service = {.clock = owner->clock};
    const struct ruleset *rulesets[SERVICE_RULESETS_MAX];
    struct demo_report report = {0};
    char error[LOAD_ERROR_BYTES];
    enum fault fault = FAULT_INVALID;

    arena_init(&arena, 0);
    if (!load_service_data(config, &arena, &service, error) ||
        !load_secret_keys(config, &service, error)) {
        (void)fprintf(stderr, "capdo: %s\n", error);
        arena_done(&arena);
        return FAULT_INVALID;
    }
    for (int i = 0; i < service.ruleset_count; i++) {
        rulesets[i] = service.rulesets[i].ruleset;
    }

    struct demo_options options = {
        .rulesets = rulesets,
        .ruleset_count = (size_t)service.ruleset_count,
        .calendar = service.calendar,
        .clock = &owner->clock,
        .seal_keys = &service.seal_keys,
        .systems = arguments->systems,
        .progress = show_progress,
    };
    fault = demo_run(owner->db, &options, &report);
    if (fault != FAULT_NONE) {
        (void)fprintf(stderr, "capdo: %s\n", report.message);
    } else if (arguments->accounts != NULL) {
        fault = demo_accounts_write(&report, arguments->accounts);
        if (fault != FAULT_NONE) {
            perror(arguments->accounts);
        }
    }
    if (fault == FAULT_NONE && service.seal_keys.count == 0) {
        (void)fputs(
            "capdo: without secret_key_file nobody has a second factor, so nobody approves\n",
            stderr);
    }
    if (fault == FAULT_NONE) {
        (void)printf("%lld organisations, %lld systems, %lld dossiers, %lld labels\n",
                     (long long)report.organisations, (long long)report.systems,
                     (long long)report.dossiers, (long long)report.labels);
    }
    arena_done(&arena);
    return fault;
}

int command_demo(const struct config *config, int argc, char **argv)
{
    struct demo_arguments arguments;
    struct owner owner;
    int status = EXIT_FAILURE;

    if (!read_demo_arguments(argc, argv, &arguments)) {
        (void)fputs("usage: capdo demo [--accounts FILE] [--systems N]\n", stderr);
        return EXIT_USAGE;
    }
    if (owner_open(config, &owner) && run_demo(config, &owner, &arguments) == FAULT_NONE) {
        status = EXIT_SUCCESS;
    }
    owner_close(&owner);
    return status;
}
