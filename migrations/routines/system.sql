-- What is shown with a system and kept elsewhere.

-- The same words as policy system_read; tests compare what both let through.
CREATE OR REPLACE FUNCTION capdo.system_visible(operator uuid, governing uuid, was_received boolean,
    entrusted text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT capdo.ctx_is('capdo.office')
        OR operator = ANY (capdo.ctx_list('capdo.staff_of'))
        OR governing = ANY (capdo.ctx_list('capdo.chairs'))
        OR (was_received AND governing = ANY (capdo.ctx_list('capdo.serves')))
        OR (was_received AND entrusted <> ''
            AND string_to_array(entrusted, ' ')::uuid[] && capdo.ctx_list('capdo.entrusted'))
$$;

-- What belongs to the system itself. SECURITY DEFINER, so that small look-ups are not each checked against
-- the policies of three tables; it asks itself whether the system may be seen. Of other things it says
-- only whether there are any: the caller looks them up below the policies, with the two functions after it.
CREATE OR REPLACE FUNCTION capdo.system_parts(of_system uuid)
RETURNS TABLE (units json, related boolean, open_dossier uuid, decision json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
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
REVOKE ALL ON FUNCTION capdo.system_parts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.system_parts(uuid) TO capdo_rt;

-- Related systems that the one who asks sees. PL/pgSQL, because it then costs nothing until it is called:
-- most systems have none.
CREATE OR REPLACE FUNCTION capdo.system_relations(of_system uuid) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(json_agg(json_build_object('system', json_build_object('id', x.id, 'code', x.code,
            'name', x.name), 'kind', r.kind) ORDER BY x.code), '[]')
        FROM capdo.system_relation r JOIN capdo.system x ON x.id = r.related_id
        WHERE r.system_id = of_system AND capdo.system_visible(x.operator_id, x.governing_id, x.received,
            x.entrusted));
END $$;
REVOKE ALL ON FUNCTION capdo.system_relations(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.system_relations(uuid) TO capdo_rt;

-- The open dossier, if the one who asks sees it.
CREATE OR REPLACE FUNCTION capdo.system_open_dossier(dossier uuid) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT json_build_object('id', d.id, 'code', d.code, 'state', d.state) FROM capdo.dossier d
        WHERE d.id = dossier AND capdo.dossier_visible(d.operator_id, d.governing_id, d.submissions, d.entrusted));
END $$;
REVOKE ALL ON FUNCTION capdo.system_open_dossier(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.system_open_dossier(uuid) TO capdo_rt;
