#include "json/ruleset_shape.h"

#include "rules/ruleset.h"

#define END                      \
    {                            \
        NULL,                    \
        {                        \
            .kind = DOCUMENT_ANY \
        }                        \
    }
#define ID_OF(flags_)                          \
    {                                          \
        .kind = DOCUMENT_ID, .flags = (flags_) \
    }
#define TEXT_OF(flags_)                          \
    {                                            \
        .kind = DOCUMENT_TEXT, .flags = (flags_) \
    }
#define BOOL_OF(flags_)                          \
    {                                            \
        .kind = DOCUMENT_BOOL, .flags = (flags_) \
    }
#define DATE_OF(flags_)                          \
    {                                            \
        .kind = DOCUMENT_DATE, .flags = (flags_) \
    }
#define ANY_OF(flags_)                          \
    {                                           \
        .kind = DOCUMENT_ANY, .flags = (flags_) \
    }
#define INT_OF(min_, max_, flags_)                                            \
    {                                                                         \
        .kind = DOCUMENT_INT, .min = (min_), .max = (max_), .flags = (flags_) \
    }
#define CODE_OF(codes_, flags_)                                     \
    {                                                               \
        .kind = DOCUMENT_CODE, .codes = (codes_), .flags = (flags_) \
    }
#define LIST_OF(item_, min_, max_, flags_)                                                       \
    {                                                                                            \
        .kind = DOCUMENT_ARRAY, .item = (item_), .min = (min_), .max = (max_), .flags = (flags_) \
    }
#define OBJECT_OF(members_, flags_)                                       \
    {                                                                     \
        .kind = DOCUMENT_OBJECT, .members = (members_), .flags = (flags_) \
    }
#define LEVELS LIST_OF(&level_item, 1, LEVEL_MAX, 0)
#define OPTIONAL_LEVELS LIST_OF(&level_item, 1, LEVEL_MAX, DOCUMENT_OPTIONAL)
#define ARTICLE                               \
    {"article", TEXT_OF(0)},                  \
    {                                         \
        "confidence", CODE_OF(confidences, 0) \
    }
#define NOTE                               \
    {                                      \
        "note", TEXT_OF(DOCUMENT_OPTIONAL) \
    }
#define ROWS(members_)                                 \
    {                                                  \
        .kind = DOCUMENT_OBJECT, .members = (members_) \
    }

static const char *const schemas[] = {"capdo-ruleset/1", NULL};
static const char *const confidences[] = {
    "CONFIRMED", "CONFIRMED_SECONDARY", "INFERRED", "RECALLED", "DESIGN", NULL};
static const char *const fact_types[] = {"bool", "enum", "set", "int", NULL};
static const char *const parties[] = {"operator", "specialised_unit", "governing_body",
                                      "ministry", "prime_minister",   NULL};
static const char *const steps[] = {"completeness_response", "expert_opinion", "appraisal",
                                    "approval", NULL};
static const char *const day_units[] = {"working_day", "calendar_day", NULL};
static const char *const within_units[] = {"hour", "working_day", "calendar_day", NULL};
static const char *const starts[] = {"dossier_received", "complete_valid_dossier_received", NULL};
static const char *const blocks[] = {"submitted", "received",  "appraised",
                                     "approved",  "operation", NULL};
static const char *const parts[] = {"management", "technical", "all", NULL};
static const char *const separations[] = {"logical", "physical", NULL};

static const struct document_spec level_item = INT_OF(1, LEVEL_MAX, 0);
static const struct document_spec text_item = TEXT_OF(0);
static const struct document_spec id_item = ID_OF(0);
static const struct document_spec string_item = {.kind = DOCUMENT_STRING};
static const struct document_spec party_item = CODE_OF(parties, 0);
static const struct document_spec months_item = INT_OF(1, 120, 0);
static const struct document_spec money_item = INT_OF(0, INT64_C(1000000000000), 0);

static const struct document_member terminology[] = {
    {"domain", TEXT_OF(0)},
    {"level", TEXT_OF(0)},
    {"specialised_unit", TEXT_OF(0)},
    {"security_plan", TEXT_OF(0)},
    {"security_regulation", TEXT_OF(0)},
    {"equivalence", TEXT_OF(DOCUMENT_NULLABLE)},
    ARTICLE,
    END,
};

static const struct document_member titled[] = {{"id", ID_OF(0)}, {"title", TEXT_OF(0)}, END};
static const struct document_spec titled_item = ROWS(titled);

static const struct document_member choice[] = {
    {"id", ID_OF(0)}, {"label", TEXT_OF(0)}, {"hint", TEXT_OF(DOCUMENT_OPTIONAL)}, END};
static const struct document_spec choice_item = ROWS(choice);

static const struct document_member fact[] = {
    {"id", ID_OF(0)},
    {"type", CODE_OF(fact_types, 0)},
    {"group", ID_OF(0)},
    {"question", TEXT_OF(0)},
    {"why", TEXT_OF(0)},
    ARTICLE,
    {"values", LIST_OF(&choice_item, 2, FACT_CHOICES_MAX, DOCUMENT_OPTIONAL)},
    {"unit", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"min", INT_OF(-INT64_C(1000000000000), INT64_C(1000000000000), DOCUMENT_OPTIONAL)},
    {"max", INT_OF(-INT64_C(1000000000000), INT64_C(1000000000000), DOCUMENT_OPTIONAL)},
    {"default_hint", {.kind = DOCUMENT_SCALAR, .flags = DOCUMENT_OPTIONAL}},
    {"ask_when", ANY_OF(DOCUMENT_OPTIONAL)},
    NOTE,
    END,
};
static const struct document_spec fact_item = ROWS(fact);

static const struct document_member level[] = {
    {"level", INT_OF(1, LEVEL_MAX, 0)}, {"title", TEXT_OF(0)}, {"harm", TEXT_OF(0)}, ARTICLE, END};
static const struct document_spec level_row = ROWS(level);

static const struct document_member criterion[] = {{"id", ID_OF(0)},
                                                   {"level", INT_OF(1, LEVEL_MAX, 0)},
                                                   {"text", TEXT_OF(0)},
                                                   {"when", ANY_OF(0)},
                                                   NOTE,
                                                   ARTICLE,
                                                   END};
static const struct document_spec criterion_item = ROWS(criterion);

static const struct document_member within[] = {
    {"value", INT_OF(0, 1000, 0)}, {"unit", CODE_OF(within_units, 0)}, {"starts", ID_OF(0)}, END};

/* A sentence of the law that people read and no code decides by. */
static const struct document_member statement[] = {
    {"id", ID_OF(0)},
    {"title", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"text", TEXT_OF(0)},
    {"levels", OPTIONAL_LEVELS},
    {"within", OBJECT_OF(within, DOCUMENT_OPTIONAL)},
    {"separation", CODE_OF(separations, DOCUMENT_OPTIONAL)},
    {"organisation_vnd", LIST_OF(&money_item, 2, 2, DOCUMENT_OPTIONAL)},
    NOTE,
    ARTICLE,
    END,
};
static const struct document_spec statement_item = ROWS(statement);

static const struct document_member party[] = {
    {"id", CODE_OF(parties, 0)},
    {"title", TEXT_OF(0)},
    {"description", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"rules", LIST_OF(&text_item, 1, 0, DOCUMENT_OPTIONAL)},
    ARTICLE,
    END,
};
static const struct document_spec party_row = ROWS(party);

static const struct document_member exception[] = {
    {"id", ID_OF(0)}, {"when", TEXT_OF(0)}, {"appraise_body", TEXT_OF(0)}, END};
static const struct document_spec exception_item = ROWS(exception);

static const struct document_member authority[] = {
    {"level", INT_OF(1, LEVEL_MAX, 0)},
    {"prepare", CODE_OF(parties, 0)},
    {"expert_opinion", CODE_OF(parties, DOCUMENT_NULLABLE)},
    {"submitted_by", CODE_OF(parties, 0)},
    {"appraise", CODE_OF(parties, 0)},
    {"appraise_body", TEXT_OF(DOCUMENT_NULLABLE)},
    {"appraise_exceptions", LIST_OF(&exception_item, 0, 0, 0)},
    {"approve", CODE_OF(parties, 0)},
    {"approve_plan", CODE_OF(parties, 0)},
    {"notify_after_approval", LIST_OF(&party_item, 0, 0, 0)},
    ARTICLE,
    END,
};
static const struct document_spec authority_item = ROWS(authority);

static const struct document_member special[] = {{"id", ID_OF(0)},
                                                 {"levels", LEVELS},
                                                 {"as_level", INT_OF(1, LEVEL_MAX, 0)},
                                                 {"when", ANY_OF(0)},
                                                 {"text", TEXT_OF(0)},
                                                 ARTICLE,
                                                 END};
static const struct document_spec special_item = ROWS(special);

static const struct document_member independence[] = {{"id", ID_OF(0)},
                                                      {"text", TEXT_OF(0)},
                                                      {"options", LIST_OF(&text_item, 1, 0, 0)},
                                                      NOTE,
                                                      ARTICLE,
                                                      END};

static const struct document_member delegation[] = {{"text", TEXT_OF(0)}, ARTICLE, END};

static const struct document_member field[] = {
    {"id", ID_OF(0)},
    {"label", TEXT_OF(0)},
    {"levels", OPTIONAL_LEVELS},
    {"columns", LIST_OF(&id_item, 1, 0, DOCUMENT_OPTIONAL)},
    END};
static const struct document_spec field_item = ROWS(field);

static const struct document_member variant[] = {
    {"id", ID_OF(0)}, {"when", TEXT_OF(0)}, {"title", TEXT_OF(0)}, END};
static const struct document_spec variant_item = ROWS(variant);

static const struct document_member item[] = {
    {"id", ID_OF(0)},
    {"title", TEXT_OF(0)},
    {"levels", LEVELS},
    {"required", BOOL_OF(0)},
    {"fields", LIST_OF(&field_item, 0, 0, 0)},
    {"variants", LIST_OF(&variant_item, 1, 0, DOCUMENT_OPTIONAL)},
    ARTICLE,
    END,
};
static const struct document_spec item_row = ROWS(item);

static const struct document_member approval_item[] = {
    {"id", ID_OF(0)}, {"title", TEXT_OF(0)}, {"levels", LEVELS}, ARTICLE, END};
static const struct document_spec approval_item_row = ROWS(approval_item);

static const struct document_member gate[] = {
    {"id", ID_OF(0)},
    {"blocks", CODE_OF(blocks, DOCUMENT_NULLABLE)},
    {"mandatory", BOOL_OF(0)},
    {"levels", LEVELS},
    {"title", TEXT_OF(0)},
    {"satisfied_by_item", ID_OF(DOCUMENT_OPTIONAL)},
    NOTE,
    ARTICLE,
    END,
};
static const struct document_spec gate_item = ROWS(gate);

static const struct document_member time_limit[] = {
    {"step", CODE_OF(steps, 0)},
    {"levels", LEVELS},
    {"value", INT_OF(1, 365, DOCUMENT_NULLABLE)},
    {"unit", CODE_OF(day_units, DOCUMENT_NULLABLE)},
    {"starts", CODE_OF(starts, DOCUMENT_NULLABLE)},
    NOTE,
    ARTICLE,
    END,
};
static const struct document_spec time_limit_item = ROWS(time_limit);

static const struct document_member sourced[] = {
    {"id", ID_OF(0)}, {"title", TEXT_OF(0)}, ARTICLE, END};
static const struct document_spec sourced_item = ROWS(sourced);

static const struct document_member redetermination[] = {
    {"procedure", TEXT_OF(0)}, {"triggers", LIST_OF(&sourced_item, 1, 0, 0)}, NOTE, ARTICLE, END};

static const struct document_member form[] = {
    {"no", ID_OF(0)}, {"title", TEXT_OF(0)}, ARTICLE, END};
static const struct document_spec form_item = ROWS(form);

static const struct document_member enumeration[] = {
    {"id", ID_OF(0)},
    {"title", TEXT_OF(0)},
    {"values", LIST_OF(&choice_item, 1, FACT_CHOICES_MAX, 0)},
    ARTICLE,
    END};
static const struct document_spec enumeration_item = ROWS(enumeration);

static const struct document_member column[] = {
    {"no", INT_OF(1, 99, 0)}, {"title", TEXT_OF(0)}, END};
static const struct document_spec column_item = ROWS(column);

static const struct document_member report[] = {{"form", ID_OF(0)},
                                                {"totals", LIST_OF(&titled_item, 1, 0, 0)},
                                                {"columns", LIST_OF(&column_item, 1, 0, 0)},
                                                ARTICLE,
                                                END};

static const struct document_member obligation[] = {
    {"id", ID_OF(0)},
    {"what", TEXT_OF(0)},
    {"who", LIST_OF(&party_item, 0, 0, 0)},
    {"levels", LEVELS},
    {"every_months", INT_OF(1, 120, DOCUMENT_NULLABLE)},
    {"due_before", LIST_OF(&string_item, 0, 12, 0)},
    {"due", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"when", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"performed_by", TEXT_OF(DOCUMENT_OPTIONAL)},
    {"data_period", TEXT_OF(DOCUMENT_OPTIONAL)},
    NOTE,
    ARTICLE,
    END,
};
static const struct document_spec obligation_item = ROWS(obligation);

static const struct document_member control_group[] = {
    {"id", ID_OF(0)}, {"part", CODE_OF(parts, 0)}, {"title", TEXT_OF(0)}, NOTE, END};
static const struct document_spec control_group_item = ROWS(control_group);

static const struct document_member heading[] = {
    {"id", ID_OF(0)},      {"level", INT_OF(1, LEVEL_MAX, 0)},
    {"group", ID_OF(0)},   {"clause", ID_OF(DOCUMENT_NULLABLE)},
    {"title", TEXT_OF(0)}, END};
static const struct document_spec heading_item = ROWS(heading);

static const struct document_member periodic[] = {
    {"id", ID_OF(0)},
    {"what", TEXT_OF(0)},
    {"every_months_by_level", {.kind = DOCUMENT_BY_LEVEL, .item = &months_item}},
    {"clause", {.kind = DOCUMENT_STRING}},
    {"confidence", CODE_OF(confidences, 0)},
    END};
static const struct document_spec periodic_item = ROWS(periodic);

static const struct document_member zone[] = {
    {"id", ID_OF(0)}, {"title", TEXT_OF(0)}, {"levels", LEVELS}, END};
static const struct document_spec zone_item = ROWS(zone);

static const struct document_member design[] = {
    {"id", ID_OF(0)}, {"title", TEXT_OF(0)}, {"from_level", INT_OF(1, LEVEL_MAX, 0)}, NOTE, END};
static const struct document_spec design_item = ROWS(design);

static const struct document_member controls[] = {
    {"standard", {.kind = DOCUMENT_STRING}},
    {"source", TEXT_OF(0)},
    {"inheritance", TEXT_OF(0)},
    {"groups", LIST_OF(&control_group_item, 0, 0, 0)},
    {"headings", LIST_OF(&heading_item, 0, 0, 0)},
    {"periodic", LIST_OF(&periodic_item, 0, 0, 0)},
    {"log_retention_months_by_level", {.kind = DOCUMENT_BY_LEVEL, .item = &months_item}},
    {"network_zones", LIST_OF(&zone_item, 0, 0, 0)},
    {"design_requirements", LIST_OF(&design_item, 0, 0, 0)},
    {"physical_security", TEXT_OF(DOCUMENT_NULLABLE)},
    ARTICLE,
    END,
};

static const struct document_member members[] = {
    {"schema", CODE_OF(schemas, 0)},
    {"ruleset_id", ID_OF(0)},
    {"title", TEXT_OF(0)},
    {"short_title", TEXT_OF(0)},
    {"legal_basis", LIST_OF(&text_item, 1, 0, 0)},
    {"effective_from", DATE_OF(0)},
    {"law_effective_from", DATE_OF(DOCUMENT_NULLABLE)},
    {"effective_to", DATE_OF(DOCUMENT_NULLABLE)},
    {"accepts_dossiers_until", DATE_OF(DOCUMENT_NULLABLE)},
    {"effective_confidence", CODE_OF(confidences, 0)},
    {"effective_note", TEXT_OF(DOCUMENT_NULLABLE)},
    {"supersedes", ID_OF(DOCUMENT_NULLABLE)},
    {"superseded_by", ID_OF(DOCUMENT_NULLABLE)},
    {"terminology", OBJECT_OF(terminology, 0)},
    {"fact_groups", LIST_OF(&titled_item, 1, 0, 0)},
    {"facts", LIST_OF(&fact_item, 1, RULESET_FACTS_MAX, 0)},
    {"levels", LIST_OF(&level_row, LEVEL_MAX, LEVEL_MAX, 0)},
    {"criteria", LIST_OF(&criterion_item, 1, RULESET_CRITERIA_MAX, 0)},
    {"combination_rules", LIST_OF(&statement_item, 0, 0, 0)},
    {"parties", LIST_OF(&party_row, 1, 0, 0)},
    {"authority", LIST_OF(&authority_item, LEVEL_MAX, LEVEL_MAX, 0)},
    {"special_procedures", LIST_OF(&special_item, 0, 0, 0)},
    {"independence", OBJECT_OF(independence, DOCUMENT_NULLABLE)},
    {"delegation", OBJECT_OF(delegation, DOCUMENT_NULLABLE)},
    {"dossier_items", LIST_OF(&item_row, 1, 0, 0)},
    {"approval_dossier_items", LIST_OF(&approval_item_row, 0, 0, 0)},
    {"gates", LIST_OF(&gate_item, 0, RULESET_GATES_MAX, 0)},
    {"time_limits", LIST_OF(&time_limit_item, 0, 0, 0)},
    {"appraisal_checks", LIST_OF(&sourced_item, 0, 0, 0)},
    {"redetermination", OBJECT_OF(redetermination, 0)},
    {"forms", LIST_OF(&form_item, 0, 0, 0)},
    {"forms_note", TEXT_OF(DOCUMENT_NULLABLE)},
    {"enumerations", LIST_OF(&enumeration_item, 1, 0, 0)},
    {"annual_report", OBJECT_OF(report, DOCUMENT_NULLABLE)},
    {"obligations", LIST_OF(&obligation_item, 0, 0, 0)},
    {"measures_by_level", LIST_OF(&statement_item, 0, 0, 0)},
    {"incident_reporting", LIST_OF(&statement_item, 0, 0, 0)},
    {"cloud_hosting_rules", LIST_OF(&statement_item, 0, 0, 0)},
    {"transition", LIST_OF(&statement_item, 0, 0, 0)},
    {"sanctions", LIST_OF(&statement_item, 0, 0, 0)},
    {"sanctions_note", TEXT_OF(DOCUMENT_NULLABLE)},
    {"controls", OBJECT_OF(controls, DOCUMENT_NULLABLE)},
    END,
};

const struct document_spec ruleset_shape = {.kind = DOCUMENT_OBJECT, .members = members};
