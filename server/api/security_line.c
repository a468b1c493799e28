#include "api/security_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MODE = 0600 };

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
}

bool security_lines_open(struct security_lines *lines, const struct log *log, const char *path)
{
    *lines = (struct security_lines){
        .standard = {.log = *log, .exists = true, .up = true},
        .file = {.log = *log, .exists = path != NULL && path[0] != '\0', .up = true},
        .path = path,
        .server_log = log,
    };
    lines->standard.log.level = LOG_INFO;
    lines->file.log.level = LOG_INFO;
    lines->file.log.format = LOG_JSON;
    lines->file.log.fd = lines->file.exists ? open_file(lines->path) : -1;
    return !lines->file.exists || lines->file.log.fd >= 0;
}

void security_lines_close(struct security_lines *lines)
{
    if (lines->file.log.fd >= 0) {
        (void)close(lines->file.log.fd);
    }
}

void security_lines_reopen(struct security_lines *lines)
{
    if (!lines->file.exists) {
        return;
    }

    int fd = open_file(lines->path);
    if (fd < 0) {
        LOG(lines->server_log, LOG_ERROR, "the security log file cannot be opened",
            LOG_TEXT_FIELD("error", strerror(errno)));
        return;
    }
    (void)close(lines->file.log.fd);
    lines->file.log.fd = fd;
}

static void set_down(struct security_place *place, const struct security_lines *lines)
{
    int error = errno;

    if (atomic_exchange(&place->up, false) && place == &lines->file) {
        LOG(lines->server_log, LOG_ERROR, "the security log file cannot be written",
            LOG_TEXT_FIELD("error", strerror(error)));
    }
}

static bool recover(struct security_place *place)
{
    bool ok = write(place->log.fd, "\n", 1) == 1 && /* ends a line that was cut */
              LOG(&place->log, LOG_WARNING, "security lines are missing here",
                  LOG_NUMBER("lines", (int64_t)place->missing));

    if (ok) {
        place->missing = 0;
        atomic_store(&place->up, true);
    }
    return ok;
}

static void write_to(struct security_place *place, const struct security_lines *lines,
                     const struct security_entry *entry)
{
    char at[TIME_TEXT_BYTES];
    enum log_level level = entry->outcome == SECURITY_DONE ? LOG_INFO : LOG_WARNING;

    if (!place->exists) {
        return;
    }
    time_to_text(entry->at_us, at);
    bool ok =
        (atomic_load(&place->up) || recover(place)) &&
        LOG(&place->log, level, "security", LOG_TEXT_FIELD("at", at),
            LOG_TEXT_FIELD("kind", security_kind_code(entry->kind)),
            LOG_TEXT_FIELD("outcome", security_outcome_code(entry->outcome)),
            LOG_TEXT_FIELD("account_id", entry->account_id),
            LOG_TEXT_FIELD("account_name", entry->account_name),
            LOG_TEXT_FIELD("subject_type", entry->subject_type),
            LOG_TEXT_FIELD("subject_id", entry->subject_id),
            LOG_TEXT_FIELD("subject_name", entry->subject_name),
            LOG_TEXT_FIELD("session_id", entry->session_id),
            LOG_TEXT_FIELD("token_id", entry->token_id), LOG_TEXT_FIELD("address", entry->address),
            LOG_TEXT_FIELD("user_agent", entry->user_agent),
            LOG_TEXT_FIELD("request_id", entry->request_id),
            LOG_TEXT_FIELD("detail", entry->detail));
    if (!ok) {
        place->missing++;
        set_down(place, lines);
    }
}

void security_lines_write(struct security_lines *lines, const struct security_entry *entry)
{
    write_to(&lines->standard, lines, entry);
    write_to(&lines->file, lines, entry);
}

void security_lines_settle(struct security_lines *lines)
{
    struct security_place *const places[] = {&lines->standard, &lines->file};

    /* Not every kind of file can be synced: a pipe is not an error. */
    if (lines->file.exists && atomic_load(&lines->file.up) && fdatasync(lines->file.log.fd) != 0 &&
        errno != EINVAL && errno != EROFS) {
        set_down(&lines->file, lines);
    }
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (places[i]->exists && !atomic_load(&places[i]->up)) {
            (void)recover(places[i]);
        }
    }
}

bool security_lines_any_up(const struct security_lines *lines)
{
    return atomic_load(&lines->standard.up) || (lines->file.exists && atomic_load(&lines->file.up));
}

bool security_lines_all_up(const struct security_lines *lines)
{
    return atomic_load(&lines->standard.up) &&
           (!lines->file.exists || atomic_load(&lines->file.up));
}
