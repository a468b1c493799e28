-- Who sees and writes what, in the database itself. The server says who acts (capdo.begin_as) and the
-- policies decide, whatever SQL it sends. Sub-selects make each setting an InitPlan, read once a query.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organisation', 'account', 'membership', 'specialised_unit', 'session', 'access_version',
        'system', 'system_unit', 'system_relation', 'system_version', 'dossier', 'dossier_system',
        'dossier_item', 'dossier_submission', 'dossier_event', 'opinion', 'decision', 'label', 'label_event',
        'idempotency', 'dossier_transition', 'label_transition']
    LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
    END LOOP;
END $$;

-- Organisations are a directory for everyone signed in; administrators keep it.
CREATE POLICY organisation_read ON capdo.organisation FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_account()) IS NOT NULL);
CREATE POLICY organisation_add ON capdo.organisation FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')));
CREATE POLICY organisation_change ON capdo.organisation FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin'))) WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')));

-- The tables of moves are no secret.
CREATE POLICY dossier_transition_read ON capdo.dossier_transition FOR SELECT TO capdo_rt USING (true);
CREATE POLICY label_transition_read ON capdo.label_transition FOR SELECT TO capdo_rt USING (true);

CREATE POLICY account_read ON capdo.account FOR SELECT TO capdo_rt
    USING (id = (SELECT capdo.ctx_account()) OR (SELECT capdo.ctx_is('capdo.admin')));
CREATE POLICY membership_read ON capdo.membership FOR SELECT TO capdo_rt
    USING (account_id = (SELECT capdo.ctx_account()) OR (SELECT capdo.ctx_is('capdo.admin')));
CREATE POLICY specialised_unit_read ON capdo.specialised_unit FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_account()) IS NOT NULL);

-- staff: their own unit; appraiser and director: what the governing bodies they serve have received;
-- chairman: everything of the governing body; office: everything, read only.
CREATE POLICY system_read ON capdo.system FOR SELECT TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR (SELECT capdo.ctx_is('capdo.office'))
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (received AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])));
CREATE POLICY system_add ON capdo.system FOR INSERT TO capdo_rt
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]));
CREATE POLICY system_change ON capdo.system FOR UPDATE TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]))
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]));

CREATE POLICY dossier_read ON capdo.dossier FOR SELECT TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR (SELECT capdo.ctx_is('capdo.office'))
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])));
CREATE POLICY dossier_add ON capdo.dossier FOR INSERT TO capdo_rt
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]));
CREATE POLICY dossier_change ON capdo.dossier FOR UPDATE TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])))
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR (submissions > 0 AND governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])));

CREATE POLICY label_read ON capdo.label FOR SELECT TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR (SELECT capdo.ctx_is('capdo.office'))
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]));
CREATE POLICY label_add ON capdo.label FOR INSERT TO capdo_rt
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]));
CREATE POLICY label_change ON capdo.label FOR UPDATE TO capdo_rt
    USING (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]))
    WITH CHECK (operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])
        OR governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[]));

-- What hangs on a system, dossier or label is seen with it and written by those who may change it.
CREATE POLICY system_unit_read ON capdo.system_unit FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id));
CREATE POLICY system_unit_add ON capdo.system_unit FOR INSERT TO capdo_rt
    WITH CHECK (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id
        AND s.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY system_unit_remove ON capdo.system_unit FOR DELETE TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id
        AND s.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY system_relation_read ON capdo.system_relation FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id));
CREATE POLICY system_relation_add ON capdo.system_relation FOR INSERT TO capdo_rt
    WITH CHECK (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id
        AND s.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY system_relation_remove ON capdo.system_relation FOR DELETE TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id
        AND s.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY system_version_read ON capdo.system_version FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id));

CREATE POLICY dossier_system_read ON capdo.dossier_system FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY dossier_system_add ON capdo.dossier_system FOR INSERT TO capdo_rt
    WITH CHECK (EXISTS (SELECT FROM capdo.dossier d JOIN capdo.system s ON s.operator_id = d.operator_id
            AND s.governing_id = d.governing_id
        WHERE d.id = dossier_id AND s.id = system_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_system_change ON capdo.dossier_system FOR UPDATE TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])))
    WITH CHECK (EXISTS (SELECT FROM capdo.dossier d JOIN capdo.system s ON s.operator_id = d.operator_id
            AND s.governing_id = d.governing_id
        WHERE d.id = dossier_id AND s.id = system_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_system_remove ON capdo.dossier_system FOR DELETE TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_item_read ON capdo.dossier_item FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY dossier_item_add ON capdo.dossier_item FOR INSERT TO capdo_rt
    WITH CHECK (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_item_change ON capdo.dossier_item FOR UPDATE TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id
        AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_submission_read ON capdo.dossier_submission FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY dossier_submission_add ON capdo.dossier_submission FOR INSERT TO capdo_rt
    WITH CHECK (submitted_by = (SELECT capdo.ctx_account()) AND EXISTS (SELECT FROM capdo.dossier d
        WHERE d.id = dossier_id AND d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])));
CREATE POLICY dossier_event_read ON capdo.dossier_event FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY dossier_event_add ON capdo.dossier_event FOR INSERT TO capdo_rt
    WITH CHECK (actor_id = (SELECT capdo.ctx_account())
        AND EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY opinion_read ON capdo.opinion FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY opinion_add ON capdo.opinion FOR INSERT TO capdo_rt
    WITH CHECK (appraiser_id = (SELECT capdo.ctx_account()) AND EXISTS (SELECT FROM capdo.dossier d
        WHERE d.id = dossier_id AND d.governing_id = ANY ((SELECT capdo.ctx_list('capdo.serves'))::uuid[])));
CREATE POLICY decision_read ON capdo.decision FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY decision_add ON capdo.decision FOR INSERT TO capdo_rt
    WITH CHECK (signer_id = (SELECT capdo.ctx_account())
        AND EXISTS (SELECT FROM capdo.dossier d WHERE d.id = dossier_id));
CREATE POLICY label_event_read ON capdo.label_event FOR SELECT TO capdo_rt
    USING (EXISTS (SELECT FROM capdo.label l WHERE l.id = label_id));
CREATE POLICY label_event_add ON capdo.label_event FOR INSERT TO capdo_rt
    WITH CHECK (actor_id = (SELECT capdo.ctx_account())
        AND EXISTS (SELECT FROM capdo.label l WHERE l.id = label_id));
CREATE POLICY idempotency_own ON capdo.idempotency FOR ALL TO capdo_rt
    USING (account_id = (SELECT capdo.ctx_account())) WITH CHECK (account_id = (SELECT capdo.ctx_account()));

-- Least privilege: columns that only the law's steps may write are not granted.
GRANT SELECT, INSERT ON capdo.organisation TO capdo_rt;
GRANT UPDATE (name, kind, parent_id, successor_id, status, valid_from, valid_to, mandate_document, representative,
    representative_title, address, phone, email, version, updated_at) ON capdo.organisation TO capdo_rt;
GRANT SELECT (id, username, display_name, disabled_at, version, created_at) ON capdo.account TO capdo_rt;
GRANT SELECT ON capdo.membership, capdo.specialised_unit TO capdo_rt;
GRANT SELECT ON capdo.system TO capdo_rt;
GRANT INSERT (id, name, purpose, scope, served_users, governing_id, operator_id, life_cycle, plan_status, ruleset,
    facts, computed_level, at_least, contacts, addresses, components, created_by, updated_by)
    ON capdo.system TO capdo_rt;
GRANT UPDATE (name, purpose, scope, served_users, life_cycle, plan_status, ruleset, facts, computed_level, at_least,
    contacts, addresses, components, version, updated_at, updated_by) ON capdo.system TO capdo_rt;
GRANT SELECT, INSERT, DELETE ON capdo.system_unit, capdo.system_relation TO capdo_rt;
GRANT SELECT ON capdo.system_version, capdo.dossier_transition, capdo.label_transition TO capdo_rt;
GRANT SELECT, INSERT ON capdo.dossier TO capdo_rt;
GRANT UPDATE (level, approve_party, state, submissions, submitted_by, submitted_at, received_by, received_at,
    appraised_by, appraised_at, conclusion, decided_by, decided_at, step, due_on, version, updated_at)
    ON capdo.dossier TO capdo_rt;
GRANT SELECT, INSERT, DELETE ON capdo.dossier_system TO capdo_rt;
GRANT UPDATE (computed_level, at_least, trace, proposed_level, reason) ON capdo.dossier_system TO capdo_rt;
GRANT SELECT, INSERT ON capdo.dossier_item TO capdo_rt;
GRANT UPDATE (content, document_number, document_date, version, updated_at, updated_by)
    ON capdo.dossier_item TO capdo_rt;
GRANT SELECT, INSERT ON capdo.dossier_submission, capdo.dossier_event, capdo.opinion, capdo.decision,
    capdo.label_event, capdo.idempotency TO capdo_rt;
GRANT SELECT, INSERT ON capdo.label TO capdo_rt;
GRANT UPDATE (state, grade, issuer, granted_on, expires_on, certificate_url, evidence_url, reason, version,
    updated_at) ON capdo.label TO capdo_rt;
GRANT USAGE ON SEQUENCE capdo.system_code, capdo.dossier_code, capdo.label_code TO capdo_rt;
