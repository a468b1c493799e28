#include "api/system_facts.h"

#include "api/call_tools.h"
#include "api/service.h"
#include "rules/criteria.h"
#include "json/classification.h"
#include "json/decode.h"
#include "json/facts.h"

void system_facts_read(struct call *call, const struct ruleset *ruleset, const char *facts,
                       struct facts *ret_facts)
{
    const char *own = json_text_member(call->arena, facts, ruleset->id);

    *ret_facts = (struct facts){0};
    if (own != NULL && !facts_decode_stored(str_of(own), ruleset, ret_facts)) {
        *ret_facts = (struct facts){0};
    }
}

void system_facts_write_classification(struct call *call, const struct ruleset *ruleset,
                                       const char *facts, struct json_writer *w)
{
    struct facts own;
    struct classification *classification = ARENA_NEW(call->arena, struct classification);

    system_facts_read(call, ruleset, facts, &own);
    classify(ruleset, &own, classification);
    classification_write(w, ruleset, &own, classification, call->language);
}

/* Every ruleset named must exist and its answers must fit. */
enum fault system_facts_check(struct call *call, const char *given)
{
    const char *names[SERVICE_RULESETS_MAX];
    int count = json_member_names(call->arena, given, names, SERVICE_RULESETS_MAX);

    for (int i = 0; i < count && i < SERVICE_RULESETS_MAX; i++) {
        const struct ruleset *ruleset = service_ruleset(call->service, names[i]);
        const char *pointer = arena_printf(call->arena, "/facts/%s", names[i]);
        struct facts facts;
        if (ruleset == NULL) {
            problems_add(&call->problems, pointer, "unknown_value", NULL,
                         TEXT("Không có bộ quy định này", "There is no such ruleset"));
            continue;
        }
        const char *own = json_text_member(call->arena, given, names[i]);
        if (facts_decode(str_of(own), pointer, ruleset, &call->problems, &facts) ==
            FAULT_BAD_JSON) {
            problems_add(&call->problems, pointer, "wrong_type", NULL,
                         TEXT("Kiểu dữ liệu không đúng", "Wrong type of value"));
        }
    }
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

/* Canonical text of all answers: given ones first choice, stored ones otherwise. */
static const char *merged(struct call *call, const char *given, const char *stored)
{
    struct buffer out;
    buffer_init(&out, 1024);
    struct json_writer w = json_writer(&out);

    json_object_begin(&w);
    for (int i = 0; i < call->service->ruleset_count; i++) {
        const struct ruleset *ruleset = call->service->rulesets[i].ruleset;
        const char *own = json_text_member(call->arena, given, ruleset->id);
        struct facts facts = {0};
        if (own == NULL) {
            own = json_text_member(call->arena, stored, ruleset->id);
        }
        if (own == NULL || !facts_decode_stored(str_of(own), ruleset, &facts)) {
            continue;
        }
        json_name(&w, ruleset->id);
        facts_write(&w, ruleset, &facts);
    }
    json_object_end(&w);
    const char *text = arena_str(call->arena, (struct str){out.at, out.length}).at;
    buffer_done(&out);
    return text;
}

enum fault system_facts_apply(struct call *call, const char *facts, struct system_record *system)
{
    const struct ruleset *ruleset = service_ruleset(call->service, system->ruleset);

    if (ruleset == NULL) {
        problems_add(&call->problems, "/ruleset", "unknown_value", NULL,
                     TEXT("Không có bộ quy định này", "There is no such ruleset"));
        return FAULT_INVALID;
    }
    if (facts != NULL) {
        enum fault fault = system_facts_check(call, facts);
        if (fault != FAULT_NONE) {
            return fault;
        }
        system->facts = merged(call, facts, system->facts);
    }

    struct facts own;
    struct classification *classification = ARENA_NEW(call->arena, struct classification);
    system_facts_read(call, ruleset, system->facts, &own);
    classify(ruleset, &own, classification);
    system->computed_level =
        classification->level == 0 ? NULL : call_int(call, classification->level);
    system->at_least = call_int(call, classification->at_least);
    return FAULT_NONE;
}
