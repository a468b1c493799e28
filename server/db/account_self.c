#include "db/account_self.h"

#include <stddef.h>

static const struct statement SELF = {
    "account_self",
    "SELECT (SELECT coalesce(json_agg(json_build_object('role', m.role, 'organisation', "
    "json_build_object('id', o.id, 'name', o.name), 'serves', "
    "(SELECT coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) ORDER BY g.name), '[]') "
    "FROM capdo.specialised_unit u JOIN capdo.organisation g ON g.id = u.governing_id "
    "WHERE u.unit_id = o.id AND m.role IN ('appraiser', 'director') AND u.valid_from <= capdo.today() "
    "AND (u.valid_to IS NULL OR u.valid_to >= capdo.today()))) ORDER BY m.role, o.name), '[]') "
    "FROM capdo.membership m JOIN capdo.organisation o ON o.id = m.organisation_id "
    "WHERE m.account_id = $1 AND m.valid_from <= capdo.today() "
    "AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())), "
    "f.totp, f.passkeys, f.recovery_codes, f.wanted FROM capdo.factor_state($1) f",
    1};

const struct statement *const account_self_statements[] = {&SELF, NULL};

enum fault account_self(struct db *db, struct arena *arena, const char *account_id,
                        struct account_self *ret_self)
{
    struct rows rows;
    enum fault fault = db_query(db, &SELF, PARAMETERS(account_id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_self = (struct account_self){
        .capacities_json = arena_str(arena, rows_str(&rows, 0, 0)),
        .factors = {.totp = rows_bool(&rows, 0, 1),
                    .passkeys = (int)rows_int(&rows, 0, 2, 0),
                    .recovery_codes = (int)rows_int(&rows, 0, 3, 0),
                    .wanted = (int)rows_int(&rows, 0, 4, 0)},
    };
    rows_done(&rows);
    return FAULT_NONE;
}
