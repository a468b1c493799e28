/* Small things that handlers need of a call. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "db/connection.h"
#include "db/session.h"

/* 32 random bytes in base64url without padding. */
enum { SESSION_TOKEN_CHARACTERS = 43 };

/* First value of a query parameter; at == NULL when absent. */
struct str call_parameter(const struct call *call, const char *name);
/* First value of a member of a form (application/x-www-form-urlencoded), decoded; at == NULL when
 * absent or broken. */
struct str call_form(struct call *call, const char *name);
/* The index-th placeholder as a UUID; FAULT_NOT_FOUND for anything else. */
enum fault call_uuid(struct call *call, int index, const char **ret_id) MUST_USE;
/* Who acts; FAULT_UNAUTHENTICATED when nobody does. */
enum fault call_actor(struct call *call, const struct actor **ret_actor) MUST_USE;
/* FAULT_STEP_UP_REQUIRED unless the actor showed a second factor in the last LIMIT_STEP_UP_S. For
 * routes where only some requests need it; the others have ROUTE_NEEDS_STEP_UP. */
enum fault call_step_up(struct call *call, const struct actor *actor, struct reply *reply) MUST_USE;
const char *call_new_id(struct call *call);
/* Decimal text for a statement parameter. */
const char *call_int(struct call *call, int64_t value);
/* The strong ETag of a row: its version in quotes. */
const char *call_version_etag(struct call *call, int64_t version);
/* The strong ETag of a row that is shown with a state that the days change: version and state. Its
 * version alone is enough for If-Match. */
const char *call_state_etag(struct call *call, int64_t version, const char *state);
/* If-None-Match of a GET names the tag: answer 304. */
bool call_not_modified(const struct call *call, const char *etag);
/* If-Match is absent or names the tag. */
bool call_match(const struct call *call, const char *etag);
/* SHA-256 of the session token; false when there is none or it cannot be one. */
bool call_token_sha256(const struct call *call, unsigned char ret_sha256[static 32]);
/* The fault, with one sentence about this occurrence. */
enum fault reply_fault(struct reply *reply, enum fault fault, const char *vi, const char *en);
