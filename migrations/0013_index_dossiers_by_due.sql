-- What waits for someone is listed by its due date; dossiers without one come last. The list's order is in
-- the index, so that a page is read from its beginning and not sorted from everything that is open. Without
-- a condition on the state: the planner does not see that the list's own, which differ by role, imply it.
CREATE INDEX dossier_by_due_date ON capdo.dossier (coalesce(due_on, '9999-12-31'::date), id);
