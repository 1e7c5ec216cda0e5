package chain

import (
	"context"
	"crypto/ecdsa"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"pgregory.net/rapid"

	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/store"

	"github.com/proof-of-sampling/posp/internal/keys"
)

// bench is a chain with an account, and senders on it that die and come back.
type bench struct {
	node  *devchain.Node
	c     *Client
	key   *ecdsa.PrivateKey
	db    *sql.DB
	depth uint64
}

var benches atomic.Int64

// newBench makes an account on the node, with a journal on disk.
func newBench(t testing.TB, node *devchain.Node, c *Client, dir string, depth uint64) *bench {
	t.Helper()
	k := benches.Add(1)
	b := &bench{node: node, c: c, key: devchain.Account(fmt.Sprint("bench-", k)), depth: depth}
	if err := devchain.Fund(t.Context(), c.Client, big.NewInt(params.Ether), b.from()); err != nil {
		t.Fatal(err)
	}
	if err := node.Mine(t.Context(), depth+1); err != nil { // the account itself is settled
		t.Fatal(err)
	}
	var err error
	if b.db, err = store.Open(t.Context(), filepath.Join(dir, fmt.Sprint(k, ".db")), Migrations); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.db.Close() })
	return b
}

func (b *bench) from() common.Address { return crypto.PubkeyToAddress(b.key.PublicKey) }

func (b *bench) journal() Journal { return NewJournal(b.db, b.c.ID(), b.from()) }

func (b *bench) sender(n node, j Journal) *Sender {
	s := newSender(n, b.c.ID(), keys.NewAccount(b.key), SenderConfig{Journal: j, Confirmations: b.depth})
	s.resend = 2 * time.Millisecond
	return s
}

// payment is a call that would pay again if it were executed again.
func (b *bench) payment(k int) Call {
	to := common.BytesToAddress(crypto.Keccak256(b.from().Bytes(), []byte{byte(k)}))
	return Call{To: &to, Value: big.NewInt(int64(k) + 1), Name: fmt.Sprint("payment ", k)}
}

// paid checks that the payments were made once each, and by the account's transactions without a gap.
func (b *bench) paid(t testing.TB, ctx context.Context, payments, foreign int) {
	t.Helper()
	for k := range payments {
		p := b.payment(k)
		if got, err := b.c.BalanceAt(ctx, *p.To, nil); err != nil || got.Cmp(p.Value) != 0 {
			t.Fatalf("payment %d: %v wei arrived, %v; want %v", k, got, err, p.Value)
		}
		done, ok, err := b.journal().Done(ctx, p.Name)
		if err != nil || !ok {
			t.Fatalf("payment %d is not noted as done: %v", k, err)
		}
		if r, err := b.c.TransactionReceipt(ctx, done.Receipt.TxHash); err != nil || r.BlockHash != done.Receipt.BlockHash {
			t.Fatalf("payment %d: the receipt that was noted is not the chain's: %v", k, err)
		}
	}
	if open, err := b.journal().Open(ctx); err != nil || len(open) != 0 {
		t.Fatalf("%d intents are open, %v", len(open), err)
	}
	if n, err := b.c.NonceAt(ctx, b.from(), nil); err != nil || n != uint64(payments+foreign) {
		t.Fatalf("%d transactions of the account, %v; want %d, and %d of another process", n, err, payments, foreign)
	}
}

// settle runs a sender until nothing is open.
func (b *bench) settle(t testing.TB, ctx context.Context, s *Sender) {
	t.Helper()
	for s.Status().Open > 0 || !s.loaded {
		s.looked = time.Time{}
		s.drive(ctx, 0)
		if err := errors.Join(ctx.Err(), b.node.Mine(ctx, 1)); err != nil {
			t.Fatalf("%v: still open: %+v", err, s.Status())
		}
	}
}

var errCrash = errors.New("the process is dead")

// mortal is the life of a process: once it is over, nothing it asks is answered.
type mortal struct{ dead atomic.Bool }

func (m *mortal) alive() error {
	if m.dead.Load() {
		return errCrash
	}
	return nil
}

// crashing is a journal in a process that dies at its kth write, before or after it reached the disk.
type crashing struct {
	Journal
	life   *mortal
	at     int
	after  bool
	writes int
}

func (c *crashing) write(do func() error) error {
	if err := c.life.alive(); err != nil {
		return err
	}
	c.writes++
	if c.writes != c.at {
		return do()
	}
	if c.after {
		if err := do(); err != nil {
			return err
		}
	}
	c.life.dead.Store(true)
	return errCrash
}

func (c *crashing) Begin(ctx context.Context, i *Intent) error {
	return c.write(func() error { return c.Journal.Begin(ctx, i) })
}
func (c *crashing) Attempt(ctx context.Context, id int64, a Attempt) error {
	return c.write(func() error { return c.Journal.Attempt(ctx, id, a) })
}
func (c *crashing) End(ctx context.Context, id int64, o Outcome) error {
	return c.write(func() error { return c.Journal.End(ctx, id, o) })
}

// wire is the line between a process and its node. Each fault is drawn with the given chance.
type wire struct {
	*ethclient.Client
	life  *mortal
	mu    sync.Mutex
	dice  *rand.Rand
	fault int // per cent
	lose  int // the next so many transactions are swallowed, and said to have arrived
	lost  *types.Transaction
	all   []*types.Transaction // that were ever sent: somewhere a node may keep them
	head  atomic.Uint64        // that the process was shown last
}

var errLine = errors.New("connection reset by peer")

func (w *wire) set(lose int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lose = lose
}

func (w *wire) swallowed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost != nil
}

// mineOnceSeen makes a block if the process has seen the newest one: what it does after so many blocks it then does as often on a
// slow machine as on a fast one.
func (w *wire) mineOnceSeen(t *testing.T, ctx context.Context, node *devchain.Node) {
	t.Helper()
	head, err := w.Client.BlockNumber(ctx)
	if err == nil && w.head.Load() == head {
		err = node.Mine(ctx, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// replay offers everything again that was ever sent, as a node does that kept it.
func (w *wire) replay(ctx context.Context) {
	w.mu.Lock()
	all := slices.Clone(w.all)
	w.mu.Unlock()
	for _, tx := range all {
		w.Client.SendTransaction(ctx, tx) // refused where its nonce is used
	}
}

func (w *wire) roll() (bool, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dice == nil {
		return false, 0
	}
	return w.dice.IntN(100) < w.fault, w.dice.IntN(3)
}

func (w *wire) broken() error {
	if bad, _ := w.roll(); bad {
		return errLine
	}
	return w.life.alive()
}

func (w *wire) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	if err := w.life.alive(); err != nil {
		return err
	}
	w.mu.Lock()
	w.all = append(w.all, tx)
	swallow := w.lose > 0
	if swallow {
		w.lose--
		w.lost = tx
	}
	w.mu.Unlock()
	if swallow {
		return nil
	}
	switch bad, how := w.roll(); {
	case bad && how == 0: // never arrives
		return errLine
	case bad && how == 1: // never arrives, and seems to
		return nil
	case bad: // arrives, and seems not to
		w.Client.SendTransaction(ctx, tx)
		return errLine
	}
	return w.Client.SendTransaction(ctx, tx)
}

func (w *wire) PendingNonceAt(ctx context.Context, a common.Address) (uint64, error) {
	if err := w.broken(); err != nil {
		return 0, err
	}
	if bad, how := w.roll(); bad && how == 0 { // a node that does not count what is pending
		return w.Client.NonceAt(ctx, a, nil)
	}
	return w.Client.PendingNonceAt(ctx, a)
}

func (w *wire) NonceAt(ctx context.Context, a common.Address, n *big.Int) (uint64, error) {
	if err := w.broken(); err != nil {
		return 0, err
	}
	return w.Client.NonceAt(ctx, a, n)
}

func (w *wire) TransactionReceipt(ctx context.Context, h common.Hash) (*types.Receipt, error) {
	if err := w.broken(); err != nil {
		return nil, err
	}
	if bad, how := w.roll(); bad && how == 0 { // a node whose index of transactions is late
		return nil, ethereum.NotFound
	}
	return w.Client.TransactionReceipt(ctx, h)
}

func (w *wire) BlockNumber(ctx context.Context) (uint64, error) {
	if err := w.broken(); err != nil {
		return 0, err
	}
	n, err := w.Client.BlockNumber(ctx)
	if bad, how := w.roll(); bad && how == 0 && n > 3 { // a node that is late
		n -= 3
	}
	w.head.Store(n)
	return n, err
}

func (w *wire) BlockByNumber(ctx context.Context, n *big.Int) (*types.Block, error) {
	if err := w.broken(); err != nil {
		return nil, err
	}
	return w.Client.BlockByNumber(ctx, n)
}

func (w *wire) EstimateGas(ctx context.Context, m ethereum.CallMsg) (uint64, error) {
	if err := w.broken(); err != nil {
		return 0, err
	}
	return w.Client.EstimateGas(ctx, m)
}

func wireOf(c *Client) *wire { return &wire{Client: c.Client, life: &mortal{}} }

// A process that dies at any write of its journal, with the row on disk or not, pays what it was told to pay, once.
func TestCrashAtEveryWrite(t *testing.T) {
	node := startNode(t)
	c := dial(t, node.HTTP())
	const payments = 3
	dir := t.TempDir()
	for _, after := range []bool{false, true} {
		for at, crashed := 1, true; crashed; at++ {
			ctx := testContext(t)
			b := newBench(t, node, c, dir, 2)
			life := func(j Journal, w *wire) (*Sender, error) {
				s := b.sender(w, j)
				s.resend = time.Hour // so that it is replaced, and not just offered again
				var all []error
				for k := range payments {
					w.set(k % 2) // payment 1 is lost, and replaced
					live, cancel := context.WithCancel(ctx)
					result := make(chan error, 1)
					go func() {
						_, err := s.Send(live, b.payment(k))
						result <- err
					}()
					for sent := false; !sent; {
						select {
						case err := <-result:
							all, sent = append(all, err), true
						case <-time.After(time.Millisecond):
							if w.swallowed() && k == 1 || w.life.dead.Load() {
								cancel() // its caller goes
							}
							if k == 2 { // so that payment 1 is replaced, and the last one can be mined
								w.mineOnceSeen(t, ctx, node)
							}
						}
					}
					cancel()
				}
				for i := 0; i < 10 && !w.life.dead.Load(); i++ {
					s.looked = time.Time{}
					s.drive(ctx, 0)
					if err := node.Mine(ctx, 1); err != nil {
						t.Fatal(err)
					}
				}
				return s, errors.Join(all...)
			}
			w := wireOf(c)
			j := &crashing{Journal: b.journal(), life: w.life, at: at, after: after}
			life(j, w)
			crashed = w.life.dead.Load()
			if at == 1 && !crashed {
				t.Fatal("nothing was ever written")
			}
			s, err := life(b.journal(), wireOf(c)) // another process
			for k := range payments {
				if _, err = s.Send(ctx, b.payment(k)); err != nil {
					t.Fatalf("write %d, after %v: %v", at, after, err)
				}
			}
			b.settle(t, ctx, s)
			b.paid(t, ctx, payments, 0)
			if !crashed && at != 8 { // three begin, one is replaced, three end

				t.Fatalf("%d writes; want 7", at-1)
			}
		}
	}
}

// A journal that cannot be written for a while, without a crash: callers are told, and nothing is paid twice.
func TestJournalThatFails(t *testing.T) {
	node := startNode(t)
	c := dial(t, node.HTTP())
	dir := t.TempDir()
	for _, written := range []bool{false, true} {
		ctx := testContext(t)
		b := newBench(t, node, c, dir, 1)
		j := &full{Journal: b.journal(), written: written, each: 2}
		s := b.sender(wireOf(c), j)
		var refused int
		for k := range 5 {
			for {
				_, err := s.Send(ctx, b.payment(k))
				if err == nil {
					break
				}
				if !errors.Is(err, errFull) {
					t.Fatal(err)
				}
				refused++
			}
		}
		if refused == 0 {
			t.Fatal("nobody was told that the journal could not be written")
		}
		b.settle(t, ctx, s)
		b.paid(t, ctx, 5, 0)
	}
}

var errFull = errors.New("disk is full")

// full is a journal that fails every so often, with or without having written.
type full struct {
	Journal
	written   bool
	each, did int
}

func (f *full) write(do func() error) error {
	if f.did++; f.did%f.each != 0 {
		return do()
	}
	if f.written {
		if err := do(); err != nil {
			return err
		}
	}
	return errFull
}

func (f *full) Begin(ctx context.Context, i *Intent) error {
	return f.write(func() error { return f.Journal.Begin(ctx, i) })
}
func (f *full) Attempt(ctx context.Context, id int64, a Attempt) error {
	return f.write(func() error { return f.Journal.Attempt(ctx, id, a) })
}
func (f *full) End(ctx context.Context, id int64, o Outcome) error {
	return f.write(func() error { return f.Journal.End(ctx, id, o) })
}

// checks runs a property so many times unless the flag says otherwise.
func checks(t *testing.T, n int, property func(*rapid.T)) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() == f.DefValue {
		f.Value.Set(fmt.Sprint(n))
		defer f.Value.Set(f.DefValue)
	}
	rapid.Check(t, property)
}

// Whatever the line, the chain, other users of the key and the process do: every payment is made exactly once.
func TestPaysExactlyOnce(t *testing.T) {
	node := startNode(t)
	c := dial(t, node.HTTP())
	dir := t.TempDir()
	const depth = 10
	checks(t, 12, func(r *rapid.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		b := newBench(t, node, c, dir, depth)
		defer b.db.Close()
		seed := rapid.Uint64().Draw(r, "seed")
		w := wireOf(c)
		w.dice, w.fault = rand.New(rand.NewPCG(seed, 1)), rapid.IntRange(0, 40).Draw(r, "faults")
		s := b.sender(w, b.journal())
		var callers sync.WaitGroup
		live, die := context.WithCancel(ctx)
		payments, foreign := 0, 0
		send := func(k int) {
			s, live := s, live
			callers.Go(func() {
				for live.Err() == nil { // as roles do
					if _, err := s.Send(live, b.payment(k)); err == nil {
						return
					}
					time.Sleep(time.Millisecond)
				}
			})
		}
		for range rapid.IntRange(3, 15).Draw(r, "steps") {
			switch act := rapid.SampledFrom([]string{"pay", "pay", "pay", "lose", "mine", "reorg", "replay", "crash", "foreign"}).Draw(r, "act"); act {
			case "pay":
				send(payments)
				payments++
			case "lose":
				w.mu.Lock()
				w.lose++
				w.mu.Unlock()
			case "mine":
				if err := node.Mine(ctx, rapid.Uint64Range(1, 12).Draw(r, "blocks")); err != nil {
					t.Fatal(err)
				}
			case "reorg":
				if err := node.Reorg(ctx, rapid.Uint64Range(1, depth).Draw(r, "depth"), rapid.Bool().Draw(r, "keep")); err != nil {
					t.Fatal(err)
				}
			case "replay":
				w.replay(ctx)
			case "crash":
				w.life.dead.Store(true)
				die()
				callers.Wait()
				next := wireOf(c)
				next.dice, next.fault, next.all, w = w.dice, w.fault, w.all, next
				s, live, die = b.sender(w, b.journal()), nil, nil
				live, die = context.WithCancel(ctx)
				for k := range payments { // callers derive anew what is to be done
					send(k)
				}
			case "foreign":
				n, err := c.PendingNonceAt(ctx, b.from())
				if err != nil {
					t.Fatal(err)
				}
				tx := types.MustSignNewTx(b.key, types.LatestSignerForChainID(big.NewInt(int64(c.ID()))), &types.DynamicFeeTx{ChainID: big.NewInt(int64(c.ID())), Nonce: n,
					To: &common.Address{1}, Gas: params.TxGas, GasTipCap: big.NewInt(params.GWei), GasFeeCap: big.NewInt(100 * params.GWei)})
				c.SendTransaction(ctx, tx) // refused, or mined, or gone with a reorganisation
			}
			time.Sleep(time.Duration(rapid.IntRange(0, 5).Draw(r, "pause")) * time.Millisecond)
		}
		w.mu.Lock()
		w.fault, w.lose = 0, 0
		w.mu.Unlock()
		stop := make(chan struct{})
		var miner sync.WaitGroup
		miner.Go(func() { // so that what pays too little is replaced
			for {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
					if err := node.Mine(ctx, 1); err != nil {
						return
					}
				}
			}
		})
		callers.Wait()
		close(stop)
		miner.Wait()
		die()
		b.settle(t, ctx, s)
		// What is left of the nonces is the other process's.
		n, err := c.NonceAt(ctx, b.from(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if foreign = int(n) - payments; foreign < 0 {
			t.Fatalf("%d transactions for %d payments", n, payments)
		}
		b.paid(t, ctx, payments, foreign)
	})
}

// What a reorganisation of any depth drops is sent again, under the same nonce, with nobody waiting for it.
func TestReorgDropsATransaction(t *testing.T) {
	node := startNode(t)
	c := dial(t, node.HTTP())
	dir := t.TempDir()
	for depth := uint64(1); depth <= 10; depth++ {
		ctx := testContext(t)
		b := newBench(t, node, c, dir, 10)
		s := b.sender(wireOf(c), b.journal())
		r, err := s.Send(ctx, b.payment(0))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(node.Mine(ctx, depth-1), node.Reorg(ctx, depth, false)); err != nil {
			t.Fatal(err)
		}
		if got, err := c.BalanceAt(ctx, *b.payment(0).To, nil); err != nil || got.Sign() != 0 {
			t.Fatalf("the reorganisation did not take the payment away: %v, %v", got, err)
		}
		b.settle(t, ctx, s)
		b.paid(t, ctx, 1, 0)
		if again, err := s.Send(ctx, b.payment(0)); err != nil || again.TxHash != r.TxHash || again.BlockHash == r.BlockHash {
			t.Fatalf("the receipt is %v, %v; want that of the same transaction in another block", again, err)
		}
		if st := s.Status(); st.Dropped != 1 {
			t.Fatalf("%+v; want one dropped transaction", st)
		}
	}
}

// Who sees a reorganisation before the sender does, and asks for the same call again,
// waits for the transaction that there is: a second one would be paid for, too.
func TestReorgDoesNotRepeatACall(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 10)
	s := b.sender(wireOf(c), b.journal())
	call := b.payment(0)
	call.Name = "" // a contract refuses it when it is done
	first, err := s.Send(ctx, call)
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Reorg(ctx, 1, false); err != nil {
		t.Fatal(err)
	}
	again, err := s.Send(ctx, call)
	if err != nil || again.TxHash != first.TxHash {
		t.Fatalf("%v, %v; want the receipt of %s", again, err, first.TxHash)
	}
	b.settle(t, ctx, s)
	if n, err := c.NonceAt(ctx, s.Address(), nil); err != nil || n != 1 {
		t.Errorf("%d transactions, %v", n, err)
	}
}

// Another process with the same key takes the nonce: it is said loudly, and the payment is made with another one.
func TestAnotherProcessUsesTheKey(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 3)
	w := wireOf(c)
	w.lose = 1
	logs, seen := observer.New(zapcore.ErrorLevel)
	s := b.sender(w, b.journal())
	s.cfg.Log, s.resend = zap.New(logs), time.Hour
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := s.Send(short, b.payment(0)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a lost transaction: %v", err)
	}
	other := newSender(c.Client, c.ID(), keys.NewAccount(b.key), SenderConfig{})
	if _, err := other.Send(ctx, Call{To: &common.Address{1}, Value: big.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	b.settle(t, ctx, s)
	b.paid(t, ctx, 1, 1)
	if st := s.Status(); st.Foreign != 1 || seen.FilterMessageSnippet("another program sends").Len() != 1 {
		t.Fatalf("%+v, %v; want it said that another uses the key", st, seen.All())
	}
}

// The other process's transaction can still be reorganised away, and then ours be mined from wherever a node kept it:
// until that cannot be any more, no other nonce is taken.
func TestNonceIsNotGivenUpTooEarly(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 5)
	w := wireOf(c)
	w.lose = 1
	s := b.sender(w, b.journal())
	s.resend = time.Hour
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := s.Send(short, b.payment(0)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a lost transaction: %v", err)
	}
	other := newSender(c.Client, c.ID(), keys.NewAccount(b.key), SenderConfig{})
	if _, err := other.Send(ctx, Call{To: &common.Address{1}, Value: big.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.looked = time.Time{}
		s.drive(ctx, 0)
	}
	if err := node.Reorg(ctx, 3, false); err != nil {
		t.Fatal(err)
	}
	w.replay(ctx)
	b.settle(t, ctx, s)
	b.paid(t, ctx, 1, 0)
}

// Another process's transaction is gone for good with a reorganisation, and what is in flight waits behind its nonce.
func TestGapIsFilled(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 20)
	s := b.sender(wireOf(c), b.journal())
	send := func(k int) {
		t.Helper()
		if _, err := s.Send(ctx, b.payment(k)); err != nil {
			t.Fatal(err)
		}
	}
	send(0) // stays where it is, not settled
	other := newSender(c.Client, c.ID(), keys.NewAccount(b.key), SenderConfig{})
	if _, err := other.Send(ctx, Call{To: &common.Address{1}, Value: big.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	send(1)
	if err := node.Reorg(ctx, 2, false); err != nil {
		t.Fatal(err)
	}
	b.settle(t, ctx, s)
	b.paid(t, ctx, 2, 1) // the one between does nothing
	if got, err := c.BalanceAt(ctx, common.Address{1}, nil); err != nil || got.Sign() != 0 {
		t.Fatalf("the other process's payment was made: %v, %v", got, err)
	}
}

// A node that lost its index shows no receipt of a transaction that is mined: it must not be paid again.
func TestReceiptThatIsNotShown(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 1)
	w := wireOf(c)
	patience, cancel := context.WithCancel(ctx)
	defer cancel()
	s := b.sender(blind{w, cancel}, b.journal())
	if _, err := s.Send(patience, b.payment(0)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for range 10 {
		s.looked = time.Time{}
		s.drive(ctx, 0)
		if err := node.Mine(ctx, 1); err != nil {
			t.Fatal(err)
		}
	}
	if st := s.Status(); st.Foreign != 0 || st.Waiting != 1 {
		t.Fatalf("%+v; want one that waits", st)
	}
	s.chain = w // the index is there again
	b.settle(t, ctx, s)
	b.paid(t, ctx, 1, 0)
}

// blind shows no receipt. Who asks for one has seen that the nonce is used.
type blind struct {
	*wire
	asked func()
}

func (b blind) TransactionReceipt(context.Context, common.Hash) (*types.Receipt, error) {
	b.asked()
	return nil, ethereum.NotFound
}

// A call that becomes impossible while it waits is cancelled: its nonce must not block those behind it.
func TestCallThatBecomesImpossible(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 1)
	owner := funded(t, c, "owner")
	tok := token(t, owner)
	do := func(method string, args ...any) {
		t.Helper()
		if _, err := owner.Do(ctx, tok, method, args...); err != nil {
			t.Fatal(err)
		}
	}
	do("mint", owner.Address(), big.NewInt(5))
	do("approve", b.from(), big.NewInt(5))
	w := wireOf(c)
	w.lose = 1
	s := b.sender(w, b.journal())
	s.cfg.Errors, s.resend = NewErrors(tok.ABI), time.Hour
	call, err := tok.Call("transferFrom", owner.Address(), common.Address{7}, big.NewInt(5))
	if err != nil {
		t.Fatal(err)
	}
	call.Name = "take the tokens"
	result := make(chan error, 1)
	go func() {
		_, err := s.Send(ctx, call)
		result <- err
	}()
	for !w.swallowed() {
		time.Sleep(time.Millisecond)
	}
	do("approve", b.from(), big.NewInt(0))
	if err := node.Mine(ctx, stuckBlocks+1); err != nil {
		t.Fatal(err)
	}
	err = <-result
	if r, ok := errors.AsType[*RevertError](err); !ok || r.Name != "ERC20InsufficientAllowance" {
		t.Fatalf("got %v; want ERC20InsufficientAllowance", err)
	}
	if _, err := s.Send(ctx, b.payment(0)); err != nil {
		t.Fatalf("behind it: %v", err)
	}
	// It was not executed, so its name is free.
	do("approve", b.from(), big.NewInt(5))
	b.settle(t, ctx, s)
	if _, err := s.Send(ctx, call); err != nil {
		t.Fatal(err)
	}
	if out, err := c.Read(ctx, nil, tok, "balanceOf", common.Address{7}); err != nil || out[0].(*big.Int).Int64() != 5 {
		t.Fatalf("balance %v, %v; want 5", out, err)
	}
}

func TestNameIsExecutedOnce(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	for _, kind := range []string{"memory", "sqlite"} {
		b := newBench(t, node, c, t.TempDir(), 0)
		j := b.journal()
		if kind == "memory" {
			j = newMemory()
		}
		s := b.sender(wireOf(c), j)
		receipts := make(chan *types.Receipt, 20)
		for range cap(receipts) { // all at once
			go func() {
				r, err := s.Send(ctx, b.payment(0))
				if err != nil {
					t.Error(err)
				}
				receipts <- r
			}()
		}
		first := <-receipts
		for range cap(receipts) - 1 {
			if r := <-receipts; r == nil || r.TxHash != first.TxHash {
				t.Fatalf("%s: two transactions for one name", kind)
			}
		}
		if r, err := b.sender(wireOf(c), j).Send(ctx, b.payment(0)); err != nil || r.TxHash != first.TxHash || r.Status != 1 || r.GasUsed == 0 {
			t.Fatalf("%s: in the next process: %v, %v", kind, r, err)
		}
		unnamed := b.payment(1)
		unnamed.Name = ""
		for range 2 {
			if _, err := s.Send(ctx, unnamed); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := c.BalanceAt(ctx, *unnamed.To, nil); err != nil || got.Int64() != 4 {
			t.Fatalf("%s: two calls without a name paid %v, %v; want 4", kind, got, err)
		}
	}
}

func TestFeesAreBounded(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 0)
	head, err := c.HeaderByNumber(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := b.sender(wireOf(c), b.journal())
	s.cfg.MaxFee = new(big.Int).Sub(head.BaseFee, common.Big1)
	_, err = s.Send(ctx, b.payment(0))
	if capped, ok := errors.AsType[*FeeCapError](err); !ok || capped.Max.Cmp(s.cfg.MaxFee) != 0 || !strings.Contains(err.Error(), "raise the maximum fee") {
		t.Fatalf("got %v; want that gas is too dear", err)
	}
	if n, err := c.PendingNonceAt(ctx, b.from()); err != nil || n != 0 {
		t.Fatalf("something was sent: nonce %d, %v", n, err)
	}
}

func TestReplacementFees(t *testing.T) {
	wei := rapid.Custom(func(r *rapid.T) *big.Int { return new(big.Int).SetUint64(rapid.Uint64Range(0, 1e13).Draw(r, "wei")) })
	tenth := func(v *big.Int) *big.Int { // what pools ask for: more than a tenth, rounded up
		x := new(big.Int).Mul(v, big.NewInt(110))
		return x.Add(x, big.NewInt(99)).Div(x, big.NewInt(100))
	}
	rapid.Check(t, func(r *rapid.T) {
		base, tip, max := wei.Draw(r, "base"), wei.Draw(r, "tip"), wei.Draw(r, "max")
		f, err := firstFees(base, tip, max)
		if err != nil {
			if new(big.Int).Add(base, tip).Cmp(max) <= 0 {
				t.Fatalf("refused although %v + %v <= %v", base, tip, max)
			}
			return
		}
		for range 60 {
			if f.cap.Cmp(max) > 0 || f.tip.Cmp(f.cap) > 0 {
				t.Fatalf("tip %v, cap %v, at most %v", f.tip, f.cap, max)
			}
			next, ok := bumpedFees(f, base, tip, max)
			if !ok {
				// Only when the maximum does not leave room.
				if bump(f.cap).Cmp(max) <= 0 && bump(f.tip).Cmp(max) <= 0 {
					t.Fatalf("no replacement of %v, %v under %v", f.tip, f.cap, max)
				}
				return
			}
			if next.tip.Cmp(tenth(f.tip)) < 0 || next.cap.Cmp(tenth(f.cap)) < 0 {
				t.Fatalf("%v, %v does not replace %v, %v", next.tip, next.cap, f.tip, f.cap)
			}
			f = next
		}
	})
}

func TestBalanceAlarm(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	b := newBench(t, node, c, t.TempDir(), 0)
	logs, seen := observer.New(zapcore.InfoLevel)
	s := b.sender(wireOf(c), b.journal())
	s.cfg.Log, s.cfg.LowBalance = zap.New(logs), new(big.Int).Add(big.NewInt(params.Ether), common.Big1)
	look := func(low bool, message string) {
		t.Helper()
		if err := s.watchBalance(ctx); err != nil {
			t.Fatal(err)
		}
		if st := s.Status(); st.Low != low || st.Balance == nil {
			t.Fatalf("%+v; want low %v", st, low)
		}
		if all := seen.TakeAll(); len(all) != 1 || !strings.Contains(all[0].Message, message) {
			t.Fatalf("%v; want %q", all, message)
		}
	}
	look(true, "send ether to the account")
	if err := devchain.Fund(ctx, c.Client, common.Big1, b.from()); err != nil {
		t.Fatal(err)
	}
	look(false, "sufficient again")
}

// What a look at the chain asks for, case by case.
func TestDecide(t *testing.T) {
	now := time.Unix(1000, 0)
	mined := func(block int64) *types.Receipt { return &types.Receipt{BlockNumber: big.NewInt(block)} }
	fresh := flight{}
	sent := flight{offered: now, again: time.Second, at: 100}
	late := flight{offered: now.Add(-time.Second), again: time.Second, at: 100}
	cheap := late
	cheap.low = true
	for name, c := range map[string]struct {
		f    flight
		v    sight
		want move
	}{
		"never offered":               {fresh, sight{head: 100, first: true}, moveOffer},
		"never offered, behind":       {fresh, sight{head: 100}, moveOffer},
		"just offered":                {sent, sight{head: 104, first: true}, moveWait},
		"stuck":                       {sent, sight{head: 105, first: true}, moveBump},
		"stuck behind another":        {sent, sight{head: 105}, moveWait},
		"perhaps forgotten":           {late, sight{head: 104}, moveOffer},
		"too cheap":                   {cheap, sight{head: 101, first: true}, moveBump},
		"too cheap, behind another":   {cheap, sight{head: 101}, moveOffer},
		"mined":                       {sent, sight{head: 100, used: true, receipt: mined(100), depth: 3}, moveWait},
		"mined, no depth":             {sent, sight{head: 100, used: true, gone: true, receipt: mined(100)}, moveEnd},
		"almost settled":              {sent, sight{head: 102, used: true, receipt: mined(100), depth: 3}, moveWait},
		"settled":                     {sent, sight{head: 103, used: true, gone: true, receipt: mined(100), depth: 3}, moveEnd},
		"used by whom?":               {sent, sight{head: 200, used: true, depth: 3}, moveWait},
		"used by whom? for good":      {sent, sight{head: 200, used: true, gone: true, depth: 3}, moveProve},
		"a receipt that was dropped":  {sent, sight{head: 104, first: true, receipt: mined(100)}, moveWait},
		"after a restart, and mined":  {fresh, sight{head: 100, used: true, receipt: mined(99), depth: 3}, moveWait},
		"after a restart, and behind": {fresh, sight{head: 100, used: true, gone: true, receipt: mined(9), depth: 3}, moveEnd},
	} {
		if got := c.f.decide(c.v, now); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

// One suite for both journals.
func TestJournal(t *testing.T) {
	ctx := testContext(t)
	key := devchain.Account("journal")
	from := crypto.PubkeyToAddress(key.PublicKey)
	sign := func(nonce uint64, value int64) *types.Transaction {
		return types.MustSignNewTx(key, types.LatestSignerForChainID(big.NewInt(1)), &types.DynamicFeeTx{ChainID: big.NewInt(1), Nonce: nonce, To: &from, Value: big.NewInt(value), Data: []byte{1, 2}, GasTipCap: new(big.Int), GasFeeCap: new(big.Int)})
	}
	db, err := store.Open(ctx, store.Memory, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, j := range map[string]Journal{"memory": newMemory(), "sqlite": NewJournal(db, 1, from)} {
		t.Run(name, func(t *testing.T) {
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			begin := func(name string, nonce uint64) (*Intent, error) {
				i := &Intent{Name: name, Nonce: nonce, Since: 7, Attempts: []Attempt{{Tx: sign(nonce, 1)}}}
				return i, j.Begin(ctx, i)
			}
			b, err := begin("b", 6)
			ok(err)
			a, err := begin("a", 5)
			ok(err)
			_, err = begin("", 7)
			ok(err)
			if _, err := begin("c", 5); err == nil {
				t.Fatal("two open intents of one nonce")
			}
			if _, err := begin("a", 9); err == nil {
				t.Fatal("two intents of one name")
			}
			ok(j.Attempt(ctx, a.ID, Attempt{Tx: sign(5, 2)}))
			ok(j.Attempt(ctx, a.ID, Attempt{Tx: sign(8, 3), Cancel: true}))
			open, err := j.Open(ctx)
			ok(err)
			if len(open) != 3 || open[0].Name != "b" || open[2].Name != "a" || open[2].Nonce != 8 || len(open[2].Attempts) != 3 || !open[2].Attempts[2].Cancel || open[2].Since != 7 {
				t.Fatalf("%+v", open)
			}
			if got := open[2].Attempts[1].Tx; got.Hash() != sign(5, 2).Hash() {
				t.Fatalf("transaction %s came back as %s", sign(5, 2).Hash(), got.Hash())
			}
			if call := open[2].Call(); *call.To != from || call.Value.Int64() != 1 || string(call.Data) != "\x01\x02" {
				t.Fatalf("%+v", call)
			}
			if _, found, err := j.Done(ctx, "a"); err != nil || found {
				t.Fatalf("an open intent is done: %v", err)
			}
			r := &types.Receipt{Status: 1, TxHash: sign(5, 2).Hash(), BlockNumber: big.NewInt(9), BlockHash: common.Hash{1}, Logs: []*types.Log{}, GasUsed: 3, CumulativeGasUsed: 4}
			ok(j.End(ctx, a.ID, Outcome{Receipt: r}))
			ok(j.End(ctx, a.ID, Outcome{Receipt: r}))
			ok(j.End(ctx, b.ID, Outcome{Failed: "it reverted", Receipt: r}))
			done, found, err := j.Done(ctx, "a")
			ok(err)
			if !found || done.Receipt.TxHash != r.TxHash || done.Receipt.BlockNumber.Int64() != 9 || done.Receipt.GasUsed != 3 {
				t.Fatalf("%+v, %v", done, found)
			}
			if _, found, err := j.Done(ctx, "b"); err != nil || found {
				t.Fatalf("what failed is done: %v", err)
			}
			if _, err := begin("a", 9); err == nil {
				t.Fatal("a name that is done begins again")
			}
			_, err = begin("b", 9) // it failed: it may
			ok(err)
			if open, err := j.Open(ctx); err != nil || len(open) != 2 {
				t.Fatalf("%+v, %v", open, err)
			}
		})
	}
	if open, err := NewJournal(db, 1, common.Address{1}).Open(ctx); err != nil || len(open) != 0 {
		t.Fatalf("another account has %d intents, %v", len(open), err)
	}
	if open, err := NewJournal(db, 2, from).Open(ctx); err != nil || len(open) != 0 {
		t.Fatalf("another chain has %d intents, %v", len(open), err)
	}
}

func TestRefusalsOfNodes(t *testing.T) {
	for text, want := range map[string]refused{
		"already known": refusedKnown, "AlreadyKnown": refusedKnown, "Known transaction": refusedKnown,
		"nonce too low: next nonce 5, tx nonce 4": refusedNonce, "OldNonce": refusedNonce,
		"replacement transaction underpriced":                                                  refusedLow,
		"transaction underpriced: gas tip cap 0, minimum needed 1":                             refusedLow,
		"max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 7":   refusedLow,
		"insufficient funds for gas * price + value: balance 0, tx cost 21000, overshot 21000": refusedFunds,
		"Upfront cost exceeds account balance":                                                 refusedFunds,
		"intrinsic gas too low: gas 0, minimum needed 21000":                                   refusedNever,
		"exceeds block gas limit":                                                              refusedNever,
		"transaction gas limit too high (cap: 16777216, tx: 20000000)":                         refusedNever,
		"connection refused": unanswered, "header not found": unanswered, "txpool is full": unanswered,
	} {
		if got := refusal(errors.New(text)); got != want {
			t.Errorf("%q: %d; want %d", text, got, want)
		}
	}
}
