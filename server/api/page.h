/* What every list of the API shares: limit, cursor, sort, filters and search from the query; the
 * envelope {"items","next","count","data_version"} and the Link header in the reply. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "db/list.h"
#include "json/writer.h"

struct page {
    struct list_request request;
    bool count_bounded;
};

/* Reads the query by the table. FAULT_BAD_PARAMETER with a detail, or FAULT_BAD_CURSOR. */
enum fault page_read(struct call *call, const struct list_table *table, struct page *ret_page,
                     struct reply *reply) MUST_USE;

/* Writes one item from its row; columns begin at PAGE_FIRST_COLUMN. */
enum { PAGE_ID_COLUMN = 1, PAGE_FIRST_COLUMN = 2 };
typedef void page_item_fn(struct json_writer *w, const struct rows *rows, int row);

/* Runs the list under the scope and writes the whole reply. */
enum fault page_reply(struct call *call, const struct page *page, const struct list_scope *scope,
                      page_item_fn *item, struct reply *reply) MUST_USE;
