-- A relation leads only to a system that the one who adds it sees: otherwise an answer would tell whether
-- an identifier of another unit exists. The nil identifier stands for a system that is not seen; no system
-- has it, so that the foreign key refuses it under its own name, as any other that does not exist.
ALTER POLICY system_relation_add ON capdo.system_relation
    WITH CHECK (EXISTS (SELECT FROM capdo.system s WHERE s.id = system_id
            AND s.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[]))
        AND (related_id = '00000000-0000-0000-0000-000000000000'
            OR EXISTS (SELECT FROM capdo.system x WHERE x.id = related_id)));
