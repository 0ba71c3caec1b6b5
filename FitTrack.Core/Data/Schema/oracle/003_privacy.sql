-- The audit log holds its states by a salted digest, so that personal data can be taken out of old entries, and refuses every other change.

ALTER TABLE audit_log ADD state_salt RAW(16);
ALTER TABLE audit_log ADD state_digest RAW(32);

CREATE OR REPLACE TRIGGER audit_log_append_only
BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW
BEGIN
    IF DELETING
        OR :NEW.seq <> :OLD.seq OR :NEW.action <> :OLD.action OR :NEW.subject_kind <> :OLD.subject_kind OR :NEW.subject_id <> :OLD.subject_id
        OR :NEW.created_at <> :OLD.created_at OR :NEW.previous_hash <> :OLD.previous_hash OR :NEW.entry_hash <> :OLD.entry_hash
        OR NVL(:NEW.actor_id, '-') <> NVL(:OLD.actor_id, '-')
        OR NVL(:NEW.state_digest, HEXTORAW('00')) <> NVL(:OLD.state_digest, HEXTORAW('00'))
        OR (:NEW.before_state IS NOT NULL AND (:OLD.before_state IS NULL OR DBMS_LOB.COMPARE(:NEW.before_state, :OLD.before_state) <> 0))
        OR (:NEW.after_state IS NOT NULL AND (:OLD.after_state IS NULL OR DBMS_LOB.COMPARE(:NEW.after_state, :OLD.after_state) <> 0))
        OR (:NEW.state_salt IS NOT NULL AND (:OLD.state_salt IS NULL OR :NEW.state_salt <> :OLD.state_salt))
        OR (:NEW.ip_address IS NOT NULL AND (:OLD.ip_address IS NULL OR :NEW.ip_address <> :OLD.ip_address))
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'The audit log is append-only: personal data can be taken out of an entry, nothing else.');
    END IF;
END;
/
