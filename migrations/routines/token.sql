-- API tokens and the counters of sign-ins. SECURITY DEFINER: the server's role cannot read the hashes
-- of secrets.

-- Starts acting as the token with this key whose secret has this SHA-256, asked from that address. The
-- transaction becomes read-only and cannot be made otherwise. No row: no such token; a row with a
-- refusal (revoked, expired, network): nobody acts.
CREATE OR REPLACE FUNCTION capdo.begin_as_token(token_key text, secret bytea, from_address text)
RETURNS TABLE (account_id uuid, username text, display_name text, roles text, staff_of text, appraises text,
    directs text, chairs text, expires_at timestamptz, session_id uuid, pending boolean, factor_age_s integer,
    token_id uuid, scopes text, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
DECLARE
    t record;
BEGIN
    PERFORM set_config('transaction_read_only', 'on', true);
    SELECT x.*, o.status AS organisation_status INTO t
        FROM capdo.api_token x JOIN capdo.organisation o ON o.id = x.organisation_id
        WHERE x.key = token_key AND x.secret_sha256 = secret;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    refusal := CASE
        WHEN t.revoked_at IS NOT NULL OR t.organisation_status = 'dissolved' THEN 'revoked'
        WHEN t.expires_at <= now() THEN 'expired'
        WHEN t.networks <> '{}' AND NOT coalesce(nullif(from_address, '')::inet <<= ANY (t.networks::inet[]), false)
            THEN 'network' END;
    token_id := t.id;
    IF refusal IS NULL THEN
        account_id := t.id;
        username := t.key;
        display_name := t.name;
        roles := CASE t.reach WHEN 'register' THEN 'office' ELSE '' END;
        staff_of := CASE t.reach WHEN 'unit' THEN ARRAY[t.organisation_id] ELSE '{}'::uuid[] END;
        chairs := CASE t.reach WHEN 'body' THEN capdo.with_predecessors(ARRAY[t.organisation_id])
            ELSE '{}'::uuid[] END;
        appraises := '{}';
        directs := '{}';
        expires_at := t.expires_at;
        session_id := t.id;
        pending := false;
        factor_age_s := NULL;
        scopes := array_to_string(t.scopes, ',');
        PERFORM set_config('capdo.account', t.id::text, true),
                set_config('capdo.token', t.id::text, true),
                set_config('capdo.scopes', scopes, true),
                set_config('capdo.staff_of', staff_of, true),
                set_config('capdo.serves', '{}', true),
                set_config('capdo.chairs', chairs, true),
                set_config('capdo.entrusted', '{}', true),
                set_config('capdo.factor_at', '', true),
                set_config('capdo.office', (t.reach = 'register')::text, true),
                set_config('capdo.admin', 'false', true);
    END IF;
    RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION capdo.begin_as_token(text, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.begin_as_token(text, bytea, text) TO capdo_rt;

-- When tokens were last used, to five minutes: called now and then with all that were seen since.
CREATE OR REPLACE FUNCTION capdo.api_token_used(keys text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.api_token SET last_used_at = now()
    WHERE key = ANY (keys) AND (last_used_at IS NULL OR last_used_at < now() - interval '5 minutes')
$$;
REVOKE ALL ON FUNCTION capdo.api_token_used(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.api_token_used(text[]) TO capdo_rt;

-- A token may end, sooner than was said, and nothing else about it changes.
CREATE OR REPLACE FUNCTION capdo.api_token_only_ends() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.key, NEW.secret_sha256, NEW.organisation_id, NEW.name, NEW.reach, NEW.scopes, NEW.networks,
            NEW.created_at, NEW.created_by, NEW.rotated_from) IS DISTINCT FROM
        (OLD.id, OLD.key, OLD.secret_sha256, OLD.organisation_id, OLD.name, OLD.reach, OLD.scopes, OLD.networks,
            OLD.created_at, OLD.created_by, OLD.rotated_from)
        OR NEW.expires_at > OLD.expires_at
        OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
        RAISE EXCEPTION 'a token is not widened, prolonged or revived' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'api_token_only_ends';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER api_token_only_ends BEFORE UPDATE ON capdo.api_token
    FOR EACH ROW EXECUTE FUNCTION capdo.api_token_only_ends();
CREATE OR REPLACE TRIGGER api_token_no_delete BEFORE DELETE ON capdo.api_token
    FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();
CREATE OR REPLACE TRIGGER api_token_announce AFTER UPDATE OF expires_at, revoked_at ON capdo.api_token
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- The text as a network, or NULL: 10.1.2.3 is one address, 10.1.2.3/16 the network it lies in.
CREATE OR REPLACE FUNCTION capdo.network_or_null(words text) RETURNS cidr
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN network(words::inet);
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

-- What sign-ins are counted by.
CREATE OR REPLACE FUNCTION capdo.sign_in_network(address text) RETURNS cidr
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE family(address::inet) WHEN 6 THEN network(set_masklen(address::inet, 64))
        ELSE network(address::inet) END
$$;

-- Counts one try to sign in; seconds to wait before the next when there were too many in the present
-- window, else 0.
CREATE OR REPLACE FUNCTION capdo.sign_in_try(address text, tries_max integer, window_s integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    INSERT INTO capdo.sign_in_address AS a (network) VALUES (capdo.sign_in_network(address))
    ON CONFLICT (network) DO UPDATE SET
        since = CASE WHEN a.since < now() - make_interval(secs => window_s) THEN now() ELSE a.since END,
        tries = CASE WHEN a.since < now() - make_interval(secs => window_s) THEN 1 ELSE a.tries + 1 END
    RETURNING CASE WHEN a.tries > tries_max
        THEN greatest(1, ceil(extract(epoch FROM a.since - now()) + window_s))::integer ELSE 0 END
$$;
REVOKE ALL ON FUNCTION capdo.sign_in_try(text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_in_try(text, integer, integer) TO capdo_rt;

-- A try that was right does not count: many people may share one address.
CREATE OR REPLACE FUNCTION capdo.sign_in_forgive(address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.sign_in_address SET tries = tries - 1
    WHERE network = capdo.sign_in_network(address) AND tries > 0
$$;
REVOKE ALL ON FUNCTION capdo.sign_in_forgive(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_in_forgive(text) TO capdo_rt;

-- Housekeeping: counters of minutes that are over.
CREATE OR REPLACE FUNCTION capdo.sign_in_forget(window_s integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.sign_in_address WHERE since < now() - make_interval(secs => window_s)
$$;
REVOKE ALL ON FUNCTION capdo.sign_in_forget(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_in_forget(integer) TO capdo_rt;
