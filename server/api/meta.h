/* The document behind GET /api/v1/meta: every code of the API with its words in both languages, and
 * the limits a client can meet. Built once at start. */
#pragma once

#include "api/service.h"
#include "base/arena.h"

/* Bytes and ETag live in the arena. */
struct document meta_build(const struct service *service, struct arena *arena);
/* "sha256 in hex, quoted" of the bytes, in the arena. */
const char *document_etag(struct str bytes, struct arena *arena);
