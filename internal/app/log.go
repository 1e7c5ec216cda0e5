package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/tlog"
)

// LogParts is what an aggregator's transparency log is made of.
type LogParts struct {
	Key    string // signed-note key; see tlog.NewKey
	Policy tlog.Policy
	Dir    string
}

// loadLog reads a log's key, which must be that of the network's log.
func loadLog(n Network, keyFile, data string) (*LogParts, error) {
	if keyFile == "" {
		return nil, nil
	}
	p, err := n.logPolicy()
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("--log-key: %w (posp log key makes one)", err)
	}
	return &LogParts{Key: string(key), Policy: p, Dir: filepath.Join(data, "log")}, nil
}

func (n Network) logPolicy() (tlog.Policy, error) {
	if n.Log == "" {
		return tlog.Policy{}, fmt.Errorf("the network file names no transparency log: its \"log\" is a policy, which posp log key prints the first line of")
	}
	return tlog.ParsePolicy(n.Log)
}

// publish keeps an aggregator's log. To begin one its witnesses have to answer,
// and until they do the aggregator works without.
func (s *Site) publish(from *aggregator.Aggregator, p LogParts) run {
	log := s.Log.Named("log")
	return func(ctx context.Context) error {
		for {
			l, err := tlog.Open(ctx, tlog.Config{Dir: p.Dir, Key: p.Key, Policy: p.Policy}, log)
			if err == nil {
				err = aggregator.NewPublisher(from, l, s.settled()).Run(ctx)
				return errors.Join(err, l.Close())
			}
			if ctx.Err() != nil {
				return nil
			}
			log.Warn("transparency log not opened, trying again", zap.Error(err))
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(10 * time.Second):
			}
		}
	}
}

// LogKey is `posp log key`: it writes a new log's key and prints how policies
// name the log.
func LogKey(name, url, file string, out io.Writer) error {
	if file == "" {
		return errors.New("--out is missing: where shall the key be?")
	}
	secret, verifier, err := tlog.NewKey(name)
	if err != nil {
		return err
	}
	policy := fmt.Sprintf("log %s %s\nquorum none\n", verifier, url)
	if _, err := tlog.ParsePolicy(policy); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the log's key: %w", err)
	}
	if _, err = f.WriteString(secret + "\n"); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the log's key: %w", err)
	}
	quoted, err := json.Marshal(policy)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The key is in %s: posp aggregator --log-key. The network file says to everybody which log it is, and whose witnesses sign its heads:\n\n"+
		"  \"log\": %s\n\nWith witnesses, add lines \"witness NAME VERIFIER-KEY URL\" and a group of them as the quorum: see docs/log.md.\n", file, quoted)
	return err
}

// ShowLog is `posp log show`: what the log says of an epoch, each entry proved.
func ShowLog(ctx context.Context, n Network, epoch uint64, asJSON bool, out io.Writer) error {
	r, head, err := n.log(ctx)
	if err != nil {
		return err
	}
	list, err := r.Epoch(ctx, head, epoch)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(out, struct {
			Entries []tlog.Logged `json:"entries"`
		}{append([]tlog.Logged{}, list...)})
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(out, "the log's %d entries have none of epoch %d\n", head.Tree.N, epoch)
		return err
	}
	for _, e := range list {
		if _, err := fmt.Fprintf(out, "%8d  %-11s  %s  %s\n", e.Index, e.Kind, e.Subject, e.Digest); err != nil {
			return err
		}
	}
	return nil
}

func (n Network) log(ctx context.Context) (*tlog.Reader, tlog.Head, error) {
	p, err := n.logPolicy()
	if err != nil {
		return nil, tlog.Head{}, err
	}
	r, err := tlog.NewReader(p)
	if err != nil {
		return nil, tlog.Head{}, err
	}
	head, err := r.Head(ctx)
	return r, head, err
}

// logged is a transparency log as audits read it.
type logged struct {
	open func() (*tlog.Reader, error)
}

// Epoch is of audit.Log.
func (l logged) Epoch(ctx context.Context, epoch uint64) (*bundle.Log, error) {
	r, err := l.open()
	if err != nil {
		return nil, err
	}
	head, err := r.Head(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.Epoch(ctx, head, epoch)
	if err != nil {
		return nil, err
	}
	said := &bundle.Log{Head: head.Signed}
	for _, e := range list {
		entry := bundle.Logged{LogEntry: e.LogEntry, Index: uint64(e.Index)}
		for _, h := range e.Path {
			entry.Proof = append(entry.Proof, posp.Hash(h))
		}
		said.Entries = append(said.Entries, entry)
	}
	return said, nil
}

// audited is the network's log for audits, and its policy; both are nil if the
// network has none.
func (n Network) audited() (audit.Log, audit.LogPolicy, error) {
	if n.Log == "" {
		return nil, nil, nil
	}
	p, err := n.logPolicy()
	if err != nil {
		return nil, nil, err
	}
	return logged{func() (*tlog.Reader, error) { return tlog.NewReader(p) }}, p, nil
}

// CheckLog is `posp log check`: the log's head satisfies the policy, its tree
// extends the one that an earlier check saw (state; empty for none), and what
// it says since is what the contracts say. A deviation is an error.
func CheckLog(ctx context.Context, n Network, rpc, state string, out io.Writer) error {
	site, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer site.Client.Close()
	m, err := site.readLog(ctx, state)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "log         %s, %d entries, root %s\n", m.head.Origin, m.head.Tree.N, m.head.Tree.Hash); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "read        %d entries of %d epochs: %d batches and %d results are what the contracts have\n", m.head.Tree.N-m.from, m.epochs, m.batches, m.results)
	if err == nil && len(m.wrong) > 0 {
		err = errors.New(strings.Join(m.wrong, "; "))
	}
	return err
}

// readLog reads what the log says since the head in the file state (empty: all),
// compares it with the contracts, and keeps the new head there. That a log took
// back what it had said is a posp.ValidationError.
func (s *Site) readLog(ctx context.Context, state string) (*monitor, error) {
	r, head, err := s.Network.log(ctx)
	if err != nil {
		return nil, err
	}
	var seen tlog.Head
	if state != "" {
		if seen, err = loadHead(s.Network, state); err != nil {
			return nil, err
		}
		if err := r.Extends(ctx, seen, head); err != nil {
			return nil, err
		}
	}
	from, err := r.Beginning(ctx, head, seen.Tree.N)
	if err != nil {
		return nil, err
	}
	m := &monitor{chain: s.facts(), attestation: s.Network.Contracts.AttestationRegistry, head: head, from: from}
	if err := r.Entries(ctx, head, from, func(i int64, e posp.LogEntry) error {
		if len(m.epoch) > 0 && m.epoch[0].Epoch != e.Epoch {
			if err := m.compare(ctx, false); err != nil {
				return err
			}
		}
		m.epoch = append(m.epoch, e)
		return nil
	}); err != nil {
		return nil, err
	}
	if err := m.compare(ctx, true); err != nil {
		return nil, err
	}
	if state != "" {
		if err := saveHead(state, head); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// facts are what a log can be compared with.
type facts interface {
	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error)
	Certificate(ctx context.Context, epoch uint64) (c chain.SubmittedCertificate, ok bool, err error)
}

// monitor compares what a log says with the contracts, epoch by epoch.
type monitor struct {
	chain       facts
	attestation posp.Address
	head        tlog.Head
	from        int64 // first entry that was read

	epoch                    []posp.LogEntry // of the epoch that is being read
	epochs, batches, results int
	wrong                    []string
}

// compare judges the epoch that was read. last says that the log ends there.
func (m *monitor) compare(ctx context.Context, last bool) error {
	entries := m.epoch
	m.epoch = nil
	if len(entries) == 0 {
		return nil
	}
	epoch := entries[0].Epoch
	bad := func(format string, args ...any) {
		m.wrong = append(m.wrong, fmt.Sprintf("epoch %d: ", epoch)+fmt.Sprintf(format, args...))
	}
	m.epochs++
	batches, err := m.chain.Batches(ctx, epoch)
	if err != nil {
		return err
	}
	c, certified, err := m.chain.Certificate(ctx, epoch)
	if err != nil {
		return err
	}
	seen, said := map[posp.LogEntry]bool{}, map[posp.LogEntry]bool{}
	for _, e := range entries {
		what := posp.LogEntry{Kind: e.Kind, Epoch: epoch, Subject: e.Subject}
		switch {
		case seen[e]:
			bad("the log says twice that the %s of %s is %s", e.Kind, e.Subject, e.Digest)
		case said[what]:
			bad("the log says otherwise before than that the %s of %s is %s", e.Kind, e.Subject, e.Digest)
		}
		seen[e], said[what] = true, true
		switch e.Kind {
		case posp.LogBatch:
			if !slices.ContainsFunc(batches, func(b posp.BatchRecord) bool { return b.Provider == e.Subject && b.ID == e.Digest }) {
				bad("the log has a batch %s of %s, the contracts do not", e.Digest, e.Subject)
			}
			m.batches++
		case posp.LogResult, posp.LogSamples:
			want := c.Digest
			if e.Kind == posp.LogSamples {
				want = c.Result.SampleRoot
			}
			if e.Subject != m.attestation {
				bad("the log's %s is of contract %s, not %s", e.Kind, e.Subject, m.attestation)
			} else if certified && e.Digest != want {
				bad("the aggregator derived %s %s, what is certified is %s", e.Kind, e.Digest, want)
			}
			if e.Kind == posp.LogResult {
				m.results++
			}
		}
	}
	if last && entries[len(entries)-1].Kind == posp.LogBatch {
		return nil // the head may be from amid the batches; the next check reads the epoch again
	}
	for _, b := range batches {
		if !seen[posp.LogEntry{Kind: posp.LogBatch, Epoch: epoch, Subject: b.Provider, Digest: b.ID}] {
			bad("the contracts have a batch %s of %s, the log does not", b.ID, b.Provider)
		}
	}
	return nil
}

func loadHead(n Network, file string) (tlog.Head, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return tlog.Head{}, nil
	}
	if err != nil {
		return tlog.Head{}, fmt.Errorf("read the head that was seen before: %w", err)
	}
	p, err := n.logPolicy()
	if err != nil {
		return tlog.Head{}, err
	}
	h, err := p.Open(b)
	if err != nil {
		return tlog.Head{}, fmt.Errorf("%s: %w", file, err)
	}
	return h, nil
}

// saveHead writes it whole or not at all.
func saveHead(file string, h tlog.Head) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".head-*")
	if err == nil {
		defer os.Remove(tmp.Name()) // gone already when the rename succeeded
		if _, err = tmp.Write(h.Signed); err == nil {
			err = tmp.Sync()
		}
		if err = errors.Join(err, tmp.Close()); err == nil {
			err = os.Rename(tmp.Name(), file)
		}
	}
	if err != nil {
		return fmt.Errorf("write the head that was seen: %w", err)
	}
	return nil
}
