/* The server as a whole: owns everything that lives as long as the process and knows in which order
 * things start and stop. */
#pragma once

#include "config.h"

/* `capdo serve`: runs until SIGTERM or SIGINT; the exit status of the process. */
int app_serve(const struct config *config);
