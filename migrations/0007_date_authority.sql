-- Who may act for whom is a dated record with the number of its document: the specialised unit of a
-- governing body, who appraises in its place where it operates the system itself, what is delegated to
-- whom, who heads what. None is deleted: it ends, by a document as well.

ALTER TABLE capdo.specialised_unit
    ADD ended_document text NOT NULL DEFAULT '',
    ADD created_at     timestamptz NOT NULL DEFAULT now(),
    ADD created_by     uuid REFERENCES capdo.account,
    ADD ended_by       uuid REFERENCES capdo.account,
    ADD version        integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT specialised_unit_document_given
        CHECK (created_by IS NULL OR char_length(document_number) BETWEEN 1 AND 60),
    ADD CONSTRAINT specialised_unit_ended_by_document CHECK ((ended_by IS NULL) = (ended_document = '')),
    ADD CONSTRAINT specialised_unit_other CHECK (unit_id <> governing_id);
CREATE INDEX specialised_unit_governing ON capdo.specialised_unit (governing_id);

-- The decision by which somebody holds a post.
ALTER TABLE capdo.membership
    ADD COLUMN IF NOT EXISTS document_number text NOT NULL DEFAULT '',
    ADD ended_document  text NOT NULL DEFAULT '';
CREATE INDEX membership_heads ON capdo.membership (organisation_id) WHERE role IN ('director', 'chairman');

-- In writing, to one subordinate organisation, with scope and term (C12 Art. 4(3), D331 Art. 4(3)).
CREATE TABLE capdo.delegation (
    id              uuid PRIMARY KEY,
    governing_id    uuid NOT NULL CONSTRAINT delegation_governing_exists REFERENCES capdo.organisation,
    delegate_id     uuid NOT NULL CONSTRAINT delegation_delegate_exists REFERENCES capdo.organisation,
    levels          smallint[] NOT NULL, -- whose approval is delegated
    plan_levels     smallint[] NOT NULL, -- whose security plan
    scope           text NOT NULL,
    document_number text NOT NULL,
    valid_from      date NOT NULL,
    valid_to        date NOT NULL,
    term_to         date NOT NULL, -- as it was agreed; valid_to is earlier when it was ended
    ended_document  text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid NOT NULL REFERENCES capdo.account,
    ended_by        uuid REFERENCES capdo.account,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT delegation_dates CHECK (valid_to >= valid_from AND valid_to <= term_to),
    CONSTRAINT delegation_levels CHECK (cardinality(levels || plan_levels) >= 1
        AND levels || plan_levels <@ '{1,2,3,4,5}'::smallint[]),
    CONSTRAINT delegation_scope_length CHECK (char_length(scope) BETWEEN 1 AND 2000),
    CONSTRAINT delegation_document_given CHECK (char_length(document_number) BETWEEN 1 AND 60),
    CONSTRAINT delegation_ended_by_document CHECK ((ended_by IS NULL) = (ended_document = '')),
    CONSTRAINT delegation_other CHECK (delegate_id <> governing_id)
);
CREATE INDEX delegation_governing ON capdo.delegation (governing_id);
CREATE INDEX delegation_delegate ON capdo.delegation (delegate_id);

-- Another unit or a council appraises where the specialised unit operates the system (C12 Art. 6,
-- D331 Art. 18(4)): one system, one dossier, or everything of one operating unit.
CREATE TABLE capdo.appraisal_assignment (
    id              uuid PRIMARY KEY,
    governing_id    uuid NOT NULL CONSTRAINT appraisal_assignment_governing_exists REFERENCES capdo.organisation,
    operator_id     uuid NOT NULL CONSTRAINT appraisal_assignment_operator_exists REFERENCES capdo.organisation,
    system_id       uuid CONSTRAINT appraisal_assignment_system_exists REFERENCES capdo.system,
    dossier_id      uuid CONSTRAINT appraisal_assignment_dossier_exists REFERENCES capdo.dossier,
    unit_id         uuid CONSTRAINT appraisal_assignment_unit_exists REFERENCES capdo.organisation,
    council_name    text NOT NULL DEFAULT '',
    document_number text NOT NULL,
    valid_from      date NOT NULL,
    valid_to        date,
    ended_document  text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid NOT NULL REFERENCES capdo.account,
    ended_by        uuid REFERENCES capdo.account,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT appraisal_assignment_dates CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT appraisal_assignment_unit_or_council CHECK ((unit_id IS NULL) = (council_name <> '')),
    CONSTRAINT appraisal_assignment_council_length CHECK (char_length(council_name) <= 300),
    CONSTRAINT appraisal_assignment_one_target CHECK (num_nonnulls(system_id, dossier_id) <= 1),
    CONSTRAINT appraisal_assignment_independent CHECK (unit_id <> operator_id),
    CONSTRAINT appraisal_assignment_document_given CHECK (char_length(document_number) BETWEEN 1 AND 60),
    CONSTRAINT appraisal_assignment_ended_by_document CHECK ((ended_by IS NULL) = (ended_document = ''))
);
CREATE INDEX appraisal_assignment_operator ON capdo.appraisal_assignment (operator_id);
CREATE INDEX appraisal_assignment_governing ON capdo.appraisal_assignment (governing_id);
CREATE INDEX appraisal_assignment_unit ON capdo.appraisal_assignment (unit_id);

-- Named with the council and never after.
CREATE TABLE capdo.council_member (
    assignment_id uuid NOT NULL REFERENCES capdo.appraisal_assignment,
    account_id    uuid NOT NULL CONSTRAINT council_member_account_exists REFERENCES capdo.account,
    name          text NOT NULL, -- as the account was called
    is_chair      boolean NOT NULL DEFAULT false,
    CONSTRAINT council_member_once PRIMARY KEY (assignment_id, account_id)
);
CREATE UNIQUE INDEX council_one_chair ON capdo.council_member (assignment_id) WHERE is_chair;
CREATE INDEX council_member_account ON capdo.council_member (account_id);

-- What a dossier is covered by, kept up by routines/authority.sql so that policies and lists need no
-- look-up: the units that operate its systems, and the delegations and appraisal assignments, past or
-- to come, that name it. A system has those of its submitted dossiers, as text that an index can count by.
ALTER TABLE capdo.dossier
    ADD operating uuid[] NOT NULL DEFAULT '{}',
    ADD entrusted uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE capdo.system ADD entrusted text NOT NULL DEFAULT '';
DROP INDEX capdo.system_figures;
CREATE INDEX system_figures ON capdo.system (operator_id, governing_id, received, level, approval_status, plan_status,
    entrusted);

UPDATE capdo.dossier d SET operating = ARRAY(SELECT DISTINCT x.unit FROM capdo.dossier_system ds
    JOIN capdo.system s ON s.id = ds.system_id
    CROSS JOIN LATERAL (SELECT s.operator_id AS unit UNION SELECT u.organisation_id FROM capdo.system_unit u
        WHERE u.system_id = s.id) x
    WHERE ds.dossier_id = d.id ORDER BY 1);

-- By which capacity an opinion and a decision were given.
ALTER TABLE capdo.opinion
    ADD capacity        text NOT NULL DEFAULT '',
    ADD organisation_id uuid REFERENCES capdo.organisation, -- NULL: a council, or recorded before
    ADD assignment_id   uuid REFERENCES capdo.appraisal_assignment;
ALTER TABLE capdo.decision ADD delegation_id uuid REFERENCES capdo.delegation;

ALTER TABLE capdo.session ADD entrusted uuid[];
UPDATE capdo.access_version SET version = version + 1;

-- They return or take more from now on (routines: session, system).
DROP FUNCTION IF EXISTS capdo.begin_as(bytea, integer);
DROP FUNCTION IF EXISTS capdo.scope_of(uuid);
DROP FUNCTION IF EXISTS capdo.system_visible(uuid, uuid, boolean);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['delegation', 'appraisal_assignment', 'council_member'] LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
    END LOOP;
END $$;

-- Who serves, heads and acts for a body is public among officials; administrators record it.
CREATE POLICY specialised_unit_add ON capdo.specialised_unit FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND created_by = (SELECT capdo.ctx_account()));
CREATE POLICY specialised_unit_end ON capdo.specialised_unit FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin'))) WITH CHECK (ended_by = (SELECT capdo.ctx_account()));
CREATE POLICY delegation_read ON capdo.delegation FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_account()) IS NOT NULL);
CREATE POLICY delegation_add ON capdo.delegation FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND created_by = (SELECT capdo.ctx_account()));
CREATE POLICY delegation_end ON capdo.delegation FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin'))) WITH CHECK (ended_by = (SELECT capdo.ctx_account()));
CREATE POLICY membership_heads_read ON capdo.membership FOR SELECT TO capdo_rt
    USING (role IN ('director', 'chairman') AND (SELECT capdo.ctx_account()) IS NOT NULL);

-- An appraisal assignment names a system or its operator: for those concerned.
CREATE POLICY appraisal_assignment_read ON capdo.appraisal_assignment FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin')) OR (SELECT capdo.ctx_is('capdo.office'))
        OR operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])
        OR id = ANY ((SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]));
CREATE POLICY appraisal_assignment_add ON capdo.appraisal_assignment FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND created_by = (SELECT capdo.ctx_account()));
CREATE POLICY appraisal_assignment_end ON capdo.appraisal_assignment FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin'))) WITH CHECK (ended_by = (SELECT capdo.ctx_account()));
CREATE POLICY council_member_read ON capdo.council_member FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.appraisal_assignment a WHERE a.id = assignment_id));
CREATE POLICY council_member_add ON capdo.council_member FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')));

GRANT INSERT (id, unit_id, governing_id, document_number, valid_from, valid_to, created_by)
    ON capdo.specialised_unit TO capdo_rt;
GRANT UPDATE (valid_to, ended_document, ended_by, version) ON capdo.specialised_unit TO capdo_rt;
GRANT SELECT ON capdo.delegation, capdo.appraisal_assignment, capdo.council_member TO capdo_rt;
GRANT INSERT (id, governing_id, delegate_id, levels, plan_levels, scope, document_number, valid_from, valid_to,
    term_to, created_by) ON capdo.delegation TO capdo_rt;
GRANT UPDATE (valid_to, ended_document, ended_by, version) ON capdo.delegation TO capdo_rt;
GRANT INSERT (id, governing_id, operator_id, system_id, dossier_id, unit_id, council_name, document_number, valid_from,
    valid_to, created_by) ON capdo.appraisal_assignment TO capdo_rt;
GRANT UPDATE (valid_to, ended_document, ended_by, version) ON capdo.appraisal_assignment TO capdo_rt;
GRANT INSERT (assignment_id, account_id, name, is_chair) ON capdo.council_member TO capdo_rt;

-- Those who act under a record see what it covers, once it was submitted, and nothing else.
ALTER POLICY system_read ON capdo.system
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR (SELECT capdo.ctx_is('capdo.office'))
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (received AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]))
        OR (received AND entrusted <> ''
            AND string_to_array(entrusted, ' ')::uuid[] && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]));
ALTER POLICY dossier_read ON capdo.dossier
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR (SELECT capdo.ctx_is('capdo.office'))
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]))
        OR (submissions > 0 AND entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]));
ALTER POLICY dossier_change ON capdo.dossier
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]))
        OR (submissions > 0 AND entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]))
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]))
        OR (submissions > 0 AND entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]));
ALTER POLICY opinion_add ON capdo.opinion
    WITH CHECK (appraiser_id = (SELECT capdo.ctx_account()) AND EXISTS (SELECT FROM capdo.dossier d
        WHERE d.id = dossier_id AND (d.governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])
            OR d.entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[])));
