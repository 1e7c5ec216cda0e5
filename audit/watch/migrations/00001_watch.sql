-- +goose Up

-- A row is an answer that a provider gave to the auditor, as to a buyer, with
-- the receipt. It is written before anything is concluded from it.
CREATE TABLE canaries (
    id          INTEGER PRIMARY KEY,
    provider    BLOB    NOT NULL CHECK (length(provider) = 20),
    epoch       INTEGER NOT NULL, -- the receipt's
    sequence    INTEGER NOT NULL,
    hash        BLOB    NOT NULL CHECK (length(hash) = 32), -- the receipt's
    answer      BLOB    NOT NULL, -- as it came, for posp claim
    state       TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'stands', 'replaced', 'uncovered', 'unproved')),
    judged      INTEGER,          -- after which epoch; null while it waits
    batch_epoch INTEGER,          -- of the batch in which it stands
    leaves      INTEGER,          -- of that batch
    draws       INTEGER,          -- of those leaves
    sampled     INTEGER CHECK (sampled IN (0, 1)), -- this one was drawn; null: there is no beacon
    CHECK ((state = 'waiting') = (judged IS NULL)),
    CHECK ((state = 'stands') = (batch_epoch IS NOT NULL))
) STRICT;

CREATE INDEX canaries_waiting ON canaries (epoch) WHERE state IN ('waiting', 'unproved');
CREATE INDEX canaries_sequences ON canaries (provider, sequence);

-- One row for each epoch that was looked at, in order.
CREATE TABLE epochs (
    epoch   INTEGER PRIMARY KEY,
    line    TEXT    NOT NULL, -- JSON of what was found
    wrong   INTEGER NOT NULL, -- alarms of each class
    unknown INTEGER NOT NULL
) STRICT;
