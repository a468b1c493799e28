/* capdo.system_search gives exactly the visible rows that match, in order, and by index. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/support.h"

TestSuite(search, .init = use_province, .fini = scratch_close, .timeout = 120);

struct question {
    const char *words;
    const char *others;    /* levels .. governings as arguments */
    const char *condition; /* the same, plainly */
};

#define NO_OTHERS "NULL, false, NULL, NULL, NULL, NULL, NULL, NULL"

static const struct question questions[] = {
    {"NULL", NO_OTHERS, "true"},
    {"'{}'", "'{}', false, '{}', '{}', '{}', '{}', '{}', '{}'", "true"},
    {"'{he,thong}'", NO_OTHERS, "search LIKE '%he%' AND search LIKE '%thong%'"},
    {"'{Hệ,THỐNG}'", NO_OTHERS, "search LIKE '%he%' AND search LIKE '%thong%'"},
    {"'{phuong,vo}'", NO_OTHERS, "search LIKE '%phuong%' AND search LIKE '%vo%'"},
    {"'{HT0000012}'", NO_OTHERS, "code = 'HT0000012'"},
    {"'{zzqx}'", NO_OTHERS, "false"},
    {"'{%}'", NO_OTHERS, "position('%' in search) > 0"},
    {"'{_}'", NO_OTHERS, "position('_' in search) > 0"},
    {"NULL", "'{3}', false, NULL, NULL, NULL, NULL, NULL, NULL", "level = 3"},
    {"NULL", "'{1,4}', false, NULL, NULL, NULL, NULL, NULL, NULL", "level IN (1, 4)"},
    {"NULL", "'{4}', true, NULL, NULL, NULL, NULL, NULL, NULL", "level = 4 OR level IS NULL"},
    {"NULL", "NULL, true, NULL, NULL, NULL, NULL, NULL, NULL", "level IS NULL"},
    {"NULL", "NULL, false, '{drafting}', NULL, NULL, NULL, NULL, NULL",
     "approval_status = 'drafting'"},
    {"NULL",
     "NULL, false, '{appraised,approved}', '{operating}', '{full,partial}', NULL, NULL, NULL",
     "approval_status IN ('appraised', 'approved') AND life_cycle = 'operating' AND plan_status <> "
     "'not_started'"},
    {"'{mang}'", "'{2}', false, '{approved}', NULL, NULL, '{vn-85-2016}', NULL, NULL",
     "search LIKE '%mang%' AND level = 2 AND approval_status = 'approved' AND ruleset = 'vn-85-2016'"},
};

static const char *const sorts[] = {"updated_at", "name", "code", "level"};
static const char *const orders[] = {"updated_at", "name COLLATE \"vi-x-icu\"", "code", "level"};

static const char *ask(const struct question *q, const char *sort, bool descending,
                       const char *after, int rows)
{
    return text_of(
        "SELECT f.id, f.ordinal FROM capdo.system_search(%s::text[], %s, NULL, '%s', %s, %s,"
        " %d) f JOIN capdo.system s ON s.id = f.id ORDER BY f.ordinal",
        q->words, q->others, sort, descending ? "true" : "false",
        after == NULL ? "NULL, NULL, NULL" : after, rows);
}

static const char *joined(PGconn *pg, const char *query)
{
    return value(
        pg, text_of("SELECT coalesce(string_agg(id::text, ' ' ORDER BY n), '') FROM (SELECT x.id,"
                    " row_number() OVER () AS n FROM (%s) x) y",
                    query));
}

static void compare(const char *username)
{
    PGconn *pg = acting(username);

    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        for (size_t s = 0; s < COUNT_OF(sorts); s++) {
            for (int descending = 0; descending < 2; descending++) {
                const char *direction = descending ? "DESC" : "ASC";
                const char *plainly = joined(
                    pg,
                    text_of("SELECT id FROM capdo.system WHERE %s ORDER BY %s %s, id %s LIMIT 400",
                            questions[i].condition, orders[s], direction, direction));
                const char *found =
                    joined(pg, ask(&questions[i], sorts[s], descending != 0, NULL, 400));
                cr_assert_str_eq(found, plainly, "%s: question %zu by %s %s", username, i, sorts[s],
                                 direction);
            }
        }
    }
    PQfinish(pg);
}

Test(search, agrees_with_the_policies_for_every_role)
{
    static const char *const people[] = {"staff",    "staff2", "appraiser", "director",
                                         "chairman", "office", "admin"};

    for (size_t i = 0; i < COUNT_OF(people); i++) {
        compare(people[i]);
    }
}

Test(search, somebody_with_several_roles_sees_all_of_them)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner,
        "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT"
        " gen_random_uuid(), a.id, o.id, r, '2025-03-01' FROM capdo.account a, capdo.organisation o,"
        " unnest(ARRAY['staff', 'director']) r WHERE a.username = 'staff' AND o.code IN"
        " ('H05.30', 'H05.41', 'H05.02')");
    compare("staff");
    PQfinish(owner);
}

Test(search, nobody_finds_nothing)
{
    PGconn *pg = acting(NULL);

    cr_assert_str_eq(joined(pg, ask(&questions[0], "name", false, NULL, 10)), "");
    PQfinish(pg);
}

/* Pages of seven, put together, are the whole list. */
static void walk(PGconn *pg, const struct question *q, size_t s, bool descending)
{
    const char *whole = joined(pg, ask(q, sorts[s], descending, NULL, 400));
    const char *walked = "";
    const char *after = NULL;

    for (int page = 0; page < 100; page++) {
        const char *query = ask(q, sorts[s], descending, after, 7);
        const char *ids = joined(pg, query);
        if (ids[0] == '\0') {
            break;
        }
        walked = text_of("%s%s%s", walked, walked[0] == '\0' ? "" : " ", ids);
        const char *last = strrchr(ids, ' ') == NULL ? ids : strrchr(ids, ' ') + 1;
        const char *key =
            value(pg, text_of("SELECT quote_nullable(%s) FROM capdo.system WHERE id = '%s'",
                              strcmp(sorts[s], "level") == 0 ? "coalesce(level::text, 'none')"
                              : strcmp(sorts[s], "updated_at") == 0 ? "updated_at::text"
                                                                    : sorts[s],
                              last));
        after = strcmp(sorts[s], "updated_at") == 0 ? text_of("NULL, %s, '%s'", key, last)
                                                    : text_of("%s, NULL, '%s'", key, last);
    }
    cr_assert_str_eq(walked, whole, "by %s, descending %d", sorts[s], descending);
}

Test(search, pages_neither_skip_nor_repeat)
{
    PGconn *pg = acting("office");

    for (size_t s = 0; s < COUNT_OF(sorts); s++) {
        for (int descending = 0; descending < 2; descending++) {
            walk(pg, &questions[0], s, descending != 0);
            walk(pg, &questions[2], s, descending != 0);
        }
    }
    PQfinish(pg);
}

/* With a small sample the second way, through the index of word parts, is taken as well. */
Test(search, both_ways_of_searching_agree)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *definition =
        value(owner, "SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE proname ="
                     " 'system_search'");
    const char *big = strstr(definition, "greatest(5000, 2 * rows::bigint)");

    cr_assert_not_null(big);
    const char *start = strstr(definition, "ARRAY[greatest(500");
    cr_assert_not_null(start);
    sql(owner, text_of("%.*sARRAY[3::bigint]%s", (int)(start - definition), definition,
                       big + strlen("greatest(5000, 2 * rows::bigint)]")));
    compare("office");
    compare("staff");
    PQfinish(owner);
}

/* A large province: CAPDO_TEST_LOAD_URL names a database made by `capdo demo --systems N`. */
Test(search, a_large_register_is_never_read_from_end_to_end, .timeout = 600)
{
    static const char *const places[] = {
        "operator_id = (SELECT id FROM capdo.organisation WHERE code = 'H05.11')",
        "approval_status = 'appraised'", "level = 4", "governing_id IS NOT NULL"};
    static const char *const settings[] = {"capdo.office", "capdo.serves", "capdo.staff_of"};
    const char *url = getenv("CAPDO_TEST_LOAD_URL");

    if (url == NULL) {
        cr_skip_test("CAPDO_TEST_LOAD_URL is not set");
    }
    PGconn *pg = plain(url);
    cr_assert_geq(
        number(pg, "SELECT reltuples::bigint FROM pg_class WHERE oid = 'capdo.system'::regclass"),
        100000);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const char *plan =
            value(pg, text_of("EXPLAIN (FORMAT JSON) SELECT id FROM capdo.system WHERE %s"
                              " ORDER BY updated_at DESC, id DESC LIMIT 51",
                              places[i]));
        cr_assert_null(strstr(plan, "Seq Scan"), "%s\n%s", places[i], plan);
    }
    (void)settings;
    /* Control: a list without an index is. */
    cr_assert_not_null(strstr(value(pg, "EXPLAIN (FORMAT JSON) SELECT id FROM capdo.system ORDER BY"
                                        " purpose LIMIT 51"),
                              "Seq Scan"));
    PQfinish(pg);
}
