#include "db/demo.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/support.h"

TestSuite(demo, .init = use_province, .fini = scratch_close, .timeout = 120);
TestSuite(demo_load, .init = use_migrated, .fini = scratch_close, .timeout = 120);

static struct demo_report report;

static enum fault load(int64_t systems)
{
    struct arena arena;
    const struct ruleset *rulesets[2];
    struct db *owner = owner_open();

    arena_init(&arena, 0);
    rulesets_read(&arena, rulesets);
    enum fault fault = demo_run(
        owner,
        &(const struct demo_options){
            .rulesets = rulesets, .ruleset_count = 2, .clock = &scratch.clock, .systems = systems},
        &report);
    arena_done(&arena);
    db_close(owner);
    return fault;
}

static const char *one(const char *query)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *first = value(owner, query);

    PQfinish(owner);
    return first;
}

Test(demo, is_loaded_once_only)
{
    cr_assert_eq(load(0), FAULT_CONFLICT);
    cr_assert_not_null(strstr(report.message, "not empty"), "%s", report.message);
    cr_assert_eq(load(1000), FAULT_CONFLICT);
}

Test(demo, has_the_published_proportions)
{
    cr_assert_str_eq(
        one("SELECT string_agg(coalesce(level::text, 'none') || '=' || n, ' ' ORDER BY level)"
            " FROM (SELECT level, count(*) n FROM capdo.system GROUP BY 1) x"),
        "1=80 2=74 3=25 4=1 none=1");
    cr_assert_str_eq(one("SELECT round(100.0 * count(*) FILTER (WHERE approval_status = 'approved')"
                         " / count(*)) FROM capdo.system"),
                     "76");
    cr_assert_str_eq(
        one("SELECT concat_ws(' ', round(100.0 * count(*) FILTER (WHERE plan_status = 'full')"
            " / count(*)), round(100.0 * count(*) FILTER (WHERE plan_status = 'partial') /"
            " count(*)), round(100.0 * count(*) FILTER (WHERE plan_status = 'not_started') /"
            " count(*))) FROM capdo.system"),
        "56 30 14");
}

Test(demo, shows_every_state_under_both_laws)
{
    cr_assert_str_eq(one("SELECT count(DISTINCT state) FROM capdo.dossier"), "8");
    cr_assert_str_eq(one("SELECT count(DISTINCT ruleset) FROM capdo.dossier"), "2");
    cr_assert_str_eq(
        one("SELECT count(DISTINCT state) || ' ' || count(DISTINCT grade) FROM capdo.label"),
        "5 2");
    cr_assert_str_eq(one("SELECT count(*) >= 4 FROM capdo.dossier WHERE due_on < capdo.today()"),
                     "t");
    cr_assert_str_eq(
        one("SELECT count(*) > 0 FROM capdo.dossier WHERE conclusion = 'not_suitable' AND"
            " state = 'appraised'"),
        "t");
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.system WHERE name LIKE '%phản ánh%' AND approved_level"
            " = 3 AND computed_level = 3"),
        "1");
}

Test(demo, gives_each_role_something_to_do)
{
    static const char *const units[] = {"H05.11", "H05.02"};
    static const char *const states[] = {"draft", "returned", "submitted", "appraised", "approved"};

    for (size_t u = 0; u < 2; u++) {
        for (size_t s = 0; s < COUNT_OF(states); s++) {
            cr_assert_str_eq(
                one(text_of("SELECT count(*) > 0 FROM capdo.dossier d JOIN capdo.organisation o"
                            " ON o.id = d.operator_id WHERE o.code = '%s' AND d.state = '%s'",
                            units[u], states[s])),
                "t", "%s %s", units[u], states[s]);
        }
        cr_assert_str_eq(
            one(text_of("SELECT count(*) > 0 FROM capdo.dossier d JOIN capdo.organisation o ON"
                        " o.id = d.operator_id WHERE o.code = '%s' AND d.state = 'draft' AND"
                        " (SELECT count(*) FROM capdo.dossier_item i WHERE i.dossier_id = d.id)"
                        " >= 5",
                        units[u])),
            "t", "ready to submit");
    }
    cr_assert_str_eq(
        one("SELECT bool_and(n > 0) FROM (SELECT count(*) n FROM capdo.dossier WHERE state ="
            " 'appraised' GROUP BY approve_party) x"),
        "t");
}

Test(demo, is_consistent)
{
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.decision x JOIN capdo.dossier_submission s USING"
            " (dossier_id) WHERE s.number = (SELECT submissions FROM capdo.dossier d WHERE d.id"
            " = x.dossier_id) AND x.snapshot_sha256 <> s.snapshot_sha256"),
        "0");
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.dossier_submission WHERE NOT (snapshot::jsonb ?& ARRAY"
            "['dossier', 'systems', 'items'])"),
        "0");
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.dossier d WHERE submissions <> (SELECT count(*) FROM"
            " capdo.dossier_submission s WHERE s.dossier_id = d.id)"),
        "0");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.system WHERE updated_at > now()"), "0");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.dossier_event WHERE at > now()"), "0");
    cr_assert_str_eq(
        one("SELECT count(*) FROM (SELECT name FROM capdo.system GROUP BY 1 HAVING count(*) >"
            " 1) x"),
        "0");
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.system, jsonb_array_elements(addresses) a WHERE"
            " a->>'kind' = 'domain' AND a->>'value' NOT LIKE '%.example'"),
        "0");
}

Test(demo, seven_people_sign_in_and_nobody_else)
{
    cr_assert_str_eq(
        one("SELECT string_agg(username, ' ' ORDER BY username) FROM capdo.account WHERE"
            " password_hash LIKE '$argon2id$%t=3,p=1%'"),
        "admin appraiser chairman director office staff staff2");
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.account WHERE password_hash NOT LIKE '$argon2id$%' AND"
            " password_hash <> '!'"),
        "0");
    char nothing[crypto_pwhash_STRBYTES] = "!";
    cr_assert_neq(crypto_pwhash_str_verify(nothing, "", 0), 0);
    cr_assert_neq(crypto_pwhash_str_verify(nothing, "!", 1), 0);
}

Test(demo_load, writes_the_accounts_for_one_reader)
{
    char path[] = "/tmp/capdo-accounts.XXXXXX";
    struct stat status;
    static char text[4096];

    cr_assert_eq(load(0), FAULT_NONE, "%s", report.message);
    close(mkstemp(path));
    cr_assert_eq(chmod(path, 0644), 0);
    cr_assert_eq(demo_accounts_write(&report, path), FAULT_NONE);
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    FILE *file = fopen(path, "r");
    size_t length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    unlink(path);
    text[length] = '\0';
    cr_assert_not_null(
        strstr(text, "{\"username\":\"staff\",\"role\":\"staff\",\"organisation\":\"Sở Y tế\""));
    for (int i = 0; i < DEMO_ACCOUNTS; i++) {
        const char *hash =
            one(text_of("SELECT password_hash FROM capdo.account WHERE username = '%s'",
                        report.accounts[i].username));
        cr_assert_eq(strlen(report.accounts[i].password), 20);
        cr_assert_eq(crypto_pwhash_str_verify(hash, report.accounts[i].password, 20), 0);
        cr_assert_not_null(strstr(text, report.accounts[i].password));
    }
}

Test(demo_load, is_the_same_on_the_same_day)
{
    static const char *const tables[] = {"organisation",       "system",   "dossier",
                                         "dossier_submission", "decision", "label"};
    const char *first[COUNT_OF(tables)];

    cr_assert_eq(load(0), FAULT_NONE, "%s", report.message);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        first[i] = one(text_of("SELECT md5(string_agg((to_jsonb(t) - 'created_at' - 'at')::text, ''"
                               " ORDER BY to_jsonb(t)->>'id', t::text)) FROM capdo.%s t",
                               tables[i]));
        if (strcmp(tables[i], "organisation") == 0) {
            first[i] =
                one("SELECT md5(string_agg(id || name, '' ORDER BY id)) FROM capdo.organisation");
        }
    }
    scratch_close();
    use_province();
    for (size_t i = 1; i < COUNT_OF(tables); i++) {
        cr_assert_str_eq(
            one(text_of("SELECT md5(string_agg((to_jsonb(t) - 'created_at' - 'at')::text, ''"
                        " ORDER BY to_jsonb(t)->>'id', t::text)) FROM capdo.%s t",
                        tables[i])),
            first[i], "%s", tables[i]);
    }
}

Test(demo_load, fills_a_province_of_any_size)
{
    PGconn *owner = plain(scratch.owner_url);
    static const char SHAPE[] =
        "SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM (SELECT indexdef x FROM pg_indexes WHERE schemaname ="
        " 'capdo' UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM"
        " pg_constraint UNION ALL SELECT tgrelid::regclass || tgname || tgenabled::text FROM pg_trigger WHERE"
        " NOT tgisinternal UNION ALL SELECT relname || relforcerowsecurity FROM pg_class WHERE relrowsecurity)"
        " s";
    const char *before = value(owner, SHAPE);

    cr_assert_eq(load(3000), FAULT_NONE, "%s", report.message);
    cr_assert_eq(report.systems, 3000);
    cr_assert_str_eq(value(owner, SHAPE), before, "indexes, keys, triggers and policies are back");
    cr_assert_str_eq(
        value(owner, "SELECT round(count(*) FILTER (WHERE approval_status = 'approved') * 10.0 /"
                     " count(*)) FROM capdo.system"),
        "8");
    cr_assert_eq(
        number(owner, "SELECT count(*) FROM capdo.dossier d WHERE state IN ('approved', 'refused')"
                      " AND NOT EXISTS (SELECT FROM capdo.decision x WHERE x.dossier_id = d.id)"),
        0);
    cr_assert_eq(
        number(owner, "SELECT count(*) FROM capdo.system s WHERE approved_level IS NOT NULL AND NOT"
                      " EXISTS (SELECT FROM capdo.decision x WHERE x.id = s.decision_id)"),
        0);
    PQfinish(owner);
}
