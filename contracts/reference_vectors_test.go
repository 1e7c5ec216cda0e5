package contracts_test

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// What tests/vectors/reference.json says of every function, Solidity computes: the values that every implementation must
// reproduce.
func TestReferenceFunctionsAreTheVectors(t *testing.T) {
	var v struct {
		Functions map[string]map[string][]string `json:"functions"`
	}
	readReference(t, &v)
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	abi, err := m.meta.ParseABI()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		vectors, method string
		in, out         []string
	}{
		{"act", "act", []string{"gate", "up"}, []string{"out"}},
		{"act", "silu", []string{"gate"}, []string{"silu"}},
		{"attention", "attention", []string{"headDim"}, []string{"factor", "shift"}},
		{"divide", "divide", []string{"a", "b"}, []string{"out"}},
		{"embed", "embed", []string{"q", "exponent"}, []string{"out"}},
		{"exp", "exp", []string{"y", "factor", "bits"}, []string{"out"}},
		{"log2", "log2", []string{"sum"}, []string{"out"}},
		{"logprob", "logprob", []string{"logit", "largest", "sum"}, []string{"out"}},
		{"margin", "margin", []string{"logit", "largest"}, []string{"out"}},
		{"norm", "norm", []string{"x", "mantissa", "shift", "weight"}, []string{"out"}},
		{"rotate", "rotate", []string{"y", "partner", "sin", "cos", "second"}, []string{"out"}},
		{"roundShift", "roundShift", []string{"x", "n"}, []string{"out"}},
		{"rsqrt", "rsqrt", []string{"v", "n"}, []string{"mantissa", "shift"}},
		{"saturate", "saturate", []string{"x"}, []string{"out"}},
		{"sincos", "sincos", []string{"turns"}, []string{"sin", "cos"}},
	} {
		columns := v.Functions[f.vectors]
		if len(columns[f.out[0]]) == 0 {
			t.Fatalf("no vectors of %s", f.vectors)
		}
		for i := range columns[f.out[0]] {
			// Every argument and every answer is one word.
			input := append([]byte(nil), abi.Methods[f.method].ID...)
			for _, name := range f.in {
				input = append(input, word256(t, columns[name][i])...)
			}
			out, err := m.call(input)
			if err != nil {
				t.Fatalf("%s, case %d: %v", f.method, i, err)
			}
			for k, name := range f.out {
				if want := word256(t, columns[name][i]); string(out[32*k:32*k+32]) != string(want) {
					t.Errorf("%s, case %d: %s is %x, want %x", f.method, i, name, out[32*k:32*k+32], want)
				}
			}
		}
	}
}

// word256 is a decimal number as a word, in two's complement.
func word256(t *testing.T, s string) []byte {
	t.Helper()
	x, ok := new(big.Int).SetString(s, 10)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	if x.Sign() < 0 {
		x.Add(x, new(big.Int).Lsh(big.NewInt(1), 256))
	}
	return x.FillBytes(make([]byte, 32))
}

// The steps of the vectors' programs are proved, and not with another number.
func TestReferenceStepsAreTheVectors(t *testing.T) {
	var v struct {
		Programs struct {
			Cases []struct {
				Arch      reference.Arch    `json:"arch"`
				Prompt    []uint32          `json:"prompt"`
				Output    []uint32          `json:"output"`
				Rule      posp.SamplingRule `json:"rule"`
				RowsRoot  posp.Hash         `json:"rowsRoot"`
				ModelRoot posp.Hash         `json:"modelRoot"`
				TraceRoot posp.Hash         `json:"traceRoot"`
				Steps     struct {
					Cases []struct {
						Row     uint64 `json:"row"`
						Element int    `json:"element"`
						Proof   struct {
							Element  opening   `json:"element"`
							Operands []opening `json:"operands"`
						} `json:"proof"`
					} `json:"cases"`
				} `json:"steps"`
			} `json:"cases"`
		} `json:"programs"`
	}
	readReference(t, &v)
	m, libs := deploy(t, &contracts.PlainStepVerifierMetaData), deploy(t, &contracts.ReferenceLibrariesMetaData)
	steps := 0
	for _, c := range v.Programs.Cases {
		in, err := refLibraries.TryPackModelRoot(toArch(c.Arch, c.RowsRoot))
		if got := ask(t, libs, refLibraries.UnpackModelRoot, in, err); got.Root != c.ModelRoot {
			t.Errorf("model root %x, want %s", got.Root, c.ModelRoot)
		}
		g, err := reference.NewGraph(c.Arch, len(c.Prompt), len(c.Output), c.Rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Steps.Cases {
			if len(s.Proof.Element.Elements) == 0 {
				continue // the vectors prove some
			}
			steps++
			row := g.Locate(s.Row)
			_, width := g.Shape(row)
			p := reference.StepProof{Element: s.Proof.Element.decode()}
			for _, o := range s.Proof.Operands {
				p.Operands = append(p.Operands, o.decode())
			}
			proof := p.Encode(g.Leaf(row, s.Element))
			step := contracts.Step{Program: toProgram(g, c.RowsRoot), TraceRoot: c.TraceRoot, Row: bigOf(s.Row), BlockIndex: big.NewInt(int64(s.Element / 64)),
				BlockHash: crypto.Keccak256Hash([]byte{0}, s.Proof.Element.Elements), Element: big.NewInt(int64(s.Element % 64))}
			in, err := stepVerifier.TryPackVerify(step, proof)
			if ok, err := try(t, m, stepVerifier.UnpackVerify, in, err); err != nil || !ok {
				t.Errorf("row %d, %+v, element %d: not proved: %v", s.Row, row, s.Element, err)
			}
			if row.Op <= reference.Output {
				continue // given
			}
			lie := append(hexutil.Bytes(nil), s.Proof.Element.Elements...)
			lie[width*(s.Element%64)+width-1] ^= 1
			copy(proof, lie)
			step.BlockHash = crypto.Keccak256Hash([]byte{0}, lie)
			in, err = stepVerifier.TryPackVerify(step, proof)
			if ok, err := try(t, m, stepVerifier.UnpackVerify, in, err); err == nil && ok {
				t.Errorf("row %d, element %d: a lie is proved", s.Row, s.Element)
			}
		}
	}
	if steps == 0 {
		t.Error("the vectors have no steps")
	}
}

// opening is a reference.Opening as the vectors write it.
type opening struct {
	Exponent uint8         `json:"exponent"`
	Elements hexutil.Bytes `json:"elements"`
	Siblings []posp.Hash   `json:"siblings"`
}

func (o opening) decode() reference.Opening {
	return reference.Opening{Exponent: o.Exponent, Elements: o.Elements, Siblings: o.Siblings}
}

func readReference(t *testing.T, v any) {
	t.Helper()
	b, err := os.ReadFile("../tests/vectors/reference.json")
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}
