-- The security log.

-- Adds an entry of that time: one may have waited for the database, but no longer than a day.
CREATE OR REPLACE FUNCTION capdo.security_log_add_late(happened timestamptz, event_kind text, event_outcome text,
    who uuid, who_name text, what_type text, what_id uuid, what_name text, session uuid, token uuid,
    from_address text, agent text, request text, more jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    INSERT INTO capdo.security_event (at, kind, outcome, account_id, account_name, subject_type, subject_id,
        subject_name, session_id, token_id, address, user_agent, request_id, detail)
    SELECT least(now(), greatest(happened, now() - interval '1 day')), event_kind, event_outcome,
        -- A token is no account: it is named in a column of its own.
        CASE WHEN token IS NULL THEN coalesce(who, capdo.ctx_account()) END,
        coalesce(nullif(who_name, ''), CASE WHEN token IS NULL
            THEN (SELECT a.display_name FROM capdo.account a WHERE a.id = coalesce(who, capdo.ctx_account()))
            ELSE (SELECT t.name FROM capdo.api_token t WHERE t.id = token) END, ''),
        what_type, what_id, what_name, session, token, from_address, agent, request, coalesce(more, '{}')
$$;
REVOKE ALL ON FUNCTION capdo.security_log_add_late(timestamptz, text, text, uuid, text, text, uuid, text, uuid, uuid,
    text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.security_log_add_late(timestamptz, text, text, uuid, text, text, uuid, text, uuid,
    uuid, text, text, text, jsonb) TO capdo_rt;

-- Adds an entry; called by the server in the transaction of what it tells of, and for refusals in one
-- of its own. Who acts comes from the transaction where someone does; a sign-in names the account.
CREATE OR REPLACE FUNCTION capdo.security_log_add(event_kind text, event_outcome text, who uuid, who_name text,
    what_type text, what_id uuid, what_name text, session uuid, token uuid, from_address text, agent text,
    request text, more jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, capdo AS $$
    SELECT capdo.security_log_add_late(now(), event_kind, event_outcome, who, who_name, what_type, what_id,
        what_name, session, token, from_address, agent, request, more)
$$;
REVOKE ALL ON FUNCTION capdo.security_log_add(text, text, uuid, text, text, uuid, text, uuid, uuid, text, text, text,
    jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.security_log_add(text, text, uuid, text, text, uuid, text, uuid, uuid, text, text,
    text, jsonb) TO capdo_rt;

CREATE OR REPLACE TRIGGER security_event_append_only BEFORE UPDATE OR DELETE ON capdo.security_event
    FOR EACH ROW EXECUTE FUNCTION capdo.refuse_change();
CREATE OR REPLACE TRIGGER security_event_no_truncate BEFORE TRUNCATE ON capdo.security_event
    FOR EACH STATEMENT EXECUTE FUNCTION capdo.refuse_change();

-- Which entries a search by words shows, in the order of time, behind (after_at, after_id). As with
-- systems (routines: search), an index of words cannot be used below a policy; so the administrator's
-- part of the policy stands here again, and the caller joins the table below it once more. NULL or an
-- empty array is no filter; all words must occur. The newest entries that fit are looked through
-- first: a word that does not fill the page from them is rare enough for the index.
CREATE OR REPLACE FUNCTION capdo.security_event_search(words text[], kinds text[], outcomes text[], accounts uuid[],
    subjects uuid[], since timestamptz, until timestamptz, descending boolean, after_at timestamptz, after_id uuid,
    rows integer)
RETURNS TABLE (id uuid, ordinal bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
DECLARE
    patterns text[];
    wanted text[];
    worded text[] := '{}';
    ordering text := CASE WHEN descending THEN 'e.at DESC, e.id DESC' ELSE 'e.at, e.id' END;
    condition text;
    hits uuid[];
    scanned bigint;
    sample bigint := greatest(2000, 2 * rows::bigint);
BEGIN
    IF NOT capdo.ctx_is('capdo.admin') THEN
        RETURN;
    END IF;
    SELECT array_agg(capdo.search_pattern(w)) INTO patterns FROM unnest(words) w WHERE w <> '';
    FOR i IN 1 .. coalesce(cardinality(patterns), 0) LOOP
        worded := worded || format('e.search LIKE ($1)[%s]', i);
    END LOOP;
    IF worded = '{}' THEN
        worded := ARRAY['true'];
    END IF;
    wanted := array_remove(ARRAY['true',
        CASE WHEN kinds <> '{}' THEN 'e.kind = ANY ($2)' END,
        CASE WHEN outcomes <> '{}' THEN 'e.outcome = ANY ($3)' END,
        CASE WHEN accounts <> '{}' THEN 'e.account_id = ANY ($4)' END,
        CASE WHEN subjects <> '{}' THEN 'e.subject_id = ANY ($5)' END,
        CASE WHEN since IS NOT NULL THEN 'e.at >= $6' END,
        CASE WHEN until IS NOT NULL THEN 'e.at <= $7' END,
        CASE WHEN after_id IS NOT NULL AND descending THEN '(e.at, e.id) < ($8, $9)'
            WHEN after_id IS NOT NULL THEN '(e.at, e.id) > ($8, $9)' END], NULL);
    condition := array_to_string(wanted, ' AND ');

    EXECUTE 'SELECT array_agg(e.id ORDER BY ' || ordering || ') FILTER (WHERE ' || array_to_string(worded, ' AND ')
        || '), count(*) FROM (SELECT e.id, e.at, e.search FROM capdo.security_event e WHERE ' || condition
        || ' ORDER BY ' || ordering || ' LIMIT $10) e'
        INTO hits, scanned
        USING patterns, kinds, outcomes, accounts, subjects, since, until, after_at, after_id, sample;
    IF scanned = sample AND coalesce(cardinality(hits), 0) < rows THEN
        EXECUTE 'WITH hit AS MATERIALIZED (SELECT e.id, e.at, e.kind, e.outcome, e.account_id, e.subject_id'
            || ' FROM capdo.security_event e WHERE ' || array_to_string(worded, ' AND ')
            || ') SELECT array_agg(x.id) FROM (SELECT e.id FROM hit e WHERE ' || condition || ' ORDER BY '
            || ordering || ' LIMIT $10) x'
            INTO hits
            USING patterns, kinds, outcomes, accounts, subjects, since, until, after_at, after_id, rows::bigint;
    END IF;
    RETURN QUERY SELECT h.id, h.n FROM unnest(hits[1:rows]) WITH ORDINALITY AS h (id, n);
END $$;
REVOKE ALL ON FUNCTION capdo.security_event_search(text[], text[], text[], uuid[], uuid[], timestamptz, timestamptz,
    boolean, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.security_event_search(text[], text[], text[], uuid[], uuid[], timestamptz,
    timestamptz, boolean, timestamptz, uuid, integer) TO capdo_rt;
