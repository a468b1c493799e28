/* The owner's connection, as the commands on the database share it. */
#pragma once

#include <stdbool.h>

#include "base/clock.h"
#include "base/log.h"
#include "config.h"
#include "db/connection.h"

struct owner {
    const struct config *config;
    struct clock_source clock;
    struct log log;
    struct db *db;
};

/* False after saying why on standard error. owner_close in every case. */
bool owner_open(const struct config *config, struct owner *owner) MUST_USE;
void owner_close(struct owner *owner);
