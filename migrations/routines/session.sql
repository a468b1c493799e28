-- Sign-in and the start of every request. SECURITY DEFINER: the server's role cannot read password
-- hashes or sessions, only ask these questions.

-- These bodies and the ones they took over: what a merged body received is its successor's to see.
CREATE OR REPLACE FUNCTION capdo.with_predecessors(bodies uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    WITH RECURSIVE body (id, depth) AS (
        SELECT unnest(bodies), 0
        UNION SELECT o.id, b.depth + 1 FROM capdo.organisation o JOIN body b ON o.successor_id = b.id
            WHERE b.depth < 4 AND o.kind = 'people_committee')
    SELECT coalesce(array_agg(DISTINCT id), '{}') FROM body
$$;
REVOKE ALL ON FUNCTION capdo.with_predecessors(uuid[]) FROM PUBLIC;

-- What an account may do where, today.
CREATE OR REPLACE FUNCTION capdo.scope_of(account uuid)
RETURNS TABLE (roles text, staff_of uuid[], appraises uuid[], directs uuid[], chairs uuid[], entrusted uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT coalesce(string_agg(DISTINCT m.role, ','), ''),
           coalesce(array_agg(DISTINCT m.organisation_id) FILTER (WHERE m.role = 'staff'), '{}'),
           capdo.with_predecessors(coalesce(array_agg(DISTINCT u.governing_id) FILTER
               (WHERE m.role = 'appraiser' AND u.governing_id IS NOT NULL), '{}')),
           capdo.with_predecessors(coalesce(array_agg(DISTINCT u.governing_id) FILTER
               (WHERE m.role = 'director' AND u.governing_id IS NOT NULL), '{}')),
           capdo.with_predecessors(coalesce(array_agg(DISTINCT m.organisation_id) FILTER
               (WHERE m.role = 'chairman'), '{}')),
           (SELECT coalesce(array_agg(x.id ORDER BY x.id), '{}') FROM (
                SELECT g.id FROM capdo.delegation g JOIN capdo.membership h ON h.organisation_id = g.delegate_id
                    WHERE h.account_id = account AND h.role = 'director'
                      AND capdo.today() BETWEEN h.valid_from AND coalesce(h.valid_to, 'infinity')
                      AND capdo.today() BETWEEN g.valid_from AND g.valid_to
                UNION ALL SELECT a.id FROM capdo.appraisal_assignment a
                    JOIN capdo.membership h ON h.organisation_id = a.unit_id
                    WHERE h.account_id = account AND h.role = 'appraiser'
                      AND capdo.today() BETWEEN h.valid_from AND coalesce(h.valid_to, 'infinity')
                      AND capdo.today() BETWEEN a.valid_from AND coalesce(a.valid_to, 'infinity')
                UNION ALL SELECT a.id FROM capdo.appraisal_assignment a
                    JOIN capdo.council_member c ON c.assignment_id = a.id
                    WHERE c.account_id = account
                      AND capdo.today() BETWEEN a.valid_from AND coalesce(a.valid_to, 'infinity')) x)
    FROM capdo.membership m
    LEFT JOIN capdo.specialised_unit u ON u.unit_id = m.organisation_id AND m.role IN ('appraiser', 'director')
        AND u.valid_from <= capdo.today() AND (u.valid_to IS NULL OR u.valid_to >= capdo.today())
    WHERE m.account_id = account AND m.valid_from <= capdo.today()
      AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())
$$;
REVOKE ALL ON FUNCTION capdo.scope_of(uuid) FROM PUBLIC;

-- Whole seconds since then, never less than 0; NULL for never (STRICT: greatest() passes over NULL).
CREATE OR REPLACE FUNCTION capdo.age_s(since timestamptz) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT greatest(0, floor(extract(epoch FROM now() - since)))::integer
$$;

-- Who decides or administers idles for a quarter of an hour at most.
CREATE OR REPLACE FUNCTION capdo.session_idle_s(roles text, idle_s integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN capdo.roles_decide(roles) THEN least(idle_s, 900) ELSE idle_s END
$$;

-- Starts acting as the account whose session token has this SHA-256: sets, for this transaction only,
-- what row-level security reads, and returns the actor. No row: no live session. Rights are those of
-- now: a scope kept with the session counts only while no membership or assignment changed since.
CREATE OR REPLACE FUNCTION capdo.begin_as(token bytea, idle_s integer)
RETURNS TABLE (account_id uuid, username text, display_name text, roles text, staff_of text, appraises text,
    directs text, chairs text, entrusted text, expires_at timestamptz, session_id uuid, pending boolean, factor_age_s integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
DECLARE
    s record;
BEGIN
    -- Nearly every request: one statement finds the session and sets who acts; what set_config returns is
    -- not kept.
    SELECT x.account_id, a.username, a.display_name, x.roles, x.staff_of::text, x.appraises::text, x.directs::text,
            x.chairs::text, x.entrusted::text, x.expires_at, x.id, false, capdo.age_s(x.factor_at),
            set_config('capdo.account', x.account_id::text, true),
            set_config('capdo.factor_at', coalesce(x.factor_at::text, ''), true),
            set_config('capdo.staff_of', x.staff_of::text, true),
            set_config('capdo.serves', (x.appraises || x.directs)::text, true),
            set_config('capdo.chairs', x.chairs::text, true),
            set_config('capdo.entrusted', x.entrusted::text, true),
            set_config('capdo.office', (strpos(x.roles, 'office') > 0)::text, true),
            set_config('capdo.admin', (strpos(x.roles, 'admin') > 0)::text, true)
        INTO account_id, username, display_name, roles, staff_of, appraises, directs, chairs, entrusted,
            expires_at, session_id, pending, factor_age_s
        FROM capdo.session x JOIN capdo.account a ON a.id = x.account_id, capdo.access_version v
        WHERE x.token_sha256 = token AND x.expires_at > now()
          AND x.last_seen_at > now() - make_interval(secs => capdo.session_idle_s(x.roles, idle_s))
          AND a.disabled_at IS NULL AND NOT x.pending AND x.scope_version = v.version AND x.scope_on = capdo.today();
    IF FOUND THEN
        RETURN NEXT;
        RETURN;
    END IF;

    -- No such session, or its scope is of another day or older than the rights.
    SELECT x.*, a.username, a.display_name INTO s
        FROM capdo.session x JOIN capdo.account a ON a.id = x.account_id
        WHERE x.token_sha256 = token AND x.expires_at > now()
          AND x.last_seen_at > now() - make_interval(secs => idle_s) AND a.disabled_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT f.roles, f.staff_of, f.appraises, f.directs, f.chairs, f.entrusted
        INTO s.roles, s.staff_of, s.appraises, s.directs, s.chairs, s.entrusted
        FROM capdo.scope_of(s.account_id) f;
    IF s.last_seen_at <= now() - make_interval(secs => capdo.session_idle_s(s.roles, idle_s)) THEN
        RETURN;
    END IF;
    IF s.pending THEN
        -- Known by name, and nothing more until the second factor is shown.
        s.roles := '';
        s.staff_of := '{}';
        s.appraises := '{}';
        s.directs := '{}';
        s.chairs := '{}';
        s.entrusted := '{}';
    END IF;
    session_id := s.id;
    pending := s.pending;
    factor_age_s := capdo.age_s(s.factor_at);
    account_id := s.account_id;
    username := s.username;
    display_name := s.display_name;
    expires_at := s.expires_at;
    roles := s.roles;
    staff_of := s.staff_of::text;
    appraises := s.appraises::text;
    directs := s.directs::text;
    chairs := s.chairs::text;
    entrusted := s.entrusted::text;
    PERFORM set_config('capdo.account', account_id::text, true),
            set_config('capdo.factor_at', coalesce(s.factor_at::text, ''), true),
            set_config('capdo.staff_of', staff_of, true),
            set_config('capdo.serves', (s.appraises || s.directs)::text, true),
            set_config('capdo.chairs', chairs, true),
            set_config('capdo.entrusted', entrusted, true),
            set_config('capdo.office', (strpos(roles, 'office') > 0)::text, true),
            set_config('capdo.admin', (strpos(roles, 'admin') > 0)::text, true);
    RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION capdo.begin_as(bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.begin_as(bytea, integer) TO capdo_rt;

-- Opens a session, ends the oldest sessions beyond the limit. A pending one still waits for the second
-- factor; with_factor: one was just shown. Who shows something else than a password ends the stop that
-- guessed passwords have brought.
CREATE OR REPLACE FUNCTION capdo.session_open(who uuid, token bytea, lifetime_s integer, sessions_max integer,
    by_method text, waits boolean, with_factor boolean, agent text, from_address text)
RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
DECLARE
    opened uuid := gen_random_uuid();
BEGIN
    IF by_method IN ('passkey', 'oidc') THEN
        DELETE FROM capdo.sign_in_counter c USING capdo.account a
            WHERE a.id = who AND c.name_sha256 = capdo.sha256_text(a.username);
    END IF;
    INSERT INTO capdo.session (id, token_sha256, account_id, expires_at, method, pending, factor_at, user_agent,
        address, scope_on, scope_version, roles, staff_of, appraises, directs, chairs, entrusted)
    SELECT opened, token, who, now() + make_interval(secs => lifetime_s), by_method, waits,
        CASE WHEN with_factor THEN now() END, agent, from_address, capdo.today(), v.version, f.* FROM capdo.access_version v, capdo.scope_of(who) f;
    -- Who knows the password alone must not end the sessions of its owner: those that wait are counted
    -- by themselves.
    DELETE FROM capdo.session WHERE account_id = who AND (expires_at < now() OR (pending = waits AND token_sha256
        NOT IN (SELECT token_sha256 FROM capdo.session WHERE account_id = who AND pending = waits
         ORDER BY created_at DESC, token_sha256 LIMIT sessions_max)));
    RETURN opened;
END $$;
REVOKE ALL ON FUNCTION capdo.session_open(uuid, bytea, integer, integer, text, boolean, boolean, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_open(uuid, bytea, integer, integer, text, boolean, boolean, text, text)
    TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.session_close(token bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.session WHERE token_sha256 = token
$$;
REVOKE ALL ON FUNCTION capdo.session_close(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_close(bytea) TO capdo_rt;

-- Keeps sessions that were used alive, and their scope current; called now and then with all that
-- were seen since.
CREATE OR REPLACE FUNCTION capdo.session_seen(tokens bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.session SET last_seen_at = now() WHERE token_sha256 = ANY (tokens);
    UPDATE capdo.session s SET (scope_on, scope_version, roles, staff_of, appraises, directs, chairs, entrusted) =
        (SELECT capdo.today(), v.version, f.* FROM capdo.scope_of(s.account_id) f)
    FROM capdo.access_version v WHERE s.token_sha256 = ANY (tokens)
        AND (s.scope_version IS DISTINCT FROM v.version OR s.scope_on IS DISTINCT FROM capdo.today())
$$;
REVOKE ALL ON FUNCTION capdo.session_seen(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_seen(bytea[]) TO capdo_rt;

-- Other processes (a second server, the command line) learn that something changed. The server's own
-- writes are announced too: one more refresh costs less than telling them apart.
CREATE OR REPLACE FUNCTION capdo.announce() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('capdo', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION capdo.count_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.access_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER membership_count_access AFTER INSERT OR UPDATE OR DELETE ON capdo.membership
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();
CREATE OR REPLACE TRIGGER organisation_count_access AFTER UPDATE OF successor_id, kind ON capdo.organisation
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();
CREATE OR REPLACE TRIGGER specialised_unit_count_access AFTER INSERT OR UPDATE OR DELETE ON capdo.specialised_unit
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['delegation', 'appraisal_assignment', 'council_member'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access()', name || '_count_access', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce(%L)', name || '_announce', name, 'access');
    END LOOP;
END $$;

-- For each row: housekeeping and sign-ins mostly delete none, and nobody should forget anything then.
CREATE OR REPLACE TRIGGER session_announce AFTER UPDATE OF expires_at OR DELETE ON capdo.session
    FOR EACH ROW EXECUTE FUNCTION capdo.announce('access');
CREATE OR REPLACE TRIGGER account_announce AFTER UPDATE OF disabled_at ON capdo.account
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');
CREATE OR REPLACE TRIGGER membership_announce AFTER INSERT OR UPDATE OR DELETE ON capdo.membership
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');
CREATE OR REPLACE TRIGGER specialised_unit_announce AFTER INSERT OR UPDATE OR DELETE ON capdo.specialised_unit
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');
CREATE OR REPLACE TRIGGER organisation_announce AFTER INSERT OR UPDATE ON capdo.organisation
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');
CREATE OR REPLACE TRIGGER system_announce AFTER INSERT OR UPDATE OR DELETE ON capdo.system
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');
CREATE OR REPLACE TRIGGER dossier_announce AFTER INSERT OR UPDATE OR DELETE ON capdo.dossier
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');
CREATE OR REPLACE TRIGGER label_announce AFTER INSERT OR UPDATE OR DELETE ON capdo.label
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');

-- The post a person acts in, for histories; the rest of the account stays hidden.
CREATE OR REPLACE FUNCTION capdo.person_name(who uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT display_name FROM capdo.account WHERE id = who AND capdo.ctx_account() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION capdo.person_name(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.person_name(uuid) TO capdo_rt;

-- Housekeeping: expired sessions, answers kept for retries that are older than keep_s, devices and counters
-- that nobody has used for long.
CREATE OR REPLACE FUNCTION capdo.session_forget_old(keep_s integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.session WHERE expires_at < now();
    DELETE FROM capdo.idempotency WHERE created_at < now() - make_interval(secs => keep_s);
    -- Of names that nobody has: an account's counter goes when its owner signs in.
    DELETE FROM capdo.sign_in_counter c WHERE c.last_at < now() - interval '30 days'
        AND NOT EXISTS (SELECT FROM capdo.account a WHERE capdo.sha256_text(a.username) = c.name_sha256);
    DELETE FROM capdo.known_device WHERE last_seen_at < now() - interval '180 days'
$$;
REVOKE ALL ON FUNCTION capdo.session_forget_old(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.session_forget_old(integer) TO capdo_rt;
