#include "http/operate.h"

#include "api/dispatch.h"
#include "http/exchange.h"

static enum fault healthz(struct call *call, struct reply *reply)
{
    (void)call;
    reply->type = REPLY_JSON;
    buffer_text(&reply->body, "{\"status\":\"ok\"}");
    return FAULT_NONE;
}

static enum fault readyz(struct call *call, struct reply *reply)
{
    const struct http_core *core = exchange_of_call(call)->core;

    if (atomic_load(&core->stopping)) {
        return FAULT_STOPPING;
    }
    if (!health_database_is_up(&core->health)) {
        return FAULT_DATABASE_DOWN;
    }
    reply->type = REPLY_JSON;
    buffer_text(&reply->body, "{\"status\":\"ready\"}");
    return FAULT_NONE;
}

static uint64_t swept(const struct http_core *core, enum sweep_phase phase)
{
    return atomic_load_explicit(&core->sweeper.cut[phase], memory_order_relaxed);
}

static enum fault metrics(struct call *call, struct reply *reply)
{
    struct http_core *core = exchange_of_call(call)->core;
    struct lanes_state lanes = lanes_state(core->lanes);
    struct security_sink_state security = dispatch_security_state(call);
    struct lanes_state hashes = lanes_state(core->hashes);
    const char swept_name[] = "http_connections_swept_total";
    const char swept_help[] = "Connections cut because they were too slow, by phase.";
    const char queue_name[] = "lane_queue_length";
    const char queue_help[] = "Requests waiting for a worker, by lane.";
    const char sink_name[] = "security_sink_up";
    const char sink_help[] = "1 while the security log can be written there.";
    const char busy_name[] = "lane_workers_busy";
    const char busy_help[] = "Workers at work, by lane.";
    const struct metrics_gauge gauges[] = {
        {"http_connections", "Open connections.", "gauge", NULL,
         (uint64_t)sweeper_count(&core->sweeper)},
        {queue_name, queue_help, "gauge", "lane=\"work\"", lanes.queued_work},
        {queue_name, queue_help, "gauge", "lane=\"heavy\"", lanes.queued_heavy},
        {queue_name, queue_help, "gauge", "lane=\"hash\"", hashes.queued_work},
        {busy_name, busy_help, "gauge", "lane=\"work\"",
         (uint64_t)(lanes.running - lanes.running_heavy)},
        {busy_name, busy_help, "gauge", "lane=\"heavy\"", (uint64_t)lanes.running_heavy},
        {busy_name, busy_help, "gauge", "lane=\"hash\"", (uint64_t)hashes.running},
        {"lane_refused_total", "Requests refused because the queue was full.", "counter", NULL,
         lanes.refused + hashes.refused},
        {"lane_expired_total", "Requests given up because they waited too long.", "counter", NULL,
         lanes.expired + hashes.expired},
        {swept_name, swept_help, "counter", "phase=\"new\"", swept(core, SWEEP_NEW)},
        {swept_name, swept_help, "counter", "phase=\"headers\"", swept(core, SWEEP_HEADERS)},
        {swept_name, swept_help, "counter", "phase=\"body\"", swept(core, SWEEP_BODY)},
        {swept_name, swept_help, "counter", "phase=\"send\"", swept(core, SWEEP_SEND)},
        {swept_name, swept_help, "counter", "phase=\"idle\"", swept(core, SWEEP_IDLE)},
        {"database_up", "1 when the database answered the last question.", "gauge", NULL,
         health_database_is_up(&core->health) ? 1 : 0},
        {"security_events_waiting", "Security events not yet written.", "gauge", NULL,
         security.waiting},
        {"security_events_lost_total", "Security events that found no room or no row.", "counter",
         NULL, security.lost},
        {sink_name, sink_help, "gauge", "sink=\"table\"", security.table_is_up ? 1 : 0},
        {sink_name, sink_help, "gauge", "sink=\"lines\"", security.lines_are_up ? 1 : 0},
        {"stopping", "1 while the server is being stopped.", "gauge", NULL,
         atomic_load(&core->stopping) ? 1 : 0},
    };

    reply->type = REPLY_TEXT;
    metrics_write(core->metrics, &reply->body);
    metrics_write_gauges(&reply->body, gauges, COUNT_OF(gauges));
    return FAULT_NONE;
}

static const struct route ROWS[] = {
    {.method = METHOD_GET,
     .path = "/healthz",
     .operation_id = "healthz",
     .permission = PERMISSION_PUBLIC,
     .lane = LANE_MEMORY,
     .handler = healthz},
    {.method = METHOD_GET,
     .path = "/readyz",
     .operation_id = "readyz",
     .permission = PERMISSION_PUBLIC,
     .lane = LANE_MEMORY,
     .handler = readyz},
    {.method = METHOD_GET,
     .path = "/metrics",
     .operation_id = "metrics",
     .permission = PERMISSION_PUBLIC,
     .lane = LANE_MEMORY,
     .handler = metrics},
};

struct route_table operate_routes(void)
{
    return (struct route_table){ROWS, COUNT_OF(ROWS)};
}
