#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "command_owner.h"
#include "db/account.h"

struct account_command {
    const char *name;
    const char *arguments;
    int argument_count;
    enum fault (*run)(struct owner *owner, char **argv);
};

/* From standard input, one line; without echo when it is a terminal. */
static bool read_password(char ret_password[static LIMIT_PASSWORD_BYTES + 2])
{
    struct termios before;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;

    if (terminal) {
        struct termios quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)fputs("Password: ", stderr);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool ok = fgets(ret_password, LIMIT_PASSWORD_BYTES + 2, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        (void)fputc('\n', stderr);
    }
    if (ok) {
        ret_password[strcspn(ret_password, "\r\n")] = '\0';
    }
    return ok;
}

static enum fault add(struct owner *owner, char **argv)
{
    char password[LIMIT_PASSWORD_BYTES + 2];

    return read_password(password)
               ? account_add(owner->db, &owner->clock, argv[0], argv[1], password)
               : FAULT_INVALID;
}

static enum fault set_password(struct owner *owner, char **argv)
{
    char password[LIMIT_PASSWORD_BYTES + 2];

    return read_password(password) ? account_password(owner->db, argv[0], password) : FAULT_INVALID;
}

static enum fault disable(struct owner *owner, char **argv)
{
    return account_disable(owner->db, argv[0]);
}

static enum fault enable(struct owner *owner, char **argv)
{
    return account_enable(owner->db, argv[0]);
}

static enum fault grant(struct owner *owner, char **argv)
{
    return account_grant(owner->db, &owner->clock, argv[0], argv[1], argv[2]);
}

static enum fault take_back(struct owner *owner, char **argv)
{
    return account_revoke(owner->db, argv[0], argv[1], argv[2]);
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
    {"password", "USERNAME", 1, set_password},
    {"disable", "USERNAME", 1, disable},
    {"enable", "USERNAME", 1, enable},
    {"grant", "USERNAME ROLE ORGANISATION_CODE", 3, grant},
    {"revoke", "USERNAME ROLE ORGANISATION_CODE", 3, take_back},
    {"list", "", 0, list},
};

static int usage(void)
{
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        (void)fprintf(stderr, "%s capdo account %s %s\n", i == 0 ? "usage:" : "      ",
                      COMMANDS[i].name, COMMANDS[i].arguments);
    }
    (void)fprintf(stderr, "A password is read from standard input, at least %d bytes.\n",
                  ACCOUNT_PASSWORD_MIN_BYTES);
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
        return "a name, role or password does not fit";
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
