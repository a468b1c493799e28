/* One question to a server outside, over HTTPS: the only way out of this program besides the
 * database. It goes to hosts that the configuration names and nowhere else, follows no redirect,
 * keeps no cookie, heeds no proxy variable, and is bounded in time and size. Blocks: only workers
 * may call it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/macros.h"

/* Hosts as in addresses: "name" or "name:port", compared without regard to case; NULL-terminated. */
struct fetch_policy {
    const char *const *hosts;
    const char *ca_file; /* further authorities for TLS, or NULL: the system's */
    const struct clock_source *clock;
};

enum fetch_outcome {
    FETCH_DONE, /* any status but a redirect */
    FETCH_FORBIDDEN,
    FETCH_UNREACHABLE,
    FETCH_TOO_SLOW,
    FETCH_TOO_LARGE,
    FETCH_REDIRECTED,
};

struct fetch_request {
    const char *url;
    const char *form;          /* POST of application/x-www-form-urlencoded, or NULL: GET */
    const char *authorization; /* value of the header, or NULL */
    int64_t deadline_ms;       /* monotonic; LIMIT_PROVIDER_MS from now at most */
};

struct fetch_answer {
    int status;
    struct str body; /* in the arena */
};

/* Once for the process, before any thread. */
bool fetch_begin(void) MUST_USE;
void fetch_end(void);

/* https, or http on a loopback address; one of the hosts; no user, password or fragment. */
bool fetch_allowed(const struct fetch_policy *policy, const char *url);
/* "name" or "name:port" of an address, or NULL when it is none. */
const char *fetch_host(struct arena *arena, const char *url);

enum fetch_outcome fetch_run(const struct fetch_policy *policy, const struct fetch_request *request,
                             struct arena *arena, struct fetch_answer *ret_answer) MUST_USE;
const char *fetch_outcome_code(enum fetch_outcome outcome);

/* application/x-www-form-urlencoded of one value. */
const char *fetch_escape(struct arena *arena, const char *text);
