package app

import (
	"bytes"
	"cmp"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/telemetry"
	"github.com/proof-of-sampling/posp/sampler"
)

// WatchConfig configures `posp audit watch`.
type WatchConfig struct {
	Common
	From      int64         // first epoch; -1: where the last watch ended, or the one that serves now
	Epochs    uint64        // to look at; 0: for ever
	Recompute int           // samples of each epoch, drawn at random, beside the canaries
	Canaries  time.Duration // mean time between two requests to a provider; 0: none are sent
	Prompts   string        // file with requests, a JSON object a line
	Command   string        // run for each alarm, which it reads from standard input; empty: none
	JSON      bool
}

// Check names everything that is wrong with the configuration.
func (c WatchConfig) Check() error {
	var bad problems
	c.Common.check(&bad)
	bad.when(c.From < -1, "--from %d is no epoch", c.From)
	bad.when(c.Recompute < 0, "--recompute %d is less than 0", c.Recompute)
	bad.when(c.Canaries < 0, "--canary-every %s is less than 0", c.Canaries)
	bad.when(c.Canaries > 0 && c.Prompts == "", "--canary-prompts is missing: what shall providers be asked?")
	bad.when(c.Canaries == 0 && c.Prompts != "", "--canary-every is missing: how often shall providers be asked?")
	return bad.join()
}

// alpha is with what probability an honest provider's sampling rate is ever
// called deviating.
const alpha = 1e-6

// alarmTime bounds an alarm command's run.
const alarmTime = 30 * time.Second

// watcher is `posp audit watch` at work.
type watcher struct {
	WatchConfig
	site   *Site
	ledger *watch.Ledger
	rates  map[posp.Address]*watch.Rate
	random *rand.Rand // which samples are recomputed
	models audit.Scorers
	out    io.Writer
	log    *zap.Logger
	told   *telemetry.Auditor // nil: nobody
	traces *telemetry.Tracing // nil: none

	mu       sync.Mutex
	alarms   []watch.Alarm // since the last epoch was concluded; canaries are sent beside it
	wrong    map[watch.Code]int
	last     int64     // epoch that was concluded; -1: none
	progress time.Time // when one was, or none was seen to be ready
}

// AuditWatch looks at one certified epoch after the other: bundle,
// recomputation, transparency log, and what became of its own requests. It
// ends after as many epochs as are asked for, or with ctx; if it found anything
// wrong, with an error.
func AuditWatch(ctx context.Context, c WatchConfig, out io.Writer) error {
	if err := c.Check(); err != nil {
		return err
	}
	asked, err := c.asked()
	if err != nil {
		return err
	}
	log := c.Log.Logger()
	site, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer site.Client.Close()
	t, err := site.Telemetry(ctx, c.Telemetry, "auditor", posp.Address{}, nil)
	if err != nil {
		return err
	}
	defer t.Close()
	run, err := site.Watch(ctx, c, asked, out, t)
	if err != nil {
		return err
	}
	log.Debug("watch is up")
	return run(ctx)
}

// asked are the requests that canaries are drawn from.
func (c WatchConfig) asked() ([]canaryRequest, error) {
	if c.Prompts == "" {
		return nil, nil
	}
	return loadCanaries(c.Prompts, c.Network.Models[0].Name)
}

// Watch is an auditor that looks at one epoch after the other. Its run ends
// as AuditWatch does.
func (s *Site) Watch(ctx context.Context, c WatchConfig, asked []canaryRequest, out io.Writer, t *Telemetry) (run, error) {
	path, err := database(c.Data, "watch")
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, path, watch.Migrations)
	if err != nil {
		return nil, err
	}
	w := &watcher{WatchConfig: c, site: s, ledger: watch.NewLedger(db), random: unpredictable(), models: c.Network.models(), out: out,
		log: s.Log.Named("watch"), wrong: map[watch.Code]int{}, last: -1, progress: time.Now()}
	if w.rates, err = w.ledger.Rates(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if next, ok, err := w.ledger.Next(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	} else if ok {
		w.last = int64(next) - 1
	}
	w.told, w.traces = t.auditor(w.watched), t.traces()
	t.database(db)
	t.answering("aggregator", "The aggregator, which keeps what bundles are made of", cmp.Or(c.Aggregator, c.Network.Aggregator), true)
	return func(ctx context.Context) error {
		defer db.Close()
		inner, stop := context.WithCancel(ctx)
		defer stop()
		parts := []run{t.run, func(ctx context.Context) error { defer stop(); return w.epochs(ctx) }}
		if len(asked) > 0 {
			parts = append(parts, newCanarySender(w, asked, unpredictable()).Run)
		}
		if err := together(inner, parts...); err != nil && ctx.Err() == nil {
			return err
		}
		return w.verdict()
	}, nil
}

// watched is how far the watch is.
func (w *watcher) watched() telemetry.Watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	return telemetry.Watched{Epoch: w.last, Progress: time.Since(w.progress)}
}

// went notes that the watch goes on.
func (w *watcher) went() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.progress = time.Now()
}

// unpredictable is randomness that a provider cannot foresee.
func unpredictable() *rand.Rand {
	var seed [32]byte
	crand.Read(seed[:]) // never fails
	return rand.New(rand.NewChaCha8(seed))
}

// verdict is the error that ends a watch which found something wrong.
func (w *watcher) verdict() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) == 0 {
		return nil
	}
	var list []string
	for _, code := range slices.Sorted(maps.Keys(w.wrong)) {
		list = append(list, fmt.Sprintf("%d times %s", w.wrong[code], code))
	}
	return fmt.Errorf("something is wrong: %s (docs/auditors.md)", strings.Join(list, ", "))
}

// raise tells of an alarm: in the log, to the alarm command, and in the epoch's
// line.
func (w *watcher) raise(ctx context.Context, a watch.Alarm) {
	a.Wrong = a.Code.Wrong()
	log := w.log.With(zap.Bool("wrong", a.Wrong), zap.Uint64("epoch", a.Epoch), zap.String("found", a.Found))
	if a.Provider != (posp.Address{}) {
		log = log.With(zap.Stringer("provider", a.Provider))
	}
	if a.Evidence != "" {
		log = log.With(zap.String("evidence", a.Evidence))
	}
	log.Error("alarm", zap.String("code", string(a.Code)))
	w.told.Alarm(string(a.Code))
	w.mu.Lock()
	w.alarms = append(w.alarms, a)
	if a.Wrong {
		w.wrong[a.Code]++
	}
	w.mu.Unlock()
	if w.Command == "" {
		return
	}
	text, err := json.Marshal(a)
	if err == nil {
		inner, cancel := context.WithTimeout(ctx, alarmTime)
		defer cancel()
		cmd := exec.CommandContext(inner, w.Command)
		cmd.Stdin, cmd.WaitDelay = bytes.NewReader(append(text, '\n')), time.Second
		err = cmd.Run()
	}
	if err != nil {
		w.told.Failed("alarm_command")
		w.log.Error("alarm command failed", zap.String("code", "ALARM-UNTOLD"), zap.Error(err))
	}
}

// keep writes evidence of an alarm, and is its path.
func (w *watcher) keep(name string, write func(io.Writer) error) string {
	dir := filepath.Join(w.Data, "evidence")
	path := filepath.Join(dir, name)
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = writeFile(path, write)
	}
	if err != nil {
		w.told.Failed("evidence")
		w.log.Error("evidence not kept", zap.String("code", "EVIDENCE-UNKEPT"), zap.Error(err))
		return ""
	}
	return path
}

// epochs looks at one after the other.
func (w *watcher) epochs(ctx context.Context) error {
	next, ok, err := w.ledger.Next(ctx)
	if err != nil {
		return err
	}
	block, err := w.site.Reader().Block(ctx)
	if err != nil {
		return err
	}
	if now := w.site.Parameters.Schedule.EpochAt(block); w.From > int64(now) {
		return fmt.Errorf("--from %d is still to come: now is epoch %d", w.From, now)
	} else if !ok {
		next = now
		if w.From >= 0 {
			next = uint64(w.From)
		}
	} else if w.From >= 0 && uint64(w.From) != next {
		return fmt.Errorf("--from %d: the watch in %s goes on with epoch %d (leave --from out, or name another --data)", w.From, w.Data, next)
	}
	blocks := w.site.Reader().Blocks(ctx)
	for done := uint64(0); w.Epochs == 0 || done < w.Epochs; {
		status, batches, ready, err := w.ready(ctx, next)
		if err == nil && ready {
			if err := w.look(ctx, next, status, batches); err != nil {
				return err
			}
			done, next = done+1, next+1
			continue
		}
		if err == nil {
			w.went()
		} else if ctx.Err() == nil {
			w.log.Warn("look at the chain failed, trying again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-blocks:
		}
	}
	return nil
}

// ready says whether an epoch came to an end: it is certified, or cannot be any
// more.
func (w *watcher) ready(ctx context.Context, epoch uint64) (status chain.Status, batches int, ready bool, err error) {
	facts := w.site.facts()
	block, err := facts.Block(ctx)
	if err != nil {
		return 0, 0, false, err
	}
	s := w.site.Parameters.Schedule
	if block < s.BeaconBlock(epoch)+w.site.settled() {
		return 0, 0, false, nil
	}
	if status, _, err = facts.EpochStatus(ctx, epoch); err != nil {
		return 0, 0, false, err
	}
	over := block > s.CertifyDeadline(epoch)+w.site.settled()
	if status == chain.StatusNone && !over {
		return 0, 0, false, nil
	}
	list, err := facts.Batches(ctx, epoch)
	return status, len(list), true, err
}

// line is what an epoch came to.
type line struct {
	Epoch      uint64        `json:"epoch"`
	Status     string        `json:"status"`
	Batches    int           `json:"batches"`
	Samples    uint32        `json:"samples"`
	Checks     int           `json:"checks"`     // of its bundle that are ok
	Recomputed int           `json:"recomputed"` // samples
	Log        string        `json:"log"`        // "ok", "not read", "wrong", or "none" if the network has none
	Canaries   canaryLine    `json:"canaries"`
	Alarms     []watch.Alarm `json:"alarms"`
}

// canaryLine counts the canaries that were judged with an epoch.
type canaryLine struct {
	Stand   int `json:"stand"`
	Late    int `json:"late"` // of them in a later batch than their epoch's
	Sampled int `json:"sampled"`
	Not     int `json:"not"` // replaced, uncovered or unproved
}

// look judges one epoch, tells of it and writes it down. Its error ends the
// watch; what could not be had is an alarm.
func (w *watcher) look(ctx context.Context, epoch uint64, status chain.Status, batches int) error {
	l := line{Epoch: epoch, Status: status.String(), Batches: batches, Log: "none"}
	ctx, end := w.traces.Start(ctx, "audit.epoch", attribute.Int64("epoch", int64(epoch)))
	outcome := "interrupted"
	defer func() { end(outcome, attribute.Int("batches", batches), attribute.Int("samples", int(l.Samples))) }()
	judged, sampled, err := w.judgeCanaries(ctx, epoch, &l)
	if err != nil {
		return err
	}
	switch certified := status == chain.StatusPending || status == chain.StatusFinal; {
	case !certified && batches == 0:
		l.Status = "idle" // nobody served
	case !certified:
		w.raise(ctx, watch.Alarm{Code: watch.EpochVoid, Epoch: epoch, Found: fmt.Sprintf("no certificate of its %d batches was accepted in time", batches)})
	default:
		w.lookAtBundle(ctx, epoch, sampled, &l)
	}
	if w.Network.Log != "" {
		w.lookAtLog(ctx, epoch, &l)
	}
	if err := ctx.Err(); err != nil {
		return err // what failed may have failed for that: nothing is concluded
	}
	w.mu.Lock()
	l.Alarms, w.alarms = append([]watch.Alarm{}, w.alarms...), nil
	w.mu.Unlock()
	wrong := 0
	for _, a := range l.Alarms {
		if a.Wrong {
			wrong++
		}
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := w.ledger.Conclude(ctx, epoch, text, wrong, len(l.Alarms)-wrong, judged); err != nil {
		return err
	}
	w.went()
	w.mu.Lock()
	w.last = int64(epoch)
	w.mu.Unlock()
	switch {
	case wrong > 0:
		outcome = "wrong"
	case len(l.Alarms) > 0:
		outcome = "untold"
	default:
		outcome = "ok"
	}
	w.told.Epoch(outcome)
	if w.JSON {
		_, err = fmt.Fprintf(w.out, "%s\n", text)
	} else {
		_, err = fmt.Fprintln(w.out, l)
	}
	return err
}

func (l line) String() string {
	wrong := 0
	var codes []string
	for _, a := range l.Alarms {
		codes = append(codes, string(a.Code))
		if a.Wrong {
			wrong++
		}
	}
	found := "nothing wrong"
	if wrong > 0 {
		found = "WRONG"
	}
	if len(codes) > 0 {
		slices.Sort(codes)
		found += ": " + strings.Join(slices.Compact(codes), ", ")
	}
	return fmt.Sprintf("epoch %d  %s  %d batches  %d samples  %d checks ok  %d recomputed  log %s  canaries %d stand, %d sampled, %d not  %s",
		l.Epoch, l.Status, l.Batches, l.Samples, l.Checks, l.Recomputed, l.Log, l.Canaries.Stand, l.Canaries.Sampled, l.Canaries.Not, found)
}

// tries is how often an epoch's bundle is asked for, before that is an alarm.
const tries = 3

// lookAtBundle fetches an epoch's bundle, verifies it, and recomputes samples:
// the canaries among them, and some at random.
func (w *watcher) lookAtBundle(ctx context.Context, epoch uint64, canaries map[posp.Hash]bool, l *line) {
	could := func(code watch.Code, err error) {
		w.raise(ctx, watch.Alarm{Code: code, Epoch: epoch, Found: err.Error()})
	}
	b, trust, err := w.fetch(ctx, epoch)
	var missing *audit.NotFoundError
	switch {
	case ctx.Err() != nil:
		return // nothing is concluded
	case errors.As(err, &missing):
		w.told.Bundle("missing")
		could(watch.ArchiveMissing, err)
		return
	case err != nil:
		w.told.Bundle("not_fetched")
		could(watch.NotFetched, err)
		return
	}
	keep := func() string { return w.keep(fmt.Sprintf("epoch-%d.bundle", epoch), b.Write) }
	report := audit.VerifyBundle(b, trust)
	l.Samples = report.Samples
	for _, s := range report.Checks {
		w.told.Check(s.Name, string(s.Outcome))
		if s.Outcome == audit.OK {
			l.Checks++
		}
	}
	if bad := report.Failures(); len(bad) > 0 {
		w.told.Bundle("failed")
		w.raise(ctx, watch.Alarm{Code: watch.BundleWrong, Epoch: epoch, Found: strings.Join(bad, ", "), Evidence: keep()})
		return
	}
	w.told.Bundle("ok")
	for _, s := range b.Samples {
		if canaries[s.Result.SampleID] {
			w.told.Verdict(s.Result.Verdict.String())
		}
	}
	chosen := maps.Clone(canaries)
	for _, i := range w.random.Perm(len(b.Samples))[:min(w.Recompute, len(b.Samples))] {
		chosen[b.Samples[i].Result.SampleID] = true
	}
	if len(chosen) == 0 {
		return
	}
	replay, err := audit.Recompute(ctx, b, trust, w.models, func(s *bundle.Sample) bool { return chosen[s.Result.SampleID] }, nil)
	if err != nil {
		could(watch.NotRecomputed, err)
		return
	}
	why := map[string]int{}
	for i := range replay.Recomputed {
		if x := &replay.Recomputed[i]; x.Why == "" {
			l.Recomputed++
		} else if x.Certified.Verdict != posp.Unavailable { // of that there is nothing to run
			why[x.Why]++
		}
	}
	w.told.Samples("recomputed", l.Recomputed)
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		w.told.Samples("skipped", why[reason])
		could(watch.NotRecomputed, fmt.Errorf("%d samples: %s", why[reason], reason))
	}
	if bad := replay.Failures(); len(bad) > 0 {
		var found []string
		for _, s := range replay.Checks {
			if s.Outcome == audit.Failed {
				found = append(found, s.Name+": "+s.Found)
			}
		}
		w.raise(ctx, watch.Alarm{Code: watch.RecomputedOtherwise, Epoch: epoch, Found: strings.Join(found, "; "), Evidence: keep()})
	}
}

// fetch is an epoch's bundle, and what the auditor's node says of its block and
// network.
func (w *watcher) fetch(ctx context.Context, epoch uint64) (b *bundle.Bundle, trust audit.Trust, err error) {
	client, err := w.site.AggregatorClient(w.Aggregator)
	if err != nil {
		return nil, trust, err
	}
	for n := 1; ; n++ {
		b, trust, err = w.fetchOnce(ctx, archive{client, cmp.Or(w.Aggregator, w.Network.Aggregator)}, epoch)
		if err == nil || n == tries {
			return b, trust, err
		}
		select {
		case <-ctx.Done():
			return nil, trust, ctx.Err()
		case <-time.After(time.Duration(n) * 2 * time.Second):
		}
	}
}

func (w *watcher) fetchOnce(ctx context.Context, from archive, epoch uint64) (*bundle.Bundle, audit.Trust, error) {
	world := auditChain{w.site.facts()}
	b, trust, err := w.site.bundle(ctx, world, from, epoch, nil, nil)
	if err != nil {
		return nil, trust, err
	}
	c, _, err := world.Certificate(ctx, epoch)
	if err != nil {
		return nil, trust, err
	}
	_, hash, err := w.site.Client.HeaderRLP(ctx, c.Block)
	trust.Block = &hash
	return b, trust, err
}

// lookAtLog reads on in the transparency log.
func (w *watcher) lookAtLog(ctx context.Context, epoch uint64, l *line) {
	l.Log = "ok"
	m, err := w.site.readLog(ctx, filepath.Join(w.Data, "log.head"))
	if ctx.Err() != nil {
		return // nothing is concluded
	}
	defer func() { w.told.LogRead(l.Log) }()
	var lie *posp.ValidationError
	switch {
	case errors.As(err, &lie):
		l.Log = "wrong"
		w.raise(ctx, watch.Alarm{Code: watch.LogWrong, Epoch: epoch, Found: err.Error()})
	case err != nil:
		l.Log = "not read"
		w.raise(ctx, watch.Alarm{Code: watch.LogUnread, Epoch: epoch, Found: err.Error()})
	case len(m.wrong) > 0:
		l.Log = "wrong"
		w.raise(ctx, watch.Alarm{Code: watch.LogWrong, Epoch: epoch, Found: strings.Join(m.wrong, "; ")})
	}
}

// judgeCanaries finds out where the canaries stand whose epochs have ended, and
// which samples they are. Those of batches of later epochs wait for these.
func (w *watcher) judgeCanaries(ctx context.Context, epoch uint64, l *line) (judged []watch.Judgement, sampled map[posp.Hash]bool, err error) {
	sampled = map[posp.Hash]bool{}
	open, err := w.ledger.Open(ctx, epoch)
	if err != nil {
		return nil, nil, err
	}
	facts := w.site.facts()
	c := claimer{site: w.site, Protocol: facts, domain: w.Network.Domain()}
	lots := map[posp.Address]*watch.Lot{}
	for i := range open {
		was := &open[i]
		j, id, err := w.judgeCanary(ctx, &c, was, epoch)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			w.log.Warn("canary not judged, trying again", zap.Error(err))
			j = watch.Judgement{ID: was.ID, State: watch.Unproved}
		}
		if j.State == watch.Waiting || j.State == watch.Unproved && was.State == watch.Unproved {
			continue // nothing new
		}
		judged = append(judged, j)
		evidence := func() string {
			return w.keep(fmt.Sprintf("receipt-%d-%s-%d.json", was.Receipt.Epoch, was.Receipt.Provider, was.Receipt.Sequence), func(out io.Writer) error { _, err := out.Write(was.Answer); return err })
		}
		alarm := func(code watch.Code, evidence, format string, args ...any) {
			w.raise(ctx, watch.Alarm{Code: code, Epoch: was.Receipt.Epoch, Provider: was.Receipt.Provider, Evidence: evidence,
				Found: fmt.Sprintf("receipt %d: ", was.Receipt.Sequence) + fmt.Sprintf(format, args...)})
		}
		switch j.State {
		case watch.Uncovered:
			l.Canaries.Not++
			alarm(watch.CanaryUncovered, evidence(), "no batch reaches its sequence: posp claim omission")
		case watch.Replaced:
			l.Canaries.Not++
			alarm(watch.CanaryReplaced, evidence(), "another receipt stands in its place: posp claim omission")
		case watch.Unproved:
			l.Canaries.Not++
			alarm(watch.CanaryUnproved, evidence(), "its place was not proved: %v", err)
		case watch.Stands:
			l.Canaries.Stand++
			w.told.Canary("committed")
			if j.BatchEpoch > was.Receipt.Epoch {
				l.Canaries.Late++
			}
			if j.Sampled == nil {
				break
			}
			if *j.Sampled {
				l.Canaries.Sampled++
				w.told.Canary("sampled")
			}
			if j.BatchEpoch != epoch { // its epoch is over: the lot was counted
				break
			}
			if *j.Sampled {
				sampled[id] = true
			}
			lot := lots[was.Receipt.Provider]
			if lot == nil {
				lot = &watch.Lot{Leaves: j.Leaves, Draws: j.Draws}
				lots[was.Receipt.Provider] = lot
			}
			lot.Canaries++
			if *j.Sampled {
				lot.Sampled++
			}
		}
	}
	for _, provider := range slices.SortedFunc(maps.Keys(lots), posp.Address.Cmp) {
		r := w.rates[provider]
		if r == nil {
			r = &watch.Rate{}
			w.rates[provider] = r
		}
		r.Add(*lots[provider])
		if r.Look(alpha) {
			few, many := r.Tails()
			w.raise(ctx, watch.Alarm{Code: watch.CanaryRate, Epoch: epoch, Provider: provider,
				Found: fmt.Sprintf("%d of %d canaries were sampled, %.1f are to be expected: so few or fewer has probability %.2g, so many or more %.2g", r.Sampled, r.Canaries, r.Expected, few, many)})
		}
	}
	return judged, sampled, nil
}

// judgeCanary finds a canary's place; id is its sample's, if it is one. A
// canary in a batch of a later epoch than the given waits for it.
func (w *watcher) judgeCanary(ctx context.Context, c *claimer, was *watch.Canary, epoch uint64) (j watch.Judgement, id posp.Hash, err error) {
	j = watch.Judgement{ID: was.ID, State: watch.Unproved}
	block, err := c.Block(ctx)
	if err != nil {
		return j, id, err
	}
	b, covered, err := c.covering(ctx, was.Receipt)
	if err != nil {
		return j, id, err
	}
	s := w.site.Parameters.Schedule
	if !covered {
		// Of a settled view: a batch in a block that is newer does not count yet.
		j.State = watch.Place(s, was.Receipt, was.Hash, nil, nil, block-min(block, w.site.settled()))
		return j, id, nil
	}
	if b.Epoch > epoch {
		j.State = watch.Waiting
		return j, id, nil
	}
	info, ok, err := c.Provider(ctx, was.Receipt.Provider, was.Receipt.Epoch)
	if err != nil || !ok {
		return j, id, cmp.Or(err, errors.New("the provider has no receipt key in that epoch"))
	}
	inner, cancel := context.WithTimeout(ctx, canaryTime)
	defer cancel()
	proof, err := c.proof(inner, info, b, was.Receipt.Sequence)
	if err != nil {
		return j, id, err
	}
	j.State = watch.Place(s, was.Receipt, was.Hash, &b, &watch.Proof{ReceiptHash: proof.ReceiptHash, Siblings: proof.Proof}, block)
	if j.State != watch.Stands {
		return j, id, nil
	}
	j.BatchEpoch, j.Leaves, j.Draws = b.Epoch, b.LeafCount, sampler.Count(b.LeafCount, b.Rate)
	beacon, ok, err := c.Beacon(ctx, b.Epoch)
	if err != nil || !ok {
		return j, id, err
	}
	draw, err := sampler.New(posp.Seed(w.Network.Domain(), b.Epoch, b.ID, beacon), j.Leaves, j.Draws)
	if err != nil {
		return j, id, err
	}
	n, hit := draw.Position(was.Receipt.Sequence - b.FirstSequence)
	j.Sampled = &hit
	if hit {
		id = posp.SampleID(b.ID, n, was.Receipt.Sequence-b.FirstSequence)
	}
	return j, id, nil
}
