/* Threads that compare passwords with their hashes, and nothing else, while nobody else wants the
 * processor (SCHED_IDLE): a sign-in costs a tenth of a second of one, and reads must not feel it.
 * They hold no lock, no transaction and no memory of others, so that whoever needs those never waits
 * for a thread that steps back. Where the processor is never free, a comparison that is not done in
 * time is done once more by the one who waits for it.
 *
 * The order between processes is kept only where the kernel compares their threads directly:
 * docs/operations.md, "sign-ins beside reads". */
#pragma once

#include <stdbool.h>

#include "base/macros.h"

struct hasher;

struct hasher_settings {
    int threads;     /* at least 1; each keeps PASSWORD_HASH_MEMORY_BYTES for good */
    int patience_ms; /* how long a caller waits before it does the work itself */
};

/* NULL when no thread can be had. */
struct hasher *hasher_start(const struct hasher_settings *settings);
/* As password_hash_fits; may be called from any thread. Without a hasher (NULL) on the calling one. */
bool hasher_fits(struct hasher *hasher, const char *hash, const char *password);
/* When no call is under way. */
void hasher_stop(struct hasher *hasher);
