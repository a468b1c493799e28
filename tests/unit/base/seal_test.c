#include "base/seal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base32.h"

static const char SECRET[] = "twenty secret bytes.";
enum { LENGTH = 20, SEALED = LENGTH + SEAL_EXTRA_BYTES };

/* A key file of this many bytes, all of them `fill`. */
static const char *key_file(char path[static 64], size_t bytes, char fill, mode_t mode)
{
    char content[SEAL_KEYS_MAX * SEAL_KEY_BYTES + SEAL_KEY_BYTES];

    (void)snprintf(path, 64, "/tmp/capdo-seal.XXXXXX");
    int fd = mkstemp(path);
    (void)memset(content, fill, sizeof(content));
    cr_assert_eq(write(fd, content, bytes), (ssize_t)bytes);
    cr_assert_eq(fchmod(fd, mode), 0);
    (void)close(fd);
    return path;
}

static struct seal_keys keys_of(size_t count, char fill)
{
    struct seal_keys keys;
    char path[64];
    char error[200];

    cr_assert(seal_keys_read(key_file(path, count * SEAL_KEY_BYTES, fill, 0600), &keys, error,
                             sizeof(error)),
              "%s", error);
    (void)unlink(path);
    return keys;
}

Test(seal, what_is_sealed_opens_only_whole_where_it_belongs_and_with_its_key, .timeout = 20)
{
    const struct clock_source clock = clock_system();
    struct seal_keys keys = keys_of(1, 'a');
    struct seal_keys others = keys_of(1, 'b');
    unsigned char sealed[SEALED];
    unsigned char again[SEALED];
    unsigned char open[LENGTH];

    seal_close(&keys, &clock, "account-1", (const unsigned char *)SECRET, LENGTH, sealed);
    seal_close(&keys, &clock, "account-1", (const unsigned char *)SECRET, LENGTH, again);
    cr_expect(memcmp(sealed, again, SEALED) != 0, "never the same twice");
    cr_expect(memmem(sealed, SEALED, SECRET, 8) == NULL);
    cr_assert(seal_open(&keys, keys.keys[0].id, "account-1", sealed, SEALED, open));
    cr_expect_arr_eq(open, SECRET, LENGTH);

    cr_expect(!seal_open(&keys, keys.keys[0].id, "account-2", sealed, SEALED, open));
    cr_expect(!seal_open(&others, keys.keys[0].id, "account-1", sealed, SEALED, open));
    cr_expect(!seal_open(&others, others.keys[0].id, "account-1", sealed, SEALED, open));
    cr_expect(!seal_open(&keys, keys.keys[0].id, "account-1", sealed, SEALED - 1, open));
    cr_expect(!seal_open(&keys, keys.keys[0].id, "account-1", sealed, 3, open));
    for (size_t i = 0; i < SEALED; i++) {
        sealed[i] ^= 1U;
        cr_expect(!seal_open(&keys, keys.keys[0].id, "account-1", sealed, SEALED, open), "%zu", i);
        sealed[i] ^= 1U;
    }
}

Test(seal, an_older_key_behind_the_new_one_still_opens, .timeout = 20)
{
    const struct clock_source clock = clock_system();
    struct seal_keys old = keys_of(1, 'a');
    struct seal_keys both = keys_of(1, 'b');
    unsigned char sealed[SEALED];
    unsigned char open[LENGTH];

    both.keys[both.count++] = old.keys[0];
    seal_close(&old, &clock, "x", (const unsigned char *)SECRET, LENGTH, sealed);
    cr_expect(seal_open(&both, old.keys[0].id, "x", sealed, SEALED, open));
    cr_expect_str_neq(both.keys[0].id, both.keys[1].id);
}

Test(seal, a_key_file_that_is_no_key_or_not_private_is_refused, .timeout = 20)
{
    static const struct {
        size_t bytes;
        mode_t mode;
    } rows[] = {{0, 0600},  {31, 0600}, {33, 0600}, {9 * SEAL_KEY_BYTES, 0600},
                {32, 0644}, {32, 0606}, {32, 0620}};
    struct seal_keys keys;
    char path[64];
    char error[200];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(!seal_keys_read(key_file(path, rows[i].bytes, 'a', rows[i].mode), &keys, error,
                                  sizeof(error)),
                  "%zu bytes, mode %o", rows[i].bytes, rows[i].mode);
        cr_expect(strstr(error, path) != NULL);
        (void)unlink(path);
    }
    cr_expect(!seal_keys_read("/tmp/capdo-no-such-key", &keys, error, sizeof(error)));
    cr_expect_eq(keys_of(8, 'a').count, 8, "control");
}

Test(seal, base32_is_that_of_rfc_4648, .timeout = 20)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "MY"},
                                          {"fo", "MZXQ"},
                                          {"foo", "MZXW6"},
                                          {"foob", "MZXW6YQ"},
                                          {"fooba", "MZXW6YTB"},
                                          {"foobar", "MZXW6YTBOI"}};
    char text[BASE32_TEXT_BYTES(6)];
    unsigned char bytes[6];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t length = strlen(rows[i][0]);
        base32_encode((const unsigned char *)rows[i][0], length, text);
        cr_expect_str_eq(text, rows[i][1]);
        cr_expect(base32_decode(rows[i][1], bytes, length));
        cr_expect(memcmp(bytes, rows[i][0], length) == 0);
    }
    cr_expect(base32_decode("mzxw 6ytb oi======", bytes, 6));
    cr_expect(!base32_decode("MZXW6YTB0I", bytes, 6), "0 is no letter of it");
    cr_expect(!base32_decode("MZXW6YTBOI", bytes, 5));
    cr_expect(!base32_decode("MZXW6YTB", bytes, 6));
}
