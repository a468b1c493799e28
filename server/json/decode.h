/* Reads a JSON body into a struct by its shape. Strict: UTF-8 without NUL, no duplicate or unknown
 * members, limits of base/limits.h, text normalised to NFC. Everything wrong is reported at once,
 * each problem with its JSON Pointer. */
#pragma once

#include "base/problems.h"
#include "base/shape.h"
#include "base/str.h"

/* FAULT_BAD_JSON (nothing could be read, one problem says where) or FAULT_INVALID (problems says
 * what); ret_struct is zeroed and filled on FAULT_NONE. Its text lives in problems->arena. */
enum fault json_decode(struct str body, const struct shape *shape, void *ret_struct,
                       struct problems *problems) MUST_USE;

/* One member of a JSON object text as JSON text, or NULL; for stored documents, not for input. */
const char *json_text_member(struct arena *arena, const char *json, const char *name);

/* Names of the members of a JSON object text, at most names_max; returns how many there are. */
int json_member_names(struct arena *arena, const char *json, const char **ret_names, int names_max);

/* Differences of two stored JSON texts as they are shown: path (JSON Pointer), before, after (JSON
 * text or NULL). Stops at differences_max. Either text may be NULL (an empty object). */
struct json_difference {
    const char *path;
    const char *before;
    const char *after;
};
int json_differences(struct arena *arena, const char *before, const char *after,
                     struct json_difference *ret_differences, int differences_max);
