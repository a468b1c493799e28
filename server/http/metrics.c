#include "http/metrics.h"

#include <stdlib.h>
#include <string.h>

static const int STATUSES[] = {200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 409,
                               412, 413, 414, 415, 422, 428, 429, 431, 500, 501, 503, 0};
static const int64_t BOUNDS_US[] = {500,    1000,   2500,   5000,    10000,   25000,  50000,
                                    100000, 250000, 500000, 1000000, 2500000, 5000000};
static const char *const BOUNDS_TEXT[] = {"0.0005", "0.001", "0.0025", "0.005", "0.01",
                                          "0.025",  "0.05",  "0.1",    "0.25",  "0.5",
                                          "1",      "2.5",   "5"};
_Static_assert(COUNT_OF(BOUNDS_US) == COUNT_OF(BOUNDS_TEXT), "one text for each bound");

enum {
    STATUS_SLOTS = COUNT_OF(STATUSES), /* the last one is for any other */
    BUCKETS = COUNT_OF(BOUNDS_US) + 1, /* the last one is +Inf */
    REASONS_MAX = 40,
};

struct route_metrics {
    _Atomic uint64_t status[STATUS_SLOTS];
    _Atomic uint64_t duration[BUCKETS];
    _Atomic uint64_t duration_us;
    _Atomic uint64_t database[BUCKETS];
    _Atomic uint64_t database_us;
    _Atomic uint64_t bytes;
};

struct metrics {
    const struct router *router;
    size_t route_count;
    _Atomic uint64_t aborted;
    struct {
        _Atomic(const char *) reason; /* constant text; slots are filled in order */
        _Atomic uint64_t count;
    } refusals[REASONS_MAX];
    struct route_metrics routes[];
};

struct metrics *metrics_make(const struct router *router)
{
    size_t count = router_count(router) + METRICS_EXTRA_COUNT;
    struct metrics *metrics = calloc(1, sizeof *metrics + count * sizeof metrics->routes[0]);

    if (metrics == NULL) {
        abort();
    }
    metrics->router = router;
    metrics->route_count = count;
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

size_t metrics_extra_index(const struct metrics *metrics, enum metrics_extra extra)
{
    return router_count(metrics->router) + (size_t)extra;
}

static void add(_Atomic uint64_t *counter, uint64_t value)
{
    atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t bucket_of(int64_t us)
{
    size_t bucket = 0;

    while (bucket < COUNT_OF(BOUNDS_US) && us > BOUNDS_US[bucket]) {
        bucket++;
    }
    return bucket;
}

void metrics_request(struct metrics *metrics, size_t index, int status, int64_t duration_us,
                     int64_t database_us, uint64_t bytes)
{
    struct route_metrics *route = &metrics->routes[index];
    size_t slot = 0;

    while (slot < STATUS_SLOTS - 1 && STATUSES[slot] != status) {
        slot++;
    }
    add(&route->status[slot], 1);
    add(&route->duration[bucket_of(duration_us)], 1);
    add(&route->duration_us, duration_us > 0 ? (uint64_t)duration_us : 0);
    if (database_us > 0) {
        add(&route->database[bucket_of(database_us)], 1);
        add(&route->database_us, (uint64_t)database_us);
    }
    add(&route->bytes, bytes);
}

void metrics_refusal(struct metrics *metrics, const char *reason)
{
    for (size_t i = 0; i < REASONS_MAX; i++) {
        const char *none = NULL;
        const char *there = atomic_load(&metrics->refusals[i].reason);
        if (there == NULL &&
            atomic_compare_exchange_strong(&metrics->refusals[i].reason, &none, reason)) {
            there = reason;
        } else if (there == NULL) {
            there = none; /* another thread was faster */
        }
        if (strcmp(there, reason) == 0) {
            add(&metrics->refusals[i].count, 1);
            return;
        }
    }
}

void metrics_aborted(struct metrics *metrics)
{
    add(&metrics->aborted, 1);
}

static void write_head(struct buffer *out, const char *name, const char *help, const char *type)
{
    buffer_printf(out, "# HELP capdo_%s %s\n# TYPE capdo_%s %s\n", name, help, name, type);
}

struct labels {
    const char *method;
    const char *route;
    const char *lane;
};

static struct labels labels_of(const struct metrics *metrics, size_t index)
{
    size_t rows = router_count(metrics->router);

    if (index < rows) {
        const struct route *route = router_row(metrics->router, index);
        return (struct labels){method_name(route->method), route->path, lane_name(route->lane)};
    }
    if (index - rows == METRICS_SITE) {
        return (struct labels){"GET", "site", "memory"};
    }
    return (struct labels){"", "refused", "memory"};
}

static void write_requests(const struct metrics *metrics, struct buffer *out)
{
    write_head(out, "http_requests_total", "Requests answered.", "counter");
    for (size_t i = 0; i < metrics->route_count; i++) {
        struct labels labels = labels_of(metrics, i);
        for (size_t k = 0; k < STATUS_SLOTS; k++) {
            uint64_t value = get(&metrics->routes[i].status[k]);
            if (value > 0) {
                buffer_printf(out,
                              "capdo_http_requests_total{method=\"%s\",route=\"%s\",lane=\"%s\","
                              "status=\"%d\"} %llu\n",
                              labels.method, labels.route, labels.lane, STATUSES[k],
                              (unsigned long long)value);
            }
        }
    }

    write_head(out, "http_response_bytes_total", "Bytes of response bodies.", "counter");
    for (size_t i = 0; i < metrics->route_count; i++) {
        struct labels labels = labels_of(metrics, i);
        uint64_t value = get(&metrics->routes[i].bytes);
        if (value > 0) {
            buffer_printf(out,
                          "capdo_http_response_bytes_total{method=\"%s\",route=\"%s\","
                          "lane=\"%s\"} %llu\n",
                          labels.method, labels.route, labels.lane, (unsigned long long)value);
        }
    }
}

static void write_histogram(struct buffer *out, const char *name, struct labels labels,
                            const _Atomic uint64_t buckets[BUCKETS], uint64_t sum_us)
{
    uint64_t total = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        total += get(&buckets[i]);
    }
    if (total == 0) {
        return;
    }

    uint64_t below = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        below += get(&buckets[i]);
        buffer_printf(
            out, "capdo_%s_bucket{method=\"%s\",route=\"%s\",lane=\"%s\",le=\"%s\"} %llu\n", name,
            labels.method, labels.route, labels.lane,
            i < COUNT_OF(BOUNDS_TEXT) ? BOUNDS_TEXT[i] : "+Inf", (unsigned long long)below);
    }
    buffer_printf(out, "capdo_%s_sum{method=\"%s\",route=\"%s\",lane=\"%s\"} %llu.%06llu\n", name,
                  labels.method, labels.route, labels.lane, (unsigned long long)(sum_us / 1000000),
                  (unsigned long long)(sum_us % 1000000));
    buffer_printf(out, "capdo_%s_count{method=\"%s\",route=\"%s\",lane=\"%s\"} %llu\n", name,
                  labels.method, labels.route, labels.lane, (unsigned long long)below);
}

void metrics_write(const struct metrics *metrics, struct buffer *out)
{
    write_requests(metrics, out);

    write_head(out, "http_request_duration_seconds",
               "Time from the end of the headers to the answer.", "histogram");
    for (size_t i = 0; i < metrics->route_count; i++) {
        write_histogram(out, "http_request_duration_seconds", labels_of(metrics, i),
                        metrics->routes[i].duration, get(&metrics->routes[i].duration_us));
    }

    write_head(out, "database_wait_seconds", "Time a request waited for the database.",
               "histogram");
    for (size_t i = 0; i < metrics->route_count; i++) {
        write_histogram(out, "database_wait_seconds", labels_of(metrics, i),
                        metrics->routes[i].database, get(&metrics->routes[i].database_us));
    }

    write_head(out, "http_guard_refusals_total", "Requests the guard refused, by reason.",
               "counter");
    for (size_t i = 0; i < REASONS_MAX; i++) {
        const char *reason = atomic_load(&metrics->refusals[i].reason);
        if (reason != NULL) {
            buffer_printf(out, "capdo_http_guard_refusals_total{reason=\"%s\"} %llu\n", reason,
                          (unsigned long long)get(&metrics->refusals[i].count));
        }
    }

    write_head(out, "http_requests_aborted_total", "Requests that ended before they were complete.",
               "counter");
    buffer_printf(out, "capdo_http_requests_aborted_total %llu\n",
                  (unsigned long long)get(&metrics->aborted));
}

void metrics_write_gauges(struct buffer *out, const struct metrics_gauge *gauges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(gauges[i].name, gauges[i - 1].name) != 0) {
            write_head(out, gauges[i].name, gauges[i].help, gauges[i].type);
        }
        if (gauges[i].labels != NULL) {
            buffer_printf(out, "capdo_%s{%s} %llu\n", gauges[i].name, gauges[i].labels,
                          (unsigned long long)gauges[i].value);
        } else {
            buffer_printf(out, "capdo_%s %llu\n", gauges[i].name,
                          (unsigned long long)gauges[i].value);
        }
    }
}
