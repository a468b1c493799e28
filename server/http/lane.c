#include "http/lane.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORKERS_MIN = 2 };

struct lane_queue {
    struct lane_job *first;
    struct lane_job *last;
    size_t length;
};

struct lanes {
    struct lanes_settings settings;
    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t wake;
    struct lane_queue work;
    struct lane_queue heavy;
    int running;
    int running_heavy;
    int heavy_max; /* constant after the start */
    bool stopping;
    uint64_t refused;
    uint64_t expired;
    int threads_count;
    pthread_t *threads; /* owned; written before the threads are seen by anyone else */
};

static void queue_append(struct lane_queue *queue, struct lane_job *job)
{
    job->next = NULL;
    if (queue->last == NULL) {
        queue->first = job;
    } else {
        queue->last->next = job;
    }
    queue->last = job;
    queue->length++;
}

static struct lane_job *queue_take(struct lane_queue *queue)
{
    struct lane_job *job = queue->first;

    if (job != NULL) {
        queue->first = job->next;
        if (queue->first == NULL) {
            queue->last = NULL;
        }
        queue->length--;
    }
    return job;
}

/* Never more than half of the workers; and half of the processors at most, because a heavy job is a
 * busy backend: with all of them taken, quick reads would wait for the scheduler. */
static int heavy_limit(int workers)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int limit = processors > 3 ? (int)(processors / 2) : 1;

    return limit < workers / 2 ? limit : workers / 2;
}

/* Under the lock. WORK first; HEAVY within its limit. */
static struct lane_job *take(struct lanes *lanes)
{
    struct lane_job *job = queue_take(&lanes->work);

    if (job == NULL && lanes->running_heavy < lanes->heavy_max) {
        job = queue_take(&lanes->heavy);
    }
    if (job != NULL) {
        lanes->running++;
        lanes->running_heavy += job->heavy ? 1 : 0;
    }
    return job;
}

static bool is_stale(const struct lanes *lanes, const struct lane_job *job)
{
    int64_t age = clock_monotonic_ms(lanes->settings.clock) - job->queued_ms;

    return age > lanes->settings.queue_age_ms;
}

static void *worker(void *context)
{
    struct lanes *lanes = context;
    struct db *db = db_open(&lanes->settings.db);

    (void)pthread_mutex_lock(&lanes->mutex);
    for (;;) {
        struct lane_job *job = take(lanes);
        if (job == NULL) {
            /* A heavy job that waits for its turn is taken by the worker whose heavy job ends. */
            if (lanes->stopping) {
                break;
            }
            (void)pthread_cond_wait(&lanes->wake, &lanes->mutex);
            continue;
        }
        bool heavy = job->heavy;
        bool stale = is_stale(lanes, job);
        lanes->expired += stale ? 1 : 0;
        (void)pthread_mutex_unlock(&lanes->mutex);
        if (stale) {
            lanes->settings.give_up(job);
        } else {
            lanes->settings.run(job, db);
        }
        lanes->settings.release(job);
        (void)pthread_mutex_lock(&lanes->mutex);
        lanes->running--;
        lanes->running_heavy -= heavy ? 1 : 0;
    }
    (void)pthread_mutex_unlock(&lanes->mutex);
    db_close(db);
    return NULL;
}

struct lanes *lanes_start(const struct lanes_settings *settings)
{
    struct lanes *lanes = calloc(1, sizeof *lanes);

    if (lanes == NULL) {
        abort();
    }
    lanes->settings = *settings;
    if (lanes->settings.workers < WORKERS_MIN) {
        lanes->settings.workers = WORKERS_MIN;
    }
    lanes->heavy_max = heavy_limit(lanes->settings.workers);
    lanes->threads = calloc((size_t)lanes->settings.workers, sizeof *lanes->threads);
    if (lanes->threads == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&lanes->mutex, NULL);
    (void)pthread_cond_init(&lanes->wake, NULL);
    for (int i = 0; i < lanes->settings.workers; i++) {
        if (pthread_create(&lanes->threads[i], NULL, worker, lanes) != 0) {
            lanes_stop(lanes);
            lanes_free(lanes);
            return NULL;
        }
        lanes->threads_count++;
    }
    return lanes;
}

enum fault lanes_push(struct lanes *lanes, struct lane_job *job)
{
    enum fault fault = FAULT_NONE;
    struct lane_queue *queue = job->heavy ? &lanes->heavy : &lanes->work;
    size_t longest = job->heavy ? lanes->settings.queue_length / 2 : lanes->settings.queue_length;

    job->queued_ms = clock_monotonic_ms(lanes->settings.clock);
    (void)pthread_mutex_lock(&lanes->mutex);
    if (lanes->stopping) {
        fault = FAULT_STOPPING;
    } else if (queue->length >= longest) {
        fault = FAULT_BUSY;
        lanes->refused++;
    } else {
        lanes->settings.hold(job);
        queue_append(queue, job);
        (void)pthread_cond_signal(&lanes->wake);
    }
    (void)pthread_mutex_unlock(&lanes->mutex);
    return fault;
}

static struct lane_job *take_stale(struct lanes *lanes, struct lane_queue *queue)
{
    struct lane_job *job = NULL;

    (void)pthread_mutex_lock(&lanes->mutex);
    if (queue->first != NULL && is_stale(lanes, queue->first)) {
        job = queue_take(queue);
        lanes->expired++;
    }
    (void)pthread_mutex_unlock(&lanes->mutex);
    return job;
}

void lanes_expire(struct lanes *lanes)
{
    struct lane_queue *const queues[] = {&lanes->work, &lanes->heavy};

    for (size_t i = 0; i < COUNT_OF(queues); i++) {
        struct lane_job *job = take_stale(lanes, queues[i]);
        while (job != NULL) {
            lanes->settings.give_up(job);
            lanes->settings.release(job);
            job = take_stale(lanes, queues[i]);
        }
    }
}

void lanes_stop(struct lanes *lanes)
{
    (void)pthread_mutex_lock(&lanes->mutex);
    lanes->stopping = true;
    (void)pthread_cond_broadcast(&lanes->wake);
    (void)pthread_mutex_unlock(&lanes->mutex);
    for (int i = 0; i < lanes->threads_count; i++) {
        (void)pthread_join(lanes->threads[i], NULL);
    }
    lanes->threads_count = 0;
}

void lanes_free(struct lanes *lanes)
{
    if (lanes != NULL) {
        (void)pthread_cond_destroy(&lanes->wake);
        (void)pthread_mutex_destroy(&lanes->mutex);
        free(lanes->threads);
        free(lanes);
    }
}

struct lanes_state lanes_state(struct lanes *lanes)
{
    (void)pthread_mutex_lock(&lanes->mutex);
    struct lanes_state state = {
        .queued_work = lanes->work.length,
        .queued_heavy = lanes->heavy.length,
        .running = lanes->running,
        .running_heavy = lanes->running_heavy,
        .refused = lanes->refused,
        .expired = lanes->expired,
    };
    (void)pthread_mutex_unlock(&lanes->mutex);
    return state;
}
