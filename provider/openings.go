package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// maxOpenRequest bounds the body of a posp.OpenRequest, in bytes.
const maxOpenRequest = 1 << 10

// Proof shows where a receipt stands in its batch, for merkle.Verify and for
// the contracts. It says nothing of what was asked or answered.
type Proof struct {
	BatchID     posp.Hash   `json:"batchId"`
	ReceiptHash posp.Hash   `json:"receiptHash"`
	Leaf        uint64      `json:"leaf"`
	Proof       []posp.Hash `json:"proof"`
}

func errUnknownBatch(id posp.Hash) *Problem {
	return refuse(http.StatusNotFound, ReasonUnknownBatch, "batch %s is not a batch of this provider on chain", id)
}

func errStore(err error) *Problem {
	return fault(http.StatusInternalServerError, ReasonStore, "the receipts could not be read", err)
}

func errChain(err error) *Problem {
	return fault(http.StatusServiceUnavailable, ReasonChain, "the chain could not be read, try again", err)
}

// answer makes a handler of a function from request to answer.
func (p *Provider) answer(serve func(ctx context.Context, r *http.Request) (any, *Problem)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), p.cfg.RecordTimeout)
		defer cancel()
		r.Body = http.MaxBytesReader(w, r.Body, maxOpenRequest)
		v, problem := serve(ctx, r)
		if problem == nil {
			p.stats.openings.Add(1)
			writeJSON(w, http.StatusOK, v)
			return
		}
		p.stats.unopened.Add(1)
		if problem.cause != nil && r.Context().Err() == nil {
			p.log.Error("opening not served", zap.String("code", "OPENING-REFUSED"), zap.String("reason", string(problem.Code)), zap.Error(problem))
		} else {
			p.log.Debug("opening refused", zap.String("reason", string(problem.Code)), zap.Error(problem))
		}
		writeProblem(w, problem)
	}
}

func (p *Provider) serveOpening(ctx context.Context, r *http.Request) (any, *Problem) {
	req, batch, problem := p.authorize(ctx, r, func(s posp.Schedule, epoch uint64) uint64 { return s.BeaconBlock(epoch) })
	if problem != nil {
		return nil, problem
	}
	e, err := p.ledger.entry(ctx, batch.FirstSequence+req.Leaf)
	if err != nil {
		return nil, errStore(err)
	}
	signature, err := p.signatureIn(ctx, &e, batch.Epoch)
	if err != nil {
		return nil, fault(http.StatusServiceUnavailable, ReasonSigning, "the receipt could not be signed, try again", err)
	}
	tree, err := p.trees.of(ctx, p.ledger, batch)
	if err != nil {
		return nil, errStore(err)
	}
	proof, err := tree.Proof(req.Leaf)
	if err != nil {
		return nil, errStore(err)
	}
	return posp.Opening{
		Receipt: posp.SignedReceipt{Receipt: e.receipt, Signature: signature},
		Leaf:    req.Leaf, Proof: proof, Request: e.request, Output: e.output,
	}, nil
}

func (p *Provider) serveEvidence(ctx context.Context, r *http.Request) (any, *Problem) {
	// Up to the deadline, that block included, an operator could commit to a copy.
	req, batch, problem := p.authorize(ctx, r, func(s posp.Schedule, epoch uint64) uint64 { return s.CommitDeadline(epoch) + 1 })
	if problem != nil {
		return nil, problem
	}
	e, err := p.ledger.entry(ctx, batch.FirstSequence+req.Leaf)
	if err != nil {
		return nil, errStore(err)
	}
	return e.evidence, nil
}

// authorize reads a posp.OpenRequest and checks that its operator is owed the
// leaf: the request is signed, the phase is reached, the leaf is sampled or its
// buyer asked on chain for its verification, and the operator sits in that
// sample's committee.
func (p *Provider) authorize(ctx context.Context, r *http.Request, from func(posp.Schedule, uint64) uint64) (posp.OpenRequest, posp.Batch, *Problem) {
	none := func(problem *Problem) (posp.OpenRequest, posp.Batch, *Problem) {
		return posp.OpenRequest{}, posp.Batch{}, problem
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return none(refuse(http.StatusBadRequest, ReasonBadRequest, "the request is unreadable or larger than %d bytes", maxOpenRequest))
	}
	req, err := decodeOpenRequest(body)
	if err != nil {
		return none(refuse(http.StatusBadRequest, ReasonBadRequest, "%v", err))
	}
	batch, block, problem := p.openable(ctx, req.BatchID)
	var demand *posp.Demand
	if problem != nil && problem.Code == ReasonUnknownBatch {
		if demand, problem = p.demanded(ctx, req); problem == nil {
			batch, block, problem = p.openable(ctx, demand.Batch.ID)
		}
	}
	if problem != nil {
		return none(problem)
	}
	epoch := batch.Epoch
	if demand != nil {
		epoch = demand.Epoch
	}
	if need := from(p.cfg.Parameters.Schedule, epoch); block < need {
		return none(refuse(http.StatusTooEarly, ReasonTooEarly, "it is served from block %d, this is block %d", need, block))
	}
	table, ok, err := p.chain.Table(ctx, epoch)
	if err != nil {
		return none(errChain(fmt.Errorf("read operator table of epoch %d: %w", epoch, err)))
	}
	if !ok {
		return none(refuse(http.StatusTooEarly, ReasonTooEarly, "epoch %d has no operator table yet", epoch))
	}
	if err := req.Check(p.cfg.Domain, table.MessageKey(req.Operator)); err != nil {
		return none(refuse(http.StatusForbidden, ReasonBadSignature, "%v", err))
	}
	// Only members get a limiter, so strangers with many keys fill no memory.
	if !member(table, req.Operator) {
		return none(refuse(http.StatusForbidden, ReasonNotAssigned, "operator %s is not in the table of epoch %d", req.Operator, epoch))
	}
	if !p.limits.allow(req.Operator) {
		return none(refuse(http.StatusTooManyRequests, ReasonRateLimited, "operator %s asks more than %v times in a second", req.Operator, p.cfg.OperatorRate))
	}
	beacon, ok, err := p.chain.Beacon(ctx, epoch)
	if err != nil {
		return none(errChain(fmt.Errorf("read beacon of epoch %d: %w", epoch, err)))
	}
	if !ok {
		return none(refuse(http.StatusTooEarly, ReasonTooEarly, "epoch %d has no beacon yet", epoch))
	}
	if demand != nil {
		a, err := sampler.AssignDemand(p.cfg.Domain, *demand, beacon, table.Members, int(p.cfg.Parameters.Committee))
		if err != nil {
			return none(errChain(err))
		}
		if !a.Has(req.Operator) {
			return none(refuse(http.StatusForbidden, ReasonNotAssigned, "operator %s is not in the committee of demand %s", req.Operator, demand.ID))
		}
		return req, batch.Batch, nil
	}
	seed := posp.Seed(p.cfg.Domain, epoch, batch.ID, beacon)
	draw, err := sampler.New(seed, batch.LeafCount, sampler.Count(batch.LeafCount, batch.Rate))
	if err != nil {
		return none(errChain(err))
	}
	j, sampled := draw.Position(req.Leaf)
	if !sampled {
		return none(refuse(http.StatusForbidden, ReasonNotSampled, "leaf %d of batch %s is not sampled", req.Leaf, req.BatchID))
	}
	committee, err := sampler.Committee(seed, j, table.Members, []posp.Address{p.cfg.Provider}, int(p.cfg.Parameters.Committee))
	if err != nil {
		return none(errChain(err))
	}
	for _, i := range committee {
		if table.Members[i].Operator == req.Operator {
			return req, batch.Batch, nil
		}
	}
	return none(refuse(http.StatusForbidden, ReasonNotAssigned, "operator %s is not in the committee of sample %d", req.Operator, j))
}

// demanded is the demand that a request names in a batch's place.
func (p *Provider) demanded(ctx context.Context, req posp.OpenRequest) (*posp.Demand, *Problem) {
	d, ok, err := p.chain.Demand(ctx, req.BatchID)
	switch {
	case err != nil:
		return nil, errChain(fmt.Errorf("read demand %s: %w", req.BatchID, err))
	case !ok || d.Batch.Provider != p.cfg.Provider:
		return nil, errUnknownBatch(req.BatchID)
	case d.Leaf != req.Leaf:
		return nil, refuse(http.StatusForbidden, ReasonNotSampled, "demand %s is of leaf %d, not of leaf %d", d.ID, d.Leaf, req.Leaf)
	}
	return &d, nil
}

// decodeOpenRequest reads exactly one request: every field, and no other.
func decodeOpenRequest(body []byte) (posp.OpenRequest, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return posp.OpenRequest{}, posp.Invalidf("the body is not a JSON object")
	}
	for _, name := range []string{"batchId", "leaf", "operator", "signature"} {
		if null(fields[name]) {
			return posp.OpenRequest{}, posp.Invalidf("%s is missing", name)
		}
	}
	if len(fields) != 4 {
		return posp.OpenRequest{}, posp.Invalidf("there are more fields than batchId, leaf, operator and signature")
	}
	var req posp.OpenRequest
	if err := json.Unmarshal(body, &req); err != nil {
		return posp.OpenRequest{}, posp.Invalidf("%v", err)
	}
	return req, nil
}

func member(t posp.Table, operator posp.Address) bool {
	for _, m := range t.Members {
		if m.Operator == operator {
			return true
		}
	}
	return false
}

// serveProof gives anybody the Merkle proof of a receipt that is on chain.
func (p *Provider) serveProof(ctx context.Context, r *http.Request) (any, *Problem) {
	epoch, err := strconv.ParseUint(r.PathValue("epoch"), 10, 63)
	sequence, err2 := strconv.ParseUint(r.PathValue("sequence"), 10, 63)
	if errors.Join(err, err2) != nil {
		return nil, refuse(http.StatusBadRequest, ReasonBadRequest, "epoch and sequence are decimal numbers")
	}
	row, err := p.ledger.batchOf(ctx, epoch)
	if errors.Is(err, errNoBatch) {
		return nil, refuse(http.StatusNotFound, ReasonUnknownBatch, "epoch %d has no batch", epoch)
	}
	if err != nil {
		return nil, errStore(err)
	}
	batch, _, problem := p.openable(ctx, row.id)
	if problem != nil {
		return nil, problem
	}
	leaf := sequence - batch.FirstSequence
	if sequence < batch.FirstSequence || leaf >= batch.LeafCount {
		return nil, refuse(http.StatusNotFound, ReasonNotFound, "receipt %d is not in the batch of epoch %d", sequence, epoch)
	}
	tree, err := p.trees.of(ctx, p.ledger, batch.Batch)
	if err != nil {
		return nil, errStore(err)
	}
	e, err := p.ledger.entry(ctx, sequence)
	if err != nil {
		return nil, errStore(err)
	}
	proof, err := tree.Proof(leaf)
	if err != nil {
		return nil, errStore(err)
	}
	return Proof{BatchID: batch.ID, ReceiptHash: e.receipt.Digest(p.cfg.Domain), Leaf: leaf, Proof: proof}, nil
}

// trees keeps the Merkle trees of the batches asked for last: building one
// reads a whole batch.
type trees struct {
	mu   sync.Mutex // also while one is built: one at a time
	kept []keptTree // the one asked for last comes last
}

type keptTree struct {
	epoch uint64
	tree  *merkle.Tree
}

const keptTrees = 4

func (t *trees) of(ctx context.Context, l *ledger, b posp.Batch) (*merkle.Tree, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, k := range t.kept {
		if k.epoch == b.Epoch {
			t.kept = append(append(t.kept[:i:i], t.kept[i+1:]...), k)
			return k.tree, nil
		}
	}
	tree, err := l.tree(ctx, b)
	if err != nil {
		return nil, err
	}
	if len(t.kept) == keptTrees {
		t.kept = t.kept[1:]
	}
	t.kept = append(t.kept, keptTree{b.Epoch, tree})
	return tree, nil
}

// limits is a token bucket for each operator that has been in a table.
type limits struct {
	rate float64 // in a second, and the bucket's size
	now  func() time.Time

	mu  sync.Mutex
	per map[posp.Address]*rate.Limiter
}

func (l *limits) allow(operator posp.Address) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.per == nil {
		l.per = map[posp.Address]*rate.Limiter{}
	}
	if l.per[operator] == nil {
		l.per[operator] = rate.NewLimiter(rate.Limit(l.rate), max(1, int(l.rate)))
	}
	return l.per[operator].AllowN(l.now(), 1)
}
