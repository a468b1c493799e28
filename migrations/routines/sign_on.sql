-- Single sign-on. SECURITY DEFINER: the server's role cannot read attempts, ID tokens or other people's
-- identities, only ask these questions.

-- Remembers a browser that is sent to the provider. Expired ones go; beyond attempts_max the oldest do.
CREATE OR REPLACE FUNCTION capdo.sign_on_begin(state bytea, browser bytea, link uuid, path text, lifetime_s integer,
    attempts_max integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    -- Only one's own account can be linked.
    IF link IS DISTINCT FROM NULL AND link IS DISTINCT FROM capdo.ctx_account() THEN
        RAISE EXCEPTION 'not the account that acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM capdo.sign_on_attempt WHERE expires_at < now();
    DELETE FROM capdo.sign_on_attempt WHERE state_sha256 IN (SELECT state_sha256 FROM capdo.sign_on_attempt
        ORDER BY expires_at DESC OFFSET attempts_max - 1);
    INSERT INTO capdo.sign_on_attempt (state_sha256, browser_sha256, link_to, return_path, expires_at)
        VALUES (state, browser, link, path, now() + make_interval(secs => lifetime_s));
END $$;
REVOKE ALL ON FUNCTION capdo.sign_on_begin(bytea, bytea, uuid, text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_begin(bytea, bytea, uuid, text, integer, integer) TO capdo_rt;

-- The browser is back: each attempt is taken once, whatever becomes of it. No row: unknown, expired, used,
-- or another browser's.
CREATE OR REPLACE FUNCTION capdo.sign_on_take(state bytea, browser bytea)
RETURNS TABLE (return_path text, link_to uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    WITH taken AS (DELETE FROM capdo.sign_on_attempt a WHERE a.state_sha256 = state RETURNING a.*)
    SELECT t.return_path, t.link_to FROM taken t WHERE t.browser_sha256 = browser AND t.expires_at > now()
$$;
REVOKE ALL ON FUNCTION capdo.sign_on_take(bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_take(bytea, bytea) TO capdo_rt;

-- The account that an identity opens. No row: not linked, or the account is disabled.
CREATE OR REPLACE FUNCTION capdo.sign_on_find(by_issuer text, by_subject text)
RETURNS TABLE (identity_id uuid, account_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT i.id, i.account_id FROM capdo.account_identity i JOIN capdo.account a ON a.id = i.account_id
    WHERE i.issuer = by_issuer AND i.subject = by_subject AND i.ended_at IS NULL AND a.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION capdo.sign_on_find(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_find(text, text) TO capdo_rt;

-- Says of the session just opened with this token by which identity, and when the provider last saw the
-- second factor (seconds since 1970; NULL: it did not).
CREATE OR REPLACE FUNCTION capdo.sign_on_session(token bytea, identity uuid, provider_sid text, raw_token text,
    factor_s bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    opened uuid;
BEGIN
    -- least() passes over NULL, hence the case.
    UPDATE capdo.session s SET factor_at =
            CASE WHEN factor_s IS NOT NULL AND NOT s.pending THEN least(now(), to_timestamp(factor_s)) END
        FROM capdo.account_identity i
        WHERE s.token_sha256 = token AND s.method = 'oidc' AND i.id = identity AND i.account_id = s.account_id
            AND i.ended_at IS NULL
        RETURNING s.id INTO opened;
    IF opened IS NULL THEN
        RAISE EXCEPTION 'not a session of this identity' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO capdo.session_identity (session_id, identity_id, provider_session, id_token)
        VALUES (opened, identity, provider_sid, raw_token);
    UPDATE capdo.account_identity SET used_at = now() WHERE id = identity;
END $$;
REVOKE ALL ON FUNCTION capdo.sign_on_session(bytea, uuid, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_session(bytea, uuid, text, text, bigint) TO capdo_rt;

-- The ID token by which a session was opened; NULL: it was opened otherwise.
CREATE OR REPLACE FUNCTION capdo.sign_on_hint(token bytea) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT x.id_token FROM capdo.session s JOIN capdo.session_identity x ON x.session_id = s.id
    WHERE s.token_sha256 = token
$$;
REVOKE ALL ON FUNCTION capdo.sign_on_hint(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_hint(bytea) TO capdo_rt;

-- The provider ended a session, or all of a person: ends those it opened here. by_session or by_subject may
-- be NULL, not both; with both, sessions must fit both. Returns the accounts whose sessions ended; a token
-- that was used before ends nothing.
CREATE OR REPLACE FUNCTION capdo.sign_on_end(token_id bytea, until timestamptz, by_issuer text, by_subject text,
    by_session text) RETURNS TABLE (account_id uuid, session_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM capdo.logout_token_used WHERE expires_at < now();
    INSERT INTO capdo.logout_token_used VALUES (token_id, until) ON CONFLICT DO NOTHING;
    IF NOT FOUND OR (by_subject IS NULL AND by_session IS NULL) THEN
        RETURN;
    END IF;
    RETURN QUERY DELETE FROM capdo.session s USING capdo.session_identity x, capdo.account_identity i
        WHERE x.session_id = s.id AND i.id = x.identity_id AND i.issuer = by_issuer
            AND (by_subject IS NULL OR i.subject = by_subject)
            AND (by_session IS NULL OR x.provider_session = by_session)
        RETURNING s.account_id, s.id;
END $$;
REVOKE ALL ON FUNCTION capdo.sign_on_end(bytea, timestamptz, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_on_end(bytea, timestamptz, text, text, text) TO capdo_rt;

-- An identity that ends takes its sessions with it.
CREATE OR REPLACE FUNCTION capdo.account_identity_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    DELETE FROM capdo.session s USING capdo.session_identity x
        WHERE x.session_id = s.id AND x.identity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER account_identity_ends_sessions AFTER UPDATE OF ended_at ON capdo.account_identity
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION capdo.account_identity_ended();
