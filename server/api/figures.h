/* The rows of a statistics view, and their two forms. */
#pragma once

#include "api/call.h"
#include "base/buffer.h"
#include "base/text.h"
#include "json/writer.h"

struct figure {
    const char *key;     /* of the group */
    struct text label;   /* of the group, for people */
    const char *measure; /* what is counted */
    int64_t value;
    const char *href; /* the list whose count is the value */
};

struct figures {
    struct arena *arena; /* owns rows and texts */
    struct figure *rows;
    int count;
    int capacity;
};

void figures_add(struct figures *figures, struct figure figure);

enum { FIGURES_VIEW_COUNT = 6 };
/* Codes of the views, as in the path. */
extern const char *const FIGURES_VIEWS[FIGURES_VIEW_COUNT];

/* Computes a view under what the actor may see. */
enum fault figures_compute(struct call *call, int view, const struct actor *actor,
                           struct figures *ret_figures) MUST_USE;

/* The array of rows. */
void figures_write_json(struct json_writer *w, const struct figures *figures);
/* RFC 4180 with a header and a byte order mark; no cell begins like a formula. */
void figures_write_csv(struct buffer *out, const struct figures *figures);
