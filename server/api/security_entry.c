#include "api/security_entry.h"

#include <stdio.h>
#include <string.h>

/* Cut between characters. */
static void copy_text(char *to, size_t bytes, const char *from)
{
    size_t length = from == NULL ? 0 : strlen(from);

    if (length >= bytes) {
        length = bytes - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    if (length > 0) {
        (void)memcpy(to, from, length);
    }
    to[length] = '\0';
}

#define COPY(member) copy_text(entry->member, sizeof entry->member, event->member)

void security_entry_of(const struct security_event *event, int64_t at_us,
                       struct security_entry *ret_entry)
{
    struct security_entry *entry = ret_entry;

    *entry = (struct security_entry){
        .at_us = at_us,
        .kind = event->kind,
        .outcome = event->outcome,
        .stranger = event->session_id == NULL && event->token_id == NULL,
    };
    COPY(account_id);
    COPY(account_name);
    COPY(subject_type);
    COPY(subject_id);
    COPY(subject_name);
    COPY(session_id);
    COPY(token_id);
    COPY(address);
    COPY(user_agent);
    COPY(request_id);
    if (event->detail_json != NULL && strlen(event->detail_json) < ENTRY_DETAIL_BYTES) {
        copy_text(entry->detail, sizeof entry->detail, event->detail_json);
    }
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

struct security_event security_entry_event(const struct security_entry *entry)
{
    return (struct security_event){
        .kind = entry->kind,
        .outcome = entry->outcome,
        .account_id = or_null(entry->account_id),
        .account_name = or_null(entry->account_name),
        .subject_type = or_null(entry->subject_type),
        .subject_id = or_null(entry->subject_id),
        .subject_name = or_null(entry->subject_name),
        .session_id = or_null(entry->session_id),
        .token_id = or_null(entry->token_id),
        .address = or_null(entry->address),
        .user_agent = or_null(entry->user_agent),
        .request_id = or_null(entry->request_id),
        .detail_json = or_null(entry->detail),
    };
}

static uint64_t add_to_hash(uint64_t hash, const char *text)
{
    for (const char *p = text;; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
        if (*p == '\0') {
            return hash;
        }
    }
}

uint64_t security_entry_key(const struct security_entry *entry)
{
    uint64_t hash = 14695981039346656037ULL;

    hash = add_to_hash(hash, security_kind_code(entry->kind));
    hash = add_to_hash(hash, security_outcome_code(entry->outcome));
    hash = add_to_hash(hash, entry->account_id);
    hash = add_to_hash(hash, entry->session_id);
    hash = add_to_hash(hash, entry->token_id);
    hash = add_to_hash(hash, entry->stranger ? entry->address : "");
    hash = add_to_hash(hash, entry->subject_id);
    hash = add_to_hash(hash, entry->detail);
    return hash == 0 ? 1 : hash;
}

/* {"times":n, and what the first one said. */
void security_entry_add_times(struct security_entry *entry, uint64_t times)
{
    char detail[ENTRY_DETAIL_BYTES];
    const char *rest = entry->detail[0] == '{' && entry->detail[1] != '}' ? entry->detail + 1 : "}";
    int length = snprintf(detail, sizeof detail, "{\"times\":%llu%s%s", (unsigned long long)times,
                          rest[0] == '}' ? "" : ",", rest);

    if (length > 0 && (size_t)length < sizeof detail) {
        (void)memcpy(entry->detail, detail, (size_t)length + 1);
    }
}
