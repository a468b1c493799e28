#include "db/account_list.h"

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "capdo.fold(a.username || ' ' || a.display_name) LIKE capdo.search_pattern(?)"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"username", "a.username", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table account_list_table = {
    .columns = "a.username, a.display_name, a.disabled_at IS NOT NULL, "
               "(SELECT coalesce(json_agg(json_build_object('role', m.role, 'organisation', "
               "json_build_object('id', o.id, 'name', o.name)) ORDER BY m.role, o.name), '[]') "
               "FROM capdo.membership m JOIN capdo.organisation o ON o.id = m.organisation_id "
               "WHERE m.account_id = a.id AND m.valid_from <= capdo.today() "
               "AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())), "
               "a.created_at",
    .from = "capdo.account a",
    .id = "a.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = false,
};
