/* Who may appraise and approve, by which record, and why not the one who asks. */
#include <stdlib.h>
#include <string.h>

#include "dossier_play.h"

static struct client staff, appraiser, director, chairman;

static void people(void)
{
    staff = person("staff");
    appraiser = person("appraiser");
    director = person("director");
    chairman = person("chairman");
}

#define UNIT(code) "(SELECT id FROM capdo.organisation WHERE code = '" code "')"
#define OPINION ",\"conclusion\":\"suitable\",\"method\":\"written\""

/* A post that a person of these tests holds besides. */
static void post(const struct client *who, const char *unit, const char *role)
{
    (void)sql(
        text_of("INSERT INTO capdo.membership (id, account_id, organisation_id, role, "
                "valid_from) SELECT gen_random_uuid(), account_id, %s, '%s', '2016-07-01' FROM "
                "capdo.session WHERE token_sha256 = sha256('%s'::bytea)",
                unit, role, strchr(who->cookie, '=') + 1));
}

static const char *account_of(const struct client *who)
{
    return sql(text_of("SELECT account_id FROM capdo.session WHERE token_sha256 = "
                       "sha256('%s'::bytea)",
                       strchr(who->cookie, '=') + 1));
}

static const char *first_system(const struct answer *dossier)
{
    return answer_text(dossier, "systems.0.system.id");
}

static void police_operates(const struct answer *dossier)
{
    (void)sql(
        text_of("INSERT INTO capdo.system_unit (system_id, organisation_id) VALUES ('%s', %s)",
                first_system(dossier), UNIT("H05.30")));
}

/* Another unit, or a council of these two, appraises the dossier's system. */
static void assign(const struct answer *dossier, const char *unit, const struct client *chair,
                   const struct client *other)
{
    const char *id = sql("SELECT gen_random_uuid()");
    const char *members =
        unit != NULL ? ""
                     : text_of("INSERT INTO capdo.council_member (assignment_id, account_id, name, "
                               "is_chair) VALUES ('%s', '%s', 'Chủ tịch hội đồng', true), "
                               "('%s', '%s', 'Ủy viên', false);",
                               id, account_of(chair), id, account_of(other));

    (void)sql(text_of(
        "BEGIN;\nINSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id, system_id, "
        "unit_id, council_name, document_number, valid_from, created_by) SELECT '%s', "
        "s.governing_id, s.operator_id, s.id, %s, '%s', '7/QĐ-UBND', capdo.today(), s.created_by "
        "FROM capdo.system s WHERE s.id = '%s';\n%s\nCOMMIT;",
        id, unit == NULL ? "NULL" : unit, unit == NULL ? "Hội đồng thẩm định" : "",
        first_system(dossier), members));
}

static struct answer authority(const struct client *who, const struct answer *dossier)
{
    struct answer answer = client_get(who, dossier_path(dossier, "/authority"));

    EXPECT_STATUS(answer, 200);
    return answer;
}

static bool allowed(const struct client *who, const struct answer *dossier, const char *act)
{
    struct answer answer = authority(who, dossier);

    return json_is_true(json_at(answer.json, text_of("%s.me.allowed", act)));
}

Test(authority, says_who_acts_by_which_rule, .init = people)
{
    struct answer dossier = make_submitted(&staff, 3);
    struct answer seen = authority(&staff, &dossier);

    cr_assert_str_eq(answer_text(&seen, "appraise.party"), "specialised_unit");
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.source"), "specialised_unit");
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.record.document_number"), "188/QĐ-UBND");
    cr_assert_neq(answer_text(&seen, "appraise.by.0.rule")[0], '\0');
    cr_assert_str_eq(answer_text(&seen, "approve.party"), "governing_body");
    cr_assert_str_eq(answer_text(&seen, "approve.by.0.source"), "governing_body");
    cr_assert_str_eq(answer_text(&seen, "approve.by.0.people.0.role"), "chairman");
    cr_assert(has_code(&seen, "appraise.me.reasons", "not_your_organisation"));
    cr_assert(has_code(&seen, "appraise.me.reasons", "preparer_cannot_appraise"));
    cr_assert(!allowed(&staff, &dossier, "approve"));
    cr_assert(allowed(&appraiser, &dossier, "appraise"));
    cr_assert(allowed(&chairman, &dossier, "approve"));
    struct answer other = authority(&director, &dossier);
    cr_assert(has_code(&other, "approve.me.reasons", "wrong_party"));
    cr_assert(has_code(&other, "appraise.me.reasons", "missing_permission"));

    struct client stranger = person("staff2");
    struct answer hidden = client_get(&stranger, dossier_path(&dossier, "/authority"));
    EXPECT_STATUS(hidden, 404);
}

Test(authority, whoever_operates_does_not_appraise, .init = people)
{
    struct answer dossier = make_submitted(&staff, 2);

    cr_assert(allowed(&appraiser, &dossier, "appraise"), "control");
    police_operates(&dossier);
    struct answer seen = authority(&appraiser, &dossier);
    cr_assert(has_code(&seen, "appraise.me.reasons", "not_independent"));
    cr_assert_not_null(strstr(answer_text(&seen, "appraise.me.reasons.0.basis"), "18"));
    cr_assert(has_code(&seen, "appraise.not_by.0.reasons", "not_independent"));
    cr_assert_eq(json_array_size(json_at(seen.json, "appraise.by")), 0);

    struct answer refused = take(&appraiser, &dossier, "received", "");
    EXPECT_STATUS(refused, 409);
    cr_assert_str_eq(answer_text(&refused, "code"), "not_independent");
    struct answer steps = client_get(&appraiser, dossier_path(&dossier, "/transitions"));
    json_t *row = transition_to(&steps, "received");
    cr_assert(json_is_false(json_object_get(row, "allowed")));
    cr_assert_str_eq(json_string_value(json_at(row, "blocked.0.code")), "not_independent");

    /* It is seen, and not in the list of what waits. */
    struct answer seen_row =
        client_get(&appraiser, text_of(DOSSIERS "?system_id=%s", first_system(&dossier)));
    cr_assert_eq(answer_int(&seen_row, "count.value"), 1);
    struct answer waits = client_get(
        &appraiser, text_of(DOSSIERS "?waiting_for=me&system_id=%s", first_system(&dossier)));
    cr_assert_eq(answer_int(&waits, "count.value"), 0);

    /* The database says the same. */
    cr_assert_str_eq(
        refused_by(&appraiser, text_of("UPDATE capdo.dossier SET state = 'received', received_by = "
                                       "capdo.ctx_account() WHERE id = '%s'",
                                       answer_text(&dossier, "id"))),
        "appraiser_independent");
}

Test(authority, another_unit_appraises_instead, .init = people)
{
    struct client other = person("staff2");
    struct answer dossier = make_submitted(&staff, 2);
    const char *path = dossier_path(&dossier, "");

    post(&other, UNIT("H05.02"), "appraiser");
    EXPECT_STATUS(client_get(&other, path), 404);
    assign(&dossier, UNIT("H05.02"), NULL, NULL);
    EXPECT_STATUS(client_get(&other, path), 200);
    struct answer seen = authority(&other, &dossier);
    cr_assert(has_code(&seen, "appraise.me.reasons", "appraised_elsewhere"),
              "the specialised unit is independent");
    struct answer refused = take(&other, &dossier, "received", "");
    EXPECT_STATUS(refused, 403);

    police_operates(&dossier);
    seen = authority(&other, &dossier);
    cr_assert(json_is_true(json_at(seen.json, "appraise.me.allowed")));
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.source"), "assigned_unit");
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.record.document_number"), "7/QĐ-UBND");
    struct answer waits = client_get(
        &other, text_of(DOSSIERS "?waiting_for=me&system_id=%s", first_system(&dossier)));
    cr_assert_eq(answer_int(&waits, "count.value"), 1);
    dossier = must(&other, &dossier, "received", "");
    dossier = must(&other, &dossier, "appraised", OPINION);
    cr_assert_not_null(strstr(answer_text(&dossier, "opinions.0.capacity"), "7/QĐ-UBND"));
    /* The approver stays the same. */
    dossier = must(&director, &dossier, "approved", decision_today());
}

Test(authority, a_council_appraises_instead, .init = people)
{
    struct client chair = person("staff2");
    struct client member = person("staff2");
    struct answer dossier = make_submitted(&staff, 2);

    police_operates(&dossier);
    assign(&dossier, NULL, &chair, &member);
    struct answer seen = authority(&member, &dossier);
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.source"), "council");
    cr_assert_str_eq(answer_text(&seen, "appraise.by.0.people.0.role"), "council_chair");
    cr_assert(json_is_true(json_at(seen.json, "appraise.me.allowed")));
    cr_assert(json_is_null(json_at(seen.json, "appraise.by.0.organisation")));
    dossier = must(&member, &dossier, "received", "");
    dossier = must(&chair, &dossier, "appraised", OPINION);
    cr_assert_not_null(strstr(answer_text(&dossier, "opinions.0.capacity"), "Hội đồng"));
    struct answer refused = take(&appraiser, &dossier, "returned", ",\"reason\":\"x\"");
    EXPECT_STATUS(refused, 403);
}

Test(authority, a_delegate_approves_within_its_term, .init = people)
{
    struct client head = person("staff2");
    struct answer dossier = make_appraised(&staff, &appraiser, 3);
    const char *path = dossier_path(&dossier, "");

    EXPECT_STATUS(client_get(&head, path), 404);
    post(&head, UNIT("H05.02"), "director");
    const char *id = sql(text_of(
        "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope, "
        "document_number, valid_from, valid_to, term_to, created_by) SELECT gen_random_uuid(), "
        "governing_id, " UNIT(
            "H05.02") ", '{3}', '{}', 'Phê duyệt', '8/QĐ-UBND', "
                      "capdo.today(), capdo.today(), capdo.today(), prepared_by FROM capdo.dossier "
                      "WHERE id = '%s' RETURNING id",
        answer_text(&dossier, "id")));
    EXPECT_STATUS(client_get(&head, path), 200);
    struct answer seen = authority(&head, &dossier);
    cr_assert(json_is_true(json_at(seen.json, "approve.me.allowed")));
    cr_assert_str_eq(answer_text(&seen, "approve.by.1.source"), "delegate");
    cr_assert_str_eq(answer_text(&seen, "approve.by.1.record.valid_to"), day_from_today(0));
    cr_assert(allowed(&chairman, &dossier, "approve"), "so does the body itself");

    struct answer before = take(&head, &dossier, "refused",
                                text_of(",\"number\":\"%s\",\"date\":\"%s\",\"reason\":\"x\"",
                                        text_unique(), day_from_today(-1)));
    cr_assert(before.status == 403 || before.status == 422, "%d", before.status);
    /* The new post asked for a new second factor. */
    EXPECT_STATUS(take(&head, &dossier, "approved", decision_today()), 403);
    client_show_factor(&head);
    dossier = must(&head, &dossier, "approved", decision_today());
    cr_assert_str_eq(answer_text(&dossier, "decision.delegation.id"), id);
    cr_assert_not_null(strstr(answer_text(&dossier, "decision.capacity"), "8/QĐ-UBND"));
    (void)sql(text_of("UPDATE capdo.delegation SET valid_from = valid_from - 9, "
                      "valid_to = capdo.today() - 1 WHERE id = '%s'",
                      id));
    EXPECT_STATUS(client_get(&head, path), 404);
}

/* ---- recording and ending ---- */

static const char *unit_id(const char *code)
{
    return sql(text_of("SELECT id FROM capdo.organisation WHERE code = '%s'", code));
}

static struct answer make_body(const struct client *admin)
{
    struct answer body =
        client_post(admin, "/api/v1/organisations",
                    text_of("{\"code\":\"%s\",\"name\":\"Chủ quản %s\",\"kind\":\"other\"}",
                            text_unique(), text_unique()));

    EXPECT_STATUS(body, 201);
    return body;
}

static struct answer end_by(const struct client *admin, const char *path, const char *etag,
                            const char *day)
{
    return client_post_match(admin, text_of("%s/end", path), etag,
                             text_of("{\"document_number\":\"9/QĐ\",\"valid_to\":\"%s\"}", day));
}

Test(authority, an_assignment_is_recorded_and_ended, .init = people)
{
    struct client admin = person("admin");
    struct answer body = make_body(&admin);
    const char *new = text_of("{\"kind\":\"specialised_unit\",\"governing_id\":\"%s\","
                              "\"organisation_id\":\"%s\",\"document_number\":\"5/QĐ\","
                              "\"valid_from\":\"%s\"}",
                              answer_text(&body, "id"), unit_id("H05.02"), day_from_today(-3));

    EXPECT_STATUS(client_post(&staff, "/api/v1/assignments", new), 403);
    struct answer made = client_post(&admin, "/api/v1/assignments", new);
    EXPECT_STATUS(made, 201);
    cr_assert_str_eq(answer_text(&made, "state"), "current");
    struct answer again = client_post(&admin, "/api/v1/assignments", new);
    EXPECT_STATUS(again, 422);
    cr_assert(answer_blames(&again, "/valid_from"));
    cr_assert_not_null(strstr(again.body, "5/QĐ"), "it names the document in the way");

    const char *path = text_of("/api/v1/assignments/%s", answer_text(&made, "id"));
    const char *etag = answer_header(&made, "ETag");
    struct answer early = end_by(&admin, path, etag, day_from_today(-9));
    EXPECT_STATUS(early, 422);
    EXPECT_STATUS(end_by(&admin, path, "\"7\"", day_from_today(-1)), 412);
    struct answer ended = end_by(&admin, path, etag, day_from_today(-1));
    EXPECT_STATUS(ended, 200);
    cr_assert_str_eq(answer_text(&ended, "state"), "ended");
    cr_assert_str_eq(answer_text(&ended, "ended_document"), "9/QĐ");
    EXPECT_STATUS(end_by(&admin, path, answer_header(&ended, "ETag"), day_from_today(-1)), 409);
    struct answer kept =
        client_get(&staff, text_of("/api/v1/assignments?state=ended&organisation_id=%s",
                                   answer_text(&body, "id")));
    cr_assert_eq(answer_int(&kept, "count.value"), 1, "ended ones stay");
}

Test(authority, who_appraises_instead_is_recorded, .init = people)
{
    struct client admin = person("admin");
    struct answer dossier = make_submitted(&staff, 2);
    const char *province = unit_id("H05");
    const char *code = answer_text(&dossier, "code");
    const char *new = "{\"kind\":\"%s\",\"governing_id\":\"%s\",%s,\"document_number\":\"6/QĐ\","
                      "\"valid_from\":\"%s\"}";

    police_operates(&dossier);
    struct answer no_target = client_post(
        &admin, "/api/v1/assignments",
        text_of(new, "assigned_unit", province,
                text_of("\"organisation_id\":\"%s\"", unit_id("H05.02")), day_from_today(0)));
    EXPECT_STATUS(no_target, 422);
    struct answer unknown =
        client_post(&admin, "/api/v1/assignments",
                    text_of(new, "assigned_unit", province,
                            text_of("\"organisation_id\":\"%s\",\"dossier_code\":\"HS9999999\"",
                                    unit_id("H05.02")),
                            day_from_today(0)));
    EXPECT_STATUS(unknown, 422);
    cr_assert(answer_blames(&unknown, "/dossier_code"));
    struct answer own =
        client_post(&admin, "/api/v1/assignments",
                    text_of(new, "assigned_unit", province,
                            text_of("\"organisation_id\":\"%s\",\"dossier_code\":\"%s\"",
                                    unit_id("H05.11"), code),
                            day_from_today(0)));
    EXPECT_STATUS(own, 422);
    cr_assert(has_code(&own, "errors", "unit_operates"));

    struct client chair = person("staff2");
    struct client member = person("staff2");
    struct client insider = person("staff");
    const char *council = "\"council_name\":\"Hội đồng\",\"dossier_code\":\"%s\",\"chair_id\":"
                          "\"%s\",\"members\":[{\"account_id\":\"%s\"},{\"account_id\":\"%s\"}]";
    struct answer dependent = client_post(&admin, "/api/v1/assignments",
                                          text_of(new, "council", province,
                                                  text_of(council, code, account_of(&chair),
                                                          account_of(&chair), account_of(&insider)),
                                                  day_from_today(0)));
    EXPECT_STATUS(dependent, 422);
    cr_assert(has_code(&dependent, "errors", "member_operates"));
    struct answer made = client_post(
        &admin, "/api/v1/assignments",
        text_of(new, "council", province,
                text_of(council, code, account_of(&chair), account_of(&chair), account_of(&member)),
                day_from_today(0)));
    EXPECT_STATUS(made, 201);
    cr_assert_str_eq(answer_text(&made, "target.code"), code);
    cr_assert(json_is_true(json_at(made.json, "members.0.chair")));
    (void)must(&member, &dossier, "received", "");
    /* Others are not told which dossier it is about. */
    struct client stranger = person("staff2");
    EXPECT_STATUS(
        client_get(&stranger, text_of("/api/v1/assignments/%s", answer_text(&made, "id"))), 404);
}

Test(authority, a_delegation_is_recorded_and_ended, .init = people)
{
    struct client admin = person("admin");
    const char *new = "{\"governing_id\":\"%s\",\"organisation_id\":\"%s\",\"powers\":[{\"act\":"
                      "\"approve_plan\",\"level\":4}],\"scope\":\"Phương án\",\"document_number\":"
                      "\"%s\",\"valid_from\":\"%s\",\"valid_to\":\"%s\"}";
    const char *province = unit_id("H05");
    struct answer outside = client_post(
        &admin, "/api/v1/delegations",
        text_of(new, province, unit_id("H05.40"), "1/QĐ", day_from_today(0), day_from_today(9)));
    EXPECT_STATUS(outside, 422);
    cr_assert(has_code(&outside, "errors", "delegate_not_below"));
    struct answer made = client_post(
        &admin, "/api/v1/delegations",
        text_of(new, province, unit_id("H05.02"), "1/QĐ", day_from_today(-2), day_from_today(9)));
    EXPECT_STATUS(made, 201);
    struct answer twice = client_post(
        &admin, "/api/v1/delegations",
        text_of(new, province, unit_id("H05.03"), "2/QĐ", day_from_today(9), day_from_today(20)));
    EXPECT_STATUS(twice, 422);
    cr_assert(has_code(&twice, "errors", "delegated_already"));
    const char *path = text_of("/api/v1/delegations/%s", answer_text(&made, "id"));
    EXPECT_STATUS(end_by(&admin, path, answer_header(&made, "ETag"), day_from_today(10)), 422);
    struct answer ended = end_by(&admin, path, answer_header(&made, "ETag"), day_from_today(-1));
    EXPECT_STATUS(ended, 200);
    cr_assert_str_eq(answer_text(&ended, "term_to"), day_from_today(9), "the term stays known");
    cr_assert_str_eq(answer_text(&ended, "state"), "ended");
}

/* What it shows changes with the days and with the end of a post: so does its tag. */
Test(authority, a_tag_tells_of_the_state_and_of_the_end, .init = people)
{
    struct client admin = person("admin");
    struct answer body = make_body(&admin);
    struct answer made = client_post(
        &admin, "/api/v1/assignments",
        text_of("{\"kind\":\"specialised_unit\",\"governing_id\":\"%s\",\"organisation_id\":\"%s\","
                "\"document_number\":\"5/QĐ\",\"valid_from\":\"%s\"}",
                answer_text(&body, "id"), unit_id("H05.02"), day_from_today(-3)));
    const char *path = text_of("/api/v1/assignments/%s", answer_text(&made, "id"));
    const char *tag = text_of("If-None-Match: %s\r\n", answer_header(&made, "ETag"));

    EXPECT_STATUS(made, 201);
    EXPECT_STATUS(client_call(&admin, "GET", path, tag, NULL), 304);
    (void)sql(
        text_of("UPDATE capdo.specialised_unit SET valid_to = capdo.today() - 1 WHERE id = '%s'",
                answer_text(&made, "id")));
    EXPECT_STATUS(client_call(&admin, "GET", path, tag, NULL), 200);

    const char *head = sql(text_of(
        "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT "
        "gen_random_uuid(), id, '%s', 'director', '2021-01-01' FROM capdo.account WHERE username = "
        "'staff2' RETURNING id",
        answer_text(&body, "id")));
    path = text_of("/api/v1/assignments/%s", head);
    struct answer before = client_get(&admin, path);
    EXPECT_STATUS(before, 200);
    tag = text_of("If-None-Match: %s\r\n", answer_header(&before, "ETag"));
    /* The last day is still to come. */
    EXPECT_STATUS(
        client_post(
            &admin,
            text_of("/api/v1/accounts/%s/memberships/%s/end",
                    sql("SELECT id FROM capdo.account WHERE username = 'staff2'"), head),
            text_of("{\"document_number\":\"6/QĐ\",\"valid_to\":\"%s\"}", day_from_today(5))),
        200);
    struct answer after = client_call(&admin, "GET", path, tag, NULL);
    EXPECT_STATUS(after, 200);
    cr_assert_str_eq(answer_text(&after, "ended_document"), "6/QĐ");
}

Test(authority, a_blank_document_number_is_none, .init = people)
{
    struct client admin = person("admin");
    struct answer body = make_body(&admin);
    const char *new = "{\"kind\":\"specialised_unit\",\"governing_id\":\"%s\","
                      "\"organisation_id\":\"%s\",\"document_number\":\"%s\","
                      "\"valid_from\":\"%s\"}";
    struct answer blank = client_post(
        &admin, "/api/v1/assignments",
        text_of(new, answer_text(&body, "id"), unit_id("H05.02"), " \u00a0", day_from_today(-3)));

    EXPECT_STATUS(blank, 422);
    cr_assert(answer_blames(&blank, "/document_number"));
    struct answer delegated = client_post(
        &admin, "/api/v1/delegations",
        text_of("{\"governing_id\":\"%s\",\"organisation_id\":\"%s\",\"powers\":[{\"act\":"
                "\"approve_level\",\"level\":3}],\"scope\":\" \",\"document_number\":\" \","
                "\"valid_from\":\"%s\",\"valid_to\":\"%s\"}",
                unit_id("H05"), unit_id("H05.11"), day_from_today(0), day_from_today(1)));
    EXPECT_STATUS(delegated, 422);
    cr_assert(answer_blames(&delegated, "/document_number"));
    cr_assert(answer_blames(&delegated, "/scope"));

    struct answer made = client_post(
        &admin, "/api/v1/assignments",
        text_of(new, answer_text(&body, "id"), unit_id("H05.02"), "5/QĐ", day_from_today(-3)));
    EXPECT_STATUS(made, 201);
    struct answer ended = client_post_match(
        &admin, text_of("/api/v1/assignments/%s/end", answer_text(&made, "id")),
        answer_header(&made, "ETag"),
        text_of("{\"document_number\":\"  \",\"valid_to\":\"%s\"}", day_from_today(-1)));
    EXPECT_STATUS(ended, 422);
    cr_assert(answer_blames(&ended, "/document_number"));
}
