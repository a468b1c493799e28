/* Every error that a request can end with, in one table: status, stable code (part of the API
 * contract, schema/problems.json), title in both languages (RFC 9457 `title`).
 * Who raises a fault does not log; who handles it logs once. */
#pragma once

#include <stdbool.h>

#include "base/macros.h"

/* X(name, HTTP status, code, Vietnamese title, English title) */
#define FAULT_TABLE(X)                                                                             \
    X(NONE, 200, "", "", "")                                                                       \
    X(BAD_REQUEST, 400, "bad_request", "Yêu cầu không hợp lệ", "Bad request")                      \
    X(BAD_JSON, 400, "bad_json", "Nội dung không phải là JSON hợp lệ",                             \
      "The body is not valid JSON")                                                                \
    X(UNKNOWN_PARAMETER, 400, "unknown_parameter", "Tham số không được hỗ trợ",                    \
      "Unknown parameter")                                                                         \
    X(BAD_PARAMETER, 400, "bad_parameter", "Giá trị tham số không hợp lệ",                         \
      "Invalid parameter value")                                                                   \
    X(BAD_CURSOR, 400, "bad_cursor", "Con trỏ trang không còn dùng được",                          \
      "The page cursor cannot be used")                                                            \
    X(SIGN_IN_EXPIRED, 400, "sign_in_expired", "Lần đăng nhập này đã hết hạn hoặc đã dùng",        \
      "This sign-in has expired or was used already")                                              \
    X(UNAUTHENTICATED, 401, "unauthenticated", "Bạn chưa đăng nhập", "Not signed in")              \
    X(SESSION_EXPIRED, 401, "session_expired", "Phiên làm việc đã hết hạn",                        \
      "The session has expired")                                                                   \
    X(BAD_CREDENTIALS, 401, "bad_credentials", "Tên đăng nhập hoặc mật khẩu không đúng",           \
      "Wrong user name or password")                                                               \
    X(SIGN_IN_REFUSED, 401, "sign_in_refused", "Không xác nhận được lần đăng nhập một lần này",    \
      "This single sign-on could not be confirmed")                                                \
    X(IDENTITY_UNKNOWN, 403, "identity_unknown",                                                   \
      "Danh tính này chưa liên kết với tài khoản nào đang hoạt động",                              \
      "This identity is not linked to an active account")                                          \
    X(TOKEN_INVALID, 401, "token_invalid", "Mã truy cập API không hợp lệ",                         \
      "The API token is not valid")                                                                \
    X(TOKEN_EXPIRED, 401, "token_expired", "Mã truy cập API đã hết hạn",                           \
      "The API token has expired")                                                                 \
    X(FORBIDDEN, 403, "forbidden", "Bạn không có quyền thực hiện việc này",                        \
      "You do not have this right")                                                                \
    X(FACTOR_REQUIRED, 403, "second_factor_required",                                              \
      "Cần xác thực bước hai để hoàn tất đăng nhập",                                               \
      "A second factor is needed to finish signing in")                                            \
    X(STEP_UP_REQUIRED, 403, "step_up_required", "Việc này cần xác thực lại bằng bước hai",        \
      "This needs a fresh second factor")                                                          \
    X(BAD_FACTOR, 403, "bad_second_factor",                                                        \
      "Mã hoặc khóa xác thực không đúng, đã dùng hoặc đã hết hạn",                                 \
      "The code or passkey is wrong, used already or too old")                                     \
    X(TOKEN_NETWORK, 403, "token_network", "Mã truy cập API không được dùng từ địa chỉ này",       \
      "This API token may not be used from this address")                                          \
    X(TOKEN_READ_ONLY, 403, "token_read_only",                                                     \
      "Mã truy cập API chỉ để đọc, không thực hiện thay phần việc của con người",                  \
      "An API token only reads; it does nothing in a person's place")                              \
    X(CROSS_SITE, 403, "cross_site", "Yêu cầu đến từ trang khác và bị từ chối",                    \
      "Cross-site request refused")                                                                \
    X(NOT_FOUND, 404, "not_found", "Không tìm thấy", "Not found")                                  \
    X(METHOD_NOT_ALLOWED, 405, "method_not_allowed", "Phương thức không được hỗ trợ",              \
      "Method not allowed")                                                                        \
    X(NOT_ACCEPTABLE, 406, "not_acceptable", "Không có định dạng được yêu cầu",                    \
      "The requested format is not available")                                                     \
    X(CONFLICT, 409, "conflict", "Xung đột với dữ liệu hiện có", "Conflict with the present data") \
    X(LAST_FACTOR, 409, "last_second_factor",                                                      \
      "Không thể gỡ phương thức xác thực bước hai cuối cùng",                                      \
      "The last second factor cannot be removed")                                                  \
    X(TRANSITION_BLOCKED, 409, "transition_blocked", "Chưa thể chuyển trạng thái",                 \
      "This step is not possible now")                                                             \
    X(OPEN_DOSSIER_EXISTS, 409, "open_dossier_exists", "Hệ thống đã có một hồ sơ đang xử lý",      \
      "The system already has an open dossier")                                                    \
    X(IDENTITY_TAKEN, 409, "identity_taken", "Danh tính này đã liên kết với một tài khoản",        \
      "This identity is linked to an account already")                                             \
    X(CODE_TAKEN, 409, "code_taken", "Mã này đã được dùng", "This code is already taken")          \
    X(SAME_PERSON, 409, "same_person",                                                             \
      "Người lập, người thẩm định và người phê duyệt phải là ba người khác nhau",                  \
      "Preparer, appraiser and approver must be three people")                                     \
    X(NOT_INDEPENDENT, 409, "not_independent",                                                     \
      "Đơn vị vận hành hệ thống không được thẩm định hệ thống đó",                                 \
      "Whoever operates a system cannot appraise it")                                              \
    X(DECISION_IMMUTABLE, 409, "decision_immutable", "Quyết định đã ban hành không được sửa",      \
      "An issued decision cannot be changed")                                                      \
    X(OWN_ACCOUNT, 409, "own_account",                                                             \
      "Việc này do một quản trị viên khác thực hiện cho tài khoản của bạn",                        \
      "Another administrator does this for your account")                                          \
    X(LAST_ADMINISTRATOR, 409, "last_administrator",                                               \
      "Phải luôn còn ít nhất một quản trị viên đang hoạt động",                                    \
      "At least one active administrator must remain")                                             \
    X(LINK_GONE, 410, "link_gone", "Đường dẫn này không còn dùng được",                            \
      "This link can no longer be used")                                                           \
    X(VERSION_STALE, 412, "version_stale", "Dữ liệu đã được người khác thay đổi",                  \
      "The data has been changed by someone else")                                                 \
    X(BODY_TOO_LARGE, 413, "body_too_large", "Nội dung quá lớn", "The body is too large")          \
    X(URI_TOO_LONG, 414, "uri_too_long", "Địa chỉ quá dài", "The address is too long")             \
    X(UNSUPPORTED_MEDIA_TYPE, 415, "unsupported_media_type",                                       \
      "Định dạng nội dung không được hỗ trợ", "Unsupported media type")                            \
    X(INVALID, 422, "invalid", "Dữ liệu chưa hợp lệ", "The data is not valid")                     \
    X(IDEMPOTENCY_MISMATCH, 422, "idempotency_mismatch",                                           \
      "Khóa Idempotency-Key đã dùng cho một yêu cầu khác",                                         \
      "This Idempotency-Key was used for another request")                                         \
    X(PRECONDITION_REQUIRED, 428, "precondition_required", "Thiếu tiêu đề If-Match",               \
      "If-Match is required")                                                                      \
    X(IDEMPOTENCY_KEY_REQUIRED, 428, "idempotency_key_required", "Thiếu tiêu đề Idempotency-Key",  \
      "Idempotency-Key is required")                                                               \
    X(TOO_MANY_REQUESTS, 429, "too_many_requests", "Quá nhiều lần thử, hãy đợi rồi thử lại",       \
      "Too many attempts, wait and try again")                                                     \
    X(SIGN_IN_STOPPED, 429, "sign_in_stopped",                                                     \
      "Đã dừng nhận mật khẩu của tài khoản này sau quá nhiều lần sai",                             \
      "The password of this account is no longer taken after too many failures")                   \
    X(HEADERS_TOO_LARGE, 431, "headers_too_large", "Phần đầu yêu cầu quá lớn",                     \
      "The request header is too large")                                                           \
    X(INTERNAL, 500, "internal", "Lỗi của hệ thống", "Internal error")                             \
    X(METHOD_UNKNOWN, 501, "method_unknown", "Phương thức không tồn tại", "Unknown method")        \
    X(BUSY, 503, "busy", "Hệ thống đang bận, hãy thử lại", "The service is busy, try again")       \
    X(TOO_SLOW, 503, "too_slow", "Truy vấn mất quá nhiều thời gian", "The query took too long")    \
    X(IDENTITY_PROVIDER_DOWN, 503, "identity_provider_down",                                       \
      "Hệ thống đăng nhập một lần không phản hồi; hãy đăng nhập bằng mật khẩu",                    \
      "The single sign-on service does not answer; sign in with your password")                    \
    X(DATABASE_DOWN, 503, "database_down", "Cơ sở dữ liệu tạm thời không sẵn sàng",                \
      "The database is not available")                                                             \
    X(SECRET_KEY_MISSING, 503, "secret_key_missing", "Máy chủ chưa có khóa bảo vệ mã xác thực",    \
      "The server has no key to protect secrets with")                                             \
    X(OUTCOME_UNKNOWN, 503, "outcome_unknown",                                                     \
      "Chưa rõ kết quả; hãy gửi lại với cùng Idempotency-Key",                                     \
      "The outcome is unknown; repeat with the same Idempotency-Key")                              \
    X(LOG_UNAVAILABLE, 503, "log_unavailable",                                                     \
      "Chưa ghi được nhật ký an ninh nên việc này chưa được thực hiện",                            \
      "The security log cannot be written, so this was not done")                                  \
    X(STOPPING, 503, "stopping", "Máy chủ đang dừng", "The server is stopping")

enum fault {
#define FAULT_ENUM(name, status, code, vi, en) FAULT_##name,
    FAULT_TABLE(FAULT_ENUM)
#undef FAULT_ENUM
        FAULT_COUNT
};

enum language {
    LANGUAGE_VI,
    LANGUAGE_EN,
    LANGUAGE_COUNT,
};

struct fault_info {
    const char *code;
    const char *title[LANGUAGE_COUNT];
    int status;
};

/* Borrowed from the table; a value outside it is answered as INTERNAL. */
const struct fault_info *fault_info(enum fault fault);
