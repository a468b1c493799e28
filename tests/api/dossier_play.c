#include "dossier_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *refused_by(const struct client *who, const char *statement)
{
    return sql_as(
        "CAPDO_TEST_RUNTIME_URL",
        text_of(
            "BEGIN;\nSELECT 1 FROM capdo.begin_as(sha256('%s'::bytea), 1800);\n"
            "SELECT set_config('play.refused', 'accepted', true);\n"
            "DO $$ DECLARE name text; BEGIN\n  %s;\n  SET CONSTRAINTS ALL IMMEDIATE;\n"
            "EXCEPTION WHEN OTHERS THEN\n"
            "  GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME;\n"
            "  PERFORM set_config('play.refused', coalesce(nullif(name, ''), SQLSTATE), true);\n"
            "END $$;\nSELECT current_setting('play.refused');\nROLLBACK;",
            strchr(who->cookie, '=') + 1, statement));
}

struct client person(const char *as)
{
    struct client client = {0};
    const char *token = text_of("%s%sPLAYPLAY0", text_unique(), text_unique());

    cr_assert_eq(strlen(token), 43);
    (void)sql(text_of(
        "WITH who AS (INSERT INTO capdo.account (id, username, display_name, password_hash) "
        "VALUES (gen_random_uuid(), '%s', 'Người thử %s', 'x') RETURNING id) "
        "SELECT set_config('play.who', id::text, false) FROM who;\n"
        "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from, valid_to) "
        "SELECT gen_random_uuid(), current_setting('play.who')::uuid, m.organisation_id, m.role, "
        "m.valid_from, m.valid_to FROM capdo.membership m JOIN capdo.account a "
        "ON a.id = m.account_id WHERE a.username = ANY (string_to_array('%s', ' '));\n"
        "SELECT capdo.session_open(current_setting('play.who')::uuid, "
        "sha256('%s'::bytea), 43200, 5, 'password', false, true, '', '');",
        text_unique(), as, as, token));
    (void)snprintf(client.cookie, sizeof(client.cookie), "sid=%s", token);
    return client;
}

#define COMMON_FACTS                                                             \
    "\"harm_national_security\":\"none\",\"serves_defence_security\":false,"     \
    "\"strategic\":false,\"national_critical_data_store\":false,"                \
    "\"national_egov_system\":false,\"needs_24x7_no_unplanned_downtime\":false," \
    "\"important_to_national_security\":false,\"pm_or_risk_framework_level\":"

const char *facts_of(int level)
{
    static const char *const FACTS[] = {
        "",
        "\"system_type\":\"internal\",\"info_types\":[\"public\"]," COMMON_FACTS "0",
        "\"system_type\":\"internal\",\"info_types\":[\"private\"]," COMMON_FACTS "0",
        "\"system_type\":\"citizen_business\",\"info_types\":[\"private\"],\"online_service\":true,"
        "\"handles_administrative_procedures\":true,\"conditional_business_service\":false,"
        "\"data_subjects_basic\":10,\"data_subjects_sensitive\":0," COMMON_FACTS "0",
        "\"system_type\":\"internal\",\"info_types\":[\"private\"]," COMMON_FACTS "4",
    };

    return FACTS[level];
}

const char *make_system(const struct client *staff, int level)
{
    struct answer me = client_get(staff, "/api/v1/me");
    size_t index = 0;
    json_t *capacity = NULL;
    const char *unit = NULL;

    json_array_foreach(json_at(me.json, "capacities"), index, capacity)
    {
        if (strcmp(json_string_value(json_object_get(capacity, "role")), "staff") == 0) {
            unit = json_string_value(json_at(capacity, "organisation.id"));
        }
    }
    const char *governing = sql(
        text_of("SELECT governing_id FROM capdo.system WHERE operator_id = '%s' LIMIT 1", unit));
    struct answer added = client_post(
        staff, "/api/v1/systems",
        text_of("{\"governing_id\":\"%s\",\"operator_id\":\"%s\",\"name\":\"Hệ thống thử %s\","
                "\"ruleset\":\"vn-331-2026\",\"purpose\":\"Quản lý văn bản đi, đến\","
                "\"served_users\":\"Cán bộ, công chức\",\"facts\":{\"vn-331-2026\":{%s}},"
                "\"components\":[{\"name\":\"Máy chủ ứng dụng\",\"kind\":\"hardware\"}],"
                "\"contacts\":[{\"name\":\"Phòng Công nghệ thông tin\"}]}",
                governing, unit, text_unique(), facts_of(level)));

    EXPECT_STATUS(added, 201);
    if (level > 0) {
        cr_assert_eq(answer_int(&added, "computed_level"), level);
    }
    return answer_text(&added, "id");
}

struct answer make_draft(const struct client *staff, int level)
{
    struct answer draft =
        client_post(staff, DOSSIERS,
                    text_of("{\"ruleset\":\"vn-331-2026\",\"systems\":[{\"system_id\":\"%s\","
                            "\"proposed_level\":%d}]}",
                            make_system(staff, level), level));

    EXPECT_STATUS(draft, 201);
    return draft;
}

const char *dossier_path(const struct answer *dossier, const char *more)
{
    return text_of(DOSSIERS "/%s%s", answer_text(dossier, "id"), more);
}

static const char *etag_of(const struct answer *dossier)
{
    return text_of("\"%lld\"", (long long)answer_int(dossier, "version"));
}

struct answer put_item(const struct client *staff, const struct answer *dossier, const char *item,
                       const char *body)
{
    return client_call(staff, "PUT", dossier_path(dossier, text_of("/items/%s", item)),
                       text_of("If-Match: %s\r\n", etag_of(dossier)), body);
}

struct answer make_complete(const struct client *staff, int level)
{
    static const char *const ITEMS[] = {"design", "security_plan"};
    struct answer dossier = make_draft(staff, level);

    for (size_t i = 0; i < sizeof(ITEMS) / sizeof(ITEMS[0]); i++) {
        dossier = put_item(staff, &dossier, ITEMS[i], "{\"content\":\"Theo tài liệu kèm theo\"}");
        EXPECT_STATUS(dossier, 200);
    }
    dossier = put_item(staff, &dossier, "regulation",
                       text_of("{\"document_number\":\"12/QC-SYT\",\"document_date\":\"%s\"}",
                               day_from_today(-30)));
    EXPECT_STATUS(dossier, 200);
    return dossier;
}

struct answer take(const struct client *who, const struct answer *dossier, const char *to,
                   const char *members)
{
    return client_post_match(who, dossier_path(dossier, "/transitions"), etag_of(dossier),
                             text_of("{\"to\":\"%s\"%s}", to, members));
}

struct answer must(const struct client *who, const struct answer *dossier, const char *to,
                   const char *members)
{
    struct answer moved = take(who, dossier, to, members);

    EXPECT_STATUS(moved, 200);
    cr_assert_str_eq(answer_text(&moved, "state"), to);
    cr_assert_eq(answer_int(&moved, "version"), answer_int(dossier, "version") + 1);
    cr_assert_str_eq(answer_header(&moved, "ETag"), etag_of(&moved));
    return moved;
}

struct answer make_submitted(const struct client *staff, int level)
{
    struct answer dossier = make_complete(staff, level);

    return must(staff, &dossier, "submitted", "");
}

struct answer make_appraised(const struct client *staff, const struct client *appraiser, int level)
{
    struct answer dossier = make_submitted(staff, level);

    dossier = must(appraiser, &dossier, "received", "");
    return must(appraiser, &dossier, "appraised",
                ",\"conclusion\":\"suitable\",\"method\":\"written\"");
}

const char *decision_today(void)
{
    return text_of(",\"number\":\"%s\",\"date\":\"%s\"", text_unique(), day_from_today(0));
}

const char *day_from_today(int days)
{
    time_t moment = time(NULL) + 7 * 3600 + (time_t)days * 86400;
    struct tm day;
    char text[32];

    (void)gmtime_r(&moment, &day);
    (void)strftime(text, sizeof(text), "%Y-%m-%d", &day);
    return text_of("%s", text);
}

bool has_code(const struct answer *answer, const char *path, const char *code)
{
    size_t index = 0;
    json_t *entry = NULL;

    json_array_foreach(json_at(answer->json, path), index, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "code")), code) == 0) {
            return true;
        }
    }
    return false;
}

json_t *transition_to(const struct answer *transitions, const char *to)
{
    size_t index = 0;
    json_t *row = NULL;

    json_array_foreach(json_at(transitions->json, "items"), index, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "to")), to) == 0) {
            return row;
        }
    }
    return NULL;
}
