/* Organisations: a directory for everyone, kept by administrators. */
#include <string.h>

#include "client.h"

#define PATH "/api/v1/organisations"

static struct answer add(const struct client *admin, const char *name, const char *more)
{
    struct answer added =
        client_post(admin, PATH,
                    text_of("{\"code\":\"%s\",\"name\":\"%s\",\"kind\":\"centre\"%s}",
                            text_unique(), name, more));

    EXPECT_STATUS(added, 201);
    return added;
}

static const char *path_to(const struct answer *answer)
{
    return text_of(PATH "/%s", answer_text(answer, "id"));
}

Test(organisation, everyone_reads_and_searches_without_diacritics)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    const char *word = text_unique();
    struct answer added = add(&admin, text_of("Trung tâm Đo đạc %s", word), "");
    struct answer found = client_get(&staff, text_of(PATH "?q=trung+tam+do+dac+%s", word));

    EXPECT_STATUS(found, 200);
    cr_assert_eq(json_array_size(json_at(found.json, "items")), 1);
    cr_assert_str_eq(answer_text(&found, "items.0.id"), answer_text(&added, "id"));
    cr_assert(strlen(answer_text(&found, "data_version")) > 0);

    struct answer by_code = client_get(
        &staff, text_of(PATH "?q=%s&kind=centre&status=active", answer_text(&added, "code")));
    cr_assert_eq(json_array_size(json_at(by_code.json, "items")), 1);
    struct answer none = client_get(&staff, text_of(PATH "?q=%s&kind=school", word));
    cr_assert_eq(json_array_size(json_at(none.json, "items")), 0);
}

Test(organisation, pages_show_each_row_once_in_order)
{
    struct client office = client_of("office");
    const char *path = PATH "?limit=7&sort=-code";
    json_int_t total = count_of_list(&office, PATH);
    json_int_t seen = 0;
    const char *before = "\x7f";

    for (;;) {
        struct answer page = client_get(&office, path);
        EXPECT_STATUS(page, 200);
        size_t index = 0;
        json_t *item = NULL;
        json_array_foreach(json_at(page.json, "items"), index, item)
        {
            const char *code = json_string_value(json_object_get(item, "code"));
            cr_assert_lt(strcmp(code, before), 0);
            before = code;
            seen++;
        }
        if (json_is_null(json_at(page.json, "next"))) {
            break;
        }
        path = text_of(PATH "?limit=7&sort=-code&cursor=%s", answer_text(&page, "next"));
    }
    cr_assert_geq(seen, total);
    EXPECT_STATUS(client_get(&office, PATH "?colour=red"), 400);
    EXPECT_STATUS(client_get(&office, PATH "?kind=castle"), 400);
}

Test(organisation, one_is_read_with_its_etag)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    struct answer added = add(&admin, "Trung tâm Thử", "");
    struct answer one = client_get(&staff, path_to(&added));
    const char *etag = answer_header(&one, "ETag");

    EXPECT_STATUS(one, 200);
    cr_assert_str_eq(etag, answer_header(&added, "ETag"));
    cr_assert_str_eq(answer_header(&added, "Location"), path_to(&added));
    struct answer same =
        client_call(&staff, "GET", path_to(&added), text_of("If-None-Match: %s\r\n", etag), NULL);
    EXPECT_STATUS(same, 304);
    cr_assert_eq(same.length, 0);
    EXPECT_STATUS(client_get(&staff, PATH "/01234567-89ab-7def-8123-456789abcdef"), 404);
    EXPECT_STATUS(client_get(&staff, PATH "/no-uuid"), 404);
}

Test(organisation, only_administrators_change)
{
    struct client admin = client_of("admin");
    static const char *const OTHERS[] = {"staff", "appraiser", "director", "chairman", "office"};
    struct answer added = add(&admin, "Trung tâm Thử", "");

    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        struct client other = client_of(OTHERS[i]);
        struct answer refused =
            client_post(&other, PATH, "{\"code\":\"X1\",\"name\":\"X\",\"kind\":\"other\"}");
        EXPECT_STATUS(refused, 403);
        cr_assert_str_eq(answer_text(&refused, "missing_right"), "organisation.admin");
        EXPECT_STATUS(client_patch(&other, path_to(&added), "\"1\"", "{\"phone\":\"1\"}"), 403);
    }
    struct client nobody = {0};
    EXPECT_STATUS(client_get(&nobody, PATH), 401);
}

Test(organisation, a_code_belongs_to_one)
{
    struct client admin = client_of("admin");
    struct answer added = add(&admin, "Trung tâm Thử", "");
    struct answer again =
        client_post(&admin, PATH,
                    text_of("{\"code\":\"%s\",\"name\":\"Khác\",\"kind\":\"other\"}",
                            answer_text(&added, "code")));

    EXPECT_STATUS(again, 409);
    cr_assert_str_eq(answer_text(&again, "code"), "code_taken");
}

Test(organisation, a_change_needs_the_version_it_was_made_for)
{
    struct client admin = client_of("admin");
    struct answer added = add(&admin, "Trung tâm Thử", ",\"phone\":\"0123\"");
    const char *etag = answer_header(&added, "ETag");

    EXPECT_STATUS(client_call(&admin, "PATCH", path_to(&added), NULL, "{\"email\":\"A\"}"), 428);
    struct answer changed = client_patch(&admin, path_to(&added), etag, "{\"email\":\"a@b\"}");
    EXPECT_STATUS(changed, 200);
    cr_assert_str_eq(answer_text(&changed, "email"), "a@b");
    cr_assert_str_eq(answer_text(&changed, "phone"), "0123");
    cr_assert_str_neq(answer_header(&changed, "ETag"), etag);

    struct answer stale = client_patch(&admin, path_to(&added), etag, "{\"email\":\"c@d\"}");
    EXPECT_STATUS(stale, 412);
    cr_assert_str_eq(answer_text(&stale, "current.email"), "a@b");
    cr_assert_eq(answer_int(&stale, "current.version"), 2);
    struct answer now = client_get(&admin, path_to(&added));
    cr_assert_str_eq(answer_text(&now, "email"), "a@b");
}

/* What has a history changes by recording it. */
Test(organisation, dated_facts_are_not_edited)
{
    struct client admin = client_of("admin");
    struct answer added = add(&admin, "Trung tâm Thử", "");
    static const char *const DATED[] = {"\"name\":\"Khác\"",        "\"parent_id\":null",
                                        "\"status\":\"dissolved\"", "\"successor_id\":null",
                                        "\"valid_to\":null",        "\"code\":\"X\""};

    for (size_t i = 0; i < sizeof(DATED) / sizeof(DATED[0]); i++) {
        EXPECT_STATUS(client_patch(&admin, path_to(&added), "\"1\"", text_of("{%s}", DATED[i])),
                      422);
    }
    EXPECT_STATUS(client_post(&admin, PATH,
                              text_of("{\"code\":\"%s\",\"name\":\"A\",\"kind\":\"other\","
                                      "\"status\":\"dissolved\"}",
                                      text_unique())),
                  422);
    struct answer nowhere =
        client_post(&admin, PATH,
                    text_of("{\"code\":\"%s\",\"name\":\"A\",\"kind\":\"other\",\"parent_id\":"
                            "\"01234567-89ab-7def-8123-456789abcdef\"}",
                            text_unique()));
    EXPECT_STATUS(nowhere, 422);
    cr_assert(answer_blames(&nowhere, "/parent_id"));
}

Test(organisation, all_problems_are_told_at_once)
{
    struct client admin = client_of("admin");
    struct answer bad = client_post(&admin, PATH,
                                    "{\"code\":\"a b\",\"name\":\"\",\"kind\":\"castle\","
                                    "\"valid_from\":\"2025-02-30\",\"colour\":1}");
    static const char *const POINTERS[] = {"/code", "/name", "/kind", "/valid_from", "/colour"};

    EXPECT_STATUS(bad, 422);
    for (size_t i = 0; i < sizeof(POINTERS) / sizeof(POINTERS[0]); i++) {
        cr_assert(answer_blames(&bad, POINTERS[i]), "%s: %s", POINTERS[i], bad.body);
    }
}

Test(organisation, the_same_key_adds_once)
{
    struct client admin = client_of("admin");
    const char *key = text_of("Idempotency-Key: %s\r\n", text_unique());
    const char *body =
        text_of("{\"code\":\"%s\",\"name\":\"Một lần\",\"kind\":\"other\"}", text_unique());
    struct answer first = client_call(&admin, "POST", PATH, key, body);
    struct answer second = client_call(&admin, "POST", PATH, key, body);

    EXPECT_STATUS(first, 201);
    EXPECT_STATUS(second, 201);
    cr_assert_str_eq(first.body, second.body);
    cr_assert_str_eq(answer_header(&first, "Location"), answer_header(&second, "Location"));
    struct answer other = client_call(
        &admin, "POST", PATH, key,
        text_of("{\"code\":\"%s\",\"name\":\"Khác\",\"kind\":\"other\"}", text_unique()));
    EXPECT_STATUS(other, 422);
    cr_assert_str_eq(answer_text(&other, "code"), "idempotency_mismatch");
    EXPECT_STATUS(client_call(&admin, "POST", PATH, NULL, body), 428);
}

Test(account, administrators_see_accounts_with_their_roles)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    struct answer list = client_get(&admin, "/api/v1/accounts?q=appraiser&limit=200");
    struct answer me = client_get(&staff, "/api/v1/me");
    bool found = false;
    size_t index = 0;
    json_t *item = NULL;

    EXPECT_STATUS(list, 200);
    json_array_foreach(json_at(list.json, "items"), index, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "username")), "appraiser") == 0) {
            found = true;
            cr_assert_str_eq(json_string_value(json_at(item, "capacities.0.role")), "appraiser");
            cr_assert_not_null(json_at(item, "capacities.0.organisation.name"));
            cr_assert(json_is_false(json_at(item, "disabled")));
        }
    }
    cr_assert(found);
    cr_assert_null(strstr(list.body, "argon2"));
    EXPECT_STATUS(me, 200);
    struct answer refused = client_get(&staff, "/api/v1/accounts");
    EXPECT_STATUS(refused, 403);
    cr_assert_str_eq(answer_text(&refused, "missing_right"), "account.admin");
}

/* One that is not there yet could never be changed. */
Test(organisation, is_recorded_from_its_first_day_on)
{
    struct client admin = client_of("admin");
    const char *body =
        "{\"code\":\"%s\",\"name\":\"Nơi mới\",\"kind\":\"centre\",\"valid_from\":\"%s\"}";
    struct answer later =
        client_post(&admin, "/api/v1/organisations", text_of(body, text_unique(), text_day(1)));

    EXPECT_STATUS(later, 422);
    cr_assert(answer_blames(&later, "/valid_from"));
    EXPECT_STATUS(
        client_post(&admin, "/api/v1/organisations", text_of(body, text_unique(), text_day(0))),
        201);
}
