#include "api/stats.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/credential.h"
#include "api/figures.h"
#include "api/memory.h"
#include "api/service.h"

/* The session is checked with each poll, so a browser asks again each time and gets 304. */
static const char CACHE_CONTROL[] = "private, no-cache";

struct wanted {
    int view;
    bool csv;
};

/* "text/csv;q=0.5" -> 500 for "text/csv"; 0 when the type is not named. */
static int quality_of(struct str accept, const char *type)
{
    while (accept.at != NULL) {
        struct str part = str_cut(&accept, ',');
        while (part.length > 0 && (part.at[0] == ' ' || part.at[0] == '\t')) {
            part.at++;
            part.length--;
        }
        struct str name = str_cut(&part, ';');
        while (name.length > 0 && name.at[name.length - 1] == ' ') {
            name.length--;
        }
        if (!str_is(name, type)) {
            continue;
        }
        int quality = 1000;
        for (size_t i = 0; part.at != NULL && i + 2 < part.length; i++) {
            if (part.at[i] == 'q' && part.at[i + 1] == '=') {
                quality = part.at[i + 2] == '1' ? 1000 : 0;
                int weight = 100;
                for (size_t d = i + 4; quality == 0 && d < part.length && weight > 0; d++) {
                    /* digits behind "0." */
                    if (part.at[d] >= '1' && part.at[d] <= '9') {
                        quality = (part.at[d] - '0') * weight;
                    }
                    weight /= 10;
                }
            }
        }
        return quality;
    }
    return 0;
}

static enum fault read_wanted(const struct call *call, struct wanted *ret_wanted,
                              struct reply *reply)
{
    struct str format = call_parameter(call, "format");
    struct str view = call->path_value[0];
    int found = 0;

    while (found < FIGURES_VIEW_COUNT && !str_is(view, FIGURES_VIEWS[found])) {
        found++;
    }
    if (found == FIGURES_VIEW_COUNT) {
        return FAULT_NOT_FOUND;
    }
    if (format.at != NULL && !str_is(format, "json") && !str_is(format, "csv")) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "Tham số “format” phải là json hoặc csv",
                           "Parameter “format” must be json or csv");
    }
    bool csv = format.at != NULL ? str_is(format, "csv")
                                 : quality_of(call->accept, "text/csv") >
                                       quality_of(call->accept, "application/json");
    *ret_wanted = (struct wanted){found, csv};
    return FAULT_NONE;
}

/* Equal for two requests exactly if their answers are, as long as no row changes. */
static const char *answer_key(struct call *call, struct wanted wanted, const char *view)
{
    char today[CALENDAR_DATE_TEXT_BYTES];

    date_to_text(service_today(call->service), today);
    return arena_printf(call->arena, "%s|%s|%s|%s", FIGURES_VIEWS[wanted.view],
                        wanted.csv ? "csv" : "json", today, view);
}

static void fill(struct call *call, struct wanted wanted, struct str body, const char *etag,
                 struct reply *reply)
{
    reply->type = wanted.csv ? REPLY_CSV : REPLY_JSON;
    reply->etag = etag;
    reply->cache_control = CACHE_CONTROL;
    if (call_not_modified(call, etag)) {
        reply->status = 304;
        return;
    }
    buffer_init(&reply->body, body.length + 1);
    buffer_str(&reply->body, body);
}

static enum fault stats_memory(struct call *call, struct reply *reply)
{
    struct credential credential;
    const char *view = NULL;
    const char *etag = NULL;
    unsigned permissions = 0;
    struct str body;
    struct wanted wanted;

    /* Everything else, refusals included, is the lane's business. */
    struct reply unsaid = {0};
    if (credential_read(call, &unsaid, &credential) != FAULT_NONE ||
        read_wanted(call, &wanted, &(struct reply){0}) != FAULT_NONE ||
        !memory_session_get(call->service, credential.memory_key, call->arena, &view,
                            &permissions) ||
        (permissions & PERMISSION_BIT(call->route->permission)) == 0 ||
        !memory_answer_get(call->service, answer_key(call, wanted, view), call->arena, &body,
                           &etag)) {
        return FAULT_NONE;
    }
    credential_used(call, &credential);
    fill(call, wanted, body, etag, reply);
    return FAULT_NONE;
}

/* The hash of the figures alone: neither the time nor the version of data that did not change them
 * makes a poll load them again. */
static const char *figures_etag(struct call *call, struct wanted wanted, struct str figures)
{
    unsigned char digest[16];
    char hex[sizeof(digest) * 2 + 1];
    crypto_generichash_state state;
    const char *view = FIGURES_VIEWS[wanted.view];

    (void)crypto_generichash_init(&state, NULL, 0, sizeof(digest));
    (void)crypto_generichash_update(&state, (const unsigned char *)view, strlen(view) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)(wanted.csv ? "c" : "j"), 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)figures.at, figures.length);
    (void)crypto_generichash_final(&state, digest, sizeof(digest));
    (void)sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    return arena_printf(call->arena, "\"%s\"", hex);
}

struct moment {
    unsigned long data_version;
    uint64_t access_version;
    char version_text[DATA_VERSION_BYTES];
    char as_of[TIME_TEXT_BYTES];
};

/* Taken before the first statement: what is remembered is never newer than it says. */
static void moment_now(struct call *call, struct moment *ret_moment)
{
    ret_moment->data_version = atomic_load(&call->service->data_version);
    ret_moment->access_version = memory_access_version(call->service);
    service_data_version(call->service, ret_moment->version_text);
    time_to_text(clock_wall_us(&call->service->clock), ret_moment->as_of);
}

static void write_body(struct buffer *out, struct wanted wanted, const struct moment *moment,
                       struct str figures)
{
    if (wanted.csv) {
        buffer_str(out, figures);
        return;
    }
    struct json_writer w = json_writer(out);
    json_object_begin(&w);
    json_member_text(&w, "view", FIGURES_VIEWS[wanted.view]);
    json_member_text(&w, "as_of", moment->as_of);
    json_member_text(&w, "data_version", moment->version_text);
    json_member_raw(&w, "rows", figures);
    json_object_end(&w);
}

/* The whole answer and its tag; the text lives in the call's arena. */
static enum fault compute(struct call *call, struct wanted wanted, const struct moment *moment,
                          struct str *ret_body, const char **ret_etag)
{
    struct figures figures;
    enum fault fault = figures_compute(call, wanted.view, call->actor, &figures);

    if (fault != FAULT_NONE) {
        return fault;
    }

    struct buffer rows;
    struct buffer body;
    buffer_init(&rows, 4 * KIB);
    buffer_init(&body, 4 * KIB);
    struct json_writer w = json_writer(&rows);
    if (wanted.csv) {
        figures_write_csv(&rows, &figures);
    } else {
        figures_write_json(&w, &figures);
    }
    struct str row_text = {rows.at, rows.length};
    *ret_etag = figures_etag(call, wanted, row_text);
    write_body(&body, wanted, moment, row_text);
    *ret_body = arena_str(call->arena, (struct str){body.at, body.length});
    buffer_done(&rows);
    buffer_done(&body);
    return FAULT_NONE;
}

static enum fault stats_get(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *etag = NULL;
    struct str body;
    struct moment moment;
    struct wanted wanted;
    struct credential credential;

    moment_now(call, &moment);
    enum fault fault = read_wanted(call, &wanted, reply);
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    /* A session that was asked for anew, or another one that sees the same, finds the answer. */
    const char *view = memory_view_of(actor, call->arena);
    const char *key = answer_key(call, wanted, view);
    if (!memory_answer_get(call->service, key, call->arena, &body, &etag)) {
        fault = compute(call, wanted, &moment, &body, &etag);
        if (fault != FAULT_NONE) {
            return fault;
        }
        memory_answer_put(call->service, key, moment.data_version, body, etag);
    }
    if (credential_read(call, reply, &credential) == FAULT_NONE) {
        memory_session_put(call->service, credential.memory_key, actor, view,
                           moment.access_version);
    }
    fill(call, wanted, body, etag, reply);
    return FAULT_NONE;
}

static const char *const PARAMETERS_KNOWN[] = {"format", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/stats/{view}", "stats_get", PERMISSION_STATS_READ, LANE_HEAVY, 0, 0,
     PARAMETERS_KNOWN, stats_get, stats_memory},
};

const struct route_table stats_routes = {ROUTES, COUNT_OF(ROUTES)};
