package float

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// scorer recomputes whole texts: layer by layer over all positions, nothing cached, weights transposed into
// panels so that each output sums its inputs one after the other, norms and softmax in binary64. It shares
// neither layout nor order of addition with Engine, and no code above the kernels' table.
//
// Widths are padded with zeros: columns to 16, rows to 4, which the kernel takes at a time.
type scorer struct {
	w       *model.Weights
	c       model.Config
	k       kernels
	layers  []packedLayer
	head    []float32
	rotary  rotary
	buffers sync.Pool // of *scratch
}

// packedLayer holds the transposes of a layer's matrices as panels.
type packedLayer struct{ qkv, o, gate, up, down []float32 }

// scratch is the memory of one Score call; matrices are [positions][padded width].
type scratch struct {
	x, h, qkv, att, gate, up, logits []float32
	keys, values                     []float32 // panels of one head: [width][positions] and [positions][width]
	scores, out                      []float32 // of 4 positions
}

// NewScorer returns the scoring path for w, which it reads from as long as it lives. A call of Score uses one
// goroutine; calls may run at once.
func NewScorer(w *model.Weights) inference.Scorer {
	c := w.Config
	d, kv := c.HiddenSize, c.KVSize()
	s := &scorer{w: w, c: c, k: best, rotary: newRotary(c.HeadDim(), c.ContextLength, c.RopeTheta)}
	for _, l := range w.Layers {
		qkv := make([]float32, 0, (d+2*kv)*d)
		qkv = append(append(append(qkv, l.Q...), l.K...), l.V...)
		s.layers = append(s.layers, packedLayer{
			qkv:  pack(qkv, d+2*kv, d),
			o:    pack(l.O, d, d),
			gate: pack(l.Gate, c.IntermediateSize, d),
			up:   pack(l.Up, c.IntermediateSize, d),
			down: pack(l.Down, d, c.IntermediateSize),
		})
	}
	s.head = pack(w.Head, c.VocabSize, d)
	s.buffers.New = func() any { return s.newScratch() }
	return s
}

func (s *scorer) newScratch() *scratch {
	c := s.c
	rows := up(c.ContextLength, 16)
	matrix := func(width int) []float32 { return make([]float32, rows*up(width, 16)) }
	return &scratch{
		x: matrix(c.HiddenSize), h: matrix(c.HiddenSize), att: matrix(c.HiddenSize), qkv: matrix(c.HiddenSize + 2*c.KVSize()),
		gate: matrix(c.IntermediateSize), up: matrix(c.IntermediateSize), logits: make([]float32, 4*up(c.VocabSize, 16)),
		keys: matrix(c.HeadDim()), values: matrix(c.HeadDim()), scores: make([]float32, 4*rows), out: make([]float32, 4*up(c.HeadDim(), 16)),
	}
}

// Score implements inference.Scorer.
func (s *scorer) Score(ctx context.Context, prompt []uint32, sampling posp.Sampling, output []uint32) (posp.Evidence, error) {
	if err := inference.CheckTokens(prompt, output, s.c.VocabSize); err != nil {
		return posp.Evidence{}, err
	}
	if err := inference.CheckContext(len(prompt), len(output), s.c.ContextLength); err != nil {
		return posp.Evidence{}, err
	}
	rule, err := inference.NewRule(sampling, s.c.VocabSize)
	if err != nil {
		return posp.Evidence{}, err
	}
	evidence := posp.Evidence{Kind: posp.EvidenceFull}
	err = s.logits(ctx, prompt, output, func(i int, logits []float32) {
		logProb, margin := rule.Judge(logits, uint32(i), output[i])
		evidence.LogProb = append(evidence.LogProb, min(0, posp.ToFixed(logProb)))
		evidence.Margin = append(evidence.Margin, max(0, posp.ToFixed(margin)))
	})
	if err != nil {
		return posp.Evidence{}, fmt.Errorf("score output: %w", err)
	}
	return evidence, nil
}

// logits calls visit with the logits that each token of output was, or should have been, chosen from.
func (s *scorer) logits(ctx context.Context, prompt, output []uint32, visit func(i int, logits []float32)) error {
	if len(output) == 0 {
		return nil
	}
	b := s.buffers.Get().(*scratch)
	defer s.buffers.Put(b)
	c := s.c
	d, width := c.HiddenSize, up(c.HiddenSize, 16)
	n := len(prompt) + len(output) - 1 // nothing follows the last token
	first := len(prompt) - 1           // the first position whose logits matter
	for i := range n {
		token := output[max(0, i-len(prompt))]
		if i < len(prompt) {
			token = prompt[i]
		}
		copy(b.x[i*width:], s.w.Embedding[int(token)*d:][:d])
	}
	for l := range s.layers {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := 0
		if l == len(s.layers)-1 {
			from = first
		}
		s.layer(l, b, from, n)
	}
	for i := first; i < n; i += 4 {
		block := min(4, n-i)
		for r := range block {
			norm64(b.h[r*width:][:d], b.x[(i+r)*width:][:d], s.w.Norm, c.RMSNormEps)
		}
		vocab := up(c.VocabSize, 16)
		s.k.mulPanels(b.logits, vocab, b.h, width, s.head, 4, c.VocabSize, d)
		for r := range block {
			visit(i+r-first, b.logits[r*vocab:][:c.VocabSize])
		}
	}
	return nil
}

// layer takes positions [from, n) of b.x through layer l; the keys and values of all n are needed for that.
func (s *scorer) layer(l int, b *scratch, from, n int) {
	c, w, p := s.c, &s.w.Layers[l], &s.layers[l]
	d, kv, hd, ffn := c.HiddenSize, c.KVSize(), c.HeadDim(), c.IntermediateSize
	width, wide, inner := up(d, 16), up(d+2*kv, 16), up(ffn, 16)
	rows := up(n, 4)

	for i := range n {
		norm64(b.h[i*width:][:d], b.x[i*width:][:d], w.AttentionNorm, c.RMSNormEps)
	}
	s.k.mulPanels(b.qkv, wide, b.h, width, p.qkv, rows, d+2*kv, d)
	for i := range n {
		row := b.qkv[i*wide:]
		for head := range c.Heads + c.KVHeads { // queries and keys stand side by side
			s.rotary.rotate(row[head*hd:][:hd], i)
		}
	}
	for group := range c.KVHeads {
		s.attend(b, group, from, n)
	}

	// From here on positions are independent; go back to where the kernel's rows start.
	from, rows = from&^3, rows-from&^3
	x, h := b.x[from*width:], b.h[from*width:]
	s.k.mulPanels(h, width, b.att[from*width:], width, p.o, rows, d, d)
	for i := range (n - from) * width {
		x[i] += h[i]
	}
	for i := range n - from {
		norm64(h[i*width:][:d], x[i*width:][:d], w.MLPNorm, c.RMSNormEps)
	}
	s.k.mulPanels(b.gate, inner, h, width, p.gate, rows, ffn, d)
	s.k.mulPanels(b.up, inner, h, width, p.up, rows, ffn, d)
	for i := range (n - from) * inner {
		g := float64(b.gate[i])
		b.gate[i] = float32(g / (1 + math.Exp(-g)) * float64(b.up[i]))
	}
	s.k.mulPanels(h, width, b.gate, inner, p.down, rows, d, ffn)
	for i := range (n - from) * width {
		x[i] += h[i]
	}
}

// attend writes the attention of one key-value head's queries for positions [from, n) to b.att.
func (s *scorer) attend(b *scratch, group, from, n int) {
	c := s.c
	d, hd := c.HiddenSize, c.HeadDim()
	width, wide, padded := up(d, 16), up(d+2*c.KVSize(), 16), up(hd, 16)
	clear(b.keys[:up(n, 16)*hd])
	clear(b.values[:n*padded])
	for i := range n {
		key := b.qkv[i*wide+d+group*hd:][:hd]
		value := b.qkv[i*wide+d+c.KVSize()+group*hd:][:hd]
		for j := range hd {
			b.keys[i/16*16*hd+16*j+i%16] = key[j]
			b.values[j/16*16*n+16*i+j%16] = value[j]
		}
	}
	scale := 1 / math.Sqrt(float64(hd))
	columns := up(n, 16)
	for i := from &^ 3; i < n; i += 4 {
		for head := group * c.Heads / c.KVHeads; head < (group+1)*c.Heads/c.KVHeads; head++ {
			past := min(i+4, n)
			s.k.mulPanels(b.scores, columns, b.qkv[i*wide+head*hd:], wide, b.keys, 4, past, hd)
			for r := range past - i {
				softmax64(b.scores[r*columns:][:past], i+r+1, scale)
			}
			for j := 0; j < hd; j += 16 {
				s.k.panelTile(b.out[j:], padded, b.scores, columns, b.values[j*n:], past)
			}
			for r := range past - i {
				copy(b.att[(i+r)*width+head*hd:][:hd], b.out[r*padded:])
			}
		}
	}
}

// softmax64 turns the first n scores into probabilities and the rest into zeros.
func softmax64(scores []float32, n int, scale float64) {
	highest := math.Inf(-1)
	for _, x := range scores[:n] {
		highest = max(highest, scale*float64(x))
	}
	sum := 0.0
	for i, x := range scores[:n] {
		y := math.Exp(scale*float64(x) - highest)
		scores[i] = float32(y)
		sum += y
	}
	for i := range scores[:n] {
		scores[i] = float32(float64(scores[i]) / sum)
	}
	clear(scores[n:])
}

// norm64 writes x / rms(x) * weight to dst.
func norm64(dst, x, weight []float32, eps float64) {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	scale := 1 / math.Sqrt(sum/float64(len(x))+eps)
	for i, v := range x {
		dst[i] = float32(float64(v) * scale * float64(weight[i]))
	}
}
