/* Choices a client leaves to us (RFC 9110 §12.5). Pure. A header that makes no sense counts as
 * absent: negotiation never fails a request. */
#pragma once

#include "api/reply.h"
#include "base/fault.h"
#include "base/str.h"

enum encoding {
    ENCODING_IDENTITY,
    ENCODING_GZIP,
    ENCODING_BR,
    ENCODING_COUNT,
};

#define ENCODING_BIT(encoding) (1U << (unsigned)(encoding))

/* Vietnamese unless English is wanted more. */
enum language negotiate_language(struct str accept_language);
/* The best of the available encodings (bits); identity is always at hand. */
enum encoding negotiate_encoding(struct str accept_encoding, unsigned available);
/* Content-Encoding token; NULL for identity. */
const char *encoding_name(enum encoding encoding);
