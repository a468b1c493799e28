/* What the security log tells of, in one table: stable code and title. A kind that is not here cannot
 * be written. */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "base/text.h"

/* X(name, code, Vietnamese title, English title) */
#define SECURITY_KIND_TABLE(X)                                                                   \
    X(SIGN_IN, "session.sign_in", "Đăng nhập", "Sign-in")                                        \
    X(SIGN_OUT, "session.sign_out", "Đăng xuất", "Sign-out")                                     \
    X(SESSION_ENDED, "session.ended", "Kết thúc phiên làm việc", "Session ended")                \
    X(STEP_UP, "session.step_up", "Xác thực lại bước hai", "Fresh second factor")                \
    X(ACCESS_REFUSED, "access.refused", "Từ chối truy cập", "Access refused")                    \
    X(DOSSIER_READ, "dossier.read", "Xem hồ sơ cấp độ 4, 5", "Level 4 or 5 dossier read")        \
    X(DATA_EXPORTED, "data.exported", "Kết xuất dữ liệu", "Data exported")                       \
    X(FACTOR_ADDED, "factor.added", "Thêm phương thức xác thực", "Factor added")                 \
    X(FACTOR_REMOVED, "factor.removed", "Gỡ phương thức xác thực", "Factor removed")             \
    X(FACTOR_FAILED, "factor.failed", "Xác thực bước hai không thành công",                      \
      "Second factor failed")                                                                    \
    X(RECOVERY_USED, "factor.recovery_used", "Dùng mã khôi phục", "Recovery code used")          \
    X(PASSWORD_CHANGED, "password.changed", "Đổi mật khẩu", "Password changed")                  \
    X(ACCOUNT_INVITED, "account.invited", "Mời người dùng", "Account invited")                   \
    X(ACCOUNT_ACTIVATED, "account.activated", "Kích hoạt tài khoản", "Account activated")        \
    X(ACCOUNT_RESET, "account.reset", "Cấp lại đường dẫn đặt mật khẩu", "Account reset")         \
    X(ACCOUNT_DISABLED, "account.disabled", "Khóa tài khoản", "Account disabled")                \
    X(ACCOUNT_ENABLED, "account.enabled", "Mở khóa tài khoản", "Account enabled")                \
    X(IDENTITY_LINKED, "identity.linked", "Liên kết đăng nhập một lần", "Single sign-on linked") \
    X(IDENTITY_UNLINKED, "identity.unlinked", "Gỡ liên kết đăng nhập một lần",                   \
      "Single sign-on unlinked")                                                                 \
    X(ROLE_GRANTED, "role.granted", "Giao vai trò", "Role granted")                              \
    X(ROLE_ENDED, "role.ended", "Chấm dứt vai trò", "Role ended")                                \
    X(AUTHORITY_RECORDED, "authority.recorded", "Ghi nhận phân công, ủy quyền",                  \
      "Assignment or delegation recorded")                                                       \
    X(AUTHORITY_ENDED, "authority.ended", "Chấm dứt phân công, ủy quyền",                        \
      "Assignment or delegation ended")                                                          \
    X(ORGANISATION_CHANGED, "organisation.changed", "Thay đổi cơ quan, đơn vị",                  \
      "Organisation changed")                                                                    \
    X(TOKEN_CREATED, "token.created", "Tạo mã truy cập API", "API token created")                \
    X(TOKEN_ROTATED, "token.rotated", "Thay mã truy cập API", "API token rotated")               \
    X(TOKEN_REVOKED, "token.revoked", "Thu hồi mã truy cập API", "API token revoked")            \
    X(LOG_READ, "log.read", "Xem nhật ký an ninh", "Security log read")                          \
    X(LOG_OVERFLOW, "log.overflow", "Nhật ký an ninh quá tải", "Security log overflowed")

enum security_kind {
#define SECURITY_KIND_ENUM(name, code, vi, en) SECURITY_##name,
    SECURITY_KIND_TABLE(SECURITY_KIND_ENUM)
#undef SECURITY_KIND_ENUM
        SECURITY_KIND_COUNT
};

enum security_outcome {
    SECURITY_DONE,
    SECURITY_REFUSED, /* without the right, or throttled */
    SECURITY_FAILED,  /* a wrong password, code or signature */
    SECURITY_OUTCOME_COUNT,
};

/* "" outside the enum. */
const char *security_kind_code(enum security_kind kind);
struct text security_kind_title(enum security_kind kind);
bool security_kind_from_code(struct str code, enum security_kind *ret_kind);
const char *security_outcome_code(enum security_outcome outcome);
