/* What a dossier refuses: the wrong person, the wrong moment, the same request twice. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dossier_play.h"
#include "rules/flow.h"

static struct client staff, appraiser, director, chairman;

static void people(void)
{
    staff = person("staff");
    appraiser = person("appraiser");
    director = person("director");
    chairman = person("chairman");
}

/* ---- three people ---- */

Test(dossier_guard, preparer_appraiser_and_approver_are_three_people, .init = people)
{
    struct client everything = person("staff appraiser director");
    struct answer dossier = make_submitted(&everything, 2);
    struct answer own = take(&everything, &dossier, "received", "");
    EXPECT_STATUS(own, 409);
    cr_assert_str_eq(answer_text(&own, "code"), "same_person");
    cr_assert(has_code(&own, "errors", "preparer_cannot_appraise"));
    struct answer steps = client_get(&everything, dossier_path(&dossier, "/transitions"));
    cr_assert(json_is_false(json_object_get(transition_to(&steps, "received"), "allowed")));
    cr_assert(json_is_true(json_object_get(transition_to(&steps, "withdrawn"), "allowed")));

    dossier = must(&appraiser, &dossier, "received", "");
    dossier = must(&appraiser, &dossier, "appraised",
                   ",\"conclusion\":\"suitable\",\"method\":\"written\"");
    struct answer prepared = take(&everything, &dossier, "approved", decision_today());
    EXPECT_STATUS(prepared, 409);
    cr_assert(has_code(&prepared, "errors", "preparer_cannot_approve"));

    struct answer second = make_submitted(&staff, 2);
    second = must(&everything, &second, "received", "");
    second = must(&everything, &second, "appraised",
                  ",\"conclusion\":\"suitable\",\"method\":\"written\"");
    struct answer appraised = take(&everything, &second, "approved", decision_today());
    EXPECT_STATUS(appraised, 409);
    cr_assert_str_eq(answer_text(&appraised, "code"), "same_person");
    cr_assert(has_code(&appraised, "errors", "appraiser_cannot_approve"));
    (void)must(&director, &second, "approved", decision_today());
}

/* Who only wrote an item, or was the first to submit, is a preparer as well. */
Test(dossier_guard, whoever_wrote_a_part_prepared_it, .init = people)
{
    struct client both = person("staff appraiser");
    struct answer dossier = make_complete(&staff, 2);

    dossier = put_item(&both, &dossier, "design", "{\"content\":\"Bản thiết kế\"}");
    EXPECT_STATUS(dossier, 200);
    dossier = must(&staff, &dossier, "submitted", "");
    struct answer own = take(&both, &dossier, "received", "");
    EXPECT_STATUS(own, 409);
    cr_assert_str_eq(answer_text(&own, "code"), "same_person");
}

/* The database says the same to the server's own role, whatever statement it is sent. */
Test(dossier_guard, database_refuses_the_same_person, .init = people)
{
    struct client everything = person("staff appraiser director");
    struct answer dossier = make_submitted(&everything, 2);
    dossier = must(&appraiser, &dossier, "received", "");
    const char *id = answer_text(&dossier, "id");
    const char *appraise = text_of("UPDATE capdo.dossier SET state = 'appraised', conclusion = "
                                   "'suitable', appraised_by = capdo.ctx_account() WHERE id = '%s'",
                                   id);
    cr_assert_str_eq(refused_by(&everything, appraise), "same_person_appraiser");
    cr_assert_str_eq(refused_by(&appraiser, appraise), "accepted");
    (void)must(&appraiser, &dossier, "appraised",
               ",\"conclusion\":\"suitable\",\"method\":\"written\"");

    const char *approve = text_of("UPDATE capdo.dossier SET state = 'approved', decided_by = "
                                  "capdo.ctx_account() WHERE id = '%s'",
                                  id);
    cr_assert_str_eq(refused_by(&everything, approve), "same_person_approver");
    cr_assert_str_eq(refused_by(&appraiser, approve), "same_person_approver");
    cr_assert_str_eq(refused_by(&director, approve), "dossier_has_decision");

    const char *decide = text_of(
        "INSERT INTO capdo.decision (id, dossier_id, outcome, number, decided_on, organisation_id, "
        "signer_id, signer_name, capacity, snapshot_sha256) SELECT gen_random_uuid(), '%s', "
        "'approved', '%s', capdo.today(), m.organisation_id, m.account_id, 'x', 'x', '' "
        "FROM capdo.membership m WHERE m.account_id = capdo.ctx_account() "
        "ORDER BY m.role = 'director' DESC LIMIT 1",
        id, text_unique());
    cr_assert_str_eq(refused_by(&everything, decide), "same_person_approver");
    cr_assert_str_eq(refused_by(&appraiser, decide), "same_person_approver");
    cr_assert_str_eq(refused_by(&director, decide), "accepted");
    cr_assert_str_eq(refused_by(&chairman, decide), "decision_by_its_party");
}

Test(dossier_guard, database_refuses_other_parties_and_skipped_steps, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);
    const char *id = answer_text(&dossier, "id");

    cr_assert_str_eq(refused_by(&staff, text_of("UPDATE capdo.dossier SET state = 'received', "
                                                "received_by = capdo.ctx_account() WHERE id = '%s'",
                                                id)),
                     "dossier_step_by_its_party");
    cr_assert_str_eq(
        refused_by(&appraiser, text_of("UPDATE capdo.dossier SET state = 'approved', decided_by = "
                                       "capdo.ctx_account() WHERE id = '%s'",
                                       id)),
        "dossier_transition_known");
    cr_assert_str_eq(refused_by(&staff, text_of("UPDATE capdo.dossier_item SET content = 'x' "
                                                "WHERE dossier_id = '%s'",
                                                id)),
                     "dossier_frozen");
    cr_assert_str_eq(refused_by(&staff, text_of("UPDATE capdo.dossier_submission SET snapshot = '' "
                                                "WHERE dossier_id = '%s'",
                                                id)),
                     "42501");
}

/* The moves stand in the rules and in the database: the same ones. */
Test(dossier_guard, moves_are_the_same_in_rules_and_database)
{
    size_t count = 0;
    const struct dossier_transition *steps = dossier_transitions(&count);
    const char *known = sql("SELECT string_agg(from_state || '>' || to_state, ' ') "
                            "FROM capdo.dossier_transition");

    cr_assert_str_eq(sql("SELECT count(*) FROM capdo.dossier_transition"), text_of("%zu", count));
    for (size_t i = 0; i < count; i++) {
        const char *move = text_of("%s>%s", dossier_state_info(steps[i].from)->code,
                                   dossier_state_info(steps[i].to)->code);
        cr_assert_not_null(strstr(known, move), "%s", move);
    }
}

Test(dossier_guard, staff_cannot_appraise_and_office_cannot_move, .init = people)
{
    struct client office = person("office");
    struct answer dossier = make_submitted(&staff, 2);
    struct answer wrong = take(&staff, &dossier, "received", "");
    EXPECT_STATUS(wrong, 403);
    cr_assert_str_eq(answer_text(&wrong, "missing_right"), "dossier.appraise");
    struct answer watching = take(&office, &dossier, "received", "");
    EXPECT_STATUS(watching, 403);
    struct answer steps = client_get(&office, dossier_path(&dossier, "/transitions"));
    EXPECT_STATUS(steps, 200);
    cr_assert_eq(json_array_size(json_at(steps.json, "items")), 3);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(json_at(steps.json, "items"), index, row)
    {
        cr_assert(json_is_false(json_object_get(row, "allowed")));
        cr_assert_gt(json_array_size(json_object_get(row, "blocked")), 0);
    }
}

Test(dossier_guard, another_agency_does_not_see_it, .init = people)
{
    struct client other = person("staff2");
    struct client admin = person("admin");
    struct answer draft = make_draft(&staff, 2);
    const char *path = dossier_path(&draft, "");

    EXPECT_STATUS(client_get(&other, path), 404);
    EXPECT_STATUS(client_get(&other, dossier_path(&draft, "/transitions")), 404);
    EXPECT_STATUS(client_get(&other, dossier_path(&draft, "/changes")), 404);
    EXPECT_STATUS(client_get(&other, dossier_path(&draft, "/submissions/1")), 404);
    EXPECT_STATUS(take(&other, &draft, "withdrawn", ",\"reason\":\"x\""), 404);
    EXPECT_STATUS(put_item(&other, &draft, "design", "{\"content\":\"x\"}"), 404);
    EXPECT_STATUS(client_patch(&other, path, "\"1\"", "{\"systems\":[]}"), 404);
    EXPECT_STATUS(client_get(&admin, path), 403);
    /* A draft is the unit's own until it is submitted. */
    EXPECT_STATUS(client_get(&appraiser, path), 404);
    EXPECT_STATUS(client_get(&chairman, path), 200);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "/00000000-0000-7000-8000-000000000000"), 404);
    EXPECT_STATUS(client_get(&staff, DOSSIERS "/nothing"), 404);
}

/* Seeing is not changing: who reads everything still prepares only for the own unit. */
Test(dossier_guard, reading_everything_changes_nothing, .init = people)
{
    struct client reader = person("staff2 office");
    struct answer draft = make_draft(&staff, 2);
    EXPECT_STATUS(client_get(&reader, dossier_path(&draft, "")), 200);
    struct answer item = put_item(&reader, &draft, "design", "{\"content\":\"x\"}");
    EXPECT_STATUS(item, 403);
    cr_assert_str_eq(answer_text(&item, "missing_right"), "dossier.prepare");
    struct answer step = take(&reader, &draft, "withdrawn", ",\"reason\":\"x\"");
    EXPECT_STATUS(step, 403);
    struct answer created =
        client_post(&reader, DOSSIERS,
                    text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":[{\"system_id\":\"%s\","
                            "\"proposed_level\":2}]}",
                            make_system(&staff, 2)));
    EXPECT_STATUS(created, 422);
    cr_assert(has_code(&created, "errors", "not_your_organisation"));
}

/* ---- the moment ---- */

Test(dossier_guard, submitted_is_frozen, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);
    struct answer item = put_item(&staff, &dossier, "design", "{\"content\":\"Sửa\"}");
    EXPECT_STATUS(item, 409);
    cr_assert_str_eq(answer_text(&item, "code"), "transition_blocked");
    struct answer level = client_patch(
        &staff, dossier_path(&dossier, ""), answer_header(&dossier, "ETag"),
        text_of("{\"systems\":[{\"system_id\":\"%s\",\"proposed_level\":3,\"reason\":\"x\"}]}",
                answer_text(&dossier, "systems.0.system.id")));
    EXPECT_STATUS(level, 409);

    /* The register may go on; what was submitted stays. */
    const char *system =
        text_of("/api/v1/systems/%s", answer_text(&dossier, "systems.0.system.id"));
    struct answer now = client_get(&staff, system);
    EXPECT_STATUS(client_patch(&staff, system, answer_header(&now, "ETag"),
                               "{\"name\":\"Tên mới hoàn toàn\"}"),
                  200);
    struct answer submission = client_get(&appraiser, dossier_path(&dossier, "/submissions/1"));
    cr_assert_null(strstr(submission.body, "Tên mới hoàn toàn"));
}

Test(dossier_guard, stale_version_shows_the_present_one, .init = people)
{
    struct answer draft = make_draft(&staff, 2);
    struct answer written = put_item(&staff, &draft, "design", "{\"content\":\"Một\"}");
    EXPECT_STATUS(written, 200);
    struct answer late = put_item(&staff, &draft, "design", "{\"content\":\"Hai\"}");
    EXPECT_STATUS(late, 412);
    cr_assert_str_eq(answer_text(&late, "code"), "version_stale");
    cr_assert_eq(answer_int(&late, "current.version"), 2);
    EXPECT_STATUS(take(&staff, &draft, "withdrawn", ",\"reason\":\"x\""), 412);
    EXPECT_STATUS(client_patch(&staff, dossier_path(&draft, ""), "\"1\"", "{\"systems\":[]}"), 412);
    struct answer blind = client_post(&staff, dossier_path(&draft, "/transitions"),
                                      "{\"to\":\"withdrawn\",\"reason\":\"x\"}");
    EXPECT_STATUS(blind, 428);
    struct answer keyless = client_call(&staff, "POST", dossier_path(&draft, "/transitions"),
                                        "If-Match: \"2\"\r\n", "{\"to\":\"submitted\"}");
    EXPECT_STATUS(keyless, 428);
    EXPECT_STATUS(put_item(&staff, &written, "no_such_item", "{\"content\":\"x\"}"), 404);
    EXPECT_STATUS(put_item(&staff, &written, "design", "{\"document_date\":\"2026-02-30\"}"), 422);
    EXPECT_STATUS(put_item(&staff, &written, "design", "{\"state\":\"approved\"}"), 422);
}

Test(dossier_guard, no_step_is_skipped, .init = people)
{
    struct answer draft = make_complete(&staff, 2);
    static const char *const TO[] = {"received", "appraised", "approved", "refused", "draft"};

    for (size_t i = 0; i < sizeof(TO) / sizeof(TO[0]); i++) {
        struct answer skipped =
            take(&staff, &draft, TO[i],
                 text_of(",\"conclusion\":\"suitable\",\"method\":\"written\",\"reason\":\"x\"%s",
                         decision_today()));
        EXPECT_STATUS(skipped, 409);
        cr_assert(has_code(&skipped, "errors", "wrong_state"));
    }
    struct answer submitted = must(&staff, &draft, "submitted", "");
    EXPECT_STATUS(take(&appraiser, &submitted, "appraised",
                       ",\"conclusion\":\"suitable\",\"method\":\"written\""),
                  409);
    EXPECT_STATUS(take(&director, &submitted, "approved", decision_today()), 409);
    EXPECT_STATUS(take(&staff, &submitted, "flown", ""), 422);
}

Test(dossier_guard, decision_is_dated_between_appraisal_and_today, .init = people)
{
    struct answer dossier = make_appraised(&staff, &appraiser, 2);
    struct answer early =
        take(&director, &dossier, "approved",
             text_of(",\"number\":\"%s\",\"date\":\"%s\"", text_unique(), day_from_today(-2)));
    EXPECT_STATUS(early, 422);
    cr_assert(has_code(&early, "errors", "date_before_appraisal"));
    struct answer late =
        take(&director, &dossier, "approved",
             text_of(",\"number\":\"%s\",\"date\":\"%s\"", text_unique(), day_from_today(1)));
    EXPECT_STATUS(late, 422);
    cr_assert(has_code(&late, "errors", "date_in_future"));
    cr_assert(answer_blames(&late, "/date"));
}

Test(dossier_guard, regulation_stands_before_the_approval, .init = people)
{
    struct answer dossier = make_complete(&staff, 2);
    dossier = put_item(&staff, &dossier, "regulation", "{\"document_date\":null}");
    EXPECT_STATUS(dossier, 200);
    cr_assert(has_code(&dossier, "missing", "regulation_before_approval"));
    dossier = must(&staff, &dossier, "submitted", "");
    dossier = must(&appraiser, &dossier, "received", "");
    dossier = must(&appraiser, &dossier, "appraised",
                   ",\"conclusion\":\"suitable\",\"method\":\"written\"");
    struct answer closed = take(&director, &dossier, "approved", decision_today());
    EXPECT_STATUS(closed, 409);
    cr_assert(has_code(&closed, "errors", "regulation_before_approval"));
    cr_assert(answer_blames(&closed, "/items/regulation"));
    struct answer steps = client_get(&director, dossier_path(&dossier, "/transitions"));
    cr_assert(json_is_false(json_object_get(transition_to(&steps, "approved"), "allowed")));
    cr_assert(json_is_true(json_object_get(transition_to(&steps, "returned"), "allowed")));
    (void)must(&director, &dossier, "returned", ",\"reason\":\"Bổ sung quy chế\"");
}

Test(dossier_guard, register_is_asked_again_on_submission, .init = people)
{
    struct answer dossier = make_complete(&staff, 2);
    const char *system =
        text_of("/api/v1/systems/%s", answer_text(&dossier, "systems.0.system.id"));
    struct answer now = client_get(&staff, system);
    EXPECT_STATUS(client_patch(&staff, system, answer_header(&now, "ETag"),
                               text_of("{\"facts\":{\"vn-331-2026\":{%s}}}", facts_of(3))),
                  200);
    struct answer below = take(&staff, &dossier, "submitted", "");
    EXPECT_STATUS(below, 409);
    cr_assert(has_code(&below, "errors", "level_below_computed"));
    cr_assert(answer_blames(&below, "/systems/0/proposed_level"));
}

/* ---- the same request again ---- */

Test(dossier_guard, repeated_request_gets_the_same_answer, .init = people)
{
    struct answer dossier = make_appraised(&staff, &appraiser, 2);
    const char *path = dossier_path(&dossier, "/transitions");
    const char *headers = text_of("Idempotency-Key: %s\r\nIf-Match: %s\r\n", text_unique(),
                                  answer_header(&dossier, "ETag"));
    const char *body = text_of("{\"to\":\"approved\"%s}", decision_today());
    struct answer first = client_call(&director, "POST", path, headers, body);
    EXPECT_STATUS(first, 200);
    struct answer second = client_call(&director, "POST", path, headers, body);
    EXPECT_STATUS(second, 200);
    cr_assert_str_eq(second.body, first.body);
    cr_assert_str_eq(answer_header(&second, "ETag"), answer_header(&first, "ETag"));
    struct answer other = client_call(&director, "POST", path, headers,
                                      text_of("{\"to\":\"approved\"%s}", decision_today()));
    EXPECT_STATUS(other, 422);
    cr_assert_str_eq(answer_text(&other, "code"), "idempotency_mismatch");
    struct answer now = client_get(&director, dossier_path(&dossier, ""));
    cr_assert_eq(json_array_size(json_at(now.json, "events")), 5);
}

enum { RIVALS = 16, ROUNDS = 4 };

/* Statuses of requests sent at the same moment: [0] 200, [1] 409 or 412, [2] anything else. */
static void race(const struct answer *dossier, int ret_counts[static 3])
{
    int barrier[2];
    pid_t children[RIVALS];

    cr_assert_eq(pipe(barrier), 0);
    for (int i = 0; i < RIVALS; i++) {
        children[i] = fork();
        cr_assert_geq(children[i], 0);
        if (children[i] == 0) {
            char byte = 0;
            (void)close(barrier[1]);
            (void)!read(barrier[0], &byte, 1); /* until the parent closes its end */
            struct answer answer = take(&director, dossier, "approved", decision_today());
            _exit(answer.status == 200 ? 0 : answer.status == 409 || answer.status == 412 ? 1 : 2);
        }
    }
    (void)close(barrier[0]);
    (void)usleep(100000);
    (void)close(barrier[1]);
    for (int i = 0; i < RIVALS; i++) {
        int status = 0;
        cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 2);
        ret_counts[WEXITSTATUS(status)]++;
    }
}

Test(dossier_guard, sixteen_approvals_make_one_decision, .init = people)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct answer dossier = make_appraised(&staff, &appraiser, 2);
        int counts[3] = {0};
        race(&dossier, counts);
        cr_assert_eq(counts[0], 1, "%d approvals of one dossier", counts[0]);
        cr_assert_eq(counts[1], RIVALS - 1);
        struct answer now = client_get(&director, dossier_path(&dossier, ""));
        cr_assert_str_eq(answer_text(&now, "state"), "approved");
        cr_assert_eq(json_array_size(json_at(now.json, "events")), 5);
        cr_assert_eq(answer_int(&now, "version"), answer_int(&dossier, "version") + 1);
    }
}

Test(dossier_guard, two_drafts_of_one_system_make_one_dossier, .init = people)
{
    const char *body = text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":[{\"system_id\":\"%s\","
                               "\"proposed_level\":2}]}",
                               make_system(&staff, 2));
    pid_t children[RIVALS];
    int created = 0;

    for (int i = 0; i < RIVALS; i++) {
        children[i] = fork();
        cr_assert_geq(children[i], 0);
        if (children[i] == 0) {
            struct answer answer = client_post(&staff, DOSSIERS, body);
            _exit(answer.status == 201 ? 0 : answer.status == 409 ? 1 : 2);
        }
    }
    for (int i = 0; i < RIVALS; i++) {
        int status = 0;
        cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
        created += WEXITSTATUS(status) == 0 ? 1 : 0;
    }
    cr_assert_eq(created, 1);
}
