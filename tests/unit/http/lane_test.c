/* The gate for password hashes, and the lanes WORK and HEAVY: the same code with other numbers. Jobs
 * of the test stand at a barrier until they are let go, so nothing depends on how fast threads are. */
#include "http/lane.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"

TestSuite(lane, .timeout = 30);

enum { JOBS = 64, LONG_MS = 2000 };

enum state { NEW, HELD, RUNNING, RUN, GIVEN_UP, RELEASED_RUN, RELEASED_GIVEN_UP };

struct job {
    struct lane_job lane; /* first */
    enum state state;
    bool free_to_end;
    int number;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct job jobs[JOBS];
static int started[JOBS]; /* numbers, in order */
static int started_count;
static int running;
static int running_most;
static _Atomic int64_t now_ms = 1000;

static int64_t test_now(void *context)
{
    (void)context;
    return atomic_load(&now_ms);
}

static struct clock_source test_clock;
static struct log test_log;

static void hold(struct lane_job *lane)
{
    struct job *job = (struct job *)lane;

    /* Under the lock of the queue: no worker has seen it. */
    pthread_mutex_lock(&mutex);
    cr_assert_eq(job->state, NEW);
    job->state = HELD;
    pthread_mutex_unlock(&mutex);
}

static void run(struct lane_job *lane, struct db *db)
{
    struct job *job = (struct job *)lane;

    (void)db;
    pthread_mutex_lock(&mutex);
    cr_assert_eq(job->state, HELD);
    job->state = RUNNING;
    started[started_count++] = job->number;
    running++;
    running_most = running > running_most ? running : running_most;
    pthread_cond_broadcast(&changed);
    while (!job->free_to_end) {
        pthread_cond_wait(&changed, &mutex);
    }
    running--;
    job->state = RUN;
    pthread_mutex_unlock(&mutex);
}

static void give_up(struct lane_job *lane)
{
    struct job *job = (struct job *)lane;

    pthread_mutex_lock(&mutex);
    cr_assert_eq(job->state, HELD);
    job->state = GIVEN_UP;
    pthread_mutex_unlock(&mutex);
}

static void let_go(struct lane_job *lane)
{
    struct job *job = (struct job *)lane;

    pthread_mutex_lock(&mutex);
    cr_assert(job->state == RUN || job->state == GIVEN_UP, "released in state %d", job->state);
    job->state = job->state == RUN ? RELEASED_RUN : RELEASED_GIVEN_UP;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

/* As server/http/daemon.c starts the gate. */
static struct lanes *start(int workers, size_t queue_length)
{
    test_clock = clock_system();
    test_clock.monotonic_ms = test_now;
    test_log = (struct log){.clock = &test_clock, .level = LOG_ERROR, .format = LOG_JSON, .fd = -1};
    const struct lanes_settings settings = {
        .workers = workers,
        .queue_length = queue_length,
        .queue_age_ms = LONG_MS,
        .db = {.url = "host=/nowhere dbname=none",
               .purpose = DB_WORK,
               .clock = &test_clock,
               .log = &test_log},
        .clock = &test_clock,
        .hold = hold,
        .run = run,
        .give_up = give_up,
        .release = let_go,
    };
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = (struct job){.number = i};
    }
    struct lanes *lanes = lanes_start(&settings);
    cr_assert_not_null(lanes);
    return lanes;
}

static struct lanes *start_gate(void)
{
    return start(LIMIT_PASSWORD_HASHES, LIMIT_PASSWORD_QUEUE_LENGTH);
}

static void push(struct lanes *lanes, int number)
{
    cr_assert_eq(lanes_push(lanes, &jobs[number].lane), FAULT_NONE, "job %d", number);
}

static void free_to_end(int number)
{
    pthread_mutex_lock(&mutex);
    jobs[number].free_to_end = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void wait_for(int number, enum state state)
{
    pthread_mutex_lock(&mutex);
    while (jobs[number].state != state) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static enum state state_of(int number)
{
    pthread_mutex_lock(&mutex);
    enum state state = jobs[number].state;
    pthread_mutex_unlock(&mutex);
    return state;
}

/* Long enough for a worker that should not begin to begin. */
static void give_time(void)
{
    (void)usleep(150000);
}

static void end(struct lanes *lanes)
{
    for (int i = 0; i < JOBS; i++) {
        free_to_end(i);
    }
    lanes_stop(lanes);
    lanes_free(lanes);
}

Test(lane, two_hash_at_once_sixteen_wait_and_the_rest_are_sent_away)
{
    enum { FIT = LIMIT_PASSWORD_HASHES + LIMIT_PASSWORD_QUEUE_LENGTH };
    struct lanes *lanes = start_gate();

    for (int i = 0; i < LIMIT_PASSWORD_HASHES; i++) {
        push(lanes, i);
        wait_for(i, RUNNING);
    }
    for (int i = LIMIT_PASSWORD_HASHES; i < FIT; i++) {
        push(lanes, i);
    }
    give_time();
    for (int i = FIT; i < FIT + 3; i++) {
        cr_assert_eq(lanes_push(lanes, &jobs[i].lane), FAULT_BUSY);
        cr_assert_eq(state_of(i), NEW, "held though there was no room");
    }
    struct lanes_state state = lanes_state(lanes);
    cr_assert_eq(state.queued_work, LIMIT_PASSWORD_QUEUE_LENGTH);
    cr_assert_eq(state.running, LIMIT_PASSWORD_HASHES);
    cr_assert_eq(state.refused, 3);

    /* A place that becomes free is taken again. */
    free_to_end(0);
    wait_for(LIMIT_PASSWORD_HASHES, RUNNING);
    push(lanes, FIT);
    end(lanes);
    cr_assert_eq(running_most, LIMIT_PASSWORD_HASHES);
    for (int i = 0; i <= FIT; i++) {
        cr_assert_eq(state_of(i), RELEASED_RUN, "job %d: %d", i, state_of(i));
    }
}

Test(lane, sent_away_is_503)
{
    cr_assert_eq(fault_info(FAULT_BUSY)->status, 503);
    cr_assert_eq(fault_info(FAULT_STOPPING)->status, 503);
}

Test(lane, who_came_first_is_served_first)
{
    struct lanes *lanes = start_gate();

    /* One worker stays with the first job: the other serves alone. */
    push(lanes, 0);
    wait_for(0, RUNNING);
    push(lanes, 1);
    wait_for(1, RUNNING);
    for (int i = 2; i < 12; i++) {
        free_to_end(i);
        push(lanes, i);
    }
    free_to_end(1);
    wait_for(11, RELEASED_RUN);
    for (int i = 0; i < 12; i++) {
        cr_assert_eq(started[i], i);
    }
    end(lanes);
}

Test(lane, who_waited_too_long_is_sent_away_even_if_every_worker_is_busy)
{
    struct lanes *lanes = start_gate();

    for (int i = 0; i < LIMIT_PASSWORD_HASHES; i++) {
        push(lanes, i);
        wait_for(i, RUNNING);
    }
    push(lanes, 2);
    atomic_fetch_add(&now_ms, LONG_MS);
    push(lanes, 3);
    lanes_expire(lanes);
    cr_assert_eq(state_of(2), HELD, "as old as allowed");
    atomic_fetch_add(&now_ms, 1);
    lanes_expire(lanes);
    cr_assert_eq(state_of(2), RELEASED_GIVEN_UP);
    cr_assert_eq(state_of(3), HELD, "younger");
    cr_assert_eq(lanes_state(lanes).expired, 1);

    /* Nor does a worker begin what is too old. */
    atomic_fetch_add(&now_ms, LONG_MS + 1);
    free_to_end(0);
    wait_for(3, RELEASED_GIVEN_UP);
    cr_assert_eq(lanes_state(lanes).expired, 2);
    end(lanes);
    cr_assert_eq(started_count, LIMIT_PASSWORD_HASHES);
}

static void *stop(void *context)
{
    lanes_stop(context);
    return NULL;
}

Test(lane, a_stop_refuses_what_comes_and_ends_what_waits)
{
    struct lanes *lanes = start_gate();
    pthread_t stopper;

    for (int i = 0; i < 8; i++) {
        push(lanes, i);
    }
    wait_for(0, RUNNING);
    cr_assert_eq(pthread_create(&stopper, NULL, stop, lanes), 0);
    /* Until the stop is seen there is still room for these. */
    int refused = 8;
    while (lanes_push(lanes, &jobs[refused].lane) == FAULT_NONE) {
        cr_assert_lt(refused, LIMIT_PASSWORD_QUEUE_LENGTH, "never refused");
        refused++;
        (void)usleep(20000);
    }
    cr_assert_eq(lanes_push(lanes, &jobs[refused].lane), FAULT_STOPPING);
    cr_assert_eq(state_of(refused), NEW);
    for (int i = 0; i < JOBS; i++) {
        free_to_end(i);
    }
    cr_assert_eq(pthread_join(stopper, NULL), 0);
    for (int i = 0; i < refused; i++) {
        cr_assert_eq(state_of(i), RELEASED_RUN, "job %d: %d", i, state_of(i));
    }
    lanes_free(lanes);
}

Test(lane, heavy_jobs_leave_a_worker_to_the_others_and_half_of_the_queue)
{
    struct lanes *lanes = start(2, 4);

    for (int i = 0; i < 3; i++) {
        jobs[i].lane.heavy = true;
        push(lanes, i);
        if (i == 0) {
            wait_for(0, RUNNING);
        }
    }
    give_time();
    jobs[3].lane.heavy = true;
    cr_assert_eq(lanes_push(lanes, &jobs[3].lane), FAULT_BUSY, "half of four wait already");
    free_to_end(4);
    push(lanes, 4);
    wait_for(4, RELEASED_RUN);
    struct lanes_state state = lanes_state(lanes);
    cr_assert_eq(state.running_heavy, 1);
    cr_assert_eq(state.queued_heavy, 2);
    end(lanes);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(state_of(i), RELEASED_RUN);
    }
}
