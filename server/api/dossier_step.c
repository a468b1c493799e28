#include "api/dossier_parts.h"

#include <string.h>

static const char *const STATES[] = {"draft",    "submitted", "received",  "returned", "appraised",
                                     "approved", "refused",   "withdrawn", NULL};
static const char *const CONCLUSIONS[] = {"suitable", "not_suitable", NULL};
static const char *const METHODS[] = {"meeting", "written", "both", NULL};

struct step_input {
    struct in_text to, reason, conclusion, method, number, date;
};
static const struct field STEP_INPUT[] = {
    FIELD(struct step_input, to, .need = REQUIRED, .choices = STATES),
    FIELD(struct step_input, reason, .max = 4000),
    FIELD(struct step_input, conclusion, .choices = CONCLUSIONS),
    FIELD(struct step_input, method, .choices = METHODS),
    FIELD(struct step_input, number, .max = 60),
    FIELD(struct step_input, date, .format = FORMAT_DATE),
};
const SHAPE(dossier_transition_shape, "DossierTransition", struct step_input, STEP_INPUT);

/* ---- what is possible ---- */

static const char *step_party(const struct dossier_case *dossier,
                              const struct dossier_transition *step)
{
    const struct authority *authority = authority_of(dossier->ruleset, dossier->procedure_level);

    if (step->side == FLOW_SIDE_OPERATOR || authority == NULL) {
        return party_code(PARTY_OPERATOR);
    }
    return party_code(step->side == FLOW_SIDE_APPRAISER ? authority->appraise : authority->approve);
}

static void write_needs(struct json_writer *w, unsigned needs)
{
    static const struct {
        unsigned bit;
        const char *member;
    } NEEDS[] = {
        {FLOW_NEEDS_REASON, "reason"},     {FLOW_NEEDS_CONCLUSION, "conclusion"},
        {FLOW_NEEDS_CONCLUSION, "method"}, {FLOW_NEEDS_NUMBER, "number"},
        {FLOW_NEEDS_DATE, "date"},
    };

    json_name(w, "needs");
    json_array_begin(w);
    for (size_t i = 0; i < COUNT_OF(NEEDS); i++) {
        if ((needs & NEEDS[i].bit) != 0) {
            json_text(w, NEEDS[i].member);
        }
    }
    json_array_end(w);
}

static void write_step(struct call *call, struct json_writer *w, const struct dossier_case *dossier,
                       const struct dossier_transition *step)
{
    struct dossier_block blocks[DOSSIER_BLOCKS_MAX];
    int count = dossier_blocks(call, dossier, step->to, NULL, dossier_today(call), blocks);

    json_object_begin(w);
    json_member_text(w, "to", dossier_state_info(step->to)->code);
    json_member_bool(w, "allowed", count == 0);
    json_member_text(w, "permission", permission_code(step->permission));
    json_member_text(w, "party", step_party(dossier, step));
    write_needs(w, step->needs);
    json_name(w, "blocked");
    json_array_begin(w);
    for (int i = 0; i < count; i++) {
        dossier_block_write(w, &blocks[i], call->language);
    }
    json_array_end(w);
    json_object_end(w);
}

enum fault dossier_transition_list(struct call *call, struct reply *reply)
{
    struct dossier_case dossier;
    const struct actor *actor = NULL;
    const char *id = NULL;
    size_t count = 0;
    const struct dossier_transition *steps = dossier_transitions(&count);
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_case_load(call, actor, id, false, &dossier);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 4 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "state", dossier.record.state);
    json_member_int(&w, "version", dossier.record.version);
    json_name(&w, "items");
    json_array_begin(&w);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].from == dossier.state) {
            write_step(call, &w, &dossier, &steps[i]);
        }
    }
    json_array_end(&w);
    json_object_end(&w);
    return FAULT_NONE;
}

/* ---- taking a step ---- */

struct step {
    struct dossier_case dossier;
    struct step_input in;
    const struct actor *actor;
    const struct dossier_transition *row;
    struct dossier_capacity capacity;
    const char *today;
    const char *clock;  /* code of the step whose time runs now, or NULL */
    const char *due_on; /* or NULL */
};

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

/* What a refusal is to the client: the worst of its reasons. */
static enum fault fault_of(enum flow_reason reason)
{
    switch (reason) {
    case FLOW_REASON_MISSING_PERMISSION:
    case FLOW_REASON_NOT_YOUR_ORGANISATION:
    case FLOW_REASON_WRONG_PARTY:
    case FLOW_REASON_NOT_HEAD:
    case FLOW_REASON_APPRAISED_ELSEWHERE:
    case FLOW_REASON_LEVEL_NOT_DELEGATED:
    case FLOW_REASON_AUTHORITY_NOT_STARTED:
    case FLOW_REASON_AUTHORITY_ENDED:
        return FAULT_FORBIDDEN;
    case FLOW_REASON_NOT_INDEPENDENT:
        return FAULT_NOT_INDEPENDENT;
    case FLOW_REASON_PREPARER_CANNOT_APPRAISE:
    case FLOW_REASON_PREPARER_CANNOT_APPROVE:
    case FLOW_REASON_APPRAISER_CANNOT_APPROVE:
        return FAULT_SAME_PERSON;
    case FLOW_REASON_REASON_REQUIRED:
    case FLOW_REASON_CONCLUSION_REQUIRED:
    case FLOW_REASON_NUMBER_REQUIRED:
    case FLOW_REASON_DATE_REQUIRED:
        return FAULT_INVALID;
    case FLOW_REASON_WRONG_STATE:
    case FLOW_REASON_INCOMPLETE_ITEMS:
    case FLOW_REASON_GATE:
    case FLOW_REASON_CONCLUSION_NOT_SUITABLE:
    case FLOW_REASON_LEVEL_BELOW_COMPUTED:
    case FLOW_REASON_LEVEL_UNDETERMINED:
    case FLOW_REASON_LEVEL_REASON_REQUIRED:
    case FLOW_REASON_LEVEL_OUT_OF_SCOPE:
    case FLOW_REASON_COUNT:
    default:
        return FAULT_TRANSITION_BLOCKED;
    }
}

static int weight(enum fault fault)
{
    static const enum fault ORDER[] = {FAULT_NONE,        FAULT_INVALID,   FAULT_TRANSITION_BLOCKED,
                                       FAULT_SAME_PERSON, FAULT_FORBIDDEN, FAULT_NOT_INDEPENDENT};

    for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
        if (ORDER[i] == fault) {
            return (int)i;
        }
    }
    return 0;
}

static enum fault refuse(struct call *call, const struct step *step,
                         const struct dossier_block *blocks, int count, struct reply *reply)
{
    enum fault worst = FAULT_NONE;

    for (int i = 0; i < count; i++) {
        enum fault fault = fault_of(blocks[i].reason);
        problems_add(&call->problems, blocks[i].pointer == NULL ? "" : blocks[i].pointer,
                     blocks[i].code, NULL, blocks[i].text);
        if (weight(fault) > weight(worst)) {
            worst = fault;
            reply->detail[LANGUAGE_VI] = blocks[i].text.in[LANGUAGE_VI];
            reply->detail[LANGUAGE_EN] = blocks[i].text.in[LANGUAGE_EN];
        }
    }
    if (worst == FAULT_FORBIDDEN && step->row != NULL) {
        reply->missing_right = permission_code(step->row->permission);
    }
    return worst;
}

/* A decision is dated between the appraisal and today. */
static void check_input(struct call *call, const struct step *step)
{
    const char *date = step->in.date.value;

    if ((step->row->needs & FLOW_NEEDS_CONCLUSION) != 0 && step->in.method.value == NULL) {
        problems_add(
            &call->problems, "/method", "required", NULL,
            TEXT("Phải chọn hình thức thẩm định", "The form of the appraisal is required"));
    }
    if ((step->row->needs & FLOW_NEEDS_DATE) == 0 || date == NULL) {
        return;
    }
    if (strcmp(date, step->today) > 0) {
        problems_add(&call->problems, "/date", "date_in_future", NULL,
                     TEXT("Ngày quyết định không được sau hôm nay",
                          "The date of the decision is in the future"));
    }
    if (step->dossier.record.appraised_on != NULL &&
        strcmp(date, step->dossier.record.appraised_on) < 0) {
        problems_add(&call->problems, "/date", "date_before_appraisal", NULL,
                     TEXT("Ngày quyết định không được trước ngày thẩm định",
                          "The date of the decision is before the appraisal"));
    }
}

static enum fault check_step(struct call *call, struct step *step, enum dossier_state to,
                             struct reply *reply)
{
    struct dossier_block blocks[DOSSIER_BLOCKS_MAX];
    struct flow_input input = {
        .has_reason = !is_blank(step->in.reason.value),
        .has_number = !is_blank(step->in.number.value),
        .has_date = step->in.date.value != NULL,
    };

    if (step->in.conclusion.value != NULL) {
        (void)conclusion_from_code(step->in.conclusion.value, &input.conclusion);
    }
    int count =
        dossier_blocks(call, &step->dossier, to, &input,
                       step->in.date.value == NULL ? step->today : step->in.date.value, blocks);
    enum fault fault = refuse(call, step, blocks, count, reply);
    if (step->row == NULL || (fault != FAULT_NONE && fault != FAULT_INVALID)) {
        return fault;
    }
    check_input(call, step);
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

/* ---- time ---- */

/* The appraisal's clock ran while the dossier lay with the appraiser since the last opinion; a
 * return pauses it. Returns the number of spans, the running one included. */
enum { SPANS_MAX = 64 };

static enum fault appraisal_spans(struct call *call, const char *id, int32_t today,
                                  struct clock_span spans[static SPANS_MAX], size_t *ret_count)
{
    struct rows rows;
    size_t count = 0;
    bool running = false;
    enum fault fault = dossier_moves(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count; i++) {
        enum dossier_state state = DOSSIER_DRAFT;
        struct date date = {0};
        if (!dossier_state_from_code(rows_str(&rows, i, 0).at, &state) ||
            !date_from_text(rows_str(&rows, i, 1).at, &date)) {
            continue;
        }
        if (state == DOSSIER_APPRAISED) {
            count = 0;
        } else if (running) {
            spans[count - 1].to = date_to_day(date);
        }
        running = state == DOSSIER_RECEIVED && count < SPANS_MAX - 1;
        if (running) {
            spans[count++] = (struct clock_span){date_to_day(date), CLOCK_RUNNING};
        }
    }
    rows_done(&rows);
    spans[count++] = (struct clock_span){today, CLOCK_RUNNING};
    *ret_count = count;
    return FAULT_NONE;
}

static const char *clock_code(enum dossier_state state)
{
    switch (dossier_state_info(state)->clock) {
    case CLOCK_STEP_COMPLETENESS:
        return limit_step_code(LIMIT_STEP_COMPLETENESS);
    case CLOCK_STEP_APPRAISAL:
        return limit_step_code(LIMIT_STEP_APPRAISAL);
    case CLOCK_STEP_APPROVAL:
        return limit_step_code(LIMIT_STEP_APPROVAL);
    case CLOCK_STEP_NONE:
    case CLOCK_STEP_PAUSED:
    default:
        return NULL;
    }
}

/* Which clock starts with this step, and when it runs out. */
static enum fault start_clock(struct call *call, struct step *step)
{
    enum dossier_state to = step->row->to;
    const struct time_limit *limit =
        dossier_time_limit(step->dossier.ruleset, to, step->dossier.procedure_level);
    int32_t today = date_to_day(service_today(call->service));
    struct clock_span spans[SPANS_MAX] = {{today, CLOCK_RUNNING}};
    size_t count = 1;
    int32_t due = 0;
    int left = 0;

    step->clock = clock_code(to);
    if (limit == NULL || limit->unit == DAY_UNIT_NONE) {
        return FAULT_NONE;
    }
    if (to == DOSSIER_RECEIVED) {
        enum fault fault = appraisal_spans(call, step->dossier.record.id, today, spans, &count);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    if (calendar_due(call->service->calendar, limit->days, limit->unit, spans, count, &due,
                     &left)) {
        char *text = arena_alloc(call->arena, CALENDAR_DATE_TEXT_BYTES);
        date_to_text(date_from_day(due), text);
        step->due_on = text;
    }
    return FAULT_NONE;
}

/* ---- writing ---- */

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* Before the move: what is written only while the dossier is where it is. */
static enum fault write_before(struct call *call, const struct step *step)
{
    const struct dossier_case *dossier = &step->dossier;

    if (step->row->to == DOSSIER_SUBMITTED) {
        return dossier_write_systems(call->db, dossier->record.id,
                                     dossier_systems_json(call, dossier->ruleset, dossier->systems,
                                                          dossier->evaluations,
                                                          dossier->system_count));
    }
    if ((step->row->needs & FLOW_NEEDS_NUMBER) != 0) {
        struct decision_record decision = {
            .id = call_new_id(call),
            .dossier_id = dossier->record.id,
            .submission = call_int(call, dossier->record.submissions),
            .outcome = dossier_state_info(step->row->to)->code,
            .number = step->in.number.value,
            .decided_on = step->in.date.value,
            .organisation_id = step->capacity.organisation_id,
            .account_id = step->actor->account_id,
            .name = step->actor->display_name,
            .capacity = step->capacity.text,
            .reason = or_empty(step->in.reason.value),
            .delegation_id = step->capacity.delegation_id,
        };
        return decision_insert(call->db, &decision);
    }
    return FAULT_NONE;
}

static enum fault write_after(struct call *call, const struct step *step)
{
    const struct dossier_record *record = &step->dossier.record;

    if (step->row->to == DOSSIER_SUBMITTED) {
        return dossier_submission_insert(
            call->db, record->id, call_int(call, record->submissions + 1),
            dossier_snapshot(call, &step->dossier), step->actor->account_id);
    }
    if ((step->row->needs & FLOW_NEEDS_CONCLUSION) != 0) {
        struct opinion_record opinion = {
            .id = call_new_id(call),
            .dossier_id = record->id,
            .submission = call_int(call, record->submissions),
            .conclusion = step->in.conclusion.value,
            .method = step->in.method.value,
            .reasons = or_empty(step->in.reason.value),
            .account_id = step->actor->account_id,
            .name = step->actor->display_name,
            .capacity = step->capacity.text,
            .organisation_id = step->capacity.organisation_id,
            .assignment_id = step->capacity.assignment_id,
        };
        return opinion_insert(call->db, &opinion);
    }
    return FAULT_NONE;
}

static enum fault write_step_taken(struct call *call, const struct step *step)
{
    const struct dossier_record *record = &step->dossier.record;
    const struct authority *authority =
        authority_of(step->dossier.ruleset, step->dossier.procedure_level);
    const char *to = dossier_state_info(step->row->to)->code;
    struct dossier_move_record move = {
        .id = record->id,
        .version = call_int(call, record->version),
        .from = record->state,
        .to = to,
        .step = step->clock,
        .due_on = step->due_on,
        .account_id = step->actor->account_id,
        .conclusion = step->in.conclusion.value,
    };
    struct dossier_event_record event = {
        .id = call_new_id(call),
        .dossier_id = record->id,
        .from = record->state,
        .to = to,
        .account_id = step->actor->account_id,
        .actor_name = step->actor->display_name,
        .capacity = step->capacity.text,
        .reason = or_empty(step->in.reason.value),
        .due_on = step->due_on,
    };

    if (step->row->to == DOSSIER_SUBMITTED && authority != NULL) {
        move.approve_party = party_code(authority->approve);
    }
    enum fault fault = write_before(call, step);
    if (fault == FAULT_NONE) {
        fault = dossier_move(call->db, &move);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_event_insert(call->db, &event);
    }
    return fault == FAULT_NONE ? write_after(call, step) : fault;
}

enum fault dossier_transition_create(struct call *call, struct reply *reply)
{
    struct step *step = ARENA_NEW(call->arena, struct step);
    enum dossier_state to = DOSSIER_DRAFT;
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &step->actor);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_case_load(call, step->actor, id, true, &step->dossier);
        if (fault == FAULT_FORBIDDEN) {
            reply->missing_right = permission_code(PERMISSION_DOSSIER_TRANSITION);
        }
    }
    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &dossier_transition_shape, &step->in, &call->problems);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!call_match(call, call_version_etag(call, step->dossier.record.version))) {
        return dossier_stale(call, id, reply);
    }
    if (!dossier_state_from_code(step->in.to.value, &to)) {
        return FAULT_INTERNAL;
    }
    step->today = dossier_today(call);
    step->row = dossier_transition_find(step->dossier.state, to);
    if (step->in.date.value != NULL && step->row != NULL &&
        (step->row->needs & FLOW_NEEDS_DATE) != 0) {
        /* Who heads what on the day of the decision. */
        fault = dossier_authority_on(call, &step->dossier, step->in.date.value);
    }
    if (fault == FAULT_NONE) {
        fault = check_step(call, step, to, reply);
    }
    if (fault == FAULT_NONE && (step->row->needs & FLOW_NEEDS_NUMBER) != 0) {
        fault = call_step_up(call, step->actor, reply);
    }
    if (fault == FAULT_NONE &&
        !dossier_capacity(call, &step->dossier, step->row->side,
                          step->row->side == FLOW_SIDE_APPROVER && step->in.date.value != NULL
                              ? step->in.date.value
                              : step->today,
                          &step->capacity)) {
        fault = FAULT_FORBIDDEN;
    }
    if (fault == FAULT_NONE) {
        fault = start_clock(call, step);
    }
    if (fault == FAULT_NONE) {
        fault = write_step_taken(call, step);
    }
    return fault == FAULT_NONE ? dossier_reply(call, id, reply) : fault;
}
