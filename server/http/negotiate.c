#include "http/negotiate.h"

#include <string.h>
#include <strings.h>

enum { QUALITY_ONE = 1000, QUALITY_ABSENT = -1 };

static const char *const ENCODINGS[ENCODING_COUNT] = {
    [ENCODING_GZIP] = "gzip",
    [ENCODING_BR] = "br",
};

const char *encoding_name(enum encoding encoding)
{
    return (unsigned)encoding < ENCODING_COUNT ? ENCODINGS[encoding] : NULL;
}

static struct str trimmed(struct str text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 &&
           (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t')) {
        text.length--;
    }
    return text;
}

/* qvalue in thousandths; anything that is not one counts as 1. */
static int quality_of(struct str parameters)
{
    while (parameters.at != NULL) {
        struct str value = trimmed(str_cut(&parameters, ';'));
        if (value.length < 3 || strncasecmp(value.at, "q=", 2) != 0) {
            continue;
        }
        if (value.at[2] != '0') {
            return QUALITY_ONE;
        }
        int quality = 0;
        int weight = 100;
        for (size_t i = 4; i < value.length && weight > 0; i++) {
            if (value.at[i] < '0' || value.at[i] > '9') {
                return QUALITY_ONE;
            }
            quality += (value.at[i] - '0') * weight;
            weight /= 10;
        }
        return quality;
    }
    return QUALITY_ONE;
}

/* Highest quality of a member that names the token, or of "*"; a member "en-GB" names "en" when
 * the token may be a prefix. */
static int quality_for(struct str header, const char *token, bool prefix)
{
    int named = QUALITY_ABSENT;
    int any = QUALITY_ABSENT;
    size_t length = strlen(token);

    while (header.at != NULL) {
        struct str parameters = trimmed(str_cut(&header, ','));
        struct str name = trimmed(str_cut(&parameters, ';'));
        int quality = quality_of(parameters);
        bool longer = prefix && name.length > length && name.at[length] == '-';
        bool same = name.length >= length && strncasecmp(name.at, token, length) == 0;
        if (same && (name.length == length || longer)) {
            named = quality > named ? quality : named;
        } else if (str_is(name, "*")) {
            any = quality > any ? quality : any;
        }
    }
    return named != QUALITY_ABSENT ? named : any;
}

enum language negotiate_language(struct str accept_language)
{
    int vietnamese = quality_for(accept_language, "vi", true);
    int english = quality_for(accept_language, "en", true);

    return english > 0 && english > vietnamese ? LANGUAGE_EN : LANGUAGE_VI;
}

enum encoding negotiate_encoding(struct str accept_encoding, unsigned available)
{
    enum encoding best = ENCODING_IDENTITY;
    int best_quality = 0;

    for (int i = ENCODING_IDENTITY + 1; i < ENCODING_COUNT; i++) {
        int quality = quality_for(accept_encoding, ENCODINGS[i], false);
        /* Among equals the later one, which is the smaller. */
        if ((available & (1U << (unsigned)i)) != 0 && quality > 0 && quality >= best_quality) {
            best = (enum encoding)i;
            best_quality = quality;
        }
    }
    return best;
}
