/* Organisations from a file: tried, all or nothing, or as far as it goes; by code, never by absence. */
#include <string.h>

#include "client.h"

#define PATH "/api/v1/organisations"

static struct client importer(void)
{
    struct client admin = client_of("admin");

    strcpy(admin.type, "text/csv");
    return admin;
}

static struct answer import(const char *mode, const char *file)
{
    struct client admin = importer();

    return client_post(&admin, text_of(PATH "/imports?mode=%s", mode), file);
}

static void counts_are(const struct answer *answer, int created, int changed, int unchanged,
                       int error)
{
    EXPECT_STATUS(*answer, 200);
    cr_assert_eq(answer_int(answer, "counts.created"), created, "%s", answer->body);
    cr_assert_eq(answer_int(answer, "counts.changed"), changed, "%s", answer->body);
    cr_assert_eq(answer_int(answer, "counts.unchanged"), unchanged, "%s", answer->body);
    cr_assert_eq(answer_int(answer, "counts.error"), error, "%s", answer->body);
}

static struct answer found(const char *code)
{
    struct client staff = client_of("staff");

    return client_get(&staff, text_of(PATH "?code=%s", code));
}

Test(organisation_import, the_same_file_again_changes_nothing)
{
    const char *a = text_unique();
    const char *b = text_unique();
    /* The unit stands above its parent. */
    const char *file = text_of("code;Tên;kind;parent_code;Thành lập ngày;phone\r\n"
                               "%s;Đơn vị dưới %s;centre;%s;01/07/2025;+84 222 3822 001\r\n"
                               "%s;\"Đơn vị \"\"trên\"\" %s\";department;;2025-07-01;\r\n",
                               b, b, a, a, a);
    struct answer trial = import("dry_run", file);

    counts_are(&trial, 2, 0, 0, 0);
    cr_assert(json_is_false(json_at(trial.json, "applied")));
    struct answer nothing = found(a);
    cr_assert_eq(json_array_size(json_at(nothing.json, "items")), 0);

    struct answer first = import("atomic", file);
    counts_are(&first, 2, 0, 0, 0);
    cr_assert_eq(answer_int(&first, "rows.0.line"), 2);
    struct answer again = import("atomic", file);
    counts_are(&again, 0, 0, 2, 0);

    struct answer parent = found(a);
    struct answer unit = found(b);
    cr_assert_str_eq(answer_text(&parent, "items.0.name"), text_of("Đơn vị \"trên\" %s", a));
    cr_assert_str_eq(answer_text(&unit, "items.0.parent_id"), answer_text(&parent, "items.0.id"));
    cr_assert_str_eq(answer_text(&unit, "items.0.valid_from"), "2025-07-01");
    cr_assert_str_eq(answer_text(&unit, "items.0.phone"), "+84 222 3822 001");
    cr_assert_eq(answer_int(&unit, "items.0.version"), 1);
}

/* What only a commit would find, a trial finds too. Control: the same trial without the constraint. */
Test(organisation_import, a_trial_looks_at_deferred_constraints)
{
    const char *code = text_unique();
    const char *file = text_of("code,name,kind\n%s,Đơn vị %s,centre\n", code, code);
    struct answer before = import("dry_run", file);

    counts_are(&before, 1, 0, 0, 0);
    (void)sql(text_of("CREATE FUNCTION public.late_%s() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                      " RAISE EXCEPTION 'late' USING ERRCODE = 'check_violation', CONSTRAINT ="
                      " 'late_%s'; END$$; CREATE CONSTRAINT TRIGGER late_%s AFTER INSERT ON"
                      " capdo.organisation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN"
                      " (NEW.code = '%s') EXECUTE FUNCTION public.late_%s()",
                      code, code, code, code, code));
    struct answer trial = import("dry_run", file);
    struct answer real = import("atomic", file);
    (void)sql(text_of("DROP FUNCTION public.late_%s() CASCADE", code));
    cr_assert(real.status >= 400, "%d", real.status);
    cr_assert_eq(trial.status, real.status, "%d", trial.status);
}

/* A new name is recorded with its document; an empty cell leaves what is there. */
Test(organisation_import, a_change_is_recorded_with_its_document)
{
    const char *code = text_unique();
    struct client staff = client_of("staff");
    struct answer made = import(
        "atomic", text_of("code,name,kind,valid_from,address\n%s,Cũ %s,centre,2020-01-01,Số 1\n",
                          code, code));

    counts_are(&made, 1, 0, 0, 0);
    const char *bare = text_of("code,name\n%s,Mới %s\n", code, code);
    struct answer without = import("partial", bare);
    counts_are(&without, 0, 0, 0, 1);
    struct answer changed =
        import("atomic", text_of("code,name,effective_on,document_number,phone,address\n"
                                 "%s,Mới %s,2025-01-01,5/QĐ-UBND,0222,\n",
                                 code, code));
    counts_are(&changed, 0, 1, 0, 0);
    struct answer now = found(code);
    cr_assert_str_eq(answer_text(&now, "items.0.address"), "Số 1");
    cr_assert_str_eq(answer_text(&now, "items.0.phone"), "0222");
    struct answer timeline =
        client_get(&staff, text_of(PATH "/%s/history", answer_text(&now, "items.0.id")));
    cr_assert_str_eq(answer_text(&timeline, "items.0.kind"), "renamed");
    cr_assert_str_eq(answer_text(&timeline, "items.0.document_number"), "5/QĐ-UBND");

    /* The file of before: it says so instead of turning time back. */
    struct answer old = import(
        "partial",
        text_of("code,name,effective_on,document_number\n%s,Cũ %s,2025-06-01,6/QĐ\n", code, code));
    counts_are(&old, 0, 0, 0, 1);
    cr_assert_str_eq(answer_text(&old, "rows.0.errors.0.code"), "former_name");
}

Test(organisation_import, atomic_is_all_or_nothing_and_partial_is_what_is_right)
{
    const char *good = text_unique();
    const char *file = text_of("code,name,kind,parent_code,valid_from\n"
                               "%s,Được %s,centre,,\n"
                               "%s.1,,centre,,\n"
                               "%s.2,X,castle,,\n"
                               "%s.3,X3 %s,centre,KHONG.CO,\n"
                               "%s.4,X,centre,,31/02/2025\n"
                               "%s.5,=HYPERLINK(1),centre,,\n"
                               "%s,Lại %s,centre,,\n"
                               "a b,X,centre,,\n",
                               good, good, good, good, good, good, good, good, good, good);
    static const struct {
        int row;
        const char *column;
        const char *code;
    } WRONG[] = {
        {1, "name", "required"},
        {2, "kind", "not_a_choice"},
        {3, "parent_code", "parent_not_found"},
        {4, "valid_from", "bad_date"},
        {5, "name", "formula"},
        {6, "code", "row_twice"},
        {7, "code", "bad_code"},
    };
    struct answer refused = import("atomic", file);

    EXPECT_STATUS(refused, 422);
    cr_assert(answer_blames(&refused, "/rows/3/name"), "%s", refused.body);
    struct answer nothing = found(good);
    cr_assert_eq(json_array_size(json_at(nothing.json, "items")), 0);

    struct answer part = import("partial", file);
    counts_are(&part, 1, 0, 0, 7);
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        cr_assert_str_eq(answer_text(&part, text_of("rows.%d.errors.0.column", WRONG[i].row)),
                         WRONG[i].column);
        cr_assert_str_eq(answer_text(&part, text_of("rows.%d.errors.0.code", WRONG[i].row)),
                         WRONG[i].code);
    }
}

/* The code of a body that ended names its successor instead of bringing it back. */
Test(organisation_import, a_closed_code_is_not_opened_again)
{
    struct answer old =
        import("partial", "code,name,kind\nH02,Ủy ban nhân dân tỉnh Bắc Giang,people_committee\n");

    counts_are(&old, 0, 0, 0, 1);
    cr_assert_str_eq(answer_text(&old, "rows.0.errors.0.code"), "closed");
    cr_assert_not_null(strstr(answer_text(&old, "rows.0.errors.0.message"), "Bắc Ninh"));
}

/* Known by its name under its parent: the second code is added, not a second body. */
Test(organisation_import, another_scheme_finds_the_same_body)
{
    const char *code = text_unique();
    const char *other = text_of("s%s", text_unique());
    struct answer made =
        import("atomic", text_of("code,name,kind\n%s,Xã %s,commune\n", code, code));
    const char *file = text_of("code,scheme,name,kind,effective_on,document_number\n"
                               "%s,statistics,xã %s,commune,2025-07-01,19/2025/QĐ-TTg\n",
                               other, code);

    counts_are(&made, 1, 0, 0, 0);
    struct answer added = import("atomic", file);
    EXPECT_STATUS(added, 200);
    struct answer by_other = found(other);
    struct answer by_code = found(code);
    cr_assert_str_eq(answer_text(&by_other, "items.0.id"), answer_text(&by_code, "items.0.id"));
}

Test(organisation_import, who_may_and_what_is_no_table)
{
    struct client staff = client_of("staff");
    struct client admin = client_of("admin");

    strcpy(staff.type, "text/csv");
    EXPECT_STATUS(client_post(&staff, PATH "/imports?mode=dry_run", "code\nX\n"), 403);
    EXPECT_STATUS(client_post(&admin, PATH "/imports?mode=dry_run", "{}"), 415);
    strcpy(admin.type, "text/csv");
    EXPECT_STATUS(client_post(&admin, PATH, "code\nX\n"), 415);
    EXPECT_STATUS(client_call(&admin, "POST", PATH "/imports?mode=dry_run", NULL, "code\nX\n"),
                  428);
    EXPECT_STATUS(client_post(&admin, PATH "/imports", "code\nX\n"), 400);
    EXPECT_STATUS(client_post(&admin, PATH "/imports?mode=dry_run", "code,colour\nX,red\n"), 422);
    EXPECT_STATUS(client_post(&admin, PATH "/imports?mode=dry_run", "name\nX\n"), 422);
    EXPECT_STATUS(client_post(&admin, PATH "/imports?mode=dry_run", "code\n\"X\n"), 422);
    struct answer bytes = client_post(&admin, PATH "/imports?mode=dry_run", "code,name\nX,S\xf4\n");
    EXPECT_STATUS(bytes, 422);
    cr_assert_str_eq(answer_text(&bytes, "errors.0.code"), "encoding");
    strcpy(admin.type, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    EXPECT_STATUS(client_post(&admin, PATH "/imports?mode=dry_run", "PK no workbook"), 422);
}

/* One text named by every cell is a small file and a large table. */
Test(organisation_import, a_small_workbook_that_unfolds_is_refused_and_the_server_lives)
{
    struct client admin = importer();

    strcpy(admin.type, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    struct answer large =
        client_post_file(&admin, PATH "/imports?mode=dry_run", "tables/repeat.xlsx");
    EXPECT_STATUS(large, 422);
    cr_assert_str_eq(answer_text(&large, "errors.0.code"), "too_large");
    EXPECT_STATUS(client_get(&admin, PATH "?limit=1"), 200);
}

/* Two figures are no year, and nobody wrote decisions in the year 25. */
Test(organisation_import, a_date_has_a_year_of_four_figures_that_can_be)
{
    static const char *const BAD[] = {"1/7/25", "01/07/25", "1/7/025", "0025-07-01", "01/07/0025"};
    static const char *const GOOD[] = {"1/7/2025", "01/07/2025", "2025-07-01"};

    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        const char *code = text_unique();
        struct answer one =
            import("dry_run",
                   text_of("code,name,kind,valid_from\n%s,X %s,centre,%s\n", code, code, BAD[i]));
        counts_are(&one, 0, 0, 0, 1);
        cr_assert_str_eq(answer_text(&one, "rows.0.errors.0.code"), "bad_date", "%s", BAD[i]);
    }
    for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
        const char *code = text_unique();
        struct answer one =
            import("dry_run",
                   text_of("code,name,kind,valid_from\n%s,X %s,centre,%s\n", code, code, GOOD[i]));
        counts_are(&one, 1, 0, 0, 0);
    }
}

/* Sơn Hà and Sơn Hạ are two communes of one province; of the same name are those that differ in nothing
 * but capitals, and of two such bodies none is chosen. */
Test(organisation_import, a_tone_makes_another_name)
{
    const char *top = text_unique();
    const char *first = text_unique();
    const char *new_code = text_unique();
    struct answer made =
        import("atomic", text_of("code,name,kind,parent_code\n%s,Tỉnh %s,people_committee,\n"
                                 "%s,Xã Sơn Hà %s,commune,%s\n",
                                 top, top, first, top, top));

    counts_are(&made, 2, 0, 0, 0);
    struct answer other = import(
        "atomic", text_of("code,scheme,name,kind,parent_code,effective_on,document_number\n"
                          "%s,statistics,Xã Sơn Hạ %s,commune,%s,2025-07-01,19/2025/QĐ-TTg\n",
                          new_code, top, top));
    counts_are(&other, 1, 0, 0, 0);
    struct answer still = found(first);
    cr_assert_str_eq(answer_text(&still, "items.0.name"), text_of("Xã Sơn Hà %s", top));

    const char *twin = text_unique();
    made = import("atomic", text_of("code,name,kind,parent_code\n%s,Xã Ba Tơ %s,commune,%s\n"
                                    "%s,Xã Ba Tơ %s,commune,%s\n",
                                    twin, top, top, text_unique(), top, top));
    counts_are(&made, 2, 0, 0, 0);
    struct answer which = import(
        "partial", text_of("code,scheme,name,kind,parent_code,effective_on,document_number\n"
                           "%s,statistics,Xã Ba Tơ %s,commune,%s,2025-07-01,19/2025/QĐ-TTg\n",
                           text_unique(), top, top));
    counts_are(&which, 0, 0, 0, 1);
    cr_assert_str_eq(answer_text(&which, "rows.0.errors.0.code"), "several");
    cr_assert_not_null(strstr(answer_text(&which, "rows.0.errors.0.message"), twin));
}

/* A unit above its parent in the file, when the parent is there and only gets its code. */
Test(organisation_import, a_parent_that_gets_its_code_below_is_found)
{
    const char *code = text_unique();
    const char *other = text_unique();
    const char *unit = text_unique();
    struct answer made =
        import("atomic", text_of("code,name,kind\n%s,Sở %s,department\n", code, code));

    counts_are(&made, 1, 0, 0, 0);
    struct answer both =
        import("partial", text_of("code,scheme,name,kind,parent_code,effective_on,document_number\n"
                                  "%s,,Trung tâm %s,centre,%s,,\n"
                                  "%s,statistics,Sở %s,department,,2025-07-01,19/2025/QĐ-TTg\n",
                                  unit, unit, other, other, code));
    counts_are(&both, 1, 1, 0, 0);
}

/* A scheme that is not written is the one that the code has by its form. */
Test(organisation_import, the_same_code_stands_once_with_and_without_its_scheme)
{
    const char *code = text_unique();
    struct answer twice = import("dry_run", text_of("code,scheme,name,kind\n%s,,Sở %s,department\n"
                                                    "%s,internal,Sở khác %s,department\n",
                                                    code, code, code, code));

    counts_are(&twice, 1, 0, 0, 1);
    cr_assert_str_eq(answer_text(&twice, "rows.1.errors.0.code"), "row_twice");
}

/* What is done is part of what was asked: the same key with another mode is another request. */
Test(organisation_import, a_key_is_for_one_mode)
{
    struct client admin = importer();
    const char *code = text_unique();
    const char *file = text_of("code,name,kind\n%s,Sở %s,department\n", code, code);
    const char *key = text_of("Idempotency-Key: %s\r\n", text_unique());
    struct answer part = client_call(&admin, "POST", PATH "/imports?mode=partial", key, file);
    struct answer again = client_call(&admin, "POST", PATH "/imports?mode=partial", key, file);
    struct answer other = client_call(&admin, "POST", PATH "/imports?mode=atomic", key, file);

    counts_are(&part, 1, 0, 0, 0);
    counts_are(&again, 1, 0, 0, 0);
    EXPECT_STATUS(other, 422);
    cr_assert_str_eq(answer_text(&other, "code"), "idempotency_mismatch");
}

/* A code that was corrected on the day it was given never was anybody's. */
Test(organisation_import, a_code_that_never_held_is_free)
{
    struct client admin = client_of("admin");
    const char *wrong = text_unique();
    const char *right = text_unique();
    struct answer made =
        client_post(&admin, PATH,
                    text_of("{\"code\":\"%s\",\"name\":\"Sở %s\",\"kind\":\"department\","
                            "\"valid_from\":\"%s\"}",
                            wrong, wrong, text_day(0)));

    EXPECT_STATUS(made, 201);
    struct answer corrected = client_post_match(
        &admin, text_of(PATH "/%s/changes", answer_text(&made, "id")), "\"1\"",
        text_of("{\"kind\":\"code_changed\",\"effective_on\":\"%s\",\"document_number\":\"1\","
                "\"code\":\"%s\",\"scheme\":\"internal\"}",
                text_day(0), right));
    EXPECT_STATUS(corrected, 201);
    struct answer now = found(right);
    cr_assert_str_eq(answer_text(&now, "items.0.id"), answer_text(&made, "id"));
    struct answer gone = found(wrong);
    cr_assert_eq(json_array_size(json_at(gone.json, "items")), 0, "%s", gone.body);
    struct answer rightful =
        import("atomic", text_of("code,name,kind\n%s,Sở đúng %s,department\n", wrong, wrong));
    counts_are(&rightful, 1, 0, 0, 0);
}
