/* The subcommands besides serve. Arguments are those after the name of the
 * command; the result is the exit status. */
#pragma once

#include "config.h"

enum { EXIT_USAGE = 64 };

int command_migrate(const struct config *config, int argc, char **argv);
/* Prints the present code of an authenticator secret (base32; "-": from standard input). */
int command_totp(const struct config *config, int argc, char **argv);
int command_demo(const struct config *config, int argc, char **argv);
/* administrative-units: provinces and communes of the catalogue as organisations, again without effect. */
int command_load(const struct config *config, int argc, char **argv);
/* add, password, disable, enable, grant, revoke, list; passwords come from standard input, never from
 * the arguments. */
int command_account(const struct config *config, int argc, char **argv);
/* Prints every route with its permission and limits, and what each role may do, as JSON: what the
 * program enforces, for whoever checks it. Needs no database. */
int command_routes(const struct config *config, int argc, char **argv);
