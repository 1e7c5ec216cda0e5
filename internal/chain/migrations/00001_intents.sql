-- +goose Up

-- What an account was told to execute once. A row is written, with its first
-- transaction, before any node hears of it: whoever reads this table after a
-- crash knows everything that can ever be mined in the account's name.
CREATE TABLE intents (
    id      INTEGER PRIMARY KEY,
    chain   INTEGER NOT NULL,
    account BLOB    NOT NULL CHECK (length(account) = 20),
    name    TEXT    NOT NULL,                      -- '' for one that may be repeated
    nonce   INTEGER NOT NULL CHECK (nonce >= 0),   -- of its newest transaction
    since   INTEGER NOT NULL CHECK (since >= 0),   -- the head when it began: nothing of it is mined before
    state   TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
    receipt TEXT,                                  -- JSON, of the transaction that was mined
    reason  TEXT,                                  -- why it failed
    CHECK (state <> 'done' OR receipt IS NOT NULL)
) STRICT;

-- One nonce pays for one intent, and one name is executed once.
CREATE UNIQUE INDEX intents_by_nonce ON intents (chain, account, nonce) WHERE state = 'open';
CREATE UNIQUE INDEX intents_by_name ON intents (chain, account, name) WHERE name <> '' AND state <> 'failed';

-- Every transaction that was ever signed for an intent, before it was sent.
CREATE TABLE attempts (
    id     INTEGER PRIMARY KEY,                       -- in the order of signing
    intent INTEGER NOT NULL REFERENCES intents (id),
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    cancel INTEGER NOT NULL CHECK (cancel IN (0, 1)), -- takes the nonce and does nothing
    raw    BLOB    NOT NULL,                          -- signed, in its canonical encoding
    UNIQUE (intent, hash)
) STRICT;

-- What has ended stays as it ended.
-- +goose StatementBegin
CREATE TRIGGER intents_end BEFORE UPDATE ON intents WHEN OLD.state <> 'open'
BEGIN SELECT raise(ABORT, 'the intent has ended'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER intents_stay BEFORE DELETE ON intents
BEGIN SELECT raise(ABORT, 'intents are kept'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts
BEGIN SELECT raise(ABORT, 'transactions are kept'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attempts_fixed BEFORE UPDATE ON attempts
BEGIN SELECT raise(ABORT, 'transactions do not change'); END;
-- +goose StatementEnd
