/* What all requests share. Made by app.c before the first request and read-only afterwards, except
 * the members that say how they are shared. */
#pragma once

#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/str.h"
#include "rules/calendar.h"
#include "rules/password.h"
#include "rules/ruleset.h"

struct hasher;        /* base/hasher.h */
struct provider;      /* identity/provider.h */
struct memory;        /* api/memory.h: answers and sessions kept in memory */
struct security_sink; /* api/security_sink.h */

enum { SERVICE_RULESETS_MAX = 32 };

/* Bytes that are answered as they are, with their strong ETag. */
struct document {
    struct str bytes;
    const char *etag;
};

struct service_ruleset {
    const struct ruleset *ruleset;
    struct document file;
};

struct service {
    struct clock_source clock;
    const struct log *log;
    const char *version;
    struct service_ruleset rulesets[SERVICE_RULESETS_MAX]; /* newest law first */
    int ruleset_count;
    const struct calendar *calendar;
    struct document openapi;
    struct document meta; /* made by meta_build */
    bool secure;          /* the public origin is https */
    /* The site as passkeys know it: "https://capdo.example.vn", "capdo.example.vn". */
    const char *origin;
    const char *rp_id;
    struct seal_keys seal_keys;     /* count 0: nothing can be sealed or opened */
    struct password_list passwords; /* that many choose: refused */
    struct provider *provider;      /* own lock; NULL: no single sign-on */
    const char *sign_on_label; /* what the provider is called on the sign-in page; may be empty */
    struct memory *memory;     /* own lock */
    struct hasher *hasher;     /* own lock; NULL: passwords are compared by the thread that asks */
    struct security_sink *security; /* own lock; NULL in tests of single parts */
    char instance[9];               /* differs after each start */
    /* Grows with every committed change; see api/memory.h for when an answer is current. */
    atomic_ulong data_version;
    atomic_int committing;
};

/* NULL when no ruleset has this id. */
const struct ruleset *service_ruleset(const struct service *service, const char *id);
/* The ruleset under which a new dossier is opened on this day by default: the newest in force. */
const struct ruleset *service_current_ruleset(const struct service *service);
/* Today in Viet Nam. */
struct date service_today(const struct service *service);
/* "instance-number", as lists and figures carry it. */
enum { DATA_VERSION_BYTES = 32 };
void service_data_version(struct service *service, char ret_text[static DATA_VERSION_BYTES]);
