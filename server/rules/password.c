#include "rules/password.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/limits.h"

/* Unicode has no decomposition of đ; Vietnamese writes without diacritics make it d. */
enum { D_STROKE_SMALL = 0x111, D_STROKE_CAPITAL = 0x110, WORD_MIN_CHARACTERS = 3 };

/* Characters as they are compared: without case and diacritics. */
struct folded {
    ucs4_t *at;
    size_t count;
};

static bool is_mark(ucs4_t c)
{
    return c >= 0x300 && c <= 0x36f;
}

static bool is_digit(ucs4_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(ucs4_t c)
{
    return (c >= 'a' && c <= 'z') || c > 0x7f;
}

static struct folded fold(const char *text, struct arena *arena)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFD, bytes, strlen(text), NULL, &length);

    if (normal == NULL) {
        abort();
    }
    struct folded folded = {.at = ARENA_ARRAY(arena, length + 1, ucs4_t)};
    for (size_t at = 0; at < length;) {
        ucs4_t c = 0;
        int taken = u8_mbtoucr(&c, normal + at, length - at);
        if (taken <= 0) {
            break; /* text of a request is UTF-8; there is nothing to compare behind this */
        }
        at += (size_t)taken;
        if (c >= 'A' && c <= 'Z') {
            c += 'a' - 'A';
        } else if (c == D_STROKE_SMALL || c == D_STROKE_CAPITAL) {
            c = 'd';
        }
        if (!is_mark(c)) {
            folded.at[folded.count++] = c;
        }
    }
    free(normal);
    return folded;
}

bool password_list_read(struct str bytes, struct arena *arena, struct password_list *ret_list)
{
    size_t lines = 0;
    struct str rest = bytes;
    struct str before = {"", 0};

    for (size_t i = 0; i < bytes.length; i++) {
        lines += bytes.at[i] == '\n' ? 1 : 0;
    }
    if (lines == 0 || bytes.length > UINT32_MAX || bytes.at[bytes.length - 1] != '\n') {
        return false;
    }

    uint32_t *starts = ARENA_ARRAY(arena, lines, uint32_t);
    for (size_t i = 0; i < lines; i++) {
        starts[i] = (uint32_t)(rest.at - bytes.at);
        struct str line = str_cut(&rest, '\n');
        size_t both = line.length < before.length ? line.length : before.length;
        int order = memcmp(before.at, line.at, both);
        if (order > 0 || (order == 0 && before.length >= line.length)) {
            return false;
        }
        before = line;
    }
    *ret_list = (struct password_list){.bytes = bytes, .starts = starts, .count = lines};
    return true;
}

static struct str line_at(const struct password_list *list, size_t index)
{
    size_t end = index + 1 < list->count ? list->starts[index + 1] : list->bytes.length;

    return (struct str){list->bytes.at + list->starts[index], end - list->starts[index] - 1};
}

static int compare(struct str a, struct str b)
{
    int order = memcmp(a.at, b.at, a.length < b.length ? a.length : b.length);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static bool listed(const struct password_list *list, const ucs4_t *text, size_t count,
                   struct arena *arena)
{
    char *wanted = arena_alloc(arena, count + 1);
    size_t low = 0;
    size_t high = list->count;

    for (size_t i = 0; i < count; i++) {
        if (text[i] > 0x7f) {
            return false; /* the list is ASCII */
        }
        wanted[i] = (char)text[i];
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(line_at(list, middle), (struct str){wanted, count});
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* As it is, and without the digits and signs that stand before and behind: "Matkhau-2026!". */
static bool is_common(const struct password_list *list, struct folded f, struct arena *arena)
{
    size_t from = 0;
    size_t to = f.count;

    if (listed(list, f.at, f.count, arena)) {
        return true;
    }
    while (from < to && !is_letter(f.at[from])) {
        from++;
    }
    while (to > from && !is_letter(f.at[to - 1])) {
        to--;
    }
    return to > from && listed(list, f.at + from, to - from, arena);
}

/* Only letters and digits count: "Bắc Ninh", "bac-ninh" and "BACNINH" are one word. */
static struct folded plain(const char *text, struct arena *arena)
{
    struct folded f = fold(text, arena);
    size_t kept = 0;

    for (size_t i = 0; i < f.count; i++) {
        if (is_letter(f.at[i]) || is_digit(f.at[i])) {
            f.at[kept++] = f.at[i];
        }
    }
    f.count = kept;
    return f;
}

/* Takes every occurrence of the word out of the text. */
static void take_out(struct folded *text, struct folded word)
{
    size_t from = 0;
    size_t kept = 0;

    if (word.count < WORD_MIN_CHARACTERS) {
        return;
    }
    while (from < text->count) {
        if (text->count - from >= word.count &&
            memcmp(text->at + from, word.at, word.count * sizeof(ucs4_t)) == 0) {
            from += word.count;
        } else {
            text->at[kept++] = text->at[from++];
        }
    }
    text->count = kept;
}

static int compare_lengths(const void *a, const void *b)
{
    const struct folded *left = a;
    const struct folded *right = b;

    return (left->count < right->count) - (left->count > right->count);
}

static bool is_context(const struct password_question *q, struct arena *arena)
{
    struct folded words[PASSWORD_WORDS_MAX];
    int count = q->word_count < PASSWORD_WORDS_MAX ? q->word_count : PASSWORD_WORDS_MAX;
    struct folded left = plain(q->password, arena);
    size_t before = left.count;

    for (int i = 0; i < count; i++) {
        words[i] = plain(q->words[i], arena);
    }
    /* The longest first, or "bacninh" would leave less of "bacninhtinh" than it should. */
    qsort(words, (size_t)count, sizeof(words[0]), compare_lengths);
    for (int i = 0; i < count; i++) {
        take_out(&left, words[i]);
    }
    return left.count < before && left.count < PASSWORD_LEFT_MIN_CHARACTERS;
}

/* One short piece over and over ("abc-abc-abc-abc-"), or runs ("1234567890", "aaaaaaa"). */
static bool is_repetitive(struct folded f)
{
    size_t surprises = f.count > 0 ? 1 : 0;

    for (size_t period = 1; period <= PASSWORD_PIECE_MAX_CHARACTERS && period * 2 <= f.count;
         period++) {
        size_t same = 0;
        while (period + same < f.count && f.at[same] == f.at[period + same]) {
            same++;
        }
        if (period + same == f.count) {
            return true;
        }
    }
    for (size_t i = 1; i < f.count; i++) {
        int64_t step = (int64_t)f.at[i] - (int64_t)f.at[i - 1];
        surprises += step < -1 || step > 1 ? 1 : 0;
    }
    return surprises < PASSWORD_SURPRISES_MIN && surprises < f.count;
}

unsigned password_flaws(const struct password_question *question, struct arena *arena)
{
    const char *password = question->password;
    size_t bytes = strlen(password);
    size_t least =
        question->has_factor ? PASSWORD_MIN_CHARACTERS_WITH_FACTOR : PASSWORD_MIN_CHARACTERS;
    unsigned flaws = 0;

    if (bytes > LIMIT_PASSWORD_BYTES) {
        return PASSWORD_TOO_LONG;
    }
    if (u8_mbsnlen((const uint8_t *)password, bytes) < least) {
        flaws |= PASSWORD_TOO_SHORT;
    }

    struct folded f = fold(password, arena);
    if (is_common(question->list, f, arena)) {
        flaws |= PASSWORD_COMMON;
    }
    if (is_context(question, arena)) {
        flaws |= PASSWORD_CONTEXT;
    }
    if (is_repetitive(f)) {
        flaws |= PASSWORD_REPETITIVE;
    }
    return flaws;
}
