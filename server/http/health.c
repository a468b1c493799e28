#include "http/health.h"

#include <time.h>

static bool ask(struct db *db)
{
    struct arena arena;
    struct rows rows;
    arena_init(&arena, 0);
    const struct db_parameters none = {.count = 0};
    const struct db_request request = {.arena = &arena};
    bool up = false;

    if (db_request_begin(db, &request) == FAULT_NONE) {
        if (db_query_text(db, "SELECT 1", &none, &rows) == FAULT_NONE) {
            rows_done(&rows);
            up = true;
        }
        db_request_end(db);
    }
    arena_done(&arena);
    return up;
}

static void *run(void *context)
{
    struct health *health = context;
    struct db *db = db_open(&health->db);

    (void)pthread_mutex_lock(&health->mutex);
    while (!health->stopping) {
        (void)pthread_mutex_unlock(&health->mutex);
        atomic_store(&health->database_is_up, ask(db));
        (void)pthread_mutex_lock(&health->mutex);
        if (!health->stopping) {
            struct timespec until;
            (void)clock_gettime(CLOCK_MONOTONIC, &until);
            until.tv_sec += 1;
            (void)pthread_cond_timedwait(&health->wake, &health->mutex, &until);
        }
    }
    (void)pthread_mutex_unlock(&health->mutex);
    db_close(db);
    return NULL;
}

bool health_start(struct health *health, const struct db_settings *db)
{
    pthread_condattr_t attributes;

    *health = (struct health){.db = *db};
    (void)pthread_mutex_init(&health->mutex, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&health->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    health->running = pthread_create(&health->thread, NULL, run, health) == 0;
    return health->running;
}

bool health_database_is_up(const struct health *health)
{
    return atomic_load(&health->database_is_up);
}

void health_stop(struct health *health)
{
    (void)pthread_mutex_lock(&health->mutex);
    health->stopping = true;
    (void)pthread_cond_signal(&health->wake);
    (void)pthread_mutex_unlock(&health->mutex);
    if (health->running) {
        (void)pthread_join(health->thread, NULL);
        health->running = false;
    }
    (void)pthread_cond_destroy(&health->wake);
    (void)pthread_mutex_destroy(&health->mutex);
}
