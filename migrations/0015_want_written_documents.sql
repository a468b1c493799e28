-- A document number of spaces names no document. What is there already stays as it is.
ALTER TABLE capdo.specialised_unit ADD CONSTRAINT specialised_unit_document_written
    CHECK ((document_number = '' OR document_number ~ '\S') AND (ended_document = '' OR ended_document ~ '\S')) NOT VALID;
ALTER TABLE capdo.delegation ADD CONSTRAINT delegation_document_written
    CHECK (document_number ~ '\S' AND (ended_document = '' OR ended_document ~ '\S')) NOT VALID;
ALTER TABLE capdo.appraisal_assignment ADD CONSTRAINT appraisal_assignment_document_written
    CHECK (document_number ~ '\S' AND (ended_document = '' OR ended_document ~ '\S')) NOT VALID;
