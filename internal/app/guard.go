package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/operator"
)

// standbyPoll is how often a standby looks whether the first is gone.
const standbyPoll = time.Second

// openGuard opens an operator's database. With standby it waits until the
// process that holds it is gone: the lock is the fence, and what both know is
// in the file that it protects.
func openGuard(ctx context.Context, dir string, standby bool, log *zap.Logger) (*sql.DB, error) {
	path, err := database(dir, "operator")
	if err != nil {
		return nil, err
	}
	for waited := false; ; waited = true {
		db, err := store.Open(ctx, path, operator.Migrations)
		if err == nil || !standby || !errors.Is(err, store.ErrLocked) {
			if err == nil && waited {
				log.Info("the standby takes over")
			}
			return db, err
		}
		if !waited {
			log.Info("standing by: another process has the database", zap.NamedError("reason", err))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(standbyPoll):
		}
	}
}

// existingGuard opens a database that must be there: a new one would say that
// nothing was ever signed.
func existingGuard(ctx context.Context, dir string) (*sql.DB, error) {
	path := filepath.Join(dir, "operator.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no operator's database at %s: name its directory with --data", path)
	} else if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return store.Open(ctx, path, operator.Migrations)
}

// ExportGuard writes the record of what an operator signed to a new file. With
// handOver its database signs nothing any more.
func ExportGuard(ctx context.Context, dir, path string, handOver bool, out io.Writer) (err error) {
	if path == "" {
		return errors.New("--out is missing: where shall the record be?")
	}
	db, err := existingGuard(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write record: there is a file at %s already: choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	// A crash from here on loses nothing: a hand-over can be exported again.
	v, err := operator.ExportRecord(ctx, db, handOver)
	if err == nil {
		enc := json.NewEncoder(f)
		enc.SetIndent("", " ")
		if err = enc.Encode(v); err == nil {
			err = f.Sync()
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write record: %w", errors.Join(err, os.Remove(path)))
	}
	signed := 0
	for _, d := range v.Deployments {
		signed += len(d.Signed)
	}
	fmt.Fprintf(out, "%s: %d signatures of operator %s\n", path, signed, v.Operator)
	if v.HandedOver {
		fmt.Fprintf(out, "This database was handed over (generation %d) and signs nothing any more. Import the file in one place, once; it holds salts: keep it secret.\n", v.Generation)
	} else {
		fmt.Fprintln(out, "This is a copy: whoever imports it leaves out the epochs in which more may have been signed. To move, use --hand-over.")
	}
	return nil
}

// ImportGuard takes a record over into the database in a directory, which is
// made if it is missing.
func ImportGuard(ctx context.Context, n Network, rpc, dir, path string, out io.Writer) error {
	if path == "" {
		return errors.New("--in is missing: which record?")
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read record: %w", err)
	}
	defer f.Close() // nothing was written
	v, err := operator.DecodeRecord(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var now uint64
	if !v.HandedOver { // for a copy it matters what epoch it is
		s, err := Open(ctx, n, rpc, zap.NewNop())
		if err != nil {
			return err
		}
		defer s.Client.Close()
		head, err := s.Reader().Block(ctx)
		if err != nil {
			return fmt.Errorf("read newest block: %w", err)
		}
		now = s.Parameters.Schedule.EpochAt(head)
	}
	db, err := openGuard(ctx, dir, false, zap.NewNop())
	if err != nil {
		return err
	}
	defer db.Close()
	in, err := operator.ImportRecord(ctx, db, v, n.Authority(), now)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "operator %s: %d signatures imported, %d known already\n", v.Operator, in.New, in.Known)
	if in.Floor != nil {
		fmt.Fprintf(out, "Nothing is signed up to epoch %d: more than the record says may have been signed there.\n", *in.Floor)
	}
	for _, id := range in.Skipped {
		fmt.Fprintf(out, "note: the record also has a deployment on chain %d, which is not this network's: import it again with that network file\n", id)
	}
	return nil
}

// ShowGuard says what a database holds.
func ShowGuard(ctx context.Context, dir string, asJSON bool, out io.Writer) error {
	db, err := existingGuard(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	v, err := operator.ExportRecord(ctx, db, false)
	if err != nil {
		return err
	}
	if asJSON {
		for i := range v.Deployments {
			v.Deployments[i].Contents = nil // secret
		}
		return writeJSON(out, v)
	}
	fmt.Fprintf(out, "operator %s, generation %d\n", v.Operator, v.Generation)
	if v.HandedOver {
		fmt.Fprintln(out, "handed over: it signs nothing any more")
	}
	for _, d := range v.Deployments {
		fmt.Fprintf(out, "chain %d, AttestationRegistry %s: %d signatures", d.ChainID, d.Attestation, len(d.Signed))
		if n := len(d.Signed); n > 0 {
			fmt.Fprintf(out, ", of epochs %d to %d", d.Signed[0].Epoch, d.Signed[n-1].Epoch)
		}
		if d.Floor != nil {
			fmt.Fprintf(out, "; nothing is signed up to epoch %d", *d.Floor)
		}
		fmt.Fprintln(out)
	}
	return nil
}
