package aggregator

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// What is known to go wrong in eigensdk-go v1.0.0-rc.1, services/bls_aggregation
// (issue 5): none of it does here. Each test ends with what must go on.

// goesOn says that three of four operators still get their epoch certified.
func (b *bench) goesOn(digest posp.Hash) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for _, k := range b.operators[:3] {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	b.at(b.block + 1)
	if len(b.submitted) != 1 || b.submitted[0].Digest != digest {
		b.t.Fatalf("%d certificates", len(b.submitted))
	}
}

// There: a signature that arrives when its task is over is sent into a channel
// that nobody reads, and the service's one loop stops for ever.
func TestDefectLateSignatureFreezes(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	digest := b.toResult()
	b.goesOn(digest)
	for range 50 {
		b.refused("late", ReasonLate, func() error { return b.a.SubmitShare(ctx, b.share(b.operators[3], digest)) })
	}
	b.mu.Lock()
	b.block = certifyDeadline + 1
	b.mu.Unlock()
	b.refused("after all deadlines", ReasonLate, func() error { return b.a.SubmitShare(ctx, b.share(b.operators[3], digest)) })
	if o, ok, err := b.a.Outcome(ctx, 0); err != nil || !ok || !o.Certified {
		t.Errorf("it answers no more: %v, %v", ok, err)
	}
}

// There: one failed call to the chain when a task begins leaves a task that
// nobody serves.
func TestDefectFailedCallFreezes(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	b.fail = errors.New("connection refused")
	for range 3 {
		err := b.a.SubmitCommitments(ctx, b.commitments(b.operators[0], nil))
		var r *Refusal
		if err == nil || errors.As(err, &r) {
			t.Fatalf("without a chain: %v", err)
		}
	}
	b.fail = nil
	b.goesOn(b.toResult())
}

// There: a caller that gives up leaves an answer that nobody takes.
func TestDefectCancelledCallerFreezes(t *testing.T) {
	b := newBench(t)
	digest := b.toResult()
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			go cancel()
			b.a.SubmitShare(ctx, b.share(b.operators[3], digest)) // taken or not: either is right
		})
	}
	wg.Wait()
	b.goesOn(digest)
}

// There: a result that its one reader does not take stops all tasks.
func TestDefectUnreadResultFreezes(t *testing.T) {
	b := newBench(t)
	digest := b.toResult()
	for range 3 { // nobody reads what these wake
		b.a.SubmitShare(context.Background(), b.share(b.operators[0], digest))
	}
	b.goesOn(digest)
}

// There: a minority that signs after the quorum overwrites what won.
func TestDefectMinorityOverwrites(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	digest, other := b.toResult(), posp.Hash{0xbb}
	b.refused("minority before", ReasonWrongDigest, func() error { return b.a.SubmitShare(ctx, b.share(b.operators[3], other)) })
	for _, k := range b.operators[:3] {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	b.refused("minority after", ReasonWrongDigest, func() error { return b.a.SubmitShare(ctx, b.share(b.operators[3], other)) })
	b.at(b.block + 1)
	if len(b.submitted) != 1 || b.submitted[0].Digest != digest || b.submitted[0].Result.Digest(b.a.cfg.Authority) != digest {
		t.Fatal("the certificate is not the majority's")
	}
}

// There: an operator signs two results, and both count.
func TestDefectEquivocationIsAccepted(t *testing.T) { onBoth(t, equivocations) }

func equivocations(t *testing.T, b *bench) {
	ctx := context.Background()
	k, second := b.operators[0], posp.Hash{0xcc}
	short := func(c *posp.Commitments) { c.Items = c.Items[:2] }
	b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	for range 2 { // the evidence is kept once
		b.refused("other commitments", ReasonEquivocation, func() error { return b.a.SubmitCommitments(ctx, b.commitments(k, short)) })
	}
	forged := b.commitments(b.operators[1], short)
	forged.Operator = addressOf(k)
	b.refused("in its name", reasonInvalid, func() error { return b.a.SubmitCommitments(ctx, forged) })
	digest := b.toResult()
	salted := b.reveals(k, func(r *posp.Reveals) { r.Items[0].Salt = posp.Hash{1} })
	b.refused("other reveals", ReasonEquivocation, func() error { return b.a.SubmitReveals(ctx, salted) })
	b.refused("another result, first", ReasonWrongDigest, func() error { return b.a.SubmitShare(ctx, b.share(k, second)) })
	if list, err := b.equivocations(); err != nil || len(list) != 2 {
		t.Fatalf("%d equivocations, %v: one signature of another result is none yet", len(list), err)
	}
	earlier := posp.Hash{0xdd} // which it signed for another epoch, as it should
	if _, err := b.db.Exec("INSERT INTO epochs (epoch, phase, digest, result) VALUES (7, 'derived', $1, '{}')", earlier[:]); err != nil {
		t.Fatal(err)
	}
	for _, k := range []*ecdsa.PrivateKey{k, b.operators[1]} {
		b.refused("another epoch's", ReasonWrongDigest, func() error { return b.a.SubmitShare(ctx, b.share(k, earlier)) })
	}
	b.refused("another result, of a key that is not its own", reasonInvalid, func() error {
		s := b.share(b.operators[1], second)
		s.Operator = addressOf(b.operators[2])
		return b.a.SubmitShare(ctx, s)
	})
	b.goesOn(digest)
	b.refused("another epoch's, now", ReasonWrongDigest, func() error { return b.a.SubmitShare(ctx, b.share(b.operators[1], earlier)) })

	list, err := b.equivocations()
	if err != nil || len(list) != 3 {
		t.Fatalf("%d equivocations, %v", len(list), err)
	}
	me := addressOf(k)
	for _, e := range list {
		switch { // each convinces who knows nothing but the operator's keys
		case e.Commitments != nil:
			for _, c := range e.Commitments {
				if signer, err := posp.RecoverSigner(c.Digest(b.a.cfg.Authority), c.Signature); err != nil || signer != me {
					t.Errorf("commitments: %v, %v", signer, err)
				}
			}
			if e.Commitments[0].Digest(b.a.cfg.Authority) == e.Commitments[1].Digest(b.a.cfg.Authority) {
				t.Error("twice the same commitments")
			}
		case e.Reveals != nil:
			for _, r := range e.Reveals {
				if signer, err := posp.RecoverSigner(r.Digest(b.a.cfg.Authority), r.Signature); err != nil || signer != me || r.Items[0].Opening != nil {
					t.Errorf("reveals: %v, %v", signer, err)
				}
			}
			if e.Reveals[0].Items[0].Salt != (posp.Hash{7}) || e.Reveals[1].Items[0].Salt != (posp.Hash{1}) {
				t.Error("not the reveals that were sent")
			}
		default:
			for i, want := range []posp.Hash{digest, second} {
				s := e.Shares[i]
				sig, err := keys.ParseG1(s.Signature)
				if err != nil || s.Digest != want || !keys.Verify(sig, blsOf(me).PublicKey().G2, want) {
					t.Errorf("share %d of %s: %v", i, s.Digest, err)
				}
			}
		}
	}
}

// There: a nil signature ends the process.
func TestDefectNilSignatureCrashes(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	digest := b.toResult()
	off := b.share(b.operators[0], digest).Signature
	off[63] ^= 1
	field := slices.Repeat([]byte{0xff}, 64) // coordinates above the field
	neg := bn254.G1Affine{}
	sig, _ := keys.ParseG1(b.share(b.operators[0], digest).Signature)
	x, y := sig.XY()
	neg.X.SetBigInt(x.ToBig())
	neg.Y.SetBigInt(y.ToBig())
	neg.Neg(&neg)
	negated := append(neg.X.Marshal(), neg.Y.Marshal()...)
	for name, signature := range map[string][]byte{"nil": nil, "empty": {}, "short": make([]byte, 63), "long": make([]byte, 65), "infinity": make([]byte, 64),
		"off the curve": off, "above the field": field, "negated": negated} {
		s := posp.CertificateShare{Operator: addressOf(b.operators[0]), Digest: digest, Signature: signature}
		b.refused(name, reasonInvalid, func() error { return b.a.SubmitShare(ctx, s) })
		b.refused(name+", of another digest", reasonInvalid, func() error { s.Digest = posp.Hash{1}; return b.a.SubmitShare(ctx, s) })
	}
	if list, err := b.a.ledger.headers(ctx, 0, dutyShare, contradicts); err != nil || len(list) != 0 {
		t.Errorf("%d are kept as evidence, %v", len(list), err)
	}
	b.goesOn(digest)
}

// A registry whose key is of two secrets is our trouble, not the sender's.
func TestKeyOfTwoSecrets(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	digest := b.toResult()
	wrong := keys.BLSFromSeed([]byte("somebody else")).PublicKey()
	wrong.G1 = blsOf(addressOf(b.operators[0])).PublicKey().G1
	b.a.keys = keyring{chain: registry{b, wrong}}
	err := b.a.SubmitShare(ctx, b.share(b.operators[0], digest))
	var v *posp.ValidationError
	if err == nil || errors.As(err, &v) || !strings.Contains(err.Error(), "key of") {
		t.Errorf("halves of two keys: %v; want an error that is not the sender's", err)
	}
	b.a.keys = keyring{chain: b}
	b.goesOn(digest)
}

// registry holds one key for all.
type registry struct {
	*bench
	key keys.PublicKey
}

func (r registry) PublicKey(context.Context, posp.Address) (keys.PublicKey, error) { return r.key, nil }

// There: a task with an empty list of quorums is won by nobody's signature.
func TestDefectEmptyQuorumPasses(t *testing.T) {
	members := []posp.Member{{Operator: posp.Address{1}, Weight: uint256.NewInt(0)}, {Operator: posp.Address{2}, Weight: uint256.NewInt(0)}}
	for name, c := range map[string]struct {
		members []posp.Member
		quorum  uint32
	}{"no table": {nil, 670_000}, "no weight": {members, 670_000}, "no quorum": {members, 0}} {
		t2, err := Count(c.members, c.quorum, map[posp.Address]bool{{1}: true, {2}: true})
		if err == nil && t2.Quorum {
			t.Errorf("%s is a quorum", name)
		}
	}
	cfg := Config{Domain: posp.Domain{ChainID: 5, Registry: posp.Address{1}}, Authority: posp.Authority{ChainID: 5, Attestation: posp.Address{2}},
		Parameters: posp.Parameters{Schedule: benchSchedule, Committee: 4}}
	for _, quorum := range []uint32{0, 500_000, 1_000_001} {
		cfg.Parameters.QuorumPpm = quorum
		if err := cfg.Check(); err == nil || !strings.Contains(err.Error(), fmt.Sprint(quorum)) {
			t.Errorf("a quorum of %d ppm: %v", quorum, err)
		}
	}
}

// There: whatever was signed before a restart is lost. TestRestart has the rest.
func TestDefectRestartForgets(t *testing.T) { onBoth(t, remembers) }

func remembers(t *testing.T, b *bench) {
	ctx := context.Background()
	digest := b.toResult()
	for _, k := range b.operators[:3] {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	b.db.Close()
	b.db = b.open(b.where)
	b.at(b.block + 1)
	if len(b.submitted) != 1 || b.submitted[0].Digest != digest {
		t.Fatalf("%d certificates", len(b.submitted))
	}
}
