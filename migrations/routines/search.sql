-- Which systems a list shows, in its order. Below a policy PostgreSQL may not use an index for LIKE
-- (it could leak rows through its errors), nor one for "mine" when the policy is an OR of several
-- reasons. So this function repeats what the policy system_read says about the one who acts, as
-- conditions that an index serves, and returns identifiers only; the caller joins capdo.system with
-- them, where the policy decides once more.
--
-- NULL or an empty array is no filter. words: all must occur, in any case, with or without
-- diacritics. Sorted by updated_at, name, code or level, then id in the same direction; a system
-- without level comes last ascending, first descending. The page starts behind (after_time,
-- after_id) for updated_at, else behind (after_text, after_id), where the text of a level is its
-- number or none. Every value is a parameter; the text of the query is put together from constants.
--
-- Below a policy PostgreSQL does not use its statistics for LIKE either, so it cannot tell a common
-- word from a rare one, and each plan is terrible for the other. So the first rows in the order of
-- the list are looked through; a word that is not common enough to fill the page from them is rare
-- enough to be looked up in the index of parts of words.

CREATE OR REPLACE FUNCTION capdo.search_pattern(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '%' || replace(replace(replace(capdo.fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

CREATE OR REPLACE FUNCTION capdo.system_search(words text[], levels smallint[], level_none boolean,
    statuses text[], life_cycles text[], plan_statuses text[], rulesets text[], operators uuid[],
    governings uuid[], since timestamptz, sort text, descending boolean, after_text text,
    after_time timestamptz, after_id uuid, rows integer)
RETURNS TABLE (id uuid, ordinal bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, capdo AS $$
#variable_conflict use_column
DECLARE
    staff_of uuid[] := capdo.ctx_list('capdo.staff_of');
    chairs uuid[] := capdo.ctx_list('capdo.chairs');
    serves uuid[] := capdo.ctx_list('capdo.serves');
    entrusted uuid[] := capdo.ctx_list('capdo.entrusted');
    patterns text[];
    reasons text[] := '{}';
    wanted text[] := '{}';   -- conditions of the whole list
    worded text[] := '{}';   -- those on words
    hits uuid[];
    scanned bigint;
    samples bigint[] := ARRAY[greatest(500, 2 * rows::bigint), greatest(5000, 2 * rows::bigint)];
    sample bigint;
    segments text[] := '{}'; -- it is the first of these, then the next: conditions, in order
    page text;               -- condition of the page within the first segment
    direction text := CASE WHEN descending THEN ' DESC' ELSE ' ASC' END;
    beyond text := CASE WHEN descending THEN ' < ' ELSE ' > ' END;
    ordering text;
    segment text;
    found_rows bigint := 0;
BEGIN
    IF capdo.ctx_account() IS NULL THEN
        RETURN;
    END IF;
    IF NOT capdo.ctx_is('capdo.office') THEN
        reasons := array_remove(ARRAY[
            CASE cardinality(staff_of) WHEN 0 THEN NULL WHEN 1 THEN 's.operator_id = ($1)[1]'
                ELSE 's.operator_id = ANY ($1)' END,
            CASE WHEN chairs <> '{}' THEN 's.governing_id = ANY ($2)' END,
            CASE WHEN serves <> '{}' THEN 's.received AND s.governing_id = ANY ($3)' END,
            CASE WHEN entrusted <> '{}' THEN 's.received AND s.entrusted <> '''' AND'
                || ' string_to_array(s.entrusted, '' '')::uuid[] && $17' END], NULL);
        IF reasons = '{}' THEN
            RETURN;
        END IF;
        wanted := ARRAY['(' || array_to_string(reasons, ' OR ') || ')'];
    END IF;

    SELECT array_agg(capdo.search_pattern(w)) INTO patterns FROM unnest(words) w WHERE w <> '';
    FOR i IN 1 .. coalesce(cardinality(patterns), 0) LOOP
        worded := worded || format('s.search LIKE ($4)[%s]', i);
    END LOOP;
    wanted := wanted || array_remove(ARRAY[
        CASE WHEN levels <> '{}' AND level_none THEN '(s.level = ANY ($5) OR s.level IS NULL)'
            WHEN cardinality(levels) = 1 THEN 's.level = ($5)[1]'
            WHEN levels <> '{}' THEN 's.level = ANY ($5)' WHEN level_none THEN 's.level IS NULL' END,
        CASE WHEN cardinality(statuses) = 1 THEN 's.approval_status = ($6)[1]'
            WHEN statuses <> '{}' THEN 's.approval_status = ANY ($6)' END,
        CASE WHEN life_cycles <> '{}' THEN 's.life_cycle = ANY ($7)' END,
        CASE WHEN plan_statuses <> '{}' THEN 's.plan_status = ANY ($8)' END,
        CASE WHEN rulesets <> '{}' THEN 's.ruleset = ANY ($9)' END,
        CASE WHEN cardinality(operators) = 1 THEN 's.operator_id = ($10)[1]'
            WHEN operators <> '{}' THEN 's.operator_id = ANY ($10)' END,
        CASE WHEN governings <> '{}' THEN 's.governing_id = ANY ($11)' END,
        CASE WHEN since IS NOT NULL THEN 's.updated_at >= $12' END], NULL);

    IF sort = 'level' THEN
        -- One segment per level, so that each is read in the order of an index.
        segments := ARRAY['s.level = 1', 's.level = 2', 's.level = 3', 's.level = 4', 's.level = 5',
            's.level IS NULL'];
        IF descending THEN
            segments := ARRAY['s.level IS NULL', 's.level = 5', 's.level = 4', 's.level = 3', 's.level = 2',
                's.level = 1'];
        END IF;
        IF after_id IS NOT NULL THEN
            segments := segments[CASE WHEN after_text = 'none' AND descending THEN 1
                WHEN after_text = 'none' THEN 6 WHEN descending THEN 7 - after_text::integer
                ELSE after_text::integer END :];
            page := 's.id' || beyond || '$15';
        END IF;
        ordering := 's.id' || direction;
    ELSE
        segments := ARRAY['true'];
        ordering := CASE sort WHEN 'name' THEN 's.name COLLATE "vi-x-icu"' WHEN 'code' THEN 's.code'
            ELSE 's.updated_at' END;
        IF after_id IS NOT NULL THEN
            page := format('(%s, s.id)%s(%s, $15)', ordering, beyond,
                CASE WHEN sort IN ('name', 'code') THEN '$13' ELSE '$14' END);
        END IF;
        ordering := ordering || direction || ', s.id' || direction;
    END IF;

    FOREACH segment IN ARRAY segments LOOP
        segment := array_to_string(wanted || segment || page, ' AND ') || ' ORDER BY ' || ordering
            || ' LIMIT $16';
        IF patterns IS NULL THEN
            EXECUTE 'SELECT array_agg(x.id) FROM (SELECT s.id FROM capdo.system s WHERE ' || segment || ') x'
                INTO hits
                USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses, rulesets,
                    operators, governings, since, after_text, after_time, after_id, rows - found_rows, entrusted;
        ELSE
            FOREACH sample IN ARRAY samples LOOP
                EXECUTE 'SELECT array_agg(s.id) FILTER (WHERE ' || array_to_string(worded, ' AND ')
                    || '), count(*) FROM (SELECT s.id, s.search FROM capdo.system s WHERE ' || segment || ') s'
                    INTO hits, scanned
                    USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses, rulesets,
                        operators, governings, since, after_text, after_time, after_id, sample, entrusted;
                EXIT WHEN scanned < sample OR cardinality(hits) >= rows - found_rows;
            END LOOP;
            IF scanned = sample AND coalesce(cardinality(hits), 0) < rows - found_rows THEN
                EXECUTE 'WITH hit AS MATERIALIZED (SELECT s.id, s.name, s.code, s.updated_at, s.level,'
                    || ' s.operator_id, s.governing_id, s.received, s.entrusted, s.approval_status, s.life_cycle,'
                    || ' s.plan_status, s.ruleset FROM capdo.system s WHERE ' || array_to_string(worded, ' AND ')
                    || ') SELECT array_agg(x.id) FROM (SELECT s.id FROM hit s WHERE ' || segment || ') x'
                    INTO hits
                    USING staff_of, chairs, serves, patterns, levels, statuses, life_cycles, plan_statuses,
                        rulesets, operators, governings, since, after_text, after_time, after_id,
                        rows - found_rows, entrusted;
            END IF;
        END IF;
        RETURN QUERY SELECT h.id, found_rows + h.n
            FROM unnest(hits[1 : (rows - found_rows)::integer]) WITH ORDINALITY AS h (id, n);
        found_rows := found_rows + coalesce(cardinality(hits), 0);
        EXIT WHEN found_rows >= rows;
        page := NULL;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION capdo.system_search(text[], smallint[], boolean, text[], text[], text[], text[], uuid[],
    uuid[], timestamptz, text, boolean, text, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capdo.system_search(text[], smallint[], boolean, text[], text[], text[], text[], uuid[],
    uuid[], timestamptz, text, boolean, text, timestamptz, uuid, integer) TO capdo_rt;
