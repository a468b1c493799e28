/* The subcommands that work on the database as its owner. Arguments are those after the name of the
 * command; the result is the exit status. */
#pragma once

#include "config.h"

enum { EXIT_USAGE = 64 };

int command_migrate(const struct config *config, int argc, char **argv);
int command_demo(const struct config *config, int argc, char **argv);
/* add, password, disable, enable, grant, revoke, list; passwords come from standard input, never from
 * the arguments. */
int command_account(const struct config *config, int argc, char **argv);
