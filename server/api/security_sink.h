/* Where security events go that cannot be written in the transaction of what they tell of: refusals
 * and reads happen without one. A bounded queue in memory takes them at once and never blocks; a
 * thread of its own writes each as a line of the log (and of a file, if one is wanted), then into
 * the table of the security log, with a connection of its own. Events that are in the table already
 * pass through for their line.
 *
 * Durability: a line is handed to the system within milliseconds, the file is synced after each
 * batch, the table has it within LIMIT_SECURITY_FLUSH_MS. What a kill -9 finds in the queue is lost;
 * a stop in order writes it. While the table cannot be written the events wait, the queue bounds
 * them, and lines are still written.
 *
 * The same refusal or read again within LIMIT_SECURITY_REPEAT_S is counted and told once more with
 * its number ("times"), so a flood fills neither table nor queue. What signed-in people do may use all of the
 * queue, strangers a quarter of it: they cannot push others out. What finds no room is counted, and
 * an event says how much it was. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/security_log.h"

struct security_sink;

/* Everything pointed to is borrowed and must live until the stop. */
struct security_sink_settings {
    struct db_settings db; /* DB_WORK */
    const struct clock_source *clock;
    const struct log *log; /* lines are written whatever its level */
    const char *file;      /* a copy of the lines; "" or NULL: none */
};

/* NULL, with a sentence in ret_error, when the file cannot be opened or no thread can be had. */
struct security_sink *security_sink_start(const struct security_sink_settings *settings,
                                          char *ret_error, size_t error_bytes);
/* Writes what waits, LIMIT_STOP_MS at most, and frees everything. NULL is fine. */
void security_sink_stop(struct security_sink *sink);
/* Opens the file anew: it was moved away to be kept. */
void security_sink_reopen(struct security_sink *sink);

enum security_way {
    SECURITY_TABLE_AND_LINE,
    SECURITY_LINE_ONLY, /* in the table already */
};

/* Copies the event. False when it could not be kept: no room. All of these may be called from any
 * thread; a NULL sink keeps nothing and says true (tests of single parts). */
bool security_sink_add(struct security_sink *sink, const struct security_event *event,
                       enum security_way way);
/* Neither the table nor any line can be written: nothing may be changed that would leave no trace. */
bool security_sink_is_blind(const struct security_sink *sink);

struct security_sink_state {
    uint64_t waiting;
    uint64_t lost; /* found no room, since the start */
    bool table_is_up;
    bool lines_are_up; /* in every place they go to */
};
struct security_sink_state security_sink_state(struct security_sink *sink);
