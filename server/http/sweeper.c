#include "http/sweeper.h"

#include <stddef.h>
#include <sys/socket.h>
#include <time.h>

#include "base/limits.h"

enum {
    /* A page must also reach a commune behind a slow line. */
    SEND_MS = 10000,
    SEND_MS_PER_MIB = 30000,
};

static const struct {
    const char *name;
    int64_t ms; /* 0: no deadline */
    int64_t ms_per_mib;
} PHASES[SWEEP_PHASE_COUNT] = {
    [SWEEP_NEW] = {"new", LIMIT_HEADER_MS, 0},
    [SWEEP_HEADERS] = {"headers", LIMIT_HEADER_MS, 0},
    [SWEEP_BODY] = {"body", LIMIT_BODY_MS, LIMIT_BODY_MS_PER_MIB},
    [SWEEP_RUN] = {"run", 0, 0},
    [SWEEP_SEND] = {"send", SEND_MS, SEND_MS_PER_MIB},
    [SWEEP_IDLE] = {"idle", LIMIT_IDLE_MS, 0},
};

const char *sweep_phase_name(enum sweep_phase phase)
{
    return (unsigned)phase < SWEEP_PHASE_COUNT ? PHASES[phase].name : "";
}

void sweeper_init(struct sweeper *sweeper, const struct clock_source *clock,
                  void (*tick)(void *context), void *tick_context)
{
    pthread_condattr_t attributes;

    *sweeper = (struct sweeper){.clock = clock, .tick = tick, .tick_context = tick_context};
    (void)pthread_mutex_init(&sweeper->mutex, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&sweeper->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

void sweeper_done(struct sweeper *sweeper)
{
    (void)pthread_cond_destroy(&sweeper->wake);
    (void)pthread_mutex_destroy(&sweeper->mutex);
}

static void sweep(struct sweeper *sweeper)
{
    int64_t now = clock_monotonic_ms(sweeper->clock);

    for (struct sweep_entry *entry = sweeper->first; entry != NULL; entry = entry->next) {
        int phase = atomic_load_explicit(&entry->phase, memory_order_relaxed);
        int64_t deadline = atomic_load_explicit(&entry->deadline_ms, memory_order_relaxed);
        bool idle = phase == SWEEP_IDLE || phase == SWEEP_NEW;
        if (entry->cut) {
            continue;
        }
        if (sweeper->idle_unwanted && idle) {
            /* Reading only: a request that has already arrived is still read and answered. */
            (void)shutdown(entry->fd, SHUT_RD);
        } else if (now > deadline && !sweeper->disabled) {
            (void)shutdown(entry->fd, SHUT_RDWR);
            entry->cut = true;
            atomic_fetch_add_explicit(&sweeper->cut[phase], 1, memory_order_relaxed);
        }
    }
}

static void *run(void *context)
{
    struct sweeper *sweeper = context;

    (void)pthread_mutex_lock(&sweeper->mutex);
    while (!sweeper->stopping) {
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)LIMIT_SWEEP_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec += 1;
        }
        (void)pthread_cond_timedwait(&sweeper->wake, &sweeper->mutex, &until);
        sweep(sweeper);
        (void)pthread_mutex_unlock(&sweeper->mutex);
        if (sweeper->tick != NULL) {
            sweeper->tick(sweeper->tick_context);
        }
        (void)pthread_mutex_lock(&sweeper->mutex);
    }
    (void)pthread_mutex_unlock(&sweeper->mutex);
    return NULL;
}

bool sweeper_start(struct sweeper *sweeper)
{
    sweeper->running = pthread_create(&sweeper->thread, NULL, run, sweeper) == 0;
    return sweeper->running;
}

void sweeper_stop(struct sweeper *sweeper)
{
    (void)pthread_mutex_lock(&sweeper->mutex);
    sweeper->stopping = true;
    (void)pthread_cond_signal(&sweeper->wake);
    (void)pthread_mutex_unlock(&sweeper->mutex);
    if (sweeper->running) {
        (void)pthread_join(sweeper->thread, NULL);
        sweeper->running = false;
    }
}

void sweeper_phase(const struct sweeper *sweeper, struct sweep_entry *entry, enum sweep_phase phase,
                   uint64_t body_bytes)
{
    int64_t deadline = INT64_MAX;

    if (PHASES[phase].ms > 0) {
        int64_t mib = (int64_t)(body_bytes / MIB) + (body_bytes % MIB > 0 ? 1 : 0);
        deadline =
            clock_monotonic_ms(sweeper->clock) + PHASES[phase].ms + mib * PHASES[phase].ms_per_mib;
    }
    atomic_store_explicit(&entry->deadline_ms, deadline, memory_order_relaxed);
    atomic_store_explicit(&entry->phase, (int)phase, memory_order_relaxed);
}

void sweeper_add(struct sweeper *sweeper, struct sweep_entry *entry, int fd)
{
    entry->fd = fd;
    entry->cut = false;
    sweeper_phase(sweeper, entry, SWEEP_NEW, 0);
    (void)pthread_mutex_lock(&sweeper->mutex);
    entry->previous = NULL;
    entry->next = sweeper->first;
    if (sweeper->first != NULL) {
        sweeper->first->previous = entry;
    }
    sweeper->first = entry;
    sweeper->count++;
    (void)pthread_mutex_unlock(&sweeper->mutex);
}

void sweeper_remove(struct sweeper *sweeper, struct sweep_entry *entry)
{
    (void)pthread_mutex_lock(&sweeper->mutex);
    if (entry->previous != NULL) {
        entry->previous->next = entry->next;
    } else {
        sweeper->first = entry->next;
    }
    if (entry->next != NULL) {
        entry->next->previous = entry->previous;
    }
    sweeper->count--;
    (void)pthread_mutex_unlock(&sweeper->mutex);
}

void sweeper_close_idle(struct sweeper *sweeper)
{
    (void)pthread_mutex_lock(&sweeper->mutex);
    sweeper->idle_unwanted = true;
    (void)pthread_cond_signal(&sweeper->wake);
    (void)pthread_mutex_unlock(&sweeper->mutex);
}

int sweeper_count(struct sweeper *sweeper)
{
    (void)pthread_mutex_lock(&sweeper->mutex);
    int count = sweeper->count;
    (void)pthread_mutex_unlock(&sweeper->mutex);
    return count;
}
