/* Any header: only what is available is chosen, and a refused encoding never is. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/negotiate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str header = {(const char *)data, size};
    unsigned available = size > 0 ? (unsigned)data[0] & 7U : 7U;
    enum language language = negotiate_language(header);
    enum encoding encoding = negotiate_encoding(header, available);

    if (language != LANGUAGE_VI && language != LANGUAGE_EN) {
        abort();
    }
    if (encoding != ENCODING_IDENTITY && (available & ENCODING_BIT(encoding)) == 0) {
        abort();
    }
    /* English is never chosen by a header that does not speak of it; "*" speaks of all. */
    if (language == LANGUAGE_EN && memchr(data, '*', size) == NULL &&
        memmem(data, size, "en", 2) == NULL && memmem(data, size, "EN", 2) == NULL &&
        memmem(data, size, "eN", 2) == NULL && memmem(data, size, "En", 2) == NULL) {
        abort();
    }
    return 0;
}
