#include "db/demo_table.h"

#define OLD_LAW "vn-85-2016"
#define NEW_LAW "vn-331-2026"
#define OLD_COMMON                                                                                 \
    " serves_defence_security=false national_egov_system=false national_critical_data_store=false" \
    " pm_decided_level5=false"
#define NEW_COMMON                                                                                 \
    " serves_defence_security=false national_egov_system=false national_critical_data_store=false" \
    " pm_or_risk_framework_level=0 important_to_national_security=false"
#define OLD(answers)                \
    {                               \
        OLD_LAW, answers OLD_COMMON \
    }
#define NEW(answers)                \
    {                               \
        NEW_LAW, answers NEW_COMMON \
    }

const struct demo_answers demo_answers[PROFILE_COUNT][DEMO_RULESETS] = {
    [PROFILE_NOTICE] = {OLD("system_type=internal info_types=public"),
                        NEW("system_type=internal info_types=public")},
    [PROFILE_INTERNAL] = {OLD("system_type=internal info_types=private,personal"),
                          NEW("system_type=internal info_types=private,personal")},
    [PROFILE_PORTAL] =
        {OLD("system_type=citizen_business info_types=public public_service_max_level=1"
             " provides_public_service_or_info=true online_service=true"
             " conditional_business_service=false"),
         NEW("system_type=citizen_business info_types=public online_service=true"
             " handles_administrative_procedures=false conditional_business_service=false")},
    [PROFILE_SERVICE] =
        {OLD("system_type=citizen_business info_types=public,personal public_service_max_level=1"
             " provides_public_service_or_info=true online_service=true"
             " conditional_business_service=false user_count=#"),
         NEW("system_type=citizen_business info_types=public,personal online_service=true"
             " handles_administrative_procedures=false conditional_business_service=false"
             " data_subjects_basic=# data_subjects_sensitive=0")},
    [PROFILE_FEEDBACK] =
        {OLD("system_type=citizen_business info_types=public,personal public_service_max_level=1"
             " provides_public_service_or_info=true online_service=true"
             " conditional_business_service=false user_count=#"),
         NEW("system_type=citizen_business info_types=public,personal online_service=true"
             " handles_administrative_procedures=false conditional_business_service=false"
             " data_subjects_basic=# data_subjects_sensitive=0")},
    [PROFILE_PROCEDURE] =
        {OLD("system_type=citizen_business info_types=public,private,personal"
             " public_service_max_level=4 online_service=true conditional_business_service=false"
             " user_count=#"),
         NEW("system_type=citizen_business info_types=public,private,personal online_service=true"
             " handles_administrative_procedures=true conditional_business_service=false"
             " data_subjects_basic=# data_subjects_sensitive=0")},
    [PROFILE_POPULATION] =
        {OLD("system_type=citizen_business info_types=private,personal public_service_max_level=2"
             " provides_public_service_or_info=true online_service=true"
             " conditional_business_service=false user_count=#"),
         NEW("system_type=citizen_business info_types=private,personal online_service=true"
             " handles_administrative_procedures=false conditional_business_service=false"
             " data_subjects_basic=# data_subjects_sensitive=#")},
    [PROFILE_LAN] =
        {OLD("system_type=infrastructure info_types=private infra_scope=one_organisation"),
         NEW("system_type=infrastructure info_types=private infra_scope=one_organisation")},
    [PROFILE_PLATFORM] = {OLD("system_type=infrastructure info_types=private,personal"
                              " infra_scope=sector_province_or_provinces"),
                          NEW("system_type=infrastructure info_types=private,personal"
                              " infra_scope=ministry_sector_province_or_provinces")},
    [PROFILE_CONTROL] = {OLD("system_type=ics info_types=private ics_work_grade=III"),
                         NEW("system_type=ics info_types=private ics_work_grade=III")},
    [PROFILE_DAM] = {OLD("system_type=ics info_types=private ics_work_grade=I"),
                     NEW("system_type=ics info_types=private ics_work_grade=I")},
    [PROFILE_SECRET] =
        {OLD("system_type=internal info_types=state_secret harm_defence_security=harm"),
         NEW("system_type=internal info_types=state_secret harm_national_security=harm")},
    [PROFILE_UNANSWERED] = {{OLD_LAW, "system_type=citizen_business info_types=public,personal"},
                            {NEW_LAW, "system_type=citizen_business info_types=public,personal"}},
};

#define PROVINCE DEMO_PROVINCE
#define DEPARTMENT(number, name, label)                                                       \
    {                                                                                         \
        "H05." number, name, "department", PROVINCE, "Chuyên viên " name, NULL, "2025-03-01", \
            NULL, label                                                                       \
    }
#define ENDED(code, name, kind, parent, successor, to)                  \
    {                                                                   \
        code, name, kind, parent, NULL, successor, "1997-01-01", to, "" \
    }

const struct demo_organisation demo_organisations[] = {
    {PROVINCE, "Ủy ban nhân dân tỉnh Bắc Ninh", "people_committee", NULL, NULL, NULL, "1997-01-01",
     NULL, "ubnd"},
    {DEMO_OFFICE, "Văn phòng Ủy ban nhân dân tỉnh", "office", PROVINCE,
     "Chuyên viên Phòng Hành chính - Quản trị, Văn phòng Ủy ban nhân dân tỉnh", NULL, "1997-01-01",
     NULL, "vanphong"},
    DEPARTMENT("02", "Sở Nội vụ", "snv"),
    DEPARTMENT("03", "Sở Tư pháp", "stp"),
    DEPARTMENT("04", "Sở Tài chính", "stc"),
    DEPARTMENT("05", "Sở Công Thương", "sct"),
    DEPARTMENT("06", "Sở Nông nghiệp và Môi trường", "snnmt"),
    DEPARTMENT("07", "Sở Xây dựng", "sxd"),
    DEPARTMENT("08", "Sở Khoa học và Công nghệ", "skhcn"),
    DEPARTMENT("09", "Sở Văn hóa, Thể thao và Du lịch", "svhttdl"),
    DEPARTMENT("10", "Sở Giáo dục và Đào tạo", "sgddt"),
    DEPARTMENT("11", "Sở Y tế", "syt"),
    DEPARTMENT("12", "Sở Dân tộc và Tôn giáo", "sdttg"),
    DEPARTMENT("13", "Thanh tra tỉnh", "thanhtra"),
    DEPARTMENT("14", "Ban Quản lý các khu công nghiệp tỉnh", "bqlkcn"),
    {"H05.20", "Trung tâm Chuyển đổi số tỉnh", "centre", "H05.08",
     "Chuyên viên Trung tâm Chuyển đổi số tỉnh", NULL, "2025-07-01", NULL, "cds"},
    {"H05.21", "Trung tâm Phục vụ hành chính công tỉnh", "centre", DEMO_OFFICE,
     "Chuyên viên Trung tâm Phục vụ hành chính công tỉnh", NULL, "2025-07-01", NULL, "hcc"},
    {DEMO_POLICE, "Công an tỉnh Bắc Ninh", "police", PROVINCE,
     "Cán bộ kỹ thuật Phòng Tham mưu, Công an tỉnh", NULL, "1997-01-01", NULL, "catinh"},
    {DEMO_PARTY, "Tỉnh ủy Bắc Ninh", "party", NULL, NULL, NULL, "1997-01-01", NULL, "tinhuy"},
    {DEMO_PARTY_OFFICE, "Văn phòng Tỉnh ủy", "party", DEMO_PARTY, "Chuyên viên Văn phòng Tỉnh ủy",
     NULL, "1997-01-01", NULL, "vptu"},
    {"H05.50", "Công ty Cổ phần Nước sạch Bắc Ninh", "enterprise", PROVINCE,
     "Kỹ sư vận hành, Công ty Cổ phần Nước sạch Bắc Ninh", NULL, "2005-01-01", NULL, "nuocsach"},
    {"H05.51", "Công ty TNHH một thành viên Khai thác công trình thủy lợi tỉnh", "enterprise",
     "H05.06", "Kỹ sư vận hành, Công ty Khai thác công trình thủy lợi tỉnh", NULL, "2005-01-01",
     NULL, "thuyloi"},
    /* What the mergers of 2025 ended, and who took over. */
    ENDED(DEMO_OLD_PROVINCE, "Ủy ban nhân dân tỉnh Bắc Giang", "people_committee", NULL, PROVINCE,
          "2025-06-30"),
    ENDED(DEMO_OLD_PROVINCE_UNIT, "Sở Thông tin và Truyền thông tỉnh Bắc Giang", "department",
          DEMO_OLD_PROVINCE, "H05.08", "2025-02-28"),
    ENDED("H02.06", "Sở Tài nguyên và Môi trường tỉnh Bắc Giang", "department", DEMO_OLD_PROVINCE,
          "H05.06", "2025-02-28"),
    ENDED(DEMO_OLD_UNIT, "Sở Thông tin và Truyền thông tỉnh Bắc Ninh", "department", PROVINCE,
          "H05.08", "2025-02-28"),
    ENDED("H05.91", "Sở Kế hoạch và Đầu tư tỉnh Bắc Ninh", "department", PROVINCE, "H05.04",
          "2025-02-28"),
    ENDED("H05.92", "Sở Giao thông vận tải tỉnh Bắc Ninh", "department", PROVINCE, "H05.07",
          "2025-02-28"),
    ENDED("H05.93", "Sở Lao động - Thương binh và Xã hội tỉnh Bắc Ninh", "department", PROVINCE,
          "H05.02", "2025-02-28"),
    ENDED("H05.94", "Ủy ban nhân dân thành phố Bắc Ninh", "people_committee", PROVINCE, NULL,
          "2025-06-30"),
    ENDED("H05.95", "Ủy ban nhân dân huyện Yên Phong", "people_committee", PROVINCE, NULL,
          "2025-06-30"),
};
const size_t demo_organisation_count = COUNT_OF(demo_organisations);

static const char *const communes[] = {
    "phường Kinh Bắc",    "phường Võ Cường", "phường Vũ Ninh",   "phường Hạp Lĩnh",
    "phường Nam Sơn",     "phường Từ Sơn",   "phường Tam Sơn",   "phường Đồng Nguyên",
    "phường Thuận Thành", "phường Quế Võ",   "phường Bắc Giang", "phường Đa Mai",
    "phường Yên Dũng",    "phường Việt Yên", "phường Chũ",       "xã Yên Phong",
    "xã Văn Môn",         "xã Tam Giang",    "xã Tiên Du",       "xã Liên Bão",
    "xã Gia Bình",        "xã Nhân Thắng",   "xã Lương Tài",     "xã Lâm Thao",
    "xã Lạng Giang",      "xã Kép",          "xã Lục Ngạn",      "xã Lục Nam",
    "xã Sơn Động",        "xã Yên Thế",      "xã Tân Yên",       "xã Hiệp Hòa"};
static const char *const hospitals[] = {"Đa khoa tỉnh số 1",    "Đa khoa tỉnh số 2",
                                        "Sản Nhi tỉnh",         "Phổi tỉnh",
                                        "Y học cổ truyền tỉnh", "Đa khoa khu vực Yên Phong"};
static const char *const schools[] = {
    "Chuyên Bắc Ninh",  "Chuyên Bắc Giang", "Hàn Thuyên",      "Lý Thái Tổ",    "Ngô Sĩ Liên",
    "Thuận Thành số 1", "Quế Võ số 1",      "Lạng Giang số 1", "Hiệp Hòa số 1", "Yên Phong số 1"};

const struct demo_series demo_series[SERIES_COUNT] = {
    [SERIES_COMMUNES] = {"H05.1", "commune", PROVINCE, "Ủy ban nhân dân ", "xa", communes,
                         COUNT_OF(communes)},
    [SERIES_HOSPITALS] = {"H05.11.", "hospital", "H05.11", "Bệnh viện ", "bv", hospitals,
                          COUNT_OF(hospitals)},
    [SERIES_SCHOOLS] = {"H05.10.", "school", "H05.10", "Trường Trung học phổ thông ", "thpt",
                        schools, COUNT_OF(schools)},
};

#define HEALTH "H05.11"
#define HOME "H05.02"
#define DIGITAL "H05.20"

const struct demo_system demo_systems[] = {
    /* Two agencies with work in every state, so that each role has something to do. */
    {"Hồ sơ sức khỏe điện tử toàn dân", HEALTH, PROFILE_POPULATION, STORY_RECEIVED_LATE, 2100000,
     "hssk"},
    {"Hệ thống cấp giấy phép hành nghề y, dược", HEALTH, PROFILE_PROCEDURE, STORY_APPRAISED, 9500,
     "hanhnghe"},
    {"Hệ thống quản lý tiêm chủng", HEALTH, PROFILE_INTERNAL, STORY_APPROVED_OLD_LAW, 400,
     "tiemchung"},
    {"Trang thông tin điện tử Sở Y tế", HEALTH, PROFILE_PORTAL, STORY_RETURNED, 0, "syt"},
    {"Mạng nội bộ (LAN) Sở Y tế", HEALTH, PROFILE_LAN, STORY_APPROVED_NEW_LAW, 150, NULL},
    {"Trang thông báo nội bộ Sở Y tế", HEALTH, PROFILE_NOTICE, STORY_APPROVED_LONG_AGO, 0, NULL},
    {"Hệ thống báo cáo thống kê y tế", HEALTH, PROFILE_INTERNAL, STORY_READY, 320, "baocaoyte"},
    {"Hệ thống tư vấn khám, chữa bệnh từ xa", HEALTH, PROFILE_SERVICE, STORY_DRAFT, 4200, "tuxa"},
    {"Hệ thống giám sát bệnh truyền nhiễm", HEALTH, PROFILE_INTERNAL, STORY_NO_DOSSIER, 180, NULL},
    {"Phần mềm quản lý trang thiết bị y tế", HEALTH, PROFILE_INTERNAL, STORY_SUBMITTED, 90, NULL},
    {"Tổng đài đường dây nóng y tế", HEALTH, PROFILE_SERVICE, STORY_APPROVED_REVISED, 6100, NULL},
    {"Bảng điện tử tra cứu thông tin khám, chữa bệnh", HEALTH, PROFILE_NOTICE, STORY_APPRAISED, 0,
     NULL},
    {"Cổng tra cứu cơ sở hành nghề y tế tư nhân", HEALTH, PROFILE_UNANSWERED, STORY_NO_DOSSIER, 0,
     NULL},
    {"Cơ sở dữ liệu cán bộ, công chức, viên chức", HOME, PROFILE_INTERNAL, STORY_APPROVED_NEW_LAW,
     38000, "cbccvc"},
    {"Phần mềm quản lý hồ sơ thi đua, khen thưởng", HOME, PROFILE_INTERNAL, STORY_APPRAISED, 12000,
     "tdkt"},
    {"Cơ sở dữ liệu người có công và an sinh xã hội", HOME, PROFILE_PROCEDURE, STORY_SUBMITTED_LATE,
     64000, "nguoicocong"},
    {"Trang thông tin điện tử Sở Nội vụ", HOME, PROFILE_PORTAL, STORY_READY, 0, "snv"},
    {"Mạng nội bộ (LAN) Sở Nội vụ", HOME, PROFILE_LAN, STORY_APPROVED_OLD_LAW, 120, NULL},
    {"Trang thông báo nội bộ Sở Nội vụ", HOME, PROFILE_NOTICE, STORY_RETURNED, 0, NULL},
    {"Sàn giao dịch việc làm trực tuyến", HOME, PROFILE_SERVICE, STORY_DRAFT, 7800, "vieclam"},
    {"Kho lưu trữ lịch sử số", HOME, PROFILE_INTERNAL, STORY_REFUSED, 60, NULL},
    {"Phần mềm quản lý thi tuyển công chức", HOME, PROFILE_INTERNAL, STORY_WITHDRAWN, 3000, NULL},
    {"Bảng điện tử tra cứu kết quả thi tuyển", HOME, PROFILE_NOTICE, STORY_APPROVED_NEW_LAW, 0,
     NULL},
    /* The province's own. */
    {"Hệ thống thông tin giải quyết thủ tục hành chính tỉnh", DIGITAL, PROFILE_PROCEDURE,
     STORY_APPROVED_OLD_LAW, 850000, "dichvucong"},
    {"Trung tâm tích hợp dữ liệu tỉnh", DIGITAL, PROFILE_PLATFORM, STORY_APPROVED_LONG_AGO, 0,
     NULL},
    {"Nền tảng tích hợp, chia sẻ dữ liệu cấp tỉnh (LGSP)", DIGITAL, PROFILE_PLATFORM,
     STORY_APPROVED_NEW_LAW, 0, "lgsp"},
    {"Mạng truyền số liệu chuyên dùng cấp II", DIGITAL, PROFILE_PLATFORM, STORY_APPROVED_OLD_LAW, 0,
     NULL},
    {"Trung tâm giám sát an ninh mạng tỉnh (SOC)", DIGITAL, PROFILE_PLATFORM,
     STORY_APPROVED_NEW_LAW, 0, NULL},
    {"Hệ thống nền cơ sở dữ liệu chuyên ngành", DIGITAL, PROFILE_PLATFORM, STORY_APPRAISED_LATE, 0,
     NULL},
    {"Kho dữ liệu dùng chung của tỉnh", DIGITAL, PROFILE_PLATFORM, STORY_APPROVED_NEW_LAW, 0,
     "kho"},
    {"Cổng dữ liệu mở của tỉnh", DIGITAL, PROFILE_PORTAL, STORY_APPROVED_OLD_LAW, 0, "dulieumo"},
    {"Cổng thông tin điện tử tỉnh", DEMO_OFFICE, PROFILE_PORTAL, STORY_APPROVED_OLD_LAW, 0, "www"},
    {"Hệ thống quản lý văn bản và điều hành", DEMO_OFFICE, PROFILE_INTERNAL, STORY_APPROVED_OLD_LAW,
     16000, "qlvb"},
    {"Hệ thống thư điện tử công vụ", DIGITAL, PROFILE_INTERNAL, STORY_APPROVED_NEW_LAW, 21000,
     "mail"},
    {"Hệ thống hội nghị truyền hình trực tuyến", DEMO_OFFICE, PROFILE_INTERNAL,
     STORY_APPROVED_LONG_AGO, 900, "hoinghi"},
    {"Hệ thống thông tin báo cáo của tỉnh", DEMO_OFFICE, PROFILE_INTERNAL, STORY_BY_SHARE, 2600,
     "baocao"},
    {"Trung tâm điều hành thông minh tỉnh (IOC)", DEMO_OFFICE, PROFILE_PLATFORM, STORY_APPRAISED, 0,
     "ioc"},
    {"Hệ thống phản ánh, kiến nghị hiện trường", DEMO_OFFICE, PROFILE_FEEDBACK,
     STORY_APPROVED_OLD_LAW, 40000, "phananh"},
    {"Tổng đài hỗ trợ người dân, doanh nghiệp", "H05.21", PROFILE_SERVICE, STORY_BY_SHARE, 8700,
     "1022"},
    {"Hệ thống chấm công", DEMO_OFFICE, PROFILE_INTERNAL, STORY_APPROVED_OLD_LAW, 15000,
     "chamcong"},
    {"Hệ thống soạn thảo, lưu trữ văn bản mật (máy tính độc lập)", DEMO_OFFICE, PROFILE_SECRET,
     STORY_APPROVED_OLD_LAW, 20, NULL},
    {"Hệ thống thông tin đất đai của tỉnh", "H05.06", PROFILE_PROCEDURE, STORY_APPROVED_LONG_AGO,
     620000, "datdai"},
    {"Hệ thống quan trắc môi trường tự động", "H05.06", PROFILE_PLATFORM, STORY_APPROVED_OLD_LAW, 0,
     "quantrac"},
    {"Hệ thống truy xuất nguồn gốc nông sản", "H05.06", PROFILE_SERVICE, STORY_BY_SHARE, 3100,
     "truyxuat"},
    {"Hệ thống quản lý hộ tịch điện tử", "H05.03", PROFILE_INTERNAL, STORY_BY_SHARE, 700, NULL},
    {"Cơ sở dữ liệu công chứng của tỉnh", "H05.03", PROFILE_PLATFORM, STORY_APPROVED_OLD_LAW, 0,
     "congchung"},
    {"Hệ thống quản lý ngân sách và kho bạc (đầu cuối)", "H05.04", PROFILE_INTERNAL, STORY_BY_SHARE,
     500, NULL},
    {"Cơ sở dữ liệu giá của tỉnh", "H05.04", PROFILE_PLATFORM, STORY_APPROVED_OLD_LAW, 0,
     "csdlgia"},
    {"Cơ sở dữ liệu ngành giáo dục của tỉnh", "H05.10", PROFILE_PLATFORM, STORY_APPROVED_OLD_LAW, 0,
     "csdlgd"},
    {"Hệ thống tuyển sinh đầu cấp trực tuyến", "H05.10", PROFILE_PROCEDURE, STORY_APPROVED_NEW_LAW,
     78000, "tuyensinh"},
    {"Hệ thống học bạ số", "H05.10", PROFILE_POPULATION, STORY_RECEIVED, 540000, "hocba"},
    {DEMO_SHARED_SYSTEM, "H05.07", PROFILE_PLATFORM, STORY_RECEIVED, 0, NULL},
    {"Hệ thống điều khiển đèn tín hiệu giao thông", "H05.07", PROFILE_CONTROL,
     STORY_APPROVED_OLD_LAW, 0, NULL},
    {"Hệ thống SCADA nhà máy nước sạch", "H05.50", PROFILE_CONTROL, STORY_APPROVED_NEW_LAW, 0,
     NULL},
    {"Hệ thống SCADA hồ đập thủy lợi", "H05.51", PROFILE_DAM, STORY_NO_DOSSIER, 0, NULL},
    {"Cổng du lịch thông minh", "H05.09", PROFILE_PORTAL, STORY_BY_SHARE, 0, "dulich"},
    {"Hệ thống truyền thanh ứng dụng công nghệ thông tin", "H05.09", PROFILE_PORTAL, STORY_BY_SHARE,
     0, NULL},
    {"Sàn thương mại điện tử của tỉnh", "H05.05", PROFILE_SERVICE, STORY_BY_SHARE, 5600, "san"},
    {"Mạng nội bộ (LAN) Tỉnh ủy", DEMO_PARTY_OFFICE, PROFILE_LAN, STORY_NO_DOSSIER, 300, NULL},
};
const size_t demo_system_count = COUNT_OF(demo_systems);

/* Level 1 and 2 systems that alike organisations all have; taken in turn until the shares are full. */
const struct demo_pattern demo_patterns[] = {
    {"Màn hình tra cứu, thông báo công khai", "commune", PROFILE_NOTICE, 1, 0, NULL},
    {"Trang thông báo nội bộ", "department", PROFILE_NOTICE, 1, 0, NULL},
    {"Màn hình hiển thị số thứ tự khám bệnh", "hospital", PROFILE_NOTICE, 1, 0, NULL},
    {"Bảng thông báo điện tử", "school", PROFILE_NOTICE, 1, 0, NULL},
    {"Hệ thống loa thông báo nội bộ", "commune", PROFILE_NOTICE, 1, 0, NULL},
    {"Bệnh án điện tử (EMR)", "hospital", PROFILE_POPULATION, 3, 180000, "emr"},
    {"Hệ thống thông tin bệnh viện (HIS)", "hospital", PROFILE_INTERNAL, 2, 900, "his"},
    {"Mạng nội bộ (LAN)", "department", PROFILE_LAN, 2, 140, NULL},
    {"Trang thông tin điện tử", "commune", PROFILE_PORTAL, 2, 0, "www"},
    {"Trang thông tin điện tử", "school", PROFILE_PORTAL, 2, 0, "www"},
    {"Mạng nội bộ (LAN)", "commune", PROFILE_LAN, 2, 45, NULL},
};
const size_t demo_pattern_count = COUNT_OF(demo_patterns);

const char *const demo_merged_places[] = {
    "Bắc Giang", "Đa Mai",  "Yên Dũng", "Việt Yên", "Chũ",     "Lạng Giang", "Kép",
    "Lục Ngạn",  "Lục Nam", "Sơn Động", "Yên Thế",  "Tân Yên", "Hiệp Hòa"};
const size_t demo_merged_place_count = COUNT_OF(demo_merged_places);
