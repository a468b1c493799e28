#include "db/throttle.h"

#include <stddef.h>
#include <stdio.h>

static const struct statement TRY = {"sign_in_try", "SELECT capdo.sign_in_try($1, $2, $3)", 3};
static const struct statement FORGIVE = {"sign_in_forgive", "SELECT capdo.sign_in_forgive($1)", 1};
static const struct statement FORGET = {"sign_in_forget", "SELECT capdo.sign_in_forget($1)", 1};

const struct statement *const throttle_statements[] = {&TRY, &FORGIVE, &FORGET, NULL};

static const char *window(char text[static 16])
{
    (void)snprintf(text, 16, "%d", LIMIT_SIGN_IN_WINDOW_S);
    return text;
}

enum fault throttle_try(struct db *db, const char *address, int *ret_wait_s)
{
    char most[16];
    char seconds[16];
    struct rows rows;

    (void)snprintf(most, sizeof(most), "%d", LIMIT_SIGN_INS_PER_ADDRESS);
    enum fault fault = db_query(db, &TRY, PARAMETERS(address, most, window(seconds)), &rows);
    if (fault == FAULT_NONE) {
        *ret_wait_s = (int)rows_int(&rows, 0, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

enum fault throttle_forgive(struct db *db, const char *address)
{
    return db_execute(db, &FORGIVE, PARAMETERS(address), NULL);
}

enum fault throttle_forget(struct db *db)
{
    char seconds[16];

    return db_execute(db, &FORGET, PARAMETERS(window(seconds)), NULL);
}
