package audittest

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

// Corruption is one way in which a bundle can be wrong. Who corrupts knows the
// format: the file stays canonical, and its hashes are computed anew, unless
// they are what is corrupted.
type Corruption struct {
	Name  string // what was done to what
	Check string // that must fail, whatever else does

	// One of them. of changes a whole bundle, which is sealed again, and file a
	// file; both give false for one that has nothing to be corrupted so.
	of   func(b *bundle.Bundle, r *rand.Rand) bool
	file func(file []byte, r *rand.Rand) ([]byte, bool)
}

// Form is how much of a bundle a file holds.
type Form struct {
	One     bool // sample of all
	Prompts bool // are left out
	Texts   bool // are left out
	Log     bool // is left out
}

// File is a bundle in a form.
func File(b *bundle.Bundle, form Form) ([]byte, error) {
	if form.One && len(b.Samples) > 1 {
		at := b.Samples[len(b.Samples)/2].Index
		if err := b.Keep(func(s *bundle.Sample) bool { return s.Index == at }); err != nil {
			return nil, err
		}
	}
	if form.Prompts || form.Texts {
		b.Redact(form.Texts)
	}
	if form.Log {
		b.Log = nil
	}
	var out bytes.Buffer
	err := b.Write(&out)
	return out.Bytes(), err
}

// Apply corrupts a whole bundle's file, and gives it in a form. ok is false if
// there is nothing in it to be corrupted so.
func (c Corruption) Apply(whole []byte, form Form, r *rand.Rand) (file []byte, ok bool, err error) {
	b, err := bundle.Read(bytes.Clone(whole)) // it keeps parts of it, which are changed below
	if err != nil {
		return nil, false, err
	}
	if c.of != nil {
		if !c.of(b, r) {
			return nil, false, nil
		}
		if err := b.Seal(); err != nil {
			return nil, false, err
		}
	}
	if file, err = File(b, form); err != nil || c.file == nil {
		return file, err == nil, err
	}
	file, ok = c.file(file, r)
	return file, ok, nil
}

func flip(h *posp.Hash, r *rand.Rand)           { h[r.IntN(32)] ^= 1 << r.IntN(8) }
func flipAddress(a *posp.Address, r *rand.Rand) { a[r.IntN(20)] ^= 1 << r.IntN(8) }
func flipByte(b []byte, r *rand.Rand)           { b[r.IntN(len(b))] ^= 1 << r.IntN(8) }

// flipBase64 flips a bit of the bytes from to of a line's last word.
func flipBase64(line string, from, to int, r *rand.Rand) string {
	i := strings.LastIndex(line, " ") + 1
	b, err := base64.StdEncoding.DecodeString(line[i:])
	if err != nil || len(b) < to {
		return line
	}
	flipByte(b[from:to], r)
	return line[:i] + base64.StdEncoding.EncodeToString(b)
}

// draw draws one of those that are fit.
func draw[T any](r *rand.Rand, list []T, fit func(*T) bool) *T {
	var all []*T
	for i := range list {
		if fit == nil || fit(&list[i]) {
			all = append(all, &list[i])
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[r.IntN(len(all))]
}

// some is a Corruption of one entry of a list.
func some[T any](name, check string, list func(*bundle.Bundle) []T, fit func(*T) bool, change func(*T, *rand.Rand)) Corruption {
	return Corruption{Name: name, Check: check, of: func(b *bundle.Bundle, r *rand.Rand) bool {
		x := draw(r, list(b), fit)
		if x != nil {
			change(x, r)
		}
		return x != nil
	}}
}

// simple is a Corruption that any bundle can have.
func simple(name, check string, change func(*bundle.Bundle, *rand.Rand)) Corruption {
	return Corruption{Name: name, Check: check, of: func(b *bundle.Bundle, r *rand.Rand) bool { change(b, r); return true }}
}

func opened(s *bundle.Sample) bool { return s.Opened }
func shown(s *bundle.Sample) bool  { return s.Shown }

// member is a Corruption of what a member of some sample's committee sent.
func member(name, check string, fit func(*bundle.Sent) bool, change func(*bundle.Sent, *rand.Rand)) Corruption {
	return Corruption{Name: name, Check: check, of: func(b *bundle.Bundle, r *rand.Rand) bool {
		for range 100 {
			s := &b.Samples[r.IntN(len(b.Samples))]
			if m := draw(r, s.Members, fit); m != nil {
				change(m, r)
				return true
			}
		}
		return false
	}}
}

// Corruptions is at least one for each field, signature, proof and table.
func Corruptions() []Corruption {
	n := func(name string, change func(*bundle.Network, *rand.Rand)) Corruption {
		return simple("network: "+name, audit.CheckNetwork, func(b *bundle.Bundle, r *rand.Rand) { change(&b.Network, r) })
	}
	spec := func(name, check string, change func(*bundle.Spec, *rand.Rand)) Corruption {
		return Corruption{Name: "specs: " + name, Check: check, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Specs) == 0 {
				return false
			}
			change(&b.Specs[r.IntN(len(b.Specs))], r)
			// An attacker keeps them in order.
			slices.SortFunc(b.Specs, func(x, y bundle.Spec) int { return x.Value().Spec.ID().Cmp(y.Value().Spec.ID()) })
			return true
		}}
	}
	batch := func(name, check string, change func(*bundle.Batch, *rand.Rand)) Corruption {
		return simple("batches: "+name, check, func(b *bundle.Bundle, r *rand.Rand) { change(&b.Batches[r.IntN(len(b.Batches))], r) })
	}
	demand := func(name, check string, change func(*bundle.Demand, *rand.Rand)) Corruption {
		return some("demands: "+name, check, func(b *bundle.Bundle) []bundle.Demand { return b.Demands }, nil, change)
	}
	row := func(name string, change func(*bundle.Member, *rand.Rand)) Corruption {
		return simple("table: "+name, audit.CheckTable, func(b *bundle.Bundle, r *rand.Rand) { change(&b.Table[r.IntN(len(b.Table))], r) })
	}
	before := func(b *bundle.Bundle) []bundle.Standing { return b.Standings }
	after := func(b *bundle.Bundle) []bundle.Standing { return b.Certificate.Result.Standings }
	judged := func(b *bundle.Bundle) []bundle.BatchResult { return b.Certificate.Result.Batches }
	faults := func(b *bundle.Bundle) []bundle.Fault { return b.Certificate.Result.Faults }
	samples := func(b *bundle.Bundle) []bundle.Sample { return b.Samples }
	receipt := func(name string, change func(*posp.SignedReceipt, *rand.Rand)) Corruption {
		return some("receipt: "+name, audit.CheckReceipts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { change(&s.Receipt, r) })
	}
	text := func(name string, part func(*bundle.Sample) *[]byte, from, to int) Corruption {
		return some("text: "+name, audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) {
			p := part(s)
			*p = bytes.Clone(*p)
			end := to
			if end <= 0 {
				end += len(*p)
			}
			flipByte((*p)[from:end], r)
		})
	}
	request := func(s *bundle.Sample) *[]byte { return &s.Request }
	output := func(s *bundle.Sample) *[]byte { return &s.Output }
	committed := func(m *bundle.Sent) bool { return m.Committed }
	revealed := func(m *bundle.Sent) bool { return m.Revealed }
	message := func(name string, change func(*posp.Commitments, *rand.Rand)) Corruption {
		return Corruption{Name: "commitments: " + name, Check: audit.CheckCommitments, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			for _, row := range b.Table {
				if m := b.Commitments[row.Operator]; m != nil && len(m.Items) > 0 {
					change(m, r)
					return true
				}
			}
			return false
		}}
	}
	reveals := func(name string, change func(*bundle.Reveals, *rand.Rand)) Corruption {
		return Corruption{Name: "reveals: " + name, Check: audit.CheckReveals, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			for _, row := range b.Table {
				if m := b.Reveals[row.Operator]; m != nil && len(m.Items) > 0 {
					change(m, r)
					return true
				}
			}
			return false
		}}
	}
	entries := func(name string, change func([]bundle.Logged, *rand.Rand) bool) Corruption {
		return Corruption{Name: "log: " + name, Check: audit.CheckLogEntries, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			return b.Log != nil && len(b.Log.Entries) > 1 && change(b.Log.Entries, r)
		}}
	}
	// head changes a head's lines: of its text, and with signatures.
	head := func(name string, change func(text, signatures []string, r *rand.Rand) bool) Corruption {
		return Corruption{Name: "log: head: " + name, Check: audit.CheckLogHead, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if b.Log == nil {
				return false
			}
			text, signatures, _ := strings.Cut(string(b.Log.Head), "\n\n")
			lines, signed := strings.Split(text, "\n"), strings.Split(strings.TrimSuffix(signatures, "\n"), "\n")
			ok := change(lines, signed, r)
			signed = slices.DeleteFunc(signed, func(line string) bool { return line == "" })
			b.Log.Head = []byte(strings.Join(lines, "\n") + "\n\n" + strings.Join(signed, "\n") + "\n")
			return ok
		}}
	}
	// cosigned changes the line of one of the witnesses, of whom no more signed than must.
	cosigned := func(name string, change func(line string, r *rand.Rand) string) Corruption {
		return head("witness: "+name, func(_, signed []string, r *rand.Rand) bool {
			if len(signed) < 2 {
				return false
			}
			i := 1 + r.IntN(len(signed)-1)
			signed[i] = change(signed[i], r)
			return true
		})
	}
	// at flips bits of a file behind the n-th byte of a text in it.
	at := func(name, check, text string, behind int) Corruption {
		return Corruption{Name: name, Check: check, file: func(file []byte, r *rand.Rand) ([]byte, bool) {
			i := bytes.Index(file, []byte(text))
			if i < 0 {
				return nil, false
			}
			file = bytes.Clone(file)
			// To another digit.
			c := &file[i+len(text)+behind]
			if *c == '0' {
				*c = '1'
			} else {
				*c = '0'
			}
			return file, true
		}}
	}

	return []Corruption{
		n("attestationRegistry", func(x *bundle.Network, r *rand.Rand) { flipAddress(&x.AttestationRegistry, r) }),
		n("keyRegistry", func(x *bundle.Network, r *rand.Rand) { flipAddress(&x.KeyRegistry, r) }),
		n("batchRegistry", func(x *bundle.Network, r *rand.Rand) { flipAddress(&x.BatchRegistry, r) }),
		n("chainId", func(x *bundle.Network, r *rand.Rand) { x.ChainID++ }),
		n("committee", func(x *bundle.Network, r *rand.Rand) { x.Committee++ }),
		n("faultLine", func(x *bundle.Network, r *rand.Rand) { x.FaultLine++ }),
		n("quorumPpm", func(x *bundle.Network, r *rand.Rand) { x.QuorumPpm-- }),
		n("serviceManager", func(x *bundle.Network, r *rand.Rand) { flipAddress(&x.ServiceManager, r) }),
		n("schedule.beaconDelay", func(x *bundle.Network, r *rand.Rand) { x.Schedule.BeaconDelay++ }),
		n("schedule.certifyBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.CertifyBlocks++ }),
		n("schedule.commitBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.CommitBlocks++ }),
		n("schedule.contestBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.ContestBlocks++ }),
		n("schedule.epochBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.EpochBlocks++ }),
		n("schedule.genesis", func(x *bundle.Network, r *rand.Rand) { x.Schedule.Genesis++ }),
		n("schedule.graceBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.GraceBlocks++ }),
		n("schedule.revealBlocks", func(x *bundle.Network, r *rand.Rand) { x.Schedule.RevealBlocks++ }),

		spec("policy cap", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Cap-- }),
		spec("policy failAt", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.FailAt++ }),
		spec("policy passAt", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.PassAt-- }),
		spec("policy lambdaPpm", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.LambdaPpm++ }),
		spec("policy minPositions", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.MinPositions++ }),
		spec("policy wrongModel", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.WrongModel++ }),
		spec("policy table of the model question", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Model.LogE[0][0]++ }),
		spec("policy edge of the model question", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Model.Edges[0]++ }),
		spec("policy table of the choice question", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) {
			if len(x.Policy.Choice.LogE) > 0 {
				x.Policy.Choice.LogE[0][0]++
			} else {
				x.Policy.Choice.LogE = bundle.List[bundle.List[int32]]{{1}}
			}
		}),
		spec("policy table of the interval question", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) {
			if len(x.Policy.Interval.E) > 0 {
				x.Policy.Interval.E[0][0]++
			} else {
				x.Policy.Interval.E = bundle.List[bundle.List[uint32]]{{1, 2}}
			}
		}),
		spec("policy classes of the margin question", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) {
			x.Policy.Margin.Classes = append(x.Policy.Margin.Classes, posp.Nat*9)
		}),
		spec("policy calibration samples", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Calibration.Samples++ }),
		spec("policy calibration positions", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Calibration.Positions++ }),
		spec("policy calibration confidence", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Calibration.ConfidencePpm-- }),
		spec("policy calibration pair", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { x.Policy.Calibration.Pairs[0].Recomputed += "x" }),
		spec("policyId", audit.CheckSpecs, func(x *bundle.Spec, r *rand.Rand) { flip(&x.Spec.PolicyID, r) }),
		spec("weightsRoot", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { flip(&x.Spec.WeightsRoot, r) }),
		spec("tokenizerHash", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { flip(&x.Spec.TokenizerHash, r) }),
		spec("chatTemplateHash", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { flip(&x.Spec.ChatTemplateHash, r) }),
		spec("precision", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.Precision += "x" }),
		spec("engineClass", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.EngineClass += "x" }),
		spec("samplingRule", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.SamplingRule += "x" }),
		spec("referenceVersion", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.ReferenceVersion += "x" }),
		spec("vocabSize", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.VocabSize++ }),
		spec("eos", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.EOS++ }),
		spec("contextLimit", audit.CheckVerdicts, func(x *bundle.Spec, r *rand.Rand) { x.Spec.ContextLimit++ }),
		simple("specs: all left out", audit.CheckVerdicts, func(b *bundle.Bundle, r *rand.Rand) { b.Specs = nil }),

		batch("firstSequence", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { x.FirstSequence++ }),
		batch("kMin", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { x.KMin++ }),
		batch("leafCount", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { x.LeafCount++ }),
		batch("provider", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { flipAddress(&x.Provider, r) }),
		batch("ratePpm", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { x.RatePpm-- }),
		batch("root", audit.CheckBatches, func(x *bundle.Batch, r *rand.Rand) { flip(&x.Root, r) }),
		batch("receiptKey", audit.CheckReceiptKeys, func(x *bundle.Batch, r *rand.Rand) { flipAddress(&x.ReceiptKey, r) }),
		simple("batches: one left out", audit.CheckBatches, func(b *bundle.Bundle, r *rand.Rand) { b.Batches = b.Batches[1:] }),
		simple("batches: one twice", audit.CheckBatches, func(b *bundle.Bundle, r *rand.Rand) { b.Batches = append(b.Batches, b.Batches[0]) }),

		demand("batch's firstSequence", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Batch.FirstSequence++ }),
		demand("batch's kMin", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Batch.KMin++ }),
		demand("batch's leafCount", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Batch.LeafCount++ }),
		demand("batch's provider", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { flipAddress(&x.Batch.Provider, r) }),
		demand("batch's ratePpm", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Batch.RatePpm-- }),
		demand("batch's root", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { flip(&x.Batch.Root, r) }),
		demand("receiptKey", audit.CheckReceiptKeys, func(x *bundle.Demand, r *rand.Rand) { flipAddress(&x.Batch.ReceiptKey, r) }),
		demand("epoch", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Epoch++ }),
		demand("leaf", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { x.Leaf++ }),
		demand("receiptHash", audit.CheckBatches, func(x *bundle.Demand, r *rand.Rand) { flip(&x.ReceiptHash, r) }),
		{Name: "demands: one left out", Check: audit.CheckBatches, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Demands) < 2 {
				return false
			}
			b.Demands = b.Demands[1:]
			return true
		}},
		{Name: "demands: all left out", Check: audit.CheckBatches, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			some := len(b.Demands) > 0
			b.Demands = nil
			return some
		}},
		{Name: "demands: one twice", Check: audit.CheckBatches, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Demands) == 0 {
				return false
			}
			b.Demands = append(b.Demands, b.Demands[0])
			return true
		}},
		{Name: "network: onDemand", Check: audit.CheckNetwork, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if b.Network.OnDemand == nil {
				return false
			}
			other := *b.Network.OnDemand
			flipAddress(&other, r)
			b.Network.OnDemand = &other
			return true
		}},

		simple("table: messageKey", audit.CheckMessageKeys, func(b *bundle.Bundle, r *rand.Rand) { flipAddress(&b.Table[r.IntN(len(b.Table))].MessageKey, r) }),
		row("operator", func(x *bundle.Member, r *rand.Rand) { flipAddress(&x.Operator, r) }),
		row("weight", func(x *bundle.Member, r *rand.Rand) {
			(*uint256.Int)(&x.Weight).AddUint64((*uint256.Int)(&x.Weight), 1)
		}),
		row("keyX", func(x *bundle.Member, r *rand.Rand) { (*uint256.Int)(&x.KeyX).AddUint64((*uint256.Int)(&x.KeyX), 1) }),
		row("keyY", func(x *bundle.Member, r *rand.Rand) { (*uint256.Int)(&x.KeyY).AddUint64((*uint256.Int)(&x.KeyY), 1) }),
		simple("table: a row left out", audit.CheckTable, func(b *bundle.Bundle, r *rand.Rand) { b.Table = b.Table[1:] }),
		simple("table: a row that weighs nothing", audit.CheckTable, func(b *bundle.Bundle, r *rand.Rand) { b.Table[0].Weight = bundle.U256{} }),
		simple("table: two rows in each other's place", audit.CheckTable, func(b *bundle.Bundle, r *rand.Rand) { b.Table[0], b.Table[1] = b.Table[1], b.Table[0] }),

		some("standings: value", audit.CheckStandings, before, nil, func(x *bundle.Standing, r *rand.Rand) { x.Value++ }),
		some("standings: subject", audit.CheckStandings, before, nil, func(x *bundle.Standing, r *rand.Rand) { flipAddress(&x.Subject, r) }),
		some("standings: specId", audit.CheckStandings, before, nil, func(x *bundle.Standing, r *rand.Rand) { flip(&x.SpecID, r) }),
		{Name: "standings: one twice", Check: audit.CheckStandings, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Standings) == 0 {
				return false
			}
			b.Standings = append(b.Standings, b.Standings[len(b.Standings)-1])
			after := b.Certificate.Result.Standings
			b.Certificate.Result.Standings = append(after, after[len(after)-1])
			return true
		}},
		{Name: "standings: one left out", Check: audit.CheckStandings, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Standings) == 0 {
				return false
			}
			b.Standings = b.Standings[1:]
			return true
		}},

		simple("certificate: epoch", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { b.Certificate.Result.Epoch++ }),
		simple("certificate: sampleCount", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { b.Certificate.Result.SampleCount++ }),
		simple("certificate: sampleRoot", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { flip(&b.Certificate.Result.SampleRoot, r) }),
		simple("certificate: tableRoot", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { flip(&b.Certificate.Result.TableRoot, r) }),
		some("certificate: batch id", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { flip(&x.BatchID, r) }),
		some("certificate: batch's provider", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { flipAddress(&x.Provider, r) }),
		some("certificate: batch's samples", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { x.Samples++ }),
		some("certificate: batch's passed", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { x.Passed++ }),
		some("certificate: batch's failed", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { x.Failed++ }),
		some("certificate: batch's inconclusive", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { x.Inconclusive++ }),
		some("certificate: batch's unavailable", audit.CheckCertification, judged, nil, func(x *bundle.BatchResult, r *rand.Rand) { x.Unavailable++ }),
		some("certificate: standing's value", audit.CheckCertification, after, nil, func(x *bundle.Standing, r *rand.Rand) { x.Value++ }),
		some("certificate: standing's subject", audit.CheckCertification, after, nil, func(x *bundle.Standing, r *rand.Rand) { flipAddress(&x.Subject, r) }),
		some("certificate: standing's specId", audit.CheckCertification, after, nil, func(x *bundle.Standing, r *rand.Rand) { flip(&x.SpecID, r) }),
		some("certificate: fault's kind", audit.CheckDigest, faults, nil, func(x *bundle.Fault, r *rand.Rand) { x.Kind++ }),
		some("certificate: fault's subject", audit.CheckDigest, faults, nil, func(x *bundle.Fault, r *rand.Rand) { flipAddress(&x.Subject, r) }),
		some("certificate: fault's batch", audit.CheckDigest, faults, nil, func(x *bundle.Fault, r *rand.Rand) { flip(&x.BatchID, r) }),
		some("certificate: fault's ref", audit.CheckDigest, faults, nil, func(x *bundle.Fault, r *rand.Rand) { flip(&x.Ref, r) }),
		simple("certificate: a fault more", audit.CheckDigest, func(b *bundle.Bundle, r *rand.Rand) {
			b.Certificate.Result.Faults = append(b.Certificate.Result.Faults, bundle.Fault{Kind: 9, Subject: b.Batches[0].Provider})
		}),
		simple("certificate: signature", audit.CheckSignature, func(b *bundle.Bundle, r *rand.Rand) { flipByte(b.Certificate.Signature, r) }),
		simple("certificate: no signature", audit.CheckSignature, func(b *bundle.Bundle, r *rand.Rand) { clear(b.Certificate.Signature) }),
		simple("certificate: signersKey", audit.CheckSigners, func(b *bundle.Bundle, r *rand.Rand) { flipByte(b.Certificate.SignersKey, r) }),
		simple("certificate: no signersKey", audit.CheckSigners, func(b *bundle.Bundle, r *rand.Rand) { clear(b.Certificate.SignersKey) }),
		{Name: "certificate: a non-signer left out", Check: audit.CheckSigners, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			had := len(b.Certificate.NonSigners) > 0
			b.Certificate.NonSigners = nil
			return had
		}},
		simple("certificate: another non-signer", audit.CheckSigners, func(b *bundle.Bundle, r *rand.Rand) { b.Certificate.NonSigners = bundle.List[uint32]{0} }),
		simple("certificate: a non-signer who is no row", audit.CheckSigners, func(b *bundle.Bundle, r *rand.Rand) {
			b.Certificate.NonSigners = append(b.Certificate.NonSigners, uint32(len(b.Table)))
		}),

		simple("chain: beacon", audit.CheckBeacon, func(b *bundle.Bundle, r *rand.Rand) { flip(&b.Chain.Beacon, r) }),
		{Name: "chain: beaconBlock", Check: audit.CheckBeacon, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			if len(b.Chain.BeaconBlock) == 0 {
				return false
			}
			flipByte(b.Chain.BeaconBlock, r)
			return true
		}},
		simple("chain: block's time", audit.CheckBlock, func(b *bundle.Bundle, r *rand.Rand) { b.Chain.Block[len(b.Chain.Block)-60] ^= 1 }),
		simple("chain: block", audit.CheckHeaders, func(b *bundle.Bundle, r *rand.Rand) { b.Chain.Block[4+r.IntN(32)] ^= 1 << r.IntN(8) }), // its parent's hash
		simple("chain: parent", audit.CheckHeaders, func(b *bundle.Bundle, r *rand.Rand) { flipByte(b.Chain.Parent, r) }),
		simple("chain: receipt", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { b.Chain.Receipt++ }),
		simple("chain: a node of the receipt's proof", audit.CheckCertification, func(b *bundle.Bundle, r *rand.Rand) { node(b, b.Chain.Block, 5, r) }),
		simple("chain: the state's root node", audit.CheckBatches, func(b *bundle.Bundle, r *rand.Rand) { node(b, b.Chain.Block, 3, r) }),
		simple("chain: the parent's state's root node", audit.CheckStandings, func(b *bundle.Bundle, r *rand.Rand) { node(b, b.Chain.Parent, 3, r) }),
		simple("chain: a node that proves nothing", audit.CheckNodes, func(b *bundle.Bundle, r *rand.Rand) {
			b.Chain.Nodes = append(b.Chain.Nodes, hexutil.Bytes{0xc0, byte(r.IntN(256))})
			slices.SortFunc(b.Chain.Nodes, func(x, y hexutil.Bytes) int { return bytes.Compare(crypto.Keccak256(x), crypto.Keccak256(y)) })
		}),
		simple("chain: nodes in another order", audit.CheckNodes, func(b *bundle.Bundle, r *rand.Rand) { slices.Reverse(b.Chain.Nodes) }),

		message("a commitment", func(m *posp.Commitments, r *rand.Rand) { flip(&m.Items[r.IntN(len(m.Items))].Commitment, r) }),
		message("a sample", func(m *posp.Commitments, r *rand.Rand) { m.Items[len(m.Items)-1].SampleID[31] ^= 1 }),
		message("one left out", func(m *posp.Commitments, r *rand.Rand) { m.Items = m.Items[1:] }),
		message("signature", func(m *posp.Commitments, r *rand.Rand) { flipByte(m.Signature, r) }),
		message("operator", func(m *posp.Commitments, r *rand.Rand) { flipAddress(&m.Operator, r) }),
		reveals("evidence hash", func(m *bundle.Reveals, r *rand.Rand) { flip(&m.Items[r.IntN(len(m.Items))].Evidence, r) }),
		reveals("salt", func(m *bundle.Reveals, r *rand.Rand) { flip(&m.Items[r.IntN(len(m.Items))].Salt, r) }),
		reveals("a sample", func(m *bundle.Reveals, r *rand.Rand) { m.Items[len(m.Items)-1].SampleID[31] ^= 1 }),
		reveals("one left out", func(m *bundle.Reveals, r *rand.Rand) { m.Items = m.Items[1:] }),
		reveals("signature", func(m *bundle.Reveals, r *rand.Rand) { flipByte(m.Signature, r) }),
		reveals("operator", func(m *bundle.Reveals, r *rand.Rand) { flipAddress(&m.Operator, r) }),

		some("sample: id", audit.CheckDraw, samples, nil, func(s *bundle.Sample, r *rand.Rand) { flip(&s.Result.SampleID, r) }),
		some("sample: verdict", audit.CheckVerdicts, samples, nil, func(s *bundle.Sample, r *rand.Rand) { s.Result.Verdict ^= 2 }),
		some("sample: class", audit.CheckVerdicts, samples, nil, func(s *bundle.Sample, r *rand.Rand) { s.Result.Class ^= 1 }),
		some("sample: logE", audit.CheckVerdicts, samples, nil, func(s *bundle.Sample, r *rand.Rand) { s.Result.LogE-- }),
		some("sample: verdict, by the certificate", audit.CheckSampleTree, samples, nil, func(s *bundle.Sample, r *rand.Rand) { s.Result.Verdict ^= 2 }),
		some("sample: evidence", audit.CheckEvidence, samples, nil, func(s *bundle.Sample, r *rand.Rand) { flip(&s.Result.Evidence, r) }),
		some("sample: opening left out", audit.CheckEvidence, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Opened, s.Shown = false, false }),
		some("sample: provider's evidence left out", audit.CheckEvidence, samples, shown, func(s *bundle.Sample, r *rand.Rand) { s.Shown = false }),
		simple("samples: one left out", audit.CheckDraw, func(b *bundle.Bundle, r *rand.Rand) { b.Samples = b.Samples[1:] }),
		simple("samples: two in each other's place", audit.CheckDraw, func(b *bundle.Bundle, r *rand.Rand) { b.Samples[0], b.Samples[1] = b.Samples[1], b.Samples[0] }),

		receipt("provider", func(x *posp.SignedReceipt, r *rand.Rand) { flipAddress(&x.Provider, r) }),
		receipt("epoch", func(x *posp.SignedReceipt, r *rand.Rand) { x.Epoch-- }),
		receipt("sequence", func(x *posp.SignedReceipt, r *rand.Rand) { x.Sequence++ }),
		receipt("specId", func(x *posp.SignedReceipt, r *rand.Rand) { flip(&x.SpecID, r) }),
		receipt("requestHash", func(x *posp.SignedReceipt, r *rand.Rand) { flip(&x.RequestHash, r) }),
		receipt("outputHash", func(x *posp.SignedReceipt, r *rand.Rand) { flip(&x.OutputHash, r) }),
		receipt("evidenceHash", func(x *posp.SignedReceipt, r *rand.Rand) { flip(&x.EvidenceHash, r) }),
		receipt("promptTokens", func(x *posp.SignedReceipt, r *rand.Rand) { x.PromptTokens++ }),
		receipt("outputTokens", func(x *posp.SignedReceipt, r *rand.Rand) { x.OutputTokens++ }),
		receipt("clientNonce", func(x *posp.SignedReceipt, r *rand.Rand) { flip(&x.ClientNonce, r) }),
		receipt("time", func(x *posp.SignedReceipt, r *rand.Rand) { x.Time++ }),
		receipt("signature", func(x *posp.SignedReceipt, r *rand.Rand) {
			x.Signature = bytes.Clone(x.Signature)
			flipByte(x.Signature[:64], r)
		}),
		receipt("signature's v", func(x *posp.SignedReceipt, r *rand.Rand) {
			x.Signature = bytes.Clone(x.Signature)
			x.Signature[64] = 99
		}),
		some("opening: proof", audit.CheckReceipts, samples, func(s *bundle.Sample) bool { return len(s.Proof) > 0 }, func(s *bundle.Sample, r *rand.Rand) { flip(&s.Proof[r.IntN(len(s.Proof))], r) }),
		some("opening: proof too long", audit.CheckReceipts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Proof = append(s.Proof, posp.Hash{}) }),
		some("opening: sampling rule", audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Sampling.Rule ^= 1 }),
		some("opening: temperature", audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Sampling.TemperatureMicro++ }),
		some("opening: top-p", audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Sampling.TopPMicro++ }),
		some("opening: max tokens", audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Sampling.MaxTokens++ }),
		some("opening: finish", audit.CheckTexts, samples, opened, func(s *bundle.Sample, r *rand.Rand) { s.Finish ^= 3 }),
		text("request seed", request, 0, 32),
		text("request salt", request, 32, 64),
		text("request trace seed", request, 64, 96),
		text("prompt token", request, 100, 0),
		text("output salt", output, 0, 32),
		text("output trace seed", output, 32, 64),
		text("output token", output, 68, 0),
		some("provider's evidence: salt", audit.CheckProvider, samples, shown, func(s *bundle.Sample, r *rand.Rand) { flip(&s.EvidenceSalt, r) }),
		some("provider's evidence: hash", audit.CheckProvider, samples, shown, func(s *bundle.Sample, r *rand.Rand) { flip(&s.EvidenceBytes, r) }),
		some("provider's evidence: a number", audit.CheckProvider, samples, shown, func(s *bundle.Sample, r *rand.Rand) { s.Evidence = bytes.Clone(s.Evidence); flipByte(s.Evidence, r) }),
		some("provider's evidence: a number, and its hash", audit.CheckProvider, samples, shown, func(s *bundle.Sample, r *rand.Rand) {
			s.Evidence = bytes.Clone(s.Evidence)
			s.Evidence[len(s.Evidence)-1] ^= 1
			s.EvidenceBytes = crypto.Keccak256Hash(s.Evidence)
		}),
		member("committee: operator", audit.CheckCommittee, nil, func(m *bundle.Sent, r *rand.Rand) { flipAddress(&m.Operator, r) }),
		{Name: "committee: a member left out", Check: audit.CheckCommittee, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			s := &b.Samples[r.IntN(len(b.Samples))]
			s.Members = s.Members[1:]
			return true
		}},
		{Name: "committee: two members in each other's place", Check: audit.CheckCommittee, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			s := &b.Samples[r.IntN(len(b.Samples))]
			s.Members[0], s.Members[1] = s.Members[1], s.Members[0]
			return true
		}},
		member("committee: commitment", audit.CheckCommitments, committed, func(m *bundle.Sent, r *rand.Rand) { flip(&m.Commitment, r) }),
		member("committee: commitment left out", audit.CheckCommitments, committed, func(m *bundle.Sent, r *rand.Rand) { m.Committed, m.Commitment = false, posp.Hash{} }),
		member("committee: salt", audit.CheckReveals, revealed, func(m *bundle.Sent, r *rand.Rand) { flip(&m.Salt, r) }),
		member("committee: evidence hash", audit.CheckReveals, revealed, func(m *bundle.Sent, r *rand.Rand) { flip(&m.Bytes, r) }),
		member("committee: reveal left out", audit.CheckReveals, revealed, func(m *bundle.Sent, r *rand.Rand) { m.Revealed = false }),
		member("committee: evidence", audit.CheckEvidence, revealed, func(m *bundle.Sent, r *rand.Rand) { m.Evidence = bytes.Clone(m.Evidence); flipByte(m.Evidence, r) }),
		member("committee: evidence, and its hash", audit.CheckReveals, revealed, func(m *bundle.Sent, r *rand.Rand) {
			m.Evidence = bytes.Clone(m.Evidence)
			flipByte(m.Evidence, r)
			m.Bytes = crypto.Keccak256Hash(m.Evidence)
		}),

		entries("index", func(l []bundle.Logged, r *rand.Rand) bool { l[len(l)-1].Index++; return true }),
		entries("sibling", func(l []bundle.Logged, r *rand.Rand) bool {
			proof := l[r.IntN(len(l))].Proof
			if len(proof) > 0 {
				flip(&proof[r.IntN(len(proof))], r)
			}
			return len(proof) > 0
		}),
		entries("proof too long", func(l []bundle.Logged, r *rand.Rand) bool {
			e := &l[r.IntN(len(l))]
			e.Proof = append(e.Proof, posp.Hash{})
			return true
		}),
		entries("proof too short", func(l []bundle.Logged, r *rand.Rand) bool {
			e := &l[r.IntN(len(l))]
			e.Proof = e.Proof[:max(0, len(e.Proof)-1)]
			return len(l) > 1
		}),
		entries("another digest", func(l []bundle.Logged, r *rand.Rand) bool { flip(&l[r.IntN(len(l))].Digest, r); return true }),
		entries("another subject", func(l []bundle.Logged, r *rand.Rand) bool { flipAddress(&l[r.IntN(len(l))].Subject, r); return true }),
		entries("another epoch", func(l []bundle.Logged, r *rand.Rand) bool { l[r.IntN(len(l))].Epoch++; return true }),
		entries("two entries in each other's place", func(l []bundle.Logged, r *rand.Rand) bool {
			i := r.IntN(len(l) - 1)
			l[i].LogEntry, l[i+1].LogEntry = l[i+1].LogEntry, l[i].LogEntry
			return true
		}),
		{Name: "log: commitments that the bundle does not have", Check: audit.CheckLogEntries, of: func(b *bundle.Bundle, r *rand.Rand) bool {
			for _, row := range b.Table {
				if b.Log != nil && b.Commitments[row.Operator] != nil {
					delete(b.Commitments, row.Operator)
					return slices.ContainsFunc(b.Log.Entries, func(e bundle.Logged) bool { return e.Kind == posp.LogCommitments && e.Subject == row.Operator })
				}
			}
			return false
		}},
		head("origin", func(text, _ []string, r *rand.Rand) bool { text[0] += "x"; return true }),
		head("size", func(text, _ []string, r *rand.Rand) bool { text[1] += "0"; return true }),
		head("root", func(text, _ []string, r *rand.Rand) bool { text[2] = flipBase64(text[2], 0, 32, r); return true }),
		head("no root", func(text, _ []string, r *rand.Rand) bool { text[2] = ""; return true }),
		head("signature of the log", func(_, signed []string, r *rand.Rand) bool { signed[0] = flipBase64(signed[0], 4, 68, r); return true }),
		head("signature of another log", func(_, signed []string, r *rand.Rand) bool { signed[0] = flipBase64(signed[0], 0, 4, r); return true }),
		cosigned("signature", func(line string, r *rand.Rand) string { return flipBase64(line, 12, 76, r) }),
		cosigned("time", func(line string, r *rand.Rand) string { return flipBase64(line, 4, 12, r) }),
		cosigned("key", func(line string, r *rand.Rand) string { return flipBase64(line, 0, 4, r) }),
		cosigned("name", func(line string, r *rand.Rand) string { return strings.Replace(line, ".example/", ".example/x", 1) }),
		cosigned("too few of them", func(string, *rand.Rand) string { return "" }),

		// Those that do not keep to the format, or to the manifest's hashes.
		at("manifest: samples' root", audit.CheckContent, `"root":"0x`, 5),
		at("manifest: a section's hash", audit.CheckContent, `"hash":"0x`, 9),
		at("section: a byte", audit.CheckContent, `"sampleRoot":"0x`, 3),
		at("file: the format's name", audit.CheckEncoding, "posp.bundle.v", 0),
		at("json: a key", audit.CheckEncoding, `"faultLine`, -1),
		{Name: "json: white space", Check: audit.CheckEncoding, file: func(file []byte, r *rand.Rand) ([]byte, bool) {
			return bytes.Replace(file, []byte(`{"format":`), []byte(`{ "format"`), 1), true
		}},
		{Name: "file: a byte more", Check: audit.CheckEncoding, file: func(file []byte, r *rand.Rand) ([]byte, bool) {
			return append(bytes.Clone(file), 0), true
		}},
		{Name: "file: cut off", Check: audit.CheckEncoding, file: func(file []byte, r *rand.Rand) ([]byte, bool) { return file[:len(file)-1-r.IntN(len(file)/2)], true }},
		{Name: "file: empty", Check: audit.CheckEncoding, file: func(file []byte, r *rand.Rand) ([]byte, bool) { return nil, true }},
	}
}

// node changes the root node of a trie that a header's field names.
func node(b *bundle.Bundle, header []byte, field int, r *rand.Rand) {
	var fields []rlp.RawValue
	if rlp.DecodeBytes(header, &fields) != nil || field >= len(fields) {
		return
	}
	root := posp.Hash(fields[field][1:])
	for i := range b.Chain.Nodes {
		if crypto.Keccak256Hash(b.Chain.Nodes[i]) == root {
			flipByte(b.Chain.Nodes[i], r)
		}
	}
	slices.SortFunc(b.Chain.Nodes, func(x, y hexutil.Bytes) int { return bytes.Compare(crypto.Keccak256(x), crypto.Keccak256(y)) })
}

// Kinds are the corruptions of a form: with what is left out nothing is wrong.
func Kinds(form Form) []Corruption {
	return slices.DeleteFunc(Corruptions(), func(c Corruption) bool {
		return (form.Texts || form.Prompts) && c.Check == audit.CheckTexts || form.Log && (c.Check == audit.CheckLogHead || c.Check == audit.CheckLogEntries)
	})
}
