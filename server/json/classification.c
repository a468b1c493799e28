#include "json/classification.h"

#include "json/facts.h"

void text_write(struct json_writer *writer, struct text text)
{
    json_object_begin(writer);
    json_member_text(writer, "vi", text.in[LANGUAGE_VI]);
    json_member_text(writer, "en", text.in[LANGUAGE_EN]);
    json_object_end(writer);
}

static void trace_entry_write(struct json_writer *writer, const struct ruleset *ruleset,
                              const struct facts *facts, const struct criterion *criterion,
                              enum tri result, enum language language)
{
    json_object_begin(writer);
    json_member_text(writer, "criterion", criterion->id);
    json_member_int(writer, "level", criterion->level);
    json_member_text(writer, "article", criterion->article.in[language]);
    json_member_text(writer, "result", tri_code(result));
    json_name(writer, "facts");
    json_object_begin(writer);
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if ((criterion->when.facts & (UINT64_C(1) << i)) != 0) {
            json_name(writer, ruleset->facts[i].id);
            fact_value_write(writer, &ruleset->facts[i], facts->of[i]);
        }
    }
    json_object_end(writer);
    json_name(writer, "text");
    text_write(writer, criterion->text);
    json_object_end(writer);
}

void classification_write(struct json_writer *writer, const struct ruleset *ruleset,
                          const struct facts *facts, const struct classification *classification,
                          enum language language)
{
    json_object_begin(writer);
    json_member_text(writer, "ruleset", ruleset->id);
    json_name(writer, "level");
    if (classification->level > 0) {
        json_int(writer, classification->level);
    } else {
        json_null(writer);
    }
    json_member_int(writer, "at_least", classification->at_least);
    json_member_bool(writer, "complete", classification->complete);
    json_name(writer, "missing");
    json_array_begin(writer);
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if ((classification->missing & (UINT64_C(1) << i)) != 0) {
            json_text(writer, ruleset->facts[i].id);
        }
    }
    json_array_end(writer);
    json_name(writer, "matched");
    json_array_begin(writer);
    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        if (classification->results[i] == TRI_TRUE) {
            json_text(writer, ruleset->criteria[i].id);
        }
    }
    json_array_end(writer);
    json_name(writer, "trace");
    json_array_begin(writer);
    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        trace_entry_write(writer, ruleset, facts, &ruleset->criteria[i], classification->results[i],
                          language);
    }
    json_array_end(writer);
    json_object_end(writer);
}
