#include <string.h>

#include "db/demo_work.h"
#include "rules/authority.h"
#include "rules/flow.h"
#include "json/writer.h"

/* One dossier while its story is told. */
struct telling {
    struct demo *d;
    const struct demo_case *c;
    const struct ruleset *ruleset;
    const struct demo_authority *authority;
    struct demo_answered answered;
    const char *id;
    const char *code;
    int level;
    const char *reason; /* why another level than the computed one */
    enum dossier_state state;
    int submissions;
    int index;
};

/* Days before today, 0: did not happen. A second submission follows a return. */
struct chain {
    int ruleset;
    int created;
    int submitted;
    int returned;
    int resubmitted;
    int received;
    int appraised;
    int ended;
    bool not_suitable;
    bool incomplete;        /* items are missing */
    enum dossier_state end; /* APPROVED, REFUSED, WITHDRAWN when ended */
};

static const struct chain chains[STORY_COUNT] = {
    [STORY_APPROVED_REVISED] = {.ruleset = RULESET_NEW, .created = 9, .incomplete = true},
    [STORY_SUBMITTED] = {.ruleset = RULESET_NEW, .created = 12, .submitted = 3},
    [STORY_SUBMITTED_LATE] = {.ruleset = RULESET_NEW, .created = 25, .submitted = 15},
    [STORY_RECEIVED] = {.ruleset = RULESET_NEW,
                        .created = 40,
                        .submitted = 24,
                        .returned = 20,
                        .resubmitted = 11,
                        .received = 8},
    [STORY_RECEIVED_LATE] = {.ruleset = RULESET_NEW,
                             .created = 60,
                             .submitted = 42,
                             .received = 37},
    [STORY_APPRAISED] =
        {.ruleset = RULESET_NEW, .created = 38, .submitted = 26, .received = 23, .appraised = 4},
    [STORY_APPRAISED_LATE] =
        {.ruleset = RULESET_OLD, .created = 55, .submitted = 44, .received = 42, .appraised = 19},
    [STORY_NOT_SUITABLE] = {.ruleset = RULESET_NEW,
                            .created = 36,
                            .submitted = 25,
                            .received = 22,
                            .appraised = 5,
                            .not_suitable = true},
    [STORY_DRAFT] = {.ruleset = RULESET_NEW, .created = 6, .incomplete = true},
    [STORY_READY] = {.ruleset = RULESET_NEW, .created = 14},
    [STORY_RETURNED] = {.ruleset = RULESET_OLD, .created = 33, .submitted = 21, .returned = 16},
    [STORY_REFUSED] = {.ruleset = RULESET_NEW,
                       .created = 70,
                       .submitted = 55,
                       .received = 52,
                       .appraised = 34,
                       .ended = 28,
                       .not_suitable = true,
                       .end = DOSSIER_REFUSED},
    [STORY_WITHDRAWN] = {.ruleset = RULESET_NEW,
                         .created = 50,
                         .submitted = 45,
                         .ended = 41,
                         .end = DOSSIER_WITHDRAWN},
};

static const char *const item_words[] = {
    "Mô tả chức năng, phạm vi, quy mô, đối tượng phục vụ; mô hình lô-gic, mô hình vật lý; danh mục "
    "thiết bị, ứng dụng, dịch vụ và quy hoạch mạng của",
    "Thiết kế chi tiết đã được phê duyệt, gồm phân vùng mạng, phương án kết nối, cấp phát địa chỉ và "
    "sao lưu dự phòng của",
    "Thuyết minh loại thông tin, loại hệ thống, căn cứ đề xuất cấp độ và kết quả nhận diện rủi ro ban "
    "đầu của",
    "Phương án về thiết kế, vận hành, kiểm tra đánh giá, quản lý rủi ro, giám sát, sao lưu, ứng cứu sự "
    "cố và kết thúc vận hành của"};

enum { ITEMS_MAX = 32 };

/* What the dossier holds at its level: the ruleset's items, then the documents that a gate before the
 * approval asks for, named by what stands before "_before_". */
static size_t items_of(struct telling *t, const char *ret_ids[static ITEMS_MAX],
                       size_t *ret_documents)
{
    const struct ruleset *ruleset = t->ruleset;
    size_t count = 0;

    for (size_t i = 0; i < ruleset->dossier_item_count && count < ITEMS_MAX; i++) {
        if ((ruleset->dossier_items[i].levels & LEVEL_BIT(t->level)) != 0) {
            ret_ids[count++] = ruleset->dossier_items[i].id;
        }
    }
    *ret_documents = count;
    for (size_t i = 0; i < ruleset->gate_count && count < ITEMS_MAX; i++) {
        const struct gate *gate = &ruleset->gates[i];
        const char *end = strstr(gate->id, "_before_");
        if (end != NULL && gate->mandatory && gate->blocks != NULL &&
            strcmp(gate->blocks, "approved") == 0 && (gate->levels & LEVEL_BIT(t->level)) != 0) {
            ret_ids[count++] =
                arena_str(&t->d->arena, (struct str){gate->id, (size_t)(end - gate->id)}).at;
        }
    }
    return count;
}

static void items_put(struct telling *t, int32_t day, bool incomplete)
{
    const char *ids[ITEMS_MAX];
    size_t documents = 0;
    size_t count = items_of(t, ids, &documents);
    struct demo *d = t->d;

    for (size_t i = 0; i < count && (!incomplete || i < 2); i++) {
        bool gate = i >= documents;
        demo_put(d,
                 "INSERT INTO capdo.dossier_item (dossier_id, item, content, document_number,"
                 " document_date, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                 PARAMETERS(t->id, ids[i],
                            gate ? "Quy chế do người đứng đầu đơn vị vận hành ban hành."
                                 : arena_printf(&d->arena, "%s %s.",
                                                item_words[i % COUNT_OF(item_words)], t->c->name),
                            arena_printf(&d->arena, "%d/%s-%s", t->index + 11 + (int)i,
                                         gate ? "QĐ" : "TM", t->c->operator_unit->code),
                            demo_date(d, demo_workday(d, day - (gate ? 30 : 0))),
                            demo_time(d, day, 9, 5 + (int)i), t->c->operator_unit->staff.id));
    }
}

static void event_put(struct telling *t, const char *from, enum dossier_state to, const char *at,
                      const struct demo_person *who, const char *capacity, const char *reason,
                      const char *due)
{
    demo_put(
        t->d,
        "INSERT INTO capdo.dossier_event (id, dossier_id, from_state, to_state, at, actor_id,"
        " actor_name, capacity, reason, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        PARAMETERS(demo_id(t->d), t->id, from, dossier_state_info(to)->code, at, who->id, who->name,
                   capacity, reason, due));
}

/* The limit whose clock starts now: its step and its last day, as far as the law sets one. */
static void due_of(struct telling *t, enum dossier_state state, int32_t day, const char **ret_step,
                   const char **ret_due)
{
    const struct time_limit *limit = dossier_time_limit(t->ruleset, state, t->level);

    *ret_step = NULL;
    *ret_due = NULL;
    if (limit == NULL) {
        return;
    }
    *ret_step = limit_step_code(limit->step);
    if (limit->unit != DAY_UNIT_NONE) {
        *ret_due = demo_date(t->d, calendar_add(t->d->calendar, day, limit->days, limit->unit));
    }
}

/* One step: the event, the dossier, and through the triggers the system. column and who are the
 * post that the step is remembered under, or NULL. */
static void move(struct telling *t, enum dossier_state to, int32_t day, int hour,
                 const struct demo_person *who, const char *capacity, const char *reason)
{
    static const char *const columns[DOSSIER_STATE_COUNT] = {
        [DOSSIER_SUBMITTED] =
            ", submitted_by = $6, submitted_at = $5, submissions = submissions + 1",
        [DOSSIER_RECEIVED] = ", received_by = $6, received_at = $5",
        [DOSSIER_APPRAISED] = ", appraised_by = $6, appraised_at = $5",
        [DOSSIER_APPROVED] = ", decided_by = $6, decided_at = $5",
        [DOSSIER_REFUSED] = ", decided_by = $6, decided_at = $5",
    };
    struct demo *d = t->d;
    const char *at = demo_time(d, day, hour, t->index % 60);
    const char *step = NULL;
    const char *due = NULL;

    due_of(t, to, day, &step, &due);
    event_put(t, dossier_state_info(t->state)->code, to, at, who, capacity, reason, due);
    demo_put(
        d,
        arena_printf(&d->arena,
                     "UPDATE capdo.dossier SET state = $2, step = $3, due_on = $4, updated_at = $5,"
                     " version = version + 1%s WHERE id = $1 AND $6::uuid IS NOT NULL",
                     columns[to] == NULL ? "" : columns[to]),
        PARAMETERS(t->id, dossier_state_info(to)->code, step, due, at, who->id));
    demo_put(d, "UPDATE capdo.system SET updated_at = $2, updated_by = $3 WHERE id = $1",
             PARAMETERS(t->c->id, at, who->id));
    t->state = to;
}

static void snapshot_dossier(struct telling *t, struct json_writer *w)
{
    json_name(w, "dossier");
    json_object_begin(w);
    json_member_text(w, "code", t->code);
    json_member_text(w, "ruleset", t->ruleset->id);
    json_member_int(w, "level", t->level);
    json_name(w, "governing");
    json_object_begin(w);
    json_member_text(w, "id", t->authority->governing->id);
    json_member_text(w, "name", t->authority->governing->name);
    json_object_end(w);
    json_name(w, "operator");
    json_object_begin(w);
    json_member_text(w, "id", t->c->operator_unit->id);
    json_member_text(w, "name", t->c->operator_unit->name);
    json_object_end(w);
    json_object_end(w);
}

static void snapshot_system(struct telling *t, struct json_writer *w)
{
    const struct classification *result = &t->answered.result;

    json_name(w, "systems");
    json_array_begin(w);
    json_object_begin(w);
    json_member_text(w, "id", t->c->id);
    json_member_text(w, "code", t->c->code);
    json_member_text(w, "name", t->c->name);
    if (result->level > 0) {
        json_member_int(w, "computed_level", result->level);
    } else {
        json_member_null(w, "computed_level");
    }
    json_member_int(w, "at_least", result->at_least);
    json_member_int(w, "proposed_level", t->level);
    json_member_text(w, "reason", t->reason);
    json_member_raw(w, "facts", str_of(t->answered.json));
    json_object_end(w);
    json_array_end(w);
}

static void snapshot_item(struct telling *t, struct json_writer *w, const char *item)
{
    struct demo *d = t->d;
    struct rows rows;
    enum fault fault = db_borrowed_query(
        d->db,
        "SELECT coalesce(max(content), ''), coalesce(max(document_number), ''), max(document_date)"
        " FROM capdo.dossier_item WHERE dossier_id = $1 AND item = $2",
        PARAMETERS(t->id, item), &rows);

    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "items: %s", db_last_error(d->db));
        return;
    }
    json_name(w, item);
    json_object_begin(w);
    json_member_str(w, "content", rows_str(&rows, 0, 0));
    json_member_str(w, "document_number", rows_str(&rows, 0, 1));
    json_member_text(w, "document_date", rows_copy(&rows, 0, 2, &d->arena));
    json_object_end(w);
    rows_done(&rows);
}

static void snapshot_items(struct telling *t, struct json_writer *w)
{
    const char *ids[ITEMS_MAX];
    size_t documents = 0;
    size_t count = items_of(t, ids, &documents);

    json_name(w, "items");
    json_object_begin(w);
    for (size_t i = 0; i < count && t->d->fault == FAULT_NONE; i++) {
        snapshot_item(t, w, ids[i]);
    }
    json_object_end(w);
}

static void submit(struct telling *t, int32_t day)
{
    struct buffer text;
    struct demo *d = t->d;

    buffer_init(&text, 4096);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    snapshot_dossier(t, &w);
    snapshot_system(t, &w);
    snapshot_items(t, &w);
    json_object_end(&w);
    t->submissions++;
    demo_put(d,
             "INSERT INTO capdo.dossier_submission (dossier_id, number, snapshot, submitted_by,"
             " submitted_at) VALUES ($1, $2, $3, $4, $5)",
             PARAMETERS(t->id, demo_int(d, t->submissions), text.at, t->c->operator_unit->staff.id,
                        demo_time(d, day, 10, t->index % 60)));
    buffer_done(&text);
    move(t, DOSSIER_SUBMITTED, day, 10, &t->c->operator_unit->staff, t->c->operator_unit->name, "");
}

static void appraise(struct telling *t, int32_t day, bool suitable)
{
    static const char *const methods[] = {"meeting", "written", "both"};
    struct demo *d = t->d;
    const struct demo_person *who = &t->authority->appraiser;
    const char *reasons = suitable
                              ? ""
                              : "Phương án chưa nêu biện pháp sao lưu, dự phòng và chưa phân vùng "
                                "mạng máy chủ theo yêu cầu của cấp độ đề xuất.";

    demo_put(
        d,
        "INSERT INTO capdo.opinion (id, dossier_id, submission, conclusion, method, reasons,"
        " appraiser_id, appraiser_name, at, capacity, organisation_id) VALUES ($1, $2, $3, $4, $5,"
        " $6, $7, $8, $9, $10, $11)",
        PARAMETERS(demo_id(d), t->id, demo_int(d, t->submissions),
                   suitable ? "suitable" : "not_suitable", methods[t->index % 3], reasons, who->id,
                   who->name, demo_time(d, day, 15, t->index % 60),
                   arena_printf(&d->arena, "%s, %s", role_title(ROLE_APPRAISER).in[LANGUAGE_VI],
                                t->authority->unit->name),
                   t->authority->unit->id));
    demo_put(d, "UPDATE capdo.dossier SET conclusion = $2 WHERE id = $1",
             PARAMETERS(t->id, suitable ? "suitable" : "not_suitable"));
    move(t, DOSSIER_APPRAISED, day, 15, who, t->authority->unit->name, reasons);
}

static void decide(struct telling *t, int32_t day, enum dossier_state outcome)
{
    struct demo *d = t->d;
    enum role role = ROLE_DIRECTOR;
    const struct authority *row = authority_of(t->ruleset, t->level);
    bool by_body = authority_signer(row->approve, &role) && role == ROLE_CHAIRMAN;
    const struct demo_person *signer = by_body ? &t->authority->chairman : &t->authority->director;
    const struct demo_unit *unit = by_body ? t->authority->governing : t->authority->unit;
    const char *suffix = by_body                                ? "QĐ-UBND"
                         : t->authority->unit->label[0] == '\0' ? "QĐ-STTTT"
                                                                : "QĐ-CAT";
    const char *reason =
        outcome == DOSSIER_REFUSED ? "Hồ sơ chưa đáp ứng yêu cầu theo kết luận thẩm định." : "";
    const char *at = demo_time(d, day, 16, t->index % 60);
    const char *capacity = arena_printf(
        &d->arena, "%s, %s", role_title(by_body ? ROLE_CHAIRMAN : ROLE_DIRECTOR).in[LANGUAGE_VI],
        unit->name);

    d->decisions++;
    demo_put(
        d,
        "INSERT INTO capdo.decision (id, dossier_id, outcome, number, decided_on,"
        " organisation_id, signer_id, signer_name, capacity, reason, snapshot_sha256, at)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, snapshot_sha256, $11"
        " FROM capdo.dossier_submission WHERE dossier_id = $2 ORDER BY number DESC LIMIT 1",
        PARAMETERS(demo_id(d), t->id, dossier_state_info(outcome)->code,
                   arena_printf(&d->arena, "%lld/%s", (long long)(100 + d->decisions * 7), suffix),
                   demo_date(d, day), unit->id, signer->id, signer->name, capacity, reason, at));
    move(t, outcome, day, 16, signer, capacity, reason);
}

static void open_dossier(struct telling *t, int32_t day)
{
    struct demo *d = t->d;
    const struct authority *row = authority_of(t->ruleset, t->level);
    const struct classification *result = &t->answered.result;
    const char *at = demo_time(d, day, 8, t->index % 60);

    t->id = demo_id(d);
    t->code = demo_get(
        d,
        "INSERT INTO capdo.dossier (id, ruleset, governing_id, operator_id, level, approve_party,"
        " prepared_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        " RETURNING code",
        PARAMETERS(t->id, t->ruleset->id, t->authority->governing->id, t->c->operator_unit->id,
                   demo_int(d, t->level), party_code(row->approve), t->c->operator_unit->staff.id,
                   at));
    demo_put(d,
             "INSERT INTO capdo.dossier_system (dossier_id, system_id, computed_level, at_least,"
             " proposed_level, reason, trace) VALUES ($1, $2, $3, $4, $5, $6, $7)",
             PARAMETERS(t->id, t->c->id, result->level > 0 ? demo_int(d, result->level) : NULL,
                        demo_int(d, result->at_least), demo_int(d, t->level), t->reason,
                        t->answered.trace));
    event_put(t, NULL, DOSSIER_DRAFT, at, &t->c->operator_unit->staff, t->c->operator_unit->name,
              "", NULL);
    t->state = DOSSIER_DRAFT;
}

/* The days of the chain, from its end day; the law's days are working days here. */
static void tell_chain(struct telling *t, const struct chain *chain, int32_t end)
{
    const struct demo *d = t->d;
    const struct demo_person *staff = &t->c->operator_unit->staff;
    int32_t created = demo_workday(d, end - chain->created);

    open_dossier(t, created);
    items_put(t, created, chain->incomplete);
    if (chain->submitted > 0) {
        submit(t, demo_workday(d, end - chain->submitted));
    }
    if (chain->returned > 0) {
        move(t, DOSSIER_RETURNED, demo_workday(d, end - chain->returned), 11,
             &t->authority->appraiser, t->authority->unit->name,
             "Đề nghị bổ sung sơ đồ phân vùng mạng và phương án sao lưu, dự phòng.");
    }
    if (chain->resubmitted > 0) {
        demo_put(
            t->d,
            "UPDATE capdo.dossier_item SET content = content || ' Đã bổ sung sơ đồ phân vùng mạng và "
            "phương án sao lưu, dự phòng.', version = version + 1 WHERE dossier_id = $1 AND item = "
            "(SELECT max(item) FROM capdo.dossier_item WHERE dossier_id = $1)",
            PARAMETERS(t->id));
        submit(t, demo_workday(d, end - chain->resubmitted));
    }
    if (chain->received > 0) {
        move(t, DOSSIER_RECEIVED, demo_workday(d, end - chain->received), 14,
             &t->authority->appraiser, t->authority->unit->name, "");
    }
    if (chain->appraised > 0) {
        appraise(t, demo_workday(d, end - chain->appraised), !chain->not_suitable);
    }
    if (chain->end == DOSSIER_WITHDRAWN) {
        move(t, DOSSIER_WITHDRAWN, demo_workday(d, end - chain->ended), 9, staff,
             t->c->operator_unit->name, "Rút hồ sơ để rà soát lại phạm vi hệ thống.");
    } else if (chain->end == DOSSIER_APPROVED || chain->end == DOSSIER_REFUSED) {
        decide(t, demo_workday(d, end - chain->ended), chain->end);
    }
}

static bool was_merged(const struct demo_unit *unit)
{
    for (size_t i = 0; i < demo_merged_place_count; i++) {
        if (strstr(unit->name, demo_merged_places[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static int32_t day_between(struct demo *d, const char *from, const char *to)
{
    struct date date = {1970, 1, 1};

    (void)date_from_text(from, &date);
    int32_t first = date_to_day(date);
    int32_t last = first;
    if (to == NULL) {
        last = d->today - 5;
    } else if (date_from_text(to, &date)) {
        last = date_to_day(date);
    }
    return last <= first ? first : first + (int32_t)demo_chance(d, (uint64_t)(last - first));
}

static void tell(struct demo *d, const struct demo_case *c, const struct demo_authority *authority,
                 const struct chain *chain, int32_t end, int index)
{
    struct telling t = {.d = d,
                        .c = c,
                        .ruleset = d->rulesets[chain->ruleset],
                        .authority = authority,
                        .reason = "",
                        .index = index};

    demo_answer(d, c->profile, chain->ruleset, c->people, &t.answered);
    t.level = t.answered.result.level;
    if (t.level == 1 && chain->submitted == 3) {
        t.level = 2;
        t.reason = "Hệ thống sẽ kết nối với hệ thống quản lý văn bản và điều hành trong năm tới.";
    }
    if (t.level < 1 || d->fault != FAULT_NONE) {
        return;
    }
    tell_chain(&t, chain, end);
}

int demo_story_ruleset(enum demo_story story)
{
    bool old = story == STORY_APPROVED_LONG_AGO || story == STORY_APPROVED_OLD_LAW ||
               story == STORY_APPROVED_REVISED;

    if (chains[story].created > 0 && story != STORY_APPROVED_REVISED) {
        return chains[story].ruleset;
    }
    return old ? RULESET_OLD : RULESET_NEW;
}

void demo_tell(struct demo *d, const struct demo_case *c, enum demo_story story, int index)
{
    const struct chain approved = {.ruleset = RULESET_OLD,
                                   .created = 32,
                                   .submitted = 22,
                                   .received = 20,
                                   .appraised = 6,
                                   .ended = 1,
                                   .end = DOSSIER_APPROVED};
    struct chain by_new_law = approved;
    const struct demo_authority *now =
        demo_is_shared(c) ? &d->authorities[AUTHORITY_BY_COUNCIL] : c->authority;
    bool province = now == &d->authorities[AUTHORITY_NOW];

    by_new_law.ruleset = RULESET_NEW;
    by_new_law.created = 18;
    by_new_law.submitted = 15;
    by_new_law.received = 14;
    if (d->fault != FAULT_NONE || story == STORY_NO_DOSSIER) {
        return;
    }
    if (story == STORY_APPROVED_LONG_AGO) {
        const struct demo_authority *then = &d->authorities[AUTHORITY_BEFORE];
        if (was_merged(c->operator_unit)) {
            then = &d->authorities[AUTHORITY_OLD_PROVINCE];
        }
        tell(d, c, province ? then : now, &approved, day_between(d, "2022-11-15", "2025-02-20"),
             index);
    } else if (story == STORY_APPROVED_OLD_LAW || story == STORY_APPROVED_REVISED) {
        tell(d, c, now, &approved, day_between(d, "2025-04-20", "2026-08-10"), index);
    } else if (story == STORY_APPROVED_NEW_LAW) {
        tell(d, c, now, &by_new_law, day_between(d, "2026-09-08", NULL), index);
    }
    if (chains[story].created > 0) {
        tell(d, c, now, &chains[story], d->today, index);
    }
}
