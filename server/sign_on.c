#include "sign_on.h"

#include <string.h>

#include "identity/provider.h"

enum { NAMES_MAX = PROVIDER_HOSTS_MAX + 1, WORKERS_PER_CALL = 4 };

/* "a, b" as a NULL-terminated list; NULL when there are too many. */
static const char *const *names(struct arena *arena, const char *text)
{
    const char **list = ARENA_ARRAY(arena, NAMES_MAX + 1, const char *);
    struct str rest = str_of(text);
    int count = 0;

    while (rest.at != NULL && rest.length > 0) {
        struct str name = str_cut(&rest, ',');
        while (name.length > 0 && name.at[0] == ' ') {
            name.at++;
            name.length--;
        }
        while (name.length > 0 && name.at[name.length - 1] == ' ') {
            name.length--;
        }
        if (name.length == 0) {
            continue;
        }
        if (count == NAMES_MAX) {
            return NULL;
        }
        list[count++] = arena_str(arena, name).at;
    }
    return list;
}

static bool fail(char *ret_error, size_t error_bytes, const char *what)
{
    (void)snprintf(ret_error, error_bytes, "%s", what);
    return false;
}

bool sign_on_configure(const struct config *config, struct arena *arena,
                       const struct clock_source *clock, const struct log *log,
                       struct provider **ret_provider, char *ret_error, size_t error_bytes)
{
    const char *origin = config_text(config, OPTION_PUBLIC_ORIGIN);
    const char *ca_file = config_text(config, OPTION_OIDC_CA_FILE);
    long workers = config_number(config, OPTION_WORKERS);
    struct provider_settings settings = {
        .issuer = config_text(config, OPTION_OIDC_ISSUER),
        .client_id = config_text(config, OPTION_OIDC_CLIENT_ID),
        .client_secret = config_text(config, OPTION_OIDC_CLIENT_SECRET),
        .redirect_uri = arena_printf(arena, "%s/api/v1/session/oidc/callback", origin),
        .signed_out_uri = arena_printf(arena, "%s/dang-nhap", origin),
        .scope = config_text(config, OPTION_OIDC_SCOPE),
        .hosts = names(arena, config_text(config, OPTION_OIDC_HOSTS)),
        .ca_file = ca_file[0] == '\0' ? NULL : ca_file,
        .trusted_acr = names(arena, config_text(config, OPTION_OIDC_TRUSTED_ACR)),
        .trusted_amr = names(arena, config_text(config, OPTION_OIDC_TRUSTED_AMR)),
        /* A provider that does not answer must not hold all workers. */
        .calls_max = workers > WORKERS_PER_CALL ? (int)(workers / WORKERS_PER_CALL) : 1,
        .clock = clock,
        .log = log,
    };

    *ret_provider = NULL;
    if (settings.issuer[0] == '\0') {
        return true;
    }
    if (origin[0] == '\0') {
        return fail(ret_error, error_bytes, "oidc_issuer needs public_origin");
    }
    if (settings.client_id[0] == '\0') {
        return fail(ret_error, error_bytes, "oidc_issuer needs oidc_client_id");
    }
    if (settings.hosts == NULL || settings.trusted_acr == NULL || settings.trusted_amr == NULL) {
        return fail(ret_error, error_bytes, "an oidc_ option has too many names");
    }
    if (!fetch_begin()) {
        return fail(ret_error, error_bytes, "libcurl cannot be started");
    }
    *ret_provider = provider_new(&settings, ret_error, error_bytes);
    return *ret_provider != NULL;
}
