-- FitTrack on Oracle Database 23ai/26ai: tables, keys, checks, indexes. A released script never changes; add the next number.
-- Unquoted names are UPPER_SNAKE_CASE. Every statement ends with a semicolon at the end of a line.

-- Accounts ------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id                     VARCHAR2(36)                 NOT NULL,
    email                  VARCHAR2(254 CHAR)           NOT NULL,
    normalized_email       VARCHAR2(254 CHAR)           NOT NULL,
    password_hash          VARCHAR2(100 CHAR)           NOT NULL,
    role                   VARCHAR2(40 CHAR)            NOT NULL,
    status                 VARCHAR2(40 CHAR)            NOT NULL,
    email_verified_at      TIMESTAMP(6) WITH TIME ZONE,
    date_of_birth          DATE                         NOT NULL,
    state                  VARCHAR2(2 CHAR)             NOT NULL,
    security_stamp         VARCHAR2(40 CHAR)            NOT NULL,
    protected_totp_secret  VARCHAR2(800 CHAR),
    two_factor_enabled_at  TIMESTAMP(6) WITH TIME ZONE,
    last_login_at          TIMESTAMP(6) WITH TIME ZONE,
    created_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    activated_at           TIMESTAMP(6) WITH TIME ZONE,
    deleted_at             TIMESTAMP(6) WITH TIME ZONE,
    anonymized_at          TIMESTAMP(6) WITH TIME ZONE,
    version                NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_role CHECK (role IN ('user', 'premium', 'admin')),
    CONSTRAINT ck_users_status CHECK (status IN ('pending', 'active', 'suspended', 'deleted')),
    CONSTRAINT ck_users_version CHECK (version >= 1)
);
COMMENT ON TABLE users IS 'Accounts: sign-in, role, status and what eligibility needs. Deleted accounts keep their row.';
CREATE INDEX ix_users_created_at ON users (created_at);
CREATE INDEX ix_users_status_created_at ON users (status, created_at);
CREATE UNIQUE INDEX ux_users_normalized_email ON users (normalized_email);

CREATE TABLE account_tokens (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    purpose     VARCHAR2(40 CHAR)            NOT NULL,
    token_hash  RAW(32)                      NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_account_tokens PRIMARY KEY (id),
    CONSTRAINT fk_account_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_account_tokens_purpose CHECK (purpose IN ('email_verification', 'password_reset'))
);
COMMENT ON TABLE account_tokens IS 'Single-use links for e-mail verification and password reset, by hash.';
CREATE INDEX ix_account_tokens_user_id_purpose ON account_tokens (user_id, purpose);
CREATE UNIQUE INDEX ux_account_tokens_token_hash ON account_tokens (token_hash);

CREATE TABLE audit_head (
    id         NUMBER(10)  NOT NULL,
    seq        NUMBER(19)  NOT NULL,
    last_hash  RAW(32)     NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
COMMENT ON TABLE audit_head IS 'The end of the audit log''s chain, one row.';

CREATE TABLE audit_log (
    seq            NUMBER(19)                   NOT NULL,
    actor_id       VARCHAR2(36),
    action         VARCHAR2(60 CHAR)            NOT NULL,
    subject_kind   VARCHAR2(40 CHAR)            NOT NULL,
    subject_id     VARCHAR2(80 CHAR)            NOT NULL,
    before_state   CLOB,
    after_state    CLOB,
    ip_address     VARCHAR2(45 CHAR),
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    previous_hash  RAW(32)                      NOT NULL,
    entry_hash     RAW(32)                      NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (seq)
);
COMMENT ON TABLE audit_log IS 'Who did what, before and after; append-only and chained by hashes.';
CREATE INDEX ix_audit_log_actor_id ON audit_log (actor_id);
CREATE INDEX ix_audit_log_created_at ON audit_log (created_at);
CREATE INDEX ix_audit_log_subject_kind_subject_id ON audit_log (subject_kind, subject_id);

CREATE TABLE blocked_addresses (
    address        VARCHAR2(45 CHAR)            NOT NULL,
    reason         VARCHAR2(200 CHAR)           NOT NULL,
    blocked_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    blocked_until  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_blocked_addresses PRIMARY KEY (address)
);
COMMENT ON TABLE blocked_addresses IS 'Network addresses refused for a while after persistent abuse.';
CREATE INDEX ix_blocked_addresses_blocked_until ON blocked_addresses (blocked_until);

CREATE TABLE data_protection_keys (
    id             VARCHAR2(36)                 NOT NULL,
    friendly_name  VARCHAR2(100 CHAR)           NOT NULL,
    xml            CLOB                         NOT NULL,
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_data_protection_keys PRIMARY KEY (id)
);
COMMENT ON TABLE data_protection_keys IS 'The DataProtection key ring, wrapped by Security:MasterKey.';
CREATE UNIQUE INDEX ux_data_protection_keys_friendly_name ON data_protection_keys (friendly_name);

CREATE TABLE login_attempts (
    id                VARCHAR2(36)                 NOT NULL,
    normalized_email  VARCHAR2(254 CHAR)           NOT NULL,
    user_id           VARCHAR2(36),
    outcome           VARCHAR2(40 CHAR)            NOT NULL,
    ip_address        VARCHAR2(45 CHAR),
    attempted_at      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_login_attempts PRIMARY KEY (id),
    CONSTRAINT fk_login_attempts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_login_attempts_outcome CHECK (outcome IN ('succeeded', 'wrong_password', 'unknown_email', 'wrong_code', 'email_not_verified', 'not_allowed', 'locked'))
);
COMMENT ON TABLE login_attempts IS 'Attempts to sign in by normalised address, whether it is known or not; the lock-out counts them.';
CREATE INDEX ix_login_attempts_attempted_at ON login_attempts (attempted_at);
CREATE INDEX ix_login_attempts_normalized_email_attempted_at ON login_attempts (normalized_email, attempted_at);
CREATE INDEX ix_login_attempts_user_id ON login_attempts (user_id);

CREATE TABLE member_limits (
    user_id                 VARCHAR2(36)                 NOT NULL,
    weekly_spending_limit   NUMBER(10),
    pending_spending_limit  NUMBER(10),
    pending_from            TIMESTAMP(6) WITH TIME ZONE,
    cool_off_until          TIMESTAMP(6) WITH TIME ZONE,
    self_excluded_at        TIMESTAMP(6) WITH TIME ZONE,
    self_excluded_until     TIMESTAMP(6) WITH TIME ZONE,
    updated_at              TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_member_limits PRIMARY KEY (user_id),
    CONSTRAINT fk_member_limits_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_member_limits_pending CHECK (pending_spending_limit >= 0),
    CONSTRAINT ck_member_limits_weekly CHECK (weekly_spending_limit >= 0)
);
COMMENT ON TABLE member_limits IS 'Spending limit, cool-off and self-exclusion that a member set for themselves.';

CREATE TABLE profiles (
    user_id                  VARCHAR2(36)                 NOT NULL,
    display_name             VARCHAR2(30 CHAR)            NOT NULL,
    normalized_display_name  VARCHAR2(60 CHAR)            NOT NULL,
    biological_sex           VARCHAR2(40 CHAR),
    fitness_level            VARCHAR2(40 CHAR)            NOT NULL,
    time_zone                VARCHAR2(64 CHAR)            NOT NULL,
    open_tier_opt_in         BOOLEAN                      NOT NULL,
    visibility               VARCHAR2(40 CHAR)            NOT NULL,
    show_tier                BOOLEAN                      NOT NULL,
    show_points              BOOLEAN                      NOT NULL,
    show_badges              BOOLEAN                      NOT NULL,
    show_rank                BOOLEAN                      NOT NULL,
    tier_code                VARCHAR2(11 CHAR)            NOT NULL,
    tier_changed_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    declared_at              TIMESTAMP(6) WITH TIME ZONE,
    created_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_profiles PRIMARY KEY (user_id),
    CONSTRAINT fk_profiles_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_profiles_biological_sex CHECK (biological_sex IN ('male', 'female')),
    CONSTRAINT ck_profiles_fitness_level CHECK (fitness_level IN ('beginner', 'intermediate', 'advanced')),
    CONSTRAINT ck_profiles_visibility CHECK (visibility IN ('public', 'hidden'))
);
COMMENT ON TABLE profiles IS 'What a member says about themselves, their tier now, and what others may see.';
CREATE INDEX ix_profiles_tier_code ON profiles (tier_code);
CREATE UNIQUE INDEX ux_profiles_normalized_display_name ON profiles (normalized_display_name);

CREATE TABLE recovery_codes (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    code_hash   RAW(32)                      NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE recovery_codes IS 'Single-use codes that replace the second factor, by hash.';
CREATE UNIQUE INDEX ux_recovery_codes_user_id_code_hash ON recovery_codes (user_id, code_hash);

CREATE TABLE user_sessions (
    id            VARCHAR2(36)                 NOT NULL,
    user_id       VARCHAR2(36)                 NOT NULL,
    ip_address    VARCHAR2(45 CHAR),
    user_agent    VARCHAR2(300 CHAR),
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    last_used_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    revoked_at    TIMESTAMP(6) WITH TIME ZONE,
    revoked_for   VARCHAR2(40 CHAR),
    CONSTRAINT pk_user_sessions PRIMARY KEY (id),
    CONSTRAINT fk_user_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_user_sessions_revoked_for CHECK (revoked_for IN ('signed_out', 'signed_out_everywhere', 'token_reused', 'password_changed', 'account_closed'))
);
COMMENT ON TABLE user_sessions IS 'One sign-in on one device; revoking it ends its access and refresh tokens.';
CREATE INDEX ix_user_sessions_revoked_at ON user_sessions (revoked_at);
CREATE INDEX ix_user_sessions_user_id_created_at ON user_sessions (user_id, created_at);

CREATE TABLE refresh_tokens (
    id                VARCHAR2(36)                 NOT NULL,
    session_id        VARCHAR2(36)                 NOT NULL,
    token_hash        RAW(32)                      NOT NULL,
    created_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at           TIMESTAMP(6) WITH TIME ZONE,
    sealed_successor  RAW(64),
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES user_sessions (id)
);
COMMENT ON TABLE refresh_tokens IS 'Refresh tokens by hash; the session is their family, revoked as a whole when one is reused.';
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE UNIQUE INDEX ux_refresh_tokens_token_hash ON refresh_tokens (token_hash);

CREATE TABLE signing_keys (
    kid                    VARCHAR2(43 CHAR)            NOT NULL,
    serial                 NUMBER(10)                   NOT NULL,
    algorithm              VARCHAR2(10 CHAR)            NOT NULL,
    public_jwk             VARCHAR2(1000 CHAR)          NOT NULL,
    protected_private_key  BLOB                         NOT NULL,
    created_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    valid_from             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    valid_to               TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
COMMENT ON TABLE signing_keys IS 'RSA keys that sign access tokens; private halves are protected.';
CREATE UNIQUE INDEX ux_signing_keys_serial ON signing_keys (serial);

CREATE TABLE tier_history (
    user_id      VARCHAR2(36)                 NOT NULL,
    from_day     DATE                         NOT NULL,
    tier_code    VARCHAR2(11 CHAR)            NOT NULL,
    recorded_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_tier_history PRIMARY KEY (user_id, from_day),
    CONSTRAINT fk_tier_history_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE tier_history IS 'From which competition day on a member''s tier counts.';

-- Messaging -----------------------------------------------------------------------------------------------------

CREATE TABLE leases (
    name        VARCHAR2(100 CHAR)           NOT NULL,
    owner       VARCHAR2(100 CHAR)           NOT NULL,
    expires_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    fencing     NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name)
);
COMMENT ON TABLE leases IS 'Named jobs that one process at a time may do, with owner, expiry and fencing number.';

CREATE TABLE worker_heartbeats (
    worker_id   VARCHAR2(100 CHAR)           NOT NULL,
    version     VARCHAR2(50 CHAR)            NOT NULL,
    started_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    seen_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_worker_heartbeats PRIMARY KEY (worker_id)
);
COMMENT ON TABLE worker_heartbeats IS 'Signs of life of the worker processes; old ones are removed.';

-- Points --------------------------------------------------------------------------------------------------------

CREATE TABLE point_balances (
    user_id          VARCHAR2(36)  NOT NULL,
    balance          NUMBER(19)    NOT NULL,
    earned_total     NUMBER(19)    NOT NULL,
    seq              NUMBER(19)    NOT NULL,
    last_hash        RAW(32)       NOT NULL,
    scoring_version  NUMBER(19)    NOT NULL,
    CONSTRAINT pk_point_balances PRIMARY KEY (user_id),
    CONSTRAINT ck_point_balances_seq CHECK (seq >= 0)
);
COMMENT ON TABLE point_balances IS 'Each member''s points after their last ledger row; moves by compare-and-swap on seq.';

CREATE TABLE point_transactions (
    id              VARCHAR2(36)                 NOT NULL,
    user_id         VARCHAR2(36)                 NOT NULL,
    seq             NUMBER(19)                   NOT NULL,
    type            VARCHAR2(40 CHAR)            NOT NULL,
    amount          NUMBER(19)                   NOT NULL,
    balance_after   NUMBER(19)                   NOT NULL,
    reference_kind  VARCHAR2(20 CHAR)            NOT NULL,
    reference_key   VARCHAR2(100 CHAR)           NOT NULL,
    reason          VARCHAR2(300 CHAR)           NOT NULL,
    earned_on       DATE,
    rate_version    VARCHAR2(20 CHAR),
    created_at      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    hash            RAW(32)                      NOT NULL,
    CONSTRAINT pk_point_transactions PRIMARY KEY (id),
    CONSTRAINT ck_point_transactions_earned CHECK (type <> 'earn' OR (earned_on IS NOT NULL AND rate_version IS NOT NULL)),
    CONSTRAINT ck_point_transactions_seq CHECK (seq > 0),
    CONSTRAINT ck_point_transactions_sign CHECK ((type IN ('earn', 'refund') AND amount > 0) OR (type = 'spend' AND amount < 0) OR (type = 'adjust' AND amount <> 0)),
    CONSTRAINT ck_point_transactions_type CHECK (type IN ('earn', 'spend', 'adjust', 'refund'))
);
COMMENT ON TABLE point_transactions IS 'Append-only ledger of points; each row is chained to the member''s previous one by its hash.';
CREATE UNIQUE INDEX ux_point_transactions_user_id_reference_kind_reference_key ON point_transactions (user_id, reference_kind, reference_key);
CREATE UNIQUE INDEX ux_point_transactions_user_id_seq ON point_transactions (user_id, seq);

-- Leaderboards --------------------------------------------------------------------------------------------------

CREATE TABLE badges (
    code         VARCHAR2(50 CHAR)   NOT NULL,
    name         VARCHAR2(100 CHAR)  NOT NULL,
    description  VARCHAR2(500 CHAR)  NOT NULL,
    CONSTRAINT pk_badges PRIMARY KEY (code)
);
COMMENT ON TABLE badges IS 'The badges there are; their rules are code.';

CREATE TABLE leaderboard_scores (
    user_id       VARCHAR2(36)                 NOT NULL,
    period_kind   VARCHAR2(40 CHAR)            NOT NULL,
    period_start  DATE                         NOT NULL,
    tier_code     VARCHAR2(20 CHAR)            NOT NULL,
    points        NUMBER(19)                   NOT NULL,
    reached_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_leaderboard_scores PRIMARY KEY (user_id, period_kind, period_start),
    CONSTRAINT ck_leaderboard_scores_period_kind CHECK (period_kind IN ('daily', 'weekly', 'monthly', 'alltime'))
);
COMMENT ON TABLE leaderboard_scores IS 'Points of each member in each day, week, month and all time; written with the ledger.';
CREATE INDEX ix_leaderboard_scores_period_kind_period_start_tier_co_ab6be265 ON leaderboard_scores (period_kind, period_start, tier_code, points DESC, reached_at, user_id);

CREATE TABLE streaks (
    user_id          VARCHAR2(36)                 NOT NULL,
    current_weeks    NUMBER(10)                   NOT NULL,
    longest_weeks    NUMBER(10)                   NOT NULL,
    last_week_start  DATE,
    freezes_left     NUMBER(10)                   NOT NULL,
    updated_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_streaks PRIMARY KEY (user_id),
    CONSTRAINT ck_streaks_current_weeks CHECK (current_weeks >= 0 AND longest_weeks >= current_weeks)
);
COMMENT ON TABLE streaks IS 'Weekly streaks of the members.';

CREATE TABLE user_badges (
    user_id     VARCHAR2(36)                 NOT NULL,
    badge_code  VARCHAR2(50 CHAR)            NOT NULL,
    earned_at   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    earned_on   DATE                         NOT NULL,
    CONSTRAINT pk_user_badges PRIMARY KEY (user_id, badge_code),
    CONSTRAINT fk_user_badges_badge_code FOREIGN KEY (badge_code) REFERENCES badges (code)
);
COMMENT ON TABLE user_badges IS 'Badges given to members, each once.';
CREATE INDEX ix_user_badges_badge_code ON user_badges (badge_code);

-- Notifications -------------------------------------------------------------------------------------------------

CREATE TABLE outbox_messages (
    id            VARCHAR2(36)                 NOT NULL,
    message_type  VARCHAR2(60 CHAR)            NOT NULL,
    user_id       VARCHAR2(36),
    payload       CLOB                         NOT NULL,
    dedupe_key    VARCHAR2(200 CHAR)           NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    not_before    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    attempts      NUMBER(10)                   NOT NULL,
    lease_owner   VARCHAR2(100 CHAR),
    lease_until   TIMESTAMP(6) WITH TIME ZONE,
    fencing       NUMBER(19)                   NOT NULL,
    sent_at       TIMESTAMP(6) WITH TIME ZONE,
    dead_at       TIMESTAMP(6) WITH TIME ZONE,
    last_error    VARCHAR2(500 CHAR),
    CONSTRAINT pk_outbox_messages PRIMARY KEY (id),
    CONSTRAINT fk_outbox_messages_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_outbox_messages_attempts CHECK (attempts >= 0)
);
COMMENT ON TABLE outbox_messages IS 'Mails to send, written with their cause; claimed by lease, retried, at last given up.';
CREATE INDEX ix_outbox_messages_sent_at_dead_at_not_before ON outbox_messages (sent_at, dead_at, not_before);
CREATE INDEX ix_outbox_messages_user_id ON outbox_messages (user_id);
CREATE UNIQUE INDEX ux_outbox_messages_dedupe_key ON outbox_messages (dedupe_key);
