#include "db/constraint.h"

#include <criterion/criterion.h>

#include "db/support.h"

TestSuite(constraint, .init = use_migrated, .fini = scratch_close, .timeout = 60);

static long known(PGconn *owner, const char *name)
{
    return number(owner,
                  text_of("SELECT (SELECT count(*) FROM pg_constraint WHERE conname = '%s')"
                          " + (SELECT count(*) FROM pg_class WHERE relname = '%s' AND relkind ="
                          " 'i') + (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid ="
                          " p.pronamespace AND n.nspname = 'capdo' WHERE p.prosrc ~"
                          " '(CONSTRAINT =|violated :=|RETURN) ''%s''')",
                          name, name, name));
}

Test(constraint, each_named_constraint_exists_and_has_a_fault)
{
    PGconn *owner = plain(scratch.owner_url);
    size_t count = 0;

    for (const char *name = constraint_name(0); name != NULL; name = constraint_name(++count)) {
        cr_expect_gt(known(owner, name), 0, "%s is nowhere in the schema", name);
        cr_expect_neq(constraint_fault(name), FAULT_NONE, "%s", name);
    }
    cr_assert_gt(count, 20);
    cr_assert_eq(known(owner, "no_such_constraint"), 0, "control");
    cr_assert_eq(constraint_fault("no_such_constraint"), FAULT_NONE);
    PQfinish(owner);
}

/* A trigger's refusal would otherwise become "internal". */
Test(constraint, each_refusal_of_a_routine_has_a_fault)
{
    PGconn *owner = plain(scratch.owner_url);
    PGresult *names = PQexec(
        owner,
        "SELECT DISTINCT (regexp_matches(prosrc, '(?:CONSTRAINT =|violated :=|RETURN) ''([a-z_]+)''',"
        " 'g'))[1] FROM pg_proc p JOIN pg_namespace n ON n.oid ="
        " p.pronamespace AND n.nspname = 'capdo'");

    cr_assert_gt(PQntuples(names), 5);
    for (int i = 0; i < PQntuples(names); i++) {
        cr_expect_neq(constraint_fault(PQgetvalue(names, i, 0)), FAULT_NONE, "%s",
                      PQgetvalue(names, i, 0));
    }
    PQclear(names);
    PQfinish(owner);
}
