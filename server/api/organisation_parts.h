/* Shared by the files of organisations. */
#pragma once

#include "api/call.h"
#include "db/connection.h"
#include "json/writer.h"

/* The organisation of a row of db/organisation.h as the API shows it. */
void organisation_write(struct json_writer *w, const struct rows *rows, int row);
/* The same of row 0, as text in the request's arena: the present state for a 412. */
const char *organisation_as_json(struct call *call, const struct rows *rows);
/* The words of a problem of a change or an import; about: what it is about, or "". */
struct text organisation_said(struct call *call, const char *code, const char *about);
