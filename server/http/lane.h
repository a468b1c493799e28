/* The lanes that leave the event thread: WORK and HEAVY, and in a set of their own HASH. Two queues
 * bounded in length and age and a set of workers, each with its own database connection. HEAVY never
 * holds more than half of the workers. Knows nothing of HTTP: four functions connect it to the daemon.
 *
 * Order of events, each of which matters: hold() is called under the queue lock before the job can
 * be seen by a worker; release() is called without the lock, exactly once, as the last touch of the
 * job. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/fault.h"
#include "db/connection.h"

struct lanes;

struct lane_job {
    struct lane_job *next;
    int64_t queued_ms;
    bool heavy;
};

struct lanes_settings {
    int workers;          /* at least 2 */
    size_t queue_length;  /* of WORK; HEAVY has half */
    int64_t queue_age_ms; /* older jobs are given up */
    struct db_settings db;
    const struct clock_source *clock;
    void (*hold)(struct lane_job *job);               /* suspend the connection */
    void (*run)(struct lane_job *job, struct db *db); /* on a worker */
    void (*give_up)(struct lane_job *job);            /* waited too long: answer BUSY */
    void (*release)(struct lane_job *job);            /* resume the connection */
};

struct lanes_state {
    size_t queued_work;
    size_t queued_heavy;
    int running;
    int running_heavy;
    uint64_t refused; /* queue full */
    uint64_t expired; /* too old */
};

/* NULL when no thread can be had. */
struct lanes *lanes_start(const struct lanes_settings *settings);
/* BUSY when the queue is full, STOPPING after lanes_stop; then nothing was held. After NONE the
 * caller must not touch the job again. */
enum fault lanes_push(struct lanes *lanes, struct lane_job *job) MUST_USE;
/* Gives up what is too old even if every worker is busy. */
void lanes_expire(struct lanes *lanes);
/* Refuses new jobs, lets the workers finish the queued ones and joins them. */
void lanes_stop(struct lanes *lanes);
void lanes_free(struct lanes *lanes);
struct lanes_state lanes_state(struct lanes *lanes);
