-- A session says by what it was opened and when a second factor was last shown; what touches access
-- is written to the security log in the transaction of the change.

ALTER TABLE capdo.session
    ADD id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT session_id_unique UNIQUE,
    -- A password was right but the second factor is still to come: this session may only finish or end.
    ADD pending boolean NOT NULL DEFAULT false,
    ADD method text NOT NULL DEFAULT 'password',
    ADD factor_at timestamptz,
    ADD user_agent text NOT NULL DEFAULT '',
    ADD address text NOT NULL DEFAULT '',
    ADD CONSTRAINT session_method_known CHECK (method IN ('password', 'passkey', 'oidc', 'activation')),
    ADD CONSTRAINT session_pending_has_no_factor CHECK (NOT pending OR factor_at IS NULL);

-- They return more from now on (routines: session).
DROP FUNCTION IF EXISTS capdo.begin_as(bytea, integer);
DROP FUNCTION IF EXISTS capdo.session_open(uuid, bytea, integer, integer);

-- Who signed in, was refused, changed rights or read what is most sensitive. Append-only; names are
-- kept as they were, so that they outlive the account.
CREATE TABLE capdo.security_event (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at              timestamptz NOT NULL DEFAULT now(),
    kind            text NOT NULL,
    outcome         text NOT NULL,
    account_id      uuid REFERENCES capdo.account,
    account_name    text NOT NULL DEFAULT '',
    subject_type    text NOT NULL DEFAULT '',
    subject_id      uuid,
    subject_name    text NOT NULL DEFAULT '',
    session_id      uuid,
    token_id        uuid,
    address         text NOT NULL DEFAULT '',
    user_agent      text NOT NULL DEFAULT '',
    request_id      text NOT NULL DEFAULT '',
    detail          jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT security_event_kind_form CHECK (kind ~ '^[a-z]+(\.[a-z_]+)+$'),
    CONSTRAINT security_event_outcome_known CHECK (outcome IN ('done', 'refused', 'failed')),
    CONSTRAINT security_event_detail_object CHECK (jsonb_typeof(detail) = 'object'
        AND octet_length(detail::text) <= 4096)
);
CREATE INDEX security_event_by_time ON capdo.security_event (at DESC, id DESC);
CREATE INDEX security_event_by_account ON capdo.security_event (account_id, at DESC, id DESC);
CREATE INDEX security_event_by_subject ON capdo.security_event (subject_id, at DESC, id DESC)
    WHERE subject_id IS NOT NULL;
CREATE INDEX security_event_by_kind ON capdo.security_event (kind, at DESC, id DESC);

ALTER TABLE capdo.security_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE capdo.security_event FORCE ROW LEVEL SECURITY;
CREATE POLICY security_event_owner ON capdo.security_event TO capdo_owner USING (true) WITH CHECK (true);
-- One's own part, and everything for the administrator. Written by a routine alone.
CREATE POLICY security_event_read ON capdo.security_event FOR SELECT TO capdo_rt
    USING (account_id = (SELECT capdo.ctx_account()) OR subject_id = (SELECT capdo.ctx_account())
        OR (SELECT capdo.ctx_is('capdo.admin')));
GRANT SELECT ON capdo.security_event TO capdo_rt;
