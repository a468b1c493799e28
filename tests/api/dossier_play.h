/* The people and the steps of a dossier, for the tests that play it. Every test makes its own people
 * and systems, so tests neither wait for each other nor end each other's sessions. */
#pragma once

#include "client.h"

#define DOSSIERS "/api/v1/dossiers"

/* Runs one statement as the server's own database role, acting as this person, and takes it back:
 * the constraint (or SQLSTATE) that refused it, or "accepted". */
const char *refused_by(const struct client *who, const char *statement);

/* A new account with the memberships of these demo accounts ("staff appraiser"), signed in. */
struct client person(const char *as);

/* Identifier of a new system of the agency where "staff" (or who is named) works; the level that its
 * answers give is 1, 2, 3 or 4, or 0 for answers that decide nothing. */
const char *make_system(const struct client *staff, int level);
/* Answers (members of the facts object) that give the level; "" for 0. */
const char *facts_of(int level);

/* POST of a dossier with one system at its own level. */
struct answer make_draft(const struct client *staff, int level);
/* The draft with every item written. */
struct answer make_complete(const struct client *staff, int level);
struct answer make_submitted(const struct client *staff, int level);
/* Received and appraised as suitable. */
struct answer make_appraised(const struct client *staff, const struct client *appraiser, int level);

/* Path of the dossier in an answer, with more behind it. */
const char *dossier_path(const struct answer *dossier, const char *more);
struct answer put_item(const struct client *staff, const struct answer *dossier, const char *item,
                       const char *body);
/* One step from the state in `dossier`, with the rest of the body's members (", \"reason\": …"). */
struct answer take(const struct client *who, const struct answer *dossier, const char *to,
                   const char *members);
/* Takes the step, which must succeed. */
struct answer must(const struct client *who, const struct answer *dossier, const char *to,
                   const char *members);
/* "number" and "date" of a decision that nobody else uses. */
const char *decision_today(void);

/* Today in Viet Nam plus days, as YYYY-MM-DD. */
const char *day_from_today(int days);
/* errors[], blocked[] or missing[] at this path holds the code. */
bool has_code(const struct answer *answer, const char *path, const char *code);
/* The row of GET …/transitions that leads to a state. */
json_t *transition_to(const struct answer *transitions, const char *to);
