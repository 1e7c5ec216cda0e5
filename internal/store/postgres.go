package store

import (
	"context"
	"database/sql"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// maxConnections is how many a process has at once.
const maxConnections = 8

func openPostgres(ctx context.Context, dsn string, migrations fs.FS) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err // its text holds no password
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	// Whatever the server's default is: what was committed is on disk, and who
	// waits for a lock or for a client that died does not wait for ever.
	cfg.RuntimeParams["synchronous_commit"] = "on"
	cfg.RuntimeParams["lock_timeout"] = "10s"
	cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "posp"
	}
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	// Replicas may start at once: one migrates, the others wait.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err == nil {
		if err = db.PingContext(ctx); err == nil {
			err = migrate(ctx, db, migrations, "migrations/postgres", goose.DialectPostgres, goose.WithSessionLocker(locker))
		}
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}
