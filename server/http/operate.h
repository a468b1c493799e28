/* Routes for those who run the server: /healthz (the process lives), /readyz (it can work: 503 with
 * the reason otherwise), /metrics. All on the memory lane, open to everyone who reaches the port;
 * the proxy keeps /metrics inside. */
#pragma once

#include "api/route.h"

struct route_table operate_routes(void);
