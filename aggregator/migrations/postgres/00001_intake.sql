-- +goose Up

-- How far an epoch is. A phase that is over stays over, whatever block the
-- chain shows later. Whoever takes an epoch a stage further holds its lease:
-- the token grows with each holder, and is compared in every write of a stage.
CREATE TABLE epochs (
    epoch       BIGINT PRIMARY KEY CHECK (epoch >= 0),
    phase       TEXT   NOT NULL CHECK (phase IN ('open', 'frozen', 'final', 'derived')),
    digest      BYTEA CHECK (length(digest) = 32),      -- of the certificate, from 'derived' on
    result      TEXT,                                   -- JSON of posp.Result, likewise
    transaction_hash BYTEA CHECK (length(transaction_hash) = 32), -- once certified, by whomever
    holder      TEXT   NOT NULL DEFAULT '',
    token       BIGINT NOT NULL DEFAULT 0,
    expires     BIGINT NOT NULL DEFAULT 0,              -- milliseconds of this database's clock
    CHECK ((phase = 'derived') = (digest IS NOT NULL AND result IS NOT NULL))
);

-- What was accepted from operators (standing 0), and what they signed besides
-- for the same duty (standing 1), which proves equivocation and counts for
-- nothing. A row is written before the operator is told so, and never changes.
CREATE TABLE messages (
    epoch     BIGINT   NOT NULL,
    duty      TEXT     NOT NULL CHECK (duty IN ('commitments', 'reveals', 'share')),
    operator  BYTEA    NOT NULL CHECK (length(operator) = 20),
    standing  SMALLINT NOT NULL CHECK (standing IN (0, 1)),
    digest    BYTEA    NOT NULL CHECK (length(digest) = 32), -- of what is signed
    signature BYTEA    NOT NULL,
    PRIMARY KEY (epoch, duty, operator, standing)
);

-- The items of commitments and reveals, in the order of the epoch's samples
-- (aggregator/items.go), in pieces that fit into memory many times.
CREATE TABLE chunks (
    epoch    BIGINT   NOT NULL,
    duty     TEXT     NOT NULL,
    operator BYTEA    NOT NULL,
    standing SMALLINT NOT NULL,
    n        INTEGER  NOT NULL,
    body     BYTEA    NOT NULL,
    PRIMARY KEY (epoch, duty, operator, standing, n)
);
-- Log-probabilities do not compress.
ALTER TABLE chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- The samples' results, in order, in pieces. Final once the epoch is derived.
CREATE TABLE results (
    epoch BIGINT  NOT NULL,
    n     INTEGER NOT NULL,
    body  BYTEA   NOT NULL,
    PRIMARY KEY (epoch, n)
);

-- +goose StatementBegin
CREATE FUNCTION message_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an accepted message cannot be changed'; END $$;
-- +goose StatementEnd

CREATE TRIGGER messages_are_final BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION message_is_final();
CREATE TRIGGER chunks_are_final BEFORE UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION message_is_final();

-- +goose StatementBegin
CREATE FUNCTION phase_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF strpos('open frozen final derived', NEW.phase) < strpos('open frozen final derived', OLD.phase)
       OR (OLD.digest IS NOT NULL AND NEW.digest IS DISTINCT FROM OLD.digest) THEN
        RAISE EXCEPTION 'what an epoch came to cannot be changed';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER phases_go_forward BEFORE UPDATE ON epochs FOR EACH ROW EXECUTE FUNCTION phase_goes_forward();
