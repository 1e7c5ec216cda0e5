-- +goose Up

-- Whether this database is the one by which the operator signs. Handing the
-- record over to another database is a new generation, which only that one has;
-- this one signs nothing until a later generation is handed back to it.
CREATE TABLE tenure (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    generation  INTEGER NOT NULL CHECK (generation >= 0),
    handed_over INTEGER NOT NULL CHECK (handed_over IN (0, 1))
) STRICT;
INSERT INTO tenure (id, generation, handed_over) VALUES (1, 0, 0);

-- +goose StatementBegin
CREATE TRIGGER tenure_goes_on BEFORE UPDATE ON tenure WHEN NEW.generation < OLD.generation OR (NEW.generation = OLD.generation AND NEW.handed_over < OLD.handed_over)
BEGIN SELECT raise(ABORT, 'a record that was handed over cannot be taken back'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tenure_is_kept BEFORE DELETE ON tenure
BEGIN SELECT raise(ABORT, 'tenure cannot be forgotten'); END;
-- +goose StatementEnd

-- The last epoch of a deployment in which another database may have signed what
-- is not recorded here: nothing is signed up to it.
CREATE TABLE floors (
    chain_id    INTEGER NOT NULL,
    attestation BLOB    NOT NULL CHECK (length(attestation) = 20),
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    PRIMARY KEY (chain_id, attestation)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER floors_rise BEFORE UPDATE ON floors WHEN NEW.epoch < OLD.epoch
BEGIN SELECT raise(ABORT, 'a floor cannot be lowered'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER floors_are_kept BEFORE DELETE ON floors
BEGIN SELECT raise(ABORT, 'a floor cannot be forgotten'); END;
-- +goose StatementEnd
