#include "rules/permission.h"

#include <criterion/criterion.h>
#include <string.h>

#define P(name) PERMISSION_##name

Test(permission, nobody_has_the_unset_one, .timeout = 10)
{
    unsigned all = ROLE_BIT(ROLE_COUNT) - 1U;

    cr_expect(!permission_allows(all, P(UNSET)));
    cr_expect(!permission_allows(all, P(COUNT)));
    cr_expect(!permission_allows(~0U, (enum permission)(PERMISSION_COUNT + 3)));
    cr_expect(!permission_allows(~all, P(SYSTEM_READ)), "bits that are no role");
}

Test(permission, public_and_signed_in, .timeout = 10)
{
    cr_expect(permission_allows(0, P(PUBLIC)));
    cr_expect(permission_allows(0, P(SIGNING_IN)));
    cr_expect(!permission_allows(0, P(SIGNED_IN)));
    cr_expect(!permission_allows(~(ROLE_BIT(ROLE_COUNT) - 1U), P(SIGNED_IN)));
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        cr_expect(permission_allows(ROLE_BIT(role), P(SIGNED_IN)));
    }
}

/* The whole table, written a second time: rows roles, columns permissions. */
static const char *const table[ROLE_COUNT] = {
    /*  SR SW DR DP DA DV DT LR LQ LC LT OR OA AA ST RG UA TA SL */
    [ROLE_STAFF] = "xxxx..xxx.xx..x....",    [ROLE_APPRAISER] = "x.x.x.xx.xxx..x....",
    [ROLE_DIRECTOR] = "x.x..xxx...x..x....", [ROLE_CHAIRMAN] = "x.x..xxx...x..x....",
    [ROLE_OFFICE] = "x.x....x...x..x....",   [ROLE_ADMIN] = "...........xxx.xxxx",
};

static const enum permission columns[] = {
    P(SYSTEM_READ),        P(SYSTEM_WRITE),    P(DOSSIER_READ),       P(DOSSIER_PREPARE),
    P(DOSSIER_APPRAISE),   P(DOSSIER_APPROVE), P(DOSSIER_TRANSITION), P(LABEL_READ),
    P(LABEL_REQUEST),      P(LABEL_RECORD),    P(LABEL_TRANSITION),   P(ORGANISATION_READ),
    P(ORGANISATION_ADMIN), P(ACCOUNT_ADMIN),   P(STATS_READ),         P(ROLE_GRANT),
    P(AUTHORITY_ADMIN),    P(TOKEN_ADMIN),     P(SECURITY_LOG_READ),
};

Test(permission, each_role_has_exactly_its_own, .timeout = 10)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        cr_assert_eq(strlen(table[role]), COUNT_OF(columns));
        for (size_t i = 0; i < COUNT_OF(columns); i++) {
            cr_expect_eq(permission_allows(ROLE_BIT(role), columns[i]), table[role][i] == 'x',
                         "%s %s", role_code((enum role)role), permission_code(columns[i]));
        }
    }
    cr_expect(
        permission_allows(ROLE_BIT(ROLE_STAFF) | ROLE_BIT(ROLE_APPRAISER), P(DOSSIER_APPRAISE)));
}

Test(permission, codes_are_unique_and_complete, .timeout = 10)
{
    enum role role = ROLE_ADMIN;

    for (unsigned i = 1; i < PERMISSION_COUNT; i++) {
        cr_expect(permission_code((enum permission)i)[0] != '\0');
        cr_expect(permission_title((enum permission)i).in[LANGUAGE_VI][0] != '\0');
        cr_expect(permission_title((enum permission)i).in[LANGUAGE_EN][0] != '\0');
        for (unsigned j = 1; j < i; j++) {
            cr_expect_str_neq(permission_code((enum permission)i),
                              permission_code((enum permission)j));
        }
    }
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        cr_assert(role_from_code(role_code((enum role)i), &role));
        cr_expect_eq(role, i);
        cr_expect(role_title((enum role)i).in[LANGUAGE_VI][0] != '\0');
    }
    cr_expect(!role_from_code("king", &role));
    cr_expect_str_eq(permission_code(PERMISSION_COUNT), "");
    cr_expect_str_eq(role_code(ROLE_COUNT), "");
}
