-- Organisations have a history. The row of capdo.organisation stays the present state, for fast reads;
-- what it was, from when to when and by which document, stands in the tables here. They are written by
-- the functions of routines/organisation.sql alone, and at each commit the present row must be what the
-- open record says, so nobody changes one without the other.

-- The form of a code tells its scheme, unless someone says otherwise: "H05.11" is of Decision
-- 20/2020/QD-TTg, "000.11.00.H05" of QCVN 102:2016/BTTTT.
CREATE FUNCTION capdo.code_scheme_of(code text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT CASE WHEN code ~ '^[0-9]{3}(\.[0-9A-Z]{2,3}){2}\.[A-Z][0-9]{2}$' THEN '2016'
        WHEN code ~ '^[A-Z][0-9]{2}(\.[0-9A-Z]{2,3})*$' THEN '2020' ELSE 'internal' END $$;

-- A code of a body that ended may come to another: the merged province keeps the code of the one whose
-- name it bears (Decision 09/2025/QD-TTg).
ALTER TABLE capdo.organisation DROP CONSTRAINT organisation_code_unique;
CREATE UNIQUE INDEX organisation_code_unique ON capdo.organisation (code) WHERE status = 'active';
CREATE INDEX organisation_by_code ON capdo.organisation (code, id);
CREATE INDEX organisation_successor ON capdo.organisation (successor_id) WHERE successor_id IS NOT NULL;
ALTER TABLE capdo.organisation ADD COLUMN code_scheme text;
UPDATE capdo.organisation SET code_scheme = capdo.code_scheme_of(code);
ALTER TABLE capdo.organisation ALTER COLUMN code_scheme SET NOT NULL,
    ADD CONSTRAINT organisation_code_scheme_known
        CHECK (code_scheme IN ('2020', '2016', 'internal', 'statistics'));

-- What happened, on which day, by which document. Never changed: a mistake is set right by another event.
CREATE TABLE capdo.organisation_event (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    kind            text NOT NULL,
    effective_on    date,
    document_number text NOT NULL DEFAULT '',
    note            text NOT NULL DEFAULT '',
    before          jsonb NOT NULL DEFAULT '{}',
    after           jsonb NOT NULL DEFAULT '{}',
    -- How many systems, dossiers ... went over with it.
    moved           jsonb NOT NULL DEFAULT '{}',
    -- The change that this one follows from, such as the new parent of a unit whose parent ended.
    cause_id        uuid,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- NULL: loaded from the command line.
    recorded_by     uuid REFERENCES capdo.account,
    recorded_name   text NOT NULL DEFAULT '',
    CONSTRAINT organisation_event_cause FOREIGN KEY (cause_id) REFERENCES capdo.organisation_event
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_event_kind_known CHECK (kind IN ('created', 'renamed', 'moved', 'code_changed', 'merged',
        'split', 'dissolved', 'restored')),
    CONSTRAINT organisation_event_dated CHECK (kind = 'created' OR effective_on IS NOT NULL),
    CONSTRAINT organisation_event_texts CHECK (char_length(document_number) <= 200 AND char_length(note) <= 1000)
);
CREATE INDEX organisation_event_subject ON capdo.organisation_event (organisation_id);

-- Everyone whom an event concerns: its subject, those who take over, those who went into it.
CREATE TABLE capdo.organisation_event_party (
    event_id        uuid NOT NULL REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED,
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    part            text NOT NULL,
    moved           jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (event_id, organisation_id),
    CONSTRAINT organisation_event_party_known CHECK (part IN ('subject', 'successor', 'merged'))
);
CREATE INDEX organisation_event_party_of ON capdo.organisation_event_party (organisation_id);

-- Name, parent and standing from one day to another, both included; the one without an end is the present.
-- An end before the beginning: set right on the day itself, never in force.
CREATE TABLE capdo.organisation_state (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    name            text NOT NULL,
    parent_id       uuid REFERENCES capdo.organisation,
    status          text NOT NULL,
    successor_id    uuid REFERENCES capdo.organisation,
    valid_from      date,
    valid_to        date,
    event_id        uuid NOT NULL REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED,
    ended_by        uuid REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_state_dates CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from - 1),
    CONSTRAINT organisation_state_ended CHECK ((valid_to IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX organisation_state_one_open ON capdo.organisation_state (organisation_id) WHERE valid_to IS NULL;
CREATE INDEX organisation_state_of ON capdo.organisation_state (organisation_id, valid_from);

-- Every code that a body has or had. A code is nobody's key: systems and decisions point at the body.
CREATE TABLE capdo.organisation_code (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    code            text NOT NULL,
    scheme          text NOT NULL,
    valid_from      date,
    valid_to        date,
    document_number text NOT NULL DEFAULT '',
    event_id        uuid NOT NULL REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED,
    ended_by        uuid REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_code_record_form CHECK (code ~ '^[A-Za-z0-9.-]{1,40}$'),
    CONSTRAINT organisation_code_record_scheme CHECK (scheme IN ('2020', '2016', 'internal', 'statistics')),
    CONSTRAINT organisation_code_dates CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from - 1),
    CONSTRAINT organisation_code_ended CHECK ((valid_to IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX organisation_code_taken ON capdo.organisation_code (scheme, upper(code)) WHERE valid_to IS NULL;
CREATE INDEX organisation_code_lookup ON capdo.organisation_code (upper(code));
CREATE INDEX organisation_code_of ON capdo.organisation_code (organisation_id);

-- Why a version of a system came about when its organisation, not its staff, was the reason.
ALTER TABLE capdo.system ADD COLUMN organisation_event_id uuid
    CONSTRAINT system_organisation_event REFERENCES capdo.organisation_event DEFERRABLE INITIALLY DEFERRED;

-- A closed dossier goes over with its system, so that the successor's people see it, and still says whose
-- it was.
ALTER TABLE capdo.dossier ADD COLUMN operator_then_id uuid REFERENCES capdo.organisation,
    ADD COLUMN governing_then_id uuid REFERENCES capdo.organisation;

ALTER TABLE capdo.membership ADD COLUMN IF NOT EXISTS document_number text NOT NULL DEFAULT '';

-- What is there already began, as far as is known, with its row.
INSERT INTO capdo.organisation_event (id, organisation_id, kind, effective_on, document_number)
    SELECT o.id, o.id, 'created', o.valid_from, '' FROM capdo.organisation o;
INSERT INTO capdo.organisation_event (id, organisation_id, kind, effective_on)
    SELECT gen_random_uuid(), o.id, 'dissolved', coalesce(o.valid_to, o.updated_at::date) + 1
    FROM capdo.organisation o WHERE o.status = 'dissolved';
INSERT INTO capdo.organisation_event_party (event_id, organisation_id, part)
    SELECT e.id, e.organisation_id, 'subject' FROM capdo.organisation_event e
    UNION ALL SELECT e.id, o.successor_id, 'successor' FROM capdo.organisation_event e
        JOIN capdo.organisation o ON o.id = e.organisation_id
        WHERE e.kind = 'dissolved' AND o.successor_id IS NOT NULL;
INSERT INTO capdo.organisation_state (organisation_id, name, parent_id, status, valid_from, valid_to, event_id, ended_by)
    SELECT o.id, o.name, o.parent_id, 'active', o.valid_from, d.effective_on - 1, o.id, d.id
    FROM capdo.organisation o LEFT JOIN capdo.organisation_event d ON d.organisation_id = o.id AND d.kind = 'dissolved';
INSERT INTO capdo.organisation_state (organisation_id, name, parent_id, status, successor_id, valid_from, event_id)
    SELECT o.id, o.name, o.parent_id, 'dissolved', o.successor_id, d.effective_on, d.id
    FROM capdo.organisation o JOIN capdo.organisation_event d ON d.organisation_id = o.id AND d.kind = 'dissolved';
INSERT INTO capdo.organisation_code (organisation_id, code, scheme, valid_from, valid_to, event_id, ended_by)
    SELECT o.id, o.code, o.code_scheme, o.valid_from, d.effective_on - 1, o.id, d.id
    FROM capdo.organisation o LEFT JOIN capdo.organisation_event d ON d.organisation_id = o.id AND d.kind = 'dissolved';
SET CONSTRAINTS ALL IMMEDIATE;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organisation_event', 'organisation_event_party', 'organisation_state',
        'organisation_code']
    LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I FOR SELECT TO capdo_rt '
            'USING ((SELECT capdo.ctx_account()) IS NOT NULL)', name || '_read', name);
    END LOOP;
END $$;
-- Who recorded a change and how much moved is for administrators (routines: organisation_history).
GRANT SELECT (id, organisation_id, kind, effective_on, document_number, note, before, after, cause_id, recorded_at)
    ON capdo.organisation_event TO capdo_rt;
GRANT SELECT (event_id, organisation_id, part) ON capdo.organisation_event_party TO capdo_rt;
GRANT SELECT ON capdo.organisation_state, capdo.organisation_code TO capdo_rt;

-- The present row: added whole, changed only where history does not reach.
REVOKE INSERT, UPDATE ON capdo.organisation FROM capdo_rt;
GRANT UPDATE (kind, mandate_document, representative, representative_title, address, phone, email, version,
    updated_at) ON capdo.organisation TO capdo_rt;
GRANT INSERT (id, code, code_scheme, name, kind, parent_id, valid_from, mandate_document, representative,
    representative_title, address, phone, email) ON capdo.organisation TO capdo_rt;
