-- +goose Up

-- Whose this database is.
CREATE TABLE owner (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    operator BLOB NOT NULL CHECK (length(operator) = 20)
) STRICT;

-- What this operator has signed, or is about to: a row is on disk before the
-- signature exists. One digest for each duty, for ever.
CREATE TABLE signed (
    chain_id    INTEGER NOT NULL,
    attestation BLOB    NOT NULL CHECK (length(attestation) = 20),
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    duty        TEXT    NOT NULL CHECK (duty IN ('commitments', 'reveals', 'certificate')),
    digest      BLOB    NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (chain_id, attestation, epoch, duty)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER signed_is_final BEFORE UPDATE ON signed
BEGIN SELECT raise(ABORT, 'what was signed cannot be changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER signed_is_kept BEFORE DELETE ON signed
BEGIN SELECT raise(ABORT, 'what was signed cannot be forgotten'); END;
-- +goose StatementEnd

-- The contents of what was signed, and what others sent: what a restart goes
-- on with. body is JSON: of the list of posp.Reveal that opens the commitments
-- ('evidence'; the list may be empty: a decision to commit to nothing), the
-- same with the providers' parts ('reveals'), and the aggregator's list of
-- posp.Commitments as first seen ('frozen'); 'acknowledged' is true.
CREATE TABLE records (
    chain_id    INTEGER NOT NULL,
    attestation BLOB    NOT NULL CHECK (length(attestation) = 20),
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    kind        TEXT    NOT NULL CHECK (kind IN ('evidence', 'frozen', 'reveals', 'acknowledged')),
    body        TEXT    NOT NULL,
    PRIMARY KEY (chain_id, attestation, epoch, kind)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER records_are_final BEFORE UPDATE ON records
BEGIN SELECT raise(ABORT, 'a record cannot be changed'); END;
-- +goose StatementEnd
