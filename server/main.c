/* capdo: the register's one program. Each subcommand is a row. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "command.h"
#include "config.h"

struct command {
    const char *name;
    const char *arguments;
    const char *meaning;
    int (*run)(const struct config *config, int argc, char **argv);
};

static int serve(const struct config *config, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return app_serve(config);
}

static int show_config(const struct config *config, int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], "--sample") == 0) {
        config_print_sample(stdout);
    } else {
        config_print(config, stdout);
    }
    return EXIT_SUCCESS;
}

static int version(const struct config *config, int argc, char **argv)
{
    (void)config;
    (void)argc;
    (void)argv;
    (void)puts("capdo " CAPDO_VERSION);
    return EXIT_SUCCESS;
}

static const struct command COMMANDS[] = {
    {"serve", "", "answer requests until SIGTERM", serve},
    {"migrate", "", "bring the database to the newest version", command_migrate},
    {"demo", "[--accounts FILE] [--systems N]", "load the demo province, or N systems for load",
     command_demo},
    {"load", "administrative-units", "add the provinces and communes that are not there yet",
     command_load},
    {"account", "add|password|disable|enable|grant|revoke|list", "keep accounts and roles",
     command_account},
    {"totp", "SECRET", "print the present code of an authenticator app", command_totp},
    {"config", "[--sample]", "every option, its value and where it came from", show_config},
    {"routes", "", "print every route and the rights of every role as JSON", command_routes},
    {"version", "", "print the version", version},
};

static int usage(FILE *out)
{
    (void)fputs("usage: capdo COMMAND [--config FILE] [ARGUMENTS]\n\n", out);
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        (void)fprintf(out, "  %-8s %-52s %s\n", COMMANDS[i].name, COMMANDS[i].arguments,
                      COMMANDS[i].meaning);
    }
    return out == stdout ? EXIT_SUCCESS : EXIT_USAGE;
}

/* Takes "--config FILE" out of the arguments; false when FILE is missing. */
static bool take_config(int *argc, char **argv, const char **ret_file)
{
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--config") != 0) {
            continue;
        }
        if (i + 1 == *argc) {
            return false;
        }
        *ret_file = argv[i + 1];
        for (int j = i + 2; j < *argc; j++) {
            argv[j - 2] = argv[j];
        }
        *argc -= 2;
        return true;
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct config config; /* 15 KiB: too large for some stacks */
    char error[CONFIG_VALUE_BYTES + 400];
    const char *file = getenv("CAPDO_CONFIG");

    if (argc < 2 || !take_config(&argc, argv, &file) || argc < 2) {
        return usage(stderr);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        return usage(stdout);
    }
    if (sodium_init() < 0) {
        (void)fputs("capdo: no source of randomness\n", stderr);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        if (strcmp(argv[1], COMMANDS[i].name) != 0) {
            continue;
        }
        if (!config_load(file, &config, error, sizeof(error))) {
            (void)fprintf(stderr, "capdo: %s\n", error);
            return EXIT_USAGE;
        }
        return COMMANDS[i].run(&config, argc - 2, argv + 2);
    }
    (void)fprintf(stderr, "capdo: unknown command \"%s\"\n", argv[1]);
    return usage(stderr);
}
