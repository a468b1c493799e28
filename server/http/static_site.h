/* The built site, held in memory: no file is touched for a request, so there is no way out of the
 * folder. Loaded once; constant afterwards. Variants `x.br` and `x.gz` are found beside `x`. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "http/negotiate.h"

struct site;

struct site_answer {
    int status; /* 200, 304 or 404 */
    const char *type;
    const char *etag; /* NULL for the page */
    const char *cache_control;
    enum encoding encoding;
    bool vary;                  /* Accept-Encoding */
    struct str body;            /* borrowed from the site or the arena */
    const char *content_policy; /* Content-Security-Policy, with the nonce of this answer */
};

/* Never fails: without a folder, or without index.html in it, the site is one page that says how to
 * build it. Only ordinary files; symbolic links are not followed. */
struct site *site_load(const char *directory);
void site_free(struct site *site);
/* Number of files and bytes, for the log. */
int site_file_count(const struct site *site);

struct site_request {
    struct str path; /* as sent: names of site files need no escapes */
    struct str accept_encoding;
    struct str if_none_match;
};

/* A path outside /api/ and /assets/ without a dot is one of the client's own routes and gets the
 * page; what is not a file otherwise is 404. The page carries a fresh nonce. */
struct site_answer site_find(const struct site *site, const struct site_request *request,
                             const struct clock_source *clock, struct arena *arena);
