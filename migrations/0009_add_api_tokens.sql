-- Tokens for programs, and counters of sign-ins by address.

-- A token belongs to an organisation, reads and never writes. Its secret is kept as a hash; what was
-- given is never widened or prolonged: a token ends, and another takes its place (rotated_from).
CREATE TABLE capdo.api_token (
    id              uuid PRIMARY KEY,
    key             text NOT NULL,
    secret_sha256   bytea NOT NULL,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    -- unit: systems that the organisation operates; body: those of the governing body; register: all
    reach           text NOT NULL,
    scopes          text[] NOT NULL,
    networks        cidr[] NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid NOT NULL REFERENCES capdo.account,
    expires_at      timestamptz NOT NULL,
    last_used_at    timestamptz,
    rotated_from    uuid REFERENCES capdo.api_token,
    revoked_at      timestamptz,
    revoked_by      uuid REFERENCES capdo.account,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT api_token_key_unique UNIQUE (key),
    CONSTRAINT api_token_rotated_once UNIQUE (rotated_from),
    CONSTRAINT api_token_organisation_exists FOREIGN KEY (organisation_id) REFERENCES capdo.organisation,
    CONSTRAINT api_token_key_form CHECK (key ~ '^[0-9A-Za-z]{12}$'),
    CONSTRAINT api_token_secret_length CHECK (octet_length(secret_sha256) = 32),
    CONSTRAINT api_token_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT api_token_reach_known CHECK (reach IN ('unit', 'body', 'register')),
    CONSTRAINT api_token_scopes_read CHECK (cardinality(scopes) BETWEEN 1 AND 5
        AND scopes <@ ARRAY['stats.read', 'system.read', 'dossier.read', 'label.read', 'organisation.read']),
    -- The whole register at once is shown as figures alone.
    CONSTRAINT api_token_register_figures CHECK (reach <> 'register'
        OR scopes <@ ARRAY['stats.read', 'organisation.read']),
    CONSTRAINT api_token_networks_few CHECK (cardinality(networks) <= 20),
    CONSTRAINT api_token_lifetime CHECK (expires_at <= created_at + interval '365 days'),
    CONSTRAINT api_token_revoked_by_someone CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX api_token_by_time ON capdo.api_token (created_at DESC, id DESC);

ALTER TABLE capdo.api_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE capdo.api_token FORCE ROW LEVEL SECURITY;
CREATE POLICY api_token_owner ON capdo.api_token TO capdo_owner USING (true) WITH CHECK (true);
CREATE POLICY api_token_read ON capdo.api_token FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin')));
CREATE POLICY api_token_add ON capdo.api_token FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND created_by = (SELECT capdo.ctx_account()));
CREATE POLICY api_token_end ON capdo.api_token FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin'))) WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')));
GRANT SELECT (id, key, organisation_id, name, reach, scopes, networks, created_at, created_by, expires_at,
    last_used_at, rotated_from, revoked_at, revoked_by, version) ON capdo.api_token TO capdo_rt;
GRANT INSERT (id, key, secret_sha256, organisation_id, name, reach, scopes, networks, created_by, expires_at,
    rotated_from) ON capdo.api_token TO capdo_rt;
GRANT UPDATE (expires_at, revoked_at, revoked_by, version) ON capdo.api_token TO capdo_rt;

-- Which program acts, while a token does; and whether it was given this scope. People need none.
CREATE FUNCTION capdo.ctx_token() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('capdo.token', true), '')::uuid $$;
CREATE FUNCTION capdo.ctx_scope(scope text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT capdo.ctx_token() IS NULL
        OR scope = ANY (string_to_array(current_setting('capdo.scopes', true), ',')) $$;

-- A token's transaction is read-only from its first statement (capdo.begin_as_token). Should that fail,
-- it still writes nothing of the procedure, and reads what lies inside systems, dossiers and labels
-- only with their scope.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['system', 'dossier', 'dossier_system', 'dossier_item', 'dossier_submission',
        'dossier_event', 'opinion', 'decision', 'label', 'label_event', 'organisation', 'api_token']
    LOOP
        EXECUTE format('CREATE POLICY %I ON capdo.%I AS RESTRICTIVE FOR INSERT TO capdo_rt
            WITH CHECK ((SELECT capdo.ctx_token()) IS NULL)', name || '_added_by_people', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['system', 'dossier', 'dossier_system', 'dossier_item', 'label', 'organisation',
        'api_token']
    LOOP
        EXECUTE format('CREATE POLICY %I ON capdo.%I AS RESTRICTIVE FOR UPDATE TO capdo_rt
            USING ((SELECT capdo.ctx_token()) IS NULL)', name || '_changed_by_people', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['dossier_item', 'dossier_submission', 'dossier_event', 'opinion', 'decision']
    LOOP
        EXECUTE format('CREATE POLICY %I ON capdo.%I AS RESTRICTIVE FOR SELECT TO capdo_rt
            USING ((SELECT capdo.ctx_scope(''dossier.read'')))', name || '_in_scope', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['system_unit', 'system_relation', 'system_version']
    LOOP
        EXECUTE format('CREATE POLICY %I ON capdo.%I AS RESTRICTIVE FOR SELECT TO capdo_rt
            USING ((SELECT capdo.ctx_scope(''system.read'')))', name || '_in_scope', name);
    END LOOP;
    CREATE POLICY label_event_in_scope ON capdo.label_event AS RESTRICTIVE FOR SELECT TO capdo_rt
        USING ((SELECT capdo.ctx_scope('label.read')));
END $$;

-- How often an address (of IPv6 its /64) tried to sign in during the present minute. Kept here so that
-- a restart forgives nobody; written by a routine alone.
CREATE TABLE capdo.sign_in_address (
    network    cidr PRIMARY KEY,
    since      timestamptz NOT NULL DEFAULT now(),
    tries      integer NOT NULL DEFAULT 1,
    CONSTRAINT sign_in_address_tries CHECK (tries >= 0)
);
ALTER TABLE capdo.sign_in_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE capdo.sign_in_address FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_address_owner ON capdo.sign_in_address TO capdo_owner USING (true) WITH CHECK (true);
