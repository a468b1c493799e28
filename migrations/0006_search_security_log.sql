-- The security log is searched by names, in any case, with or without diacritics.
ALTER TABLE capdo.security_event
    ADD search text NOT NULL GENERATED ALWAYS AS (capdo.fold(account_name || ' ' || subject_name)) STORED;
CREATE INDEX security_event_search ON capdo.security_event USING gin (search public.gin_trgm_ops);
