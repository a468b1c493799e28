/* What a label stands for, as text that came from outside. */
#pragma once

#include "base/problems.h"

/* The target as it is kept: a website's domain name in lower case, anything else as it is. What
 * does not fit is a problem at /target. The result lives in the problems' arena. */
const char *label_target(const char *type, const char *target, struct problems *problems);
/* "" or an https address; anything else is a problem at the pointer (a constant). NULL is "". */
void label_url_check(const char *url, const char *pointer, struct problems *problems);
/* One or more labels of letters, digits and inner hyphens, the last not a number (RFC 1123);
 * lower case only. */
bool label_is_domain(const char *text);
