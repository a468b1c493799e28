/* Who may appraise and approve a dossier, by which rule and record, and why not the one who asks. */
#include "api/dossier_parts.h"

void dossier_reasons_write(struct json_writer *w, const struct dossier_case *dossier,
                           uint64_t reasons, enum language language)
{
    json_array_begin(w);
    for (unsigned i = 0; i < FLOW_REASON_COUNT; i++) {
        enum flow_reason reason = (enum flow_reason)i;
        if ((reasons & FLOW_REASON_BIT(reason)) == 0) {
            continue;
        }
        struct dossier_block block = {
            .code = flow_reason_code(reason),
            .reason = reason,
            .text = flow_reason_text(reason),
            .basis = authority_basis(&dossier->authority, reason),
        };
        dossier_block_write(w, &block, language);
    }
    json_array_end(w);
}

static void write_body(struct json_writer *w, const struct dossier_case *dossier, size_t index,
                       enum language language)
{
    const struct authority_record *record = &dossier->records[index];
    const struct authority_body *body = &dossier->bodies[index];

    json_member_text(w, "source", authority_source_code(record->source));
    json_name(w, "organisation");
    if (body->organisation_id == NULL) {
        json_null(w);
    } else {
        json_object_begin(w);
        json_member_text(w, "id", body->organisation_id);
        json_member_text(w, "name", body->name);
        json_object_end(w);
    }
    json_member_text(w, "name", body->name);
    json_member_raw(w, "people", str_of(body->people));
    json_member_text(w, "rule",
                     authority_article(&dossier->authority, record->source).in[language]);
    json_name(w, "record");
    if (body->record_id == NULL) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    json_member_text(w, "id", body->record_id);
    json_member_text(w, "document_number", body->document_number);
    json_member_text(w, "valid_from", body->valid_from);
    json_member_text(w, "valid_to", body->valid_to);
    json_object_end(w);
}

/* Bodies that may act, then those that would but for one reason worth telling: not those whose time
 * is over or is not theirs to decide. */
static void write_bodies(struct call *call, struct json_writer *w,
                         const struct dossier_case *dossier, enum authority_act act, bool competent)
{
    static const uint64_t TOLD = FLOW_REASON_BIT(FLOW_REASON_NOT_INDEPENDENT) |
                                 FLOW_REASON_BIT(FLOW_REASON_AUTHORITY_NOT_STARTED) |
                                 FLOW_REASON_BIT(FLOW_REASON_APPRAISED_ELSEWHERE) |
                                 FLOW_REASON_BIT(FLOW_REASON_LEVEL_NOT_DELEGATED);
    int32_t today = date_to_day(service_today(call->service));

    json_array_begin(w);
    for (size_t i = 0; i < dossier->authority.record_count; i++) {
        uint64_t standing =
            authority_standing(&dossier->authority, act, &dossier->records[i], today);
        if (competent ? standing != 0 : (standing & TOLD) == 0) {
            continue;
        }
        json_object_begin(w);
        write_body(w, dossier, i, call->language);
        if (!competent) {
            json_name(w, "reasons");
            dossier_reasons_write(w, dossier, standing, call->language);
        }
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_act(struct call *call, struct json_writer *w, const struct dossier_case *dossier,
                      enum authority_act act)
{
    const struct authority *row = authority_of(dossier->ruleset, dossier->procedure_level);
    int32_t today = date_to_day(service_today(call->service));
    uint64_t obstacles = authority_obstacles(&dossier->authority, act, today, NULL);
    enum party party = row == NULL                 ? PARTY_NONE
                       : act == AUTHORITY_APPRAISE ? row->appraise
                                                   : row->approve;

    json_object_begin(w);
    json_member_text(w, "party", party_code(party));
    json_member_text(w, "rule", row == NULL ? NULL : row->article.in[call->language]);
    json_name(w, "by");
    write_bodies(call, w, dossier, act, true);
    json_name(w, "not_by");
    write_bodies(call, w, dossier, act, false);
    json_name(w, "me");
    json_object_begin(w);
    json_member_bool(w, "allowed", obstacles == 0);
    json_name(w, "reasons");
    dossier_reasons_write(w, dossier, obstacles, call->language);
    json_object_end(w);
    json_object_end(w);
}

enum fault dossier_authority_get(struct call *call, struct reply *reply)
{
    struct dossier_case dossier;
    const struct actor *actor = NULL;
    const char *id = NULL;
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
    json_member_int(&w, "level", dossier.record.level);
    json_member_text(&w, "on", dossier_today(call));
    json_name(&w, "appraise");
    write_act(call, &w, &dossier, AUTHORITY_APPRAISE);
    json_name(&w, "approve");
    write_act(call, &w, &dossier, AUTHORITY_APPROVE);
    json_object_end(&w);
    return FAULT_NONE;
}
