/* What organisations were, how they change, and what goes over with them. */
#include <string.h>

#include "client.h"

#define PATH "/api/v1/organisations"

static struct answer add(const struct client *admin, const char *name, const char *more)
{
    struct answer added =
        client_post(admin, PATH,
                    text_of("{\"code\":\"%s\",\"name\":\"%s\",\"kind\":\"centre\","
                            "\"valid_from\":\"2020-01-01\"%s}",
                            text_unique(), name, more));

    EXPECT_STATUS(added, 201);
    return added;
}

static const char *id_of(const struct answer *answer)
{
    return answer_text(answer, "id");
}

static struct answer read_one(const struct client *client, const char *id)
{
    struct answer one = client_get(client, text_of(PATH "/%s", id));

    EXPECT_STATUS(one, 200);
    return one;
}

static struct answer send_change(const struct client *client, const char *id, const char *query,
                                 const char *kind, const char *day, const char *more)
{
    struct answer now = client_get(client, text_of(PATH "/%s", id));

    return client_post_match(client, text_of(PATH "/%s/changes%s", id, query),
                             answer_header(&now, "ETag"),
                             text_of("{\"kind\":\"%s\",\"effective_on\":\"%s\","
                                     "\"document_number\":\"12/QĐ-UBND\"%s}",
                                     kind, day, more));
}

static struct answer change(const struct client *client, const char *id, const char *kind,
                            const char *day, const char *more)
{
    return send_change(client, id, "", kind, day, more);
}

Test(organisation_history, a_name_is_kept_with_its_days)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    struct answer added = add(&admin, "Trung tâm Tên cũ", "");
    const char *id = id_of(&added);
    struct answer renamed =
        change(&admin, id, "renamed", "2024-05-01", ",\"name\":\"Trung tâm Tên mới\"");

    EXPECT_STATUS(renamed, 201);
    cr_assert_str_eq(answer_text(&renamed, "organisation.name"), "Trung tâm Tên mới");
    cr_assert_str_eq(answer_header(&renamed, "ETag"), "\"2\"");

    struct answer before = client_get(&staff, text_of(PATH "/%s?as_of=2024-04-30", id));
    struct answer after = client_get(&staff, text_of(PATH "/%s?as_of=2024-05-01", id));
    EXPECT_STATUS(before, 200);
    cr_assert_str_eq(answer_text(&before, "name"), "Trung tâm Tên cũ");
    cr_assert_str_eq(answer_text(&after, "name"), "Trung tâm Tên mới");
    EXPECT_STATUS(client_get(&staff, text_of(PATH "/%s?as_of=2019-12-31", id)), 404);
    EXPECT_STATUS(client_get(&staff, text_of(PATH "/%s?as_of=2024-02-30", id)), 400);

    struct answer timeline = client_get(&staff, text_of(PATH "/%s/history", id));
    EXPECT_STATUS(timeline, 200);
    cr_assert_eq(json_array_size(json_at(timeline.json, "items")), 2);
    cr_assert_str_eq(answer_text(&timeline, "items.0.kind"), "renamed");
    cr_assert_str_eq(answer_text(&timeline, "items.0.document_number"), "12/QĐ-UBND");
    cr_assert_str_eq(answer_text(&timeline, "items.0.before.name"), "Trung tâm Tên cũ");
    cr_assert_str_eq(answer_text(&timeline, "items.1.kind"), "created");
    /* Who wrote it down is for administrators. */
    cr_assert(json_is_null(json_at(timeline.json, "items.0.recorded_by")));
    struct answer full = client_get(&admin, text_of(PATH "/%s/history?limit=1", id));
    cr_assert(strlen(answer_text(&full, "items.0.recorded_by")) > 0);
    struct answer rest = client_get(
        &admin, text_of(PATH "/%s/history?limit=1&cursor=%s", id, answer_text(&full, "next")));
    cr_assert_str_eq(answer_text(&rest, "items.0.kind"), "created");
    cr_assert(json_is_null(json_at(rest.json, "next")));
}

Test(organisation_history, a_change_that_cannot_be_says_why)
{
    struct client admin = client_of("admin");
    struct answer one = add(&admin, "Một", "");
    struct answer two = add(&admin, "Hai", text_of(",\"parent_id\":\"%s\"", id_of(&one)));
    const char *id = id_of(&one);
    const struct {
        const char *kind;
        const char *day;
        const char *more;
        const char *pointer;
    } WRONG[] = {
        {"renamed", "2024-01-01", "", "/name"},
        {"renamed", "2024-01-01", ",\"name\":\"Một\"", "/name"},
        {"renamed", text_day(1), ",\"name\":\"X\"", "/effective_on"},
        {"renamed", "2019-12-31", ",\"name\":\"X\"", "/effective_on"},
        {"renamed", "2024-01-01", ",\"name\":\"X\",\"code\":\"Y\"", "/code"},
        {"moved", "2024-01-01", "", "/parent_id"},
        {"moved", "2024-01-01", text_of(",\"parent_id\":\"%s\"", id), "/parent_id"},
        {"moved", "2024-01-01", text_of(",\"parent_id\":\"%s\"", id_of(&two)), "/parent_id"},
        {"code_changed", "2024-01-01", ",\"code\":\"H05\",\"scheme\":\"2020\"", "/code"},
        {"dissolved", "2024-01-01", "", "/successor_id"}, /* a unit is left */
        {"dissolved", "2024-01-01", text_of(",\"successor_id\":\"%s\"", id), "/successor_id"},
        {"merged", "2024-01-01", ",\"merged\":[]", "/merged"},
        {"merged", "2024-01-01", text_of(",\"merged\":[{\"organisation_id\":\"%s\"}]", id),
         "/merged/0/organisation_id"},
        {"split", "2024-01-01", "", "/successors"},
        {"split", "2024-01-01",
         text_of(
             ",\"successors\":[{\"organisation_id\":\"%s\",\"systems\":[{\"code\":\"HT0000001\"}]}]",
             id_of(&two)),
         "/successors/0/systems/0/code"},
        {"restored", "2024-01-01", "", "/kind"},
    };

    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        struct answer refused = change(&admin, id, WRONG[i].kind, WRONG[i].day, WRONG[i].more);
        EXPECT_STATUS(refused, 422);
        cr_assert(answer_blames(&refused, WRONG[i].pointer), "%zu: %s", i, refused.body);
    }
    cr_assert_eq(answer_int(&one, "version"), 1);
    struct answer same = read_one(&admin, id);
    cr_assert_eq(answer_int(&same, "version"), 1);
}

Test(organisation_history, only_administrators_record_it_at_the_version_they_saw)
{
    struct client admin = client_of("admin");
    struct client office = client_of("office");
    struct answer added = add(&admin, "Trung tâm", "");
    const char *path = text_of(PATH "/%s/changes", id_of(&added));
    const char *body = "{\"kind\":\"renamed\",\"effective_on\":\"2024-01-01\","
                       "\"document_number\":\"1\",\"name\":\"B\"}";

    EXPECT_STATUS(client_post_match(&office, path, "\"1\"", body), 403);
    EXPECT_STATUS(client_post(&admin, path, body), 428);
    struct answer stale = client_post_match(&admin, path, "\"7\"", body);
    EXPECT_STATUS(stale, 412);
    cr_assert_str_eq(answer_text(&stale, "current.name"), "Trung tâm");
}

/* The old code leads to whoever carries on, through everything in between. */
Test(organisation_history, an_old_code_finds_the_successor)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    struct answer old = add(&admin, "Sở Cũ", "");
    struct answer middle = add(&admin, "Sở Giữa", "");
    struct answer last = add(&admin, "Sở Mới", "");
    const char *code = answer_text(&old, "code");

    EXPECT_STATUS(change(&admin, id_of(&old), "dissolved", "2023-01-01",
                         text_of(",\"successor_id\":\"%s\"", id_of(&middle))),
                  201);
    EXPECT_STATUS(change(&admin, id_of(&last), "merged", "2025-03-01",
                         text_of(",\"merged\":[{\"organisation_id\":\"%s\"}]", id_of(&middle))),
                  201);

    struct answer found = client_get(&staff, text_of(PATH "?code=%s", code));
    EXPECT_STATUS(found, 200);
    cr_assert_eq(json_array_size(json_at(found.json, "items")), 1);
    cr_assert_str_eq(answer_text(&found, "items.0.id"), id_of(&last));
    cr_assert_str_eq(answer_text(&found, "items.0.found_by.code"), code);
    cr_assert_str_eq(answer_text(&found, "items.0.found_by.valid_to"), "2022-12-31");
    cr_assert_str_eq(answer_text(&found, "items.0.found_by.holder.name"), "Sở Cũ");
    cr_assert_str_eq(answer_text(&found, "items.0.found_by.through.1.name"), "Sở Giữa");

    /* The code of one that ended may come to another; then both are told, the holder first. */
    EXPECT_STATUS(change(&admin, id_of(&last), "code_changed", "2025-04-01",
                         text_of(",\"code\":\"%s\",\"scheme\":\"internal\"", code)),
                  201);
    struct answer again = client_get(&staff, text_of(PATH "?code=%s", code));
    cr_assert_eq(json_array_size(json_at(again.json, "items")), 1);
    cr_assert(json_is_null(json_at(again.json, "items.0.found_by.valid_to")));

    struct answer timeline = client_get(&staff, text_of(PATH "/%s/history", id_of(&middle)));
    cr_assert_str_eq(answer_text(&timeline, "items.0.kind"), "merged");
    cr_assert_str_eq(answer_text(&timeline, "items.0.part"), "merged");
    cr_assert_str_eq(answer_text(&timeline, "items.0.parties.0.id"), id_of(&last));
    EXPECT_STATUS(client_get(&staff, text_of(PATH "?code=%s&kind=centre", code)), 400);
    struct answer none = client_get(&staff, PATH "?code=ZZ.99");
    cr_assert_eq(json_array_size(json_at(none.json, "items")), 0);
}

Test(organisation_history, a_trial_changes_nothing)
{
    struct client admin = client_of("admin");
    struct answer old = add(&admin, "Cũ", "");
    struct answer unit =
        add(&admin, "Đơn vị của Cũ", text_of(",\"parent_id\":\"%s\"", id_of(&old)));
    struct answer heir = add(&admin, "Mới", "");
    const char *more = text_of(",\"successor_id\":\"%s\"", id_of(&heir));
    struct answer trial =
        send_change(&admin, id_of(&old), "?mode=dry_run", "dissolved", "2024-01-01", more);

    EXPECT_STATUS(trial, 200);
    cr_assert(json_is_true(json_at(trial.json, "dry_run")));
    cr_assert(json_is_null(json_at(trial.json, "event_id")));
    cr_assert_eq(answer_int(&trial, "moved.units"), 1);
    cr_assert_str_eq(answer_text(&trial, "organisation.status"), "dissolved");
    struct answer still = read_one(&admin, id_of(&old));
    cr_assert_str_eq(answer_text(&still, "status"), "active");
    cr_assert_eq(answer_int(&still, "version"), 1);
    EXPECT_STATUS(send_change(&admin, id_of(&old), "?mode=maybe", "dissolved", "2024-01-01", more),
                  400);

    EXPECT_STATUS(change(&admin, id_of(&old), "dissolved", "2024-01-01", more), 201);
    struct answer moved = read_one(&admin, id_of(&unit));
    cr_assert_str_eq(answer_text(&moved, "parent_id"), id_of(&heir));
    struct answer then = client_get(&admin, text_of(PATH "/%s?as_of=2023-06-01", id_of(&unit)));
    cr_assert_str_eq(answer_text(&then, "parent_id"), id_of(&old));

    /* Recorded by mistake: set right by another change. */
    EXPECT_STATUS(change(&admin, id_of(&old), "restored", "2024-01-01", ""), 201);
    struct answer back = read_one(&admin, id_of(&old));
    cr_assert_str_eq(answer_text(&back, "status"), "active");
    cr_assert(json_is_null(json_at(back.json, "successor_id")));
}

/* A merger gives and ends roles: it asks for what granting a role asks for, and says the same in the log. */
Test(organisation_history, roles_that_follow_are_given_with_a_fresh_factor_and_logged)
{
    struct client admin = client_of("admin");
    struct answer old = add(&admin, "Nơi cũ", "");
    struct answer heir = add(&admin, "Nơi mới", "");
    const char *more = text_of(",\"successor_id\":\"%s\"", id_of(&heir));
    const char *who = sql("SELECT id FROM capdo.account WHERE username = 'staff2'");
    const char *logged = text_of(
        "SELECT coalesce(string_agg(kind || ' ' || (detail ->> 'organisation') || ' ' || "
        "(detail ->> 'document_number') || ' ' || (request_id <> '' AND session_id IS NOT NULL)::text,"
        " ', ' ORDER BY kind), '') FROM capdo.security_event WHERE subject_id = '%s' AND detail ->> "
        "'organisation' IN (SELECT name FROM capdo.organisation WHERE id IN ('%s', '%s'))"
        " AND detail ->> 'document_number' = '12/QĐ-UBND'",
        who, id_of(&old), id_of(&heir));

    (void)sql(text_of("INSERT INTO capdo.membership (id, account_id, organisation_id, role, "
                      "valid_from) VALUES (gen_random_uuid(), '%s', '%s', 'staff', '2021-01-01')",
                      who, id_of(&old)));
    (void)sql(text_of("UPDATE capdo.session SET factor_at = now() - interval '301 seconds' "
                      "WHERE token_sha256 = sha256('%s'::bytea)",
                      admin.cookie + strlen("sid=")));
    struct answer refused = change(&admin, id_of(&old), "dissolved", text_day(0), more);
    EXPECT_STATUS(refused, 403);
    cr_assert_str_eq(answer_text(&refused, "code"), "step_up_required");

    client_show_factor(&admin);
    EXPECT_STATUS(send_change(&admin, id_of(&old), "?mode=dry_run", "dissolved", text_day(0), more),
                  200);
    cr_assert_str_eq(sql(logged), "", "a trial gives nothing");
    EXPECT_STATUS(change(&admin, id_of(&old), "dissolved", text_day(0), more), 201);
    cr_assert_str_eq(sql(logged),
                     "role.ended Nơi cũ 12/QĐ-UBND true, role.granted Nơi mới 12/QĐ-UBND true");
}
