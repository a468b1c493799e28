-- The security log.

-- Adds an entry; called by the server in the transaction of what it tells of, and for refusals in one
-- of its own. Who acts comes from the transaction where someone does; a sign-in names the account.
CREATE OR REPLACE FUNCTION capdo.security_log_add(event_kind text, event_outcome text, who uuid, who_name text,
    what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text,
    request text, more jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    INSERT INTO capdo.security_event (kind, outcome, account_id, account_name, subject_type, subject_id,
        subject_name, session_id, token_id, address, user_agent, request_id, detail)
    SELECT event_kind, event_outcome, coalesce(who, capdo.ctx_account()),
        coalesce(nullif(who_name, ''), (SELECT a.display_name FROM capdo.account a
            WHERE a.id = coalesce(who, capdo.ctx_account())), ''),
        what_type, what_id, what_name, session, token, from_address, agent, request, coalesce(more, '{}')
$$;
REVOKE ALL ON FUNCTION capdo.security_log_add(text, text, uuid, text, text, uuid, text, uuid, uuid, text, text, text,
    jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.security_log_add(text, text, uuid, text, text, uuid, text, uuid, uuid, text, text,
    text, jsonb) TO capdo_rt;

CREATE OR REPLACE TRIGGER security_event_append_only BEFORE UPDATE OR DELETE ON capdo.security_event
    FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();
CREATE OR REPLACE TRIGGER security_event_no_truncate BEFORE TRUNCATE ON capdo.security_event
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();
