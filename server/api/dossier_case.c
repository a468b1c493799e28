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

const struct dossier_capacity *dossier_capacity_as(const struct dossier_case *dossier,
                                                   enum role role)
{
    for (int i = 0; i < dossier->capacity_count; i++) {
        if (strcmp(dossier->capacities[i].role, role_code(role)) == 0) {
            return &dossier->capacities[i];
        }
    }
    return NULL;
}

static enum fault load_parts(struct call *call, const struct actor *actor,
                             struct dossier_case *ret_case)
{
    struct arena *arena = call->arena;
    const char *id = ret_case->record.id;

    ret_case->systems = ARENA_ARRAY(arena, DOSSIER_SYSTEMS_MAX, struct dossier_system_record);
    ret_case->items = ARENA_ARRAY(arena, DOSSIER_ITEMS_MAX, struct dossier_item_record);
    ret_case->capacities = ARENA_ARRAY(arena, DOSSIER_CAPACITIES_MAX, struct dossier_capacity);

    enum fault fault = dossier_load_systems(call->db, arena, &ret_case->record, ret_case->systems,
                                            &ret_case->system_count);
    if (fault == FAULT_NONE) {
        fault = dossier_load_items(call->db, arena, id, ret_case->items, &ret_case->item_count);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_capacities(call->db, arena, actor->account_id, &ret_case->record,
                                   dossier_today(call), ret_case->capacities,
                                   &ret_case->capacity_count);
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
    return FAULT_NONE;
}
