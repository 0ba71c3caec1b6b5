-- A member can name the sport of a file that states none.

ALTER TABLE import_batches ADD sport varchar(40);
