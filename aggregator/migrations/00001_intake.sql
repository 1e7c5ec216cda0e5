-- +goose Up

-- What was accepted from operators. A row is written before the operator is
-- told so, and never changes: the same message again is no second row, and
-- another message for the same duty is refused.
CREATE TABLE messages (
    epoch    INTEGER NOT NULL CHECK (epoch >= 0),
    duty     TEXT    NOT NULL CHECK (duty IN ('commitments', 'reveals', 'share')),
    operator BLOB    NOT NULL CHECK (length(operator) = 20),
    digest   BLOB    NOT NULL CHECK (length(digest) = 32), -- of what is signed
    body     TEXT    NOT NULL,                             -- JSON of the message in package posp
    PRIMARY KEY (epoch, duty, operator)
) STRICT, WITHOUT ROWID;

-- How far an epoch is. A phase that is over stays over, whatever block the
-- chain shows later.
CREATE TABLE epochs (
    epoch       INTEGER PRIMARY KEY CHECK (epoch >= 0),
    phase       TEXT    NOT NULL CHECK (phase IN ('frozen', 'final', 'derived')),
    digest      BLOB CHECK (length(digest) = 32), -- of the certificate, from 'derived' on
    result      TEXT,                             -- JSON of posp.Result, likewise
    samples     TEXT,                             -- JSON of []posp.SampleResult, likewise
    transaction_hash BLOB CHECK (length(transaction_hash) = 32), -- once certified, by whomever
    CHECK ((phase = 'derived') = (digest IS NOT NULL AND result IS NOT NULL AND samples IS NOT NULL))
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER messages_are_final BEFORE UPDATE ON messages
BEGIN SELECT raise(ABORT, 'an accepted message cannot be changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER results_are_final BEFORE UPDATE ON epochs
WHEN OLD.phase = 'derived' AND (NEW.phase <> 'derived' OR NEW.digest <> OLD.digest)
BEGIN SELECT raise(ABORT, 'a derived result cannot be changed'); END;
-- +goose StatementEnd
