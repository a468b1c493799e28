/* The writing half of json/facts.h: jansson and json/writer.h both name a json_null. */
#include "json/facts.h"
#include "json/writer.h"

void fact_value_write(struct json_writer *writer, const struct fact_def *fact,
                      struct fact_value value)
{
    if (!value.known) {
        json_null(writer);
        return;
    }
    switch (fact->type) {
    case FACT_BOOL:
        json_bool(writer, value.value != 0);
        break;
    case FACT_ENUM:
        json_text(writer, fact->choices[value.value].id);
        break;
    case FACT_SET:
        json_array_begin(writer);
        for (size_t i = 0; i < fact->choice_count; i++) {
            if (((uint64_t)value.value & (UINT64_C(1) << i)) != 0) {
                json_text(writer, fact->choices[i].id);
            }
        }
        json_array_end(writer);
        break;
    case FACT_INT:
        json_int(writer, value.value);
        break;
    case FACT_TYPE_COUNT:
        break;
    }
}

void facts_write(struct json_writer *writer, const struct ruleset *ruleset,
                 const struct facts *facts)
{
    json_object_begin(writer);
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (facts->of[i].known) {
            json_name(writer, ruleset->facts[i].id);
            fact_value_write(writer, &ruleset->facts[i], facts->of[i]);
        }
    }
    json_object_end(writer);
}
