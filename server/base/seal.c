#include "base/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

_Static_assert((int)SEAL_EXTRA_BYTES ==
                   (int)NONCE_BYTES + (int)crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "nonce and tag");

/* The name of a key tells nothing of it. */
static void name_key(struct seal_key *key)
{
    static const char PURPOSE[] = "capdo key id";
    unsigned char digest[8];

    (void)crypto_generichash(digest, sizeof(digest), (const unsigned char *)PURPOSE,
                             sizeof(PURPOSE) - 1, key->bytes, SEAL_KEY_BYTES);
    (void)sodium_bin2hex(key->id, sizeof(key->id), digest, sizeof(digest));
}

static const char *read_keys(int fd, struct seal_keys *keys)
{
    unsigned char bytes[SEAL_KEYS_MAX * SEAL_KEY_BYTES + 1]; /* one more is too much */
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0) {
        return strerror(errno);
    }
    /* A group may read it: systemd hands credentials over so. */
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        return "others than its owner may read it (chmod 0600)";
    }

    ssize_t length = read(fd, bytes, sizeof(bytes));
    if (length <= 0 || length % SEAL_KEY_BYTES != 0 || length == (ssize_t)sizeof(bytes)) {
        return "it must hold 1 to 8 keys of 32 random bytes";
    }
    for (ssize_t at = 0; at < length; at += SEAL_KEY_BYTES) {
        struct seal_key *key = &keys->keys[keys->count++];
        (void)memcpy(key->bytes, bytes + at, SEAL_KEY_BYTES);
        name_key(key);
    }
    sodium_memzero(bytes, sizeof(bytes));
    return NULL;
}

bool seal_keys_read(const char *path, struct seal_keys *ret_keys, char *ret_error,
                    size_t error_bytes)
{
    struct seal_keys keys = {.count = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *wrong = read_keys(fd, &keys);

    if (fd >= 0) {
        (void)close(fd);
    }
    if (wrong != NULL) {
        (void)snprintf(ret_error, error_bytes, "%s: %s", path, wrong);
        return false;
    }
    *ret_keys = keys;
    sodium_memzero(&keys, sizeof(keys));
    return true;
}

void seal_close(const struct seal_keys *keys, const struct clock_source *clock, const char *belongs,
                const unsigned char *secret, size_t length, unsigned char *ret_sealed)
{
    clock_random(clock, ret_sealed, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        ret_sealed + NONCE_BYTES, NULL, secret, length, (const unsigned char *)belongs,
        strlen(belongs), NULL, ret_sealed, keys->keys[0].bytes);
}

bool seal_open(const struct seal_keys *keys, const char *key_id, const char *belongs,
               const unsigned char *sealed, size_t length, unsigned char *ret_secret)
{
    for (int i = 0; i < keys->count; i++) {
        if (strcmp(keys->keys[i].id, key_id) == 0) {
            return length >= SEAL_EXTRA_BYTES &&
                   crypto_aead_xchacha20poly1305_ietf_decrypt(
                       ret_secret, NULL, NULL, sealed + NONCE_BYTES, length - NONCE_BYTES,
                       (const unsigned char *)belongs, strlen(belongs), sealed,
                       keys->keys[i].bytes) == 0;
        }
    }
    return false;
}
