#include "db/session_own.h"

#include <stdio.h>

static const struct statement ROTATE = {"session_rotate",
                                        "SELECT capdo.session_rotate($1, $2, $3, $4)", 4};
static const struct statement MINE = {
    "session_mine",
    "SELECT id, method, created_at, last_seen_at, expires_at, factor_at, user_agent, address"
    " FROM capdo.session_mine($1)",
    1};
static const struct statement END = {"session_end", "SELECT capdo.session_end($1)", 1};
static const struct statement END_OTHERS = {"session_end_others",
                                            "SELECT capdo.session_end_others($1)", 1};

const struct statement *const session_own_statements[] = {&ROTATE, &MINE, &END, &END_OTHERS, NULL};

enum { NUMBER_BYTES = 16 };

static const char *number(char text[static NUMBER_BYTES], int value)
{
    (void)snprintf(text, NUMBER_BYTES, "%d", value);
    return text;
}

enum fault session_rotate(struct db *db, const unsigned char old_sha256[static 32],
                          const unsigned char new_sha256[static 32])
{
    char before[SHA256_HEX_BYTES];
    char after[SHA256_HEX_BYTES];
    char lifetime[NUMBER_BYTES];
    char most[NUMBER_BYTES];
    struct rows rows;

    session_token_hex(old_sha256, before);
    session_token_hex(new_sha256, after);
    enum fault fault = db_query(db, &ROTATE,
                                PARAMETERS(before, after, number(lifetime, LIMIT_SESSION_S),
                                           number(most, LIMIT_SESSIONS_PER_ACCOUNT)),
                                &rows);
    if (fault == FAULT_NONE) {
        fault = rows_bool(&rows, 0, 0) ? FAULT_NONE : FAULT_SESSION_EXPIRED;
        rows_done(&rows);
    }
    return fault;
}

enum fault session_mine(struct db *db, struct rows *ret_rows)
{
    char idle[NUMBER_BYTES];

    return db_query(db, &MINE, PARAMETERS(number(idle, LIMIT_SESSION_IDLE_S)), ret_rows);
}

static enum fault end(struct db *db, const struct statement *statement, const char *id,
                      int *ret_ended)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, PARAMETERS(id), &rows);

    if (fault == FAULT_NONE) {
        *ret_ended = (int)rows_int(&rows, 0, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

enum fault session_end(struct db *db, const char *id)
{
    int ended = 0;
    enum fault fault = end(db, &END, id, &ended);

    return fault == FAULT_NONE && ended == 0 ? FAULT_NOT_FOUND : fault;
}

enum fault session_end_others(struct db *db, const char *keep_id, int *ret_ended)
{
    return end(db, &END_OTHERS, keep_id, ret_ended);
}
