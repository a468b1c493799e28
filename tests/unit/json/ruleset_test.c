/* Reading rulesets: the real ones, one dropped in, and files with a planted fault. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "rules/authority.h"
#include "support/ruleset_files.h"

/* ---- the real ones ---- */

static void expect_both(struct text text, const char *what, size_t index)
{
    cr_expect(text.in[LANGUAGE_VI] != NULL && text.in[LANGUAGE_VI][0] != '\0', "%s %zu: no vi",
              what, index);
    cr_expect(text.in[LANGUAGE_EN] != NULL && text.in[LANGUAGE_EN][0] != '\0', "%s %zu: no en",
              what, index);
}

static void expect_words(const struct ruleset *r)
{
    expect_both(r->title, "title", 0);
    expect_both(r->terminology.domain, "domain", 0);
    for (size_t i = 0; i < r->fact_count; i++) {
        const struct fact_def *fact = &r->facts[i];
        expect_both(fact->question, "question", i);
        expect_both(fact->why, "why", i);
        expect_both(fact->article, "fact article", i);
        if (fact->type == FACT_INT) {
            expect_both(fact->unit, "unit", i);
        }
        for (size_t c = 0; c < fact->choice_count; c++) {
            expect_both(fact->choices[c].label, "choice", i);
        }
    }
    for (size_t i = 0; i < r->criterion_count; i++) {
        expect_both(r->criteria[i].text, "criterion", i);
        expect_both(r->criteria[i].article, "criterion article", i);
    }
    for (size_t i = 0; i < r->level_count; i++) {
        expect_both(r->levels[i].harm, "harm", i);
    }
    for (size_t i = 0; i < r->gate_count; i++) {
        expect_both(r->gates[i].title, "gate", i);
    }
    for (size_t i = 0; i < r->dossier_item_count; i++) {
        expect_both(r->dossier_items[i].title, "item", i);
    }
    for (size_t i = 0; i < r->enumeration_count; i++) {
        for (size_t v = 0; v < r->enumerations[i].value_count; v++) {
            expect_both(r->enumerations[i].values[v].label, "enumeration", i);
        }
    }
}

Test(ruleset, every_text_stands_in_both_languages, .timeout = 10)
{
    static const char *const paths[] = {RULESET_331, RULESET_85, RULESET_INVENTED};
    struct arena arena;

    arena_init(&arena, 0);
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct ruleset ruleset;
        ruleset_load(&arena, paths[i], &ruleset);
        expect_words(&ruleset);
    }
    arena_done(&arena);
}

static void expect_limit(const struct ruleset *ruleset, enum limit_step step, int level, int days,
                         enum day_unit unit)
{
    const struct time_limit *limit = ruleset_time_limit(ruleset, step, level);

    cr_assert(limit != NULL, "%s has no row for level %d", limit_step_code(step), level);
    cr_expect(limit->days == days && limit->unit == unit, "%s level %d: %d", limit_step_code(step),
              level, limit->days);
}

Test(ruleset, time_limits_are_those_of_the_decrees, .timeout = 10)
{
    struct arena arena;
    struct ruleset r;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &r);
    for (int level = 1; level <= LEVEL_MAX; level++) {
        expect_limit(&r, LIMIT_STEP_COMPLETENESS, level, 5, DAY_UNIT_WORKING);
        expect_limit(&r, LIMIT_STEP_APPROVAL, level, 7, DAY_UNIT_WORKING);
    }
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 1, 0, DAY_UNIT_NONE);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 2, 0, DAY_UNIT_NONE);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 3, 15, DAY_UNIT_WORKING);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 4, 25, DAY_UNIT_WORKING);
    ruleset_load(&arena, RULESET_85, &r);
    expect_limit(&r, LIMIT_STEP_COMPLETENESS, 3, 0, DAY_UNIT_NONE);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 2, 0, DAY_UNIT_NONE);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 3, 15, DAY_UNIT_CALENDAR);
    expect_limit(&r, LIMIT_STEP_APPRAISAL, 5, 30, DAY_UNIT_CALENDAR);
    expect_limit(&r, LIMIT_STEP_APPROVAL, 3, 7, DAY_UNIT_WORKING);
    arena_done(&arena);
}

Test(ruleset, authority_is_that_of_the_decrees, .timeout = 10)
{
    static const char *const paths[] = {RULESET_331, RULESET_85};
    static const enum party appraise[] = {PARTY_SPECIALISED_UNIT, PARTY_SPECIALISED_UNIT,
                                          PARTY_SPECIALISED_UNIT, PARTY_MINISTRY, PARTY_MINISTRY};
    static const enum party approve[] = {PARTY_SPECIALISED_UNIT, PARTY_SPECIALISED_UNIT,
                                         PARTY_GOVERNING_BODY, PARTY_GOVERNING_BODY,
                                         PARTY_PRIME_MINISTER};
    struct arena arena;

    arena_init(&arena, 0);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset r;
        ruleset_load(&arena, paths[p], &r);
        for (int level = 1; level <= LEVEL_MAX; level++) {
            const struct authority *row = authority_of(&r, level);
            cr_expect_eq(row->prepare, PARTY_OPERATOR);
            cr_expect_eq(row->appraise, appraise[level - 1]);
            cr_expect_eq(row->approve, approve[level - 1]);
            cr_expect_eq(row->expert_opinion, level < 4 ? PARTY_NONE : PARTY_SPECIALISED_UNIT);
        }
    }
    arena_done(&arena);
}

Test(ruleset, validity_follows_the_transition_rules, .timeout = 10)
{
    struct arena arena;
    struct ruleset old;
    struct ruleset new;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_85, &old);
    ruleset_load(&arena, RULESET_331, &new);
    cr_expect(ruleset_in_force(&old, (struct date){2026, 6, 30}));
    cr_expect(!ruleset_in_force(&old, (struct date){2026, 7, 1}));
    cr_expect(ruleset_accepts_dossiers(&old, (struct date){2026, 12, 31}));
    cr_expect(!ruleset_accepts_dossiers(&old, (struct date){2027, 1, 1}));
    cr_expect(!ruleset_in_force(&new, (struct date){2026, 8, 18}));
    cr_expect(ruleset_in_force(&new, (struct date){2026, 8, 19}));
    cr_expect(ruleset_accepts_dossiers(&new, (struct date){2040, 1, 1}));
    cr_expect_str_eq(new.supersedes, old.id);
    cr_expect_str_eq(old.superseded_by, new.id);
    arena_done(&arena);
}

Test(ruleset, a_question_that_matters_is_never_hidden_by_its_condition, .timeout = 60)
{
    static const char *const paths[] = {RULESET_331, RULESET_85};
    struct arena arena;

    arena_init(&arena, 0);
    srand(4);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset r;
        ruleset_load(&arena, paths[p], &r);
        for (int round = 0; round < 1000; round++) {
            struct facts facts = {0};
            struct classification result;
            for (size_t i = 0; i < r.fact_count; i++) {
                const struct fact_def *fact = &r.facts[i];
                if (rand() % 2 == 0) {
                    size_t pick = (size_t)rand() % fact->domain_count;
                    facts.of[i] = (struct fact_value){true, fact->domain[pick]};
                }
            }
            classify(&r, &facts, &result);
            for (size_t i = 0; i < r.fact_count; i++) {
                if (((result.missing >> i) & 1) != 0) {
                    cr_assert(predicate_eval(&r.facts[i].ask_when, &facts) != TRI_FALSE,
                              "%s matters but would not be asked", r.facts[i].id);
                }
            }
        }
    }
    arena_done(&arena);
}

/* ---- one more, dropped in ---- */

static void copy_into(struct arena *arena, const char *folder, const char *path)
{
    struct str bytes = file_read(arena, path);
    const char *target = arena_printf(arena, "%s/%s", folder, strrchr(path, '/') + 1);
    FILE *file = fopen(target, "wb");

    cr_assert(file != NULL);
    cr_assert_eq(fwrite(bytes.at, 1, bytes.length, file), bytes.length);
    fclose(file);
}

static bool ends_with_json(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

Test(ruleset, a_third_one_is_added_by_dropping_in_a_file, .timeout = 10)
{
    char folder[] = "/tmp/capdo-rulesets-XXXXXX";
    struct arena arena;
    struct ruleset rulesets[3];
    size_t count = 0;
    const struct ruleset *lagoon = NULL;

    arena_init(&arena, 0);
    cr_assert(mkdtemp(folder) != NULL);
    copy_into(&arena, folder, RULESET_331);
    copy_into(&arena, folder, RULESET_85);
    copy_into(&arena, folder, RULESET_INVENTED);
    DIR *directory = opendir(folder);
    cr_assert(directory != NULL);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (ends_with_json(entry->d_name)) {
            const char *path = arena_printf(&arena, "%s/%s", folder, entry->d_name);
            ruleset_load(&arena, path, &rulesets[count++]);
            cr_assert_eq(unlink(path), 0);
        }
    }
    closedir(directory);
    cr_assert_eq(rmdir(folder), 0);
    cr_assert_eq(count, 3);
    for (size_t i = 0; i < count; i++) {
        if (ruleset_fact_index(&rulesets[i], "depth_m") >= 0) {
            lagoon = &rulesets[i];
        }
    }
    cr_assert(lagoon != NULL);

    static const struct {
        const char *facts;
        int level;
        int at_least;
        bool complete;
    } rows[] = {
        {"{\"depth_m\":2,\"fauna\":[],\"salinity\":\"fresh\",\"haunted\":false}", 1, 1, true},
        {"{\"depth_m\":3,\"fauna\":[\"fish\"],\"salinity\":\"fresh\",\"haunted\":true}", 2, 2,
         true},
        {"{\"depth_m\":3,\"fauna\":[\"fish\",\"squid\"],\"salinity\":\"fresh\"}", 0, 0, true},
        {"{\"depth_m\":50,\"fauna\":[\"fish\"],\"salinity\":\"salt\"}", 4, 4, true},
        {"{\"depth_m\":49,\"fauna\":[\"fish\"],\"salinity\":\"salt\"}", 2, 2, true},
        {"{\"fauna\":[\"seal\"]}", 0, 4, false},
        {"{\"fauna\":[\"seal\",\"fish\"]}", 4, 4, true},
        {"{\"fauna\":[],\"haunted\":true}", 5, 5, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct classification result = classification_of(&arena, lagoon, rows[i].facts);
        cr_expect(result.level == rows[i].level && result.at_least == rows[i].at_least &&
                      result.complete == rows[i].complete,
                  "%s: %d, at least %d, complete %d", rows[i].facts, result.level, result.at_least,
                  (int)result.complete);
    }
    arena_done(&arena);
}

/* ---- planted faults ---- */

static const struct {
    const char *find; /* first place in the invented ruleset */
    const char *replace;
    const char *pointer;
    const char *message; /* a part of it */
} planted[] = {
    {"\"ruleset_id\"", "\"ruleset_i\"", "/ruleset_i", "unknown member"},
    {"\"schema\": \"capdo-ruleset/1\"", "\"schema\": \"capdo-ruleset/2\"", "/schema",
     "unknown value"},
    {"\"effective_from\": \"2031-01-01\",", "", "/effective_from", "is missing"},
    {"\"2031-01-01\"", "\"2031-02-29\"", "/effective_from", "is not a date"},
    {"\"2032-12-31\"", "\"2030-12-31\"", "/effective_to", "before"},
    {"\"vi\": \"Sâu bao nhiêu mét?\", ", "", "/facts/0/question/vi", "is missing"},
    {"\"en\": \"How deep, in metres?\"", "\"en\": \"\"", "/facts/0/question/en", "1 to"},
    {"\"type\": \"int\"", "\"type\": \"float\"", "/facts/0/type", "unknown value"},
    {"\"id\": \"fauna\"", "\"id\": \"depth_m\"", "/facts/1/id", "stands twice"},
    {"\"id\": \"fauna\"", "\"id\": \"fa una\"", "/facts/1/id", "not an identifier"},
    {"\"group\": \"water\"", "\"group\": \"air\"", "/facts/0/group", "unknown group"},
    {"\"min\": 0", "\"min\": 300", "/facts/0/max", "smaller"},
    {"\"default_hint\": 3", "\"default_hint\": 201", "/facts/0/default_hint", "not a value"},
    {"\"default_hint\": false", "\"default_hint\": \"no\"", "/facts/3/default_hint", "not a value"},
    {"\"id\": \"seal\"", "\"id\": \"fish\"", "/facts/1/values/1/id", "stands twice"},
    {"\"type\": \"bool\"", "\"type\": \"enum\"", "/facts/3/values", "is missing"},
    {"\"value\": [\"brackish\", \"salt\"]", "\"value\": [\"brackish\", \"sweet\"]",
     "/facts/3/ask_when/value", "not a value"},
    {"{\"fact\": \"depth_m\", \"op\": \"le\", \"value\": 2}",
     "{\"fact\": \"dept_m\", \"op\": \"le\", \"value\": 2}", "/criteria/0/when/fact",
     "unknown fact"},
    {"\"op\": \"le\", \"value\": 2", "\"op\": \"like\", \"value\": 2", "/criteria/0/when/op",
     "unknown operator"},
    {"\"op\": \"le\", \"value\": 2", "\"op\": \"contains\", \"value\": 2", "/criteria/0/when/op",
     "does not apply"},
    {"\"op\": \"le\", \"value\": 2", "\"op\": \"le\", \"value\": true", "/criteria/0/when/value",
     "not a value"},
    {"\"op\": \"le\", \"value\": 2", "\"op\": \"le\", \"value\": 500", "/criteria/0/when/value",
     "not a value"},
    {"\"op\": \"only\", \"value\": \"fish\"", "\"op\": \"only\", \"value\": \"whale\"",
     "/criteria/1/when/all/1/value", "not a value"},
    {"\"when\": {\"fact\": \"depth_m\", \"op\": \"le\", \"value\": 2}", "\"when\": {\"all\": []}",
     "/criteria/0/when/all", "1 to"},
    {"\"when\": {\"fact\": \"depth_m\", \"op\": \"le\", \"value\": 2}", "\"when\": {\"none\": []}",
     "/criteria/0/when", "must be"},
    {"\"id\": \"W2\"", "\"id\": \"W1\"", "/criteria/1/id", "stands twice"},
    {"\"level\": 4,\n      \"text\"", "\"level\": 6,\n      \"text\"", "/criteria/2/level",
     "1 to 5"},
    {"\"levels\": [\n    {\n      \"level\": 1", "\"levels\": [\n    {\n      \"level\": 2",
     "/levels/0/level", "in order"},
    {"\"approve\": \"specialised_unit\"", "\"approve\": \"king\"", "/authority/0/approve",
     "unknown value"},
    {"\"approve\": \"specialised_unit\"", "\"approve\": \"ministry\"", "/authority/0/approve",
     "not described"},
    {"\"satisfied_by_item\": \"chart\"", "\"satisfied_by_item\": \"boat\"",
     "/gates/0/satisfied_by_item", "unknown item"},
    {"\"blocks\": \"approved\"", "\"blocks\": \"tomorrow\"", "/gates/0/blocks", "unknown value"},
    {"\"unit\": \"working_day\"", "\"unit\": null", "/time_limits/0/unit", "exactly when"},
    {"\"levels\": [4, 5],\n      \"value\": null", "\"levels\": [3, 5],\n      \"value\": null",
     "/time_limits/2/levels", "overlap"},
    {"\"id\": \"appraised\"", "\"id\": \"weighed\"", "/enumerations/0/values", "is missing"},
    {"\"id\": \"appraisal_conclusion\"", "\"id\": \"verdict\"", "/enumerations", "is missing"},
    {"\"confidence\": \"DESIGN\"", "\"confidence\": \"SURE\"", "/terminology/confidence",
     "unknown value"},
    {"\"legal_basis\": [", "\"legal_basis\": {", "", "line"},
    {"\"title\": {\"vi\": \"Luật đầm phá\"", "\"title\": {\"vi\": 7", "/title/vi",
     "must be a string"},
};

static bool decode_with(struct arena *arena, const char *text, struct ruleset *ret_ruleset,
                        struct document_error *ret_error)
{
    return ruleset_decode(str_of(text), arena, ret_ruleset, ret_error);
}

Test(ruleset, a_planted_fault_is_refused_where_it_stands, .timeout = 30)
{
    struct arena arena;

    arena_init(&arena, 0);
    struct str file = file_read(&arena, RULESET_INVENTED);
    const char *text = arena_str(&arena, file).at;
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct document_error error = {0};
        struct ruleset ruleset = {.id = "untouched"};
        const char *at = strstr(text, planted[i].find);
        cr_assert(at != NULL, "%zu: %s is not in the file", i, planted[i].find);
        const char *bad = arena_printf(&arena, "%.*s%s%s", (int)(at - text), text,
                                       planted[i].replace, at + strlen(planted[i].find));
        bool good = decode_with(&arena, bad, &ruleset, &error);
        cr_expect(!good, "%zu: %s was accepted", i, planted[i].replace);
        cr_expect_str_eq(error.pointer, planted[i].pointer, "%zu: %s: %s", i, error.pointer,
                         error.message);
        cr_expect(strstr(error.message, planted[i].message) != NULL, "%zu: %s: %s", i,
                  error.pointer, error.message);
        cr_expect_str_eq(ruleset.id, "untouched");
    }
    arena_done(&arena);
}

Test(ruleset, too_deep_and_too_large_files_are_refused, .timeout = 10)
{
    struct arena arena;
    struct document_error error = {0};
    struct ruleset ruleset;

    arena_init(&arena, 0);
    char *large = arena_alloc(&arena, DOCUMENT_BYTES_MAX + 2);
    memset(large, ' ', DOCUMENT_BYTES_MAX + 1);
    cr_expect(!decode_with(&arena, large, &ruleset, &error));
    cr_expect_str_eq(error.pointer, "");

    const char *text = arena_str(&arena, file_read(&arena, RULESET_INVENTED)).at;
    const char *leaf = "{\"fact\": \"depth_m\", \"op\": \"le\", \"value\": 2}";
    const char *at = strstr(text, leaf);
    const char *bad = arena_printf(&arena, "%.*s%s%s%s%s", (int)(at - text), text,
                                   "{\"all\":[{\"any\":[{\"all\":[{\"any\":[{\"all\":[{\"any\":"
                                   "[{\"all\":[",
                                   leaf, "]}]}]}]}]}]}]}", at + strlen(leaf));
    cr_expect(!decode_with(&arena, bad, &ruleset, &error));
    cr_expect(strstr(error.message, "nested") != NULL, "%s %s", error.pointer, error.message);
    arena_done(&arena);
}
