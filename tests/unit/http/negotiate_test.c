#include <criterion/criterion.h>

#include "http/negotiate.h"

TestSuite(negotiate, .timeout = 20);

static const struct {
    const char *header;
    enum language language;
} LANGUAGES[] = {
    {"", LANGUAGE_VI},
    {"vi", LANGUAGE_VI},
    {"en", LANGUAGE_EN},
    {"EN-gb", LANGUAGE_EN},
    {"fr", LANGUAGE_VI},
    {"*", LANGUAGE_VI},
    {"vi-VN,vi;q=0.9,en;q=0.8", LANGUAGE_VI},
    {"en-US,en;q=0.9,vi;q=0.8", LANGUAGE_EN},
    {"en;q=0.1, vi;q=0.2", LANGUAGE_VI},
    {"en, vi", LANGUAGE_VI},
    {"en;q=0", LANGUAGE_VI},
    {"english", LANGUAGE_VI},
    {"en ; q=0.5 , vi ; q=0.4", LANGUAGE_EN},
    {",,;q=,en", LANGUAGE_EN},
};

Test(negotiate, vietnamese_unless_english_is_wanted_more)
{
    for (size_t i = 0; i < COUNT_OF(LANGUAGES); i++) {
        cr_expect_eq(negotiate_language(str_of(LANGUAGES[i].header)), LANGUAGES[i].language, "%s",
                     LANGUAGES[i].header);
    }
    cr_assert_eq(negotiate_language((struct str){NULL, 0}), LANGUAGE_VI);
}

static const struct {
    const char *header;
    unsigned available;
    enum encoding encoding;
} ENCODINGS[] = {
    {"", 7, ENCODING_IDENTITY},
    {"gzip, deflate, br", 7, ENCODING_BR},
    {"gzip, deflate, br", 3, ENCODING_GZIP},
    {"gzip, deflate, br", 1, ENCODING_IDENTITY},
    {"br;q=0, gzip", 7, ENCODING_GZIP},
    {"br;q=0.0, gzip;q=0.000", 7, ENCODING_IDENTITY},
    {"gzip;q=1.0, br;q=0.5", 7, ENCODING_GZIP},
    {"*", 7, ENCODING_BR},
    {"*;q=0", 7, ENCODING_IDENTITY},
    {"*, br;q=0", 7, ENCODING_GZIP},
    {"identity", 7, ENCODING_IDENTITY},
    {"brotli", 7, ENCODING_IDENTITY},
    {"BR", 7, ENCODING_BR},
};

Test(negotiate, the_smallest_encoding_the_client_takes)
{
    for (size_t i = 0; i < COUNT_OF(ENCODINGS); i++) {
        cr_expect_eq(negotiate_encoding(str_of(ENCODINGS[i].header), ENCODINGS[i].available),
                     ENCODINGS[i].encoding, "%s", ENCODINGS[i].header);
    }
}
