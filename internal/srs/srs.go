// Package srs holds the structured reference string of our PLONK circuits: the Perpetual Powers of Tau on BN254
// (ppot/README.md says where they come from), with every check that makes it unnecessary to trust the copy.
package srs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"os"
	"path/filepath"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
)

// MaxDomain is the largest circuit, in gates with its public inputs, that the powers here suffice for.
const MaxDomain = 1 << 16

// blinding is by how many powers a prover needs more than the domain: PLONK hides its polynomials with so many more coefficients.
const blinding = 3

const (
	g1Sum = "4b9ec2ad3b645992870bf9a17e3785f90bcf71896ac8288bee44ad3ff15c76fe"
	g2Sum = "51dcea7ecb740d430800999f8e73923802783f0871446a5f3c92170323558903"
)

var (
	//go:embed ppot/g1.bin
	g1File []byte
	//go:embed ppot/g2.bin
	g2File []byte
)

// The ceremony's first power, typed here a second time: [tau]_1, and [tau]_2 as it stands (negated) in halo2 verifiers that others deployed
// on Ethereum from the same ceremony file. A string with another tau, however consistent, is not the ceremony's.
var (
	tauG1 = bn254.G1Affine{
		X: element("0bfc87ecbdcdc23ef5481bb179aaada7f42c22d2dfd52b4655a18c2879c54eea"),
		Y: element("1cbb5fca42814f560026c7d8854b946e6fa2d25bb2c6430981ca27a974d7d385"),
	}
	tauG2 = bn254.G2Affine{
		X: bn254.E2{A0: element("2ae0c8c3a090f7200ff398ee9845bbae8f8c1445ae7b632212775f60a0e21600"), A1: element("172aa93c41f16e1e04d62ac976a5d945f4be0acab990c6dc19ac4a7cf68bf77b")},
		Y: bn254.E2{A0: element("1459fe6cc8a1222fd4290864ff9e47d4b8cf7a403593c7107c39538ddefd857e"), A1: element("1754a9fc3b7e4da9197c283c7401773208190c5555caf254e644e99c29366704")},
	}
)

func element(s string) (x fp.Element) {
	v, _ := new(big.Int).SetString(s, 16)
	return *x.SetBigInt(v)
}

// String is a reference string for circuits of one domain: n+3 powers of tau, and the Lagrange basis of n.
type String struct {
	Canonical, Lagrange kzg.SRS
}

// Load checks the powers and derives the Lagrange basis for a domain of n (a power of two up to MaxDomain). For 2^16 that takes about 40
// CPU-seconds, so the basis is kept in dir unless dir is empty; what is read from there is checked against the powers, and derived again
// where it does not fit.
func Load(n int, dir string) (*String, error) {
	if n < 2 || n > MaxDomain || bits.OnesCount(uint(n)) != 1 {
		return nil, fmt.Errorf("reference string for a domain of %d: a power of two up to %d is needed", n, MaxDomain)
	}
	if err := checksums(g1File, g2File); err != nil {
		return nil, err
	}
	s := new(String)
	var err error
	if s.Canonical, err = parse(g1File[:(n+blinding)*bn254.SizeOfG1AffineCompressed], g2File); err != nil {
		return nil, err
	}
	if err := check(&s.Canonical); err != nil {
		return nil, err
	}
	powers := s.Canonical.Pk.G1[:n]
	s.Lagrange.Vk = s.Canonical.Vk
	file := filepath.Join(dir, fmt.Sprintf("ppot-lagrange-%d.bin", n))
	if dir != "" {
		if basis, err := readBasis(file, n); err == nil && checkLagrange(powers, basis) == nil {
			s.Lagrange.Pk.G1 = basis
			return s, nil
		}
	}
	if s.Lagrange.Pk.G1, err = kzg.ToLagrangeG1(powers); err != nil {
		return nil, fmt.Errorf("derive the Lagrange basis: %w", err)
	}
	if err := checkLagrange(powers, s.Lagrange.Pk.G1); err != nil {
		return nil, err
	}
	if dir != "" {
		if err := writeBasis(file, s.Lagrange.Pk.G1); err != nil {
			return nil, fmt.Errorf("keep the Lagrange basis: %w", err)
		}
	}
	return s, nil
}

func checksums(g1, g2 []byte) error {
	for _, f := range []struct {
		name, sum string
		data      []byte
	}{{"g1.bin", g1Sum, g1}, {"g2.bin", g2Sum, g2}} {
		if sum := sha256.Sum256(f.data); hex.EncodeToString(sum[:]) != f.sum {
			return fmt.Errorf("powers of tau: %s has SHA-256 %x, expected %s", f.name, sum, f.sum)
		}
	}
	return nil
}

// parse reads compressed points; each is on its curve and in its subgroup, and none is zero.
func parse(g1, g2 []byte) (s kzg.SRS, err error) {
	const size1, size2 = bn254.SizeOfG1AffineCompressed, bn254.SizeOfG2AffineCompressed
	if len(g1)%size1 != 0 || len(g1) < 2*size1 || len(g2) != 2*size2 {
		return s, fmt.Errorf("powers of tau: %d and %d bytes are not whole points", len(g1), len(g2))
	}
	s.Pk.G1 = make([]bn254.G1Affine, len(g1)/size1)
	for i := range s.Pk.G1 {
		p := &s.Pk.G1[i]
		// An uncompressed point would be read beyond its 32 bytes.
		if n, err := p.SetBytes(g1[i*size1 : (i+1)*size1]); err != nil || n != size1 || p.IsInfinity() {
			return s, fmt.Errorf("powers of tau: [tau^%d]_1 is no point: %w", i, errors.Join(err, errPoint))
		}
	}
	for i := range s.Vk.G2 {
		p := &s.Vk.G2[i]
		if n, err := p.SetBytes(g2[i*size2 : (i+1)*size2]); err != nil || n != size2 || p.IsInfinity() {
			return s, fmt.Errorf("powers of tau: [tau^%d]_2 is no point: %w", i, errors.Join(err, errPoint))
		}
		// Read points carry no lines; without them every verification fails.
		s.Vk.Lines[i] = bn254.PrecomputeLines(*p)
	}
	s.Vk.G1 = s.Pk.G1[0]
	return s, nil
}

var (
	errPoint    = errors.New("not a compressed point of the group")
	errCeremony = errors.New("powers of tau: not the ceremony's: its first powers differ")
	errTau      = errors.New("powers of tau: the groups disagree on tau")
	errPowers   = errors.New("powers of tau: not consecutive powers of one tau")
	errLagrange = errors.New("powers of tau: the Lagrange basis is not that of the powers")
)

// check holds a string to the ceremony's first powers, and the others to those.
func check(s *kzg.SRS) error {
	_, _, one1, one2 := bn254.Generators()
	g1, g2 := s.Pk.G1, s.Vk.G2
	if !g1[0].Equal(&one1) || !g2[0].Equal(&one2) || !g1[1].Equal(&tauG1) || !g2[1].Equal(&tauG2) {
		return errCeremony
	}
	if ok, err := samePairing(g1[1], one2, one1, g2[1]); err != nil || !ok {
		return errors.Join(errTau, err)
	}
	// e(sum r_i P_(i+1), [1]) = e(sum r_i P_i, [tau]) for random r: each P_(i+1) = tau P_i but with probability 1/r.
	r, err := random(len(g1) - 1)
	if err != nil {
		return err
	}
	var low, high bn254.G1Affine
	if _, err := low.MultiExp(g1[:len(g1)-1], r, ecc.MultiExpConfig{}); err != nil {
		return fmt.Errorf("combine powers: %w", err)
	}
	if _, err := high.MultiExp(g1[1:], r, ecc.MultiExpConfig{}); err != nil {
		return fmt.Errorf("combine powers: %w", err)
	}
	if ok, err := samePairing(high, one2, low, g2[1]); err != nil || !ok {
		return errors.Join(errPowers, err)
	}
	return nil
}

// samePairing is whether e(a, b) = e(c, d).
func samePairing(a bn254.G1Affine, b bn254.G2Affine, c bn254.G1Affine, d bn254.G2Affine) (bool, error) {
	c.Neg(&c)
	return bn254.PairingCheck([]bn254.G1Affine{a, c}, []bn254.G2Affine{b, d})
}

// checkLagrange: a random polynomial has the same commitment by its coefficients and by its values.
func checkLagrange(powers, basis []bn254.G1Affine) error {
	if len(powers) != len(basis) {
		return errLagrange
	}
	f, err := random(len(powers))
	if err != nil {
		return err
	}
	var byCoefficients, byValues bn254.G1Affine
	if _, err := byCoefficients.MultiExp(powers, f, ecc.MultiExpConfig{}); err != nil {
		return fmt.Errorf("commit by coefficients: %w", err)
	}
	fft.NewDomain(uint64(len(f))).FFT(f, fft.DIF)
	fft.BitReverse(f)
	if _, err := byValues.MultiExp(basis, f, ecc.MultiExpConfig{}); err != nil {
		return fmt.Errorf("commit by values: %w", err)
	}
	if !byCoefficients.Equal(&byValues) {
		return errLagrange
	}
	return nil
}

func random(n int) ([]fr.Element, error) {
	r := make([]fr.Element, n)
	for i := range r {
		if _, err := r[i].SetRandom(); err != nil {
			return nil, fmt.Errorf("draw randomness: %w", err)
		}
	}
	return r, nil
}

func readBasis(file string, n int) ([]bn254.G1Affine, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	const size = bn254.SizeOfG1AffineUncompressed
	if len(data) != n*size {
		return nil, errLagrange
	}
	basis := make([]bn254.G1Affine, n)
	for i := range basis {
		if read, err := basis[i].SetBytes(data[i*size : (i+1)*size]); err != nil || read != size {
			return nil, errors.Join(errLagrange, err)
		}
	}
	return basis, nil
}

// writeBasis replaces the file at once: a crash leaves the old one or none.
func writeBasis(file string, basis []bn254.G1Affine) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	var out bytes.Buffer
	for i := range basis {
		raw := basis[i].RawBytes()
		out.Write(raw[:])
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".lagrange-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(out.Bytes()); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
