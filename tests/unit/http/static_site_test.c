#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/static_site.h"

TestSuite(static_site, .timeout = 20);

static char folder[] = "/tmp/capdo-site-XXXXXX";
static struct site *site;
static struct arena arena;
static struct clock_source clock_now;

static void put(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void begin(void)
{
    char path[200];

    clock_now = clock_system();
    arena_init(&arena, 0);
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/assets", folder);
    mkdir(path, 0700);
    put("index.html", "<script nonce=\"__CSP_NONCE__\"></script><meta c=\"__CSP_NONCE__\">");
    put("favicon.svg", "<svg/>");
    put("assets/app-1.js", "plain");
    put("assets/app-1.js.br", "br");
    put("assets/app-1.js.gz", "gzip");
    put("assets/orphan.js.br", "br");
    snprintf(path, sizeof path, "%s/secret.txt", folder);
    cr_assert_eq(symlink("/etc/hostname", path), 0);
    site = site_load(folder);
}

static void end(void)
{
    char command[200];
    site_free(site);
    arena_done(&arena);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

static struct site_answer get(const char *path, const char *encodings, const char *tag)
{
    const struct site_request request = {str_of(path), str_of(encodings),
                                         tag != NULL ? str_of(tag) : (struct str){NULL, 0}};
    return site_find(site, &request, &clock_now, &arena);
}

Test(static_site, serves_the_best_variant_with_its_own_tag, .init = begin, .fini = end)
{
    struct site_answer br = get("/assets/app-1.js", "br, gzip", NULL);
    struct site_answer gzip = get("/assets/app-1.js", "gzip", NULL);
    struct site_answer plain = get("/assets/app-1.js", "", NULL);

    cr_assert(str_is(br.body, "br") && br.encoding == ENCODING_BR);
    cr_assert(str_is(gzip.body, "gzip") && gzip.encoding == ENCODING_GZIP);
    cr_assert(str_is(plain.body, "plain") && plain.encoding == ENCODING_IDENTITY);
    cr_assert_str_neq(br.etag, gzip.etag);
    cr_assert_str_neq(br.etag, plain.etag);
    cr_assert_str_eq(br.type, "text/javascript; charset=utf-8");
    cr_assert_str_eq(br.cache_control, "public, max-age=31536000, immutable");
    cr_assert(br.vary);
    cr_assert_str_eq(get("/favicon.svg", "", NULL).cache_control, "no-cache");
}

Test(static_site, knows_its_own_tags, .init = begin, .fini = end)
{
    struct site_answer first = get("/favicon.svg", "", NULL);

    cr_assert_eq(get("/favicon.svg", "", first.etag).status, 304);
    cr_assert_eq(get("/favicon.svg", "", "*").status, 304);
    cr_assert_eq(get("/favicon.svg", "", "\"other\"").status, 200);
}

Test(static_site, the_page_has_a_fresh_nonce_in_body_and_policy, .init = begin, .fini = end)
{
    struct site_answer one = get("/", "br", NULL);
    struct site_answer two = get("/systems/123", "br", NULL);

    cr_assert_eq(one.status, 200);
    cr_assert_str_eq(one.cache_control, "no-store");
    cr_assert_null(one.etag);
    cr_assert_null(strstr(one.body.at, "__CSP_NONCE__"));
    const char *nonce = strstr(one.content_policy, "'nonce-") + 7;
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%.24s\"", nonce);
    cr_assert_not_null(strstr(one.body.at, quoted));
    cr_assert_not_null(strstr(strstr(one.body.at, quoted) + 1, quoted));
    cr_assert_not_null(strstr(one.content_policy, "require-trusted-types-for 'script'"));
    cr_assert_str_neq(one.content_policy, two.content_policy);
}

Test(static_site, only_client_routes_fall_back_to_the_page, .init = begin, .fini = end)
{
    cr_assert_eq(get("/dossiers/1/edit", "", NULL).status, 200);
    cr_assert_eq(get("/index.html", "", NULL).status, 200);
    cr_assert_eq(get("/assets/missing", "", NULL).status, 404);
    cr_assert_eq(get("/assets/orphan.js", "br", NULL).status, 404);
    cr_assert_eq(get("/x.php", "", NULL).status, 404);
    cr_assert_eq(get("/api/x", "", NULL).status, 404);
    cr_assert_eq(get("/api", "", NULL).status, 404);
    cr_assert_eq(get("/secret.txt", "", NULL).status, 404);
}

Test(static_site, without_a_folder_says_how_to_build)
{
    struct arena own;
    struct clock_source clock = clock_system();
    struct site *none = site_load("/nowhere/at/all");
    const struct site_request request = {STR("/"), STR(""), {NULL, 0}};

    arena_init(&own, 0);
    struct site_answer answer = site_find(none, &request, &clock, &own);
    cr_assert_eq(answer.status, 200);
    cr_assert_not_null(strstr(answer.body.at, "npm run build"));
    site_free(none);
    arena_done(&own);
}
