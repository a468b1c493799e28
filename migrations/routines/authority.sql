-- Who may appraise and approve a dossier, as the database itself says it: server/rules/authority.c says
-- the same first, with its reasons in words. SECURITY DEFINER, because posts of others are not for
-- everyone to read.

CREATE OR REPLACE FUNCTION capdo.in_force(valid_from date, valid_to date, day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT day >= valid_from AND (valid_to IS NULL OR day <= valid_to)
$$;

-- Both hold on some day. A record whose last day is the one before its first never held.
CREATE OR REPLACE FUNCTION capdo.days_meet(one_from date, one_to date, other_from date, other_to date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(one_from, other_from) <= least(coalesce(one_to, 'infinity'), coalesce(other_to, 'infinity'))
$$;

-- NULL, or the constraint by which this person may not appraise the dossier on that day. The specialised
-- unit appraises unless it operates one of the systems; then whoever is assigned instead.
CREATE OR REPLACE FUNCTION capdo.appraiser_obstacle(of_dossier uuid, who uuid, day date) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.appraiser_obstacle(uuid, uuid, date) FROM PUBLIC;

-- This person heads the approving party on that day, or a delegate of it for this level. For a decision,
-- the organisation and the delegation it names; NULL: any.
CREATE OR REPLACE FUNCTION capdo.may_approve(of_dossier uuid, who uuid, day date, acting_for uuid, by_delegation uuid,
    named boolean) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.may_approve(uuid, uuid, date, uuid, uuid, boolean) FROM PUBLIC;

-- The same words as policy dossier_read; tests compare what both let through.
CREATE OR REPLACE FUNCTION capdo.dossier_visible(operator uuid, governing uuid, submissions integer, entrusted uuid[])
RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT capdo.ctx_is('capdo.office')
        OR operator = ANY (capdo.ctx_list('capdo.staff_of'))
        OR governing = ANY (capdo.ctx_list('capdo.chairs'))
        OR (submissions > 0 AND (governing = ANY (capdo.ctx_list('capdo.serves'))
            OR entrusted && capdo.ctx_list('capdo.entrusted')))
$$;

-- Every body that has, had or will have a say in a dossier, with the posts that the one who acts holds
-- there: the one in force on that day, else the newest. Reads what is hidden, so it asks itself whether
-- the dossier may be seen.
CREATE OR REPLACE FUNCTION capdo.dossier_authority(of_dossier uuid, day date)
RETURNS TABLE (source text, record_id uuid, organisation_id uuid, name text, document_number text, valid_from date,
    valid_to date, levels smallint[], operates boolean, member boolean, is_operator boolean,
    appraises_from date, appraises_to date, heads_from date, heads_to date, people json)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 8 SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.dossier_authority(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.dossier_authority(uuid, date) TO capdo_rt;

---------------------------------------------------------------------------------- what covers a dossier

-- The delegations and appraisal assignments that name a dossier; those of the past only if it has them.
CREATE OR REPLACE FUNCTION capdo.dossier_covered(d capdo.dossier) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.dossier_covered(capdo.dossier) FROM PUBLIC;

-- The units that operate a dossier's systems. A unit that did when it was submitted stays.
CREATE OR REPLACE FUNCTION capdo.dossier_operated_by(d capdo.dossier) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT coalesce(array_agg(x.unit ORDER BY x.unit), '{}') FROM (
        SELECT d.operator_id AS unit
        UNION SELECT s.operator_id FROM capdo.dossier_system ds JOIN capdo.system s ON s.id = ds.system_id
            WHERE ds.dossier_id = d.id
        UNION SELECT u.organisation_id FROM capdo.dossier_system ds JOIN capdo.system_unit u
            ON u.system_id = ds.system_id WHERE ds.dossier_id = d.id
        UNION SELECT unnest(d.operating) WHERE d.state NOT IN ('draft', 'returned')) x
$$;
REVOKE ALL ON FUNCTION capdo.dossier_operated_by(capdo.dossier) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.dossier_keep_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    NEW.operating := capdo.dossier_operated_by(NEW);
    NEW.entrusted := capdo.dossier_covered(NEW);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER dossier_cover BEFORE INSERT OR UPDATE OF level, approve_party, state, operator_id, governing_id
    ON capdo.dossier FOR EACH ROW EXECUTE FUNCTION capdo.dossier_keep_cover();

-- Dossiers that are not ended follow what is said of their systems and of who acts.
CREATE OR REPLACE FUNCTION capdo.dossier_cover_again(dossiers uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.dossier_cover_again(uuid[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION capdo.dossier_part_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER dossier_system_cover AFTER INSERT OR DELETE ON capdo.dossier_system
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_cover();
CREATE OR REPLACE TRIGGER system_unit_cover AFTER INSERT OR DELETE ON capdo.system_unit
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_cover();

------------------------------------------------------------------------------------ recording and ending

-- What the server's own statements may record; routines/organisation.sql acts on its own when a body ends.

-- The organisation itself, or one above it.
CREATE OR REPLACE FUNCTION capdo.is_below(below uuid, above uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    WITH RECURSIVE up (id) AS (SELECT below
        UNION SELECT o.parent_id FROM capdo.organisation o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL)
    SELECT EXISTS (SELECT FROM up WHERE id = above)
$$;
REVOKE ALL ON FUNCTION capdo.is_below(uuid, uuid) FROM PUBLIC;

-- One specialised unit at a time; one delegate at a time for an act and a level, below its body.
CREATE OR REPLACE FUNCTION capdo.authority_check_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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

-- The last day on which somebody acted under a record.
CREATE OR REPLACE FUNCTION capdo.authority_used_until(record uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.authority_used_until(uuid) FROM PUBLIC;

-- A record only ends: earlier than it would, once, and not before what was done under it.
CREATE OR REPLACE FUNCTION capdo.authority_check_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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

CREATE OR REPLACE FUNCTION capdo.authority_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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

-- A council is named with its members, one of whom chairs it; each can act.
CREATE OR REPLACE FUNCTION capdo.council_member_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER council_member_check BEFORE INSERT ON capdo.council_member
    FOR EACH ROW WHEN (current_user = 'capdo_rt') EXECUTE FUNCTION capdo.council_member_check();

CREATE OR REPLACE FUNCTION capdo.council_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF NEW.unit_id IS NULL AND NOT (SELECT count(*) >= 2 AND bool_or(c.is_chair) FROM capdo.council_member c
        WHERE c.assignment_id = NEW.id) THEN
        RAISE EXCEPTION 'a council has members and a chair'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'council_has_chair';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS council_is_whole ON capdo.appraisal_assignment;
CREATE CONSTRAINT TRIGGER council_is_whole AFTER INSERT ON capdo.appraisal_assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.council_is_whole();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['specialised_unit', 'delegation', 'appraisal_assignment'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT ON capdo.%I '
            'FOR EACH ROW WHEN (current_user = ''capdo_rt'') EXECUTE FUNCTION capdo.authority_check_new()', name || '_check_new', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE ON capdo.%I '
            'FOR EACH ROW WHEN (current_user = ''capdo_rt'') EXECUTE FUNCTION capdo.authority_check_end()', name || '_check_end', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['delegation', 'appraisal_assignment'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT ON capdo.%I '
            'FOR EACH ROW EXECUTE FUNCTION capdo.authority_cover()', name || '_cover', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['specialised_unit', 'delegation', 'appraisal_assignment', 'council_member'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE DELETE ON capdo.%I '
            'FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change()', name || '_kept', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change()', name || '_no_truncate', name);
    END LOOP;
    CREATE OR REPLACE TRIGGER council_member_append_only BEFORE UPDATE ON capdo.council_member
        FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();
END $$;

-- What a system or a dossier with this code belongs to, for the administrator who records a document that
-- names it and sees neither. No row: there is none.
CREATE OR REPLACE FUNCTION capdo.authority_target(system_code text, dossier_code text)
RETURNS TABLE (system_id uuid, dossier_id uuid, governing_id uuid, operator_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT s.id, NULL::uuid, s.governing_id, s.operator_id FROM capdo.system s
        WHERE s.code = upper(system_code) AND capdo.ctx_is('capdo.admin')
    UNION ALL SELECT NULL, d.id, d.governing_id, d.operator_id FROM capdo.dossier d
        WHERE d.code = upper(dossier_code) AND capdo.ctx_is('capdo.admin')
$$;
REVOKE ALL ON FUNCTION capdo.authority_target(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.authority_target(text, text) TO capdo_rt;

-- The code of what an appraisal assignment names, for those who may read the assignment.
CREATE OR REPLACE FUNCTION capdo.authority_target_code(of_assignment uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT coalesce(s.code, d.code) FROM capdo.appraisal_assignment a
        LEFT JOIN capdo.system s ON s.id = a.system_id LEFT JOIN capdo.dossier d ON d.id = a.dossier_id
    WHERE a.id = of_assignment AND (capdo.ctx_is('capdo.admin') OR capdo.ctx_is('capdo.office')
        OR a.operator_id = ANY (capdo.ctx_list('capdo.staff_of')) OR a.id = ANY (capdo.ctx_list('capdo.entrusted'))
        OR a.governing_id = ANY (capdo.ctx_list('capdo.chairs') || capdo.ctx_list('capdo.serves')))
$$;
REVOKE ALL ON FUNCTION capdo.authority_target_code(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.authority_target_code(uuid) TO capdo_rt;

-- Everything that stands against recording an assignment, before it is tried: codes, with the number of a
-- document that stands in the way.
CREATE OR REPLACE FUNCTION capdo.assignment_problems(kind text, governing uuid, unit uuid, operator uuid,
    members uuid[], chair uuid, first_day date, last_day date)
RETURNS TABLE (code text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.assignment_problems(text, uuid, uuid, uuid, uuid[], uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.assignment_problems(text, uuid, uuid, uuid, uuid[], uuid, date, date) TO capdo_rt;

CREATE OR REPLACE FUNCTION capdo.delegation_problems(governing uuid, delegate uuid, of_levels smallint[],
    of_plans smallint[], first_day date, last_day date)
RETURNS TABLE (code text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.delegation_problems(uuid, uuid, smallint[], smallint[], date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.delegation_problems(uuid, uuid, smallint[], smallint[], date, date) TO capdo_rt;

-- What stands against ending a record on that day; detail is the last day somebody acted under it.
CREATE OR REPLACE FUNCTION capdo.authority_end_problems(record uuid, starts date, until date, day date)
RETURNS TABLE (code text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT x.code, x.detail FROM (
        SELECT 'ends_before_it_begins', starts::text, day < starts
        UNION ALL SELECT 'ends_later', until::text, day > until
        UNION ALL SELECT 'used_later', capdo.authority_used_until(record)::text,
            day < capdo.authority_used_until(record)) x (code, detail, found)
    WHERE x.found AND capdo.ctx_is('capdo.admin') ORDER BY x.code
$$;
REVOKE ALL ON FUNCTION capdo.authority_end_problems(uuid, date, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.authority_end_problems(uuid, date, date, date) TO capdo_rt;
