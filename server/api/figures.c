#include "api/figures.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/service.h"
#include "db/label.h"
#include "db/stats.h"
#include "db/system.h"
#include "rules/label.h"

enum { EXPIRING_DAYS = 30, DUE_SOON_DAYS = 3 };

#define SYSTEMS "/api/v1/systems"
#define DOSSIERS "/api/v1/dossiers"
#define LABELS "/api/v1/labels"

void figures_add(struct figures *figures, struct figure figure)
{
    if (figures->count == figures->capacity) {
        int capacity = figures->capacity == 0 ? 32 : figures->capacity * 2;
        struct figure *rows = ARENA_ARRAY(figures->arena, (size_t)capacity, struct figure);
        if (figures->count > 0) {
            memcpy(rows, figures->rows, (size_t)figures->count * sizeof(*rows));
        }
        figures->rows = rows;
        figures->capacity = capacity;
    }
    figures->rows[figures->count++] = figure;
}

/* The count in a column of the row whose first column is the key; 0 when there is none. */
static int64_t count_of(const struct rows *rows, const char *key, int column)
{
    for (int i = 0; i < rows->count; i++) {
        if (str_is(rows_str(rows, i, 0), key)) {
            return rows_int(rows, i, column, 0);
        }
    }
    return 0;
}

/* Official words are data of the law in force; without one the code itself. */
static struct text official(struct call *call, const char *enumeration, const char *code)
{
    const struct ruleset *ruleset = service_current_ruleset(call->service);
    const struct enumeration *words =
        ruleset == NULL ? NULL : ruleset_enumeration(ruleset, enumeration);

    for (size_t i = 0; words != NULL && i < words->value_count; i++) {
        if (strcmp(words->values[i].id, code) == 0) {
            return words->values[i].label;
        }
    }
    return TEXT(code, code);
}

static enum fault by_level(struct call *call, const struct actor *actor, struct figures *figures)
{
    struct arena *arena = call->arena;
    struct rows rows;
    enum fault fault = stats_by_level(call->db, actor, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int level = 1; level <= LEVEL_MAX; level++) {
        const char *key = arena_printf(arena, "%d", level);
        figures_add(figures, (struct figure){key,
                                             TEXT(arena_printf(arena, "Cấp độ %d", level),
                                                  arena_printf(arena, "Level %d", level)),
                                             "systems", count_of(&rows, key, 1),
                                             arena_printf(arena, SYSTEMS "?level=%d", level)});
    }
    figures_add(figures,
                (struct figure){"none", TEXT("Chưa xác định cấp độ", "No level yet"), "systems",
                                count_of(&rows, "0", 1), SYSTEMS "?level=none"});
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault by_status(struct call *call, const struct actor *actor, struct figures *figures)
{
    struct rows rows;
    enum fault fault = stats_by_status(call->db, actor, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; SYSTEM_APPROVAL_STATUSES[i] != NULL; i++) {
        const char *key = SYSTEM_APPROVAL_STATUSES[i];
        figures_add(figures,
                    (struct figure){key, official(call, "approval_status", key), "systems",
                                    count_of(&rows, key, 1),
                                    arena_printf(call->arena, SYSTEMS "?approval_status=%s", key)});
    }
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault progress(struct call *call, const struct actor *actor, struct figures *figures)
{
    struct rows rows;
    int64_t total = 0;
    int64_t approved = 0;
    enum fault fault = stats_by_plan(call->db, actor, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; SYSTEM_PLAN_STATUSES[i] != NULL; i++) {
        const char *key = SYSTEM_PLAN_STATUSES[i];
        int64_t value = count_of(&rows, key, 2);
        total += count_of(&rows, key, 1);
        approved += value;
        figures_add(figures,
                    (struct figure){
                        key, official(call, "plan_implementation_status", key), "approved", value,
                        arena_printf(call->arena,
                                     SYSTEMS "?approval_status=approved&plan_status=%s", key)});
    }
    rows_done(&rows);
    figures_add(figures, (struct figure){"approved", official(call, "approval_status", "approved"),
                                         "systems", approved, SYSTEMS "?approval_status=approved"});
    figures_add(figures, (struct figure){"total", TEXT("Tổng số hệ thống", "All systems"),
                                         "systems", total, SYSTEMS});
    return FAULT_NONE;
}

static enum fault by_organisation(struct call *call, const struct actor *actor,
                                  struct figures *figures)
{
    static const struct {
        const char *measure;
        const char *list; /* followed by the id */
        int column;
    } MEASURES[] = {
        {"systems", SYSTEMS "?operator_id=", 2},
        {"approved", SYSTEMS "?approval_status=approved&operator_id=", 3},
        {"overdue", DOSSIERS "?overdue=true&operator_id=", 4},
    };
    struct rows rows;
    enum fault fault = stats_by_operator(call->db, actor, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count; i++) {
        const char *id = rows_copy(&rows, i, 0, call->arena);
        const char *name = rows_copy(&rows, i, 1, call->arena);
        for (size_t m = 0; m < COUNT_OF(MEASURES); m++) {
            figures_add(figures,
                        (struct figure){id, TEXT(name, name), MEASURES[m].measure,
                                        rows_int(&rows, i, MEASURES[m].column, 0),
                                        arena_printf(call->arena, "%s%s", MEASURES[m].list, id)});
        }
    }
    rows_done(&rows);
    return FAULT_NONE;
}

/* A day as text, so many (working) days from today. */
static const char *day_text(struct call *call, int days, enum day_unit unit)
{
    char *text = arena_alloc(call->arena, CALENDAR_DATE_TEXT_BYTES);
    int32_t today = date_to_day(service_today(call->service));
    int32_t day = unit == DAY_UNIT_WORKING && call->service->calendar != NULL
                      ? calendar_add(call->service->calendar, today, days, unit)
                      : today + days;

    date_to_text(date_from_day(day), text);
    return text;
}

static int64_t count_labels(const struct rows *rows, const char *state, const char *grade,
                            int column)
{
    int64_t count = 0;

    for (int i = 0; i < rows->count; i++) {
        if (str_is(rows_str(rows, i, 0), state) &&
            (grade == NULL || str_is(rows_str(rows, i, 1), grade))) {
            count += rows_int(rows, i, column, 0);
        }
    }
    return count;
}

static void add_label_group(struct figures *figures, const struct rows *rows,
                            enum label_state state, enum label_grade grade)
{
    struct arena *arena = figures->arena;
    const char *state_code = label_state_code(state);
    const char *grade_code = label_grade_code(grade);
    struct text state_title = label_state_title(state);
    struct text grade_title = label_grade_title(grade);
    struct figure figure = {
        .key = arena_printf(arena, "%s.%s", state_code, grade_code),
        .measure = "labels",
        .value = count_labels(rows, state_code, grade_code, 2),
        .href = arena_printf(arena, LABELS "?state=%s&grade=%s", state_code, grade_code),
    };

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        figure.label.in[i] = arena_printf(arena, "%s – %s", state_title.in[i], grade_title.in[i]);
    }
    figures_add(figures, figure);
}

static enum fault labels(struct call *call, const struct actor *actor, struct figures *figures)
{
    const char *today = day_text(call, 0, DAY_UNIT_CALENDAR);
    const char *yesterday = day_text(call, -1, DAY_UNIT_CALENDAR);
    const char *until = day_text(call, EXPIRING_DAYS, DAY_UNIT_CALENDAR);
    const char *granted = label_state_code(LABEL_GRANTED);
    struct rows rows;
    enum fault fault = stats_labels(call->db, actor, today, until, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int state = 0; state < (int)LABEL_STATE_COUNT; state++) {
        for (int grade = 0; grade < (int)LABEL_GRADE_COUNT; grade++) {
            add_label_group(figures, &rows, (enum label_state)state, (enum label_grade)grade);
        }
    }
    figures_add(figures, (struct figure){
                             "expiring", TEXT("Hết hạn trong 30 ngày tới", "Expire within 30 days"),
                             "expiring", count_labels(&rows, granted, NULL, 3),
                             arena_printf(call->arena,
                                          LABELS "?state=%s&expires_on__gte=%s&expires_on__lte=%s",
                                          granted, today, until)});
    figures_add(figures,
                (struct figure){"lapsed",
                                TEXT("Đã quá hạn, chưa ghi nhận hết hạn",
                                     "Past their last day, not recorded as expired"),
                                "lapsed", count_labels(&rows, granted, NULL, 4),
                                arena_printf(call->arena, LABELS "?state=%s&expires_on__lte=%s",
                                             granted, yesterday)});
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault overdue(struct call *call, const struct actor *actor, struct figures *figures)
{
    static const struct {
        enum limit_step step;
        struct text title;
    } STEPS[] = {
        {LIMIT_STEP_COMPLETENESS, {{"Kiểm tra tính hợp lệ của hồ sơ", "Check of completeness"}}},
        {LIMIT_STEP_APPRAISAL, {{"Thẩm định", "Appraisal"}}},
        {LIMIT_STEP_APPROVAL, {{"Phê duyệt", "Approval"}}},
    };
    const char *today = day_text(call, 0, DAY_UNIT_CALENDAR);
    const char *until = day_text(call, DUE_SOON_DAYS, DAY_UNIT_WORKING);
    struct rows rows;
    enum fault fault = stats_due(call->db, actor, today, until, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t i = 0; i < COUNT_OF(STEPS); i++) {
        const char *key = limit_step_code(STEPS[i].step);
        figures_add(figures, (struct figure){
                                 key, STEPS[i].title, "overdue", count_of(&rows, key, 1),
                                 arena_printf(call->arena, DOSSIERS "?step=%s&overdue=true", key)});
        figures_add(figures,
                    (struct figure){key, STEPS[i].title, "due_soon", count_of(&rows, key, 2),
                                    arena_printf(call->arena,
                                                 DOSSIERS "?step=%s&due_on__gte=%s&due_on__lte=%s",
                                                 key, today, until)});
    }
    rows_done(&rows);
    return FAULT_NONE;
}

const char *const FIGURES_VIEWS[FIGURES_VIEW_COUNT] = {"by_level", "by_status", "by_organisation",
                                                       "progress", "labels",    "overdue"};

enum fault figures_compute(struct call *call, int view, const struct actor *actor,
                           struct figures *ret_figures)
{
    typedef enum fault compute_fn(struct call *, const struct actor *, struct figures *);
    static compute_fn *const COMPUTE[FIGURES_VIEW_COUNT] = {by_level, by_status, by_organisation,
                                                            progress, labels,    overdue};

    *ret_figures = (struct figures){.arena = call->arena};
    return COMPUTE[view](call, actor, ret_figures);
}

void figures_write_json(struct json_writer *w, const struct figures *figures)
{
    json_array_begin(w);
    for (int i = 0; i < figures->count; i++) {
        const struct figure *figure = &figures->rows[i];
        json_object_begin(w);
        json_member_text(w, "key", figure->key);
        json_name(w, "label");
        json_object_begin(w);
        json_member_text(w, "vi", figure->label.in[LANGUAGE_VI]);
        json_member_text(w, "en", figure->label.in[LANGUAGE_EN]);
        json_object_end(w);
        json_member_text(w, "measure", figure->measure);
        json_member_int(w, "value", figure->value);
        json_member_text(w, "href", figure->href);
        json_object_end(w);
    }
    json_array_end(w);
}

/* A spreadsheet would run what begins like a formula: an apostrophe makes it text (OWASP). */
static void write_cell(struct buffer *out, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;

    if (!quoted) {
        buffer_text(out, text);
        return;
    }
    buffer_text(out, formula ? "\"'" : "\"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"') {
            buffer_char(out, '"');
        }
        buffer_char(out, *p);
    }
    buffer_char(out, '"');
}

void figures_write_csv(struct buffer *out, const struct figures *figures)
{
    buffer_text(out, "\xEF\xBB\xBFkey,label_vi,label_en,measure,value,href\r\n");
    for (int i = 0; i < figures->count; i++) {
        const struct figure *figure = &figures->rows[i];
        write_cell(out, figure->key);
        buffer_char(out, ',');
        write_cell(out, figure->label.in[LANGUAGE_VI]);
        buffer_char(out, ',');
        write_cell(out, figure->label.in[LANGUAGE_EN]);
        buffer_char(out, ',');
        write_cell(out, figure->measure);
        buffer_printf(out, ",%lld,", (long long)figure->value);
        write_cell(out, figure->href);
        buffer_text(out, "\r\n");
    }
}
