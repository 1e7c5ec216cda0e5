package telemetry

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metric is one that a daemon shows. No label's value comes from a peer: each has
// few values, that the program, its configuration or the network file names.
type Metric struct {
	Name   string
	Kind   string // gauge, counter or histogram
	Labels []string
	Roles  string // who shows it: operator, aggregator, provider, auditor, or all
	Help   string

	buckets []float64
}

var catalogue []*Metric

func metric(name, kind, roles, help string, labels ...string) *Metric {
	m := &Metric{Name: name, Kind: kind, Labels: labels, Roles: roles, Help: help}
	catalogue = append(catalogue, m)
	return m
}

// Metrics are all that there are, in the order of the manual. Go's own and the process' (go_*, process_*) are besides.
func Metrics() []*Metric { return slices.Clone(catalogue) }

func seconds(m *Metric, buckets ...float64) *Metric {
	m.buckets = buckets
	return m
}

// EigenLayer's, of https://docs.eigenlayer.xyz/eigenlayer/avs-guides/spec/metrics/metrics-prom-spec
var (
	performanceScore = metric("eigen_performance_score", "gauge", "all", "Share of the newest 1000 duties that were met, times the share of services that are up: 0 to 100.")
	registeredStakes = metric("eigen_registered_stakes", "gauge", "operator, provider", "Stake that the operator set can slash, in whole tokens.", "quorum_number", "quorum_name")
	rpcRequests      = metric("eigen_rpc_request_total", "counter", "all", "JSON-RPC calls to the chain's nodes.", "method", "client_version")
	rpcDuration      = seconds(metric("eigen_rpc_request_duration_seconds", "histogram", "all", "Duration of JSON-RPC calls to the chain's nodes.", "method", "client_version"),
		.001, .005, .01, .05, .1, .5, 1, 5, 10)
)

// Of every role.
var (
	buildInfo = metric("posp_build_info", "gauge", "all", "1: what runs.", "version", "revision", "go")
	roleInfo  = metric("posp_role_info", "gauge", "all", "1: as what, and for whom.", "role", "account")
	serviceUp = metric("posp_service_up", "gauge", "all", "1 if a service of the node API is up.", "service")

	headBlock        = metric("posp_chain_head_block", "gauge", "all", "The newest block that any node has shown.")
	headAge          = metric("posp_chain_head_age_seconds", "gauge", "all", "Since the newest block was seen.")
	epochNow         = metric("posp_epoch", "gauge", "all", "The epoch that is being served.")
	epochsInPhase    = metric("posp_epochs_in_phase", "gauge", "all", "Epochs that are in a phase now: epochs overlap.", "phase")
	epochsEnded      = metric("posp_epochs_ended_total", "counter", "all", "Epochs with batches that were certified, or became void, since the start.", "outcome")
	epochsWaiting    = metric("posp_epochs_uncertified", "gauge", "all", "Epochs with batches whose time to certify runs, and that are not certified yet.")
	certifyLeft      = metric("posp_certify_left_blocks", "gauge", "all", "Blocks until the first of those becomes void; -1: there is none.")
	certificateLate  = metric("posp_certificate_latency_blocks", "gauge", "all", "Blocks from the end of the newest certified epoch's commitments until its certificate was seen.")
	endpointUsable   = metric("posp_chain_endpoint_usable", "gauge", "all", "1 if the node can be asked.", "endpoint")
	endpointActive   = metric("posp_chain_endpoint_active", "gauge", "all", "1 if the node is the one that is asked.", "endpoint")
	endpointBehind   = metric("posp_chain_endpoint_behind_blocks", "gauge", "all", "Blocks by which the node is behind the best one.", "endpoint")
	endpointCalls    = metric("posp_chain_endpoint_calls_total", "counter", "all", "Calls to the node.", "endpoint")
	endpointFailures = metric("posp_chain_endpoint_failures_total", "counter", "all", "Faults of the node: no answer, or none that can be used.", "endpoint")

	txOpen     = metric("posp_transactions_open", "gauge", "aggregator, provider", "Calls that are not settled.")
	txWaiting  = metric("posp_transactions_pending", "gauge", "aggregator, provider", "Of those, not mined.")
	txOldest   = metric("posp_transactions_oldest_seconds", "gauge", "aggregator, provider", "For how long the oldest of those has waited.")
	txReplaced = metric("posp_transactions_bumped_total", "counter", "aggregator, provider", "Transactions sent again with higher fees.")
	txDropped  = metric("posp_transactions_dropped_total", "counter", "aggregator, provider", "Transactions that a reorganisation took away; they are sent again.")
	txForeign  = metric("posp_transactions_foreign_total", "counter", "aggregator, provider", "Nonces of this account that another program used.")
	txCapped   = metric("posp_transactions_fee_capped", "gauge", "aggregator, provider", "1 while a transaction waits at the highest fee that may be paid.")
	txSpent    = metric("posp_transactions_spent_ether_total", "counter", "aggregator, provider", "Ether by which the account's balance fell since the start: gas, unless it is used for something else.")
	txBalance  = metric("posp_account_balance_ether", "gauge", "aggregator, provider", "What the account holds for gas.")
	txLow      = metric("posp_account_balance_low", "gauge", "aggregator, provider", "1 while the balance is under --low-balance.")

	slashedRatio  = metric("posp_stake_slashed_ratio", "gauge", "operator, provider", "Share of the stake in the network's strategy that was slashed, ever, by any AVS.")
	standingRatio = metric("posp_standing_ratio", "gauge", "operator, provider", "Standing under a model's spec, as a share of the line at which it is a fault.", "model")
	jailed        = metric("posp_jailed", "gauge", "operator, provider", "1 while a charge keeps the account out of work.")
	chargesOpen   = metric("posp_charges_open", "gauge", "operator, provider", "Charges against the account that are neither answered nor executed.")
	stakeAge      = metric("posp_stake_age_seconds", "gauge", "operator, provider", "Since stake, standing and charges were read from the chain.")
)

// The operator's.
var (
	samples        = metric("posp_operator_samples_total", "counter", "operator", "Samples that fell to this operator, by how far they came.", "stage")
	samplesMissed  = metric("posp_operator_samples_missed_total", "counter", "operator", "Samples that fell to this operator and got no evidence of it, or were not opened by their provider.", "reason")
	samplesActive  = metric("posp_operator_samples_active", "gauge", "operator", "Samples that are being opened (the provider is asked), or scored (the engine has them, or they wait for it).", "stage")
	scoredTokens   = metric("posp_operator_scored_tokens_total", "counter", "operator", "Tokens of outputs that were scored; its rate is the engine's speed.")
	stageSeconds   = seconds(metric("posp_operator_stage_seconds", "histogram", "operator", "Time that a stage took: of one sample (open, score) or of an epoch's message (commit, reveal, sign).", "stage"), .01, .05, .1, .5, 1, 5, 15, 60, 300, 1800)
	commitMargin   = metric("posp_operator_commit_margin_blocks", "gauge", "operator", "Blocks that were left until the deadline when the newest commitments were taken.")
	messages       = metric("posp_operator_messages_total", "counter", "operator", "Messages to the aggregator: taken, late, or the reason why it refused.", "message", "outcome")
	signatures     = metric("posp_operator_signatures_total", "counter", "operator", "Duties that were signed.", "duty")
	operatorEpochs = metric("posp_operator_epochs_total", "counter", "operator", "How attending to an epoch ended: done (signed, or there was nothing to do), left_out, given_up, over (its time was) or interrupted (it is tried again).", "outcome")
	backendUp      = metric("posp_operator_backend_up", "gauge", "operator", "1 if the engine that scores for the model is well.", "model", "backend")
	backendActive  = metric("posp_operator_backend_active", "gauge", "operator", "Samples that the engine has in work.", "model", "backend")
	backendBound   = metric("posp_operator_backend_bound", "gauge", "operator", "Samples that it gets at once, as measured.", "model", "backend")
	backendSpeed   = metric("posp_operator_backend_tokens_per_second", "gauge", "operator", "Its measured speed; 0: not measured.", "model", "backend")
	backendTokens  = metric("posp_operator_backend_tokens_total", "counter", "operator", "Tokens that it scored, prompts too.", "model", "backend")
	shadowSamples  = metric("posp_shadow_samples_total", "counter", "operator", "Shadow mode: samples that were recomputed and agree with what was certified, differ, or could not be.", "outcome")
	shadowResults  = metric("posp_shadow_results_total", "counter", "operator", "Shadow mode: epochs whose result agrees with the certificate, or differs.", "outcome")
	shadowOdds     = metric("posp_shadow_odds_nats", "gauge", "operator", "Shadow mode: what the newest epoch would have added to this operator's standing.")
)

// The aggregator's.
var (
	intake        = metric("posp_aggregator_messages_total", "counter", "aggregator", "Messages of operators: accepted, the reason of the refusal, or failed.", "message", "outcome")
	intakeSeconds = seconds(metric("posp_aggregator_message_seconds", "histogram", "aggregator", "Time to the answer, on disk if it was accepted.", "message"), .001, .005, .01, .05, .1, .5, 1, 5, 30)
	verifying     = metric("posp_aggregator_verifying", "gauge", "aggregator", "Messages in verification.")
	waiting       = metric("posp_aggregator_waiting", "gauge", "aggregator", "Messages that wait for it.")
	storeSeconds  = seconds(metric("posp_aggregator_store_seconds", "histogram", "aggregator", "Time until a message was durable."), .001, .005, .01, .05, .1, .5, 1, 5, 20)
	workSeconds   = seconds(metric("posp_aggregator_work_seconds", "histogram", "aggregator", "Time to derive an epoch's result, to assemble a certificate of it, and to bring that on chain.", "work"), .01, .05, .1, .5, 1, 2, 5, 15, 60, 300)
	leasesHeld    = metric("posp_aggregator_leases", "gauge", "aggregator", "Epochs that this replica takes further.")
	keeperSent    = metric("posp_keeper_transactions_total", "counter", "aggregator", "Transactions that anybody may send and the keeper tried, by what for: operator tables, beacons, the execution of charges, the collection of slashed stake. Sent (by it, or another), or failed: what EigenLayer has not released cannot be collected yet.", "duty", "outcome")
	keeperDue     = metric("posp_keeper_due", "gauge", "aggregator", "Of those, that are due and not done.", "duty")
)

// The provider's.
var (
	answers        = metric("posp_provider_answers_total", "counter", "provider", "Answers to buyers: with a receipt, without one, or refused here.", "outcome")
	openings       = metric("posp_provider_openings_total", "counter", "provider", "Requests of operators for openings and evidence: given or refused.", "outcome")
	batches        = metric("posp_provider_batches_total", "counter", "provider", "Batches that are on chain, or came too late.", "outcome")
	providerErrors = metric("posp_provider_chain_errors_total", "counter", "provider", "Looks at the chain that failed.")
	overhead       = seconds(metric("posp_provider_overhead_seconds", "histogram", "provider", "What the recorder adds to an answer: to ready the request, and to make the receipt durable and sign it.", "stage"),
		.0005, .001, .002, .005, .01, .05, .1, .5, 1, 5, 10)
)

// The auditor's: of posp audit watch.
var (
	auditorEpoch    = metric("posp_auditor_epoch", "gauge", "auditor", "The newest epoch that was looked at; -1: none yet.")
	auditorProgress = metric("posp_auditor_progress_age_seconds", "gauge", "auditor", "Since an epoch was concluded, or none was seen to be ready.")
	auditorEpochs   = metric("posp_auditor_epochs_total", "counter", "auditor", "Epochs that were looked at: ok, wrong (an alarm says so), or untold (something could not be told, and nothing is wrong of the rest).", "outcome")
	auditorBundles  = metric("posp_auditor_bundles_total", "counter", "auditor", "Bundles of certified epochs: ok, failed, missing (the aggregator has none) or not_fetched.", "outcome")
	auditorChecks   = metric("posp_auditor_checks_total", "counter", "auditor", "Checks of bundles, by what they came to.", "check", "outcome")
	auditorSamples  = metric("posp_auditor_samples_total", "counter", "auditor", "Samples that the model was to be run on: recomputed, or skipped (it could not be run).", "outcome")
	auditorAlarms   = metric("posp_auditor_alarms_total", "counter", "auditor", "Alarms, by their code of docs/failures.md.", "code")
	auditorCanaries = metric("posp_auditor_canaries_total", "counter", "auditor", "Requests as of a buyer: sent, answered with a sound receipt, committed in a batch, and sampled.", "stage")
	auditorVerdicts = metric("posp_auditor_canary_verdicts_total", "counter", "auditor", "Certified verdicts of those that were sampled.", "verdict")
	auditorLog      = metric("posp_auditor_log_reads_total", "counter", "auditor", "Looks at the transparency log: ok, not read or wrong.", "outcome")
	auditorFailures = metric("posp_auditor_failures_total", "counter", "auditor", "What the auditor itself failed at: to run the alarm command, to keep evidence.", "what")
)

// Keeper is what a keeper did for one duty.
type Keeper struct {
	Duty         string
	Due          int
	Sent, Failed uint64
}

// Keeper shows what a keeper did.
func (t *Telemetry) Keeper(look func() []Keeper) {
	t.pull(func(s *sink) {
		for _, k := range look() {
			s.put(keeperSent, float64(k.Sent), k.Duty, "sent")
			s.put(keeperSent, float64(k.Failed), k.Duty, "failed")
			s.put(keeperDue, float64(k.Due), k.Duty)
		}
	}, keeperSent, keeperDue)
}

// sink takes the values of one scrape.
type sink struct{ to chan<- prometheus.Metric }

func (s *sink) put(m *Metric, value float64, labels ...string) {
	kind := prometheus.GaugeValue
	if m.Kind == "counter" {
		kind = prometheus.CounterValue
	}
	s.to <- prometheus.MustNewConstMetric(m.desc(), kind, value, labels...)
}

func (m *Metric) desc() *prometheus.Desc {
	return prometheus.NewDesc(m.Name, m.Help, m.Labels, m.constant())
}

// constant is the label that EigenLayer's metrics carry.
func (m *Metric) constant() prometheus.Labels {
	if strings.HasPrefix(m.Name, "eigen_") {
		return prometheus.Labels{"avs_name": AVS}
	}
	return nil
}

// reader is a collector of what is read when somebody asks.
type reader struct {
	of   []*Metric
	read func(*sink)
}

func (r reader) Describe(to chan<- *prometheus.Desc) {
	for _, m := range r.of {
		to <- m.desc()
	}
}

func (r reader) Collect(to chan<- prometheus.Metric) { r.read(&sink{to}) }

func (t *Telemetry) pull(read func(*sink), of ...*Metric) {
	t.registry.MustRegister(reader{of: of, read: read})
}

// count registers a counter, with the values of its label that are known before any happens: what is not there cannot be alerted on.
func (t *Telemetry) count(m *Metric, known ...[]string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: m.Name, Help: m.Help, ConstLabels: m.constant()}, m.Labels)
	t.registry.MustRegister(v)
	for _, labels := range known {
		v.WithLabelValues(labels...)
	}
	return v
}

func (t *Telemetry) gauge(m *Metric) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: m.Name, Help: m.Help, ConstLabels: m.constant()}, m.Labels)
	t.registry.MustRegister(v)
	return v
}

func (t *Telemetry) time(m *Metric, known ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: m.Name, Help: m.Help, Buckets: m.buckets, ConstLabels: m.constant()}, m.Labels)
	t.registry.MustRegister(v)
	for _, label := range known {
		v.WithLabelValues(label)
	}
	return v
}

// each makes a list of label values of its arguments.
func each(values ...string) (list [][]string) {
	for _, v := range values {
		list = append(list, []string{v})
	}
	return list
}

// Chain is how the chain looks from here.
type Chain struct {
	Head   uint64        // block; 0: none was seen
	Age    time.Duration // of that sight
	Epoch  uint64
	Phases map[string]int // epochs by phase, every phase

	Certified, Void uint64 // epochs, since the start
	Uncertified     int    // epochs that can still be
	Left            int    // blocks for the first of them; -1: none
	Latency         uint64 // blocks, of the newest that was certified

	Endpoints []Endpoint
}

// Endpoint is one of the chain's nodes.
type Endpoint struct {
	Name            string // scheme and host
	Usable, Active  bool
	Head            uint64 // block
	Calls, Failures uint64
}

// Chain shows how the chain looks.
func (t *Telemetry) Chain(look func() Chain) {
	t.pull(func(s *sink) {
		c := look()
		best := c.Head
		for _, e := range c.Endpoints {
			best = max(best, e.Head)
		}
		s.put(headBlock, float64(best))
		s.put(headAge, c.Age.Seconds())
		s.put(epochNow, float64(c.Epoch))
		for phase, n := range c.Phases {
			s.put(epochsInPhase, float64(n), phase)
		}
		s.put(epochsEnded, float64(c.Certified), "certified")
		s.put(epochsEnded, float64(c.Void), "void")
		s.put(epochsWaiting, float64(c.Uncertified))
		s.put(certifyLeft, float64(c.Left))
		s.put(certificateLate, float64(c.Latency))
		for _, e := range c.Endpoints {
			s.put(endpointUsable, truth(e.Usable), e.Name)
			s.put(endpointActive, truth(e.Active), e.Name)
			s.put(endpointBehind, float64(best-max(e.Head, min(best, c.lonely(e)))), e.Name)
			s.put(endpointCalls, float64(e.Calls), e.Name)
			s.put(endpointFailures, float64(e.Failures), e.Name)
		}
	}, headBlock, headAge, epochNow, epochsInPhase, epochsEnded, epochsWaiting, certifyLeft, certificateLate, endpointUsable, endpointActive, endpointBehind, endpointCalls, endpointFailures)
}

// lonely is the head of a node that has none to be compared with: it is not
// asked for its own, and all that is known of the chain comes from it.
func (c Chain) lonely(Endpoint) uint64 {
	if len(c.Endpoints) == 1 {
		return c.Head
	}
	return 0
}

// maxVersions is how many versions of nodes have a label: what a node says of
// itself is the one value that comes from a peer. More are "other".
const maxVersions = 16

// RPC counts calls to the chain's nodes.
func (t *Telemetry) RPC() func(method, clientVersion string, took time.Duration) {
	n, d := t.count(rpcRequests), t.time(rpcDuration)
	var mu sync.Mutex
	known := map[string]bool{}
	return func(method, clientVersion string, took time.Duration) {
		mu.Lock()
		if !known[clientVersion] && len(known) == maxVersions {
			clientVersion = "other"
		} else {
			known[clientVersion] = true
		}
		mu.Unlock()
		n.WithLabelValues(method, clientVersion).Inc()
		d.WithLabelValues(method, clientVersion).Observe(took.Seconds())
	}
}

// Transactions is how an account's transactions stand.
type Transactions struct {
	Open, Pending            int
	Oldest                   time.Duration
	Bumped, Dropped, Foreign uint64
	Capped, Low              bool
	Known                    bool    // the balance is
	BalanceEther, SpentEther float64 // spent: since the start
}

// Transactions shows how an account's transactions stand.
func (t *Telemetry) Transactions(look func() Transactions) {
	t.pull(func(s *sink) {
		v := look()
		s.put(txOpen, float64(v.Open))
		s.put(txWaiting, float64(v.Pending))
		s.put(txOldest, v.Oldest.Seconds())
		s.put(txReplaced, float64(v.Bumped))
		s.put(txDropped, float64(v.Dropped))
		s.put(txForeign, float64(v.Foreign))
		s.put(txCapped, truth(v.Capped))
		s.put(txSpent, v.SpentEther)
		s.put(txLow, truth(v.Low))
		if v.Known {
			s.put(txBalance, v.BalanceEther)
		}
	}, txOpen, txWaiting, txOldest, txReplaced, txDropped, txForeign, txCapped, txSpent, txBalance, txLow)
}

// Stake is what the chain says of an account.
type Stake struct {
	Set       uint32 // operator set
	SetName   string
	Slashable float64            // whole tokens
	Slashed   float64            // share
	Standings map[string]float64 // by model: share of the line
	Jailed    bool
	Charges   int
	Read      time.Time // zero: not yet, and nothing is shown
}

// Stake shows what the chain says of an account.
func (t *Telemetry) Stake(look func() Stake) {
	t.pull(func(s *sink) {
		v := look()
		if v.Read.IsZero() {
			return
		}
		s.put(registeredStakes, v.Slashable, fmt.Sprint(v.Set), v.SetName)
		s.put(slashedRatio, v.Slashed)
		for model, share := range v.Standings {
			s.put(standingRatio, share, model)
		}
		s.put(jailed, truth(v.Jailed))
		s.put(chargesOpen, float64(v.Charges))
		s.put(stakeAge, time.Since(v.Read).Seconds())
	}, registeredStakes, slashedRatio, standingRatio, jailed, chargesOpen, stakeAge)
}

// Operator takes what an operator does.
type Operator struct {
	samples, missed, tokens, messages, signatures, epochs *prometheus.CounterVec
	active, margin                                        *prometheus.GaugeVec
	took                                                  *prometheus.HistogramVec
}

// Why a sample got no evidence. "unopened" is the provider's fault: evidence of
// that is committed.
var missReasons = []string{"unopened", "unscored", "late", "undelivered"}

// Operator registers an operator's metrics. reasons are those for which an
// aggregator refuses messages.
func (t *Telemetry) Operator(reasons []string) *Operator {
	o := &Operator{
		samples: t.count(samples, each("drawn", "opened", "scored", "committed", "revealed")...), missed: t.count(samplesMissed, each(missReasons...)...),
		tokens: t.count(scoredTokens, nil), messages: t.count(messages, pairs([]string{"commit", "reveal", "sign"}, append([]string{"taken"}, reasons...)...)...),
		signatures: t.count(signatures, each("commit", "reveal", "sign")...), epochs: t.count(operatorEpochs, each("done", "left_out", "given_up", "over", "interrupted")...),
		active: t.gauge(samplesActive), margin: t.gauge(commitMargin), took: t.time(stageSeconds, "open", "score", "commit", "reveal", "sign"),
	}
	o.active.WithLabelValues("open")
	o.active.WithLabelValues("score")
	o.margin.WithLabelValues()
	return o
}

func pairs(first []string, second ...string) (list [][]string) {
	for _, a := range first {
		for _, b := range second {
			list = append(list, []string{a, b})
		}
	}
	return list
}

// Drawn says that samples fell to the operator.
func (o *Operator) Drawn(n int) { o.samples.WithLabelValues("drawn").Add(float64(n)) }

// Active says that a sample's stage, "open" or "score", has begun (1) or ended (-1).
func (o *Operator) Active(stage string, by float64) { o.active.WithLabelValues(stage).Add(by) }

// Reached says that samples came so far: "opened", "scored", "committed", "revealed".
func (o *Operator) Reached(stage string, n int) { o.samples.WithLabelValues(stage).Add(float64(n)) }

// Missed says that samples got no evidence: "unopened", "unscored", "late", "undelivered".
func (o *Operator) Missed(reason string, n int) { o.missed.WithLabelValues(reason).Add(float64(n)) }

// Took says how long a stage took.
func (o *Operator) Took(stage string, d time.Duration) {
	o.took.WithLabelValues(stage).Observe(d.Seconds())
}

// Tokens says that so many were scored.
func (o *Operator) Tokens(n int) { o.tokens.WithLabelValues().Add(float64(n)) }

// Margin says how many blocks were left for the commitments.
func (o *Operator) Margin(blocks uint64) { o.margin.WithLabelValues().Set(float64(blocks)) }

// Message says what became of a signed message: "commit", "reveal" or "sign".
func (o *Operator) Message(message, outcome string) {
	o.signatures.WithLabelValues(message).Inc()
	o.messages.WithLabelValues(message, outcome).Inc()
}

// Epoch says how attending to an epoch ended.
func (o *Operator) Epoch(outcome string) { o.epochs.WithLabelValues(outcome).Inc() }

// Backend is an engine that scores for a model.
type Backend struct {
	Model, Name   string
	Well          bool
	Active, Bound int
	Speed         float64 // tokens per second
	Tokens        uint64
}

// Backends shows the engines.
func (t *Telemetry) Backends(look func() []Backend) {
	t.pull(func(s *sink) {
		seen := map[[2]string]int{}
		for _, b := range look() {
			key := [2]string{b.Model, b.Name}
			if seen[key]++; seen[key] > 1 { // two behind one host
				b.Name = fmt.Sprintf("%s (%d)", b.Name, seen[key])
			}
			s.put(backendUp, truth(b.Well), b.Model, b.Name)
			s.put(backendActive, float64(b.Active), b.Model, b.Name)
			s.put(backendBound, float64(b.Bound), b.Model, b.Name)
			s.put(backendSpeed, b.Speed, b.Model, b.Name)
			s.put(backendTokens, float64(b.Tokens), b.Model, b.Name)
		}
	}, backendUp, backendActive, backendBound, backendSpeed, backendTokens)
}

// Shadow registers the metrics of shadow mode, and takes what an epoch's
// comparison found.
func (t *Telemetry) Shadow() func(resultAgrees bool, agree, differ, skipped int, oddsNats float64) {
	n, results, odds := t.count(shadowSamples, each("agree", "differ", "skipped")...), t.count(shadowResults, each("agrees", "differs")...), t.gauge(shadowOdds)
	odds.WithLabelValues()
	return func(resultAgrees bool, agree, differ, skipped int, oddsNats float64) {
		n.WithLabelValues("agree").Add(float64(agree))
		n.WithLabelValues("differ").Add(float64(differ))
		n.WithLabelValues("skipped").Add(float64(skipped))
		odds.WithLabelValues().Set(oddsNats)
		if resultAgrees {
			results.WithLabelValues("agrees").Inc()
		} else {
			results.WithLabelValues("differs").Inc()
		}
	}
}

// Aggregator takes what an aggregator does.
type Aggregator struct {
	messages   *prometheus.CounterVec
	took, work *prometheus.HistogramVec
	stored     prometheus.Observer
}

// Load is what an aggregator has in hand.
type Load struct{ Verifying, Waiting, Leases int }

// Aggregator registers an aggregator's metrics. reasons are those for which it
// refuses messages.
func (t *Telemetry) Aggregator(reasons []string, look func() Load) *Aggregator {
	t.pull(func(s *sink) {
		l := look()
		s.put(verifying, float64(l.Verifying))
		s.put(waiting, float64(l.Waiting))
		s.put(leasesHeld, float64(l.Leases))
	}, verifying, waiting, leasesHeld)
	kinds := []string{"commit", "reveal", "sign"}
	return &Aggregator{messages: t.count(intake, pairs(kinds, append([]string{"accepted", "failed"}, reasons...)...)...), took: t.time(intakeSeconds, kinds...),
		stored: t.time(storeSeconds).WithLabelValues(), work: t.time(workSeconds, "derive", "assemble", "submit")}
}

// Message says what became of an operator's message, and how long that took.
func (a *Aggregator) Message(message, outcome string, took time.Duration) {
	a.messages.WithLabelValues(message, outcome).Inc()
	a.took.WithLabelValues(message).Observe(took.Seconds())
}

// Worked says how long something took: "store", "derive", "assemble", "submit".
// A nil Aggregator is told for nothing.
func (a *Aggregator) Worked(work string, took time.Duration) {
	if a == nil {
		return
	}
	if work == "store" {
		a.stored.Observe(took.Seconds())
		return
	}
	a.work.WithLabelValues(work).Observe(took.Seconds())
}

// Provider is what a provider has done since its start.
type Provider struct{ Receipts, Unreceipted, Refused, Openings, Unopened, Committed, Missed, ChainErrors uint64 }

// Provider shows what a provider has done, and takes what its recorder adds to
// an answer: stage "ask" or "record".
func (t *Telemetry) Provider(look func() Provider) func(stage string, took time.Duration) {
	t.pull(func(s *sink) {
		p := look()
		s.put(answers, float64(p.Receipts), "receipt")
		s.put(answers, float64(p.Unreceipted), "no_receipt")
		s.put(answers, float64(p.Refused), "refused")
		s.put(openings, float64(p.Openings), "given")
		s.put(openings, float64(p.Unopened), "refused")
		s.put(batches, float64(p.Committed), "committed")
		s.put(batches, float64(p.Missed), "missed")
		s.put(providerErrors, float64(p.ChainErrors))
	}, answers, openings, batches, providerErrors)
	h := t.time(overhead, "ask", "record")
	return func(stage string, took time.Duration) { h.WithLabelValues(stage).Observe(took.Seconds()) }
}

// Watched is how far an auditor is.
type Watched struct {
	Epoch    int64         // the newest that was concluded; -1: none
	Progress time.Duration // since one was, or none was seen to be ready
}

// Auditor takes what an auditor does. A nil Auditor is told for nothing.
type Auditor struct {
	duty     func(met bool)
	counters map[*Metric]*prometheus.CounterVec
}

// Auditor registers an auditor's metrics: for alarms of these codes, checks of
// these names, what they may come to, and verdicts.
func (t *Telemetry) Auditor(codes, checks, outcomes, verdicts []string, look func() Watched) *Auditor {
	t.pull(func(s *sink) {
		w := look()
		s.put(auditorEpoch, float64(w.Epoch))
		s.put(auditorProgress, w.Progress.Seconds())
	}, auditorEpoch, auditorProgress)
	a := &Auditor{t.Duty, map[*Metric]*prometheus.CounterVec{}}
	for m, known := range map[*Metric][][]string{
		auditorEpochs:   each("ok", "wrong", "untold"),
		auditorBundles:  each("ok", "failed", "missing", "not_fetched"),
		auditorChecks:   pairs(checks, outcomes...),
		auditorSamples:  each("recomputed", "skipped"),
		auditorAlarms:   each(codes...),
		auditorCanaries: each("sent", "answered", "committed", "sampled"),
		auditorVerdicts: each(verdicts...),
		auditorLog:      each("ok", "not read", "wrong"),
		auditorFailures: each("alarm_command", "evidence"),
	} {
		a.counters[m] = t.count(m, known...)
	}
	return a
}

func (a *Auditor) add(m *Metric, n int, labels ...string) {
	if a != nil {
		a.counters[m].WithLabelValues(labels...).Add(float64(n))
	}
}

// Epoch says what an epoch came to: "ok", "wrong" or "untold".
func (a *Auditor) Epoch(outcome string) { a.add(auditorEpochs, 1, outcome) }

// Bundle says what became of an epoch's bundle: "ok", "failed", "missing" or
// "not_fetched". To have one is an auditor's duty, whatever it says.
func (a *Auditor) Bundle(outcome string) {
	a.add(auditorBundles, 1, outcome)
	if a != nil {
		a.duty(outcome == "ok" || outcome == "failed")
	}
}

// Check says what a check of a bundle came to.
func (a *Auditor) Check(check, outcome string) { a.add(auditorChecks, 1, check, outcome) }

// Samples says that so many were "recomputed" or "skipped".
func (a *Auditor) Samples(outcome string, n int) { a.add(auditorSamples, n, outcome) }

// Alarm says that there was one.
func (a *Auditor) Alarm(code string) { a.add(auditorAlarms, 1, code) }

// Canary says that a request came so far: "sent", "answered", "committed", "sampled".
func (a *Auditor) Canary(stage string) { a.add(auditorCanaries, 1, stage) }

// Verdict says what was certified of a request that was sampled.
func (a *Auditor) Verdict(verdict string) { a.add(auditorVerdicts, 1, verdict) }

// LogRead says how a look at the transparency log ended: "ok", "not read" or "wrong".
func (a *Auditor) LogRead(outcome string) { a.add(auditorLog, 1, outcome) }

// Failed says what the auditor itself failed at: "alarm_command" or "evidence".
func (a *Auditor) Failed(what string) { a.add(auditorFailures, 1, what) }
