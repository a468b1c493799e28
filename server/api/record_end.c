#include "api/record_end.h"

#include <stdlib.h>
#include <string.h>

#include "api/security_log.h"
#include "json/decode.h"

struct end_input {
    struct in_text document_number, valid_to;
};
static const struct field END_INPUT[] = {
    FIELD(struct end_input, document_number, .need = REQUIRED, .min = 1, .max = 60,
          .format = FORMAT_WRITTEN),
    FIELD(struct end_input, valid_to, .need = REQUIRED, .format = FORMAT_DATE),
};
const SHAPE(record_end_shape, "RecordEnd", struct end_input, END_INPUT);

/* "%s" is the detail that comes with the code. */
static const struct {
    const char *code;
    const char *pointer;
    const char *vi;
    const char *en;
} PROBLEMS[] = {
    {"governing_unknown", "/governing_id", "Không có cơ quan chủ quản đang hoạt động này",
     "There is no such active governing body"},
    {"unit_unknown", "/organisation_id", "Không có đơn vị đang hoạt động này",
     "There is no such active unit"},
    {"delegate_unknown", "/organisation_id", "Không có tổ chức đang hoạt động này",
     "There is no such active organisation"},
    {"operator_unknown", "/operator_id", "Không có đơn vị vận hành này",
     "There is no such operating unit"},
    {"unit_is_governing", "/organisation_id", "Đơn vị phải khác cơ quan chủ quản",
     "The unit must be another than the governing body"},
    {"unit_not_below", "/organisation_id",
     "Đơn vị được giao thẩm định phải trực thuộc cơ quan chủ quản",
     "The unit that appraises must be below the governing body"},
    {"delegate_not_below", "/organisation_id",
     "Chỉ được ủy quyền cho tổ chức trực thuộc cơ quan chủ quản",
     "Only an organisation below the governing body can be a delegate"},
    {"unit_operates", "/organisation_id",
     "Đơn vị vận hành hệ thống không được thẩm định hệ thống đó",
     "Whoever operates a system cannot appraise it"},
    {"dates_reversed", "/valid_to", "Ngày hết hiệu lực không được trước ngày có hiệu lực",
     "The last day is before the first"},
    {"unit_in_force", "/valid_from",
     "Đã có đơn vị chuyên trách trong thời gian này theo văn bản số %s; hãy chấm dứt phân công đó trước",
     "There is a specialised unit in that time by document %s; end that assignment first"},
    {"delegated_already", "/powers",
     "Thẩm quyền này đã được ủy quyền trong thời gian đó theo văn bản số %s; hãy chấm dứt ủy quyền "
     "đó trước",
     "This power is delegated in that time by document %s; end that delegation first"},
    {"chair_not_member", "/chair_id", "Chủ tịch phải là một thành viên của hội đồng",
     "The chair must be a member of the council"},
    {"members_few", "/members", "Hội đồng phải có ít nhất hai thành viên",
     "A council has two members at least"},
    {"member_cannot_act", "/members",
     "Thành viên %s không có tài khoản đang giữ vai trò xử lý hồ sơ",
     "Member %s has no account with a role that acts on dossiers"},
    {"member_operates", "/members", "Thành viên %s đang làm việc tại đơn vị vận hành",
     "Member %s works in the operating unit"},
    {"ends_before_it_begins", "/valid_to", "Ngày chấm dứt không được trước ngày có hiệu lực (%s)",
     "The last day is before the first (%s)"},
    {"ends_later", "/valid_to",
     "Ngày chấm dứt không được sau ngày đã ghi (%s); gia hạn thì ghi nhận văn bản mới",
     "The last day is after the one recorded (%s); a longer term is a new document"},
    {"used_later", "/valid_to",
     "Đã có người thực hiện thẩm quyền theo văn bản này đến ngày %s; không thể chấm dứt trước ngày đó",
     "Somebody acted under this document until %s; it cannot end before that day"},
};

static const char *with_detail(struct call *call, const char *text, const char *detail)
{
    const char *place = strstr(text, "%s");

    if (place == NULL) {
        return text;
    }
    return arena_printf(call->arena, "%.*s%s%s", (int)(place - text), text,
                        detail[0] == '\0' ? "?" : detail, place + 2);
}

enum fault record_problems(struct call *call, struct rows *rows)
{
    int count = rows->count;

    for (int row = 0; row < count; row++) {
        const char *code = rows_copy(rows, row, 0, call->arena);
        const char *detail = rows_copy(rows, row, 1, call->arena);
        for (size_t i = 0; i < COUNT_OF(PROBLEMS); i++) {
            if (code != NULL && strcmp(PROBLEMS[i].code, code) == 0) {
                detail = detail == NULL ? "" : detail;
                problems_add(&call->problems, PROBLEMS[i].pointer, code, NULL,
                             TEXT(with_detail(call, PROBLEMS[i].vi, detail),
                                  with_detail(call, PROBLEMS[i].en, detail)));
            }
        }
    }
    rows_done(rows);
    return count > 0 ? FAULT_INVALID : FAULT_NONE;
}

enum fault record_end_by_body(struct call *call, const struct record_now *now, struct reply *reply)
{
    struct end_input in;
    struct rows rows;
    enum fault fault = json_decode(call->body, &record_end_shape, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (strcmp(now->state, "ended") == 0) {
        return reply_fault(reply, FAULT_CONFLICT,
                           "Văn bản này đã hết hiệu lực, không cần chấm dứt nữa",
                           "This record has ended already");
    }

    struct record_end end = {
        .table = now->table,
        .id = now->id,
        .version = call_int(call, now->version),
        .valid_to = in.valid_to.value,
        .document_number = in.document_number.value,
        .account_id = call->actor->account_id,
    };
    fault = record_end_problems(call->db, &end, now->valid_from, now->valid_to, &rows);
    if (fault == FAULT_NONE) {
        fault = record_problems(call, &rows);
    }
    if (fault == FAULT_NONE) {
        fault = record_end(call->db, &end);
    }
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_AUTHORITY_ENDED,
                                                       .subject_type = "authority",
                                                       .subject_id = now->id,
                                                       .subject_name = now->title});
    }
    return fault;
}
