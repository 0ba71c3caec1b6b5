-- The log of an import keeps what an updated activity said before, so that an undo can bring it back.

ALTER TABLE import_log ADD previous varchar(4000);
