package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"go.uber.org/zap"
)

const (
	// callTime is how long one endpoint may take for one call.
	callTime = 10 * time.Second
	// firstBackoff is for how long an endpoint is left alone after a fault; it doubles with each up to maxBackoff.
	firstBackoff, maxBackoff = 500 * time.Millisecond, time.Minute
	// A question that nobody answered is asked again so often, after firstPause and then thrice as long, unless it took
	// longer than quick: a node that drops one of five requests serves a reader who needs ten of them. In an outage each is
	// asked once.
	repeats, firstPause, quick = 2, 100 * time.Millisecond, time.Second
	// healthTime is how often the endpoints are compared, where there are several.
	healthTime = 3 * time.Second
	// maxLag is how many blocks an endpoint may be behind the best one and still be asked.
	maxLag = 3
	// forkDepth is how far below the lowest head endpoints must agree.
	forkDepth = 12
	// bestTime is for how long the highest head that was seen counts when nobody shows it any more.
	bestTime = time.Minute
	// maxAnswer bounds what a node may answer, in bytes.
	maxAnswer = 128 << 20
)

// endpoint is one of the nodes that serve a chain. Its mutable part is guarded by pool.mu.
type endpoint struct {
	url  string // may hold a key: never shown
	name string // scheme and host

	rpc      *rpc.Client // nil until it was first reached
	checked  bool        // it serves the right chain, as of its last connection
	foreign  error       // it serves another chain, or another branch of this one
	fails    int         // in a row
	until    time.Time   // left alone until then
	busy     bool        // because it asked for it
	last     error       // the newest fault
	head     uint64      // the newest that it said
	calls    uint64
	failures uint64
}

// pool is several endpoints of one chain as one JSON-RPC server. It is an http.RoundTripper, so that go-ethereum's
// clients stand on it as they are. One endpoint is asked until it has a fault; then the next one is. What a node says
// about the question (a revert, a nonce, a lack of funds) is no fault, and is handed on.
type pool struct {
	want      uint64 // chain id; 0 until the first endpoint said it
	log       *zap.Logger
	transport *http.Transport

	mu        sync.Mutex
	endpoints []*endpoint // in the order of preference
	active    *endpoint
	best      uint64 // the highest head that was seen
	bestAt    time.Time
	out       bool // nobody answers
	observers []func(endpoint, method string, took time.Duration)
}

// EndpointStatus is for metrics.
type EndpointStatus struct {
	Name     string // scheme and host
	Active   bool
	Usable   bool
	Problem  string // the newest, if it is not usable
	Head     uint64 // block
	Calls    uint64
	Failures uint64
}

// parseEndpoint checks a URL. Its errors do not show it: it may hold a key.
func parseEndpoint(raw string) (*endpoint, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil, errors.New("chain RPC URL is malformed: want http://host:port, or https, ws, wss")
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return nil, fmt.Errorf("chain RPC URL has scheme %q: want http, https, ws or wss", u.Scheme)
	}
	return &endpoint{url: raw, name: u.Scheme + "://" + u.Host}, nil
}

// open connects to every endpoint. One that serves another chain is a mistake to mend; of those that cannot be reached,
// one may be missing, but not all.
func (p *pool) open(ctx context.Context) error {
	faults := make([]error, len(p.endpoints))
	var g sync.WaitGroup
	ids := make([]uint64, len(p.endpoints))
	for i, e := range p.endpoints {
		g.Go(func() { ids[i], faults[i] = p.connect(ctx, e) })
	}
	g.Wait()
	for i, e := range p.endpoints {
		if faults[i] != nil {
			continue
		}
		if p.want == 0 {
			p.want = ids[i]
		}
		if ids[i] != p.want {
			return fmt.Errorf("chain RPC %s serves chain %d, not %d", e.name, ids[i], p.want)
		}
		e.checked = true
		if p.active == nil {
			p.active = e
		}
	}
	if p.active == nil {
		if len(p.endpoints) == 1 {
			return fmt.Errorf("chain RPC %s is not reachable: %w", p.endpoints[0].name, faults[0])
		}
		return fmt.Errorf("none of the %d chain RPC endpoints is reachable: %w", len(p.endpoints), errors.Join(p.named(faults)...))
	}
	for i, e := range p.endpoints {
		if faults[i] != nil {
			p.failed(e, faultDown, faults[i])
		}
	}
	return nil
}

func (p *pool) named(faults []error) (out []error) {
	for i, err := range faults {
		out = append(out, fmt.Errorf("%s: %w", p.endpoints[i].name, err))
	}
	return out
}

// connect dials if that is needed and asks for the chain id.
func (p *pool) connect(ctx context.Context, e *endpoint) (id uint64, err error) {
	p.mu.Lock()
	c := e.rpc
	p.mu.Unlock()
	if c == nil {
		c, err = rpc.DialOptions(ctx, e.url, rpc.WithHTTPClient(&http.Client{Transport: bounded{p.transport}}), rpc.WithWebsocketMessageSizeLimit(maxAnswer))
		if err != nil {
			return 0, brief(err)
		}
		p.mu.Lock()
		if e.rpc == nil {
			e.rpc = c
		} else { // another call was faster
			c.Close()
			c = e.rpc
		}
		p.mu.Unlock()
	}
	var n hexutil.Uint64
	if err := c.CallContext(ctx, &n, "eth_chainId"); err != nil {
		return 0, brief(err)
	}
	return uint64(n), nil
}

// bounded keeps answers within maxAnswer.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

// brief drops what an error of the connection should not show: the URL, which may hold a key, and the page
// that a server that is no node answers with.
func brief(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	if h, ok := errors.AsType[rpc.HTTPError](err); ok {
		return fmt.Errorf("no JSON-RPC there: HTTP status %s", h.Status)
	}
	return err
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.endpoints {
		if e.rpc != nil {
			e.rpc.Close()
		}
	}
	p.transport.CloseIdleConnections()
}

func (p *pool) status() (list []EndpointStatus) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.endpoints {
		s := EndpointStatus{Name: e.name, Active: e == p.active, Usable: e.foreign == nil && !time.Now().Before(e.until) && !p.late(e), Head: e.head, Calls: e.calls, Failures: e.failures}
		if problem := e.foreign; !s.Usable && problem == nil {
			s.Problem = fmt.Sprint(e.last)
		} else if problem != nil {
			s.Problem = problem.Error()
		}
		list = append(list, s)
	}
	return list
}

// message is a JSON-RPC request or answer.
type message struct {
	Version string            `json:"jsonrpc"`
	ID      json.RawMessage   `json:"id,omitempty"`
	Method  string            `json:"method,omitempty"`
	Params  []json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage   `json:"result,omitempty"`
	Error   *wireError        `json:"error,omitempty"`
}

// wireError is a JSON-RPC error as an endpoint or the pool gave it.
type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// codeOutage is the pool's own: no endpoint could be asked.
const codeOutage = -32098

// codeBehind is the pool's own too: those that answer are behind the block that is asked for, or behind what was seen.
const codeBehind = -32097

// IsOutage says whether an error of a Client means that no endpoint answered, so that nothing is known.
func IsOutage(err error) bool {
	e, ok := errors.AsType[rpc.Error](err)
	return ok && e.ErrorCode() == codeOutage
}

// RoundTrip serves one JSON-RPC request, or a list of them.
func (p *pool) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	var answer any
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		var list []message
		if err := json.Unmarshal(body, &list); err != nil {
			return nil, fmt.Errorf("JSON-RPC request: %w", err)
		}
		for i := range list {
			if list[i], err = p.serve(r.Context(), list[i]); err != nil {
				return nil, err
			}
		}
		answer = list
	} else {
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fmt.Errorf("JSON-RPC request: %w", err)
		}
		if answer, err = p.serve(r.Context(), m); err != nil {
			return nil, err
		}
	}
	out, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(out)), Body: io.NopCloser(bytes.NewReader(out))}, nil
}

// serve answers one request. Its error is the end of ctx; all others are in the answer.
func (p *pool) serve(ctx context.Context, m message) (message, error) {
	var result json.RawMessage
	var err error
	switch {
	case m.Method == "eth_sendRawTransaction":
		result, err = p.broadcast(ctx, m)
	case strings.HasPrefix(m.Method, "eth_"), strings.HasPrefix(m.Method, "net_"), strings.HasPrefix(m.Method, "web3_"):
		result, err = p.ask(ctx, m)
	default: // what a development node does on request must not be done twice, and takes as long as it takes
		p.mu.Lock()
		e := p.active
		p.mu.Unlock()
		result, err = p.call(ctx, e, m)
	}
	if ctx.Err() != nil {
		return message{}, ctx.Err()
	}
	if err == nil && len(result) == 0 {
		result = json.RawMessage("null")
	}
	return message{Version: "2.0", ID: m.ID, Result: result, Error: onWire(err)}, nil
}

func onWire(err error) *wireError {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[rpc.Error](err)
	if !ok {
		return &wireError{Code: codeOutage, Message: err.Error()}
	}
	w := &wireError{Code: e.ErrorCode(), Message: e.Error()}
	if d, ok := errors.AsType[rpc.DataError](err); ok {
		w.Data = d.ErrorData()
	}
	return w
}

// call asks one endpoint.
func (p *pool) call(ctx context.Context, e *endpoint, m message) (result json.RawMessage, err error) {
	p.mu.Lock()
	checked, c, observers := e.checked, e.rpc, p.observers
	e.calls++
	p.mu.Unlock()
	if !checked {
		id, err := p.connect(ctx, e)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		if e.foreign = nil; id != p.want {
			e.foreign = fmt.Errorf("it serves chain %d, not %d", id, p.want)
		}
		e.checked, c = e.foreign == nil, e.rpc
		err = e.foreign
		p.mu.Unlock()
		if err != nil {
			p.log.Error("a chain RPC endpoint serves another chain: it is not used", zap.String("code", "CHAIN-ENDPOINT"), zap.String("endpoint", e.name), zap.Error(err))
			return nil, err
		}
	}
	args := make([]any, len(m.Params))
	for i := range m.Params {
		args[i] = m.Params[i]
	}
	began := time.Now()
	err = c.CallContext(ctx, &result, m.Method, args...)
	for _, observe := range observers {
		observe(e.name, m.Method, time.Since(began))
	}
	if h, ok := errors.AsType[rpc.HTTPError](err); ok { // some servers answer with a status and with JSON-RPC
		var in message
		if h.StatusCode == http.StatusBadRequest && json.Unmarshal(h.Body, &in) == nil && in.Error != nil {
			return nil, answered(*in.Error)
		}
	}
	return result, err
}

// answered is a wireError as an error.
type answered wireError

func (a answered) Error() string  { return a.Message }
func (a answered) ErrorCode() int { return a.Code }
func (a answered) ErrorData() any { return a.Data }

// ask goes from endpoint to endpoint until one has an answer, and round again if all had faults.
func (p *pool) ask(ctx context.Context, m message) (json.RawMessage, error) {
	for n, pause := 0, firstPause; ; n, pause = n+1, 3*pause {
		began := time.Now()
		result, problems, err := p.round(ctx, m, n > 0)
		if len(problems) == 0 || ctx.Err() != nil {
			return result, err
		}
		if p.outing() || n == repeats || time.Since(began) > quick {
			return nil, p.outage(problems)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// round asks each endpoint once; again, but for those found to serve another chain. Where all had faults, and none said
// that it lacks what is asked for, problems says which.
func (p *pool) round(ctx context.Context, m message, again bool) (result json.RawMessage, problems []string, err error) {
	need := pinned(m)
	queue := p.queue(need)
	var lacking error // an answer that says that the endpoint does not have what was asked for
	for i, e := range queue {
		if foreign := p.foreign(e); again && foreign != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", e.name, foreign))
			continue
		}
		turn, cancel := share(ctx, len(queue)-i)
		result, err := p.try(turn, e, m, need, len(queue) > 1)
		cancel()
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		switch f := faultOf(err); f {
		case faultNone:
			p.answered(e)
			return result, nil, err
		case faultLacking:
			lacking = err
			p.mu.Lock()
			e.last = brief(err)
			p.mu.Unlock()
		default:
			p.failed(e, f, err)
		}
		problems = append(problems, fmt.Sprintf("%s: %v", e.name, brief(err)))
	}
	switch _, said := errors.AsType[rpc.Error](lacking); {
	case said:
		return nil, nil, lacking // an endpoint's own words: they may be the truth
	case lacking == nil && len(problems) > 0:
		return nil, problems, nil
	case lacking == nil: // all are of another chain
		return nil, nil, p.outage(nil)
	case m.Method == "eth_getBlockByNumber":
		return nil, nil, nil // as a node says that there is no such block
	}
	return nil, nil, answered{Code: codeBehind, Message: "no chain RPC endpoint is far enough: " + strings.Join(problems, "; ")}
}

func (p *pool) foreign(e *endpoint) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return e.foreign
}

// outing says whether nobody answered when last asked.
func (p *pool) outing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out
}

// share is a context for one of n turns: callTime, or its share of what is left.
func share(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	limit := callTime
	if end, ok := ctx.Deadline(); ok && n > 1 {
		limit = min(limit, time.Until(end)/time.Duration(n))
	}
	return context.WithTimeout(ctx, limit)
}

// try asks one endpoint. One of several is not asked about a block that it does not have: some answer as if there were
// nothing in it.
func (p *pool) try(ctx context.Context, e *endpoint, m message, need uint64, several bool) (json.RawMessage, error) {
	if several && need > p.headOf(e) {
		raw, err := p.call(ctx, e, message{Method: "eth_blockNumber"})
		if err != nil {
			return nil, err
		}
		if head := p.saw(e, raw); head < need {
			return nil, fmt.Errorf("%w: it is at block %d, and %d is asked for", errLacking, head, need)
		}
	}
	raw, err := p.call(ctx, e, m)
	if err == nil && m.Method == "eth_blockNumber" {
		if head := p.saw(e, raw); several && p.lateAt(head) {
			return nil, fmt.Errorf("%w: it is at block %d, and %d was seen", errLacking, head, p.bestHead())
		}
	}
	return raw, err
}

// broadcast offers a transaction to every endpoint: one may keep it to itself. It is taken if one takes it, and refused
// if all refuse it; where one did not answer, what became of it is not known.
func (p *pool) broadcast(ctx context.Context, m message) (json.RawMessage, error) {
	type said struct {
		e      *endpoint
		result json.RawMessage
		err    error
	}
	queue := p.queue(0)
	all := make(chan said, len(queue))
	for _, e := range queue {
		go func() {
			// It goes on when another was faster.
			turn, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
			defer cancel()
			result, err := p.call(turn, e, m)
			if f := faultOf(err); f == faultNone {
				p.answered(e)
			} else if f != faultLacking {
				p.failed(e, f, err)
			}
			all <- said{e, result, err}
		}()
	}
	var refused, silent error
	var problems []string
	for range queue {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case s := <-all:
			if s.err == nil {
				return s.result, nil
			}
			if refusal(s.err) == unanswered {
				silent = s.err
			} else if refused == nil || refusal(s.err) == refusedKnown {
				refused = s.err
			}
			problems = append(problems, fmt.Sprintf("%s: %v", s.e.name, brief(s.err)))
		}
	}
	switch {
	case refusal(refused) == refusedKnown || refused != nil && silent == nil:
		return nil, refused
	case refused != nil || faultOf(silent) == faultNone:
		return nil, answered{Code: codeOutage, Message: outcomeUnknown + strings.Join(problems, "; ")}
	}
	return nil, p.outage(problems)
}

// outcomeUnknown begins the error of a transaction that some endpoints refused and others may have taken.
const outcomeUnknown = "not all chain RPC endpoints answered: "

// outage is the one error when nobody answers.
func (p *pool) outage(problems []string) error {
	p.mu.Lock()
	first := !p.out
	p.out = true
	p.mu.Unlock()
	err := answered{Code: codeOutage, Message: fmt.Sprintf("no chain RPC endpoint answers (%s): see that one of them is up, or name others with --rpc", strings.Join(problems, "; "))}
	if first {
		p.log.Error("no chain RPC endpoint answers, trying again", zap.String("code", "CHAIN-OUTAGE"), zap.Error(err))
	}
	return err
}

// queue are the endpoints in the order in which to ask them for something that needs a block: first the active one, then
// the usable ones, and, rather than nobody, those that had faults. Those of another chain or branch are left out.
func (p *pool) queue(need uint64) []*endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	rank := func(e *endpoint) int {
		switch {
		case now.Before(e.until) && e.busy:
			return 4
		case now.Before(e.until):
			return 3
		case p.late(e):
			return 2
		case e == p.active:
			return 0
		}
		return 1
	}
	list := slices.DeleteFunc(slices.Clone(p.endpoints), func(e *endpoint) bool { return e.foreign != nil && e.checked })
	slices.SortStableFunc(list, func(a, b *endpoint) int { return rank(a) - rank(b) })
	// While there are others, who asked to be left alone is left alone.
	if k := slices.IndexFunc(list, func(e *endpoint) bool { return rank(e) == 4 }); k > 0 {
		list = list[:k]
	}
	return list
}

func (p *pool) late(e *endpoint) bool {
	return len(p.endpoints) > 1 && e.head > 0 && p.lateAtLocked(e.head)
}

func (p *pool) lateAtLocked(head uint64) bool {
	return head+maxLag < p.best && time.Since(p.bestAt) < bestTime
}

func (p *pool) lateAt(head uint64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lateAtLocked(head)
}

func (p *pool) bestHead() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.best
}

func (p *pool) headOf(e *endpoint) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return e.head
}

// saw notes a head that an endpoint said.
func (p *pool) saw(e *endpoint, raw json.RawMessage) uint64 {
	var n hexutil.Uint64
	if json.Unmarshal(raw, &n) != nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seenLocked(e, uint64(n))
	return uint64(n)
}

func (p *pool) seenLocked(e *endpoint, head uint64) {
	e.head = head
	if head >= p.best || time.Since(p.bestAt) >= bestTime {
		p.best, p.bestAt = head, time.Now()
	}
}

// answered notes that an endpoint did its duty.
func (p *pool) answered(e *endpoint) {
	p.mu.Lock()
	back := p.out
	p.out = false
	e.fails, e.until, e.busy = 0, time.Time{}, false
	// One that lacks a thing goes on being asked for others.
	switched := p.active != e && (p.active.foreign != nil || time.Now().Before(p.active.until) || p.late(p.active))
	if switched {
		p.active = e
	}
	p.mu.Unlock()
	if back {
		p.log.Info("the chain answers again", zap.String("endpoint", e.name))
	} else if switched {
		p.log.Warn("another chain RPC endpoint is asked from now on", zap.String("endpoint", e.name))
	}
}

// failed notes a fault.
func (p *pool) failed(e *endpoint, f fault, err error) {
	p.mu.Lock()
	e.fails++
	e.failures++
	e.last, e.busy = brief(err), f == faultBusy
	e.until = time.Now().Add(min(firstBackoff<<min(e.fails-1, 10), maxBackoff))
	if f == faultDown {
		e.checked = false // who answers next may be another
	}
	several := len(p.endpoints) > 1
	p.mu.Unlock()
	if several {
		p.log.Debug("a chain RPC endpoint has a fault", zap.String("endpoint", e.name), zap.Error(brief(err)))
	}
}

// watch compares the endpoints until ctx ends: those that lag or are on another branch are not asked, and the preferred
// one is asked again once it is well.
func (p *pool) watch(ctx context.Context) {
	tick := time.NewTicker(healthTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.compare(ctx)
		}
	}
}

// compare asks all endpoints for their heads and for one block below all of them.
func (p *pool) compare(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	p.mu.Lock()
	now := time.Now()
	all := slices.DeleteFunc(slices.Clone(p.endpoints), func(e *endpoint) bool { return now.Before(e.until) })
	p.mu.Unlock()
	heads := make([]uint64, len(all))
	each := func(do func(i int, e *endpoint) error) {
		var g sync.WaitGroup
		for i, e := range all {
			g.Go(func() {
				if err := do(i, e); faultOf(err) > faultLacking && ctx.Err() == nil {
					p.failed(e, faultOf(err), err)
				}
			})
		}
		g.Wait()
	}
	each(func(i int, e *endpoint) error {
		raw, err := p.call(ctx, e, message{Method: "eth_blockNumber"})
		if err == nil {
			heads[i] = p.saw(e, raw)
		}
		return err
	})
	// Those that are far behind say nothing about branches.
	low := uint64(0)
	for i := range all {
		if heads[i] > 0 && !p.lateAt(heads[i]) && (low == 0 || heads[i] < low) {
			low = heads[i]
		}
	}
	hashes := make([]common.Hash, len(all))
	if low > forkDepth {
		at, _ := json.Marshal(hexutil.Uint64(low - forkDepth))
		each(func(i int, e *endpoint) error {
			if heads[i] < low {
				return nil
			}
			raw, err := p.call(ctx, e, message{Method: "eth_getBlockByNumber", Params: []json.RawMessage{at, json.RawMessage("false")}})
			var b struct {
				Hash common.Hash `json:"hash"`
			}
			if err == nil && json.Unmarshal(raw, &b) == nil {
				hashes[i] = b.Hash
			}
			return err
		})
	}
	p.judge(all, heads, hashes, low)
}

// judge takes those out whose branch is not that of most; of equal parties, the preferred endpoint's is right.
func (p *pool) judge(all []*endpoint, heads []uint64, hashes []common.Hash, low uint64) {
	votes := map[common.Hash]int{}
	var right common.Hash
	for _, h := range hashes {
		if h != (common.Hash{}) {
			votes[h]++
		}
	}
	for _, h := range hashes { // in the order of preference
		if h != (common.Hash{}) && votes[h] > votes[right] {
			right = h
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, e := range all {
		if hashes[i] == (common.Hash{}) || !e.checked {
			continue
		}
		was := e.foreign
		e.foreign = nil
		if hashes[i] != right {
			e.foreign = fmt.Errorf("its block %d is %s, and that of %d others %s", low-forkDepth, hashes[i], votes[right], right)
		}
		if (was == nil) != (e.foreign == nil) {
			p.log.Error("whether a chain RPC endpoint is on the same branch as the others has changed", zap.String("code", "CHAIN-ENDPOINT"), zap.String("endpoint", e.name), zap.Bool("same", e.foreign == nil), zap.Error(e.foreign))
		}
	}
	for _, e := range p.endpoints {
		if e.checked && e.foreign == nil && !time.Now().Before(e.until) && !p.late(e) && slices.Contains(all, e) {
			if e != p.active {
				p.log.Info("the preferred chain RPC endpoint is asked again", zap.String("endpoint", e.name))
				p.active = e
			}
			return
		}
	}
}

// headPoll is how often to ask for the head.
func (p *pool) headPoll() time.Duration {
	for _, e := range p.endpoints {
		u, err := url.Parse(e.url)
		if err != nil {
			return headPoll
		}
		if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return headPoll
		}
	}
	return headPollHere
}

// blockParam is where each method names the block that it reads, counted from 0.
var blockParam = map[string]int{"eth_call": 1, "eth_getBalance": 1, "eth_getTransactionCount": 1, "eth_getCode": 1, "eth_estimateGas": 1,
	"eth_getStorageAt": 2, "eth_getProof": 2, "eth_getBlockByNumber": 0, "eth_getBlockReceipts": 0}

// pinned is the number of the block that a request needs; 0 if it names none.
func pinned(m message) uint64 {
	if m.Method == "eth_getLogs" && len(m.Params) > 0 {
		var q struct {
			To hexutil.Uint64 `json:"toBlock"`
		}
		if json.Unmarshal(m.Params[0], &q) != nil { // "latest", or by hash
			return 0
		}
		return uint64(q.To)
	}
	k, ok := blockParam[m.Method]
	if !ok || k >= len(m.Params) {
		return 0
	}
	var n hexutil.Uint64
	if json.Unmarshal(m.Params[k], &n) != nil {
		return 0
	}
	return uint64(n)
}
