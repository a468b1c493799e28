/* What the files demo*.c share while they fill the database. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "db/demo.h"
#include "db/demo_table.h"
#include "db/internal.h"
#include "rules/criteria.h"

struct demo_person {
    const char *id;
    const char *name; /* the post */
};

struct demo_unit {
    const char *code;
    const char *name;
    const char *kind;
    const char *label;
    const char *id;
    struct demo_person staff; /* id NULL: nobody prepares dossiers there */
};

/* A governing body with its specialised unit in one period. */
struct demo_authority {
    const struct demo_unit *governing;
    const struct demo_unit *unit;
    struct demo_person appraiser;
    struct demo_person director;
    struct demo_person chairman;
};

enum {
    AUTHORITY_NOW,
    AUTHORITY_BEFORE,       /* until the end of February 2025 */
    AUTHORITY_OLD_PROVINCE, /* the province that was merged */
    AUTHORITY_PARTY,
    AUTHORITY_BY_COUNCIL, /* appraises what the specialised unit operates itself */
    AUTHORITY_COUNT,
};

enum { RULESET_OLD, RULESET_NEW }; /* as in demo_answers */

struct demo {
    struct db *db;
    const struct demo_options *options;
    struct demo_report *report;
    const struct calendar *calendar;
    const struct ruleset *rulesets[DEMO_RULESETS];
    struct arena arena;
    enum fault fault; /* the first one; nothing is done after it */
    uint64_t chance;
    int64_t id_time_us;
    int32_t today;
    struct demo_unit *units;
    size_t unit_count;
    struct demo_authority authorities[AUTHORITY_COUNT];
    int64_t decisions; /* counted, for their numbers */
};

/* One system as its dossier needs it. */
struct demo_case {
    const char *id;
    const char *code;
    const char *name;
    const struct demo_unit *operator_unit;
    const struct demo_authority *authority; /* of today */
    enum demo_profile profile;
    int people;
    const char *host;
};

struct demo_answered {
    const char *json;  /* {"fact":value} in the order of the ruleset */
    const char *trace; /* the classification as the API answers it */
    struct classification result;
};

/* Rows and values; every call does nothing once d->fault is set. */
void demo_put(struct demo *d, const char *sql, const struct db_parameters *parameters);
/* The first column of the first row, in the arena; "" on a fault. */
const char *demo_get(struct demo *d, const char *sql, const struct db_parameters *parameters);
void demo_stop(struct demo *d, enum fault fault, const char *format, ...) PRINTF_LIKE(3, 4);
void demo_progress(struct demo *d, const char *step, int64_t done, int64_t total);
/* Chance and identifiers are the same in each run. */
uint64_t demo_chance(struct demo *d, uint64_t below);
const char *demo_id(struct demo *d);
const char *demo_int(struct demo *d, int64_t value);
/* "2026-11-21 14:05:00+07": a working day at or before day, at hour:minute. */
int32_t demo_workday(const struct demo *d, int32_t day);
const char *demo_time(struct demo *d, int32_t day, int hour, int minute);
const char *demo_date(struct demo *d, int32_t day);
const struct demo_unit *demo_unit_find(const struct demo *d, const char *code);

/* The answers of a profile under a ruleset (RULESET_OLD, RULESET_NEW), and their level. */
void demo_answer(struct demo *d, enum demo_profile profile, int ruleset, int people,
                 struct demo_answered *ret_answered);

/* The law whose level counts for a system with this story. */
int demo_story_ruleset(enum demo_story story);
/* Tells how far the system has come: dossiers, submissions, opinions, decisions. */
void demo_tell(struct demo *d, const struct demo_case *c, enum demo_story story, int index);
void demo_labels(struct demo *d, const struct demo_case *cases, size_t count);
/* Delegations, and who appraises where the specialised unit operates a system itself; after
 * demo_people. */
void demo_authorities(struct demo *d);
/* The system that the specialised unit operates with its lead operator. */
bool demo_is_shared(const struct demo_case *c);
/* Before its story is told: the unit beside the lead operator, and the council that appraises it. */
void demo_share(struct demo *d, const struct demo_case *c);
/* Organisations, posts and accounts. */
void demo_people(struct demo *d);
/* The province for load; demo_people was called. */
void demo_load(struct demo *d);
