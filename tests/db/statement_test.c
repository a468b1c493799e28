/* Every statement of the server that names a thing of a unit says itself who sees or changes it
 * (db/reach.h), or stands in the list of those that follow one that does. */
#include <criterion/criterion.h>
#include <regex.h>
#include <string.h>

#include "db/connection.h"
#include "db/statement.h"

static const char THINGS[] =
    "capdo\\.(system|dossier|label|opinion|decision)(_(unit|relation|version|system|item|submission"
    "|event))?( |$)";

/* Only ever run after a statement with its condition, in the same transaction and for the same thing:
 * the row was loaded and locked (system_load, dossier_lock, label_lock), or inserted, before. */
static const char *const FOLLOWING[] = {
    "system_insert",
    "system_units_delete",
    "system_units_insert",
    "dossier_insert",
    "dossier_insert_systems",
    "dossier_update_systems",
    "dossier_write_items",
    "dossier_write_item",
    "dossier_event_insert",
    "opinion_insert",
    "dossier_submission_insert",
    "decision_insert",
    "label_insert",
    "label_event",
};
/* A function that asks for itself; compared with the policies in search_test.c. */
static const char *const ASKING[] = {"capdo.system_search("};

static bool follows(const struct statement *statement)
{
    for (size_t i = 0; i < COUNT_OF(FOLLOWING); i++) {
        if (strcmp(FOLLOWING[i], statement->name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(ASKING); i++) {
        if (strstr(statement->sql, ASKING[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool says_who(const char *sql)
{
    return strstr(sql, "capdo.ctx_") != NULL;
}

Test(statement, each_says_who_sees_or_follows_one_that_does)
{
    const struct statement *const *const *tables = statement_tables();
    regex_t things;
    int seen = 0;

    cr_assert_eq(regcomp(&things, THINGS, REG_EXTENDED | REG_NOSUB), 0);
    for (int t = 0; tables[t] != NULL; t++) {
        for (int i = 0; tables[t][i] != NULL; i++) {
            const struct statement *statement = tables[t][i];
            if (regexec(&things, statement->sql, 0, NULL, 0) != 0) {
                continue;
            }
            seen++;
            cr_expect(says_who(statement->sql) || follows(statement),
                      "%s does not say who sees it (db/reach.h)", statement->name);
        }
    }
    cr_assert_gt(seen, 20, "the pattern finds the statements");
    /* Control: a statement without its condition is noticed. */
    cr_assert_eq(regexec(&things, "SELECT 1 FROM capdo.label WHERE id = $1", 0, NULL, 0), 0);
    cr_assert_not(says_who("SELECT 1 FROM capdo.label WHERE id = $1"));
    regfree(&things);
}
