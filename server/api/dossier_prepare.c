#include "api/dossier_parts.h"

#include <string.h>

struct system_new {
    struct in_text system_id;
    struct in_int proposed_level;
    struct in_text reason;
};
static const struct field SYSTEM_NEW[] = {
    FIELD(struct system_new, system_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct system_new, proposed_level, .need = REQUIRED, .min = 1, .max = LEVEL_MAX),
    FIELD(struct system_new, reason, .max = 4000),
};
const SHAPE(dossier_system_new_shape, "DossierSystemNew", struct system_new, SYSTEM_NEW);

struct dossier_new {
    struct in_text ruleset;
    struct in_list systems;
};
static const struct field DOSSIER_NEW[] = {
    FIELD(struct dossier_new, ruleset, .need = REQUIRED, .max = 60),
    FIELD(struct dossier_new, systems, .need = REQUIRED, .min = 1, .max = DOSSIER_SYSTEMS_MAX,
          .items = &dossier_system_new_shape),
};
const SHAPE(dossier_new_shape, "DossierNew", struct dossier_new, DOSSIER_NEW);

struct dossier_levels {
    struct in_list systems;
};
static const struct field DOSSIER_LEVELS[] = {
    FIELD(struct dossier_levels, systems, .need = REQUIRED, .min = 1, .max = DOSSIER_SYSTEMS_MAX,
          .items = &dossier_system_new_shape),
};
const SHAPE(dossier_change_shape, "DossierChange", struct dossier_levels, DOSSIER_LEVELS);

struct item_change {
    struct in_text content;
    struct in_text document_number;
    struct in_text document_date;
};
static const struct field ITEM_CHANGE[] = {
    FIELD(struct item_change, content, .max = 20000),
    FIELD(struct item_change, document_number, .max = 60),
    FIELD(struct item_change, document_date, .nullable = true, .format = FORMAT_DATE),
};
const SHAPE(dossier_item_change_shape, "DossierItemChange", struct item_change, ITEM_CHANGE);

/* ---- levels ---- */

static void system_problem(struct call *call, int index, const char *member, const char *code,
                           struct text message)
{
    problems_add(&call->problems, arena_printf(call->arena, "/systems/%d/%s", index, member), code,
                 NULL, message);
}

static void level_problem(struct call *call, int index, const char *member, enum flow_reason reason)
{
    system_problem(call, index, member, flow_reason_code(reason), flow_reason_text(reason));
}

static void out_of_scope(struct call *call, const struct ruleset *ruleset,
                         const struct authority *authority, int index)
{
    struct text body = authority->appraise_body;
    const struct party_def *party = ruleset_party(ruleset, authority->appraise);

    if (body.in[LANGUAGE_VI] == NULL && party != NULL) {
        body = party->title;
    }
    system_problem(
        call, index, "proposed_level", flow_reason_code(FLOW_REASON_LEVEL_OUT_OF_SCOPE),
        TEXT(arena_printf(call->arena,
                          "Cấp độ này do %s thẩm định: chủ quản gửi hồ sơ đến cơ quan thẩm định, "
                          "hồ sơ không thực hiện trên luồng này",
                          body.in[LANGUAGE_VI] == NULL ? "cơ quan cấp trên" : body.in[LANGUAGE_VI]),
             arena_printf(call->arena,
                          "This level is appraised by %s: the governing body sends the dossier "
                          "there, it does not follow this flow",
                          body.in[LANGUAGE_EN] == NULL ? "a higher body" : body.in[LANGUAGE_EN])));
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* index: of the system in the request. */
static void check_level(struct call *call, const struct ruleset *ruleset, int index,
                        const struct dossier_system_record *system,
                        const struct dossier_evaluation *evaluation)
{
    const struct authority *authority = authority_of(ruleset, evaluation->procedure_level);
    enum role signer = ROLE_STAFF;

    if (system->proposed_level < dossier_level_floor(evaluation)) {
        level_problem(call, index, "proposed_level", FLOW_REASON_LEVEL_BELOW_COMPUTED);
    } else if (system->proposed_level != evaluation->classification.level &&
               is_blank(system->reason)) {
        level_problem(call, index, "reason", FLOW_REASON_LEVEL_REASON_REQUIRED);
    }
    if (authority == NULL) {
        level_problem(call, index, "proposed_level", FLOW_REASON_LEVEL_OUT_OF_SCOPE);
    } else if (authority->appraise != PARTY_SPECIALISED_UNIT ||
               !authority_signer(authority->approve, &signer)) {
        out_of_scope(call, ruleset, authority, index);
    }
}

/* The level of the dossier is the highest proposed, its approver that of the highest procedure. */
static void settle(const struct ruleset *ruleset, const struct dossier_system_record *systems,
                   const struct dossier_evaluation *evaluations, int count, int *ret_level,
                   const char **ret_party)
{
    int level = 0;
    int procedure = 0;

    for (int i = 0; i < count; i++) {
        level = systems[i].proposed_level > level ? systems[i].proposed_level : level;
        procedure =
            evaluations[i].procedure_level > procedure ? evaluations[i].procedure_level : procedure;
    }
    *ret_level = level;
    *ret_party = party_code(authority_of(ruleset, procedure)->approve);
}

/* ---- a new dossier ---- */

struct preparation {
    const struct ruleset *ruleset;
    struct dossier_system_record *systems; /* in the order of the request */
    struct dossier_evaluation *evaluations;
    int count;
};

static enum fault check_ruleset(struct call *call, const char *id,
                                const struct ruleset **ret_ruleset)
{
    const struct ruleset *ruleset = service_ruleset(call->service, id);

    if (ruleset == NULL) {
        problems_add(&call->problems, "/ruleset", "unknown_value", NULL,
                     TEXT("Không có bộ quy định này", "There is no such ruleset"));
        return FAULT_INVALID;
    }
    if (!ruleset_accepts_dossiers(ruleset, service_today(call->service))) {
        problems_add(&call->problems, "/ruleset", "ruleset_closed", NULL,
                     TEXT("Bộ quy định này không còn nhận hồ sơ mới",
                          "This ruleset does not take new dossiers"));
        return FAULT_INVALID;
    }
    *ret_ruleset = ruleset;
    return FAULT_NONE;
}

static const char *lower(struct call *call, const char *id)
{
    char *text = arena_copy(call->arena, id);

    for (char *p = text; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'F') {
            *p = (char)(*p - 'A' + 'a');
        }
    }
    return text;
}

static const char *identifiers(struct call *call, const struct system_new *wanted, int count)
{
    struct buffer list;

    buffer_init(&list, 64);
    for (int i = 0; i < count; i++) {
        buffer_printf(&list, "%c%s", i == 0 ? '{' : ',', wanted[i].system_id.value);
    }
    buffer_char(&list, '}');
    const char *text = arena_str(call->arena, (struct str){list.at, list.length}).at;
    buffer_done(&list);
    return text;
}

static int find_system(const struct dossier_system_record *systems, int count, const char *id)
{
    for (int i = 0; i < count; i++) {
        if (systems[i].id != NULL && strcmp(systems[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

/* One unit, one governing body: a dossier has one preparer and one approver. */
static void check_owner(struct call *call, const struct actor *actor,
                        const struct preparation *preparation, int index)
{
    const struct dossier_system_record *system = &preparation->systems[index];
    const struct dossier_system_record *first = &preparation->systems[0];

    if (!actor_list_has(actor->staff_of, system->operator_id)) {
        system_problem(
            call, index, "system_id", flow_reason_code(FLOW_REASON_NOT_YOUR_ORGANISATION),
            TEXT("Hệ thống do đơn vị khác vận hành", "Another unit operates this system"));
    } else if (index > 0 && first->id != NULL &&
               (strcmp(first->operator_id, system->operator_id) != 0 ||
                strcmp(first->governing_id, system->governing_id) != 0)) {
        system_problem(
            call, index, "system_id", "other_owner",
            TEXT("Các hệ thống trong một hồ sơ phải cùng đơn vị vận hành và cùng chủ quản",
                 "Systems of one dossier have the same operating unit and governing body"));
    }
}

static enum fault load_wanted(struct call *call, const struct system_new *wanted, int count,
                              struct preparation *preparation)
{
    struct dossier_system_record *found =
        ARENA_ARRAY(call->arena, DOSSIER_SYSTEMS_MAX, struct dossier_system_record);
    int found_count = 0;
    enum fault fault = dossier_candidates(call->db, call->arena, identifiers(call, wanted, count),
                                          preparation->ruleset->id, found, &found_count);

    if (fault != FAULT_NONE) {
        return fault;
    }
    preparation->systems =
        ARENA_ARRAY(call->arena, DOSSIER_SYSTEMS_MAX, struct dossier_system_record);
    preparation->evaluations =
        ARENA_ARRAY(call->arena, DOSSIER_SYSTEMS_MAX, struct dossier_evaluation);
    preparation->count = count;
    for (int i = 0; i < count; i++) {
        const char *id = lower(call, wanted[i].system_id.value);
        int at = find_system(found, found_count, id);
        if (at < 0) {
            system_problem(call, i, "system_id", "unknown_value",
                           TEXT("Không tìm thấy hệ thống này", "There is no such system"));
        } else if (find_system(preparation->systems, i, id) >= 0) {
            system_problem(call, i, "system_id", "duplicate",
                           TEXT("Hệ thống đã có trong danh sách", "The system is listed twice"));
        } else {
            preparation->systems[i] = found[at];
            preparation->systems[i].proposed_level = (int)wanted[i].proposed_level.value;
            preparation->systems[i].reason =
                wanted[i].reason.value == NULL ? "" : wanted[i].reason.value;
        }
    }
    return FAULT_NONE;
}

static enum fault prepare(struct call *call, const struct actor *actor,
                          const struct dossier_new *in, struct preparation *preparation)
{
    enum fault fault = check_ruleset(call, in->ruleset.value, &preparation->ruleset);

    if (fault == FAULT_NONE) {
        fault = load_wanted(call, in->systems.items, in->systems.count, preparation);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < preparation->count; i++) {
        const struct dossier_system_record *system = &preparation->systems[i];
        if (system->id == NULL) {
            continue;
        }
        dossier_evaluate(preparation->ruleset, system->facts, system->proposed_level,
                         &preparation->evaluations[i]);
        check_owner(call, actor, preparation, i);
        check_level(call, preparation->ruleset, i, system, &preparation->evaluations[i]);
    }
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

static enum fault insert(struct call *call, const struct actor *actor, const struct preparation *p,
                         const char *id)
{
    int level = 0;
    const char *party = NULL;

    settle(p->ruleset, p->systems, p->evaluations, p->count, &level, &party);
    struct dossier_new_record dossier = {
        .id = id,
        .ruleset = p->ruleset->id,
        .governing_id = p->systems[0].governing_id,
        .operator_id = p->systems[0].operator_id,
        .level = call_int(call, level),
        .approve_party = party,
        .systems = dossier_systems_json(call, p->ruleset, p->systems, p->evaluations, p->count),
        .items = dossier_items_json(
            call, p->ruleset, level, dossier_overview(call, p->systems, p->count),
            dossier_justification(call, p->ruleset, p->systems, p->evaluations, p->count)),
    };
    struct dossier_event_record event = {
        .id = call_new_id(call),
        .dossier_id = id,
        .to = dossier_state_info(DOSSIER_DRAFT)->code,
        .account_id = actor->account_id,
        .actor_name = actor->display_name,
        .capacity = arena_printf(call->arena, "%s, %s", role_title(ROLE_STAFF).in[LANGUAGE_VI],
                                 p->systems[0].operator_name),
        .reason = "",
    };
    enum fault fault = dossier_insert(call->db, &dossier, actor->account_id);

    return fault == FAULT_NONE ? dossier_event_insert(call->db, &event) : fault;
}

enum fault dossier_create(struct call *call, struct reply *reply)
{
    struct dossier_new in;
    struct preparation preparation = {0};
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &dossier_new_shape, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = prepare(call, actor, &in, &preparation);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    const char *id = call_new_id(call);
    fault = insert(call, actor, &preparation, id);
    if (fault == FAULT_OPEN_DOSSIER_EXISTS) {
        return reply_fault(
            reply, fault,
            "Hoàn thành hoặc rút hồ sơ đang xử lý của hệ thống trước khi lập hồ sơ mới",
            "Finish or withdraw the system's open dossier before starting a new one");
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->status = 201;
    reply->location = arena_printf(call->arena, "/api/v1/dossiers/%s", id);
    return dossier_reply(call, id, reply);
}

/* ---- changes of a draft ---- */

/* The draft, locked, that this call may change: mine, still with me, and as the client saw it. */
static enum fault open_draft(struct call *call, const char **ret_id, const struct actor **ret_actor,
                             struct dossier_case *ret_dossier, struct reply *reply)
{
    enum fault fault = call_uuid(call, 0, ret_id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, ret_actor);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_case_load(call, *ret_actor, *ret_id, true, ret_dossier);
        if (fault == FAULT_FORBIDDEN) {
            reply->missing_right = permission_code(PERMISSION_DOSSIER_PREPARE);
        }
    }
    if (fault == FAULT_NONE) {
        fault = dossier_check_draft(call, *ret_actor, &ret_dossier->record, reply);
    }
    if (fault == FAULT_NONE &&
        !call_match(call, call_version_etag(call, ret_dossier->record.version))) {
        fault = dossier_stale(call, *ret_id, reply);
    }
    return fault;
}

static enum fault change_levels(struct call *call, const struct dossier_levels *in,
                                struct dossier_case *dossier)
{
    const struct system_new *wanted = in->systems.items;

    for (int i = 0; i < in->systems.count; i++) {
        int at = find_system(dossier->systems, dossier->system_count,
                             lower(call, wanted[i].system_id.value));
        if (at < 0) {
            system_problem(
                call, i, "system_id", "unknown_value",
                TEXT("Hệ thống không thuộc hồ sơ này", "The system is not in this dossier"));
            continue;
        }
        struct dossier_system_record *system = &dossier->systems[at];
        system->proposed_level = (int)wanted[i].proposed_level.value;
        if (wanted[i].reason.present) {
            system->reason = wanted[i].reason.value;
        }
        dossier_evaluate(dossier->ruleset, system->facts, system->proposed_level,
                         &dossier->evaluations[at]);
        check_level(call, dossier->ruleset, i, system, &dossier->evaluations[at]);
    }
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

enum fault dossier_change(struct call *call, struct reply *reply)
{
    struct dossier_levels in;
    struct dossier_case dossier;
    const struct actor *actor = NULL;
    const char *id = NULL;
    const char *party = NULL;
    int level = 0;
    enum fault fault = open_draft(call, &id, &actor, &dossier, reply);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &dossier_change_shape, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = change_levels(call, &in, &dossier);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    int count = dossier.system_count;
    settle(dossier.ruleset, dossier.systems, dossier.evaluations, count, &level, &party);
    fault = dossier_write_systems(
        call->db, id,
        dossier_systems_json(call, dossier.ruleset, dossier.systems, dossier.evaluations, count));
    if (fault == FAULT_NONE) {
        const char *justification = dossier_justification(call, dossier.ruleset, dossier.systems,
                                                          dossier.evaluations, count);
        fault = dossier_write_items(
            call->db, id, dossier_items_json(call, dossier.ruleset, level, "", justification),
            actor->account_id);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_write_draft(call->db, id, call_int(call, dossier.record.version),
                                    call_int(call, level), party);
    }
    return fault == FAULT_NONE ? dossier_reply(call, id, reply) : fault;
}

static const struct dossier_item_view *find_item(const struct dossier_item_view *views, int count,
                                                 struct str item)
{
    for (int i = 0; i < count; i++) {
        if (str_is(item, views[i].id)) {
            return &views[i];
        }
    }
    return NULL;
}

static const char *text_or(struct in_text in, const char *before)
{
    return in.value != NULL ? in.value : before;
}

enum fault dossier_item_put(struct call *call, struct reply *reply)
{
    struct item_change in;
    struct dossier_case dossier;
    struct dossier_item_view views[DOSSIER_ITEMS_MAX];
    const struct actor *actor = NULL;
    const char *id = NULL;
    enum fault fault = open_draft(call, &id, &actor, &dossier, reply);

    if (fault != FAULT_NONE) {
        return fault;
    }

    int count = dossier_item_views(call, dossier.ruleset, dossier.record.level, dossier.items,
                                   dossier.item_count, views);
    const struct dossier_item_view *item = find_item(views, count, call->path_value[1]);
    if (item == NULL) {
        return FAULT_NOT_FOUND;
    }
    fault = json_decode(call->body, &dossier_item_change_shape, &in, &call->problems);
    if (fault != FAULT_NONE) {
        return fault;
    }

    static const struct dossier_item_record NOTHING = {.content = "", .document_number = ""};
    const struct dossier_item_record *before = item->record == NULL ? &NOTHING : item->record;
    fault = dossier_write_item(call->db, id, item->id, text_or(in.content, before->content),
                               text_or(in.document_number, before->document_number),
                               in.document_date.present ? in.document_date.value
                                                        : before->document_date,
                               actor->account_id);
    if (fault == FAULT_NONE) {
        fault =
            dossier_write_draft(call->db, id, call_int(call, dossier.record.version),
                                call_int(call, dossier.record.level), dossier.record.approve_party);
    }
    return fault == FAULT_NONE ? dossier_reply(call, id, reply) : fault;
}
