#include "db/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/uuid.h"
#include "db/demo_work.h"
#include "json/writer.h"

void demo_stop(struct demo *d, enum fault fault, const char *format, ...)
{
    va_list arguments;

    if (d->fault != FAULT_NONE) {
        return;
    }
    d->fault = fault;
    va_start(arguments, format);
    (void)vsnprintf(d->report->message, sizeof(d->report->message), format, arguments);
    va_end(arguments);
}

void demo_progress(struct demo *d, const char *step, int64_t done, int64_t total)
{
    if (d->options->progress != NULL && d->fault == FAULT_NONE) {
        d->options->progress(d->options->progress_context, step, done, total);
    }
}

void demo_put(struct demo *d, const char *sql, const struct db_parameters *parameters)
{
    struct rows rows;

    if (d->fault != FAULT_NONE) {
        return;
    }
    enum fault fault = db_borrowed_query(d->db, sql, parameters, &rows);
    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "%.60s...: %s", sql, db_last_error(d->db));
        return;
    }
    rows_done(&rows);
}

const char *demo_get(struct demo *d, const char *sql, const struct db_parameters *parameters)
{
    struct rows rows;

    if (d->fault != FAULT_NONE) {
        return "";
    }
    enum fault fault = db_borrowed_query(d->db, sql, parameters, &rows);
    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "%.60s...: %s", sql, db_last_error(d->db));
        return "";
    }
    const char *value = rows.count > 0 ? rows_copy(&rows, 0, 0, &d->arena) : NULL;
    rows_done(&rows);
    return value == NULL ? "" : value;
}

/* SplitMix64: any good spread does; what matters is that it starts from the same seed. */
static uint64_t next_chance(struct demo *d)
{
    uint64_t z = d->chance += 0x9e3779b97f4a7c15ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t demo_chance(struct demo *d, uint64_t below)
{
    return next_chance(d) % below;
}

static int64_t id_wall_us(void *context)
{
    struct demo *d = context;

    return d->id_time_us += 1000;
}

static void id_random(void *context, void *ret_bytes, size_t length)
{
    unsigned char *bytes = ret_bytes;

    for (size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)next_chance(context);
    }
}

const char *demo_id(struct demo *d)
{
    const struct clock_source clock = {
        .wall_us = id_wall_us, .random_bytes = id_random, .context = d};
    char *id = arena_alloc(&d->arena, UUID_TEXT_BYTES);

    uuid_new(&clock, id);
    return id;
}

const char *demo_int(struct demo *d, int64_t value)
{
    return arena_printf(&d->arena, "%lld", (long long)value);
}

int32_t demo_workday(const struct demo *d, int32_t day)
{
    while (!calendar_is_working(d->calendar, day)) {
        day--;
    }
    return day;
}

const char *demo_date(struct demo *d, int32_t day)
{
    char *text = arena_alloc(&d->arena, CALENDAR_DATE_TEXT_BYTES);

    date_to_text(date_from_day(day), text);
    return text;
}

const char *demo_time(struct demo *d, int32_t day, int hour, int minute)
{
    return arena_printf(&d->arena, "%s %02d:%02d:00+07", demo_date(d, day), hour, minute);
}

const struct demo_unit *demo_unit_find(const struct demo *d, const char *code)
{
    for (size_t i = 0; i < d->unit_count; i++) {
        if (strcmp(d->units[i].code, code) == 0) {
            return &d->units[i];
        }
    }
    return NULL;
}

/* ---- the systems of the province ---- */

enum { CASES_MAX = 400 };

struct plan {
    struct demo_case cases[CASES_MAX];
    enum demo_story stories[CASES_MAX];
    size_t count;
    int left[LEVEL_MAX + 1]; /* of each level, still to be made */
};

/* Published proportions for one merged province. */
static const int level_share[LEVEL_MAX + 1] = {0, 80, 74, 25, 1, 0};
enum { SHARE_APPROVED = 137, SHARE_APPRAISAL = 22, SHARE_FULL = 101, SHARE_PARTIAL = 54 };

static void plan_add(struct demo *d, struct plan *plan, const struct demo_unit *unit,
                     const struct demo_case *sample, enum demo_story story, int level)
{
    bool party = strcmp(unit->kind, "party") == 0;
    struct demo_case *c = &plan->cases[plan->count];

    *c = *sample;
    c->operator_unit = unit;
    c->authority = &d->authorities[party ? AUTHORITY_PARTY : AUTHORITY_NOW];
    plan->stories[plan->count++] = story;
    if (level >= 1 && level <= LEVEL_MAX) {
        plan->left[level]--;
    }
}

static bool plan_has(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->cases[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void plan_named(struct demo *d, struct plan *plan)
{
    for (size_t i = 0; i < demo_system_count && d->fault == FAULT_NONE; i++) {
        const struct demo_system *s = &demo_systems[i];
        const struct demo_unit *unit = demo_unit_find(d, s->owner);
        struct demo_answered old_law;
        struct demo_answered new_law;

        demo_answer(d, s->profile, RULESET_OLD, s->people, &old_law);
        demo_answer(d, s->profile, RULESET_NEW, s->people, &new_law);
        if (unit == NULL || unit->staff.id == NULL) {
            demo_stop(d, FAULT_INVALID, "no organisation for the system %s", s->name);
            return;
        }
        bool old = demo_story_ruleset(s->story) == RULESET_OLD;
        plan_add(d, plan, unit,
                 &(const struct demo_case){
                     .name = s->name, .profile = s->profile, .people = s->people, .host = s->host},
                 s->story, old ? old_law.result.level : new_law.result.level);
    }
}

/* Takes the patterns in turn, each with its next organisation, until every share is full. */
static void plan_patterns(struct demo *d, struct plan *plan)
{
    size_t next[32] = {0};
    bool added = true;

    while (added && d->fault == FAULT_NONE) {
        added = false;
        for (size_t p = 0; p < demo_pattern_count; p++) {
            const struct demo_pattern *pattern = &demo_patterns[p];
            while (next[p] < d->unit_count && (strcmp(d->units[next[p]].kind, pattern->kind) != 0 ||
                                               d->units[next[p]].staff.id == NULL)) {
                next[p]++;
            }
            if (next[p] >= d->unit_count || plan->left[pattern->level] <= 0 ||
                plan->count >= CASES_MAX) {
                continue;
            }
            const struct demo_unit *unit = &d->units[next[p]++];
            const char *name = arena_printf(&d->arena, "%s %s", pattern->name, unit->name);
            if (!plan_has(plan, name)) {
                plan_add(d, plan, unit,
                         &(const struct demo_case){.name = name,
                                                   .profile = pattern->profile,
                                                   .people = pattern->people,
                                                   .host = pattern->host},
                         STORY_BY_SHARE, pattern->level);
            }
            added = true;
        }
    }
}

static bool is_approved(enum demo_story story)
{
    return story >= STORY_APPROVED_LONG_AGO && story <= STORY_APPROVED_REVISED;
}

static bool is_under_appraisal(enum demo_story story)
{
    return story >= STORY_SUBMITTED && story <= STORY_NOT_SUITABLE;
}

/* Gives the systems without a story of their own one, spread evenly over the list. */
static void plan_stories(struct plan *plan)
{
    static const enum demo_story approved[] = {STORY_APPROVED_OLD_LAW, STORY_APPROVED_LONG_AGO,
                                               STORY_APPROVED_NEW_LAW, STORY_APPROVED_OLD_LAW,
                                               STORY_APPROVED_LONG_AGO};
    static const enum demo_story appraisal[] = {STORY_SUBMITTED,      STORY_RECEIVED,
                                                STORY_SUBMITTED_LATE, STORY_APPRAISED,
                                                STORY_NOT_SUITABLE,   STORY_APPRAISED_LATE};
    static const enum demo_story drafting[] = {STORY_NO_DOSSIER, STORY_RETURNED, STORY_DRAFT,
                                               STORY_READY,      STORY_REFUSED,  STORY_WITHDRAWN};
    size_t open = 0;
    size_t approved_left = SHARE_APPROVED;
    size_t appraisal_left = SHARE_APPRAISAL;

    for (size_t i = 0; i < plan->count; i++) {
        open += plan->stories[i] == STORY_BY_SHARE ? 1 : 0;
        approved_left -= is_approved(plan->stories[i]) ? 1 : 0;
        appraisal_left -= is_under_appraisal(plan->stories[i]) ? 1 : 0;
    }

    size_t appraisal_done = 0;
    size_t drafting_done = 0;
    size_t approved_done = 0;
    size_t drafting_left = open - approved_left - appraisal_left;
    size_t seen = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->stories[i] != STORY_BY_SHARE) {
            continue;
        }
        seen++;
        if (appraisal_done < seen * appraisal_left / open) {
            plan->stories[i] = appraisal[appraisal_done++ % COUNT_OF(appraisal)];
        } else if (drafting_done < seen * drafting_left / open) {
            plan->stories[i] = drafting[drafting_done++ % COUNT_OF(drafting)];
        } else {
            plan->stories[i] = approved[approved_done++ % COUNT_OF(approved)];
        }
    }
}

/* ---- their rows ---- */

static const char *contacts(struct demo *d, const struct demo_case *c)
{
    struct buffer text;

    buffer_init(&text, 256);
    struct json_writer w = json_writer(&text);
    json_array_begin(&w);
    json_object_begin(&w);
    json_member_text(&w, "name", c->operator_unit->staff.name);
    json_member_text(&w, "title", "Đầu mối quản lý hệ thống");
    json_member_text(&w, "email",
                     arena_printf(&d->arena, "daumoi@%s.bacninh.example", c->operator_unit->label));
    json_member_text(&w, "purpose", "business");
    json_object_end(&w);
    json_object_begin(&w);
    json_member_text(&w, "name",
                     arena_printf(&d->arena, "Trực kỹ thuật, %s", c->operator_unit->name));
    json_member_text(&w, "title", "Đầu mối ứng cứu sự cố");
    json_member_text(&w, "email",
                     arena_printf(&d->arena, "truc@%s.bacninh.example", c->operator_unit->label));
    json_member_text(&w, "purpose", "incident");
    json_object_end(&w);
    json_array_end(&w);

    const char *json = arena_copy(&d->arena, text.at);
    buffer_done(&text);
    return json;
}

static const char *addresses(struct demo *d, const struct demo_case *c, int index)
{
    /* Ranges that RFC 5737 reserves for documentation. */
    static const char *const ranges[] = {"192.0.2", "198.51.100", "203.0.113"};
    struct buffer text;

    buffer_init(&text, 256);
    struct json_writer w = json_writer(&text);
    json_array_begin(&w);
    if (c->host != NULL) {
        json_object_begin(&w);
        json_member_text(&w, "kind", "domain");
        json_member_text(&w, "value", c->host);
        json_object_end(&w);
    }
    json_object_begin(&w);
    json_member_text(&w, "kind", "ip_range");
    json_member_text(&w, "value",
                     arena_printf(&d->arena, "%s.%d/29", ranges[index % 3], (index * 8) % 256));
    json_member_text(&w, "note", "Vùng máy chủ ứng dụng");
    json_object_end(&w);
    json_array_end(&w);

    const char *json = arena_copy(&d->arena, text.at);
    buffer_done(&text);
    return json;
}

static const char COMPONENTS[] =
    "[{\"name\":\"Máy chủ ứng dụng\",\"kind\":\"hardware\",\"location\":\"Trung tâm tích hợp dữ liệu "
    "tỉnh\",\"purpose\":\"Chạy ứng dụng\"},"
    "{\"name\":\"Máy chủ cơ sở dữ liệu\",\"kind\":\"hardware\",\"location\":\"Trung tâm tích hợp dữ "
    "liệu tỉnh\",\"purpose\":\"Lưu trữ dữ liệu\"},"
    "{\"name\":\"Hệ quản trị cơ sở dữ liệu\",\"kind\":\"software\",\"product\":\"PostgreSQL\","
    "\"version\":\"15\"},"
    "{\"name\":\"Tường lửa\",\"kind\":\"network\",\"purpose\":\"Phân tách vùng mạng\"}]";

static const char *system_insert(struct demo *d, struct demo_case *c, enum demo_story story,
                                 const char *plan_status, int index)
{
    struct demo_answered answered[DEMO_RULESETS];
    bool drafting = !is_approved(story) && !is_under_appraisal(story);
    /* Registered before its first dossier, whose decision may be three years old. */
    int32_t before = is_approved(story) ? 1700 : 400;
    int32_t day = demo_workday(d, d->today - before - (int32_t)demo_chance(d, 500));
    const char *at = demo_time(d, day, 9, index % 60);

    for (int r = 0; r < DEMO_RULESETS; r++) {
        demo_answer(d, c->profile, r, c->people, &answered[r]);
    }
    int counts = demo_story_ruleset(story);
    const struct classification *level = &answered[counts].result;
    const char *life_cycle = index % 37 == 5                   ? "retired"
                             : story == STORY_APPROVED_REVISED ? "upgrading"
                             : drafting && index % 3 == 0      ? "building"
                             : drafting && index % 7 == 1      ? "planned"
                                                               : "operating";
    const char *facts = arena_printf(&d->arena, "{\"%s\":%s,\"%s\":%s}", d->rulesets[0]->id,
                                     answered[0].json, d->rulesets[1]->id, answered[1].json);
    c->id = demo_id(d);
    return demo_get(
        d,
        "INSERT INTO capdo.system (id, name, purpose, scope, served_users, governing_id, operator_id,"
        " life_cycle, plan_status, ruleset, facts, computed_level, at_least, contacts, addresses,"
        " components, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6,"
        " $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17, $18) RETURNING code",
        PARAMETERS(
            c->id, c->name,
            arena_printf(&d->arena, "Phục vụ công tác chuyên môn của %s.", c->operator_unit->name),
            strcmp(c->operator_unit->kind, "commune") == 0 ? "Cấp xã" : "Toàn tỉnh",
            c->people > 0 ? arena_printf(&d->arena, "Khoảng %d người sử dụng", c->people)
                          : "Cán bộ, công chức và người dân trên địa bàn",
            c->authority->governing->id, c->operator_unit->id, life_cycle, plan_status,
            d->rulesets[counts]->id, facts, level->level > 0 ? demo_int(d, level->level) : NULL,
            demo_int(d, level->at_least), contacts(d, c), addresses(d, c, index), COMPONENTS, at,
            c->operator_unit->staff.id));
}

static const char *host_name(struct demo *d, const struct demo_case *c, int index)
{
    bool of_unit = c->host != NULL && (strcmp(c->host, "www") == 0 || strcmp(c->host, "emr") == 0 ||
                                       strcmp(c->host, "his") == 0);

    if (c->host == NULL) {
        return NULL;
    }
    if (of_unit && strcmp(c->operator_unit->kind, "office") != 0) {
        return arena_printf(&d->arena, "%s.%s.bacninh.example", c->host, c->operator_unit->label);
    }
    (void)index;
    return arena_printf(&d->arena, "%s.bacninh.example", c->host);
}

/* The share of systems whose plan is carried out: the approved ones first. */
static const char *plan_status_next(enum demo_story story, int *full, int *partial)
{
    if (is_approved(story) && *full > 0 && (*full >= *partial || *partial == 0)) {
        (*full)--;
        return "full";
    }
    if (!is_approved(story) && !is_under_appraisal(story)) {
        return "not_started";
    }
    if (*partial > 0) {
        (*partial)--;
        return "partial";
    }
    return "not_started";
}

static void province(struct demo *d)
{
    struct plan *plan = ARENA_NEW(&d->arena, struct plan);
    int full = SHARE_FULL;
    int partial = SHARE_PARTIAL;

    for (int i = 0; i <= LEVEL_MAX; i++) {
        plan->left[i] = level_share[i];
    }
    demo_authorities(d);
    plan_named(d, plan);
    plan_patterns(d, plan);
    plan_stories(plan);
    for (size_t i = 0; i < plan->count && d->fault == FAULT_NONE; i++) {
        struct demo_case *c = &plan->cases[i];
        enum demo_story story = plan->stories[i];
        c->host = host_name(d, c, (int)i);
        c->code = system_insert(d, c, story, plan_status_next(story, &full, &partial), (int)i);
        demo_share(d, c);
        demo_tell(d, c, story, (int)i);
        if (i % 20 == 0) {
            demo_progress(d, "systems", (int64_t)i, (int64_t)plan->count);
        }
    }
    demo_labels(d, plan->cases, plan->count);
    demo_progress(d, "systems", (int64_t)plan->count, (int64_t)plan->count);
}

/* ---- the whole ---- */

static void rulesets_find(struct demo *d)
{
    for (int r = 0; r < DEMO_RULESETS; r++) {
        const char *id = demo_answers[0][r].ruleset;
        for (size_t i = 0; i < d->options->ruleset_count; i++) {
            if (strcmp(d->options->rulesets[i]->id, id) == 0) {
                d->rulesets[r] = d->options->rulesets[i];
            }
        }
        if (d->rulesets[r] == NULL) {
            demo_stop(d, FAULT_INVALID, "the demo needs the ruleset %s", id);
        }
    }
}

static void refuse_if_used(struct demo *d)
{
    const struct db_parameters none = {0};
    const char *systems = demo_get(d, "SELECT count(*) FROM capdo.system", &none);
    const char *accounts = demo_get(d, "SELECT count(*) FROM capdo.account", &none);
    const char *units = demo_get(d, "SELECT count(*) FROM capdo.organisation", &none);

    if (d->fault == FAULT_NONE &&
        (strcmp(systems, "0") != 0 || strcmp(accounts, "0") != 0 || strcmp(units, "0") != 0)) {
        demo_stop(
            d, FAULT_CONFLICT,
            "the database is not empty (%s systems, %s accounts, %s organisations); the demo is "
            "only loaded into an empty one",
            systems, accounts, units);
    }
}

static void count_rows(struct demo *d)
{
    const struct db_parameters none = {0};

    d->report->organisations = atoll(demo_get(d, "SELECT count(*) FROM capdo.organisation", &none));
    d->report->systems = atoll(demo_get(d, "SELECT count(*) FROM capdo.system", &none));
    d->report->dossiers = atoll(demo_get(d, "SELECT count(*) FROM capdo.dossier", &none));
    d->report->labels = atoll(demo_get(d, "SELECT count(*) FROM capdo.label", &none));
}

static int32_t today_of(const struct clock_source *clock)
{
    char text[DATE_TEXT_BYTES];
    struct date date = {1970, 1, 1};

    time_to_date_vn(clock_wall_us(clock), text);
    (void)date_from_text(text, &date);
    return date_to_day(date);
}

enum fault demo_run(struct db *owner, const struct demo_options *options,
                    struct demo_report *report)
{
    static const struct calendar plain = {0};
    struct demo d = {
        .db = owner,
        .options = options,
        .report = report,
        .calendar = options->calendar == NULL ? &plain : options->calendar,
        .chance = 331,
        .today = today_of(options->clock),
    };

    *report = (struct demo_report){0};
    d.id_time_us = ((int64_t)d.today - 1) * 86400 * 1000000;
    arena_init(&d.arena, 0);
    if (db_borrow(owner) == NULL) {
        demo_stop(&d, FAULT_DATABASE_DOWN, "database: %s", db_last_error(owner));
    }
    demo_put(&d, "BEGIN", &(const struct db_parameters){0});
    rulesets_find(&d);
    refuse_if_used(&d);
    demo_people(&d);
    if (options->systems > 0) {
        demo_load(&d);
    } else {
        province(&d);
    }
    count_rows(&d);
    demo_put(&d, "COMMIT", &(const struct db_parameters){0});
    demo_progress(&d, "gathering statistics", 0, 1);
    demo_put(
        &d,
        "VACUUM (ANALYZE) capdo.organisation, capdo.account, capdo.membership, capdo.system,"
        " capdo.dossier, capdo.dossier_system, capdo.dossier_event, capdo.decision, capdo.label",
        &(const struct db_parameters){0});
    demo_progress(&d, "gathering statistics", 1, 1);
    db_return(owner); /* an open transaction is rolled back */
    arena_done(&d.arena);
    return d.fault;
}

enum fault demo_accounts_write(const struct demo_report *report, const char *path)
{
    struct buffer text;
    char temporary[1024];

    buffer_init(&text, 1024);
    struct json_writer w = json_writer(&text);
    json_array_begin(&w);
    for (int i = 0; i < DEMO_ACCOUNTS; i++) {
        json_object_begin(&w);
        json_member_text(&w, "username", report->accounts[i].username);
        json_member_text(&w, "role", report->accounts[i].role);
        json_member_text(&w, "organisation", report->accounts[i].organisation);
        json_member_text(&w, "password", report->accounts[i].password);
        if (report->accounts[i].totp_secret[0] != '\0') {
            json_member_text(&w, "totp_secret", report->accounts[i].totp_secret);
        }
        json_object_end(&w);
    }
    json_array_end(&w);
    buffer_char(&text, '\n');

    (void)snprintf(temporary, sizeof(temporary), "%s.new", path);
    (void)unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && write(fd, text.at, text.length) == (ssize_t)text.length;
    if (fd >= 0) {
        ok = fsync(fd) == 0 && ok;
        ok = close(fd) == 0 && ok;
    }
    ok = ok && rename(temporary, path) == 0;
    sodium_memzero(text.at, text.length);
    buffer_done(&text);
    return ok ? FAULT_NONE : FAULT_INVALID;
}
