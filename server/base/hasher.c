#include "base/hasher.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/kept_memory.h"
#include "base/limits.h"
#include "base/password_hash.h"

/* One comparison. Belongs to the caller, or once it is abandoned to the thread that took it. */
struct comparison {
    struct comparison *next;
    const char *hash;
    const char *password;
    bool taken, done, abandoned, fits;
    char texts[]; /* both, copied: the caller may be gone before the thread */
};

struct hasher {
    struct hasher_settings settings;
    pthread_mutex_t mutex;
    pthread_cond_t wake; /* for threads */
    pthread_cond_t done; /* for callers */
    struct comparison *first;
    bool stopping;
    int running;
    pthread_t threads[];
};

static struct timespec after_ms(int ms)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static struct comparison *comparison_new(const char *hash, const char *password)
{
    size_t hash_bytes = strlen(hash) + 1;
    size_t password_bytes = strlen(password) + 1;
    struct comparison *one = calloc(1, sizeof(*one) + hash_bytes + password_bytes);

    if (one == NULL) {
        abort();
    }
    memcpy(one->texts, hash, hash_bytes);
    memcpy(one->texts + hash_bytes, password, password_bytes);
    one->hash = one->texts;
    one->password = one->texts + hash_bytes;
    return one;
}

static void comparison_free(struct comparison *one)
{
    sodium_memzero(one->texts, strlen(one->hash) + strlen(one->password) + 2);
    free(one);
}

static void append(struct hasher *hasher, struct comparison *one)
{
    struct comparison **end = &hasher->first;

    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = one;
}

static void take_out(struct hasher *hasher, const struct comparison *one)
{
    struct comparison **at = &hasher->first;

    while (*at != one) {
        at = &(*at)->next;
    }
    *at = one->next;
}

/* The next comparison, or NULL when the threads stop. A block that nobody needed for a while goes back. */
static struct comparison *wait_for_work(struct hasher *hasher, struct kept_memory *memory)
{
    while (hasher->first == NULL && !hasher->stopping) {
        if (memory->at == NULL) {
            (void)pthread_cond_wait(&hasher->wake, &hasher->mutex);
            continue;
        }
        struct timespec until = after_ms(LIMIT_PASSWORD_KEEP_MS);
        if (pthread_cond_timedwait(&hasher->wake, &hasher->mutex, &until) != 0 &&
            hasher->first == NULL) {
            kept_memory_release(memory);
        }
    }
    struct comparison *one = hasher->first;
    if (one != NULL) {
        hasher->first = one->next;
        one->taken = true;
    }
    return one;
}

static void *compare(void *context)
{
    struct hasher *hasher = context;
    struct kept_memory memory = {0};
    struct sched_param none = {0};
    struct comparison *one = NULL;

    /* Without it the work is done all the same. */
    (void)sched_setscheduler(0, SCHED_IDLE, &none);
    (void)pthread_mutex_lock(&hasher->mutex);
    while ((one = wait_for_work(hasher, &memory)) != NULL) {
        (void)pthread_mutex_unlock(&hasher->mutex);
        kept_memory_borrow(&memory);
        bool fits = password_hash_fits(one->hash, one->password);
        kept_memory_return();
        (void)pthread_mutex_lock(&hasher->mutex);
        if (one->abandoned) {
            comparison_free(one);
            continue;
        }
        one->fits = fits;
        one->done = true;
        (void)pthread_cond_broadcast(&hasher->done);
    }
    (void)pthread_mutex_unlock(&hasher->mutex);
    kept_memory_release(&memory);
    return NULL;
}

static void init_locks(struct hasher *hasher)
{
    pthread_condattr_t monotonic;

    (void)pthread_mutex_init(&hasher->mutex, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&hasher->wake, &monotonic);
    (void)pthread_cond_init(&hasher->done, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

struct hasher *hasher_start(const struct hasher_settings *settings)
{
    struct hasher *hasher =
        calloc(1, sizeof(*hasher) + (size_t)settings->threads * sizeof(pthread_t));

    if (hasher == NULL) {
        abort();
    }
    hasher->settings = *settings;
    init_locks(hasher);
    while (hasher->running < settings->threads) {
        if (pthread_create(&hasher->threads[hasher->running], NULL, compare, hasher) != 0) {
            hasher_stop(hasher);
            return NULL;
        }
        hasher->running++;
    }
    return hasher;
}

bool hasher_fits(struct hasher *hasher, const char *hash, const char *password)
{
    if (hasher == NULL) {
        return password_hash_fits(hash, password);
    }
    struct comparison *one = comparison_new(hash, password);
    struct timespec until = after_ms(hasher->settings.patience_ms);

    (void)pthread_mutex_lock(&hasher->mutex);
    append(hasher, one);
    (void)pthread_cond_signal(&hasher->wake);
    while (!one->done && pthread_cond_timedwait(&hasher->done, &hasher->mutex, &until) == 0) {
    }
    bool done = one->done;
    bool fits = one->fits;
    if (!done && !one->taken) {
        take_out(hasher, one);
    }
    bool mine = done || !one->taken;
    one->abandoned = true;
    (void)pthread_mutex_unlock(&hasher->mutex);
    if (mine) {
        comparison_free(one);
    }
    return done ? fits : password_hash_fits(hash, password);
}

void hasher_stop(struct hasher *hasher)
{
    if (hasher == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&hasher->mutex);
    hasher->stopping = true;
    (void)pthread_cond_broadcast(&hasher->wake);
    (void)pthread_mutex_unlock(&hasher->mutex);
    for (int i = 0; i < hasher->running; i++) {
        (void)pthread_join(hasher->threads[i], NULL);
    }
    (void)pthread_cond_destroy(&hasher->done);
    (void)pthread_cond_destroy(&hasher->wake);
    (void)pthread_mutex_destroy(&hasher->mutex);
    free(hasher);
}
