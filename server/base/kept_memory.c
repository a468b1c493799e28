#include "base/kept_memory.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static _Thread_local struct kept_memory *borrowed;

void kept_memory_prepare(struct kept_memory *memory, size_t length)
{
    void *at = mmap(NULL, length, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (at != MAP_FAILED) {
        memory->at = at;
        memory->length = length;
    }
}

void kept_memory_borrow(struct kept_memory *memory)
{
    borrowed = memory;
}

void kept_memory_return(void)
{
    borrowed = NULL;
}

void kept_memory_release(struct kept_memory *memory)
{
    if (memory->at != NULL) {
        (void)syscall(SYS_munmap, memory->at, memory->length);
        memory->at = NULL;
        memory->length = 0;
    }
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEMORY_IS_WATCHED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_IS_WATCHED
#endif

#ifndef MEMORY_IS_WATCHED

static void *map(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel's address, which syscall() gives as a number
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

/* In place of the C library's, for this program and the libraries it loads. */
__attribute__((visibility("default"))) void *mmap(void *at, size_t length, int protection,
                                                  int flags, int fd, off_t offset)
{
    struct kept_memory *memory = borrowed;

    if (memory == NULL || length < (size_t)KEPT_MEMORY_MIN || length > memory->length ||
        at != NULL || (flags & MAP_ANONYMOUS) == 0) {
        return map(at, length, protection, flags, fd, offset);
    }
    memory->uses++;
    return memory->at;
}

__attribute__((visibility("default"))) int munmap(void *at, size_t length)
{
    const struct kept_memory *memory = borrowed;

    return memory != NULL && memory->at != NULL && at == memory->at
               ? 0
               : (int)syscall(SYS_munmap, at, length);
}

#endif
