package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	sdkbls "github.com/Layr-Labs/eigensdk-go/crypto/bls"
	"github.com/Layr-Labs/eigensdk-go/logging"
	"github.com/Layr-Labs/eigensdk-go/services/avsregistry"
	blsagg "github.com/Layr-Labs/eigensdk-go/services/bls_aggregation"
	"github.com/Layr-Labs/eigensdk-go/types"

	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

const signers = 100

// theirs is the processor time in which eigensdk-go's service takes a task's
// signatures and answers with their aggregate.
func theirs(digest [32]byte, operators []types.TestOperator, signatures []*sdkbls.Signature) (time.Duration, error) {
	log, err := logging.NewZapLogger(logging.Production)
	if err != nil {
		return 0, err
	}
	hash := func(types.TaskResponse) (types.TaskResponseDigest, error) {
		return types.TaskResponseDigest(digest), nil
	}
	service := blsagg.NewBlsAggregatorService(avsregistry.NewFakeAvsRegistryService(1, operators), hash, quiet{log})
	if err := service.InitializeNewTask(blsagg.NewTaskMetadata(0, 1, types.QuorumNums{0}, types.QuorumThresholdPercentages{100}, time.Minute)); err != nil {
		return 0, err
	}
	answers := make(chan blsagg.BlsAggregationServiceResponse, 1)
	go func() { answers <- <-service.GetResponseChannel() }()
	before := page.Spent()
	for i, o := range operators {
		if err := service.ProcessNewSignature(context.Background(), blsagg.NewTaskSignature(0, nil, signatures[i], o.OperatorId)); err != nil {
			return 0, err
		}
	}
	a := <-answers
	return page.Spent() - before, a.Err
}

// quiet drops what is only worth a line while one debugs.
type quiet struct{ logging.Logger }

func (quiet) Debug(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}
func (quiet) Info(string, ...any)   {}
func (quiet) Infof(string, ...any)  {}

// ours is the processor time in which as many signatures are decoded and
// verified as the aggregator does it, and added up and verified again as its
// certificate is.
func ours(digest [32]byte, wire [][]byte, g2 []keys.G2) (each, sum time.Duration, err error) {
	before := page.Spent()
	sigs := make([]keys.G1, len(wire))
	for i, b := range wire {
		if sigs[i], err = keys.ParseG1(b); err != nil {
			return 0, 0, err
		}
	}
	h := keys.HashToG1(digest)
	if !keys.VerifyEach(h, sigs, g2) {
		return 0, 0, errors.New("right signatures do not verify")
	}
	each = page.Spent() - before
	before = page.Spent()
	if !keys.VerifyPoint(keys.SumG1(sigs...), keys.SumG2(g2...), h) {
		return 0, 0, errors.New("their sum does not verify")
	}
	return each, page.Spent() - before, nil
}

func (b *bench) signatures(context.Context) error {
	digest := [32]byte{7, 7, 7}
	var operators []types.TestOperator
	var theirSigs []*sdkbls.Signature
	var wire [][]byte
	var g2 []keys.G2
	for i := range signers {
		k := keys.BLSFromSeed([]byte{byte(i), 9})
		secret := k.Bytes()
		pair, err := sdkbls.NewKeyPairFromString(new(big.Int).SetBytes(secret[:]).String())
		if err != nil {
			return err
		}
		sig := k.Sign(digest).Bytes()
		operators = append(operators, types.TestOperator{OperatorId: types.OperatorId{byte(i), 1}, BlsKeypair: pair, Socket: "127.0.0.1:1",
			StakePerQuorum: map[types.QuorumNum]types.StakeAmount{0: big.NewInt(100)}})
		theirSigs, wire, g2 = append(theirSigs, pair.SignMessage(digest)), append(wire, sig[:]), append(g2, k.PublicKey().G2)
	}
	load := page.Load()
	var sdk, each, sum, ratio []float64
	rate := func(d time.Duration) float64 { return signers / d.Seconds() }
	for range 3 * b.runs {
		t, err := theirs(digest, operators, theirSigs)
		if err != nil {
			return fmt.Errorf("eigensdk-go: %w", err)
		}
		var e, s time.Duration
		const again = 10 // of the quicker one, in the same breath
		for range again {
			x, y, err := ours(digest, wire, g2)
			if err != nil {
				return err
			}
			e, s = e+x, s+y
		}
		e, s = e/again, s/again
		fmt.Fprintf(os.Stderr, "  eigensdk-go %.0f/s, each %.0f/s, sum %.0f/s\n", rate(t), rate(e), rate(s))
		sdk, each, sum, ratio = append(sdk, rate(t)), append(each, rate(e)), append(sum, rate(s)), append(ratio, float64(t)/float64(e))
	}
	t := page.NewTable("100 operators, one digest", "signatures per CPU second", "of eigensdk-go")
	median := page.Median(sdk)
	t.Add("eigensdk-go v1.0.0-rc.1, `services/bls_aggregation`", fmt.Sprintf("%.0f", median), "1.0")
	t.Add("the aggregator's intake: each signature by itself, by random coefficients", fmt.Sprintf("%.0f", page.Median(each)), fmt.Sprintf("%.1f", page.Median(ratio)))
	t.Add("the certificate: their sum", fmt.Sprintf("%.0f", page.Median(sum)), fmt.Sprintf("%.1f", page.Median(sum)/median))
	b.goals.Add(page.Median(ratio) >= 12, "signature verification, 100 operators, one digest", ">= 12 times eigensdk-go's", fmt.Sprintf("%.1f times", page.Median(ratio)), "")
	b.print("\n## Signatures\n\nProcessor time of the process, decoding included; %d runs, theirs and ours in turn. Load before: %s.\n\n%s", len(ratio), load, t)
	return nil
}
