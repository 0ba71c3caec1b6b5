-- FitTrack on PostgreSQL 15+: tables, keys, checks, indexes. A released script never changes; add the next number.

-- Accounts ------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id                     uuid          NOT NULL,
    email                  varchar(254)  NOT NULL,
    normalized_email       varchar(254)  NOT NULL,
    password_hash          varchar(100)  NOT NULL,
    role                   varchar(40)   NOT NULL,
    status                 varchar(40)   NOT NULL,
    email_verified_at      timestamptz,
    date_of_birth          date          NOT NULL,
    state                  varchar(2)    NOT NULL,
    security_stamp         varchar(40)   NOT NULL,
    protected_totp_secret  varchar(800),
    two_factor_enabled_at  timestamptz,
    last_login_at          timestamptz,
    created_at             timestamptz   NOT NULL,
    updated_at             timestamptz   NOT NULL,
    activated_at           timestamptz,
    deleted_at             timestamptz,
    anonymized_at          timestamptz,
    version                bigint        NOT NULL,
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
    id          uuid         NOT NULL,
    user_id     uuid         NOT NULL,
    purpose     varchar(40)  NOT NULL,
    token_hash  bytea        NOT NULL,
    created_at  timestamptz  NOT NULL,
    expires_at  timestamptz  NOT NULL,
    used_at     timestamptz,
    CONSTRAINT pk_account_tokens PRIMARY KEY (id),
    CONSTRAINT fk_account_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_account_tokens_purpose CHECK (purpose IN ('email_verification', 'password_reset'))
);
COMMENT ON TABLE account_tokens IS 'Single-use links for e-mail verification and password reset, by hash.';
CREATE INDEX ix_account_tokens_user_id_purpose ON account_tokens (user_id, purpose);
CREATE UNIQUE INDEX ux_account_tokens_token_hash ON account_tokens (token_hash);

CREATE TABLE audit_head (
    id         integer  NOT NULL,
    seq        bigint   NOT NULL,
    last_hash  bytea    NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
COMMENT ON TABLE audit_head IS 'The end of the audit log''s chain, one row.';

CREATE TABLE audit_log (
    seq            bigint          NOT NULL,
    actor_id       uuid,
    action         varchar(60)     NOT NULL,
    subject_kind   varchar(40)     NOT NULL,
    subject_id     varchar(80)     NOT NULL,
    before_state   varchar(20000),
    after_state    varchar(20000),
    ip_address     varchar(45),
    created_at     timestamptz     NOT NULL,
    previous_hash  bytea           NOT NULL,
    entry_hash     bytea           NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (seq)
);
COMMENT ON TABLE audit_log IS 'Who did what, before and after; append-only and chained by hashes.';
CREATE INDEX ix_audit_log_actor_id ON audit_log (actor_id);
CREATE INDEX ix_audit_log_created_at ON audit_log (created_at);
CREATE INDEX ix_audit_log_subject_kind_subject_id ON audit_log (subject_kind, subject_id);

CREATE TABLE blocked_addresses (
    address        varchar(45)   NOT NULL,
    reason         varchar(200)  NOT NULL,
    blocked_at     timestamptz   NOT NULL,
    blocked_until  timestamptz   NOT NULL,
    CONSTRAINT pk_blocked_addresses PRIMARY KEY (address)
);
COMMENT ON TABLE blocked_addresses IS 'Network addresses refused for a while after persistent abuse.';
CREATE INDEX ix_blocked_addresses_blocked_until ON blocked_addresses (blocked_until);

CREATE TABLE data_protection_keys (
    id             uuid           NOT NULL,
    friendly_name  varchar(100)   NOT NULL,
    xml            varchar(8000)  NOT NULL,
    created_at     timestamptz    NOT NULL,
    CONSTRAINT pk_data_protection_keys PRIMARY KEY (id)
);
COMMENT ON TABLE data_protection_keys IS 'The DataProtection key ring, wrapped by Security:MasterKey.';
CREATE UNIQUE INDEX ux_data_protection_keys_friendly_name ON data_protection_keys (friendly_name);

CREATE TABLE login_attempts (
    id                uuid          NOT NULL,
    normalized_email  varchar(254)  NOT NULL,
    user_id           uuid,
    outcome           varchar(40)   NOT NULL,
    ip_address        varchar(45),
    attempted_at      timestamptz   NOT NULL,
    CONSTRAINT pk_login_attempts PRIMARY KEY (id),
    CONSTRAINT fk_login_attempts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_login_attempts_outcome CHECK (outcome IN ('succeeded', 'wrong_password', 'unknown_email', 'wrong_code', 'email_not_verified', 'not_allowed', 'locked'))
);
COMMENT ON TABLE login_attempts IS 'Attempts to sign in by normalised address, whether it is known or not; the lock-out counts them.';
CREATE INDEX ix_login_attempts_attempted_at ON login_attempts (attempted_at);
CREATE INDEX ix_login_attempts_normalized_email_attempted_at ON login_attempts (normalized_email, attempted_at);
CREATE INDEX ix_login_attempts_user_id ON login_attempts (user_id);

CREATE TABLE member_limits (
    user_id                 uuid         NOT NULL,
    weekly_spending_limit   integer,
    pending_spending_limit  integer,
    pending_from            timestamptz,
    cool_off_until          timestamptz,
    self_excluded_at        timestamptz,
    self_excluded_until     timestamptz,
    updated_at              timestamptz  NOT NULL,
    CONSTRAINT pk_member_limits PRIMARY KEY (user_id),
    CONSTRAINT fk_member_limits_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_member_limits_pending CHECK (pending_spending_limit >= 0),
    CONSTRAINT ck_member_limits_weekly CHECK (weekly_spending_limit >= 0)
);
COMMENT ON TABLE member_limits IS 'Spending limit, cool-off and self-exclusion that a member set for themselves.';

CREATE TABLE profiles (
    user_id                  uuid         NOT NULL,
    display_name             varchar(30)  NOT NULL,
    normalized_display_name  varchar(60)  NOT NULL,
    biological_sex           varchar(40),
    fitness_level            varchar(40)  NOT NULL,
    time_zone                varchar(64)  NOT NULL,
    open_tier_opt_in         boolean      NOT NULL,
    visibility               varchar(40)  NOT NULL,
    show_tier                boolean      NOT NULL,
    show_points              boolean      NOT NULL,
    show_badges              boolean      NOT NULL,
    show_rank                boolean      NOT NULL,
    tier_code                varchar(11)  NOT NULL,
    tier_changed_at          timestamptz  NOT NULL,
    declared_at              timestamptz,
    created_at               timestamptz  NOT NULL,
    updated_at               timestamptz  NOT NULL,
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
    id          uuid         NOT NULL,
    user_id     uuid         NOT NULL,
    code_hash   bytea        NOT NULL,
    created_at  timestamptz  NOT NULL,
    used_at     timestamptz,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE recovery_codes IS 'Single-use codes that replace the second factor, by hash.';
CREATE UNIQUE INDEX ux_recovery_codes_user_id_code_hash ON recovery_codes (user_id, code_hash);

CREATE TABLE user_sessions (
    id            uuid          NOT NULL,
    user_id       uuid          NOT NULL,
    ip_address    varchar(45),
    user_agent    varchar(300),
    created_at    timestamptz   NOT NULL,
    last_used_at  timestamptz   NOT NULL,
    expires_at    timestamptz   NOT NULL,
    revoked_at    timestamptz,
    revoked_for   varchar(40),
    CONSTRAINT pk_user_sessions PRIMARY KEY (id),
    CONSTRAINT fk_user_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_user_sessions_revoked_for CHECK (revoked_for IN ('signed_out', 'signed_out_everywhere', 'token_reused', 'password_changed', 'account_closed'))
);
COMMENT ON TABLE user_sessions IS 'One sign-in on one device; revoking it ends its access and refresh tokens.';
CREATE INDEX ix_user_sessions_revoked_at ON user_sessions (revoked_at);
CREATE INDEX ix_user_sessions_user_id_created_at ON user_sessions (user_id, created_at);

CREATE TABLE refresh_tokens (
    id                uuid         NOT NULL,
    session_id        uuid         NOT NULL,
    token_hash        bytea        NOT NULL,
    created_at        timestamptz  NOT NULL,
    expires_at        timestamptz  NOT NULL,
    used_at           timestamptz,
    sealed_successor  bytea,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES user_sessions (id)
);
COMMENT ON TABLE refresh_tokens IS 'Refresh tokens by hash; the session is their family, revoked as a whole when one is reused.';
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE UNIQUE INDEX ux_refresh_tokens_token_hash ON refresh_tokens (token_hash);

CREATE TABLE signing_keys (
    kid                    varchar(43)    NOT NULL,
    serial                 integer        NOT NULL,
    algorithm              varchar(10)    NOT NULL,
    public_jwk             varchar(1000)  NOT NULL,
    protected_private_key  bytea          NOT NULL,
    created_at             timestamptz    NOT NULL,
    valid_from             timestamptz    NOT NULL,
    valid_to               timestamptz,
    CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
COMMENT ON TABLE signing_keys IS 'RSA keys that sign access tokens; private halves are protected.';
CREATE UNIQUE INDEX ux_signing_keys_serial ON signing_keys (serial);

CREATE TABLE tier_history (
    user_id      uuid         NOT NULL,
    from_day     date         NOT NULL,
    tier_code    varchar(11)  NOT NULL,
    recorded_at  timestamptz  NOT NULL,
    CONSTRAINT pk_tier_history PRIMARY KEY (user_id, from_day),
    CONSTRAINT fk_tier_history_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE tier_history IS 'From which competition day on a member''s tier counts.';

-- Messaging -----------------------------------------------------------------------------------------------------

CREATE TABLE leases (
    name        varchar(100)  NOT NULL,
    owner       varchar(100)  NOT NULL,
    expires_at  timestamptz   NOT NULL,
    fencing     bigint        NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name)
);
COMMENT ON TABLE leases IS 'Named jobs that one process at a time may do, with owner, expiry and fencing number.';

CREATE TABLE worker_heartbeats (
    worker_id   varchar(100)  NOT NULL,
    version     varchar(50)   NOT NULL,
    started_at  timestamptz   NOT NULL,
    seen_at     timestamptz   NOT NULL,
    CONSTRAINT pk_worker_heartbeats PRIMARY KEY (worker_id)
);
COMMENT ON TABLE worker_heartbeats IS 'Signs of life of the worker processes; old ones are removed.';

-- Points --------------------------------------------------------------------------------------------------------

CREATE TABLE point_balances (
    user_id          uuid    NOT NULL,
    balance          bigint  NOT NULL,
    earned_total     bigint  NOT NULL,
    seq              bigint  NOT NULL,
    last_hash        bytea   NOT NULL,
    scoring_version  bigint  NOT NULL,
    CONSTRAINT pk_point_balances PRIMARY KEY (user_id),
    CONSTRAINT ck_point_balances_seq CHECK (seq >= 0)
);
COMMENT ON TABLE point_balances IS 'Each member''s points after their last ledger row; moves by compare-and-swap on seq.';

CREATE TABLE point_transactions (
    id              uuid          NOT NULL,
    user_id         uuid          NOT NULL,
    seq             bigint        NOT NULL,
    type            varchar(40)   NOT NULL,
    amount          bigint        NOT NULL,
    balance_after   bigint        NOT NULL,
    reference_kind  varchar(20)   NOT NULL,
    reference_key   varchar(100)  NOT NULL,
    reason          varchar(300)  NOT NULL,
    earned_on       date,
    rate_version    varchar(20),
    created_at      timestamptz   NOT NULL,
    hash            bytea         NOT NULL,
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
    code         varchar(50)   NOT NULL,
    name         varchar(100)  NOT NULL,
    description  varchar(500)  NOT NULL,
    CONSTRAINT pk_badges PRIMARY KEY (code)
);
COMMENT ON TABLE badges IS 'The badges there are; their rules are code.';

CREATE TABLE leaderboard_scores (
    user_id       uuid         NOT NULL,
    period_kind   varchar(40)  NOT NULL,
    period_start  date         NOT NULL,
    tier_code     varchar(20)  NOT NULL,
    points        bigint       NOT NULL,
    reached_at    timestamptz  NOT NULL,
    CONSTRAINT pk_leaderboard_scores PRIMARY KEY (user_id, period_kind, period_start),
    CONSTRAINT ck_leaderboard_scores_period_kind CHECK (period_kind IN ('daily', 'weekly', 'monthly', 'alltime'))
);
COMMENT ON TABLE leaderboard_scores IS 'Points of each member in each day, week, month and all time; written with the ledger.';
CREATE INDEX ix_leaderboard_scores_period_kind_period_start_tier_co_ab6be265 ON leaderboard_scores (period_kind, period_start, tier_code, points DESC, reached_at, user_id);

CREATE TABLE streaks (
    user_id          uuid         NOT NULL,
    current_weeks    integer      NOT NULL,
    longest_weeks    integer      NOT NULL,
    last_week_start  date,
    freezes_left     integer      NOT NULL,
    updated_at       timestamptz  NOT NULL,
    CONSTRAINT pk_streaks PRIMARY KEY (user_id),
    CONSTRAINT ck_streaks_current_weeks CHECK (current_weeks >= 0 AND longest_weeks >= current_weeks)
);
COMMENT ON TABLE streaks IS 'Weekly streaks of the members.';

CREATE TABLE user_badges (
    user_id     uuid         NOT NULL,
    badge_code  varchar(50)  NOT NULL,
    earned_at   timestamptz  NOT NULL,
    earned_on   date         NOT NULL,
    CONSTRAINT pk_user_badges PRIMARY KEY (user_id, badge_code),
    CONSTRAINT fk_user_badges_badge_code FOREIGN KEY (badge_code) REFERENCES badges (code)
);
COMMENT ON TABLE user_badges IS 'Badges given to members, each once.';
CREATE INDEX ix_user_badges_badge_code ON user_badges (badge_code);

-- Notifications -------------------------------------------------------------------------------------------------

CREATE TABLE outbox_messages (
    id            uuid            NOT NULL,
    message_type  varchar(60)     NOT NULL,
    user_id       uuid,
    payload       varchar(10000)  NOT NULL,
    dedupe_key    varchar(200)    NOT NULL,
    created_at    timestamptz     NOT NULL,
    not_before    timestamptz     NOT NULL,
    attempts      integer         NOT NULL,
    lease_owner   varchar(100),
    lease_until   timestamptz,
    fencing       bigint          NOT NULL,
    sent_at       timestamptz,
    dead_at       timestamptz,
    last_error    varchar(500),
    CONSTRAINT pk_outbox_messages PRIMARY KEY (id),
    CONSTRAINT fk_outbox_messages_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_outbox_messages_attempts CHECK (attempts >= 0)
);
COMMENT ON TABLE outbox_messages IS 'Mails to send, written with their cause; claimed by lease, retried, at last given up.';
CREATE INDEX ix_outbox_messages_sent_at_dead_at_not_before ON outbox_messages (sent_at, dead_at, not_before);
CREATE INDEX ix_outbox_messages_user_id ON outbox_messages (user_id);
CREATE UNIQUE INDEX ux_outbox_messages_dedupe_key ON outbox_messages (dedupe_key);
