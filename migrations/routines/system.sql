-- What is shown with a system and kept elsewhere. SECURITY DEFINER, so that four small look-ups are not
-- each checked against the policies of three tables; it asks itself whether the system, and each related
-- one, may be seen.

-- The same words as policy system_read; tests compare what both let through.
CREATE OR REPLACE FUNCTION capdo.system_visible(operator uuid, governing uuid, was_received boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT capdo.ctx_is('capdo.office')
        OR operator = ANY (capdo.ctx_list('capdo.staff_of'))
        OR governing = ANY (capdo.ctx_list('capdo.chairs'))
        OR (was_received AND governing = ANY (capdo.ctx_list('capdo.serves')))
$$;

CREATE OR REPLACE FUNCTION capdo.system_parts(of_system uuid)
RETURNS TABLE (units json, relations json, open_dossier json, decision json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT
        (SELECT coalesce(json_agg(json_build_object('organisation', json_build_object('id', o.id, 'name', o.name),
                'duty', u.duty) ORDER BY o.name), '[]')
            FROM capdo.system_unit u JOIN capdo.organisation o ON o.id = u.organisation_id
            WHERE u.system_id = s.id),
        (SELECT coalesce(json_agg(json_build_object('system', json_build_object('id', x.id, 'code', x.code,
                'name', x.name), 'kind', r.kind) ORDER BY x.code), '[]')
            FROM capdo.system_relation r JOIN capdo.system x ON x.id = r.related_id
            WHERE r.system_id = s.id AND capdo.system_visible(x.operator_id, x.governing_id, x.received)),
        (SELECT json_build_object('id', d.id, 'code', d.code, 'state', d.state)
            FROM capdo.dossier_system ds JOIN capdo.dossier d ON d.id = ds.dossier_id
            WHERE ds.system_id = s.id AND ds.open AND (d.submissions > 0
                OR capdo.system_visible(d.operator_id, d.governing_id, false))),
        (SELECT json_build_object('dossier_id', c.dossier_id, 'number', c.number, 'decided_on', c.decided_on,
                'signer_name', c.signer_name, 'capacity', c.capacity)
            FROM capdo.decision c WHERE c.id = s.decision_id)
    FROM capdo.system s
    WHERE s.id = of_system AND capdo.system_visible(s.operator_id, s.governing_id, s.received);
END $$;
REVOKE ALL ON FUNCTION capdo.system_parts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.system_parts(uuid) TO capdo_rt;
