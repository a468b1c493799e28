/* The identity provider as the configuration names it. */
#pragma once

#include "base/arena.h"
#include "base/log.h"
#include "config.h"

struct provider;

/* True with *ret_provider NULL when single sign-on is off. False with a sentence in ret_error. The
 * provider borrows from the configuration, the arena, the clock and the log. */
bool sign_on_configure(const struct config *config, struct arena *arena,
                       const struct clock_source *clock, const struct log *log,
                       struct provider **ret_provider, char *ret_error, size_t error_bytes)
    MUST_USE;
