package float

import (
	"math"
	"slices"
	"sync"
)

// chunkRows is how many positions one worker takes through a layer together. Three rows fill a kernel tile; more
// rows read the weights less often, fewer keep the activations in the second-level cache.
const chunkRows = 48

// Session is one text in progress: its key-value cache and the buffers of the computation. Not for
// concurrent use.
type Session struct {
	e      *Engine
	length int // positions in the cache
	logits []float32

	keys   []float32 // [layer][kv head][position][head width]
	values []float32 // [layer][kv head][head width][position]: transposed, so that a weighted sum is a product of rows
	stride int       // positions in a row of values, a multiple of 8

	// Activations, [rows][width].
	x, h, q, k, v, att, gate, up []float32
	scores                       []float32 // [rows][stride], rows of each worker apart
	partial, part                []float32 // [rows][widest]: sums of pieces, where the mode has pieces
	widest                       int
}

func newSession(e *Engine) *Session {
	c := e.c
	s := &Session{e: e, stride: up(c.ContextLength, 8), widest: max(c.HiddenSize, c.IntermediateSize)}
	buffer := func(width int) []float32 { return make([]float32, e.rows*width) }
	s.x, s.h, s.q, s.att = buffer(c.HiddenSize), buffer(c.HiddenSize), buffer(c.HiddenSize), buffer(c.HiddenSize)
	s.k, s.v = buffer(c.KVSize()), buffer(c.KVSize())
	s.gate, s.up = buffer(c.IntermediateSize), buffer(c.IntermediateSize)
	s.scores = buffer(s.stride)
	if m := e.mode; m.TensorParallel|m.FlashBlock|m.SplitK != 0 {
		s.partial, s.part = buffer(s.widest), make([]float32, max(e.rows*s.widest, c.VocabSize))
	}
	s.logits = make([]float32, c.VocabSize)
	s.keys = make([]float32, c.Layers*c.KVSize()*c.ContextLength)
	s.values = make([]float32, c.Layers*c.KVSize()*s.stride)
	return s
}

// forward takes tokens (at most s.rows) through the model after what is in the cache, and appends their keys
// and values to it. With last, it leaves the logits after the last token in s.logits.
//
// The positions are split among workers; a layer's attention needs the keys of all positions, so workers meet
// once in each layer.
func (s *Session) forward(tokens []uint32, last bool) {
	e, c, m := s.e, s.e.c, len(tokens)
	d := c.HiddenSize
	for i, t := range tokens {
		copy(s.x[i*d:][:d], e.w.Embedding[int(t)*d:])
	}
	e.k.round(e.mode.Activations, s.x[:m*d])
	for l := range c.Layers {
		s.split(0, m, func(from, to int) { s.project(l, from, to) })
		// Above the last layer only the position that is asked for goes on.
		first := 0
		if l == c.Layers-1 {
			first = m
			if last {
				first = m - 1
			}
		}
		s.split(first, m, func(from, to int) { s.mix(l, from, to) })
	}
	s.length += m
	if last {
		e.k.norm(e.mode.Activations, s.h[:d], s.x[(m-1)*d:][:d], e.w.Norm, float32(c.RMSNormEps))
		s.product(s.logits, s.h, d, e.w.Head, d, 0, 1, c.VocabSize, d)
		e.k.round(e.mode.Logits, s.logits)
	}
}

// split runs f on [from, to) in one piece for each worker, at least 8 positions each, and waits.
func (s *Session) split(from, to int, f func(from, to int)) {
	pieces := min(s.e.workers, (to-from)/8)
	if pieces <= 1 {
		if from < to {
			f(from, to)
		}
		return
	}
	size := up((to-from+pieces-1)/pieces, 3)
	var rest sync.WaitGroup
	for at := from + size; at < to; at += size {
		rest.Go(func() { f(at, min(at+size, to)) })
	}
	f(from, min(from+size, to))
	rest.Wait()
}

// product computes c[i][j] = sum over k of a[i][k] * w[j][k] for m rows of this pass that begin at row from, and n
// outputs, in the pieces of SplitK. Rows of c follow each other; strides are in elements.
func (s *Session) product(c, a []float32, lda int, w []float32, ldw, from, m, n, k int) {
	e, pieces := s.e, max(1, s.e.mode.SplitK)
	if pieces == 1 {
		e.k.mulT(c, n, a, lda, w, ldw, m, n, k)
		return
	}
	part := s.part[from*s.widest:]
	clear(c[:m*n])
	for i := range pieces {
		at, end := piece(k, pieces, i), piece(k, pieces, i+1)
		if at < end {
			e.k.mulT(part, n, a[at:], lda, w[at:], ldw, m, n, end-at)
			add(c[:m*n], part)
		}
	}
}

// linear is product for a whole weight, its outputs rounded.
func (s *Session) linear(c, a, w []float32, from, m, n, k int) {
	s.product(c, a, k, w, k, from, m, n, k)
	s.e.k.round(s.e.mode.Activations, c[:m*n])
}

// reduced is linear for the two weights whose inputs tensor parallelism splits.
func (s *Session) reduced(c, a, w []float32, from, m, n, k int) {
	e, devices := s.e, s.e.mode.TensorParallel
	if devices == 0 {
		s.linear(c, a, w, from, m, n, k)
		return
	}
	partial := s.partial[from*s.widest:][:m*n]
	clear(c[:m*n])
	for i := range devices {
		at, end := piece(k, devices, i), piece(k, devices, i+1)
		if at < end {
			s.product(partial, a[at:], k, w[at:], k, from, m, n, end-at)
			e.k.round(e.mode.Activations, partial)
			add(c[:m*n], partial)
		}
	}
	e.k.round(e.mode.Activations, c[:m*n])
}

// keysOf is the cache of one key head of layer l, [position][head width].
func (s *Session) keysOf(l, head int) []float32 {
	c := s.e.c
	size := c.ContextLength * c.HeadDim()
	return s.keys[(l*c.KVHeads+head)*size:][:size]
}

// valuesOf is the cache of one value head of layer l, [head width][stride].
func (s *Session) valuesOf(l, head int) []float32 {
	c := s.e.c
	size := s.stride * c.HeadDim()
	return s.values[(l*c.KVHeads+head)*size:][:size]
}

// project computes queries, keys and values of layer l for the positions [from, to) of this pass, and puts
// keys and values into the cache.
func (s *Session) project(l, from, to int) {
	e, c, w, act := s.e, s.e.c, &s.e.w.Layers[l], s.e.mode.Activations
	d, kv, hd, m := c.HiddenSize, c.KVSize(), c.HeadDim(), to-from
	h, q, k, v := s.h[from*d:], s.q[from*d:], s.k[from*kv:], s.v[from*kv:]
	for i := range m {
		e.k.norm(act, h[i*d:][:d], s.x[(from+i)*d:][:d], w.AttentionNorm, float32(c.RMSNormEps))
	}
	s.linear(q, h, w.Q, from, m, d, d)
	s.linear(k, h, w.K, from, m, kv, d)
	s.linear(v, h, w.V, from, m, kv, d)
	for i := range m {
		at := s.length + from + i
		for head := range c.Heads {
			e.rotary.rotate(q[i*d+head*hd:][:hd], at)
		}
		for head := range c.KVHeads {
			key, value := k[i*kv+head*hd:][:hd], v[i*kv+head*hd:][:hd]
			e.rotary.rotate(key, at)
			e.k.round(act, key)
			e.k.cache(e.mode.KVCache, act, key)
			e.k.cache(e.mode.KVCache, act, value)
			copy(s.keysOf(l, head)[at*hd:], key)
			values := s.valuesOf(l, head)
			for j, x := range value {
				values[j*s.stride+at] = x
			}
		}
	}
	e.k.round(act, q[:m*d])
}

// mix computes attention and the feed-forward part of layer l for the positions [from, to) of this pass, whose
// keys and values are in the cache.
func (s *Session) mix(l, from, to int) {
	e, c, w, act := s.e, s.e.c, &s.e.w.Layers[l], s.e.mode.Activations
	d, ffn, m := c.HiddenSize, c.IntermediateSize, to-from
	x, h, att := s.x[from*d:][:m*d], s.h[from*d:], s.att[from*d:]
	for head := range c.Heads {
		if e.mode.FlashBlock == 0 {
			s.attend(l, head, from, to)
		} else {
			s.flash(l, head, from, to)
		}
	}
	e.k.round(act, att[:m*d])
	s.reduced(h, att, w.O, from, m, d, d)
	add(x, h)
	e.k.round(act, x)

	for i := range m {
		e.k.norm(act, h[i*d:][:d], x[i*d:][:d], w.MLPNorm, float32(c.RMSNormEps))
	}
	gate, up := s.gate[from*ffn:][:m*ffn], s.up[from*ffn:][:m*ffn]
	s.linear(gate, h, w.Gate, from, m, ffn, d)
	s.linear(up, h, w.Up, from, m, ffn, d)
	e.k.swiGLU(act, gate, up)
	s.reduced(h, gate, w.Down, from, m, d, ffn)
	add(x, h)
	e.k.round(act, x)
}

// attend writes the attention of one head of layer l for the positions [from, to) of this pass to s.att, with a
// softmax of whole rows.
func (s *Session) attend(l, head, from, to int) {
	e, c, act := s.e, s.e.c, s.e.mode.Activations
	d, hd, m := c.HiddenSize, c.HeadDim(), to-from
	group := head / (c.Heads / c.KVHeads)
	q, att, scores := s.q[from*d+head*hd:], s.att[from*d+head*hd:], s.scores[from*s.stride:]
	length := s.length + to // later positions are nobody's past here
	width := up(length, 8)
	scale := float32(1 / math.Sqrt(float64(hd)))
	e.k.mulT(scores, s.stride, q, d, s.keysOf(l, group), hd, m, length, hd)
	var sums [chunkRows]float32
	for i := range m {
		past := s.length + from + i + 1
		row := scores[i*s.stride:][:width]
		sums[i] = exponentials(row[:past], scale)
		if act != F32 {
			for j := range past {
				row[j] /= sums[i]
			}
			e.k.round(act, row[:past])
			sums[i] = 1
		}
		clear(row[past:])
	}
	e.k.mulT(att, d, scores, s.stride, s.valuesOf(l, group), s.stride, m, hd, width)
	for i := range m {
		inverse := 1 / sums[i]
		for j := range hd {
			att[i*d+j] *= inverse
		}
	}
}

// flash does what attend does in blocks of positions, with an online softmax: what was added up is scaled down
// whenever a block has a higher score (Milakov and Gimelshein, arXiv 1805.02867; Dao et al., arXiv 2205.14135).
func (s *Session) flash(l, head, from, to int) {
	e, c := s.e, s.e.c
	d, hd, m := c.HiddenSize, c.HeadDim(), to-from
	group := head / (c.Heads / c.KVHeads)
	q, att, scores, block := s.q[from*d+head*hd:], s.att[from*d+head*hd:], s.scores[from*s.stride:], s.part[from*s.widest:]
	length := s.length + to
	scale := float32(1 / math.Sqrt(float64(hd)))
	var highest, sums [chunkRows]float32
	for i := range m {
		highest[i] = float32(math.Inf(-1))
		clear(att[i*d:][:hd])
	}
	for at := 0; at < length; at += e.mode.FlashBlock {
		n := min(e.mode.FlashBlock, length-at)
		width := up(n, 8)
		e.k.mulT(scores, s.stride, q, d, s.keysOf(l, group)[at*hd:], hd, m, n, hd)
		for i := range m {
			row := scores[i*s.stride:][:width]
			past := min(n, s.length+from+i+1-at)
			if past <= 0 { // the block is this row's future
				clear(row)
				continue
			}
			before := highest[i]
			highest[i] = max(before, slices.Max(row[:past]))
			shrink := exp(scale * (before - highest[i]))
			sums[i] *= shrink
			for j, x := range row[:past] {
				row[j] = exp(scale * (x - highest[i]))
				sums[i] += row[j]
			}
			for j := range hd {
				att[i*d+j] *= shrink
			}
			e.k.round(e.mode.Activations, row[:past])
			clear(row[past:])
		}
		e.k.mulT(block, hd, scores, s.stride, s.valuesOf(l, group)[at:], s.stride, m, hd, width)
		for i := range m {
			add(att[i*d:][:hd], block[i*hd:])
		}
	}
	for i := range m {
		inverse := 1 / sums[i]
		for j := range hd {
			att[i*d+j] *= inverse
		}
	}
}

// exponentials replaces scores by exp(scale * (score - highest)) and returns their sum.
func exponentials(scores []float32, scale float32) float32 {
	highest := scores[0]
	for _, x := range scores {
		highest = max(highest, x)
	}
	var sum float32
	for i, x := range scores {
		y := exp(scale * (x - highest))
		scores[i] = y
		sum += y
	}
	return sum
}

func add(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += src[i]
	}
}
