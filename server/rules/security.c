#include "rules/security.h"

static const struct {
    const char *code;
    struct text title;
} KINDS[SECURITY_KIND_COUNT] = {
#define SECURITY_KIND_ROW(name, code, vi, en) [SECURITY_##name] = {code, {{vi, en}}},
    SECURITY_KIND_TABLE(SECURITY_KIND_ROW)
#undef SECURITY_KIND_ROW
};

static const char *const OUTCOMES[SECURITY_OUTCOME_COUNT] = {
    [SECURITY_DONE] = "done",
    [SECURITY_REFUSED] = "refused",
    [SECURITY_FAILED] = "failed",
};

const char *security_kind_code(enum security_kind kind)
{
    return (unsigned)kind < SECURITY_KIND_COUNT ? KINDS[kind].code : "";
}

struct text security_kind_title(enum security_kind kind)
{
    return (unsigned)kind < SECURITY_KIND_COUNT ? KINDS[kind].title : TEXT("", "");
}

bool security_kind_from_code(struct str code, enum security_kind *ret_kind)
{
    for (unsigned kind = 0; kind < SECURITY_KIND_COUNT; kind++) {
        if (str_is(code, KINDS[kind].code)) {
            *ret_kind = (enum security_kind)kind;
            return true;
        }
    }
    return false;
}

const char *security_outcome_code(enum security_outcome outcome)
{
    return (unsigned)outcome < SECURITY_OUTCOME_COUNT ? OUTCOMES[outcome] : "";
}
