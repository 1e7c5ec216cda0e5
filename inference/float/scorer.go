package float

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Scorer recomputes whole texts: layer by layer over all positions, nothing cached between calls, weights transposed
// into panels so that each output sums its inputs one after the other, norms and softmax in binary64. It is an
// inference.Scorer and may be used by several callers at once. It shares neither layout nor order of addition
// with Engine.
//
// Positions are computed in blocks, each block by one worker; no sum goes across positions but attention's, whose
// order is fixed, so that results do not depend on the number of workers.
//
// Widths are padded with zeros: columns to 16, rows to 4, which the kernel takes at a time.
type Scorer struct {
	w       *model.Weights
	c       model.Config
	mode    Mode
	workers int
	k       kernels
	layers  []packedLayer
	head    []float32
	rotary  rotary
	buffers *sync.Pool // of *scratch
}

// packedLayer holds the transposes of a layer's matrices as panels.
type packedLayer struct{ qkv, o, gate, up, down []float32 }

const (
	blockRows = 48 // positions that one worker takes through a layer's linear parts together; a multiple of 4
	headRows  = 16 // positions whose logits one worker computes together; a multiple of 4
)

// scratch is the memory of one call: [positions][padded width] of the residual stream, of queries, keys and values,
// and of attention's output; keys and values again as panels, [head][width][positions] and [head][positions][width];
// and what each worker needs for its block.
type scratch struct {
	x, qkv, att, keys, values, logits []float32
	lanes                             []lane
}

// lane is one worker's memory: activations [blockRows][padded width] and attention's of 4 positions.
type lane struct {
	h, gate, up, partial, part []float32
	scores, out, block         []float32
}

// NewScorer returns a scorer in mode F32 with one worker for each call of Score. It packs w, which costs the memory
// of the weights once more, and reads from w as long as it lives.
func NewScorer(w *model.Weights) *Scorer {
	c := w.Config
	d, kv := c.HiddenSize, c.KVSize()
	s := &Scorer{w: w, c: c, workers: 1, k: best, rotary: newRotary(c.HeadDim(), c.ContextLength, c.RopeTheta)}
	if computable(c) != nil { // which every call will say
		return s
	}
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
	s.buffers = &sync.Pool{New: func() any { return s.newScratch() }}
	return s
}

// With returns a scorer of the same weights, packed once, with other options.
func (s *Scorer) With(o Options) *Scorer {
	o.check()
	t := *s
	t.mode, t.workers = o.Mode, o.Workers
	if t.workers <= 0 {
		t.workers = runtime.GOMAXPROCS(0)
	}
	t.buffers = &sync.Pool{New: func() any { return t.newScratch() }}
	return &t
}

func (s *Scorer) newScratch() *scratch {
	c := s.c
	rows := up(c.ContextLength, 16)
	matrix := func(rows, width int) []float32 { return make([]float32, rows*up(width, 16)) }
	b := &scratch{
		x: matrix(rows, c.HiddenSize), att: matrix(rows, c.HiddenSize), qkv: matrix(rows, c.HiddenSize+2*c.KVSize()),
		keys: make([]float32, c.KVHeads*rows*c.HeadDim()), values: make([]float32, c.KVHeads*rows*up(c.HeadDim(), 16)),
		logits: matrix(s.workers*headRows, c.VocabSize),
	}
	for range s.workers {
		l := lane{
			h: matrix(blockRows, c.HiddenSize), gate: matrix(blockRows, c.IntermediateSize), up: matrix(blockRows, c.IntermediateSize),
			scores: make([]float32, 4*rows), out: matrix(4, c.HeadDim()), block: matrix(4, c.HeadDim()),
		}
		if s.mode.TensorParallel != 0 {
			l.partial = matrix(blockRows, c.HiddenSize)
		}
		if s.mode.SplitK != 0 {
			l.part = make([]float32, max(blockRows*up(max(c.HiddenSize+2*c.KVSize(), c.IntermediateSize), 16), headRows*up(c.VocabSize, 16)))
		}
		b.lanes = append(b.lanes, l)
	}
	return b
}

// share cuts [from, to) into blocks of step rows, which the workers take one after the other, and waits.
func (s *Scorer) share(b *scratch, from, to, step int, f func(l *lane, from, to int)) {
	var taken atomic.Int64
	work := func(l *lane) {
		for {
			at := from + step*int(taken.Add(1)-1)
			if at >= to {
				return
			}
			f(l, at, min(at+step, to))
		}
	}
	var rest sync.WaitGroup
	for i := 1; i < min(s.workers, (to-from+step-1)/step); i++ {
		rest.Go(func() { work(&b.lanes[i]) })
	}
	work(&b.lanes[0])
	rest.Wait()
}

// Score implements inference.Scorer.
func (s *Scorer) Score(ctx context.Context, prompt []uint32, sampling posp.Sampling, output []uint32) (posp.Evidence, error) {
	rule, err := inference.NewRule(sampling, s.c.VocabSize)
	if err != nil {
		return posp.Evidence{}, err
	}
	evidence := rule.Evidence()
	err = s.Logits(ctx, prompt, output, func(i int, logits []float32) error {
		rule.Recompute(&evidence, logits, output[i])
		return nil
	})
	if err != nil {
		return posp.Evidence{}, fmt.Errorf("score output: %w", err)
	}
	return evidence, nil
}

// Logits calls visit, in order, with the logits [VocabSize] that each token of output was, or should have been, chosen
// from; they are valid during the call. An error of visit ends it. Errors are those of Score.
func (s *Scorer) Logits(ctx context.Context, prompt, output []uint32, visit func(i int, logits []float32) error) error {
	if err := computable(s.c); err != nil {
		return err
	}
	if err := inference.CheckTokens(prompt, output, s.c.VocabSize); err != nil {
		return err
	}
	if err := inference.CheckContext(len(prompt), len(output), s.c.ContextLength); err != nil {
		return err
	}
	if len(output) == 0 {
		return nil
	}
	b := s.buffers.Get().(*scratch)
	defer s.buffers.Put(b)
	c, act := s.c, s.mode.Activations
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
	s.k.round(act, b.x[:n*width])
	for l := range s.layers {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("run model: %w", err)
		}
		from := 0
		if l == len(s.layers)-1 {
			from = first
		}
		s.layer(l, b, from, n)
	}
	vocab, step := up(c.VocabSize, 16), s.workers*headRows
	for at := first; at < n; at += step {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("run model: %w", err)
		}
		end := min(at+step, n)
		s.share(b, at, end, headRows, func(l *lane, from, to int) {
			for i := range to - from {
				s.norm(l.h[i*width:][:d], b.x[(from+i)*width:][:d], s.w.Norm)
			}
			logits := b.logits[(from-at)*vocab:][:up(to-from, 4)*vocab]
			s.product(l, logits, l.h, width, s.head, up(to-from, 4), c.VocabSize, d, 0, d)
			s.k.round(s.mode.Logits, logits)
		})
		for i := range end - at {
			if err := visit(at+i-first, b.logits[i*vocab:][:c.VocabSize]); err != nil {
				return err
			}
		}
	}
	return nil
}

// layer takes positions [from, n) of b.x through layer l; the keys and values of all n are needed for that.
func (s *Scorer) layer(l int, b *scratch, from, n int) {
	c, w, p, act := s.c, &s.w.Layers[l], &s.layers[l], s.mode.Activations
	d, kv, hd, ffn := c.HiddenSize, c.KVSize(), c.HeadDim(), c.IntermediateSize
	width, wide, inner := up(d, 16), up(d+2*kv, 16), up(ffn, 16)

	s.share(b, 0, n, blockRows, func(l *lane, from, to int) {
		rows := up(to-from, 4)
		for i := range to - from {
			s.norm(l.h[i*width:][:d], b.x[(from+i)*width:][:d], w.AttentionNorm)
		}
		qkv := b.qkv[from*wide:][:rows*wide]
		s.product(l, qkv, l.h, width, p.qkv, rows, d+2*kv, d, 0, d)
		s.k.round(act, qkv)
		for i := range to - from {
			row := qkv[i*wide:]
			for head := range c.Heads + c.KVHeads { // queries and keys stand side by side
				s.rotary.rotate(row[head*hd:][:hd], from+i)
			}
			s.k.round(act, row[:d+kv])
			for at := d; at < d+2*kv; at += hd {
				s.k.cache(s.mode.KVCache, act, row[at:][:hd])
			}
		}
	})
	s.share(b, 0, c.KVHeads, 1, func(_ *lane, group, _ int) { s.packHead(b, group, n) })
	// From here on positions are independent; go back to where the kernel's rows start.
	from &^= 3
	s.share(b, from, n, blockRows, func(l *lane, from, to int) {
		for head := range c.Heads {
			for i := from; i < to; i += 4 {
				if s.mode.FlashBlock == 0 {
					s.attend(b, l, head, i, n)
				} else {
					s.flash(b, l, head, i, n)
				}
			}
		}
		rows, m := up(to-from, 4), to-from
		att := b.att[from*width:][:rows*width]
		s.k.round(act, att)
		x, h, gate, up := b.x[from*width:], l.h[:m*width], l.gate[:m*inner], l.up[:m*inner]
		s.reduced(l, l.h, att, width, p.o, rows, d, d)
		for i, y := range h {
			x[i] += y
		}
		s.k.round(act, x[:len(h)])
		for i := range m {
			s.norm(h[i*width:][:d], x[i*width:][:d], w.MLPNorm)
		}
		s.product(l, l.gate, l.h, width, p.gate, rows, ffn, d, 0, d)
		s.product(l, l.up, l.h, width, p.up, rows, ffn, d, 0, d)
		s.k.round(act, gate)
		s.k.round(act, up)
		s.swiGLU(gate, up)
		s.reduced(l, l.h, l.gate, inner, p.down, rows, d, ffn)
		for i, y := range h {
			x[i] += y
		}
		s.k.round(act, x[:len(h)])
	})
}

// product computes c[i][j] = sum over k in [from, to) of a[i][k] * b[k][j], b packed with k inputs, in the pieces of SplitK.
func (s *Scorer) product(l *lane, c, a []float32, lda int, panels []float32, m, n, k, from, to int) {
	pieces, ldc := max(1, s.mode.SplitK), up(n, 16)
	if pieces == 1 {
		s.k.mulPanels(c, ldc, a[from:], lda, panels[16*from:], k, m, n, to-from)
		return
	}
	clear(c[:m*ldc])
	for i := range pieces {
		at, end := from+piece(to-from, pieces, i), from+piece(to-from, pieces, i+1)
		if at < end {
			s.k.mulPanels(l.part, ldc, a[at:], lda, panels[16*at:], k, m, n, end-at)
			for i, x := range l.part[:m*ldc] {
				c[i] += x
			}
		}
	}
}

// reduced is product, rounded, for the two weights whose inputs tensor parallelism splits.
func (s *Scorer) reduced(l *lane, c, a []float32, lda int, panels []float32, m, n, k int) {
	act, devices, size := s.mode.Activations, s.mode.TensorParallel, m*up(n, 16)
	if devices == 0 {
		s.product(l, c, a, lda, panels, m, n, k, 0, k)
		s.k.round(act, c[:size])
		return
	}
	clear(c[:size])
	for i := range devices {
		at, end := piece(k, devices, i), piece(k, devices, i+1)
		if at < end {
			s.product(l, l.partial, a, lda, panels, m, n, k, at, end)
			s.k.round(act, l.partial[:size])
			for i, x := range l.partial[:size] {
				c[i] += x
			}
		}
	}
	s.k.round(act, c[:size])
}

// packHead lays out the keys and values of one head for positions [0, n) as panels.
func (s *Scorer) packHead(b *scratch, group, n int) {
	c := s.c
	d, hd := c.HiddenSize, c.HeadDim()
	wide, padded := up(d+2*c.KVSize(), 16), up(hd, 16)
	keys, values := b.headPanels(c, group)
	clear(keys[:up(n, 16)*hd])
	clear(values[:n*padded])
	for i := range n {
		key := b.qkv[i*wide+d+group*hd:][:hd]
		value := b.qkv[i*wide+d+c.KVSize()+group*hd:][:hd]
		for j := range hd {
			keys[i/16*16*hd+16*j+i%16] = key[j]
			values[j/16*16*n+16*i+j%16] = value[j]
		}
	}
}

// headPanels are the panels of one key-value head.
func (b *scratch) headPanels(c model.Config, group int) (keys, values []float32) {
	k, v := len(b.keys)/c.KVHeads, len(b.values)/c.KVHeads
	return b.keys[group*k:][:k], b.values[group*v:][:v]
}

// attend writes one head's attention of the four positions from i, of n, to b.att, with a softmax of whole rows.
func (s *Scorer) attend(b *scratch, l *lane, head, i, n int) {
	c := s.c
	d, hd := c.HiddenSize, c.HeadDim()
	width, wide, padded := up(d, 16), up(d+2*c.KVSize(), 16), up(hd, 16)
	keys, values := b.headPanels(c, head*c.KVHeads/c.Heads)
	past, columns, scale := min(i+4, n), up(n, 16), 1/math.Sqrt(float64(hd))
	s.k.mulPanels(l.scores, columns, b.qkv[i*wide+head*hd:], wide, keys, hd, 4, past, hd)
	for r := range past - i {
		row := l.scores[r*columns:][:past]
		softmax64(row, i+r+1, scale)
		s.k.round(s.mode.Activations, row)
	}
	for j := 0; j < hd; j += 16 {
		s.k.panelTile(l.out[j:], padded, l.scores, columns, values[j*n:], past)
	}
	for r := range past - i {
		copy(b.att[(i+r)*width+head*hd:][:hd], l.out[r*padded:])
	}
}

// flash does what attend does in blocks of positions, with an online softmax (see Session.flash).
func (s *Scorer) flash(b *scratch, l *lane, head, i, n int) {
	c := s.c
	d, hd := c.HiddenSize, c.HeadDim()
	width, wide, padded := up(d, 16), up(d+2*c.KVSize(), 16), up(hd, 16)
	keys, values := b.headPanels(c, head*c.KVHeads/c.Heads)
	past, columns, scale := min(i+4, n), up(n, 16), 1/math.Sqrt(float64(hd))
	lowest := math.Inf(-1)
	highest, sums := [4]float64{lowest, lowest, lowest, lowest}, [4]float64{}
	clear(l.out)
	for at := 0; at < past; at += s.mode.FlashBlock {
		m := min(s.mode.FlashBlock, past-at)
		s.k.mulPanels(l.scores, columns, b.qkv[i*wide+head*hd:], wide, keys[at*hd:], hd, 4, m, hd)
		for r := range past - i {
			row := l.scores[r*columns:][:m]
			seen := max(0, min(i+r+1-at, m))
			before := highest[r]
			for _, x := range row[:seen] {
				highest[r] = max(highest[r], scale*float64(x))
			}
			shrink := math.Exp(before - highest[r])
			sums[r] *= shrink
			for j, x := range row[:seen] {
				y := math.Exp(scale*float64(x) - highest[r])
				sums[r] += y
				row[j] = float32(y)
			}
			clear(row[seen:])
			s.k.round(s.mode.Activations, row)
			for j, x := range l.out[r*padded:][:hd] {
				l.out[r*padded+j] = float32(float64(x) * shrink)
			}
		}
		for j := 0; j < hd; j += 16 {
			s.k.panelTile(l.block[j:], padded, l.scores, columns, values[j*n+16*at:], m)
		}
		for j, x := range l.block {
			l.out[j] += x
		}
	}
	for r := range past - i {
		for j, x := range l.out[r*padded:][:hd] {
			b.att[(i+r)*width+head*hd+j] = float32(float64(x) / sums[r])
		}
	}
}

// norm is norm64 with the results rounded to Activations, and before that those of the division.
func (s *Scorer) norm(dst, x, weight []float32) {
	act, eps := s.mode.Activations, s.c.RMSNormEps
	if act == F32 {
		norm64(dst, x, weight, eps)
		return
	}
	scale := scale64(x, eps)
	for i, v := range x {
		dst[i] = float32(float64(v) * scale)
	}
	s.k.round(act, dst)
	for i, v := range weight {
		dst[i] *= v
	}
	s.k.round(act, dst)
}

// swiGLU replaces gate by silu(gate) * up, both rounded to Activations.
func (s *Scorer) swiGLU(gate, up []float32) {
	act := s.mode.Activations
	if act == F32 {
		for i, x := range gate {
			g := float64(x)
			gate[i] = float32(g / (1 + math.Exp(-g)) * float64(up[i]))
		}
		return
	}
	for i, x := range gate {
		g := float64(x)
		gate[i] = float32(g / (1 + math.Exp(-g)))
	}
	s.k.round(act, gate)
	for i, u := range up {
		gate[i] *= u
	}
	s.k.round(act, gate)
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
	scale := scale64(x, eps)
	for i, v := range x {
		dst[i] = float32(float64(v) * scale * float64(weight[i]))
	}
}

// scale64 is 1 / rms(x).
func scale64(x []float32, eps float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return 1 / math.Sqrt(sum/float64(len(x))+eps)
}
