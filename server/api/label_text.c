#include "api/label_text.h"

#include <string.h>

enum { DOMAIN_LABEL_MAX = 63, DOMAIN_MAX = 253 };

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool label_is_domain(const char *text)
{
    struct str rest = str_of(text);
    struct str part = rest;
    int parts = 0;

    if (rest.length == 0 || rest.length > DOMAIN_MAX) {
        return false;
    }
    while (rest.at != NULL) {
        part = str_cut(&rest, '.');
        parts++;
        if (part.length == 0 || part.length > DOMAIN_LABEL_MAX || part.at[0] == '-' ||
            part.at[part.length - 1] == '-') {
            return false;
        }
        for (size_t i = 0; i < part.length; i++) {
            if (!is_letter_or_digit(part.at[i]) && part.at[i] != '-') {
                return false;
            }
        }
    }
    bool number = strspn(part.at, "0123456789") >= part.length;
    return parts >= 2 && !number;
}

const char *label_target(const char *type, const char *target, struct problems *problems)
{
    char *text = arena_copy(problems->arena, target);

    if (strcmp(type, "website") != 0) {
        if (text[strspn(text, " \t\r\n")] == '\0') {
            problems_add(problems, "/target", "too_short", NULL,
                         TEXT("Không được để trống", "Must not be empty"));
        }
        return text;
    }
    for (char *p = text; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'Z') {
            *p = (char)(*p - 'A' + 'a');
        }
    }
    if (!label_is_domain(text)) {
        problems_add(problems, "/target", "not_a_domain", NULL,
                     TEXT("Ghi tên miền, ví dụ: dichvucong.example.vn, không có https:// và dấu /",
                          "A domain name, e.g. dichvucong.example.vn, without https:// or /"));
    }
    return text;
}

void label_url_check(const char *url, const char *pointer, struct problems *problems)
{
    static const char SCHEME[] = "https://";

    if (url == NULL || url[0] == '\0') {
        return;
    }

    bool fits = strncmp(url, SCHEME, sizeof(SCHEME) - 1) == 0;
    const char *host = fits ? url + sizeof(SCHEME) - 1 : url;
    size_t host_length = strcspn(host, "/?#");
    /* No user:password@ in front of a host: such an address shows another host than it opens. */
    fits = fits && host_length > 0 && memchr(host, '@', host_length) == NULL;
    for (const char *p = url; fits && *p != '\0'; p++) {
        fits = *p > ' ' && strchr("\"<>\\^`{|}", *p) == NULL;
    }
    if (!fits) {
        problems_add(problems, pointer, "not_https", NULL,
                     TEXT("Phải là một địa chỉ https://", "Must be an https:// address"));
    }
}
