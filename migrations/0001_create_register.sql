-- The register: organisations, people, systems. Names of constraints are part of the contract with
-- server/db: a violated constraint becomes the fault of the same meaning (db/constraint table).
--
-- Roles (deploy/postgres/roles.sql): capdo_owner owns everything and migrates; capdo_rt is the server.
-- Every tenant table has row-level security ENABLED and FORCED; the owner has an explicit policy.

CREATE SCHEMA IF NOT EXISTS capdo;
GRANT USAGE ON SCHEMA capdo TO capdo_rt;

-- Text as it is searched: lower case, without Vietnamese diacritics ("Hệ thống" -> "he thong").
-- unaccent is only STABLE because its dictionary could change; ours never does.
CREATE FUNCTION capdo.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

-- SHA-256 of the text in UTF-8. convert_to is only STABLE because conversions could be redefined; the
-- database is UTF-8 itself.
CREATE FUNCTION capdo.sha256_text(value text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT sha256(convert_to(value, 'UTF8')) $$;

-- The civil date in Viet Nam.
CREATE FUNCTION capdo.today() RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date $$;

-- Who acts in this transaction; set by capdo.begin_as. Unset means nobody: no row passes.
CREATE FUNCTION capdo.ctx_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('capdo.account', true), '')::uuid $$;
CREATE FUNCTION capdo.ctx_list(setting text) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting(setting, true), '')::uuid[], '{}') $$;
CREATE FUNCTION capdo.ctx_is(setting text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting(setting, true), '') = 'true' $$;

CREATE FUNCTION capdo.refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
END $$;

------------------------------------------------------------------------------ organisations, people

CREATE TABLE capdo.organisation (
    id              uuid PRIMARY KEY,
    code            text NOT NULL CONSTRAINT organisation_code_unique UNIQUE,
    name            text NOT NULL,
    name_folded     text NOT NULL GENERATED ALWAYS AS (capdo.fold(name)) STORED,
    kind            text NOT NULL,
    parent_id       uuid CONSTRAINT organisation_parent_exists REFERENCES capdo.organisation,
    successor_id    uuid CONSTRAINT organisation_successor_exists REFERENCES capdo.organisation,
    status          text NOT NULL DEFAULT 'active',
    valid_from      date,
    valid_to        date,
    mandate_document text NOT NULL DEFAULT '',
    representative  text NOT NULL DEFAULT '',
    representative_title text NOT NULL DEFAULT '',
    address         text NOT NULL DEFAULT '',
    phone           text NOT NULL DEFAULT '',
    email           text NOT NULL DEFAULT '',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organisation_name_length CHECK (char_length(name) BETWEEN 1 AND 300),
    CONSTRAINT organisation_name_nfc CHECK (name IS NFC NORMALIZED),
    CONSTRAINT organisation_code_form CHECK (code ~ '^[A-Za-z0-9.-]{1,40}$'),
    CONSTRAINT organisation_kind_known CHECK (kind IN ('people_committee', 'department', 'police', 'office',
        'commune', 'hospital', 'school', 'centre', 'enterprise', 'party', 'ministry', 'other')),
    CONSTRAINT organisation_status_known CHECK (status IN ('active', 'dissolved')),
    CONSTRAINT organisation_parent_other CHECK (parent_id <> id),
    CONSTRAINT organisation_dates CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
);
CREATE INDEX organisation_parent ON capdo.organisation (parent_id);
CREATE INDEX organisation_by_name ON capdo.organisation (name COLLATE "vi-x-icu", id);

CREATE TABLE capdo.account (
    id            uuid PRIMARY KEY,
    username      text NOT NULL CONSTRAINT account_username_unique UNIQUE,
    display_name  text NOT NULL,
    password_hash text NOT NULL,
    disabled_at   timestamptz,
    failures      integer NOT NULL DEFAULT 0,
    retry_at      timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_username_form CHECK (username ~ '^[a-z0-9._-]{1,60}$'),
    CONSTRAINT account_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 200)
);

-- What a person may do, where and when. Never deleted: it ends (valid_to).
CREATE TABLE capdo.membership (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES capdo.account,
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    role            text NOT NULL,
    valid_from      date NOT NULL DEFAULT capdo.today(),
    valid_to        date,
    CONSTRAINT membership_role_known
        CHECK (role IN ('staff', 'appraiser', 'director', 'chairman', 'office', 'admin')),
    CONSTRAINT membership_dates CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX membership_account ON capdo.membership (account_id);

-- Unit U is the specialised unit of governing body G from ... to ... (D85 Art.3(5), D331 Art.3(2)).
CREATE TABLE capdo.specialised_unit (
    id              uuid PRIMARY KEY,
    unit_id         uuid NOT NULL REFERENCES capdo.organisation,
    governing_id    uuid NOT NULL REFERENCES capdo.organisation,
    document_number text NOT NULL DEFAULT '',
    valid_from      date NOT NULL,
    valid_to        date,
    CONSTRAINT specialised_unit_dates CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX specialised_unit_unit ON capdo.specialised_unit (unit_id);

-- A session is found by the hash of its token: the database holds nothing that signs anyone in.
CREATE TABLE capdo.session (
    token_sha256 bytea PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES capdo.account,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    -- What the account may do where, as of this day and this state of the rights; otherwise it is
    -- worked out anew (routines: begin_as).
    scope_on      date,
    scope_version bigint,
    roles         text,
    staff_of      uuid[],
    appraises     uuid[],
    directs       uuid[],
    chairs        uuid[],
    CONSTRAINT session_token_is_hash CHECK (octet_length(token_sha256) = 32)
);
CREATE INDEX session_account ON capdo.session (account_id, created_at);

-- One row, counted up by every change of memberships and assignments.
CREATE TABLE capdo.access_version (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT access_version_only_row CHECK (only_row),
    version  bigint NOT NULL DEFAULT 1
);
INSERT INTO capdo.access_version DEFAULT VALUES;

---------------------------------------------------------------------------------------------- systems

CREATE SEQUENCE capdo.system_code;
CREATE SEQUENCE capdo.dossier_code;
CREATE SEQUENCE capdo.label_code;

CREATE TABLE capdo.system (
    id              uuid PRIMARY KEY,
    code            text NOT NULL DEFAULT 'HT' || lpad(nextval('capdo.system_code')::text, 7, '0')
                    CONSTRAINT system_code_unique UNIQUE,
    name            text NOT NULL,
    search          text NOT NULL GENERATED ALWAYS AS (capdo.fold(name || ' ' || code)) STORED,
    purpose         text NOT NULL DEFAULT '',
    scope           text NOT NULL DEFAULT '',
    served_users    text NOT NULL DEFAULT '',
    governing_id    uuid NOT NULL CONSTRAINT system_governing_exists REFERENCES capdo.organisation,
    operator_id     uuid NOT NULL CONSTRAINT system_operator_exists REFERENCES capdo.organisation,
    life_cycle      text NOT NULL DEFAULT 'operating',
    plan_status     text NOT NULL DEFAULT 'not_started',
    -- The ruleset whose level counts, and the answers per ruleset: {"ruleset id": {"fact": value}}.
    ruleset         text NOT NULL,
    facts           jsonb NOT NULL DEFAULT '{}',
    computed_level  smallint,
    at_least        smallint NOT NULL DEFAULT 0,
    -- Written by the decision alone (routines: decision_apply), never by the server's role.
    approved_level  smallint,
    approved_on     date,
    decision_id     uuid,
    level           smallint GENERATED ALWAYS AS (coalesce(approved_level, computed_level)) STORED,
    -- Follow the dossier (routines: dossier_follow): Form 08 column (6) of Decree 331/2026.
    approval_status text NOT NULL DEFAULT 'drafting',
    received        boolean NOT NULL DEFAULT false,
    contacts        jsonb NOT NULL DEFAULT '[]',
    addresses       jsonb NOT NULL DEFAULT '[]',
    components      jsonb NOT NULL DEFAULT '[]',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid NOT NULL REFERENCES capdo.account,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    updated_by      uuid NOT NULL REFERENCES capdo.account,
    CONSTRAINT system_name_length CHECK (char_length(name) BETWEEN 1 AND 300),
    CONSTRAINT system_name_nfc CHECK (name IS NFC NORMALIZED),
    CONSTRAINT system_life_cycle_known
        CHECK (life_cycle IN ('planned', 'building', 'operating', 'upgrading', 'retired')),
    CONSTRAINT system_plan_status_known CHECK (plan_status IN ('not_started', 'partial', 'full')),
    CONSTRAINT system_approval_status_known
        CHECK (approval_status IN ('drafting', 'sent_for_appraisal', 'appraised', 'approved')),
    CONSTRAINT system_levels CHECK (computed_level BETWEEN 1 AND 5 AND approved_level BETWEEN 1 AND 5
        AND at_least BETWEEN 0 AND 5),
    CONSTRAINT system_facts_object CHECK (jsonb_typeof(facts) = 'object'),
    CONSTRAINT system_lists CHECK (jsonb_typeof(contacts) = 'array' AND jsonb_typeof(addresses) = 'array'
        AND jsonb_typeof(components) = 'array')
);
CREATE INDEX system_by_updated ON capdo.system (updated_at DESC, id DESC);
CREATE INDEX system_by_operator ON capdo.system (operator_id, updated_at DESC, id DESC);
CREATE INDEX system_by_level ON capdo.system (level, updated_at DESC, id DESC);
CREATE INDEX system_by_level_id ON capdo.system (level, id);
CREATE INDEX system_by_status ON capdo.system (approval_status, updated_at DESC, id DESC);
CREATE INDEX system_by_name ON capdo.system (name COLLATE "vi-x-icu", id);
CREATE INDEX system_search ON capdo.system USING gin (search public.gin_trgm_ops);
-- How often a word occurs decides how a search is made; a coarse sample would guess badly.
ALTER TABLE capdo.system ALTER COLUMN search SET STATISTICS 1000;
CREATE INDEX system_governing ON capdo.system (governing_id);
-- Figures are counted from this index alone, below the policy too: it holds every column that either
-- asks for. Few distinct rows, so it stays small.
CREATE INDEX system_figures ON capdo.system (operator_id, governing_id, received, level, approval_status, plan_status);

-- Operating units beside the leading one (D331 Art.5(2)).
CREATE TABLE capdo.system_unit (
    system_id       uuid NOT NULL REFERENCES capdo.system,
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    duty            text NOT NULL DEFAULT '',
    PRIMARY KEY (system_id, organisation_id)
);

CREATE TABLE capdo.system_relation (
    system_id  uuid NOT NULL REFERENCES capdo.system,
    related_id uuid NOT NULL CONSTRAINT system_relation_exists REFERENCES capdo.system,
    kind       text NOT NULL,
    PRIMARY KEY (system_id, related_id, kind),
    CONSTRAINT system_relation_other CHECK (system_id <> related_id),
    CONSTRAINT system_relation_kind_known CHECK (kind IN ('part_of', 'uses', 'sends_data_to', 'connects_to'))
);

-- Every superseded version, as the row stood; the newest version is the row itself.
CREATE TABLE capdo.system_version (
    system_id  uuid NOT NULL,
    version    integer NOT NULL,
    data       jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (system_id, version)
);

--------------------------------------------------------------------------------------------- dossiers

-- The same rows as server/rules/flow.c; a test compares the two.
CREATE TABLE capdo.dossier_transition (
    from_state text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO capdo.dossier_transition VALUES
    ('draft', 'submitted'), ('returned', 'submitted'),
    ('submitted', 'received'), ('submitted', 'returned'),
    ('received', 'returned'), ('received', 'appraised'),
    ('appraised', 'approved'), ('appraised', 'refused'), ('appraised', 'returned'),
    ('draft', 'withdrawn'), ('submitted', 'withdrawn'), ('returned', 'withdrawn');

CREATE TABLE capdo.dossier (
    id              uuid PRIMARY KEY,
    code            text NOT NULL DEFAULT 'HS' || lpad(nextval('capdo.dossier_code')::text, 7, '0')
                    CONSTRAINT dossier_code_unique UNIQUE,
    ruleset         text NOT NULL,
    governing_id    uuid NOT NULL REFERENCES capdo.organisation,
    operator_id     uuid NOT NULL REFERENCES capdo.organisation,
    level           smallint NOT NULL,
    approve_party   text NOT NULL,
    state           text NOT NULL DEFAULT 'draft',
    submissions     integer NOT NULL DEFAULT 0,
    prepared_by     uuid NOT NULL REFERENCES capdo.account,
    submitted_by    uuid REFERENCES capdo.account,
    submitted_at    timestamptz,
    received_by     uuid REFERENCES capdo.account,
    received_at     timestamptz,
    appraised_by    uuid REFERENCES capdo.account,
    appraised_at    timestamptz,
    conclusion      text,
    decided_by      uuid REFERENCES capdo.account,
    decided_at      timestamptz,
    step            text,
    due_on          date,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dossier_state_known CHECK (state IN ('draft', 'submitted', 'received', 'returned', 'appraised',
        'approved', 'refused', 'withdrawn')),
    CONSTRAINT dossier_level_range CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT dossier_party_known CHECK (approve_party IN ('specialised_unit', 'governing_body')),
    CONSTRAINT dossier_conclusion_known CHECK (conclusion IN ('suitable', 'not_suitable')),
    CONSTRAINT dossier_step_known CHECK (step IN ('completeness_response', 'appraisal', 'approval')),
    CONSTRAINT dossier_approved_is_suitable CHECK (state <> 'approved' OR conclusion = 'suitable'),
    CONSTRAINT dossier_decided_by_someone CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL)),
    -- Preparer, appraiser and approver are three people.
    CONSTRAINT same_person_appraiser CHECK (appraised_by IS NULL
        OR (appraised_by <> prepared_by AND appraised_by IS DISTINCT FROM submitted_by)),
    CONSTRAINT same_person_approver CHECK (decided_by IS NULL OR (decided_by <> prepared_by
        AND decided_by IS DISTINCT FROM submitted_by AND decided_by IS DISTINCT FROM appraised_by))
);
CREATE INDEX dossier_by_updated ON capdo.dossier (updated_at DESC, id DESC);
CREATE INDEX dossier_by_operator ON capdo.dossier (operator_id, updated_at DESC, id DESC);
CREATE INDEX dossier_by_state ON capdo.dossier (state, updated_at DESC, id DESC);
CREATE INDEX dossier_by_due ON capdo.dossier (due_on, id) WHERE due_on IS NOT NULL;

CREATE TABLE capdo.dossier_system (
    dossier_id     uuid NOT NULL REFERENCES capdo.dossier,
    system_id      uuid NOT NULL REFERENCES capdo.system,
    computed_level smallint,
    at_least       smallint NOT NULL DEFAULT 0,
    trace          jsonb NOT NULL DEFAULT '{}',
    proposed_level smallint NOT NULL,
    reason         text NOT NULL DEFAULT '',
    open           boolean NOT NULL DEFAULT true,
    PRIMARY KEY (dossier_id, system_id),
    CONSTRAINT dossier_system_level_range CHECK (proposed_level BETWEEN 1 AND 5),
    CONSTRAINT level_below_computed CHECK (proposed_level >= coalesce(computed_level, at_least)),
    CONSTRAINT level_reason_required CHECK (proposed_level IS NOT DISTINCT FROM computed_level OR reason <> '')
);
CREATE UNIQUE INDEX one_open_dossier ON capdo.dossier_system (system_id) WHERE open;
CREATE INDEX dossier_system_system ON capdo.dossier_system (system_id);

CREATE TABLE capdo.dossier_item (
    dossier_id      uuid NOT NULL REFERENCES capdo.dossier,
    item            text NOT NULL,
    content         text NOT NULL DEFAULT '',
    document_number text NOT NULL DEFAULT '',
    document_date   date,
    version         integer NOT NULL DEFAULT 1,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    updated_by      uuid NOT NULL REFERENCES capdo.account,
    PRIMARY KEY (dossier_id, item),
    CONSTRAINT dossier_item_content_length CHECK (octet_length(content) <= 65536)
);

-- Exactly what was submitted, and its SHA-256.
CREATE TABLE capdo.dossier_submission (
    dossier_id      uuid NOT NULL REFERENCES capdo.dossier,
    number          integer NOT NULL,
    snapshot        text NOT NULL,
    snapshot_sha256 bytea NOT NULL GENERATED ALWAYS AS (capdo.sha256_text(snapshot)) STORED,
    submitted_by    uuid NOT NULL REFERENCES capdo.account,
    submitted_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dossier_id, number)
);

CREATE TABLE capdo.dossier_event (
    id              uuid PRIMARY KEY,
    dossier_id      uuid NOT NULL REFERENCES capdo.dossier,
    from_state      text,
    to_state        text NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    actor_id        uuid NOT NULL REFERENCES capdo.account,
    actor_name      text NOT NULL,
    capacity        text NOT NULL,
    reason          text NOT NULL DEFAULT '',
    due_on          date
);
CREATE INDEX dossier_event_dossier ON capdo.dossier_event (dossier_id, at);

CREATE TABLE capdo.opinion (
    id             uuid PRIMARY KEY,
    dossier_id     uuid NOT NULL REFERENCES capdo.dossier,
    submission     integer NOT NULL,
    conclusion     text NOT NULL,
    method         text NOT NULL,
    reasons        text NOT NULL DEFAULT '',
    appraiser_id   uuid NOT NULL REFERENCES capdo.account,
    appraiser_name text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT opinion_conclusion_known CHECK (conclusion IN ('suitable', 'not_suitable')),
    CONSTRAINT opinion_method_known CHECK (method IN ('meeting', 'written', 'both')),
    CONSTRAINT opinion_reasons_given CHECK (conclusion = 'suitable' OR reasons <> '')
);
CREATE INDEX opinion_dossier ON capdo.opinion (dossier_id, at);

CREATE TABLE capdo.decision (
    id              uuid PRIMARY KEY,
    dossier_id      uuid NOT NULL CONSTRAINT decision_once UNIQUE REFERENCES capdo.dossier,
    outcome         text NOT NULL,
    number          text NOT NULL,
    decided_on      date NOT NULL,
    organisation_id uuid NOT NULL REFERENCES capdo.organisation,
    signer_id       uuid NOT NULL REFERENCES capdo.account,
    signer_name     text NOT NULL,
    capacity        text NOT NULL,
    reason          text NOT NULL DEFAULT '',
    snapshot_sha256 bytea NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT decision_outcome_known CHECK (outcome IN ('approved', 'refused')),
    CONSTRAINT decision_number_length CHECK (char_length(number) BETWEEN 1 AND 60),
    CONSTRAINT decision_number_unique UNIQUE (organisation_id, number, decided_on),
    CONSTRAINT decision_reason_given CHECK (outcome = 'approved' OR reason <> '')
);

----------------------------------------------------------------------------------------------- labels

CREATE TABLE capdo.label_transition (
    from_state text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO capdo.label_transition VALUES
    ('requested', 'granted'), ('requested', 'refused'), ('requested', 'withdrawn'),
    ('granted', 'expired'), ('granted', 'withdrawn');

CREATE TABLE capdo.label (
    id              uuid PRIMARY KEY,
    code            text NOT NULL DEFAULT 'NT' || lpad(nextval('capdo.label_code')::text, 7, '0')
                    CONSTRAINT label_code_unique UNIQUE,
    type            text NOT NULL,
    target          text NOT NULL,
    system_id       uuid REFERENCES capdo.system,
    governing_id    uuid NOT NULL REFERENCES capdo.organisation,
    operator_id     uuid NOT NULL REFERENCES capdo.organisation,
    grade           text NOT NULL,
    state           text NOT NULL DEFAULT 'requested',
    issuer          text NOT NULL DEFAULT '',
    granted_on      date,
    expires_on      date,
    certificate_url text NOT NULL DEFAULT '',
    evidence_url    text NOT NULL DEFAULT '',
    reason          text NOT NULL DEFAULT '',
    requested_by    uuid NOT NULL REFERENCES capdo.account,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT label_type_known CHECK (type IN ('organisation', 'website', 'device', 'system')),
    CONSTRAINT label_grade_known CHECK (grade IN ('basic', 'advanced')),
    CONSTRAINT label_state_known CHECK (state IN ('requested', 'granted', 'refused', 'expired', 'withdrawn')),
    CONSTRAINT label_target_length CHECK (char_length(target) BETWEEN 1 AND 253),
    CONSTRAINT label_granted_complete CHECK (state <> 'granted'
        OR (issuer <> '' AND granted_on IS NOT NULL AND expires_on IS NOT NULL)),
    CONSTRAINT label_dates CHECK (expires_on IS NULL OR granted_on IS NULL OR expires_on > granted_on),
    CONSTRAINT label_system_needs_system CHECK (type <> 'system' OR system_id IS NOT NULL)
);
CREATE INDEX label_by_updated ON capdo.label (updated_at DESC, id DESC);
CREATE INDEX label_by_operator ON capdo.label (operator_id, updated_at DESC, id DESC);
CREATE INDEX label_by_system ON capdo.label (system_id);
CREATE UNIQUE INDEX label_one_open ON capdo.label (type, lower(target), grade)
    WHERE state IN ('requested', 'granted');

CREATE TABLE capdo.label_event (
    id         uuid PRIMARY KEY,
    label_id   uuid NOT NULL REFERENCES capdo.label,
    from_state text,
    to_state   text NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    actor_id   uuid NOT NULL REFERENCES capdo.account,
    actor_name text NOT NULL,
    reason     text NOT NULL DEFAULT ''
);
CREATE INDEX label_event_label ON capdo.label_event (label_id, at);

------------------------------------------------------------------------------------------- safe retry

-- The stored answer to a request that may be repeated; written in the transaction of the change.
CREATE TABLE capdo.idempotency (
    account_id     uuid NOT NULL REFERENCES capdo.account,
    key            text NOT NULL,
    request_sha256 bytea NOT NULL,
    status         integer NOT NULL,
    location       text,
    etag           text,
    body           text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_key_once PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_created ON capdo.idempotency (created_at);
