/* Any query of a list: refused, or within the limits that the SQL is built for. Pairs are separated by
 * '&', name and value by '='. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/page.h"
#include "api/route.h"
#include "base/uuid.h"
#include "db/system.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct page *page)
{
    const struct list_request *request = &page->request;

    if (request->limit < 1 || request->limit > LIMIT_PAGE_ROWS || request->sort == NULL ||
        request->filter_count > LIST_FILTERS_MAX + LIST_WORDS_MAX) {
        abort();
    }
    if (request->after_id != NULL && !uuid_is_valid(str_of(request->after_id))) {
        abort();
    }
    for (int i = 0; i < request->filter_count; i++) {
        enum list_value_kind kind = request->filters[i].filter->kind;
        /* What becomes an array literal holds nothing that could end it. */
        if (kind != LIST_WORDS && strpbrk(request->filters[i].value, "\"'\\ ;") != NULL) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct route ROUTE = {.path = "/api/v1/systems"};
    struct arena arena;
    struct reply reply = {0};
    struct page page;
    struct str rest = {(const char *)data, size};

    arena_init(&arena, 0);
    struct call *call = ARENA_NEW(&arena, struct call);
    call->arena = &arena;
    call->route = &ROUTE;
    while (rest.at != NULL && call->query_count < LIMIT_QUERY_PARAMETERS) {
        struct str pair = str_cut(&rest, '&');
        struct str name = str_cut(&pair, '=');
        if (memchr(name.at, '\0', name.length) != NULL ||
            (pair.at != NULL && memchr(pair.at, '\0', pair.length) != NULL)) {
            continue; /* refused before a list sees it */
        }
        call->query[call->query_count++] =
            (struct call_parameter){name, pair.at == NULL ? STR("") : pair};
    }
    if (page_read(call, &system_list_table, &page, &reply) == FAULT_NONE) {
        check(&page);
    }
    arena_done(&arena);
    return 0;
}
