/* An invented but plausible province to try and to measure the program with: tỉnh Bắc Ninh as it is
 * after the merger of 2025, with names and proportions from published figures. People are posts,
 * addresses are reserved for documentation. The same run on the same day gives the same rows, but
 * for the passwords. */
#pragma once

#include "base/base32.h"
#include "base/seal.h"
#include "db/connection.h"
#include "rules/ruleset.h"

enum { DEMO_TOTP_BYTES = 20, DEMO_TOTP_TEXT_BYTES = BASE32_TEXT_BYTES(DEMO_TOTP_BYTES) };
enum { DEMO_ACCOUNTS = 7, DEMO_PASSWORD_BYTES = 21, DEMO_SYSTEMS_MAX = 2000000 };

struct demo_options {
    const struct ruleset *const *rulesets; /* both that the demo has answers for; borrowed */
    size_t ruleset_count;
    const struct calendar *calendar; /* NULL: Monday to Friday */
    const struct clock_source *clock;
    /* Protects the authenticator secrets of who decides and administers; NULL or without a key they
     * get none, and can neither approve nor grant. */
    const struct seal_keys *seal_keys;
    int64_t systems; /* 0: the demo province; otherwise a province for load with that many */
    /* Called at each step and every few thousand rows; may be NULL. */
    void (*progress)(void *context, const char *step, int64_t done, int64_t total);
    void *progress_context;
};

struct demo_account {
    const char *username;
    const char *role;
    const char *organisation; /* name */
    char password[DEMO_PASSWORD_BYTES];
    char totp_secret[DEMO_TOTP_TEXT_BYTES]; /* base32; "" for none */
};

struct demo_report {
    struct demo_account accounts[DEMO_ACCOUNTS];
    int64_t organisations;
    int64_t systems;
    int64_t dossiers;
    int64_t labels;
    char message[512]; /* why nothing was loaded; empty after success */
};

/* All or nothing, in one transaction. FAULT_CONFLICT when the database already has systems,
 * accounts or organisations; FAULT_INVALID when a ruleset that the demo needs is missing or does not
 * know one of its answers. */
enum fault demo_run(struct db *owner, const struct demo_options *options,
                    struct demo_report *report) MUST_USE;
/* [{"username","role","organisation","password","totp_secret"}], the last for who has one, mode 0600, replacing the file at once.
 * FAULT_INVALID, with errno set, when it cannot be written. */
enum fault demo_accounts_write(const struct demo_report *report, const char *path) MUST_USE;
