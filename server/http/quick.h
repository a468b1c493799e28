/* The QUICK lane's connections: one for each event thread, claimed by the thread's own identity at
 * its first use, so that no lock is held while a statement runs. */
#pragma once

#include "db/connection.h"

struct quick;

/* Opens count connections. */
struct quick *quick_open(const struct db_settings *settings, int count);
/* The calling thread's own connection; NULL when more threads ask than were provided for. */
struct db *quick_claim(struct quick *quick);
void quick_close(struct quick *quick);
