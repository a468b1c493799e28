#include "api/dossier_parts.h"

#include <string.h>

#include "json/facts.h"

void dossier_evaluate(const struct ruleset *ruleset, const char *facts, int proposed_level,
                      struct dossier_evaluation *ret_evaluation)
{
    *ret_evaluation = (struct dossier_evaluation){0};
    if (facts != NULL && !facts_decode_stored(str_of(facts), ruleset, &ret_evaluation->facts)) {
        ret_evaluation->facts = (struct facts){0};
    }
    classify(ruleset, &ret_evaluation->facts, &ret_evaluation->classification);
    ret_evaluation->procedure_level =
        authority_procedure_level(ruleset, &ret_evaluation->facts, proposed_level);
}

int dossier_level_floor(const struct dossier_evaluation *evaluation)
{
    const struct classification *c = &evaluation->classification;

    return c->level > 0 ? c->level : c->at_least;
}

enum fault dossier_ruleset(struct call *call, const char *id, const struct ruleset **ret_ruleset)
{
    const struct ruleset *ruleset = service_ruleset(call->service, id);

    if (ruleset == NULL) {
        return FAULT_INTERNAL;
    }
    *ret_ruleset = ruleset;
    return FAULT_NONE;
}

const char *dossier_today(struct call *call)
{
    char *text = arena_alloc(call->arena, CALENDAR_DATE_TEXT_BYTES);

    date_to_text(service_today(call->service), text);
    return text;
}

enum fault dossier_authority_on(struct call *call, struct dossier_case *dossier, const char *day)
{
    int count = 0;
    enum fault fault = authority_load(call->db, call->arena, dossier->record.id, day,
                                      dossier->records, dossier->bodies, &count);

    dossier->authority = (struct authority_case){
        .ruleset = dossier->ruleset,
        .procedure_level = dossier->procedure_level,
        .level = dossier->record.level,
        .records = dossier->records,
        .record_count = (size_t)count,
        .is_preparer = dossier->record.me_prepared,
        .is_appraiser = dossier->record.me_appraised,
    };
    return fault;
}

static const char *post_of(enum authority_source source, enum flow_side side)
{
    static const struct {
        enum flow_side side;
        const char *post;
    } POSTS[AUTHORITY_SOURCE_COUNT] = {
        [AUTHORITY_ASSIGNED_UNIT] = {FLOW_SIDE_APPRAISER, "Cán bộ thẩm định của đơn vị được giao"},
        [AUTHORITY_COUNCIL] = {FLOW_SIDE_APPRAISER, "Thành viên hội đồng thẩm định"},
        [AUTHORITY_DELEGATE] = {FLOW_SIDE_APPROVER, "Người đứng đầu tổ chức được ủy quyền"},
    };

    if (POSTS[source].post != NULL && POSTS[source].side == side) {
        return POSTS[source].post;
    }
    if (side == FLOW_SIDE_APPRAISER) {
        return role_title(ROLE_APPRAISER).in[LANGUAGE_VI];
    }
    return role_title(source == AUTHORITY_GOVERNING_BODY ? ROLE_CHAIRMAN : ROLE_DIRECTOR)
        .in[LANGUAGE_VI];
}

bool dossier_capacity(struct call *call, const struct dossier_case *dossier, enum flow_side side,
                      const char *day, struct dossier_capacity *ret_capacity)
{
    const struct authority_record *record = NULL;
    struct date date = {0};

    if (side == FLOW_SIDE_OPERATOR) {
        *ret_capacity = (struct dossier_capacity){
            .text = arena_printf(call->arena, "%s, %s", role_title(ROLE_STAFF).in[LANGUAGE_VI],
                                 dossier->record.operator_name),
            .organisation_id = dossier->record.operator_id,
        };
        return dossier->in_operator;
    }
    if (!date_from_text(day, &date)) {
        return false;
    }
    (void)authority_obstacles(&dossier->authority,
                              side == FLOW_SIDE_APPRAISER ? AUTHORITY_APPRAISE : AUTHORITY_APPROVE,
                              date_to_day(date), &record);
    if (record == NULL) {
        return false;
    }

    const struct authority_body *body = &dossier->bodies[record - dossier->records];
    const char *by = "";
    if (record->source == AUTHORITY_DELEGATE || record->source == AUTHORITY_COUNCIL ||
        record->source == AUTHORITY_ASSIGNED_UNIT) {
        by = arena_printf(call->arena, " (theo văn bản số %s)", body->document_number);
    }
    *ret_capacity = (struct dossier_capacity){
        .text =
            arena_printf(call->arena, "%s, %s%s", post_of(record->source, side), body->name, by),
        .organisation_id = body->organisation_id,
        .assignment_id =
            record->source == AUTHORITY_ASSIGNED_UNIT || record->source == AUTHORITY_COUNCIL
                ? body->record_id
                : NULL,
        .delegation_id = record->source == AUTHORITY_DELEGATE ? body->record_id : NULL,
    };
    return true;
}

static enum fault load_parts(struct call *call, const struct actor *actor,
                             struct dossier_case *ret_case)
{
    struct arena *arena = call->arena;
    const char *id = ret_case->record.id;

    ret_case->systems = ARENA_ARRAY(arena, DOSSIER_SYSTEMS_MAX, struct dossier_system_record);
    ret_case->items = ARENA_ARRAY(arena, DOSSIER_ITEMS_MAX, struct dossier_item_record);
    ret_case->actor = actor;
    ret_case->in_operator = actor_list_has(actor->staff_of, ret_case->record.operator_id);
    ret_case->records = ARENA_ARRAY(arena, AUTHORITY_RECORDS_MAX, struct authority_record);
    ret_case->bodies = ARENA_ARRAY(arena, AUTHORITY_RECORDS_MAX, struct authority_body);

    enum fault fault = dossier_load_systems(call->db, arena, &ret_case->record, ret_case->systems,
                                            &ret_case->system_count);
    if (fault == FAULT_NONE) {
        fault = dossier_load_items(call->db, arena, id, ret_case->items, &ret_case->item_count);
    }
    return fault;
}

/* What was submitted keeps its procedure, whatever the register says by now: the lowest level from
 * the dossier's own whose approver is the one it was submitted for. */
static int submitted_procedure(const struct dossier_case *dossier)
{
    for (int level = dossier->record.level; level <= LEVEL_MAX; level++) {
        const struct authority *authority = authority_of(dossier->ruleset, level);
        if (authority != NULL &&
            strcmp(party_code(authority->approve), dossier->record.approve_party) == 0) {
            return level;
        }
    }
    return dossier->record.level;
}

enum fault dossier_case_load(struct call *call, const struct actor *actor, const char *id,
                             bool lock, struct dossier_case *ret_case)
{
    *ret_case = (struct dossier_case){0};
    enum fault fault =
        dossier_load(call->db, call->arena, id, actor->account_id, lock, &ret_case->record);

    if (fault == FAULT_NONE) {
        fault = dossier_ruleset(call, ret_case->record.ruleset, &ret_case->ruleset);
    }
    if (fault == FAULT_NONE && !dossier_state_from_code(ret_case->record.state, &ret_case->state)) {
        fault = FAULT_INTERNAL;
    }
    if (fault == FAULT_NONE) {
        fault = load_parts(call, actor, ret_case);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    ret_case->evaluations =
        ARENA_ARRAY(call->arena, (size_t)ret_case->system_count, struct dossier_evaluation);
    ret_case->procedure_level = ret_case->record.level;
    bool with_preparer = ret_case->state == DOSSIER_DRAFT || ret_case->state == DOSSIER_RETURNED;
    for (int i = 0; i < ret_case->system_count; i++) {
        const struct dossier_system_record *system = &ret_case->systems[i];
        dossier_evaluate(ret_case->ruleset, system->facts, system->proposed_level,
                         &ret_case->evaluations[i]);
        if (ret_case->evaluations[i].procedure_level > ret_case->procedure_level) {
            ret_case->procedure_level = ret_case->evaluations[i].procedure_level;
        }
    }
    if (!with_preparer) {
        ret_case->procedure_level = submitted_procedure(ret_case);
    }
    return dossier_authority_on(call, ret_case, dossier_today(call));
}
