#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "command_owner.h"
#include "db/account.h"

struct account_command {
    const char *name;
    const char *arguments;
    int argument_count;
    enum fault (*run)(struct owner *owner, char **argv);
};

/* The token stands behind the #: a browser sends it to no server, and no log has it. */
static void print_link(const struct owner *owner, const struct account_link *link)
{
    const struct config *config = owner->config;
    const char *origin = config_text(config, OPTION_PUBLIC_ORIGIN);

    if (origin[0] != '\0') {
        (void)printf("%s/kich-hoat#%s\n", origin, link->token);
    } else {
        (void)printf("http://127.0.0.1:%lld/kich-hoat#%s\n",
                     (long long)config_number(config, OPTION_LISTEN_PORT), link->token);
    }
    (void)fprintf(stderr,
                  "Give this link to the owner of the account: it works once, until %s,\n"
                  "and lets them choose a password. It is not shown again.\n",
                  link->expires_at);
}

static enum fault add(struct owner *owner, char **argv)
{
    struct account_link link;
    enum fault fault = account_add(owner->db, &owner->clock, argv[0], argv[1], &link);

    if (fault == FAULT_NONE) {
        print_link(owner, &link);
    }
    return fault;
}

static enum fault reset(struct owner *owner, char **argv)
{
    struct account_link link;
    enum fault fault = account_reset(owner->db, &owner->clock, argv[0], &link);

    if (fault == FAULT_NONE) {
        print_link(owner, &link);
    }
    return fault;
}

static enum fault end_factors(struct owner *owner, char **argv)
{
    struct account_link link;
    enum fault fault = account_end_factors(owner->db, &owner->clock, argv[0], &link);

    if (fault == FAULT_NONE) {
        print_link(owner, &link);
        (void)fputs("All second factors and recovery codes of the account have ended.\n", stderr);
    }
    return fault;
}

static enum fault disable(struct owner *owner, char **argv)
{
    return account_disable(owner->db, argv[0]);
}

static enum fault enable(struct owner *owner, char **argv)
{
    return account_enable(owner->db, argv[0]);
}

static struct account_role role_of(char **argv)
{
    return (struct account_role){argv[0], argv[1], argv[2], argv[3]};
}

static enum fault grant(struct owner *owner, char **argv)
{
    const struct account_role role = role_of(argv);

    return account_grant(owner->db, &owner->clock, &role);
}

static enum fault take_back(struct owner *owner, char **argv)
{
    const struct account_role role = role_of(argv);

    return account_revoke(owner->db, &role);
}

static void print_line(void *context, const struct account_line *line)
{
    (void)context;
    (void)printf("%-20s %-10s %-44s %s\n", line->username,
                 line->disabled ? "disabled" : (line->has_password ? "active" : "no password"),
                 line->roles, line->display_name);
}

static enum fault list(struct owner *owner, char **argv)
{
    (void)argv;
    return account_each(owner->db, print_line, NULL);
}

static const struct account_command COMMANDS[] = {
    {"add", "USERNAME DISPLAY_NAME", 2, add},
    {"reset", "USERNAME", 1, reset},
    {"end-factors", "USERNAME", 1, end_factors},
    {"disable", "USERNAME", 1, disable},
    {"enable", "USERNAME", 1, enable},
    {"grant", "USERNAME ROLE ORGANISATION_CODE DOCUMENT_NUMBER", 4, grant},
    {"revoke", "USERNAME ROLE ORGANISATION_CODE DOCUMENT_NUMBER", 4, take_back},
    {"list", "", 0, list},
};

static int usage(void)
{
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        (void)fprintf(stderr, "%s capdo account %s %s\n", i == 0 ? "usage:" : "      ",
                      COMMANDS[i].name, COMMANDS[i].arguments);
    }
    (void)fputs(
        "add, reset and end-factors print a link by which the owner of the account chooses a\n"
        "password. end-factors is for somebody who has lost every second factor.\n",
        stderr);
    return EXIT_USAGE;
}

static const char *explain(enum fault fault)
{
    switch ((int)fault) {
    case FAULT_NOT_FOUND:
        return "there is no such account, organisation or role held";
    case FAULT_CODE_TAKEN:
        return "this user name is taken";
    case FAULT_CONFLICT:
        return "the role is held already";
    case FAULT_INVALID:
        return "a name or role does not fit";
    default:
        return fault_info(fault)->title[LANGUAGE_EN];
    }
}

int command_account(const struct config *config, int argc, char **argv)
{
    const struct account_command *command = NULL;
    struct owner owner;
    int status = EXIT_FAILURE;

    for (size_t i = 0; argc > 0 && i < COUNT_OF(COMMANDS); i++) {
        if (strcmp(COMMANDS[i].name, argv[0]) == 0 && COMMANDS[i].argument_count == argc - 1) {
            command = &COMMANDS[i];
        }
    }
    if (command == NULL) {
        return usage();
    }
    if (owner_open(config, &owner)) {
        enum fault fault = command->run(&owner, argv + 1);
        if (fault == FAULT_NONE) {
            status = EXIT_SUCCESS;
        } else {
            (void)fprintf(stderr, "capdo: %s\n", explain(fault));
        }
    }
    owner_close(&owner);
    return status;
}
