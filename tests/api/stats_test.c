/* Figures never disagree with the lists behind them: for every row, every role, after every kind of
 * write, from memory or not. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

#define PATH "/api/v1/stats/"

static const char *const VIEWS[] = {"by_level", "by_status", "by_organisation",
                                    "progress", "labels",    "overdue"};
enum { VIEW_COUNT = sizeof(VIEWS) / sizeof(VIEWS[0]) };

static struct answer view_of(const struct client *client, const char *view)
{
    struct answer answer = client_get(client, text_of(PATH "%s", view));

    EXPECT_STATUS(answer, 200);
    return answer;
}

static json_t *row_of(const struct answer *answer, const char *key, const char *measure)
{
    size_t index = 0;
    json_t *row = NULL;

    json_array_foreach(json_at(answer->json, "rows"), index, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "key")), key) == 0 &&
            strcmp(json_string_value(json_object_get(row, "measure")), measure) == 0) {
            return row;
        }
    }
    cr_assert_fail("no row %s %s in %s", key, measure, answer->body);
    return NULL;
}

static json_int_t value_of(const struct client *client, const char *view, const char *key,
                           const char *measure)
{
    struct answer answer = view_of(client, view);

    return json_integer_value(json_object_get(row_of(&answer, key, measure), "value"));
}

/* The number is what its list counts for the same person. Tests that run at the same time write too:
 * a difference only counts while the figures say that nothing changed. */
static void expect_row(const struct client *client, const char *view, struct answer answer,
                       size_t index)
{
    for (;;) {
        json_t *row = json_array_get(json_at(answer.json, "rows"), index);
        const char *href = json_string_value(json_object_get(row, "href"));
        json_int_t value = json_integer_value(json_object_get(row, "value"));
        json_int_t counted = count_of_list(client, href);
        if (value == counted) {
            return;
        }
        struct answer again = view_of(client, view);
        cr_assert_str_neq(answer_text(&again, "data_version"), answer_text(&answer, "data_version"),
                          "%s %s: %lld, its list counts %lld", view, href, (long long)value,
                          (long long)counted);
        answer = again;
    }
}

static void expect_agreement(const struct client *client, const char *view)
{
    struct answer answer = view_of(client, view);
    size_t index = 0;
    json_t *row = NULL;

    cr_assert_str_eq(answer_text(&answer, "view"), view);
    json_array_foreach(json_at(answer.json, "rows"), index, row)
    {
        expect_row(client, view, answer, index);
        cr_assert(strlen(json_string_value(json_at(row, "label.vi"))) > 0);
        cr_assert(strlen(json_string_value(json_at(row, "label.en"))) > 0);
    }
}

static void expect_agreement_of(const char *username)
{
    struct client client = client_of(username);

    for (size_t i = 0; i < VIEW_COUNT; i++) {
        expect_agreement(&client, VIEWS[i]);
        expect_agreement(&client, VIEWS[i]); /* now from memory */
    }
}

Test(stats, agrees_with_the_lists_of_staff)
{
    expect_agreement_of("staff");
}

Test(stats, agrees_with_the_lists_of_another_staff)
{
    expect_agreement_of("staff2");
}

Test(stats, agrees_with_the_lists_of_an_appraiser)
{
    expect_agreement_of("appraiser");
}

Test(stats, agrees_with_the_lists_of_a_director)
{
    expect_agreement_of("director");
}

Test(stats, agrees_with_the_lists_of_a_chairman)
{
    expect_agreement_of("chairman");
}

Test(stats, agrees_with_the_lists_of_the_office)
{
    expect_agreement_of("office");
}

static json_int_t sum_of(const struct answer *answer)
{
    json_int_t sum = 0;
    size_t index = 0;
    json_t *row = NULL;

    json_array_foreach(json_at(answer->json, "rows"), index, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "measure")), "systems") == 0) {
            sum += json_integer_value(json_object_get(row, "value"));
        }
    }
    return sum;
}

Test(stats, sums_agree_between_views)
{
    struct client office = client_of("office");
    static const char *const SUMS[] = {"by_level", "by_status", "by_organisation"};

    for (size_t i = 0; i < 3; i++) {
        for (;;) {
            struct answer answer = view_of(&office, SUMS[i]);
            json_int_t total = count_of_list(&office, "/api/v1/systems");
            struct answer again = view_of(&office, SUMS[i]);
            cr_assert_gt(total, 100);
            if (strcmp(answer_text(&answer, "data_version"), answer_text(&again, "data_version")) ==
                0) {
                cr_assert_eq(sum_of(&answer), total, "%s", SUMS[i]);
                break;
            }
        }
    }
}

static const char *new_system(const struct client *staff)
{
    struct answer mine = client_get(staff, "/api/v1/systems?limit=1");
    struct answer meta = client_get(staff, "/api/v1/meta");
    struct answer added = client_post(
        staff, "/api/v1/systems",
        text_of("{\"name\":\"Hệ thống thử %s\",\"governing_id\":\"%s\",\"operator_id\":\"%s\","
                "\"ruleset\":\"%s\"}",
                text_unique(), answer_text(&mine, "items.0.governing.id"),
                answer_text(&mine, "items.0.operator.id"), answer_text(&meta, "current_ruleset")));

    EXPECT_STATUS(added, 201);
    return text_of("/api/v1/systems/%s", answer_text(&added, "id"));
}

Test(stats, follows_systems_at_once)
{
    struct client staff = client_of("staff");

    for (int i = 0; i < 5; i++) {
        json_int_t before = value_of(&staff, "by_level", "none", "systems");
        (void)new_system(&staff);
        cr_assert_geq(value_of(&staff, "by_level", "none", "systems"), before + 1);
        expect_agreement(&staff, "by_level");
    }

    const char *path = new_system(&staff);
    (void)view_of(&staff, "progress");
    EXPECT_STATUS(client_patch(&staff, path, "\"1\"", "{\"plan_status\":\"partial\"}"), 200);
    expect_agreement(&staff, "progress");
    expect_agreement(&staff, "by_organisation");
}

Test(stats, follows_labels_at_once)
{
    struct client staff = client_of("staff");
    struct client appraiser = client_of("appraiser");
    struct answer mine = client_get(&staff, "/api/v1/systems?limit=1");
    json_int_t before = value_of(&staff, "labels", "requested.basic", "labels");
    json_int_t before_all = value_of(&appraiser, "labels", "requested.basic", "labels");
    struct answer label =
        client_post(&staff, "/api/v1/labels",
                    text_of("{\"type\":\"website\",\"target\":\"%s.vn\",\"governing_id\":\"%s\","
                            "\"operator_id\":\"%s\",\"grade\":\"basic\"}",
                            text_unique(), answer_text(&mine, "items.0.governing.id"),
                            answer_text(&mine, "items.0.operator.id")));

    EXPECT_STATUS(label, 201);
    cr_assert_geq(value_of(&staff, "labels", "requested.basic", "labels"), before + 1);
    cr_assert_geq(value_of(&appraiser, "labels", "requested.basic", "labels"), before_all + 1);
    expect_agreement(&appraiser, "labels");

    struct answer refused = client_post_match(
        &appraiser, text_of("/api/v1/labels/%s/transitions", answer_text(&label, "id")), "\"1\"",
        "{\"to\":\"refused\",\"reason\":\"Thiếu\"}");
    EXPECT_STATUS(refused, 200);
    expect_agreement(&appraiser, "labels");
    expect_agreement(&staff, "labels");
}

/* On either side of each border: expired, last day today, in 30 days, in 31. */
Test(stats, counts_labels_to_the_day)
{
    struct client staff = client_of("staff");
    struct client appraiser = client_of("appraiser");
    struct answer mine = client_get(&staff, "/api/v1/systems?limit=1");
    static const int DAYS[] = {-1, 0, 30, 31};

    for (size_t i = 0; i < sizeof(DAYS) / sizeof(DAYS[0]); i++) {
        struct answer label = client_post(
            &staff, "/api/v1/labels",
            text_of("{\"type\":\"website\",\"target\":\"%s.vn\",\"governing_id\":\"%s\","
                    "\"operator_id\":\"%s\",\"grade\":\"basic\"}",
                    text_unique(), answer_text(&mine, "items.0.governing.id"),
                    answer_text(&mine, "items.0.operator.id")));
        EXPECT_STATUS(label, 201);
        struct answer granted = client_post_match(
            &appraiser, text_of("/api/v1/labels/%s/transitions", answer_text(&label, "id")),
            "\"1\"",
            text_of("{\"to\":\"granted\",\"issuer\":\"A\",\"granted_on\":\"%s\","
                    "\"expires_on\":\"%s\"}",
                    text_day(-300), text_day(DAYS[i])));
        EXPECT_STATUS(granted, 200);
        expect_agreement(&staff, "labels");
        expect_agreement(&appraiser, "labels");
    }
}

Test(stats, follows_dossiers_at_once)
{
    struct client appraiser = client_of("appraiser");
    struct client office = client_of("office");
    struct answer list = client_get(&appraiser, "/api/v1/dossiers?state=submitted&level=2&limit=1");
    const char *path = text_of("/api/v1/dossiers/%s", answer_text(&list, "items.0.id"));

    EXPECT_STATUS(list, 200);
    cr_assert_eq(json_array_size(json_at(list.json, "items")), 1);
    (void)view_of(&appraiser, "by_status");
    (void)view_of(&office, "overdue");
    struct answer one = client_get(&appraiser, path);
    EXPECT_STATUS(one, 200);
    struct answer moved =
        client_post_match(&appraiser, text_of("%s/transitions", path), answer_header(&one, "ETag"),
                          "{\"to\":\"returned\",\"reason\":\"Thiếu\"}");
    EXPECT_STATUS(moved, 200);
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        expect_agreement(&appraiser, VIEWS[i]);
    }
    expect_agreement(&office, "overdue");
    expect_agreement(&office, "by_status");
}

static void run_as_owner(const char *sql)
{
    const char *command =
        text_of("psql -X -q -v ON_ERROR_STOP=1 \"$CAPDO_TEST_OWNER_URL\" -c \"%s\"", sql);

    cr_assert_eq(system(command), 0, "%s", command);
}

/* Another program's write is heard of, and each step has a dossier on either side of its day. */
Test(stats, follows_writes_of_other_programs)
{
    struct client office = client_of("office");
    static const char *const MEASURES[] = {"overdue", "due_soon"};
    static const char *const DAYS[] = {"- 1", "+ 0"};

    for (int i = 0; i < 2; i++) {
        json_int_t before = value_of(&office, "overdue", "appraisal", MEASURES[i]);
        run_as_owner(text_of("UPDATE capdo.dossier SET due_on = capdo.today() %s WHERE id = "
                             "(SELECT id FROM capdo.dossier WHERE step = 'appraisal' "
                             "AND due_on > capdo.today() + 6 LIMIT 1)",
                             DAYS[i]));
        json_int_t after = before;
        for (int wait = 0; wait < 50 && after <= before; wait++) {
            (void)usleep(100000);
            after = value_of(&office, "overdue", "appraisal", MEASURES[i]);
        }
        cr_assert_gt(after, before, "%s", MEASURES[i]);
        expect_agreement(&office, "overdue");
        expect_agreement(&office, "by_organisation");
    }
}

/* The organisation at path gets this name, from today on. */
static struct answer rename_to(const struct client *admin, const char *path, const char *etag,
                               const char *name)
{
    struct answer renamed = client_post_match(
        admin, text_of("%s/changes", path), etag,
        text_of("{\"kind\":\"renamed\",\"effective_on\":\"%s\",\"document_number\":\"1/QĐ\","
                "\"name\":\"%s\"}",
                text_day(0), name));

    EXPECT_STATUS(renamed, 201);
    return renamed;
}

Test(stats, follows_names_of_organisations_at_once)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff");
    struct answer before = view_of(&staff, "by_organisation");
    const char *id = answer_text(&before, "rows.0.key");
    const char *path = text_of("/api/v1/organisations/%s", id);
    struct answer organisation = client_get(&admin, path);
    const char *name = text_of("%s", answer_text(&organisation, "name"));
    const char *changed = text_of("%s – %s", name, text_unique());

    cr_assert_str_eq(answer_text(&before, "rows.0.label.vi"), name);
    struct answer renamed = rename_to(&admin, path, answer_header(&organisation, "ETag"), changed);
    struct answer after = view_of(&staff, "by_organisation");
    cr_assert_str_eq(answer_text(&after, "rows.0.label.vi"), changed);
    (void)rename_to(&admin, path, answer_header(&renamed, "ETag"), name);
}

Test(stats, a_poll_without_news_is_304)
{
    struct client office = client_of("office");

    for (size_t i = 0; i < VIEW_COUNT; i++) {
        struct answer first = view_of(&office, VIEWS[i]);
        const char *etag = answer_header(&first, "ETag");
        cr_assert_eq(etag[0], '"');
        int unchanged = 0;
        for (int poll = 0; poll < 3; poll++) {
            struct answer again = client_call(&office, "GET", text_of(PATH "%s", VIEWS[i]),
                                              text_of("If-None-Match: %s\r\n", etag), NULL);
            if (again.status == 304) {
                cr_assert_eq(again.length, 0);
                cr_assert_str_eq(answer_header(&again, "ETag"), etag);
                unchanged++;
            } else {
                /* Another test wrote meanwhile: then the figures did change. */
                cr_assert_str_neq(answer_header(&again, "ETag"), etag);
                etag = answer_header(&again, "ETag");
            }
        }
        cr_assert_gt(unchanged, 0, "%s", VIEWS[i]);
    }
}

Test(stats, figures_that_did_not_change_keep_their_tag)
{
    struct client staff2 = client_of("staff2");
    struct client staff = client_of("staff");
    struct answer before = view_of(&staff2, "by_level");

    /* A write that this person does not see: a new data version, the same figures. Another test may
     * write what is seen, so one round of some is enough. */
    for (int i = 0; i < 10; i++) {
        (void)new_system(&staff);
        struct answer after = view_of(&staff2, "by_level");
        cr_assert_str_neq(answer_text(&after, "data_version"),
                          answer_text(&before, "data_version"));
        if (strcmp(answer_header(&after, "ETag"), answer_header(&before, "ETag")) == 0) {
            return;
        }
        before = after;
    }
    cr_assert_fail("the tag changes with every write");
}

Test(stats, a_second_answer_comes_from_memory)
{
    struct client office = client_of("office");
    bool remembered = false;

    /* Others write now and then; of some polls in a row one finds the answer. */
    for (int i = 0; i < 20 && !remembered; i++) {
        struct answer first = view_of(&office, "by_status");
        struct answer second = view_of(&office, "by_status");
        remembered = strcmp(answer_text(&first, "as_of"), answer_text(&second, "as_of")) == 0 &&
                     strstr(answer_header(&second, "Server-Timing"), "db;") == NULL;
        if (!remembered) {
            (void)usleep(100000);
        }
    }
    cr_assert(remembered);
}

Test(stats, nobody_gets_the_answer_of_another)
{
    static const char *const USERS[] = {"office", "staff", "staff2", "appraiser", "chairman"};
    struct client clients[5];
    struct client nobody = {0};
    struct client admin = client_of("admin");

    for (size_t i = 0; i < 5; i++) {
        clients[i] = client_of(USERS[i]);
    }
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 5; i++) {
            expect_agreement(&clients[i], "progress");
        }
        EXPECT_STATUS(client_get(&nobody, PATH "progress"), 401);
        struct answer refused = client_get(&admin, PATH "progress");
        EXPECT_STATUS(refused, 403);
        cr_assert_str_eq(answer_text(&refused, "missing_right"), "stats.read");
    }
}

Test(stats, a_session_that_ended_gets_nothing_from_memory)
{
    struct client office = client_of("office");

    (void)view_of(&office, "by_level");
    (void)view_of(&office, "by_level");
    EXPECT_STATUS(client_call(&office, "DELETE", "/api/v1/session", NULL, NULL), 204);
    EXPECT_STATUS(client_get(&office, PATH "by_level"), 401);
}

Test(stats, csv_holds_the_same_rows)
{
    struct client office = client_of("office");
    struct answer csv = client_get(&office, PATH "by_status?format=csv");
    struct answer json = view_of(&office, "by_status");
    struct client spreadsheet = office;

    EXPECT_STATUS(csv, 200);
    cr_assert_str_eq(answer_header(&csv, "Content-Type"), "text/csv; charset=utf-8");
    cr_assert_eq(strncmp(csv.body,
                         "\xEF\xBB\xBFkey,label_vi,label_en,measure,value,href\r\n"
                         "drafting,Đang dự thảo,Drafting,systems,",
                         strlen("\xEF\xBB\xBFkey,label_vi,label_en,measure,value,href\r\n"
                                "drafting,Đang dự thảo,Drafting,systems,")),
                 0, "%s", csv.body);
    size_t lines = 0;
    for (const char *p = csv.body; (p = strstr(p, "\r\n")) != NULL; p += 2) {
        lines++;
    }
    cr_assert_eq(lines, 1 + json_array_size(json_at(json.json, "rows")));
    cr_assert_str_neq(answer_header(&csv, "ETag"), answer_header(&json, "ETag"));

    strcpy(spreadsheet.accept, "text/csv, */*;q=0.1");
    struct answer accepted = client_get(&spreadsheet, PATH "by_status");
    cr_assert_str_eq(answer_header(&accepted, "Content-Type"), "text/csv; charset=utf-8");
    strcpy(spreadsheet.accept, "application/json, text/csv;q=0.5");
    accepted = client_get(&spreadsheet, PATH "by_status");
    cr_assert_not_null(accepted.json);
    struct answer again =
        client_call(&office, "GET", PATH "by_status?format=csv",
                    text_of("If-None-Match: %s\r\n", answer_header(&csv, "ETag")), NULL);
    cr_assert(again.status == 304 || strcmp(again.body, csv.body) != 0);
}

/* A name like a formula is text in a spreadsheet. */
Test(stats, csv_has_no_formulas)
{
    struct client admin = client_of("admin");
    struct client staff = client_of("staff2");
    struct answer before = view_of(&staff, "by_organisation");
    const char *path = text_of("/api/v1/organisations/%s", answer_text(&before, "rows.0.key"));
    struct answer organisation = client_get(&admin, path);
    const char *etag = answer_header(&organisation, "ETag");
    static const char *const NAMES[] = {"=1+1", "+1", "-1", "@SUM(A1)", "=\\\"a\\\",b"};
    static const char *const CELLS[] = {",\"'=1+1\",", ",\"'+1\",", ",\"'-1\",", ",\"'@SUM(A1)\",",
                                        ",\"'=\"\"a\"\",b\","};

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        struct answer renamed = rename_to(&admin, path, etag, NAMES[i]);
        etag = answer_header(&renamed, "ETag");
        struct answer csv = client_get(&staff, PATH "by_organisation?format=csv");
        cr_assert_not_null(strstr(csv.body, CELLS[i]), "%s: %s", CELLS[i], csv.body);
    }
    (void)rename_to(&admin, path, etag, answer_text(&organisation, "name"));
}

Test(stats, what_is_not_there_is_refused)
{
    struct client office = client_of("office");

    EXPECT_STATUS(client_get(&office, PATH "by_colour"), 404);
    EXPECT_STATUS(client_get(&office, PATH "by_level?format=xml"), 400);
    EXPECT_STATUS(client_get(&office, PATH "by_level?colour=red"), 400);
}
