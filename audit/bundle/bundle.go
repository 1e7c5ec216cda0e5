// Package bundle is the file that an audit needs and nothing but it: what an
// epoch's verdicts rest on, or those of some of its samples. docs/bundle.md is
// its specification. It encodes and decodes, and judges nothing: package audit
// does.
//
// Reading order: bundle.go (the file), sections.go (its JSON), sample.go (its
// bulk), log.go (what a transparency log says of it).
package bundle

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// Format is the version that this package reads and writes.
const Format = "posp.bundle.v1"

const magic = Format + "\n"

// Limits, in bytes.
const (
	maxManifest = 1 << 20
	maxSection  = 1 << 28
)

// Manifest names everything that there is to know of an epoch by its hash. The
// hash of its encoding is the bundle's id.
type Manifest struct {
	Format   string        `json:"format"`
	Samples  Samples       `json:"samples"`
	Sections List[Section] `json:"sections"` // ascending by name
}

// Samples is how many samples the epoch has, and the root of the tree over
// their cores' hashes.
type Samples struct {
	Count uint32    `json:"count"`
	Root  posp.Hash `json:"root"`
}

// Section is one section.
type Section struct {
	Hash posp.Hash `json:"hash"`
	Name string    `json:"name"`
	Size uint32    `json:"size"`
}

// Bundle is a manifest and what is held of it.
type Bundle struct {
	Manifest Manifest

	Network     Network
	Specs       List[Spec]
	Batches     List[Batch]
	Demands     List[Demand] // that the epoch answers
	Table       List[Member]
	Standings   List[Standing] // before the epoch
	Certificate Certificate
	Chain       Chain
	// Messages of operators, by operator; those that are left out are nil.
	Commitments map[posp.Address]*posp.Commitments
	Reveals     map[posp.Address]*Reveals
	Samples     []Sample // that are held, ascending by index
	Log         *Log     // nil: left out

	id      posp.Hash
	raw     map[string][]byte // sections as read or written; what is left out is not there
	tooLong []string
}

// Reveals is posp.Reveals with evidence as its keccak, which is what is signed.
type Reveals struct {
	Operator  posp.Address
	Items     []posp.Revealed // ascending by sample
	Signature []byte
}

// ID is keccak of the manifest.
func (b *Bundle) ID() posp.Hash { return b.id }

// Epoch is the certificate's.
func (b *Bundle) Epoch() uint64 { return uint64(b.Certificate.Result.Epoch) }

// Whole says whether all samples of the epoch are held.
func (b *Bundle) Whole() bool { return uint32(len(b.Samples)) == b.Manifest.Samples.Count }

// Depth is the length of the samples' proofs.
func (b *Bundle) depth() int { return merkle.Depth(uint64(b.Manifest.Samples.Count)) }

// json are the sections in JSON that are always there, and where they stand.
func (b *Bundle) json() map[string]any {
	return map[string]any{SectionBatches: &b.Batches, SectionCertificate: &b.Certificate, SectionChain: &b.Chain, SectionNetwork: &b.Network,
		SectionSpecs: &b.Specs, SectionStandings: &b.Standings, SectionTable: &b.Table}
}

// Seal computes the manifest of a bundle that holds everything of its epoch: the
// sections are encoded, and the samples numbered as they stand. Parts that are
// longer than a file may hold are left out (TooLong); anything else that is
// larger is an error.
func (b *Bundle) Seal() error {
	if len(b.Samples) > sampler.MaxSamples {
		return fmt.Errorf("%d samples, at most %d", len(b.Samples), sampler.MaxSamples)
	}
	b.tooLong = nil
	for i := range b.Samples {
		long, err := b.Samples[i].limit()
		if err != nil {
			return err
		}
		b.tooLong = append(b.tooLong, long...)
	}
	b.raw = map[string][]byte{}
	sections := b.json()
	if len(b.Demands) > 0 {
		sections[SectionDemands] = &b.Demands
	}
	for name, value := range sections {
		raw, err := encode(value)
		if err != nil {
			return fmt.Errorf("encode section %s: %w", name, err)
		}
		b.raw[name] = raw
	}
	for operator, m := range b.Commitments {
		b.raw[SectionCommitments+name(operator)] = encodeCommitments(m)
	}
	for operator, m := range b.Reveals {
		b.raw[SectionReveals+name(operator)] = encodeReveals(m)
	}
	b.Manifest = Manifest{Format: Format}
	for name, raw := range b.raw {
		if len(raw) > maxSection {
			return fmt.Errorf("section %s has %d bytes, at most %d", name, len(raw), maxSection)
		}
		b.Manifest.Sections = append(b.Manifest.Sections, Section{crypto.Keccak256Hash(raw), name, uint32(len(raw))})
	}
	slices.SortFunc(b.Manifest.Sections, func(x, y Section) int { return cmp.Compare(x.Name, y.Name) })
	for i := range b.Samples {
		b.Samples[i].Index, b.Samples[i].core, b.Samples[i].Core, b.Samples[i].Certified = uint32(i), nil, nil, nil
	}
	b.Manifest.Samples = Samples{uint32(len(b.Samples)), merkle.Root(b.CoreHashes())}
	raw, err := encode(b.Manifest)
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	if len(raw) > maxManifest {
		return fmt.Errorf("the manifest has %d bytes, at most %d", len(raw), maxManifest)
	}
	b.id = crypto.Keccak256Hash(raw)
	return nil
}

// TooLong are the parts that Seal left out because no file may hold them, and
// how long they are.
func (b *Bundle) TooLong() []string { return b.tooLong }

// CoreHashes are keccak of the held samples' cores.
func (b *Bundle) CoreHashes() []posp.Hash {
	list := make([]posp.Hash, len(b.Samples))
	Each(len(list), func(i int) {
		s := &b.Samples[i]
		if s.core == nil {
			s.core = s.encode()
		}
		list[i] = crypto.Keccak256Hash(s.core)
	})
	return list
}

// Each runs do for each i in [0, n) on all processors.
func Each(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// Keep leaves out, of a sealed bundle that holds all samples, those that keep does
// not name, and messages of operators who are in no committee of the others.
func (b *Bundle) Keep(keep func(*Sample) bool) error {
	if !b.Whole() {
		return fmt.Errorf("the bundle holds %d of %d samples: take others out of the whole one", len(b.Samples), b.Manifest.Samples.Count)
	}
	cores, results := merkle.New(b.CoreHashes()), merkle.New(b.ResultHashes())
	var kept []Sample
	members := map[posp.Address]bool{}
	for _, s := range b.Samples {
		if !keep(&s) {
			continue
		}
		var err error
		if s.Core, err = cores.Proof(uint64(s.Index)); err != nil {
			return err
		}
		if s.Certified, err = results.Proof(uint64(s.Index)); err != nil {
			return err
		}
		for _, m := range s.Members {
			members[m.Operator] = true
		}
		kept = append(kept, s)
	}
	if len(kept) == len(b.Samples) {
		return nil
	}
	b.Samples = kept
	for operator := range b.Commitments {
		if !members[operator] {
			delete(b.Commitments, operator)
			delete(b.raw, SectionCommitments+name(operator))
		}
	}
	for operator := range b.Reveals {
		if !members[operator] {
			delete(b.Reveals, operator)
			delete(b.raw, SectionReveals+name(operator))
		}
	}
	b.trimLog()
	return nil
}

// LeaveOut leaves operators' messages out: SectionCommitments or SectionReveals.
func (b *Bundle) LeaveOut(kind string) {
	if kind == SectionCommitments {
		clear(b.Commitments)
	} else {
		clear(b.Reveals)
	}
	for section := range b.raw {
		if strings.HasPrefix(section, kind) {
			delete(b.raw, section)
		}
	}
	b.trimLog()
}

// ResultHashes are the held samples' results as they stand under a
// certificate's sample root.
func (b *Bundle) ResultHashes() []posp.Hash {
	list := make([]posp.Hash, len(b.Samples))
	for i := range b.Samples {
		list[i] = b.Samples[i].Result.LeafHash()
	}
	return list
}

// Redact leaves texts out: prompts, and outputs as well if both is set or the
// sample's spec is private, where one seed opens both.
func (b *Bundle) Redact(both bool) {
	private := map[posp.Hash]bool{}
	for _, s := range b.Specs {
		spec := s.Value().Spec
		private[spec.ID()] = spec.Private()
	}
	for i := range b.Samples {
		s := &b.Samples[i]
		known, ok := private[s.Receipt.SpecID]
		s.Request = nil
		if both || known || !ok {
			s.Output = nil
		}
	}
}

// Redacted is of how many held samples a text is left out.
func (b *Bundle) Redacted() (n int) {
	for i := range b.Samples {
		if s := &b.Samples[i]; s.Opened && (s.Request == nil || s.Output == nil) {
			n++
		}
	}
	return n
}

func name(a posp.Address) string { return strings.ToLower(a.Hex()) }

func encodeCommitments(m *posp.Commitments) []byte {
	var w writer
	w.put(m.Operator[:])
	w.list(len(m.Items))
	for _, it := range m.Items {
		w.hash(it.SampleID)
		w.hash(it.Commitment)
	}
	w.put(m.Signature)
	return w
}

func decodeCommitments(b []byte) (*posp.Commitments, error) {
	r := reader{b: b}
	m := &posp.Commitments{Operator: r.addr()}
	n := r.u32()
	if uint64(n) > uint64(len(r.b)/64) {
		r.fail("a list of %d is longer than what holds it", n)
		n = 0
	}
	m.Items = make([]posp.SampleCommitment, n)
	for i := range m.Items {
		m.Items[i] = posp.SampleCommitment{SampleID: r.hash(), Commitment: r.hash()}
		if i > 0 && m.Items[i-1].SampleID.Cmp(m.Items[i].SampleID) >= 0 {
			r.fail("item %d does not ascend", i)
		}
	}
	m.Signature = r.take(65)
	return m, r.end()
}

func encodeReveals(m *Reveals) []byte {
	var w writer
	w.put(m.Operator[:])
	w.list(len(m.Items))
	for _, it := range m.Items {
		w.hash(it.SampleID)
		w.hash(it.Evidence)
		w.hash(it.Salt)
	}
	w.put(m.Signature)
	return w
}

func decodeReveals(b []byte) (*Reveals, error) {
	r := reader{b: b}
	m := &Reveals{Operator: r.addr()}
	n := r.u32()
	if uint64(n) > uint64(len(r.b)/96) {
		r.fail("a list of %d is longer than what holds it", n)
		n = 0
	}
	m.Items = make([]posp.Revealed, n)
	for i := range m.Items {
		m.Items[i] = posp.Revealed{SampleID: r.hash(), Evidence: r.hash(), Salt: r.hash()}
		if i > 0 && m.Items[i-1].SampleID.Cmp(m.Items[i].SampleID) >= 0 {
			r.fail("item %d does not ascend", i)
		}
	}
	m.Signature = r.take(65)
	return m, r.end()
}

// Write writes the file.
func (b *Bundle) Write(to io.Writer) error {
	manifest, err := encode(b.Manifest)
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	out := bufio.NewWriterSize(to, 1<<20)
	var w writer
	w.put([]byte(magic))
	w.bytes(manifest)
	for _, s := range b.Manifest.Sections {
		raw, held := b.raw[s.Name]
		w.flag(held)
		w.put(raw)
	}
	w.list(len(b.Samples))
	for i := range b.Samples {
		s := &b.Samples[i]
		if s.core == nil {
			s.core = s.encode()
		}
		w.u32(s.Index)
		w.bytes(s.core)
		for _, part := range s.parts() {
			if len(*part) > maxPart {
				return fmt.Errorf("a part of sample %d has %d bytes, at most %d", s.Index, len(*part), maxPart)
			}
			w.flag(*part != nil)
			if *part != nil {
				w.bytes(*part)
			}
		}
		if !b.Whole() {
			for _, h := range append(slices.Clone(s.Core), s.Certified...) {
				w.hash(h)
			}
		}
		if _, err := out.Write(w); err != nil {
			return err
		}
		w = w[:0]
	}
	w.flag(b.Log != nil)
	if b.Log != nil {
		text := b.Log.Text()
		if len(text) > maxLog || len(b.Log.Head) == 0 || len(b.Log.Head) > maxHead {
			return fmt.Errorf("what the log says has %d bytes with a head of %d, at most %d and %d", len(text), len(b.Log.Head), maxLog, maxHead)
		}
		w.bytes(text)
	}
	if _, err := out.Write(w); err != nil {
		return err
	}
	return out.Flush()
}

// Read reads a file, and keeps parts of file for itself. What it refuses is a
// ValidationError. It compares no hashes.
func Read(file []byte) (*Bundle, error) {
	r := reader{b: file}
	if head := r.take(len(magic)); string(head) != magic {
		return nil, posp.Invalidf("it does not begin with %q: it is no bundle, or of another version", Format)
	}
	b := &Bundle{raw: map[string][]byte{}, Commitments: map[posp.Address]*posp.Commitments{}, Reveals: map[posp.Address]*Reveals{}}
	manifest := r.bytes(maxManifest)
	if r.err != nil {
		return nil, posp.Invalidf("manifest: %v", r.err)
	}
	if err := decode(manifest, &b.Manifest); err != nil {
		return nil, posp.Invalidf("manifest: %v", err)
	}
	b.id = crypto.Keccak256Hash(manifest)
	if err := b.Manifest.check(); err != nil {
		return nil, posp.Invalidf("manifest: %v", err)
	}
	for _, s := range b.Manifest.Sections {
		if r.flag() {
			b.raw[s.Name] = r.take(int(s.Size))
		}
		if r.err != nil {
			return nil, posp.Invalidf("section %s: %v", s.Name, r.err)
		}
		if err := b.section(s.Name); err != nil {
			return nil, posp.Invalidf("section %s: %v", s.Name, err)
		}
	}
	held := r.u32()
	if held > b.Manifest.Samples.Count {
		return nil, posp.Invalidf("%d samples are held, of %d", held, b.Manifest.Samples.Count)
	}
	whole, depth := held == b.Manifest.Samples.Count, b.depth()
	b.Samples = make([]Sample, 0, min(int(held), len(r.b)/64))
	for n := range held {
		s, err := readSample(&r, whole, depth)
		if err != nil {
			return nil, posp.Invalidf("sample %d: %v", n, err)
		}
		if s.Index >= b.Manifest.Samples.Count || n > 0 && s.Index <= b.Samples[n-1].Index {
			return nil, posp.Invalidf("sample %d: index %d of %d does not ascend", n, s.Index, b.Manifest.Samples.Count)
		}
		b.Samples = append(b.Samples, s)
	}
	if r.flag() {
		text := r.bytes(maxLog)
		if r.err == nil {
			var err error
			if b.Log, err = parseLog(text); err != nil {
				return nil, posp.Invalidf("log: %v", err)
			}
		}
	}
	return b, r.end()
}

func readSample(r *reader, whole bool, depth int) (Sample, error) {
	index := r.u32()
	core := r.bytes(maxCore)
	if r.err != nil {
		return Sample{}, r.err
	}
	s, err := decodeCore(core)
	if err != nil {
		return s, err
	}
	s.Index = index
	for _, part := range s.parts() {
		if r.flag() {
			if *part = r.bytes(maxPart); r.err == nil && *part == nil {
				*part = []byte{}
			}
		}
	}
	if !whole {
		s.Core, s.Certified = r.hashes(depth), r.hashes(depth)
	}
	if r.err != nil {
		return s, r.err
	}
	for _, text := range []bool{s.Request != nil, s.Output != nil} {
		if text {
			_, err = s.Opening(0)
		}
	}
	return s, err
}

func (m *Manifest) check() error {
	if m.Format != Format {
		return posp.Invalidf("format %q, want %q", m.Format, Format)
	}
	if m.Samples.Count > sampler.MaxSamples {
		return posp.Invalidf("%d samples, at most %d", m.Samples.Count, sampler.MaxSamples)
	}
	mandatory := (&Bundle{}).json()
	for i, s := range m.Sections {
		if i > 0 && s.Name <= m.Sections[i-1].Name {
			return posp.Invalidf("section %q does not ascend", s.Name)
		}
		if s.Size > maxSection {
			return posp.Invalidf("section %q has %d bytes, at most %d", s.Name, s.Size, maxSection)
		}
		if _, ok := mandatory[s.Name]; ok {
			delete(mandatory, s.Name)
			continue
		}
		if _, _, ok := ofOperator(s.Name); !ok && s.Name != SectionDemands {
			return posp.Invalidf("there is no section %q", s.Name)
		}
	}
	for name := range mandatory {
		return posp.Invalidf("section %q is missing", name)
	}
	return nil
}

// ofOperator splits the name of a section of one operator.
func ofOperator(section string) (kind string, operator posp.Address, ok bool) {
	kind, address, found := strings.Cut(section, "/")
	operator = common.HexToAddress(address)
	kind += "/"
	return kind, operator, found && (kind == SectionCommitments || kind == SectionReveals) && name(operator) == address
}

// section decodes a section; one that must be held and is not is refused.
func (b *Bundle) section(section string) error {
	raw, held := b.raw[section]
	value, ok := b.json()[section]
	if section == SectionDemands {
		value, ok = &b.Demands, true
	}
	if ok {
		if !held {
			return posp.Invalidf("it may not be left out")
		}
		if err := decode(raw, value); err != nil {
			return err
		}
		if section == SectionDemands && len(b.Demands) == 0 {
			return posp.Invalidf("an epoch without demands has no such section")
		}
		if c := &b.Certificate; section == SectionCertificate && (len(c.Signature) != 64 || len(c.SignersKey) != 128) {
			return posp.Invalidf("a signature of %d bytes by a key of %d, want 64 and 128", len(c.Signature), len(c.SignersKey))
		}
		return nil
	}
	if !held {
		return nil
	}
	kind, operator, _ := ofOperator(section)
	var err error
	if kind == SectionCommitments {
		if b.Commitments[operator], err = decodeCommitments(raw); err == nil {
			b.Commitments[operator].Epoch = b.Epoch() // the certificate stands before
		}
	} else {
		b.Reveals[operator], err = decodeReveals(raw)
	}
	return err
}

// CheckContent compares every hash of the manifest with what is held.
func (b *Bundle) CheckContent() error {
	for _, s := range b.Manifest.Sections {
		raw, held := b.raw[s.Name]
		if got := crypto.Keccak256Hash(raw); held && got != s.Hash {
			return posp.Invalidf("section %s hashes to %s, the manifest says %s", s.Name, got, s.Hash)
		}
	}
	cores := b.CoreHashes()
	if b.Whole() {
		if got := merkle.Root(cores); got != b.Manifest.Samples.Root {
			return posp.Invalidf("the %d samples have root %s, the manifest says %s", len(cores), got, b.Manifest.Samples.Root)
		}
		return nil
	}
	for i, core := range cores {
		if err := merkle.Verify(b.Manifest.Samples.Root, core, uint64(b.Samples[i].Index), uint64(b.Manifest.Samples.Count), b.Samples[i].Core); err != nil {
			return posp.Invalidf("sample %d: %v", b.Samples[i].Index, err)
		}
	}
	return nil
}
