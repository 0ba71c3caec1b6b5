-- What a drawing promised and how it came out stays as it is, whoever writes to the tables: the database guards the states of
-- domain section 5 too, and refuses to change what is sold, signed, numbered or drawn.

CREATE FUNCTION final_row_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are final: they are added and never changed.', TG_TABLE_NAME;
END $$;
-- /

CREATE FUNCTION drawing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('completed', 'cancelled') OR (TG_OP = 'DELETE' AND OLD.status <> 'draft') THEN
        RAISE EXCEPTION 'A drawing that is % never changes.', OLD.status;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.id <> OLD.id OR (NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'scheduled'), ('scheduled', 'open'), ('open', 'closed'), ('closed', 'completed'),
        ('draft', 'cancelled'), ('scheduled', 'cancelled'), ('open', 'cancelled'), ('closed', 'cancelled')))
    THEN
        RAISE EXCEPTION 'A drawing that is % cannot become %.', OLD.status, NEW.status;
    END IF;
    IF OLD.status <> 'draft' AND (NEW.entropy, NEW.chain_hash, NEW.round, NEW.commitment, NEW.draw_at, NEW.scheduled_at)
        IS DISTINCT FROM (OLD.entropy, OLD.chain_hash, OLD.round, OLD.commitment, OLD.draw_at, OLD.scheduled_at)
    THEN
        RAISE EXCEPTION 'Draw time and entropy of a drawing are frozen when it is scheduled.';
    END IF;
    IF OLD.status IN ('open', 'closed')
        AND (NEW.name, NEW.description, NEW.image_url, NEW.type, NEW.opens_at, NEW.sales_close_at, NEW.ticket_price, NEW.max_tickets_per_purchase, NEW.max_tickets_per_member,
                NEW.free_entries_per_member, NEW.alternates, NEW.eligible_users, NEW.min_account_age_days, NEW.min_age, NEW.rules_version)
            IS DISTINCT FROM (OLD.name, OLD.description, OLD.image_url, OLD.type, OLD.opens_at, OLD.sales_close_at, OLD.ticket_price, OLD.max_tickets_per_purchase, OLD.max_tickets_per_member,
                OLD.free_entries_per_member, OLD.alternates, OLD.eligible_users, OLD.min_account_age_days, OLD.min_age, OLD.rules_version)
    THEN
        RAISE EXCEPTION 'The terms of a drawing never change once it is open.';
    END IF;
    IF OLD.status = 'closed' AND (NEW.paid_tickets, NEW.free_tickets, NEW.closed_at) IS DISTINCT FROM (OLD.paid_tickets, OLD.free_tickets, OLD.closed_at) THEN
        RAISE EXCEPTION 'The tickets of a drawing are counted once, when it closes.';
    END IF;
    RETURN NEW;
END $$;
-- /

-- The states in which rows of a table may be written are the trigger's arguments.
CREATE FUNCTION drawing_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT status INTO state FROM drawings WHERE id = OLD.drawing_id;
    END IF;
    IF TG_OP <> 'DELETE' AND (state IS NULL OR state = ANY (TG_ARGV)) THEN
        SELECT status INTO state FROM drawings WHERE id = NEW.drawing_id;
    END IF;
    IF state <> ALL (TG_ARGV) THEN
        RAISE EXCEPTION 'Rows of % never change while their drawing is %.', TG_TABLE_NAME, state;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- /

CREATE FUNCTION drawing_proof_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.drawn_at IS NOT NULL
        OR (NEW.drawing_id, NEW.manifest, NEW.manifest_hash, NEW.signature, NEW.key_id, NEW.rules_text, NEW.published_at)
            <> (OLD.drawing_id, OLD.manifest, OLD.manifest_hash, OLD.signature, OLD.key_id, OLD.rules_text, OLD.published_at)
        OR (OLD.timestamp_token IS NOT NULL AND NEW.timestamp_token IS DISTINCT FROM OLD.timestamp_token)
    THEN
        RAISE EXCEPTION 'A manifest never changes once it is published, nor what was drawn from it.';
    END IF;
    RETURN NEW;
END $$;
-- /

CREATE TRIGGER drawings_final BEFORE UPDATE OR DELETE ON drawings FOR EACH ROW EXECUTE FUNCTION drawing_guard();
-- /
CREATE TRIGGER drawing_prizes_final BEFORE INSERT OR UPDATE OR DELETE ON drawing_prizes FOR EACH ROW EXECUTE FUNCTION drawing_part_guard('draft', 'scheduled');
-- /
CREATE TRIGGER drawing_proofs_final BEFORE UPDATE ON drawing_proofs FOR EACH ROW EXECUTE FUNCTION drawing_proof_guard();
-- /
CREATE TRIGGER drawing_proofs_added BEFORE INSERT ON drawing_proofs FOR EACH ROW EXECUTE FUNCTION drawing_part_guard('open', 'closed');
-- /
CREATE TRIGGER drawing_proofs_kept BEFORE DELETE ON drawing_proofs FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_picks_added BEFORE INSERT ON drawing_picks FOR EACH ROW EXECUTE FUNCTION drawing_part_guard('closed');
-- /
CREATE TRIGGER drawing_picks_final BEFORE UPDATE OR DELETE ON drawing_picks FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_tree_blocks_added BEFORE INSERT ON drawing_tree_blocks FOR EACH ROW EXECUTE FUNCTION drawing_part_guard('open', 'closed');
-- /
CREATE TRIGGER drawing_tree_blocks_final BEFORE UPDATE OR DELETE ON drawing_tree_blocks FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER tickets_final BEFORE UPDATE OR DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER numbered_tickets_final BEFORE UPDATE OR DELETE ON numbered_tickets FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
-- Entries update gates and entrants: the guard is called for nothing else, so that buying does not pay for it.
CREATE TRIGGER drawing_gates_final BEFORE UPDATE ON drawing_gates FOR EACH ROW WHEN (NOT OLD.is_open) EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_gates_kept BEFORE DELETE ON drawing_gates FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_entrants_final BEFORE UPDATE ON drawing_entrants FOR EACH ROW
    WHEN (NEW.salt IS DISTINCT FROM OLD.salt OR NEW.rules_version <> OLD.rules_version OR NEW.paid_tickets < OLD.paid_tickets OR NEW.free_entries < OLD.free_entries)
    EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_entrants_kept BEFORE DELETE ON drawing_entrants FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_rules_final BEFORE UPDATE OR DELETE ON drawing_rules FOR EACH ROW EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawings_no_truncate BEFORE TRUNCATE ON drawings FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_proofs_no_truncate BEFORE TRUNCATE ON drawing_proofs FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_picks_no_truncate BEFORE TRUNCATE ON drawing_picks FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_tree_blocks_no_truncate BEFORE TRUNCATE ON drawing_tree_blocks FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_prizes_no_truncate BEFORE TRUNCATE ON drawing_prizes FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER tickets_no_truncate BEFORE TRUNCATE ON tickets FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER numbered_tickets_no_truncate BEFORE TRUNCATE ON numbered_tickets FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_entrants_no_truncate BEFORE TRUNCATE ON drawing_entrants FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
CREATE TRIGGER drawing_gates_no_truncate BEFORE TRUNCATE ON drawing_gates FOR EACH STATEMENT EXECUTE FUNCTION final_row_guard();
-- /
