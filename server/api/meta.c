#include "api/meta.h"

#include <sodium.h>

#include "base/limits.h"
#include "rules/permission.h"
#include "rules/security.h"
#include "json/writer.h"

struct code_text {
    const char *code;
    const char *vi;
    const char *en;
};

static const struct code_text LIFE_CYCLE[] = {
    {"planned", "Dự kiến", "Planned"},
    {"building", "Đang đầu tư, xây dựng", "Being built"},
    {"operating", "Đang vận hành", "In operation"},
    {"upgrading", "Đang mở rộng, nâng cấp", "Being expanded or upgraded"},
    {"retired", "Đã kết thúc vận hành", "Retired"},
    {NULL, NULL, NULL},
};
static const struct code_text PLAN_STATUS[] = {
    {"not_started", "Chưa triển khai", "Not started"},
    {"partial", "Đã triển khai một số hạng mục", "Partly implemented"},
    {"full", "Đã triển khai đầy đủ", "Fully implemented"},
    {NULL, NULL, NULL},
};
static const struct code_text APPROVAL_STATUS[] = {
    {"drafting", "Đang dự thảo", "Drafting"},
    {"sent_for_appraisal", "Đã gửi thẩm định", "Sent for appraisal"},
    {"appraised", "Đã thẩm định", "Appraised"},
    {"approved", "Đã được phê duyệt", "Approved"},
    {NULL, NULL, NULL},
};
static const struct code_text DOSSIER_STATE[] = {
    {"draft", "Bản dự thảo", "Draft"},
    {"submitted", "Đã gửi, chờ tiếp nhận", "Submitted"},
    {"received", "Đang thẩm định", "Under appraisal"},
    {"returned", "Trả lại để bổ sung", "Returned for a supplement"},
    {"appraised", "Đã thẩm định, chờ phê duyệt", "Appraised, awaiting approval"},
    {"approved", "Đã phê duyệt", "Approved"},
    {"refused", "Không phê duyệt", "Refused"},
    {"withdrawn", "Đã rút", "Withdrawn"},
    {NULL, NULL, NULL},
};
static const struct code_text STEP[] = {
    {"completeness_response", "Kiểm tra tính đầy đủ, hợp lệ", "Completeness check"},
    {"appraisal", "Thẩm định", "Appraisal"},
    {"approval", "Phê duyệt", "Approval"},
    {NULL, NULL, NULL},
};
static const struct code_text PARTY[] = {
    {"specialised_unit", "Đơn vị chuyên trách", "Specialised unit"},
    {"governing_body", "Chủ quản hệ thống thông tin", "Governing body"},
    {NULL, NULL, NULL},
};
static const struct code_text CONCLUSION[] = {
    {"suitable", "Phù hợp", "Suitable"},
    {"not_suitable", "Chưa phù hợp", "Not suitable"},
    {NULL, NULL, NULL},
};
static const struct code_text METHOD[] = {
    {"meeting", "Tổ chức họp", "Meeting"},
    {"written", "Lấy ý kiến bằng văn bản", "In writing"},
    {"both", "Cả hai hình thức", "Both"},
    {NULL, NULL, NULL},
};
static const struct code_text LABEL_STATE[] = {
    {"requested", "Đã đề nghị", "Requested"},   {"granted", "Đã cấp", "Granted"},
    {"refused", "Từ chối", "Refused"},          {"expired", "Hết hạn", "Expired"},
    {"withdrawn", "Thu hồi, rút", "Withdrawn"}, {NULL, NULL, NULL},
};
static const struct code_text LABEL_TYPE[] = {
    {"organisation", "Tổ chức", "Organisation"},
    {"website", "Website", "Website"},
    {"device", "Thiết bị", "Device"},
    {"system", "Hệ thống", "System"},
    {NULL, NULL, NULL},
};
static const struct code_text LABEL_GRADE[] = {
    {"basic", "Cơ bản", "Basic"},
    {"advanced", "Nâng cao", "Advanced"},
    {NULL, NULL, NULL},
};
static const struct code_text ORGANISATION_KIND[] = {
    {"people_committee", "Ủy ban nhân dân", "People's Committee"},
    {"department", "Sở, ban, ngành", "Department"},
    {"police", "Công an", "Police"},
    {"office", "Văn phòng", "Office"},
    {"commune", "Xã, phường", "Commune or ward"},
    {"hospital", "Bệnh viện", "Hospital"},
    {"school", "Trường học", "School"},
    {"centre", "Trung tâm", "Centre"},
    {"enterprise", "Doanh nghiệp", "Enterprise"},
    {"party", "Cơ quan Đảng", "Party body"},
    {"ministry", "Bộ, cơ quan ngang bộ", "Ministry"},
    {"other", "Khác", "Other"},
    {NULL, NULL, NULL},
};
static const struct code_text ORGANISATION_STATUS[] = {
    {"active", "Đang hoạt động", "Active"},
    {"dissolved", "Đã giải thể, sáp nhập", "Dissolved"},
    {NULL, NULL, NULL},
};
static const struct code_text ORGANISATION_CODE_SCHEME[] = {
    {"2020", "Quyết định 20/2020/QĐ-TTg", "Decision 20/2020/QĐ-TTg"},
    {"2016", "QCVN 102:2016/BTTTT", "QCVN 102:2016/BTTTT"},
    {"internal", "Nội bộ", "Internal"},
    {"statistics", "Mã đơn vị hành chính", "Administrative unit code"},
    {NULL, NULL, NULL},
};
static const struct code_text ORGANISATION_EVENT[] = {
    {"created", "Thành lập", "Established"},
    {"renamed", "Đổi tên", "Renamed"},
    {"moved", "Chuyển cơ quan cấp trên", "Moved to another parent"},
    {"code_changed", "Đổi mã", "Code changed"},
    {"merged", "Sáp nhập", "Merged"},
    {"split", "Chia, tách", "Split"},
    {"dissolved", "Giải thể", "Dissolved"},
    {"restored", "Khôi phục", "Restored"},
    {NULL, NULL, NULL},
};
static const struct code_text CONTACT_PURPOSE[] = {
    {"business", "Nghiệp vụ", "Business"},
    {"technical", "Kỹ thuật", "Technical"},
    {"incident", "Tiếp nhận sự cố", "Incidents"},
    {NULL, NULL, NULL},
};
static const struct code_text ACCOUNT_STATE[] = {
    {"invited", "Chờ kích hoạt", "Invited"},
    {"active", "Đang hoạt động", "Active"},
    {"disabled", "Đã khóa", "Disabled"},
    {NULL, NULL, NULL},
};
static const struct code_text LINK_PURPOSE[] = {
    {"activation", "Kích hoạt tài khoản", "Activation"},
    {"reset", "Đặt lại mật khẩu", "Password reset"},
    {NULL, NULL, NULL},
};
static const struct code_text ADDRESS_KIND[] = {
    {"domain", "Tên miền", "Domain"},
    {"ip_range", "Dải địa chỉ IP", "IP range"},
    {NULL, NULL, NULL},
};
static const struct code_text COMPONENT_KIND[] = {
    {"hardware", "Thiết bị", "Hardware"},
    {"software", "Phần mềm", "Software"},
    {"service", "Dịch vụ", "Service"},
    {"network", "Vùng mạng", "Network"},
    {NULL, NULL, NULL},
};
static const struct code_text RELATION_KIND[] = {
    {"part_of", "Là thành phần của", "Part of"},
    {"uses", "Sử dụng", "Uses"},
    {"sends_data_to", "Gửi dữ liệu đến", "Sends data to"},
    {"connects_to", "Kết nối với", "Connects to"},
    {NULL, NULL, NULL},
};
static const struct code_text SECURITY_OUTCOME[] = {
    {"done", "Thành công", "Done"},
    {"refused", "Bị từ chối", "Refused"},
    {"failed", "Không thành công", "Failed"},
    {NULL, NULL, NULL},
};

static const struct code_text AUTHORITY_SOURCE[] = {
    {"specialised_unit", "Đơn vị chuyên trách", "Specialised unit"},
    {"assigned_unit", "Đơn vị được giao thẩm định", "Unit assigned to appraise"},
    {"council", "Hội đồng thẩm định", "Appraisal council"},
    {"governing_body", "Chủ quản hệ thống thông tin", "Governing body"},
    {"delegate", "Tổ chức được ủy quyền", "Delegate"},
    {NULL, NULL, NULL},
};
static const struct code_text ASSIGNMENT_KIND[] = {
    {"specialised_unit", "Đơn vị chuyên trách", "Specialised unit"},
    {"assigned_unit", "Đơn vị được giao thẩm định", "Unit assigned to appraise"},
    {"council", "Hội đồng thẩm định", "Appraisal council"},
    {"head", "Người đứng đầu", "Head"},
    {NULL, NULL, NULL},
};
static const struct code_text ASSIGNMENT_TARGET[] = {
    {"operator", "Mọi hệ thống của đơn vị vận hành", "Every system of the operating unit"},
    {"system", "Một hệ thống", "One system"},
    {"dossier", "Một hồ sơ", "One dossier"},
    {NULL, NULL, NULL},
};
static const struct code_text RECORD_STATE[] = {
    {"current", "Đang có hiệu lực", "In force"},
    {"future", "Chưa có hiệu lực", "Not yet in force"},
    {"ended", "Đã hết hiệu lực", "Ended"},
    {NULL, NULL, NULL},
};
static const struct code_text DELEGATION_ACT[] = {
    {"approve_level", "Phê duyệt cấp độ", "Approve the level"},
    {"approve_plan", "Phê duyệt phương án", "Approve the security plan"},
    {NULL, NULL, NULL},
};
static const struct code_text AUTHORITY_POST[] = {
    {"director", "Người đứng đầu", "Head"},
    {"chairman", "Người đứng đầu chủ quản", "Head of the governing body"},
    {"council_chair", "Chủ tịch hội đồng", "Chair of the council"},
    {"council_member", "Thành viên hội đồng", "Member of the council"},
    {NULL, NULL, NULL},
};
static const struct code_text TOKEN_REACH[] = {
    {"unit", "Hệ thống do đơn vị vận hành", "Systems that the unit operates"},
    {"body", "Hệ thống thuộc cơ quan chủ quản", "Systems of the governing body"},
    {"register", "Toàn bộ sổ đăng ký, chỉ số liệu tổng hợp", "The whole register, figures only"},
    {NULL, NULL, NULL},
};
static const struct code_text TOKEN_SCOPE[] = {
    {"stats.read", "Xem số liệu tổng hợp", "Read figures"},
    {"system.read", "Xem hệ thống thông tin", "Read systems"},
    {"dossier.read", "Xem hồ sơ", "Read dossiers"},
    {"label.read", "Xem nhãn tín nhiệm", "Read labels"},
    {"organisation.read", "Xem cơ quan, đơn vị", "Read organisations"},
    {NULL, NULL, NULL},
};
static const struct code_text TOKEN_STATE[] = {
    {"active", "Còn hiệu lực", "Active"},
    {"expiring", "Sắp hết hạn", "Expires soon"},
    {"expired", "Đã hết hạn", "Expired"},
    {"revoked", "Đã thu hồi", "Revoked"},
    {NULL, NULL, NULL},
};

static const struct {
    const char *name;
    const struct code_text *codes;
} ENUMS[] = {
    {"life_cycle", LIFE_CYCLE},
    {"plan_status", PLAN_STATUS},
    {"approval_status", APPROVAL_STATUS},
    {"dossier_state", DOSSIER_STATE},
    {"step", STEP},
    {"party", PARTY},
    {"conclusion", CONCLUSION},
    {"method", METHOD},
    {"label_state", LABEL_STATE},
    {"label_type", LABEL_TYPE},
    {"label_grade", LABEL_GRADE},
    {"organisation_kind", ORGANISATION_KIND},
    {"organisation_status", ORGANISATION_STATUS},
    {"organisation_code_scheme", ORGANISATION_CODE_SCHEME},
    {"organisation_event", ORGANISATION_EVENT},
    {"contact_purpose", CONTACT_PURPOSE},
    {"account_state", ACCOUNT_STATE},
    {"link_purpose", LINK_PURPOSE},
    {"address_kind", ADDRESS_KIND},
    {"component_kind", COMPONENT_KIND},
    {"relation_kind", RELATION_KIND},
    {"security_outcome", SECURITY_OUTCOME},
    {"authority_source", AUTHORITY_SOURCE},
    {"authority_post", AUTHORITY_POST},
    {"token_reach", TOKEN_REACH},
    {"token_scope", TOKEN_SCOPE},
    {"token_state", TOKEN_STATE},
    {"assignment_kind", ASSIGNMENT_KIND},
    {"assignment_target", ASSIGNMENT_TARGET},
    {"record_state", RECORD_STATE},
    {"delegation_act", DELEGATION_ACT},
};

static const struct {
    const char *name;
    int value;
} LIMITS[] = {
    {"target_bytes", LIMIT_TARGET_BYTES},
    {"headers", LIMIT_HEADERS},
    {"body_bytes", LIMIT_BODY_BYTES},
    {"json_depth", LIMIT_JSON_DEPTH},
    {"json_array_items", LIMIT_JSON_ARRAY_ITEMS},
    {"json_string_bytes", LIMIT_JSON_STRING_BYTES},
    {"query_parameters", LIMIT_QUERY_PARAMETERS},
    {"filter_values", LIMIT_FILTER_VALUES},
    {"page_rows", LIMIT_PAGE_ROWS},
    {"count_rows", LIMIT_COUNT_ROWS},
    {"session_idle_s", LIMIT_SESSION_IDLE_S},
    {"session_s", LIMIT_SESSION_S},
};

const char *document_etag(struct str bytes, struct arena *arena)
{
    unsigned char digest[16];
    char hex[2 * sizeof(digest) + 1];

    crypto_generichash(digest, sizeof(digest), (const unsigned char *)bytes.at, bytes.length, NULL,
                       0);
    (void)sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    return arena_printf(arena, "\"%s\"", hex);
}

static void write_code(struct json_writer *w, const char *code, const char *vi, const char *en)
{
    json_object_begin(w);
    json_member_text(w, "code", code);
    json_member_text(w, "vi", vi);
    json_member_text(w, "en", en);
    json_object_end(w);
}

static void write_rights(struct json_writer *w)
{
    json_name(w, "role");
    json_array_begin(w);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        struct text title = role_title((enum role)role);
        write_code(w, role_code((enum role)role), title.in[LANGUAGE_VI], title.in[LANGUAGE_EN]);
    }
    json_array_end(w);
    json_name(w, "security_kind");
    json_array_begin(w);
    for (unsigned kind = 0; kind < SECURITY_KIND_COUNT; kind++) {
        struct text title = security_kind_title((enum security_kind)kind);
        write_code(w, security_kind_code((enum security_kind)kind), title.in[LANGUAGE_VI],
                   title.in[LANGUAGE_EN]);
    }
    json_array_end(w);
    json_name(w, "permission");
    json_array_begin(w);
    for (unsigned p = PERMISSION_PUBLIC; p < PERMISSION_COUNT; p++) {
        struct text title = permission_title((enum permission)p);
        write_code(w, permission_code((enum permission)p), title.in[LANGUAGE_VI],
                   title.in[LANGUAGE_EN]);
    }
    json_array_end(w);
}

struct document meta_build(const struct service *service, struct arena *arena)
{
    const struct ruleset *current = service_current_ruleset(service);
    struct buffer out;
    buffer_init(&out, 8 * KIB);
    struct json_writer w = json_writer(&out);

    json_object_begin(&w);
    json_member_text(&w, "version", service->version);
    json_name(&w, "enums");
    json_object_begin(&w);
    for (size_t i = 0; i < COUNT_OF(ENUMS); i++) {
        json_name(&w, ENUMS[i].name);
        json_array_begin(&w);
        for (const struct code_text *c = ENUMS[i].codes; c->code != NULL; c++) {
            write_code(&w, c->code, c->vi, c->en);
        }
        json_array_end(&w);
    }
    write_rights(&w);
    json_object_end(&w);
    json_name(&w, "limits");
    json_object_begin(&w);
    for (size_t i = 0; i < COUNT_OF(LIMITS); i++) {
        json_member_int(&w, LIMITS[i].name, LIMITS[i].value);
    }
    json_object_end(&w);
    json_member_text(&w, "current_ruleset", current == NULL ? "" : current->id);
    json_name(&w, "sign_on");
    if (service->provider != NULL) {
        json_object_begin(&w);
        json_member_text(&w, "label", service->sign_on_label);
        json_object_end(&w);
    } else {
        json_null(&w);
    }
    json_object_end(&w);

    struct document document = {.bytes = arena_str(arena, (struct str){out.at, out.length})};
    document.etag = document_etag(document.bytes, arena);
    buffer_done(&out);
    return document;
}
