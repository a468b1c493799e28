/* Knows whether the database answers, without asking it on behalf of a request: a thread with its
 * own connection asks every second. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "db/connection.h"

struct health {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping;
    bool running;
    pthread_t thread;
    struct db_settings db;
    _Atomic bool database_is_up;
};

bool health_start(struct health *health, const struct db_settings *db) MUST_USE;
bool health_database_is_up(const struct health *health);
/* Joins the thread. Only after a health_start that succeeded or failed. */
void health_stop(struct health *health);
