#include "api/dossier_parts.h"

#include "api/write.h"
#include "json/facts.h"

static void write_reference_text(struct json_writer *w, const char *name, const char *id,
                                 const char *title)
{
    json_name(w, name);
    json_object_begin(w);
    json_member_text(w, "id", id);
    json_member_text(w, "name", title);
    json_object_end(w);
}

static void write_system(struct json_writer *w, const struct ruleset *ruleset,
                         const struct dossier_system_record *system,
                         const struct dossier_evaluation *evaluation)
{
    json_object_begin(w);
    json_member_text(w, "id", system->id);
    json_member_text(w, "code", system->code);
    json_member_text(w, "name", system->name);
    json_name(w, "computed_level");
    if (evaluation->classification.level > 0) {
        json_int(w, evaluation->classification.level);
    } else {
        json_null(w);
    }
    json_member_int(w, "at_least", evaluation->classification.at_least);
    json_member_int(w, "proposed_level", system->proposed_level);
    json_member_text(w, "reason", system->reason);
    json_name(w, "facts");
    facts_write(w, ruleset, &evaluation->facts);
    json_object_end(w);
}

static void write_items(struct call *call, struct json_writer *w,
                        const struct dossier_case *dossier)
{
    struct dossier_item_view views[DOSSIER_ITEMS_MAX];
    int count = dossier_item_views(call, dossier->ruleset, dossier->record.level, dossier->items,
                                   dossier->item_count, views);

    json_object_begin(w);
    for (int i = 0; i < count; i++) {
        const struct dossier_item_record *record = views[i].record;
        json_name(w, views[i].id);
        json_object_begin(w);
        json_member_text(w, "content", record == NULL ? "" : record->content);
        json_member_text(w, "document_number", record == NULL ? "" : record->document_number);
        json_member_text(w, "document_date", record == NULL ? NULL : record->document_date);
        json_object_end(w);
    }
    json_object_end(w);
}

/* The order of members is part of the format: the SHA-256 of the text is what a decision names. */
const char *dossier_snapshot(struct call *call, const struct dossier_case *dossier)
{
    const struct dossier_record *record = &dossier->record;
    struct buffer out;

    buffer_init(&out, 16 * KIB);
    struct json_writer w = json_writer(&out);
    json_object_begin(&w);
    json_name(&w, "dossier");
    json_object_begin(&w);
    json_member_text(&w, "code", record->code);
    json_member_text(&w, "ruleset", record->ruleset);
    json_member_int(&w, "level", record->level);
    write_reference_text(&w, "governing", record->governing_id, record->governing_name);
    write_reference_text(&w, "operator", record->operator_id, record->operator_name);
    json_object_end(&w);
    json_name(&w, "systems");
    json_array_begin(&w);
    for (int i = 0; i < dossier->system_count; i++) {
        write_system(&w, dossier->ruleset, &dossier->systems[i], &dossier->evaluations[i]);
    }
    json_array_end(&w);
    json_name(&w, "items");
    write_items(call, &w, dossier);
    json_object_end(&w);
    const char *text = arena_str(call->arena, (struct str){out.at, out.length}).at;
    buffer_done(&out);
    return text;
}

enum { CHANGES_MAX = 200 };

static enum fault load_snapshot(struct call *call, const char *id, int number,
                                const char **ret_snapshot)
{
    struct rows rows;
    enum fault fault = dossier_submission(call->db, id, call_int(call, number), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_snapshot = rows_copy(&rows, 0, 4, call->arena);
    rows_done(&rows);
    return FAULT_NONE;
}

static void write_number(struct json_writer *w, const char *name, int number)
{
    if (number > 0) {
        json_member_int(w, name, number);
    } else {
        json_member_null(w, name);
    }
}

static void write_value(struct json_writer *w, const char *name, const char *json)
{
    if (json == NULL) {
        json_member_null(w, name);
    } else {
        json_member_raw(w, name, str_of(json));
    }
}

static void write_changes(struct call *call, const char *before, const char *after, int from,
                          int to, struct reply *reply)
{
    struct json_difference *found = ARENA_ARRAY(call->arena, CHANGES_MAX, struct json_difference);
    /* Before the first submission there is nothing to compare with. */
    int count =
        before == NULL ? 0 : json_differences(call->arena, before, after, found, CHANGES_MAX);

    buffer_init(&reply->body, 4 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    write_number(&w, "from_submission", from);
    write_number(&w, "to_submission", to);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < count; i++) {
        json_object_begin(&w);
        json_member_text(&w, "path", found[i].path);
        write_value(&w, "before", found[i].before);
        write_value(&w, "after", found[i].after);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
}

/* With the preparer: the last submission against what would be submitted now; afterwards the last
 * two submissions. */
enum fault dossier_change_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *id = NULL;
    const char *before = NULL;
    const char *after = NULL;
    struct dossier_case dossier;
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

    bool open = dossier.state == DOSSIER_DRAFT || dossier.state == DOSSIER_RETURNED;
    int to = open ? 0 : dossier.record.submissions;
    int from = open ? dossier.record.submissions : to - 1;
    if (open) {
        after = dossier_snapshot(call, &dossier);
    } else if (to > 0) {
        fault = load_snapshot(call, id, to, &after);
    }
    if (fault == FAULT_NONE && from > 0) {
        fault = load_snapshot(call, id, from, &before);
    }
    if (fault == FAULT_NONE) {
        fault = dossier_log_read(call, dossier.record.level, id, dossier.record.code);
    }
    if (fault == FAULT_NONE) {
        write_changes(call, before, after, from, to, reply);
    }
    return fault;
}

enum fault dossier_submission_get(struct call *call, struct reply *reply)
{
    struct rows rows;
    const char *id = NULL;
    int64_t number = 0;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!str_to_int64(call->path_value[1], &number) || number < 1 || number > INT32_MAX) {
        return FAULT_NOT_FOUND;
    }
    fault = dossier_submission(call->db, id, call_int(call, number), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault =
        dossier_log_read(call, rows_int(&rows, 0, 5, 0), id, rows_copy(&rows, 0, 6, call->arena));
    if (fault != FAULT_NONE) {
        rows_done(&rows);
        return fault;
    }
    buffer_init(&reply->body, rows_str(&rows, 0, 4).length + KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    write_int_or_null(&w, "number", &rows, 0, 0);
    write_time(&w, "submitted_at", &rows, 0, 1);
    write_str(&w, "submitted_by", &rows, 0, 2);
    write_str(&w, "snapshot_sha256", &rows, 0, 3);
    write_json_or_null(&w, "snapshot", &rows, 0, 4);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}
