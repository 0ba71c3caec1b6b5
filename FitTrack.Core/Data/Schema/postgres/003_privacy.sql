-- The audit log holds its states by a salted digest, so that personal data can be taken out of old entries, and refuses every other change.

ALTER TABLE audit_log ADD state_salt bytea;
ALTER TABLE audit_log ADD state_digest bytea;

CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE'
        OR (NEW.seq, NEW.action, NEW.subject_kind, NEW.subject_id, NEW.created_at, NEW.previous_hash, NEW.entry_hash)
            <> (OLD.seq, OLD.action, OLD.subject_kind, OLD.subject_id, OLD.created_at, OLD.previous_hash, OLD.entry_hash)
        OR NEW.actor_id IS DISTINCT FROM OLD.actor_id
        OR NEW.state_digest IS DISTINCT FROM OLD.state_digest
        OR coalesce(NEW.before_state <> OLD.before_state, NEW.before_state IS NOT NULL)
        OR coalesce(NEW.after_state <> OLD.after_state, NEW.after_state IS NOT NULL)
        OR coalesce(NEW.state_salt <> OLD.state_salt, NEW.state_salt IS NOT NULL)
        OR coalesce(NEW.ip_address <> OLD.ip_address, NEW.ip_address IS NOT NULL)
    THEN
        RAISE EXCEPTION 'The audit log is append-only: personal data can be taken out of an entry, nothing else.';
    END IF;
    RETURN NEW;
END $$;
-- /

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_guard();
-- /
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard();
-- /
