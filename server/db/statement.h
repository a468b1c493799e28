/* Every statement of the server, so that each connection prepares all of them when it is made: a
 * schema that does not fit is found at start, not at the first use. */
#pragma once

#include "db/connection.h"

/* NULL-terminated list of the aggregates' NULL-terminated lists. */
const struct statement *const *const *statement_tables(void);
