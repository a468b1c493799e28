/* A dossier from draft to decision, over the API: the ways it can take. */
#include <string.h>
#include <time.h>

#include "dossier_play.h"

static struct client staff, appraiser, director, chairman;

static void people(void)
{
    staff = person("staff");
    appraiser = person("appraiser");
    director = person("director");
    chairman = person("chairman");
}

static struct answer system_of(const struct client *who, const struct answer *dossier)
{
    return client_get(who,
                      text_of("/api/v1/systems/%s", answer_text(dossier, "systems.0.system.id")));
}

static const char *item_text(const struct answer *dossier, const char *item, const char *member)
{
    size_t index = 0;
    json_t *entry = NULL;

    json_array_foreach(json_at(dossier->json, "items"), index, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "item")), item) == 0) {
            return json_string_value(json_object_get(entry, member));
        }
    }
    return NULL;
}

/* ---- the draft ---- */

Test(dossier_flow, draft_is_filled_in_from_the_register, .init = people)
{
    struct answer draft = make_draft(&staff, 2);

    cr_assert_str_eq(answer_text(&draft, "state"), "draft");
    cr_assert_str_eq(answer_text(&draft, "status"), "drafting");
    cr_assert_str_eq(answer_text(&draft, "approve_party"), "specialised_unit");
    cr_assert_eq(answer_int(&draft, "level"), 2);
    cr_assert_eq(answer_int(&draft, "systems.0.computed_level"), 2);
    cr_assert_str_eq(answer_text(&draft, "systems.0.classification.matched.0"), "L2.1");
    cr_assert_not_null(strstr(item_text(&draft, "overview", "content"), "Quản lý văn bản đi, đến"));
    cr_assert_not_null(strstr(item_text(&draft, "overview", "content"), "Máy chủ ứng dụng"));
    cr_assert_not_null(strstr(item_text(&draft, "level_justification", "content"), "Điều 12"));
    cr_assert(has_code(&draft, "missing", "incomplete_items"));
    cr_assert(has_code(&draft, "missing", "regulation_before_approval"));
    cr_assert_str_eq(answer_header(&draft, "Location"), dossier_path(&draft, ""));

    struct answer same =
        client_call(&staff, "GET", dossier_path(&draft, ""), "If-None-Match: \"1\"\r\n", NULL);
    EXPECT_STATUS(same, 304);
    struct answer incomplete = take(&staff, &draft, "submitted", "");
    EXPECT_STATUS(incomplete, 409);
    cr_assert_str_eq(answer_text(&incomplete, "code"), "transition_blocked");
    cr_assert(answer_blames(&incomplete, "/items/design"));
    cr_assert(answer_blames(&incomplete, "/items/security_plan"));
}

Test(dossier_flow, level_is_never_below_the_computed_one, .init = people)
{
    const char *id = make_system(&staff, 2);
#define DRAFT(level, more)                                                                 \
    client_post(&staff, DOSSIERS,                                                          \
                text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":[{\"system_id\":\"%s\"," \
                        "\"proposed_level\":%d%s}]}",                                      \
                        id, (level), (more)))
    struct answer below = DRAFT(1, ",\"reason\":\"Hệ thống nhỏ\"");
    EXPECT_STATUS(below, 422);
    cr_assert(has_code(&below, "errors", "level_below_computed"));
    cr_assert(answer_blames(&below, "/systems/0/proposed_level"));
    struct answer above = DRAFT(3, "");
    EXPECT_STATUS(above, 422);
    cr_assert(has_code(&above, "errors", "level_reason_required"));
    struct answer blank = DRAFT(3, ",\"reason\":\"  \"");
    EXPECT_STATUS(blank, 422);
    struct answer far = DRAFT(4, ",\"reason\":\"Rủi ro cao\"");
    EXPECT_STATUS(far, 422);
    cr_assert(has_code(&far, "errors", "level_out_of_scope"));
    struct answer reasoned = DRAFT(3, ",\"reason\":\"Đánh giá rủi ro cho thấy rủi ro cao hơn\"");
    EXPECT_STATUS(reasoned, 201);
    cr_assert_str_eq(answer_text(&reasoned, "approve_party"), "governing_body");
    struct answer second = DRAFT(2, "");
    EXPECT_STATUS(second, 409);
    cr_assert_str_eq(answer_text(&second, "code"), "open_dossier_exists");

    struct answer lower =
        client_patch(&staff, dossier_path(&reasoned, ""), "\"1\"",
                     text_of("{\"systems\":[{\"system_id\":\"%s\",\"proposed_level\":2}]}", id));
    EXPECT_STATUS(lower, 200);
    cr_assert_eq(answer_int(&lower, "level"), 2);
    cr_assert_str_eq(answer_text(&lower, "approve_party"), "specialised_unit");
    struct answer again =
        client_patch(&staff, dossier_path(&reasoned, ""), "\"2\"",
                     text_of("{\"systems\":[{\"system_id\":\"%s\",\"proposed_level\":1}]}", id));
    EXPECT_STATUS(again, 422);
}

/* A system on the list of national security follows the way of level 5, whatever its level. */
Test(dossier_flow, special_procedure_is_out_of_scope, .init = people)
{
    static const char LISTED[] = "\"important_to_national_security\":";
    const char *id = make_system(&staff, 3);
    const char *path = text_of("/api/v1/systems/%s", id);
    const char *facts = facts_of(3);
    const char *at = strstr(facts, LISTED) + strlen(LISTED);
    struct answer now = client_get(&staff, path);
    EXPECT_STATUS(client_patch(&staff, path, answer_header(&now, "ETag"),
                               text_of("{\"facts\":{\"vn-331-2026\":{%.*strue%s}}}",
                                       (int)(at - facts), facts, at + strlen("false"))),
                  200);
    struct answer refused = DRAFT(3, "");
    EXPECT_STATUS(refused, 422);
    cr_assert(has_code(&refused, "errors", "level_out_of_scope"));
}

Test(dossier_flow, undetermined_level_needs_a_reason_and_then_the_answers, .init = people)
{
    const char *id = make_system(&staff, 0);
    struct answer silent = DRAFT(2, "");
    EXPECT_STATUS(silent, 422);
    cr_assert(has_code(&silent, "errors", "level_reason_required"));
    struct answer draft = DRAFT(2, ",\"reason\":\"Tương tự hệ thống khác\"");
    EXPECT_STATUS(draft, 201);
    cr_assert(json_is_null(json_at(draft.json, "systems.0.computed_level")));
    struct answer blocked = take(&staff, &draft, "submitted", "");
    EXPECT_STATUS(blocked, 409);
    cr_assert(has_code(&blocked, "errors", "level_undetermined"));
}

Test(dossier_flow, systems_of_one_dossier_belong_together, .init = people)
{
    struct client other = person("staff2");
    const char *mine = make_system(&staff, 2);
    const char *theirs = make_system(&other, 2);
#define PAIR(a, b)                                                       \
    client_post(&staff, DOSSIERS,                                        \
                text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":["     \
                        "{\"system_id\":\"%s\",\"proposed_level\":2},"   \
                        "{\"system_id\":\"%s\",\"proposed_level\":2}]}", \
                        (a), (b)))
    struct answer foreign = PAIR(mine, theirs);
    EXPECT_STATUS(foreign, 422);
    cr_assert(answer_blames(&foreign, "/systems/1/system_id"));
    struct answer twice = PAIR(mine, mine);
    EXPECT_STATUS(twice, 422);
    cr_assert(has_code(&twice, "errors", "duplicate"));
    struct answer both = PAIR(mine, make_system(&staff, 2));
    EXPECT_STATUS(both, 201);
    cr_assert_eq(answer_int(&both, "systems_count"), 2);

    struct answer unknown =
        client_post(&staff, DOSSIERS,
                    text_of("{\"ruleset\":\"vn-1-1900\",\"systems\":[{\"system_id\":\"%s\","
                            "\"proposed_level\":2}]}",
                            mine));
    EXPECT_STATUS(unknown, 422);
    cr_assert(answer_blames(&unknown, "/ruleset"));
}

/* ---- the whole way ---- */

static void play(int level, const struct client *approver, const struct client *wrong_approver)
{
    struct answer dossier = make_submitted(&staff, level);
    cr_assert_str_eq(answer_text(&dossier, "status"), "sent_for_appraisal");
    cr_assert_str_eq(answer_text(&dossier, "step"), "completeness_response");
    dossier = must(&appraiser, &dossier, "received", "");
    dossier = must(&appraiser, &dossier, "appraised",
                   ",\"conclusion\":\"suitable\",\"method\":\"meeting\",\"reason\":\"Đủ căn cứ\"");
    cr_assert_str_eq(answer_text(&dossier, "opinions.0.conclusion"), "suitable");
    cr_assert_str_eq(answer_text(&dossier, "opinions.0.method"), "meeting");

    struct answer wrong = take(wrong_approver, &dossier, "approved", decision_today());
    EXPECT_STATUS(wrong, 403);
    cr_assert_str_eq(answer_text(&wrong, "missing_right"), "dossier.approve");
    struct answer bare = take(approver, &dossier, "approved", "");
    EXPECT_STATUS(bare, 422);
    cr_assert(answer_blames(&bare, "/number"));
    cr_assert(answer_blames(&bare, "/date"));

    struct answer approved = must(approver, &dossier, "approved", decision_today());
    cr_assert_str_eq(answer_text(&approved, "decision.outcome"), "approved");
    cr_assert_str_eq(answer_text(&approved, "decision.decided_on"), day_from_today(0));
    cr_assert_eq(json_array_size(json_at(approved.json, "events")), 5);
    cr_assert(json_is_null(json_at(approved.json, "events.0.from_state")));
    cr_assert_not_null(strstr(answer_text(&approved, "events.3.capacity"), "Cán bộ thẩm định"));
    cr_assert_str_eq(answer_text(&approved, "events.4.capacity"),
                     answer_text(&approved, "decision.capacity"));
    cr_assert(json_is_null(json_at(approved.json, "due_on")));
    struct answer snapshot = client_get(&staff, dossier_path(&approved, "/submissions/1"));
    EXPECT_STATUS(snapshot, 200);
    cr_assert_str_eq(answer_text(&snapshot, "snapshot_sha256"),
                     answer_text(&approved, "decision.snapshot_sha256"));
    cr_assert_eq(json_integer_value(json_at(snapshot.json, "snapshot.dossier.level")), level);
    cr_assert_not_null(strstr(snapshot.body, "\"snapshot\":{\"dossier\":{\"code\":\"HS"));

    struct answer system = system_of(&staff, &approved);
    cr_assert_eq(answer_int(&system, "approved_level"), level);
    cr_assert_str_eq(answer_text(&system, "approval_status"), "approved");
    struct answer again = take(approver, &approved, "approved", decision_today());
    EXPECT_STATUS(again, 409);
    cr_assert(has_code(&again, "errors", "wrong_state"));
}

Test(dossier_flow, level_2_is_approved_by_the_specialised_unit, .init = people)
{
    play(2, &director, &chairman);
}

Test(dossier_flow, level_3_is_approved_by_the_governing_body, .init = people)
{
    play(3, &chairman, &director);
}

Test(dossier_flow, returned_and_submitted_again_shows_what_changed, .init = people)
{
    struct answer dossier = make_submitted(&staff, 3);
    struct answer empty = take(&appraiser, &dossier, "returned", "");
    EXPECT_STATUS(empty, 422);
    cr_assert(answer_blames(&empty, "/reason"));
    dossier = must(&appraiser, &dossier, "received", "");
    dossier = must(&appraiser, &dossier, "returned", ",\"reason\":\"Bổ sung sơ đồ mạng\"");
    cr_assert_str_eq(answer_text(&dossier, "status"), "drafting");
    cr_assert(json_is_null(json_at(dossier.json, "step")));
    cr_assert(json_is_null(json_at(dossier.json, "due_on")));

    dossier = put_item(&staff, &dossier, "design", "{\"content\":\"Có sơ đồ mạng\"}");
    EXPECT_STATUS(dossier, 200);
    struct answer before = client_get(&staff, dossier_path(&dossier, "/changes"));
    EXPECT_STATUS(before, 200);
    cr_assert_eq(answer_int(&before, "from_submission"), 1);
    cr_assert(json_is_null(json_at(before.json, "to_submission")));
    cr_assert_eq(json_array_size(json_at(before.json, "items")), 1);
    cr_assert_str_eq(answer_text(&before, "items.0.path"), "/items/design/content");
    cr_assert_str_eq(answer_text(&before, "items.0.after"), "Có sơ đồ mạng");

    dossier = must(&staff, &dossier, "submitted", "");
    cr_assert_eq(answer_int(&dossier, "submissions"), 2);
    struct answer after = client_get(&appraiser, dossier_path(&dossier, "/changes"));
    cr_assert_eq(answer_int(&after, "from_submission"), 1);
    cr_assert_eq(answer_int(&after, "to_submission"), 2);
    cr_assert_eq(json_array_size(json_at(after.json, "items")), 1);
    EXPECT_STATUS(client_get(&staff, dossier_path(&dossier, "/submissions/3")), 404);

    dossier = must(&appraiser, &dossier, "received", "");
    dossier =
        must(&appraiser, &dossier, "appraised", ",\"conclusion\":\"suitable\",\"method\":\"both\"");
    cr_assert_eq(answer_int(&dossier, "opinions.0.submission"), 2);
    (void)must(&chairman, &dossier, "approved", decision_today());
}

Test(dossier_flow, not_suitable_is_refused_and_frees_the_system, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);
    dossier = must(&appraiser, &dossier, "received", "");
    struct answer silent = take(&appraiser, &dossier, "appraised",
                                ",\"conclusion\":\"not_suitable\",\"method\":\"written\"");
    EXPECT_STATUS(silent, 422);
    cr_assert(answer_blames(&silent, "/reason"));
    struct answer formless =
        take(&appraiser, &dossier, "appraised", ",\"conclusion\":\"suitable\"");
    EXPECT_STATUS(formless, 422);
    cr_assert(answer_blames(&formless, "/method"));
    dossier = must(&appraiser, &dossier, "appraised",
                   ",\"conclusion\":\"not_suitable\",\"method\":\"written\","
                   "\"reason\":\"Phương án chưa phù hợp\"");
    struct answer approved = take(&director, &dossier, "approved", decision_today());
    EXPECT_STATUS(approved, 409);
    cr_assert(has_code(&approved, "errors", "conclusion_not_suitable"));
    struct answer refused =
        must(&director, &dossier, "refused",
             text_of("%s,\"reason\":\"Theo ý kiến thẩm định\"", decision_today()));
    cr_assert_str_eq(answer_text(&refused, "decision.outcome"), "refused");
    struct answer system = system_of(&staff, &refused);
    cr_assert(json_is_null(json_at(system.json, "approved_level")));
    struct answer next =
        client_post(&staff, DOSSIERS,
                    text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":[{\"system_id\":\"%s\","
                            "\"proposed_level\":2}]}",
                            answer_text(&system, "id")));
    EXPECT_STATUS(next, 201);
}

Test(dossier_flow, withdrawn_only_by_its_operator_and_with_a_reason, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);
    EXPECT_STATUS(take(&staff, &dossier, "withdrawn", ""), 422);
    struct answer other = take(&appraiser, &dossier, "withdrawn", ",\"reason\":\"Rút\"");
    EXPECT_STATUS(other, 403);
    cr_assert_str_eq(answer_text(&other, "missing_right"), "dossier.prepare");
    (void)must(&staff, &dossier, "withdrawn", ",\"reason\":\"Lập lại hồ sơ\"");
}

/* ---- days ---- */

static bool is_day_off(const char *day)
{
    static json_t *catalogue = NULL;
    size_t index = 0;
    json_t *entry = NULL;
    struct tm date = {0};

    cr_assert_not_null(strptime(day, "%Y-%m-%d", &date));
    (void)timegm(&date);
    if (catalogue == NULL) {
        catalogue = json_load_file(CAPDO_SOURCE_DIR "/schema/catalogues/calendar-vn.json", 0, NULL);
    }
    json_array_foreach(json_object_get(catalogue, "days_off"), index, entry)
    {
        const char *off = json_is_string(entry) ? json_string_value(entry)
                                                : json_string_value(json_object_get(entry, "date"));
        if (off != NULL && strcmp(off, day) == 0) {
            return true;
        }
    }
    return date.tm_wday == 0 || date.tm_wday == 6;
}

static const char *working_days_from_today(int count)
{
    int day = 0;

    while (count > 0) {
        count -= is_day_off(day_from_today(++day)) ? 0 : 1;
    }
    return day_from_today(day);
}

Test(dossier_flow, deadlines_count_working_days, .init = people)
{
    struct answer dossier = make_submitted(&staff, 3);
    cr_assert_str_eq(answer_text(&dossier, "due_on"), working_days_from_today(5));
    dossier = must(&appraiser, &dossier, "received", "");
    cr_assert_str_eq(answer_text(&dossier, "step"), "appraisal");
    cr_assert_str_eq(answer_text(&dossier, "due_on"), working_days_from_today(15));

    struct answer low = make_submitted(&staff, 2);
    low = must(&appraiser, &low, "received", "");
    cr_assert_str_eq(answer_text(&low, "step"), "appraisal");
    cr_assert(json_is_null(json_at(low.json, "due_on")), "the law sets no limit at level 2");
    low =
        must(&appraiser, &low, "appraised", ",\"conclusion\":\"suitable\",\"method\":\"written\"");
    cr_assert_str_eq(answer_text(&low, "step"), "approval");
    cr_assert_str_eq(answer_text(&low, "due_on"), working_days_from_today(7));
}

/* Received a fortnight ago, returned the day after: what ran then is not given again. */
Test(dossier_flow, appraisal_clock_pauses_while_returned, .init = people)
{
    int used = 0;
    struct answer dossier = make_submitted(&staff, 3);
    dossier = must(&appraiser, &dossier, "received", "");
    dossier = must(&appraiser, &dossier, "returned", ",\"reason\":\"Bổ sung\"");
    for (int day = -19; day <= -14; day++) {
        used += is_day_off(day_from_today(day)) ? 0 : 1;
    }
    cr_assert_gt(used, 0);
    (void)sql(text_of("SET session_replication_role = replica;\n"
                      "UPDATE capdo.dossier_event SET at = now() - interval '20 days' "
                      "WHERE dossier_id = '%s' AND to_state = 'received';\n"
                      "UPDATE capdo.dossier_event SET at = now() - interval '14 days' "
                      "WHERE dossier_id = '%s' AND to_state = 'returned';\n"
                      "UPDATE capdo.dossier_event SET at = now() - interval '21 days' "
                      "WHERE dossier_id = '%s' AND to_state IN ('draft', 'submitted');",
                      answer_text(&dossier, "id"), answer_text(&dossier, "id"),
                      answer_text(&dossier, "id")));
    dossier = must(&staff, &dossier, "submitted", "");
    cr_assert_str_eq(answer_text(&dossier, "due_on"), working_days_from_today(5));
    dossier = must(&appraiser, &dossier, "received", "");
    cr_assert_str_eq(answer_text(&dossier, "due_on"), working_days_from_today(15 - used));
}

Test(dossier_flow, overdue_is_told_and_listed, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);
    const char *list = text_of(DOSSIERS "?overdue=true&system_id=%s",
                               answer_text(&dossier, "systems.0.system.id"));

    cr_assert_eq(count_of_list(&staff, list), 0);
    (void)sql(text_of("SET session_replication_role = replica;\n"
                      "UPDATE capdo.dossier SET due_on = capdo.today() - 1 WHERE id = '%s';",
                      answer_text(&dossier, "id")));
    cr_assert_eq(count_of_list(&staff, list), 1);
    struct answer one = client_get(&staff, dossier_path(&dossier, ""));
    cr_assert(json_is_true(json_at(one.json, "overdue")));
}
