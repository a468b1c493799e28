-- A record that had not begun when its body ended never held: its last day is the one before its first.
ALTER TABLE capdo.specialised_unit DROP CONSTRAINT specialised_unit_dates,
    ADD CONSTRAINT specialised_unit_dates CHECK (valid_to IS NULL OR valid_to >= valid_from - 1);
ALTER TABLE capdo.delegation DROP CONSTRAINT delegation_dates,
    ADD CONSTRAINT delegation_dates CHECK (valid_to >= valid_from - 1 AND valid_to <= term_to);
ALTER TABLE capdo.appraisal_assignment DROP CONSTRAINT appraisal_assignment_dates,
    ADD CONSTRAINT appraisal_assignment_dates CHECK (valid_to IS NULL OR valid_to >= valid_from - 1);

-- By which document a post ended stands in one column.
UPDATE capdo.membership m SET end_document_number = left(m.ended_document, 200), ended_at = coalesce(m.ended_at,
        (SELECT max(e.recorded_at) FROM capdo.organisation_event e WHERE e.document_number = m.ended_document))
    WHERE m.end_document_number = '' AND m.ended_document <> '';
ALTER TABLE capdo.membership DROP COLUMN ended_document;

-- They ask about a day from now on (routines: organisation).
DROP FUNCTION IF EXISTS capdo.organisation_side_problem(uuid, uuid);
DROP FUNCTION IF EXISTS capdo.organisation_split_problems(uuid, jsonb);
