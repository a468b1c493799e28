-- What a person shows beside the password: a code of an authenticator app, a passkey, a recovery code.
-- The server's role reads none of these tables: it asks narrow questions (routines: factor).

-- The secret of an authenticator app, sealed under a key that is not in the database (option
-- secret_key_file): nonce, ciphertext, tag. One in use, and at most one that waits for its first code.
CREATE TABLE capdo.credential_totp (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id   uuid NOT NULL REFERENCES capdo.account,
    key_id       text NOT NULL,
    sealed       bytea NOT NULL,
    last_counter bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,
    CONSTRAINT credential_totp_key_id_form CHECK (key_id ~ '^[0-9a-f]{16}$'),
    CONSTRAINT credential_totp_sealed_length CHECK (octet_length(sealed) = 24 + 20 + 16)
);
CREATE UNIQUE INDEX credential_totp_one_waits ON capdo.credential_totp (account_id) WHERE confirmed_at IS NULL;
CREATE UNIQUE INDEX credential_totp_one_used ON capdo.credential_totp (account_id) WHERE confirmed_at IS NOT NULL;

-- A public key of WebAuthn: ES256 (x and y) or EdDSA.
CREATE TABLE capdo.credential_passkey (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES capdo.account,
    credential_id bytea NOT NULL CONSTRAINT credential_passkey_once UNIQUE,
    algorithm     integer NOT NULL,
    public_key    bytea NOT NULL,
    sign_count    bigint NOT NULL,
    name          text NOT NULL,
    rp_id         text NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    CONSTRAINT credential_passkey_id_length CHECK (octet_length(credential_id) BETWEEN 16 AND 1023),
    CONSTRAINT credential_passkey_key_length CHECK ((algorithm = -7 AND octet_length(public_key) = 64)
        OR (algorithm = -8 AND octet_length(public_key) = 32)),
    CONSTRAINT credential_passkey_count CHECK (sign_count BETWEEN 0 AND 4294967295),
    CONSTRAINT credential_passkey_name_length CHECK (char_length(name) BETWEEN 1 AND 60)
);
CREATE INDEX credential_passkey_account ON capdo.credential_passkey (account_id);

-- Random enough (100 bits) that a plain hash keeps them.
CREATE TABLE capdo.recovery_code (
    account_id  uuid NOT NULL REFERENCES capdo.account,
    code_sha256 bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    used_at     timestamptz,
    PRIMARY KEY (account_id, code_sha256),
    CONSTRAINT recovery_code_is_hash CHECK (octet_length(code_sha256) = 32)
);

-- Wrong codes since the window began; the row is locked while a code is judged.
CREATE TABLE capdo.factor_attempt (
    account_id uuid PRIMARY KEY REFERENCES capdo.account,
    failures   integer NOT NULL DEFAULT 0,
    since      timestamptz NOT NULL DEFAULT now()
);

-- What a passkey signs: used once, for one purpose, in one session (none: signing in without a name).
CREATE TABLE capdo.auth_challenge (
    challenge  bytea PRIMARY KEY,
    purpose    text NOT NULL,
    session_id uuid REFERENCES capdo.session (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    CONSTRAINT auth_challenge_length CHECK (octet_length(challenge) = 32),
    CONSTRAINT auth_challenge_purpose_known CHECK (purpose IN ('sign_in', 'factor', 'register')),
    CONSTRAINT auth_challenge_has_session CHECK ((purpose = 'sign_in') = (session_id IS NULL))
);
CREATE INDEX auth_challenge_expires ON capdo.auth_challenge (expires_at);
CREATE INDEX auth_challenge_session ON capdo.auth_challenge (session_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['credential_totp', 'credential_passkey', 'recovery_code', 'factor_attempt',
        'auth_challenge']
    LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
    END LOOP;
END $$;

-- How long a second factor counts as fresh: LIMIT_STEP_UP_S in server/base/limits.h.
CREATE FUNCTION capdo.step_up_s() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 300 $$;

-- Whoever acts in this transaction showed a second factor a moment ago; set by capdo.begin_as.
CREATE FUNCTION capdo.ctx_fresh_factor() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('capdo.factor_at', true), '')::timestamptz
        > now() - make_interval(secs => capdo.step_up_s()), false) $$;

-- Nobody decides without it, whatever the server asks.
CREATE POLICY decision_fresh_factor ON capdo.decision AS RESTRICTIVE FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_fresh_factor()));
