/* What every table, view, function and role of the schema must keep to. Each rule is a query that
 * finds violations, and a violation to plant, so that a rule which sees nothing is seen. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"

TestSuite(lint, .init = use_migrated, .fini = scratch_close, .timeout = 60);

#define OURS " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'capdo' "

static const struct {
    const char *rule;
    const char *find;
    const char *plant; /* as superuser; taken back afterwards */

} rules[] = {
    {"every table has row-level security, forced",
     "SELECT c.relname FROM pg_class c" OURS "WHERE c.relkind IN ('r', 'p')"
     " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
     "ALTER TABLE capdo.label NO FORCE ROW LEVEL SECURITY"},
    {"no new table comes without it",
     "SELECT c.relname FROM pg_class c" OURS "WHERE c.relkind IN ('r', 'p')"
     " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
     "CREATE TABLE capdo.planted (id integer)"},
    {"the owner's policy is explicit",
     "SELECT c.relname FROM pg_class c" OURS
     "WHERE c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM"
     " pg_policy p WHERE p.polrelid = c.oid AND p.polname = c.relname || '_owner' AND p.polroles ="
     " ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'capdo_owner')])",
     "DROP POLICY label_owner ON capdo.label"},
    {"what is granted has a policy",
     "SELECT c.relname || ' ' || v.privilege FROM pg_class c" OURS
     ", (VALUES ('SELECT', 'r'), ('INSERT',"
     " 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) v (privilege, command) WHERE c.relkind IN ('r', 'p')"
     " AND CASE v.command WHEN 'd' THEN has_table_privilege('capdo_rt', c.oid, 'DELETE')"
     " ELSE has_any_column_privilege('capdo_rt', c.oid, v.privilege) END"
     " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('*',"
     " v.command::\"char\") AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname ="
     " 'capdo_rt')])",
     "GRANT DELETE ON capdo.label TO capdo_rt"},
    {"no policy is for everyone",
     "SELECT p.polname FROM pg_policy p WHERE NOT p.polroles <@ ARRAY(SELECT oid FROM pg_roles WHERE"
     " rolname IN ('capdo_owner', 'capdo_rt'))",
     "CREATE POLICY planted ON capdo.label USING (true)"},
    {"policies read the context once a query",
     "SELECT polname FROM pg_policies_text WHERE words ~ 'capdo\\.ctx_' AND regexp_replace(words,"
     " 'SELECT capdo\\.ctx_', '', 'g') ~ 'capdo\\.ctx_'",
     "CREATE POLICY planted ON capdo.label FOR SELECT TO capdo_rt USING (operator_id ="
     " capdo.ctx_account())"},
    {"every view asks as its caller",
     "SELECT c.relname FROM pg_class c" OURS
     "WHERE c.relkind = 'v' AND NOT coalesce(c.reloptions, '{}')"
     " && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1']",
     "CREATE VIEW capdo.planted AS SELECT id FROM capdo.label"},
    {"no materialised view", "SELECT c.relname FROM pg_class c" OURS "WHERE c.relkind = 'm'",
     "CREATE MATERIALIZED VIEW capdo.planted AS SELECT id FROM capdo.label"},
    {"functions with the owner's rights are known",
     "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname ="
     " 'capdo' WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND p.proname NOT IN"
     " ('begin_as', 'scope_of', 'with_predecessors', 'account_has_factor', 'sign_in_attempt', 'sign_in_done', 'device_remember', 'device_seen',"
     " 'account_access_forget', 'link_make', 'link_issue', 'password_words', 'link_find', 'link_use', 'password_change',"
     " 'password_rehash', 'administrator_left', 'session_open', 'session_close', 'security_log_add', 'security_log_add_late', 'security_event_search',"
     " 'factor_count', 'factor_state', 'factor_try', 'factor_judged',"
     " 'factor_may_change', 'factor_removed', 'totp_find', 'totp_accept', 'totp_begin', 'totp_confirm',"
     " 'totp_remove', 'recovery_replace', 'recovery_use', 'challenge_make', 'challenge_take',"
     " 'challenge_forget_old', 'passkey_find', 'passkey_ids', 'passkey_used', 'passkey_add', 'passkey_mine',"
     " 'passkey_rename', 'passkey_remove', 'session_rotate', 'session_mine', 'session_end',"
     " 'session_end_others',"
     " 'begin_as_token', 'api_token_used', 'sign_in_try', 'sign_in_forgive', 'sign_in_forget',"
     " 'session_seen', 'session_forget_old', 'person_name', 'system_search', 'organisation_words',"
     " 'organisation_holds', 'organisation_history', 'organisation_side_problem', 'organisation_not_yet', 'organisation_used_later', 'organisation_end_problems', 'organisation_begin', 'organisation_split_problems',"
     " 'organisation_problems', 'organisation_set', 'organisation_note', 'organisation_reparent',"
     " 'organisation_hand_over', 'organisation_memberships_follow', 'organisation_posts_follow', 'organisation_end', 'organisation_split',"
     " 'organisation_take_code', 'organisation_record', 'organisation_import_row', 'system_parts', 'sign_on_begin', 'sign_on_take',"
     " 'sign_on_find', 'sign_on_session', 'sign_on_hint', 'sign_on_end',"
     " 'dossier_authority', 'appraiser_obstacle', 'may_approve', 'dossier_covered', 'dossier_operated_by',"
     " 'dossier_cover_again', 'is_below', 'authority_used_until', 'authority_target', 'authority_target_code',"
     " 'assignment_problems', 'delegation_problems', 'authority_end_problems')",
     "CREATE FUNCTION capdo.planted() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path ="
     " pg_catalog, capdo AS 'SELECT 1'"},
    {"their search path is fixed",
     "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname ="
     " 'capdo' WHERE p.prosecdef AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog,"
     " capdo']",
     "ALTER FUNCTION capdo.person_name(uuid) RESET search_path"},
    {"not everyone may call them",
     "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname ="
     " 'capdo' WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND (p.proacl IS NULL OR EXISTS"
     " (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))",
     "GRANT EXECUTE ON FUNCTION capdo.session_close(bytea) TO PUBLIC"},
    {"everything belongs to the owner",
     "SELECT c.relname FROM pg_class c" OURS
     "WHERE c.relowner <> (SELECT oid FROM pg_roles WHERE rolname"
     " = 'capdo_owner') AND c.relkind IN ('r', 'p', 'v', 'S')",
     "CREATE SEQUENCE capdo.planted"},
    {"nothing is granted to everyone",
     "SELECT c.relname FROM pg_class c" OURS ", aclexplode(c.relacl) a WHERE a.grantee = 0",
     "GRANT SELECT ON capdo.label TO PUBLIC"},
    {"the server's role has neither TRUNCATE nor REFERENCES nor TRIGGER",
     "SELECT c.relname FROM pg_class c" OURS
     ", aclexplode(c.relacl) a WHERE a.grantee = (SELECT oid FROM"
     " pg_roles WHERE rolname = 'capdo_rt') AND a.privilege_type IN ('TRUNCATE', 'REFERENCES',"
     " 'TRIGGER')",
     "GRANT TRUNCATE ON capdo.label TO capdo_rt"},
    {"the server's role deletes only parts of a draft",
     "SELECT c.relname FROM pg_class c" OURS
     "WHERE c.relkind = 'r' AND has_table_privilege('capdo_rt',"
     " c.oid, 'DELETE') AND c.relname NOT IN ('system_unit', 'system_relation', 'dossier_system')",
     "GRANT DELETE ON capdo.organisation TO capdo_rt"},
    {"the roles are ordinary",
     "SELECT rolname FROM pg_roles WHERE rolname LIKE 'capdo%' AND (rolsuper OR rolbypassrls OR"
     " rolcreaterole OR rolcreatedb OR rolreplication) UNION ALL SELECT 'capdo_rt is a member' FROM"
     " pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'capdo_rt'",
     "CREATE ROLE capdo_planted BYPASSRLS"},
    {"no policy of the server's role lets everything through",
     "SELECT p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid" OURS
     "WHERE p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'capdo_rt')]"
     " AND 'true' IN (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))"
     " AND p.polname NOT IN ('dossier_transition_read', 'label_transition_read', 'schema_migration_read')",
     "CREATE POLICY planted ON capdo.label FOR SELECT TO capdo_rt USING (true)"},
    {"what comes later is granted to nobody",
     "SELECT d.oid FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole"
     " WHERE r.rolname LIKE 'capdo%'",
     "ALTER DEFAULT PRIVILEGES FOR ROLE capdo_owner IN SCHEMA capdo GRANT SELECT ON TABLES TO"
     " capdo_rt"},
    {"what signs anyone in cannot be read",
     "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid" OURS
     "WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
     " AND a.attname ~ '(password_hash|sha256|secret)$'"
     " AND a.attname NOT IN ('snapshot_sha256', 'request_sha256')"
     " AND has_column_privilege('capdo_rt', c.oid, a.attnum, 'SELECT')",
     "GRANT SELECT ON capdo.account TO capdo_rt"},
    {"constraints have names of their own",
     "SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid" OURS
     "WHERE k.contype = 'c' AND k.conname ~ '_check[0-9]*$'",
     "ALTER TABLE capdo.label ADD CHECK (version > 0)"},
};

/* The text of each policy, as a temporary view. */
static const char POLICIES[] =
    "CREATE TEMP VIEW pg_policies_text AS SELECT p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid),"
    " '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS words FROM pg_policy p";

static const char *found(PGconn *super, const char *find)
{
    return value(super, text_of("SELECT coalesce(string_agg(x::text, ' '), '') FROM (%s) x", find));
}

Test(lint, the_schema_keeps_every_rule)
{
    PGconn *super = plain(scratch.super_url);

    sql(super, POLICIES);
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        cr_expect_str_eq(found(super, rules[i].find), "", "%s: %s", rules[i].rule,
                         found(super, rules[i].find));
    }
    PQfinish(super);
}

Test(lint, each_rule_sees_a_planted_violation)
{
    PGconn *super = plain(scratch.super_url);

    sql(super, POLICIES);
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        sql(super, "BEGIN");
        sql(super, rules[i].plant);
        cr_expect_str_neq(found(super, rules[i].find), "", "%s", rules[i].rule);
        sql(super, "ROLLBACK");
    }
    PQfinish(super);
}
