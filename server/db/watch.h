/* Hears of changes that other processes commit (NOTIFY capdo), on a thread and connection of its
 * own, and tells whether it can hear at all. */
#pragma once

#include <stdbool.h>

#include "base/log.h"

struct watch;

struct watch_settings {
    const char *url; /* borrowed */
    const struct log *log;
    void *context;
    /* Called on the watch's thread. what: "data" or "access". */
    void (*on_change)(void *context, const char *what);
    void (*on_listening)(void *context, bool listening);
};

/* NULL when no thread can be made. */
struct watch *watch_start(const struct watch_settings *settings);
void watch_stop(struct watch *watch);
