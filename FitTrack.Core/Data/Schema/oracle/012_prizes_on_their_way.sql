-- A won prize may go back to its sponsor, with a note of why, and nobody gets two prizes of a drawing.

ALTER TABLE fulfillments ADD returned_at TIMESTAMP(6) WITH TIME ZONE;
CREATE UNIQUE INDEX ux_fulfillments_drawing_id_user_id ON fulfillments (drawing_id, user_id);

ALTER TABLE fulfillment_events ADD note VARCHAR2(300 CHAR);
