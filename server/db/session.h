/* Who acts: the account behind a session, with what it may do where, read anew for each request. */
#pragma once

#include <stdbool.h>

#include "db/connection.h"
#include "rules/permission.h"

/* Identifiers as PostgreSQL writes an array: "{uuid,uuid}", ready to be a parameter. */
struct actor {
    const char *account_id;
    const char *username;
    const char *display_name;
    unsigned roles;         /* bits ROLE_BIT(role) */
    const char *staff_of;   /* organisations whose systems are mine */
    const char *appraises;  /* governing bodies whose specialised unit I appraise in */
    const char *directs;    /* governing bodies whose specialised unit I head */
    const char *chairs;     /* governing bodies I head */
    const char *entrusted;  /* delegations and appraisal assignments that I act under */
    const char *expires_at; /* of the session, RFC 3339 */
    const char *session_id; /* public; not the token */
    bool pending;           /* the second factor is still to come: may only finish or end */
    int factor_age_s;       /* since the last second factor; -1: none in this session */
    const char *token_id;   /* of the API token that acts, or NULL: a person's session */
    unsigned scopes;        /* of that token, as PERMISSION_BIT; it has no other right */
};

/* Every permission of the actor, as PERMISSION_BIT. A person's come from the roles. */
unsigned actor_permissions(const struct actor *actor);

/* By what a session is opened, and from where; texts are for the person who looks at the list. */
struct session_opening {
    const char *method; /* password, passkey, oidc, activation */
    bool pending;
    bool with_factor; /* a second factor was just shown */
    int lifetime_s;
    const char *user_agent;
    const char *address;
};

/* "{a,b}" contains the identifier. */
bool actor_list_has(const char *list, const char *id);
bool actor_list_is_empty(const char *list);

/* Opens a session for the 32-byte hash of a token made by the caller. */
enum fault session_open(struct db *db, const char *account_id,
                        const unsigned char token_sha256[static 32],
                        const struct session_opening *opening) MUST_USE;
enum fault session_close(struct db *db, const unsigned char token_sha256[static 32]) MUST_USE;
/* Keeps the sessions with these hashes alive; hashes is count * 32 bytes. */
enum fault session_seen(struct db *db, struct arena *arena, const unsigned char *hashes, int count)
    MUST_USE;

/* Deletes expired sessions and stored answers older than LIMIT_IDEMPOTENCY_S. */
enum fault session_forget_old(struct db *db) MUST_USE;

extern const struct statement *const session_statements[];

/* Reads the actor from a row of capdo.begin_as. */
const struct actor *session_actor(const struct rows *rows, struct arena *arena);
/* "\x..." as PostgreSQL reads bytea. */
enum { SHA256_HEX_BYTES = 2 + 64 + 1 };
void session_token_hex(const unsigned char token_sha256[static 32],
                       char ret_text[static SHA256_HEX_BYTES]);
