#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/password_hash.h"
#include "db/account.h"
#include "db/demo_work.h"

/* Nobody signs in with it: it is no hash. */
static const char NO_PASSWORD[] = "!";

static const char PASSWORD_LETTERS[] =
    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"; /* none that look alike */

/* Each letter equally likely: a byte beyond the last whole multiple is thrown away. */
static void make_password(const struct clock_source *clock, char ret[static DEMO_PASSWORD_BYTES])
{
    const size_t letters = sizeof(PASSWORD_LETTERS) - 1;
    size_t length = 0;

    while (length < DEMO_PASSWORD_BYTES - 1) {
        unsigned char byte = 0;
        clock_random(clock, &byte, 1);
        if (byte < 256 - 256 % letters) {
            ret[length++] = PASSWORD_LETTERS[byte % letters];
        }
    }
    ret[length] = '\0';
}

/* One body has had another name. */
static const char RENAMED[] = "H05.50";
static const char FORMER_NAME[] = "Công ty TNHH một thành viên Cấp, thoát nước Bắc Ninh";

static void unit_insert(struct demo *d, const struct demo_organisation *o,
                        const char *representative)
{
    struct demo_unit *unit = &d->units[d->unit_count++];
    const struct demo_unit *parent = o->parent == NULL ? NULL : demo_unit_find(d, o->parent);

    *unit = (struct demo_unit){
        .code = o->code, .name = o->name, .kind = o->kind, .label = o->label, .id = demo_id(d)};
    demo_put(d,
             "INSERT INTO capdo.organisation (id, code, name, kind, parent_id, valid_from,"
             " representative, representative_title, address, email, mandate_document)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'Tỉnh Bắc Ninh', $9, $10)",
             PARAMETERS(unit->id, o->code, strcmp(o->code, RENAMED) == 0 ? FORMER_NAME : o->name,
                        o->kind, parent == NULL ? NULL : parent->id, o->from, representative,
                        representative[0] == '\0' ? "" : "Người đứng đầu",
                        o->label[0] == '\0'
                            ? ""
                            : arena_printf(&d->arena, "vanthu@%s.bacninh.example", o->label),
                        o->to == NULL ? "Quyết định quy định chức năng, nhiệm vụ, quyền hạn" : ""));
}

static const char *account_insert(struct demo *d, const char *username, const char *name,
                                  const char *password_hash)
{
    const char *id = demo_id(d);

    demo_put(d,
             "INSERT INTO capdo.account (id, username, display_name, password_hash, activated_at)"
             " VALUES ($1, $2, $3, $4, CASE WHEN $4 <> '!' THEN now() END)",
             PARAMETERS(id, username, name, password_hash));
    return id;
}

static void member_insert(struct demo *d, const char *account, const struct demo_unit *unit,
                          const char *role, const char *from, const char *to)
{
    demo_put(d,
             "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from,"
             " valid_to) VALUES ($1, $2, $3, $4, $5, $6)",
             PARAMETERS(demo_id(d), account, unit->id, role, from, to));
}

static void assignment_insert(struct demo *d, const struct demo_unit *unit,
                              const struct demo_unit *governing, const char *number,
                              const char *from, const char *to)
{
    demo_put(d,
             "INSERT INTO capdo.specialised_unit (id, unit_id, governing_id, document_number,"
             " valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)",
             PARAMETERS(demo_id(d), unit->id, governing->id, number, from, to));
}

static void change_record(struct demo *d, const char *code, const char *kind, const char *day,
                          const char *document, const char *detail)
{
    demo_put(d, "SELECT capdo.organisation_record($1, $2, $3, $4::date, $5, '', $6::jsonb)",
             PARAMETERS(demo_id(d), demo_unit_find(d, code)->id, kind, day, document, detail));
}

/* What became of the bodies since they began. From the end: units end before the body they are of. */
static void history_insert(struct demo *d)
{
    for (size_t i = demo_organisation_count; i-- > 0 && d->fault == FAULT_NONE;) {
        const struct demo_organisation *o = &demo_organisations[i];
        if (o->to == NULL) {
            continue;
        }
        const char *day = demo_get(d, "SELECT ($1::date + 1)::text", PARAMETERS(o->to));
        bool with_province = strcmp(o->to, "2025-06-30") == 0;
        change_record(d, o->code, "dissolved", day, with_province ? "202/2025/QH15" : "24/NQ-HĐND",
                      o->successor == NULL ? "{}"
                                           : arena_printf(&d->arena, "{\"successor_id\":\"%s\"}",
                                                          demo_unit_find(d, o->successor)->id));
    }
    change_record(d, DEMO_PROVINCE, "code_changed", "2017-01-01", "QCVN 102:2016/BTTTT",
                  "{\"code\":\"000.00.00.H05\",\"scheme\":\"2016\"}");
    change_record(d, DEMO_PROVINCE, "code_changed", "2025-07-01", "19/2025/QĐ-TTg",
                  "{\"code\":\"24\",\"scheme\":\"statistics\"}");
    change_record(d, RENAMED, "renamed", "2016-05-01", "1187/QĐ-UBND",
                  arena_printf(&d->arena, "{\"name\":\"%s\"}", demo_unit_find(d, RENAMED)->name));
}

static void units_insert(struct demo *d)
{
    size_t total = demo_organisation_count;

    for (size_t s = 0; s < SERIES_COUNT; s++) {
        total += demo_series[s].count;
    }
    d->units = ARENA_ARRAY(&d->arena, total, struct demo_unit);
    for (size_t i = 0; i < demo_organisation_count; i++) {
        unit_insert(d, &demo_organisations[i], "");
    }
    for (size_t s = 0; s < SERIES_COUNT; s++) {
        const struct demo_series *series = &demo_series[s];
        for (size_t i = 0; i < series->count; i++) {
            const struct demo_organisation o = {
                .code = arena_printf(&d->arena, "%s%02zu", series->code_prefix, i + 1),
                .name = arena_printf(&d->arena, "%s%s", series->name_prefix, series->names[i]),
                .kind = series->kind,
                .parent = series->parent,
                .from = "2025-07-01",
                .label = arena_printf(&d->arena, "%s%02zu", series->label, i + 1),
            };
            unit_insert(d, &o, "");
        }
    }
    history_insert(d);
}

struct sign_in {
    const char *username;
    const char *role;
    const char *code; /* of the organisation */
    const char *name;
    const char *from;
};

static const struct sign_in sign_ins[DEMO_ACCOUNTS] = {
    {"staff", "staff", "H05.11", "Chuyên viên Sở Y tế", "2016-07-01"},
    {"staff2", "staff", "H05.02", "Chuyên viên Sở Nội vụ", "2016-07-01"},
    {"appraiser", "appraiser", DEMO_POLICE,
     "Cán bộ thẩm định, Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao",
     "2025-03-01"},
    {"director", "director", DEMO_POLICE, "Giám đốc Công an tỉnh", "2025-03-01"},
    {"chairman", "chairman", DEMO_PROVINCE, "Chủ tịch Ủy ban nhân dân tỉnh", "2021-06-01"},
    {"office", "office", DEMO_OFFICE, "Chuyên viên tổng hợp, Văn phòng Ủy ban nhân dân tỉnh",
     "2025-07-01"},
    {"admin", "admin", DEMO_OFFICE, "Quản trị tài khoản, Văn phòng Ủy ban nhân dân tỉnh",
     "2025-07-01"},
};

/* Who decides or administers has an authenticator app from the start, so that a program can take
 * every step. */
static void totp_insert(struct demo *d, struct demo_account *account, const char *id)
{
    const struct seal_keys *keys = d->options->seal_keys;
    unsigned char secret[DEMO_TOTP_BYTES];
    unsigned char sealed[DEMO_TOTP_BYTES + SEAL_EXTRA_BYTES];
    char text[2 + 2 * sizeof(sealed) + 1] = "\\x";

    if (keys == NULL || keys->count == 0 ||
        (strcmp(account->role, "director") != 0 && strcmp(account->role, "chairman") != 0 &&
         strcmp(account->role, "admin") != 0)) {
        return;
    }
    clock_random(d->options->clock, secret, sizeof(secret));
    base32_encode(secret, sizeof(secret), account->totp_secret);
    seal_close(keys, d->options->clock, id, secret, sizeof(secret), sealed);
    (void)sodium_bin2hex(text + 2, sizeof(text) - 2, sealed, sizeof(sealed));
    demo_put(d,
             "INSERT INTO capdo.credential_totp (account_id, key_id, sealed, confirmed_at) VALUES"
             " ($1, $2, $3, now())",
             PARAMETERS(id, keys->keys[0].id, text));
    sodium_memzero(secret, sizeof(secret));
}

/* Slow on purpose: each hash takes the time and the memory of a real sign-in. */
static void sign_ins_insert(struct demo *d, const char *ids[static DEMO_ACCOUNTS])
{
    for (int i = 0; i < DEMO_ACCOUNTS && d->fault == FAULT_NONE; i++) {
        const struct sign_in *s = &sign_ins[i];
        struct demo_account *account = &d->report->accounts[i];
        char hash[PASSWORD_HASH_BYTES];

        account->username = s->username;
        account->role = s->role;
        for (size_t o = 0; o < demo_organisation_count; o++) {
            if (strcmp(demo_organisations[o].code, s->code) == 0) {
                account->organisation = demo_organisations[o].name;
            }
        }
        make_password(d->options->clock, account->password);
        if (password_hash_make(account->password, hash) != FAULT_NONE) {
            demo_stop(d, FAULT_INTERNAL, "no memory to hash a password");
            return;
        }
        ids[i] = account_insert(d, s->username, s->name, hash);
        member_insert(d, ids[i], demo_unit_find(d, s->code), s->role, s->from, NULL);
        totp_insert(d, account, ids[i]);
        demo_progress(d, "accounts", i + 1, DEMO_ACCOUNTS);
    }
}

/* Whoever prepares dossiers in each unit; the two sign-ins do it for theirs. */
static void staff_insert(struct demo *d, const char *ids[static DEMO_ACCOUNTS])
{
    for (size_t i = 0; i < d->unit_count; i++) {
        struct demo_unit *unit = &d->units[i];
        const char *post = NULL;
        char username[61];

        if (i < demo_organisation_count) {
            post = demo_organisations[i].post;
        } else {
            post = arena_printf(&d->arena, "Cán bộ công nghệ thông tin, %s", unit->name);
        }
        if (post == NULL) {
            continue;
        }
        unit->staff = (struct demo_person){NULL, post};
        for (int s = 0; s < 2; s++) {
            if (strcmp(sign_ins[s].code, unit->code) == 0) {
                unit->staff = (struct demo_person){ids[s], sign_ins[s].name};
            }
        }
        if (unit->staff.id == NULL) {
            (void)snprintf(username, sizeof(username), "staff.%s", unit->code);
            for (char *c = username; *c != '\0'; c++) {
                *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
            }
            unit->staff.id = account_insert(d, username, post, NO_PASSWORD);
            member_insert(d, unit->staff.id, unit, "staff", "2016-07-01", NULL);
        }
    }
}

static struct demo_person post_insert(struct demo *d, const char *username, const char *name,
                                      const struct demo_unit *unit, const char *role,
                                      const char *to)
{
    struct demo_person person = {account_insert(d, username, name, NO_PASSWORD), name};

    member_insert(d, person.id, unit, role, "2016-07-01", to);
    return person;
}

static void authorities_insert(struct demo *d, const char *ids[static DEMO_ACCOUNTS])
{
    const struct demo_unit *province = demo_unit_find(d, DEMO_PROVINCE);
    const struct demo_unit *police = demo_unit_find(d, DEMO_POLICE);
    const struct demo_unit *before = demo_unit_find(d, DEMO_OLD_UNIT);
    const struct demo_unit *old_province = demo_unit_find(d, DEMO_OLD_PROVINCE);
    const struct demo_unit *old_unit = demo_unit_find(d, DEMO_OLD_PROVINCE_UNIT);
    const struct demo_unit *party = demo_unit_find(d, DEMO_PARTY);
    const struct demo_unit *party_office = demo_unit_find(d, DEMO_PARTY_OFFICE);
    const char *end = "2025-02-28";

    assignment_insert(d, before, province, "92/QĐ-UBND", "2016-07-01", end);
    assignment_insert(d, police, province, "188/QĐ-UBND", "2025-03-01", NULL);
    assignment_insert(d, old_unit, old_province, "310/QĐ-UBND", "2016-07-01", end);
    assignment_insert(d, party_office, party, "45-QĐ/TU", "2016-07-01", NULL);

    struct demo_person chairman = {ids[4], sign_ins[4].name};
    d->authorities[AUTHORITY_NOW] = (struct demo_authority){
        province, police, {ids[2], sign_ins[2].name}, {ids[3], sign_ins[3].name}, chairman};
    d->authorities[AUTHORITY_BEFORE] = (struct demo_authority){
        province, before,
        post_insert(d, "appraiser.h05.90",
                    "Trưởng phòng An toàn thông tin, Sở Thông tin và Truyền thông "
                    "tỉnh Bắc Ninh",
                    before, "appraiser", end),
        post_insert(d, "director.h05.90", "Giám đốc Sở Thông tin và Truyền thông tỉnh Bắc Ninh",
                    before, "director", end),
        chairman};
    d->authorities[AUTHORITY_OLD_PROVINCE] = (struct demo_authority){
        old_province, old_unit,
        post_insert(d, "appraiser.h02.90",
                    "Trưởng phòng An toàn thông tin, Sở Thông tin và Truyền thông "
                    "tỉnh Bắc Giang",
                    old_unit, "appraiser", end),
        post_insert(d, "director.h02.90", "Giám đốc Sở Thông tin và Truyền thông tỉnh Bắc Giang",
                    old_unit, "director", end),
        post_insert(d, "chairman.h02", "Chủ tịch Ủy ban nhân dân tỉnh Bắc Giang", old_province,
                    "chairman", "2025-06-30")};
    d->authorities[AUTHORITY_PARTY] = (struct demo_authority){
        party, party_office,
        post_insert(d, "appraiser.h05.41",
                    "Phó Trưởng phòng Cơ yếu - Công nghệ thông tin, Văn phòng "
                    "Tỉnh ủy",
                    party_office, "appraiser", NULL),
        post_insert(d, "director.h05.41", "Chánh Văn phòng Tỉnh ủy", party_office, "director",
                    NULL),
        post_insert(d, "chairman.h05.40", "Bí thư Tỉnh ủy", party, "chairman", NULL)};
    (void)post_insert(
        d, "appraiser.h05.30",
        "Cán bộ thẩm định thứ hai, Phòng An ninh mạng và phòng, chống tội phạm sử dụng "
        "công nghệ cao",
        police, "appraiser", NULL);
}

void demo_people(struct demo *d)
{
    const char *ids[DEMO_ACCOUNTS] = {NULL};

    if (d->fault != FAULT_NONE) {
        return;
    }
    units_insert(d);
    sign_ins_insert(d, ids);
    staff_insert(d, ids);
    authorities_insert(d, ids);
}
