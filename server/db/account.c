#include "db/account.h"

#include <stdio.h>
#include <string.h>

#include "base/uuid.h"
#include "db/internal.h"
#include "rules/permission.h"

/* In the security log; the owner's connection has no account. */
#define BY_COMMAND_LINE "NULL, 'capdo account', 'account'"

/* Runs one statement; FAULT_NOT_FOUND when it returned no row. */
static enum fault run_one(struct db *owner, const char *sql, const struct db_parameters *parameters)
{
    struct rows rows;

    if (db_borrow(owner) == NULL) {
        return FAULT_DATABASE_DOWN;
    }
    enum fault fault = db_borrowed_query(owner, sql, parameters, &rows);
    if (fault == FAULT_NONE) {
        fault = rows.count == 0 ? FAULT_NOT_FOUND : FAULT_NONE;
        rows_done(&rows);
    }
    db_return(owner);
    return fault;
}

static enum fault make_link(struct db *owner, const struct clock_source *clock,
                            const char *username, bool end_factors, struct account_link *ret_link)
{
    struct account_link_secret secret;
    struct rows rows;
    char activation[16];
    char reset[16];

    account_link_new(clock, &secret);
    (void)snprintf(activation, sizeof(activation), "%d", LIMIT_ACTIVATION_LINK_S);
    (void)snprintf(reset, sizeof(reset), "%d", LIMIT_RESET_LINK_S);
    if (db_borrow(owner) == NULL) {
        return FAULT_DATABASE_DOWN;
    }
    enum fault fault = db_borrowed_query(
        owner,
        "WITH made AS (SELECT a.id, a.display_name, l.purpose, l.expires_at FROM capdo.account a,"
        " LATERAL capdo.link_make(a.id, NULL, $2, $3, $4) l WHERE a.username = $1)"
        " SELECT purpose, expires_at, capdo.security_log_add(CASE purpose WHEN 'reset' THEN"
        " 'account.reset' ELSE 'account.invited' END, 'done', " BY_COMMAND_LINE
        ", id, display_name, NULL, NULL, '', '', '', '{}'),"
        " CASE WHEN $5 THEN capdo.factors_end(id) END FROM made",
        PARAMETERS(username, secret.sha256, activation, reset, end_factors ? "true" : "false"),
        &rows);
    if (fault == FAULT_NONE) {
        if (rows.count == 0) {
            fault = FAULT_NOT_FOUND;
        } else {
            account_link_read(&rows, &secret, ret_link);
        }
        rows_done(&rows);
    }
    db_return(owner);
    return fault;
}

enum fault account_add(struct db *owner, const struct clock_source *clock, const char *username,
                       const char *display_name, struct account_link *ret_link)
{
    char id[UUID_TEXT_BYTES];

    uuid_new(clock, id);
    enum fault fault = run_one(owner,
                               "INSERT INTO capdo.account (id, username, display_name)"
                               " VALUES ($1, $2, $3) RETURNING id",
                               PARAMETERS(id, username, display_name));
    return fault == FAULT_NONE ? make_link(owner, clock, username, false, ret_link) : fault;
}

enum fault account_reset(struct db *owner, const struct clock_source *clock, const char *username,
                         struct account_link *ret_link)
{
    return make_link(owner, clock, username, false, ret_link);
}

enum fault account_end_factors(struct db *owner, const struct clock_source *clock,
                               const char *username, struct account_link *ret_link)
{
    return make_link(owner, clock, username, true, ret_link);
}

enum fault account_disable(struct db *owner, const char *username)
{
    return run_one(owner,
                   "WITH changed AS (UPDATE capdo.account SET disabled_at = coalesce(disabled_at,"
                   " now()), version = version + 1, updated_at = now() WHERE username = $1"
                   " RETURNING id, display_name)"
                   " SELECT capdo.security_log_add('account.disabled', 'done', " BY_COMMAND_LINE
                   ", id, display_name, NULL, NULL, '', '', '', '{}') FROM changed",
                   PARAMETERS(username));
}

enum fault account_enable(struct db *owner, const char *username)
{
    return run_one(owner,
                   "WITH changed AS (UPDATE capdo.account SET disabled_at = NULL,"
                   " version = version + 1, updated_at = now() WHERE username = $1"
                   " RETURNING id, display_name)"
                   " SELECT capdo.security_log_add('account.enabled', 'done', " BY_COMMAND_LINE
                   ", id, display_name, NULL, NULL, '', '', '', '{}') FROM changed",
                   PARAMETERS(username));
}

enum fault account_grant(struct db *owner, const struct clock_source *clock,
                         const struct account_role *grant)
{
    enum role known = ROLE_STAFF;
    char id[UUID_TEXT_BYTES];

    if (!role_from_code(grant->role, &known)) {
        return FAULT_INVALID;
    }
    uuid_new(clock, id);
    return run_one(owner,
                   "WITH added AS (INSERT INTO capdo.membership (id, account_id, organisation_id,"
                   " role, document_number)"
                   " SELECT $1, a.id, o.id, $4, $5 FROM capdo.account a, capdo.organisation o"
                   " WHERE a.username = $2 AND o.code = $3 AND o.status = 'active'"
                   " RETURNING account_id)"
                   " SELECT capdo.security_log_add('role.granted', 'done', " BY_COMMAND_LINE
                   ", a.id, a.display_name, NULL, NULL, '', '', '',"
                   " jsonb_build_object('role', $4::text, 'organisation', $3::text,"
                   " 'document_number', $5::text))"
                   " FROM added JOIN capdo.account a ON a.id = account_id",
                   PARAMETERS(id, grant->username, grant->organisation_code, grant->role,
                              grant->document_number));
}

enum fault account_revoke(struct db *owner, const struct account_role *role)
{
    return run_one(
        owner,
        "WITH ended AS (UPDATE capdo.membership m SET valid_to ="
        " greatest(m.valid_from, capdo.today()) - 1, ended_at = now(),"
        " end_document_number = $4, version = m.version + 1"
        " FROM capdo.account a, capdo.organisation o WHERE a.id = m.account_id"
        " AND o.id = m.organisation_id AND a.username = $1 AND m.role = $2"
        " AND o.code = $3 AND m.ended_at IS NULL"
        " AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())"
        " RETURNING a.id, a.display_name)"
        " SELECT capdo.security_log_add('role.ended', 'done', " BY_COMMAND_LINE
        ", id, display_name, NULL, NULL, '', '', '',"
        " jsonb_build_object('role', $2::text, 'organisation', $3::text,"
        " 'document_number', $4::text)) FROM ended",
        PARAMETERS(role->username, role->role, role->organisation_code, role->document_number));
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
