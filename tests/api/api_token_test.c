/* API tokens over HTTP: made and ended by administrators; read what their scopes and reach allow. */
#include <string.h>

#include "client.h"
#include "dossier_play.h"

#define PATH "/api/v1/tokens"

static const char *organisation_of(const char *username)
{
    struct client client = person(username);
    struct answer me = client_get(&client, "/api/v1/me");

    EXPECT_STATUS(me, 200);
    return answer_text(&me, "capacities.0.organisation.id");
}

static struct answer make(const char *reach, const char *scopes, const char *more)
{
    struct client admin = person("admin");
    struct answer made =
        client_post(&admin, PATH,
                    text_of("{\"organisation_id\":\"%s\",\"name\":\"%s\",\"reach\":\"%s\","
                            "\"scopes\":%s%s}",
                            organisation_of("staff"), text_unique(), reach, scopes, more));

    EXPECT_STATUS(made, 201);
    return made;
}

static struct answer with(const struct answer *made, const char *method, const char *path,
                          const char *body)
{
    static const struct client nobody;

    return client_call(&nobody, method, path,
                       text_of("Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n",
                               answer_text(made, "token"), text_unique()),
                       body);
}

Test(api_token, reads_what_its_scopes_and_reach_allow)
{
    struct answer made = make("unit", "[\"system.read\",\"stats.read\"]", "");
    const char *own = organisation_of("staff");
    struct answer list = with(&made, "GET", "/api/v1/systems?limit=200", NULL);
    struct client staff = person("staff");
    size_t index = 0;
    json_t *item = NULL;

    EXPECT_STATUS(list, 200);
    json_array_foreach(json_at(list.json, "items"), index, item)
    {
        cr_assert_str_eq(json_string_value(json_at(item, "operator.id")), own);
    }
    struct answer same = client_get(&staff, "/api/v1/systems?limit=200");
    cr_assert_eq(json_array_size(json_at(list.json, "items")),
                 json_array_size(json_at(same.json, "items")));
    const char *one = text_of("/api/v1/systems/%s", answer_text(&list, "items.0.id"));
    EXPECT_STATUS(with(&made, "GET", one, NULL), 200);
    EXPECT_STATUS(with(&made, "GET", "/api/v1/stats/by_level", NULL), 200);
    EXPECT_STATUS(with(&made, "GET", "/api/v1/stats/by_level", NULL), 200);

    struct answer dossiers = with(&made, "GET", "/api/v1/dossiers", NULL);
    EXPECT_STATUS(dossiers, 403);
    cr_assert_str_eq(answer_text(&dossiers, "missing_right"), "dossier.read");
    EXPECT_STATUS(with(&made, "GET", "/api/v1/me", NULL), 403);
    struct answer write = with(&made, "POST", "/api/v1/systems", "{}");
    EXPECT_STATUS(write, 403);
    cr_assert_str_eq(answer_text(&write, "code"), "token_read_only");
}

Test(api_token, a_dashboard_sees_figures_alone)
{
    struct answer made = make("register", "[\"stats.read\"]", "");
    struct client office = person("office");
    struct answer figures = with(&made, "GET", "/api/v1/stats/by_level", NULL);
    struct answer same = client_get(&office, "/api/v1/stats/by_level");

    EXPECT_STATUS(figures, 200);
    cr_assert(json_equal(json_at(figures.json, "rows"), json_at(same.json, "rows")));
    EXPECT_STATUS(with(&made, "GET", "/api/v1/systems", NULL), 403);
    EXPECT_STATUS(with(&made, "GET", "/api/v1/organisations", NULL), 403);
}

Test(api_token, is_bound_to_its_networks)
{
    struct answer here = make("unit", "[\"stats.read\"]", ",\"networks\":[\"127.0.0.1\"]");
    struct answer there = make("unit", "[\"stats.read\"]", ",\"networks\":[\"192.0.2.0/24\"]");

    EXPECT_STATUS(with(&here, "GET", "/api/v1/stats/by_level", NULL), 200);
    struct answer refused = with(&there, "GET", "/api/v1/stats/by_level", NULL);
    EXPECT_STATUS(refused, 403);
    cr_assert_str_eq(answer_text(&refused, "code"), "token_network");
}

Test(api_token, is_replaced_with_an_overlap_and_revoked_at_once)
{
    struct client admin = person("admin");
    struct answer made = make("unit", "[\"stats.read\"]", ",\"days\":30");
    const char *path = text_of(PATH "/%s", answer_text(&made, "api_token.id"));
    struct answer next =
        client_post_match(&admin, text_of("%s/rotate", path), "\"1\"", "{\"overlap_days\":3}");

    EXPECT_STATUS(next, 201);
    cr_assert_str_eq(answer_text(&next, "api_token.rotated_from"),
                     answer_text(&made, "api_token.id"));
    EXPECT_STATUS(with(&made, "GET", "/api/v1/stats/by_level", NULL), 200);
    EXPECT_STATUS(with(&next, "GET", "/api/v1/stats/by_level", NULL), 200);
    struct answer old = client_get(&admin, path);
    cr_assert_str_eq(answer_text(&old, "state"), "expiring");
    cr_assert_str_eq(answer_text(&old, "rotated_to"), answer_text(&next, "api_token.id"));
    EXPECT_STATUS(client_post_match(&admin, text_of("%s/rotate", path), "\"1\"", "{}"), 412);
    EXPECT_STATUS(client_post_match(&admin, text_of("%s/rotate", path), "\"2\"", "{}"), 409);

    EXPECT_STATUS(client_call(&admin, "POST", text_of("%s/revoke", path), NULL, NULL), 200);
    EXPECT_STATUS(client_call(&admin, "POST", text_of("%s/revoke", path), NULL, NULL), 200);
    EXPECT_STATUS(with(&made, "GET", "/api/v1/stats/by_level", NULL), 401);
    EXPECT_STATUS(with(&next, "GET", "/api/v1/stats/by_level", NULL), 200);
}

Test(api_token, a_bad_wish_is_told_member_by_member)
{
    struct client admin = person("admin");
    struct answer bad = client_post(
        &admin, PATH,
        "{\"organisation_id\":\"01900000-0000-7000-8000-000000000000\",\"name\":\"x\","
        "\"reach\":\"register\",\"scopes\":[\"system.read\"],\"networks\":[\"10.0.0.0/8\",\"x\"]}");

    EXPECT_STATUS(bad, 422);
    cr_assert(answer_blames(&bad, "/organisation_id"));
    cr_assert(answer_blames(&bad, "/networks/1"));
    cr_assert(answer_blames(&bad, "/scopes"));
    struct answer scope =
        client_post(&admin, PATH,
                    text_of("{\"organisation_id\":\"%s\",\"name\":\"x\",\"reach\":\"unit\","
                            "\"scopes\":[\"account.admin\"],\"days\":366}",
                            organisation_of("staff")));
    EXPECT_STATUS(scope, 422);
    cr_assert(answer_blames(&scope, "/scopes/0"));
    cr_assert(answer_blames(&scope, "/days"));
    struct client staff = person("staff");
    EXPECT_STATUS(client_get(&staff, PATH), 403);
}

/* Neither is another put in its place. */
Test(api_token, is_not_replaced_once_its_body_has_ended)
{
    struct client admin = person("admin");
    const char *code = text_unique();
    struct answer body = client_post(
        &admin, "/api/v1/organisations",
        text_of("{\"code\":\"%s\",\"name\":\"Sở %s\",\"kind\":\"department\"}", code, code));
    struct answer made = client_post(&admin, PATH,
                                     text_of("{\"organisation_id\":\"%s\",\"name\":\"x\","
                                             "\"reach\":\"unit\",\"scopes\":[\"stats.read\"]}",
                                             answer_text(&body, "id")));
    EXPECT_STATUS(made, 201);
    EXPECT_STATUS(client_post_match(
                      &admin, text_of("/api/v1/organisations/%s/changes", answer_text(&body, "id")),
                      answer_header(&body, "ETag"),
                      text_of("{\"kind\":\"dissolved\",\"effective_on\":\"%s\","
                              "\"document_number\":\"1\"}",
                              text_day(0))),
                  201);
    struct answer next =
        client_post_match(&admin, text_of(PATH "/%s/rotate", answer_text(&made, "api_token.id")),
                          answer_header(&made, "ETag"), "{}");
    EXPECT_STATUS(next, 409);
    cr_assert_not_null(strstr(next.body, "giải thể"), "%s", next.body);
}

/* It would be made and never work. */
Test(api_token, is_not_made_for_a_body_that_has_ended)
{
    struct client admin = person("admin");
    struct answer made = client_post(
        &admin, PATH,
        text_of("{\"organisation_id\":\"%s\",\"name\":\"x\",\"reach\":\"unit\","
                "\"scopes\":[\"stats.read\"]}",
                sql("SELECT id FROM capdo.organisation WHERE status = 'dissolved' LIMIT 1")));

    EXPECT_STATUS(made, 422);
    cr_assert(answer_blames(&made, "/organisation_id"));
    cr_assert_str_eq(answer_text(&made, "errors.0.code"), "dissolved");
}
