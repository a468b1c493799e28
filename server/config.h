/* Every option of the program in one table: its name in the file, its environment variable (secrets
 * only come from there or from the file), its default and its meaning. The sample file and the
 * manual (docs/operations.md) are proven equal to it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macros.h"

enum option_id {
    OPTION_LISTEN_ADDRESS,
    OPTION_LISTEN_PORT,
    OPTION_PROXY_SOCKET,
    OPTION_PUBLIC_ORIGIN,
    OPTION_ALLOWED_HOSTS,
    OPTION_SITE_DIRECTORY,
    OPTION_SCHEMA_DIRECTORY,
    OPTION_RULESET_DIRECTORY,
    OPTION_CATALOGUE_DIRECTORY,
    OPTION_MIGRATION_DIRECTORY,
    OPTION_DATABASE_URL,
    OPTION_OWNER_DATABASE_URL,
    OPTION_OIDC_ISSUER,
    OPTION_OIDC_CLIENT_ID,
    OPTION_OIDC_CLIENT_SECRET,
    OPTION_OIDC_LABEL,
    OPTION_OIDC_SCOPE,
    OPTION_OIDC_HOSTS,
    OPTION_OIDC_CA_FILE,
    OPTION_OIDC_TRUSTED_ACR,
    OPTION_OIDC_TRUSTED_AMR,
    OPTION_EVENT_THREADS,
    OPTION_WORKERS,
    OPTION_SECRET_KEY_FILE,
    OPTION_LOG_FORMAT,
    OPTION_LOG_LEVEL,
    OPTION_SECURITY_LOG_FILE,
    OPTION_COUNT,
};

struct option {
    const char *name;
    const char *environment;
    const char *standard; /* value when nothing is said */
    const char *meaning;  /* one sentence, English */
    bool secret;          /* its value is not shown */
    long min;             /* with max != 0: a number in this range */
    long max;
    const char *const *choices; /* or NULL */
};

enum { CONFIG_VALUE_BYTES = 1024 };

enum config_source { SOURCE_STANDARD, SOURCE_FILE, SOURCE_ENVIRONMENT };

struct config {
    char values[OPTION_COUNT][CONFIG_VALUE_BYTES];
    enum config_source sources[OPTION_COUNT];
    const char *file; /* NULL: none was read */
};

const struct option *config_options(void);
/* Defaults, then the file (may be NULL), then the environment. False with a sentence in ret_error
 * that names file, line and option. */
bool config_load(const char *file, struct config *ret_config, char *ret_error, size_t error_bytes)
    MUST_USE;
const char *config_text(const struct config *config, enum option_id option);
long config_number(const struct config *config, enum option_id option);
/* `capdo config`: every option, its value and where it came from. */
void config_print(const struct config *config, FILE *out);
/* `capdo config --sample`: a commented sample file. */
void config_print_sample(FILE *out);
