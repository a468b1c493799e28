/* How often an address may try to sign in; counted in the database, so that a restart forgives
 * nobody. An address is numeric; of IPv6 its /64 counts as one. */
#pragma once

#include "db/connection.h"

/* Counts one try. *ret_wait_s: 0, or seconds to wait because there were more than
 * LIMIT_SIGN_INS_PER_ADDRESS in the last LIMIT_SIGN_IN_WINDOW_S. */
enum fault throttle_try(struct db *db, const char *address, int *ret_wait_s) MUST_USE;
/* The try was right: it does not count. */
enum fault throttle_forgive(struct db *db, const char *address) MUST_USE;
/* Forgets counters whose time is over. */
enum fault throttle_forget(struct db *db) MUST_USE;

extern const struct statement *const throttle_statements[];
