-- What a drawing promised and how it came out stays as it is, whoever writes to the tables: the database guards the states of
-- domain section 5 too, and refuses to change what is sold, signed, numbered or drawn.

CREATE OR REPLACE TRIGGER drawings_final
BEFORE UPDATE OR DELETE ON drawings
FOR EACH ROW
BEGIN
    IF :OLD.status IN ('completed', 'cancelled') OR (DELETING AND :OLD.status <> 'draft') THEN
        RAISE_APPLICATION_ERROR(-20001, 'A drawing that is ' || :OLD.status || ' never changes.');
    END IF;
    IF DELETING THEN
        RETURN;
    END IF;
    IF :NEW.id <> :OLD.id OR (:NEW.status <> :OLD.status AND :OLD.status || '>' || :NEW.status NOT IN (
        'draft>scheduled', 'scheduled>open', 'open>closed', 'closed>completed',
        'draft>cancelled', 'scheduled>cancelled', 'open>cancelled', 'closed>cancelled'))
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'A drawing that is ' || :OLD.status || ' cannot become ' || :NEW.status || '.');
    END IF;
    IF :OLD.status <> 'draft' AND (:NEW.entropy <> :OLD.entropy OR NVL(:NEW.chain_hash, '-') <> NVL(:OLD.chain_hash, '-') OR NVL(:NEW.round, -1) <> NVL(:OLD.round, -1)
        OR NVL(:NEW.commitment, '-') <> NVL(:OLD.commitment, '-') OR :NEW.draw_at <> :OLD.draw_at OR NVL(:NEW.scheduled_at, :NEW.created_at) <> NVL(:OLD.scheduled_at, :OLD.created_at))
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'Draw time and entropy of a drawing are frozen when it is scheduled.');
    END IF;
    IF :OLD.status IN ('open', 'closed') AND (:NEW.name <> :OLD.name OR NVL(:NEW.description, '-') <> NVL(:OLD.description, '-') OR NVL(:NEW.image_url, '-') <> NVL(:OLD.image_url, '-')
        OR :NEW.type <> :OLD.type OR :NEW.opens_at <> :OLD.opens_at OR :NEW.sales_close_at <> :OLD.sales_close_at OR :NEW.ticket_price <> :OLD.ticket_price
        OR :NEW.max_tickets_per_purchase <> :OLD.max_tickets_per_purchase OR :NEW.max_tickets_per_member <> :OLD.max_tickets_per_member
        OR :NEW.free_entries_per_member <> :OLD.free_entries_per_member OR :NEW.alternates <> :OLD.alternates OR :NEW.eligible_users <> :OLD.eligible_users
        OR :NEW.min_account_age_days <> :OLD.min_account_age_days OR :NEW.min_age <> :OLD.min_age OR :NEW.rules_version <> :OLD.rules_version)
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'The terms of a drawing never change once it is open.');
    END IF;
    IF :OLD.status = 'closed' AND (NVL(:NEW.paid_tickets, -1) <> NVL(:OLD.paid_tickets, -1) OR NVL(:NEW.free_tickets, -1) <> NVL(:OLD.free_tickets, -1)
        OR NVL(:NEW.closed_at, :NEW.created_at) <> NVL(:OLD.closed_at, :OLD.created_at))
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'The tickets of a drawing are counted once, when it closes.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_prizes_final
BEFORE INSERT OR UPDATE OR DELETE ON drawing_prizes
FOR EACH ROW
DECLARE
    others NUMBER;
BEGIN
    SELECT COUNT(*) INTO others FROM drawings WHERE id IN (:OLD.drawing_id, :NEW.drawing_id) AND status NOT IN ('draft', 'scheduled');
    IF others > 0 THEN
        RAISE_APPLICATION_ERROR(-20001, 'Prizes change only while their drawing is a draft or scheduled.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_proofs_final
BEFORE INSERT OR UPDATE OR DELETE ON drawing_proofs
FOR EACH ROW
DECLARE
    others NUMBER;
BEGIN
    IF INSERTING THEN
        SELECT COUNT(*) INTO others FROM drawings WHERE id = :NEW.drawing_id AND status NOT IN ('open', 'closed');
        IF others > 0 THEN
            RAISE_APPLICATION_ERROR(-20001, 'A manifest is published when its drawing closes.');
        END IF;
    ELSIF DELETING OR :OLD.drawn_at IS NOT NULL OR :NEW.drawing_id <> :OLD.drawing_id OR DBMS_LOB.COMPARE(:NEW.manifest, :OLD.manifest) <> 0 OR :NEW.manifest_hash <> :OLD.manifest_hash
        OR :NEW.signature <> :OLD.signature OR :NEW.key_id <> :OLD.key_id OR DBMS_LOB.COMPARE(:NEW.rules_text, :OLD.rules_text) <> 0 OR :NEW.published_at <> :OLD.published_at
        OR (:OLD.timestamp_token IS NOT NULL AND (:NEW.timestamp_token IS NULL OR DBMS_LOB.COMPARE(:NEW.timestamp_token, :OLD.timestamp_token) <> 0))
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'A manifest never changes once it is published, nor what was drawn from it.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_picks_final
BEFORE INSERT OR UPDATE OR DELETE ON drawing_picks
FOR EACH ROW
DECLARE
    others NUMBER;
BEGIN
    IF INSERTING THEN
        SELECT COUNT(*) INTO others FROM drawings WHERE id = :NEW.drawing_id AND status <> 'closed';
    END IF;
    IF NOT INSERTING OR others > 0 THEN
        RAISE_APPLICATION_ERROR(-20001, 'What was drawn never changes.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_tree_blocks_final
BEFORE INSERT OR UPDATE OR DELETE ON drawing_tree_blocks
FOR EACH ROW
DECLARE
    others NUMBER;
BEGIN
    IF INSERTING THEN
        SELECT COUNT(*) INTO others FROM drawings WHERE id = :NEW.drawing_id AND status NOT IN ('open', 'closed');
    END IF;
    IF NOT INSERTING OR others > 0 THEN
        RAISE_APPLICATION_ERROR(-20001, 'The tree over a drawing''s tickets never changes.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER tickets_final
BEFORE UPDATE OR DELETE ON tickets
BEGIN
    RAISE_APPLICATION_ERROR(-20001, 'Tickets are added and never changed.');
END;
/

CREATE OR REPLACE TRIGGER numbered_tickets_final
BEFORE UPDATE OR DELETE ON numbered_tickets
BEGIN
    RAISE_APPLICATION_ERROR(-20001, 'The numbers of tickets never change.');
END;
/

CREATE OR REPLACE TRIGGER drawing_gates_final
BEFORE UPDATE OR DELETE ON drawing_gates
FOR EACH ROW
BEGIN
    IF DELETING OR NOT :OLD.is_open THEN
        RAISE_APPLICATION_ERROR(-20001, 'A gate that is shut stays as it is.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_entrants_final
BEFORE UPDATE OR DELETE ON drawing_entrants
FOR EACH ROW
BEGIN
    IF DELETING OR NVL(:NEW.salt, HEXTORAW('00')) <> NVL(:OLD.salt, HEXTORAW('00')) OR :NEW.rules_version <> :OLD.rules_version
        OR :NEW.paid_tickets < :OLD.paid_tickets OR :NEW.free_entries < :OLD.free_entries
    THEN
        RAISE_APPLICATION_ERROR(-20001, 'An entry never changes: its counters only grow.');
    END IF;
END;
/

CREATE OR REPLACE TRIGGER drawing_rules_final
BEFORE UPDATE OR DELETE ON drawing_rules
BEGIN
    RAISE_APPLICATION_ERROR(-20001, 'Versions of the rules are added and never changed.');
END;
/
