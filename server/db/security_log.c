#include "db/security_log.h"

static const struct statement ADD = {
    "security_log_add",
    "SELECT capdo.security_log_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", 13};
static const struct statement ADD_LATE = {
    "security_log_add_late",
    "SELECT capdo.security_log_add_late($14, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    14};

const struct statement *const security_log_statements[] = {&ADD, &ADD_LATE, NULL};

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static enum fault add(struct db *db, const struct security_event *event, const char *at)
{
    const struct db_parameters parameters = {
        .values = {security_kind_code(event->kind), security_outcome_code(event->outcome),
                   event->account_id, text_or_empty(event->account_name),
                   text_or_empty(event->subject_type), event->subject_id,
                   text_or_empty(event->subject_name), event->session_id, event->token_id,
                   text_or_empty(event->address), text_or_empty(event->user_agent),
                   text_or_empty(event->request_id), event->detail_json, at},
        .count = at == NULL ? ADD.parameters : ADD_LATE.parameters,
    };

    return db_execute(db, at == NULL ? &ADD : &ADD_LATE, &parameters, NULL);
}

enum fault security_log_add(struct db *db, const struct security_event *event)
{
    return add(db, event, NULL);
}

enum fault security_log_add_late(struct db *db, const char *at, const struct security_event *event)
{
    return add(db, event, at);
}
