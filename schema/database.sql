-- What migrations/ adds up to. Made by tests/db/schema; a test proves it equal. Do not edit.

-- Name: capdo; Type: SCHEMA

CREATE SCHEMA capdo;

-- Name: account_access_forget(uuid, uuid); Type: FUNCTION

CREATE FUNCTION capdo.account_access_forget(who uuid, but_session uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.session WHERE account_id = who AND id IS DISTINCT FROM but_session;
    DELETE FROM capdo.sign_in_counter c USING capdo.account a
        WHERE a.id = who AND c.name_sha256 = capdo.sha256_text(a.username)
$$;

-- Name: account_ends(); Type: FUNCTION

CREATE FUNCTION capdo.account_ends() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.account_link SET ended_at = clock_timestamp()
        WHERE account_id = NEW.id AND used_at IS NULL AND ended_at IS NULL;
    DELETE FROM capdo.session WHERE account_id = NEW.id;
    DELETE FROM capdo.known_device WHERE account_id = NEW.id;
    RETURN NULL;
END $$;

-- Name: account_has_factor(uuid); Type: FUNCTION

CREATE FUNCTION capdo.account_has_factor(who uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    RETURN capdo.factor_count(who) > 0;
END $$;

-- Name: account_identity_ended(); Type: FUNCTION

CREATE FUNCTION capdo.account_identity_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    DELETE FROM capdo.session s USING capdo.session_identity x
        WHERE x.session_id = s.id AND x.identity_id = NEW.id;
    RETURN NULL;
END $$;

-- Name: account_leaves_administrator(); Type: FUNCTION

CREATE FUNCTION capdo.account_leaves_administrator() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = NEW.id AND m.role = 'admin'
            AND m.valid_from <= capdo.today() AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())) THEN
        PERFORM capdo.administrator_left(capdo.today());
    END IF;
    RETURN NULL;
END $$;

-- Name: add_counts(jsonb, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.add_counts(one jsonb, other jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT coalesce(jsonb_object_agg(k.key, coalesce((one ->> k.key)::bigint, 0) + coalesce((other ->> k.key)::bigint, 0)),
        '{}')
    FROM (SELECT jsonb_object_keys(one) AS key UNION SELECT jsonb_object_keys(other)) k
$$;

-- Name: administrator_left(date); Type: FUNCTION

CREATE FUNCTION capdo.administrator_left(on_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    -- Two who end each other at the same time: one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended('capdo.administrator', 0));
    IF NOT EXISTS (SELECT FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id
            WHERE m.role = 'admin' AND a.disabled_at IS NULL AND a.activated_at IS NOT NULL
              AND m.valid_from <= on_day AND (m.valid_to IS NULL OR m.valid_to >= on_day)) THEN
        RAISE EXCEPTION 'no administrator would be left'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'last_administrator';
    END IF;
END $$;

-- Name: age_s(timestamp with time zone); Type: FUNCTION

CREATE FUNCTION capdo.age_s(since timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    AS $$
    SELECT greatest(0, floor(extract(epoch FROM now() - since)))::integer
$$;

-- Name: announce(); Type: FUNCTION

CREATE FUNCTION capdo.announce() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('capdo', TG_ARGV[0]);
    RETURN NULL;
END $$;

-- Name: api_token_only_ends(); Type: FUNCTION

CREATE FUNCTION capdo.api_token_only_ends() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: api_token_used(text[]); Type: FUNCTION

CREATE FUNCTION capdo.api_token_used(keys text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.api_token SET last_used_at = now()
    WHERE key = ANY (keys) AND (last_used_at IS NULL OR last_used_at < now() - interval '5 minutes')
$$;

-- Name: appraiser_obstacle(uuid, uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.appraiser_obstacle(of_dossier uuid, who uuid, day date) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    d capdo.dossier;
    units uuid[];      -- the specialised units of that day
    mine uuid[];       -- where this person appraises
    works_there boolean; -- in a unit that operates one of the systems
    instead boolean := false;
    dependent boolean := false;
BEGIN
    SELECT * INTO STRICT d FROM capdo.dossier WHERE id = of_dossier;
    units := ARRAY(SELECT u.unit_id FROM capdo.specialised_unit u WHERE u.governing_id = d.governing_id
        AND capdo.in_force(u.valid_from, u.valid_to, day));
    mine := ARRAY(SELECT m.organisation_id FROM capdo.membership m WHERE m.account_id = who AND m.role = 'appraiser'
        AND capdo.in_force(m.valid_from, m.valid_to, day));
    IF EXISTS (SELECT FROM unnest(units) u WHERE u = ANY (mine) AND u <> ALL (d.operating)) THEN
        RETURN NULL;
    END IF;
    works_there := EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = who
        AND m.organisation_id = ANY (d.operating) AND capdo.in_force(m.valid_from, m.valid_to, day));
    SELECT coalesce(bool_or(x.free), false), coalesce(bool_or(NOT x.free), false) INTO instead, dependent
    FROM (SELECT a.unit_id <> ALL (d.operating) AS free FROM capdo.appraisal_assignment a
            WHERE a.id = ANY (d.entrusted) AND a.unit_id = ANY (mine)
              AND capdo.in_force(a.valid_from, a.valid_to, day)
          UNION ALL SELECT NOT works_there FROM capdo.appraisal_assignment a
            JOIN capdo.council_member c ON c.assignment_id = a.id AND c.account_id = who
            WHERE a.id = ANY (d.entrusted) AND capdo.in_force(a.valid_from, a.valid_to, day)) x;
    IF instead AND units <@ d.operating THEN
        RETURN NULL;
    END IF;
    IF dependent OR units && mine THEN
        RETURN 'appraiser_independent';
    END IF;
    RETURN 'dossier_step_by_its_party';
END $$;

-- Name: assignment_problems(text, uuid, uuid, uuid, uuid[], uuid, date, date); Type: FUNCTION

CREATE FUNCTION capdo.assignment_problems(kind text, governing uuid, unit uuid, operator uuid, members uuid[], chair uuid, first_day date, last_day date) RETURNS TABLE(code text, detail text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT x.code, x.detail FROM (
        SELECT 'governing_unknown', '', NOT EXISTS (SELECT FROM capdo.organisation o
            WHERE o.id = governing AND o.status = 'active')
        UNION ALL SELECT 'unit_unknown', '', unit IS NOT NULL AND NOT EXISTS (SELECT FROM capdo.organisation o
            WHERE o.id = unit AND o.status = 'active')
        UNION ALL SELECT 'operator_unknown', '', operator IS NOT NULL AND NOT EXISTS (SELECT FROM capdo.organisation o
            WHERE o.id = operator)
        UNION ALL SELECT 'unit_is_governing', '', unit = governing
        UNION ALL SELECT 'unit_not_below', '', kind = 'assigned_unit' AND unit <> governing
            AND NOT capdo.is_below(unit, governing)
        UNION ALL SELECT 'unit_operates', '', kind = 'assigned_unit' AND unit = operator
        UNION ALL SELECT 'dates_reversed', '', last_day < first_day
        UNION ALL SELECT 'unit_in_force', u.document_number, true FROM capdo.specialised_unit u
            WHERE kind = 'specialised_unit' AND u.governing_id = governing
              AND capdo.days_meet(u.valid_from, u.valid_to, first_day, last_day)
        UNION ALL SELECT 'chair_not_member', '', kind = 'council' AND chair <> ALL (members)
        UNION ALL SELECT 'members_few', '', kind = 'council' AND cardinality(members) < 2
        UNION ALL SELECT 'member_cannot_act', coalesce(p.display_name, ''), true FROM unnest(members) m (id)
            LEFT JOIN capdo.account p ON p.id = m.id
            WHERE p.disabled_at IS NOT NULL OR NOT EXISTS (SELECT FROM capdo.membership h WHERE h.account_id = m.id
                AND h.role NOT IN ('office', 'admin') AND capdo.in_force(h.valid_from, h.valid_to, capdo.today()))
        UNION ALL SELECT 'member_operates', p.display_name, true FROM unnest(members) m (id)
            JOIN capdo.account p ON p.id = m.id
            WHERE EXISTS (SELECT FROM capdo.membership h WHERE h.account_id = m.id AND h.organisation_id = operator
                AND capdo.in_force(h.valid_from, h.valid_to, capdo.today()))) x (code, detail, found)
    WHERE x.found AND capdo.ctx_is('capdo.admin') ORDER BY x.code, x.detail
$$;

-- Name: authority_check_end(); Type: FUNCTION

CREATE FUNCTION capdo.authority_check_end() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    violated text;
BEGIN
    IF OLD.valid_to < capdo.today() OR OLD.ended_document <> '' THEN
        violated := 'authority_ended_once';
    ELSIF NEW.valid_to IS NULL OR NEW.valid_to > OLD.valid_to OR NEW.ended_document = '' THEN
        violated := 'authority_only_ends';
    ELSIF NEW.valid_to < capdo.authority_used_until(NEW.id) THEN
        violated := 'authority_used_later';
    ELSIF NEW.valid_to < NEW.valid_from THEN
        violated := TG_TABLE_NAME || '_dates'; -- it would never have held: only with a body that ends
    END IF;
    IF violated IS NOT NULL THEN
        RAISE EXCEPTION 'this % cannot change so', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = violated;
    END IF;
    RETURN NEW;
END $$;

-- Name: authority_check_new(); Type: FUNCTION

CREATE FUNCTION capdo.authority_check_new() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    violated text;
BEGIN
    IF NEW.valid_to < NEW.valid_from THEN
        RAISE EXCEPTION 'a record begins with its first day' USING ERRCODE = 'check_violation',
            CONSTRAINT = TG_TABLE_NAME || '_dates';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('capdo.authority', 0));
    IF TG_TABLE_NAME = 'specialised_unit' THEN
        IF EXISTS (SELECT FROM capdo.specialised_unit u WHERE u.governing_id = NEW.governing_id
            AND capdo.days_meet(u.valid_from, u.valid_to, NEW.valid_from, NEW.valid_to)) THEN
            violated := 'specialised_unit_one';
        END IF;
    ELSIF TG_TABLE_NAME = 'delegation' THEN
        IF NOT capdo.is_below(NEW.delegate_id, NEW.governing_id) THEN
            violated := 'delegation_to_subordinate';
        ELSIF EXISTS (SELECT FROM capdo.delegation g WHERE g.governing_id = NEW.governing_id AND (g.levels && NEW.levels OR g.plan_levels && NEW.plan_levels)
            AND capdo.days_meet(g.valid_from, g.valid_to, NEW.valid_from, NEW.valid_to)) THEN
            violated := 'delegation_one';
        END IF;
    ELSIF NEW.unit_id IS NOT NULL AND NOT capdo.is_below(NEW.unit_id, NEW.governing_id) THEN
        violated := 'appraisal_assignment_subordinate';
    ELSIF NEW.system_id IS NOT NULL AND NOT EXISTS (SELECT FROM capdo.system s WHERE s.id = NEW.system_id
            AND s.governing_id = NEW.governing_id AND s.operator_id = NEW.operator_id)
        OR NEW.dossier_id IS NOT NULL AND NOT EXISTS (SELECT FROM capdo.dossier d WHERE d.id = NEW.dossier_id
            AND d.governing_id = NEW.governing_id AND d.operator_id = NEW.operator_id) THEN
        violated := 'appraisal_assignment_target';
    END IF;
    IF violated IS NOT NULL THEN
        RAISE EXCEPTION 'this % cannot be recorded', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = violated;
    END IF;
    RETURN NEW;
END $$;

-- Name: authority_cover(); Type: FUNCTION

CREATE FUNCTION capdo.authority_cover() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'delegation' THEN
        PERFORM capdo.dossier_cover_again(ARRAY(SELECT d.id FROM capdo.dossier d
            WHERE d.governing_id = NEW.governing_id AND d.approve_party = 'governing_body'
              AND d.level = ANY (NEW.levels) AND d.state NOT IN ('approved', 'refused', 'withdrawn')));
    ELSE
        PERFORM capdo.dossier_cover_again(ARRAY(SELECT d.id FROM capdo.dossier d
            WHERE d.governing_id = NEW.governing_id AND d.operator_id = NEW.operator_id
              AND d.state NOT IN ('approved', 'refused', 'withdrawn')));
    END IF;
    RETURN NULL;
END $$;

-- Name: authority_end_problems(uuid, date, date, date); Type: FUNCTION

CREATE FUNCTION capdo.authority_end_problems(record uuid, starts date, until date, day date) RETURNS TABLE(code text, detail text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT x.code, x.detail FROM (
        SELECT 'ends_before_it_begins', starts::text, day < starts
        UNION ALL SELECT 'ends_later', until::text, day > until
        UNION ALL SELECT 'used_later', capdo.authority_used_until(record)::text,
            day < capdo.authority_used_until(record)) x (code, detail, found)
    WHERE x.found AND capdo.ctx_is('capdo.admin') ORDER BY x.code
$$;

-- Name: authority_target(text, text); Type: FUNCTION

CREATE FUNCTION capdo.authority_target(system_code text, dossier_code text) RETURNS TABLE(system_id uuid, dossier_id uuid, governing_id uuid, operator_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT s.id, NULL::uuid, s.governing_id, s.operator_id FROM capdo.system s
        WHERE s.code = upper(system_code) AND capdo.ctx_is('capdo.admin')
    UNION ALL SELECT NULL, d.id, d.governing_id, d.operator_id FROM capdo.dossier d
        WHERE d.code = upper(dossier_code) AND capdo.ctx_is('capdo.admin')
$$;

-- Name: authority_target_code(uuid); Type: FUNCTION

CREATE FUNCTION capdo.authority_target_code(of_assignment uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT coalesce(s.code, d.code) FROM capdo.appraisal_assignment a
        LEFT JOIN capdo.system s ON s.id = a.system_id LEFT JOIN capdo.dossier d ON d.id = a.dossier_id
    WHERE a.id = of_assignment AND (capdo.ctx_is('capdo.admin') OR capdo.ctx_is('capdo.office')
        OR a.operator_id = ANY (capdo.ctx_list('capdo.staff_of')) OR a.id = ANY (capdo.ctx_list('capdo.entrusted'))
        OR a.governing_id = ANY (capdo.ctx_list('capdo.chairs') || capdo.ctx_list('capdo.serves')))
$$;

-- Name: authority_used_until(uuid); Type: FUNCTION

CREATE FUNCTION capdo.authority_used_until(record uuid) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT greatest(
        (SELECT max(c.decided_on) FROM capdo.decision c WHERE c.delegation_id = record),
        (SELECT max((o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) FROM capdo.opinion o WHERE o.assignment_id = record),
        (SELECT max(greatest(
                (SELECT max(c.decided_on) FROM capdo.decision c JOIN capdo.dossier d ON d.id = c.dossier_id
                    WHERE c.organisation_id = u.unit_id AND d.governing_id = u.governing_id
                      AND c.decided_on BETWEEN u.valid_from AND coalesce(u.valid_to, 'infinity')),
                (SELECT max((o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) FROM capdo.opinion o
                    JOIN capdo.dossier d ON d.id = o.dossier_id
                    WHERE o.organisation_id = u.unit_id AND o.assignment_id IS NULL
                      AND d.governing_id = u.governing_id AND (o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                          BETWEEN u.valid_from AND coalesce(u.valid_to, 'infinity'))))
            FROM capdo.specialised_unit u WHERE u.id = record))
$$;

-- Name: begin_as(bytea, integer); Type: FUNCTION

CREATE FUNCTION capdo.begin_as(token bytea, idle_s integer) RETURNS TABLE(account_id uuid, username text, display_name text, roles text, staff_of text, appraises text, directs text, chairs text, entrusted text, expires_at timestamp with time zone, session_id uuid, pending boolean, factor_age_s integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: begin_as_token(text, bytea, text); Type: FUNCTION

CREATE FUNCTION capdo.begin_as_token(token_key text, secret bytea, from_address text) RETURNS TABLE(account_id uuid, username text, display_name text, roles text, staff_of text, appraises text, directs text, chairs text, expires_at timestamp with time zone, session_id uuid, pending boolean, factor_age_s integer, token_id uuid, scopes text, refusal text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: bodies_are_active(); Type: FUNCTION

CREATE FUNCTION capdo.bodies_are_active() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF session_user <> 'capdo_rt' THEN
        RETURN NEW;
    END IF;
    -- One that is just ending is waited for; what stays where it is goes over with it.
    IF TG_OP = 'INSERT' OR (NEW.operator_id, NEW.governing_id) <> (OLD.operator_id, OLD.governing_id) THEN
        PERFORM FROM capdo.organisation o WHERE o.id IN (NEW.operator_id, NEW.governing_id) ORDER BY o.id FOR SHARE;
    END IF;
    IF EXISTS (SELECT FROM capdo.organisation o
        WHERE o.id IN (NEW.operator_id, NEW.governing_id) AND o.status <> 'active') THEN
        RAISE EXCEPTION 'operating unit and governing body are active ones'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'system_bodies_active';
    END IF;
    RETURN NEW;
END $$;

-- Name: challenge_forget_old(); Type: FUNCTION

CREATE FUNCTION capdo.challenge_forget_old() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.auth_challenge WHERE expires_at < now()
$$;

-- Name: challenge_make(bytea, text, uuid, integer); Type: FUNCTION

CREATE FUNCTION capdo.challenge_make(bytes bytea, what_for text, session uuid, lifetime_s integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF session IS NULL AND (SELECT count(*) FROM (SELECT FROM capdo.auth_challenge WHERE session_id IS NULL
            AND expires_at > now() LIMIT 10000) c) >= 10000 THEN
        RETURN false;
    END IF;
    INSERT INTO capdo.auth_challenge VALUES (bytes, what_for, session, now() + make_interval(secs => lifetime_s));
    RETURN true;
END $$;

-- Name: challenge_take(bytea, text, uuid); Type: FUNCTION

CREATE FUNCTION capdo.challenge_take(bytes bytea, what_for text, session uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    DELETE FROM capdo.auth_challenge WHERE challenge = bytes AND purpose = what_for
        AND session_id IS NOT DISTINCT FROM session AND expires_at > now();
    RETURN FOUND;
END $$;

-- Name: code_scheme_of(text); Type: FUNCTION

CREATE FUNCTION capdo.code_scheme_of(code text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$ SELECT CASE WHEN code ~ '^[0-9]{3}(\.[0-9A-Z]{2,3}){2}\.[A-Z][0-9]{2}$' THEN '2016'
        WHEN code ~ '^[A-Z][0-9]{2}(\.[0-9A-Z]{2,3})*$' THEN '2020' ELSE 'internal' END $_$;

-- Name: council_is_whole(); Type: FUNCTION

CREATE FUNCTION capdo.council_is_whole() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.unit_id IS NULL AND NOT (SELECT count(*) >= 2 AND bool_or(c.is_chair) FROM capdo.council_member c
        WHERE c.assignment_id = NEW.id) THEN
        RAISE EXCEPTION 'a council has members and a chair'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'council_has_chair';
    END IF;
    RETURN NULL;
END $$;

-- Name: council_member_check(); Type: FUNCTION

CREATE FUNCTION capdo.council_member_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    violated text;
BEGIN
    IF NOT EXISTS (SELECT FROM capdo.appraisal_assignment a WHERE a.id = NEW.assignment_id AND a.unit_id IS NULL
        AND a.created_at = now()) THEN
        violated := 'council_frozen';
    ELSIF NOT EXISTS (SELECT FROM capdo.account p JOIN capdo.membership m ON m.account_id = p.id
        WHERE p.id = NEW.account_id AND p.disabled_at IS NULL AND m.role NOT IN ('office', 'admin')
          AND capdo.in_force(m.valid_from, m.valid_to, capdo.today())) THEN
        violated := 'council_member_can_act';
    ELSIF EXISTS (SELECT FROM capdo.appraisal_assignment a JOIN capdo.membership m ON m.organisation_id = a.operator_id
        WHERE a.id = NEW.assignment_id AND m.account_id = NEW.account_id
          AND capdo.in_force(m.valid_from, m.valid_to, capdo.today())) THEN
        violated := 'council_member_independent';
    END IF;
    IF violated IS NOT NULL THEN
        RAISE EXCEPTION 'this person cannot be named'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = violated;
    END IF;
    SELECT p.display_name INTO NEW.name FROM capdo.account p WHERE p.id = NEW.account_id;
    RETURN NEW;
END $$;

-- Name: count_access(); Type: FUNCTION

CREATE FUNCTION capdo.count_access() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.access_version SET version = version + 1;
    RETURN NULL;
END $$;

-- Name: ctx_account(); Type: FUNCTION

CREATE FUNCTION capdo.ctx_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('capdo.account', true), '')::uuid $$;

-- Name: ctx_fresh_factor(); Type: FUNCTION

CREATE FUNCTION capdo.ctx_fresh_factor() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('capdo.factor_at', true), '')::timestamptz
        > now() - make_interval(secs => capdo.step_up_s()), false) $$;

-- Name: ctx_is(text); Type: FUNCTION

CREATE FUNCTION capdo.ctx_is(setting text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting(setting, true), '') = 'true' $$;

-- Name: ctx_list(text); Type: FUNCTION

CREATE FUNCTION capdo.ctx_list(setting text) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting(setting, true), '')::uuid[], '{}') $$;

-- Name: ctx_scope(text); Type: FUNCTION

CREATE FUNCTION capdo.ctx_scope(scope text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT capdo.ctx_token() IS NULL
        OR scope = ANY (string_to_array(current_setting('capdo.scopes', true), ',')) $$;

-- Name: ctx_token(); Type: FUNCTION

CREATE FUNCTION capdo.ctx_token() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('capdo.token', true), '')::uuid $$;

-- Name: days_left(date, date, datemultirange); Type: FUNCTION

CREATE FUNCTION capdo.days_left(first_day date, last_day date, taken datemultirange) RETURNS TABLE(valid_from date, valid_to date)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT lower(x), upper(x) - 1
    FROM unnest(datemultirange(daterange(first_day, last_day + 1)) - coalesce(taken, '{}')) x
$$;

-- Name: days_meet(date, date, date, date); Type: FUNCTION

CREATE FUNCTION capdo.days_meet(one_from date, one_to date, other_from date, other_to date) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT greatest(one_from, other_from) <= least(coalesce(one_to, 'infinity'), coalesce(other_to, 'infinity'))
$$;

-- Name: decision_apply(); Type: FUNCTION

CREATE FUNCTION capdo.decision_apply() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.outcome = 'approved' THEN
        UPDATE capdo.system s SET approved_level = x.proposed_level, approved_on = NEW.decided_on,
            decision_id = NEW.id, ruleset = d.ruleset, computed_level = x.computed_level, at_least = x.at_least,
            version = s.version + 1, updated_at = NEW.at,
            updated_by = NEW.signer_id
        FROM capdo.dossier_system x JOIN capdo.dossier d ON d.id = x.dossier_id
        WHERE x.dossier_id = NEW.dossier_id AND x.system_id = s.id;
    END IF;
    RETURN NULL;
END $$;

-- Name: decision_check(); Type: FUNCTION

CREATE FUNCTION capdo.decision_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    d capdo.dossier;
BEGIN
    SELECT * INTO STRICT d FROM capdo.dossier WHERE id = NEW.dossier_id FOR UPDATE;
    IF d.state <> 'appraised' AND session_user <> 'capdo_owner' THEN
        RAISE EXCEPTION 'only an appraised dossier is decided'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_transition_known';
    END IF;
    IF NEW.signer_id IN (d.prepared_by, d.submitted_by, d.appraised_by) THEN
        RAISE EXCEPTION 'preparer, appraiser and approver are three people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'same_person_approver';
    END IF;
    IF NOT capdo.may_approve(NEW.dossier_id, NEW.signer_id, NEW.decided_on, NEW.organisation_id, NEW.delegation_id,
        true) THEN
        RAISE EXCEPTION 'the signer does not head the approving party'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'decision_by_its_party';
    END IF;
    RETURN NEW;
END $$;

-- Name: delegation_problems(uuid, uuid, smallint[], smallint[], date, date); Type: FUNCTION

CREATE FUNCTION capdo.delegation_problems(governing uuid, delegate uuid, of_levels smallint[], of_plans smallint[], first_day date, last_day date) RETURNS TABLE(code text, detail text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT x.code, x.detail FROM (
        SELECT 'governing_unknown', '', NOT EXISTS (SELECT FROM capdo.organisation o
            WHERE o.id = governing AND o.status = 'active')
        UNION ALL SELECT 'delegate_unknown', '', NOT EXISTS (SELECT FROM capdo.organisation o
            WHERE o.id = delegate AND o.status = 'active')
        UNION ALL SELECT 'delegate_not_below', '', delegate = governing OR NOT capdo.is_below(delegate, governing)
        UNION ALL SELECT 'dates_reversed', '', last_day < first_day
        UNION ALL SELECT 'delegated_already', g.document_number, true FROM capdo.delegation g
            WHERE g.governing_id = governing AND (g.levels && of_levels OR g.plan_levels && of_plans)
              AND capdo.days_meet(g.valid_from, g.valid_to, first_day, last_day)) x (code, detail, found)
    WHERE x.found AND capdo.ctx_is('capdo.admin') ORDER BY x.code, x.detail
$$;

-- Name: device_remember(uuid, bytea, integer); Type: FUNCTION

CREATE FUNCTION capdo.device_remember(who uuid, device bytea, most integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    INSERT INTO capdo.known_device (account_id, device_sha256) VALUES (who, device)
        ON CONFLICT ON CONSTRAINT known_device_once DO UPDATE SET last_seen_at = clock_timestamp();
    DELETE FROM capdo.known_device WHERE account_id = who AND device_sha256 NOT IN
        (SELECT d.device_sha256 FROM capdo.known_device d WHERE d.account_id = who
         ORDER BY d.last_seen_at DESC, d.device_sha256 LIMIT most)
$$;

-- Name: device_seen(uuid, bytea); Type: FUNCTION

CREATE FUNCTION capdo.device_seen(who uuid, device bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.known_device SET last_seen_at = clock_timestamp() WHERE account_id = who AND device_sha256 = device;
    RETURN FOUND;
END $$;

-- Name: dossier_authority(uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.dossier_authority(of_dossier uuid, day date) RETURNS TABLE(source text, record_id uuid, organisation_id uuid, name text, document_number text, valid_from date, valid_to date, levels smallint[], operates boolean, member boolean, is_operator boolean, appraises_from date, appraises_to date, heads_from date, heads_to date, people json)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 8
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
DECLARE
    d capdo.dossier;
    me uuid := capdo.ctx_account();
    works_there boolean;
BEGIN
    SELECT * INTO d FROM capdo.dossier x WHERE x.id = of_dossier;
    IF NOT FOUND OR NOT capdo.dossier_visible(d.operator_id, d.governing_id, d.submissions, d.entrusted) THEN
        RETURN;
    END IF;
    works_there := EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = me
        AND m.organisation_id = ANY (d.operating) AND capdo.in_force(m.valid_from, m.valid_to, day));
    RETURN QUERY
    WITH body AS (
        SELECT 1 AS rank, 'specialised_unit' AS source, u.id, u.unit_id AS unit, 'director' AS head, u.document_number,
                u.valid_from, u.valid_to, '{}'::smallint[] AS levels
            FROM capdo.specialised_unit u WHERE u.governing_id = d.governing_id
        UNION ALL SELECT 2, CASE WHEN a.unit_id IS NULL THEN 'council' ELSE 'assigned_unit' END, a.id, a.unit_id,
                NULL, a.document_number, a.valid_from, a.valid_to, '{}'
            FROM capdo.appraisal_assignment a WHERE a.id = ANY (d.entrusted)
        UNION ALL SELECT 3, 'governing_body', NULL, d.governing_id, 'chairman', '', '-infinity', NULL, '{}'
        UNION ALL SELECT 4, 'delegate', g.id, g.delegate_id, 'director', g.document_number, g.valid_from, g.valid_to,
                g.levels
            FROM capdo.delegation g WHERE g.governing_id = d.governing_id)
    SELECT b.source, b.id, b.unit, coalesce(o.name, a.council_name), b.document_number,
        nullif(b.valid_from, '-infinity'), b.valid_to, b.levels, coalesce(b.unit = ANY (d.operating), false),
        c.account_id IS NOT NULL OR EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = me
            AND m.organisation_id = b.unit AND capdo.in_force(m.valid_from, m.valid_to, day)),
        works_there,
        coalesce(appraiser.valid_from, CASE WHEN c.account_id IS NOT NULL THEN b.valid_from END), appraiser.valid_to,
        head.valid_from, head.valid_to,
        CASE WHEN b.source = 'council' THEN
            (SELECT json_agg(json_build_object('name', x.name, 'role',
                CASE WHEN x.is_chair THEN 'council_chair' ELSE 'council_member' END)
                ORDER BY NOT x.is_chair, x.name) FROM capdo.council_member x WHERE x.assignment_id = b.id)
        ELSE coalesce((SELECT json_agg(json_build_object('name', p.display_name, 'role', m.role)
                ORDER BY p.display_name) FROM capdo.membership m JOIN capdo.account p ON p.id = m.account_id
            WHERE m.organisation_id = b.unit AND m.role = b.head
              AND capdo.in_force(m.valid_from, m.valid_to, day)), '[]') END
    FROM body b LEFT JOIN capdo.organisation o ON o.id = b.unit
        LEFT JOIN capdo.appraisal_assignment a ON a.id = b.id AND b.source = 'council'
        LEFT JOIN capdo.council_member c ON c.assignment_id = b.id AND c.account_id = me
        LEFT JOIN LATERAL (SELECT m.valid_from, m.valid_to FROM capdo.membership m WHERE m.account_id = me
            AND m.organisation_id = b.unit AND m.role = 'appraiser' AND b.rank < 3
            ORDER BY capdo.in_force(m.valid_from, m.valid_to, day) DESC, m.valid_from DESC LIMIT 1) appraiser ON true
        LEFT JOIN LATERAL (SELECT m.valid_from, m.valid_to FROM capdo.membership m WHERE m.account_id = me
            AND m.organisation_id = b.unit AND m.role = b.head
            ORDER BY capdo.in_force(m.valid_from, m.valid_to, day) DESC, m.valid_from DESC LIMIT 1) head ON true
    ORDER BY b.rank, b.valid_from DESC, b.id LIMIT 64;
END $$;

-- Name: dossier_check_actor(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_check_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    acting uuid := capdo.ctx_account();
    violated text;
BEGIN
    IF NEW.state IN ('submitted', 'withdrawn')
            AND NOT NEW.operator_id = ANY (capdo.ctx_list('capdo.staff_of'))
        OR NEW.state = 'submitted' AND NEW.submitted_by IS DISTINCT FROM acting
        OR NEW.state = 'received' AND NEW.received_by IS DISTINCT FROM acting
        OR NEW.state = 'appraised' AND NEW.appraised_by IS DISTINCT FROM acting
        OR NEW.state IN ('approved', 'refused') AND (NEW.decided_by IS DISTINCT FROM acting
            OR NOT (NEW.governing_id = ANY (capdo.ctx_list('capdo.serves') || capdo.ctx_list('capdo.chairs'))
                OR NEW.entrusted && capdo.ctx_list('capdo.entrusted')))
        OR NEW.state = 'returned' AND OLD.state = 'appraised'
            AND NOT capdo.may_approve(NEW.id, acting, capdo.today(), NULL, NULL, false) THEN
        violated := 'dossier_step_by_its_party';
    ELSIF NEW.state IN ('received', 'appraised') OR NEW.state = 'returned' AND OLD.state <> 'appraised' THEN
        violated := capdo.appraiser_obstacle(NEW.id, acting, capdo.today());
    END IF;
    IF violated IS NOT NULL THEN
        RAISE EXCEPTION 'this step is not yours'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = violated;
    END IF;
    RETURN NEW;
END $$;

-- Name: dossier_check_move(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_check_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM capdo.dossier_transition t
        WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION 'dossier cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_transition_known';
    END IF;
    IF OLD.state NOT IN ('draft', 'returned')
        AND (NEW.level <> OLD.level OR NEW.approve_party <> OLD.approve_party) THEN
        RAISE EXCEPTION 'a submitted dossier cannot change'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_frozen';
    END IF;
    RETURN NEW;
END $$;

-- Name: dossier_check_start(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_check_start() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_user = 'capdo_rt' AND (NEW.state <> 'draft' OR NEW.submissions <> 0
        OR NEW.prepared_by IS DISTINCT FROM capdo.ctx_account()) THEN
        RAISE EXCEPTION 'a dossier starts as its preparer''s draft'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_starts_as_draft';
    END IF;
    RETURN NEW;
END $$;

-- Name: dossier_cover_again(uuid[]); Type: FUNCTION

CREATE FUNCTION capdo.dossier_cover_again(dossiers uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.dossier d SET operating = capdo.dossier_operated_by(d), entrusted = capdo.dossier_covered(d)
        WHERE d.id = ANY (dossiers) AND d.state NOT IN ('approved', 'refused', 'withdrawn')
          AND (d.operating, d.entrusted) IS DISTINCT FROM (capdo.dossier_operated_by(d), capdo.dossier_covered(d));
    UPDATE capdo.system s SET entrusted = x.entrusted FROM (
        SELECT ds.system_id, coalesce(string_agg(DISTINCT e::text, ' '), '') AS entrusted
            FROM capdo.dossier_system ds JOIN capdo.dossier d ON d.id = ds.dossier_id AND d.submissions > 0
            LEFT JOIN LATERAL unnest(d.entrusted) e ON true
            WHERE ds.system_id IN (SELECT y.system_id FROM capdo.dossier_system y WHERE y.dossier_id = ANY (dossiers))
            GROUP BY ds.system_id) x
        WHERE s.id = x.system_id AND s.entrusted <> x.entrusted
$$;

-- Name: dossier_code; Type: SEQUENCE

CREATE SEQUENCE capdo.dossier_code
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: dossier; Type: TABLE

CREATE TABLE capdo.dossier (
    id uuid NOT NULL,
    code text DEFAULT ('HS'::text || lpad((nextval('capdo.dossier_code'::regclass))::text, 7, '0'::text)) NOT NULL,
    ruleset text NOT NULL,
    governing_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    level smallint NOT NULL,
    approve_party text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    submissions integer DEFAULT 0 NOT NULL,
    prepared_by uuid NOT NULL,
    submitted_by uuid,
    submitted_at timestamp with time zone,
    received_by uuid,
    received_at timestamp with time zone,
    appraised_by uuid,
    appraised_at timestamp with time zone,
    conclusion text,
    decided_by uuid,
    decided_at timestamp with time zone,
    step text,
    due_on date,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    operator_then_id uuid,
    governing_then_id uuid,
    operating uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    entrusted uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT dossier_approved_is_suitable CHECK (((state <> 'approved'::text) OR (conclusion = 'suitable'::text))),
    CONSTRAINT dossier_conclusion_known CHECK ((conclusion = ANY (ARRAY['suitable'::text, 'not_suitable'::text]))),
    CONSTRAINT dossier_decided_by_someone CHECK (((state = ANY (ARRAY['approved'::text, 'refused'::text])) = (decided_by IS NOT NULL))),
    CONSTRAINT dossier_level_range CHECK (((level >= 1) AND (level <= 5))),
    CONSTRAINT dossier_party_known CHECK ((approve_party = ANY (ARRAY['specialised_unit'::text, 'governing_body'::text]))),
    CONSTRAINT dossier_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'received'::text, 'returned'::text, 'appraised'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT dossier_step_known CHECK ((step = ANY (ARRAY['completeness_response'::text, 'appraisal'::text, 'approval'::text]))),
    CONSTRAINT same_person_appraiser CHECK (((appraised_by IS NULL) OR ((appraised_by <> prepared_by) AND (appraised_by IS DISTINCT FROM submitted_by)))),
    CONSTRAINT same_person_approver CHECK (((decided_by IS NULL) OR ((decided_by <> prepared_by) AND (decided_by IS DISTINCT FROM submitted_by) AND (decided_by IS DISTINCT FROM appraised_by))))
);

ALTER TABLE ONLY capdo.dossier FORCE ROW LEVEL SECURITY;

-- Name: dossier_covered(capdo.dossier); Type: FUNCTION

CREATE FUNCTION capdo.dossier_covered(d capdo.dossier) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT coalesce(array_agg(x.id ORDER BY x.id), '{}') FROM (
        SELECT g.id FROM capdo.delegation g WHERE g.governing_id = d.governing_id
            AND d.approve_party = 'governing_body' AND d.level = ANY (g.levels)
            AND (g.valid_to >= capdo.today() OR g.id = ANY (d.entrusted))
        UNION SELECT a.id FROM capdo.appraisal_assignment a WHERE a.governing_id = d.governing_id
            AND a.operator_id = d.operator_id
            AND (a.dossier_id = d.id OR a.dossier_id IS NULL AND (a.system_id IS NULL
                OR a.system_id IN (SELECT s.system_id FROM capdo.dossier_system s WHERE s.dossier_id = d.id)))
            AND (a.valid_to IS NULL OR a.valid_to >= capdo.today() OR a.id = ANY (d.entrusted))) x
$$;

-- Name: dossier_follow(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.state IN ('approved', 'refused', 'withdrawn') THEN
        UPDATE capdo.dossier_system SET open = false WHERE dossier_id = NEW.id;
    END IF;
    -- The row changes, so its version (the ETag) does too.
    UPDATE capdo.system s SET
        received = s.received OR NEW.submissions > 0,
        approval_status = CASE
            WHEN NEW.state IN ('submitted', 'received') THEN 'sent_for_appraisal'
            WHEN NEW.state = 'appraised' THEN 'appraised'
            WHEN s.approved_level IS NOT NULL OR NEW.state = 'approved' THEN 'approved'
            ELSE 'drafting' END,
        version = s.version + 1, updated_at = NEW.updated_at
    FROM capdo.dossier_system x WHERE x.dossier_id = NEW.id AND x.system_id = s.id;
    IF NEW.state = 'submitted' THEN
        PERFORM capdo.dossier_cover_again(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$;

-- Name: dossier_has_decision(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_has_decision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.state IN ('approved', 'refused') AND NOT EXISTS (SELECT FROM capdo.decision x
        WHERE x.dossier_id = NEW.id AND x.outcome = NEW.state AND x.signer_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'a decided dossier needs its decision'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_has_decision';
    END IF;
    RETURN NULL;
END $$;

-- Name: dossier_keep_cover(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_keep_cover() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    NEW.operating := capdo.dossier_operated_by(NEW);
    NEW.entrusted := capdo.dossier_covered(NEW);
    RETURN NEW;
END $$;

-- Name: dossier_operated_by(capdo.dossier); Type: FUNCTION

CREATE FUNCTION capdo.dossier_operated_by(d capdo.dossier) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT coalesce(array_agg(x.unit ORDER BY x.unit), '{}') FROM (
        SELECT d.operator_id AS unit
        UNION SELECT s.operator_id FROM capdo.dossier_system ds JOIN capdo.system s ON s.id = ds.system_id
            WHERE ds.dossier_id = d.id
        UNION SELECT u.organisation_id FROM capdo.dossier_system ds JOIN capdo.system_unit u
            ON u.system_id = ds.system_id WHERE ds.dossier_id = d.id
        UNION SELECT unnest(d.operating) WHERE d.state NOT IN ('draft', 'returned')) x
$$;

-- Name: dossier_part_check(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_part_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    part record;
BEGIN
    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
    IF TG_TABLE_NAME = 'dossier_system' AND TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'open' = to_jsonb(OLD) - 'open' THEN
        RETURN NEW;
    END IF;
    PERFORM FROM capdo.dossier d WHERE d.id = part.dossier_id AND d.state IN ('draft', 'returned') FOR UPDATE;
    IF NOT FOUND AND session_user <> 'capdo_owner' THEN
        RAISE EXCEPTION 'a submitted dossier cannot change'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_frozen';
    END IF;
    RETURN part;
END $$;

-- Name: dossier_part_cover(); Type: FUNCTION

CREATE FUNCTION capdo.dossier_part_cover() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    part record;
BEGIN
    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
    IF TG_TABLE_NAME = 'dossier_system' THEN
        PERFORM capdo.dossier_cover_again(ARRAY[part.dossier_id]);
    ELSE
        PERFORM capdo.dossier_cover_again(ARRAY(SELECT ds.dossier_id FROM capdo.dossier_system ds
            WHERE ds.system_id = part.system_id AND ds.open));
    END IF;
    RETURN NULL;
END $$;

-- Name: dossier_visible(uuid, uuid, integer, uuid[]); Type: FUNCTION

CREATE FUNCTION capdo.dossier_visible(operator uuid, governing uuid, submissions integer, entrusted uuid[]) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT capdo.ctx_is('capdo.office')
        OR operator = ANY (capdo.ctx_list('capdo.staff_of'))
        OR governing = ANY (capdo.ctx_list('capdo.chairs'))
        OR (submissions > 0 AND (governing = ANY (capdo.ctx_list('capdo.serves'))
            OR entrusted && capdo.ctx_list('capdo.entrusted')))
$$;

-- Name: factor_count(uuid); Type: FUNCTION

CREATE FUNCTION capdo.factor_count(who uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT (SELECT count(*) FROM capdo.credential_totp WHERE account_id = who AND confirmed_at IS NOT NULL)::integer
        + (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = who)::integer
$$;

-- Name: factor_judged(uuid, boolean); Type: FUNCTION

CREATE FUNCTION capdo.factor_judged(who uuid, good boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.factor_attempt SET failures = CASE WHEN good THEN 0 ELSE failures + 1 END WHERE account_id = who
$$;

-- Name: factor_may_change(); Type: FUNCTION

CREATE FUNCTION capdo.factor_may_change() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF capdo.ctx_account() IS NULL OR (capdo.factor_count(capdo.ctx_account()) > 0 AND NOT capdo.ctx_fresh_factor()) THEN
        RAISE EXCEPTION 'a fresh second factor is needed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'step_up_needed';
    END IF;
END $$;

-- Name: factor_removed(); Type: FUNCTION

CREATE FUNCTION capdo.factor_removed() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: factor_state(uuid); Type: FUNCTION

CREATE FUNCTION capdo.factor_state(who uuid) RETURNS TABLE(totp boolean, passkeys integer, recovery_codes integer, wanted integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT EXISTS (SELECT FROM capdo.credential_totp WHERE account_id = who AND confirmed_at IS NOT NULL),
        (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = who)::integer,
        (SELECT count(*) FROM capdo.recovery_code WHERE account_id = who AND used_at IS NULL)::integer,
        CASE WHEN EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = who AND capdo.roles_decide(m.role)
            AND m.valid_from <= capdo.today() AND (m.valid_to IS NULL OR m.valid_to >= capdo.today()))
            THEN 2 ELSE 0 END
$$;

-- Name: factor_try(uuid, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.factor_try(who uuid, most integer, window_s integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    INSERT INTO capdo.factor_attempt AS f (account_id) VALUES (who)
    ON CONFLICT (account_id) DO UPDATE SET
        failures = CASE WHEN f.since <= now() - make_interval(secs => window_s) THEN 0 ELSE f.failures END,
        since = CASE WHEN f.since <= now() - make_interval(secs => window_s) OR f.failures = 0 THEN now() ELSE f.since END
    RETURNING CASE WHEN failures < most THEN 0 ELSE
        greatest(1, ceil(extract(epoch FROM since - now()) + window_s))::integer END
$$;

-- Name: factors_end(uuid); Type: FUNCTION

CREATE FUNCTION capdo.factors_end(who uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    DELETE FROM capdo.credential_totp WHERE account_id = who;
    DELETE FROM capdo.credential_passkey WHERE account_id = who;
    DELETE FROM capdo.recovery_code WHERE account_id = who;
    DELETE FROM capdo.factor_attempt WHERE account_id = who;
    PERFORM capdo.security_log_add('factor.removed', 'done', NULL, 'capdo account', 'account', a.id,
            a.display_name, NULL, NULL, '', '', '', '{"factor":"all"}')
        FROM capdo.account a WHERE a.id = who;
END $$;

-- Name: fold(text); Type: FUNCTION

CREATE FUNCTION capdo.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

-- Name: in_force(date, date, date); Type: FUNCTION

CREATE FUNCTION capdo.in_force(valid_from date, valid_to date, day date) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT day >= valid_from AND (valid_to IS NULL OR day <= valid_to)
$$;

-- Name: is_below(uuid, uuid); Type: FUNCTION

CREATE FUNCTION capdo.is_below(below uuid, above uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    WITH RECURSIVE up (id) AS (SELECT below
        UNION SELECT o.parent_id FROM capdo.organisation o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL)
    SELECT EXISTS (SELECT FROM up WHERE id = above)
$$;

-- Name: label_check_move(); Type: FUNCTION

CREATE FUNCTION capdo.label_check_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM capdo.label_transition t
        WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION 'label cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'label_transition_known';
    END IF;
    IF current_user = 'capdo_rt' AND NEW.state IN ('granted', 'refused', 'expired') AND NEW.state <> OLD.state
        AND NOT NEW.governing_id = ANY (capdo.ctx_list('capdo.serves')) THEN
        RAISE EXCEPTION 'this step is not yours'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'label_step_by_its_party';
    END IF;
    RETURN NEW;
END $$;

-- Name: label_check_start(); Type: FUNCTION

CREATE FUNCTION capdo.label_check_start() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_user = 'capdo_rt' AND (NEW.state <> 'requested'
        OR NEW.requested_by IS DISTINCT FROM capdo.ctx_account()) THEN
        RAISE EXCEPTION 'a label starts as a request'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'label_starts_as_request';
    END IF;
    RETURN NEW;
END $$;

-- Name: link_find(bytea); Type: FUNCTION

CREATE FUNCTION capdo.link_find(token bytea) RETURNS TABLE(account_id uuid, username text, display_name text, purpose text, expires_at timestamp with time zone, has_factor boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT a.id, a.username, a.display_name, l.purpose, l.expires_at, capdo.account_has_factor(a.id)
    FROM capdo.account_link l JOIN capdo.account a ON a.id = l.account_id
    WHERE l.token_sha256 = token AND l.used_at IS NULL AND l.ended_at IS NULL AND l.expires_at > now()
      AND a.disabled_at IS NULL
$$;

-- Name: link_issue(uuid, bytea, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.link_issue(who uuid, token bytea, activation_s integer, reset_s integer) RETURNS TABLE(purpose text, expires_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NOT capdo.ctx_is('capdo.admin') THEN
        RAISE EXCEPTION 'only an administrator issues links' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF who = capdo.ctx_account() THEN
        RAISE EXCEPTION 'not for oneself'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_of_another';
    END IF;
    RETURN QUERY SELECT m.purpose, m.expires_at
        FROM capdo.link_make(who, capdo.ctx_account(), token, activation_s, reset_s) m;
END $$;

-- Name: link_make(uuid, uuid, bytea, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.link_make(who uuid, by_account uuid, token bytea, activation_s integer, reset_s integer) RETURNS TABLE(purpose text, expires_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
DECLARE
    was_active boolean;
BEGIN
    SELECT a.activated_at IS NOT NULL INTO was_active FROM capdo.account a
        WHERE a.id = who AND a.disabled_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    purpose := CASE WHEN was_active THEN 'reset' ELSE 'activation' END;
    expires_at := clock_timestamp() + make_interval(secs => CASE WHEN was_active THEN reset_s ELSE activation_s END);
    UPDATE capdo.account_link l SET ended_at = clock_timestamp()
        WHERE l.account_id = who AND l.used_at IS NULL AND l.ended_at IS NULL;
    INSERT INTO capdo.account_link (token_sha256, account_id, purpose, created_by, expires_at)
        VALUES (token, who, purpose, by_account, expires_at);
    UPDATE capdo.account a SET password_hash = '!', version = a.version + 1, updated_at = clock_timestamp()
        WHERE a.id = who;
    PERFORM capdo.account_access_forget(who, NULL);
    DELETE FROM capdo.known_device d WHERE d.account_id = who;
    RETURN NEXT;
END $$;

-- Name: link_use(bytea, text); Type: FUNCTION

CREATE FUNCTION capdo.link_use(token bytea, hash text) RETURNS TABLE(account_id uuid, purpose text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE capdo.account_link l SET used_at = clock_timestamp() FROM capdo.account a
        WHERE l.token_sha256 = token AND l.used_at IS NULL AND l.ended_at IS NULL
          AND l.expires_at > clock_timestamp() AND a.id = l.account_id AND a.disabled_at IS NULL
        RETURNING l.account_id, l.purpose INTO account_id, purpose;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE capdo.account a SET password_hash = hash, activated_at = coalesce(a.activated_at, clock_timestamp()),
        version = a.version + 1, updated_at = clock_timestamp() WHERE a.id = account_id;
    PERFORM capdo.account_access_forget(account_id, NULL);
    RETURN NEXT;
END $$;

-- Name: may_approve(uuid, uuid, date, uuid, uuid, boolean); Type: FUNCTION

CREATE FUNCTION capdo.may_approve(of_dossier uuid, who uuid, day date, acting_for uuid, by_delegation uuid, named boolean) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT EXISTS (SELECT FROM capdo.dossier d
        JOIN capdo.membership m ON m.account_id = who AND capdo.in_force(m.valid_from, m.valid_to, day)
        WHERE d.id = of_dossier AND (NOT named OR m.organisation_id = acting_for)
          AND CASE
            WHEN d.approve_party = 'specialised_unit' THEN m.role = 'director' AND (NOT named OR by_delegation IS NULL)
                AND EXISTS (SELECT FROM capdo.specialised_unit u WHERE u.unit_id = m.organisation_id
                    AND u.governing_id = d.governing_id AND capdo.in_force(u.valid_from, u.valid_to, day))
            ELSE m.role = 'chairman' AND m.organisation_id = d.governing_id AND (NOT named OR by_delegation IS NULL)
                OR m.role = 'director' AND EXISTS (SELECT FROM capdo.delegation g
                    WHERE g.delegate_id = m.organisation_id AND g.governing_id = d.governing_id
                      AND (NOT named OR g.id = by_delegation)
                      AND d.level = ANY (g.levels) AND capdo.in_force(g.valid_from, g.valid_to, day))
          END)
$$;

-- Name: membership_ages_factor(); Type: FUNCTION

CREATE FUNCTION capdo.membership_ages_factor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.session SET factor_at = NULL
        WHERE account_id = coalesce(NEW.account_id, OLD.account_id) AND factor_at IS NOT NULL;
    RETURN NULL;
END $$;

-- Name: membership_guard(); Type: FUNCTION

CREATE FUNCTION capdo.membership_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    acting boolean := current_user = 'capdo_rt';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF acting AND OLD.account_id = capdo.ctx_account() THEN
            RAISE EXCEPTION 'not for oneself'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_of_another';
        END IF;
        IF OLD.ended_at IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to
            AND (acting OR coalesce(NEW.valid_to, 'infinity') > OLD.valid_to) THEN
            RAISE EXCEPTION 'this role has ended already'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_ended_once';
        END IF;
        IF acting AND (NEW.valid_to < capdo.today() - 1 OR NEW.valid_to > OLD.valid_to) THEN
            RAISE EXCEPTION 'a role ends from today on, not later than planned'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_past';
        END IF;
        RETURN NEW;
    END IF;
    IF acting AND NEW.valid_from < capdo.today() THEN
        RAISE EXCEPTION 'a role begins today or later'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_past';
    END IF;
    -- One grant to one account at a time.
    PERFORM pg_advisory_xact_lock(hashtextextended('capdo.membership' || NEW.account_id::text, 0));
    IF EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = NEW.account_id
            AND m.organisation_id = NEW.organisation_id AND m.role = NEW.role
            AND capdo.days_meet(m.valid_from, m.valid_to, NEW.valid_from, NEW.valid_to)) THEN
        RAISE EXCEPTION 'the account holds this role there already'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_overlap';
    END IF;
    RETURN NEW;
END $$;

-- Name: membership_leaves_administrator(); Type: FUNCTION

CREATE FUNCTION capdo.membership_leaves_administrator() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM capdo.account a WHERE a.id = NEW.account_id AND a.disabled_at IS NULL
            AND a.activated_at IS NOT NULL) THEN
        PERFORM capdo.administrator_left(greatest(capdo.today(), NEW.valid_to + 1));
    END IF;
    RETURN NULL;
END $$;

-- Name: membership_touches_account(); Type: FUNCTION

CREATE FUNCTION capdo.membership_touches_account() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.account SET version = version + 1, updated_at = clock_timestamp() WHERE id = NEW.account_id;
    RETURN NULL;
END $$;

-- Name: network_or_null(text); Type: FUNCTION

CREATE FUNCTION capdo.network_or_null(words text) RETURNS cidr
    LANGUAGE plpgsql IMMUTABLE
    AS $$
BEGIN
    RETURN network(words::inet);
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

-- Name: opinion_check(); Type: FUNCTION

CREATE FUNCTION capdo.opinion_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    violated text;
BEGIN
    violated := capdo.appraiser_obstacle(NEW.dossier_id, NEW.appraiser_id,
        (NEW.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
    IF violated IS NULL AND NEW.assignment_id IS NOT NULL AND NOT EXISTS (SELECT FROM capdo.dossier d
        WHERE d.id = NEW.dossier_id AND NEW.assignment_id = ANY (d.entrusted)) THEN
        violated := 'dossier_step_by_its_party';
    END IF;
    IF violated IS NOT NULL THEN
        RAISE EXCEPTION 'this opinion is not yours to give'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = violated;
    END IF;
    RETURN NEW;
END $$;

-- Name: organisation_begin(); Type: FUNCTION

CREATE FUNCTION capdo.organisation_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF NEW.valid_from > capdo.today() THEN
        RAISE EXCEPTION 'an organisation is recorded from its first day on'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organisation_begins_later';
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        -- One that is just ending is waited for.
        PERFORM FROM capdo.organisation p WHERE p.id = NEW.parent_id FOR SHARE;
        IF EXISTS (SELECT FROM capdo.organisation p WHERE p.id = NEW.parent_id AND p.status <> 'active') THEN
            RAISE EXCEPTION 'the parent has ended'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organisation_parent_active';
        END IF;
    END IF;
    NEW.code_scheme := coalesce(NEW.code_scheme, capdo.code_scheme_of(NEW.code));
    IF NEW.status <> 'active' OR NEW.successor_id IS NOT NULL OR NEW.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'an organisation begins active; its end is recorded'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organisation_history_kept';
    END IF;
    RETURN NEW;
END $$;

-- Name: organisation_end(uuid, uuid, uuid, date, text); Type: FUNCTION

CREATE FUNCTION capdo.organisation_end(event uuid, body uuid, successor uuid, day date, document text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    o capdo.organisation;
    counts jsonb := '{}';
    units uuid[];
    unit uuid;
BEGIN
    SELECT * INTO STRICT o FROM capdo.organisation WHERE id = body FOR UPDATE;
    IF successor IS NOT NULL THEN
        -- A successor from below rises first, so that the tree stays one.
        IF EXISTS (WITH RECURSIVE up (id) AS (SELECT successor UNION SELECT p.parent_id FROM capdo.organisation p
                JOIN up ON p.id = up.id WHERE p.parent_id IS NOT NULL) SELECT FROM up WHERE id = body) THEN
            PERFORM capdo.organisation_reparent(event, successor, o.parent_id, day, document);
        END IF;
        SELECT array_agg(c.id ORDER BY c.id) INTO units FROM capdo.organisation c
            WHERE c.parent_id = body AND c.status = 'active';
        FOREACH unit IN ARRAY coalesce(units, '{}') LOOP
            PERFORM capdo.organisation_reparent(event, unit, successor, day, document);
        END LOOP;
        counts := capdo.organisation_hand_over(event, body, successor, NULL);
    END IF;
    counts := counts || capdo.organisation_posts_follow(body, successor, day, document)
        || jsonb_build_object('units', coalesce(cardinality(units), 0));
    SELECT * INTO STRICT o FROM capdo.organisation WHERE id = body;
    PERFORM capdo.organisation_set(event, body, day, o.name, o.parent_id, 'dissolved', successor);
    UPDATE capdo.organisation_code SET valid_to = greatest(day - 1, valid_from - 1), ended_by = event
        WHERE organisation_id = body AND valid_to IS NULL;
    RETURN counts;
END $$;

-- Name: organisation_end_problems(uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.organisation_end_problems(body uuid, day date) RETURNS TABLE(code text, info text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT 'used_later', u::text FROM capdo.organisation_used_later(body, day) u WHERE u IS NOT NULL
    -- A unit that has changed since stays below it in the meantime, which nobody could set right any more.
    UNION ALL (SELECT 'before_units_change', (t.valid_to + 1) || ' (' || o.name || ')'
        FROM capdo.organisation_state t JOIN capdo.organisation o ON o.id = t.organisation_id
        WHERE t.parent_id = body AND t.valid_to >= greatest(day, coalesce(t.valid_from, day))
        ORDER BY t.valid_to DESC, o.name LIMIT 1)
$$;

-- Name: organisation_hand_over(uuid, uuid, uuid, uuid[]); Type: FUNCTION

CREATE FUNCTION capdo.organisation_hand_over(event uuid, from_body uuid, to_body uuid, chosen uuid[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    systems uuid[];
    dossiers bigint;
    open_dossiers bigint;
    labels bigint;
BEGIN
    -- Units beside the leading one: the successor takes the place, unless it has one already.
    SELECT array_agg(s.id) INTO systems FROM capdo.system s
        WHERE (from_body IN (s.operator_id, s.governing_id) OR EXISTS (SELECT FROM capdo.system_unit u
            WHERE u.system_id = s.id AND u.organisation_id = from_body))
          AND (chosen IS NULL OR s.id = ANY (chosen));
    INSERT INTO capdo.system_unit (system_id, organisation_id, duty)
        SELECT u.system_id, to_body, u.duty FROM capdo.system_unit u
        WHERE u.organisation_id = from_body AND u.system_id = ANY (systems)
        ON CONFLICT DO NOTHING;
    DELETE FROM capdo.system_unit u WHERE u.organisation_id = from_body AND u.system_id = ANY (systems);
    UPDATE capdo.system s SET
        operator_id = CASE s.operator_id WHEN from_body THEN to_body ELSE s.operator_id END,
        governing_id = CASE s.governing_id WHEN from_body THEN to_body ELSE s.governing_id END,
        organisation_event_id = event, version = s.version + 1, updated_at = clock_timestamp(),
        updated_by = coalesce(capdo.ctx_account(), s.updated_by)
        WHERE s.id = ANY (systems);
    -- Nobody stands beside itself.
    DELETE FROM capdo.system_unit u USING capdo.system s
        WHERE s.id = u.system_id AND s.id = ANY (systems) AND u.organisation_id = s.operator_id;
    WITH gone AS (UPDATE capdo.dossier d SET
            operator_then_id = CASE WHEN x.closed AND d.operator_id = from_body
                THEN coalesce(d.operator_then_id, from_body) ELSE d.operator_then_id END,
            governing_then_id = CASE WHEN x.closed AND d.governing_id = from_body
                THEN coalesce(d.governing_then_id, from_body) ELSE d.governing_then_id END,
            operator_id = CASE d.operator_id WHEN from_body THEN to_body ELSE d.operator_id END,
            governing_id = CASE d.governing_id WHEN from_body THEN to_body ELSE d.governing_id END,
            version = d.version + 1,
            updated_at = CASE WHEN x.closed THEN d.updated_at ELSE clock_timestamp() END
        FROM (SELECT y.id, y.state IN ('approved', 'refused', 'withdrawn') AS closed FROM capdo.dossier y
            WHERE from_body IN (y.operator_id, y.governing_id)
              AND (chosen IS NULL OR EXISTS (SELECT FROM capdo.dossier_system z
                  WHERE z.dossier_id = y.id AND z.system_id = ANY (chosen)))) x
        WHERE d.id = x.id RETURNING x.closed)
    SELECT count(*), count(*) FILTER (WHERE NOT closed) INTO dossiers, open_dossiers FROM gone;
    UPDATE capdo.label l SET
        operator_id = CASE l.operator_id WHEN from_body THEN to_body ELSE l.operator_id END,
        governing_id = CASE l.governing_id WHEN from_body THEN to_body ELSE l.governing_id END,
        version = l.version + 1, updated_at = clock_timestamp()
        WHERE from_body IN (l.operator_id, l.governing_id) AND (chosen IS NULL OR l.system_id = ANY (chosen));
    GET DIAGNOSTICS labels = ROW_COUNT;
    -- Those to whom a dossier of another body is entrusted see its systems too.
    PERFORM capdo.dossier_cover_again(ARRAY(SELECT DISTINCT x.dossier_id FROM capdo.dossier_system x
        JOIN capdo.dossier d ON d.id = x.dossier_id JOIN capdo.system s ON s.id = x.system_id
        WHERE x.system_id = ANY (systems) AND (x.open OR d.entrusted <> '{}' OR s.entrusted <> '')));
    RETURN jsonb_build_object('systems', coalesce(cardinality(systems), 0), 'open_dossiers', open_dossiers,
        'closed_dossiers', dossiers - open_dossiers, 'labels', labels);
END $$;

-- Name: organisation_heir(uuid); Type: FUNCTION

CREATE FUNCTION capdo.organisation_heir(body uuid) RETURNS TABLE(heir uuid, steps jsonb)
    LANGUAGE sql STABLE
    AS $$
    WITH RECURSIVE way (id, depth, steps) AS (
        SELECT body, 0, '[]'::jsonb
        UNION ALL SELECT o.successor_id, w.depth + 1, w.steps || jsonb_build_object('id', o.id, 'name', o.name)
            FROM capdo.organisation o JOIN way w ON o.id = w.id
            WHERE o.successor_id IS NOT NULL AND w.depth < 16)
    SELECT id, steps FROM way ORDER BY depth DESC LIMIT 1
$$;

-- Name: organisation_history(uuid, uuid, bigint); Type: FUNCTION

CREATE FUNCTION capdo.organisation_history(body uuid, behind uuid, rows_max bigint) RETURNS TABLE(id uuid, kind text, part text, effective_on date, document_number text, note text, before jsonb, after jsonb, moved jsonb, parties jsonb, recorded_at timestamp with time zone, recorded_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT e.id, e.kind, p.part, e.effective_on, e.document_number, e.note,
        CASE WHEN p.part = 'subject' THEN e.before ELSE '{}' END, CASE WHEN p.part = 'subject' THEN e.after ELSE '{}' END,
        CASE WHEN capdo.ctx_is('capdo.admin') THEN e.moved END,
        coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'part', x.part, 'code', o.code,
                'name', coalesce(capdo.organisation_name_on(o.id, e.effective_on - 1), o.name)) ORDER BY x.part DESC, o.name)
            FROM capdo.organisation_event_party x JOIN capdo.organisation o ON o.id = x.organisation_id
            WHERE x.event_id = e.id AND x.organisation_id <> body), '[]'),
        e.recorded_at, CASE WHEN capdo.ctx_is('capdo.admin') THEN e.recorded_name END
    FROM capdo.organisation_event_party p JOIN capdo.organisation_event e ON e.id = p.event_id
    WHERE p.organisation_id = body AND capdo.ctx_account() IS NOT NULL
      AND (behind IS NULL OR (coalesce(e.effective_on, '-infinity'), e.recorded_at, e.id) <
          (SELECT coalesce(b.effective_on, '-infinity'), b.recorded_at, b.id FROM capdo.organisation_event b
           WHERE b.id = behind))
    ORDER BY coalesce(e.effective_on, '-infinity') DESC, e.recorded_at DESC, e.id DESC LIMIT rows_max
$$;

-- Name: organisation_holds(uuid); Type: FUNCTION

CREATE FUNCTION capdo.organisation_holds(body uuid) RETURNS TABLE(systems bigint, units bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT (SELECT count(*) FROM capdo.system s WHERE s.operator_id = body OR s.governing_id = body),
           (SELECT count(*) FROM capdo.organisation o WHERE o.parent_id = body AND o.status = 'active')
$$;

-- Name: organisation_import_row(uuid, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.organisation_import_row(new_id uuid, cells jsonb) RETURNS TABLE(outcome text, organisation_id uuid, changes text[], problems jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    SET enable_seqscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    columns constant text[] := ARRAY['kind', 'mandate_document', 'representative', 'representative_title', 'address',
        'phone', 'email'];
    o capdo.organisation;
    given jsonb;
    given_scheme text;
    parent uuid;
    holder capdo.organisation_code;
    named uuid[];
    step record;
    broken text;
    day date;
BEGIN
    IF NOT capdo.ctx_is('capdo.admin') AND NOT pg_has_role(session_user, 'capdo_owner', 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an administrator imports organisations';
    END IF;
    SELECT coalesce(jsonb_object_agg(c.key, normalize(c.value, NFC)), '{}') INTO given FROM jsonb_each_text(cells) c
        WHERE c.value <> '';
    given_scheme := coalesce(given ->> 'scheme', capdo.code_scheme_of(given ->> 'code'));
    day := (given ->> 'effective_on')::date;
    organisation_id := NULL;
    changes := '{}';
    problems := '[]';
    outcome := 'unchanged';

    IF given ? 'parent_code' THEN
        SELECT c.organisation_id INTO parent FROM capdo.organisation_code c
            WHERE c.valid_to IS NULL AND upper(c.code) = upper(given ->> 'parent_code')
            ORDER BY c.scheme = given_scheme DESC, c.scheme LIMIT 1;
        IF NOT FOUND THEN
            problems := problems || jsonb_build_object('column', 'parent_code', 'code', 'parent_not_found', 'info',
                given ->> 'parent_code');
        END IF;
    END IF;
    SELECT * INTO holder FROM capdo.organisation_code c
        WHERE c.scheme = given_scheme AND upper(c.code) = upper(given ->> 'code')
            -- One that was corrected on its first day never held.
            AND (c.valid_to IS NULL OR c.valid_from IS NULL OR c.valid_to >= c.valid_from)
        ORDER BY c.valid_to DESC NULLS FIRST LIMIT 1;
    IF holder.valid_to IS NOT NULL THEN
        -- An older file: the code is closed.
        problems := problems || jsonb_build_object('column', 'code', 'code', 'closed', 'info',
            (SELECT x.code || ', ' || x.name FROM capdo.organisation_heir(holder.organisation_id) h
                JOIN capdo.organisation x ON x.id = h.heir));
    END IF;
    IF holder.id IS NULL AND problems = '[]' THEN
        -- Known under another code already? The folded name is for the index: a tone makes another name.
        named := ARRAY(SELECT x.id FROM capdo.organisation x WHERE x.status = 'active'
            AND x.name_folded = capdo.fold(given ->> 'name') AND lower(x.name) = lower(given ->> 'name')
            AND (x.parent_id = parent OR parent IS NULL AND x.parent_id IS NULL)
            AND NOT EXISTS (SELECT FROM capdo.organisation_code c WHERE c.organisation_id = x.id
                AND c.scheme = given_scheme AND c.valid_to IS NULL));
        IF cardinality(named) > 1 THEN
            problems := problems || jsonb_build_object('column', 'name', 'code', 'several', 'info',
                (SELECT string_agg(x.code, ', ' ORDER BY x.code) FROM capdo.organisation x WHERE x.id = ANY (named)));
        END IF;
        SELECT * INTO o FROM capdo.organisation x WHERE x.id = named[1];
    ELSIF holder.id IS NOT NULL THEN
        SELECT * INTO o FROM capdo.organisation x WHERE x.id = holder.organisation_id;
    END IF;

    IF o.id IS NULL AND holder.id IS NULL AND NOT given ? 'name' THEN
        problems := problems || jsonb_build_object('column', 'name', 'code', 'required', 'info', '');
    END IF;
    IF o.id IS NULL AND holder.id IS NULL AND NOT given ? 'kind' THEN
        problems := problems || jsonb_build_object('column', 'kind', 'code', 'required', 'info', '');
    END IF;
    IF o.id IS NOT NULL AND given ? 'name' AND given ->> 'name' <> o.name AND EXISTS (SELECT
        FROM capdo.organisation_state s WHERE s.organisation_id = o.id AND s.valid_to IS NOT NULL
            AND s.name = given ->> 'name') THEN
        problems := problems || jsonb_build_object('column', 'name', 'code', 'former_name', 'info', o.name);
    END IF;
    IF problems <> '[]' THEN
        outcome := 'error';
        RETURN NEXT;
        RETURN;
    END IF;

    BEGIN
        IF o.id IS NULL THEN
            INSERT INTO capdo.organisation (id, code, code_scheme, name, kind, parent_id, valid_from, mandate_document,
                representative, representative_title, address, phone, email)
            VALUES (new_id, given ->> 'code', given_scheme, given ->> 'name', given ->> 'kind', parent,
                coalesce((given ->> 'valid_from')::date, day),
                coalesce(given ->> 'mandate_document', given ->> 'document_number', ''),
                coalesce(given ->> 'representative', ''), coalesce(given ->> 'representative_title', ''),
                coalesce(given ->> 'address', ''), coalesce(given ->> 'phone', ''), coalesce(given ->> 'email', ''));
            organisation_id := new_id;
            outcome := 'created';
            RETURN NEXT;
            RETURN;
        END IF;
        organisation_id := o.id;
        FOR step IN SELECT x.* FROM (VALUES
                (1, 'code', 'code_changed', holder.id IS NULL, jsonb_build_object('code', given ->> 'code', 'scheme', given_scheme)),
                (2, 'name', 'renamed', given ->> 'name' <> o.name,
                    jsonb_build_object('name', given ->> 'name')),
                (3, 'parent_code', 'moved', given ? 'parent_code' AND parent IS DISTINCT FROM o.parent_id,
                    jsonb_build_object('parent_id', parent))) x (turn, col, kind, wanted, detail)
            WHERE x.wanted ORDER BY x.turn LOOP
            SELECT coalesce(jsonb_agg(jsonb_build_object('column', CASE p.pointer WHEN '/effective_on' THEN 'effective_on'
                    WHEN '/document_number' THEN 'document_number' ELSE step.col END, 'code', p.code, 'info', p.info)), '[]')
                INTO problems FROM capdo.organisation_problems(o.id, step.kind, day, given ->> 'document_number',
                    step.detail) p;
            IF problems <> '[]' THEN
                RAISE EXCEPTION 'the row cannot be recorded' USING ERRCODE = 'CD001';
            END IF;
            PERFORM capdo.organisation_record(gen_random_uuid(), o.id, step.kind, day, given ->> 'document_number', '',
                step.detail);
            changes := changes || step.col;
        END LOOP;
        changes := changes || ARRAY(SELECT c FROM unnest(columns) c WHERE given ? c AND given ->> c <> to_jsonb(o) ->> c);
        IF changes && columns THEN
            UPDATE capdo.organisation x SET kind = coalesce(given ->> 'kind', x.kind),
                mandate_document = coalesce(given ->> 'mandate_document', x.mandate_document),
                representative = coalesce(given ->> 'representative', x.representative),
                representative_title = coalesce(given ->> 'representative_title', x.representative_title),
                address = coalesce(given ->> 'address', x.address), phone = coalesce(given ->> 'phone', x.phone),
                email = coalesce(given ->> 'email', x.email), version = x.version + 1, updated_at = clock_timestamp()
            WHERE x.id = o.id;
        END IF;
        outcome := CASE WHEN changes = '{}' THEN 'unchanged' ELSE 'changed' END;
    EXCEPTION
        WHEN SQLSTATE 'CD001' THEN
            outcome := 'error';
            changes := '{}';
        WHEN integrity_constraint_violation OR check_violation OR unique_violation THEN
            GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
            outcome := 'error';
            changes := '{}';
            problems := jsonb_build_array(jsonb_build_object('column', CASE
                WHEN broken LIKE '%code%' THEN 'code' WHEN broken LIKE '%kind%' THEN 'kind' WHEN broken LIKE '%name%' THEN 'name'
                ELSE '' END, 'code', CASE WHEN broken IN ('organisation_code_unique', 'organisation_code_taken')
                THEN 'taken' ELSE 'not_valid' END, 'info', ''));
    END;
    RETURN NEXT;
END $$;

-- Name: organisation_matches_history(); Type: FUNCTION

CREATE FUNCTION capdo.organisation_matches_history() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    subject uuid := (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'organisation' THEN 'id' ELSE 'organisation_id' END)::uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM capdo.organisation o
        JOIN capdo.organisation_state s ON s.organisation_id = o.id AND s.valid_to IS NULL
        WHERE o.id = subject AND (o.name, o.status) = (s.name, s.status)
          AND o.parent_id IS NOT DISTINCT FROM s.parent_id
          AND o.successor_id IS NOT DISTINCT FROM s.successor_id
          AND EXISTS (SELECT FROM capdo.organisation_code c WHERE c.organisation_id = o.id AND c.code = o.code
              AND c.scheme = o.code_scheme AND (c.valid_to IS NULL) = (o.status = 'active'))) THEN
        RAISE EXCEPTION 'organisation % differs from its history', subject
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organisation_history_kept';
    END IF;
    RETURN NULL;
END $$;

-- Name: organisation_memberships_follow(uuid, uuid, date, text); Type: FUNCTION

CREATE FUNCTION capdo.organisation_memberships_follow(from_body uuid, to_body uuid, day date, document text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    m capdo.membership;
    acting uuid := capdo.ctx_account();
    ended bigint := 0;
    followed bigint := 0;
    given bigint;
BEGIN
    FOR m IN SELECT * FROM capdo.membership x WHERE x.organisation_id = from_body
        AND (x.valid_to IS NULL OR x.valid_to >= greatest(x.valid_from, day)) ORDER BY x.id FOR UPDATE LOOP
        -- First the new one, so that at no time nobody is an administrator.
        IF to_body IS NOT NULL AND m.role NOT IN ('director', 'chairman')
            AND (m.role = 'admin' OR m.account_id IS DISTINCT FROM acting) THEN
            INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from, valid_to, document_number,
                granted_by, end_document_number, ended_by, ended_at)
            SELECT gen_random_uuid(), m.account_id, to_body, m.role, d.valid_from, d.valid_to, document, acting,
                m.end_document_number, m.ended_by, m.ended_at
            FROM capdo.days_left(greatest(m.valid_from, day), m.valid_to,
                (SELECT range_agg(daterange(y.valid_from, y.valid_to + 1)) FROM capdo.membership y
                    WHERE y.account_id = m.account_id AND y.role = m.role AND y.organisation_id = to_body)) d;
            GET DIAGNOSTICS given = ROW_COUNT;
            followed := followed + given;
        END IF;
        UPDATE capdo.membership SET valid_to = greatest(valid_from, day) - 1, end_document_number = document,
            ended_by = acting, ended_at = now(), version = version + 1 WHERE id = m.id;
        ended := ended + 1;
    END LOOP;
    RETURN jsonb_build_object('posts_ended', ended, 'posts_followed', followed);
END $$;

-- Name: organisation_name_on(uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.organisation_name_on(body uuid, day date) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    SELECT s.name FROM capdo.organisation_state s
    WHERE s.organisation_id = body AND (s.valid_to IS NULL OR s.valid_to >= day)
    ORDER BY s.valid_from NULLS FIRST, s.valid_to NULLS LAST LIMIT 1
$$;

-- Name: organisation_not_yet(uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.organisation_not_yet(body uuid, day date) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT min(s.valid_from) FROM capdo.organisation_state s WHERE s.organisation_id = body AND s.status = 'active'
        AND coalesce(s.valid_to, 'infinity') >= greatest(day, s.valid_from)
    HAVING min(coalesce(s.valid_from, '-infinity')) > day
$$;

-- Name: organisation_note(uuid, uuid, text, date, text, text, jsonb, jsonb, jsonb, jsonb, uuid); Type: FUNCTION

CREATE FUNCTION capdo.organisation_note(event uuid, body uuid, what text, day date, document text, remark text, was jsonb, is_now jsonb, counts jsonb, others jsonb, cause uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    INSERT INTO capdo.organisation_event (id, organisation_id, kind, effective_on, document_number, note, before, after,
        moved, cause_id, recorded_by, recorded_name)
    VALUES (event, body, what, day, document, coalesce(remark, ''), was, is_now, counts, cause, capdo.ctx_account(),
        coalesce(capdo.person_name(capdo.ctx_account()), ''));
    INSERT INTO capdo.organisation_event_party (event_id, organisation_id, part)
        SELECT event, body, 'subject' UNION ALL SELECT event, x.key::uuid, x.value FROM jsonb_each_text(others) x;
END $$;

-- Name: organisation_posts_follow(uuid, uuid, date, text); Type: FUNCTION

CREATE FUNCTION capdo.organisation_posts_follow(from_body uuid, to_body uuid, day date, document text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    m record;
    assigned bigint := 0;
    given bigint;
    unit uuid;
    governing uuid;
    acting uuid := capdo.ctx_account();
    -- An end has a document when it has an author.
    closing text := CASE WHEN acting IS NULL THEN '' ELSE document END;
    lapsed bigint;
    ended_acts bigint := 0;
BEGIN
    FOR m IN SELECT * FROM capdo.specialised_unit x WHERE from_body IN (x.unit_id, x.governing_id)
        AND (x.valid_to IS NULL OR x.valid_to >= greatest(x.valid_from, day)) ORDER BY x.id FOR UPDATE LOOP
        UPDATE capdo.specialised_unit SET valid_to = greatest(valid_from, day) - 1, ended_by = acting,
            ended_document = closing, version = version + 1 WHERE id = m.id;
        unit := CASE m.unit_id WHEN from_body THEN to_body ELSE m.unit_id END;
        governing := CASE m.governing_id WHEN from_body THEN to_body ELSE m.governing_id END;
        -- On days on which the successor has a specialised unit, that one alone goes on.
        IF to_body IS NOT NULL AND unit <> governing THEN
            INSERT INTO capdo.specialised_unit (id, unit_id, governing_id, document_number, valid_from, valid_to)
            SELECT gen_random_uuid(), unit, governing, document, d.valid_from, d.valid_to
            FROM capdo.days_left(greatest(m.valid_from, day), m.valid_to,
                (SELECT range_agg(daterange(y.valid_from, y.valid_to + 1)) FROM capdo.specialised_unit y
                    WHERE y.governing_id = governing AND (m.governing_id = from_body OR y.unit_id = unit))) d;
            GET DIAGNOSTICS given = ROW_COUNT;
            assigned := assigned + given;
        END IF;
    END LOOP;
    -- What was entrusted to one body by another was entrusted to these two: it ends, and is given anew if wanted.
    UPDATE capdo.delegation SET valid_to = greatest(valid_from, day) - 1, ended_by = acting, ended_document = closing,
        version = version + 1 WHERE from_body IN (governing_id, delegate_id) AND valid_to >= greatest(valid_from, day);
    GET DIAGNOSTICS lapsed = ROW_COUNT;
    ended_acts := lapsed;
    UPDATE capdo.appraisal_assignment SET valid_to = greatest(valid_from, day) - 1, ended_by = acting,
        ended_document = closing, version = version + 1
        WHERE from_body IN (governing_id, operator_id, unit_id)
          AND (valid_to IS NULL OR valid_to >= greatest(valid_from, day));
    GET DIAGNOSTICS lapsed = ROW_COUNT;
    RETURN capdo.organisation_memberships_follow(from_body, to_body, day, document)
        || jsonb_build_object('assignments', assigned, 'entrusted_ended', ended_acts + lapsed);
END $$;

-- Name: organisation_problems(uuid, text, date, text, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.organisation_problems(subject uuid, what text, effective date, document text, detail jsonb) RETURNS TABLE(pointer text, code text, info text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
DECLARE
    o capdo.organisation;
    s capdo.organisation_state;
    other uuid;
    begins date;
BEGIN
    SELECT * INTO STRICT o FROM capdo.organisation WHERE id = subject;
    SELECT * INTO STRICT s FROM capdo.organisation_state WHERE organisation_id = subject AND valid_to IS NULL;
    begins := s.valid_from;
    IF coalesce(document, '') !~ '\S' THEN
        RETURN QUERY SELECT '/document_number', 'required', '';
    END IF;
    IF effective IS NULL THEN
        RETURN QUERY SELECT '/effective_on', 'required', '';
    ELSIF effective > capdo.today() THEN
        RETURN QUERY SELECT '/effective_on', 'future', '';
    END IF;
    IF (o.status = 'dissolved') <> (what = 'restored') THEN
        RETURN QUERY SELECT '/kind', CASE o.status WHEN 'dissolved' THEN 'dissolved' ELSE 'active' END, '';
        RETURN;
    END IF;
    CASE what
    WHEN 'renamed' THEN
        IF coalesce(detail ->> 'name', '') !~ '\S' THEN
            RETURN QUERY SELECT '/name', 'required', '';
        ELSIF detail ->> 'name' = o.name THEN
            RETURN QUERY SELECT '/name', 'unchanged', '';
        END IF;
    WHEN 'moved' THEN
        other := (detail ->> 'parent_id')::uuid;
        IF other IS NOT DISTINCT FROM o.parent_id THEN
            RETURN QUERY SELECT '/parent_id', 'unchanged', '';
        ELSIF EXISTS (SELECT FROM capdo.organisation_side_problem(subject, other, effective)) THEN
            RETURN QUERY SELECT '/parent_id', p.code, p.info FROM capdo.organisation_side_problem(subject, other, effective) p;
        ELSIF EXISTS (WITH RECURSIVE up (id) AS (SELECT other UNION SELECT p.parent_id FROM capdo.organisation p
                JOIN up ON p.id = up.id WHERE p.parent_id IS NOT NULL) SELECT FROM up WHERE id = subject) THEN
            RETURN QUERY SELECT '/parent_id', 'circle', '';
        END IF;
    WHEN 'code_changed' THEN
        SELECT c.valid_from INTO begins FROM capdo.organisation_code c
            WHERE c.organisation_id = subject AND c.scheme = detail ->> 'scheme' AND c.valid_to IS NULL;
        IF detail ->> 'code' IS NULL THEN
            RETURN QUERY SELECT '/code', 'required', '';
        END IF;
        IF detail ->> 'scheme' IS NULL THEN
            RETURN QUERY SELECT '/scheme', 'required', '';
        END IF;
        RETURN QUERY SELECT '/code', CASE WHEN c.organisation_id = subject THEN 'unchanged' ELSE 'taken' END, h.name
            FROM capdo.organisation_code c JOIN capdo.organisation h ON h.id = c.organisation_id
            WHERE c.valid_to IS NULL AND c.scheme = detail ->> 'scheme' AND upper(c.code) = upper(detail ->> 'code');
    WHEN 'merged' THEN
        IF jsonb_array_length(coalesce(detail -> 'merged', '[]')) = 0 THEN
            RETURN QUERY SELECT '/merged', 'required', '';
        END IF;
        begins := NULL;
        RETURN QUERY SELECT format('/merged/%s/organisation_id', x.ordinality - 1), p.code, p.info
            FROM jsonb_array_elements(coalesce(detail -> 'merged', '[]')) WITH ORDINALITY x,
                LATERAL (SELECT s.code, s.info
                        FROM capdo.organisation_side_problem(subject, (x.value ->> 'organisation_id')::uuid, effective) s
                    UNION ALL SELECT 'before_last_change', t.valid_from::text FROM capdo.organisation_state t
                        WHERE t.organisation_id = (x.value ->> 'organisation_id')::uuid AND t.valid_to IS NULL
                          AND t.valid_from > effective
                    UNION ALL SELECT e.code, e.info
                        FROM capdo.organisation_end_problems((x.value ->> 'organisation_id')::uuid, effective) e) p;
        RETURN QUERY SELECT '/merged', 'twice', '' WHERE EXISTS (SELECT FROM jsonb_array_elements(
            coalesce(detail -> 'merged', '[]')) x GROUP BY lower(x ->> 'organisation_id') HAVING count(*) > 1);
    WHEN 'dissolved' THEN
        other := (detail ->> 'successor_id')::uuid;
        IF other IS NOT NULL THEN
            RETURN QUERY SELECT '/successor_id', p.code, p.info
                FROM capdo.organisation_side_problem(subject, other, effective) p;
        ELSE
            RETURN QUERY SELECT '/successor_id', 'holds', h.systems || ' ' || h.units
                FROM capdo.organisation_holds(subject) h WHERE h.systems + h.units > 0;
        END IF;
    WHEN 'split' THEN
        IF detail ->> 'remainder_id' IS NULL THEN
            begins := NULL;
        END IF;
        RETURN QUERY SELECT * FROM capdo.organisation_split_problems(subject, effective, detail);
    WHEN 'restored' THEN
        RETURN QUERY SELECT '/kind', 'code_taken', h.name || ' (' || c.code || ')'
            FROM capdo.organisation_code was JOIN capdo.organisation_code c ON c.scheme = was.scheme
                AND upper(c.code) = upper(was.code) AND c.valid_to IS NULL
            JOIN capdo.organisation h ON h.id = c.organisation_id
            WHERE was.organisation_id = subject AND was.ended_by = s.event_id;
    ELSE
        RETURN QUERY SELECT '/kind', 'not_a_choice', '';
    END CASE;
    IF begins > effective THEN
        RETURN QUERY SELECT '/effective_on', 'before_last_change', begins::text;
    ELSIF what IN ('merged', 'split') AND capdo.organisation_not_yet(subject, effective) IS NOT NULL THEN
        RETURN QUERY SELECT '/effective_on', 'not_yet', capdo.organisation_not_yet(subject, effective)::text;
    ELSIF what = 'dissolved' OR what = 'split' AND detail ->> 'remainder_id' IS NOT NULL THEN
        RETURN QUERY SELECT '/effective_on', p.code, p.info FROM capdo.organisation_end_problems(subject, effective) p;
    END IF;
END $$;

-- Name: organisation_record(uuid, uuid, text, date, text, text, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.organisation_record(event uuid, subject uuid, what text, effective date, document text, remark text, detail jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    o capdo.organisation;
    wrong text;
    others jsonb := '{}';
    was jsonb := '{}';
    is_now jsonb := '{}';
    counts jsonb := '{}';
    other uuid;
    ending uuid;
BEGIN
    IF NOT capdo.ctx_is('capdo.admin') AND NOT pg_has_role(session_user, 'capdo_owner', 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an administrator records changes of organisations';
    END IF;
    -- Two changes could close a circle together: one at a time.
    PERFORM pg_advisory_xact_lock(hashtextextended('capdo.organisation', 0));
    SELECT * INTO STRICT o FROM capdo.organisation WHERE id = subject FOR UPDATE;
    SELECT string_agg(pointer || ' ' || code, ', ') INTO wrong
        FROM capdo.organisation_problems(subject, what, effective, document, detail);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'the change cannot be recorded: %', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organisation_change_possible';
    END IF;
    CASE what
    WHEN 'renamed' THEN
        was := jsonb_build_object('name', o.name);
        is_now := jsonb_build_object('name', detail ->> 'name');
        PERFORM capdo.organisation_set(event, subject, effective, detail ->> 'name', o.parent_id, o.status, o.successor_id);
    WHEN 'moved' THEN
        other := (detail ->> 'parent_id')::uuid;
        was := jsonb_build_object('parent', capdo.organisation_words(o.parent_id));
        is_now := jsonb_build_object('parent', capdo.organisation_words(other));
        PERFORM capdo.organisation_set(event, subject, effective, o.name, other, o.status, o.successor_id);
    WHEN 'code_changed' THEN
        SELECT coalesce(jsonb_build_object('code', c.code, 'scheme', c.scheme), '{}') INTO was
            FROM capdo.organisation_code c
            WHERE c.organisation_id = subject AND c.scheme = detail ->> 'scheme' AND c.valid_to IS NULL;
        was := coalesce(was, '{}');
        is_now := jsonb_build_object('code', detail ->> 'code', 'scheme', detail ->> 'scheme');
        PERFORM capdo.organisation_take_code(event, subject, detail ->> 'code', detail ->> 'scheme', effective, document);
    WHEN 'merged' THEN
        FOR other IN SELECT (x ->> 'organisation_id')::uuid FROM jsonb_array_elements(detail -> 'merged') x LOOP
            others := others || jsonb_build_object(other, 'merged');
            counts := capdo.add_counts(counts, capdo.organisation_end(event, other, subject, effective, document));
        END LOOP;
        UPDATE capdo.organisation SET version = version + 1, updated_at = clock_timestamp() WHERE id = subject;
    WHEN 'dissolved' THEN
        other := (detail ->> 'successor_id')::uuid;
        IF other IS NOT NULL THEN
            others := jsonb_build_object(other, 'successor');
        END IF;
        was := jsonb_build_object('status', 'active');
        is_now := jsonb_build_object('status', 'dissolved');
        counts := capdo.organisation_end(event, subject, other, effective, document);
    WHEN 'split' THEN
        SELECT jsonb_object_agg(lower(p ->> 'organisation_id'), 'successor') INTO others
            FROM jsonb_array_elements(detail -> 'successors') p;
        counts := capdo.organisation_split(event, subject, effective, document, detail);
        IF detail ->> 'remainder_id' IS NULL THEN
            UPDATE capdo.organisation SET version = version + 1, updated_at = clock_timestamp() WHERE id = subject;
        ELSE
            was := jsonb_build_object('status', 'active');
            is_now := jsonb_build_object('status', 'dissolved');
        END IF;
    WHEN 'restored' THEN
        SELECT s.event_id INTO STRICT ending FROM capdo.organisation_state s
            WHERE s.organisation_id = subject AND s.valid_to IS NULL;
        was := jsonb_build_object('status', 'dissolved');
        is_now := jsonb_build_object('status', 'active');
        PERFORM capdo.organisation_set(event, subject, effective, o.name,
            (SELECT p.id FROM capdo.organisation p WHERE p.id = o.parent_id AND p.status = 'active'), 'active', NULL);
        -- The codes that ended with it, of every scheme.
        INSERT INTO capdo.organisation_code (organisation_id, code, scheme, valid_from, document_number, event_id)
            SELECT subject, c.code, c.scheme, effective, document, event FROM capdo.organisation_code c
            WHERE c.organisation_id = subject AND c.ended_by = ending;
    END CASE;
    PERFORM capdo.organisation_note(event, subject, what, effective, document, remark, was, is_now, counts, others, NULL);
    RETURN counts;
END $$;

-- Name: organisation_record_begin(); Type: FUNCTION

CREATE FUNCTION capdo.organisation_record_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    INSERT INTO capdo.organisation_event (id, organisation_id, kind, effective_on, document_number, after, recorded_by,
        recorded_name)
    VALUES (NEW.id, NEW.id, 'created', NEW.valid_from, left(NEW.mandate_document, 200),
        jsonb_build_object('name', NEW.name, 'code', NEW.code, 'scheme', NEW.code_scheme,
            'parent', capdo.organisation_words(NEW.parent_id)),
        capdo.ctx_account(), coalesce(capdo.person_name(capdo.ctx_account()), ''));
    INSERT INTO capdo.organisation_event_party (event_id, organisation_id, part) VALUES (NEW.id, NEW.id, 'subject');
    INSERT INTO capdo.organisation_state (organisation_id, name, parent_id, status, valid_from, event_id)
    VALUES (NEW.id, NEW.name, NEW.parent_id, 'active', NEW.valid_from, NEW.id);
    INSERT INTO capdo.organisation_code (organisation_id, code, scheme, valid_from, document_number, event_id)
    VALUES (NEW.id, NEW.code, NEW.code_scheme, NEW.valid_from, left(NEW.mandate_document, 200), NEW.id);
    RETURN NULL;
END $$;

-- Name: organisation_reparent(uuid, uuid, uuid, date, text); Type: FUNCTION

CREATE FUNCTION capdo.organisation_reparent(event uuid, unit uuid, new_parent uuid, day date, document text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    o capdo.organisation;
    own uuid := gen_random_uuid();
    since date;
BEGIN
    SELECT * INTO STRICT o FROM capdo.organisation WHERE id = unit;
    SELECT greatest(day, valid_from) INTO since FROM capdo.organisation_state
        WHERE organisation_id = unit AND valid_to IS NULL;
    PERFORM capdo.organisation_set(own, unit, since, o.name, new_parent, o.status, o.successor_id);
    PERFORM capdo.organisation_note(own, unit, 'moved', since, document, '',
        jsonb_build_object('parent', capdo.organisation_words(o.parent_id)),
        jsonb_build_object('parent', capdo.organisation_words(new_parent)), '{}', '{}', event);
END $$;

-- Name: organisation_set(uuid, uuid, date, text, uuid, text, uuid); Type: FUNCTION

CREATE FUNCTION capdo.organisation_set(event uuid, body uuid, day date, new_name text, new_parent uuid, new_status text, new_successor uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.organisation_state SET valid_to = day - 1, ended_by = event
        WHERE organisation_id = body AND valid_to IS NULL;
    INSERT INTO capdo.organisation_state (organisation_id, name, parent_id, status, successor_id, valid_from, event_id)
        VALUES (body, new_name, new_parent, new_status, new_successor, day, event);
    UPDATE capdo.organisation SET name = new_name, parent_id = new_parent, status = new_status,
        successor_id = new_successor, valid_to = CASE new_status WHEN 'dissolved' THEN greatest(day - 1, valid_from) END,
        version = version + 1, updated_at = clock_timestamp() WHERE id = body;
$$;

-- Name: organisation_side_problem(uuid, uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.organisation_side_problem(subject uuid, other uuid, day date) RETURNS TABLE(code text, info text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT x.code, x.info FROM (SELECT CASE WHEN other = subject THEN 'itself'
            WHEN NOT EXISTS (SELECT FROM capdo.organisation o WHERE o.id = other) THEN 'not_found'
            WHEN EXISTS (SELECT FROM capdo.organisation o WHERE o.id = other AND o.status <> 'active') THEN 'dissolved'
            WHEN capdo.organisation_not_yet(other, day) IS NOT NULL THEN 'not_yet' END AS code,
        coalesce(capdo.organisation_not_yet(other, day)::text, '') AS info) x
    WHERE other IS NOT NULL AND x.code IS NOT NULL
$$;

-- Name: organisation_split(uuid, uuid, date, text, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.organisation_split(event uuid, subject uuid, day date, document text, detail jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    part jsonb;
    counts jsonb := '{}';
    target uuid;
    unit uuid;
    units bigint := 0;
BEGIN
    FOR part IN SELECT x.value FROM jsonb_array_elements(detail -> 'successors') x LOOP
        target := (part ->> 'organisation_id')::uuid;
        counts := capdo.add_counts(counts, capdo.organisation_hand_over(event, subject, target,
            ARRAY(SELECT s.id FROM jsonb_array_elements(coalesce(part -> 'systems', '[]')) x
                JOIN capdo.system s ON s.code = x ->> 'code')));
        FOR unit IN SELECT (x ->> 'organisation_id')::uuid FROM jsonb_array_elements(coalesce(part -> 'units', '[]')) x
            LOOP
            PERFORM capdo.organisation_reparent(event, unit, target, day, document);
            units := units + 1;
        END LOOP;
    END LOOP;
    counts := capdo.add_counts(counts, jsonb_build_object('units', units));
    IF detail ->> 'remainder_id' IS NOT NULL THEN
        counts := capdo.add_counts(counts,
            capdo.organisation_end(event, subject, (detail ->> 'remainder_id')::uuid, day, document));
    END IF;
    RETURN counts;
END $$;

-- Name: organisation_split_problems(uuid, date, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.organisation_split_problems(subject uuid, effective date, detail jsonb) RETURNS TABLE(pointer text, code text, info text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
DECLARE
    part jsonb;
    n bigint;
BEGIN
    IF jsonb_array_length(coalesce(detail -> 'successors', '[]')) = 0 THEN
        RETURN QUERY SELECT '/successors', 'required', '';
    END IF;
    FOR part, n IN SELECT x.value, x.ordinality - 1
        FROM jsonb_array_elements(coalesce(detail -> 'successors', '[]')) WITH ORDINALITY x LOOP
        RETURN QUERY SELECT format('/successors/%s/organisation_id', n), p.code, p.info
            FROM capdo.organisation_side_problem(subject, (part ->> 'organisation_id')::uuid, effective) p;
        RETURN QUERY SELECT format('/successors/%s/systems/%s/code', n, x.ordinality - 1), 'not_found', x.value ->> 'code'
            FROM jsonb_array_elements(coalesce(part -> 'systems', '[]')) WITH ORDINALITY x
            WHERE NOT EXISTS (SELECT FROM capdo.system s WHERE s.code = x.value ->> 'code'
                AND subject IN (s.operator_id, s.governing_id));
        RETURN QUERY SELECT format('/successors/%s/units/%s/organisation_id', n, x.ordinality - 1), 'not_found', ''
            FROM jsonb_array_elements(coalesce(part -> 'units', '[]')) WITH ORDINALITY x
            WHERE NOT EXISTS (SELECT FROM capdo.organisation o WHERE o.id = (x.value ->> 'organisation_id')::uuid
                AND o.id <> (part ->> 'organisation_id')::uuid AND o.parent_id = subject AND o.status = 'active');
    END LOOP;
    -- With all of them in their new places no unit may be above itself.
    RETURN QUERY WITH RECURSIVE goes (pointer, unit, target) AS (
            SELECT format('/successors/%s/units/%s/organisation_id', p.ordinality - 1, u.ordinality - 1),
                (u.value ->> 'organisation_id')::uuid, (p.value ->> 'organisation_id')::uuid
            FROM jsonb_array_elements(coalesce(detail -> 'successors', '[]')) WITH ORDINALITY p,
                LATERAL jsonb_array_elements(coalesce(p.value -> 'units', '[]')) WITH ORDINALITY u),
        up (pointer, unit, above) AS (SELECT g.pointer, g.unit, g.target FROM goes g
            UNION SELECT up.pointer, up.unit, coalesce(g.target, o.parent_id) FROM up
                JOIN capdo.organisation o ON o.id = up.above LEFT JOIN goes g ON g.unit = o.id
                WHERE coalesce(g.target, o.parent_id) IS NOT NULL)
        SELECT up.pointer, 'circle', '' FROM up WHERE up.above = up.unit;
    RETURN QUERY SELECT '/successors', 'twice', min(x.value)
        FROM (SELECT lower(coalesce(y.value ->> 'code', y.value ->> 'organisation_id')) AS value, s.kind
            FROM jsonb_array_elements(coalesce(detail -> 'successors', '[]')) p,
                LATERAL (VALUES ('body', jsonb_build_array(p)), ('system', coalesce(p -> 'systems', '[]')),
                    ('unit', coalesce(p -> 'units', '[]'))) s (kind, list),
                LATERAL jsonb_array_elements(s.list) y) x
        GROUP BY x.kind, x.value HAVING count(*) > 1;
    IF detail ->> 'remainder_id' IS NOT NULL AND NOT EXISTS (SELECT
        FROM jsonb_array_elements(coalesce(detail -> 'successors', '[]')) p
        WHERE lower(p ->> 'organisation_id') = lower(detail ->> 'remainder_id')) THEN
        RETURN QUERY SELECT '/remainder_id', 'not_listed', '';
    END IF;
    -- One open dossier has one operating unit.
    RETURN QUERY WITH goes (system_id, target) AS (
            SELECT s.id, p ->> 'organisation_id' FROM jsonb_array_elements(coalesce(detail -> 'successors', '[]')) p,
                LATERAL jsonb_array_elements(coalesce(p -> 'systems', '[]')) c JOIN capdo.system s ON s.code = c ->> 'code')
        SELECT '/successors', 'dossier_parted', min(d.code) FROM capdo.dossier_system x
            JOIN capdo.dossier d ON d.id = x.dossier_id LEFT JOIN goes g ON g.system_id = x.system_id
        WHERE x.open AND x.dossier_id IN (SELECT y.dossier_id FROM capdo.dossier_system y JOIN goes ON goes.system_id = y.system_id)
        GROUP BY d.id HAVING count(DISTINCT coalesce(g.target, detail ->> 'remainder_id', '')) > 1;
END $$;

-- Name: organisation_take_code(uuid, uuid, text, text, date, text); Type: FUNCTION

CREATE FUNCTION capdo.organisation_take_code(event uuid, body uuid, new_code text, new_scheme text, day date, document text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.organisation_code SET valid_to = day - 1, ended_by = event
        WHERE organisation_id = body AND scheme = new_scheme AND valid_to IS NULL;
    INSERT INTO capdo.organisation_code (organisation_id, code, scheme, valid_from, document_number, event_id)
        VALUES (body, new_code, new_scheme, day, document, event);
    -- The code shown with the body is the one of its scheme.
    UPDATE capdo.organisation SET code = CASE code_scheme WHEN new_scheme THEN new_code ELSE code END,
        version = version + 1, updated_at = clock_timestamp() WHERE id = body;
$$;

-- Name: organisation_used_later(uuid, date); Type: FUNCTION

CREATE FUNCTION capdo.organisation_used_later(body uuid, day date) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    -- One pass over what was done since, whatever the number of records.
    WITH act (used, organisation_id, record_id, dossier_id) AS (
        SELECT c.decided_on, c.organisation_id, c.delegation_id, c.dossier_id FROM capdo.decision c
            WHERE c.decided_on >= day
        UNION ALL SELECT (o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, o.organisation_id, o.assignment_id, o.dossier_id
            FROM capdo.opinion o WHERE (o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= day)
    SELECT max(a.used) FROM act a WHERE a.organisation_id = body
        OR a.record_id IN (SELECT g.id FROM capdo.delegation g WHERE body IN (g.governing_id, g.delegate_id)
            UNION ALL SELECT x.id FROM capdo.appraisal_assignment x WHERE body IN (x.governing_id, x.operator_id, x.unit_id))
        OR EXISTS (SELECT FROM capdo.specialised_unit u JOIN capdo.dossier d ON d.governing_id = u.governing_id
            WHERE u.governing_id = body AND u.unit_id = a.organisation_id AND d.id = a.dossier_id
              AND a.used BETWEEN u.valid_from AND coalesce(u.valid_to, 'infinity'))
$$;

-- Name: organisation_words(uuid); Type: FUNCTION

CREATE FUNCTION capdo.organisation_words(body uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT jsonb_build_object('id', o.id, 'name', o.name) FROM capdo.organisation o WHERE o.id = body
$$;

-- Name: passkey_add(uuid, bytea, integer, bytea, bigint, text, text, integer); Type: FUNCTION

CREATE FUNCTION capdo.passkey_add(which uuid, credential bytea, alg integer, key bytea, count_now bigint, called text, for_rp text, most integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    IF (SELECT count(*) FROM capdo.credential_passkey WHERE account_id = capdo.ctx_account()) >= most THEN
        RAISE EXCEPTION 'too many passkeys'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'passkeys_at_most';
    END IF;
    INSERT INTO capdo.credential_passkey (id, account_id, credential_id, algorithm, public_key, sign_count, name, rp_id)
        VALUES (which, capdo.ctx_account(), credential, alg, key, count_now, called, for_rp);
END $$;

-- Name: passkey_find(bytea); Type: FUNCTION

CREATE FUNCTION capdo.passkey_find(credential bytea) RETURNS TABLE(id uuid, account_id uuid, algorithm integer, public_key bytea, sign_count bigint, rp_id text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT p.id, p.account_id, p.algorithm, p.public_key, p.sign_count, p.rp_id
    FROM capdo.credential_passkey p JOIN capdo.account a ON a.id = p.account_id
    WHERE p.credential_id = credential AND a.disabled_at IS NULL FOR UPDATE OF p
$$;

-- Name: passkey_ids(uuid); Type: FUNCTION

CREATE FUNCTION capdo.passkey_ids(who uuid) RETURNS TABLE(credential_id bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT credential_id FROM capdo.credential_passkey WHERE account_id = who ORDER BY created_at, id
$$;

-- Name: passkey_mine(); Type: FUNCTION

CREATE FUNCTION capdo.passkey_mine() RETURNS TABLE(id uuid, name text, rp_id text, version integer, created_at timestamp with time zone, last_used_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT id, name, rp_id, version, created_at, last_used_at FROM capdo.credential_passkey
    WHERE account_id = capdo.ctx_account() ORDER BY created_at, id
$$;

-- Name: passkey_remove(uuid); Type: FUNCTION

CREATE FUNCTION capdo.passkey_remove(which uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    PERFORM capdo.factor_may_change();
    DELETE FROM capdo.credential_passkey WHERE id = which AND account_id = capdo.ctx_account();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM capdo.factor_removed();
    RETURN true;
END $$;

-- Name: passkey_rename(uuid, text); Type: FUNCTION

CREATE FUNCTION capdo.passkey_rename(which uuid, called text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.credential_passkey SET name = called, version = version + 1
        WHERE id = which AND account_id = capdo.ctx_account();
END $$;

-- Name: passkey_used(uuid, bigint); Type: FUNCTION

CREATE FUNCTION capdo.passkey_used(which uuid, count_now bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.credential_passkey SET sign_count = count_now, last_used_at = now() WHERE id = which
$$;

-- Name: password_change(text, uuid); Type: FUNCTION

CREATE FUNCTION capdo.password_change(hash text, this_session uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.account SET password_hash = hash, version = version + 1, updated_at = clock_timestamp()
        WHERE id = capdo.ctx_account();
    PERFORM capdo.account_access_forget(capdo.ctx_account(), this_session);
END $$;

-- Name: password_rehash(uuid, text, text); Type: FUNCTION

CREATE FUNCTION capdo.password_rehash(who uuid, old_hash text, new_hash text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.account SET password_hash = new_hash WHERE id = who AND password_hash = old_hash
$$;

-- Name: password_words(uuid); Type: FUNCTION

CREATE FUNCTION capdo.password_words(who uuid) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT coalesce(array_agg(DISTINCT w.word), '{}') FROM (
        SELECT unnest(ARRAY[a.username, a.display_name, split_part(a.email, '@', 1)]
            || string_to_array(a.display_name, ' ') || string_to_array(a.username, '.'))
            FROM capdo.account a WHERE a.id = who
        UNION ALL
        SELECT unnest(ARRAY[o.code, o.name] || string_to_array(o.name, ' ')) FROM capdo.organisation o
            WHERE (o.parent_id IS NULL AND o.status = 'active' AND o.kind IN ('people_committee', 'ministry'))
               OR o.id IN (SELECT m.organisation_id FROM capdo.membership m WHERE m.account_id = who)
    ) w (word) WHERE char_length(w.word) >= 3
$$;

-- Name: person_name(uuid); Type: FUNCTION

CREATE FUNCTION capdo.person_name(who uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT display_name FROM capdo.account WHERE id = who AND capdo.ctx_account() IS NOT NULL
$$;

-- Name: record_only_ends(); Type: FUNCTION

CREATE FUNCTION capdo.record_only_ends() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
        OR to_jsonb(NEW) - 'valid_to' - 'ended_by' <> to_jsonb(OLD) - 'valid_to' - 'ended_by' THEN
        RAISE EXCEPTION '% keeps what was', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;

-- Name: recovery_replace(bytea[]); Type: FUNCTION

CREATE FUNCTION capdo.recovery_replace(hashes bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: recovery_use(uuid, bytea); Type: FUNCTION

CREATE FUNCTION capdo.recovery_use(who uuid, hash bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.recovery_code SET used_at = now()
        WHERE account_id = who AND code_sha256 = hash AND used_at IS NULL;
    RETURN FOUND;
END $$;

-- Name: refuse_change(); Type: FUNCTION

CREATE FUNCTION capdo.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
END $$;

-- Name: roles_decide(text); Type: FUNCTION

CREATE FUNCTION capdo.roles_decide(roles text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(string_to_array(roles, ',') && ARRAY['director', 'chairman', 'admin'], false)
$$;

-- Name: scope_of(uuid); Type: FUNCTION

CREATE FUNCTION capdo.scope_of(account uuid) RETURNS TABLE(roles text, staff_of uuid[], appraises uuid[], directs uuid[], chairs uuid[], entrusted uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: search_pattern(text); Type: FUNCTION

CREATE FUNCTION capdo.search_pattern(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT '%' || replace(replace(replace(capdo.fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

-- Name: security_event_search(text[], text[], text[], uuid[], uuid[], timestamp with time zone, timestamp with time zone, boolean, timestamp with time zone, uuid, integer); Type: FUNCTION

CREATE FUNCTION capdo.security_event_search(words text[], kinds text[], outcomes text[], accounts uuid[], subjects uuid[], since timestamp with time zone, until timestamp with time zone, descending boolean, after_at timestamp with time zone, after_id uuid, rows integer) RETURNS TABLE(id uuid, ordinal bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path TO 'pg_catalog', 'capdo'
    AS $_$
#variable_conflict use_column
DECLARE
    patterns text[];
    wanted text[];
    worded text[] := '{}';
    ordering text := CASE WHEN descending THEN 'e.at DESC, e.id DESC' ELSE 'e.at, e.id' END;
    condition text;
    hits uuid[];
    scanned bigint;
    sample bigint := greatest(2000, 2 * rows::bigint);
BEGIN
    IF NOT capdo.ctx_is('capdo.admin') THEN
        RETURN;
    END IF;
    SELECT array_agg(capdo.search_pattern(w)) INTO patterns FROM unnest(words) w WHERE w <> '';
    FOR i IN 1 .. coalesce(cardinality(patterns), 0) LOOP
        worded := worded || format('e.search LIKE ($1)[%s]', i);
    END LOOP;
    IF worded = '{}' THEN
        worded := ARRAY['true'];
    END IF;
    wanted := array_remove(ARRAY['true',
        CASE WHEN kinds <> '{}' THEN 'e.kind = ANY ($2)' END,
        CASE WHEN outcomes <> '{}' THEN 'e.outcome = ANY ($3)' END,
        CASE WHEN accounts <> '{}' THEN 'e.account_id = ANY ($4)' END,
        CASE WHEN subjects <> '{}' THEN 'e.subject_id = ANY ($5)' END,
        CASE WHEN since IS NOT NULL THEN 'e.at >= $6' END,
        CASE WHEN until IS NOT NULL THEN 'e.at <= $7' END,
        CASE WHEN after_id IS NOT NULL AND descending THEN '(e.at, e.id) < ($8, $9)'
            WHEN after_id IS NOT NULL THEN '(e.at, e.id) > ($8, $9)' END], NULL);
    condition := array_to_string(wanted, ' AND ');

    EXECUTE 'SELECT array_agg(e.id ORDER BY ' || ordering || ') FILTER (WHERE ' || array_to_string(worded, ' AND ')
        || '), count(*) FROM (SELECT e.id, e.at, e.search FROM capdo.security_event e WHERE ' || condition
        || ' ORDER BY ' || ordering || ' LIMIT $10) e'
        INTO hits, scanned
        USING patterns, kinds, outcomes, accounts, subjects, since, until, after_at, after_id, sample;
    IF scanned = sample AND coalesce(cardinality(hits), 0) < rows THEN
        EXECUTE 'WITH hit AS MATERIALIZED (SELECT e.id, e.at, e.kind, e.outcome, e.account_id, e.subject_id'
            || ' FROM capdo.security_event e WHERE ' || array_to_string(worded, ' AND ')
            || ') SELECT array_agg(x.id) FROM (SELECT e.id FROM hit e WHERE ' || condition || ' ORDER BY '
            || ordering || ' LIMIT $10) x'
            INTO hits
            USING patterns, kinds, outcomes, accounts, subjects, since, until, after_at, after_id, rows::bigint;
    END IF;
    RETURN QUERY SELECT h.id, h.n FROM unnest(hits[1:rows]) WITH ORDINALITY AS h (id, n);
END $_$;

-- Name: security_log_add(text, text, uuid, text, text, uuid, text, uuid, uuid, text, text, text, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.security_log_add(event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT capdo.security_log_add_late(now(), event_kind, event_outcome, who, who_name, what_type, what_id,
        what_name, session, token, from_address, agent, request, more)
$$;

-- Name: security_log_add_late(timestamp with time zone, text, text, uuid, text, text, uuid, text, uuid, uuid, text, text, text, jsonb); Type: FUNCTION

CREATE FUNCTION capdo.security_log_add_late(happened timestamp with time zone, event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    INSERT INTO capdo.security_event (at, kind, outcome, account_id, account_name, subject_type, subject_id,
        subject_name, session_id, token_id, address, user_agent, request_id, detail)
    SELECT least(now(), greatest(happened, now() - interval '1 day')), event_kind, event_outcome,
        -- A token is no account: it is named in a column of its own.
        CASE WHEN token IS NULL THEN coalesce(who, capdo.ctx_account()) END,
        coalesce(nullif(who_name, ''), CASE WHEN token IS NULL
            THEN (SELECT a.display_name FROM capdo.account a WHERE a.id = coalesce(who, capdo.ctx_account()))
            ELSE (SELECT t.name FROM capdo.api_token t WHERE t.id = token) END, ''),
        what_type, what_id, what_name, session, token, from_address, agent, request, coalesce(more, '{}')
$$;

-- Name: session_close(bytea); Type: FUNCTION

CREATE FUNCTION capdo.session_close(token bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.session WHERE token_sha256 = token
$$;

-- Name: session_end(uuid); Type: FUNCTION

CREATE FUNCTION capdo.session_end(which uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM capdo.session WHERE id = which AND account_id = capdo.ctx_account();
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- Name: session_end_others(uuid); Type: FUNCTION

CREATE FUNCTION capdo.session_end_others(keep uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM capdo.session WHERE id <> keep AND account_id = capdo.ctx_account();
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- Name: session_forget_old(integer); Type: FUNCTION

CREATE FUNCTION capdo.session_forget_old(keep_s integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.session WHERE expires_at < now();
    DELETE FROM capdo.idempotency WHERE created_at < now() - make_interval(secs => keep_s);
    -- Of names that nobody has: an account's counter goes when its owner signs in.
    DELETE FROM capdo.sign_in_counter c WHERE c.last_at < now() - interval '30 days'
        AND NOT EXISTS (SELECT FROM capdo.account a WHERE capdo.sha256_text(a.username) = c.name_sha256);
    DELETE FROM capdo.known_device WHERE last_seen_at < now() - interval '180 days'
$$;

-- Name: session_idle_s(text, integer); Type: FUNCTION

CREATE FUNCTION capdo.session_idle_s(roles text, idle_s integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE WHEN capdo.roles_decide(roles) THEN least(idle_s, 900) ELSE idle_s END
$$;

-- Name: session_mine(integer); Type: FUNCTION

CREATE FUNCTION capdo.session_mine(idle_s integer) RETURNS TABLE(id uuid, method text, created_at timestamp with time zone, last_seen_at timestamp with time zone, expires_at timestamp with time zone, factor_at timestamp with time zone, user_agent text, address text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT id, method, created_at, last_seen_at, expires_at, factor_at, user_agent, address FROM capdo.session
    WHERE account_id = capdo.ctx_account() AND NOT pending AND expires_at > now()
      AND last_seen_at > now() - make_interval(secs => capdo.session_idle_s(roles, idle_s))
    ORDER BY last_seen_at DESC, id
$$;

-- Name: session_open(uuid, bytea, integer, integer, text, boolean, boolean, text, text); Type: FUNCTION

CREATE FUNCTION capdo.session_open(who uuid, token bytea, lifetime_s integer, sessions_max integer, by_method text, waits boolean, with_factor boolean, agent text, from_address text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: session_rotate(bytea, bytea, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.session_rotate(old bytea, new bytea, lifetime_s integer, sessions_max integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: session_seen(bytea[]); Type: FUNCTION

CREATE FUNCTION capdo.session_seen(tokens bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.session SET last_seen_at = now() WHERE token_sha256 = ANY (tokens);
    UPDATE capdo.session s SET (scope_on, scope_version, roles, staff_of, appraises, directs, chairs, entrusted) =
        (SELECT capdo.today(), v.version, f.* FROM capdo.scope_of(s.account_id) f)
    FROM capdo.access_version v WHERE s.token_sha256 = ANY (tokens)
        AND (s.scope_version IS DISTINCT FROM v.version OR s.scope_on IS DISTINCT FROM capdo.today())
$$;

-- Name: sha256_text(text); Type: FUNCTION

CREATE FUNCTION capdo.sha256_text(value text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT sha256(convert_to(value, 'UTF8')) $$;

-- Name: sign_in_attempt(text, bytea, integer); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_attempt(name text, device bytea, failures_max integer) RETURNS TABLE(account_id uuid, password_hash text, device_known boolean, retry_in_s integer, stopped boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
DECLARE
    name_key bytea := capdo.sha256_text(name);
    device_key bytea := '';
BEGIN
    SELECT a.id, a.password_hash, EXISTS (SELECT FROM capdo.known_device d
            WHERE d.account_id = a.id AND d.device_sha256 = device)
        INTO account_id, password_hash, device_known
        FROM capdo.account a WHERE a.username = name AND a.disabled_at IS NULL;
    device_known := coalesce(device_known, false);
    IF device_known THEN
        device_key := device;
    END IF;
    INSERT INTO capdo.sign_in_counter AS c (name_sha256, device_sha256, failures, last_at)
        VALUES (name_key, device_key, 1, clock_timestamp())
        ON CONFLICT ON CONSTRAINT sign_in_counter_once DO UPDATE
        SET failures = c.failures + 1, last_at = clock_timestamp(),
            retry_at = CASE WHEN c.failures < 5 THEN NULL
                ELSE clock_timestamp() + make_interval(secs => least(300, power(2, least(c.failures - 5, 9)))) END
        WHERE c.failures < failures_max AND coalesce(c.retry_at, '-infinity') <= clock_timestamp();
    IF FOUND THEN
        retry_in_s := 0;
        stopped := false;
    ELSE
        password_hash := NULL;
        SELECT greatest(1, ceil(extract(epoch FROM c.retry_at - clock_timestamp())))::integer,
                c.failures >= failures_max
            INTO retry_in_s, stopped
            FROM capdo.sign_in_counter c WHERE c.name_sha256 = name_key AND c.device_sha256 = device_key;
    END IF;
    RETURN NEXT;
END $$;

-- Name: sign_in_done(uuid, bytea, integer); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_done(who uuid, device bytea, failures_max integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.sign_in_counter c USING capdo.account a
    WHERE a.id = who AND c.name_sha256 = capdo.sha256_text(a.username) AND CASE
        WHEN EXISTS (SELECT FROM capdo.known_device d WHERE d.account_id = who AND d.device_sha256 = device)
        THEN c.device_sha256 = device OR (c.device_sha256 = '' AND c.failures < failures_max
            AND c.last_at < now() - interval '1 day')
        ELSE c.device_sha256 = '' END
$$;

-- Name: sign_in_forget(integer); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_forget(window_s integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    DELETE FROM capdo.sign_in_address WHERE since < now() - make_interval(secs => window_s)
$$;

-- Name: sign_in_forgive(text); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_forgive(address text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    UPDATE capdo.sign_in_address SET tries = tries - 1
    WHERE network = capdo.sign_in_network(address) AND tries > 0
$$;

-- Name: sign_in_network(text); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_network(address text) RETURNS cidr
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE family(address::inet) WHEN 6 THEN network(set_masklen(address::inet, 64))
        ELSE network(address::inet) END
$$;

-- Name: sign_in_try(text, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.sign_in_try(address text, tries_max integer, window_s integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    INSERT INTO capdo.sign_in_address AS a (network) VALUES (capdo.sign_in_network(address))
    ON CONFLICT (network) DO UPDATE SET
        since = CASE WHEN a.since < now() - make_interval(secs => window_s) THEN now() ELSE a.since END,
        tries = CASE WHEN a.since < now() - make_interval(secs => window_s) THEN 1 ELSE a.tries + 1 END
    RETURNING CASE WHEN a.tries > tries_max
        THEN greatest(1, ceil(extract(epoch FROM a.since - now()) + window_s))::integer ELSE 0 END
$$;

-- Name: sign_on_begin(bytea, bytea, uuid, text, integer, integer); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_begin(state bytea, browser bytea, link uuid, path text, lifetime_s integer, attempts_max integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: sign_on_end(bytea, timestamp with time zone, text, text, text); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_end(token_id bytea, until timestamp with time zone, by_issuer text, by_subject text, by_session text) RETURNS TABLE(account_id uuid, session_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: sign_on_find(text, text); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_find(by_issuer text, by_subject text) RETURNS TABLE(identity_id uuid, account_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT i.id, i.account_id FROM capdo.account_identity i JOIN capdo.account a ON a.id = i.account_id
    WHERE i.issuer = by_issuer AND i.subject = by_subject AND i.ended_at IS NULL AND a.disabled_at IS NULL
$$;

-- Name: sign_on_hint(bytea); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_hint(token bytea) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT x.id_token FROM capdo.session s JOIN capdo.session_identity x ON x.session_id = s.id
    WHERE s.token_sha256 = token
$$;

-- Name: sign_on_session(bytea, uuid, text, text, bigint); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_session(token bytea, identity uuid, provider_sid text, raw_token text, factor_s bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: sign_on_take(bytea, bytea); Type: FUNCTION

CREATE FUNCTION capdo.sign_on_take(state bytea, browser bytea) RETURNS TABLE(return_path text, link_to uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    WITH taken AS (DELETE FROM capdo.sign_on_attempt a WHERE a.state_sha256 = state RETURNING a.*)
    SELECT t.return_path, t.link_to FROM taken t WHERE t.browser_sha256 = browser AND t.expires_at > now()
$$;

-- Name: step_up_s(); Type: FUNCTION

CREATE FUNCTION capdo.step_up_s() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 300 $$;

-- Name: system_keep_version(); Type: FUNCTION

CREATE FUNCTION capdo.system_keep_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    INSERT INTO capdo.system_version (system_id, version, data, changed_at, changed_by)
    VALUES (OLD.id, OLD.version, to_jsonb(OLD) - 'search' - 'entrusted', OLD.updated_at, OLD.updated_by);
    -- A version that follows its organisation says so; the next one no longer does.
    IF NEW.organisation_event_id IS NOT DISTINCT FROM OLD.organisation_event_id THEN
        NEW.organisation_event_id := NULL;
    END IF;
    RETURN NEW;
END $$;

-- Name: system_open_dossier(uuid); Type: FUNCTION

CREATE FUNCTION capdo.system_open_dossier(dossier uuid) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT json_build_object('id', d.id, 'code', d.code, 'state', d.state) FROM capdo.dossier d
        WHERE d.id = dossier AND capdo.dossier_visible(d.operator_id, d.governing_id, d.submissions, d.entrusted));
END $$;

-- Name: system_parts(uuid); Type: FUNCTION

CREATE FUNCTION capdo.system_parts(of_system uuid) RETURNS TABLE(units json, related boolean, open_dossier uuid, decision json)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT
        (SELECT coalesce(json_agg(json_build_object('organisation', json_build_object('id', o.id, 'name', o.name),
                'duty', u.duty) ORDER BY o.name), '[]')
            FROM capdo.system_unit u JOIN capdo.organisation o ON o.id = u.organisation_id
            WHERE u.system_id = s.id),
        EXISTS (SELECT FROM capdo.system_relation r WHERE r.system_id = s.id),
        (SELECT ds.dossier_id FROM capdo.dossier_system ds WHERE ds.system_id = s.id AND ds.open),
        (SELECT json_build_object('dossier_id', c.dossier_id, 'number', c.number, 'decided_on', c.decided_on,
                'signer_name', c.signer_name, 'capacity', c.capacity)
            FROM capdo.decision c WHERE c.id = s.decision_id)
    FROM capdo.system s
    WHERE s.id = of_system AND capdo.system_visible(s.operator_id, s.governing_id, s.received, s.entrusted);
END $$;

-- Name: system_relations(uuid); Type: FUNCTION

CREATE FUNCTION capdo.system_relations(of_system uuid) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT coalesce(json_agg(json_build_object('system', json_build_object('id', x.id, 'code', x.code,
            'name', x.name), 'kind', r.kind) ORDER BY x.code), '[]')
        FROM capdo.system_relation r JOIN capdo.system x ON x.id = r.related_id
        WHERE r.system_id = of_system AND capdo.system_visible(x.operator_id, x.governing_id, x.received,
            x.entrusted));
END $$;

-- Name: system_search(text[], smallint[], boolean, text[], text[], text[], text[], uuid[], uuid[], timestamp with time zone, text, boolean, text, timestamp with time zone, uuid, integer); Type: FUNCTION

CREATE FUNCTION capdo.system_search(words text[], levels smallint[], level_none boolean, statuses text[], life_cycles text[], plan_statuses text[], rulesets text[], operators uuid[], governings uuid[], since timestamp with time zone, sort text, descending boolean, after_text text, after_time timestamp with time zone, after_id uuid, rows integer) RETURNS TABLE(id uuid, ordinal bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path TO 'pg_catalog', 'capdo'
    AS $_$
#variable_conflict use_column
DECLARE
    staff_of uuid[] := capdo.ctx_list('capdo.staff_of');
    chairs uuid[] := capdo.ctx_list('capdo.chairs');
    serves uuid[] := capdo.ctx_list('capdo.serves');
    entrusted uuid[] := capdo.ctx_list('capdo.entrusted');
    patterns text[];
    reasons text[] := '{}';
    wanted text[] := '{}';   -- conditions of the whole list
    worded text[] := '{}';   -- those on words
    hits uuid[];
    scanned bigint;
    samples bigint[] := ARRAY[greatest(500, 2 * rows::bigint), greatest(5000, 2 * rows::bigint)];
    sample bigint;
    segments text[] := '{}'; -- it is the first of these, then the next: conditions, in order
    page text;               -- condition of the page within the first segment
    direction text := CASE WHEN descending THEN ' DESC' ELSE ' ASC' END;
    beyond text := CASE WHEN descending THEN ' < ' ELSE ' > ' END;
    ordering text;
    segment text;
    found_rows bigint := 0;
BEGIN
    IF capdo.ctx_account() IS NULL THEN
        RETURN;
    END IF;
    IF NOT capdo.ctx_is('capdo.office') THEN
        reasons := array_remove(ARRAY[
            CASE cardinality(staff_of) WHEN 0 THEN NULL WHEN 1 THEN 's.operator_id = ($1)[1]'
                ELSE 's.operator_id = ANY ($1)' END,
            CASE WHEN chairs <> '{}' THEN 's.governing_id = ANY ($2)' END,
            CASE WHEN serves <> '{}' THEN 's.received AND s.governing_id = ANY ($3)' END,
            CASE WHEN entrusted <> '{}' THEN 's.received AND s.entrusted <> '''' AND'
                || ' string_to_array(s.entrusted, '' '')::uuid[] && $17' END], NULL);
        IF reasons = '{}' THEN
            RETURN;
        END IF;
        wanted := ARRAY['(' || array_to_string(reasons, ' OR ') || ')'];
    END IF;

    SELECT array_agg(capdo.search_pattern(w)) INTO patterns FROM unnest(words) w WHERE w <> '';
    FOR i IN 1 .. coalesce(cardinality(patterns), 0) LOOP
        worded := worded || format('s.search LIKE ($4)[%s]', i);
    END LOOP;
    wanted := wanted || array_remove(ARRAY[
        CASE WHEN levels <> '{}' AND level_none THEN '(s.level = ANY ($5) OR s.level IS NULL)'
            WHEN cardinality(levels) = 1 THEN 's.level = ($5)[1]'
            WHEN levels <> '{}' THEN 's.level = ANY ($5)' WHEN level_none THEN 's.level IS NULL' END,
        CASE WHEN cardinality(statuses) = 1 THEN 's.approval_status = ($6)[1]'
            WHEN statuses <> '{}' THEN 's.approval_status = ANY ($6)' END,
        CASE WHEN life_cycles <> '{}' THEN 's.life_cycle = ANY ($7)' END,
        CASE WHEN plan_statuses <> '{}' THEN 's.plan_status = ANY ($8)' END,
        CASE WHEN rulesets <> '{}' THEN 's.ruleset = ANY ($9)' END,
        CASE WHEN cardinality(operators) = 1 THEN 's.operator_id = ($10)[1]'
            WHEN operators <> '{}' THEN 's.operator_id = ANY ($10)' END,
        CASE WHEN governings <> '{}' THEN 's.governing_id = ANY ($11)' END,
        CASE WHEN since IS NOT NULL THEN 's.updated_at >= $12' END], NULL);

    IF sort = 'level' THEN
        -- One segment per level, so that each is read in the order of an index.
        segments := ARRAY['s.level = 1', 's.level = 2', 's.level = 3', 's.level = 4', 's.level = 5',
            's.level IS NULL'];
        IF descending THEN
            segments := ARRAY['s.level IS NULL', 's.level = 5', 's.level = 4', 's.level = 3', 's.level = 2',
                's.level = 1'];
        END IF;
        IF after_id IS NOT NULL THEN
            segments := segments[CASE WHEN after_text = 'none' AND descending THEN 1
                WHEN after_text = 'none' THEN 6 WHEN descending THEN 7 - after_text::integer
                ELSE after_text::integer END :];
            page := 's.id' || beyond || '$15';
        END IF;
        ordering := 's.id' || direction;
    ELSE
        segments := ARRAY['true'];
        ordering := CASE sort WHEN 'name' THEN 's.name COLLATE "vi-x-icu"' WHEN 'code' THEN 's.code'
            ELSE 's.updated_at' END;
        IF after_id IS NOT NULL THEN
            page := format('(%s, s.id)%s(%s, $15)', ordering, beyond,
                CASE WHEN sort IN ('name', 'code') THEN '$13' ELSE '$14' END);
        END IF;
        ordering := ordering || direction || ', s.id' || direction;
    END IF;

    FOREACH segment IN ARRAY segments LOOP
        segment := array_to_string(wanted || segment || page, ' AND ') || ' ORDER BY ' || ordering
            || ' LIMIT $16';
        IF patterns IS NULL THEN
            EXECUTE 'SELECT array_agg(x.id) FROM (SELECT s.id FROM capdo.system s WHERE ' || segment || ') x'
                INTO hits
                USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses, rulesets,
                    operators, governings, since, after_text, after_time, after_id, rows - found_rows, entrusted;
        ELSE
            FOREACH sample IN ARRAY samples LOOP
                EXECUTE 'SELECT array_agg(s.id) FILTER (WHERE ' || array_to_string(worded, ' AND ')
                    || '), count(*) FROM (SELECT s.id, s.search FROM capdo.system s WHERE ' || segment || ') s'
                    INTO hits, scanned
                    USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses, rulesets,
                        operators, governings, since, after_text, after_time, after_id, sample, entrusted;
                EXIT WHEN scanned < sample OR cardinality(hits) >= rows - found_rows;
            END LOOP;
            IF scanned = sample AND coalesce(cardinality(hits), 0) < rows - found_rows THEN
                EXECUTE 'WITH hit AS MATERIALIZED (SELECT s.id, s.name, s.code, s.updated_at, s.level,'
                    || ' s.operator_id, s.governing_id, s.received, s.entrusted, s.approval_status, s.life_cycle,'
                    || ' s.plan_status, s.ruleset FROM capdo.system s WHERE ' || array_to_string(worded, ' AND ')
                    || ') SELECT array_agg(x.id) FROM (SELECT s.id FROM hit s WHERE ' || segment || ') x'
                    INTO hits
                    USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses,
                        rulesets, operators, governings, since, after_text, after_time, after_id,
                        rows - found_rows, entrusted;
            END IF;
        END IF;
        RETURN QUERY SELECT h.id, found_rows + h.n
            FROM unnest(hits[1 : (rows - found_rows)::integer]) WITH ORDINALITY AS h (id, n);
        found_rows := found_rows + coalesce(cardinality(hits), 0);
        EXIT WHEN found_rows >= rows;
        page := NULL;
    END LOOP;
END $_$;

-- Name: system_visible(uuid, uuid, boolean, text); Type: FUNCTION

CREATE FUNCTION capdo.system_visible(operator uuid, governing uuid, was_received boolean, entrusted text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT capdo.ctx_is('capdo.office')
        OR operator = ANY (capdo.ctx_list('capdo.staff_of'))
        OR governing = ANY (capdo.ctx_list('capdo.chairs'))
        OR (was_received AND governing = ANY (capdo.ctx_list('capdo.serves')))
        OR (was_received AND entrusted <> ''
            AND string_to_array(entrusted, ' ')::uuid[] && capdo.ctx_list('capdo.entrusted'))
$$;

-- Name: today(); Type: FUNCTION

CREATE FUNCTION capdo.today() RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date $$;

-- Name: totp_accept(uuid, bigint); Type: FUNCTION

CREATE FUNCTION capdo.totp_accept(who uuid, counter bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    UPDATE capdo.credential_totp SET last_counter = counter
        WHERE account_id = who AND confirmed_at IS NOT NULL AND last_counter < counter;
    RETURN FOUND;
END $$;

-- Name: totp_begin(text, bytea); Type: FUNCTION

CREATE FUNCTION capdo.totp_begin(under text, secret bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    PERFORM capdo.factor_may_change();
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account() AND confirmed_at IS NULL;
    INSERT INTO capdo.credential_totp (account_id, key_id, sealed) VALUES (capdo.ctx_account(), under, secret);
END $$;

-- Name: totp_confirm(bigint); Type: FUNCTION

CREATE FUNCTION capdo.totp_confirm(counter bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
BEGIN
    DELETE FROM capdo.credential_totp WHERE account_id = capdo.ctx_account() AND confirmed_at IS NOT NULL
        AND EXISTS (SELECT FROM capdo.credential_totp t WHERE t.account_id = capdo.ctx_account()
            AND t.confirmed_at IS NULL);
    UPDATE capdo.credential_totp SET confirmed_at = now(), last_counter = counter
        WHERE account_id = capdo.ctx_account() AND confirmed_at IS NULL;
    RETURN FOUND;
END $$;

-- Name: totp_find(uuid, boolean); Type: FUNCTION

CREATE FUNCTION capdo.totp_find(who uuid, waits boolean) RETURNS TABLE(key_id text, sealed bytea, last_counter bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    SELECT key_id, sealed, last_counter FROM capdo.credential_totp
    WHERE account_id = who AND (confirmed_at IS NULL) = waits
$$;

-- Name: totp_remove(); Type: FUNCTION

CREATE FUNCTION capdo.totp_remove() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
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

-- Name: with_predecessors(uuid[]); Type: FUNCTION

CREATE FUNCTION capdo.with_predecessors(bodies uuid[]) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'capdo'
    AS $$
    WITH RECURSIVE body (id, depth) AS (
        SELECT unnest(bodies), 0
        UNION SELECT o.id, b.depth + 1 FROM capdo.organisation o JOIN body b ON o.successor_id = b.id
            WHERE b.depth < 4 AND o.kind = 'people_committee')
    SELECT coalesce(array_agg(DISTINCT id), '{}') FROM body
$$;

-- Name: access_version; Type: TABLE

CREATE TABLE capdo.access_version (
    only_row boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT access_version_only_row CHECK (only_row)
);

ALTER TABLE ONLY capdo.access_version FORCE ROW LEVEL SECURITY;

-- Name: account; Type: TABLE

CREATE TABLE capdo.account (
    id uuid NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    password_hash text DEFAULT '!'::text NOT NULL,
    disabled_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    created_by uuid,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    activated_at timestamp with time zone,
    CONSTRAINT account_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
    CONSTRAINT account_display_name_nfc CHECK ((display_name IS NFC NORMALIZED)),
    CONSTRAINT account_email_length CHECK ((char_length(email) <= 200)),
    CONSTRAINT account_username_form CHECK ((username ~ '^[a-z0-9._-]{1,60}$'::text))
);

ALTER TABLE ONLY capdo.account FORCE ROW LEVEL SECURITY;

-- Name: account_identity; Type: TABLE

CREATE TABLE capdo.account_identity (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL,
    linked_by uuid NOT NULL,
    used_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT account_identity_dates CHECK ((ended_at >= linked_at)),
    CONSTRAINT account_identity_issuer_length CHECK (((octet_length(issuer) >= 1) AND (octet_length(issuer) <= 1000))),
    CONSTRAINT account_identity_name_length CHECK ((char_length(name) <= 200)),
    CONSTRAINT account_identity_subject_length CHECK (((octet_length(subject) >= 1) AND (octet_length(subject) <= 255)))
);

ALTER TABLE ONLY capdo.account_identity FORCE ROW LEVEL SECURITY;

-- Name: account_link; Type: TABLE

CREATE TABLE capdo.account_link (
    token_sha256 bytea NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT account_link_purpose_known CHECK ((purpose = ANY (ARRAY['activation'::text, 'reset'::text]))),
    CONSTRAINT account_link_token_is_hash CHECK ((octet_length(token_sha256) = 32))
);

ALTER TABLE ONLY capdo.account_link FORCE ROW LEVEL SECURITY;

-- Name: api_token; Type: TABLE

CREATE TABLE capdo.api_token (
    id uuid NOT NULL,
    key text NOT NULL,
    secret_sha256 bytea NOT NULL,
    organisation_id uuid NOT NULL,
    name text NOT NULL,
    reach text NOT NULL,
    scopes text[] NOT NULL,
    networks cidr[] DEFAULT '{}'::cidr[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    rotated_from uuid,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT api_token_key_form CHECK ((key ~ '^[0-9A-Za-z]{12}$'::text)),
    CONSTRAINT api_token_lifetime CHECK ((expires_at <= (created_at + '365 days'::interval))),
    CONSTRAINT api_token_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT api_token_networks_few CHECK ((cardinality(networks) <= 20)),
    CONSTRAINT api_token_reach_known CHECK ((reach = ANY (ARRAY['unit'::text, 'body'::text, 'register'::text]))),
    CONSTRAINT api_token_register_figures CHECK (((reach <> 'register'::text) OR (scopes <@ ARRAY['stats.read'::text, 'organisation.read'::text]))),
    CONSTRAINT api_token_revoked_by_someone CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT api_token_scopes_read CHECK ((((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 5)) AND (scopes <@ ARRAY['stats.read'::text, 'system.read'::text, 'dossier.read'::text, 'label.read'::text, 'organisation.read'::text]))),
    CONSTRAINT api_token_secret_length CHECK ((octet_length(secret_sha256) = 32))
);

ALTER TABLE ONLY capdo.api_token FORCE ROW LEVEL SECURITY;

-- Name: appraisal_assignment; Type: TABLE

CREATE TABLE capdo.appraisal_assignment (
    id uuid NOT NULL,
    governing_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    system_id uuid,
    dossier_id uuid,
    unit_id uuid,
    council_name text DEFAULT ''::text NOT NULL,
    document_number text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    ended_document text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    ended_by uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT appraisal_assignment_council_length CHECK ((char_length(council_name) <= 300)),
    CONSTRAINT appraisal_assignment_dates CHECK (((valid_to IS NULL) OR (valid_to >= (valid_from - 1)))),
    CONSTRAINT appraisal_assignment_document_given CHECK (((char_length(document_number) >= 1) AND (char_length(document_number) <= 60))),
    CONSTRAINT appraisal_assignment_ended_by_document CHECK (((ended_by IS NULL) = (ended_document = ''::text))),
    CONSTRAINT appraisal_assignment_independent CHECK ((unit_id <> operator_id)),
    CONSTRAINT appraisal_assignment_one_target CHECK ((num_nonnulls(system_id, dossier_id) <= 1)),
    CONSTRAINT appraisal_assignment_unit_or_council CHECK (((unit_id IS NULL) = (council_name <> ''::text)))
);

ALTER TABLE ONLY capdo.appraisal_assignment FORCE ROW LEVEL SECURITY;

-- Name: auth_challenge; Type: TABLE

CREATE TABLE capdo.auth_challenge (
    challenge bytea NOT NULL,
    purpose text NOT NULL,
    session_id uuid,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT auth_challenge_has_session CHECK (((purpose = 'sign_in'::text) = (session_id IS NULL))),
    CONSTRAINT auth_challenge_length CHECK ((octet_length(challenge) = 32)),
    CONSTRAINT auth_challenge_purpose_known CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'factor'::text, 'register'::text])))
);

ALTER TABLE ONLY capdo.auth_challenge FORCE ROW LEVEL SECURITY;

-- Name: council_member; Type: TABLE

CREATE TABLE capdo.council_member (
    assignment_id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    is_chair boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY capdo.council_member FORCE ROW LEVEL SECURITY;

-- Name: credential_passkey; Type: TABLE

CREATE TABLE capdo.credential_passkey (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    algorithm integer NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    rp_id text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT credential_passkey_count CHECK (((sign_count >= 0) AND (sign_count <= '4294967295'::bigint))),
    CONSTRAINT credential_passkey_id_length CHECK (((octet_length(credential_id) >= 16) AND (octet_length(credential_id) <= 1023))),
    CONSTRAINT credential_passkey_key_length CHECK ((((algorithm = '-7'::integer) AND (octet_length(public_key) = 64)) OR ((algorithm = '-8'::integer) AND (octet_length(public_key) = 32)))),
    CONSTRAINT credential_passkey_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)))
);

ALTER TABLE ONLY capdo.credential_passkey FORCE ROW LEVEL SECURITY;

-- Name: credential_totp; Type: TABLE

CREATE TABLE capdo.credential_totp (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    account_id uuid NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    last_counter bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT credential_totp_key_id_form CHECK ((key_id ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT credential_totp_sealed_length CHECK ((octet_length(sealed) = ((24 + 20) + 16)))
);

ALTER TABLE ONLY capdo.credential_totp FORCE ROW LEVEL SECURITY;

-- Name: decision; Type: TABLE

CREATE TABLE capdo.decision (
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    outcome text NOT NULL,
    number text NOT NULL,
    decided_on date NOT NULL,
    organisation_id uuid NOT NULL,
    signer_id uuid NOT NULL,
    signer_name text NOT NULL,
    capacity text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    snapshot_sha256 bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    delegation_id uuid,
    CONSTRAINT decision_number_length CHECK (((char_length(number) >= 1) AND (char_length(number) <= 60))),
    CONSTRAINT decision_outcome_known CHECK ((outcome = ANY (ARRAY['approved'::text, 'refused'::text]))),
    CONSTRAINT decision_reason_given CHECK (((outcome = 'approved'::text) OR (reason <> ''::text)))
);

ALTER TABLE ONLY capdo.decision FORCE ROW LEVEL SECURITY;

-- Name: delegation; Type: TABLE

CREATE TABLE capdo.delegation (
    id uuid NOT NULL,
    governing_id uuid NOT NULL,
    delegate_id uuid NOT NULL,
    levels smallint[] NOT NULL,
    plan_levels smallint[] NOT NULL,
    scope text NOT NULL,
    document_number text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    term_to date NOT NULL,
    ended_document text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    ended_by uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT delegation_dates CHECK (((valid_to >= (valid_from - 1)) AND (valid_to <= term_to))),
    CONSTRAINT delegation_document_given CHECK (((char_length(document_number) >= 1) AND (char_length(document_number) <= 60))),
    CONSTRAINT delegation_ended_by_document CHECK (((ended_by IS NULL) = (ended_document = ''::text))),
    CONSTRAINT delegation_levels CHECK (((cardinality((levels || plan_levels)) >= 1) AND ((levels || plan_levels) <@ '{1,2,3,4,5}'::smallint[]))),
    CONSTRAINT delegation_other CHECK ((delegate_id <> governing_id)),
    CONSTRAINT delegation_scope_length CHECK (((char_length(scope) >= 1) AND (char_length(scope) <= 2000)))
);

ALTER TABLE ONLY capdo.delegation FORCE ROW LEVEL SECURITY;

-- Name: dossier_event; Type: TABLE

CREATE TABLE capdo.dossier_event (
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    from_state text,
    to_state text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    capacity text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    due_on date
);

ALTER TABLE ONLY capdo.dossier_event FORCE ROW LEVEL SECURITY;

-- Name: dossier_item; Type: TABLE

CREATE TABLE capdo.dossier_item (
    dossier_id uuid NOT NULL,
    item text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    document_number text DEFAULT ''::text NOT NULL,
    document_date date,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid NOT NULL,
    CONSTRAINT dossier_item_content_length CHECK ((octet_length(content) <= 65536))
);

ALTER TABLE ONLY capdo.dossier_item FORCE ROW LEVEL SECURITY;

-- Name: dossier_submission; Type: TABLE

CREATE TABLE capdo.dossier_submission (
    dossier_id uuid NOT NULL,
    number integer NOT NULL,
    snapshot text NOT NULL,
    snapshot_sha256 bytea GENERATED ALWAYS AS (capdo.sha256_text(snapshot)) STORED NOT NULL,
    submitted_by uuid NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY capdo.dossier_submission FORCE ROW LEVEL SECURITY;

-- Name: dossier_system; Type: TABLE

CREATE TABLE capdo.dossier_system (
    dossier_id uuid NOT NULL,
    system_id uuid NOT NULL,
    computed_level smallint,
    at_least smallint DEFAULT 0 NOT NULL,
    trace jsonb DEFAULT '{}'::jsonb NOT NULL,
    proposed_level smallint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    open boolean DEFAULT true NOT NULL,
    CONSTRAINT dossier_system_level_range CHECK (((proposed_level >= 1) AND (proposed_level <= 5))),
    CONSTRAINT level_below_computed CHECK ((proposed_level >= COALESCE(computed_level, at_least))),
    CONSTRAINT level_reason_required CHECK (((NOT (proposed_level IS DISTINCT FROM computed_level)) OR (reason <> ''::text)))
);

ALTER TABLE ONLY capdo.dossier_system FORCE ROW LEVEL SECURITY;

-- Name: dossier_transition; Type: TABLE

CREATE TABLE capdo.dossier_transition (
    from_state text NOT NULL,
    to_state text NOT NULL
);

ALTER TABLE ONLY capdo.dossier_transition FORCE ROW LEVEL SECURITY;

-- Name: factor_attempt; Type: TABLE

CREATE TABLE capdo.factor_attempt (
    account_id uuid NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY capdo.factor_attempt FORCE ROW LEVEL SECURITY;

-- Name: idempotency; Type: TABLE

CREATE TABLE capdo.idempotency (
    account_id uuid NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    status integer NOT NULL,
    location text,
    etag text,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY capdo.idempotency FORCE ROW LEVEL SECURITY;

-- Name: known_device; Type: TABLE

CREATE TABLE capdo.known_device (
    account_id uuid NOT NULL,
    device_sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_device_is_hash CHECK ((octet_length(device_sha256) = 32))
);

ALTER TABLE ONLY capdo.known_device FORCE ROW LEVEL SECURITY;

-- Name: label_code; Type: SEQUENCE

CREATE SEQUENCE capdo.label_code
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: label; Type: TABLE

CREATE TABLE capdo.label (
    id uuid NOT NULL,
    code text DEFAULT ('NT'::text || lpad((nextval('capdo.label_code'::regclass))::text, 7, '0'::text)) NOT NULL,
    type text NOT NULL,
    target text NOT NULL,
    system_id uuid,
    governing_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    grade text NOT NULL,
    state text DEFAULT 'requested'::text NOT NULL,
    issuer text DEFAULT ''::text NOT NULL,
    granted_on date,
    expires_on date,
    certificate_url text DEFAULT ''::text NOT NULL,
    evidence_url text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    requested_by uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT label_dates CHECK (((expires_on IS NULL) OR (granted_on IS NULL) OR (expires_on > granted_on))),
    CONSTRAINT label_grade_known CHECK ((grade = ANY (ARRAY['basic'::text, 'advanced'::text]))),
    CONSTRAINT label_granted_complete CHECK (((state <> 'granted'::text) OR ((issuer <> ''::text) AND (granted_on IS NOT NULL) AND (expires_on IS NOT NULL)))),
    CONSTRAINT label_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'granted'::text, 'refused'::text, 'expired'::text, 'withdrawn'::text]))),
    CONSTRAINT label_system_needs_system CHECK (((type <> 'system'::text) OR (system_id IS NOT NULL))),
    CONSTRAINT label_target_length CHECK (((char_length(target) >= 1) AND (char_length(target) <= 253))),
    CONSTRAINT label_type_known CHECK ((type = ANY (ARRAY['organisation'::text, 'website'::text, 'device'::text, 'system'::text])))
);

ALTER TABLE ONLY capdo.label FORCE ROW LEVEL SECURITY;

-- Name: label_event; Type: TABLE

CREATE TABLE capdo.label_event (
    id uuid NOT NULL,
    label_id uuid NOT NULL,
    from_state text,
    to_state text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY capdo.label_event FORCE ROW LEVEL SECURITY;

-- Name: label_transition; Type: TABLE

CREATE TABLE capdo.label_transition (
    from_state text NOT NULL,
    to_state text NOT NULL
);

ALTER TABLE ONLY capdo.label_transition FORCE ROW LEVEL SECURITY;

-- Name: logout_token_used; Type: TABLE

CREATE TABLE capdo.logout_token_used (
    id_sha256 bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT logout_token_hash CHECK ((octet_length(id_sha256) = 32))
);

ALTER TABLE ONLY capdo.logout_token_used FORCE ROW LEVEL SECURITY;

-- Name: membership; Type: TABLE

CREATE TABLE capdo.membership (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    role text NOT NULL,
    valid_from date DEFAULT capdo.today() NOT NULL,
    valid_to date,
    document_number text DEFAULT ''::text NOT NULL,
    granted_by uuid,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    end_document_number text DEFAULT ''::text NOT NULL,
    ended_by uuid,
    ended_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT membership_dates CHECK (((valid_to IS NULL) OR (valid_to >= (valid_from - 1)))),
    CONSTRAINT membership_document_length CHECK (((char_length(document_number) <= 200) AND (char_length(end_document_number) <= 200))),
    CONSTRAINT membership_end_complete CHECK (((ended_at IS NULL) OR (valid_to IS NOT NULL))),
    CONSTRAINT membership_role_known CHECK ((role = ANY (ARRAY['staff'::text, 'appraiser'::text, 'director'::text, 'chairman'::text, 'office'::text, 'admin'::text])))
);

ALTER TABLE ONLY capdo.membership FORCE ROW LEVEL SECURITY;

-- Name: opinion; Type: TABLE

CREATE TABLE capdo.opinion (
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    submission integer NOT NULL,
    conclusion text NOT NULL,
    method text NOT NULL,
    reasons text DEFAULT ''::text NOT NULL,
    appraiser_id uuid NOT NULL,
    appraiser_name text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    capacity text DEFAULT ''::text NOT NULL,
    organisation_id uuid,
    assignment_id uuid,
    CONSTRAINT opinion_conclusion_known CHECK ((conclusion = ANY (ARRAY['suitable'::text, 'not_suitable'::text]))),
    CONSTRAINT opinion_method_known CHECK ((method = ANY (ARRAY['meeting'::text, 'written'::text, 'both'::text]))),
    CONSTRAINT opinion_reasons_given CHECK (((conclusion = 'suitable'::text) OR (reasons <> ''::text)))
);

ALTER TABLE ONLY capdo.opinion FORCE ROW LEVEL SECURITY;

-- Name: organisation; Type: TABLE

CREATE TABLE capdo.organisation (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_folded text GENERATED ALWAYS AS (capdo.fold(name)) STORED NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    successor_id uuid,
    status text DEFAULT 'active'::text NOT NULL,
    valid_from date,
    valid_to date,
    mandate_document text DEFAULT ''::text NOT NULL,
    representative text DEFAULT ''::text NOT NULL,
    representative_title text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    code_scheme text NOT NULL,
    CONSTRAINT organisation_code_form CHECK ((code ~ '^[A-Za-z0-9.-]{1,40}$'::text)),
    CONSTRAINT organisation_code_scheme_known CHECK ((code_scheme = ANY (ARRAY['2020'::text, '2016'::text, 'internal'::text, 'statistics'::text]))),
    CONSTRAINT organisation_dates CHECK (((valid_to IS NULL) OR (valid_from IS NULL) OR (valid_to >= valid_from))),
    CONSTRAINT organisation_kind_known CHECK ((kind = ANY (ARRAY['people_committee'::text, 'department'::text, 'police'::text, 'office'::text, 'commune'::text, 'hospital'::text, 'school'::text, 'centre'::text, 'enterprise'::text, 'party'::text, 'ministry'::text, 'other'::text]))),
    CONSTRAINT organisation_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 300))),
    CONSTRAINT organisation_name_nfc CHECK ((name IS NFC NORMALIZED)),
    CONSTRAINT organisation_parent_other CHECK ((parent_id <> id)),
    CONSTRAINT organisation_status_known CHECK ((status = ANY (ARRAY['active'::text, 'dissolved'::text])))
);

ALTER TABLE ONLY capdo.organisation FORCE ROW LEVEL SECURITY;

-- Name: organisation_code; Type: TABLE

CREATE TABLE capdo.organisation_code (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    scheme text NOT NULL,
    valid_from date,
    valid_to date,
    document_number text DEFAULT ''::text NOT NULL,
    event_id uuid NOT NULL,
    ended_by uuid,
    CONSTRAINT organisation_code_dates CHECK (((valid_to IS NULL) OR (valid_from IS NULL) OR (valid_to >= (valid_from - 1)))),
    CONSTRAINT organisation_code_ended CHECK (((valid_to IS NULL) = (ended_by IS NULL))),
    CONSTRAINT organisation_code_record_form CHECK ((code ~ '^[A-Za-z0-9.-]{1,40}$'::text)),
    CONSTRAINT organisation_code_record_scheme CHECK ((scheme = ANY (ARRAY['2020'::text, '2016'::text, 'internal'::text, 'statistics'::text])))
);

ALTER TABLE ONLY capdo.organisation_code FORCE ROW LEVEL SECURITY;

-- Name: organisation_event; Type: TABLE

CREATE TABLE capdo.organisation_event (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    effective_on date,
    document_number text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    before jsonb DEFAULT '{}'::jsonb NOT NULL,
    after jsonb DEFAULT '{}'::jsonb NOT NULL,
    moved jsonb DEFAULT '{}'::jsonb NOT NULL,
    cause_id uuid,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    recorded_by uuid,
    recorded_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT organisation_event_dated CHECK (((kind = 'created'::text) OR (effective_on IS NOT NULL))),
    CONSTRAINT organisation_event_kind_known CHECK ((kind = ANY (ARRAY['created'::text, 'renamed'::text, 'moved'::text, 'code_changed'::text, 'merged'::text, 'split'::text, 'dissolved'::text, 'restored'::text]))),
    CONSTRAINT organisation_event_texts CHECK (((char_length(document_number) <= 200) AND (char_length(note) <= 1000)))
);

ALTER TABLE ONLY capdo.organisation_event FORCE ROW LEVEL SECURITY;

-- Name: organisation_event_party; Type: TABLE

CREATE TABLE capdo.organisation_event_party (
    event_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    part text NOT NULL,
    moved jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT organisation_event_party_known CHECK ((part = ANY (ARRAY['subject'::text, 'successor'::text, 'merged'::text])))
);

ALTER TABLE ONLY capdo.organisation_event_party FORCE ROW LEVEL SECURITY;

-- Name: organisation_state; Type: TABLE

CREATE TABLE capdo.organisation_state (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organisation_id uuid NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    status text NOT NULL,
    successor_id uuid,
    valid_from date,
    valid_to date,
    event_id uuid NOT NULL,
    ended_by uuid,
    CONSTRAINT organisation_state_dates CHECK (((valid_to IS NULL) OR (valid_from IS NULL) OR (valid_to >= (valid_from - 1)))),
    CONSTRAINT organisation_state_ended CHECK (((valid_to IS NULL) = (ended_by IS NULL)))
);

ALTER TABLE ONLY capdo.organisation_state FORCE ROW LEVEL SECURITY;

-- Name: recovery_code; Type: TABLE

CREATE TABLE capdo.recovery_code (
    account_id uuid NOT NULL,
    code_sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT recovery_code_is_hash CHECK ((octet_length(code_sha256) = 32))
);

ALTER TABLE ONLY capdo.recovery_code FORCE ROW LEVEL SECURITY;

-- Name: schema_migration; Type: TABLE

CREATE TABLE capdo.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY capdo.schema_migration FORCE ROW LEVEL SECURITY;

-- Name: schema_routine; Type: TABLE

CREATE TABLE capdo.schema_routine (
    name text NOT NULL,
    checksum text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY capdo.schema_routine FORCE ROW LEVEL SECURITY;

-- Name: security_event; Type: TABLE

CREATE TABLE capdo.security_event (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    account_id uuid,
    account_name text DEFAULT ''::text NOT NULL,
    subject_type text DEFAULT ''::text NOT NULL,
    subject_id uuid,
    subject_name text DEFAULT ''::text NOT NULL,
    session_id uuid,
    token_id uuid,
    address text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    request_id text DEFAULT ''::text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    search text GENERATED ALWAYS AS (capdo.fold(((account_name || ' '::text) || subject_name))) STORED NOT NULL,
    CONSTRAINT security_event_detail_object CHECK (((jsonb_typeof(detail) = 'object'::text) AND (octet_length((detail)::text) <= 4096))),
    CONSTRAINT security_event_kind_form CHECK ((kind ~ '^[a-z]+(\.[a-z_]+)+$'::text)),
    CONSTRAINT security_event_outcome_known CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text])))
);

ALTER TABLE ONLY capdo.security_event FORCE ROW LEVEL SECURITY;

-- Name: session; Type: TABLE

CREATE TABLE capdo.session (
    token_sha256 bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    scope_on date,
    scope_version bigint,
    roles text,
    staff_of uuid[],
    appraises uuid[],
    directs uuid[],
    chairs uuid[],
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    pending boolean DEFAULT false NOT NULL,
    method text DEFAULT 'password'::text NOT NULL,
    factor_at timestamp with time zone,
    user_agent text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    entrusted uuid[],
    CONSTRAINT session_method_known CHECK ((method = ANY (ARRAY['password'::text, 'passkey'::text, 'oidc'::text, 'activation'::text]))),
    CONSTRAINT session_pending_has_no_factor CHECK (((NOT pending) OR (factor_at IS NULL))),
    CONSTRAINT session_token_is_hash CHECK ((octet_length(token_sha256) = 32))
);

ALTER TABLE ONLY capdo.session FORCE ROW LEVEL SECURITY;

-- Name: session_identity; Type: TABLE

CREATE TABLE capdo.session_identity (
    session_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    provider_session text,
    id_token text NOT NULL
);

ALTER TABLE ONLY capdo.session_identity FORCE ROW LEVEL SECURITY;

-- Name: sign_in_address; Type: TABLE

CREATE TABLE capdo.sign_in_address (
    network cidr NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    CONSTRAINT sign_in_address_tries CHECK ((tries >= 0))
);

ALTER TABLE ONLY capdo.sign_in_address FORCE ROW LEVEL SECURITY;

-- Name: sign_in_counter; Type: TABLE

CREATE TABLE capdo.sign_in_counter (
    name_sha256 bytea NOT NULL,
    device_sha256 bytea DEFAULT '\x'::bytea NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_counter_hashes CHECK (((octet_length(name_sha256) = 32) AND (octet_length(device_sha256) = ANY (ARRAY[0, 32]))))
);

ALTER TABLE ONLY capdo.sign_in_counter FORCE ROW LEVEL SECURITY;

-- Name: sign_on_attempt; Type: TABLE

CREATE TABLE capdo.sign_on_attempt (
    state_sha256 bytea NOT NULL,
    browser_sha256 bytea NOT NULL,
    link_to uuid,
    return_path text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_on_attempt_hashes CHECK (((octet_length(state_sha256) = 32) AND (octet_length(browser_sha256) = 32))),
    CONSTRAINT sign_on_attempt_path CHECK (((return_path ~ '^/([^/\\]|$)'::text) AND (octet_length(return_path) <= 500)))
);

ALTER TABLE ONLY capdo.sign_on_attempt FORCE ROW LEVEL SECURITY;

-- Name: specialised_unit; Type: TABLE

CREATE TABLE capdo.specialised_unit (
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    governing_id uuid NOT NULL,
    document_number text DEFAULT ''::text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    ended_document text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    ended_by uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT specialised_unit_dates CHECK (((valid_to IS NULL) OR (valid_to >= (valid_from - 1)))),
    CONSTRAINT specialised_unit_document_given CHECK (((created_by IS NULL) OR ((char_length(document_number) >= 1) AND (char_length(document_number) <= 60)))),
    CONSTRAINT specialised_unit_ended_by_document CHECK (((ended_by IS NULL) = (ended_document = ''::text))),
    CONSTRAINT specialised_unit_other CHECK ((unit_id <> governing_id))
);

ALTER TABLE ONLY capdo.specialised_unit FORCE ROW LEVEL SECURITY;

-- Name: system_code; Type: SEQUENCE

CREATE SEQUENCE capdo.system_code
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: system; Type: TABLE

CREATE TABLE capdo.system (
    id uuid NOT NULL,
    code text DEFAULT ('HT'::text || lpad((nextval('capdo.system_code'::regclass))::text, 7, '0'::text)) NOT NULL,
    name text NOT NULL,
    search text GENERATED ALWAYS AS (capdo.fold(((name || ' '::text) || code))) STORED NOT NULL,
    purpose text DEFAULT ''::text NOT NULL,
    scope text DEFAULT ''::text NOT NULL,
    served_users text DEFAULT ''::text NOT NULL,
    governing_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    life_cycle text DEFAULT 'operating'::text NOT NULL,
    plan_status text DEFAULT 'not_started'::text NOT NULL,
    ruleset text NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    computed_level smallint,
    at_least smallint DEFAULT 0 NOT NULL,
    approved_level smallint,
    approved_on date,
    decision_id uuid,
    level smallint GENERATED ALWAYS AS (COALESCE(approved_level, computed_level)) STORED,
    approval_status text DEFAULT 'drafting'::text NOT NULL,
    received boolean DEFAULT false NOT NULL,
    contacts jsonb DEFAULT '[]'::jsonb NOT NULL,
    addresses jsonb DEFAULT '[]'::jsonb NOT NULL,
    components jsonb DEFAULT '[]'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid NOT NULL,
    organisation_event_id uuid,
    entrusted text DEFAULT ''::text NOT NULL,
    CONSTRAINT system_approval_status_known CHECK ((approval_status = ANY (ARRAY['drafting'::text, 'sent_for_appraisal'::text, 'appraised'::text, 'approved'::text]))),
    CONSTRAINT system_facts_object CHECK ((jsonb_typeof(facts) = 'object'::text)),
    CONSTRAINT system_levels CHECK ((((computed_level >= 1) AND (computed_level <= 5)) AND ((approved_level >= 1) AND (approved_level <= 5)) AND ((at_least >= 0) AND (at_least <= 5)))),
    CONSTRAINT system_life_cycle_known CHECK ((life_cycle = ANY (ARRAY['planned'::text, 'building'::text, 'operating'::text, 'upgrading'::text, 'retired'::text]))),
    CONSTRAINT system_lists CHECK (((jsonb_typeof(contacts) = 'array'::text) AND (jsonb_typeof(addresses) = 'array'::text) AND (jsonb_typeof(components) = 'array'::text))),
    CONSTRAINT system_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 300))),
    CONSTRAINT system_name_nfc CHECK ((name IS NFC NORMALIZED)),
    CONSTRAINT system_plan_status_known CHECK ((plan_status = ANY (ARRAY['not_started'::text, 'partial'::text, 'full'::text])))
);
ALTER TABLE ONLY capdo.system ALTER COLUMN search SET STATISTICS 1000;

ALTER TABLE ONLY capdo.system FORCE ROW LEVEL SECURITY;

-- Name: system_relation; Type: TABLE

CREATE TABLE capdo.system_relation (
    system_id uuid NOT NULL,
    related_id uuid NOT NULL,
    kind text NOT NULL,
    CONSTRAINT system_relation_kind_known CHECK ((kind = ANY (ARRAY['part_of'::text, 'uses'::text, 'sends_data_to'::text, 'connects_to'::text]))),
    CONSTRAINT system_relation_other CHECK ((system_id <> related_id))
);

ALTER TABLE ONLY capdo.system_relation FORCE ROW LEVEL SECURITY;

-- Name: system_unit; Type: TABLE

CREATE TABLE capdo.system_unit (
    system_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    duty text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY capdo.system_unit FORCE ROW LEVEL SECURITY;

-- Name: system_version; Type: TABLE

CREATE TABLE capdo.system_version (
    system_id uuid NOT NULL,
    version integer NOT NULL,
    data jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL
);

ALTER TABLE ONLY capdo.system_version FORCE ROW LEVEL SECURITY;

-- Name: access_version access_version_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.access_version
    ADD CONSTRAINT access_version_pkey PRIMARY KEY (only_row);

-- Name: account_identity account_identity_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.account_identity
    ADD CONSTRAINT account_identity_pkey PRIMARY KEY (id);

-- Name: account_link account_link_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.account_link
    ADD CONSTRAINT account_link_pkey PRIMARY KEY (token_sha256);

-- Name: account account_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

-- Name: account account_username_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.account
    ADD CONSTRAINT account_username_unique UNIQUE (username);

-- Name: api_token api_token_key_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_key_unique UNIQUE (key);

-- Name: api_token api_token_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (id);

-- Name: api_token api_token_rotated_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_rotated_once UNIQUE (rotated_from);

-- Name: appraisal_assignment appraisal_assignment_document_written; Type: CHECK CONSTRAINT

ALTER TABLE capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_document_written CHECK (((document_number ~ '\S'::text) AND ((ended_document = ''::text) OR (ended_document ~ '\S'::text)))) NOT VALID;

-- Name: appraisal_assignment appraisal_assignment_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_pkey PRIMARY KEY (id);

-- Name: auth_challenge auth_challenge_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.auth_challenge
    ADD CONSTRAINT auth_challenge_pkey PRIMARY KEY (challenge);

-- Name: council_member council_member_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.council_member
    ADD CONSTRAINT council_member_once PRIMARY KEY (assignment_id, account_id);

-- Name: credential_passkey credential_passkey_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.credential_passkey
    ADD CONSTRAINT credential_passkey_once UNIQUE (credential_id);

-- Name: credential_passkey credential_passkey_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.credential_passkey
    ADD CONSTRAINT credential_passkey_pkey PRIMARY KEY (id);

-- Name: credential_totp credential_totp_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.credential_totp
    ADD CONSTRAINT credential_totp_pkey PRIMARY KEY (id);

-- Name: decision decision_number_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_number_unique UNIQUE (organisation_id, number, decided_on);

-- Name: decision decision_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_once UNIQUE (dossier_id);

-- Name: decision decision_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);

-- Name: delegation delegation_document_written; Type: CHECK CONSTRAINT

ALTER TABLE capdo.delegation
    ADD CONSTRAINT delegation_document_written CHECK (((document_number ~ '\S'::text) AND ((ended_document = ''::text) OR (ended_document ~ '\S'::text)))) NOT VALID;

-- Name: delegation delegation_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.delegation
    ADD CONSTRAINT delegation_pkey PRIMARY KEY (id);

-- Name: dossier dossier_code_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_code_unique UNIQUE (code);

-- Name: dossier_event dossier_event_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier_event
    ADD CONSTRAINT dossier_event_pkey PRIMARY KEY (id);

-- Name: dossier_item dossier_item_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier_item
    ADD CONSTRAINT dossier_item_pkey PRIMARY KEY (dossier_id, item);

-- Name: dossier dossier_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_pkey PRIMARY KEY (id);

-- Name: dossier_submission dossier_submission_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier_submission
    ADD CONSTRAINT dossier_submission_pkey PRIMARY KEY (dossier_id, number);

-- Name: dossier_system dossier_system_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier_system
    ADD CONSTRAINT dossier_system_pkey PRIMARY KEY (dossier_id, system_id);

-- Name: dossier_transition dossier_transition_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.dossier_transition
    ADD CONSTRAINT dossier_transition_pkey PRIMARY KEY (from_state, to_state);

-- Name: factor_attempt factor_attempt_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.factor_attempt
    ADD CONSTRAINT factor_attempt_pkey PRIMARY KEY (account_id);

-- Name: idempotency idempotency_key_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.idempotency
    ADD CONSTRAINT idempotency_key_once PRIMARY KEY (account_id, key);

-- Name: known_device known_device_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.known_device
    ADD CONSTRAINT known_device_once PRIMARY KEY (account_id, device_sha256);

-- Name: label label_code_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_code_unique UNIQUE (code);

-- Name: label_event label_event_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.label_event
    ADD CONSTRAINT label_event_pkey PRIMARY KEY (id);

-- Name: label label_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_pkey PRIMARY KEY (id);

-- Name: label_transition label_transition_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.label_transition
    ADD CONSTRAINT label_transition_pkey PRIMARY KEY (from_state, to_state);

-- Name: logout_token_used logout_token_used_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.logout_token_used
    ADD CONSTRAINT logout_token_used_pkey PRIMARY KEY (id_sha256);

-- Name: membership membership_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (id);

-- Name: opinion opinion_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.opinion
    ADD CONSTRAINT opinion_pkey PRIMARY KEY (id);

-- Name: organisation_code organisation_code_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.organisation_code
    ADD CONSTRAINT organisation_code_pkey PRIMARY KEY (id);

-- Name: organisation_event_party organisation_event_party_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event_party
    ADD CONSTRAINT organisation_event_party_pkey PRIMARY KEY (event_id, organisation_id);

-- Name: organisation_event organisation_event_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event
    ADD CONSTRAINT organisation_event_pkey PRIMARY KEY (id);

-- Name: organisation organisation_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

-- Name: organisation_state organisation_state_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_pkey PRIMARY KEY (id);

-- Name: recovery_code recovery_code_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, code_sha256);

-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

-- Name: schema_routine schema_routine_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.schema_routine
    ADD CONSTRAINT schema_routine_pkey PRIMARY KEY (name);

-- Name: security_event security_event_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.security_event
    ADD CONSTRAINT security_event_pkey PRIMARY KEY (id);

-- Name: session session_id_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.session
    ADD CONSTRAINT session_id_unique UNIQUE (id);

-- Name: session_identity session_identity_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.session_identity
    ADD CONSTRAINT session_identity_pkey PRIMARY KEY (session_id);

-- Name: session session_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_sha256);

-- Name: sign_in_address sign_in_address_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.sign_in_address
    ADD CONSTRAINT sign_in_address_pkey PRIMARY KEY (network);

-- Name: sign_in_counter sign_in_counter_once; Type: CONSTRAINT

ALTER TABLE ONLY capdo.sign_in_counter
    ADD CONSTRAINT sign_in_counter_once PRIMARY KEY (name_sha256, device_sha256);

-- Name: sign_on_attempt sign_on_attempt_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.sign_on_attempt
    ADD CONSTRAINT sign_on_attempt_pkey PRIMARY KEY (state_sha256);

-- Name: specialised_unit specialised_unit_document_written; Type: CHECK CONSTRAINT

ALTER TABLE capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_document_written CHECK ((((document_number = ''::text) OR (document_number ~ '\S'::text)) AND ((ended_document = ''::text) OR (ended_document ~ '\S'::text)))) NOT VALID;

-- Name: specialised_unit specialised_unit_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_pkey PRIMARY KEY (id);

-- Name: system system_code_unique; Type: CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_code_unique UNIQUE (code);

-- Name: system system_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_pkey PRIMARY KEY (id);

-- Name: system_relation system_relation_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.system_relation
    ADD CONSTRAINT system_relation_pkey PRIMARY KEY (system_id, related_id, kind);

-- Name: system_unit system_unit_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.system_unit
    ADD CONSTRAINT system_unit_pkey PRIMARY KEY (system_id, organisation_id);

-- Name: system_version system_version_pkey; Type: CONSTRAINT

ALTER TABLE ONLY capdo.system_version
    ADD CONSTRAINT system_version_pkey PRIMARY KEY (system_id, version);

-- Name: account_identity_account; Type: INDEX

CREATE INDEX account_identity_account ON capdo.account_identity USING btree (account_id);

-- Name: account_identity_taken; Type: INDEX

CREATE UNIQUE INDEX account_identity_taken ON capdo.account_identity USING btree (issuer, subject) WHERE (ended_at IS NULL);

-- Name: account_link_one_open; Type: INDEX

CREATE UNIQUE INDEX account_link_one_open ON capdo.account_link USING btree (account_id) WHERE ((used_at IS NULL) AND (ended_at IS NULL));

-- Name: api_token_by_time; Type: INDEX

CREATE INDEX api_token_by_time ON capdo.api_token USING btree (created_at DESC, id DESC);

-- Name: appraisal_assignment_governing; Type: INDEX

CREATE INDEX appraisal_assignment_governing ON capdo.appraisal_assignment USING btree (governing_id);

-- Name: appraisal_assignment_operator; Type: INDEX

CREATE INDEX appraisal_assignment_operator ON capdo.appraisal_assignment USING btree (operator_id);

-- Name: appraisal_assignment_unit; Type: INDEX

CREATE INDEX appraisal_assignment_unit ON capdo.appraisal_assignment USING btree (unit_id);

-- Name: auth_challenge_expires; Type: INDEX

CREATE INDEX auth_challenge_expires ON capdo.auth_challenge USING btree (expires_at);

-- Name: auth_challenge_session; Type: INDEX

CREATE INDEX auth_challenge_session ON capdo.auth_challenge USING btree (session_id);

-- Name: council_member_account; Type: INDEX

CREATE INDEX council_member_account ON capdo.council_member USING btree (account_id);

-- Name: council_one_chair; Type: INDEX

CREATE UNIQUE INDEX council_one_chair ON capdo.council_member USING btree (assignment_id) WHERE is_chair;

-- Name: credential_passkey_account; Type: INDEX

CREATE INDEX credential_passkey_account ON capdo.credential_passkey USING btree (account_id);

-- Name: credential_totp_one_used; Type: INDEX

CREATE UNIQUE INDEX credential_totp_one_used ON capdo.credential_totp USING btree (account_id) WHERE (confirmed_at IS NOT NULL);

-- Name: credential_totp_one_waits; Type: INDEX

CREATE UNIQUE INDEX credential_totp_one_waits ON capdo.credential_totp USING btree (account_id) WHERE (confirmed_at IS NULL);

-- Name: delegation_delegate; Type: INDEX

CREATE INDEX delegation_delegate ON capdo.delegation USING btree (delegate_id);

-- Name: delegation_governing; Type: INDEX

CREATE INDEX delegation_governing ON capdo.delegation USING btree (governing_id);

-- Name: dossier_by_due; Type: INDEX

CREATE INDEX dossier_by_due ON capdo.dossier USING btree (due_on, id) WHERE (due_on IS NOT NULL);

-- Name: dossier_by_due_date; Type: INDEX

CREATE INDEX dossier_by_due_date ON capdo.dossier USING btree (COALESCE(due_on, '9999-12-31'::date), id);

-- Name: dossier_by_operator; Type: INDEX

CREATE INDEX dossier_by_operator ON capdo.dossier USING btree (operator_id, updated_at DESC, id DESC);

-- Name: dossier_by_state; Type: INDEX

CREATE INDEX dossier_by_state ON capdo.dossier USING btree (state, updated_at DESC, id DESC);

-- Name: dossier_by_updated; Type: INDEX

CREATE INDEX dossier_by_updated ON capdo.dossier USING btree (updated_at DESC, id DESC);

-- Name: dossier_event_dossier; Type: INDEX

CREATE INDEX dossier_event_dossier ON capdo.dossier_event USING btree (dossier_id, at);

-- Name: dossier_system_system; Type: INDEX

CREATE INDEX dossier_system_system ON capdo.dossier_system USING btree (system_id);

-- Name: idempotency_created; Type: INDEX

CREATE INDEX idempotency_created ON capdo.idempotency USING btree (created_at);

-- Name: label_by_operator; Type: INDEX

CREATE INDEX label_by_operator ON capdo.label USING btree (operator_id, updated_at DESC, id DESC);

-- Name: label_by_system; Type: INDEX

CREATE INDEX label_by_system ON capdo.label USING btree (system_id);

-- Name: label_by_updated; Type: INDEX

CREATE INDEX label_by_updated ON capdo.label USING btree (updated_at DESC, id DESC);

-- Name: label_event_label; Type: INDEX

CREATE INDEX label_event_label ON capdo.label_event USING btree (label_id, at);

-- Name: label_one_open; Type: INDEX

CREATE UNIQUE INDEX label_one_open ON capdo.label USING btree (type, lower(target), grade) WHERE (state = ANY (ARRAY['requested'::text, 'granted'::text]));

-- Name: membership_account; Type: INDEX

CREATE INDEX membership_account ON capdo.membership USING btree (account_id);

-- Name: membership_heads; Type: INDEX

CREATE INDEX membership_heads ON capdo.membership USING btree (organisation_id) WHERE (role = ANY (ARRAY['director'::text, 'chairman'::text]));

-- Name: one_open_dossier; Type: INDEX

CREATE UNIQUE INDEX one_open_dossier ON capdo.dossier_system USING btree (system_id) WHERE open;

-- Name: opinion_dossier; Type: INDEX

CREATE INDEX opinion_dossier ON capdo.opinion USING btree (dossier_id, at);

-- Name: organisation_by_code; Type: INDEX

CREATE INDEX organisation_by_code ON capdo.organisation USING btree (code, id);

-- Name: organisation_by_name; Type: INDEX

CREATE INDEX organisation_by_name ON capdo.organisation USING btree (name COLLATE "vi-x-icu", id);

-- Name: organisation_code_lookup; Type: INDEX

CREATE INDEX organisation_code_lookup ON capdo.organisation_code USING btree (upper(code));

-- Name: organisation_code_of; Type: INDEX

CREATE INDEX organisation_code_of ON capdo.organisation_code USING btree (organisation_id);

-- Name: organisation_code_taken; Type: INDEX

CREATE UNIQUE INDEX organisation_code_taken ON capdo.organisation_code USING btree (scheme, upper(code)) WHERE (valid_to IS NULL);

-- Name: organisation_code_unique; Type: INDEX

CREATE UNIQUE INDEX organisation_code_unique ON capdo.organisation USING btree (code) WHERE (status = 'active'::text);

-- Name: organisation_event_party_of; Type: INDEX

CREATE INDEX organisation_event_party_of ON capdo.organisation_event_party USING btree (organisation_id);

-- Name: organisation_event_subject; Type: INDEX

CREATE INDEX organisation_event_subject ON capdo.organisation_event USING btree (organisation_id);

-- Name: organisation_parent; Type: INDEX

CREATE INDEX organisation_parent ON capdo.organisation USING btree (parent_id);

-- Name: organisation_state_of; Type: INDEX

CREATE INDEX organisation_state_of ON capdo.organisation_state USING btree (organisation_id, valid_from);

-- Name: organisation_state_one_open; Type: INDEX

CREATE UNIQUE INDEX organisation_state_one_open ON capdo.organisation_state USING btree (organisation_id) WHERE (valid_to IS NULL);

-- Name: organisation_successor; Type: INDEX

CREATE INDEX organisation_successor ON capdo.organisation USING btree (successor_id) WHERE (successor_id IS NOT NULL);

-- Name: security_event_by_account; Type: INDEX

CREATE INDEX security_event_by_account ON capdo.security_event USING btree (account_id, at DESC, id DESC);

-- Name: security_event_by_kind; Type: INDEX

CREATE INDEX security_event_by_kind ON capdo.security_event USING btree (kind, at DESC, id DESC);

-- Name: security_event_by_subject; Type: INDEX

CREATE INDEX security_event_by_subject ON capdo.security_event USING btree (subject_id, at DESC, id DESC) WHERE (subject_id IS NOT NULL);

-- Name: security_event_by_time; Type: INDEX

CREATE INDEX security_event_by_time ON capdo.security_event USING btree (at DESC, id DESC);

-- Name: security_event_search; Type: INDEX

CREATE INDEX security_event_search ON capdo.security_event USING gin (search public.gin_trgm_ops);

-- Name: session_account; Type: INDEX

CREATE INDEX session_account ON capdo.session USING btree (account_id, created_at);

-- Name: session_identity_identity; Type: INDEX

CREATE INDEX session_identity_identity ON capdo.session_identity USING btree (identity_id);

-- Name: session_identity_provider; Type: INDEX

CREATE INDEX session_identity_provider ON capdo.session_identity USING btree (provider_session);

-- Name: sign_on_attempt_expiry; Type: INDEX

CREATE INDEX sign_on_attempt_expiry ON capdo.sign_on_attempt USING btree (expires_at);

-- Name: specialised_unit_governing; Type: INDEX

CREATE INDEX specialised_unit_governing ON capdo.specialised_unit USING btree (governing_id);

-- Name: specialised_unit_unit; Type: INDEX

CREATE INDEX specialised_unit_unit ON capdo.specialised_unit USING btree (unit_id);

-- Name: system_by_level; Type: INDEX

CREATE INDEX system_by_level ON capdo.system USING btree (level, updated_at DESC, id DESC);

-- Name: system_by_level_id; Type: INDEX

CREATE INDEX system_by_level_id ON capdo.system USING btree (level, id);

-- Name: system_by_name; Type: INDEX

CREATE INDEX system_by_name ON capdo.system USING btree (name COLLATE "vi-x-icu", id);

-- Name: system_by_operator; Type: INDEX

CREATE INDEX system_by_operator ON capdo.system USING btree (operator_id, updated_at DESC, id DESC);

-- Name: system_by_status; Type: INDEX

CREATE INDEX system_by_status ON capdo.system USING btree (approval_status, updated_at DESC, id DESC);

-- Name: system_by_updated; Type: INDEX

CREATE INDEX system_by_updated ON capdo.system USING btree (updated_at DESC, id DESC);

-- Name: system_figures; Type: INDEX

CREATE INDEX system_figures ON capdo.system USING btree (operator_id, governing_id, received, level, approval_status, plan_status, entrusted);

-- Name: system_governing; Type: INDEX

CREATE INDEX system_governing ON capdo.system USING btree (governing_id);

-- Name: system_search; Type: INDEX

CREATE INDEX system_search ON capdo.system USING gin (search public.gin_trgm_ops);

-- Name: account account_announce; Type: TRIGGER

CREATE TRIGGER account_announce AFTER UPDATE OF disabled_at ON capdo.account FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: account account_ends; Type: TRIGGER

CREATE TRIGGER account_ends AFTER UPDATE OF disabled_at ON capdo.account FOR EACH ROW WHEN (((new.disabled_at IS NOT NULL) AND (old.disabled_at IS NULL))) EXECUTE FUNCTION capdo.account_ends();

-- Name: account_identity account_identity_ends_sessions; Type: TRIGGER

CREATE TRIGGER account_identity_ends_sessions AFTER UPDATE OF ended_at ON capdo.account_identity FOR EACH ROW WHEN ((new.ended_at IS NOT NULL)) EXECUTE FUNCTION capdo.account_identity_ended();

-- Name: account account_leaves_administrator; Type: TRIGGER

CREATE TRIGGER account_leaves_administrator AFTER UPDATE OF disabled_at ON capdo.account FOR EACH ROW WHEN (((new.disabled_at IS NOT NULL) AND (old.disabled_at IS NULL) AND (old.activated_at IS NOT NULL))) EXECUTE FUNCTION capdo.account_leaves_administrator();

-- Name: account account_no_delete; Type: TRIGGER

CREATE TRIGGER account_no_delete BEFORE DELETE ON capdo.account FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: api_token api_token_announce; Type: TRIGGER

CREATE TRIGGER api_token_announce AFTER UPDATE OF expires_at, revoked_at ON capdo.api_token FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: api_token api_token_no_delete; Type: TRIGGER

CREATE TRIGGER api_token_no_delete BEFORE DELETE ON capdo.api_token FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: api_token api_token_only_ends; Type: TRIGGER

CREATE TRIGGER api_token_only_ends BEFORE UPDATE ON capdo.api_token FOR EACH ROW EXECUTE FUNCTION capdo.api_token_only_ends();

-- Name: appraisal_assignment appraisal_assignment_announce; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.appraisal_assignment FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: appraisal_assignment appraisal_assignment_check_end; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_check_end BEFORE UPDATE ON capdo.appraisal_assignment FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_end();

-- Name: appraisal_assignment appraisal_assignment_check_new; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_check_new BEFORE INSERT ON capdo.appraisal_assignment FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_new();

-- Name: appraisal_assignment appraisal_assignment_count_access; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_count_access AFTER INSERT OR DELETE OR UPDATE ON capdo.appraisal_assignment FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: appraisal_assignment appraisal_assignment_cover; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_cover AFTER INSERT ON capdo.appraisal_assignment FOR EACH ROW EXECUTE FUNCTION capdo.authority_cover();

-- Name: appraisal_assignment appraisal_assignment_kept; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_kept BEFORE DELETE ON capdo.appraisal_assignment FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: appraisal_assignment appraisal_assignment_no_truncate; Type: TRIGGER

CREATE TRIGGER appraisal_assignment_no_truncate BEFORE TRUNCATE ON capdo.appraisal_assignment FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: appraisal_assignment council_is_whole; Type: TRIGGER

CREATE CONSTRAINT TRIGGER council_is_whole AFTER INSERT ON capdo.appraisal_assignment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.council_is_whole();

-- Name: council_member council_member_announce; Type: TRIGGER

CREATE TRIGGER council_member_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.council_member FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: council_member council_member_append_only; Type: TRIGGER

CREATE TRIGGER council_member_append_only BEFORE UPDATE ON capdo.council_member FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: council_member council_member_check; Type: TRIGGER

CREATE TRIGGER council_member_check BEFORE INSERT ON capdo.council_member FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.council_member_check();

-- Name: council_member council_member_count_access; Type: TRIGGER

CREATE TRIGGER council_member_count_access AFTER INSERT OR DELETE OR UPDATE ON capdo.council_member FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: council_member council_member_kept; Type: TRIGGER

CREATE TRIGGER council_member_kept BEFORE DELETE ON capdo.council_member FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: council_member council_member_no_truncate; Type: TRIGGER

CREATE TRIGGER council_member_no_truncate BEFORE TRUNCATE ON capdo.council_member FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: decision decision_append_only; Type: TRIGGER

CREATE TRIGGER decision_append_only BEFORE DELETE OR UPDATE ON capdo.decision FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: decision decision_apply; Type: TRIGGER

CREATE TRIGGER decision_apply AFTER INSERT ON capdo.decision FOR EACH ROW EXECUTE FUNCTION capdo.decision_apply();

-- Name: decision decision_check; Type: TRIGGER

CREATE TRIGGER decision_check BEFORE INSERT ON capdo.decision FOR EACH ROW EXECUTE FUNCTION capdo.decision_check();

-- Name: decision decision_no_truncate; Type: TRIGGER

CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON capdo.decision FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: delegation delegation_announce; Type: TRIGGER

CREATE TRIGGER delegation_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.delegation FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: delegation delegation_check_end; Type: TRIGGER

CREATE TRIGGER delegation_check_end BEFORE UPDATE ON capdo.delegation FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_end();

-- Name: delegation delegation_check_new; Type: TRIGGER

CREATE TRIGGER delegation_check_new BEFORE INSERT ON capdo.delegation FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_new();

-- Name: delegation delegation_count_access; Type: TRIGGER

CREATE TRIGGER delegation_count_access AFTER INSERT OR DELETE OR UPDATE ON capdo.delegation FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: delegation delegation_cover; Type: TRIGGER

CREATE TRIGGER delegation_cover AFTER INSERT ON capdo.delegation FOR EACH ROW EXECUTE FUNCTION capdo.authority_cover();

-- Name: delegation delegation_kept; Type: TRIGGER

CREATE TRIGGER delegation_kept BEFORE DELETE ON capdo.delegation FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: delegation delegation_no_truncate; Type: TRIGGER

CREATE TRIGGER delegation_no_truncate BEFORE TRUNCATE ON capdo.delegation FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: dossier dossier_announce; Type: TRIGGER

CREATE TRIGGER dossier_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.dossier FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');

-- Name: dossier dossier_check_actor; Type: TRIGGER

CREATE TRIGGER dossier_check_actor BEFORE UPDATE ON capdo.dossier FOR EACH ROW WHEN (((CURRENT_USER = 'capdo_rt'::name) AND (new.state <> old.state))) EXECUTE FUNCTION capdo.dossier_check_actor();

-- Name: dossier dossier_check_move; Type: TRIGGER

CREATE TRIGGER dossier_check_move BEFORE UPDATE ON capdo.dossier FOR EACH ROW EXECUTE FUNCTION capdo.dossier_check_move();

-- Name: dossier dossier_check_start; Type: TRIGGER

CREATE TRIGGER dossier_check_start BEFORE INSERT ON capdo.dossier FOR EACH ROW EXECUTE FUNCTION capdo.dossier_check_start();

-- Name: dossier dossier_cover; Type: TRIGGER

CREATE TRIGGER dossier_cover BEFORE INSERT OR UPDATE OF level, approve_party, state, operator_id, governing_id ON capdo.dossier FOR EACH ROW EXECUTE FUNCTION capdo.dossier_keep_cover();

-- Name: dossier_event dossier_event_append_only; Type: TRIGGER

CREATE TRIGGER dossier_event_append_only BEFORE DELETE OR UPDATE ON capdo.dossier_event FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: dossier_event dossier_event_no_truncate; Type: TRIGGER

CREATE TRIGGER dossier_event_no_truncate BEFORE TRUNCATE ON capdo.dossier_event FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: dossier dossier_follow; Type: TRIGGER

CREATE TRIGGER dossier_follow AFTER UPDATE OF state ON capdo.dossier FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION capdo.dossier_follow();

-- Name: dossier dossier_has_decision; Type: TRIGGER

CREATE CONSTRAINT TRIGGER dossier_has_decision AFTER INSERT OR UPDATE OF state ON capdo.dossier DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.dossier_has_decision();

-- Name: dossier_item dossier_item_check; Type: TRIGGER

CREATE TRIGGER dossier_item_check BEFORE INSERT OR DELETE OR UPDATE ON capdo.dossier_item FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_check();

-- Name: dossier_submission dossier_submission_append_only; Type: TRIGGER

CREATE TRIGGER dossier_submission_append_only BEFORE DELETE OR UPDATE ON capdo.dossier_submission FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: dossier_submission dossier_submission_no_truncate; Type: TRIGGER

CREATE TRIGGER dossier_submission_no_truncate BEFORE TRUNCATE ON capdo.dossier_submission FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: dossier_system dossier_system_check; Type: TRIGGER

CREATE TRIGGER dossier_system_check BEFORE INSERT OR DELETE OR UPDATE ON capdo.dossier_system FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_check();

-- Name: dossier_system dossier_system_cover; Type: TRIGGER

CREATE TRIGGER dossier_system_cover AFTER INSERT OR DELETE ON capdo.dossier_system FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_cover();

-- Name: label label_announce; Type: TRIGGER

CREATE TRIGGER label_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.label FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');

-- Name: label label_bodies_active; Type: TRIGGER

CREATE TRIGGER label_bodies_active BEFORE INSERT ON capdo.label FOR EACH ROW EXECUTE FUNCTION capdo.bodies_are_active();

-- Name: label label_check_move; Type: TRIGGER

CREATE TRIGGER label_check_move BEFORE UPDATE ON capdo.label FOR EACH ROW EXECUTE FUNCTION capdo.label_check_move();

-- Name: label label_check_start; Type: TRIGGER

CREATE TRIGGER label_check_start BEFORE INSERT ON capdo.label FOR EACH ROW EXECUTE FUNCTION capdo.label_check_start();

-- Name: label_event label_event_append_only; Type: TRIGGER

CREATE TRIGGER label_event_append_only BEFORE DELETE OR UPDATE ON capdo.label_event FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: label_event label_event_no_truncate; Type: TRIGGER

CREATE TRIGGER label_event_no_truncate BEFORE TRUNCATE ON capdo.label_event FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: membership membership_ages_factor; Type: TRIGGER

CREATE TRIGGER membership_ages_factor AFTER INSERT OR DELETE OR UPDATE ON capdo.membership FOR EACH ROW EXECUTE FUNCTION capdo.membership_ages_factor();

-- Name: membership membership_announce; Type: TRIGGER

CREATE TRIGGER membership_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.membership FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: membership membership_count_access; Type: TRIGGER

CREATE TRIGGER membership_count_access AFTER INSERT OR DELETE OR UPDATE ON capdo.membership FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: membership membership_guard; Type: TRIGGER

CREATE TRIGGER membership_guard BEFORE INSERT OR UPDATE ON capdo.membership FOR EACH ROW EXECUTE FUNCTION capdo.membership_guard();

-- Name: membership membership_leaves_administrator; Type: TRIGGER

CREATE TRIGGER membership_leaves_administrator AFTER UPDATE OF valid_to ON capdo.membership FOR EACH ROW WHEN (((new.role = 'admin'::text) AND (new.valid_to IS DISTINCT FROM old.valid_to) AND (new.valid_to IS NOT NULL))) EXECUTE FUNCTION capdo.membership_leaves_administrator();

-- Name: membership membership_no_delete; Type: TRIGGER

CREATE TRIGGER membership_no_delete BEFORE DELETE ON capdo.membership FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: membership membership_touches_account; Type: TRIGGER

CREATE TRIGGER membership_touches_account AFTER INSERT OR UPDATE ON capdo.membership FOR EACH ROW EXECUTE FUNCTION capdo.membership_touches_account();

-- Name: opinion opinion_append_only; Type: TRIGGER

CREATE TRIGGER opinion_append_only BEFORE DELETE OR UPDATE ON capdo.opinion FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: opinion opinion_check; Type: TRIGGER

CREATE TRIGGER opinion_check BEFORE INSERT ON capdo.opinion FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.opinion_check();

-- Name: opinion opinion_no_truncate; Type: TRIGGER

CREATE TRIGGER opinion_no_truncate BEFORE TRUNCATE ON capdo.opinion FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation organisation_announce; Type: TRIGGER

CREATE TRIGGER organisation_announce AFTER INSERT OR UPDATE ON capdo.organisation FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');

-- Name: organisation organisation_begin; Type: TRIGGER

CREATE TRIGGER organisation_begin BEFORE INSERT ON capdo.organisation FOR EACH ROW EXECUTE FUNCTION capdo.organisation_begin();

-- Name: organisation_code organisation_code_no_truncate; Type: TRIGGER

CREATE TRIGGER organisation_code_no_truncate BEFORE TRUNCATE ON capdo.organisation_code FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation_code organisation_code_only_ends; Type: TRIGGER

CREATE TRIGGER organisation_code_only_ends BEFORE DELETE OR UPDATE ON capdo.organisation_code FOR EACH ROW EXECUTE FUNCTION capdo.record_only_ends();

-- Name: organisation organisation_count_access; Type: TRIGGER

CREATE TRIGGER organisation_count_access AFTER UPDATE OF successor_id, kind ON capdo.organisation FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: organisation_event organisation_event_append_only; Type: TRIGGER

CREATE TRIGGER organisation_event_append_only BEFORE DELETE OR UPDATE ON capdo.organisation_event FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation_event organisation_event_no_truncate; Type: TRIGGER

CREATE TRIGGER organisation_event_no_truncate BEFORE TRUNCATE ON capdo.organisation_event FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation_event_party organisation_event_party_append_only; Type: TRIGGER

CREATE TRIGGER organisation_event_party_append_only BEFORE DELETE OR UPDATE ON capdo.organisation_event_party FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation_event_party organisation_event_party_no_truncate; Type: TRIGGER

CREATE TRIGGER organisation_event_party_no_truncate BEFORE TRUNCATE ON capdo.organisation_event_party FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation organisation_matches_history; Type: TRIGGER

CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE OF name, parent_id, status, successor_id, code, code_scheme ON capdo.organisation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();

-- Name: organisation_code organisation_matches_history; Type: TRIGGER

CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE ON capdo.organisation_code DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();

-- Name: organisation_state organisation_matches_history; Type: TRIGGER

CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE ON capdo.organisation_state DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();

-- Name: organisation organisation_record_begin; Type: TRIGGER

CREATE TRIGGER organisation_record_begin AFTER INSERT ON capdo.organisation FOR EACH ROW EXECUTE FUNCTION capdo.organisation_record_begin();

-- Name: organisation_state organisation_state_no_truncate; Type: TRIGGER

CREATE TRIGGER organisation_state_no_truncate BEFORE TRUNCATE ON capdo.organisation_state FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: organisation_state organisation_state_only_ends; Type: TRIGGER

CREATE TRIGGER organisation_state_only_ends BEFORE DELETE OR UPDATE ON capdo.organisation_state FOR EACH ROW EXECUTE FUNCTION capdo.record_only_ends();

-- Name: security_event security_event_append_only; Type: TRIGGER

CREATE TRIGGER security_event_append_only BEFORE DELETE OR UPDATE ON capdo.security_event FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: security_event security_event_no_truncate; Type: TRIGGER

CREATE TRIGGER security_event_no_truncate BEFORE TRUNCATE ON capdo.security_event FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: session session_announce; Type: TRIGGER

CREATE TRIGGER session_announce AFTER DELETE OR UPDATE OF expires_at ON capdo.session FOR EACH ROW EXECUTE FUNCTION capdo.announce('access');

-- Name: specialised_unit specialised_unit_announce; Type: TRIGGER

CREATE TRIGGER specialised_unit_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.specialised_unit FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('access');

-- Name: specialised_unit specialised_unit_check_end; Type: TRIGGER

CREATE TRIGGER specialised_unit_check_end BEFORE UPDATE ON capdo.specialised_unit FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_end();

-- Name: specialised_unit specialised_unit_check_new; Type: TRIGGER

CREATE TRIGGER specialised_unit_check_new BEFORE INSERT ON capdo.specialised_unit FOR EACH ROW WHEN ((CURRENT_USER = 'capdo_rt'::name)) EXECUTE FUNCTION capdo.authority_check_new();

-- Name: specialised_unit specialised_unit_count_access; Type: TRIGGER

CREATE TRIGGER specialised_unit_count_access AFTER INSERT OR DELETE OR UPDATE ON capdo.specialised_unit FOR EACH STATEMENT EXECUTE FUNCTION capdo.count_access();

-- Name: specialised_unit specialised_unit_kept; Type: TRIGGER

CREATE TRIGGER specialised_unit_kept BEFORE DELETE ON capdo.specialised_unit FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: specialised_unit specialised_unit_no_truncate; Type: TRIGGER

CREATE TRIGGER specialised_unit_no_truncate BEFORE TRUNCATE ON capdo.specialised_unit FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: system system_announce; Type: TRIGGER

CREATE TRIGGER system_announce AFTER INSERT OR DELETE OR UPDATE ON capdo.system FOR EACH STATEMENT EXECUTE FUNCTION capdo.announce('data');

-- Name: system system_bodies_active; Type: TRIGGER

CREATE TRIGGER system_bodies_active BEFORE INSERT OR UPDATE OF operator_id, governing_id ON capdo.system FOR EACH ROW EXECUTE FUNCTION capdo.bodies_are_active();

-- Name: system system_keep_version; Type: TRIGGER

CREATE TRIGGER system_keep_version BEFORE UPDATE ON capdo.system FOR EACH ROW WHEN ((old.version <> new.version)) EXECUTE FUNCTION capdo.system_keep_version();

-- Name: system_unit system_unit_cover; Type: TRIGGER

CREATE TRIGGER system_unit_cover AFTER INSERT OR DELETE ON capdo.system_unit FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_cover();

-- Name: system_version system_version_append_only; Type: TRIGGER

CREATE TRIGGER system_version_append_only BEFORE DELETE OR UPDATE ON capdo.system_version FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Name: system_version system_version_no_truncate; Type: TRIGGER

CREATE TRIGGER system_version_no_truncate BEFORE TRUNCATE ON capdo.system_version FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Name: account account_created_by_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.account
    ADD CONSTRAINT account_created_by_exists FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: account_identity account_identity_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.account_identity
    ADD CONSTRAINT account_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: account_identity account_identity_linked_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.account_identity
    ADD CONSTRAINT account_identity_linked_by_fkey FOREIGN KEY (linked_by) REFERENCES capdo.account(id);

-- Name: account_link account_link_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.account_link
    ADD CONSTRAINT account_link_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: account_link account_link_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.account_link
    ADD CONSTRAINT account_link_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: api_token api_token_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: api_token api_token_organisation_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_organisation_exists FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: api_token api_token_revoked_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES capdo.account(id);

-- Name: api_token api_token_rotated_from_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.api_token
    ADD CONSTRAINT api_token_rotated_from_fkey FOREIGN KEY (rotated_from) REFERENCES capdo.api_token(id);

-- Name: appraisal_assignment appraisal_assignment_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: appraisal_assignment appraisal_assignment_dossier_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_dossier_exists FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: appraisal_assignment appraisal_assignment_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.account(id);

-- Name: appraisal_assignment appraisal_assignment_governing_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_governing_exists FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: appraisal_assignment appraisal_assignment_operator_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_operator_exists FOREIGN KEY (operator_id) REFERENCES capdo.organisation(id);

-- Name: appraisal_assignment appraisal_assignment_system_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_system_exists FOREIGN KEY (system_id) REFERENCES capdo.system(id);

-- Name: appraisal_assignment appraisal_assignment_unit_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.appraisal_assignment
    ADD CONSTRAINT appraisal_assignment_unit_exists FOREIGN KEY (unit_id) REFERENCES capdo.organisation(id);

-- Name: auth_challenge auth_challenge_session_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.auth_challenge
    ADD CONSTRAINT auth_challenge_session_id_fkey FOREIGN KEY (session_id) REFERENCES capdo.session(id) ON DELETE CASCADE;

-- Name: council_member council_member_account_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.council_member
    ADD CONSTRAINT council_member_account_exists FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: council_member council_member_assignment_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.council_member
    ADD CONSTRAINT council_member_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES capdo.appraisal_assignment(id);

-- Name: credential_passkey credential_passkey_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.credential_passkey
    ADD CONSTRAINT credential_passkey_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: credential_totp credential_totp_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.credential_totp
    ADD CONSTRAINT credential_totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: decision decision_delegation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_delegation_id_fkey FOREIGN KEY (delegation_id) REFERENCES capdo.delegation(id);

-- Name: decision decision_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: decision decision_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: decision decision_signer_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.decision
    ADD CONSTRAINT decision_signer_id_fkey FOREIGN KEY (signer_id) REFERENCES capdo.account(id);

-- Name: delegation delegation_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.delegation
    ADD CONSTRAINT delegation_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: delegation delegation_delegate_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.delegation
    ADD CONSTRAINT delegation_delegate_exists FOREIGN KEY (delegate_id) REFERENCES capdo.organisation(id);

-- Name: delegation delegation_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.delegation
    ADD CONSTRAINT delegation_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.account(id);

-- Name: delegation delegation_governing_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.delegation
    ADD CONSTRAINT delegation_governing_exists FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: dossier dossier_appraised_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_appraised_by_fkey FOREIGN KEY (appraised_by) REFERENCES capdo.account(id);

-- Name: dossier dossier_decided_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES capdo.account(id);

-- Name: dossier_event dossier_event_actor_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_event
    ADD CONSTRAINT dossier_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES capdo.account(id);

-- Name: dossier_event dossier_event_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_event
    ADD CONSTRAINT dossier_event_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: dossier dossier_governing_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_governing_id_fkey FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: dossier dossier_governing_then_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_governing_then_id_fkey FOREIGN KEY (governing_then_id) REFERENCES capdo.organisation(id);

-- Name: dossier_item dossier_item_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_item
    ADD CONSTRAINT dossier_item_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: dossier_item dossier_item_updated_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_item
    ADD CONSTRAINT dossier_item_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES capdo.account(id);

-- Name: dossier dossier_operator_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES capdo.organisation(id);

-- Name: dossier dossier_operator_then_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_operator_then_id_fkey FOREIGN KEY (operator_then_id) REFERENCES capdo.organisation(id);

-- Name: dossier dossier_prepared_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_prepared_by_fkey FOREIGN KEY (prepared_by) REFERENCES capdo.account(id);

-- Name: dossier dossier_received_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_received_by_fkey FOREIGN KEY (received_by) REFERENCES capdo.account(id);

-- Name: dossier_submission dossier_submission_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_submission
    ADD CONSTRAINT dossier_submission_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: dossier_submission dossier_submission_submitted_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_submission
    ADD CONSTRAINT dossier_submission_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES capdo.account(id);

-- Name: dossier dossier_submitted_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier
    ADD CONSTRAINT dossier_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES capdo.account(id);

-- Name: dossier_system dossier_system_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_system
    ADD CONSTRAINT dossier_system_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: dossier_system dossier_system_system_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.dossier_system
    ADD CONSTRAINT dossier_system_system_id_fkey FOREIGN KEY (system_id) REFERENCES capdo.system(id);

-- Name: factor_attempt factor_attempt_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.factor_attempt
    ADD CONSTRAINT factor_attempt_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: idempotency idempotency_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.idempotency
    ADD CONSTRAINT idempotency_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: known_device known_device_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.known_device
    ADD CONSTRAINT known_device_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: label_event label_event_actor_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label_event
    ADD CONSTRAINT label_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES capdo.account(id);

-- Name: label_event label_event_label_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label_event
    ADD CONSTRAINT label_event_label_id_fkey FOREIGN KEY (label_id) REFERENCES capdo.label(id);

-- Name: label label_governing_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_governing_id_fkey FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: label label_operator_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES capdo.organisation(id);

-- Name: label label_requested_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES capdo.account(id);

-- Name: label label_system_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.label
    ADD CONSTRAINT label_system_id_fkey FOREIGN KEY (system_id) REFERENCES capdo.system(id);

-- Name: membership membership_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.membership
    ADD CONSTRAINT membership_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: membership membership_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.membership
    ADD CONSTRAINT membership_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.account(id);

-- Name: membership membership_granted_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.membership
    ADD CONSTRAINT membership_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES capdo.account(id);

-- Name: membership membership_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.membership
    ADD CONSTRAINT membership_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: opinion opinion_appraiser_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.opinion
    ADD CONSTRAINT opinion_appraiser_id_fkey FOREIGN KEY (appraiser_id) REFERENCES capdo.account(id);

-- Name: opinion opinion_assignment_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.opinion
    ADD CONSTRAINT opinion_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES capdo.appraisal_assignment(id);

-- Name: opinion opinion_dossier_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.opinion
    ADD CONSTRAINT opinion_dossier_id_fkey FOREIGN KEY (dossier_id) REFERENCES capdo.dossier(id);

-- Name: opinion opinion_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.opinion
    ADD CONSTRAINT opinion_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: organisation_code organisation_code_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_code
    ADD CONSTRAINT organisation_code_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_code organisation_code_event_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_code
    ADD CONSTRAINT organisation_code_event_id_fkey FOREIGN KEY (event_id) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_code organisation_code_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_code
    ADD CONSTRAINT organisation_code_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: organisation_event organisation_event_cause; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event
    ADD CONSTRAINT organisation_event_cause FOREIGN KEY (cause_id) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_event organisation_event_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event
    ADD CONSTRAINT organisation_event_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: organisation_event_party organisation_event_party_event_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event_party
    ADD CONSTRAINT organisation_event_party_event_id_fkey FOREIGN KEY (event_id) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_event_party organisation_event_party_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event_party
    ADD CONSTRAINT organisation_event_party_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: organisation_event organisation_event_recorded_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_event
    ADD CONSTRAINT organisation_event_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES capdo.account(id);

-- Name: organisation organisation_parent_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation
    ADD CONSTRAINT organisation_parent_exists FOREIGN KEY (parent_id) REFERENCES capdo.organisation(id);

-- Name: organisation_state organisation_state_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_state organisation_state_event_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_event_id_fkey FOREIGN KEY (event_id) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: organisation_state organisation_state_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: organisation_state organisation_state_parent_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES capdo.organisation(id);

-- Name: organisation_state organisation_state_successor_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation_state
    ADD CONSTRAINT organisation_state_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES capdo.organisation(id);

-- Name: organisation organisation_successor_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.organisation
    ADD CONSTRAINT organisation_successor_exists FOREIGN KEY (successor_id) REFERENCES capdo.organisation(id);

-- Name: recovery_code recovery_code_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.recovery_code
    ADD CONSTRAINT recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: security_event security_event_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.security_event
    ADD CONSTRAINT security_event_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: session session_account_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES capdo.account(id);

-- Name: session_identity session_identity_identity_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.session_identity
    ADD CONSTRAINT session_identity_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES capdo.account_identity(id);

-- Name: session_identity session_identity_session_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.session_identity
    ADD CONSTRAINT session_identity_session_id_fkey FOREIGN KEY (session_id) REFERENCES capdo.session(id) ON DELETE CASCADE;

-- Name: sign_on_attempt sign_on_attempt_link_to_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.sign_on_attempt
    ADD CONSTRAINT sign_on_attempt_link_to_fkey FOREIGN KEY (link_to) REFERENCES capdo.account(id);

-- Name: specialised_unit specialised_unit_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: specialised_unit specialised_unit_ended_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES capdo.account(id);

-- Name: specialised_unit specialised_unit_governing_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_governing_id_fkey FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: specialised_unit specialised_unit_unit_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.specialised_unit
    ADD CONSTRAINT specialised_unit_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES capdo.organisation(id);

-- Name: system system_created_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_created_by_fkey FOREIGN KEY (created_by) REFERENCES capdo.account(id);

-- Name: system system_governing_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_governing_exists FOREIGN KEY (governing_id) REFERENCES capdo.organisation(id);

-- Name: system system_operator_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_operator_exists FOREIGN KEY (operator_id) REFERENCES capdo.organisation(id);

-- Name: system system_organisation_event; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_organisation_event FOREIGN KEY (organisation_event_id) REFERENCES capdo.organisation_event(id) DEFERRABLE INITIALLY DEFERRED;

-- Name: system_relation system_relation_exists; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system_relation
    ADD CONSTRAINT system_relation_exists FOREIGN KEY (related_id) REFERENCES capdo.system(id);

-- Name: system_relation system_relation_system_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system_relation
    ADD CONSTRAINT system_relation_system_id_fkey FOREIGN KEY (system_id) REFERENCES capdo.system(id);

-- Name: system_unit system_unit_organisation_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system_unit
    ADD CONSTRAINT system_unit_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES capdo.organisation(id);

-- Name: system_unit system_unit_system_id_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system_unit
    ADD CONSTRAINT system_unit_system_id_fkey FOREIGN KEY (system_id) REFERENCES capdo.system(id);

-- Name: system system_updated_by_fkey; Type: FK CONSTRAINT

ALTER TABLE ONLY capdo.system
    ADD CONSTRAINT system_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES capdo.account(id);

-- Name: access_version; Type: ROW SECURITY

ALTER TABLE capdo.access_version ENABLE ROW LEVEL SECURITY;

-- Name: access_version access_version_owner; Type: POLICY

CREATE POLICY access_version_owner ON capdo.access_version TO capdo_owner USING (true) WITH CHECK (true);

-- Name: account; Type: ROW SECURITY

ALTER TABLE capdo.account ENABLE ROW LEVEL SECURITY;

-- Name: account account_add; Type: POLICY

CREATE POLICY account_add ON capdo.account FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (created_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: account account_change; Type: POLICY

CREATE POLICY account_change ON capdo.account FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (id <> ( SELECT capdo.ctx_account() AS ctx_account)))) WITH CHECK (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: account_identity; Type: ROW SECURITY

ALTER TABLE capdo.account_identity ENABLE ROW LEVEL SECURITY;

-- Name: account_identity account_identity_add; Type: POLICY

CREATE POLICY account_identity_add ON capdo.account_identity FOR INSERT TO capdo_rt WITH CHECK (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (linked_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: account_identity account_identity_end; Type: POLICY

CREATE POLICY account_identity_end ON capdo.account_identity FOR UPDATE TO capdo_rt USING (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (ended_at IS NULL))) WITH CHECK (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (ended_at IS NOT NULL)));

-- Name: account_identity account_identity_owner; Type: POLICY

CREATE POLICY account_identity_owner ON capdo.account_identity TO capdo_owner USING (true) WITH CHECK (true);

-- Name: account_identity account_identity_read; Type: POLICY

CREATE POLICY account_identity_read ON capdo.account_identity FOR SELECT TO capdo_rt USING (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) OR ( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)));

-- Name: account_link; Type: ROW SECURITY

ALTER TABLE capdo.account_link ENABLE ROW LEVEL SECURITY;

-- Name: account_link account_link_owner; Type: POLICY

CREATE POLICY account_link_owner ON capdo.account_link TO capdo_owner USING (true) WITH CHECK (true);

-- Name: account_link account_link_read; Type: POLICY

CREATE POLICY account_link_read ON capdo.account_link FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: account account_owner; Type: POLICY

CREATE POLICY account_owner ON capdo.account TO capdo_owner USING (true) WITH CHECK (true);

-- Name: account account_read; Type: POLICY

CREATE POLICY account_read ON capdo.account FOR SELECT TO capdo_rt USING (((id = ( SELECT capdo.ctx_account() AS ctx_account)) OR ( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)));

-- Name: api_token; Type: ROW SECURITY

ALTER TABLE capdo.api_token ENABLE ROW LEVEL SECURITY;

-- Name: api_token api_token_add; Type: POLICY

CREATE POLICY api_token_add ON capdo.api_token FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (created_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: api_token api_token_added_by_people; Type: POLICY

CREATE POLICY api_token_added_by_people ON capdo.api_token AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: api_token api_token_changed_by_people; Type: POLICY

CREATE POLICY api_token_changed_by_people ON capdo.api_token AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: api_token api_token_end; Type: POLICY

CREATE POLICY api_token_end ON capdo.api_token FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: api_token api_token_owner; Type: POLICY

CREATE POLICY api_token_owner ON capdo.api_token TO capdo_owner USING (true) WITH CHECK (true);

-- Name: api_token api_token_read; Type: POLICY

CREATE POLICY api_token_read ON capdo.api_token FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: appraisal_assignment; Type: ROW SECURITY

ALTER TABLE capdo.appraisal_assignment ENABLE ROW LEVEL SECURITY;

-- Name: appraisal_assignment appraisal_assignment_add; Type: POLICY

CREATE POLICY appraisal_assignment_add ON capdo.appraisal_assignment FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (created_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: appraisal_assignment appraisal_assignment_end; Type: POLICY

CREATE POLICY appraisal_assignment_end ON capdo.appraisal_assignment FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK ((ended_by = ( SELECT capdo.ctx_account() AS ctx_account)));

-- Name: appraisal_assignment appraisal_assignment_owner; Type: POLICY

CREATE POLICY appraisal_assignment_owner ON capdo.appraisal_assignment TO capdo_owner USING (true) WITH CHECK (true);

-- Name: appraisal_assignment appraisal_assignment_read; Type: POLICY

CREATE POLICY appraisal_assignment_read ON capdo.appraisal_assignment FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) OR ( SELECT capdo.ctx_is('capdo.office'::text) AS ctx_is) OR (operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[])) OR (id = ANY (( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list)::uuid[]))));

-- Name: auth_challenge; Type: ROW SECURITY

ALTER TABLE capdo.auth_challenge ENABLE ROW LEVEL SECURITY;

-- Name: auth_challenge auth_challenge_owner; Type: POLICY

CREATE POLICY auth_challenge_owner ON capdo.auth_challenge TO capdo_owner USING (true) WITH CHECK (true);

-- Name: council_member; Type: ROW SECURITY

ALTER TABLE capdo.council_member ENABLE ROW LEVEL SECURITY;

-- Name: council_member council_member_add; Type: POLICY

CREATE POLICY council_member_add ON capdo.council_member FOR INSERT TO capdo_rt WITH CHECK (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: council_member council_member_owner; Type: POLICY

CREATE POLICY council_member_owner ON capdo.council_member TO capdo_owner USING (true) WITH CHECK (true);

-- Name: council_member council_member_read; Type: POLICY

CREATE POLICY council_member_read ON capdo.council_member FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.appraisal_assignment a
  WHERE (a.id = council_member.assignment_id))));

-- Name: credential_passkey; Type: ROW SECURITY

ALTER TABLE capdo.credential_passkey ENABLE ROW LEVEL SECURITY;

-- Name: credential_passkey credential_passkey_owner; Type: POLICY

CREATE POLICY credential_passkey_owner ON capdo.credential_passkey TO capdo_owner USING (true) WITH CHECK (true);

-- Name: credential_totp; Type: ROW SECURITY

ALTER TABLE capdo.credential_totp ENABLE ROW LEVEL SECURITY;

-- Name: credential_totp credential_totp_owner; Type: POLICY

CREATE POLICY credential_totp_owner ON capdo.credential_totp TO capdo_owner USING (true) WITH CHECK (true);

-- Name: decision; Type: ROW SECURITY

ALTER TABLE capdo.decision ENABLE ROW LEVEL SECURITY;

-- Name: decision decision_add; Type: POLICY

CREATE POLICY decision_add ON capdo.decision FOR INSERT TO capdo_rt WITH CHECK (((signer_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = decision.dossier_id)))));

-- Name: decision decision_added_by_people; Type: POLICY

CREATE POLICY decision_added_by_people ON capdo.decision AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: decision decision_fresh_factor; Type: POLICY

CREATE POLICY decision_fresh_factor ON capdo.decision AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK (( SELECT capdo.ctx_fresh_factor() AS ctx_fresh_factor));

-- Name: decision decision_in_scope; Type: POLICY

CREATE POLICY decision_in_scope ON capdo.decision AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('dossier.read'::text) AS ctx_scope));

-- Name: decision decision_owner; Type: POLICY

CREATE POLICY decision_owner ON capdo.decision TO capdo_owner USING (true) WITH CHECK (true);

-- Name: decision decision_read; Type: POLICY

CREATE POLICY decision_read ON capdo.decision FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = decision.dossier_id))));

-- Name: delegation; Type: ROW SECURITY

ALTER TABLE capdo.delegation ENABLE ROW LEVEL SECURITY;

-- Name: delegation delegation_add; Type: POLICY

CREATE POLICY delegation_add ON capdo.delegation FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (created_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: delegation delegation_end; Type: POLICY

CREATE POLICY delegation_end ON capdo.delegation FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK ((ended_by = ( SELECT capdo.ctx_account() AS ctx_account)));

-- Name: delegation delegation_owner; Type: POLICY

CREATE POLICY delegation_owner ON capdo.delegation TO capdo_owner USING (true) WITH CHECK (true);

-- Name: delegation delegation_read; Type: POLICY

CREATE POLICY delegation_read ON capdo.delegation FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: dossier; Type: ROW SECURITY

ALTER TABLE capdo.dossier ENABLE ROW LEVEL SECURITY;

-- Name: dossier dossier_add; Type: POLICY

CREATE POLICY dossier_add ON capdo.dossier FOR INSERT TO capdo_rt WITH CHECK ((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])));

-- Name: dossier dossier_added_by_people; Type: POLICY

CREATE POLICY dossier_added_by_people ON capdo.dossier AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier dossier_change; Type: POLICY

CREATE POLICY dossier_change ON capdo.dossier FOR UPDATE TO capdo_rt USING (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR ((submissions > 0) AND (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))) OR ((submissions > 0) AND (entrusted && ( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list))))) WITH CHECK (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR ((submissions > 0) AND (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))) OR ((submissions > 0) AND (entrusted && ( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list)))));

-- Name: dossier dossier_changed_by_people; Type: POLICY

CREATE POLICY dossier_changed_by_people ON capdo.dossier AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_event; Type: ROW SECURITY

ALTER TABLE capdo.dossier_event ENABLE ROW LEVEL SECURITY;

-- Name: dossier_event dossier_event_add; Type: POLICY

CREATE POLICY dossier_event_add ON capdo.dossier_event FOR INSERT TO capdo_rt WITH CHECK (((actor_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = dossier_event.dossier_id)))));

-- Name: dossier_event dossier_event_added_by_people; Type: POLICY

CREATE POLICY dossier_event_added_by_people ON capdo.dossier_event AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_event dossier_event_in_scope; Type: POLICY

CREATE POLICY dossier_event_in_scope ON capdo.dossier_event AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('dossier.read'::text) AS ctx_scope));

-- Name: dossier_event dossier_event_owner; Type: POLICY

CREATE POLICY dossier_event_owner ON capdo.dossier_event TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier_event dossier_event_read; Type: POLICY

CREATE POLICY dossier_event_read ON capdo.dossier_event FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = dossier_event.dossier_id))));

-- Name: dossier_item; Type: ROW SECURITY

ALTER TABLE capdo.dossier_item ENABLE ROW LEVEL SECURITY;

-- Name: dossier_item dossier_item_add; Type: POLICY

CREATE POLICY dossier_item_add ON capdo.dossier_item FOR INSERT TO capdo_rt WITH CHECK ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = dossier_item.dossier_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: dossier_item dossier_item_added_by_people; Type: POLICY

CREATE POLICY dossier_item_added_by_people ON capdo.dossier_item AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_item dossier_item_change; Type: POLICY

CREATE POLICY dossier_item_change ON capdo.dossier_item FOR UPDATE TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = dossier_item.dossier_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: dossier_item dossier_item_changed_by_people; Type: POLICY

CREATE POLICY dossier_item_changed_by_people ON capdo.dossier_item AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_item dossier_item_in_scope; Type: POLICY

CREATE POLICY dossier_item_in_scope ON capdo.dossier_item AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('dossier.read'::text) AS ctx_scope));

-- Name: dossier_item dossier_item_owner; Type: POLICY

CREATE POLICY dossier_item_owner ON capdo.dossier_item TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier_item dossier_item_read; Type: POLICY

CREATE POLICY dossier_item_read ON capdo.dossier_item FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = dossier_item.dossier_id))));

-- Name: dossier dossier_owner; Type: POLICY

CREATE POLICY dossier_owner ON capdo.dossier TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier dossier_read; Type: POLICY

CREATE POLICY dossier_read ON capdo.dossier FOR SELECT TO capdo_rt USING (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR ( SELECT capdo.ctx_is('capdo.office'::text) AS ctx_is) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR ((submissions > 0) AND (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))) OR ((submissions > 0) AND (entrusted && ( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list)))));

-- Name: dossier_submission; Type: ROW SECURITY

ALTER TABLE capdo.dossier_submission ENABLE ROW LEVEL SECURITY;

-- Name: dossier_submission dossier_submission_add; Type: POLICY

CREATE POLICY dossier_submission_add ON capdo.dossier_submission FOR INSERT TO capdo_rt WITH CHECK (((submitted_by = ( SELECT capdo.ctx_account() AS ctx_account)) AND (EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = dossier_submission.dossier_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])))))));

-- Name: dossier_submission dossier_submission_added_by_people; Type: POLICY

CREATE POLICY dossier_submission_added_by_people ON capdo.dossier_submission AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_submission dossier_submission_in_scope; Type: POLICY

CREATE POLICY dossier_submission_in_scope ON capdo.dossier_submission AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('dossier.read'::text) AS ctx_scope));

-- Name: dossier_submission dossier_submission_owner; Type: POLICY

CREATE POLICY dossier_submission_owner ON capdo.dossier_submission TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier_submission dossier_submission_read; Type: POLICY

CREATE POLICY dossier_submission_read ON capdo.dossier_submission FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = dossier_submission.dossier_id))));

-- Name: dossier_system; Type: ROW SECURITY

ALTER TABLE capdo.dossier_system ENABLE ROW LEVEL SECURITY;

-- Name: dossier_system dossier_system_add; Type: POLICY

CREATE POLICY dossier_system_add ON capdo.dossier_system FOR INSERT TO capdo_rt WITH CHECK ((EXISTS ( SELECT
   FROM (capdo.dossier d
     JOIN capdo.system s ON (((s.operator_id = d.operator_id) AND (s.governing_id = d.governing_id))))
  WHERE ((d.id = dossier_system.dossier_id) AND (s.id = dossier_system.system_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: dossier_system dossier_system_added_by_people; Type: POLICY

CREATE POLICY dossier_system_added_by_people ON capdo.dossier_system AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_system dossier_system_change; Type: POLICY

CREATE POLICY dossier_system_change ON capdo.dossier_system FOR UPDATE TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = dossier_system.dossier_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])))))) WITH CHECK ((EXISTS ( SELECT
   FROM (capdo.dossier d
     JOIN capdo.system s ON (((s.operator_id = d.operator_id) AND (s.governing_id = d.governing_id))))
  WHERE ((d.id = dossier_system.dossier_id) AND (s.id = dossier_system.system_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: dossier_system dossier_system_changed_by_people; Type: POLICY

CREATE POLICY dossier_system_changed_by_people ON capdo.dossier_system AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: dossier_system dossier_system_owner; Type: POLICY

CREATE POLICY dossier_system_owner ON capdo.dossier_system TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier_system dossier_system_read; Type: POLICY

CREATE POLICY dossier_system_read ON capdo.dossier_system FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = dossier_system.dossier_id))));

-- Name: dossier_system dossier_system_remove; Type: POLICY

CREATE POLICY dossier_system_remove ON capdo.dossier_system FOR DELETE TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = dossier_system.dossier_id) AND (d.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: dossier_transition; Type: ROW SECURITY

ALTER TABLE capdo.dossier_transition ENABLE ROW LEVEL SECURITY;

-- Name: dossier_transition dossier_transition_owner; Type: POLICY

CREATE POLICY dossier_transition_owner ON capdo.dossier_transition TO capdo_owner USING (true) WITH CHECK (true);

-- Name: dossier_transition dossier_transition_read; Type: POLICY

CREATE POLICY dossier_transition_read ON capdo.dossier_transition FOR SELECT TO capdo_rt USING (true);

-- Name: factor_attempt; Type: ROW SECURITY

ALTER TABLE capdo.factor_attempt ENABLE ROW LEVEL SECURITY;

-- Name: factor_attempt factor_attempt_owner; Type: POLICY

CREATE POLICY factor_attempt_owner ON capdo.factor_attempt TO capdo_owner USING (true) WITH CHECK (true);

-- Name: idempotency; Type: ROW SECURITY

ALTER TABLE capdo.idempotency ENABLE ROW LEVEL SECURITY;

-- Name: idempotency idempotency_own; Type: POLICY

CREATE POLICY idempotency_own ON capdo.idempotency TO capdo_rt USING ((account_id = ( SELECT capdo.ctx_account() AS ctx_account))) WITH CHECK ((account_id = ( SELECT capdo.ctx_account() AS ctx_account)));

-- Name: idempotency idempotency_owner; Type: POLICY

CREATE POLICY idempotency_owner ON capdo.idempotency TO capdo_owner USING (true) WITH CHECK (true);

-- Name: known_device; Type: ROW SECURITY

ALTER TABLE capdo.known_device ENABLE ROW LEVEL SECURITY;

-- Name: known_device known_device_owner; Type: POLICY

CREATE POLICY known_device_owner ON capdo.known_device TO capdo_owner USING (true) WITH CHECK (true);

-- Name: label; Type: ROW SECURITY

ALTER TABLE capdo.label ENABLE ROW LEVEL SECURITY;

-- Name: label label_add; Type: POLICY

CREATE POLICY label_add ON capdo.label FOR INSERT TO capdo_rt WITH CHECK ((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])));

-- Name: label label_added_by_people; Type: POLICY

CREATE POLICY label_added_by_people ON capdo.label AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: label label_change; Type: POLICY

CREATE POLICY label_change ON capdo.label FOR UPDATE TO capdo_rt USING (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[])))) WITH CHECK (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))));

-- Name: label label_changed_by_people; Type: POLICY

CREATE POLICY label_changed_by_people ON capdo.label AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: label_event; Type: ROW SECURITY

ALTER TABLE capdo.label_event ENABLE ROW LEVEL SECURITY;

-- Name: label_event label_event_add; Type: POLICY

CREATE POLICY label_event_add ON capdo.label_event FOR INSERT TO capdo_rt WITH CHECK (((actor_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (EXISTS ( SELECT
   FROM capdo.label l
  WHERE (l.id = label_event.label_id)))));

-- Name: label_event label_event_added_by_people; Type: POLICY

CREATE POLICY label_event_added_by_people ON capdo.label_event AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: label_event label_event_in_scope; Type: POLICY

CREATE POLICY label_event_in_scope ON capdo.label_event AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('label.read'::text) AS ctx_scope));

-- Name: label_event label_event_owner; Type: POLICY

CREATE POLICY label_event_owner ON capdo.label_event TO capdo_owner USING (true) WITH CHECK (true);

-- Name: label_event label_event_read; Type: POLICY

CREATE POLICY label_event_read ON capdo.label_event FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.label l
  WHERE (l.id = label_event.label_id))));

-- Name: label label_owner; Type: POLICY

CREATE POLICY label_owner ON capdo.label TO capdo_owner USING (true) WITH CHECK (true);

-- Name: label label_read; Type: POLICY

CREATE POLICY label_read ON capdo.label FOR SELECT TO capdo_rt USING (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR ( SELECT capdo.ctx_is('capdo.office'::text) AS ctx_is) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))));

-- Name: label_transition; Type: ROW SECURITY

ALTER TABLE capdo.label_transition ENABLE ROW LEVEL SECURITY;

-- Name: label_transition label_transition_owner; Type: POLICY

CREATE POLICY label_transition_owner ON capdo.label_transition TO capdo_owner USING (true) WITH CHECK (true);

-- Name: label_transition label_transition_read; Type: POLICY

CREATE POLICY label_transition_read ON capdo.label_transition FOR SELECT TO capdo_rt USING (true);

-- Name: logout_token_used; Type: ROW SECURITY

ALTER TABLE capdo.logout_token_used ENABLE ROW LEVEL SECURITY;

-- Name: logout_token_used logout_token_used_owner; Type: POLICY

CREATE POLICY logout_token_used_owner ON capdo.logout_token_used TO capdo_owner USING (true) WITH CHECK (true);

-- Name: membership; Type: ROW SECURITY

ALTER TABLE capdo.membership ENABLE ROW LEVEL SECURITY;

-- Name: membership membership_add; Type: POLICY

CREATE POLICY membership_add ON capdo.membership FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (granted_by = ( SELECT capdo.ctx_account() AS ctx_account)) AND (account_id <> ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: membership membership_end; Type: POLICY

CREATE POLICY membership_end ON capdo.membership FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (ended_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: membership membership_heads_read; Type: POLICY

CREATE POLICY membership_heads_read ON capdo.membership FOR SELECT TO capdo_rt USING (((role = ANY (ARRAY['director'::text, 'chairman'::text])) AND (( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL)));

-- Name: membership membership_owner; Type: POLICY

CREATE POLICY membership_owner ON capdo.membership TO capdo_owner USING (true) WITH CHECK (true);

-- Name: membership membership_read; Type: POLICY

CREATE POLICY membership_read ON capdo.membership FOR SELECT TO capdo_rt USING (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) OR ( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)));

-- Name: opinion; Type: ROW SECURITY

ALTER TABLE capdo.opinion ENABLE ROW LEVEL SECURITY;

-- Name: opinion opinion_add; Type: POLICY

CREATE POLICY opinion_add ON capdo.opinion FOR INSERT TO capdo_rt WITH CHECK (((appraiser_id = ( SELECT capdo.ctx_account() AS ctx_account)) AND (EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE ((d.id = opinion.dossier_id) AND ((d.governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[])) OR (d.entrusted && ( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list))))))));

-- Name: opinion opinion_added_by_people; Type: POLICY

CREATE POLICY opinion_added_by_people ON capdo.opinion AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: opinion opinion_in_scope; Type: POLICY

CREATE POLICY opinion_in_scope ON capdo.opinion AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('dossier.read'::text) AS ctx_scope));

-- Name: opinion opinion_owner; Type: POLICY

CREATE POLICY opinion_owner ON capdo.opinion TO capdo_owner USING (true) WITH CHECK (true);

-- Name: opinion opinion_read; Type: POLICY

CREATE POLICY opinion_read ON capdo.opinion FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.dossier d
  WHERE (d.id = opinion.dossier_id))));

-- Name: organisation; Type: ROW SECURITY

ALTER TABLE capdo.organisation ENABLE ROW LEVEL SECURITY;

-- Name: organisation organisation_add; Type: POLICY

CREATE POLICY organisation_add ON capdo.organisation FOR INSERT TO capdo_rt WITH CHECK (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: organisation organisation_added_by_people; Type: POLICY

CREATE POLICY organisation_added_by_people ON capdo.organisation AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: organisation organisation_change; Type: POLICY

CREATE POLICY organisation_change ON capdo.organisation FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is));

-- Name: organisation organisation_changed_by_people; Type: POLICY

CREATE POLICY organisation_changed_by_people ON capdo.organisation AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: organisation_code; Type: ROW SECURITY

ALTER TABLE capdo.organisation_code ENABLE ROW LEVEL SECURITY;

-- Name: organisation_code organisation_code_owner; Type: POLICY

CREATE POLICY organisation_code_owner ON capdo.organisation_code TO capdo_owner USING (true) WITH CHECK (true);

-- Name: organisation_code organisation_code_read; Type: POLICY

CREATE POLICY organisation_code_read ON capdo.organisation_code FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: organisation_event; Type: ROW SECURITY

ALTER TABLE capdo.organisation_event ENABLE ROW LEVEL SECURITY;

-- Name: organisation_event organisation_event_owner; Type: POLICY

CREATE POLICY organisation_event_owner ON capdo.organisation_event TO capdo_owner USING (true) WITH CHECK (true);

-- Name: organisation_event_party; Type: ROW SECURITY

ALTER TABLE capdo.organisation_event_party ENABLE ROW LEVEL SECURITY;

-- Name: organisation_event_party organisation_event_party_owner; Type: POLICY

CREATE POLICY organisation_event_party_owner ON capdo.organisation_event_party TO capdo_owner USING (true) WITH CHECK (true);

-- Name: organisation_event_party organisation_event_party_read; Type: POLICY

CREATE POLICY organisation_event_party_read ON capdo.organisation_event_party FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: organisation_event organisation_event_read; Type: POLICY

CREATE POLICY organisation_event_read ON capdo.organisation_event FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: organisation organisation_owner; Type: POLICY

CREATE POLICY organisation_owner ON capdo.organisation TO capdo_owner USING (true) WITH CHECK (true);

-- Name: organisation organisation_read; Type: POLICY

CREATE POLICY organisation_read ON capdo.organisation FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: organisation_state; Type: ROW SECURITY

ALTER TABLE capdo.organisation_state ENABLE ROW LEVEL SECURITY;

-- Name: organisation_state organisation_state_owner; Type: POLICY

CREATE POLICY organisation_state_owner ON capdo.organisation_state TO capdo_owner USING (true) WITH CHECK (true);

-- Name: organisation_state organisation_state_read; Type: POLICY

CREATE POLICY organisation_state_read ON capdo.organisation_state FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: recovery_code; Type: ROW SECURITY

ALTER TABLE capdo.recovery_code ENABLE ROW LEVEL SECURITY;

-- Name: recovery_code recovery_code_owner; Type: POLICY

CREATE POLICY recovery_code_owner ON capdo.recovery_code TO capdo_owner USING (true) WITH CHECK (true);

-- Name: schema_migration; Type: ROW SECURITY

ALTER TABLE capdo.schema_migration ENABLE ROW LEVEL SECURITY;

-- Name: schema_migration schema_migration_owner; Type: POLICY

CREATE POLICY schema_migration_owner ON capdo.schema_migration TO capdo_owner USING (true) WITH CHECK (true);

-- Name: schema_migration schema_migration_read; Type: POLICY

CREATE POLICY schema_migration_read ON capdo.schema_migration FOR SELECT TO capdo_rt USING (true);

-- Name: schema_routine; Type: ROW SECURITY

ALTER TABLE capdo.schema_routine ENABLE ROW LEVEL SECURITY;

-- Name: schema_routine schema_routine_owner; Type: POLICY

CREATE POLICY schema_routine_owner ON capdo.schema_routine TO capdo_owner USING (true) WITH CHECK (true);

-- Name: security_event; Type: ROW SECURITY

ALTER TABLE capdo.security_event ENABLE ROW LEVEL SECURITY;

-- Name: security_event security_event_owner; Type: POLICY

CREATE POLICY security_event_owner ON capdo.security_event TO capdo_owner USING (true) WITH CHECK (true);

-- Name: security_event security_event_read; Type: POLICY

CREATE POLICY security_event_read ON capdo.security_event FOR SELECT TO capdo_rt USING (((account_id = ( SELECT capdo.ctx_account() AS ctx_account)) OR (subject_id = ( SELECT capdo.ctx_account() AS ctx_account)) OR ( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)));

-- Name: session; Type: ROW SECURITY

ALTER TABLE capdo.session ENABLE ROW LEVEL SECURITY;

-- Name: session_identity; Type: ROW SECURITY

ALTER TABLE capdo.session_identity ENABLE ROW LEVEL SECURITY;

-- Name: session_identity session_identity_owner; Type: POLICY

CREATE POLICY session_identity_owner ON capdo.session_identity TO capdo_owner USING (true) WITH CHECK (true);

-- Name: session session_owner; Type: POLICY

CREATE POLICY session_owner ON capdo.session TO capdo_owner USING (true) WITH CHECK (true);

-- Name: sign_in_address; Type: ROW SECURITY

ALTER TABLE capdo.sign_in_address ENABLE ROW LEVEL SECURITY;

-- Name: sign_in_address sign_in_address_owner; Type: POLICY

CREATE POLICY sign_in_address_owner ON capdo.sign_in_address TO capdo_owner USING (true) WITH CHECK (true);

-- Name: sign_in_counter; Type: ROW SECURITY

ALTER TABLE capdo.sign_in_counter ENABLE ROW LEVEL SECURITY;

-- Name: sign_in_counter sign_in_counter_owner; Type: POLICY

CREATE POLICY sign_in_counter_owner ON capdo.sign_in_counter TO capdo_owner USING (true) WITH CHECK (true);

-- Name: sign_on_attempt; Type: ROW SECURITY

ALTER TABLE capdo.sign_on_attempt ENABLE ROW LEVEL SECURITY;

-- Name: sign_on_attempt sign_on_attempt_owner; Type: POLICY

CREATE POLICY sign_on_attempt_owner ON capdo.sign_on_attempt TO capdo_owner USING (true) WITH CHECK (true);

-- Name: specialised_unit; Type: ROW SECURITY

ALTER TABLE capdo.specialised_unit ENABLE ROW LEVEL SECURITY;

-- Name: specialised_unit specialised_unit_add; Type: POLICY

CREATE POLICY specialised_unit_add ON capdo.specialised_unit FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is) AND (created_by = ( SELECT capdo.ctx_account() AS ctx_account))));

-- Name: specialised_unit specialised_unit_end; Type: POLICY

CREATE POLICY specialised_unit_end ON capdo.specialised_unit FOR UPDATE TO capdo_rt USING (( SELECT capdo.ctx_is('capdo.admin'::text) AS ctx_is)) WITH CHECK ((ended_by = ( SELECT capdo.ctx_account() AS ctx_account)));

-- Name: specialised_unit specialised_unit_owner; Type: POLICY

CREATE POLICY specialised_unit_owner ON capdo.specialised_unit TO capdo_owner USING (true) WITH CHECK (true);

-- Name: specialised_unit specialised_unit_read; Type: POLICY

CREATE POLICY specialised_unit_read ON capdo.specialised_unit FOR SELECT TO capdo_rt USING ((( SELECT capdo.ctx_account() AS ctx_account) IS NOT NULL));

-- Name: system; Type: ROW SECURITY

ALTER TABLE capdo.system ENABLE ROW LEVEL SECURITY;

-- Name: system system_add; Type: POLICY

CREATE POLICY system_add ON capdo.system FOR INSERT TO capdo_rt WITH CHECK ((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])));

-- Name: system system_added_by_people; Type: POLICY

CREATE POLICY system_added_by_people ON capdo.system AS RESTRICTIVE FOR INSERT TO capdo_rt WITH CHECK ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: system system_change; Type: POLICY

CREATE POLICY system_change ON capdo.system FOR UPDATE TO capdo_rt USING ((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))) WITH CHECK ((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])));

-- Name: system system_changed_by_people; Type: POLICY

CREATE POLICY system_changed_by_people ON capdo.system AS RESTRICTIVE FOR UPDATE TO capdo_rt USING ((( SELECT capdo.ctx_token() AS ctx_token) IS NULL));

-- Name: system system_owner; Type: POLICY

CREATE POLICY system_owner ON capdo.system TO capdo_owner USING (true) WITH CHECK (true);

-- Name: system system_read; Type: POLICY

CREATE POLICY system_read ON capdo.system FOR SELECT TO capdo_rt USING (((operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[])) OR ( SELECT capdo.ctx_is('capdo.office'::text) AS ctx_is) OR (governing_id = ANY (( SELECT capdo.ctx_list('capdo.chairs'::text) AS ctx_list)::uuid[])) OR (received AND (governing_id = ANY (( SELECT capdo.ctx_list('capdo.serves'::text) AS ctx_list)::uuid[]))) OR (received AND (entrusted <> ''::text) AND ((string_to_array(entrusted, ' '::text))::uuid[] && ( SELECT capdo.ctx_list('capdo.entrusted'::text) AS ctx_list)))));

-- Name: system_relation; Type: ROW SECURITY

ALTER TABLE capdo.system_relation ENABLE ROW LEVEL SECURITY;

-- Name: system_relation system_relation_add; Type: POLICY

CREATE POLICY system_relation_add ON capdo.system_relation FOR INSERT TO capdo_rt WITH CHECK (((EXISTS ( SELECT
   FROM capdo.system s
  WHERE ((s.id = system_relation.system_id) AND (s.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))) AND ((related_id = '00000000-0000-0000-0000-000000000000'::uuid) OR (EXISTS ( SELECT
   FROM capdo.system x
  WHERE (x.id = system_relation.related_id))))));

-- Name: system_relation system_relation_in_scope; Type: POLICY

CREATE POLICY system_relation_in_scope ON capdo.system_relation AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('system.read'::text) AS ctx_scope));

-- Name: system_relation system_relation_owner; Type: POLICY

CREATE POLICY system_relation_owner ON capdo.system_relation TO capdo_owner USING (true) WITH CHECK (true);

-- Name: system_relation system_relation_read; Type: POLICY

CREATE POLICY system_relation_read ON capdo.system_relation FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE (s.id = system_relation.system_id))));

-- Name: system_relation system_relation_remove; Type: POLICY

CREATE POLICY system_relation_remove ON capdo.system_relation FOR DELETE TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE ((s.id = system_relation.system_id) AND (s.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: system_unit; Type: ROW SECURITY

ALTER TABLE capdo.system_unit ENABLE ROW LEVEL SECURITY;

-- Name: system_unit system_unit_add; Type: POLICY

CREATE POLICY system_unit_add ON capdo.system_unit FOR INSERT TO capdo_rt WITH CHECK ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE ((s.id = system_unit.system_id) AND (s.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: system_unit system_unit_in_scope; Type: POLICY

CREATE POLICY system_unit_in_scope ON capdo.system_unit AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('system.read'::text) AS ctx_scope));

-- Name: system_unit system_unit_owner; Type: POLICY

CREATE POLICY system_unit_owner ON capdo.system_unit TO capdo_owner USING (true) WITH CHECK (true);

-- Name: system_unit system_unit_read; Type: POLICY

CREATE POLICY system_unit_read ON capdo.system_unit FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE (s.id = system_unit.system_id))));

-- Name: system_unit system_unit_remove; Type: POLICY

CREATE POLICY system_unit_remove ON capdo.system_unit FOR DELETE TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE ((s.id = system_unit.system_id) AND (s.operator_id = ANY (( SELECT capdo.ctx_list('capdo.staff_of'::text) AS ctx_list)::uuid[]))))));

-- Name: system_version; Type: ROW SECURITY

ALTER TABLE capdo.system_version ENABLE ROW LEVEL SECURITY;

-- Name: system_version system_version_in_scope; Type: POLICY

CREATE POLICY system_version_in_scope ON capdo.system_version AS RESTRICTIVE FOR SELECT TO capdo_rt USING (( SELECT capdo.ctx_scope('system.read'::text) AS ctx_scope));

-- Name: system_version system_version_owner; Type: POLICY

CREATE POLICY system_version_owner ON capdo.system_version TO capdo_owner USING (true) WITH CHECK (true);

-- Name: system_version system_version_read; Type: POLICY

CREATE POLICY system_version_read ON capdo.system_version FOR SELECT TO capdo_rt USING ((EXISTS ( SELECT
   FROM capdo.system s
  WHERE (s.id = system_version.system_id))));

-- Name: SCHEMA capdo; Type: ACL

GRANT USAGE ON SCHEMA capdo TO capdo_rt;

-- Name: FUNCTION account_access_forget(who uuid, but_session uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.account_access_forget(who uuid, but_session uuid) FROM PUBLIC;

-- Name: FUNCTION account_has_factor(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.account_has_factor(who uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.account_has_factor(who uuid) TO capdo_rt;

-- Name: FUNCTION administrator_left(on_day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.administrator_left(on_day date) FROM PUBLIC;

-- Name: FUNCTION api_token_used(keys text[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.api_token_used(keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.api_token_used(keys text[]) TO capdo_rt;

-- Name: FUNCTION appraiser_obstacle(of_dossier uuid, who uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.appraiser_obstacle(of_dossier uuid, who uuid, day date) FROM PUBLIC;

-- Name: FUNCTION assignment_problems(kind text, governing uuid, unit uuid, operator uuid, members uuid[], chair uuid, first_day date, last_day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.assignment_problems(kind text, governing uuid, unit uuid, operator uuid, members uuid[], chair uuid, first_day date, last_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.assignment_problems(kind text, governing uuid, unit uuid, operator uuid, members uuid[], chair uuid, first_day date, last_day date) TO capdo_rt;

-- Name: FUNCTION authority_end_problems(record uuid, starts date, until date, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.authority_end_problems(record uuid, starts date, until date, day date) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.authority_end_problems(record uuid, starts date, until date, day date) TO capdo_rt;

-- Name: FUNCTION authority_target(system_code text, dossier_code text); Type: ACL

REVOKE ALL ON FUNCTION capdo.authority_target(system_code text, dossier_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.authority_target(system_code text, dossier_code text) TO capdo_rt;

-- Name: FUNCTION authority_target_code(of_assignment uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.authority_target_code(of_assignment uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.authority_target_code(of_assignment uuid) TO capdo_rt;

-- Name: FUNCTION authority_used_until(record uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.authority_used_until(record uuid) FROM PUBLIC;

-- Name: FUNCTION begin_as(token bytea, idle_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.begin_as(token bytea, idle_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.begin_as(token bytea, idle_s integer) TO capdo_rt;

-- Name: FUNCTION begin_as_token(token_key text, secret bytea, from_address text); Type: ACL

REVOKE ALL ON FUNCTION capdo.begin_as_token(token_key text, secret bytea, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.begin_as_token(token_key text, secret bytea, from_address text) TO capdo_rt;

-- Name: FUNCTION challenge_forget_old(); Type: ACL

REVOKE ALL ON FUNCTION capdo.challenge_forget_old() FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.challenge_forget_old() TO capdo_rt;

-- Name: FUNCTION challenge_make(bytes bytea, what_for text, session uuid, lifetime_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.challenge_make(bytes bytea, what_for text, session uuid, lifetime_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.challenge_make(bytes bytea, what_for text, session uuid, lifetime_s integer) TO capdo_rt;

-- Name: FUNCTION challenge_take(bytes bytea, what_for text, session uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.challenge_take(bytes bytea, what_for text, session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.challenge_take(bytes bytea, what_for text, session uuid) TO capdo_rt;

-- Name: FUNCTION delegation_problems(governing uuid, delegate uuid, of_levels smallint[], of_plans smallint[], first_day date, last_day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.delegation_problems(governing uuid, delegate uuid, of_levels smallint[], of_plans smallint[], first_day date, last_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.delegation_problems(governing uuid, delegate uuid, of_levels smallint[], of_plans smallint[], first_day date, last_day date) TO capdo_rt;

-- Name: FUNCTION device_remember(who uuid, device bytea, most integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.device_remember(who uuid, device bytea, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.device_remember(who uuid, device bytea, most integer) TO capdo_rt;

-- Name: FUNCTION device_seen(who uuid, device bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.device_seen(who uuid, device bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.device_seen(who uuid, device bytea) TO capdo_rt;

-- Name: FUNCTION dossier_authority(of_dossier uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.dossier_authority(of_dossier uuid, day date) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.dossier_authority(of_dossier uuid, day date) TO capdo_rt;

-- Name: FUNCTION dossier_cover_again(dossiers uuid[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.dossier_cover_again(dossiers uuid[]) FROM PUBLIC;

-- Name: SEQUENCE dossier_code; Type: ACL

GRANT USAGE ON SEQUENCE capdo.dossier_code TO capdo_rt;

-- Name: TABLE dossier; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.level; Type: ACL

GRANT UPDATE(level) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.approve_party; Type: ACL

GRANT UPDATE(approve_party) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.state; Type: ACL

GRANT UPDATE(state) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.submissions; Type: ACL

GRANT UPDATE(submissions) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.submitted_by; Type: ACL

GRANT UPDATE(submitted_by) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.submitted_at; Type: ACL

GRANT UPDATE(submitted_at) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.received_by; Type: ACL

GRANT UPDATE(received_by) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.received_at; Type: ACL

GRANT UPDATE(received_at) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.appraised_by; Type: ACL

GRANT UPDATE(appraised_by) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.appraised_at; Type: ACL

GRANT UPDATE(appraised_at) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.conclusion; Type: ACL

GRANT UPDATE(conclusion) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.decided_by; Type: ACL

GRANT UPDATE(decided_by) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.decided_at; Type: ACL

GRANT UPDATE(decided_at) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.step; Type: ACL

GRANT UPDATE(step) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.due_on; Type: ACL

GRANT UPDATE(due_on) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.dossier TO capdo_rt;

-- Name: COLUMN dossier.updated_at; Type: ACL

GRANT UPDATE(updated_at) ON TABLE capdo.dossier TO capdo_rt;

-- Name: FUNCTION dossier_covered(d capdo.dossier); Type: ACL

REVOKE ALL ON FUNCTION capdo.dossier_covered(d capdo.dossier) FROM PUBLIC;

-- Name: FUNCTION dossier_operated_by(d capdo.dossier); Type: ACL

REVOKE ALL ON FUNCTION capdo.dossier_operated_by(d capdo.dossier) FROM PUBLIC;

-- Name: FUNCTION factor_count(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_count(who uuid) FROM PUBLIC;

-- Name: FUNCTION factor_judged(who uuid, good boolean); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_judged(who uuid, good boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.factor_judged(who uuid, good boolean) TO capdo_rt;

-- Name: FUNCTION factor_may_change(); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_may_change() FROM PUBLIC;

-- Name: FUNCTION factor_removed(); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_removed() FROM PUBLIC;

-- Name: FUNCTION factor_state(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_state(who uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.factor_state(who uuid) TO capdo_rt;

-- Name: FUNCTION factor_try(who uuid, most integer, window_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.factor_try(who uuid, most integer, window_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.factor_try(who uuid, most integer, window_s integer) TO capdo_rt;

-- Name: FUNCTION factors_end(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.factors_end(who uuid) FROM PUBLIC;

-- Name: FUNCTION is_below(below uuid, above uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.is_below(below uuid, above uuid) FROM PUBLIC;

-- Name: FUNCTION link_find(token bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.link_find(token bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.link_find(token bytea) TO capdo_rt;

-- Name: FUNCTION link_issue(who uuid, token bytea, activation_s integer, reset_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.link_issue(who uuid, token bytea, activation_s integer, reset_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.link_issue(who uuid, token bytea, activation_s integer, reset_s integer) TO capdo_rt;

-- Name: FUNCTION link_make(who uuid, by_account uuid, token bytea, activation_s integer, reset_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.link_make(who uuid, by_account uuid, token bytea, activation_s integer, reset_s integer) FROM PUBLIC;

-- Name: FUNCTION link_use(token bytea, hash text); Type: ACL

REVOKE ALL ON FUNCTION capdo.link_use(token bytea, hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.link_use(token bytea, hash text) TO capdo_rt;

-- Name: FUNCTION may_approve(of_dossier uuid, who uuid, day date, acting_for uuid, by_delegation uuid, named boolean); Type: ACL

REVOKE ALL ON FUNCTION capdo.may_approve(of_dossier uuid, who uuid, day date, acting_for uuid, by_delegation uuid, named boolean) FROM PUBLIC;

-- Name: FUNCTION organisation_end(event uuid, body uuid, successor uuid, day date, document text); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_end(event uuid, body uuid, successor uuid, day date, document text) FROM PUBLIC;

-- Name: FUNCTION organisation_end_problems(body uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_end_problems(body uuid, day date) FROM PUBLIC;

-- Name: FUNCTION organisation_hand_over(event uuid, from_body uuid, to_body uuid, chosen uuid[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_hand_over(event uuid, from_body uuid, to_body uuid, chosen uuid[]) FROM PUBLIC;

-- Name: FUNCTION organisation_history(body uuid, behind uuid, rows_max bigint); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_history(body uuid, behind uuid, rows_max bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.organisation_history(body uuid, behind uuid, rows_max bigint) TO capdo_rt;

-- Name: FUNCTION organisation_holds(body uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_holds(body uuid) FROM PUBLIC;

-- Name: FUNCTION organisation_import_row(new_id uuid, cells jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_import_row(new_id uuid, cells jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.organisation_import_row(new_id uuid, cells jsonb) TO capdo_rt;

-- Name: FUNCTION organisation_memberships_follow(from_body uuid, to_body uuid, day date, document text); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_memberships_follow(from_body uuid, to_body uuid, day date, document text) FROM PUBLIC;

-- Name: FUNCTION organisation_not_yet(body uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_not_yet(body uuid, day date) FROM PUBLIC;

-- Name: FUNCTION organisation_note(event uuid, body uuid, what text, day date, document text, remark text, was jsonb, is_now jsonb, counts jsonb, others jsonb, cause uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_note(event uuid, body uuid, what text, day date, document text, remark text, was jsonb, is_now jsonb, counts jsonb, others jsonb, cause uuid) FROM PUBLIC;

-- Name: FUNCTION organisation_posts_follow(from_body uuid, to_body uuid, day date, document text); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_posts_follow(from_body uuid, to_body uuid, day date, document text) FROM PUBLIC;

-- Name: FUNCTION organisation_problems(subject uuid, what text, effective date, document text, detail jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_problems(subject uuid, what text, effective date, document text, detail jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.organisation_problems(subject uuid, what text, effective date, document text, detail jsonb) TO capdo_rt;

-- Name: FUNCTION organisation_record(event uuid, subject uuid, what text, effective date, document text, remark text, detail jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_record(event uuid, subject uuid, what text, effective date, document text, remark text, detail jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.organisation_record(event uuid, subject uuid, what text, effective date, document text, remark text, detail jsonb) TO capdo_rt;

-- Name: FUNCTION organisation_reparent(event uuid, unit uuid, new_parent uuid, day date, document text); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_reparent(event uuid, unit uuid, new_parent uuid, day date, document text) FROM PUBLIC;

-- Name: FUNCTION organisation_set(event uuid, body uuid, day date, new_name text, new_parent uuid, new_status text, new_successor uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_set(event uuid, body uuid, day date, new_name text, new_parent uuid, new_status text, new_successor uuid) FROM PUBLIC;

-- Name: FUNCTION organisation_side_problem(subject uuid, other uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_side_problem(subject uuid, other uuid, day date) FROM PUBLIC;

-- Name: FUNCTION organisation_split(event uuid, subject uuid, day date, document text, detail jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_split(event uuid, subject uuid, day date, document text, detail jsonb) FROM PUBLIC;

-- Name: FUNCTION organisation_split_problems(subject uuid, effective date, detail jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_split_problems(subject uuid, effective date, detail jsonb) FROM PUBLIC;

-- Name: FUNCTION organisation_take_code(event uuid, body uuid, new_code text, new_scheme text, day date, document text); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_take_code(event uuid, body uuid, new_code text, new_scheme text, day date, document text) FROM PUBLIC;

-- Name: FUNCTION organisation_used_later(body uuid, day date); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_used_later(body uuid, day date) FROM PUBLIC;

-- Name: FUNCTION organisation_words(body uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.organisation_words(body uuid) FROM PUBLIC;

-- Name: FUNCTION passkey_add(which uuid, credential bytea, alg integer, key bytea, count_now bigint, called text, for_rp text, most integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_add(which uuid, credential bytea, alg integer, key bytea, count_now bigint, called text, for_rp text, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_add(which uuid, credential bytea, alg integer, key bytea, count_now bigint, called text, for_rp text, most integer) TO capdo_rt;

-- Name: FUNCTION passkey_find(credential bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_find(credential bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_find(credential bytea) TO capdo_rt;

-- Name: FUNCTION passkey_ids(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_ids(who uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_ids(who uuid) TO capdo_rt;

-- Name: FUNCTION passkey_mine(); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_mine() FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_mine() TO capdo_rt;

-- Name: FUNCTION passkey_remove(which uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_remove(which uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_remove(which uuid) TO capdo_rt;

-- Name: FUNCTION passkey_rename(which uuid, called text); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_rename(which uuid, called text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_rename(which uuid, called text) TO capdo_rt;

-- Name: FUNCTION passkey_used(which uuid, count_now bigint); Type: ACL

REVOKE ALL ON FUNCTION capdo.passkey_used(which uuid, count_now bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.passkey_used(which uuid, count_now bigint) TO capdo_rt;

-- Name: FUNCTION password_change(hash text, this_session uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.password_change(hash text, this_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.password_change(hash text, this_session uuid) TO capdo_rt;

-- Name: FUNCTION password_rehash(who uuid, old_hash text, new_hash text); Type: ACL

REVOKE ALL ON FUNCTION capdo.password_rehash(who uuid, old_hash text, new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.password_rehash(who uuid, old_hash text, new_hash text) TO capdo_rt;

-- Name: FUNCTION password_words(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.password_words(who uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.password_words(who uuid) TO capdo_rt;

-- Name: FUNCTION person_name(who uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.person_name(who uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.person_name(who uuid) TO capdo_rt;

-- Name: FUNCTION recovery_replace(hashes bytea[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.recovery_replace(hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.recovery_replace(hashes bytea[]) TO capdo_rt;

-- Name: FUNCTION recovery_use(who uuid, hash bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.recovery_use(who uuid, hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.recovery_use(who uuid, hash bytea) TO capdo_rt;

-- Name: FUNCTION scope_of(account uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.scope_of(account uuid) FROM PUBLIC;

-- Name: FUNCTION security_event_search(words text[], kinds text[], outcomes text[], accounts uuid[], subjects uuid[], since timestamp with time zone, until timestamp with time zone, descending boolean, after_at timestamp with time zone, after_id uuid, rows integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.security_event_search(words text[], kinds text[], outcomes text[], accounts uuid[], subjects uuid[], since timestamp with time zone, until timestamp with time zone, descending boolean, after_at timestamp with time zone, after_id uuid, rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.security_event_search(words text[], kinds text[], outcomes text[], accounts uuid[], subjects uuid[], since timestamp with time zone, until timestamp with time zone, descending boolean, after_at timestamp with time zone, after_id uuid, rows integer) TO capdo_rt;

-- Name: FUNCTION security_log_add(event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.security_log_add(event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.security_log_add(event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) TO capdo_rt;

-- Name: FUNCTION security_log_add_late(happened timestamp with time zone, event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb); Type: ACL

REVOKE ALL ON FUNCTION capdo.security_log_add_late(happened timestamp with time zone, event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.security_log_add_late(happened timestamp with time zone, event_kind text, event_outcome text, who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text, request text, more jsonb) TO capdo_rt;

-- Name: FUNCTION session_close(token bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_close(token bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_close(token bytea) TO capdo_rt;

-- Name: FUNCTION session_end(which uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_end(which uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_end(which uuid) TO capdo_rt;

-- Name: FUNCTION session_end_others(keep uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_end_others(keep uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_end_others(keep uuid) TO capdo_rt;

-- Name: FUNCTION session_forget_old(keep_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_forget_old(keep_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_forget_old(keep_s integer) TO capdo_rt;

-- Name: FUNCTION session_mine(idle_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_mine(idle_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_mine(idle_s integer) TO capdo_rt;

-- Name: FUNCTION session_open(who uuid, token bytea, lifetime_s integer, sessions_max integer, by_method text, waits boolean, with_factor boolean, agent text, from_address text); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_open(who uuid, token bytea, lifetime_s integer, sessions_max integer, by_method text, waits boolean, with_factor boolean, agent text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_open(who uuid, token bytea, lifetime_s integer, sessions_max integer, by_method text, waits boolean, with_factor boolean, agent text, from_address text) TO capdo_rt;

-- Name: FUNCTION session_rotate(old bytea, new bytea, lifetime_s integer, sessions_max integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_rotate(old bytea, new bytea, lifetime_s integer, sessions_max integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_rotate(old bytea, new bytea, lifetime_s integer, sessions_max integer) TO capdo_rt;

-- Name: FUNCTION session_seen(tokens bytea[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.session_seen(tokens bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.session_seen(tokens bytea[]) TO capdo_rt;

-- Name: FUNCTION sign_in_attempt(name text, device bytea, failures_max integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_in_attempt(name text, device bytea, failures_max integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_in_attempt(name text, device bytea, failures_max integer) TO capdo_rt;

-- Name: FUNCTION sign_in_done(who uuid, device bytea, failures_max integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_in_done(who uuid, device bytea, failures_max integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_in_done(who uuid, device bytea, failures_max integer) TO capdo_rt;

-- Name: FUNCTION sign_in_forget(window_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_in_forget(window_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_in_forget(window_s integer) TO capdo_rt;

-- Name: FUNCTION sign_in_forgive(address text); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_in_forgive(address text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_in_forgive(address text) TO capdo_rt;

-- Name: FUNCTION sign_in_try(address text, tries_max integer, window_s integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_in_try(address text, tries_max integer, window_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_in_try(address text, tries_max integer, window_s integer) TO capdo_rt;

-- Name: FUNCTION sign_on_begin(state bytea, browser bytea, link uuid, path text, lifetime_s integer, attempts_max integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_begin(state bytea, browser bytea, link uuid, path text, lifetime_s integer, attempts_max integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_begin(state bytea, browser bytea, link uuid, path text, lifetime_s integer, attempts_max integer) TO capdo_rt;

-- Name: FUNCTION sign_on_end(token_id bytea, until timestamp with time zone, by_issuer text, by_subject text, by_session text); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_end(token_id bytea, until timestamp with time zone, by_issuer text, by_subject text, by_session text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_end(token_id bytea, until timestamp with time zone, by_issuer text, by_subject text, by_session text) TO capdo_rt;

-- Name: FUNCTION sign_on_find(by_issuer text, by_subject text); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_find(by_issuer text, by_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_find(by_issuer text, by_subject text) TO capdo_rt;

-- Name: FUNCTION sign_on_hint(token bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_hint(token bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_hint(token bytea) TO capdo_rt;

-- Name: FUNCTION sign_on_session(token bytea, identity uuid, provider_sid text, raw_token text, factor_s bigint); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_session(token bytea, identity uuid, provider_sid text, raw_token text, factor_s bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_session(token bytea, identity uuid, provider_sid text, raw_token text, factor_s bigint) TO capdo_rt;

-- Name: FUNCTION sign_on_take(state bytea, browser bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.sign_on_take(state bytea, browser bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.sign_on_take(state bytea, browser bytea) TO capdo_rt;

-- Name: FUNCTION system_open_dossier(dossier uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.system_open_dossier(dossier uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.system_open_dossier(dossier uuid) TO capdo_rt;

-- Name: FUNCTION system_parts(of_system uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.system_parts(of_system uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.system_parts(of_system uuid) TO capdo_rt;

-- Name: FUNCTION system_relations(of_system uuid); Type: ACL

REVOKE ALL ON FUNCTION capdo.system_relations(of_system uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.system_relations(of_system uuid) TO capdo_rt;

-- Name: FUNCTION system_search(words text[], levels smallint[], level_none boolean, statuses text[], life_cycles text[], plan_statuses text[], rulesets text[], operators uuid[], governings uuid[], since timestamp with time zone, sort text, descending boolean, after_text text, after_time timestamp with time zone, after_id uuid, rows integer); Type: ACL

REVOKE ALL ON FUNCTION capdo.system_search(words text[], levels smallint[], level_none boolean, statuses text[], life_cycles text[], plan_statuses text[], rulesets text[], operators uuid[], governings uuid[], since timestamp with time zone, sort text, descending boolean, after_text text, after_time timestamp with time zone, after_id uuid, rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.system_search(words text[], levels smallint[], level_none boolean, statuses text[], life_cycles text[], plan_statuses text[], rulesets text[], operators uuid[], governings uuid[], since timestamp with time zone, sort text, descending boolean, after_text text, after_time timestamp with time zone, after_id uuid, rows integer) TO capdo_rt;

-- Name: FUNCTION totp_accept(who uuid, counter bigint); Type: ACL

REVOKE ALL ON FUNCTION capdo.totp_accept(who uuid, counter bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.totp_accept(who uuid, counter bigint) TO capdo_rt;

-- Name: FUNCTION totp_begin(under text, secret bytea); Type: ACL

REVOKE ALL ON FUNCTION capdo.totp_begin(under text, secret bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.totp_begin(under text, secret bytea) TO capdo_rt;

-- Name: FUNCTION totp_confirm(counter bigint); Type: ACL

REVOKE ALL ON FUNCTION capdo.totp_confirm(counter bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.totp_confirm(counter bigint) TO capdo_rt;

-- Name: FUNCTION totp_find(who uuid, waits boolean); Type: ACL

REVOKE ALL ON FUNCTION capdo.totp_find(who uuid, waits boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.totp_find(who uuid, waits boolean) TO capdo_rt;

-- Name: FUNCTION totp_remove(); Type: ACL

REVOKE ALL ON FUNCTION capdo.totp_remove() FROM PUBLIC;
GRANT ALL ON FUNCTION capdo.totp_remove() TO capdo_rt;

-- Name: FUNCTION with_predecessors(bodies uuid[]); Type: ACL

REVOKE ALL ON FUNCTION capdo.with_predecessors(bodies uuid[]) FROM PUBLIC;

-- Name: COLUMN account.id; Type: ACL

GRANT SELECT(id),INSERT(id) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.username; Type: ACL

GRANT SELECT(username),INSERT(username) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.display_name; Type: ACL

GRANT SELECT(display_name),INSERT(display_name) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.disabled_at; Type: ACL

GRANT SELECT(disabled_at),UPDATE(disabled_at) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.version; Type: ACL

GRANT SELECT(version),UPDATE(version) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.created_at; Type: ACL

GRANT SELECT(created_at) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.email; Type: ACL

GRANT SELECT(email),INSERT(email) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.created_by; Type: ACL

GRANT SELECT(created_by),INSERT(created_by) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.updated_at; Type: ACL

GRANT SELECT(updated_at),UPDATE(updated_at) ON TABLE capdo.account TO capdo_rt;

-- Name: COLUMN account.activated_at; Type: ACL

GRANT SELECT(activated_at) ON TABLE capdo.account TO capdo_rt;

-- Name: TABLE account_identity; Type: ACL

GRANT SELECT ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.account_id; Type: ACL

GRANT INSERT(account_id) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.issuer; Type: ACL

GRANT INSERT(issuer) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.subject; Type: ACL

GRANT INSERT(subject) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.name; Type: ACL

GRANT INSERT(name) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.linked_by; Type: ACL

GRANT INSERT(linked_by) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_identity.ended_at; Type: ACL

GRANT UPDATE(ended_at) ON TABLE capdo.account_identity TO capdo_rt;

-- Name: COLUMN account_link.account_id; Type: ACL

GRANT SELECT(account_id) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.purpose; Type: ACL

GRANT SELECT(purpose) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.created_by; Type: ACL

GRANT SELECT(created_by) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.created_at; Type: ACL

GRANT SELECT(created_at) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.expires_at; Type: ACL

GRANT SELECT(expires_at) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.used_at; Type: ACL

GRANT SELECT(used_at) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN account_link.ended_at; Type: ACL

GRANT SELECT(ended_at) ON TABLE capdo.account_link TO capdo_rt;

-- Name: COLUMN api_token.id; Type: ACL

GRANT SELECT(id),INSERT(id) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.key; Type: ACL

GRANT SELECT(key),INSERT(key) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.secret_sha256; Type: ACL

GRANT INSERT(secret_sha256) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.organisation_id; Type: ACL

GRANT SELECT(organisation_id),INSERT(organisation_id) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.name; Type: ACL

GRANT SELECT(name),INSERT(name) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.reach; Type: ACL

GRANT SELECT(reach),INSERT(reach) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.scopes; Type: ACL

GRANT SELECT(scopes),INSERT(scopes) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.networks; Type: ACL

GRANT SELECT(networks),INSERT(networks) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.created_at; Type: ACL

GRANT SELECT(created_at) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.created_by; Type: ACL

GRANT SELECT(created_by),INSERT(created_by) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.expires_at; Type: ACL

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.last_used_at; Type: ACL

GRANT SELECT(last_used_at) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.rotated_from; Type: ACL

GRANT SELECT(rotated_from),INSERT(rotated_from) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.revoked_at; Type: ACL

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.revoked_by; Type: ACL

GRANT SELECT(revoked_by),UPDATE(revoked_by) ON TABLE capdo.api_token TO capdo_rt;

-- Name: COLUMN api_token.version; Type: ACL

GRANT SELECT(version),UPDATE(version) ON TABLE capdo.api_token TO capdo_rt;

-- Name: TABLE appraisal_assignment; Type: ACL

GRANT SELECT ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.governing_id; Type: ACL

GRANT INSERT(governing_id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.operator_id; Type: ACL

GRANT INSERT(operator_id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.system_id; Type: ACL

GRANT INSERT(system_id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.dossier_id; Type: ACL

GRANT INSERT(dossier_id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.unit_id; Type: ACL

GRANT INSERT(unit_id) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.council_name; Type: ACL

GRANT INSERT(council_name) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.document_number; Type: ACL

GRANT INSERT(document_number) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.valid_from; Type: ACL

GRANT INSERT(valid_from) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.valid_to; Type: ACL

GRANT INSERT(valid_to),UPDATE(valid_to) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.ended_document; Type: ACL

GRANT UPDATE(ended_document) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.created_by; Type: ACL

GRANT INSERT(created_by) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.ended_by; Type: ACL

GRANT UPDATE(ended_by) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: COLUMN appraisal_assignment.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.appraisal_assignment TO capdo_rt;

-- Name: TABLE council_member; Type: ACL

GRANT SELECT ON TABLE capdo.council_member TO capdo_rt;

-- Name: COLUMN council_member.assignment_id; Type: ACL

GRANT INSERT(assignment_id) ON TABLE capdo.council_member TO capdo_rt;

-- Name: COLUMN council_member.account_id; Type: ACL

GRANT INSERT(account_id) ON TABLE capdo.council_member TO capdo_rt;

-- Name: COLUMN council_member.name; Type: ACL

GRANT INSERT(name) ON TABLE capdo.council_member TO capdo_rt;

-- Name: COLUMN council_member.is_chair; Type: ACL

GRANT INSERT(is_chair) ON TABLE capdo.council_member TO capdo_rt;

-- Name: TABLE decision; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.decision TO capdo_rt;

-- Name: TABLE delegation; Type: ACL

GRANT SELECT ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.governing_id; Type: ACL

GRANT INSERT(governing_id) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.delegate_id; Type: ACL

GRANT INSERT(delegate_id) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.levels; Type: ACL

GRANT INSERT(levels) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.plan_levels; Type: ACL

GRANT INSERT(plan_levels) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.scope; Type: ACL

GRANT INSERT(scope) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.document_number; Type: ACL

GRANT INSERT(document_number) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.valid_from; Type: ACL

GRANT INSERT(valid_from) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.valid_to; Type: ACL

GRANT INSERT(valid_to),UPDATE(valid_to) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.term_to; Type: ACL

GRANT INSERT(term_to) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.ended_document; Type: ACL

GRANT UPDATE(ended_document) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.created_by; Type: ACL

GRANT INSERT(created_by) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.ended_by; Type: ACL

GRANT UPDATE(ended_by) ON TABLE capdo.delegation TO capdo_rt;

-- Name: COLUMN delegation.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.delegation TO capdo_rt;

-- Name: TABLE dossier_event; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.dossier_event TO capdo_rt;

-- Name: TABLE dossier_item; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.content; Type: ACL

GRANT UPDATE(content) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.document_number; Type: ACL

GRANT UPDATE(document_number) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.document_date; Type: ACL

GRANT UPDATE(document_date) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.updated_at; Type: ACL

GRANT UPDATE(updated_at) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: COLUMN dossier_item.updated_by; Type: ACL

GRANT UPDATE(updated_by) ON TABLE capdo.dossier_item TO capdo_rt;

-- Name: TABLE dossier_submission; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.dossier_submission TO capdo_rt;

-- Name: TABLE dossier_system; Type: ACL

GRANT SELECT,INSERT,DELETE ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: COLUMN dossier_system.computed_level; Type: ACL

GRANT UPDATE(computed_level) ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: COLUMN dossier_system.at_least; Type: ACL

GRANT UPDATE(at_least) ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: COLUMN dossier_system.trace; Type: ACL

GRANT UPDATE(trace) ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: COLUMN dossier_system.proposed_level; Type: ACL

GRANT UPDATE(proposed_level) ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: COLUMN dossier_system.reason; Type: ACL

GRANT UPDATE(reason) ON TABLE capdo.dossier_system TO capdo_rt;

-- Name: TABLE dossier_transition; Type: ACL

GRANT SELECT ON TABLE capdo.dossier_transition TO capdo_rt;

-- Name: TABLE idempotency; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.idempotency TO capdo_rt;

-- Name: SEQUENCE label_code; Type: ACL

GRANT USAGE ON SEQUENCE capdo.label_code TO capdo_rt;

-- Name: TABLE label; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.grade; Type: ACL

GRANT UPDATE(grade) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.state; Type: ACL

GRANT UPDATE(state) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.issuer; Type: ACL

GRANT UPDATE(issuer) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.granted_on; Type: ACL

GRANT UPDATE(granted_on) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.expires_on; Type: ACL

GRANT UPDATE(expires_on) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.certificate_url; Type: ACL

GRANT UPDATE(certificate_url) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.evidence_url; Type: ACL

GRANT UPDATE(evidence_url) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.reason; Type: ACL

GRANT UPDATE(reason) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.label TO capdo_rt;

-- Name: COLUMN label.updated_at; Type: ACL

GRANT UPDATE(updated_at) ON TABLE capdo.label TO capdo_rt;

-- Name: TABLE label_event; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.label_event TO capdo_rt;

-- Name: TABLE label_transition; Type: ACL

GRANT SELECT ON TABLE capdo.label_transition TO capdo_rt;

-- Name: TABLE membership; Type: ACL

GRANT SELECT ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.account_id; Type: ACL

GRANT INSERT(account_id) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.organisation_id; Type: ACL

GRANT INSERT(organisation_id) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.role; Type: ACL

GRANT INSERT(role) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.valid_from; Type: ACL

GRANT INSERT(valid_from) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.valid_to; Type: ACL

GRANT INSERT(valid_to),UPDATE(valid_to) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.document_number; Type: ACL

GRANT INSERT(document_number) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.granted_by; Type: ACL

GRANT INSERT(granted_by) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.end_document_number; Type: ACL

GRANT UPDATE(end_document_number) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.ended_by; Type: ACL

GRANT UPDATE(ended_by) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.ended_at; Type: ACL

GRANT UPDATE(ended_at) ON TABLE capdo.membership TO capdo_rt;

-- Name: COLUMN membership.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.membership TO capdo_rt;

-- Name: TABLE opinion; Type: ACL

GRANT SELECT,INSERT ON TABLE capdo.opinion TO capdo_rt;

-- Name: TABLE organisation; Type: ACL

GRANT SELECT ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.code; Type: ACL

GRANT INSERT(code) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.name; Type: ACL

GRANT INSERT(name) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.kind; Type: ACL

GRANT INSERT(kind),UPDATE(kind) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.parent_id; Type: ACL

GRANT INSERT(parent_id) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.valid_from; Type: ACL

GRANT INSERT(valid_from) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.mandate_document; Type: ACL

GRANT INSERT(mandate_document),UPDATE(mandate_document) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.representative; Type: ACL

GRANT INSERT(representative),UPDATE(representative) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.representative_title; Type: ACL

GRANT INSERT(representative_title),UPDATE(representative_title) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.address; Type: ACL

GRANT INSERT(address),UPDATE(address) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.phone; Type: ACL

GRANT INSERT(phone),UPDATE(phone) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.email; Type: ACL

GRANT INSERT(email),UPDATE(email) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.updated_at; Type: ACL

GRANT UPDATE(updated_at) ON TABLE capdo.organisation TO capdo_rt;

-- Name: COLUMN organisation.code_scheme; Type: ACL

GRANT INSERT(code_scheme) ON TABLE capdo.organisation TO capdo_rt;

-- Name: TABLE organisation_code; Type: ACL

GRANT SELECT ON TABLE capdo.organisation_code TO capdo_rt;

-- Name: COLUMN organisation_event.id; Type: ACL

GRANT SELECT(id) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.organisation_id; Type: ACL

GRANT SELECT(organisation_id) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.kind; Type: ACL

GRANT SELECT(kind) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.effective_on; Type: ACL

GRANT SELECT(effective_on) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.document_number; Type: ACL

GRANT SELECT(document_number) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.note; Type: ACL

GRANT SELECT(note) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.before; Type: ACL

GRANT SELECT(before) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.after; Type: ACL

GRANT SELECT(after) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.cause_id; Type: ACL

GRANT SELECT(cause_id) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event.recorded_at; Type: ACL

GRANT SELECT(recorded_at) ON TABLE capdo.organisation_event TO capdo_rt;

-- Name: COLUMN organisation_event_party.event_id; Type: ACL

GRANT SELECT(event_id) ON TABLE capdo.organisation_event_party TO capdo_rt;

-- Name: COLUMN organisation_event_party.organisation_id; Type: ACL

GRANT SELECT(organisation_id) ON TABLE capdo.organisation_event_party TO capdo_rt;

-- Name: COLUMN organisation_event_party.part; Type: ACL

GRANT SELECT(part) ON TABLE capdo.organisation_event_party TO capdo_rt;

-- Name: TABLE organisation_state; Type: ACL

GRANT SELECT ON TABLE capdo.organisation_state TO capdo_rt;

-- Name: TABLE schema_migration; Type: ACL

GRANT SELECT ON TABLE capdo.schema_migration TO capdo_rt;

-- Name: TABLE security_event; Type: ACL

GRANT SELECT ON TABLE capdo.security_event TO capdo_rt;

-- Name: TABLE specialised_unit; Type: ACL

GRANT SELECT ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.unit_id; Type: ACL

GRANT INSERT(unit_id) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.governing_id; Type: ACL

GRANT INSERT(governing_id) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.document_number; Type: ACL

GRANT INSERT(document_number) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.valid_from; Type: ACL

GRANT INSERT(valid_from) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.valid_to; Type: ACL

GRANT INSERT(valid_to),UPDATE(valid_to) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.ended_document; Type: ACL

GRANT UPDATE(ended_document) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.created_by; Type: ACL

GRANT INSERT(created_by) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.ended_by; Type: ACL

GRANT UPDATE(ended_by) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: COLUMN specialised_unit.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.specialised_unit TO capdo_rt;

-- Name: SEQUENCE system_code; Type: ACL

GRANT USAGE ON SEQUENCE capdo.system_code TO capdo_rt;

-- Name: TABLE system; Type: ACL

GRANT SELECT ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.id; Type: ACL

GRANT INSERT(id) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.name; Type: ACL

GRANT INSERT(name),UPDATE(name) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.purpose; Type: ACL

GRANT INSERT(purpose),UPDATE(purpose) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.scope; Type: ACL

GRANT INSERT(scope),UPDATE(scope) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.served_users; Type: ACL

GRANT INSERT(served_users),UPDATE(served_users) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.governing_id; Type: ACL

GRANT INSERT(governing_id) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.operator_id; Type: ACL

GRANT INSERT(operator_id) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.life_cycle; Type: ACL

GRANT INSERT(life_cycle),UPDATE(life_cycle) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.plan_status; Type: ACL

GRANT INSERT(plan_status),UPDATE(plan_status) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.ruleset; Type: ACL

GRANT INSERT(ruleset),UPDATE(ruleset) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.facts; Type: ACL

GRANT INSERT(facts),UPDATE(facts) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.computed_level; Type: ACL

GRANT INSERT(computed_level),UPDATE(computed_level) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.at_least; Type: ACL

GRANT INSERT(at_least),UPDATE(at_least) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.contacts; Type: ACL

GRANT INSERT(contacts),UPDATE(contacts) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.addresses; Type: ACL

GRANT INSERT(addresses),UPDATE(addresses) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.components; Type: ACL

GRANT INSERT(components),UPDATE(components) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.version; Type: ACL

GRANT UPDATE(version) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.created_by; Type: ACL

GRANT INSERT(created_by) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.updated_at; Type: ACL

GRANT UPDATE(updated_at) ON TABLE capdo.system TO capdo_rt;

-- Name: COLUMN system.updated_by; Type: ACL

GRANT INSERT(updated_by),UPDATE(updated_by) ON TABLE capdo.system TO capdo_rt;

-- Name: TABLE system_relation; Type: ACL

GRANT SELECT,INSERT,DELETE ON TABLE capdo.system_relation TO capdo_rt;

-- Name: TABLE system_unit; Type: ACL

GRANT SELECT,INSERT,DELETE ON TABLE capdo.system_unit TO capdo_rt;

-- Name: TABLE system_version; Type: ACL

GRANT SELECT ON TABLE capdo.system_version TO capdo_rt;

