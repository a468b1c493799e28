#include "base/fault.h"

static const struct fault_info TABLE[FAULT_COUNT] = {
#define FAULT_ROW(name, status_, code_, vi, en) \
    [FAULT_##name] = {.status = (status_), .code = (code_), .title = {(vi), (en)}},
    FAULT_TABLE(FAULT_ROW)
#undef FAULT_ROW
};

const struct fault_info *fault_info(enum fault fault)
{
    return &TABLE[(unsigned)fault < FAULT_COUNT ? fault : FAULT_INTERNAL];
}
