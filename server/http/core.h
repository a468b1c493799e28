/* What all requests share. Made by daemon.c before the first connection, constant afterwards except
 * for the atomics and what has its own lock. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "http/guard.h"
#include "http/health.h"
#include "http/http.h"
#include "http/lane.h"
#include "http/metrics.h"
#include "http/quick.h"
#include "http/router.h"
#include "http/static_site.h"
#include "http/sweeper.h"

enum { CORE_NAMES_MAX = 32 };

struct http_core {
    struct http_settings settings;
    struct guard_policy guard;
    const char *hosts[CORE_NAMES_MAX]; /* in names or the settings */
    const char *origins[CORE_NAMES_MAX];
    struct arena names;
    bool secure; /* the public origin is https */
    struct router *router;
    struct metrics *metrics;
    struct site *site;
    struct quick *quick;
    struct lanes *lanes;
    struct lanes *hashes; /* the lane HASH */
    struct sweeper sweeper;
    struct health health;
    _Atomic bool stopping;
#ifdef CAPDO_TEST_HOOKS
    bool guard_off; /* control of the raw request corpus */
#endif
};

/* Fills guard, hosts and origins from the settings; port: the one listened on, 0 for none. False
 * when there are too many names or the public origin is not an origin. */
bool core_set_names(struct http_core *core, int port) MUST_USE;
