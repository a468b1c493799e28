#include "rules/permission.h"

#include <string.h>

#define ALLOW(permission) PERMISSION_BIT(PERMISSION_##permission)

_Static_assert(PERMISSION_COUNT <= 32, "permissions of a role are bits of one unsigned");

struct named {
    const char *code;
    struct text title;
};

static const struct named permission_names[PERMISSION_COUNT] = {
    [PERMISSION_UNSET] = {"", {{"", ""}}},
    [PERMISSION_PUBLIC] = {"public", {{"Công khai", "Public"}}},
    [PERMISSION_SIGNING_IN] = {"signing_in", {{"Đang đăng nhập", "Signing in"}}},
    [PERMISSION_SIGNED_IN] = {"signed_in", {{"Đã đăng nhập", "Signed in"}}},
    [PERMISSION_SYSTEM_READ] = {"system.read", {{"Xem hệ thống thông tin", "Read systems"}}},
    [PERMISSION_SYSTEM_WRITE] = {"system.write",
                                 {{"Đăng ký, sửa hệ thống thông tin", "Write systems"}}},
    [PERMISSION_DOSSIER_READ] = {"dossier.read", {{"Xem hồ sơ", "Read dossiers"}}},
    [PERMISSION_DOSSIER_PREPARE] = {"dossier.prepare", {{"Lập hồ sơ", "Prepare dossiers"}}},
    [PERMISSION_DOSSIER_APPRAISE] = {"dossier.appraise",
                                     {{"Thẩm định hồ sơ", "Appraise dossiers"}}},
    [PERMISSION_DOSSIER_APPROVE] = {"dossier.approve", {{"Phê duyệt hồ sơ", "Approve dossiers"}}},
    [PERMISSION_DOSSIER_TRANSITION] = {"dossier.transition",
                                       {{"Chuyển bước hồ sơ", "Move dossiers forward"}}},
    [PERMISSION_LABEL_READ] = {"label.read", {{"Xem nhãn tín nhiệm", "Read labels"}}},
    [PERMISSION_LABEL_REQUEST] = {"label.request",
                                  {{"Đề nghị cấp nhãn tín nhiệm", "Request labels"}}},
    [PERMISSION_LABEL_RECORD] = {"label.record",
                                 {{"Ghi nhận kết quả nhãn tín nhiệm", "Record label results"}}},
    [PERMISSION_LABEL_TRANSITION] = {"label.transition",
                                     {{"Chuyển trạng thái nhãn tín nhiệm",
                                       "Change the state of labels"}}},
    [PERMISSION_ORGANISATION_READ] = {"organisation.read",
                                      {{"Xem cơ quan, đơn vị", "Read organisations"}}},
    [PERMISSION_ORGANISATION_ADMIN] = {"organisation.admin",
                                       {{"Quản lý cơ quan, đơn vị", "Manage organisations"}}},
    [PERMISSION_ACCOUNT_ADMIN] = {"account.admin", {{"Quản lý tài khoản", "Manage accounts"}}},
    [PERMISSION_ROLE_GRANT] = {"role.grant", {{"Giao và chấm dứt vai trò", "Grant and end roles"}}},
    [PERMISSION_AUTHORITY_ADMIN] = {"authority.admin",
                                    {{"Ghi nhận phân công, ủy quyền",
                                      "Record assignments and delegations"}}},
    [PERMISSION_TOKEN_ADMIN] = {"token.admin", {{"Quản lý mã truy cập API", "Manage API tokens"}}},
    [PERMISSION_SECURITY_LOG_READ] = {"security_log.read",
                                      {{"Xem nhật ký an ninh", "Read the security log"}}},
    [PERMISSION_STATS_READ] = {"stats.read", {{"Xem số liệu tổng hợp", "Read figures"}}},
};

static const struct named role_names[ROLE_COUNT] = {
    [ROLE_STAFF] = {"staff", {{"Cán bộ đơn vị vận hành", "Staff of the operating unit"}}},
    [ROLE_APPRAISER] = {"appraiser",
                        {{"Cán bộ thẩm định của đơn vị chuyên trách",
                          "Appraiser of the specialised unit"}}},
    [ROLE_DIRECTOR] = {"director",
                       {{"Lãnh đạo đơn vị chuyên trách", "Head of the specialised unit"}}},
    [ROLE_CHAIRMAN] = {"chairman", {{"Lãnh đạo cơ quan chủ quản", "Head of the governing body"}}},
    [ROLE_OFFICE] = {"office", {{"Văn phòng tổng hợp", "Provincial office"}}},
    [ROLE_ADMIN] = {"admin", {{"Quản trị tài khoản", "Administrator"}}},
};

static const unsigned role_permissions[ROLE_COUNT] = {
    [ROLE_STAFF] = ALLOW(SYSTEM_READ) | ALLOW(SYSTEM_WRITE) | ALLOW(DOSSIER_READ) |
                   ALLOW(DOSSIER_PREPARE) | ALLOW(DOSSIER_TRANSITION) | ALLOW(LABEL_READ) |
                   ALLOW(LABEL_REQUEST) | ALLOW(LABEL_TRANSITION) | ALLOW(STATS_READ) |
                   ALLOW(ORGANISATION_READ),
    [ROLE_APPRAISER] = ALLOW(SYSTEM_READ) | ALLOW(DOSSIER_READ) | ALLOW(DOSSIER_APPRAISE) |
                       ALLOW(DOSSIER_TRANSITION) | ALLOW(LABEL_READ) | ALLOW(LABEL_RECORD) |
                       ALLOW(LABEL_TRANSITION) | ALLOW(STATS_READ) | ALLOW(ORGANISATION_READ),
    [ROLE_DIRECTOR] = ALLOW(SYSTEM_READ) | ALLOW(DOSSIER_READ) | ALLOW(DOSSIER_APPROVE) |
                      ALLOW(DOSSIER_TRANSITION) | ALLOW(LABEL_READ) | ALLOW(STATS_READ) |
                      ALLOW(ORGANISATION_READ),
    [ROLE_CHAIRMAN] = ALLOW(SYSTEM_READ) | ALLOW(DOSSIER_READ) | ALLOW(DOSSIER_APPROVE) |
                      ALLOW(DOSSIER_TRANSITION) | ALLOW(LABEL_READ) | ALLOW(STATS_READ) |
                      ALLOW(ORGANISATION_READ),
    [ROLE_OFFICE] = ALLOW(SYSTEM_READ) | ALLOW(DOSSIER_READ) | ALLOW(LABEL_READ) |
                    ALLOW(STATS_READ) | ALLOW(ORGANISATION_READ),
    [ROLE_ADMIN] = ALLOW(ORGANISATION_READ) | ALLOW(ORGANISATION_ADMIN) | ALLOW(ACCOUNT_ADMIN) |
                   ALLOW(ROLE_GRANT) | ALLOW(AUTHORITY_ADMIN) | ALLOW(TOKEN_ADMIN) |
                   ALLOW(SECURITY_LOG_READ),
};

bool permission_allows(unsigned role_bits, enum permission permission)
{
    unsigned known = role_bits & (ROLE_BIT(ROLE_COUNT) - 1U);

    if (permission == PERMISSION_PUBLIC || permission == PERMISSION_SIGNING_IN) {
        return true;
    }
    if (permission == PERMISSION_SIGNED_IN) {
        return known != 0;
    }
    if ((unsigned)permission >= PERMISSION_COUNT) {
        return false;
    }
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if ((known & (1U << role)) != 0 &&
            (role_permissions[role] & (1U << (unsigned)permission)) != 0) {
            return true;
        }
    }
    return false;
}

unsigned permissions_of(unsigned role_bits)
{
    unsigned bits = 0;

    for (unsigned p = PERMISSION_SIGNED_IN + 1; p < PERMISSION_COUNT; p++) {
        bits |= permission_allows(role_bits, (enum permission)p) ? PERMISSION_BIT(p) : 0;
    }
    return bits;
}

unsigned permission_scopes(void)
{
    return ALLOW(STATS_READ) | ALLOW(SYSTEM_READ) | ALLOW(DOSSIER_READ) | ALLOW(LABEL_READ) |
           ALLOW(ORGANISATION_READ);
}

unsigned permission_scope_bit(struct str code)
{
    for (unsigned p = 0; p < PERMISSION_COUNT; p++) {
        if ((permission_scopes() & PERMISSION_BIT(p)) != 0 &&
            str_is(code, permission_names[p].code)) {
            return PERMISSION_BIT(p);
        }
    }
    return 0;
}

const char *permission_code(enum permission permission)
{
    return (unsigned)permission < PERMISSION_COUNT ? permission_names[permission].code : "";
}

struct text permission_title(enum permission permission)
{
    return permission_names[(unsigned)permission < PERMISSION_COUNT ? permission : PERMISSION_UNSET]
        .title;
}

const char *role_code(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role].code : "";
}

struct text role_title(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role].title : TEXT("", "");
}

bool role_from_code(const char *code, enum role *ret_role)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if (strcmp(role_names[role].code, code) == 0) {
            *ret_role = (enum role)role;
            return true;
        }
    }
    return false;
}
