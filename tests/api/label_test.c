/* Trusted labels: requested by the operating unit, recorded by the specialised unit. */
#include <stdio.h>
#include <string.h>

#include "client.h"

#define PATH "/api/v1/labels"

struct ground {
    struct client staff;
    const char *operator_id;
    const char *governing_id;
    const char *system_id;
};

/* The staff's own unit and a system of it. */
static struct ground ground_of_staff(void)
{
    struct ground ground = {.staff = client_of("staff")};
    struct answer systems = client_get(&ground.staff, "/api/v1/systems?limit=1");

    EXPECT_STATUS(systems, 200);
    ground.operator_id = answer_text(&systems, "items.0.operator.id");
    ground.governing_id = answer_text(&systems, "items.0.governing.id");
    ground.system_id = answer_text(&systems, "items.0.id");
    return ground;
}

static const char *body_of(const struct ground *ground, const char *type, const char *target,
                           const char *more)
{
    return text_of("{\"type\":\"%s\",\"target\":\"%s\",\"governing_id\":\"%s\","
                   "\"operator_id\":\"%s\",\"grade\":\"basic\"%s}",
                   type, target, ground->governing_id, ground->operator_id, more);
}

static struct answer request(const struct ground *ground)
{
    struct answer label =
        client_post(&ground->staff, PATH,
                    body_of(ground, "website", text_of("%s.example.vn", text_unique()), ""));

    EXPECT_STATUS(label, 201);
    return label;
}

static const char *path_to(const struct answer *label)
{
    return text_of(PATH "/%s", answer_text(label, "id"));
}

static const char *steps_of(const struct answer *label)
{
    return text_of(PATH "/%s/transitions", answer_text(label, "id"));
}

static const char *granted(const char *from, const char *until, const char *more)
{
    return text_of("{\"to\":\"granted\",\"issuer\":\"Trung tâm\",\"granted_on\":\"%s\","
                   "\"expires_on\":\"%s\"%s}",
                   from, until, more);
}

static struct answer grant(const struct client *appraiser, const struct answer *label,
                           const char *from, const char *until)
{
    struct answer done = client_post_match(appraiser, steps_of(label), answer_header(label, "ETag"),
                                           granted(from, until, ""));

    EXPECT_STATUS(done, 200);
    return done;
}

Test(label, a_request_is_kept_with_its_event)
{
    struct ground ground = ground_of_staff();
    const char *word = text_unique();
    struct answer label =
        client_post(&ground.staff, PATH,
                    body_of(&ground, "website", text_of("WWW.%s.Example.VN", word),
                            ",\"evidence_url\":\"https://example.vn/a?b=c\""));

    EXPECT_STATUS(label, 201);
    cr_assert_str_eq(answer_header(&label, "Location"), path_to(&label));
    cr_assert_str_eq(answer_text(&label, "target"), text_of("www.%s.example.vn", word));
    cr_assert_str_eq(answer_text(&label, "state"), "requested");
    cr_assert_str_eq(answer_text(&label, "evidence_url"), "https://example.vn/a?b=c");
    cr_assert(json_is_null(json_at(label.json, "system")));
    cr_assert_eq(json_array_size(json_at(label.json, "events")), 1);
    cr_assert(json_is_null(json_at(label.json, "events.0.from_state")));
    cr_assert_str_eq(answer_text(&label, "events.0.to_state"), "requested");

    struct answer one = client_get(&ground.staff, path_to(&label));
    EXPECT_STATUS(one, 200);
    cr_assert_str_eq(one.body, label.body);
    struct answer same =
        client_call(&ground.staff, "GET", path_to(&label),
                    text_of("If-None-Match: %s\r\n", answer_header(&one, "ETag")), NULL);
    EXPECT_STATUS(same, 304);
    struct answer list =
        client_get(&ground.staff, text_of(PATH "?q=%s&state=requested&type=website", word));
    cr_assert_eq(json_array_size(json_at(list.json, "items")), 1);
}

Test(label, a_system_label_names_a_system_of_mine)
{
    struct ground ground = ground_of_staff();
    struct client other = client_of("staff2");
    struct answer theirs = client_get(&other, "/api/v1/systems?limit=1");
    const char *own = text_of(",\"system_id\":\"%s\"", ground.system_id);
    const char *foreign = text_of(",\"system_id\":\"%s\"", answer_text(&theirs, "items.0.id"));
    struct answer label =
        client_post(&ground.staff, PATH, body_of(&ground, "system", text_unique(), own));

    EXPECT_STATUS(label, 201);
    cr_assert_str_eq(answer_text(&label, "system.id"), ground.system_id);
    struct answer listed =
        client_get(&ground.staff, text_of(PATH "?system_id=%s&limit=200", ground.system_id));
    cr_assert_not_null(strstr(listed.body, answer_text(&label, "id")));

    const char *const wrong[] = {"", foreign};
    for (size_t i = 0; i < 2; i++) {
        struct answer refused =
            client_post(&ground.staff, PATH, body_of(&ground, "system", text_unique(), wrong[i]));
        EXPECT_STATUS(refused, 422);
        cr_assert(answer_blames(&refused, "/system_id"));
    }
}

Test(label, a_target_or_address_that_does_not_fit_is_refused)
{
    struct ground ground = ground_of_staff();
    static const char *const TARGETS[] = {"https://a.vn", "a.vn/",  "localhost",  "a..vn", "-a.vn",
                                          "a-.vn",        "a b.vn", "10.0.0.1",   "a.vn.", ".vn",
                                          "việt.vn",      " ",      "a_b.example"};
    static const char *const URLS[] = {"http://a.vn", "javascript:alert(1)", "https://",
                                       "https://a b", "https://a.vn@b.vn/",  "//a.vn"};

    for (size_t i = 0; i < sizeof(TARGETS) / sizeof(TARGETS[0]); i++) {
        struct answer refused =
            client_post(&ground.staff, PATH, body_of(&ground, "website", TARGETS[i], ""));
        cr_assert_eq(refused.status, 422, "%s", TARGETS[i]);
        cr_assert(answer_blames(&refused, "/target"));
    }
    for (size_t i = 0; i < sizeof(URLS) / sizeof(URLS[0]); i++) {
        struct answer refused =
            client_post(&ground.staff, PATH,
                        body_of(&ground, "website", text_of("%s.vn", text_unique()),
                                text_of(",\"evidence_url\":\"%s\"", URLS[i])));
        cr_assert_eq(refused.status, 422, "%s", URLS[i]);
        cr_assert(answer_blames(&refused, "/evidence_url"));
    }
}

Test(label, one_open_label_for_a_target_and_grade)
{
    struct ground ground = ground_of_staff();
    const char *target = text_of("%s.vn", text_unique());
    struct answer first = client_post(&ground.staff, PATH, body_of(&ground, "website", target, ""));
    struct answer second =
        client_post(&ground.staff, PATH, body_of(&ground, "website", target, ""));

    EXPECT_STATUS(first, 201);
    EXPECT_STATUS(second, 409);
    cr_assert_str_eq(answer_text(&second, "code"), "conflict");
    struct answer withdrawn =
        client_post_match(&ground.staff, steps_of(&first), "\"1\"", "{\"to\":\"withdrawn\"}");
    EXPECT_STATUS(withdrawn, 200);
    EXPECT_STATUS(client_post(&ground.staff, PATH, body_of(&ground, "website", target, "")), 201);
}

Test(label, only_the_unit_itself_requests)
{
    struct ground ground = ground_of_staff();
    struct client other = client_of("staff2");
    struct client office = client_of("office");
    const char *body = body_of(&ground, "website", text_of("%s.vn", text_unique()), "");
    struct answer foreign = client_post(&other, PATH, body);

    EXPECT_STATUS(foreign, 403);
    cr_assert_str_eq(answer_text(&foreign, "missing_right"), "label.request");
    EXPECT_STATUS(client_post(&office, PATH, body), 403);
}

Test(label, the_specialised_unit_records_the_grant)
{
    struct ground ground = ground_of_staff();
    struct client appraiser = client_of("appraiser");
    struct answer label = request(&ground);
    struct answer done = client_post_match(
        &appraiser, steps_of(&label), answer_header(&label, "ETag"),
        granted(text_day(-10), text_day(355),
                ",\"grade\":\"advanced\",\"certificate_url\":\"https://example.vn/1\","
                "\"reason\":\"Đủ điều kiện\""));

    EXPECT_STATUS(done, 200);
    cr_assert_str_eq(answer_text(&done, "state"), "granted");
    cr_assert_str_eq(answer_text(&done, "grade"), "advanced");
    cr_assert_str_eq(answer_text(&done, "issuer"), "Trung tâm");
    cr_assert_str_eq(answer_text(&done, "granted_on"), text_day(-10));
    cr_assert_str_eq(answer_text(&done, "certificate_url"), "https://example.vn/1");
    cr_assert_eq(answer_int(&done, "version"), 2);
    cr_assert_eq(json_array_size(json_at(done.json, "events")), 2);
    cr_assert_str_eq(answer_text(&done, "events.1.to_state"), "granted");
    cr_assert_str_eq(answer_text(&done, "events.1.reason"), "Đủ điều kiện");
    struct answer me = client_get(&appraiser, "/api/v1/me");
    cr_assert_str_eq(answer_text(&done, "events.1.actor_name"), answer_text(&me, "display_name"));
}

Test(label, a_grant_needs_its_facts)
{
    struct ground ground = ground_of_staff();
    struct client appraiser = client_of("appraiser");
    struct answer label = request(&ground);
    const char *etag = answer_header(&label, "ETag");
    const struct {
        const char *body;
        const char *pointer;
    } wrong[] = {
        {"{\"to\":\"granted\"}", "/issuer"},
        {"{\"to\":\"granted\"}", "/granted_on"},
        {"{\"to\":\"granted\"}", "/expires_on"},
        {granted(text_day(-1), text_day(-1), ""), "/expires_on"},
        {granted(text_day(-1), text_day(-2), ""), "/expires_on"},
        {granted(text_day(2), text_day(300), ""), "/granted_on"},
        {granted(text_day(-1), text_day(9), ",\"certificate_url\":\"http://a.vn\""),
         "/certificate_url"},
        {granted(text_day(-1), text_day(9), ",\"evidence_url\":\"ftp://a.vn\""), "/evidence_url"},
        {"{\"to\":\"refused\"}", "/reason"},
        {"{\"to\":\"refused\",\"reason\":\"  \"}", "/reason"},
        {"{\"to\":\"refused\",\"reason\":\"Vì\",\"issuer\":\"Ai\"}", "/issuer"},
        {"{\"to\":\"nowhere\"}", "/to"},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct answer refused =
            client_post_match(&appraiser, steps_of(&label), etag, wrong[i].body);
        cr_assert_eq(refused.status, 422, "%s: %s", wrong[i].body, refused.body);
        cr_assert(answer_blames(&refused, wrong[i].pointer), "%s: %s", wrong[i].body, refused.body);
    }
    struct answer still = client_get(&appraiser, path_to(&label));
    cr_assert_str_eq(answer_text(&still, "state"), "requested");
}

Test(label, a_step_needs_version_and_key)
{
    struct ground ground = ground_of_staff();
    struct client appraiser = client_of("appraiser");
    struct answer label = request(&ground);
    const char *body = granted(text_day(-1), text_day(99), "");
    const char *key = text_of("Idempotency-Key: %s\r\nIf-Match: \"1\"\r\n", text_unique());

    EXPECT_STATUS(client_call(&appraiser, "POST", steps_of(&label), "If-Match: \"1\"\r\n", body),
                  428);
    EXPECT_STATUS(client_post(&appraiser, steps_of(&label), body), 428);
    struct answer first = client_call(&appraiser, "POST", steps_of(&label), key, body);
    struct answer again = client_call(&appraiser, "POST", steps_of(&label), key, body);
    EXPECT_STATUS(first, 200);
    EXPECT_STATUS(again, 200);
    cr_assert_str_eq(first.body, again.body);

    struct answer stale = client_post_match(&appraiser, steps_of(&label), "\"1\"",
                                            "{\"to\":\"withdrawn\",\"reason\":\"Vì\"}");
    EXPECT_STATUS(stale, 412);
    cr_assert_str_eq(answer_text(&stale, "current.state"), "granted");
    cr_assert_eq(answer_int(&stale, "current.version"), 2);
}

Test(label, steps_follow_the_table_and_the_calendar)
{
    struct ground ground = ground_of_staff();
    struct client appraiser = client_of("appraiser");
    struct answer label = request(&ground);
    struct answer early =
        client_post_match(&appraiser, steps_of(&label), "\"1\"", "{\"to\":\"expired\"}");
    EXPECT_STATUS(early, 409);
    cr_assert_str_eq(answer_text(&early, "code"), "transition_blocked");

    struct answer done = grant(&appraiser, &label, text_day(-400), text_day(0));
    struct answer running = client_post_match(&appraiser, steps_of(&label),
                                              answer_header(&done, "ETag"), "{\"to\":\"expired\"}");
    EXPECT_STATUS(running, 409);
    struct answer taken =
        client_post_match(&appraiser, steps_of(&label), answer_header(&done, "ETag"),
                          "{\"to\":\"withdrawn\",\"reason\":\"Vi phạm\"}");
    EXPECT_STATUS(taken, 200);
    cr_assert_str_eq(answer_text(&taken, "reason"), "Vi phạm");

    struct answer old = request(&ground);
    struct answer past = grant(&appraiser, &old, text_day(-400), text_day(-1));
    struct answer lapsed = client_get(
        &appraiser, text_of(PATH "?state=granted&expires_on__lte=%s&limit=200", text_day(-1)));
    cr_assert_not_null(strstr(lapsed.body, answer_text(&old, "id")));
    struct answer expired = client_post_match(&appraiser, steps_of(&old),
                                              answer_header(&past, "ETag"), "{\"to\":\"expired\"}");
    EXPECT_STATUS(expired, 200);
    cr_assert_str_eq(answer_text(&expired, "state"), "expired");
    cr_assert_str_eq(answer_text(&expired, "issuer"), "Trung tâm");
}

static json_t *step_to(const struct answer *steps, const char *to)
{
    size_t index = 0;
    json_t *step = NULL;

    json_array_foreach(json_at(steps->json, "items"), index, step)
    {
        if (strcmp(json_string_value(json_object_get(step, "to")), to) == 0) {
            return step;
        }
    }
    return NULL;
}

static bool is_allowed(const struct answer *steps, const char *to)
{
    return json_is_true(json_at(step_to(steps, to), "allowed"));
}

/* What the list promises is what the request then meets, for each role. */
Test(label, the_list_of_steps_says_what_is_mine)
{
    struct ground ground = ground_of_staff();
    static const struct {
        const char *username;
        bool grants;
        bool withdraws;
    } ROLES[] = {
        {"director", false, false}, {"chairman", false, false}, {"office", false, false},
        {"staff", false, true},     {"appraiser", true, false},
    };
    struct answer label = request(&ground);
    const char *etag = answer_header(&label, "ETag");

    for (size_t i = 0; i < sizeof(ROLES) / sizeof(ROLES[0]); i++) {
        struct client client = client_of(ROLES[i].username);
        struct answer steps = client_get(&client, steps_of(&label));
        EXPECT_STATUS(steps, 200);
        cr_assert_str_eq(answer_text(&steps, "state"), "requested");
        cr_assert_eq(json_array_size(json_at(steps.json, "items")), 3);
        cr_assert_eq(is_allowed(&steps, "granted"), ROLES[i].grants, "%s", ROLES[i].username);
        cr_assert_eq(is_allowed(&steps, "withdrawn"), ROLES[i].withdraws, "%s", ROLES[i].username);
        if (!ROLES[i].grants) {
            cr_assert_str_eq(
                json_string_value(json_at(step_to(&steps, "granted"), "blocked.0.code")),
                "missing_permission");
            struct answer refused = client_post_match(&client, steps_of(&label), etag,
                                                      granted(text_day(-1), text_day(9), ""));
            EXPECT_STATUS(refused, 403);
        }
        if (!ROLES[i].withdraws) {
            EXPECT_STATUS(client_post_match(&client, steps_of(&label), etag,
                                            "{\"to\":\"withdrawn\",\"reason\":\"Vì\"}"),
                          403);
        }
    }
    struct client other = client_of("staff2");
    EXPECT_STATUS(client_get(&other, steps_of(&label)), 404);
    EXPECT_STATUS(client_get(&other, path_to(&label)), 404);
    EXPECT_STATUS(client_post_match(&other, steps_of(&label), etag, "{\"to\":\"withdrawn\"}"), 404);
    struct client admin = client_of("admin");
    EXPECT_STATUS(client_get(&admin, PATH), 403);
}
