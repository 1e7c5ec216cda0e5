-- +goose Up

-- What was recomputed and is not committed to yet, so that a restart goes on
-- where it was. evidence is posp.Evidence as it is encoded. Rows are deleted
-- once the epoch's evidence is recorded.
CREATE TABLE scores (
    chain_id    INTEGER NOT NULL,
    attestation BLOB    NOT NULL CHECK (length(attestation) = 20),
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    sample      BLOB    NOT NULL CHECK (length(sample) = 32),
    evidence    BLOB    NOT NULL,
    PRIMARY KEY (chain_id, attestation, epoch, sample)
) STRICT, WITHOUT ROWID;
