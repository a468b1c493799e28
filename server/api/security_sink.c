#include "api/security_sink.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/security_entry.h"
#include "api/security_line.h"

enum {
    REPEATS_MAX = 512,
    STRANGERS_PART = 4, /* of queue and repeats: one in so many */
    SINGLES_MAX = 16,   /* rows tried one by one in a round */
    QUIET_MS = LIMIT_SECURITY_REPEAT_S * 1000,
};

/* An event that was told and may come again. */
struct repeat {
    int64_t until_ms;
    uint64_t times; /* since it was told */
    struct security_entry entry;
};

struct security_sink {
    struct security_sink_settings settings;
    pthread_t thread;

    pthread_mutex_t mutex; /* guards this paragraph */
    pthread_cond_t wake;
    bool stopping;
    size_t first; /* the oldest entry; only the thread removes */
    size_t count;
    size_t unseen;    /* of them: came since the thread looked */
    size_t strangers; /* of them: of nobody known */
    size_t repeat_count;
    size_t repeat_strangers;
    uint64_t repeat_keys[REPEATS_MAX]; /* 0: free */
    struct repeat repeats[REPEATS_MAX];
    uint64_t untold;         /* lost and not told yet */
    int64_t untold_until_ms; /* then it is told */

    /* A ring. What is between first and first + count when the thread looks is its own until it
     * removes it; others append behind that. */
    struct security_entry entries[LIMIT_SECURITY_QUEUE];

    struct security_lines lines; /* the thread's */
    int64_t table_retry_ms;      /* the thread's: not before */
    _Atomic bool table_up;
    _Atomic bool reopen;
    _Atomic uint64_t lost;
};

static struct security_entry *entry_at(struct security_sink *sink, size_t position)
{
    return &sink->entries[position % LIMIT_SECURITY_QUEUE];
}

static int64_t now_ms(const struct security_sink *sink)
{
    return clock_monotonic_ms(sink->settings.clock);
}

/* ---- the queue; all under the mutex ---- */

static bool queue_push(struct security_sink *sink, const struct security_entry *entry)
{
    size_t strangers_max = LIMIT_SECURITY_QUEUE / STRANGERS_PART;

    if (sink->count == LIMIT_SECURITY_QUEUE ||
        (entry->stranger && sink->strangers >= strangers_max)) {
        return false;
    }
    *entry_at(sink, sink->first + sink->count) = *entry;
    sink->count++;
    sink->unseen++;
    sink->strangers += entry->stranger ? 1 : 0;
    (void)pthread_cond_signal(&sink->wake);
    return true;
}

static void queue_drop_done(struct security_sink *sink)
{
    const struct security_entry *entry = entry_at(sink, sink->first);

    while (sink->count > 0 && entry->in_line && entry->in_table) {
        sink->strangers -= entry->stranger ? 1 : 0;
        sink->first = (sink->first + 1) % LIMIT_SECURITY_QUEUE;
        sink->count--;
        entry = entry_at(sink, sink->first);
    }
}

static void lose(struct security_sink *sink, uint64_t events)
{
    sink->untold += events;
    (void)atomic_fetch_add(&sink->lost, events);
}

/* Says how much was lost: at once, then again after a while. */
static void tell_lost(struct security_sink *sink)
{
    struct security_entry entry;
    const struct security_event event = {.kind = SECURITY_LOG_OVERFLOW, .outcome = SECURITY_FAILED};

    if (sink->untold == 0 || (!sink->stopping && now_ms(sink) < sink->untold_until_ms)) {
        return;
    }
    security_entry_of(&event, clock_wall_us(sink->settings.clock), &entry);
    entry.stranger = false;
    security_entry_add_times(&entry, sink->untold);
    if (queue_push(sink, &entry)) {
        sink->untold = 0;
        sink->untold_until_ms = now_ms(sink) + QUIET_MS;
    }
}

/* ---- what comes again; all under the mutex ---- */

static struct repeat *repeat_find(struct security_sink *sink, uint64_t key)
{
    for (size_t i = 0; i < REPEATS_MAX; i++) {
        if (sink->repeat_keys[i] == key) {
            return &sink->repeats[i];
        }
    }
    return NULL;
}

/* Remembers that it was told; without room for that, the next time it is told in full again. */
static void repeat_begin(struct security_sink *sink, uint64_t key,
                         const struct security_entry *entry)
{
    struct repeat *slot = repeat_find(sink, 0);

    if (slot == NULL ||
        (entry->stranger && sink->repeat_strangers >= REPEATS_MAX / STRANGERS_PART)) {
        return;
    }
    *slot = (struct repeat){.until_ms = now_ms(sink) + QUIET_MS, .entry = *entry};
    sink->repeat_keys[slot - sink->repeats] = key;
    sink->repeat_count++;
    sink->repeat_strangers += entry->stranger ? 1 : 0;
}

static void repeats_end(struct security_sink *sink)
{
    for (size_t i = 0; i < REPEATS_MAX && sink->repeat_count > 0; i++) {
        struct repeat *repeat = &sink->repeats[i];
        if (sink->repeat_keys[i] == 0 || (!sink->stopping && repeat->until_ms > now_ms(sink))) {
            continue;
        }
        if (repeat->times > 0) {
            security_entry_add_times(&repeat->entry, repeat->times);
            if (!queue_push(sink, &repeat->entry)) {
                lose(sink, repeat->times);
            }
        }
        sink->repeat_keys[i] = 0;
        sink->repeat_count--;
        sink->repeat_strangers -= repeat->entry.stranger ? 1 : 0;
    }
}

bool security_sink_add(struct security_sink *sink, const struct security_event *event,
                       enum security_way way)
{
    struct security_entry entry;
    bool kept = true;

    if (sink == NULL) {
        return true;
    }
    security_entry_of(event, clock_wall_us(sink->settings.clock), &entry);
    entry.in_table = way == SECURITY_LINE_ONLY;

    uint64_t key = security_entry_key(&entry);
    (void)pthread_mutex_lock(&sink->mutex);
    struct repeat *repeat = entry.in_table ? NULL : repeat_find(sink, key);
    if (repeat != NULL) {
        repeat->times++;
        repeat->entry.at_us = entry.at_us;
        (void)memcpy(repeat->entry.request_id, entry.request_id, sizeof entry.request_id);
    } else if (queue_push(sink, &entry)) {
        if (!entry.in_table) {
            repeat_begin(sink, key, &entry);
        }
    } else {
        kept = false;
        lose(sink, 1);
    }
    (void)pthread_mutex_unlock(&sink->mutex);
    return kept;
}

/* ---- the table; on the thread ---- */

static enum fault add_rows(struct db *db, struct security_sink *sink, size_t first, size_t count)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; fault == FAULT_NONE && i < count; i++) {
        const struct security_entry *entry = entry_at(sink, first + i);
        if (!entry->in_table) {
            char at[TIME_TEXT_BYTES];
            struct security_event event = security_entry_event(entry);
            time_to_text(entry->at_us, at);
            fault = security_log_add_late(db, at, &event);
        }
    }
    return fault;
}

/* All of them or none. An unknown outcome counts as none: twice is better than never. */
static enum fault commit_rows(struct db *db, struct security_sink *sink, size_t first, size_t count)
{
    struct arena arena;
    arena_init(&arena, 0);
    const struct db_request nobody = {.arena = &arena};
    enum fault fault = db_tx_begin(db, &nobody);

    if (fault == FAULT_NONE) {
        fault = add_rows(db, sink, first, count);
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(db);
    } else if (db_tx_commit(db, &fault) == COMMIT_DONE) {
        fault = FAULT_NONE;
    } else if (fault == FAULT_NONE) {
        fault = FAULT_OUTCOME_UNKNOWN;
    }
    arena_done(&arena);
    for (size_t i = 0; fault == FAULT_NONE && i < count; i++) {
        entry_at(sink, first + i)->in_table = true;
    }
    return fault;
}

/* A row that the table will not have must not keep the others out: it is given up as soon as
 * another one passes, and its line remains. Returns how many passed. */
static size_t commit_singly(struct db *db, struct security_sink *sink, size_t first, size_t count,
                            uint64_t *ret_given_up)
{
    size_t passed = 0;
    size_t tried = 0;
    size_t end = 0;

    for (; end < count && tried < SINGLES_MAX; end++) {
        if (!entry_at(sink, first + end)->in_table) {
            tried++;
            passed += commit_rows(db, sink, first + end, 1) == FAULT_NONE ? 1 : 0;
        }
    }
    for (size_t i = 0; passed > 0 && i < end; i++) {
        struct security_entry *entry = entry_at(sink, first + i);
        *ret_given_up += entry->in_table ? 0 : 1;
        entry->in_table = true;
    }
    return passed;
}

static void write_table(struct security_sink *sink, struct db *db, size_t first, size_t count,
                        uint64_t *ret_given_up)
{
    bool was_up = atomic_load(&sink->table_up);
    bool wanted = false;

    for (size_t i = 0; i < count; i++) {
        wanted = wanted || !entry_at(sink, first + i)->in_table;
    }
    if (!wanted || (!was_up && now_ms(sink) < sink->table_retry_ms)) {
        return;
    }

    enum fault fault = commit_rows(db, sink, first, count);
    bool up =
        fault == FAULT_NONE || (fault != FAULT_DATABASE_DOWN && fault != FAULT_OUTCOME_UNKNOWN &&
                                commit_singly(db, sink, first, count, ret_given_up) > 0);
    sink->table_retry_ms = now_ms(sink) + LIMIT_SECURITY_FLUSH_MS;
    atomic_store(&sink->table_up, up);
    if (was_up != up) {
        LOG(sink->settings.log, up ? LOG_INFO : LOG_ERROR, "table of the security log",
            LOG_TEXT_FIELD("state", up ? "written again" : "cannot be written"),
            LOG_TEXT_FIELD("error", up ? "" : db_last_error(db)));
    }
}

/* ---- the thread ---- */

/* Under the mutex. */
static void wait_for_events(struct security_sink *sink)
{
    struct timespec until;

    if (sink->unseen > 0 || sink->stopping) {
        return;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LIMIT_SECURITY_FLUSH_MS / 2 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&sink->wake, &sink->mutex, &until);
}

/* Under the mutex, which is let go while it writes. */
static void round_of(struct security_sink *sink, struct db *db)
{
    uint64_t given_up = 0;

    repeats_end(sink);
    tell_lost(sink);
    size_t first = sink->first;
    size_t count = sink->count;
    sink->unseen = 0;
    (void)pthread_mutex_unlock(&sink->mutex);

    if (atomic_exchange(&sink->reopen, false)) {
        security_lines_reopen(&sink->lines);
    }
    for (size_t i = 0; i < count; i++) {
        struct security_entry *entry = entry_at(sink, first + i);
        if (!entry->in_line) {
            security_lines_write(&sink->lines, entry);
            entry->in_line = true;
        }
    }
    if (count > 0 || !security_lines_all_up(&sink->lines)) {
        security_lines_settle(&sink->lines);
    }
    write_table(sink, db, first, count, &given_up);

    (void)pthread_mutex_lock(&sink->mutex);
    queue_drop_done(sink);
    lose(sink, given_up);
}

static void *run(void *context)
{
    struct security_sink *sink = context;
    struct db *db = db_open(&sink->settings.db);

    (void)pthread_mutex_lock(&sink->mutex);
    while (!sink->stopping) {
        wait_for_events(sink);
        round_of(sink, db);
    }

    int64_t until_ms = now_ms(sink) + LIMIT_STOP_MS;
    sink->table_retry_ms = 0;
    do {
        round_of(sink, db);
    } while (sink->count > 0 && atomic_load(&sink->table_up) && now_ms(sink) < until_ms);
    if (sink->count > 0) {
        LOG(sink->settings.log, LOG_ERROR, "security events are not in the table",
            LOG_NUMBER("events", (int64_t)sink->count));
    }
    (void)pthread_mutex_unlock(&sink->mutex);
    db_close(db);
    return NULL;
}

static void sink_free(struct security_sink *sink)
{
    security_lines_close(&sink->lines);
    (void)pthread_cond_destroy(&sink->wake);
    (void)pthread_mutex_destroy(&sink->mutex);
    free(sink);
}

struct security_sink *security_sink_start(const struct security_sink_settings *settings,
                                          char *ret_error, size_t error_bytes)
{
    struct security_sink *sink = calloc(1, sizeof *sink);
    pthread_condattr_t attributes;

    if (sink == NULL) {
        abort();
    }
    sink->settings = *settings;
    atomic_init(&sink->table_up, true);
    (void)pthread_mutex_init(&sink->mutex, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&sink->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);

    if (!security_lines_open(&sink->lines, settings->log, settings->file)) {
        (void)snprintf(ret_error, error_bytes, "security_log_file: %s", strerror(errno));
    } else if (pthread_create(&sink->thread, NULL, run, sink) != 0) {
        (void)snprintf(ret_error, error_bytes, "no thread for the security log");
    } else {
        return sink;
    }
    sink_free(sink);
    return NULL;
}

void security_sink_stop(struct security_sink *sink)
{
    if (sink == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&sink->mutex);
    sink->stopping = true;
    (void)pthread_cond_signal(&sink->wake);
    (void)pthread_mutex_unlock(&sink->mutex);
    (void)pthread_join(sink->thread, NULL);
    sink_free(sink);
}

void security_sink_reopen(struct security_sink *sink)
{
    if (sink != NULL) {
        atomic_store(&sink->reopen, true);
    }
}

#ifdef CAPDO_TEST_HOOKS
/* A server that goes on whatever its sinks say: the control of the test of failing sinks. */
static bool ignores_sinks(void)
{
    return getenv("CAPDO_TEST_IGNORE_SINKS") != NULL;
}
#else
static bool ignores_sinks(void)
{
    return false;
}
#endif

bool security_sink_is_blind(const struct security_sink *sink)
{
    if (ignores_sinks()) {
        return false;
    }
    return sink != NULL && !atomic_load(&sink->table_up) && !security_lines_any_up(&sink->lines);
}

struct security_sink_state security_sink_state(struct security_sink *sink)
{
    struct security_sink_state state = {.table_is_up = true, .lines_are_up = true};

    if (sink != NULL) {
        (void)pthread_mutex_lock(&sink->mutex);
        state.waiting = sink->count;
        (void)pthread_mutex_unlock(&sink->mutex);
        state.lost = atomic_load(&sink->lost);
        state.table_is_up = atomic_load(&sink->table_up);
        state.lines_are_up = security_lines_all_up(&sink->lines);
    }
    return state;
}
