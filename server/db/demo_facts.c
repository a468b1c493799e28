#include <stdlib.h>
#include <string.h>

#include "db/demo_work.h"
#include "json/classification.h"

static bool read_choices(const struct fact_def *fact, struct str text, int64_t *ret_value)
{
    int64_t value = 0;

    while (text.at != NULL) {
        struct str name = str_cut(&text, ',');
        char id[64];
        if (name.length >= sizeof(id)) {
            return false;
        }
        memcpy(id, name.at, name.length);
        id[name.length] = '\0';
        int choice = fact_choice_index(fact, id);
        if (choice < 0) {
            return false;
        }
        value = fact->type == FACT_SET ? value | (INT64_C(1) << choice) : choice;
    }
    *ret_value = value;
    return true;
}

static bool read_value(const struct fact_def *fact, struct str text, int people, int64_t *ret_value)
{
    switch (fact->type) {
    case FACT_BOOL:
        *ret_value = str_is(text, "true") ? 1 : 0;
        return str_is(text, "true") || str_is(text, "false");
    case FACT_ENUM:
    case FACT_SET:
        return read_choices(fact, text, ret_value);
    case FACT_INT:
        if (str_is(text, "#")) {
            *ret_value = people;
            return true;
        }
        return str_to_int64(text, ret_value);
    case FACT_TYPE_COUNT:
    default:
        return false;
    }
}

static bool read_answer(const struct ruleset *ruleset, struct str answer, int people,
                        struct facts *facts)
{
    char id[64];
    struct str name = str_cut(&answer, '=');

    if (name.length >= sizeof(id)) {
        return false;
    }
    memcpy(id, name.at, name.length);
    id[name.length] = '\0';

    int index = ruleset_fact_index(ruleset, id);
    if (index < 0) {
        return false;
    }
    struct fact_value *value = &facts->of[index];
    value->known = true;
    return read_value(&ruleset->facts[index], answer, people, &value->value);
}

static void write_value(struct json_writer *w, const struct fact_def *fact, int64_t value)
{
    switch (fact->type) {
    case FACT_BOOL:
        json_bool(w, value != 0);
        break;
    case FACT_ENUM:
        json_text(w, fact->choices[value].id);
        break;
    case FACT_SET:
        json_array_begin(w);
        for (size_t i = 0; i < fact->choice_count; i++) {
            if ((value & (INT64_C(1) << i)) != 0) {
                json_text(w, fact->choices[i].id);
            }
        }
        json_array_end(w);
        break;
    case FACT_INT:
    case FACT_TYPE_COUNT:
    default:
        json_int(w, value);
        break;
    }
}

static const char *keep(struct demo *d, struct buffer *text)
{
    const char *json = arena_str(&d->arena, (struct str){text->at, text->length}).at;

    buffer_done(text);
    return json;
}

static const char *write_facts(struct demo *d, const struct ruleset *ruleset,
                               const struct facts *facts)
{
    struct buffer text;

    buffer_init(&text, 512);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (facts->of[i].known) {
            json_name(&w, ruleset->facts[i].id);
            write_value(&w, &ruleset->facts[i], facts->of[i].value);
        }
    }
    json_object_end(&w);
    return keep(d, &text);
}

static const char *write_trace(struct demo *d, const struct ruleset *ruleset,
                               const struct facts *facts, const struct classification *result)
{
    struct buffer text;

    buffer_init(&text, 8 * (size_t)KIB);
    struct json_writer w = json_writer(&text);
    classification_write(&w, ruleset, facts, result, LANGUAGE_VI);
    return keep(d, &text);
}

void demo_answer(struct demo *d, enum demo_profile profile, int ruleset_index, int people,
                 struct demo_answered *ret_answered)
{
    const struct ruleset *ruleset = d->rulesets[ruleset_index];
    struct str rest = str_of(demo_answers[profile][ruleset_index].answers);
    struct facts facts = {0};

    *ret_answered = (struct demo_answered){.json = "{}", .trace = "{}"};
    if (d->fault != FAULT_NONE) {
        return;
    }
    while (rest.at != NULL) {
        struct str answer = str_cut(&rest, ' ');
        if (!read_answer(ruleset, answer, people, &facts)) {
            demo_stop(d, FAULT_INVALID, "ruleset %s does not know the answer %.*s", ruleset->id,
                      (int)answer.length, answer.at);
            return;
        }
    }
    ret_answered->json = write_facts(d, ruleset, &facts);
    classify(ruleset, &facts, &ret_answered->result);
    ret_answered->trace = write_trace(d, ruleset, &facts, &ret_answered->result);
}
