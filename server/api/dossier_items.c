#include "api/dossier_parts.h"

#include <string.h>

#include "json/classification.h"

static const char APPROVED[] = "approved";
static const char BEFORE[] = "_before_";

static const struct dossier_item_record *record_of(const struct dossier_item_record *items,
                                                   int count, const char *id)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(items[i].item, id) == 0) {
            return &items[i];
        }
    }
    return NULL;
}

static const char *gate_item(struct call *call, const struct gate *gate)
{
    const char *end = strstr(gate->id, BEFORE);

    return end == NULL
               ? gate->id
               : arena_str(call->arena, (struct str){gate->id, (size_t)(end - gate->id)}).at;
}

int dossier_item_views(struct call *call, const struct ruleset *ruleset, int level,
                       const struct dossier_item_record *items, int item_count,
                       struct dossier_item_view ret_views[static DOSSIER_ITEMS_MAX])
{
    int count = 0;

    for (size_t i = 0; i < ruleset->dossier_item_count && count < DOSSIER_ITEMS_MAX; i++) {
        const struct dossier_item_def *def = &ruleset->dossier_items[i];
        if ((def->levels & LEVEL_BIT(level)) != 0) {
            ret_views[count++] = (struct dossier_item_view){
                .id = def->id,
                .title = def->title,
                .article = def->article,
                .required = def->required,
                .record = record_of(items, item_count, def->id),
            };
        }
    }
    for (size_t i = 0; i < ruleset->gate_count && count < DOSSIER_ITEMS_MAX; i++) {
        const struct gate *gate = &ruleset->gates[i];
        if (gate->mandatory && gate->blocks != NULL && strcmp(gate->blocks, APPROVED) == 0 &&
            (gate->levels & LEVEL_BIT(level)) != 0) {
            const char *id = gate_item(call, gate);
            ret_views[count++] = (struct dossier_item_view){
                .id = id,
                .title = gate->title,
                .article = gate->article,
                .gate = gate,
                .gate_index = i,
                .record = record_of(items, item_count, id),
            };
        }
    }
    return count;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

bool dossier_item_complete(const struct dossier_item_view *view)
{
    const struct dossier_item_record *record = view->record;

    if (record == NULL) {
        return false;
    }
    if (view->gate != NULL) {
        return !is_blank(record->document_number) && record->document_date != NULL;
    }
    return !is_blank(record->content) || !is_blank(record->document_number);
}

uint64_t dossier_gates_met(const struct dossier_item_view *views, int count, const char *day)
{
    uint64_t met = 0;

    for (int i = 0; i < count; i++) {
        /* Dates in this form are ordered as text. */
        if (views[i].gate != NULL && dossier_item_complete(&views[i]) &&
            strcmp(views[i].record->document_date, day) <= 0) {
            met |= UINT64_C(1) << views[i].gate_index;
        }
    }
    return met;
}

void dossier_item_write(struct json_writer *w, const struct dossier_item_view *view,
                        enum language language)
{
    const struct dossier_item_record *record = view->record;

    json_object_begin(w);
    json_member_text(w, "item", view->id);
    json_name(w, "title");
    text_write(w, view->title);
    json_member_text(w, "basis", view->article.in[language]);
    json_member_bool(w, "required", view->required);
    json_member_bool(w, "complete", dossier_item_complete(view));
    json_member_text(w, "content", record == NULL ? "" : record->content);
    json_member_text(w, "document_number", record == NULL ? "" : record->document_number);
    json_member_text(w, "document_date", record == NULL ? NULL : record->document_date);
    json_member_int(w, "version", record == NULL ? 0 : record->version);
    json_member_text(w, "updated_at", record == NULL ? NULL : record->updated_at);
    json_object_end(w);
}
