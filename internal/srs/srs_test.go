package srs

import (
	"bytes"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
)

func TestLoad(t *testing.T) {
	s, err := Load(1<<8, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Canonical.Pk.G1) != 1<<8+3 || len(s.Lagrange.Pk.G1) != 1<<8 {
		t.Fatalf("%d powers and a basis of %d", len(s.Canonical.Pk.G1), len(s.Lagrange.Pk.G1))
	}
	// The string opens commitments: lines, basis and powers fit each other.
	f := make([]fr.Element, 1<<8)
	for i := range f {
		f[i].SetUint64(uint64(i*i + 1))
	}
	digest, err := kzg.Commit(f, s.Canonical.Pk)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := kzg.Open(f, f[7], s.Canonical.Pk)
	if err != nil {
		t.Fatal(err)
	}
	if err := kzg.Verify(&digest, &proof, f[7], s.Canonical.Vk); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 3, MaxDomain * 2} {
		if _, err := Load(n, ""); err == nil {
			t.Errorf("a domain of %d was accepted", n)
		}
	}
}

// All the powers, not only those that small circuits use.
func TestAllPowers(t *testing.T) {
	if len(g1File) != (MaxDomain+blinding)*bn254.SizeOfG1AffineCompressed {
		t.Fatalf("%d bytes of powers", len(g1File))
	}
	s, err := parse(g1File, g2File)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(&s); err != nil {
		t.Fatal(err)
	}
}

// The basis by its definition: L_i = 1/n sum_j (w^-i)^j [tau^j].
func TestLagrangeDefinition(t *testing.T) {
	const n = 8
	s, err := Load(n, "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := fr.Generator(n)
	if err != nil {
		t.Fatal(err)
	}
	w.Inverse(&w)
	var wi, inv fr.Element
	inv.SetUint64(n).Inverse(&inv)
	wi.SetOne()
	for i := range n {
		scalars := make([]fr.Element, n)
		scalars[0] = inv
		for j := 1; j < n; j++ {
			scalars[j].Mul(&scalars[j-1], &wi)
		}
		var want bn254.G1Affine
		if _, err := want.MultiExp(s.Canonical.Pk.G1[:n], scalars, ecc.MultiExpConfig{}); err != nil {
			t.Fatal(err)
		}
		if !want.Equal(&s.Lagrange.Pk.G1[i]) {
			t.Fatalf("L_%d differs", i)
		}
		wi.Mul(&wi, &w)
	}
}

func TestBasisIsKeptAndChecked(t *testing.T) {
	dir := t.TempDir()
	s, err := Load(16, dir)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "ppot-lagrange-16.bin")
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Two points exchanged: all on the curve, and not the basis.
	bad := bytes.Clone(kept)
	copy(bad[:64], kept[64:128])
	copy(bad[64:128], kept[:64])
	for name, data := range map[string][]byte{"as it was": kept, "exchanged": bad, "truncated": kept[:100], "zero": make([]byte, len(kept))} {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		again, err := Load(16, dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(again.Lagrange.Pk.G1, s.Lagrange.Pk.G1) {
			t.Errorf("%s: another basis", name)
		}
		if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, kept) {
			t.Errorf("%s: the file was not put right (%v)", name, err)
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	const n = 64
	load := func() kzg.SRS {
		s, err := parse(g1File[:n*32], g2File)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	other, err := kzg.NewSRS(n, big.NewInt(424242)) // consistent, and somebody knows its tau
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		plant func(*kzg.SRS)
		want  error
	}{
		"one power changed":       {func(s *kzg.SRS) { s.Pk.G1[17].Add(&s.Pk.G1[17], &s.Pk.G1[0]) }, errPowers},
		"the last power changed":  {func(s *kzg.SRS) { s.Pk.G1[n-1].Neg(&s.Pk.G1[n-1]) }, errPowers},
		"two powers exchanged":    {func(s *kzg.SRS) { s.Pk.G1[20], s.Pk.G1[21] = s.Pk.G1[21], s.Pk.G1[20] }, errPowers},
		"another tau":             {func(s *kzg.SRS) { *s = *other }, errCeremony},
		"another tau behind ours": {func(s *kzg.SRS) { copy(s.Pk.G1[2:], other.Pk.G1[2:]) }, errPowers},
		"another tau in G2":       {func(s *kzg.SRS) { s.Vk.G2 = other.Vk.G2 }, errCeremony},
		"a power left out":        {func(s *kzg.SRS) { s.Pk.G1 = slices.Delete(s.Pk.G1, 9, 10) }, errPowers},
		"another generator":       {func(s *kzg.SRS) { s.Pk.G1[0] = s.Pk.G1[1] }, errCeremony},
	} {
		s := load()
		c.plant(&s)
		if err := check(&s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", name, err, c.want)
		}
	}
	if s := load(); check(&s) != nil {
		t.Error("the powers themselves are refused")
	}
}

func TestFilesAreChecked(t *testing.T) {
	flipped := bytes.Clone(g1File)
	flipped[len(flipped)-1] ^= 1
	swapped := bytes.Clone(g2File)
	copy(swapped, g2File[64:])
	for name, f := range map[string][2][]byte{
		"a bit":     {flipped, g2File},
		"truncated": {g1File[:len(g1File)-32], g2File},
		"G2":        {g1File, swapped},
	} {
		if checksums(f[0], f[1]) == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if err := checksums(g1File, g2File); err != nil {
		t.Error(err)
	}

	infinity := append(bytes.Clone(g1File[:32]), append([]byte{0x40}, make([]byte, 31)...)...)
	offCurve := append(bytes.Clone(g1File[:32]), append([]byte{0x80}, make([]byte, 31)...)...) // x = 0: y^2 = 3 has no root
	twist := bytes.Clone(g2File)
	for twist[127]++; ; twist[127]++ { // a point of the twist, most likely outside the subgroup
		var p bn254.G2Affine
		if _, err := p.SetBytes(twist[64:]); err != nil && err.Error() != "invalid compressed coordinate: square root doesn't exist" {
			break
		}
	}
	uncompressed := append(bytes.Clone(g1File[:32]), make([]byte, 32)...)
	for name, f := range map[string][2][]byte{
		"infinity":     {infinity, g2File},
		"off curve":    {offCurve, g2File},
		"subgroup":     {g1File[:64], twist},
		"uncompressed": {uncompressed, g2File},
		"half a point": {g1File[:70], g2File},
		"one power":    {g1File[:32], g2File},
		"no G2":        {g1File[:64], nil},
	} {
		if _, err := parse(f[0], f[1]); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}
