#include "db/account.h"

#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

TestSuite(account, .init = use_province, .fini = scratch_close, .timeout = 60);

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

static const char *one(const char *query)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *first = value(owner, query);

    PQfinish(owner);
    return first;
}

/* The link's SHA-256 as PostgreSQL reads it. */
static const char *hash_of(const struct account_link *link)
{
    static char text[67];

    cr_assert(account_link_sha256(str_of(link->token), text));
    return text;
}

Test(account, is_added_with_a_link_and_without_a_password)
{
    struct db *owner = owner_open();
    struct account_link link;

    cr_assert_eq(account_add(owner, &scratch.clock, "moi", "Chuyên viên mới", &link), FAULT_NONE,
                 "%s", db_last_error(owner));
    cr_assert_str_eq(link.purpose, "activation");
    cr_assert_str_eq(one("SELECT password_hash FROM capdo.account WHERE username = 'moi'"), "!");
    cr_assert_str_eq(one(text_of("SELECT count(*) FROM capdo.account_link WHERE token_sha256 = '%s'"
                                 " AND expires_at BETWEEN now() + interval '71 hours'"
                                 " AND now() + interval '73 hours'",
                                 hash_of(&link))),
                     "1");
    cr_assert_str_eq(one(text_of("SELECT count(*) FROM capdo.account_link l WHERE l::text LIKE"
                                 " '%%%s%%'",
                                 link.token)),
                     "0", "the token itself is nowhere");
    cr_assert_str_eq(one("SELECT kind || ' ' || subject_name FROM capdo.security_event"),
                     "account.invited Chuyên viên mới");
    cr_assert_eq(account_add(owner, &scratch.clock, "moi", "x", &link), FAULT_CODE_TAKEN);
    cr_assert_neq(account_add(owner, &scratch.clock, "Chữ Hoa", "x", &link), FAULT_NONE);
    db_close(owner);
}

Test(account, a_reset_ends_password_sessions_and_counters)
{
    struct db *owner = owner_open();
    struct account_link link;

    sign_in("staff");
    sign_in("director");
    as_owner("INSERT INTO capdo.sign_in_counter (name_sha256, failures) VALUES"
             " (capdo.sha256_text('staff'), 50)");
    cr_assert_eq(account_reset(owner, &scratch.clock, "staff", &link), FAULT_NONE);
    cr_assert_str_eq(link.purpose, "reset");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "1");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.sign_in_counter"), "0");
    cr_assert_str_eq(one("SELECT password_hash FROM capdo.account WHERE username = 'staff'"), "!");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.account_link WHERE expires_at BETWEEN now() +"
                         " interval '59 minutes' AND now() + interval '61 minutes'"),
                     "1");
    cr_assert_eq(account_reset(owner, &scratch.clock, "nobody", &link), FAULT_NOT_FOUND);
    cr_assert_eq(account_disable(owner, "staff2"), FAULT_NONE);
    cr_assert_eq(account_reset(owner, &scratch.clock, "staff2", &link), FAULT_NOT_FOUND);
    db_close(owner);
}

Test(account, lost_factors_end_with_the_password_and_everything_opened)
{
    struct db *owner = owner_open();
    struct account_link link;

    for (int i = 0; i < 2; i++) {
        as_owner(
            text_of("INSERT INTO capdo.credential_totp (account_id, key_id, sealed, confirmed_at)"
                    " SELECT id, repeat('0', 16), decode(repeat('00', 60), 'hex'), now()"
                    " FROM capdo.account WHERE username = '%s'",
                    i == 0 ? "staff" : "director"));
        as_owner(text_of("INSERT INTO capdo.recovery_code (account_id, code_sha256)"
                         " SELECT id, sha256(''::bytea) FROM capdo.account WHERE username = '%s'",
                         i == 0 ? "staff" : "director"));
    }
    as_owner("INSERT INTO capdo.credential_passkey (id, account_id, credential_id, algorithm,"
             " public_key, sign_count, name, rp_id) SELECT gen_random_uuid(), id,"
             " decode(repeat('00', 32), 'hex'), -7, decode(repeat('00', 64), 'hex'), 0, 'x', 'x'"
             " FROM capdo.account WHERE username = 'director'");
    as_owner("INSERT INTO capdo.factor_attempt (account_id, failures) SELECT id, 5"
             " FROM capdo.account WHERE username = 'director'");
    sign_in("director");
    cr_assert_eq(account_end_factors(owner, &scratch.clock, "director", &link), FAULT_NONE, "%s",
                 db_last_error(owner));
    cr_assert_str_eq(link.purpose, "reset");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "0");
    cr_assert_str_eq(one("SELECT password_hash FROM capdo.account WHERE username = 'director'"),
                     "!");
    cr_assert_str_eq(one("SELECT string_agg(username, ',') FROM capdo.credential_totp"
                         " JOIN capdo.account a ON a.id = account_id"),
                     "staff", "those of others stay");
    cr_assert_str_eq(one("SELECT string_agg(username, ',') FROM capdo.recovery_code"
                         " JOIN capdo.account a ON a.id = account_id"),
                     "staff");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.credential_passkey"), "0");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.factor_attempt"), "0");
    cr_assert_str_eq(one("SELECT string_agg(kind || ' ' || account_name, ', ' ORDER BY kind)"
                         " FROM capdo.security_event e JOIN capdo.account a ON a.id = e.subject_id"
                         " WHERE a.username = 'director'"),
                     "account.reset capdo account, factor.removed capdo account");

    cr_assert_eq(account_end_factors(owner, &scratch.clock, "nobody", &link), FAULT_NOT_FOUND);
    cr_assert_eq(account_disable(owner, "staff"), FAULT_NONE);
    cr_assert_eq(account_end_factors(owner, &scratch.clock, "staff", &link), FAULT_NOT_FOUND);
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.credential_totp"), "1", "nothing by halves");
    db_close(owner);
}

Test(account, the_server_cannot_end_the_factors_of_others)
{
    cr_assert_str_eq(one("SELECT has_function_privilege('capdo_rt', 'capdo.factors_end(uuid)',"
                         " 'EXECUTE') OR has_table_privilege('capdo_rt', 'capdo.credential_totp',"
                         " 'DELETE') OR has_table_privilege('capdo_rt',"
                         " 'capdo.credential_passkey', 'DELETE')"),
                     "f");
}

static enum fault use_link(struct db *db, const struct account_link *link, const char *hash)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct db_request nobody = {.arena = &arena};
    enum fault fault = FAULT_NONE;

    cr_assert_eq(db_tx_begin(db, &nobody), FAULT_NONE);
    enum fault used = account_link_use(db, hash_of(link), hash);
    if (used == FAULT_NONE) {
        cr_assert_eq(db_tx_commit(db, &fault), COMMIT_DONE);
    } else {
        db_tx_rollback(db);
    }
    arena_done(&arena);
    return used;
}

Test(account, a_link_works_once_in_its_time_and_not_after_a_newer_one)
{
    struct db *owner = owner_open();
    struct db *db = runtime_open(DB_WORK);
    struct account_link first;
    struct account_link second;

    cr_assert_eq(account_reset(owner, &scratch.clock, "staff", &first), FAULT_NONE);
    cr_assert_eq(account_reset(owner, &scratch.clock, "staff", &second), FAULT_NONE);
    cr_assert_eq(use_link(db, &first, "x"), FAULT_LINK_GONE, "replaced");
    as_owner("UPDATE capdo.account_link SET expires_at = now() - interval '1 second'");
    cr_assert_eq(use_link(db, &second, "x"), FAULT_LINK_GONE, "expired");
    as_owner("UPDATE capdo.account_link SET expires_at = now() + interval '1 minute'");
    sign_in("staff");
    cr_assert_eq(use_link(db, &second, "the hash"), FAULT_NONE, "%s", db_last_error(db));
    cr_assert_str_eq(one("SELECT password_hash FROM capdo.account WHERE username = 'staff'"),
                     "the hash");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "0");
    cr_assert_eq(use_link(db, &second, "y"), FAULT_LINK_GONE, "used");

    cr_assert_eq(account_reset(owner, &scratch.clock, "staff", &first), FAULT_NONE);
    cr_assert_eq(account_disable(owner, "staff"), FAULT_NONE);
    cr_assert_eq(account_enable(owner, "staff"), FAULT_NONE);
    cr_assert_eq(use_link(db, &first, "z"), FAULT_LINK_GONE, "disabling ended it for good");
    db_close(db);
    db_close(owner);
}

Test(account, disabling_ends_everything_at_once)
{
    struct db *owner = owner_open();

    sign_in("staff");
    as_owner("INSERT INTO capdo.known_device (account_id, device_sha256) SELECT id,"
             " sha256('device') FROM capdo.account WHERE username = 'staff'");
    cr_assert_eq(account_disable(owner, "staff"), FAULT_NONE);
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.session"), "0");
    cr_assert_str_eq(one("SELECT count(*) FROM capdo.known_device"), "0");
    cr_assert_str_eq(
        one("SELECT disabled_at IS NOT NULL FROM capdo.account WHERE username = 'staff'"), "t");
    cr_assert_eq(account_enable(owner, "staff"), FAULT_NONE);
    cr_assert_str_eq(one("SELECT disabled_at IS NULL FROM capdo.account WHERE username = 'staff'"),
                     "t");
    cr_assert_eq(account_disable(owner, "nobody"), FAULT_NOT_FOUND);
    db_close(owner);
}

static enum fault grant(struct db *owner, const char *username, const char *role, const char *code)
{
    const struct account_role wanted = {username, role, code, "12/QĐ-SNV"};

    return account_grant(owner, &scratch.clock, &wanted);
}

static enum fault revoke(struct db *owner, const char *username, const char *role, const char *code)
{
    const struct account_role wanted = {username, role, code, "13/QĐ-SNV"};

    return account_revoke(owner, &wanted);
}

Test(account, roles_are_granted_and_end_and_stay_on_record)
{
    struct db *owner = owner_open();

    cr_assert_eq(grant(owner, "staff", "office", "H05.01"), FAULT_NONE, "%s", db_last_error(owner));
    cr_assert_eq(grant(owner, "staff", "office", "H05.01"), FAULT_CONFLICT);
    cr_assert_eq(grant(owner, "staff", "king", "H05.01"), FAULT_INVALID);
    cr_assert_eq(grant(owner, "staff", "office", "X99"), FAULT_NOT_FOUND);
    cr_assert_eq(grant(owner, "nobody", "office", "H05.01"), FAULT_NOT_FOUND);
    PGconn *pg = acting("staff");
    cr_assert_gt(number(pg, "SELECT count(*) FROM capdo.system"), 100);
    PQfinish(pg);

    cr_assert_eq(revoke(owner, "staff", "office", "H05.01"), FAULT_NONE);
    cr_assert_eq(revoke(owner, "staff", "office", "H05.01"), FAULT_NOT_FOUND);
    cr_assert_eq(revoke(owner, "staff", "staff", "H05.11"), FAULT_NONE);
    pg = acting("staff");
    cr_assert_eq(number(pg, "SELECT count(*) FROM capdo.system"), 0);
    PQfinish(pg);
    cr_assert_str_eq(
        one("SELECT count(*) FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id"
            " WHERE a.username = 'staff' AND m.valid_to = capdo.today() - 1"
            " AND m.end_document_number = '13/QĐ-SNV'"),
        "2", "the one granted and ended on the same day too");
    cr_assert_eq(grant(owner, "staff", "office", "H05.01"), FAULT_NONE, "again, anew");
    db_close(owner);
}

Test(account, an_administrator_is_left)
{
    struct db *owner = owner_open();

    cr_assert_eq(account_disable(owner, "admin"), FAULT_LAST_ADMINISTRATOR);
    cr_assert_eq(revoke(owner, "admin", "admin", "H05.01"), FAULT_LAST_ADMINISTRATOR);
    /* Somebody who has not chosen a password yet lets nobody in. */
    cr_assert_eq(grant(owner, "staff.h05.10", "admin", "H05.01"), FAULT_NONE);
    cr_assert_eq(account_disable(owner, "admin"), FAULT_LAST_ADMINISTRATOR);
    cr_assert_eq(grant(owner, "office", "admin", "H05.01"), FAULT_NONE);
    cr_assert_eq(revoke(owner, "admin", "admin", "H05.01"), FAULT_NONE);
    cr_assert_eq(account_disable(owner, "office"), FAULT_LAST_ADMINISTRATOR);
    cr_assert_eq(account_disable(owner, "admin"), FAULT_NONE, "an administrator no more");
    db_close(owner);
}

#define OF(name) "(SELECT id FROM capdo.account WHERE username = '" name "')"
#define GRANT_TO(name, role, from)                                                     \
    "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from," \
    " document_number, granted_by) SELECT gen_random_uuid(), " OF(                     \
        name) ", o.id, '" role "', " from                                              \
              ", '1/QĐ', capdo.ctx_account() FROM capdo.organisation o WHERE o.code = 'H05.01'"

Test(account, the_database_refuses_what_administrators_may_not)
{
    PGconn *pg = acting("admin");

    sql(pg, GRANT_TO("staff", "office", "capdo.today()"));
    cr_assert_str_eq(refusal(pg, GRANT_TO("staff", "office", "capdo.today() + 5")),
                     "23000 membership_overlap");
    cr_assert_str_eq(refusal(pg, GRANT_TO("staff2", "office", "capdo.today() - 1")),
                     "23514 membership_not_past");
    cr_assert_str_eq(refusal(pg, GRANT_TO("admin", "office", "capdo.today()")), "42501",
                     "to oneself");
    cr_assert_str_eq(refusal(pg, "UPDATE capdo.membership SET valid_to = capdo.today() - 40,"
                                 " ended_at = now(), ended_by = capdo.ctx_account() WHERE"
                                 " account_id = " OF("staff")),
                     "23514 membership_not_past");
    cr_assert_str_eq(refusal(pg, "UPDATE capdo.membership SET role = 'admin'"), "42501");
    cr_assert_str_eq(refusal(pg, "UPDATE capdo.membership SET valid_to = capdo.today(), ended_by ="
                                 " capdo.ctx_account(), ended_at = now() WHERE account_id ="
                                 " capdo.ctx_account()"),
                     "23000 account_of_another");
    cr_assert_str_eq(refusal(pg, "DELETE FROM capdo.membership"), "42501");
    cr_assert_str_eq(refusal(pg, "UPDATE capdo.account SET password_hash = 'x'"), "42501");
    cr_assert_str_eq(refusal(pg, "INSERT INTO capdo.account (id, username, display_name,"
                                 " password_hash) VALUES (gen_random_uuid(), 'x', 'x', 'x')"),
                     "42501");
    cr_assert_str_eq(refusal(pg, "SELECT token_sha256 FROM capdo.account_link"), "42501");
    cr_assert_str_eq(
        refusal(pg, "SELECT * FROM capdo.link_make(" OF("staff") ", NULL, sha256('x'), 1, 1)"),
        "42501");
    cr_assert_str_eq(
        refusal(pg, "SELECT * FROM capdo.link_issue(" OF("admin") ", sha256('x'), 1, 1)"),
        "23000 account_of_another");
    /* One's own row is not seen for a change. */
    sql(pg, "UPDATE capdo.account SET disabled_at = now() WHERE username = 'admin'");
    cr_assert_str_eq(value(pg, "SELECT count(*) FROM capdo.account WHERE username = 'admin' AND"
                               " disabled_at IS NOT NULL"),
                     "0");
    PQfinish(pg);

    pg = acting("director");
    cr_assert_str_eq(refusal(pg, GRANT_TO("staff2", "office", "capdo.today()")), "42501");
    cr_assert_str_eq(
        refusal(pg, "SELECT * FROM capdo.link_issue(" OF("director") ", sha256('x'), 1, 1)"),
        "42501");
    PQfinish(pg);
}

Test(account, names_of_people_who_acted_stay)
{
    struct db *owner = owner_open();
    const char *before =
        one("SELECT count(*) || ' ' || min(a.display_name) FROM capdo.decision d"
            " JOIN capdo.account a ON a.id = d.signer_id WHERE a.username = 'director'");

    cr_assert_str_neq(before, "");
    cr_assert_eq(account_disable(owner, "director"), FAULT_NONE);
    cr_assert_str_eq(
        one("SELECT count(*) || ' ' || min(a.display_name) FROM capdo.decision d"
            " JOIN capdo.account a ON a.id = d.signer_id WHERE a.username = 'director'"),
        before);
    PGconn *pg = plain(scratch.owner_url);
    sql(pg, "BEGIN");
    cr_assert_str_eq(refusal(pg, "DELETE FROM capdo.account WHERE username = 'director'"),
                     "23000 append_only");
    PQfinish(pg);
    pg = acting("chairman");
    cr_assert_str_eq(value(pg, "SELECT capdo.person_name(signer_id) <> '' FROM capdo.decision"
                               " LIMIT 1"),
                     "t");
    PQfinish(pg);
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
