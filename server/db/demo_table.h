/* What the demo province consists of, as tables. Used by demo*.c alone. */
#pragma once

#include <stddef.h>

#include "base/macros.h"

/* Answers that lead to a level, one set per ruleset. "#" is the number of people in the system. */
enum demo_profile {
    PROFILE_NOTICE,     /* shows public information, nobody signs in */
    PROFILE_INTERNAL,   /* work inside one agency, with personal data */
    PROFILE_PORTAL,     /* public information for everyone */
    PROFILE_SERVICE,    /* online, personal data of few people */
    PROFILE_FEEDBACK,   /* online, basic data of tens of thousands: another level in each decree */
    PROFILE_PROCEDURE,  /* administrative procedures */
    PROFILE_POPULATION, /* sensitive data of very many people */
    PROFILE_LAN,        /* network of one agency */
    PROFILE_PLATFORM,   /* infrastructure of the province */
    PROFILE_CONTROL,    /* controls works of grade II to IV */
    PROFILE_DAM,        /* controls works of grade I */
    PROFILE_SECRET,     /* state secrets, harm to national security */
    PROFILE_UNANSWERED, /* the deciding answers are still missing */
    PROFILE_COUNT,
};

struct demo_answers {
    const char *ruleset;
    const char *answers; /* "fact=value fact=choice,choice" */
};

enum { DEMO_RULESETS = 2 };
extern const struct demo_answers demo_answers[PROFILE_COUNT][DEMO_RULESETS];

/* How far a system has come. */
enum demo_story {
    STORY_BY_SHARE, /* chosen so that the proportions of the province come out */
    STORY_APPROVED_LONG_AGO,
    STORY_APPROVED_OLD_LAW,
    STORY_APPROVED_NEW_LAW,
    STORY_APPROVED_REVISED, /* approved, and a draft under the new law */
    STORY_SUBMITTED,
    STORY_SUBMITTED_LATE,
    STORY_RECEIVED,
    STORY_RECEIVED_LATE,
    STORY_APPRAISED,
    STORY_APPRAISED_LATE,
    STORY_NOT_SUITABLE,
    STORY_NO_DOSSIER,
    STORY_DRAFT,
    STORY_READY,
    STORY_RETURNED,
    STORY_REFUSED,
    STORY_WITHDRAWN,
    STORY_COUNT,
};

struct demo_organisation {
    const char *code;
    const char *name;
    const char *kind;
    const char *parent;    /* code, or NULL */
    const char *post;      /* of the one who prepares dossiers there, or NULL: nobody does */
    const char *successor; /* code, or NULL */
    const char *from;
    const char *to;    /* NULL: exists */
    const char *label; /* in host names */
};

extern const struct demo_organisation demo_organisations[];
extern const size_t demo_organisation_count;

/* Series of alike organisations, made from their names. */
struct demo_series {
    const char *code_prefix;
    const char *kind;
    const char *parent;
    const char *name_prefix;
    const char *label;
    const char *const *names;
    size_t count;
};

enum { SERIES_COMMUNES, SERIES_HOSPITALS, SERIES_SCHOOLS, SERIES_COUNT };
extern const struct demo_series demo_series[SERIES_COUNT];

struct demo_system {
    const char *name;
    const char *owner; /* code of the organisation */
    enum demo_profile profile;
    enum demo_story story;
    int people;
    const char *host; /* label of its host name, or NULL */
};

extern const struct demo_system demo_systems[];
extern const size_t demo_system_count;

/* The name is followed by that of the organisation; one for each organisation of the kind. */
struct demo_pattern {
    const char *name;
    const char *kind;
    enum demo_profile profile;
    int level; /* expected; only to fill the shares of the province */
    int people;
    const char *host;
};

extern const struct demo_pattern demo_patterns[];
extern const size_t demo_pattern_count;

/* Names in these places were in the province that was merged. */
extern const char *const demo_merged_places[];
extern const size_t demo_merged_place_count;

#define DEMO_PROVINCE "H05"
#define DEMO_OLD_PROVINCE "H02"
#define DEMO_POLICE "H05.30"
#define DEMO_OLD_UNIT "H05.90"
#define DEMO_OLD_PROVINCE_UNIT "H02.90"
#define DEMO_OFFICE "H05.01"
#define DEMO_SCIENCE "H05.08"
#define DEMO_SHARED_SYSTEM "Hệ thống camera giám sát giao thông, an ninh đô thị"
#define DEMO_PARTY "H05.40"
#define DEMO_PARTY_OFFICE "H05.41"
