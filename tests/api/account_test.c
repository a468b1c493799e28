/* Accounts: invited by a link, activated by their owner, ended at once; passwords and guesses. */
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "dossier_play.h"

#define PATH "/api/v1/accounts"
#define GOOD "mua xuan den som tren doi"

static const struct client NOBODY;

struct person {
    const char *id;
    const char *username;
    const char *link; /* token of the activation */
    const char *membership;
};

static struct person invite(const struct client *admin, const char *role, const char *organisation)
{
    struct person person = {.username = text_of("thu.%s", text_unique())};
    struct answer made = client_post(
        admin, PATH,
        text_of("{\"username\":\"%s\",\"display_name\":\"Người thử\",\"memberships\":[{"
                "\"organisation_id\":\"%s\",\"role\":\"%s\",\"document_number\":\"1/QĐ\"}]}",
                person.username, organisation, role));

    EXPECT_STATUS(made, 201);
    const char *path = answer_text(&made, "link_path");
    cr_assert_eq(strncmp(path, "/kich-hoat#", 11), 0, "%s", path);
    person.id = answer_text(&made, "id");
    person.link = path + 11;
    person.membership = answer_text(&made, "memberships.0.id");
    return person;
}

static struct answer activate(const char *link, const char *password)
{
    return client_call(&NOBODY, "POST", "/api/v1/activations", NULL,
                       text_of("{\"token\":\"%s\",\"password\":\"%s\"}", link, password));
}

static struct answer sign_in(const char *username, const char *password, const char *extra)
{
    return client_call(&NOBODY, "POST", "/api/v1/session", extra,
                       text_of("{\"username\":\"%s\",\"password\":\"%s\"}", username, password));
}

static struct client client_from(const struct answer *answer)
{
    struct client client = {{0}, {0}};
    const char *cookie = answer_header(answer, "Set-Cookie");

    (void)strncpy(client.cookie, cookie, strcspn(cookie, ";"));
    return client;
}

/* Some organisation that is there. */
static const char *organisation_of(const char *username)
{
    return sql(text_of("SELECT m.organisation_id FROM capdo.membership m JOIN capdo.account a"
                       " ON a.id = m.account_id WHERE a.username = '%s' LIMIT 1",
                       username));
}

static struct answer act(const struct client *admin, const char *id, const char *what)
{
    struct answer now = client_get(admin, text_of(PATH "/%s", id));

    return client_call(admin, "POST", text_of(PATH "/%s/%s", id, what),
                       text_of("Idempotency-Key: %s-key\r\nIf-Match: %s\r\n", text_unique(),
                               answer_header(&now, "ETag")),
                       NULL);
}

static struct answer new_link(const struct client *admin, const char *id)
{
    return client_call(admin, "POST", text_of(PATH "/%s/links", id),
                       text_of("Idempotency-Key: %s-key\r\n", text_unique()), NULL);
}

Test(account, is_invited_activated_by_its_owner_and_signs_in)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));
    struct answer check = client_call(&NOBODY, "POST", "/api/v1/activations/check", NULL,
                                      text_of("{\"token\":\"%s\"}", person.link));

    EXPECT_STATUS(check, 200);
    cr_assert_str_eq(answer_text(&check, "username"), person.username);
    cr_assert_str_eq(answer_text(&check, "purpose"), "activation");
    EXPECT_STATUS(sign_in(person.username, GOOD, NULL), 401);

    struct answer weak = activate(person.link, "matkhau");
    EXPECT_STATUS(weak, 422);
    cr_assert(answer_blames(&weak, "/password"));
    struct answer good = activate(person.link, GOOD);
    EXPECT_STATUS(good, 204);
    cr_assert_str_eq(answer_header(&good, "Set-Cookie"), "", "it signs nobody in");
    EXPECT_STATUS(activate(person.link, GOOD), 410);

    struct answer in = sign_in(person.username, GOOD, NULL);
    EXPECT_STATUS(in, 201);
    cr_assert_str_eq(answer_text(&in, "roles.0"), "staff");
    /* Kept nowhere in the clear: not the link, not the answer for a repetition. */
    cr_assert_str_eq(
        sql(text_of("SELECT count(*) FROM capdo.idempotency i WHERE i::text LIKE '%%%s%%'",
                    person.link)),
        "0");
}

Test(account, a_link_is_shown_once_even_to_a_repeated_request)
{
    struct client admin = client_of("admin");
    const char *key = text_of("Idempotency-Key: %s-same\r\n", text_unique());
    const char *body =
        text_of("{\"username\":\"hai.%s\",\"display_name\":\"Hai lần\"}", text_unique());
    struct answer first = client_call(&admin, "POST", PATH, key, body);
    struct answer again = client_call(&admin, "POST", PATH, key, body);

    EXPECT_STATUS(first, 201);
    EXPECT_STATUS(again, 201);
    cr_assert_str_neq(answer_text(&first, "link_path"), "");
    cr_assert_str_eq(answer_text(&again, "link_path"), "");
    cr_assert_str_eq(answer_text(&again, "id"), answer_text(&first, "id"));
}

Test(account, nobody_else_invites_or_grants)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));
    static const char *const OTHERS[] = {"staff", "appraiser", "director", "chairman", "office"};

    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        struct client other = client_of(OTHERS[i]);
        EXPECT_STATUS(client_post(&other, PATH, "{\"username\":\"x\",\"display_name\":\"x\"}"),
                      403);
        EXPECT_STATUS(client_post(&other, text_of(PATH "/%s/memberships", person.id),
                                  text_of("{\"organisation_id\":\"%s\",\"role\":\"admin\","
                                          "\"document_number\":\"1\"}",
                                          organisation_of("admin"))),
                      403);
        EXPECT_STATUS(new_link(&other, person.id), 403);
    }
}

Test(account, needs_a_fresh_second_factor_to_invite_grant_and_reset)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));

    struct answer me = client_get(&admin, "/api/v1/me");
    (void)sql(text_of("UPDATE capdo.session SET factor_at = now() - interval '6 minutes'"
                      " WHERE id = '%s'",
                      answer_text(&me, "session_id")));
    struct answer invited =
        client_post(&admin, PATH, "{\"username\":\"x\",\"display_name\":\"x\"}");
    EXPECT_STATUS(invited, 403);
    cr_assert_str_eq(answer_text(&invited, "code"), "step_up_required");
    EXPECT_STATUS(new_link(&admin, person.id), 403);
    EXPECT_STATUS(client_post(&admin, text_of(PATH "/%s/memberships", person.id), "{}"), 403);
    EXPECT_STATUS(client_post(&admin,
                              text_of(PATH "/%s/memberships/%s/end", person.id, person.membership),
                              "{}"),
                  403);
    /* Taking access away never waits. */
    EXPECT_STATUS(act(&admin, person.id, "disable"), 200);
    EXPECT_STATUS(act(&admin, person.id, "enable"), 403);
}

Test(account, disabling_ends_an_open_session_at_its_next_request)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "office", organisation_of("office"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    struct answer in = sign_in(person.username, GOOD, NULL);
    EXPECT_STATUS(in, 201);
    struct client theirs = client_from(&in);
    /* Figures are answered from memory, where the session is remembered. */
    EXPECT_STATUS(client_get(&theirs, "/api/v1/stats/by_level"), 200);
    EXPECT_STATUS(client_get(&theirs, "/api/v1/stats/by_level"), 200);
    EXPECT_STATUS(act(&admin, person.id, "disable"), 200);
    EXPECT_STATUS(client_get(&theirs, "/api/v1/stats/by_level"), 401);
    EXPECT_STATUS(client_get(&theirs, "/api/v1/me"), 401);
    EXPECT_STATUS(sign_in(person.username, GOOD, NULL), 401);
    EXPECT_STATUS(new_link(&admin, person.id), 409);

    EXPECT_STATUS(act(&admin, person.id, "enable"), 200);
    EXPECT_STATUS(client_get(&theirs, "/api/v1/me"), 401);
    EXPECT_STATUS(sign_in(person.username, GOOD, NULL), 201);
}

Test(account, a_role_ends_at_the_next_request_and_stays_on_record)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "office", organisation_of("office"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    struct answer in = sign_in(person.username, GOOD, NULL);
    struct client theirs = client_from(&in);
    EXPECT_STATUS(client_get(&theirs, "/api/v1/systems"), 200);
    struct answer ended =
        client_post(&admin, text_of(PATH "/%s/memberships/%s/end", person.id, person.membership),
                    "{\"document_number\":\"2/QĐ\"}");
    EXPECT_STATUS(ended, 200);
    cr_assert_eq(json_array_size(json_at(ended.json, "memberships")), 1);
    cr_assert_str_eq(answer_text(&ended, "memberships.0.end_document_number"), "2/QĐ");
    cr_assert_str_eq(answer_text(&ended, "memberships.0.valid_to"), text_day(-1));
    cr_assert_str_eq(answer_text(&ended, "memberships.0.ended_by.name"),
                     sql("SELECT display_name FROM capdo.account WHERE username = 'admin'"));
    EXPECT_STATUS(client_get(&theirs, "/api/v1/systems"), 403);
}

Test(account, a_reset_ends_the_old_password_and_sessions)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    struct answer in = sign_in(person.username, GOOD, NULL);
    struct client theirs = client_from(&in);
    struct answer reset = new_link(&admin, person.id);
    EXPECT_STATUS(reset, 201);
    cr_assert_str_eq(answer_text(&reset, "link.purpose"), "reset");
    EXPECT_STATUS(client_get(&theirs, "/api/v1/me"), 401);
    EXPECT_STATUS(sign_in(person.username, GOOD, NULL), 401);
    EXPECT_STATUS(activate(answer_text(&reset, "link_path") + 11, "ngay mai troi lai sang hon"),
                  204);
    EXPECT_STATUS(sign_in(person.username, "ngay mai troi lai sang hon", NULL), 201);
}

Test(account, a_person_changes_the_own_password_and_other_sessions_end)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    struct answer here = sign_in(person.username, GOOD, NULL);
    struct answer there = sign_in(person.username, GOOD, NULL);
    struct client mine = client_from(&here);
    struct client other = client_from(&there);
    struct answer wrong =
        client_call(&mine, "PUT", "/api/v1/me/password", NULL,
                    "{\"current\":\"sai\",\"password\":\"ngay mai troi lai sang hon\"}");
    EXPECT_STATUS(wrong, 422);
    cr_assert(answer_blames(&wrong, "/current"));
    struct answer weak =
        client_call(&mine, "PUT", "/api/v1/me/password", NULL,
                    text_of("{\"current\":\"%s\",\"password\":\"%s2026\"}", GOOD, person.username));
    EXPECT_STATUS(weak, 422);
    cr_assert(answer_blames(&weak, "/password"));
    EXPECT_STATUS(
        client_call(
            &mine, "PUT", "/api/v1/me/password", NULL,
            text_of("{\"current\":\"%s\",\"password\":\"ngay mai troi lai sang hon\"}", GOOD)),
        204);
    EXPECT_STATUS(client_get(&mine, "/api/v1/me"), 200);
    EXPECT_STATUS(client_get(&other, "/api/v1/me"), 401);
    EXPECT_STATUS(sign_in(person.username, GOOD, NULL), 401);
}

/* S-4: the same password however its diacritics are sent. */
Test(account, signs_in_with_either_form_of_diacritics)
{
    static const char composed[] = "một đêm mùa hạ dài hơn"; /* NFC */
    static const char decomposed[] = "mo\u0323\u0302t đe\u0302m mu\u0300a ha\u0323 da\u0300i "
                                     "ho\u031bn";
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));

    cr_assert_str_neq(composed, decomposed);
    EXPECT_STATUS(activate(person.link, decomposed), 204);
    EXPECT_STATUS(sign_in(person.username, composed, NULL), 201);
    EXPECT_STATUS(sign_in(person.username, decomposed, NULL), 201);
    EXPECT_STATUS(sign_in(person.username, "mot dem mua ha dai hon", NULL), 401);
}

/* S-4, as a table, over the API: each refusal has its code. */
Test(account, the_rules_of_passwords_are_explained)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "staff", organisation_of("staff"));
    const struct {
        const char *password;
        const char *code;
    } table[] = {
        {"x7#kq9!", "too_short"},
        {"troi mua to qu", "too_short"},
        {"password12345678", "common"},
        {"aaaaaaaaaaaaaaaaaaaa", "repetitive"},
        {text_of("%s-capdo", person.username), "context"},
        {"mua\\u0000xuan den som tren doi", NULL},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct answer refused = activate(person.link, table[i].password);
        cr_assert(refused.status == 422 || refused.status == 400, "%s: %d", table[i].password,
                  refused.status);
        cr_assert(table[i].code == NULL || strstr(refused.body, table[i].code) != NULL, "%s: %s",
                  table[i].password, refused.body);
    }
    char longest[1026];
    for (size_t i = 0; i < 1025; i++) {
        longest[i] = (char)('a' + (i * i * 7 + i * 11) % 26);
    }
    longest[1025] = '\0';
    EXPECT_STATUS(activate(person.link, longest), 422);
    longest[1024] = '\0';
    EXPECT_STATUS(activate(person.link, longest), 204);
    EXPECT_STATUS(sign_in(person.username, longest, NULL), 201);
}

Test(account, the_own_account_is_for_another_administrator)
{
    struct client admin = client_of("admin");
    const char *id = sql("SELECT id FROM capdo.account WHERE username = 'admin'");
    struct answer granted = client_post(
        &admin, text_of(PATH "/%s/memberships", id),
        text_of("{\"organisation_id\":\"%s\",\"role\":\"office\",\"document_number\":\"1\"}",
                organisation_of("office")));

    EXPECT_STATUS(granted, 409);
    cr_assert_str_eq(answer_text(&granted, "code"), "own_account");
    struct answer disabled = act(&admin, id, "disable");
    EXPECT_STATUS(disabled, 409);
    cr_assert_str_eq(answer_text(&disabled, "code"), "own_account");
    EXPECT_STATUS(new_link(&admin, id), 409);
    struct answer now = client_get(&admin, text_of(PATH "/%s", id));
    struct answer ended = client_post(
        &admin, text_of(PATH "/%s/memberships/%s/end", id, answer_text(&now, "memberships.0.id")),
        "{\"document_number\":\"1\"}");
    EXPECT_STATUS(ended, 409);
    cr_assert_str_eq(answer_text(&ended, "code"), "own_account");
}

/* Not even where another administrator is left, and however the identifier is written. */
Test(account, nobody_ends_the_own_role)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "admin", organisation_of("admin"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    EXPECT_STATUS(client_post(&admin, text_of(PATH "/%s/memberships", person.id),
                              text_of("{\"organisation_id\":\"%s\",\"role\":\"office\","
                                      "\"document_number\":\"2\"}",
                                      organisation_of("office"))),
                  201);
    struct client own = client_of(person.username);
    const char *loud = sql(text_of("SELECT upper('%s')", person.id));
    struct answer now = client_get(&own, text_of(PATH "/%s", person.id));
    struct answer disabled = client_call(&own, "POST", text_of(PATH "/%s/disable", loud),
                                         text_of("Idempotency-Key: %s-key\r\nIf-Match: %s\r\n",
                                                 text_unique(), answer_header(&now, "ETag")),
                                         NULL);
    EXPECT_STATUS(disabled, 409);
    cr_assert_str_eq(answer_text(&disabled, "code"), "own_account");
    for (int i = 0; i < 2; i++) {
        struct answer ended =
            client_post(&own,
                        text_of(PATH "/%s/memberships/%s/end", i == 0 ? person.id : loud,
                                answer_text(&now, text_of("memberships.%d.id", i))),
                        "{\"document_number\":\"1\"}");
        EXPECT_STATUS(ended, 409);
        cr_assert_str_eq(answer_text(&ended, "code"), "own_account");
    }
    EXPECT_STATUS(client_post(&admin,
                              text_of(PATH "/%s/memberships/%s/end", person.id, person.membership),
                              "{\"document_number\":\"2/QĐ\"}"),
                  200);
}

/* Trap 13: reading everything as the office and writing as staff of one unit is not writing
 * everything. */
Test(account, two_roles_do_not_add_up_to_a_third_right)
{
    struct client admin = client_of("admin");
    struct person person = invite(&admin, "office", organisation_of("office"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    EXPECT_STATUS(client_post(&admin, text_of(PATH "/%s/memberships", person.id),
                              text_of("{\"organisation_id\":\"%s\",\"role\":\"staff\","
                                      "\"document_number\":\"2\"}",
                                      organisation_of("staff"))),
                  201);
    struct answer in = sign_in(person.username, GOOD, NULL);
    struct client both = client_from(&in);
    const char *foreign = sql(text_of(
        "SELECT id FROM capdo.system WHERE operator_id = '%s' LIMIT 1", organisation_of("staff2")));
    const char *own = sql(text_of("SELECT id FROM capdo.system WHERE operator_id = '%s' LIMIT 1",
                                  organisation_of("staff")));
    struct answer seen = client_get(&both, text_of("/api/v1/systems/%s", foreign));
    EXPECT_STATUS(seen, 200);
    struct answer changed = client_patch(&both, text_of("/api/v1/systems/%s", foreign),
                                         answer_header(&seen, "ETag"), "{\"scope\":\"Cả nước\"}");
    cr_assert(changed.status == 403 || changed.status == 404, "%d", changed.status);
    struct answer mine = client_get(&both, text_of("/api/v1/systems/%s", own));
    EXPECT_STATUS(client_patch(&both, text_of("/api/v1/systems/%s", own),
                               answer_header(&mine, "ETag"), "{\"scope\":\"Cả nước\"}"),
                  200);
    /* Not accounts either: neither role administers. */
    EXPECT_STATUS(client_get(&both, PATH), 403);
}

/* Trap 5. */
Test(account, names_of_people_who_acted_stay_in_what_they_did)
{
    struct client admin = client_of("admin");
    struct client office = client_of("office");
    struct person person = invite(&admin, "staff", organisation_of("staff"));

    EXPECT_STATUS(activate(person.link, GOOD), 204);
    struct answer in = sign_in(person.username, GOOD, NULL);
    struct client theirs = client_from(&in);
    const char *id = sql(text_of("SELECT id FROM capdo.system WHERE operator_id = '%s' LIMIT 1",
                                 organisation_of("staff")));
    struct answer system = client_get(&theirs, text_of("/api/v1/systems/%s", id));
    EXPECT_STATUS(client_patch(&theirs, text_of("/api/v1/systems/%s", id),
                               answer_header(&system, "ETag"), "{\"scope\":\"Toàn tỉnh\"}"),
                  200);
    EXPECT_STATUS(act(&admin, person.id, "disable"), 200);
    struct answer versions = client_get(&office, text_of("/api/v1/systems/%s/versions", id));
    EXPECT_STATUS(versions, 200);
    cr_assert(strstr(versions.body, "Người thử") != NULL, "%.600s", versions.body);
}

/* Only these paths open a session or set a password (S-7). */
Test(account, there_is_no_other_way_in)
{
    struct answer contract = client_get(&NOBODY, "/api/v1/openapi.json");
    static const char *const ALLOWED[] = {"POST /api/v1/session", "POST /api/v1/activations/check",
                                          "POST /api/v1/activations",
                                          "POST /api/v1/classifications"};
    const char *path = NULL;
    json_t *methods = NULL;
    const char *method = NULL;
    json_t *operation = NULL;

    json_object_foreach(json_at(contract.json, "paths"), path, methods)
    {
        json_object_foreach(methods, method, operation)
        {
            const char *right = json_string_value(json_object_get(operation, "x-permission"));
            bool known = strcmp(method, "get") == 0 || strcmp(right, "public") != 0;
            for (size_t i = 0; i < sizeof(ALLOWED) / sizeof(ALLOWED[0]); i++) {
                known = known || strcmp(ALLOWED[i] + 5, path) == 0;
            }
            known = known || strstr(path, "/session/") != NULL || strstr(path, "/oidc") != NULL;
            cr_assert(known, "%s %s is public and changes something", method, path);
        }
    }
}
