#include "api/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/api_token.h"
#include "base/buffer.h"

struct remembered_session {
    unsigned char token[32];
    char *view; /* owned; NULL: free slot */
    unsigned permissions;
    uint64_t access_version;
    int64_t read_ms;
    atomic_bool renewing; /* one request has gone to ask the database again */
};

struct remembered_answer {
    char *key; /* owned; NULL: free slot */
    unsigned long data_version;
    char *body; /* owned */
    size_t length;
    char *etag; /* owned */
};

struct counted_token {
    unsigned char hash[32];
    int64_t since_ms;
    int requests;
};

enum { USED_MAX = 4096, TOKENS_MAX = 1024 };

struct memory {
    pthread_rwlock_t lock;
    bool listening;
    uint64_t access_version;
    struct remembered_session sessions[MEMORY_SESSIONS_MAX]; /* by hash of the token */
    struct remembered_answer answers[MEMORY_ANSWERS_MAX];    /* by hash of the key */
    pthread_mutex_t used_lock;
    unsigned char used[USED_MAX][32];
    int used_count;
    struct counted_token counted[TOKENS_MAX]; /* by hash; under used_lock, as all below */
    char keys[TOKENS_MAX][API_TOKEN_KEY_CHARACTERS + 1];
    int key_count;
};

struct memory *memory_new(void)
{
    struct memory *memory = calloc(1, sizeof(*memory));

    if (memory == NULL) {
        abort();
    }
    (void)pthread_rwlock_init(&memory->lock, NULL);
    (void)pthread_mutex_init(&memory->used_lock, NULL);
    return memory;
}

static void session_forget(struct remembered_session *session)
{
    free(session->view);
    session->view = NULL;
    atomic_store(&session->renewing, false);
}

static void answer_forget(struct remembered_answer *answer)
{
    free(answer->key);
    free(answer->body);
    free(answer->etag);
    *answer = (struct remembered_answer){0};
}

void memory_free(struct memory *memory)
{
    if (memory == NULL) {
        return;
    }
    for (int i = 0; i < MEMORY_SESSIONS_MAX; i++) {
        session_forget(&memory->sessions[i]);
    }
    for (int i = 0; i < MEMORY_ANSWERS_MAX; i++) {
        answer_forget(&memory->answers[i]);
    }
    (void)pthread_rwlock_destroy(&memory->lock);
    (void)pthread_mutex_destroy(&memory->used_lock);
    free(memory);
}

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void memory_listening(struct service *service, bool listening)
{
    struct memory *memory = service->memory;

    (void)pthread_rwlock_wrlock(&memory->lock);
    memory->listening = listening;
    memory->access_version++;
    (void)pthread_rwlock_unlock(&memory->lock);
    memory_data_changed(service);
}

void memory_access_changed(struct service *service)
{
    struct memory *memory = service->memory;

    (void)pthread_rwlock_wrlock(&memory->lock);
    memory->access_version++;
    (void)pthread_rwlock_unlock(&memory->lock);
}

void memory_data_changed(struct service *service)
{
    (void)atomic_fetch_add(&service->data_version, 1);
}

void memory_commit_begin(struct service *service)
{
    (void)atomic_fetch_add(&service->committing, 1);
}

void memory_commit_end(struct service *service)
{
    memory_data_changed(service);
    (void)atomic_fetch_sub(&service->committing, 1);
}

const char *memory_view_of(const struct actor *actor, struct arena *arena)
{
    return arena_printf(arena, "%u|%s|%s|%s|%s|%s", actor->roles, actor->staff_of, actor->appraises,
                        actor->directs, actor->chairs, actor->entrusted);
}

static struct remembered_session *session_slot(struct memory *memory, const unsigned char *token)
{
    /* The token's hash is uniform: its first bytes are the slot. A collision replaces. */
    unsigned slot = ((unsigned)token[0] << 8 | token[1]) % MEMORY_SESSIONS_MAX;

    return &memory->sessions[slot];
}

uint64_t memory_access_version(struct service *service)
{
    struct memory *memory = service->memory;

    (void)pthread_rwlock_rdlock(&memory->lock);
    uint64_t version = memory->access_version;
    (void)pthread_rwlock_unlock(&memory->lock);
    return version;
}

void memory_session_put(struct service *service, const unsigned char token_sha256[static 32],
                        const struct actor *actor, const char *view, uint64_t access_version)
{
    struct memory *memory = service->memory;
    int64_t now = clock_monotonic_ms(&service->clock);

    (void)pthread_rwlock_wrlock(&memory->lock);
    if (memory->listening) {
        struct remembered_session *session = session_slot(memory, token_sha256);
        session_forget(session);
        memcpy(session->token, token_sha256, 32);
        session->view = copy_bytes(view, strlen(view));
        session->permissions = actor_permissions(actor);
        session->access_version = access_version;
        session->read_ms = now;
    }
    (void)pthread_rwlock_unlock(&memory->lock);
}

/* Shortly before the session is too old for all, one request alone finds it so: many that poll at
 * once would fill the queue of HEAVY. */
static bool is_first_to_renew(struct remembered_session *session, int64_t age_ms)
{
    return age_ms >= MEMORY_SESSION_RENEW_MS && !atomic_exchange(&session->renewing, true);
}

bool memory_session_get(struct service *service, const unsigned char token_sha256[static 32],
                        struct arena *arena, const char **ret_view, unsigned *ret_permissions)
{
    struct memory *memory = service->memory;
    int64_t now = clock_monotonic_ms(&service->clock);
    bool found = false;

    (void)pthread_rwlock_rdlock(&memory->lock);
    struct remembered_session *session = session_slot(memory, token_sha256);
    int64_t age_ms = now - session->read_ms;
    if (memory->listening && session->view != NULL &&
        memcmp(session->token, token_sha256, 32) == 0 &&
        session->access_version == memory->access_version && age_ms < MEMORY_SESSION_MS &&
        !is_first_to_renew(session, age_ms)) {
        *ret_view = arena_copy(arena, session->view);
        *ret_permissions = session->permissions;
        found = true;
    }
    (void)pthread_rwlock_unlock(&memory->lock);
    return found;
}

void memory_session_used(struct service *service, const unsigned char token_sha256[static 32])
{
    struct memory *memory = service->memory;

    (void)pthread_mutex_lock(&memory->used_lock);
    /* The usual case is one busy session: look at the latest few only. */
    int from = memory->used_count > 16 ? memory->used_count - 16 : 0;
    bool known = false;
    for (int i = from; i < memory->used_count && !known; i++) {
        known = memcmp(memory->used[i], token_sha256, 32) == 0;
    }
    if (!known && memory->used_count < USED_MAX) {
        memcpy(memory->used[memory->used_count++], token_sha256, 32);
    }
    (void)pthread_mutex_unlock(&memory->used_lock);
}

int memory_sessions_used(struct service *service, unsigned char *ret_tokens, int count_max)
{
    struct memory *memory = service->memory;

    (void)pthread_mutex_lock(&memory->used_lock);
    int count = memory->used_count < count_max ? memory->used_count : count_max;
    memcpy(ret_tokens, memory->used, (size_t)count * 32);
    memory->used_count = 0;
    (void)pthread_mutex_unlock(&memory->used_lock);
    return count;
}

int memory_token_count(struct service *service, const unsigned char hash[static 32])
{
    struct memory *memory = service->memory;
    int64_t now = clock_monotonic_ms(&service->clock);
    unsigned slot = ((unsigned)hash[0] << 8 | hash[1]) % TOKENS_MAX;
    int64_t wait_ms = 0;

    (void)pthread_mutex_lock(&memory->used_lock);
    struct counted_token *token = &memory->counted[slot];
    if (memcmp(token->hash, hash, 32) != 0 || now - token->since_ms >= LIMIT_API_TOKEN_WINDOW_MS) {
        memcpy(token->hash, hash, 32);
        token->since_ms = now;
        token->requests = 0;
    }
    token->requests++;
    if (token->requests > LIMIT_API_TOKEN_REQUESTS) {
        wait_ms = token->since_ms + LIMIT_API_TOKEN_WINDOW_MS - now;
    }
    (void)pthread_mutex_unlock(&memory->used_lock);
    return (int)((wait_ms + 999) / 1000);
}

void memory_token_used(struct service *service, const char *key)
{
    struct memory *memory = service->memory;

    (void)pthread_mutex_lock(&memory->used_lock);
    bool known = false;
    for (int i = 0; i < memory->key_count && !known; i++) {
        known = strcmp(memory->keys[i], key) == 0;
    }
    if (!known && memory->key_count < TOKENS_MAX) {
        memcpy(memory->keys[memory->key_count++], key, API_TOKEN_KEY_CHARACTERS + 1);
    }
    (void)pthread_mutex_unlock(&memory->used_lock);
}

const char *memory_tokens_used(struct service *service, struct arena *arena)
{
    struct memory *memory = service->memory;
    struct buffer list;

    buffer_init(&list, 64);
    buffer_char(&list, '{');
    (void)pthread_mutex_lock(&memory->used_lock);
    int count = memory->key_count;
    for (int i = 0; i < count; i++) {
        buffer_printf(&list, "%s%s", i > 0 ? "," : "", memory->keys[i]);
    }
    memory->key_count = 0;
    (void)pthread_mutex_unlock(&memory->used_lock);
    buffer_char(&list, '}');
    const char *text = arena_str(arena, (struct str){list.at, list.length}).at;
    buffer_done(&list);
    return count > 0 ? text : NULL;
}

static struct remembered_answer *answer_slot(struct memory *memory, const char *key)
{
    uint64_t hash = 14695981039346656037ULL;

    for (const char *p = key; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
    }
    return &memory->answers[hash % MEMORY_ANSWERS_MAX];
}

void memory_answer_put(struct service *service, const char *key, unsigned long data_version,
                       struct str body, const char *etag)
{
    struct memory *memory = service->memory;

    if (atomic_load(&service->committing) != 0 ||
        atomic_load(&service->data_version) != data_version) {
        return;
    }
    (void)pthread_rwlock_wrlock(&memory->lock);
    if (memory->listening) {
        struct remembered_answer *answer = answer_slot(memory, key);
        answer_forget(answer);
        answer->key = copy_bytes(key, strlen(key));
        answer->data_version = data_version;
        answer->body = copy_bytes(body.at, body.length);
        answer->length = body.length;
        answer->etag = copy_bytes(etag, strlen(etag));
    }
    (void)pthread_rwlock_unlock(&memory->lock);
}

bool memory_answer_get(struct service *service, const char *key, struct arena *arena,
                       struct str *ret_body, const char **ret_etag)
{
    struct memory *memory = service->memory;
    bool found = false;

    (void)pthread_rwlock_rdlock(&memory->lock);
    const struct remembered_answer *answer = answer_slot(memory, key);
    if (memory->listening && answer->key != NULL && strcmp(answer->key, key) == 0 &&
        atomic_load(&service->committing) == 0 &&
        answer->data_version == atomic_load(&service->data_version)) {
        *ret_body = arena_str(arena, (struct str){answer->body, answer->length});
        *ret_etag = arena_copy(arena, answer->etag);
        found = true;
    }
    (void)pthread_rwlock_unlock(&memory->lock);
    return found;
}
