/* What the two files about accounts share. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "base/shape.h"
#include "db/account_link.h"

/* A role in an organisation, as it is sent. */
struct membership_in {
    struct in_text organisation_id;
    struct in_text role;
    struct in_text valid_from;
    struct in_text valid_to;
    struct in_text document_number;
};
extern const struct shape MEMBERSHIP_NEW_SHAPE;
extern const struct route_table membership_routes;
extern const struct shape *const membership_shapes[];

/* Checks, stores and logs one grant inside the transaction; at: pointer of the object in the body. */
enum fault membership_grant(struct call *call, const char *account_id, const char *account_name,
                            const char *at, const struct membership_in *in) MUST_USE;

/* The account as the answer; link: shown now and never again, or NULL. */
enum fault account_reply(struct call *call, const char *id, int status,
                         const struct account_link *link, struct reply *reply) MUST_USE;
