/* What the server remembers between requests, so that polls need no SQL: live sessions with what
 * they may see, and the figures computed for each such view of the register.
 *
 * An answer is current while no change was committed since it was computed and none is being
 * committed now; a session is current while no right, account or session changed. Changes made by
 * other processes arrive as notifications (db/watch.h); while that connection is down nothing is
 * remembered. Own lock; all functions may be called from any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"
#include "base/arena.h"
#include "db/session.h"

enum {
    MEMORY_SESSIONS_MAX = 4096,
    MEMORY_ANSWERS_MAX = 512,
    MEMORY_SESSION_MS = 5000,       /* at most this long without asking the database */
    MEMORY_SESSION_RENEW_MS = 4000, /* from this age on, one request asks it */
};

struct memory *memory_new(void);
void memory_free(struct memory *memory);

/* The connection that hears of changes is up, or not: then everything is forgotten. */
void memory_listening(struct service *service, bool listening);
/* Rights or sessions changed. */
void memory_access_changed(struct service *service);
/* Rows changed. */
void memory_data_changed(struct service *service);

/* Around COMMIT: between the two nothing is answered from memory. */
void memory_commit_begin(struct service *service);
void memory_commit_end(struct service *service);

/* A text that is equal for two actors exactly if they see the same rows. */
const char *memory_view_of(const struct actor *actor, struct arena *arena);

void memory_session_put(struct service *service, const unsigned char token_sha256[static 32],
                        const struct actor *actor, const char *view, uint64_t access_version);
/* What access_version must be taken as before the session is read from the database. */
uint64_t memory_access_version(struct service *service);
/* False: ask the database. ret_view lives in the arena. */
bool memory_session_get(struct service *service, const unsigned char token_sha256[static 32],
                        struct arena *arena, const char **ret_view, unsigned *ret_permissions);
/* Tokens used since the last call, at most count_max, 32 bytes each; returns how many. */
int memory_sessions_used(struct service *service, unsigned char *ret_tokens, int count_max);
void memory_session_used(struct service *service, const unsigned char token_sha256[static 32]);

/* One more request of the API token that the caller knows by this hash. 0, or seconds to wait: there
 * were more than LIMIT_API_TOKEN_REQUESTS in the present window. Counted by each process for itself,
 * and forgotten when it ends or another token takes the place. */
int memory_token_count(struct service *service, const unsigned char hash[static 32]);
/* As memory_session_used, for the keys of API tokens that were let in. */
void memory_token_used(struct service *service, const char *key);
/* Keys used since the last call as "{key,key}", NULL for none; lives in the arena. */
const char *memory_tokens_used(struct service *service, struct arena *arena);

/* data_version: what service->data_version was before the SQL ran. */
void memory_answer_put(struct service *service, const char *key, unsigned long data_version,
                       struct str body, const char *etag);
bool memory_answer_get(struct service *service, const char *key, struct arena *arena,
                       struct str *ret_body, const char **ret_etag);
