#include "db/security_log.h"

static const struct statement ADD = {
    "security_log_add",
    "SELECT capdo.security_log_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", 13};

const struct statement *const security_log_statements[] = {&ADD, NULL};

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

enum fault security_log_add(struct db *db, const struct security_event *event)
{
    return db_execute(
        db, &ADD,
        PARAMETERS(security_kind_code(event->kind), security_outcome_code(event->outcome),
                   event->account_id, text_or_empty(event->account_name),
                   text_or_empty(event->subject_type), event->subject_id,
                   text_or_empty(event->subject_name), event->session_id, event->token_id,
                   text_or_empty(event->address), text_or_empty(event->user_agent),
                   text_or_empty(event->request_id), event->detail_json),
        NULL);
}
