/* Two threads that write one number without a lock: the control of the thread sanitizer's suite. */

#include <pthread.h>
#include <stddef.h>

static int shared;

static void *write_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i++) {
        shared++;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, write_often, NULL) != 0) {
            return 2;
        }
    }
    for (size_t i = 0; i < 2; i++) {
        if (pthread_join(threads[i], NULL) != 0) {
            return 2;
        }
    }
    return 0;
}
