#include "db/account.h"

#include <sodium.h>
#include <string.h>

#include "base/uuid.h"
#include "db/internal.h"
#include "rules/permission.h"

enum { HASH_PASSES = 3 };

/* What stands in place of a hash when nobody can sign in: no password has it. */
static const char NO_PASSWORD[] = "!";

_Static_assert((int)ACCOUNT_HASH_BYTES >= (int)crypto_pwhash_STRBYTES, "room for libsodium's text");

enum fault account_hash(const char *password, char ret_hash[static ACCOUNT_HASH_BYTES])
{
    size_t length = strlen(password);

    if (length < ACCOUNT_PASSWORD_MIN_BYTES || length > LIMIT_PASSWORD_BYTES) {
        return FAULT_INVALID;
    }
    return crypto_pwhash_str(ret_hash, password, length, HASH_PASSES, (size_t)64 * MIB) == 0
               ? FAULT_NONE
               : FAULT_BUSY;
}

/* Runs one statement; *ret_changed is the number of rows that it changed or returned. */
static enum fault run(struct db *owner, const char *sql, const struct db_parameters *parameters,
                      int *ret_changed)
{
    struct rows rows;

    if (db_borrow(owner) == NULL) {
        return FAULT_DATABASE_DOWN;
    }
    enum fault fault = db_borrowed_query(owner, sql, parameters, &rows);
    if (fault == FAULT_NONE) {
        *ret_changed = rows.count;
        rows_done(&rows);
    }
    db_return(owner);
    return fault;
}

static enum fault run_one(struct db *owner, const char *sql, const struct db_parameters *parameters)
{
    int changed = 0;
    enum fault fault = run(owner, sql, parameters, &changed);

    return fault == FAULT_NONE && changed == 0 ? FAULT_NOT_FOUND : fault;
}

enum fault account_add(struct db *owner, const struct clock_source *clock, const char *username,
                       const char *display_name, const char *password)
{
    char hash[ACCOUNT_HASH_BYTES];
    char id[UUID_TEXT_BYTES];
    enum fault fault = FAULT_NONE;

    if (password != NULL) {
        fault = account_hash(password, hash);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    uuid_new(clock, id);
    return run_one(owner,
                   "INSERT INTO capdo.account (id, username, display_name, password_hash)"
                   " VALUES ($1, $2, $3, $4) RETURNING id",
                   PARAMETERS(id, username, display_name, password == NULL ? NO_PASSWORD : hash));
}

enum fault account_password(struct db *owner, const char *username, const char *password)
{
    char hash[ACCOUNT_HASH_BYTES];
    enum fault fault = account_hash(password, hash);

    if (fault != FAULT_NONE) {
        return fault;
    }
    return run_one(
        owner,
        "WITH changed AS (UPDATE capdo.account SET password_hash = $2, failures = 0,"
        " retry_at = NULL, version = version + 1 WHERE username = $1 RETURNING id),"
        " ended AS (DELETE FROM capdo.session s USING changed c WHERE s.account_id = c.id)"
        " SELECT id FROM changed",
        PARAMETERS(username, hash));
}

enum fault account_disable(struct db *owner, const char *username)
{
    return run_one(
        owner,
        "WITH changed AS (UPDATE capdo.account SET disabled_at = coalesce(disabled_at,"
        " now()), version = version + 1 WHERE username = $1 RETURNING id),"
        " ended AS (DELETE FROM capdo.session s USING changed c WHERE s.account_id = c.id)"
        " SELECT id FROM changed",
        PARAMETERS(username));
}

enum fault account_enable(struct db *owner, const char *username)
{
    return run_one(owner,
                   "UPDATE capdo.account SET disabled_at = NULL, failures = 0, retry_at = NULL,"
                   " version = version + 1 WHERE username = $1 RETURNING id",
                   PARAMETERS(username));
}

enum fault account_grant(struct db *owner, const struct clock_source *clock, const char *username,
                         const char *role, const char *organisation_code)
{
    enum role known = ROLE_STAFF;
    char id[UUID_TEXT_BYTES];
    int found = 0;

    if (!role_from_code(role, &known)) {
        return FAULT_INVALID;
    }
    enum fault fault = run_one(owner,
                               "SELECT FROM capdo.account a, capdo.organisation o"
                               " WHERE a.username = $1 AND o.code = $2"
                               " AND o.status = 'active'",
                               PARAMETERS(username, organisation_code));
    if (fault != FAULT_NONE) {
        return fault;
    }
    uuid_new(clock, id);
    fault = run(
        owner,
        "INSERT INTO capdo.membership (id, account_id, organisation_id, role)"
        " SELECT $1, a.id, o.id, $4 FROM capdo.account a, capdo.organisation o"
        " WHERE a.username = $2 AND o.code = $3 AND o.status = 'active' AND NOT EXISTS (SELECT FROM"
        " capdo.membership m WHERE m.account_id = a.id AND m.organisation_id = o.id"
        " AND m.role = $4 AND (m.valid_to IS NULL OR m.valid_to >= capdo.today()))"
        " RETURNING id",
        PARAMETERS(id, username, organisation_code, role), &found);
    return fault == FAULT_NONE && found == 0 ? FAULT_CONFLICT : fault;
}

enum fault account_revoke(struct db *owner, const char *username, const char *role,
                          const char *organisation_code)
{
    return run_one(
        owner,
        "WITH held AS (SELECT m.id, m.valid_from FROM capdo.membership m"
        "  JOIN capdo.account a ON a.id = m.account_id"
        "  JOIN capdo.organisation o ON o.id = m.organisation_id"
        "  WHERE a.username = $1 AND m.role = $2 AND o.code = $3"
        "  AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())),"
        " ended AS (UPDATE capdo.membership m SET valid_to = capdo.today() - 1 FROM held h"
        "  WHERE m.id = h.id AND h.valid_from < capdo.today()),"
        " undone AS (DELETE FROM capdo.membership m USING held h"
        "  WHERE m.id = h.id AND h.valid_from >= capdo.today())"
        " SELECT id FROM held",
        PARAMETERS(username, role, organisation_code));
}

enum fault account_each(struct db *owner, account_line_fn *each, void *context)
{
    struct rows rows;

    if (db_borrow(owner) == NULL) {
        return FAULT_DATABASE_DOWN;
    }
    enum fault fault = db_borrowed_query(
        owner,
        "SELECT a.username, a.display_name, a.disabled_at IS NOT NULL, a.password_hash <> '!',"
        " coalesce((SELECT string_agg(m.role || ' ' || o.code, ', ' ORDER BY m.role, o.code)"
        "  FROM capdo.membership m JOIN capdo.organisation o ON o.id = m.organisation_id"
        "  WHERE m.account_id = a.id AND m.valid_from <= capdo.today()"
        "  AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())), '')"
        " FROM capdo.account a ORDER BY a.username COLLATE \"C\"",
        &(const struct db_parameters){0}, &rows);
    if (fault == FAULT_NONE) {
        for (int i = 0; i < rows.count; i++) {
            const struct account_line line = {
                .username = rows_str(&rows, i, 0).at,
                .display_name = rows_str(&rows, i, 1).at,
                .disabled = rows_bool(&rows, i, 2),
                .has_password = rows_bool(&rows, i, 3),
                .roles = rows_str(&rows, i, 4).at,
            };
            each(context, &line);
        }
        rows_done(&rows);
    }
    db_return(owner);
    return fault;
}
