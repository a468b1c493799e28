/* Counters of the HTTP side, per route. Lock-free: atomic counters, allocated once. The text form
 * is the Prometheus exposition format 0.0.4. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "base/buffer.h"
#include "http/router.h"

struct metrics;

/* Rows that are not in the route table. */
enum metrics_extra {
    METRICS_SITE,    /* the page and its files */
    METRICS_REFUSED, /* refused before a route was known */
    METRICS_EXTRA_COUNT,
};

/* The router is borrowed. */
struct metrics *metrics_make(const struct router *router);
void metrics_free(struct metrics *metrics);
size_t metrics_extra_index(const struct metrics *metrics, enum metrics_extra extra);
void metrics_request(struct metrics *metrics, size_t index, int status, int64_t duration_us,
                     int64_t database_us, uint64_t bytes);
/* reason: constant text of the guard. */
void metrics_refusal(struct metrics *metrics, const char *reason);
/* A connection that ended before its request was complete. */
void metrics_aborted(struct metrics *metrics);

/* Figures that others keep. */
struct metrics_gauge {
    const char *name; /* without the prefix "capdo_" */
    const char *help;
    const char *type;   /* "gauge" or "counter" */
    const char *labels; /* `phase="body"` or NULL; rows with the same name stand together */
    uint64_t value;
};

void metrics_write(const struct metrics *metrics, struct buffer *out);
void metrics_write_gauges(struct buffer *out, const struct metrics_gauge *gauges, size_t count);
