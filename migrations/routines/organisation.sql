-- The one way by which an organisation changes its name, place, codes or standing: the change, its
-- records and what follows it are one call of capdo.organisation_record. "from" and "on" dates are
-- inclusive days in Viet Nam.

------------------------------------------------------------------------------ what cannot be forgotten

-- A record only ever ends, once; nothing else of it changes and nothing is removed.
CREATE OR REPLACE FUNCTION capdo.record_only_ends() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
        OR to_jsonb(NEW) - 'valid_to' - 'ended_by' <> to_jsonb(OLD) - 'valid_to' - 'ended_by' THEN
        RAISE EXCEPTION '% keeps what was', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organisation_state', 'organisation_code'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON capdo.%I '
            'FOR EACH ROW EXECUTE FUNCTION capdo.record_only_ends()', name || '_only_ends', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change()', name || '_no_truncate', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['organisation_event', 'organisation_event_party'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON capdo.%I '
            'FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change()', name || '_append_only', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change()', name || '_no_truncate', name);
    END LOOP;
END $$;

-- At commit the present row is what its open record says, and its code is recorded.
CREATE OR REPLACE FUNCTION capdo.organisation_matches_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
DROP TRIGGER IF EXISTS organisation_matches_history ON capdo.organisation;
CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE OF name, parent_id, status, successor_id,
    code, code_scheme ON capdo.organisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();
DROP TRIGGER IF EXISTS organisation_matches_history ON capdo.organisation_state;
CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE ON capdo.organisation_state
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();
DROP TRIGGER IF EXISTS organisation_matches_history ON capdo.organisation_code;
CREATE CONSTRAINT TRIGGER organisation_matches_history AFTER INSERT OR UPDATE ON capdo.organisation_code
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.organisation_matches_history();

-- A new organisation is active and begins its history with itself.
CREATE OR REPLACE FUNCTION capdo.organisation_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER organisation_begin BEFORE INSERT ON capdo.organisation
    FOR EACH ROW EXECUTE FUNCTION capdo.organisation_begin();

CREATE OR REPLACE FUNCTION capdo.organisation_record_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER organisation_record_begin AFTER INSERT ON capdo.organisation
    FOR EACH ROW EXECUTE FUNCTION capdo.organisation_record_begin();

-- Nothing new comes to a body that has ended.
CREATE OR REPLACE FUNCTION capdo.bodies_are_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER system_bodies_active BEFORE INSERT OR UPDATE OF operator_id, governing_id ON capdo.system
    FOR EACH ROW EXECUTE FUNCTION capdo.bodies_are_active();
CREATE OR REPLACE TRIGGER label_bodies_active BEFORE INSERT ON capdo.label
    FOR EACH ROW EXECUTE FUNCTION capdo.bodies_are_active();

-------------------------------------------------------------------------------------------- questions

-- {"id", "name"} as an event keeps it; NULL for none.
CREATE OR REPLACE FUNCTION capdo.organisation_words(body uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT jsonb_build_object('id', o.id, 'name', o.name) FROM capdo.organisation o WHERE o.id = body
$$;
REVOKE ALL ON FUNCTION capdo.organisation_words(uuid) FROM PUBLIC;

-- The name that a body had on a day; its first one for days before anything is known.
CREATE OR REPLACE FUNCTION capdo.organisation_name_on(body uuid, day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT s.name FROM capdo.organisation_state s
    WHERE s.organisation_id = body AND (s.valid_to IS NULL OR s.valid_to >= day)
    ORDER BY s.valid_from NULLS FIRST, s.valid_to NULLS LAST LIMIT 1
$$;

-- Who carries on: the last of the successors, and the way there. The body itself when it is active.
CREATE OR REPLACE FUNCTION capdo.organisation_heir(body uuid) RETURNS TABLE (heir uuid, steps jsonb)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE way (id, depth, steps) AS (
        SELECT body, 0, '[]'::jsonb
        UNION ALL SELECT o.successor_id, w.depth + 1, w.steps || jsonb_build_object('id', o.id, 'name', o.name)
            FROM capdo.organisation o JOIN way w ON o.id = w.id
            WHERE o.successor_id IS NOT NULL AND w.depth < 16)
    SELECT id, steps FROM way ORDER BY depth DESC LIMIT 1
$$;

-- What is still with a body: what a change that ends it has to place.
CREATE OR REPLACE FUNCTION capdo.organisation_holds(body uuid) RETURNS TABLE (systems bigint, units bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT (SELECT count(*) FROM capdo.system s WHERE s.operator_id = body OR s.governing_id = body),
           (SELECT count(*) FROM capdo.organisation o WHERE o.parent_id = body AND o.status = 'active')
$$;
REVOKE ALL ON FUNCTION capdo.organisation_holds(uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.organisation_history(body uuid, behind uuid, rows_max bigint)
RETURNS TABLE (id uuid, kind text, part text, effective_on date, document_number text, note text, before jsonb,
    after jsonb, moved jsonb, parties jsonb, recorded_at timestamptz, recorded_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_history(uuid, uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.organisation_history(uuid, uuid, bigint) TO capdo_rt;

-- The day from which an active body has been there, if that is after day: it cannot have taken part in anything then.
CREATE OR REPLACE FUNCTION capdo.organisation_not_yet(body uuid, day date) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT min(s.valid_from) FROM capdo.organisation_state s WHERE s.organisation_id = body AND s.status = 'active'
        AND coalesce(s.valid_to, 'infinity') >= greatest(day, s.valid_from)
    HAVING min(coalesce(s.valid_from, '-infinity')) > day
$$;
REVOKE ALL ON FUNCTION capdo.organisation_not_yet(uuid, date) FROM PUBLIC;

-- May this body take over, or take in, as the other side of a change of subject on that day? A code and what it is
-- about; no row: yes.
CREATE OR REPLACE FUNCTION capdo.organisation_side_problem(subject uuid, other uuid, day date)
RETURNS TABLE (code text, info text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT x.code, x.info FROM (SELECT CASE WHEN other = subject THEN 'itself'
            WHEN NOT EXISTS (SELECT FROM capdo.organisation o WHERE o.id = other) THEN 'not_found'
            WHEN EXISTS (SELECT FROM capdo.organisation o WHERE o.id = other AND o.status <> 'active') THEN 'dissolved'
            WHEN capdo.organisation_not_yet(other, day) IS NOT NULL THEN 'not_yet' END AS code,
        coalesce(capdo.organisation_not_yet(other, day)::text, '') AS info) x
    WHERE other IS NOT NULL AND x.code IS NOT NULL
$$;
REVOKE ALL ON FUNCTION capdo.organisation_side_problem(uuid, uuid, date) FROM PUBLIC;

-- What a body did that it could not have done had it ended on that day: the last day on which somebody decided, or
-- gave an opinion, for it, or under a record that ends with it. NULL: nothing.
CREATE OR REPLACE FUNCTION capdo.organisation_used_later(body uuid, day date) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_used_later(uuid, date) FROM PUBLIC;

-- What speaks against the end of a body on that day.
CREATE OR REPLACE FUNCTION capdo.organisation_end_problems(body uuid, day date) RETURNS TABLE (code text, info text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT 'used_later', u::text FROM capdo.organisation_used_later(body, day) u WHERE u IS NOT NULL
    -- A unit that has changed since stays below it in the meantime, which nobody could set right any more.
    UNION ALL (SELECT 'before_units_change', (t.valid_to + 1) || ' (' || o.name || ')'
        FROM capdo.organisation_state t JOIN capdo.organisation o ON o.id = t.organisation_id
        WHERE t.parent_id = body AND t.valid_to >= greatest(day, coalesce(t.valid_from, day))
        ORDER BY t.valid_to DESC, o.name LIMIT 1)
$$;
REVOKE ALL ON FUNCTION capdo.organisation_end_problems(uuid, date) FROM PUBLIC;

-- What is wrong with a split, beside its sides.
CREATE OR REPLACE FUNCTION capdo.organisation_split_problems(subject uuid, effective date, detail jsonb)
RETURNS TABLE (pointer text, code text, info text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_split_problems(uuid, date, jsonb) FROM PUBLIC;

-- Everything that speaks against recording a change: pointer into the request, code of the problem, and what it is
-- about. No row: it can be recorded.
CREATE OR REPLACE FUNCTION capdo.organisation_problems(subject uuid, what text, effective date, document text,
    detail jsonb)
RETURNS TABLE (pointer text, code text, info text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_problems(uuid, text, date, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.organisation_problems(uuid, text, date, text, jsonb) TO capdo_rt;

------------------------------------------------------------------------------------------- what follows

-- A new state of a body from a day on: present row and record at once.
CREATE OR REPLACE FUNCTION capdo.organisation_set(event uuid, body uuid, day date, new_name text, new_parent uuid,
    new_status text, new_successor uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.organisation_state SET valid_to = day - 1, ended_by = event
        WHERE organisation_id = body AND valid_to IS NULL;
    INSERT INTO capdo.organisation_state (organisation_id, name, parent_id, status, successor_id, valid_from, event_id)
        VALUES (body, new_name, new_parent, new_status, new_successor, day, event);
    UPDATE capdo.organisation SET name = new_name, parent_id = new_parent, status = new_status,
        successor_id = new_successor, valid_to = CASE new_status WHEN 'dissolved' THEN greatest(day - 1, valid_from) END,
        version = version + 1, updated_at = clock_timestamp() WHERE id = body;
$$;
REVOKE ALL ON FUNCTION capdo.organisation_set(uuid, uuid, date, text, uuid, text, uuid) FROM PUBLIC;

-- One event with its parties; parties: {"organisation id": "part"}.
CREATE OR REPLACE FUNCTION capdo.organisation_note(event uuid, body uuid, what text, day date, document text, remark text,
    was jsonb, is_now jsonb, counts jsonb, others jsonb, cause uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    INSERT INTO capdo.organisation_event (id, organisation_id, kind, effective_on, document_number, note, before, after,
        moved, cause_id, recorded_by, recorded_name)
    VALUES (event, body, what, day, document, coalesce(remark, ''), was, is_now, counts, cause, capdo.ctx_account(),
        coalesce(capdo.person_name(capdo.ctx_account()), ''));
    INSERT INTO capdo.organisation_event_party (event_id, organisation_id, part)
        SELECT event, body, 'subject' UNION ALL SELECT event, x.key::uuid, x.value FROM jsonb_each_text(others) x;
END $$;
REVOKE ALL ON FUNCTION capdo.organisation_note(uuid, uuid, text, date, text, text, jsonb, jsonb, jsonb, jsonb, uuid)
    FROM PUBLIC;

-- A unit comes under another parent because of the event.
CREATE OR REPLACE FUNCTION capdo.organisation_reparent(event uuid, unit uuid, new_parent uuid, day date, document text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_reparent(uuid, uuid, uuid, date, text) FROM PUBLIC;

-- Systems, with what hangs on them, go from one body to another: those in chosen, or all (NULL). Codes, decisions and
-- their numbers stay; every system gets a version that names the event.
CREATE OR REPLACE FUNCTION capdo.organisation_hand_over(event uuid, from_body uuid, to_body uuid, chosen uuid[])
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_hand_over(uuid, uuid, uuid, uuid[]) FROM PUBLIC;

-- What of the days from first_day to last_day (NULL: without end) is left beside those taken.
CREATE OR REPLACE FUNCTION capdo.days_left(first_day date, last_day date, taken datemultirange)
RETURNS TABLE (valid_from date, valid_to date)
LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(x), upper(x) - 1
    FROM unnest(datemultirange(daterange(first_day, last_day + 1)) - coalesce(taken, '{}')) x
$$;

-- Posts end with the body; one that had not begun never held. Whoever worked there works for the successor from that
-- day on, by the same document; who heads it does not head the successor by that, and no successor means no post. Who
-- records it gives nothing to themselves: of their own posts only the administrator's goes on (docs/decisions).
CREATE OR REPLACE FUNCTION capdo.organisation_memberships_follow(from_body uuid, to_body uuid, day date, document text)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_memberships_follow(uuid, uuid, date, text) FROM PUBLIC;

-- Who appraises for the body, or for whom it appraises, follows too; what was entrusted ends.
CREATE OR REPLACE FUNCTION capdo.organisation_posts_follow(from_body uuid, to_body uuid, day date, document text)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_posts_follow(uuid, uuid, date, text) FROM PUBLIC;

-- The body ends on the day before; everything that is left goes to the successor, if there is one.
CREATE OR REPLACE FUNCTION capdo.organisation_end(event uuid, body uuid, successor uuid, day date, document text)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_end(uuid, uuid, uuid, date, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.add_counts(one jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(k.key, coalesce((one ->> k.key)::bigint, 0) + coalesce((other ->> k.key)::bigint, 0)),
        '{}')
    FROM (SELECT jsonb_object_keys(one) AS key UNION SELECT jsonb_object_keys(other)) k
$$;

--------------------------------------------------------------------------------------------- the change

-- A split: named systems and units go to their successors; with a remainder the body ends.
CREATE OR REPLACE FUNCTION capdo.organisation_split(event uuid, subject uuid, day date, document text, detail jsonb)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_split(uuid, uuid, date, text, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.organisation_take_code(event uuid, body uuid, new_code text, new_scheme text, day date,
    document text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    UPDATE capdo.organisation_code SET valid_to = day - 1, ended_by = event
        WHERE organisation_id = body AND scheme = new_scheme AND valid_to IS NULL;
    INSERT INTO capdo.organisation_code (organisation_id, code, scheme, valid_from, document_number, event_id)
        VALUES (body, new_code, new_scheme, day, document, event);
    -- The code shown with the body is the one of its scheme.
    UPDATE capdo.organisation SET code = CASE code_scheme WHEN new_scheme THEN new_code ELSE code END,
        version = version + 1, updated_at = clock_timestamp() WHERE id = body;
$$;
REVOKE ALL ON FUNCTION capdo.organisation_take_code(uuid, uuid, text, text, date, text) FROM PUBLIC;

-- Records a change and does what follows from it, for an administrator or from the command line. event: the new id.
-- detail, by kind: renamed {name}; moved {parent_id}; code_changed {code, scheme}; merged {merged: [{organisation_id}]};
-- dissolved {successor_id}; split {successors: [{organisation_id, systems: [{code}], units: [{organisation_id}]}],
-- remainder_id}; restored {}.
-- Returns how much went over.
CREATE OR REPLACE FUNCTION capdo.organisation_record(event uuid, subject uuid, what text, effective date, document text,
    remark text, detail jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_record(uuid, uuid, text, date, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.organisation_record(uuid, uuid, text, date, text, text, jsonb) TO capdo_rt;

--------------------------------------------------------------------------------------------- an import

-- One row of a file, by its natural key: code and scheme. row: {"column": "text"}; an empty or absent cell leaves what
-- is there, and nothing ends because a file does not name it. What has a history is recorded with the row's day and
-- document. Returns what was done; problems: [{"column", "code", "info"}]. Whatever is wrong undoes this row alone.
CREATE OR REPLACE FUNCTION capdo.organisation_import_row(new_id uuid, cells jsonb)
RETURNS TABLE (outcome text, organisation_id uuid, changes text[], problems jsonb)
-- A plan made while the table is nearly empty is kept for the whole file: without this it reads every body for each row.
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo SET enable_seqscan = off AS $$
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
REVOKE ALL ON FUNCTION capdo.organisation_import_row(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.organisation_import_row(uuid, jsonb) TO capdo_rt;
