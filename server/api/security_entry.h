/* A security event with its texts, as it waits to be written (api/security_sink.h). Texts are cut to
 * fixed sizes, between characters. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "db/security_log.h"

enum {
    ENTRY_NAME_BYTES = 320,
    ENTRY_AGENT_BYTES = 208,
    ENTRY_TYPE_BYTES = 40,
    ENTRY_DETAIL_BYTES = 512,
};

struct security_entry {
    int64_t at_us;
    enum security_kind kind;
    enum security_outcome outcome;
    bool stranger; /* neither a session nor a token says who it was */
    bool in_line;  /* tried */
    bool in_table;
    char account_id[UUID_TEXT_BYTES];
    char account_name[ENTRY_NAME_BYTES];
    char subject_type[ENTRY_TYPE_BYTES];
    char subject_id[UUID_TEXT_BYTES];
    char subject_name[ENTRY_NAME_BYTES];
    char session_id[UUID_TEXT_BYTES];
    char token_id[UUID_TEXT_BYTES];
    char address[LIMIT_ADDRESS_BYTES];
    char user_agent[ENTRY_AGENT_BYTES];
    char request_id[LIMIT_REQUEST_ID_BYTES + 1];
    char detail[ENTRY_DETAIL_BYTES]; /* an object; "" for none, also for one that is too long */
};

void security_entry_of(const struct security_event *event, int64_t at_us,
                       struct security_entry *ret_entry);
/* Borrows the texts of the entry. */
struct security_event security_entry_event(const struct security_entry *entry);
/* Equal for the same thing done by the same person in the same session, or by a stranger from the
 * same address; never 0. */
uint64_t security_entry_key(const struct security_entry *entry);
/* Puts "times" in front of the details. */
void security_entry_add_times(struct security_entry *entry, uint64_t times);
