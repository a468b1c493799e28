/* Golden cases: every criterion of both decrees, each side of each threshold, and the systems of
 * a province by name. The level a row expects is what an official reads out of the decree. */
#include "support/ruleset_files.h"

/* The questions that most systems answer with no. */
#define NO_331                                                          \
    "\"serves_defence_security\":false,\"national_egov_system\":false," \
    "\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":0"
#define NO_85                                                           \
    "\"serves_defence_security\":false,\"national_egov_system\":false," \
    "\"national_critical_data_store\":false,\"pm_decided_level5\":false"
#define INTERNAL(types) "\"system_type\":\"internal\",\"info_types\":[" types "],"
#define CITIZEN(types) "\"system_type\":\"citizen_business\",\"info_types\":[" types "],"
#define INFRA(scope)                                                                            \
    "\"system_type\":\"infrastructure\",\"info_types\":[\"personal\"],\"infra_scope\":\"" scope \
    "\","
#define ICS(grade) \
    "\"system_type\":\"ics\",\"info_types\":[\"private\"],\"ics_work_grade\":\"" grade "\","
#define PUBLIC "\"public\""
#define PRIVATE "\"private\""
#define PERSONAL "\"personal\""
#define SECRET "\"state_secret\""
/* 331: an online service; then whether it handles procedures, is conditional, and both counts. */
#define SERVICE_331(procedures, conditional, basic, sensitive)                         \
    "\"online_service\":true,\"handles_administrative_procedures\":" procedures        \
    ",\"conditional_business_service\":" conditional ",\"data_subjects_basic\":" basic \
    ",\"data_subjects_sensitive\":" sensitive ","
/* 85: level of public service, then the same. */
#define SERVICE_85(public_level, online, conditional, users)                                  \
    "\"public_service_max_level\":" public_level ",\"provides_public_service_or_info\":true," \
    "\"online_service\":" online ",\"conditional_business_service\":" conditional             \
    ",\"user_count\":" users ","

struct golden {
    const char *name;
    const char *facts; /* without braces */
    int level;         /* 0: no criterion met, or not determined */
    bool complete;
    const char *matched; /* a criterion that must be true, or NULL */
};

static const struct golden rows_331[] = {
    {"L1.1", INTERNAL(PUBLIC) NO_331, 1, true, "L1.1"},
    {"L1.1 not with personal", INTERNAL(PUBLIC "," PERSONAL) NO_331, 2, true, "L2.1"},
    {"L1.2",
     "\"system_type\":\"other\",\"info_types\":[\"public\"],"
     "\"serves_defence_security\":false,\"national_egov_system\":false,"
     "\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":1",
     1, true, "L1.2"},
    {"L2.1 private", INTERNAL(PRIVATE) NO_331, 2, true, "L2.1"},
    {"L2.1 personal", INTERNAL(PERSONAL) NO_331, 2, true, "L2.1"},
    {"L2.1 not with secrets",
     INTERNAL(PERSONAL "," SECRET) "\"harm_national_security\":\"none\"," NO_331, 0, true, NULL},
    {"L2.2a", CITIZEN(PUBLIC) SERVICE_331("false", "false", "0", "0") NO_331, 2, true, "L2.2a"},
    {"L2.2b", CITIZEN(PERSONAL) SERVICE_331("false", "false", "5", "5") NO_331, 2, true, "L2.2b"},
    {"L2.2b basic below", CITIZEN(PERSONAL) SERVICE_331("false", "false", "99999", "0") NO_331, 2,
     true, "L2.2b"},
    {"L3.2c basic at", CITIZEN(PERSONAL) SERVICE_331("false", "false", "100000", "0") NO_331, 3,
     true, "L3.2c"},
    {"L3.2c basic above", CITIZEN(PERSONAL) SERVICE_331("false", "false", "100001", "0") NO_331, 3,
     true, "L3.2c"},
    {"L2.2b sensitive below", CITIZEN(PRIVATE) SERVICE_331("false", "false", "0", "9999") NO_331, 2,
     true, "L2.2b"},
    {"L3.2c sensitive at", CITIZEN(PRIVATE) SERVICE_331("false", "false", "0", "10000") NO_331, 3,
     true, "L3.2c"},
    {"both below", CITIZEN(PERSONAL) SERVICE_331("false", "false", "99999", "9999") NO_331, 2, true,
     "L2.2b"},
    {"one at is enough", CITIZEN(PERSONAL) SERVICE_331("false", "false", "99999", "10000") NO_331,
     3, true, "L3.2c"},
    {"L3.2a", CITIZEN(PUBLIC) SERVICE_331("false", "true", "0", "0") NO_331, 3, true, "L3.2a"},
    {"L3.2b", CITIZEN(PERSONAL) SERVICE_331("true", "false", "10", "0") NO_331, 3, true, "L3.2b"},
    {"no online service",
     CITIZEN(PUBLIC) "\"online_service\":false,\"handles_administrative_procedures\":false," NO_331,
     0, true, NULL},
    {"L2.3", INFRA("one_organisation") NO_331, 2, true, "L2.3"},
    {"L3.3", INFRA("ministry_sector_province_or_provinces") NO_331, 3, true, "L3.3"},
    {"L4.2 infrastructure", INFRA("national") "\"needs_24x7_no_unplanned_downtime\":true," NO_331,
     4, true, "L4.2"},
    {"national but may stop",
     INFRA("national") "\"needs_24x7_no_unplanned_downtime\":false," NO_331, 0, true, NULL},
    {"L5.3", INFRA("international_interconnect") NO_331, 5, true, "L5.3"},
    {"L3.4 IV", ICS("IV") NO_331, 3, true, "L3.4"},
    {"L3.4 III", ICS("III") NO_331, 3, true, "L3.4"},
    {"L3.4 II", ICS("II") NO_331, 3, true, "L3.4"},
    {"L4.3", ICS("I") NO_331, 4, true, "L4.3"},
    {"L5.4 special", ICS("special") NO_331, 5, true, "L5.4"},
    {"L5.4 security", ICS("national_security_work") NO_331, 5, true, "L5.4"},
    {"L2.4",
     INTERNAL(PUBLIC) "\"serves_defence_security\":false,\"national_egov_system\":false,"
                      "\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":2",
     2, true, "L2.4"},
    {"L3.5",
     INTERNAL(PUBLIC) "\"serves_defence_security\":false,\"national_egov_system\":false,"
                      "\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":3",
     3, true, "L3.5"},
    {"L4.4",
     INTERNAL(PUBLIC) "\"serves_defence_security\":false,\"national_egov_system\":false,"
                      "\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":4",
     4, true, "L4.4"},
    {"L5.5", "\"pm_or_risk_framework_level\":5", 5, true, "L5.5"},
    {"L3.1 secrets", INTERNAL(SECRET) "\"harm_national_security\":\"harm\"," NO_331, 3, true,
     "L3.1"},
    {"L3.1 defence",
     INTERNAL(
         PUBLIC) "\"serves_defence_security\":true,\"national_egov_system\""
                 ":false,\"national_critical_data_store\":false,\"pm_or_risk_framework_level\":0,"
                 "\"harm_national_security\":\"harm\"",
     3, true, "L3.1"},
    {"L4.1", INTERNAL(SECRET) "\"harm_national_security\":\"serious_harm\"," NO_331, 4, true,
     "L4.1"},
    {"L4.1 exceptional, not strategic",
     INTERNAL(
         SECRET) "\"strategic\":false,\"harm_national_security\":\"exceptionally_serious_harm\"," NO_331,
     4, true, "L4.1"},
    {"L5.1",
     INTERNAL(
         SECRET) "\"strategic\":true,\"harm_national_security\":\"exceptionally_serious_harm\"," NO_331,
     5, true, "L5.1"},
    {"strategic is not asked below exceptional",
     INTERNAL(SECRET) "\"strategic\":true,\"harm_national_security\":\"serious_harm\"," NO_331, 4,
     true, "L4.1"},
    {"L4.2 e-government",
     CITIZEN(PERSONAL) SERVICE_331(
         "true", "false", "0",
         "0") "\"serves_defence_security\":false,\"national_egov_system\":true,"
              "\"needs_24x7_no_unplanned_downtime\":true,\"national_critical_data_store\":false,"
              "\"pm_or_risk_framework_level\":0",
     4, true, "L4.2"},
    {"L5.2", "\"national_critical_data_store\":true", 5, true, "L5.2"},
    {"no type matches", "\"system_type\":\"other\",\"info_types\":[\"public\"]," NO_331, 0, true,
     NULL},
    {"nothing known", "\"system_type\":null", 0, false, NULL},
};

static const struct golden rows_85[] = {
    {"L1.1", INTERNAL(PUBLIC) NO_85, 1, true, "L1.1"},
    {"L2.1", INTERNAL(PERSONAL) NO_85, 2, true, "L2.1"},
    {"L2.1 private", INTERNAL(PUBLIC "," PRIVATE) NO_85, 2, true, "L2.1"},
    {"L2.2a", CITIZEN(PUBLIC) SERVICE_85("2", "false", "false", "0") NO_85, 2, true, "L2.2a"},
    {"L2.2a information only", CITIZEN(PUBLIC) SERVICE_85("0", "false", "false", "0") NO_85, 2,
     true, "L2.2a"},
    {"L3.2a", CITIZEN(PUBLIC) SERVICE_85("3", "false", "false", "0") NO_85, 3, true, "L3.2a"},
    {"L3.2a above", CITIZEN(PUBLIC) SERVICE_85("4", "false", "false", "0") NO_85, 3, true, "L3.2a"},
    {"L2.2b", CITIZEN(PUBLIC) SERVICE_85("0", "true", "false", "0") NO_85, 2, true, "L2.2b"},
    {"L3.2b", CITIZEN(PUBLIC) SERVICE_85("0", "true", "true", "0") NO_85, 3, true, "L3.2b"},
    {"L2.2c below", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "9999") NO_85, 2, true,
     "L2.2c"},
    {"L3.2c at", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "10000") NO_85, 3, true,
     "L3.2c"},
    {"L3.2c above", CITIZEN(PRIVATE) SERVICE_85("0", "true", "false", "10001") NO_85, 3, true,
     "L3.2c"},
    {"users of public information do not count",
     CITIZEN(PUBLIC) SERVICE_85("0", "true", "false", "10000") NO_85, 2, true, "L2.2b"},
    {"L2.3", INFRA("one_organisation") NO_85, 2, true, "L2.3"},
    {"L3.3", INFRA("sector_province_or_provinces") NO_85, 3, true, "L3.3"},
    {"L4.3", INFRA("national") "\"needs_24x7_no_unplanned_downtime\":true," NO_85, 4, true, "L4.3"},
    {"L5.3", INFRA("international_interconnect") NO_85, 5, true, "L5.3"},
    {"L3.4 IV", ICS("IV") NO_85, 3, true, "L3.4"},
    {"L3.4 III", ICS("III") NO_85, 3, true, "L3.4"},
    {"L3.4 II", ICS("II") NO_85, 3, true, "L3.4"},
    {"L4.4", ICS("I") NO_85, 4, true, "L4.4"},
    {"L5.4 special", ICS("special") NO_85, 5, true, "L5.4"},
    {"L5.4 security", ICS("national_security_work") NO_85, 5, true, "L5.4"},
    {"L3.1", INTERNAL(SECRET) "\"harm_defence_security\":\"harm\"," NO_85, 3, true, "L3.1"},
    {"L4.1", INTERNAL(SECRET) "\"harm_defence_security\":\"serious_harm\"," NO_85, 4, true, "L4.1"},
    {"L5.1", INTERNAL(SECRET) "\"harm_defence_security\":\"exceptionally_serious_harm\"," NO_85, 5,
     true, "L5.1"},
    {"L4.2",
     INTERNAL(
         PERSONAL) "\"serves_defence_security\":false,\"national_egov_system\":true,"
                   "\"needs_24x7_no_unplanned_downtime\":true,\"national_critical_data_store\":false,"
                   "\"pm_decided_level5\":false",
     4, true, "L4.2"},
    {"L5.2", "\"national_critical_data_store\":true", 5, true, "L5.2"},
    {"L5.5", "\"pm_decided_level5\":true", 5, true, "L5.5"},
    {"secrets without harm", INTERNAL(SECRET) "\"harm_defence_security\":\"none\"," NO_85, 0, true,
     NULL},
    {"nothing known", "\"system_type\":null", 0, false, NULL},
};

/* Systems of a province: both decrees side by side. */
#define PROVINCE_INFRA_331 INFRA("ministry_sector_province_or_provinces") NO_331
#define PROVINCE_INFRA_85 INFRA("sector_province_or_provinces") NO_85
#define PORTAL_331 CITIZEN(PUBLIC) SERVICE_331("false", "false", "0", "0") NO_331
#define PORTAL_85 CITIZEN(PUBLIC) SERVICE_85("2", "true", "false", "0") NO_85
#define OFFICE_331 INTERNAL(PRIVATE "," PERSONAL) NO_331
#define OFFICE_85 INTERNAL(PRIVATE "," PERSONAL) NO_85
#define PROCEDURE_331 CITIZEN(PERSONAL) SERVICE_331("true", "false", "20000", "0") NO_331
#define PROCEDURE_85 CITIZEN(PERSONAL) SERVICE_85("4", "true", "false", "20000") NO_85
#define LAN_331 INFRA("one_organisation") NO_331
#define LAN_85 INFRA("one_organisation") NO_85
#define SMALL_331 CITIZEN(PERSONAL) SERVICE_331("false", "false", "3000", "0") NO_331
#define SMALL_85 CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "3000") NO_85
#define NATIONAL(no)                                                   \
    "\"serves_defence_security\":false,\"national_egov_system\":true," \
    "\"needs_24x7_no_unplanned_downtime\":true,\"national_critical_data_store\":false," no

static const struct {
    const char *name;
    const char *facts_85;
    const char *facts_331;
    int level_85;
    int level_331;
} province[] = {
    {"1 giải quyết thủ tục hành chính", PROCEDURE_85, PROCEDURE_331, 3, 3},
    {"2 trung tâm tích hợp dữ liệu", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"3 LGSP", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"4 mạng truyền số liệu", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"5 SOC", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"6 nền cơ sở dữ liệu chuyên ngành", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"7 kho dữ liệu dùng chung", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"8 cổng dữ liệu mở", PORTAL_85, PORTAL_331, 2, 2},
    {"9 cổng thông tin điện tử", PORTAL_85, PORTAL_331, 2, 2},
    {"10 quản lý văn bản", OFFICE_85, OFFICE_331, 2, 2},
    {"11 thư điện tử công vụ", OFFICE_85, OFFICE_331, 2, 2},
    {"12 hội nghị truyền hình", OFFICE_85, OFFICE_331, 2, 2},
    {"13 báo cáo của tỉnh", OFFICE_85, OFFICE_331, 2, 2},
    {"14 IOC", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"15 phản ánh hiện trường", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "40000") NO_85,
     CITIZEN(PERSONAL) SERVICE_331("false", "false", "40000", "0") NO_331, 3, 2},
    {"16 tổng đài hỗ trợ", SMALL_85, SMALL_331, 2, 2},
    {"17 chấm công", OFFICE_85, OFFICE_331, 2, 2},
    {"18 cơ sở dữ liệu cán bộ", OFFICE_85, OFFICE_331, 2, 2},
    {"19 thi đua khen thưởng", OFFICE_85, OFFICE_331, 2, 2},
    {"20 đất đai", PROCEDURE_85, PROCEDURE_331, 3, 3},
    {"21 quan trắc môi trường", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"22 hộ tịch", OFFICE_85, OFFICE_331, 2, 2},
    {"23 công chứng", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"24 ngân sách", OFFICE_85, OFFICE_331, 2, 2},
    {"25 giá", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"26 giáo dục", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"27 tuyển sinh đầu cấp", PROCEDURE_85, PROCEDURE_331, 3, 3},
    {"28 học bạ số", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "120000") NO_85,
     CITIZEN(PERSONAL) SERVICE_331("false", "false", "120000", "0") NO_331, 3, 3},
    {"29 trang trường học", PORTAL_85, PORTAL_331, 2, 2},
    {"30 HIS", OFFICE_85, OFFICE_331, 2, 2},
    {"31 EMR", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "12000") NO_85,
     CITIZEN(PERSONAL) SERVICE_331("false", "false", "12000", "12000") NO_331, 3, 3},
    {"32 hồ sơ sức khỏe", CITIZEN(PERSONAL) SERVICE_85("0", "true", "false", "900000") NO_85,
     CITIZEN(PERSONAL) SERVICE_331("false", "false", "900000", "900000") NO_331, 3, 3},
    {"33 tiêm chủng", OFFICE_85, OFFICE_331, 2, 2},
    {"34 camera", PROVINCE_INFRA_85, PROVINCE_INFRA_331, 3, 3},
    {"36 SCADA nước, cấp III", ICS("III") NO_85, ICS("III") NO_331, 3, 3},
    {"37 SCADA hồ đập, cấp I", ICS("I") NO_85, ICS("I") NO_331, 4, 4},
    {"38 cổng du lịch", SMALL_85, SMALL_331, 2, 2},
    {"39 truyền thanh", PORTAL_85, PORTAL_331, 2, 2},
    {"40 truy xuất nguồn gốc", SMALL_85, SMALL_331, 2, 2},
    {"41 sàn thương mại, ngoài danh mục", SMALL_85, SMALL_331, 2, 2},
    {"41 sàn thương mại, trong danh mục",
     CITIZEN(PERSONAL) SERVICE_85("0", "true", "true", "3000") NO_85,
     CITIZEN(PERSONAL) SERVICE_331("false", "true", "3000", "0") NO_331, 3, 3},
    {"42 LAN sở", LAN_85, LAN_331, 2, 2},
    {"43 LAN xã", LAN_85, LAN_331, 2, 2},
    {"44 trang xã", PORTAL_85, PORTAL_331, 2, 2},
    {"45 màn hình tra cứu", INTERNAL(PUBLIC) NO_85, INTERNAL(PUBLIC) NO_331, 1, 1},
    {"46 thông báo nội bộ", INTERNAL(PUBLIC) NO_85, INTERNAL(PUBLIC) NO_331, 1, 1},
    {"47 LAN Đảng ủy", LAN_85, LAN_331, 2, 2},
    {"48 văn bản mật", INTERNAL(SECRET) "\"harm_defence_security\":\"harm\"," NO_85,
     INTERNAL(SECRET) "\"harm_national_security\":\"harm\"," NO_331, 3, 3},
    {"49 cổng dịch vụ công quốc gia",
     CITIZEN(PERSONAL) SERVICE_85("4", "true", "false", "1000000")
         NATIONAL("\"pm_decided_level5\":false"),
     CITIZEN(PERSONAL) SERVICE_331("true", "false", "1000000", "0")
         NATIONAL("\"pm_or_risk_framework_level\":0"),
     4, 4},
    {"50 trục liên thông quốc gia",
     INFRA("national") "\"needs_24x7_no_unplanned_downtime\":true," NO_85,
     INFRA("national") "\"needs_24x7_no_unplanned_downtime\":true," NO_331, 4, 4},
    {"51 cơ sở dữ liệu thủ tục hành chính",
     INFRA("national") NATIONAL("\"pm_decided_level5\":false"),
     INFRA("national") NATIONAL("\"pm_or_risk_framework_level\":0"), 4, 4},
    {"52 dân cư", "\"national_critical_data_store\":true", "\"national_critical_data_store\":true",
     5, 5},
};

static void check_rows(const char *path, const struct golden *rows, size_t count)
{
    struct arena arena;
    struct ruleset ruleset;

    arena_init(&arena, 0);
    ruleset_load(&arena, path, &ruleset);
    uint64_t proven[2] = {0, 0}; /* criteria seen true, by index */
    for (size_t i = 0; i < count; i++) {
        const char *json = arena_printf(&arena, "{%s}", rows[i].facts);
        struct classification result = classification_of(&arena, &ruleset, json);
        cr_expect(result.level == rows[i].level && result.complete == rows[i].complete,
                  "%s: level %d complete %d, want %d %d", rows[i].name, result.level,
                  (int)result.complete, rows[i].level, (int)rows[i].complete);
        cr_expect(!result.complete || result.missing == 0, "%s: complete but missing",
                  rows[i].name);
        if (rows[i].matched != NULL) {
            cr_expect(result_of(&ruleset, &result, rows[i].matched) == TRI_TRUE,
                      "%s: %s is not matched", rows[i].name, rows[i].matched);
        }
        for (size_t c = 0; c < ruleset.criterion_count; c++) {
            if (rows[i].matched != NULL && strcmp(ruleset.criteria[c].id, rows[i].matched) == 0) {
                proven[c / 64] |= UINT64_C(1) << (c % 64);
            }
        }
    }
    for (size_t c = 0; c < ruleset.criterion_count; c++) {
        cr_expect((proven[c / 64] & (UINT64_C(1) << (c % 64))) != 0, "%s has no golden case",
                  ruleset.criteria[c].id);
    }
    arena_done(&arena);
}

Test(golden, decree_331_gives_the_level_of_every_case, .timeout = 30)
{
    check_rows(RULESET_331, rows_331, COUNT_OF(rows_331));
}

Test(golden, decree_85_gives_the_level_of_every_case, .timeout = 30)
{
    check_rows(RULESET_85, rows_85, COUNT_OF(rows_85));
}

Test(golden, systems_of_a_province_have_their_known_levels, .timeout = 30)
{
    struct arena arena;
    struct ruleset old;
    struct ruleset new;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_85, &old);
    ruleset_load(&arena, RULESET_331, &new);
    for (size_t i = 0; i < COUNT_OF(province); i++) {
        struct classification by_old =
            classification_of(&arena, &old, arena_printf(&arena, "{%s}", province[i].facts_85));
        struct classification by_new =
            classification_of(&arena, &new, arena_printf(&arena, "{%s}", province[i].facts_331));
        cr_expect(by_old.complete && by_old.level == province[i].level_85, "%s: 85 gives %d",
                  province[i].name, by_old.level);
        cr_expect(by_new.complete && by_new.level == province[i].level_331, "%s: 331 gives %d",
                  province[i].name, by_new.level);
    }
    arena_done(&arena);
}

/* ---- what is still asked ---- */

Test(golden, one_count_below_its_threshold_does_not_decide, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &ruleset);
    struct classification result = classification_of(
        &arena, &ruleset,
        "{" CITIZEN(
            PERSONAL) "\"online_service\":true,\"handles_administrative_procedures\":false,"
                      "\"conditional_business_service\":false,\"data_subjects_basic\":99999," NO_331
                      "}");
    cr_assert(!result.complete);
    cr_assert_eq(result.level, 0);
    cr_assert_eq(result.at_least, 2);
    cr_assert_eq(result_of(&ruleset, &result, "L2.2b"), TRI_UNKNOWN);
    cr_assert_eq(__builtin_popcountll(result.missing), 1);
    cr_assert(is_missing(&ruleset, &result, "data_subjects_sensitive"));

    result = classification_of(
        &arena, &ruleset,
        "{" CITIZEN(PERSONAL) "\"online_service\":true,\"data_subjects_basic\":100000," NO_331 "}");
    cr_assert(result.complete, "one count at its threshold decides without the other");
    cr_assert_eq(result.level, 3);
    arena_done(&arena);
}

Test(golden, an_internal_system_is_not_asked_about_infrastructure, .timeout = 10)
{
    static const char *const never[] = {"infra_scope", "ics_work_grade", "online_service",
                                        "conditional_business_service",
                                        "needs_24x7_no_unplanned_downtime"};
    static const char *const paths[] = {RULESET_331, RULESET_85};
    struct arena arena;

    arena_init(&arena, 0);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset ruleset;
        ruleset_load(&arena, paths[p], &ruleset);
        struct classification result = classification_of(
            &arena, &ruleset, "{" INTERNAL(PUBLIC) "\"national_egov_system\":false}");
        cr_expect(!result.complete);
        cr_expect_eq(result.at_least, 1);
        for (size_t i = 0; i < COUNT_OF(never); i++) {
            cr_expect(!is_missing(&ruleset, &result, never[i]), "%s is asked", never[i]);
        }
        cr_expect(is_missing(&ruleset, &result, "serves_defence_security"));
        cr_expect(is_missing(&ruleset, &result, "national_critical_data_store"));
    }
    arena_done(&arena);
}

Test(golden, nothing_known_asks_for_everything_that_can_matter, .timeout = 10)
{
    struct arena arena;
    struct ruleset ruleset;

    arena_init(&arena, 0);
    ruleset_load(&arena, RULESET_331, &ruleset);
    struct classification result = classification_of(&arena, &ruleset, "{}");
    for (size_t i = 0; i < ruleset.fact_count; i++) {
        bool procedure = strcmp(ruleset.facts[i].id, "important_to_national_security") == 0;
        cr_expect(((result.missing >> i) & 1) == (procedure ? 0 : 1), "%s", ruleset.facts[i].id);
    }
    arena_done(&arena);
}
