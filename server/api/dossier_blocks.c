#include "api/dossier_parts.h"

#include <string.h>

#include "json/classification.h"

struct collected {
    struct dossier_block *at;
    int count;
};

static bool same_place(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Each reason once for each place. */
static void collect(struct collected *c, struct dossier_block block)
{
    for (int i = 0; i < c->count; i++) {
        if (strcmp(c->at[i].code, block.code) == 0 && same_place(c->at[i].pointer, block.pointer)) {
            return;
        }
    }
    if (c->count < DOSSIER_BLOCKS_MAX) {
        c->at[c->count++] = block;
    }
}

static void collect_items(struct call *call, struct collected *c,
                          const struct dossier_item_view *views, int count)
{
    for (int i = 0; i < count; i++) {
        if (!views[i].required || dossier_item_complete(&views[i])) {
            continue;
        }
        collect(c, (struct dossier_block){
                       .code = flow_reason_code(FLOW_REASON_INCOMPLETE_ITEMS),
                       .reason = FLOW_REASON_INCOMPLETE_ITEMS,
                       .text = TEXT(arena_printf(call->arena, "Hồ sơ còn thiếu: %s",
                                                 views[i].title.in[LANGUAGE_VI]),
                                    arena_printf(call->arena, "The dossier is missing: %s",
                                                 views[i].title.in[LANGUAGE_EN])),
                       .basis = views[i].article,
                       .pointer = arena_printf(call->arena, "/items/%s", views[i].id),
                   });
    }
}

/* The document that a gate asks for, as a place in the dossier. */
static const char *gate_pointer(struct call *call, const struct gate *gate,
                                const struct dossier_item_view *views, int count)
{
    for (int i = 0; i < count; i++) {
        if (views[i].gate == gate) {
            return arena_printf(call->arena, "/items/%s", views[i].id);
        }
    }
    return NULL;
}

static const char *input_pointer(enum flow_reason reason)
{
    static const struct {
        enum flow_reason reason;
        const char *pointer;
    } INPUT[] = {
        {FLOW_REASON_REASON_REQUIRED, "/reason"},
        {FLOW_REASON_CONCLUSION_REQUIRED, "/conclusion"},
        {FLOW_REASON_NUMBER_REQUIRED, "/number"},
        {FLOW_REASON_DATE_REQUIRED, "/date"},
    };

    for (size_t i = 0; i < COUNT_OF(INPUT); i++) {
        if (INPUT[i].reason == reason) {
            return INPUT[i].pointer;
        }
    }
    return NULL;
}

static bool is_about_level(enum flow_reason reason)
{
    return reason == FLOW_REASON_LEVEL_BELOW_COMPUTED || reason == FLOW_REASON_LEVEL_UNDETERMINED ||
           reason == FLOW_REASON_LEVEL_REASON_REQUIRED || reason == FLOW_REASON_LEVEL_OUT_OF_SCOPE;
}

static struct dossier_block describe(struct call *call, const struct dossier_case *dossier,
                                     struct flow_block flow, int system,
                                     const struct dossier_item_view *views, int view_count)
{
    struct dossier_block block = {
        .code = flow_block_code(flow),
        .reason = flow.reason,
        .text = flow_block_text(flow),
        .pointer = input_pointer(flow.reason),
    };

    if (flow.gate != NULL) {
        block.basis = flow.gate->article;
        block.pointer = gate_pointer(call, flow.gate, views, view_count);
    } else if (is_about_level(flow.reason)) {
        block.pointer = arena_printf(
            call->arena, "/systems/%d/%s", system,
            flow.reason == FLOW_REASON_LEVEL_REASON_REQUIRED ? "reason" : "proposed_level");
    } else {
        block.basis = authority_basis(&dossier->authority, flow.reason);
    }
    return block;
}

static bool holds(struct authority_span span, int32_t day)
{
    return day >= span.from && day <= span.to;
}

/* The roles that the posts held for this dossier on that day come with. */
static unsigned roles_here(const struct dossier_case *dossier, int32_t day)
{
    unsigned roles = dossier->in_operator ? ROLE_BIT(ROLE_STAFF) : 0;

    for (size_t i = 0; i < dossier->authority.record_count; i++) {
        const struct authority_record *record = &dossier->records[i];
        enum role head = record->source == AUTHORITY_GOVERNING_BODY ? ROLE_CHAIRMAN : ROLE_DIRECTOR;
        roles |= holds(record->appraises, day) ? ROLE_BIT(ROLE_APPRAISER) : 0;
        roles |= holds(record->heads, day) ? ROLE_BIT(head) : 0;
    }
    return roles;
}

static struct flow_view view_of(const struct dossier_case *dossier, int system, int32_t today,
                                int32_t decided)
{
    const struct dossier_system_record *record = &dossier->systems[system];
    const struct dossier_evaluation *evaluation = &dossier->evaluations[system];
    struct flow_view view = {
        .state = dossier->state,
        .proposed_level = record->proposed_level,
        .computed_level = dossier_level_floor(evaluation),
        .computed_complete = evaluation->classification.complete,
        .has_level_reason = record->reason[0] != '\0',
        /* One decision covers all systems: the highest procedure is everyone's. */
        .procedure_level = dossier->procedure_level,
        .roles = roles_here(dossier, decided),
        .in_operator = dossier->in_operator,
        .appraiser_obstacles =
            authority_obstacles(&dossier->authority, AUTHORITY_APPRAISE, today, NULL),
        .approver_obstacles =
            authority_obstacles(&dossier->authority, AUTHORITY_APPROVE, decided, NULL),
    };

    if (dossier->record.conclusion != NULL) {
        (void)conclusion_from_code(dossier->record.conclusion, &view.conclusion);
    }
    return view;
}

int dossier_blocks(struct call *call, const struct dossier_case *dossier, enum dossier_state to,
                   const struct flow_input *input, const char *decided_on,
                   struct dossier_block ret_blocks[static DOSSIER_BLOCKS_MAX])
{
    struct dossier_item_view views[DOSSIER_ITEMS_MAX];
    struct flow_block blocks[FLOW_BLOCKS_MAX];
    struct collected c = {.at = ret_blocks};
    int view_count = dossier_item_views(call, dossier->ruleset, dossier->record.level,
                                        dossier->items, dossier->item_count, views);
    int32_t today = date_to_day(service_today(call->service));
    int32_t decided = today;
    struct date date = {0};
    size_t missing = 0;

    if (date_from_text(decided_on, &date)) {
        decided = date_to_day(date);
    }
    for (int i = 0; i < view_count; i++) {
        missing += views[i].required && !dossier_item_complete(&views[i]) ? 1 : 0;
    }
    for (int system = 0; system < dossier->system_count; system++) {
        struct flow_view view = view_of(dossier, system, today, decided);
        view.missing_item_count = missing;
        view.gates_met = dossier_gates_met(views, view_count, decided_on);
        view.input = input;
        size_t count = flow_check(dossier->ruleset, &view, to, blocks);
        for (size_t i = 0; i < count; i++) {
            if (blocks[i].reason == FLOW_REASON_INCOMPLETE_ITEMS) {
                collect_items(call, &c, views, view_count);
            } else {
                collect(&c, describe(call, dossier, blocks[i], system, views, view_count));
            }
        }
    }
    return c.count;
}

int dossier_missing(struct call *call, const struct dossier_item_view *views, int view_count,
                    enum dossier_state state,
                    struct dossier_block ret_blocks[static DOSSIER_BLOCKS_MAX])
{
    struct collected c = {.at = ret_blocks};
    const char *today = dossier_today(call);

    if (dossier_state_info(state)->final) {
        return 0;
    }
    collect_items(call, &c, views, view_count);
    uint64_t met = dossier_gates_met(views, view_count, today);
    for (int i = 0; i < view_count; i++) {
        if (views[i].gate != NULL && (met & (UINT64_C(1) << views[i].gate_index)) == 0) {
            struct flow_block flow = {FLOW_REASON_GATE, views[i].gate};
            collect(&c, (struct dossier_block){
                            .code = flow_block_code(flow),
                            .reason = flow.reason,
                            .text = flow_block_text(flow),
                            .basis = views[i].gate->article,
                            .pointer = arena_printf(call->arena, "/items/%s", views[i].id),
                        });
        }
    }
    return c.count;
}

void dossier_block_write(struct json_writer *w, const struct dossier_block *block,
                         enum language language)
{
    json_object_begin(w);
    json_member_text(w, "code", block->code);
    json_name(w, "text");
    text_write(w, block->text);
    json_member_text(w, "basis", block->basis.in[language]);
    json_member_text(w, "pointer", block->pointer);
    json_object_end(w);
}
