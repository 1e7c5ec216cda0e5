package circuit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/backend"
	"github.com/consensys/gnark/backend/plonk"
	plonkbn254 "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"
	"github.com/consensys/gnark/backend/witness"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
	"github.com/consensys/gnark/logger"

	"github.com/proof-of-sampling/posp/internal/srs"
)

// gnark logs to the process's standard output, which is the program's.
func init() { logger.Disable() }

// Compile is the constraint system of a circuit: the same source gives the same system.
func Compile(k Kind, size Size) (constraint.ConstraintSystem, error) {
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, New(k, size))
	if err != nil {
		return nil, fmt.Errorf("compile the circuit %s: %w", k, err)
	}
	return ccs, nil
}

// Keys prove and verify one circuit.
type Keys struct {
	kind Kind
	size Size
	ccs  constraint.ConstraintSystem
	pk   plonk.ProvingKey
	vk   plonk.VerifyingKey
}

// Setup derives a circuit's keys from its source and the ceremony's powers. It is deterministic. dir is srs.Load's.
func Setup(k Kind, size Size, dir string) (*Keys, error) {
	ccs, err := Compile(k, size)
	if err != nil {
		return nil, err
	}
	_, domain := plonk.SRSSize(ccs)
	s, err := srs.Load(domain, dir)
	if err != nil {
		return nil, err
	}
	pk, vk, err := plonk.Setup(ccs, &s.Canonical, &s.Lagrange)
	if err != nil {
		return nil, fmt.Errorf("set up the circuit %s: %w", k, err)
	}
	return &Keys{k, size, ccs, pk, vk}, nil
}

// ErrFalse is a claim that does not hold: what was committed is not what the step computes.
var ErrFalse = errors.New("the claim does not hold")

// Check computes the circuit on a witness, without a proof. It needs no keys.
func Check(ccs constraint.ConstraintSystem, size Size, c Claim, w Witness) error {
	full, err := newWitness(c, w, size)
	if err != nil {
		return err
	}
	if err := ccs.IsSolved(full); err != nil {
		return fmt.Errorf("%w: %w", ErrFalse, err)
	}
	return nil
}

func newWitness(c Claim, w Witness, size Size) (witness.Witness, error) {
	assigned, err := assign(c, w, size)
	if err != nil {
		return nil, err
	}
	full, err := frontend.NewWitness(assigned, ecc.BN254.ScalarField())
	if err != nil {
		return nil, fmt.Errorf("fill in the circuit: %w", err)
	}
	return full, nil
}

// Prove makes the proof as the contract takes it. It hides the witness statistically.
func (k *Keys) Prove(c Claim, w Witness) ([]byte, error) {
	if c.Step.Kind != k.kind {
		return nil, fmt.Errorf("prove a step of %s with the keys of %s", c.Step.Kind, k.kind)
	}
	full, err := newWitness(c, w, k.size)
	if err != nil {
		return nil, err
	}
	if err := k.ccs.IsSolved(full); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFalse, err)
	}
	proof, err := plonk.Prove(k.ccs, k.pk, full, backend.WithStatisticalZeroKnowledge())
	if err != nil {
		return nil, fmt.Errorf("prove a step of %s: %w", k.kind, err)
	}
	public, err := full.Public()
	if err != nil {
		return nil, fmt.Errorf("take the public inputs: %w", err)
	}
	// A proof costs its maker a bond if it fails on chain.
	if err := plonk.Verify(proof, k.vk, public); err != nil {
		return nil, fmt.Errorf("verify the own proof: %w", err)
	}
	return proof.(*plonkbn254.Proof).MarshalSolidity(), nil
}

// Contract writes the verifier's Solidity: contract <Kind>Verifier.
func (k *Keys) Contract(w io.Writer) error {
	var out bytes.Buffer
	if err := k.vk.ExportSolidity(&out, solidity.WithPragmaVersion("0.8.30")); err != nil {
		return fmt.Errorf("export the verifier of %s: %w", k.kind, err)
	}
	_, err := w.Write(bytes.Replace(out.Bytes(), []byte("contract PlonkVerifier "), []byte("contract "+k.kind.String()+"Verifier "), 1))
	return err
}

// Gates of the circuit, its public inputs included, and the domain that holds them.
func (k *Keys) Gates() (gates, domain int) {
	_, domain = plonk.SRSSize(k.ccs)
	return k.ccs.GetNbConstraints() + k.ccs.GetNbPublicVariables(), domain
}

// Prover keeps the keys of the circuits that were asked for: a dispute asks for one.
type Prover struct {
	size Size
	dir  string

	mu   sync.Mutex
	keys map[Kind]*Keys
}

// NewProver proves steps of circuits of a size; dir is srs.Load's.
func NewProver(size Size, dir string) *Prover {
	return &Prover{size: size, dir: dir, keys: map[Kind]*Keys{}}
}

// Warm derives what the keys of all deployed circuits take, and keeps it in the directory.
func (p *Prover) Warm() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := srs.Load(srs.MaxDomain, p.dir)
	return err
}

// Prove makes a proof and the public inputs that go with it.
func (p *Prover) Prove(c Claim, w Witness) (proof []byte, inputs []fr.Element, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.keys[c.Step.Kind]
	if k == nil {
		if k, err = Setup(c.Step.Kind, p.size, p.dir); err != nil {
			return nil, nil, err
		}
		p.keys[c.Step.Kind] = k
	}
	if inputs, err = c.Inputs(p.size); err != nil {
		return nil, nil, err
	}
	proof, err = k.Prove(c, w)
	return proof, inputs, err
}
