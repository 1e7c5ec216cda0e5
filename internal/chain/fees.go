package chain

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/params"
)

// fees are what a transaction offers for a unit of gas, in wei (EIP-1559).
type fees struct{ tip, cap *big.Int }

// defaultMaxFee is the fee cap above which nothing is sent unless told otherwise: 300 gwei.
var defaultMaxFee = big.NewInt(300 * params.GWei)

// FeeCapError says that the chain asks for more than the sender may pay. It passes when gas gets cheaper.
type FeeCapError struct{ Needed, Max *big.Int } // wei a unit of gas

func (e *FeeCapError) Error() string {
	return fmt.Sprintf("gas costs %s gwei, and at most %s may be paid: wait, or raise the maximum fee", gwei(e.Needed), gwei(e.Max))
}

func gwei(wei *big.Int) string {
	return new(big.Rat).SetFrac(wei, big.NewInt(params.GWei)).FloatString(2)
}

// firstFees leave room for the base fee to double, up to max. A max that does not even pay for the next block is
// refused: the transaction would block all that come after it.
func firstFees(baseFee, tip, max *big.Int) (fees, error) {
	if least := new(big.Int).Add(baseFee, tip); least.Cmp(max) > 0 {
		return fees{}, &FeeCapError{Needed: least, Max: max}
	}
	want := new(big.Int).Add(tip, new(big.Int).Lsh(baseFee, 1))
	return fees{tip: tip, cap: least(want, max)}, nil
}

// bumpedFees are those of a replacement of a transaction with the old ones. Pools take a replacement only if both
// fees are a tenth higher; where max does not leave room for that there is none, and ok is false.
func bumpedFees(old fees, baseFee, tip, max *big.Int) (f fees, ok bool) {
	f.tip = most(tip, bump(old.tip))
	f.cap = most(new(big.Int).Add(f.tip, new(big.Int).Lsh(baseFee, 1)), bump(old.cap))
	if f.cap.Cmp(max) > 0 {
		f.cap = max
	}
	return f, f.cap.Cmp(bump(old.cap)) >= 0 && f.tip.Cmp(f.cap) <= 0
}

// bump is an eighth more and a wei: over the tenth that pools ask for, whatever they round.
func bump(fee *big.Int) *big.Int {
	more := new(big.Int).Rsh(fee, 3)
	return more.Add(more, fee).Add(more, common.Big1)
}

func least(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func most(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}
