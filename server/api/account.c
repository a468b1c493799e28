#include "api/account.h"

#include "api/page.h"
#include "api/write.h"
#include "db/account_list.h"

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    enum { FIRST = PAGE_FIRST_COLUMN };

    json_object_begin(w);
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "username", rows, row, FIRST + ACCOUNT_USERNAME);
    write_str(w, "display_name", rows, row, FIRST + ACCOUNT_DISPLAY_NAME);
    json_member_bool(w, "disabled", rows_bool(rows, row, FIRST + ACCOUNT_DISABLED));
    json_member_raw(w, "capacities", rows_str(rows, row, FIRST + ACCOUNT_CAPACITIES));
    write_time(w, "created_at", rows, row, FIRST + ACCOUNT_CREATED_AT);
    json_object_end(w);
}

static enum fault account_list(struct call *call, struct reply *reply)
{
    /* Who may ask at all may see them all. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &account_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor", "sort", "count", "q", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/accounts", "account_list", PERMISSION_ACCOUNT_ADMIN, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, account_list, NULL},
};

const struct route_table account_routes = {ROUTES, COUNT_OF(ROUTES)};
