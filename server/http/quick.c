#include "http/quick.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct quick_slot {
    _Atomic bool claimed; /* set after owner */
    pthread_t owner;
    struct db *db;
};

struct quick {
    pthread_mutex_t mutex; /* held while claiming */
    int count;
    struct quick_slot slots[];
};

struct quick *quick_open(const struct db_settings *settings, int count)
{
    struct quick *quick = calloc(1, sizeof *quick + (size_t)count * sizeof quick->slots[0]);

    if (quick == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&quick->mutex, NULL);
    quick->count = count;
    for (int i = 0; i < count; i++) {
        quick->slots[i].db = db_open(settings);
    }
    return quick;
}

static struct db *claim_free(struct quick *quick, pthread_t self)
{
    struct db *db = NULL;

    (void)pthread_mutex_lock(&quick->mutex);
    for (int i = 0; i < quick->count && db == NULL; i++) {
        struct quick_slot *slot = &quick->slots[i];
        if (!atomic_load_explicit(&slot->claimed, memory_order_acquire)) {
            slot->owner = self;
            atomic_store_explicit(&slot->claimed, true, memory_order_release);
            db = slot->db;
        }
    }
    (void)pthread_mutex_unlock(&quick->mutex);
    return db;
}

struct db *quick_claim(struct quick *quick)
{
    pthread_t self = pthread_self();

    for (int i = 0; i < quick->count; i++) {
        struct quick_slot *slot = &quick->slots[i];
        if (atomic_load_explicit(&slot->claimed, memory_order_acquire) &&
            pthread_equal(slot->owner, self) != 0) {
            return slot->db;
        }
    }
    return claim_free(quick, self);
}

void quick_close(struct quick *quick)
{
    if (quick == NULL) {
        return;
    }
    for (int i = 0; i < quick->count; i++) {
        db_close(quick->slots[i].db);
    }
    (void)pthread_mutex_destroy(&quick->mutex);
    free(quick);
}
