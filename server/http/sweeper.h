/* Cuts connections that are overdue: the library's own timeout counts inactivity only, so one byte
 * a second would hold a connection for ever (CWE-400). Each connection has a phase with a deadline;
 * a thread looks every LIMIT_SWEEP_MS and shuts overdue sockets down, after which the library
 * closes them. Entries are removed under the same mutex before the descriptor can be reused. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum sweep_phase {
    SWEEP_NEW,     /* accepted: LIMIT_HEADER_MS until the end of the headers */
    SWEEP_HEADERS, /* request line seen on a kept connection: LIMIT_HEADER_MS */
    SWEEP_BODY,    /* LIMIT_BODY_MS plus LIMIT_BODY_MS_PER_MIB */
    SWEEP_RUN,     /* ours to answer: no deadline, lanes and statements have their own */
    SWEEP_SEND,    /* the client reads: SEND_MS plus SEND_MS_PER_MIB */
    SWEEP_IDLE,    /* between requests: LIMIT_IDLE_MS */
    SWEEP_PHASE_COUNT,
};

struct sweep_entry {
    struct sweep_entry *next;
    struct sweep_entry *previous;
    int fd;
    _Atomic int phase;
    _Atomic int64_t deadline_ms; /* INT64_MAX: none */
    bool cut;                    /* by the sweeper, under its mutex */
};

struct sweeper {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct sweep_entry *first;
    int count;
    bool stopping;
    bool idle_unwanted; /* idle connections are cut at the next look */
    bool disabled;      /* test control: looks, but never cuts */
    bool running;
    pthread_t thread;
    const struct clock_source *clock;
    void (*tick)(void *context); /* called every LIMIT_SWEEP_MS from the thread */
    void *tick_context;
    _Atomic uint64_t cut[SWEEP_PHASE_COUNT];
};

void sweeper_init(struct sweeper *sweeper, const struct clock_source *clock,
                  void (*tick)(void *context), void *tick_context);
bool sweeper_start(struct sweeper *sweeper) MUST_USE;
/* Joins the thread. */
void sweeper_stop(struct sweeper *sweeper);
void sweeper_done(struct sweeper *sweeper);

void sweeper_add(struct sweeper *sweeper, struct sweep_entry *entry, int fd);
void sweeper_remove(struct sweeper *sweeper, struct sweep_entry *entry);
/* Lock-free. body_bytes: of the body to come or to send; 0 when unknown. */
void sweeper_phase(const struct sweeper *sweeper, struct sweep_entry *entry, enum sweep_phase phase,
                   uint64_t body_bytes);
/* From now on connections without a request are closed. */
void sweeper_close_idle(struct sweeper *sweeper);
int sweeper_count(struct sweeper *sweeper);
const char *sweep_phase_name(enum sweep_phase phase);
