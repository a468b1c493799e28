/* Threads that compare passwords, the block they keep, and the hashes themselves. */
#include "base/hasher.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/kept_memory.h"
#include "base/limits.h"
#include "base/password_hash.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

TestSuite(hasher, .timeout = 60);

enum { NEVER_MS = 60 * 60 * 1000, CALLERS = 6 };

static char hash[PASSWORD_HASH_BYTES];

static struct hasher *start(int patience_ms)
{
    struct hasher *hasher =
        hasher_start(&(struct hasher_settings){.threads = 2, .patience_ms = patience_ms});

    cr_assert_not_null(hasher);
    cr_assert_eq(password_hash_make("mưa xuân rơi nhẹ", hash), FAULT_NONE);
    return hasher;
}

static void compare_both(struct hasher *hasher)
{
    cr_assert(hasher_fits(hasher, hash, "mưa xuân rơi nhẹ"));
    cr_assert_not(hasher_fits(hasher, hash, "mưa xuân rơi nhẹ "));
    cr_assert_not(hasher_fits(hasher, hash, ""));
    cr_assert_not(hasher_fits(hasher, "no hash", "mưa xuân rơi nhẹ"));
    cr_assert_not(hasher_fits(hasher, "", ""));
}

Test(hasher, tells_the_password_from_others)
{
    struct hasher *hasher = start(NEVER_MS);

    compare_both(hasher);
    hasher_stop(hasher);
}

Test(hasher, is_not_needed)
{
    cr_assert_eq(password_hash_make("mưa xuân rơi nhẹ", hash), FAULT_NONE);
    compare_both(NULL);
    hasher_stop(NULL);
}

/* A caller whose patience has ended before a thread wakes: its own answer counts, and what the thread
 * may still do is freed by the thread (the leak checker of the run under ASan looks). */
Test(hasher, does_what_takes_too_long_itself)
{
    struct hasher *hasher = start(0);

    compare_both(hasher);
    hasher_stop(hasher);
}

/* How many threads of this process have this scheduling policy (proc(5): field 41 of stat). */
static int threads_of(int policy)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");

    for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        count += task->d_name[0] != '.' && sched_getscheduler(atoi(task->d_name)) == policy;
    }
    (void)closedir(tasks);
    return count;
}

Test(hasher, computes_while_nobody_else_does)
{
    int others = threads_of(SCHED_OTHER);
    struct hasher *hasher = start(NEVER_MS);

    cr_assert(hasher_fits(hasher, hash, "mưa xuân rơi nhẹ"));
    cr_assert(hasher_fits(hasher, hash, "mưa xuân rơi nhẹ"));
    for (int i = 0; i < 5000 && threads_of(SCHED_IDLE) < 2; i++) {
        (void)usleep(1000); /* one of the two may not have begun yet */
    }
    cr_assert_eq(threads_of(SCHED_IDLE), 2);
    cr_assert_eq(threads_of(SCHED_OTHER), others, "those that wait do not step back");
    hasher_stop(hasher);
}

static void *call(void *context)
{
    for (int i = 0; i < 3; i++) {
        cr_assert(hasher_fits(context, hash, "mưa xuân rơi nhẹ"));
        cr_assert_not(hasher_fits(context, hash, "mưa"));
    }
    return NULL;
}

/* With this patience some comparisons end before, some while, some after the caller does its own. */
Test(hasher, answers_many_callers)
{
    struct hasher *hasher = start(150);
    pthread_t callers[CALLERS];

    for (int i = 0; i < CALLERS; i++) {
        cr_assert_eq(pthread_create(&callers[i], NULL, call, hasher), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        (void)pthread_join(callers[i], NULL);
    }
    hasher_stop(hasher);
}

Test(hasher, makes_hashes_of_the_present_cost)
{
    char old[PASSWORD_HASH_BYTES];
    char again[PASSWORD_HASH_BYTES];
    char much[LIMIT_PASSWORD_BYTES + 2];

    cr_assert_eq(password_hash_make("một", hash), FAULT_NONE);
    cr_assert_eq(strncmp(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0, "%s", hash);
    cr_assert_eq(password_hash_make("một", again), FAULT_NONE);
    cr_assert_neq(strcmp(hash, again), 0, "the same salt twice");
    cr_assert_not(password_hash_is_old(hash));
    cr_assert_eq(crypto_pwhash_str(old, "một", strlen("một"), crypto_pwhash_OPSLIMIT_MIN,
                                   crypto_pwhash_MEMLIMIT_MIN),
                 0);
    cr_assert(password_hash_is_old(old));
    cr_assert(password_hash_fits(old, "một"));

    memset(much, 'a', sizeof(much) - 1);
    much[sizeof(much) - 1] = '\0';
    cr_assert_eq(password_hash_make(much, hash), FAULT_INVALID);
    much[LIMIT_PASSWORD_BYTES] = '\0';
    cr_assert_eq(password_hash_make(much, hash), FAULT_NONE);
    cr_assert_eq(password_hash_make("", hash), FAULT_INVALID);
}

#ifndef SANITIZED
Test(kept_memory, is_what_a_hash_works_in)
{
    struct kept_memory memory = {0};

    cr_assert_eq(password_hash_make("một", hash), FAULT_NONE);
    kept_memory_prepare(&memory, PASSWORD_HASH_MEMORY_BYTES + 64 * KIB);
    cr_assert_not_null(memory.at);
    kept_memory_borrow(&memory);
    for (int i = 0; i < 3; i++) {
        cr_assert(password_hash_fits(hash, "một"));
        cr_assert_not(password_hash_fits(hash, "hai"));
    }
    kept_memory_return();
    cr_assert_eq(memory.uses, 6, "%d", memory.uses);

    /* Nobody else's blocks: the thread has given it back. */
    cr_assert(password_hash_fits(hash, "một"));
    cr_assert_eq(memory.uses, 6);
    kept_memory_release(&memory);
    cr_assert_null(memory.at);
}

Test(kept_memory, is_not_for_what_does_not_fit)
{
    struct kept_memory memory = {0};

    cr_assert_eq(password_hash_make("một", hash), FAULT_NONE);
    kept_memory_borrow(&memory); /* nothing kept */
    cr_assert(password_hash_fits(hash, "một"));
    kept_memory_prepare(&memory, KEPT_MEMORY_MIN);
    cr_assert(password_hash_fits(hash, "một"));
    kept_memory_return();
    cr_assert_eq(memory.uses, 0, "%d", memory.uses);
    kept_memory_release(&memory);
}
#endif
