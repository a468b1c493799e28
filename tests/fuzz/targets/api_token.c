/* The text of an API token: whatever is sent, the reader stays inside it, and what it accepts is a
 * token with its own checksum. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/api_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct api_token_text pieces = {{NULL, 0}, {NULL, 0}};
    char *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    if (api_token_read((struct str){copy, size}, &pieces)) {
        if (size != API_TOKEN_TEXT_BYTES - 1 || pieces.key.length != API_TOKEN_KEY_CHARACTERS ||
            pieces.secret.length != API_TOKEN_SECRET_CHARACTERS || pieces.key.at != copy + 11) {
            abort();
        }
        /* One other bit anywhere, and it is none. */
        copy[size / 2] = (char)(copy[size / 2] ^ 1);
        if (api_token_read((struct str){copy, size}, &pieces)) {
            abort();
        }
    }
    free(copy);
    return 0;
}
