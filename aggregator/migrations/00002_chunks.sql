-- +goose Up

-- What version 1 held was of versions that were not released, and is not
-- carried over.
DROP TABLE messages;
DROP TABLE epochs;

-- How far an epoch is. A phase that is over stays over, whatever block the
-- chain shows later. Whoever takes an epoch a stage further holds its lease:
-- the token grows with each holder, and is compared in every write of a stage.
CREATE TABLE epochs (
    epoch       INTEGER PRIMARY KEY CHECK (epoch >= 0),
    phase       TEXT    NOT NULL CHECK (phase IN ('open', 'frozen', 'final', 'derived')),
    digest      BLOB CHECK (length(digest) = 32),       -- of the certificate, from 'derived' on
    result      TEXT,                                   -- JSON of posp.Result, likewise
    transaction_hash BLOB CHECK (length(transaction_hash) = 32), -- once certified, by whomever
    holder      TEXT    NOT NULL DEFAULT '',
    token       INTEGER NOT NULL DEFAULT 0,
    expires     INTEGER NOT NULL DEFAULT 0,             -- milliseconds of this database's clock
    CHECK ((phase = 'derived') = (digest IS NOT NULL AND result IS NOT NULL))
) STRICT;

-- What was accepted from operators (standing 0), and what they signed besides
-- for the same duty (standing 1), which proves equivocation and counts for
-- nothing. A row is written before the operator is told so, and never changes.
CREATE TABLE messages (
    epoch     INTEGER NOT NULL,
    duty      TEXT    NOT NULL CHECK (duty IN ('commitments', 'reveals', 'share')),
    operator  BLOB    NOT NULL CHECK (length(operator) = 20),
    standing  INTEGER NOT NULL CHECK (standing IN (0, 1)),
    digest    BLOB    NOT NULL CHECK (length(digest) = 32), -- of what is signed
    signature BLOB    NOT NULL,
    PRIMARY KEY (epoch, duty, operator, standing)
) STRICT, WITHOUT ROWID;

-- The items of commitments and reveals, in the order of the epoch's samples
-- (aggregator/items.go), in pieces that fit into memory many times.
CREATE TABLE chunks (
    epoch    INTEGER NOT NULL,
    duty     TEXT    NOT NULL,
    operator BLOB    NOT NULL,
    standing INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (epoch, duty, operator, standing, n)
) STRICT;

-- The samples' results, in order, in pieces. Final once the epoch is derived.
CREATE TABLE results (
    epoch INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    body  BLOB    NOT NULL,
    PRIMARY KEY (epoch, n)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER messages_are_final BEFORE UPDATE ON messages
BEGIN SELECT raise(ABORT, 'an accepted message cannot be changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER chunks_are_final BEFORE UPDATE ON chunks
BEGIN SELECT raise(ABORT, 'an accepted message cannot be changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER phases_go_forward BEFORE UPDATE ON epochs
WHEN instr('open frozen final derived', NEW.phase) < instr('open frozen final derived', OLD.phase)
  OR (OLD.digest IS NOT NULL AND NEW.digest IS NOT OLD.digest)
BEGIN SELECT raise(ABORT, 'what an epoch came to cannot be changed'); END;
-- +goose StatementEnd
