/* A parser with a planted overflow behind a word that must be guessed: the control of the fuzz
 * suite. If a minute of fuzzing does not find it, the suite finds nothing. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5 || memcmp(data, "level", 5) != 0) {
        return 0;
    }
    uint8_t *copy = malloc(size);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, data, size);
    volatile uint8_t beyond = copy[size];
    (void)beyond;
    free(copy);
    return 0;
}
