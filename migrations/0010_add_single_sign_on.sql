-- Single sign-on: who a person is for an identity provider, sign-ins under way, and what is needed to
-- sign out on both sides. Roles stay in membership; nothing here gives any.

-- One identity (issuer, subject) belongs to one account at a time. It ends and is never deleted.
CREATE TABLE capdo.account_identity (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES capdo.account,
    issuer     text NOT NULL,
    subject    text NOT NULL,
    -- As the provider showed the person when it was linked: to tell one from another, never compared.
    name       text NOT NULL DEFAULT '',
    linked_at  timestamptz NOT NULL DEFAULT now(),
    linked_by  uuid NOT NULL REFERENCES capdo.account,
    used_at    timestamptz,
    ended_at   timestamptz,
    CONSTRAINT account_identity_issuer_length CHECK (octet_length(issuer) BETWEEN 1 AND 1000),
    CONSTRAINT account_identity_subject_length CHECK (octet_length(subject) BETWEEN 1 AND 255),
    CONSTRAINT account_identity_name_length CHECK (char_length(name) <= 200),
    CONSTRAINT account_identity_dates CHECK (ended_at >= linked_at)
);
CREATE UNIQUE INDEX account_identity_taken ON capdo.account_identity (issuer, subject) WHERE ended_at IS NULL;
CREATE INDEX account_identity_account ON capdo.account_identity (account_id);

-- A browser that was sent to the provider and has not come back. Found by the hash of `state`; bound to
-- the browser by the hash of its cookie. nonce and PKCE verifier are derived from the cookie: what is
-- stored here finishes no sign-in.
CREATE TABLE capdo.sign_on_attempt (
    state_sha256   bytea PRIMARY KEY,
    browser_sha256 bytea NOT NULL,
    -- Set: not a sign-in but the linking of an identity to this account, by its owner.
    link_to        uuid REFERENCES capdo.account,
    return_path    text NOT NULL,
    expires_at     timestamptz NOT NULL,
    CONSTRAINT sign_on_attempt_hashes CHECK (octet_length(state_sha256) = 32 AND octet_length(browser_sha256) = 32),
    CONSTRAINT sign_on_attempt_path CHECK (return_path ~ '^/([^/\\]|$)' AND octet_length(return_path) <= 500)
);
CREATE INDEX sign_on_attempt_expiry ON capdo.sign_on_attempt (expires_at);

-- What the provider calls a session that it opened. The ID token is kept because the provider wants to
-- see it again when the person signs out; it opens nothing here.
CREATE TABLE capdo.session_identity (
    session_id  uuid PRIMARY KEY REFERENCES capdo.session (id) ON DELETE CASCADE,
    identity_id uuid NOT NULL REFERENCES capdo.account_identity,
    provider_session text,
    id_token    text NOT NULL
);
CREATE INDEX session_identity_identity ON capdo.session_identity (identity_id);
CREATE INDEX session_identity_provider ON capdo.session_identity (provider_session);

-- Logout tokens that were obeyed: each once.
CREATE TABLE capdo.logout_token_used (
    id_sha256  bytea PRIMARY KEY CONSTRAINT logout_token_hash CHECK (octet_length(id_sha256) = 32),
    expires_at timestamptz NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account_identity', 'sign_on_attempt', 'session_identity', 'logout_token_used']
    LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
    END LOOP;
END $$;

-- The server sees and links a person's own identities while that person acts; the administrator sees
-- all of them. Everything else goes through routines (sign_on.sql).
CREATE POLICY account_identity_read ON capdo.account_identity FOR SELECT TO capdo_rt
    USING (account_id = (SELECT capdo.ctx_account()) OR (SELECT capdo.ctx_is('capdo.admin')));
CREATE POLICY account_identity_add ON capdo.account_identity FOR INSERT TO capdo_rt
    WITH CHECK (account_id = (SELECT capdo.ctx_account()) AND linked_by = (SELECT capdo.ctx_account()));
CREATE POLICY account_identity_end ON capdo.account_identity FOR UPDATE TO capdo_rt
    USING (account_id = (SELECT capdo.ctx_account()) AND ended_at IS NULL)
    WITH CHECK (account_id = (SELECT capdo.ctx_account()) AND ended_at IS NOT NULL);
GRANT SELECT ON capdo.account_identity TO capdo_rt;
GRANT INSERT (id, account_id, issuer, subject, name, linked_by) ON capdo.account_identity TO capdo_rt;
GRANT UPDATE (ended_at) ON capdo.account_identity TO capdo_rt;
