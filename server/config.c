#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const LOG_FORMATS[] = {"json", "text", NULL};
static const char *const LOG_LEVELS[] = {"debug", "info", "warning", "error", NULL};

static const struct option OPTIONS[OPTION_COUNT] = {
    [OPTION_LISTEN_ADDRESS] = {.name = "listen_address",
                               .environment = "CAPDO_LISTEN_ADDRESS",
                               .standard = "127.0.0.1",
                               .meaning = "Numeric address to listen on."},
    [OPTION_LISTEN_PORT] = {.name = "listen_port",
                            .environment = "CAPDO_LISTEN_PORT",
                            .standard = "8080",
                            .meaning = "TCP port; 0 lets the system choose one.",
                            .max = 65535},
    [OPTION_PROXY_SOCKET] =
        {.name = "proxy_socket",
         .environment = "CAPDO_PROXY_SOCKET",
         .standard = "",
         .meaning = "Unix socket for a reverse proxy, e.g. /run/capdo/proxy.sock: only "
                    "over it X-Forwarded-For and -Proto are believed; empty: none."},
    [OPTION_PUBLIC_ORIGIN] = {.name = "public_origin",
                              .environment = "CAPDO_PUBLIC_ORIGIN",
                              .standard = "",
                              .meaning =
                                  "Origin that people type, e.g. https://capdo.example.vn; empty: "
                                  "plain HTTP on loopback."},
    [OPTION_ALLOWED_HOSTS] = {.name = "allowed_hosts",
                              .environment = "CAPDO_ALLOWED_HOSTS",
                              .standard = "",
                              .meaning =
                                  "Further host names the server answers to, separated by commas."},
    [OPTION_SITE_DIRECTORY] = {.name = "site_directory",
                               .environment = "CAPDO_SITE_DIRECTORY",
                               .standard = "web/dist",
                               .meaning = "The built site, read once at start."},
    [OPTION_SCHEMA_DIRECTORY] = {.name = "schema_directory",
                                 .environment = "CAPDO_SCHEMA_DIRECTORY",
                                 .standard = "schema",
                                 .meaning = "Where openapi.json lies."},
    [OPTION_RULESET_DIRECTORY] =
        {.name = "ruleset_directory",
         .environment = "CAPDO_RULESET_DIRECTORY",
         .standard = "schema/rulesets",
         .meaning = "Every *.json in it is a ruleset; a bad one refuses to start."},
    [OPTION_CATALOGUE_DIRECTORY] = {.name = "catalogue_directory",
                                    .environment = "CAPDO_CATALOGUE_DIRECTORY",
                                    .standard = "schema/catalogues",
                                    .meaning =
                                        "The calendar of working days and other catalogues."},
    [OPTION_MIGRATION_DIRECTORY] = {.name = "migration_directory",
                                    .environment = "CAPDO_MIGRATION_DIRECTORY",
                                    .standard = "migrations",
                                    .meaning =
                                        "Migrations and, in routines/, re-loadable routines."},
    [OPTION_DATABASE_URL] = {.name = "database_url",
                             .environment = "CAPDO_DATABASE_URL",
                             .standard = "",
                             .meaning = "Connection string of the server's role.",
                             .secret = true},
    [OPTION_OWNER_DATABASE_URL] =
        {.name = "owner_database_url",
         .environment = "CAPDO_OWNER_DATABASE_URL",
         .standard = "",
         .meaning = "Connection string of the owner's role: migrate, demo, account.",
         .secret = true},
    [OPTION_OIDC_ISSUER] =
        {.name = "oidc_issuer",
         .environment = "CAPDO_OIDC_ISSUER",
         .standard = "",
         .meaning = "Address of the identity provider (OpenID Connect); empty: no single sign-on."},
    [OPTION_OIDC_CLIENT_ID] = {.name = "oidc_client_id",
                               .environment = "CAPDO_OIDC_CLIENT_ID",
                               .standard = "",
                               .meaning = "Name under which the provider knows this installation."},
    [OPTION_OIDC_CLIENT_SECRET] =
        {.name = "oidc_client_secret",
         .environment = "CAPDO_OIDC_CLIENT_SECRET",
         .standard = "",
         .meaning =
             "Secret of that name; empty: a public client, which proves itself by PKCE alone.",
         .secret = true},
    [OPTION_OIDC_LABEL] =
        {.name = "oidc_label",
         .environment = "CAPDO_OIDC_LABEL",
         .standard = "",
         .meaning = "What the provider is called on the sign-in page; empty: single sign-on."},
    [OPTION_OIDC_SCOPE] = {.name = "oidc_scope",
                           .environment = "CAPDO_OIDC_SCOPE",
                           .standard = "openid email",
                           .meaning =
                               "What is asked for about the person; must begin with openid."},
    [OPTION_OIDC_HOSTS] =
        {.name = "oidc_hosts",
         .environment = "CAPDO_OIDC_HOSTS",
         .standard = "",
         .meaning =
             "Hosts besides the issuer's that its addresses may lie on, separated by commas."},
    [OPTION_OIDC_CA_FILE] =
        {.name = "oidc_ca_file",
         .environment = "CAPDO_OIDC_CA_FILE",
         .standard = "",
         .meaning = "Authorities that vouch for the provider's certificate; empty: the system's."},
    [OPTION_OIDC_TRUSTED_ACR] =
        {.name = "oidc_trusted_acr",
         .environment = "CAPDO_OIDC_TRUSTED_ACR",
         .standard = "",
         .meaning = "Values of acr that count as a second factor, separated by commas."},
    [OPTION_OIDC_TRUSTED_AMR] =
        {.name = "oidc_trusted_amr",
         .environment = "CAPDO_OIDC_TRUSTED_AMR",
         .standard = "",
         .meaning = "Values of amr that count as a second factor, separated by commas."},
    [OPTION_EVENT_THREADS] = {.name = "event_threads",
                              .environment = "CAPDO_EVENT_THREADS",
                              .standard = "8",
                              .meaning =
                                  "Threads that answer quick requests, each with a connection.",
                              .min = 2,
                              .max = 64},
    [OPTION_WORKERS] = {.name = "workers",
                        .environment = "CAPDO_WORKERS",
                        .standard = "8",
                        .meaning = "Threads for writes and heavy reads, each with a connection.",
                        .min = 2,
                        .max = 64},
    [OPTION_SECRET_KEY_FILE] = {.name = "secret_key_file",
                                .environment = "CAPDO_SECRET_KEY_FILE",
                                .standard = "",
                                .meaning =
                                    "32 random bytes that protect the secrets of authenticator "
                                    "apps; empty: none can be registered."},
    [OPTION_LOG_FORMAT] = {.name = "log_format",
                           .environment = "CAPDO_LOG_FORMAT",
                           .standard = "json",
                           .meaning = "json (one object a line) or text.",
                           .choices = LOG_FORMATS},
    [OPTION_LOG_LEVEL] = {.name = "log_level",
                          .environment = "CAPDO_LOG_LEVEL",
                          .standard = "info",
                          .meaning = "debug, info, warning or error.",
                          .choices = LOG_LEVELS},
    [OPTION_SECURITY_LOG_FILE] = {.name = "security_log_file",
                                  .environment = "CAPDO_SECURITY_LOG_FILE",
                                  .standard = "",
                                  .meaning =
                                      "File for a copy of the security log's lines, opened anew on "
                                      "SIGHUP; empty: only the log has them."},
};

static const char *const SOURCE_NAMES[] = {"default", "file", "environment"};

const struct option *config_options(void)
{
    return OPTIONS;
}

static bool fail(char *ret_error, size_t error_bytes, const char *where, const char *what)
{
    (void)snprintf(ret_error, error_bytes, "%s: %s", where, what);
    return false;
}

static bool value_fits(const struct option *option, const char *value)
{
    if (option->choices != NULL) {
        for (int i = 0; option->choices[i] != NULL; i++) {
            if (strcmp(option->choices[i], value) == 0) {
                return true;
            }
        }
        return false;
    }
    if (option->max != 0) {
        char *end = NULL;
        errno = 0;
        long number = strtol(value, &end, 10);
        return errno == 0 && end != value && *end == '\0' && number >= option->min &&
               number <= option->max;
    }
    return true;
}

static bool set_value(struct config *config, int option, const char *value,
                      enum config_source source, char *ret_error, size_t error_bytes)
{
    char where[128];

    (void)snprintf(where, sizeof(where), "option %s", OPTIONS[option].name);
    if (strlen(value) >= CONFIG_VALUE_BYTES) {
        return fail(ret_error, error_bytes, where, "the value is too long");
    }
    if (!value_fits(&OPTIONS[option], value)) {
        return fail(ret_error, error_bytes, where, OPTIONS[option].meaning);
    }
    (void)snprintf(config->values[option], CONFIG_VALUE_BYTES, "%s", value);
    config->sources[option] = source;
    return true;
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

static bool read_line(struct config *config, char *line, char *ret_error, size_t error_bytes)
{
    char *text = trim(line);
    char *equals = strchr(text, '=');

    if (text[0] == '\0' || text[0] == '#') {
        return true;
    }
    if (equals == NULL) {
        return fail(ret_error, error_bytes, text, "expected name = value");
    }
    *equals = '\0';

    const char *name = trim(text);
    const char *value = trim(equals + 1);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(OPTIONS[i].name, name) == 0) {
            return set_value(config, i, value, SOURCE_FILE, ret_error, error_bytes);
        }
    }
    return fail(ret_error, error_bytes, name, "no such option");
}

static bool read_file(struct config *config, const char *path, char *ret_error, size_t error_bytes)
{
    char line[CONFIG_VALUE_BYTES + 100];
    int number = 0;
    bool ok = true;
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return fail(ret_error, error_bytes, path, "the configuration file cannot be read");
    }
    while (ok && fgets(line, sizeof(line), file) != NULL) {
        char problem[CONFIG_VALUE_BYTES + 200];
        number++;
        ok = read_line(config, line, problem, sizeof(problem));
        if (!ok) {
            (void)snprintf(ret_error, error_bytes, "%s:%d: %s", path, number, problem);
        }
    }
    (void)fclose(file);
    return ok;
}

bool config_load(const char *file, struct config *ret_config, char *ret_error, size_t error_bytes)
{
    /* Not by an initialiser: that would want the same room on the stack once more. */
    memset(ret_config, 0, sizeof(*ret_config));
    ret_config->file = file;
    for (int i = 0; i < OPTION_COUNT; i++) {
        (void)snprintf(ret_config->values[i], CONFIG_VALUE_BYTES, "%s", OPTIONS[i].standard);
    }
    if (file != NULL && !read_file(ret_config, file, ret_error, error_bytes)) {
        return false;
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        /* Read before any thread is started. */
        const char *value = getenv(OPTIONS[i].environment);
        if (value != NULL &&
            !set_value(ret_config, i, value, SOURCE_ENVIRONMENT, ret_error, error_bytes)) {
            return false;
        }
    }
    return true;
}

const char *config_text(const struct config *config, enum option_id option)
{
    return config->values[option];
}

long config_number(const struct config *config, enum option_id option)
{
    return strtol(config->values[option], NULL, 10);
}

void config_print(const struct config *config, FILE *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        bool hide = OPTIONS[i].secret && config->values[i][0] != '\0';
        (void)fprintf(out, "%-22s = %-40s # %s\n", OPTIONS[i].name,
                      hide ? "(hidden)" : config->values[i], SOURCE_NAMES[config->sources[i]]);
    }
}

void config_print_sample(FILE *out)
{
    (void)fprintf(
        out, "# Capdo. Every option with its default; environment variables win over this file.\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        (void)fprintf(out, "\n# %s (%s)\n#%s = %s\n", OPTIONS[i].meaning, OPTIONS[i].environment,
                      OPTIONS[i].name, OPTIONS[i].standard);
    }
}
