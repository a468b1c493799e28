/* A test that passes and leaks: the control of watch_leaks.sh. */

#include <criterion/criterion.h>
#include <stdlib.h>

static void *volatile kept;

Test(control, passes_and_leaks, .timeout = 10)
{
    kept = malloc(64);
    cr_assert(kept != NULL);
    kept = NULL;
}
