#include "api/dossier_parts.h"

#include <string.h>

#include "json/classification.h"

/* What the register writes may be edited by hand afterwards: it stays below the limit of the API. */
enum { PREFILL_CHARACTERS_MAX = 19000 };

static const char *finish(struct call *call, struct buffer *out)
{
    struct str text = {out->at, out->length};
    size_t characters = 0;

    while (text.length > 0 && text.at[text.length - 1] == '\n') {
        text.length--;
    }
    for (size_t i = 0; i < text.length; i++) {
        bool starts = ((unsigned char)text.at[i] & 0xC0U) != 0x80U;
        if (starts && ++characters > PREFILL_CHARACTERS_MAX) {
            text.length = i;
        }
    }

    const char *copy = arena_str(call->arena, text).at;
    buffer_done(out);
    return copy;
}

static void line(struct buffer *out, const char *label, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        buffer_printf(out, "%s: %s\n", label, value);
    }
}

static void lines(struct buffer *out, const char *label, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        buffer_printf(out, "%s:\n%s\n", label, value);
    }
}

const char *dossier_overview(struct call *call, const struct dossier_system_record *systems,
                             int count)
{
    struct buffer out;

    buffer_init(&out, 2 * KIB);
    for (int i = 0; i < count; i++) {
        const struct dossier_system_record *s = &systems[i];
        buffer_printf(&out, "%d. %s (mã %s)\n", i + 1, s->name, s->code);
        line(&out, "Cơ quan chủ quản", s->governing_name);
        line(&out, "Đơn vị vận hành", s->operator_name);
        line(&out, "Mục đích", s->purpose);
        line(&out, "Phạm vi, quy mô", s->scope);
        line(&out, "Đối tượng phục vụ", s->served_users);
        lines(&out, "Thành phần", s->components);
        lines(&out, "Tên miền, địa chỉ mạng", s->addresses);
        lines(&out, "Đầu mối liên hệ", s->contacts);
        buffer_char(&out, '\n');
    }
    return finish(call, &out);
}

static void justify(struct buffer *out, const struct ruleset *ruleset,
                    const struct dossier_system_record *system,
                    const struct dossier_evaluation *evaluation)
{
    const struct classification *c = &evaluation->classification;

    if (c->level > 0) {
        buffer_printf(out, "Cấp độ xác định theo tiêu chí: %d\n", c->level);
    } else if (!c->complete) {
        buffer_text(out, "Chưa đủ thông tin để xác định cấp độ theo tiêu chí\n");
    } else {
        buffer_text(out, "Không đáp ứng tiêu chí nào; cấp độ được đề xuất có lý do\n");
    }
    if (c->at_least > 0) {
        buffer_text(out, "Căn cứ:\n");
    }
    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        const struct criterion *criterion = &ruleset->criteria[i];
        if (c->results[i] == TRI_TRUE && criterion->level == c->at_least) {
            buffer_printf(out, "- %s (%s)\n", criterion->text.in[LANGUAGE_VI],
                          criterion->article.in[LANGUAGE_VI]);
        }
    }
    line(out, "Lý do đề xuất", system->reason);
}

const char *dossier_justification(struct call *call, const struct ruleset *ruleset,
                                  const struct dossier_system_record *systems,
                                  const struct dossier_evaluation *evaluations, int count)
{
    struct buffer out;

    buffer_init(&out, 2 * KIB);
    for (int i = 0; i < count; i++) {
        buffer_printf(&out, "%d. %s (mã %s): đề xuất cấp độ %d\n", i + 1, systems[i].name,
                      systems[i].code, systems[i].proposed_level);
        justify(&out, ruleset, &systems[i], &evaluations[i]);
        buffer_char(&out, '\n');
    }
    return finish(call, &out);
}

static const char *keep(struct call *call, struct buffer *out)
{
    const char *text = arena_str(call->arena, (struct str){out->at, out->length}).at;

    buffer_done(out);
    return text;
}

const char *dossier_items_json(struct call *call, const struct ruleset *ruleset, int level,
                               const char *overview, const char *justification)
{
    const struct {
        const char *item;
        const char *content;
    } filled[] = {{"overview", overview}, {"level_justification", justification}};
    struct dossier_item_view views[DOSSIER_ITEMS_MAX];
    int count = dossier_item_views(call, ruleset, level, NULL, 0, views);
    struct buffer out;

    buffer_init(&out, 4 * KIB);
    struct json_writer w = json_writer(&out);
    json_array_begin(&w);
    for (int i = 0; i < count; i++) {
        const char *content = "";
        for (size_t k = 0; k < COUNT_OF(filled); k++) {
            content = strcmp(views[i].id, filled[k].item) == 0 ? filled[k].content : content;
        }
        json_object_begin(&w);
        json_member_text(&w, "item", views[i].id);
        json_member_text(&w, "content", content);
        json_object_end(&w);
    }
    json_array_end(&w);
    return keep(call, &out);
}

const char *dossier_systems_json(struct call *call, const struct ruleset *ruleset,
                                 const struct dossier_system_record *systems,
                                 const struct dossier_evaluation *evaluations, int count)
{
    struct buffer out;

    buffer_init(&out, 8 * KIB);
    struct json_writer w = json_writer(&out);
    json_array_begin(&w);
    for (int i = 0; i < count; i++) {
        const struct classification *c = &evaluations[i].classification;
        json_object_begin(&w);
        json_member_text(&w, "system_id", systems[i].id);
        json_name(&w, "computed_level");
        if (c->level > 0) {
            json_int(&w, c->level);
        } else {
            json_null(&w);
        }
        json_member_int(&w, "at_least", c->at_least);
        json_name(&w, "trace");
        classification_write(&w, ruleset, &evaluations[i].facts, c, LANGUAGE_VI);
        json_member_int(&w, "proposed_level", systems[i].proposed_level);
        json_member_text(&w, "reason", systems[i].reason);
        json_object_end(&w);
    }
    json_array_end(&w);
    return keep(call, &out);
}
