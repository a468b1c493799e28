-- Second factors. SECURITY DEFINER: the server's role reads neither secrets nor keys; what it may ask
-- is here. "Mine" is the account that acts in this transaction.

-- Roles that decide or administer: they need two independent factors and idle for a shorter time.
CREATE OR REPLACE FUNCTION capdo.roles_decide(roles text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(roles, ',') && ARRAY['director', 'chairman', 'admin'], false)
$$;

CREATE OR REPLACE FUNCTION capdo.factor_count(who uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT (SELECT count(*) FROM capdo.credential_totp WHERE account_id = who AND confirmed_at IS NOT NULL)::integer
        + (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = who)::integer
$$;
REVOKE ALL ON FUNCTION capdo.factor_count(uuid) FROM PUBLIC;

-- What this account can show, and how many it should have.
CREATE OR REPLACE FUNCTION capdo.factor_state(who uuid)
RETURNS TABLE (totp boolean, passkeys integer, recovery_codes integer, wanted integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT EXISTS (SELECT FROM capdo.credential_totp WHERE account_id = who AND confirmed_at IS NOT NULL),
        (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = who)::integer,
        (SELECT count(*) FROM capdo.recovery_code WHERE account_id = who AND used_at IS NULL)::integer,
        CASE WHEN EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = who AND capdo.roles_decide(m.role)
            AND m.valid_from <= capdo.today() AND (m.valid_to IS NULL OR m.valid_to >= capdo.today()))
            THEN 2 ELSE 0 END
$$;
REVOKE ALL ON FUNCTION capdo.factor_state(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.factor_state(uuid) TO capdo_rt;

-- Before a code is judged: the seconds to wait, 0 for none. Keeps others who try for this account
-- waiting until this transaction ends, so that tries at the same moment are counted too.
CREATE OR REPLACE FUNCTION capdo.factor_try(who uuid, most integer, window_s integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    INSERT INTO capdo.factor_attempt AS f (account_id) VALUES (who)
    ON CONFLICT (account_id) DO UPDATE SET
        failures = CASE WHEN f.since <= now() - make_interval(secs => window_s) THEN 0 ELSE f.failures END,
        since = CASE WHEN f.since <= now() - make_interval(secs => window_s) OR f.failures = 0 THEN now() ELSE f.since END
    RETURNING CASE WHEN failures < most THEN 0 ELSE
        greatest(1, ceil(extract(epoch FROM since - now()) + window_s))::integer END
$$;
REVOKE ALL ON FUNCTION capdo.factor_try(uuid, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.factor_try(uuid, integer, integer) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.factor_judged(who uuid, good boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.factor_attempt SET failures = CASE WHEN good THEN 0 ELSE failures + 1 END WHERE account_id = who
$$;
REVOKE ALL ON FUNCTION capdo.factor_judged(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.factor_judged(uuid, boolean) TO capdo_rt;

-- Who has a factor changes factors only with a fresh one; the first comes with the password.
CREATE OR REPLACE FUNCTION capdo.factor_may_change() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF capdo.ctx_account() IS NULL OR (capdo.factor_count(capdo.ctx_account()) > 0 AND NOT capdo.ctx_fresh_factor()) THEN
        RAISE EXCEPTION 'a fresh second factor is needed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'step_up_needed';
    END IF;
END $$;
REVOKE ALL ON FUNCTION capdo.factor_may_change() FROM PUBLIC;

-- After one was removed: who decides or administers keeps at least one; without any, recovery codes
-- have nothing to stand for.
CREATE OR REPLACE FUNCTION capdo.factor_removed() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF capdo.factor_count(capdo.ctx_account()) > 0 THEN
        RETURN;
    END IF;
    IF (SELECT wanted FROM capdo.factor_state(capdo.ctx_account())) > 0 THEN
        RAISE EXCEPTION 'the last factor of an approver or administrator'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'last_factor_kept';
    END IF;
    DELETE FROM capdo.recovery_code WHERE account_id = capdo.ctx_account();
END $$;
REVOKE ALL ON FUNCTION capdo.factor_removed() FROM PUBLIC;

-- Somebody has lost every factor: all of them end. On the owner's connection alone: with a reset beside
-- it this takes an account over, so no role of the register may do it.
CREATE OR REPLACE FUNCTION capdo.factors_end(who uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, capdo AS $$
BEGIN
    DELETE FROM capdo.credential_totp WHERE account_id = who;
    DELETE FROM capdo.credential_passkey WHERE account_id = who;
    DELETE FROM capdo.recovery_code WHERE account_id = who;
    DELETE FROM capdo.factor_attempt WHERE account_id = who;
    PERFORM capdo.security_log_add('factor.removed', 'done', NULL, 'capdo account', 'account', a.id,
            a.display_name, NULL, NULL, '', '', '', '{"factor":"all"}')
        FROM capdo.account a WHERE a.id = who;
END $$;
REVOKE ALL ON FUNCTION capdo.factors_end(uuid) FROM PUBLIC;

------------------------------------------------------------------------------------ authenticator app

CREATE OR REPLACE FUNCTION capdo.totp_find(who uuid, waits boolean)
RETURNS TABLE (key_id text, sealed bytea, last_counter bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT key_id, sealed, last_counter FROM capdo.credential_totp
    WHERE account_id = who AND (confirmed_at IS NULL) = waits
$$;
REVOKE ALL ON FUNCTION capdo.totp_find(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.totp_find(uuid, boolean) TO capdo_rt;

-- False: this step or a later one was used before.
CREATE OR REPLACE FUNCTION capdo.totp_accept(who uuid, counter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.credential_totp SET last_counter = counter
        WHERE account_id = who AND confirmed_at IS NOT NULL AND last_counter < counter;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION capdo.totp_accept(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.totp_accept(uuid, bigint) TO capdo_rt;

-- The one in use goes on working until the new one is confirmed.
CREATE OR REPLACE FUNCTION capdo.totp_begin(under text, secret bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    PERFORM capdo.factor_may_change();
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account() AND confirmed_at IS NULL;
    INSERT INTO capdo.credential_totp (account_id, key_id, sealed) VALUES (capdo.ctx_account(), under, secret);
END $$;
REVOKE ALL ON FUNCTION capdo.totp_begin(text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.totp_begin(text, bytea) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.totp_confirm(counter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account() AND confirmed_at IS NOT NULL
        AND EXISTS (SELECT FROM capdo.credential_totp t WHERE t.account_id = capdo.ctx_account()
            AND t.confirmed_at IS NULL);
    UPDATE capdo.credential_totp SET confirmed_at = now(), last_counter = counter
        WHERE account_id = capdo.ctx_account() AND confirmed_at IS NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION capdo.totp_confirm(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.totp_confirm(bigint) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.totp_remove() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM capdo.factor_may_change();
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account() AND confirmed_at IS NOT NULL;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account();
    IF gone > 0 THEN
        PERFORM capdo.factor_removed();
    END IF;
    RETURN gone > 0;
END $$;
REVOKE ALL ON FUNCTION capdo.totp_remove() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.totp_remove() TO capdo_rt;

---------------------------------------------------------------------------------------- recovery codes

CREATE OR REPLACE FUNCTION capdo.recovery_replace(hashes bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF NOT capdo.ctx_fresh_factor() THEN
        RAISE EXCEPTION 'a fresh second factor is needed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'step_up_needed';
    END IF;
    IF capdo.factor_count(capdo.ctx_account()) = 0 THEN
        RAISE EXCEPTION 'nothing to recover'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_needs_factor';
    END IF;
    DELETE FROM capdo.recovery_code WHERE account_id = capdo.ctx_account();
    INSERT INTO capdo.recovery_code (account_id, code_sha256) SELECT capdo.ctx_account(), h FROM unnest(hashes) h;
END $$;
REVOKE ALL ON FUNCTION capdo.recovery_replace(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.recovery_replace(bytea[]) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.recovery_use(who uuid, hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.recovery_code SET used_at = now()
        WHERE account_id = who AND code_sha256 = hash AND used_at IS NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION capdo.recovery_use(uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.recovery_use(uuid, bytea) TO capdo_rt;

----------------------------------------------------------------------------------------------- passkeys

-- Signing in without a name may be asked for by anyone: beyond this many open ones nobody gets more.
CREATE OR REPLACE FUNCTION capdo.challenge_make(bytes bytea, what_for text, session uuid, lifetime_s integer)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF session IS NULL AND (SELECT count(*) FROM (SELECT FROM capdo.auth_challenge WHERE session_id IS NULL
            AND expires_at > now() LIMIT 10000) c) >= 10000 THEN
        RETURN false;
    END IF;
    INSERT INTO capdo.auth_challenge VALUES (bytes, what_for, session, now() + make_interval(secs => lifetime_s));
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION capdo.challenge_make(bytea, text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.challenge_make(bytea, text, uuid, integer) TO capdo_rt;

-- Taken once, whatever comes of it.
CREATE OR REPLACE FUNCTION capdo.challenge_take(bytes bytea, what_for text, session uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    DELETE FROM capdo.auth_challenge WHERE challenge = bytes AND purpose = what_for
        AND session_id IS NOT DISTINCT FROM session AND expires_at > now();
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION capdo.challenge_take(bytea, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.challenge_take(bytea, text, uuid) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.challenge_forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.auth_challenge WHERE expires_at < now()
$$;
REVOKE ALL ON FUNCTION capdo.challenge_forget_old() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.challenge_forget_old() TO capdo_rt;

-- The key behind a credential, of an account that may sign in; kept from others who use it now.
CREATE OR REPLACE FUNCTION capdo.passkey_find(credential bytea)
RETURNS TABLE (id uuid, account_id uuid, algorithm integer, public_key bytea, sign_count bigint, rp_id text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT p.id, p.account_id, p.algorithm, p.public_key, p.sign_count, p.rp_id
    FROM capdo.credential_passkey p JOIN capdo.account a ON a.id = p.account_id
    WHERE p.credential_id = credential AND a.disabled_at IS NULL FOR UPDATE OF p
$$;
REVOKE ALL ON FUNCTION capdo.passkey_find(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_find(bytea) TO capdo_rt;

-- Which credentials an account may use, for the browser to choose from.
CREATE OR REPLACE FUNCTION capdo.passkey_ids(who uuid) RETURNS TABLE (credential_id bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT credential_id FROM capdo.credential_passkey WHERE account_id = who ORDER BY created_at, id
$$;
REVOKE ALL ON FUNCTION capdo.passkey_ids(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_ids(uuid) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.passkey_used(which uuid, count_now bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.credential_passkey SET sign_count = count_now, last_used_at = now() WHERE id = which
$$;
REVOKE ALL ON FUNCTION capdo.passkey_used(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_used(uuid, bigint) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.passkey_add(which uuid, credential bytea, alg integer, key bytea, count_now bigint,
    called text, for_rp text, most integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = capdo.ctx_account()) >= most THEN
        RAISE EXCEPTION 'too many passkeys'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'passkeys_at_most';
    END IF;
    INSERT INTO capdo.credential_passkey (id, account_id, credential_id, algorithm, public_key, sign_count, name, rp_id)
        VALUES (which, capdo.ctx_account(), credential, alg, key, count_now, called, for_rp);
END $$;
REVOKE ALL ON FUNCTION capdo.passkey_add(uuid, bytea, integer, bytea, bigint, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_add(uuid, bytea, integer, bytea, bigint, text, text, integer) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.passkey_mine()
RETURNS TABLE (id uuid, name text, rp_id text, version integer, created_at timestamptz, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT id, name, rp_id, version, created_at, last_used_at FROM capdo.credential_passkey
    WHERE account_id = capdo.ctx_account() ORDER BY created_at, id
$$;
REVOKE ALL ON FUNCTION capdo.passkey_mine() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_mine() TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.passkey_rename(which uuid, called text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.credential_passkey SET name = called, version = version + 1
        WHERE id = which AND account_id = capdo.ctx_account();
END $$;
REVOKE ALL ON FUNCTION capdo.passkey_rename(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_rename(uuid, text) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.passkey_remove(which uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    PERFORM capdo.factor_may_change();
    DELETE FROM capdo.credential_passkey WHERE id = which AND account_id = capdo.ctx_account();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM capdo.factor_removed();
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION capdo.passkey_remove(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.passkey_remove(uuid) TO capdo_rt;
