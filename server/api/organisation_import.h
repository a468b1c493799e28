/* Organisations from a file: CSV or a workbook, tried, all or nothing, or as far as it goes. */
#pragma once

#include "api/route.h"

extern const struct route_table organisation_import_routes;
