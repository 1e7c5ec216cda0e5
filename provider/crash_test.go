package provider

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

var errCrash = errors.New("crashed")

// doom counts everything that leaves a trace outside of the process: writes to
// the database, signatures, transactions. From the nth on it is dead: whatever
// is called fails. With late, the nth takes effect, but nobody hears of it.
type doom struct {
	left int
	late bool
	dead bool
}

// act performs one such act.
func (d *doom) act(effect func() error) error {
	if d.dead {
		return errCrash
	}
	if d.left--; d.left == 0 {
		d.dead = true
		if d.late {
			effect()
		}
		return errCrash
	}
	return effect()
}

func (d *doom) look() error {
	if d.dead {
		return errCrash
	}
	return nil
}

// doomedDB is the database file under a doom.
type doomedDB struct {
	file string
	doom *doom
}

func (c doomedDB) Driver() driver.Driver { return &sqlite.Driver{} }
func (c doomedDB) Connect(context.Context) (driver.Conn, error) {
	if err := c.doom.look(); err != nil {
		return nil, err
	}
	// The file outlives the process, so this needs no syncs.
	conn, err := c.Driver().Open("file:" + c.file + "?_pragma=synchronous(0)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	return &doomedConn{Conn: conn, doom: c.doom}, nil
}

type doomedConn struct {
	driver.Conn
	doom *doom
	inTx bool
}

func (c *doomedConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (res driver.Result, err error) {
	exec := func() (err error) {
		res, err = c.Conn.(driver.ExecerContext).ExecContext(ctx, q, args)
		return err
	}
	// Alone it commits, which is an act; in a transaction the commit is.
	return res, c.doom.act(exec)
}

func (c *doomedConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.doom.look(); err != nil {
		return nil, err
	}
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, q, args)
}

func (c *doomedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if err := c.doom.look(); err != nil {
		return nil, err
	}
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
	return doomedTx{tx, c.doom}, err
}

type doomedTx struct {
	driver.Tx
	doom *doom
}

func (t doomedTx) Commit() error {
	err := t.doom.act(t.Tx.Commit)
	if errors.Is(err, errCrash) {
		t.Tx.Rollback() // as the database does for a process that died; nothing if it was committed
	}
	return err
}

// run plays a script of three epochs from where it stands until it ends or the
// process dies. It returns where it stands.
type scriptLine struct {
	block   uint64
	answers int
}

var script = []scriptLine{{100, 3}, {105, 1}, {110, 2}, {113, 1}, {114, 0}, {120, 2}, {125, 1}, {130, 0}, {134, 0}, {135, 0}}

type life struct {
	*rig
	held []posp.SignedReceipt
	at   int
	doom *doom
}

func (l *life) live(file string) {
	db := sql.OpenDB(doomedDB{file, l.doom})
	db.SetMaxOpenConns(1)
	defer db.Close()
	p := l.provider(db, "http://127.0.0.1:1")
	if l.doom.look() == nil && l.at > 0 {
		p.checkLedger(context.Background())
	}
	for ; l.at < len(script) && !l.doom.dead; l.at++ {
		l.chain.at(script[l.at].block)
		for range script[l.at].answers {
			if got := buyFrom(p, len(l.held)); got.Receipt != nil {
				l.held = append(l.held, *got.Receipt)
			}
		}
		for range 2 {
			p.step(context.Background())
		}
		if l.doom.dead {
			return // the line is played again
		}
	}
}

// answered is a call that the server answered so.
func answered(a Answer, nonce posp.Hash) *call {
	r := Request{Spec: spec, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 5}}
	return &call{Request: r, nonce: nonce, transcript: &vllmTranscript{request: &r, answer: a}}
}

func buyFrom(p *Provider, nonce int) Attachment {
	a := Answer{Prompt: []uint32{1}, Output: []uint32{2}, LogProbs: []float64{-1}, Finish: posp.FinishStop}
	return p.record(context.Background(), answered(a, posp.Hash{byte(nonce)}), nil)
}

// The process dies at every act, before and after it takes effect, and is
// started again. Sequences stay contiguous, every receipt that a buyer holds
// stands in its epoch's batch on chain, and no sequence was signed twice with
// different contents.
func TestDeathAtEveryWrite(t *testing.T) {
	deaths := 0
	file := filepath.Join(t.TempDir(), "provider.db")
	db, err := store.Open(t.Context(), file, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	empty, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, late := range []bool{false, true} {
		for n := 1; ; n++ {
			file := filepath.Join(t.TempDir(), "provider.db")
			if err := os.WriteFile(file, empty, 0o600); err != nil {
				t.Fatal(err)
			}
			l := &life{rig: &rig{t: t, signer: &keySigner{}, chain: &chain{block: 100}}, doom: &doom{left: n, late: late}}
			l.chain.before = func(method string) error {
				if method == "CommitBatch" { // in effect only if before returns nil
					if l.doom.dead {
						return errCrash
					}
					if l.doom.left--; l.doom.left == 0 {
						l.doom.dead = true
						if !late {
							return errCrash
						}
					}
					return nil
				}
				return l.doom.look()
			}
			l.signer.before = func() error { return l.doom.act(func() error { return nil }) }
			l.live(file)
			died := l.doom.dead
			l.doom.dead, l.doom.left = false, 0
			l.live(file)

			ctx := t.Context()
			db := sql.OpenDB(doomedDB{file, l.doom})
			p := l.provider(db, "http://127.0.0.1:1")
			name := fmt.Sprintf("death %d, late %v", n, late)
			checkProved(t, l.chain, p, l.held)
			next, err := p.ledger.next(ctx)
			if err != nil || l.chain.next() != next {
				t.Fatalf("%s: %d receipts, %d on chain, %v", name, next, l.chain.next(), err)
			}
			rows := map[posp.Hash]bool{}
			for s := range next {
				e, err := p.ledger.entry(ctx, s)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if e.receipt.Sequence != s {
					t.Fatalf("%s: receipt %d stands at %d", name, e.receipt.Sequence, s)
				}
				rows[e.receipt.Digest(domain)] = true
			}
			for _, digest := range l.signer.signed {
				if !rows[digest] {
					t.Fatalf("%s: a receipt was signed that is not the one of its sequence", name)
				}
			}
			db.Close()
			if !died {
				break
			}
			deaths++
		}
	}
	if deaths < 80 { // 10 answers of 4 acts, 3 batches of 4, twice
		t.Errorf("the process died only %d times", deaths)
	}
}

// A child records receipts and says each on its standard output once it is
// signed, until it is killed. Everything that it said is in the database.
func TestKilledProcessKeptWhatItSaid(t *testing.T) {
	if file := os.Getenv("PROVIDER_TEST_RECORD"); file != "" {
		db, err := store.Open(context.Background(), file, Migrations)
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{t: t, signer: &keySigner{}, chain: &chain{block: 100}}
		p := r.provider(db, "http://127.0.0.1:1")
		for i := 0; ; i++ {
			got := buyFrom(p, i)
			b, err := json.Marshal(got.Receipt)
			if err != nil || got.Receipt == nil {
				t.Fatal(got.Error, err)
			}
			fmt.Printf("%s\n", b)
		}
	}
	file := filepath.Join(t.TempDir(), "provider.db")
	var said []posp.SignedReceipt
	for range 3 { // it goes on where the last one was killed
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess")
		cmd.Env = append(os.Environ(), "PROVIDER_TEST_RECORD="+file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var s posp.SignedReceipt
			if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
				break // cut by the kill
			}
			said = append(said, s)
			if n == 20 {
				cmd.Process.Kill()
			}
		}
		cmd.Wait()
	}
	if len(said) < 60 {
		t.Fatalf("%d receipts", len(said))
	}
	db, err := store.Open(t.Context(), file, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := &rig{t: t, signer: &keySigner{}, chain: &chain{block: schedule.Start(1)}}
	p := r.provider(db, "http://127.0.0.1:1")
	if err := p.step(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkProved(t, r.chain, p, said)
	if next, _ := p.ledger.next(t.Context()); r.chain.next() != next || next < uint64(len(said)) {
		t.Errorf("%d said, %d recorded, %d on chain", len(said), next, r.chain.next())
	}
}
