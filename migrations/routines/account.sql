-- Invitations, passwords and the counters of failed sign-ins. SECURITY DEFINER: the server's role reads
-- and writes neither password hashes nor links; it asks these questions.

-- True when the account has a second factor: then a shorter password is enough, and the password alone
-- opens nothing.
CREATE OR REPLACE FUNCTION capdo.account_has_factor(who uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    RETURN capdo.factor_count(who) > 0;
END $$;
REVOKE ALL ON FUNCTION capdo.account_has_factor(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.account_has_factor(uuid) TO capdo_rt;

-- Counts an attempt before it is looked at, so that many at once are not many more than allowed; one
-- that succeeds is taken back (sign_in_done). Five are free, then 1, 2, 4 ... 300 s; at failures_max
-- nothing is looked at any more. A name that nobody has, or whose account is disabled, is counted in
-- the same way: account_id is NULL, and nothing else tells the two apart.
CREATE OR REPLACE FUNCTION capdo.sign_in_attempt(name text, device bytea, failures_max integer)
RETURNS TABLE (account_id uuid, password_hash text, device_known boolean, retry_in_s integer, stopped boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.sign_in_attempt(text, bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_in_attempt(text, bytea, integer) TO capdo_rt;

-- The password was right: what was counted on this device is forgotten. What strangers did is
-- forgotten too when it is a day old, unless it has stopped them for good.
CREATE OR REPLACE FUNCTION capdo.sign_in_done(who uuid, device bytea, failures_max integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.sign_in_counter c USING capdo.account a
    WHERE a.id = who AND c.name_sha256 = capdo.sha256_text(a.username) AND CASE
        WHEN EXISTS (SELECT FROM capdo.known_device d WHERE d.account_id = who AND d.device_sha256 = device)
        THEN c.device_sha256 = device OR (c.device_sha256 = '' AND c.failures < failures_max
            AND c.last_at < now() - interval '1 day')
        ELSE c.device_sha256 = '' END
$$;
REVOKE ALL ON FUNCTION capdo.sign_in_done(uuid, bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.sign_in_done(uuid, bytea, integer) TO capdo_rt;

-- The account signed in completely on this device; the longest unseen beyond most are forgotten.
CREATE OR REPLACE FUNCTION capdo.device_remember(who uuid, device bytea, most integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    INSERT INTO capdo.known_device (account_id, device_sha256) VALUES (who, device)
        ON CONFLICT ON CONSTRAINT known_device_once DO UPDATE SET last_seen_at = clock_timestamp();
    DELETE FROM capdo.known_device WHERE account_id = who AND device_sha256 NOT IN
        (SELECT d.device_sha256 FROM capdo.known_device d WHERE d.account_id = who
         ORDER BY d.last_seen_at DESC, d.device_sha256 LIMIT most)
$$;
REVOKE ALL ON FUNCTION capdo.device_remember(uuid, bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.device_remember(uuid, bytea, integer) TO capdo_rt;

-- Whether the account is known on this device, which is in use just now.
CREATE OR REPLACE FUNCTION capdo.device_seen(who uuid, device bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.known_device SET last_seen_at = clock_timestamp() WHERE account_id = who AND device_sha256 = device;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION capdo.device_seen(uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.device_seen(uuid, bytea) TO capdo_rt;

-- Nothing that was opened with the old password lives on; the counters begin anew.
CREATE OR REPLACE FUNCTION capdo.account_access_forget(who uuid, but_session uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    DELETE FROM capdo.session WHERE account_id = who AND id IS DISTINCT FROM but_session;
    DELETE FROM capdo.sign_in_counter c USING capdo.account a
        WHERE a.id = who AND c.name_sha256 = capdo.sha256_text(a.username)
$$;
REVOKE ALL ON FUNCTION capdo.account_access_forget(uuid, uuid) FROM PUBLIC;

-- A link for the account, in place of an earlier one. Who never had a password activates; for everyone
-- else it is a reset: the old password and everything opened with it end at once. No row: there is no
-- such account, or it is disabled.
CREATE OR REPLACE FUNCTION capdo.link_make(who uuid, by_account uuid, token bytea, activation_s integer,
    reset_s integer)
RETURNS TABLE (purpose text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.link_make(uuid, uuid, bytea, integer, integer) FROM PUBLIC;

-- As link_make, for an administrator and never for oneself.
CREATE OR REPLACE FUNCTION capdo.link_issue(who uuid, token bytea, activation_s integer, reset_s integer)
RETURNS TABLE (purpose text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.link_issue(uuid, bytea, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.link_issue(uuid, bytea, integer, integer) TO capdo_rt;

-- Words that an attacker tries first for this person: names of the person, of the organisations and of
-- the province. The product's own name is the server's to add.
CREATE OR REPLACE FUNCTION capdo.password_words(who uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.password_words(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.password_words(uuid) TO capdo_rt;

-- Whose link this is. No row: unknown, used, replaced, expired, or the account is disabled.
CREATE OR REPLACE FUNCTION capdo.link_find(token bytea)
RETURNS TABLE (account_id uuid, username text, display_name text, purpose text, expires_at timestamptz,
    has_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT a.id, a.username, a.display_name, l.purpose, l.expires_at, capdo.account_has_factor(a.id)
    FROM capdo.account_link l JOIN capdo.account a ON a.id = l.account_id
    WHERE l.token_sha256 = token AND l.used_at IS NULL AND l.ended_at IS NULL AND l.expires_at > now()
      AND a.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION capdo.link_find(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.link_find(bytea) TO capdo_rt;

-- Uses the link up and sets the password. No row: as link_find.
CREATE OR REPLACE FUNCTION capdo.link_use(token bytea, hash text) RETURNS TABLE (account_id uuid, purpose text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.link_use(bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.link_use(bytea, text) TO capdo_rt;

-- One's own new password; all other sessions end.
CREATE OR REPLACE FUNCTION capdo.password_change(hash text, this_session uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.account SET password_hash = hash, version = version + 1, updated_at = clock_timestamp()
        WHERE id = capdo.ctx_account();
    PERFORM capdo.account_access_forget(capdo.ctx_account(), this_session);
END $$;
REVOKE ALL ON FUNCTION capdo.password_change(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.password_change(text, uuid) TO capdo_rt;

-- The same password with the cost of today, after it was checked; nothing else changes.
CREATE OR REPLACE FUNCTION capdo.password_rehash(who uuid, old_hash text, new_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.account SET password_hash = new_hash WHERE id = who AND password_hash = old_hash
$$;
REVOKE ALL ON FUNCTION capdo.password_rehash(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.password_rehash(uuid, text, text) TO capdo_rt;

-- A disabled account keeps its name in everything it did and loses everything else at once.
CREATE OR REPLACE FUNCTION capdo.account_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.account_link SET ended_at = clock_timestamp()
        WHERE account_id = NEW.id AND used_at IS NULL AND ended_at IS NULL;
    DELETE FROM capdo.session WHERE account_id = NEW.id;
    DELETE FROM capdo.known_device WHERE account_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER account_ends AFTER UPDATE OF disabled_at ON capdo.account
    FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL)
    EXECUTE FUNCTION capdo.account_ends();
CREATE OR REPLACE TRIGGER account_no_delete BEFORE DELETE ON capdo.account
    FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();

-- Somebody must be left who can let others in: not disabled, activated, an administrator on that day.
CREATE OR REPLACE FUNCTION capdo.administrator_left(on_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.administrator_left(date) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.account_leaves_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = NEW.id AND m.role = 'admin'
            AND m.valid_from <= capdo.today() AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())) THEN
        PERFORM capdo.administrator_left(capdo.today());
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER account_leaves_administrator AFTER UPDATE OF disabled_at ON capdo.account
    FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND OLD.activated_at IS NOT NULL)
    EXECUTE FUNCTION capdo.account_leaves_administrator();

CREATE OR REPLACE FUNCTION capdo.membership_leaves_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF EXISTS (SELECT FROM capdo.account a WHERE a.id = NEW.account_id AND a.disabled_at IS NULL
            AND a.activated_at IS NOT NULL) THEN
        PERFORM capdo.administrator_left(greatest(capdo.today(), NEW.valid_to + 1));
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER membership_leaves_administrator AFTER UPDATE OF valid_to ON capdo.membership
    FOR EACH ROW WHEN (NEW.role = 'admin' AND NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NEW.valid_to IS NOT NULL)
    EXECUTE FUNCTION capdo.membership_leaves_administrator();

-- Roles of one account in one organisation do not overlap; an administrator changes the future and not
-- the past, and of others only; what has ended has ended. Roles that follow a reorganisation (routines:
-- organisation) have its dates, and with their body even those end earlier that were ended before.
CREATE OR REPLACE FUNCTION capdo.membership_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE TRIGGER membership_guard BEFORE INSERT OR UPDATE ON capdo.membership
    FOR EACH ROW EXECUTE FUNCTION capdo.membership_guard();
-- An account is shown with its roles, so it changes with them.
CREATE OR REPLACE FUNCTION capdo.membership_touches_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    UPDATE capdo.account SET version = version + 1, updated_at = clock_timestamp() WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER membership_touches_account AFTER INSERT OR UPDATE ON capdo.membership
    FOR EACH ROW EXECUTE FUNCTION capdo.membership_touches_account();
CREATE OR REPLACE TRIGGER membership_no_delete BEFORE DELETE ON capdo.membership
    FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();
