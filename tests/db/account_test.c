#include "db/account.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

#include "db/support.h"

TestSuite(account, .init = use_province, .fini = scratch_close, .timeout = 60);

static const char *one(const char *query)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *first = value(owner, query);

    PQfinish(owner);
    return first;
}

Test(account, is_added_with_a_password_that_signs_in)
{
    struct db *owner = owner_open();

    cr_assert_eq(account_add(owner, &scratch.clock, "moi", "Chuyên viên mới", "mot mat khau dai"),
                 FAULT_NONE);
    const char *hash = one("SELECT password_hash FROM capdo.account WHERE username = 'moi'");
    cr_assert_eq(crypto_pwhash_str_verify(hash, "mot mat khau dai", 16), 0);
    cr_assert_eq(account_add(owner, &scratch.clock, "moi", "x", NULL), FAULT_CODE_TAKEN);
    cr_assert_eq(account_add(owner, &scratch.clock, "ngan", "x", "short"), FAULT_INVALID);
    cr_assert_neq(account_add(owner, &scratch.clock, "Chữ Hoa", "x", NULL), FAULT_NONE);
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.account WHERE username = 'ngan'"), "0");
    db_close(owner);
}

Test(account, a_new_password_ends_sessions_and_failures)
{
    struct db *owner = owner_open();

    sign_in("staff");
    cr_assert_eq(account_password(owner, "staff", "mot mat khau dai"), FAULT_NONE);
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "0");
    cr_assert_eq(account_password(owner, "nobody", "mot mat khau dai"), FAULT_NOT_FOUND);
    db_close(owner);
}

Test(account, disabling_ends_sessions_at_once)
{
    struct db *owner = owner_open();

    sign_in("staff");
    cr_assert_eq(account_disable(owner, "staff"), FAULT_NONE);
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "0");
    cr_assert_str_eq(
        one("SELECT disabled_at IS NOT NULL FROM capdo.account WHERE username = 'staff'"), "t");
    cr_assert_eq(account_enable(owner, "staff"), FAULT_NONE);
    cr_assert_str_eq(one("SELECT disabled_at IS NULL FROM capdo.account WHERE username = 'staff'"),
                     "t");
    cr_assert_eq(account_disable(owner, "nobody"), FAULT_NOT_FOUND);
    db_close(owner);
}

Test(account, roles_are_granted_and_revoked)
{
    struct db *owner = owner_open();

    cr_assert_eq(account_grant(owner, &scratch.clock, "staff", "office", "H05.01"), FAULT_NONE);
    cr_assert_eq(account_grant(owner, &scratch.clock, "staff", "office", "H05.01"), FAULT_CONFLICT);
    cr_assert_eq(account_grant(owner, &scratch.clock, "staff", "king", "H05.01"), FAULT_INVALID);
    cr_assert_eq(account_grant(owner, &scratch.clock, "staff", "office", "X99"), FAULT_NOT_FOUND);
    cr_assert_eq(account_grant(owner, &scratch.clock, "nobody", "office", "H05.01"),
                 FAULT_NOT_FOUND);
    PGconn *pg = acting("staff");
    cr_assert_gt(number(pg, "SELECT count(*) FROM capdo.system"), 100);
    PQfinish(pg);

    cr_assert_eq(account_revoke(owner, "staff", "office", "H05.01"), FAULT_NONE);
    cr_assert_eq(account_revoke(owner, "staff", "office", "H05.01"), FAULT_NOT_FOUND);
    cr_assert_eq(account_revoke(owner, "staff", "staff", "H05.11"), FAULT_NONE);
    pg = acting("staff");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), 0);
    PQfinish(pg);
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id"
            " WHERE a.username = 'staff' AND m.valid_to = capdo.today() - 1"),
        "1");
    db_close(owner);
}

struct seen {
    int count;
    bool staff;
    bool unusable;
};

static void look(void *context, const struct account_line *line)
{
    struct seen *seen = context;

    seen->count++;
    if (strcmp(line->username, "staff") == 0) {
        seen->staff =
            line->has_password && !line->disabled && strcmp(line->roles, "staff H05.11") == 0;
    }
    if (strcmp(line->username, "director.h05.90") == 0) {
        seen->unusable = !line->has_password && line->roles[0] == '\0';
    }
}

Test(account, are_listed_with_their_roles)
{
    struct db *owner = owner_open();
    struct seen seen = {0};

    cr_assert_eq(account_each(owner, look, &seen), FAULT_NONE);
    cr_assert_gt(seen.count, 50);
    cr_assert(seen.staff);
    cr_assert(seen.unusable);
    db_close(owner);
}
