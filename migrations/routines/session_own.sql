-- Sessions as their owner sees and ends them, and the token that changes with the second factor.

-- The second factor was shown: another token from now on, the old one is dead with this transaction.
-- A session that waited begins its life now; a running one ends when it would have ended.
CREATE OR REPLACE FUNCTION capdo.session_rotate(old bytea, new bytea, lifetime_s integer, sessions_max integer)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    who uuid;
BEGIN
    UPDATE capdo.session SET token_sha256 = new, pending = false, factor_at = now(), last_seen_at = now(),
        expires_at = CASE WHEN pending THEN now() + make_interval(secs => lifetime_s) ELSE expires_at END
        WHERE token_sha256 = old AND expires_at > now() RETURNING account_id INTO who;
    DELETE FROM capdo.session WHERE account_id = who AND NOT pending AND token_sha256 <> new
        AND token_sha256 NOT IN (SELECT token_sha256 FROM capdo.session WHERE account_id = who AND NOT pending
            ORDER BY token_sha256 = new DESC, created_at DESC, token_sha256 LIMIT sessions_max);
    RETURN who IS NOT NULL;
END $$;
REVOKE ALL ON FUNCTION capdo.session_rotate(bytea, bytea, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_rotate(bytea, bytea, integer, integer) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.session_mine(idle_s integer)
RETURNS TABLE (id uuid, method text, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz,
    factor_at timestamptz, user_agent text, address text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT id, method, created_at, last_seen_at, expires_at, factor_at, user_agent, address FROM capdo.session
    WHERE account_id = capdo.ctx_account() AND NOT pending AND expires_at > now()
      AND last_seen_at > now() - make_interval(secs => capdo.session_idle_s(roles, idle_s))
    ORDER BY last_seen_at DESC, id
$$;
REVOKE ALL ON FUNCTION capdo.session_mine(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_mine(integer) TO capdo_rt;

-- One of mine, or all of mine but this one; how many ended.
CREATE OR REPLACE FUNCTION capdo.session_end(which uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM capdo.session WHERE id = which AND account_id = capdo.ctx_account();
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
REVOKE ALL ON FUNCTION capdo.session_end(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_end(uuid) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.session_end_others(keep uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM capdo.session WHERE id <> keep AND account_id = capdo.ctx_account();
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
REVOKE ALL ON FUNCTION capdo.session_end_others(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_end_others(uuid) TO capdo_rt;

-- Other rights, another token: nothing that needs a fresh factor goes on until it is shown again, and
-- showing it gives the session another token.
CREATE OR REPLACE FUNCTION capdo.membership_ages_factor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.session SET factor_at = NULL
        WHERE account_id = coalesce(NEW.account_id, OLD.account_id) AND factor_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER membership_ages_factor AFTER INSERT OR UPDATE OR DELETE ON capdo.membership
    FOR EACH ROW EXECUTE FUNCTION capdo.membership_ages_factor();
