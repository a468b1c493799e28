/* Reads what the server keeps in memory for its whole life: rulesets, calendar, API contract. */
#pragma once

#include "api/service.h"
#include "base/arena.h"
#include "config.h"
#include "json/administrative_units.h"

enum { LOAD_ERROR_BYTES = 1024 };

/* Everything lives in the arena. False with a sentence that names file and place. */
bool load_service_data(const struct config *config, struct arena *arena, struct service *service,
                       char ret_error[static LOAD_ERROR_BYTES]) MUST_USE;
/* The keys of the option secret_key_file into service->seal_keys; none when it is empty. */
bool load_secret_keys(const struct config *config, struct service *service,
                      char ret_error[static LOAD_ERROR_BYTES]) MUST_USE;
/* The rulesets of a directory alone, newest law first; for the demo. */
bool load_rulesets(const char *directory, struct arena *arena, struct service *service,
                   char ret_error[static LOAD_ERROR_BYTES]) MUST_USE;
/* The catalogue of provinces and communes in a directory. */
bool load_administrative_units(const char *directory, struct arena *arena,
                               struct administrative_units *ret_units,
                               char ret_error[static LOAD_ERROR_BYTES]) MUST_USE;
