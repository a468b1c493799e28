/* One text in both languages; Vietnamese first. Borrowed. */
#pragma once

#include "base/fault.h"

struct text {
    const char *in[LANGUAGE_COUNT];
};

#define TEXT(vi, en) ((struct text){{(vi), (en)}})
