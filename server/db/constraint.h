/* What a violated constraint means to the client. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* FAULT_NONE when the name is not in the table. */
enum fault constraint_fault(const char *name);
/* From SQLSTATE and constraint name (either may be NULL). *ret_retry: the transaction may be run
 * again as it was. */
enum fault sqlstate_fault(const char *sqlstate, const char *constraint, bool *ret_retry);
/* The names of the table in turn, then NULL. */
const char *constraint_name(size_t index);
