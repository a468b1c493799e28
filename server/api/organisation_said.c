#include <string.h>

#include "api/organisation_parts.h"

/* Codes of capdo.organisation_problems; %s is what the problem is about. */
static const struct {
    const char *code;
    const char *vi;
    const char *en;
} SAID[] = {
    {"required", "Không được để trống", "Must be given"},
    {"future", "Ngày có hiệu lực chưa đến; hãy ghi nhận vào ngày đó",
     "The day has not come; record the change on that day"},
    {"before_last_change", "Phải từ ngày %s trở đi: ngày của thay đổi gần nhất",
     "Must be %s or later: the day of the last change"},
    {"before_units_change",
     "Từ ngày này đơn vị trực thuộc còn có thay đổi đã ghi nhận; phải từ ngày %s trở đi",
     "A unit below it has changed since; must be %s or later"},
    {"used_later",
     "Đã có phê duyệt hoặc ý kiến thẩm định theo thẩm quyền của tổ chức này đến ngày %s; tổ chức chỉ có thể kết thúc sau ngày đó",
     "Somebody decided or appraised by its authority as late as %s; it can only end after that day"},
    {"not_yet", "Vào ngày đó chưa có tổ chức này; tổ chức hoạt động từ ngày %s",
     "There was no such organisation on that day; it has been active since %s"},
    {"dissolved", "Tổ chức này đã giải thể hoặc sáp nhập", "This organisation has ended"},
    {"active", "Tổ chức đang hoạt động, không cần khôi phục",
     "The organisation is active; there is nothing to restore"},
    {"unchanged", "Không khác hiện tại", "Same as now"},
    {"itself", "Không thể là chính tổ chức này", "Cannot be the organisation itself"},
    {"not_found", "Không có, hoặc không thuộc tổ chức này: %s",
     "There is none, or it does not belong to this organisation: %s"},
    {"circle", "Cơ quan cấp trên không thể là đơn vị trực thuộc nó",
     "The parent cannot be one below it"},
    {"taken", "Mã này đang là của: %s", "This code belongs to: %s"},
    {"code_taken", "Mã của tổ chức nay là của: %s",
     "The code of the organisation now belongs to: %s"},
    {"parent_not_found", "Không có cơ quan cấp trên mang mã %s", "No parent has the code %s"},
    {"closed", "Mã này đã đóng; nay là %s. Tệp có thể đã cũ",
     "This code is closed; it is now %s. The file may be old"},
    {"former_name", "Đây là tên cũ; tên hiện nay là: %s. Tệp có thể đã cũ",
     "This is a former name; the present one is: %s. The file may be old"},
    {"several", "Có nhiều tổ chức cùng tên này: %s; hãy ghi mã cho từng tổ chức trước",
     "Several organisations have this name: %s; record the code of each of them first"},
    {"not_valid", "Giá trị không hợp lệ", "The value is not valid"},
    {"formula", "Ô chứa công thức; hãy dán giá trị", "The cell holds a formula; paste its value"},
    {"number", "Ô được lưu dạng số, có thể đã mất số 0 ở đầu; hãy đổi định dạng ô thành văn bản",
     "The cell is a number and may have lost leading zeros; format it as text"},
    {"bad_date", "Không phải là ngày; viết 2025-07-01 hoặc 01/07/2025",
     "Not a date; write 2025-07-01 or 01/07/2025"},
    {"bad_code", "Chỉ gồm chữ không dấu, số, dấu chấm, gạch nối",
     "Only letters without accents, digits, full stop and hyphen"},
    {"not_a_choice", "Không có trong danh mục", "Not one of the codes of the catalogue"},
    {"too_long", "Quá dài", "Too long"},
    {"row_twice", "Mã này đã có ở dòng %s của tệp",
     "This code stands in line %s of the file already"},
    {"twice", "Được nêu hai lần %s", "Named twice %s"},
    {"not_listed", "Phải là một trong các tổ chức tiếp nhận", "Must be one of the successors"},
    {"dossier_parted",
     "Hồ sơ %s đang xử lý gồm các hệ thống chuyển đi nhiều nơi; hãy để cùng một nơi hoặc rút hồ sơ",
     "The open dossier %s covers systems that would be parted; keep them together or withdraw it"},
};

/* The words with the first %s replaced. */
static const char *about_it(struct call *call, const char *words, const char *about)
{
    const char *at = strstr(words, "%s");

    return at == NULL
               ? words
               : arena_printf(call->arena, "%.*s%s%s", (int)(at - words), words, about, at + 2);
}

struct text organisation_said(struct call *call, const char *code, const char *about)
{
    for (size_t i = 0; i < COUNT_OF(SAID); i++) {
        if (strcmp(SAID[i].code, code) == 0) {
            return TEXT(about_it(call, SAID[i].vi, about), about_it(call, SAID[i].en, about));
        }
    }
    return TEXT(code, code);
}
