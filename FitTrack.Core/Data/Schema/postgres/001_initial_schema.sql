-- FitTrack on PostgreSQL 15+: tables, keys, checks, indexes. A released script never changes; add the next number.

-- Data ----------------------------------------------------------------------------------------------------------

CREATE TABLE idempotency_keys (
    user_id        uuid            NOT NULL,
    key            varchar(200)    NOT NULL,
    request_hash   varchar(64)     NOT NULL,
    status_code    integer         NOT NULL,
    response_body  varchar(65536),
    location       varchar(400),
    created_at     timestamptz     NOT NULL,
    expires_at     timestamptz     NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, key)
);
COMMENT ON TABLE idempotency_keys IS 'The first answers to requests that spend or create value, kept for a day; a replay gets the same one.';
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);

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

-- Trackers ------------------------------------------------------------------------------------------------------

CREATE TABLE oauth_states (
    state_hash               varchar(64)    NOT NULL,
    user_id                  uuid           NOT NULL,
    provider                 varchar(30)    NOT NULL,
    protected_code_verifier  varchar(1000),
    created_at               timestamptz    NOT NULL,
    expires_at               timestamptz    NOT NULL,
    used_at                  timestamptz,
    CONSTRAINT pk_oauth_states PRIMARY KEY (state_hash),
    CONSTRAINT fk_oauth_states_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE oauth_states IS 'Sign-ins at providers that were begun here; single use.';
CREATE INDEX ix_oauth_states_expires_at ON oauth_states (expires_at);
CREATE INDEX ix_oauth_states_user_id ON oauth_states (user_id);

CREATE TABLE provider_connections (
    id                       uuid           NOT NULL,
    user_id                  uuid           NOT NULL,
    service                  varchar(40)    NOT NULL,
    provider                 varchar(30)    NOT NULL,
    external_user_id         varchar(100)   NOT NULL,
    status                   varchar(40)    NOT NULL,
    primary_of_user_id       uuid,
    connected_at             timestamptz    NOT NULL,
    disconnected_at          timestamptz,
    last_sync_at             timestamptz,
    next_sync_at             timestamptz,
    last_error               varchar(500),
    scopes                   varchar(1000),
    protected_access_token   varchar(4000),
    protected_refresh_token  varchar(4000),
    token_expires_at         timestamptz,
    created_at               timestamptz    NOT NULL,
    updated_at               timestamptz    NOT NULL,
    CONSTRAINT pk_provider_connections PRIMARY KEY (id),
    CONSTRAINT fk_provider_connections_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_provider_connections_primary CHECK (primary_of_user_id IS NULL OR primary_of_user_id = user_id),
    CONSTRAINT ck_provider_connections_service CHECK (service IN ('terra', 'strava', 'hevy', 'google')),
    CONSTRAINT ck_provider_connections_status CHECK (status IN ('pending', 'connected', 'needs_reconnect', 'error', 'disconnected'))
);
COMMENT ON TABLE provider_connections IS 'Members'' accounts at tracker and calendar providers; tokens are encrypted.';
CREATE INDEX ix_provider_connections_next_sync_at ON provider_connections (next_sync_at);
CREATE UNIQUE INDEX ux_provider_connections_primary_of_user_id ON provider_connections (primary_of_user_id);
CREATE UNIQUE INDEX ux_provider_connections_service_external_user_id ON provider_connections (service, external_user_id);
CREATE UNIQUE INDEX ux_provider_connections_user_id_provider ON provider_connections (user_id, provider);

CREATE TABLE primary_trackers (
    user_id        uuid         NOT NULL,
    from_day       date         NOT NULL,
    connection_id  uuid,
    updated_at     timestamptz  NOT NULL,
    CONSTRAINT pk_primary_trackers PRIMARY KEY (user_id, from_day),
    CONSTRAINT fk_primary_trackers_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id),
    CONSTRAINT fk_primary_trackers_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE primary_trackers IS 'From which competition day on a member''s steps and minutes come from which connection.';
CREATE INDEX ix_primary_trackers_connection_id ON primary_trackers (connection_id);

CREATE TABLE provider_rate_windows (
    service           varchar(40)   NOT NULL,
    subject           varchar(100)  NOT NULL,
    window_seconds    integer       NOT NULL,
    window_start      timestamptz   NOT NULL,
    used              integer       NOT NULL,
    allowed_requests  integer       NOT NULL,
    blocked_until     timestamptz,
    CONSTRAINT pk_provider_rate_windows PRIMARY KEY (service, subject, window_seconds),
    CONSTRAINT ck_provider_rate_windows_service CHECK (service IN ('terra', 'strava', 'hevy', 'google'))
);
COMMENT ON TABLE provider_rate_windows IS 'Requests made to providers in their rate windows.';

CREATE TABLE sync_jobs (
    id             uuid          NOT NULL,
    connection_id  uuid          NOT NULL,
    full_sync      boolean       NOT NULL,
    due_at         timestamptz   NOT NULL,
    requested_at   timestamptz   NOT NULL,
    by_member      boolean       NOT NULL,
    attempts       integer       NOT NULL,
    last_error     varchar(500),
    completed_at   timestamptz,
    lease_owner    varchar(120),
    lease_until    timestamptz,
    fencing        bigint        NOT NULL,
    CONSTRAINT pk_sync_jobs PRIMARY KEY (id),
    CONSTRAINT fk_sync_jobs_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id)
);
COMMENT ON TABLE sync_jobs IS 'Synchronisations that are due, running or done.';
CREATE INDEX ix_sync_jobs_completed_at_due_at ON sync_jobs (completed_at, due_at);
CREATE INDEX ix_sync_jobs_connection_id ON sync_jobs (connection_id);

CREATE TABLE sync_metadata (
    connection_id    uuid          NOT NULL,
    data_kind        varchar(40)   NOT NULL,
    last_success_at  timestamptz,
    resume_from      varchar(400),
    items_seen       integer       NOT NULL,
    updated_at       timestamptz   NOT NULL,
    CONSTRAINT pk_sync_metadata PRIMARY KEY (connection_id, data_kind),
    CONSTRAINT fk_sync_metadata_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id)
);
COMMENT ON TABLE sync_metadata IS 'How far each connection''s data has been read.';

CREATE TABLE webhook_messages (
    id                uuid              NOT NULL,
    service           varchar(40)       NOT NULL,
    delivery_id       varchar(200)      NOT NULL,
    event_type        varchar(60),
    external_user_id  varchar(100),
    body              varchar(4194304)  NOT NULL,
    ordered_at        timestamptz,
    received_at       timestamptz       NOT NULL,
    status            varchar(40)       NOT NULL,
    attempts          integer           NOT NULL,
    next_attempt_at   timestamptz       NOT NULL,
    error             varchar(500),
    processed_at      timestamptz,
    lease_owner       varchar(120),
    lease_until       timestamptz,
    fencing           bigint            NOT NULL,
    CONSTRAINT pk_webhook_messages PRIMARY KEY (id),
    CONSTRAINT ck_webhook_messages_service CHECK (service IN ('terra', 'strava', 'hevy', 'google')),
    CONSTRAINT ck_webhook_messages_status CHECK (status IN ('pending', 'processed', 'ignored', 'failed'))
);
COMMENT ON TABLE webhook_messages IS 'Providers'' messages as they came, with the state of their processing.';
CREATE INDEX ix_webhook_messages_external_user_id ON webhook_messages (external_user_id);
CREATE INDEX ix_webhook_messages_status_next_attempt_at_id ON webhook_messages (status, next_attempt_at, id);
CREATE UNIQUE INDEX ux_webhook_messages_service_delivery_id ON webhook_messages (service, delivery_id);

-- Activities ----------------------------------------------------------------------------------------------------

CREATE TABLE activities (
    id                  uuid              NOT NULL,
    user_id             uuid              NOT NULL,
    connection_id       uuid,
    source              varchar(30)       NOT NULL,
    natural_id          varchar(120)      NOT NULL,
    kind                varchar(40)       NOT NULL,
    sport               varchar(40),
    title               varchar(200),
    started_at          timestamptz       NOT NULL,
    ended_at            timestamptz       NOT NULL,
    competition_day     date              NOT NULL,
    light_seconds       integer           NOT NULL,
    moderate_seconds    integer           NOT NULL,
    vigorous_seconds    integer           NOT NULL,
    intensity_inferred  boolean           NOT NULL,
    length_seconds      integer           NOT NULL,
    steps               integer,
    distance_meters     double precision,
    average_heart_rate  double precision,
    provenance          varchar(40)       NOT NULL,
    status              varchar(40)       NOT NULL,
    admission           varchar(40)       NOT NULL,
    decision            varchar(40)       NOT NULL,
    duplicate_of_id     uuid,
    points              integer           NOT NULL,
    revision            integer           NOT NULL,
    receipt_version     integer           NOT NULL,
    accepted_at         timestamptz,
    hidden_at           timestamptz,
    version_at          timestamptz       NOT NULL,
    message_id          uuid,
    metrics             varchar(4000),
    created_at          timestamptz       NOT NULL,
    updated_at          timestamptz       NOT NULL,
    CONSTRAINT pk_activities PRIMARY KEY (id),
    CONSTRAINT fk_activities_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id),
    CONSTRAINT fk_activities_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_activities_admission CHECK (admission IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activities_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activities_kind CHECK (kind IN ('workout', 'steps', 'active_minutes')),
    CONSTRAINT ck_activities_measures CHECK (distance_meters >= 0 AND average_heart_rate >= 0),
    CONSTRAINT ck_activities_points CHECK (points >= 0),
    CONSTRAINT ck_activities_provenance CHECK (provenance IN ('device', 'provider_manual', 'manual', 'imported')),
    CONSTRAINT ck_activities_seconds CHECK (light_seconds >= 0 AND moderate_seconds >= 0 AND vigorous_seconds >= 0 AND length_seconds >= 0),
    CONSTRAINT ck_activities_status CHECK (status IN ('accepted', 'rejected', 'duplicate', 'deleted')),
    CONSTRAINT ck_activities_steps CHECK (steps IS NULL OR steps >= 0)
);
COMMENT ON TABLE activities IS 'Workouts, daily steps and daily active minutes, one row per thing and source.';
CREATE INDEX ix_activities_connection_id ON activities (connection_id);
CREATE INDEX ix_activities_user_id_competition_day ON activities (user_id, competition_day);
CREATE UNIQUE INDEX ux_activities_natural_id_source ON activities (natural_id, source);

CREATE TABLE activity_receipts (
    activity_id              uuid          NOT NULL,
    version                  integer       NOT NULL,
    revision                 integer       NOT NULL,
    competition_day          date          NOT NULL,
    kind                     varchar(40)   NOT NULL,
    decision                 varchar(40)   NOT NULL,
    cause                    varchar(200)  NOT NULL,
    points                   integer       NOT NULL,
    points_change            integer       NOT NULL,
    tier_code                varchar(11),
    rate_version             varchar(20),
    multiplier_tenths        integer,
    before_light_seconds     integer       NOT NULL,
    before_moderate_seconds  integer       NOT NULL,
    before_vigorous_seconds  integer       NOT NULL,
    before_steps             integer       NOT NULL,
    before_bonuses           integer       NOT NULL,
    after_light_seconds      integer       NOT NULL,
    after_moderate_seconds   integer       NOT NULL,
    after_vigorous_seconds   integer       NOT NULL,
    after_steps              integer       NOT NULL,
    after_bonuses            integer       NOT NULL,
    created_at               timestamptz   NOT NULL,
    CONSTRAINT pk_activity_receipts PRIMARY KEY (activity_id, version),
    CONSTRAINT fk_activity_receipts_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT ck_activity_receipts_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activity_receipts_kind CHECK (kind IN ('no_points', 'award', 'division', 'held')),
    CONSTRAINT ck_activity_receipts_version CHECK (version > 0)
);
COMMENT ON TABLE activity_receipts IS 'How each activity''s points came about; the newest version holds, the older ones stay.';

CREATE TABLE activity_reviews (
    id                 uuid           NOT NULL,
    activity_id        uuid           NOT NULL,
    activity_revision  integer        NOT NULL,
    user_id            uuid           NOT NULL,
    rule               varchar(60)    NOT NULL,
    evidence           varchar(4000)  NOT NULL,
    status             varchar(40)    NOT NULL,
    opened_at          timestamptz    NOT NULL,
    decided_by         uuid,
    decided_at         timestamptz,
    decision_reason    varchar(500),
    appeal             varchar(1000),
    appealed_at        timestamptz,
    version            integer        NOT NULL,
    CONSTRAINT pk_activity_reviews PRIMARY KEY (id),
    CONSTRAINT fk_activity_reviews_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_activity_reviews_decided_by FOREIGN KEY (decided_by) REFERENCES users (id),
    CONSTRAINT fk_activity_reviews_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_activity_reviews_appealed CHECK (status <> 'appealed' OR (appeal IS NOT NULL AND appealed_at IS NOT NULL)),
    CONSTRAINT ck_activity_reviews_decided CHECK (status NOT IN ('cleared', 'rejected') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL AND decision_reason IS NOT NULL)),
    CONSTRAINT ck_activity_reviews_status CHECK (status IN ('open', 'cleared', 'rejected', 'appealed'))
);
COMMENT ON TABLE activity_reviews IS 'Reviews of activities that crossed a soft limit, with evidence, decision and appeal.';
CREATE INDEX ix_activity_reviews_decided_by ON activity_reviews (decided_by);
CREATE INDEX ix_activity_reviews_status_opened_at ON activity_reviews (status, opened_at);
CREATE INDEX ix_activity_reviews_user_id ON activity_reviews (user_id);
CREATE UNIQUE INDEX ux_activity_reviews_activity_id_activity_revision_rule ON activity_reviews (activity_id, activity_revision, rule);

-- Points --------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_roots (
    competition_day  date         NOT NULL,
    cutoff_at        timestamptz  NOT NULL,
    members          integer      NOT NULL,
    root_hash        bytea        NOT NULL,
    published_at     timestamptz  NOT NULL,
    CONSTRAINT pk_ledger_roots PRIMARY KEY (competition_day)
);
COMMENT ON TABLE ledger_roots IS 'The root over all members'' last ledger hashes at the end of each competition day.';

CREATE TABLE point_balances (
    user_id          uuid    NOT NULL,
    balance          bigint  NOT NULL,
    earned_total     bigint  NOT NULL,
    seq              bigint  NOT NULL,
    last_hash        bytea   NOT NULL,
    scoring_version  bigint  NOT NULL,
    CONSTRAINT pk_point_balances PRIMARY KEY (user_id),
    CONSTRAINT fk_point_balances_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_point_balances_seq CHECK (seq >= 0)
);
COMMENT ON TABLE point_balances IS 'Each member''s points after their last ledger row; moves by compare-and-swap on seq.';

CREATE TABLE point_days (
    user_id                uuid         NOT NULL,
    competition_day        date         NOT NULL,
    tier_code              varchar(11)  NOT NULL,
    rate_version           varchar(20)  NOT NULL,
    multiplier_tenths      integer      NOT NULL,
    light_seconds          bigint       NOT NULL,
    moderate_seconds       bigint       NOT NULL,
    vigorous_seconds       bigint       NOT NULL,
    steps                  bigint       NOT NULL,
    bonuses                integer      NOT NULL,
    total                  integer      NOT NULL,
    held_correction        integer      NOT NULL,
    summary_connection_id  uuid,
    updated_at             timestamptz  NOT NULL,
    CONSTRAINT pk_point_days PRIMARY KEY (user_id, competition_day),
    CONSTRAINT fk_point_days_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_point_days_held CHECK (held_correction <= 0),
    CONSTRAINT ck_point_days_total CHECK (total >= 0)
);
COMMENT ON TABLE point_days IS 'What each member''s competition day has earned, with the tier and rates of its midnight.';

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
    CONSTRAINT fk_point_transactions_user_id FOREIGN KEY (user_id) REFERENCES point_balances (user_id),
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
    CONSTRAINT fk_leaderboard_scores_user_id FOREIGN KEY (user_id) REFERENCES users (id),
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
    CONSTRAINT fk_streaks_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_streaks_current_weeks CHECK (current_weeks >= 0 AND longest_weeks >= current_weeks AND freezes_left >= 0)
);
COMMENT ON TABLE streaks IS 'Weekly streaks of the members.';

CREATE TABLE user_badges (
    user_id     uuid         NOT NULL,
    badge_code  varchar(50)  NOT NULL,
    earned_at   timestamptz  NOT NULL,
    earned_on   date         NOT NULL,
    CONSTRAINT pk_user_badges PRIMARY KEY (user_id, badge_code),
    CONSTRAINT fk_user_badges_badge_code FOREIGN KEY (badge_code) REFERENCES badges (code),
    CONSTRAINT fk_user_badges_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE user_badges IS 'Badges given to members, each once.';
CREATE INDEX ix_user_badges_badge_code ON user_badges (badge_code);

-- Drawings ------------------------------------------------------------------------------------------------------

CREATE TABLE draw_keys (
    key_id              varchar(64)    NOT NULL,
    x                   varchar(64)    NOT NULL,
    y                   varchar(64)    NOT NULL,
    sealed_private_key  varchar(1000)  NOT NULL,
    created_at          timestamptz    NOT NULL,
    retired_at          timestamptz,
    CONSTRAINT pk_draw_keys PRIMARY KEY (key_id)
);
COMMENT ON TABLE draw_keys IS 'Keys that drawing manifests are signed with; public halves stay published for good.';

CREATE TABLE drawing_rules (
    version       integer         NOT NULL,
    text          varchar(30000)  NOT NULL,
    published_at  timestamptz     NOT NULL,
    CONSTRAINT pk_drawing_rules PRIMARY KEY (version)
);
COMMENT ON TABLE drawing_rules IS 'Versions of the official sweepstakes rules.';

CREATE TABLE drawing_templates (
    id                          uuid            NOT NULL,
    name                        varchar(120)    NOT NULL,
    type                        varchar(40)     NOT NULL,
    entropy                     varchar(40)     NOT NULL,
    draw_minute_of_day          integer         NOT NULL,
    opens_minutes_before        integer         NOT NULL,
    sales_close_minutes_before  integer         NOT NULL,
    create_days_ahead           integer         NOT NULL,
    terms_json                  varchar(20000)  NOT NULL,
    is_active                   boolean         NOT NULL,
    created_at                  timestamptz     NOT NULL,
    updated_at                  timestamptz     NOT NULL,
    version                     bigint          NOT NULL,
    CONSTRAINT pk_drawing_templates PRIMARY KEY (id),
    CONSTRAINT ck_drawing_templates_entropy CHECK (entropy IN ('drand', 'commit')),
    CONSTRAINT ck_drawing_templates_type CHECK (type IN ('daily', 'weekly', 'monthly', 'annual'))
);
COMMENT ON TABLE drawing_templates IS 'What the daily, weekly, monthly and annual drawings are made from.';
CREATE UNIQUE INDEX ux_drawing_templates_name ON drawing_templates (name);

CREATE TABLE drawings (
    id                        uuid           NOT NULL,
    name                      varchar(120)   NOT NULL,
    description               varchar(2000),
    image_url                 varchar(500),
    type                      varchar(40)    NOT NULL,
    status                    varchar(40)    NOT NULL,
    entropy                   varchar(40)    NOT NULL,
    chain_hash                varchar(64),
    round                     bigint,
    commitment                varchar(64),
    sealed_seed               varchar(500),
    opens_at                  timestamptz    NOT NULL,
    sales_close_at            timestamptz    NOT NULL,
    draw_at                   timestamptz    NOT NULL,
    ticket_price              integer        NOT NULL,
    max_tickets_per_purchase  integer        NOT NULL,
    max_tickets_per_member    integer        NOT NULL,
    free_entries_per_member   integer        NOT NULL,
    alternates                integer        NOT NULL,
    eligible_users            varchar(40)    NOT NULL,
    min_account_age_days      integer        NOT NULL,
    min_age                   integer        NOT NULL,
    rules_version             integer        NOT NULL,
    template_id               uuid,
    template_key              varchar(60),
    paid_tickets              bigint,
    free_tickets              bigint,
    scheduled_at              timestamptz,
    opened_at                 timestamptz,
    closed_at                 timestamptz,
    completed_at              timestamptz,
    cancelled_at              timestamptz,
    cancel_reason             varchar(300),
    held_up_by                varchar(300),
    created_by                uuid,
    created_at                timestamptz    NOT NULL,
    updated_at                timestamptz    NOT NULL,
    version                   bigint         NOT NULL,
    lease_owner               varchar(120),
    lease_until               timestamptz,
    fencing                   bigint         NOT NULL,
    CONSTRAINT pk_drawings PRIMARY KEY (id),
    CONSTRAINT fk_drawings_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT fk_drawings_rules_version FOREIGN KEY (rules_version) REFERENCES drawing_rules (version),
    CONSTRAINT fk_drawings_template_id FOREIGN KEY (template_id) REFERENCES drawing_templates (id),
    CONSTRAINT ck_drawings_cancelled CHECK (status <> 'cancelled' OR (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)),
    CONSTRAINT ck_drawings_completed CHECK (status <> 'completed' OR (completed_at IS NOT NULL AND paid_tickets IS NOT NULL AND free_tickets IS NOT NULL)),
    CONSTRAINT ck_drawings_eligible_users CHECK (eligible_users IN ('all', 'user', 'premium')),
    CONSTRAINT ck_drawings_entropy CHECK (entropy IN ('drand', 'commit')),
    CONSTRAINT ck_drawings_limits CHECK (ticket_price > 0 AND max_tickets_per_purchase BETWEEN 1 AND 100 AND max_tickets_per_member > 0 AND free_entries_per_member > 0 AND alternates >= 0),
    CONSTRAINT ck_drawings_status CHECK (status IN ('draft', 'scheduled', 'open', 'closed', 'completed', 'cancelled')),
    CONSTRAINT ck_drawings_times CHECK (opens_at < sales_close_at AND sales_close_at < draw_at),
    CONSTRAINT ck_drawings_type CHECK (type IN ('daily', 'weekly', 'monthly', 'annual'))
);
COMMENT ON TABLE drawings IS 'Sweepstakes drawings with their states, terms and entropy source.';
CREATE INDEX ix_drawings_created_by ON drawings (created_by);
CREATE INDEX ix_drawings_rules_version ON drawings (rules_version);
CREATE INDEX ix_drawings_status_draw_at ON drawings (status, draw_at);
CREATE INDEX ix_drawings_template_id ON drawings (template_id);
CREATE UNIQUE INDEX ux_drawings_template_key ON drawings (template_key);

CREATE TABLE drawing_entrants (
    drawing_id     uuid         NOT NULL,
    user_id        uuid         NOT NULL,
    paid_tickets   integer      NOT NULL,
    free_entries   integer      NOT NULL,
    salt           bytea,
    rules_version  integer      NOT NULL,
    entered_at     timestamptz  NOT NULL,
    refunded_at    timestamptz,
    CONSTRAINT pk_drawing_entrants PRIMARY KEY (drawing_id, user_id),
    CONSTRAINT fk_drawing_entrants_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_entrants_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_drawing_entrants_counts CHECK (paid_tickets >= 0 AND free_entries >= 0 AND paid_tickets + free_entries > 0)
);
COMMENT ON TABLE drawing_entrants IS 'A member in a drawing: what counts against the limits, and the salt of the member''s pseudonym.';
CREATE INDEX ix_drawing_entrants_user_id ON drawing_entrants (user_id);

CREATE TABLE drawing_gates (
    drawing_id      uuid         NOT NULL,
    gate            integer      NOT NULL,
    sold            bigint       NOT NULL,
    is_open         boolean      NOT NULL,
    sales_close_at  timestamptz  NOT NULL,
    CONSTRAINT pk_drawing_gates PRIMARY KEY (drawing_id, gate),
    CONSTRAINT fk_drawing_gates_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT ck_drawing_gates_sold CHECK (sold >= 0 AND gate BETWEEN 0 AND 63)
);
COMMENT ON TABLE drawing_gates IS '64 counters a drawing that every entry passes; the sum of sold is the number of tickets.';

CREATE TABLE sponsors (
    id             uuid           NOT NULL,
    name           varchar(120)   NOT NULL,
    contact_email  varchar(254),
    website_url    varchar(500),
    logo_url       varchar(500),
    notes          varchar(1000),
    created_at     timestamptz    NOT NULL,
    updated_at     timestamptz    NOT NULL,
    version        bigint         NOT NULL,
    CONSTRAINT pk_sponsors PRIMARY KEY (id)
);
COMMENT ON TABLE sponsors IS 'Who gives prizes.';
CREATE UNIQUE INDEX ux_sponsors_name ON sponsors (name);

CREATE TABLE drawing_prizes (
    id           uuid           NOT NULL,
    drawing_id   uuid           NOT NULL,
    rank         integer        NOT NULL,
    name         varchar(120)   NOT NULL,
    description  varchar(2000),
    quantity     integer        NOT NULL,
    value_cents  bigint         NOT NULL,
    kind         varchar(40)    NOT NULL,
    sponsor_id   uuid,
    image_url    varchar(500),
    CONSTRAINT pk_drawing_prizes PRIMARY KEY (id),
    CONSTRAINT fk_drawing_prizes_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_prizes_sponsor_id FOREIGN KEY (sponsor_id) REFERENCES sponsors (id),
    CONSTRAINT ck_drawing_prizes_kind CHECK (kind IN ('physical', 'digital')),
    CONSTRAINT ck_drawing_prizes_numbers CHECK (rank >= 1 AND quantity >= 1 AND value_cents >= 0)
);
COMMENT ON TABLE drawing_prizes IS 'What can be won in a drawing, by rank.';
CREATE INDEX ix_drawing_prizes_sponsor_id ON drawing_prizes (sponsor_id);
CREATE UNIQUE INDEX ux_drawing_prizes_drawing_id_rank ON drawing_prizes (drawing_id, rank);

CREATE TABLE drawing_proofs (
    drawing_id        uuid            NOT NULL,
    manifest          varchar(32000)  NOT NULL,
    manifest_hash     varchar(64)     NOT NULL,
    signature         varchar(100)    NOT NULL,
    key_id            varchar(64)     NOT NULL,
    rules_text        varchar(60000)  NOT NULL,
    published_at      timestamptz     NOT NULL,
    timestamp_token   bytea,
    randomness        varchar(64),
    beacon_signature  varchar(192),
    server_seed       varchar(64),
    draw_seed         varchar(64),
    drawn_at          timestamptz,
    CONSTRAINT pk_drawing_proofs PRIMARY KEY (drawing_id),
    CONSTRAINT fk_drawing_proofs_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_proofs_key_id FOREIGN KEY (key_id) REFERENCES draw_keys (key_id)
);
COMMENT ON TABLE drawing_proofs IS 'Manifest, signature and entropy of closed and completed drawings.';
CREATE INDEX ix_drawing_proofs_key_id ON drawing_proofs (key_id);

CREATE TABLE tickets (
    id             uuid         NOT NULL,
    drawing_id     uuid         NOT NULL,
    user_id        uuid         NOT NULL,
    kind           varchar(40)  NOT NULL,
    purchase_id    uuid         NOT NULL,
    price_paid     integer      NOT NULL,
    rules_version  integer      NOT NULL,
    purchased_at   timestamptz  NOT NULL,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT fk_tickets_drawing_id_user_id FOREIGN KEY (drawing_id, user_id) REFERENCES drawing_entrants (drawing_id, user_id),
    CONSTRAINT ck_tickets_kind CHECK (kind IN ('paid', 'free')),
    CONSTRAINT ck_tickets_price CHECK ((kind = 'paid' AND price_paid > 0) OR (kind = 'free' AND price_paid = 0))
);
COMMENT ON TABLE tickets IS 'One row a ticket, bought or free; never changed.';
CREATE INDEX ix_tickets_drawing_id_user_id ON tickets (drawing_id, user_id);

CREATE TABLE drawing_picks (
    drawing_id     uuid         NOT NULL,
    rank           bigint       NOT NULL,
    slot           integer      NOT NULL,
    counter        bigint       NOT NULL,
    x              varchar(20)  NOT NULL,
    tickets_left   integer      NOT NULL,
    ticket_number  integer      NOT NULL,
    ticket_id      uuid         NOT NULL,
    user_id        uuid         NOT NULL,
    prize_id       uuid,
    CONSTRAINT pk_drawing_picks PRIMARY KEY (drawing_id, rank, slot),
    CONSTRAINT fk_drawing_picks_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawing_proofs (drawing_id),
    CONSTRAINT fk_drawing_picks_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id),
    CONSTRAINT fk_drawing_picks_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_drawing_picks_drawing_id_user_id FOREIGN KEY (drawing_id, user_id) REFERENCES drawing_entrants (drawing_id, user_id)
);
COMMENT ON TABLE drawing_picks IS 'The tickets that were drawn, alternates included, with the numbers that show why.';
CREATE INDEX ix_drawing_picks_prize_id ON drawing_picks (prize_id);
CREATE INDEX ix_drawing_picks_user_id ON drawing_picks (user_id);
CREATE UNIQUE INDEX ux_drawing_picks_drawing_id_user_id ON drawing_picks (drawing_id, user_id);
CREATE UNIQUE INDEX ux_drawing_picks_ticket_id ON drawing_picks (ticket_id);

CREATE TABLE drawing_tree_blocks (
    drawing_id  uuid     NOT NULL,
    block       integer  NOT NULL,
    hash        bytea    NOT NULL,
    CONSTRAINT pk_drawing_tree_blocks PRIMARY KEY (drawing_id, block),
    CONSTRAINT fk_drawing_tree_blocks_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawing_proofs (drawing_id)
);
COMMENT ON TABLE drawing_tree_blocks IS 'Nodes of a drawing''s ticket tree, one for each 1,024 tickets.';

CREATE TABLE eligible_states (
    state_code      varchar(2)    NOT NULL,
    effective_from  date          NOT NULL,
    is_eligible     boolean       NOT NULL,
    note            varchar(300),
    CONSTRAINT pk_eligible_states PRIMARY KEY (state_code, effective_from)
);
COMMENT ON TABLE eligible_states IS 'US states whose residents may take part, by date.';

CREATE TABLE numbered_tickets (
    drawing_id     uuid     NOT NULL,
    ticket_number  integer  NOT NULL,
    ticket_id      uuid     NOT NULL,
    CONSTRAINT pk_numbered_tickets PRIMARY KEY (drawing_id, ticket_number),
    CONSTRAINT fk_numbered_tickets_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_numbered_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT ck_numbered_tickets_number CHECK (ticket_number > 0)
);
COMMENT ON TABLE numbered_tickets IS 'The numbers 1..N given to a drawing''s tickets at its close.';
CREATE UNIQUE INDEX ux_numbered_tickets_ticket_id ON numbered_tickets (ticket_id);

CREATE TABLE prize_codes (
    id           uuid           NOT NULL,
    prize_id     uuid           NOT NULL,
    sealed_code  varchar(1000)  NOT NULL,
    given_at     timestamptz,
    CONSTRAINT pk_prize_codes PRIMARY KEY (id),
    CONSTRAINT fk_prize_codes_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id)
);
COMMENT ON TABLE prize_codes IS 'Encrypted codes of digital prizes, each given once.';
CREATE INDEX ix_prize_codes_prize_id ON prize_codes (prize_id);

CREATE TABLE prize_values (
    drawing_id     uuid         NOT NULL,
    calendar_year  integer      NOT NULL,
    value_cents    bigint       NOT NULL,
    recorded_at    timestamptz  NOT NULL,
    CONSTRAINT pk_prize_values PRIMARY KEY (drawing_id),
    CONSTRAINT fk_prize_values_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT ck_prize_values_value CHECK (value_cents >= 0)
);
COMMENT ON TABLE prize_values IS 'The worth of each drawing''s prizes, summed by year against the registration threshold.';
CREATE INDEX ix_prize_values_calendar_year ON prize_values (calendar_year);

CREATE TABLE ticket_spending (
    user_id     uuid    NOT NULL,
    week_start  date    NOT NULL,
    points      bigint  NOT NULL,
    CONSTRAINT pk_ticket_spending PRIMARY KEY (user_id, week_start),
    CONSTRAINT fk_ticket_spending_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_ticket_spending_points CHECK (points >= 0)
);
COMMENT ON TABLE ticket_spending IS 'Points spent on tickets in a week, of members who limit their spending.';

-- Fulfillments --------------------------------------------------------------------------------------------------

CREATE TABLE fulfillments (
    id                    uuid           NOT NULL,
    drawing_id            uuid           NOT NULL,
    prize_id              uuid           NOT NULL,
    ticket_id             uuid           NOT NULL,
    user_id               uuid           NOT NULL,
    rank                  integer        NOT NULL,
    slot                  integer        NOT NULL,
    attempt               integer        NOT NULL,
    kind                  varchar(40)    NOT NULL,
    drawing_name          varchar(120)   NOT NULL,
    prize_name            varchar(120)   NOT NULL,
    ticket_number         integer        NOT NULL,
    value_cents           bigint         NOT NULL,
    status                varchar(40)    NOT NULL,
    sealed_address        varchar(4000),
    sealed_code           varchar(1000),
    carrier               varchar(50),
    tracking_number       varchar(100),
    created_at            timestamptz    NOT NULL,
    notified_at           timestamptz,
    reminded_at           timestamptz,
    address_confirmed_at  timestamptz,
    shipped_at            timestamptz,
    delivered_at          timestamptz,
    forfeited_at          timestamptz,
    version               bigint         NOT NULL,
    CONSTRAINT pk_fulfillments PRIMARY KEY (id),
    CONSTRAINT fk_fulfillments_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_fulfillments_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id),
    CONSTRAINT fk_fulfillments_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_fulfillments_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_fulfillments_kind CHECK (kind IN ('physical', 'digital')),
    CONSTRAINT ck_fulfillments_status CHECK (status IN ('pending', 'winner_notified', 'address_confirmed', 'shipped', 'delivered', 'forfeited', 'returned_to_sponsor')),
    CONSTRAINT ck_fulfillments_value CHECK (value_cents >= 0)
);
COMMENT ON TABLE fulfillments IS 'Won prizes on their way; addresses and codes are encrypted.';
CREATE INDEX ix_fulfillments_prize_id ON fulfillments (prize_id);
CREATE INDEX ix_fulfillments_status_notified_at ON fulfillments (status, notified_at);
CREATE INDEX ix_fulfillments_ticket_id ON fulfillments (ticket_id);
CREATE INDEX ix_fulfillments_user_id ON fulfillments (user_id);
CREATE UNIQUE INDEX ux_fulfillments_drawing_id_rank_slot_attempt ON fulfillments (drawing_id, rank, slot, attempt);

CREATE TABLE fulfillment_events (
    id              uuid         NOT NULL,
    fulfillment_id  uuid         NOT NULL,
    kind            varchar(40)  NOT NULL,
    actor_id        uuid,
    happened_at     timestamptz  NOT NULL,
    CONSTRAINT pk_fulfillment_events PRIMARY KEY (id),
    CONSTRAINT fk_fulfillment_events_actor_id FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT fk_fulfillment_events_fulfillment_id FOREIGN KEY (fulfillment_id) REFERENCES fulfillments (id),
    CONSTRAINT ck_fulfillment_events_kind CHECK (kind IN ('created', 'winner_notified', 'address_confirmed', 'shipped', 'delivered', 'reminded', 'forfeited', 'returned_to_sponsor', 'address_read', 'code_read'))
);
COMMENT ON TABLE fulfillment_events IS 'What happened to each won prize, readings of address and code included.';
CREATE INDEX ix_fulfillment_events_actor_id ON fulfillment_events (actor_id);
CREATE INDEX ix_fulfillment_events_fulfillment_id_happened_at ON fulfillment_events (fulfillment_id, happened_at);

-- Notifications -------------------------------------------------------------------------------------------------

CREATE TABLE notification_preferences (
    user_id     uuid         NOT NULL,
    category    varchar(40)  NOT NULL,
    channel     varchar(40)  NOT NULL,
    is_enabled  boolean      NOT NULL,
    updated_at  timestamptz  NOT NULL,
    CONSTRAINT pk_notification_preferences PRIMARY KEY (user_id, category, channel),
    CONSTRAINT fk_notification_preferences_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_notification_preferences_category CHECK (category IN ('account', 'trackers', 'points', 'leaderboards', 'drawings', 'prizes', 'training', 'coach', 'admin')),
    CONSTRAINT ck_notification_preferences_channel CHECK (channel IN ('in_app', 'email'))
);
COMMENT ON TABLE notification_preferences IS 'What members chose to be told about, and how.';

CREATE TABLE notifications (
    id            uuid           NOT NULL,
    user_id       uuid           NOT NULL,
    category      varchar(40)    NOT NULL,
    occasion_key  varchar(150)   NOT NULL,
    title         varchar(150)   NOT NULL,
    body          varchar(1000)  NOT NULL,
    link          varchar(500),
    created_at    timestamptz    NOT NULL,
    read_at       timestamptz,
    CONSTRAINT pk_notifications PRIMARY KEY (id),
    CONSTRAINT fk_notifications_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_notifications_category CHECK (category IN ('account', 'trackers', 'points', 'leaderboards', 'drawings', 'prizes', 'training', 'coach', 'admin'))
);
COMMENT ON TABLE notifications IS 'Notices in members'' own lists, each occasion once.';
CREATE INDEX ix_notifications_user_id_created_at ON notifications (user_id, created_at);
CREATE INDEX ix_notifications_user_id_read_at ON notifications (user_id, read_at);
CREATE UNIQUE INDEX ux_notifications_user_id_occasion_key ON notifications (user_id, occasion_key);

CREATE TABLE outbox_messages (
    id            uuid            NOT NULL,
    message_type  varchar(60)     NOT NULL,
    user_id       uuid,
    payload       varchar(60000)  NOT NULL,
    dedupe_key    varchar(200)    NOT NULL,
    created_at    timestamptz     NOT NULL,
    not_before    timestamptz     NOT NULL,
    attempts      integer         NOT NULL,
    lease_owner   varchar(120),
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

-- Training ------------------------------------------------------------------------------------------------------

CREATE TABLE calendar_feeds (
    id            uuid         NOT NULL,
    user_id       uuid         NOT NULL,
    token_hash    varchar(64)  NOT NULL,
    created_at    timestamptz  NOT NULL,
    last_read_at  timestamptz,
    revoked_at    timestamptz,
    CONSTRAINT pk_calendar_feeds PRIMARY KEY (id),
    CONSTRAINT fk_calendar_feeds_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE calendar_feeds IS 'Private iCal addresses of members; only the hash of the secret part is kept.';
CREATE INDEX ix_calendar_feeds_user_id ON calendar_feeds (user_id);
CREATE UNIQUE INDEX ux_calendar_feeds_token_hash ON calendar_feeds (token_hash);

CREATE TABLE exercises (
    id            uuid           NOT NULL,
    owner_id      uuid,
    scope         varchar(36)    NOT NULL,
    name          varchar(100)   NOT NULL,
    name_key      varchar(100)   NOT NULL,
    equipment     varchar(40)    NOT NULL,
    default_sets  integer,
    default_reps  integer,
    instructions  varchar(4000),
    version       integer        NOT NULL,
    created_at    timestamptz    NOT NULL,
    updated_at    timestamptz    NOT NULL,
    deleted_at    timestamptz,
    CONSTRAINT pk_exercises PRIMARY KEY (id),
    CONSTRAINT fk_exercises_owner_id FOREIGN KEY (owner_id) REFERENCES users (id),
    CONSTRAINT ck_exercises_default_reps CHECK (default_reps BETWEEN 1 AND 1000),
    CONSTRAINT ck_exercises_default_sets CHECK (default_sets BETWEEN 1 AND 50),
    CONSTRAINT ck_exercises_equipment CHECK (equipment IN ('none', 'barbell', 'dumbbell', 'kettlebell', 'machine', 'cable', 'band', 'bench', 'pull_up_bar', 'medicine_ball', 'cardio_machine', 'other'))
);
COMMENT ON TABLE exercises IS 'Exercises of the shared catalogue and of single members, with the defaults a workout starts from.';
CREATE INDEX ix_exercises_owner_id ON exercises (owner_id);
CREATE UNIQUE INDEX ux_exercises_scope_name_key ON exercises (scope, name_key);

CREATE TABLE exercise_muscles (
    exercise_id   uuid         NOT NULL,
    muscle_group  varchar(40)  NOT NULL,
    is_primary    boolean      NOT NULL,
    CONSTRAINT pk_exercise_muscles PRIMARY KEY (exercise_id, muscle_group),
    CONSTRAINT fk_exercise_muscles_exercise_id FOREIGN KEY (exercise_id) REFERENCES exercises (id),
    CONSTRAINT ck_exercise_muscles_muscle_group CHECK (muscle_group IN ('chest', 'back', 'shoulders', 'biceps', 'triceps', 'forearms', 'core', 'glutes', 'quadriceps', 'hamstrings', 'calves', 'full_body', 'cardio'))
);
COMMENT ON TABLE exercise_muscles IS 'The muscle groups that an exercise works.';
CREATE INDEX ix_exercise_muscles_muscle_group ON exercise_muscles (muscle_group);

-- Imports -------------------------------------------------------------------------------------------------------

CREATE TABLE import_batches (
    id                uuid           NOT NULL,
    user_id           uuid           NOT NULL,
    kind              varchar(40)    NOT NULL,
    file_name         varchar(255),
    byte_count        bigint         NOT NULL,
    sha256            varchar(64),
    status            varchar(40)    NOT NULL,
    added             integer        NOT NULL,
    updated           integer        NOT NULL,
    skipped           integer        NOT NULL,
    failed            integer        NOT NULL,
    error             varchar(1000),
    created_at        timestamptz    NOT NULL,
    started_at        timestamptz,
    finished_at       timestamptz,
    lease_owner       varchar(100),
    lease_expires_at  timestamptz,
    fence             bigint         NOT NULL,
    CONSTRAINT pk_import_batches PRIMARY KEY (id),
    CONSTRAINT fk_import_batches_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_import_batches_byte_count CHECK (byte_count >= 0),
    CONSTRAINT ck_import_batches_counts CHECK (added >= 0 AND updated >= 0 AND skipped >= 0 AND failed >= 0),
    CONSTRAINT ck_import_batches_kind CHECK (kind IN ('gpx', 'tcx', 'fit', 'map_my_fitness_csv', 'strava_csv', 'zip', 'strava_sync', 'hevy_sync')),
    CONSTRAINT ck_import_batches_status CHECK (status IN ('queued', 'running', 'completed', 'failed', 'undone'))
);
COMMENT ON TABLE import_batches IS 'Imports of files and of providers'' training logs, with their counts and the lease they are worked off under.';
CREATE INDEX ix_import_batches_status_created_at ON import_batches (status, created_at);
CREATE INDEX ix_import_batches_user_id_created_at ON import_batches (user_id, created_at);

-- Training ------------------------------------------------------------------------------------------------------

CREATE TABLE shoes (
    id               uuid              NOT NULL,
    user_id          uuid              NOT NULL,
    shoe_key         varchar(150)      NOT NULL,
    name             varchar(100)      NOT NULL,
    notes            varchar(1000),
    initial_meters   double precision  NOT NULL,
    retired_on       date,
    retirement_note  varchar(500),
    warned_at_miles  integer           NOT NULL,
    merged_into_id   uuid,
    version          integer           NOT NULL,
    created_at       timestamptz       NOT NULL,
    updated_at       timestamptz       NOT NULL,
    deleted_at       timestamptz,
    CONSTRAINT pk_shoes PRIMARY KEY (id),
    CONSTRAINT fk_shoes_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES shoes (id),
    CONSTRAINT fk_shoes_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_shoes_initial_meters CHECK (initial_meters >= 0),
    CONSTRAINT ck_shoes_warned_at_miles CHECK (warned_at_miles IN (0, 300, 500))
);
COMMENT ON TABLE shoes IS 'A member''s shoes, with their starting mileage and retirement.';
CREATE INDEX ix_shoes_merged_into_id ON shoes (merged_into_id);
CREATE UNIQUE INDEX ux_shoes_user_id_shoe_key ON shoes (user_id, shoe_key);

CREATE TABLE training_plans (
    id                    uuid              NOT NULL,
    user_id               uuid              NOT NULL,
    name                  varchar(150)      NOT NULL,
    goal                  varchar(500),
    starts_on             date              NOT NULL,
    ends_on               date              NOT NULL,
    goal_distance_meters  double precision,
    status                varchar(40)       NOT NULL,
    notes                 varchar(4000),
    version               integer           NOT NULL,
    created_at            timestamptz       NOT NULL,
    updated_at            timestamptz       NOT NULL,
    deleted_at            timestamptz,
    CONSTRAINT pk_training_plans PRIMARY KEY (id),
    CONSTRAINT fk_training_plans_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_training_plans_days CHECK (ends_on >= starts_on),
    CONSTRAINT ck_training_plans_goal_distance CHECK (goal_distance_meters > 0),
    CONSTRAINT ck_training_plans_status CHECK (status IN ('draft', 'active', 'completed', 'abandoned'))
);
COMMENT ON TABLE training_plans IS 'A member''s training plans, each with a goal and its first and last day.';
CREATE INDEX ix_training_plans_user_id_starts_on ON training_plans (user_id, starts_on);

CREATE TABLE workouts (
    id                            uuid              NOT NULL,
    user_id                       uuid              NOT NULL,
    plan_id                       uuid,
    natural_id                    varchar(80)       NOT NULL,
    source                        varchar(40)       NOT NULL,
    type                          varchar(40)       NOT NULL,
    status                        varchar(40)       NOT NULL,
    title                         varchar(150)      NOT NULL,
    notes                         varchar(4000),
    day                           date              NOT NULL,
    target_distance_meters        double precision,
    target_duration_seconds       integer,
    target_seconds_per_kilometer  double precision,
    started_at                    timestamptz,
    duration_seconds              integer,
    source_updated_at             timestamptz,
    import_batch_id               uuid,
    version                       integer           NOT NULL,
    created_at                    timestamptz       NOT NULL,
    updated_at                    timestamptz       NOT NULL,
    deleted_at                    timestamptz,
    CONSTRAINT pk_workouts PRIMARY KEY (id),
    CONSTRAINT fk_workouts_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_workouts_plan_id FOREIGN KEY (plan_id) REFERENCES training_plans (id),
    CONSTRAINT fk_workouts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_workouts_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_workouts_source CHECK (source IN ('manual', 'strava', 'map_my_fitness', 'hevy', 'file', 'tracker')),
    CONSTRAINT ck_workouts_status CHECK (status IN ('planned', 'done', 'skipped')),
    CONSTRAINT ck_workouts_target_distance CHECK (target_distance_meters > 0),
    CONSTRAINT ck_workouts_target_duration CHECK (target_duration_seconds > 0),
    CONSTRAINT ck_workouts_target_pace CHECK (target_seconds_per_kilometer > 0),
    CONSTRAINT ck_workouts_type CHECK (type IN ('easy_run', 'long_run', 'tempo_run', 'interval_run', 'recovery_run', 'race', 'strength', 'cross_training', 'mobility', 'rest', 'other'))
);
COMMENT ON TABLE workouts IS 'Workouts of the training log, planned or done, with their targets.';
CREATE INDEX ix_workouts_import_batch_id ON workouts (import_batch_id);
CREATE INDEX ix_workouts_plan_id_day ON workouts (plan_id, day);
CREATE INDEX ix_workouts_user_id_day ON workouts (user_id, day);
CREATE UNIQUE INDEX ux_workouts_user_id_natural_id ON workouts (user_id, natural_id);

CREATE TABLE runs (
    id                     uuid              NOT NULL,
    user_id                uuid              NOT NULL,
    natural_id             varchar(80)       NOT NULL,
    source                 varchar(40)       NOT NULL,
    type                   varchar(40)       NOT NULL,
    started_at             timestamptz       NOT NULL,
    day                    date              NOT NULL,
    distance_meters        double precision  NOT NULL,
    duration_seconds       integer           NOT NULL,
    average_heart_rate     integer,
    elevation_gain_meters  double precision,
    title                  varchar(200),
    notes                  varchar(4000),
    shoe_id                uuid,
    workout_id             uuid,
    activity_id            uuid,
    import_batch_id        uuid,
    edited_fields          varchar(200),
    source_updated_at      timestamptz,
    version                integer           NOT NULL,
    created_at             timestamptz       NOT NULL,
    updated_at             timestamptz       NOT NULL,
    deleted_at             timestamptz,
    CONSTRAINT pk_runs PRIMARY KEY (id),
    CONSTRAINT fk_runs_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_runs_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_runs_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT fk_runs_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_runs_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_runs_average_heart_rate CHECK (average_heart_rate BETWEEN 20 AND 260),
    CONSTRAINT ck_runs_distance CHECK (distance_meters >= 0),
    CONSTRAINT ck_runs_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_runs_elevation_gain CHECK (elevation_gain_meters >= 0),
    CONSTRAINT ck_runs_source CHECK (source IN ('manual', 'strava', 'map_my_fitness', 'hevy', 'file', 'tracker')),
    CONSTRAINT ck_runs_type CHECK (type IN ('outdoor_run', 'treadmill_run')),
    CONSTRAINT ck_runs_version CHECK (version >= 1)
);
COMMENT ON TABLE runs IS 'Runs of the training log as they stand now; earlier versions are in runs_history.';
CREATE INDEX ix_runs_activity_id ON runs (activity_id);
CREATE INDEX ix_runs_import_batch_id ON runs (import_batch_id);
CREATE INDEX ix_runs_shoe_id ON runs (shoe_id);
CREATE INDEX ix_runs_user_id_started_at ON runs (user_id, started_at);
CREATE INDEX ix_runs_workout_id ON runs (workout_id);
CREATE UNIQUE INDEX ux_runs_user_id_natural_id ON runs (user_id, natural_id);

CREATE TABLE runs_history (
    run_id              uuid              NOT NULL,
    version             integer           NOT NULL,
    change              varchar(40)       NOT NULL,
    type                varchar(40)       NOT NULL,
    started_at          timestamptz       NOT NULL,
    distance_meters     double precision  NOT NULL,
    duration_seconds    integer           NOT NULL,
    average_heart_rate  integer,
    shoe_id             uuid,
    edited_fields       varchar(200),
    changed_by          uuid,
    changed_at          timestamptz       NOT NULL,
    reason              varchar(500),
    CONSTRAINT pk_runs_history PRIMARY KEY (run_id, version),
    CONSTRAINT fk_runs_history_changed_by FOREIGN KEY (changed_by) REFERENCES users (id),
    CONSTRAINT fk_runs_history_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT fk_runs_history_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT ck_runs_history_change CHECK (change IN ('original', 'edit', 'deletion')),
    CONSTRAINT ck_runs_history_type CHECK (type IN ('outdoor_run', 'treadmill_run')),
    CONSTRAINT ck_runs_history_version CHECK (version >= 1)
);
COMMENT ON TABLE runs_history IS 'Every version of every run: what it was, who changed it, when and why.';
CREATE INDEX ix_runs_history_changed_by ON runs_history (changed_by);
CREATE INDEX ix_runs_history_shoe_id ON runs_history (shoe_id);

CREATE TABLE shoe_aliases (
    id          uuid          NOT NULL,
    user_id     uuid          NOT NULL,
    shoe_id     uuid          NOT NULL,
    alias_key   varchar(150)  NOT NULL,
    name        varchar(100)  NOT NULL,
    created_at  timestamptz   NOT NULL,
    CONSTRAINT pk_shoe_aliases PRIMARY KEY (id),
    CONSTRAINT fk_shoe_aliases_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT fk_shoe_aliases_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE shoe_aliases IS 'Other names of a member''s shoes, from providers, files and merges.';
CREATE INDEX ix_shoe_aliases_shoe_id ON shoe_aliases (shoe_id);
CREATE UNIQUE INDEX ux_shoe_aliases_user_id_alias_key ON shoe_aliases (user_id, alias_key);

CREATE TABLE synced_runs (
    run_id           uuid           NOT NULL,
    calendar_id      varchar(250)   NOT NULL,
    event_id         varchar(64)    NOT NULL,
    run_version      integer        NOT NULL,
    status           varchar(40)    NOT NULL,
    error            varchar(1000),
    attempts         integer        NOT NULL,
    last_attempt_at  timestamptz,
    next_attempt_at  timestamptz,
    synced_at        timestamptz,
    CONSTRAINT pk_synced_runs PRIMARY KEY (run_id),
    CONSTRAINT fk_synced_runs_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT ck_synced_runs_attempts CHECK (attempts >= 0),
    CONSTRAINT ck_synced_runs_run_version CHECK (run_version >= 0),
    CONSTRAINT ck_synced_runs_status CHECK (status IN ('pending', 'synced', 'failed'))
);
COMMENT ON TABLE synced_runs IS 'How each run stands in the member''s Google calendar: event, version shown, last error.';
CREATE INDEX ix_synced_runs_status_next_attempt_at ON synced_runs (status, next_attempt_at);

CREATE TABLE training_preferences (
    user_id        uuid         NOT NULL,
    distance_unit  varchar(40)  NOT NULL,
    updated_at     timestamptz  NOT NULL,
    CONSTRAINT pk_training_preferences PRIMARY KEY (user_id),
    CONSTRAINT fk_training_preferences_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_training_preferences_distance_unit CHECK (distance_unit IN ('miles', 'kilometers'))
);
COMMENT ON TABLE training_preferences IS 'How members want their training log shown.';

CREATE TABLE workout_exercises (
    id           uuid           NOT NULL,
    workout_id   uuid           NOT NULL,
    exercise_id  uuid           NOT NULL,
    position     integer        NOT NULL,
    superset     integer,
    notes        varchar(1000),
    CONSTRAINT pk_workout_exercises PRIMARY KEY (id),
    CONSTRAINT fk_workout_exercises_exercise_id FOREIGN KEY (exercise_id) REFERENCES exercises (id),
    CONSTRAINT fk_workout_exercises_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_workout_exercises_position CHECK (position >= 1)
);
COMMENT ON TABLE workout_exercises IS 'The exercises of a workout in their order.';
CREATE INDEX ix_workout_exercises_exercise_id ON workout_exercises (exercise_id);
CREATE INDEX ix_workout_exercises_workout_id_position ON workout_exercises (workout_id, position);

CREATE TABLE workout_sets (
    workout_exercise_id  uuid              NOT NULL,
    position             integer           NOT NULL,
    kind                 varchar(40)       NOT NULL,
    target_reps          integer,
    reps                 integer,
    weight_kilograms     double precision,
    distance_meters      double precision,
    duration_seconds     integer,
    exertion             double precision,
    CONSTRAINT pk_workout_sets PRIMARY KEY (workout_exercise_id, position),
    CONSTRAINT fk_workout_sets_workout_exercise_id FOREIGN KEY (workout_exercise_id) REFERENCES workout_exercises (id),
    CONSTRAINT ck_workout_sets_distance CHECK (distance_meters >= 0),
    CONSTRAINT ck_workout_sets_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_workout_sets_exertion CHECK (exertion BETWEEN 1 AND 10),
    CONSTRAINT ck_workout_sets_kind CHECK (kind IN ('normal', 'warmup', 'dropset', 'failure')),
    CONSTRAINT ck_workout_sets_position CHECK (position >= 1),
    CONSTRAINT ck_workout_sets_reps CHECK (reps >= 0),
    CONSTRAINT ck_workout_sets_target_reps CHECK (target_reps >= 0),
    CONSTRAINT ck_workout_sets_weight CHECK (weight_kilograms >= 0)
);
COMMENT ON TABLE workout_sets IS 'The sets of an exercise in a workout: target and result.';

-- Coach ---------------------------------------------------------------------------------------------------------

CREATE TABLE coach_answers (
    user_id        uuid            NOT NULL,
    task           varchar(40)     NOT NULL,
    question_hash  varchar(64)     NOT NULL,
    answer         varchar(20000)  NOT NULL,
    citations      varchar(8000),
    model_name     varchar(100),
    created_at     timestamptz     NOT NULL,
    expires_at     timestamptz     NOT NULL,
    CONSTRAINT pk_coach_answers PRIMARY KEY (user_id, task, question_hash),
    CONSTRAINT fk_coach_answers_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_coach_answers_expires_at CHECK (expires_at > created_at),
    CONSTRAINT ck_coach_answers_task CHECK (task IN ('chat', 'recommend', 'analyze'))
);
COMMENT ON TABLE coach_answers IS 'Cached answers of the configured language model, per member and question.';
CREATE INDEX ix_coach_answers_expires_at ON coach_answers (expires_at);

CREATE TABLE coach_conversations (
    id          uuid          NOT NULL,
    user_id     uuid          NOT NULL,
    title       varchar(200)  NOT NULL,
    created_at  timestamptz   NOT NULL,
    updated_at  timestamptz   NOT NULL,
    deleted_at  timestamptz,
    CONSTRAINT pk_coach_conversations PRIMARY KEY (id),
    CONSTRAINT fk_coach_conversations_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE coach_conversations IS 'Members'' conversations with the coach.';
CREATE INDEX ix_coach_conversations_user_id_updated_at ON coach_conversations (user_id, updated_at);

CREATE TABLE coach_messages (
    conversation_id  uuid            NOT NULL,
    position         integer         NOT NULL,
    role             varchar(40)     NOT NULL,
    content          varchar(20000)  NOT NULL,
    engine           varchar(40),
    model_name       varchar(100),
    citations        varchar(8000),
    is_safety_stop   boolean         NOT NULL,
    input_tokens     integer,
    output_tokens    integer,
    created_at       timestamptz     NOT NULL,
    CONSTRAINT pk_coach_messages PRIMARY KEY (conversation_id, position),
    CONSTRAINT fk_coach_messages_conversation_id FOREIGN KEY (conversation_id) REFERENCES coach_conversations (id),
    CONSTRAINT ck_coach_messages_engine CHECK (engine IN ('rules', 'model')),
    CONSTRAINT ck_coach_messages_position CHECK (position >= 1),
    CONSTRAINT ck_coach_messages_role CHECK (role IN ('member', 'coach', 'tool')),
    CONSTRAINT ck_coach_messages_tokens CHECK (input_tokens >= 0 AND output_tokens >= 0)
);
COMMENT ON TABLE coach_messages IS 'The messages of a conversation, with who answered and the numbers the answer cites.';

CREATE TABLE recommended_plans (
    id                uuid            NOT NULL,
    user_id           uuid            NOT NULL,
    conversation_id   uuid,
    title             varchar(150)    NOT NULL,
    schema_version    integer         NOT NULL,
    document          varchar(60000)  NOT NULL,
    engine            varchar(40)     NOT NULL,
    model_name        varchar(100),
    status            varchar(40)     NOT NULL,
    accepted_plan_id  uuid,
    created_at        timestamptz     NOT NULL,
    decided_at        timestamptz,
    CONSTRAINT pk_recommended_plans PRIMARY KEY (id),
    CONSTRAINT fk_recommended_plans_accepted_plan_id FOREIGN KEY (accepted_plan_id) REFERENCES training_plans (id),
    CONSTRAINT fk_recommended_plans_conversation_id FOREIGN KEY (conversation_id) REFERENCES coach_conversations (id),
    CONSTRAINT fk_recommended_plans_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_recommended_plans_accepted CHECK (accepted_plan_id IS NULL OR status = 'accepted'),
    CONSTRAINT ck_recommended_plans_engine CHECK (engine IN ('rules', 'model')),
    CONSTRAINT ck_recommended_plans_status CHECK (status IN ('proposed', 'accepted', 'dismissed'))
);
COMMENT ON TABLE recommended_plans IS 'Training plans that the coach proposed, and what became of them.';
CREATE INDEX ix_recommended_plans_accepted_plan_id ON recommended_plans (accepted_plan_id);
CREATE INDEX ix_recommended_plans_conversation_id ON recommended_plans (conversation_id);
CREATE INDEX ix_recommended_plans_user_id_created_at ON recommended_plans (user_id, created_at);

-- Imports -------------------------------------------------------------------------------------------------------

CREATE TABLE import_files (
    batch_id  uuid   NOT NULL,
    content   bytea  NOT NULL,
    CONSTRAINT pk_import_files PRIMARY KEY (batch_id),
    CONSTRAINT fk_import_files_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches (id)
);
COMMENT ON TABLE import_files IS 'The uploaded file of a batch that is not finished yet.';

CREATE TABLE import_log (
    batch_id              uuid          NOT NULL,
    position              integer       NOT NULL,
    item                  varchar(300)  NOT NULL,
    outcome               varchar(40)   NOT NULL,
    reason                varchar(500),
    activity_id           uuid,
    run_id                uuid,
    previous_run_version  integer,
    workout_id            uuid,
    CONSTRAINT pk_import_log PRIMARY KEY (batch_id, position),
    CONSTRAINT fk_import_log_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_import_log_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_import_log_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT fk_import_log_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_import_log_outcome CHECK (outcome IN ('added', 'updated', 'skipped', 'failed')),
    CONSTRAINT ck_import_log_position CHECK (position >= 1)
);
COMMENT ON TABLE import_log IS 'Item by item, what an import added, updated, skipped or refused, and why.';
CREATE INDEX ix_import_log_activity_id ON import_log (activity_id);
CREATE INDEX ix_import_log_run_id ON import_log (run_id);
CREATE INDEX ix_import_log_workout_id ON import_log (workout_id);

-- Security ------------------------------------------------------------------------------------------------------

CREATE TABLE data_protection_keys (
    id             uuid           NOT NULL,
    friendly_name  varchar(100)   NOT NULL,
    xml            varchar(8000)  NOT NULL,
    created_at     timestamptz    NOT NULL,
    CONSTRAINT pk_data_protection_keys PRIMARY KEY (id)
);
COMMENT ON TABLE data_protection_keys IS 'The DataProtection key ring, wrapped by Security:MasterKey.';
CREATE UNIQUE INDEX ux_data_protection_keys_friendly_name ON data_protection_keys (friendly_name);
