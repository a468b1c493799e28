/* One large block that a thread keeps between uses. libsodium maps 64 MiB for every hash and gives
 * them back: a third of the time of a hash is the kernel's, which clears 16,384 pages and holds the
 * lock of the process's memory meanwhile. Where the kernel uses huge pages by itself the gain is
 * small; elsewhere a hash takes 86 ms instead of 131 (decision 0019).
 *
 * While a thread borrows, mmap() and munmap() of this program answer it from the block when libsodium
 * asks for one of KEPT_MEMORY_MIN or more that fits; all other calls go to the kernel as they are. What
 * the last use left in the block stays there until the next one or kept_memory_release. Not for two
 * threads at once. Sanitizers have an mmap of their own: with them every block comes from the kernel. */
#pragma once

#include <stddef.h>

enum { KEPT_MEMORY_MIN = 16 * 1024 * 1024 };

/* All zero at first. */
struct kept_memory {
    void *at; /* NULL: nothing kept */
    size_t length;
    int uses; /* so far */
};

/* Asks the kernel for a block and touches it all; without memory nothing is kept. To be called before
 * the thread steps back behind others: meanwhile the kernel holds what all threads may wait for. */
void kept_memory_prepare(struct kept_memory *memory, size_t length);

/* From now on this thread's large blocks come from here; until kept_memory_return. */
void kept_memory_borrow(struct kept_memory *memory);
void kept_memory_return(void);
/* Gives the block back to the kernel. */
void kept_memory_release(struct kept_memory *memory);
