/* A client for the tests of the API: one request per connection, answers parsed, everything kept
 * until the test ends. Talks to the server that tests/support/server.sh started. */
#pragma once

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdbool.h>

struct client {
    char cookie[128]; /* "sid=…", or "" while nobody is signed in */
    char accept[64];  /* of the next requests; "" sends none */
    char type[80];    /* of the bodies of the next requests; "" is JSON */
};

struct answer {
    int status;
    const char *head; /* status line and headers */
    const char *body; /* terminated */
    size_t length;
    json_t *json; /* NULL when the body is not JSON */
};

/* A session of a demo account, opened in the database itself with its second factor shown just now:
 * a test that is not about signing in needs no code, and none is used up. */
struct client client_of(const char *username);
/* Its session has shown a second factor just now. */
void client_show_factor(const struct client *client);
/* What the demo wrote about an account: "password", "totp_secret"; NULL when it wrote no such thing. */
const char *account_member(const char *username, const char *name);
/* Runs SQL as the superuser of the test's database; the last line of what it returns. */
const char *sql(const char *text);
/* The same as whoever the URL in this environment variable names. */
const char *sql_as(const char *url, const char *text);

/* extra: whole header lines, each ending with \r\n, or NULL. body: JSON or NULL. */
struct answer client_call(const struct client *client, const char *method, const char *path,
                          const char *extra, const char *body);
struct answer client_get(const struct client *client, const char *path);
/* With a fresh Idempotency-Key. */
struct answer client_post(const struct client *client, const char *path, const char *body);
/* The same with the bytes of this file below tests/support. */
struct answer client_post_file(const struct client *client, const char *path, const char *name);
/* With a fresh Idempotency-Key and this If-Match. */
struct answer client_post_match(const struct client *client, const char *path, const char *etag,
                                const char *body);
struct answer client_patch(const struct client *client, const char *path, const char *etag,
                           const char *body);

/* Value of a header, "" when absent; a copy. */
const char *answer_header(const struct answer *answer, const char *name);
/* Text at a path like "operator.id" or "errors.0.pointer"; "" when there is none. */
const char *answer_text(const struct answer *answer, const char *path);
json_int_t answer_int(const struct answer *answer, const char *path);
/* errors[] names this pointer. */
bool answer_blames(const struct answer *answer, const char *pointer);
/* printf into memory that is kept. */
const char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Differs each time and between runs. */
const char *text_unique(void);
/* YYYY-MM-DD in Viet Nam, so many days from today. */
const char *text_day(int days);
json_t *json_at(json_t *value, const char *path);
/* count.value of the list, counted as far as the server counts. */
json_int_t count_of_list(const struct client *client, const char *path);

#define EXPECT_STATUS(answer, wanted)                                                              \
    cr_assert_eq((answer).status, (wanted), "%s:%d: %d instead of %d: %.600s", __FILE__, __LINE__, \
                 (answer).status, (wanted), (answer).body)
