#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/meta.h"
#include "base/buffer.h"
#include "json/calendar.h"
#include "json/ruleset.h"

enum { FILE_BYTES_MAX = 8 * MIB, PATH_BYTES = 1200 };

static bool fail(char ret_error[static LOAD_ERROR_BYTES], const char *path, const char *where,
                 const char *what)
{
    (void)snprintf(ret_error, LOAD_ERROR_BYTES, "%.600s%s%.100s: %.200s", path,
                   where[0] == '\0' ? "" : "#", where, what);
    return false;
}

static bool read_file(const char *path, struct arena *arena, struct str *ret_bytes,
                      char ret_error[static LOAD_ERROR_BYTES])
{
    struct buffer bytes;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;

    if (fd < 0) {
        return fail(ret_error, path, "", strerror(errno));
    }
    buffer_init(&bytes, 64 * KIB);
    while (bytes.length <= FILE_BYTES_MAX) {
        char *to = buffer_reserve(&bytes, 64 * KIB);
        got = read(fd, to, 64 * KIB);
        if (got <= 0) {
            break;
        }
        bytes.length += (size_t)got;
    }
    (void)close(fd);
    bool ok = got == 0;
    if (ok) {
        *ret_bytes = arena_str(arena, (struct str){bytes.at, bytes.length});
    } else {
        (void)fail(ret_error, path, "", got < 0 ? "cannot be read" : "is larger than 8 MiB");
    }
    buffer_done(&bytes);
    return ok;
}

static bool load_ruleset(const char *path, struct arena *arena, struct service *service,
                         char ret_error[static LOAD_ERROR_BYTES])
{
    struct document_error error;
    struct str bytes;
    struct ruleset *ruleset = ARENA_NEW(arena, struct ruleset);

    if (service->ruleset_count == SERVICE_RULESETS_MAX) {
        return fail(ret_error, path, "", "more than 32 rulesets");
    }
    if (!read_file(path, arena, &bytes, ret_error)) {
        return false;
    }
    if (!ruleset_decode(bytes, arena, ruleset, &error)) {
        return fail(ret_error, path, error.pointer, error.message);
    }
    if (service_ruleset(service, ruleset->id) != NULL) {
        return fail(ret_error, path, "/ruleset_id", "another file has the same id");
    }
    service->rulesets[service->ruleset_count++] = (struct service_ruleset){
        .ruleset = ruleset, .file = {.bytes = bytes, .etag = document_etag(bytes, arena)}};
    return true;
}

static int compare_rulesets(const void *a, const void *b)
{
    const struct service_ruleset *left = a;
    const struct service_ruleset *right = b;
    int32_t from_left = date_to_day(left->ruleset->effective_from);
    int32_t from_right = date_to_day(right->ruleset->effective_from);

    if (from_left != from_right) {
        return from_left > from_right ? -1 : 1;
    }
    return strcmp(left->ruleset->id, right->ruleset->id);
}

static int is_json(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

bool load_rulesets(const char *directory, struct arena *arena, struct service *service,
                   char ret_error[static LOAD_ERROR_BYTES])
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_json, alphasort);
    bool ok = count >= 0;

    if (!ok) {
        return fail(ret_error, directory, "", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        (void)snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
        ok = ok && load_ruleset(path, arena, service, ret_error);
        free(entries[i]);
    }
    free(entries);
    if (ok && service->ruleset_count == 0) {
        return fail(ret_error, directory, "", "no ruleset there");
    }
    qsort(service->rulesets, (size_t)service->ruleset_count, sizeof(service->rulesets[0]),
          compare_rulesets);
    return ok;
}

bool load_administrative_units(const char *directory, struct arena *arena,
                               struct administrative_units *ret_units,
                               char ret_error[static LOAD_ERROR_BYTES])
{
    char path[PATH_BYTES];
    struct document_error error;
    struct str bytes;

    (void)snprintf(path, sizeof(path), "%s/administrative-units-vn.json", directory);
    if (!read_file(path, arena, &bytes, ret_error)) {
        return false;
    }
    return administrative_units_decode(bytes, arena, ret_units, &error) ||
           fail(ret_error, path, error.pointer, error.message);
}

static bool load_calendar(const char *directory, struct arena *arena, struct service *service,
                          char ret_error[static LOAD_ERROR_BYTES])
{
    char path[PATH_BYTES];
    struct document_error error;
    struct str bytes;
    struct calendar *calendar = ARENA_NEW(arena, struct calendar);

    (void)snprintf(path, sizeof(path), "%s/calendar-vn.json", directory);
    if (!read_file(path, arena, &bytes, ret_error)) {
        return false;
    }
    if (!calendar_decode(bytes, arena, calendar, &error)) {
        return fail(ret_error, path, error.pointer, error.message);
    }
    service->calendar = calendar;
    return true;
}

static bool load_passwords(const char *directory, struct arena *arena, struct service *service,
                           char ret_error[static LOAD_ERROR_BYTES])
{
    char path[PATH_BYTES];
    struct str bytes;

    (void)snprintf(path, sizeof(path), "%s/common-passwords.txt", directory);
    if (!read_file(path, arena, &bytes, ret_error)) {
        return false;
    }
    return password_list_read(bytes, arena, &service->passwords) ||
           fail(ret_error, path, "", "is not a sorted list of lines");
}

bool load_service_data(const struct config *config, struct arena *arena, struct service *service,
                       char ret_error[static LOAD_ERROR_BYTES])
{
    char path[PATH_BYTES];

    if (!load_rulesets(config_text(config, OPTION_RULESET_DIRECTORY), arena, service, ret_error) ||
        !load_calendar(config_text(config, OPTION_CATALOGUE_DIRECTORY), arena, service,
                       ret_error) ||
        !load_passwords(config_text(config, OPTION_CATALOGUE_DIRECTORY), arena, service,
                        ret_error)) {
        return false;
    }
    (void)snprintf(path, sizeof(path), "%s/openapi.json",
                   config_text(config, OPTION_SCHEMA_DIRECTORY));
    if (!read_file(path, arena, &service->openapi.bytes, ret_error)) {
        return false;
    }
    service->openapi.etag = document_etag(service->openapi.bytes, arena);
    service->meta = meta_build(service, arena);
    return true;
}

bool load_secret_keys(const struct config *config, struct service *service,
                      char ret_error[static LOAD_ERROR_BYTES])
{
    const char *path = config_text(config, OPTION_SECRET_KEY_FILE);

    service->seal_keys.count = 0;
    return path[0] == '\0' ||
           seal_keys_read(path, &service->seal_keys, ret_error, LOAD_ERROR_BYTES);
}
