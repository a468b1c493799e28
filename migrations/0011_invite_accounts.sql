-- Accounts are invited and activated by their owner; roles are dated records with a document; guesses
-- are counted by name, so that a name that nobody has is treated like one that somebody has.

ALTER TABLE capdo.account
    -- '!': no password yet, or taken back by a reset.
    ALTER password_hash SET DEFAULT '!',
    ADD email text NOT NULL DEFAULT '',
    ADD created_by uuid CONSTRAINT account_created_by_exists REFERENCES capdo.account,
    ADD updated_at timestamptz NOT NULL DEFAULT now(),
    -- When its owner first chose a password; NULL: still invited.
    ADD activated_at timestamptz,
    ADD CONSTRAINT account_email_length CHECK (char_length(email) <= 200),
    ADD CONSTRAINT account_display_name_nfc CHECK (display_name IS NFC NORMALIZED),
    DROP failures,
    DROP retry_at;
UPDATE capdo.account SET activated_at = created_at WHERE password_hash <> '!';

ALTER TABLE capdo.membership
    ADD granted_by uuid REFERENCES capdo.account,
    ADD granted_at timestamptz NOT NULL DEFAULT now(),
    ADD end_document_number text NOT NULL DEFAULT '',
    ADD ended_by uuid REFERENCES capdo.account,
    ADD ended_at timestamptz,
    ADD version integer NOT NULL DEFAULT 1,
    -- A role that ends on the day it began never held: its last day is the one before.
    DROP CONSTRAINT membership_dates,
    ADD CONSTRAINT membership_dates CHECK (valid_to IS NULL OR valid_to >= valid_from - 1),
    ADD CONSTRAINT membership_document_length CHECK (char_length(document_number) <= 200
        AND char_length(end_document_number) <= 200),
    ADD CONSTRAINT membership_end_complete CHECK ((ended_at IS NULL) OR valid_to IS NOT NULL);

-- The one way to a password: a link that is given to the person, works once and for a while. Only the
-- SHA-256 of its token is kept.
CREATE TABLE capdo.account_link (
    token_sha256 bytea PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES capdo.account,
    purpose      text NOT NULL,
    created_by   uuid REFERENCES capdo.account, -- NULL: the command line
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    ended_at     timestamptz, -- replaced by a newer one, or its account was disabled
    CONSTRAINT account_link_token_is_hash CHECK (octet_length(token_sha256) = 32),
    CONSTRAINT account_link_purpose_known CHECK (purpose IN ('activation', 'reset'))
);
CREATE UNIQUE INDEX account_link_one_open ON capdo.account_link (account_id)
    WHERE used_at IS NULL AND ended_at IS NULL;

-- Failed sign-ins by the hash of the name: of each device that the account is known on, and of all
-- others together, so that a stranger cannot lock out the owner.
CREATE TABLE capdo.sign_in_counter (
    name_sha256   bytea NOT NULL,
    device_sha256 bytea NOT NULL DEFAULT '',
    failures      integer NOT NULL DEFAULT 0,
    retry_at      timestamptz,
    last_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sign_in_counter_once PRIMARY KEY (name_sha256, device_sha256),
    CONSTRAINT sign_in_counter_hashes CHECK (octet_length(name_sha256) = 32
        AND octet_length(device_sha256) IN (0, 32))
);
CREATE TABLE capdo.known_device (
    account_id    uuid NOT NULL REFERENCES capdo.account,
    device_sha256 bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT known_device_once PRIMARY KEY (account_id, device_sha256),
    CONSTRAINT known_device_is_hash CHECK (octet_length(device_sha256) = 32)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account_link', 'sign_in_counter', 'known_device'] LOOP
        EXECUTE format('ALTER TABLE capdo.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON capdo.%I TO capdo_owner USING (true) WITH CHECK (true)',
            name || '_owner', name);
    END LOOP;
END $$;

-- An administrator invites, disables and enables; passwords are out of reach (routines: account).
CREATE POLICY account_add ON capdo.account FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND created_by = (SELECT capdo.ctx_account()));
CREATE POLICY account_change ON capdo.account FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin')) AND id <> (SELECT capdo.ctx_account()))
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')));
GRANT INSERT (id, username, display_name, email, created_by) ON capdo.account TO capdo_rt;
GRANT UPDATE (disabled_at, version, updated_at) ON capdo.account TO capdo_rt;
GRANT SELECT (email, created_by, updated_at, activated_at) ON capdo.account TO capdo_rt;

-- Roles are given by an administrator to somebody else, never to oneself; they end and stay.
CREATE POLICY membership_add ON capdo.membership FOR INSERT TO capdo_rt
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND granted_by = (SELECT capdo.ctx_account())
        AND account_id <> (SELECT capdo.ctx_account()));
CREATE POLICY membership_end ON capdo.membership FOR UPDATE TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin')))
    WITH CHECK ((SELECT capdo.ctx_is('capdo.admin')) AND ended_by = (SELECT capdo.ctx_account()));
GRANT INSERT (id, account_id, organisation_id, role, valid_from, valid_to, document_number, granted_by)
    ON capdo.membership TO capdo_rt;
GRANT UPDATE (valid_to, end_document_number, ended_by, ended_at, version) ON capdo.membership TO capdo_rt;

CREATE POLICY account_link_read ON capdo.account_link FOR SELECT TO capdo_rt
    USING ((SELECT capdo.ctx_is('capdo.admin')));
GRANT SELECT (account_id, purpose, created_by, created_at, expires_at, used_at, ended_at)
    ON capdo.account_link TO capdo_rt;

-- They take and tell other things from now on (routines: session, account).
DROP FUNCTION IF EXISTS capdo.login_find(text);
DROP FUNCTION IF EXISTS capdo.login_failed(uuid);
