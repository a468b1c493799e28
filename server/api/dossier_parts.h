/* How the dossier's files are put together; used by api/dossier*.c only. */
#pragma once

#include "api/call_tools.h"
#include "api/reply.h"
#include "api/service.h"
#include "db/authority.h"
#include "db/dossier.h"
#include "db/dossier_write.h"
#include "rules/authority.h"
#include "rules/criteria.h"
#include "rules/flow.h"
#include "json/decode.h"
#include "json/writer.h"

/* ---- dossier_case.c: a dossier with everything the rules look at ---- */

struct dossier_evaluation {
    struct facts facts;
    struct classification classification;
    int procedure_level; /* of the proposed level */
};

struct dossier_case {
    struct dossier_record record;
    enum dossier_state state;
    const struct ruleset *ruleset;
    struct dossier_system_record *systems;
    struct dossier_evaluation *evaluations; /* [system_count], from the register as it is now */
    int system_count;
    int procedure_level; /* highest of the systems */
    struct dossier_item_record *items;
    int item_count;
    const struct actor *actor;
    bool in_operator; /* the one who acts works there */
    /* Who may appraise and approve, and the posts that the one who acts holds for it. */
    struct authority_record *records;
    struct authority_body *bodies; /* [records] */
    struct authority_case authority;
};

/* Whole dossier for the one who acts; lock as in dossier_load. */
enum fault dossier_case_load(struct call *call, const struct actor *actor, const char *id,
                             bool lock, struct dossier_case *ret_case) MUST_USE;
/* Highest level that counts for this system, from its stored answers. */
void dossier_evaluate(const struct ruleset *ruleset, const char *facts, int proposed_level,
                      struct dossier_evaluation *ret_evaluation);
/* The level as the register has it: computed, or the least it can be; 0 when no criterion is met. */
int dossier_level_floor(const struct dossier_evaluation *evaluation);
/* The ruleset of a stored dossier; FAULT_INTERNAL when its file is gone. */
enum fault dossier_ruleset(struct call *call, const char *id, const struct ruleset **ret_ruleset)
    MUST_USE;
/* Works the posts out anew for another day (YYYY-MM-DD): a decision is dated. */
enum fault dossier_authority_on(struct call *call, struct dossier_case *dossier, const char *day)
    MUST_USE;
/* Today in Viet Nam as text in the arena. */
const char *dossier_today(struct call *call);

/* ---- dossier_items.c: what a dossier holds ---- */

/* One item of the ruleset at a level, or a document that a gate before approval asks for; its id is
 * then what stands before "_before_" in the gate's id. */
struct dossier_item_view {
    const char *id;
    struct text title;
    struct text article;
    bool required; /* before the dossier can be submitted */
    const struct gate *gate;
    size_t gate_index;
    const struct dossier_item_record *record; /* NULL: nothing was written */
};

/* In the order of the ruleset, gates last; at most DOSSIER_ITEMS_MAX. */
int dossier_item_views(struct call *call, const struct ruleset *ruleset, int level,
                       const struct dossier_item_record *items, int item_count,
                       struct dossier_item_view ret_views[static DOSSIER_ITEMS_MAX]);
/* Content or a document number; for a gate's document number and date. */
bool dossier_item_complete(const struct dossier_item_view *view);
/* Bits of ruleset->gates whose document is dated on or before the day (YYYY-MM-DD). */
uint64_t dossier_gates_met(const struct dossier_item_view *views, int count, const char *day);
void dossier_item_write(struct json_writer *w, const struct dossier_item_view *view,
                        enum language language);

/* ---- dossier_blocks.c: why a step is closed ---- */

/* In which capacity somebody acts: for a body, by a record. */
struct dossier_capacity {
    const char *text;            /* as it is recorded, in Vietnamese */
    const char *organisation_id; /* NULL: a council */
    const char *assignment_id;   /* of an appraisal, or NULL */
    const char *delegation_id;   /* of a decision, or NULL */
};

/* The capacity of the one who acts for a step of this side on that day; false when there is none. */
bool dossier_capacity(struct call *call, const struct dossier_case *dossier, enum flow_side side,
                      const char *day, struct dossier_capacity *ret_capacity);

struct dossier_block {
    const char *code;
    enum flow_reason reason;
    struct text text;
    struct text basis;   /* {NULL}: none */
    const char *pointer; /* NULL: nothing to mend in the dossier */
};

enum { DOSSIER_BLOCKS_MAX = 64 };

/* Every reason why the one who acts cannot take this step now. input: NULL asks only whether the
 * step is open; decided_on: the day of a decision, or today. */
int dossier_blocks(struct call *call, const struct dossier_case *dossier, enum dossier_state to,
                   const struct flow_input *input, const char *decided_on,
                   struct dossier_block ret_blocks[static DOSSIER_BLOCKS_MAX]);
void dossier_block_write(struct json_writer *w, const struct dossier_block *block,
                         enum language language);
/* What the dossier itself still lacks, whoever asks: items, and documents of gates. */
int dossier_missing(struct call *call, const struct dossier_item_view *views, int view_count,
                    enum dossier_state state,
                    struct dossier_block ret_blocks[static DOSSIER_BLOCKS_MAX]);

/* ---- dossier_prefill.c: text made from the register ---- */

/* Texts of the items that the register can fill in. */
const char *dossier_overview(struct call *call, const struct dossier_system_record *systems,
                             int count);
const char *dossier_justification(struct call *call, const struct ruleset *ruleset,
                                  const struct dossier_system_record *systems,
                                  const struct dossier_evaluation *evaluations, int count);
/* [{"item","content"}] of every item at this level; overview may be "". */
const char *dossier_items_json(struct call *call, const struct ruleset *ruleset, int level,
                               const char *overview, const char *justification);
/* [{"system_id","computed_level","at_least","trace","proposed_level","reason"}] */
const char *dossier_systems_json(struct call *call, const struct ruleset *ruleset,
                                 const struct dossier_system_record *systems,
                                 const struct dossier_evaluation *evaluations, int count);

/* ---- dossier_authority.c ---- */

/* [{"code","text","basis"}] of FLOW_REASON_BIT()s. */
void dossier_reasons_write(struct json_writer *w, const struct dossier_case *dossier,
                           uint64_t reasons, enum language language);

/* ---- dossier_snapshot.c ---- */

/* What would be submitted now, compact JSON in the arena. */
const char *dossier_snapshot(struct call *call, const struct dossier_case *dossier);

/* ---- dossier.c ---- */

/* Whoever is shown anything of a dossier of a high level leaves a trace; not shown when none can be
 * left. */
enum fault dossier_log_read(struct call *call, int64_t level, const char *id, const char *code)
    MUST_USE;
/* The dossier as it is now, into the reply, with its ETag. */
enum fault dossier_reply(struct call *call, const char *id, struct reply *reply) MUST_USE;
/* FAULT_VERSION_STALE, showing the present state, so that nothing typed is lost. */
enum fault dossier_stale(struct call *call, const char *id, struct reply *reply) MUST_USE;
/* Refuses whoever does not act for the operating unit, and any change after submission. */
enum fault dossier_check_draft(struct call *call, const struct actor *actor,
                               const struct dossier_record *dossier, struct reply *reply) MUST_USE;

/* ---- handlers, named as their operations ---- */

enum fault dossier_create(struct call *call, struct reply *reply);
enum fault dossier_change(struct call *call, struct reply *reply);
enum fault dossier_item_put(struct call *call, struct reply *reply);
enum fault dossier_authority_get(struct call *call, struct reply *reply);
enum fault dossier_transition_list(struct call *call, struct reply *reply);
enum fault dossier_transition_create(struct call *call, struct reply *reply);
enum fault dossier_change_list(struct call *call, struct reply *reply);
enum fault dossier_submission_get(struct call *call, struct reply *reply);

extern const struct shape dossier_system_new_shape;
extern const struct shape dossier_new_shape;
extern const struct shape dossier_change_shape;
extern const struct shape dossier_item_change_shape;
extern const struct shape dossier_transition_shape;
