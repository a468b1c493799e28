#include "http/core.h"

#include <string.h>

static bool host_add(struct http_core *core, const char *name, int port)
{
    if (core->guard.host_count == CORE_NAMES_MAX) {
        return false;
    }

    const char *host = port > 0 ? arena_printf(&core->names, "%s:%d", name, port) : name;
    core->hosts[core->guard.host_count] = host;
    core->guard.host_count++;
    if (core->settings.public_origin != NULL) {
        return true;
    }
    /* Without a public origin each host is one of its own. */
    core->origins[core->guard.origin_count] = arena_printf(&core->names, "http://%s", host);
    core->guard.origin_count++;
    return true;
}

bool core_set_names(struct http_core *core, int port)
{
    static const char *const LOOPBACK[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *origin = core->settings.public_origin;
    bool ok = true;

    core->guard.hosts = core->hosts;
    core->guard.origins = core->origins;
    if (origin != NULL) {
        core->secure = strncmp(origin, "https://", 8) == 0;
        size_t scheme = core->secure ? 8 : 7;
        if ((!core->secure && strncmp(origin, "http://", 7) != 0) || origin[scheme] == '\0' ||
            strchr(origin + scheme, '/') != NULL) {
            return false;
        }
        core->origins[0] = origin;
        core->guard.origin_count = 1;
        ok = host_add(core, origin + scheme, 0);
    }
    core->guard.secure = core->secure;
    core->guard.session_cookie = core->secure ? "__Host-sid" : "sid";
    core->guard.sign_on_cookie = core->secure ? "__Host-oidc" : "oidc";
    core->guard.device_cookie = core->secure ? "__Host-device" : "device";

    const char *const *further = core->settings.allowed_hosts;
    for (size_t i = 0; ok && further != NULL && further[i] != NULL; i++) {
        ok = host_add(core, further[i], 0);
    }
    for (size_t i = 0; ok && i < COUNT_OF(LOOPBACK); i++) {
        ok = host_add(core, LOOPBACK[i], port);
        /* A client leaves the default port out. */
        ok = ok && (port != 80 || host_add(core, LOOPBACK[i], 0));
    }
    return ok;
}
