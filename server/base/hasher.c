#include "base/hasher.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/kept_memory.h"
#include "base/limits.h"
#include "base/password_hash.h"

/* A thread that runs while nobody else computes must hold nothing that others wait for: it can be
 * stopped at any instruction for as long as the machine is busy. So nothing here is locked; a place is
 * handed over by its state alone, and the threads allocate nothing but what libsodium does. */
enum {
    PLACES = 16,
    BESIDE_BYTES = 64 * KIB, /* that libsodium may want beside the memory of the cost */
};

enum place_state {
    FREE,      /* nobody's */
    CLAIMED,   /* the caller's, who fills or empties it */
    READY,     /* for a thread to take, or for the caller to take back */
    TAKEN,     /* the thread's, and the caller waits */
    ABANDONED, /* the thread's; the caller has gone */
    DONE,      /* the caller's, with the answer */
};

struct place {
    _Atomic uint32_t state; /* the word on which the caller sleeps */
    bool fits;
    char hash[PASSWORD_HASH_BYTES];
    char password[LIMIT_PASSWORD_BYTES + 1];
};

struct hasher {
    struct hasher_settings settings;
    struct place places[PLACES];
    sem_t work; /* at least once for each place that is READY */
    atomic_bool stopping;
    int running;
    pthread_t threads[];
};

static bool moves(struct place *place, uint32_t from, uint32_t to)
{
    return atomic_compare_exchange_strong(&place->state, &from, to);
}

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

static void empty(struct place *place)
{
    sodium_memzero(place->password, sizeof(place->password));
    atomic_store(&place->state, FREE);
}

/* ---- threads ---- */

static struct place *take(struct hasher *hasher)
{
    for (int i = 0; i < PLACES; i++) {
        if (moves(&hasher->places[i], READY, TAKEN)) {
            return &hasher->places[i];
        }
    }
    return NULL;
}

static void *compare(void *context)
{
    struct hasher *hasher = context;
    struct kept_memory memory = {0};
    struct sched_param none = {0};

    kept_memory_prepare(&memory, PASSWORD_HASH_MEMORY_BYTES + BESIDE_BYTES);
    /* Without it the work is done all the same. */
    (void)sched_setscheduler(0, SCHED_IDLE, &none);
    for (;;) {
        (void)sem_wait(&hasher->work); /* or a signal: there is nothing to take then */
        if (atomic_load(&hasher->stopping)) {
            break;
        }
        struct place *place = take(hasher);
        if (place == NULL) {
            continue; /* taken back */
        }
        kept_memory_borrow(&memory);
        place->fits = password_hash_fits(place->hash, place->password);
        kept_memory_return();
        if (moves(place, TAKEN, DONE)) {
            (void)syscall(SYS_futex, &place->state, FUTEX_WAKE_PRIVATE, 1);
        } else {
            empty(place);
        }
    }
    kept_memory_release(&memory);
    return NULL;
}

struct hasher *hasher_start(const struct hasher_settings *settings)
{
    struct hasher *hasher =
        calloc(1, sizeof(*hasher) + (size_t)settings->threads * sizeof(pthread_t));

    if (hasher == NULL) {
        abort();
    }
    hasher->settings = *settings;
    (void)sem_init(&hasher->work, 0, 0);
    while (hasher->running < settings->threads) {
        if (pthread_create(&hasher->threads[hasher->running], NULL, compare, hasher) != 0) {
            hasher_stop(hasher);
            return NULL;
        }
        hasher->running++;
    }
    return hasher;
}

/* ---- callers ---- */

/* NULL: all places are taken, or the texts are none that a hash is made of. */
static struct place *hand_over(struct hasher *hasher, const char *hash, const char *password)
{
    size_t hash_length = strlen(hash);
    size_t password_length = strlen(password);

    if (hash_length >= PASSWORD_HASH_BYTES || password_length > LIMIT_PASSWORD_BYTES) {
        return NULL;
    }
    for (int i = 0; i < PLACES; i++) {
        struct place *place = &hasher->places[i];
        if (moves(place, FREE, CLAIMED)) {
            memcpy(place->hash, hash, hash_length + 1);
            memcpy(place->password, password, password_length + 1);
            atomic_store(&place->state, READY);
            (void)sem_post(&hasher->work);
            return place;
        }
    }
    return NULL;
}

/* Whether the answer came in time. */
static bool wait_for_answer(struct place *place, int patience_ms)
{
    const struct timespec until = after_ms(patience_ms);

    for (;;) {
        uint32_t state = atomic_load(&place->state);
        if (state == DONE) {
            return true;
        }
        if (syscall(SYS_futex, &place->state, FUTEX_WAIT_BITSET_PRIVATE, state, &until, NULL,
                    FUTEX_BITSET_MATCH_ANY) != 0 &&
            errno == ETIMEDOUT) {
            /* It may be taken, or done, just now. */
            if (moves(place, READY, CLAIMED)) {
                empty(place);
                return false;
            }
            if (moves(place, TAKEN, ABANDONED)) {
                return false;
            }
        }
    }
}

bool hasher_fits(struct hasher *hasher, const char *hash, const char *password)
{
    struct place *place = hasher == NULL ? NULL : hand_over(hasher, hash, password);

    if (place == NULL || !wait_for_answer(place, hasher->settings.patience_ms)) {
        return password_hash_fits(hash, password);
    }
    bool fits = place->fits;
    empty(place);
    return fits;
}

void hasher_stop(struct hasher *hasher)
{
    if (hasher == NULL) {
        return;
    }
    atomic_store(&hasher->stopping, true);
    for (int i = 0; i < hasher->running; i++) {
        (void)sem_post(&hasher->work);
    }
    for (int i = 0; i < hasher->running; i++) {
        (void)pthread_join(hasher->threads[i], NULL);
    }
    (void)sem_destroy(&hasher->work);
    sodium_memzero(hasher->places, sizeof(hasher->places));
    free(hasher);
}
