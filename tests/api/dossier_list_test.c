/* Lists of dossiers: what waits for whom, filters, order, pages. */
#include <string.h>

#include "dossier_play.h"

/* The dossier is in the list of what waits for this person. */
static bool waits(const struct client *who, const struct answer *dossier)
{
    return count_of_list(who, text_of(DOSSIERS "?waiting_for=me&system_id=%s",
                                      answer_text(dossier, "systems.0.system.id"))) == 1;
}

Test(dossier_list, what_waits_for_me)
{
    struct client staff = person("staff");
    struct client appraiser = person("appraiser");
    struct client director = person("director");
    struct client chairman = person("chairman");
    struct client both = person("staff appraiser");
    struct client office = person("office");
    struct answer dossier = make_complete(&both, 3);

    cr_assert(waits(&staff, &dossier) && waits(&both, &dossier));
    cr_assert(!waits(&appraiser, &dossier) && !waits(&chairman, &dossier));
    dossier = must(&both, &dossier, "submitted", "");
    cr_assert(waits(&appraiser, &dossier));
    cr_assert(!waits(&both, &dossier), "who prepared it does not appraise it");
    cr_assert(!waits(&staff, &dossier) && !waits(&director, &dossier));
    dossier = must(&appraiser, &dossier, "received", "");
    cr_assert(waits(&appraiser, &dossier));
    dossier = must(&appraiser, &dossier, "appraised",
                   ",\"conclusion\":\"suitable\",\"method\":\"written\"");
    cr_assert(waits(&chairman, &dossier));
    cr_assert(!waits(&director, &dossier), "level 3 is not the director's");
    cr_assert(!waits(&appraiser, &dossier) && !waits(&office, &dossier));
    dossier = must(&chairman, &dossier, "approved", decision_today());
    cr_assert(!waits(&chairman, &dossier));
}

/* The list agrees with what the step would answer. */
Test(dossier_list, what_i_wrote_does_not_wait_for_my_appraisal)
{
    struct client staff = person("staff");
    struct client both = person("staff appraiser");
    struct answer dossier = make_complete(&staff, 2);

    dossier = put_item(&both, &dossier, "design", "{\"content\":\"Bản thiết kế\"}");
    EXPECT_STATUS(dossier, 200);
    dossier = must(&staff, &dossier, "submitted", "");
    cr_assert(!waits(&both, &dossier));
    EXPECT_STATUS(take(&both, &dossier, "received", ""), 409);
}

Test(dossier_list, filters_and_search)
{
    struct client staff = person("staff");
    struct answer dossier = make_submitted(&staff, 2);
    const char *system = answer_text(&dossier, "systems.0.system.id");
    const char *code = answer_text(&dossier, "code");

    cr_assert_eq(count_of_list(&staff, text_of(DOSSIERS "?q=%s", code)), 1);
    struct answer shown = client_get(&staff, text_of(DOSSIERS "?system_id=%s", system));
    cr_assert_str_eq(answer_text(&shown, "items.0.id"), answer_text(&dossier, "id"));
    cr_assert_str_eq(answer_text(&shown, "items.0.first_system.id"), system);
    cr_assert_str_eq(answer_text(&shown, "items.0.status"), "sent_for_appraisal");
    const char *name = strrchr(answer_text(&shown, "items.0.first_system.name"), ' ') + 1;
    cr_assert_eq(count_of_list(&staff, text_of(DOSSIERS "?q=he+thong+THU+%s", name)), 1);

#define WITH(more) count_of_list(&staff, text_of(DOSSIERS "?system_id=%s&%s", system, (more)))
    cr_assert_eq(WITH("state=submitted"), 1);
    cr_assert_eq(WITH("state=draft"), 0);
    cr_assert_eq(WITH("state=draft&state=submitted"), 1);
    cr_assert_eq(WITH("level=2"), 1);
    cr_assert_eq(WITH("level=3"), 0);
    cr_assert_eq(WITH("ruleset=vn-331-2026"), 1);
    cr_assert_eq(WITH("step=completeness_response"), 1);
    cr_assert_eq(WITH("step=approval"), 0);
    cr_assert_eq(WITH("overdue=false"), 1);
    cr_assert_eq(WITH(text_of("due_on__lte=%s", answer_text(&dossier, "due_on"))), 1);
    cr_assert_eq(WITH(text_of("due_on__gte=%s", answer_text(&dossier, "due_on"))), 1);
    cr_assert_eq(WITH(text_of("due_on__lte=%s", day_from_today(0))), 0);
    cr_assert_eq(WITH(text_of("operator_id=%s", answer_text(&dossier, "operator.id"))), 1);
    cr_assert_eq(WITH(text_of("governing_id=%s", answer_text(&dossier, "governing.id"))), 1);
    cr_assert_eq(WITH(text_of("governing_id=%s", answer_text(&dossier, "operator.id"))), 0);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "?state=flown"), 400);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "?waiting_for=you"), 400);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "?due_on__lte=today"), 400);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "?status=drafting"), 400);
}

Test(dossier_list, pages_by_deadline_show_each_row_once)
{
    static const char *const SORTS[] = {"due_on", "-due_on", "code", "-updated_at"};
    struct client office = person("office");
    json_int_t total = count_of_list(&office, DOSSIERS "?ruleset=vn-85-2016");

    cr_assert_gt(total, 0);
    for (size_t i = 0; i < sizeof(SORTS) / sizeof(SORTS[0]); i++) {
        const char *first = text_of(DOSSIERS "?ruleset=vn-85-2016&limit=5&sort=%s", SORTS[i]);
        const char *path = first;
        json_t *seen = json_object();
        for (;;) {
            struct answer page = client_get(&office, path);
            size_t index = 0;
            json_t *row = NULL;
            EXPECT_STATUS(page, 200);
            json_array_foreach(json_at(page.json, "items"), index, row)
            {
                const char *id = json_string_value(json_object_get(row, "id"));
                cr_assert_null(json_object_get(seen, id), "a row came twice");
                json_object_set_new(seen, id, json_true());
            }
            if (json_is_null(json_at(page.json, "next"))) {
                break;
            }
            path = text_of("%s&cursor=%s", first, answer_text(&page, "next"));
        }
        cr_assert_eq((json_int_t)json_object_size(seen), total, "sort=%s", SORTS[i]);
        json_decref(seen);
    }
}
