-- The register follows the procedure: what the database does by itself when a dossier moves.

-- Keeps the row that an update replaces.
CREATE OR REPLACE FUNCTION capdo.system_keep_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    INSERT INTO capdo.system_version (system_id, version, data, changed_at, changed_by)
    VALUES (OLD.id, OLD.version, to_jsonb(OLD) - 'search' - 'entrusted', OLD.updated_at, OLD.updated_by);
    -- A version that follows its organisation says so; the next one no longer does.
    IF NEW.organisation_event_id IS NOT DISTINCT FROM OLD.organisation_event_id THEN
        NEW.organisation_event_id := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER system_keep_version BEFORE UPDATE ON capdo.system
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION capdo.system_keep_version();

-- Only the moves of the table; what was submitted stays as it was.
CREATE OR REPLACE FUNCTION capdo.dossier_check_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER dossier_check_move BEFORE UPDATE ON capdo.dossier
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_check_move();

-- A new dossier starts as a draft, whoever inserts it as the server's role.
CREATE OR REPLACE FUNCTION capdo.dossier_check_start() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'capdo_rt' AND (NEW.state <> 'draft' OR NEW.submissions <> 0
        OR NEW.prepared_by IS DISTINCT FROM capdo.ctx_account()) THEN
        RAISE EXCEPTION 'a dossier starts as its preparer''s draft'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_starts_as_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER dossier_check_start BEFORE INSERT ON capdo.dossier
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_check_start();

-- Who may be recorded as the one who took a step: the one acting now, of the party whose step it is. That
-- the signer of a decision heads it on that day is checked with the decision, which each needs.
CREATE OR REPLACE FUNCTION capdo.dossier_check_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER dossier_check_actor BEFORE UPDATE ON capdo.dossier
    FOR EACH ROW WHEN (current_user = 'capdo_rt' AND NEW.state <> OLD.state) EXECUTE FUNCTION capdo.dossier_check_actor();

-- The systems of a dossier follow its state: the four official words of Form 08, and "received".
CREATE OR REPLACE FUNCTION capdo.dossier_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER dossier_follow AFTER UPDATE OF state ON capdo.dossier
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION capdo.dossier_follow();

-- Items and systems of a dossier change only while its preparer has it.
CREATE OR REPLACE FUNCTION capdo.dossier_part_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER dossier_item_check BEFORE INSERT OR UPDATE OR DELETE ON capdo.dossier_item
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_check();
CREATE OR REPLACE TRIGGER dossier_system_check BEFORE INSERT OR UPDATE OR DELETE ON capdo.dossier_system
    FOR EACH ROW EXECUTE FUNCTION capdo.dossier_part_check();

-- A decision needs an appraised dossier, a signer who heads the approving party on that day, and three
-- people; then the register follows it. It is never changed: another decision follows.
CREATE OR REPLACE FUNCTION capdo.decision_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER decision_check BEFORE INSERT ON capdo.decision
    FOR EACH ROW EXECUTE FUNCTION capdo.decision_check();

CREATE OR REPLACE FUNCTION capdo.decision_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER decision_apply AFTER INSERT ON capdo.decision
    FOR EACH ROW EXECUTE FUNCTION capdo.decision_apply();

-- An opinion is that of somebody who may appraise on that day, and says under which assignment.
CREATE OR REPLACE FUNCTION capdo.opinion_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
CREATE OR REPLACE TRIGGER opinion_check BEFORE INSERT ON capdo.opinion
    FOR EACH ROW WHEN (current_user = 'capdo_rt') EXECUTE FUNCTION capdo.opinion_check();

-- An approved or refused dossier has its decision, at commit.
CREATE OR REPLACE FUNCTION capdo.dossier_has_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
BEGIN
    IF NEW.state IN ('approved', 'refused') AND NOT EXISTS (SELECT FROM capdo.decision x
        WHERE x.dossier_id = NEW.id AND x.outcome = NEW.state AND x.signer_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'a decided dossier needs its decision'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_has_decision';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS dossier_has_decision ON capdo.dossier;
CREATE CONSTRAINT TRIGGER dossier_has_decision AFTER INSERT OR UPDATE OF state ON capdo.dossier
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capdo.dossier_has_decision();

-- A new label is a request of the one acting now, whoever inserts it as the server's role.
CREATE OR REPLACE FUNCTION capdo.label_check_start() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'capdo_rt' AND (NEW.state <> 'requested'
        OR NEW.requested_by IS DISTINCT FROM capdo.ctx_account()) THEN
        RAISE EXCEPTION 'a label starts as a request'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'label_starts_as_request';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER label_check_start BEFORE INSERT ON capdo.label
    FOR EACH ROW EXECUTE FUNCTION capdo.label_check_start();

CREATE OR REPLACE FUNCTION capdo.label_check_move() RETURNS trigger
LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE TRIGGER label_check_move BEFORE UPDATE ON capdo.label
    FOR EACH ROW EXECUTE FUNCTION capdo.label_check_move();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['system_version', 'dossier_submission', 'dossier_event', 'opinion', 'decision',
        'label_event'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON capdo.%I '
            'FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change()', name || '_append_only', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON capdo.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change()', name || '_no_truncate', name);
    END LOOP;
END $$;
