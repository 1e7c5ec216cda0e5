-- +goose Up

-- A row is a promise: this receipt, and no other, has this sequence. It is
-- written before the receipt is signed and never changes.
CREATE TABLE receipts (
    sequence  INTEGER PRIMARY KEY CHECK (sequence >= 0), -- contiguous from 0
    epoch     INTEGER NOT NULL,                          -- never falls as the sequence grows
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    receipt   TEXT    NOT NULL, -- JSON of posp.Receipt
    request   TEXT    NOT NULL, -- JSON of posp.RequestPart
    output    TEXT    NOT NULL, -- JSON of posp.OutputPart
    evidence  TEXT    NOT NULL, -- JSON of posp.EvidencePart
    signature BLOB              -- of hash; null until signed, then it stays
) STRICT;

-- One row for each epoch whose receipts were closed: from then on no receipt
-- of it, or of an epoch before, is written.
CREATE TABLE batches (
    epoch          INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 32),
    first_sequence INTEGER NOT NULL,
    leaf_count     INTEGER NOT NULL CHECK (leaf_count > 0),
    root           BLOB    NOT NULL CHECK (length(root) = 32),
    state          TEXT    NOT NULL CHECK (state IN ('sealed', 'committed', 'missed'))
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER receipts_contiguous BEFORE INSERT ON receipts
WHEN NEW.sequence <> (SELECT coalesce(max(sequence) + 1, 0) FROM receipts)
  OR NEW.epoch < (SELECT coalesce(max(epoch), 0) FROM receipts)
  OR NEW.epoch <= (SELECT coalesce(max(epoch), -1) FROM batches)
BEGIN SELECT raise(ABORT, 'receipt out of order'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER receipts_are_final BEFORE UPDATE ON receipts
WHEN NEW.sequence <> OLD.sequence OR NEW.epoch <> OLD.epoch OR NEW.hash <> OLD.hash OR NEW.receipt <> OLD.receipt
  OR NEW.request <> OLD.request OR NEW.output <> OLD.output OR NEW.evidence <> OLD.evidence
  OR OLD.signature IS NOT NULL
BEGIN SELECT raise(ABORT, 'a receipt cannot be changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts
BEGIN SELECT raise(ABORT, 'a receipt cannot be deleted'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER batches_are_final BEFORE UPDATE ON batches
WHEN NEW.epoch <> OLD.epoch OR NEW.id <> OLD.id OR NEW.first_sequence <> OLD.first_sequence
  OR NEW.leaf_count <> OLD.leaf_count OR NEW.root <> OLD.root OR OLD.state <> 'sealed'
BEGIN SELECT raise(ABORT, 'a batch cannot be changed'); END;
-- +goose StatementEnd
