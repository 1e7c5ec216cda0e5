package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

const drawDocument = `{
	"chainId": "0x7a69", "registry": "0x00000000000000000000000000000000000000aa", "provider": "0x00000000000000000000000000000000000000bb",
	"epoch": 3, "firstSequence": "100", "root": "0x1100000000000000000000000000000000000000000000000000000000000011",
	"leafCount": 20, "beacon": "0x2200000000000000000000000000000000000000000000000000000000000022", "ratePpm": 500000, "kMin": 4,
	"operators": [{"address": "0x0000000000000000000000000000000000000002", "weight": "0x100000000000000000000000000000000"},
		{"address": "0x0000000000000000000000000000000000000001", "weight": "340282366920938463463374607431768211456"},
		{"address": "0x00000000000000000000000000000000000000bb", "weight": 5}, {"address": "0x0000000000000000000000000000000000000003", "weight": 7}],
	"m": 2}`

type drawn struct {
	BatchID posp.Hash
	Seed    posp.Hash
	K       uint64
	Samples []struct {
		J, Leaf   uint64
		SampleID  posp.Hash
		Committee []posp.Address
	}
}

func runDraw(t *testing.T, document string) drawn {
	t.Helper()
	var out bytes.Buffer
	if err := VectorsDraw(strings.NewReader(document), &out); err != nil {
		t.Fatal(err)
	}
	var d drawn
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestVectorsDraw(t *testing.T) {
	d := runDraw(t, drawDocument)
	batch := posp.Batch{Provider: posp.Address{19: 0xbb}, Epoch: 3, FirstSequence: 100, Root: posp.Hash{0: 0x11, 31: 0x11}, LeafCount: 20}
	domain := posp.Domain{ChainID: 31337, Registry: posp.Address{19: 0xaa}}
	if d.BatchID != batch.ID(domain) || d.Seed != posp.Seed(domain, 3, d.BatchID, posp.Hash{0: 0x22, 31: 0x22}) || d.K != 10 || len(d.Samples) != 10 {
		t.Fatalf("%+v", d)
	}
	for j, s := range d.Samples {
		if s.J != uint64(j) || s.SampleID != posp.SampleID(d.BatchID, s.J, s.Leaf) || len(s.Committee) != 2 {
			t.Errorf("sample %d: %+v", j, s)
		}
		for _, member := range s.Committee {
			if member == batch.Provider {
				t.Error("the provider sits in its own committee")
			}
		}
	}
	asked := runDraw(t, strings.Replace(drawDocument, `"m": 2`, `"m": 2, "j": [7, "0x2"]`, 1))
	if len(asked.Samples) != 2 || asked.Samples[0].SampleID != d.Samples[7].SampleID || asked.Samples[1].SampleID != d.Samples[2].SampleID {
		t.Errorf("asked for 7 and 2: %+v", asked.Samples)
	}
	excluded := runDraw(t, strings.Replace(drawDocument, `"m": 2`, `"m": 2, "excluded": ["0x0000000000000000000000000000000000000001"]`, 1))
	for _, s := range excluded.Samples {
		if len(s.Committee) != 2 || s.Committee[0] == (posp.Address{19: 1}) || s.Committee[1] == (posp.Address{19: 1}) {
			t.Errorf("excluded operator: %v", s.Committee)
		}
	}
	if d := runDraw(t, strings.Replace(drawDocument, `"leafCount": 20`, `"leafCount": 1000000000`, 1)); len(d.Samples) != 1000 || d.K != 500_000_000 {
		t.Errorf("%d samples of %d by default", len(d.Samples), d.K)
	}
}

func TestVectorsDrawRefuses(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`"m": 2`, `"m": 2, "extra": 1`, `unknown field "extra"`},
		{`"beacon"`, `"beacn"`, `unknown field "beacn"`},
		{`"epoch": 3,`, ``, `"epoch" is missing`},
		{`"0x7a69"`, `"0x10000000000000000"`, `"chainId" is 18446744073709551616, and may be at most 18446744073709551615`},
		{`"epoch": 3`, `"epoch": -3`, `unsigned integer`},
		{`"epoch": 3`, `"epoch": 1.5`, `unsigned integer`},
		{`"epoch": 3`, `"epoch": "0x"`, `unsigned integer`},
		{`"epoch": 3`, `"epoch": {}`, `unsigned integer`},
		{`"weight": 7`, `"weight": "0x1` + strings.Repeat("0", 64) + `"`, `256 bits`},
		{`"weight": 7`, `"weight": "0x` + strings.Repeat("f", 64) + `"`, `overflow`},
		{`"weight": 7`, `"stake": 7`, `unknown field "stake"`},
		{`, "weight": 7`, ``, `"operators[3].weight" is missing`},
		{`0000000000000001"`, `0000000000000002"`, `0x0000000000000000000000000000000000000002`},
		{`"m": 2`, `"m": 2, "j": [10]`, `sample 10 of 10`},
		{`"m": 2}`, `"m": 2} {}`, `more follows`},
		{drawDocument, ``, `nothing on standard input`},
		{`"0x00000000000000000000000000000000000000aa"`, `"0xaa"`, `hex`},
	} {
		document := strings.Replace(drawDocument, c.from, c.to, 1)
		var out bytes.Buffer
		err := VectorsDraw(strings.NewReader(document), &out)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s -> %s: error %v, want one line with %q", c.from, c.to, err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("%s -> %s: printed %q", c.from, c.to, out.String())
		}
	}
}

func TestVectorsTree(t *testing.T) {
	values := []posp.Hash{{1}, {2}, {3}}
	b, _ := json.Marshal(map[string]any{"leaves": values, "index": "2"})
	var out bytes.Buffer
	if err := VectorsTree(bytes.NewReader(b), &out); err != nil {
		t.Fatal(err)
	}
	var tree struct {
		Root, Leaf posp.Hash
		Proof      []posp.Hash
	}
	if err := json.Unmarshal(out.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
	if tree.Leaf != merkle.Leaf(values[2]) {
		t.Errorf("leaf %s", tree.Leaf)
	}
	if err := merkle.Verify(tree.Root, values[2], 2, 3, tree.Proof); err != nil {
		t.Error(err)
	}
	out.Reset()
	if err := VectorsTree(strings.NewReader(`{"leaves": []}`), &out); err != nil || !strings.Contains(out.String(), (posp.Hash{}).Hex()) {
		t.Errorf("the empty tree: %s, %v", out.String(), err)
	}
	for document, want := range map[string]string{
		`{"index": 0}`: `"leaves" is missing`, `{"leaves": [], "index": 0}`: "index 0 in a tree of 0",
		`{"leaves": ["0x12"]}`: "hex", `{"leaves": [], "i": 0}`: `unknown field "i"`,
	} {
		if err := VectorsTree(strings.NewReader(document), &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", document, err, want)
		}
	}
}
