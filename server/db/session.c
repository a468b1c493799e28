#include "db/session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

static const struct statement OPEN = {
    "session_open", "SELECT capdo.session_open($1, $2, $3, $4, $5, $6, $7, $8, $9)", 9};
static const struct statement CLOSE = {"session_close", "SELECT capdo.session_close($1)", 1};
static const struct statement SEEN = {"session_seen", "SELECT capdo.session_seen($1)", 1};

static const struct statement FORGET_OLD = {"session_forget_old",
                                            "SELECT capdo.session_forget_old($1)", 1};

const struct statement *const session_statements[] = {&OPEN, &CLOSE, &SEEN, &FORGET_OLD, NULL};

void session_token_hex(const unsigned char token_sha256[static 32],
                       char ret_text[static SHA256_HEX_BYTES])
{
    ret_text[0] = '\\';
    ret_text[1] = 'x';
    (void)sodium_bin2hex(ret_text + 2, SHA256_HEX_BYTES - 2, token_sha256, 32);
}

static unsigned read_roles(struct str codes, struct arena *arena)
{
    unsigned roles = 0;

    while (codes.at != NULL && codes.length > 0) {
        struct str code = str_cut(&codes, ',');
        enum role role = ROLE_STAFF;
        if (role_from_code(arena_str(arena, code).at, &role)) {
            roles |= ROLE_BIT(role);
        }
    }
    return roles;
}

const struct actor *session_actor(const struct rows *rows, struct arena *arena)
{
    struct actor *actor = ARENA_NEW(arena, struct actor);

    *actor = (struct actor){
        .account_id = rows_copy(rows, 0, 0, arena),
        .username = rows_copy(rows, 0, 1, arena),
        .display_name = rows_copy(rows, 0, 2, arena),
        .roles = read_roles(rows_str(rows, 0, 3), arena),
        .staff_of = rows_copy(rows, 0, 4, arena),
        .appraises = rows_copy(rows, 0, 5, arena),
        .directs = rows_copy(rows, 0, 6, arena),
        .chairs = rows_copy(rows, 0, 7, arena),
        .entrusted = rows_copy(rows, 0, 8, arena),
        .expires_at = rows_copy(rows, 0, 9, arena),
        .session_id = rows_copy(rows, 0, 10, arena),
        .pending = rows_bool(rows, 0, 11),
        .factor_age_s = (int)rows_int(rows, 0, 12, -1),
    };
    return actor;
}

unsigned actor_permissions(const struct actor *actor)
{
    return actor->token_id != NULL ? actor->scopes : permissions_of(actor->roles);
}

bool actor_list_has(const char *list, const char *id)
{
    return id != NULL && id[0] != '\0' && strstr(list, id) != NULL;
}

bool actor_list_is_empty(const char *list)
{
    return strcmp(list, "{}") == 0;
}

enum fault session_open(struct db *db, const char *account_id,
                        const unsigned char token_sha256[static 32],
                        const struct session_opening *opening)
{
    char token[SHA256_HEX_BYTES];
    char lifetime[16];
    char most[16];

    session_token_hex(token_sha256, token);
    (void)snprintf(lifetime, sizeof(lifetime), "%d", opening->lifetime_s);
    (void)snprintf(most, sizeof(most), "%d", LIMIT_SESSIONS_PER_ACCOUNT);
    return db_execute(db, &OPEN,
                      PARAMETERS(account_id, token, lifetime, most, opening->method,
                                 opening->pending ? "t" : "f", opening->with_factor ? "t" : "f",
                                 opening->user_agent, opening->address),
                      NULL);
}

enum fault session_close(struct db *db, const unsigned char token_sha256[static 32])
{
    char token[SHA256_HEX_BYTES];

    session_token_hex(token_sha256, token);
    return db_execute(db, &CLOSE, PARAMETERS(token), NULL);
}

enum fault session_seen(struct db *db, struct arena *arena, const unsigned char *hashes, int count)
{
    struct buffer array;

    buffer_init(&array, 128);
    buffer_char(&array, '{');
    for (int i = 0; i < count; i++) {
        char token[SHA256_HEX_BYTES];
        session_token_hex(hashes + (size_t)i * 32, token);
        /* Inside an array literal the backslash of \x is doubled. */
        buffer_printf(&array, "%s\"\\%s\"", i > 0 ? "," : "", token);
    }
    buffer_char(&array, '}');

    const char *list = arena_str(arena, (struct str){array.at, array.length}).at;
    buffer_done(&array);
    return db_execute(db, &SEEN, PARAMETERS(list), NULL);
}

enum fault session_forget_old(struct db *db)
{
    char keep[16];

    (void)snprintf(keep, sizeof(keep), "%d", LIMIT_IDEMPOTENCY_S);
    return db_execute(db, &FORGET_OLD, PARAMETERS(keep), NULL);
}
