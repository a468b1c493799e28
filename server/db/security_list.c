#include "db/security_list.h"

#include <stdio.h>

#include "base/buffer.h"
#include "rules/security.h"

#define WHO_AND_WHAT                                                                        \
    "e.at, e.kind, e.outcome, e.account_id, e.account_name, e.subject_type, e.subject_id, " \
    "e.subject_name, "
#define FROM_WHERE "e.session_id, e.token_id, e.address, e.user_agent, e.request_id, e.detail"
#define MINE(column, other) \
    "CASE WHEN e.account_id = (SELECT capdo.ctx_account()) THEN e." column " ELSE " other " END, "

static const char *const KINDS[] = {
#define SECURITY_KIND_CODE(name, code, vi, en) code,
    SECURITY_KIND_TABLE(SECURITY_KIND_CODE)
#undef SECURITY_KIND_CODE
        NULL};
static const char *const OUTCOMES[] = {"done", "refused", "failed", NULL};

#define BY_KIND "e.kind = ANY (?::text[])"
#define BY_OUTCOME "e.outcome = ANY (?::text[])"
#define SINCE "e.at >= ?::timestamptz"
#define UNTIL "e.at <= ?::timestamptz"

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL, "e.search LIKE capdo.search_pattern(?)"},
    {"kind", LIST_CODES, KINDS, BY_KIND},
    {"outcome", LIST_CODES, OUTCOMES, BY_OUTCOME},
    {"account_id", LIST_UUIDS, NULL, "e.account_id = ANY (?::uuid[])"},
    {"subject_id", LIST_UUIDS, NULL, "e.subject_id = ANY (?::uuid[])"},
    {"at__gte", LIST_TIME, NULL, SINCE},
    {"at__lte", LIST_TIME, NULL, UNTIL},
    {NULL, LIST_CODES, NULL, NULL},
};
static const struct list_filter OWN_FILTERS[] = {
    {"kind", LIST_CODES, KINDS, BY_KIND}, {"outcome", LIST_CODES, OUTCOMES, BY_OUTCOME},
    {"at__gte", LIST_TIME, NULL, SINCE},  {"at__lte", LIST_TIME, NULL, UNTIL},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"at", "e.at", "timestamptz", false},
    {NULL, NULL, NULL, false},
};

static enum fault search(struct db *db, const struct list_request *request, int rows_max,
                         bool count_only, struct rows *ret_rows)
{
#define FOUND                                                                                  \
    "capdo.security_event_search($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], " \
    "$6::timestamptz, $7::timestamptz, $8::boolean, $9::timestamptz, $10::uuid, $11::integer) f"
    static const char LIST[] = "SELECT e.at::text, e.id, " WHO_AND_WHAT FROM_WHERE " FROM " FOUND
                               " JOIN capdo.security_event e ON e.id = f.id ORDER BY f.ordinal";
    static const char COUNT[] = "SELECT count(*) FROM " FOUND;
#undef FOUND
    struct buffer words;
    char rows_text[16];

    (void)snprintf(rows_text, sizeof rows_text, "%d", rows_max);
    buffer_init(&words, 128);
    list_words(request, &words);
    enum fault fault = db_query_text(
        db, count_only ? COUNT : LIST,
        PARAMETERS(words.at, list_filter_value(request, "kind"),
                   list_filter_value(request, "outcome"), list_filter_value(request, "account_id"),
                   list_filter_value(request, "subject_id"), list_filter_value(request, "at__gte"),
                   list_filter_value(request, "at__lte"), request->descending ? "t" : "f",
                   count_only ? NULL : request->after_value, count_only ? NULL : request->after_id,
                   rows_text),
        ret_rows);
    buffer_done(&words);
    return fault;
}

const struct list_table security_list_table = {
    .columns = WHO_AND_WHAT FROM_WHERE,
    .from = "capdo.security_event e",
    .id = "e.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
    .search = search,
};

const struct list_table security_own_table = {
    .columns = WHO_AND_WHAT MINE("session_id", "NULL") MINE("token_id", "NULL")
        MINE("address", "''") MINE("user_agent", "''") MINE("request_id", "''") "e.detail",
    .from = "capdo.security_event e",
    .id = "e.id",
    .filters = OWN_FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

void security_own_scope(const struct actor *actor, struct list_scope *ret_scope)
{
    *ret_scope = (struct list_scope){
        .any_of = {{"e.account_id = ?::uuid", actor->account_id},
                   {"e.subject_id = ?::uuid", actor->account_id}},
        .count = 2,
    };
}
