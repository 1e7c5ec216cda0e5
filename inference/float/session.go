package float

import (
	"math"
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
	rows   int // positions that one pass takes at most
	logits []float32

	keys   []float32 // [layer][kv head][position][head width]
	values []float32 // [layer][kv head][head width][position]: transposed, so that a weighted sum is a product of rows
	stride int       // positions in a row of values, a multiple of 8

	// Activations, [rows][width].
	x, h, q, k, v, att, gate, up []float32
	scores                       []float32 // [rows][stride], rows of each worker apart
}

func newSession(e *Engine) *Session {
	c := e.c
	s := &Session{e: e, rows: e.workers * chunkRows, stride: up(c.ContextLength, 8)}
	buffer := func(width int) []float32 { return make([]float32, s.rows*width) }
	s.x, s.h, s.q, s.att = buffer(c.HiddenSize), buffer(c.HiddenSize), buffer(c.HiddenSize), buffer(c.HiddenSize)
	s.k, s.v = buffer(c.KVSize()), buffer(c.KVSize())
	s.gate, s.up = buffer(c.IntermediateSize), buffer(c.IntermediateSize)
	s.scores = buffer(s.stride)
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
		rmsNorm(s.h[:d], s.x[(m-1)*d:][:d], e.w.Norm, float32(c.RMSNormEps))
		e.k.mulT(s.logits, c.VocabSize, s.h, d, e.w.Head, d, 1, c.VocabSize, d)
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
	e, c, w := s.e, s.e.c, &s.e.w.Layers[l]
	d, kv, hd, m := c.HiddenSize, c.KVSize(), c.HeadDim(), to-from
	h, q, k, v := s.h[from*d:], s.q[from*d:], s.k[from*kv:], s.v[from*kv:]
	for i := range m {
		rmsNorm(h[i*d:][:d], s.x[(from+i)*d:][:d], w.AttentionNorm, float32(c.RMSNormEps))
	}
	e.k.mulT(q, d, h, d, w.Q, d, m, d, d)
	e.k.mulT(k, kv, h, d, w.K, d, m, kv, d)
	e.k.mulT(v, kv, h, d, w.V, d, m, kv, d)
	for i := range m {
		at := s.length + from + i
		for head := range c.Heads {
			e.rotary.rotate(q[i*d+head*hd:][:hd], at)
		}
		for head := range c.KVHeads {
			key := k[i*kv+head*hd:][:hd]
			e.rotary.rotate(key, at)
			copy(s.keysOf(l, head)[at*hd:], key)
			values := s.valuesOf(l, head)
			for j, x := range v[i*kv+head*hd:][:hd] {
				values[j*s.stride+at] = x
			}
		}
	}
}

// mix computes attention and the feed-forward part of layer l for the positions [from, to) of this pass, whose
// keys and values are in the cache.
func (s *Session) mix(l, from, to int) {
	e, c, w := s.e, s.e.c, &s.e.w.Layers[l]
	d, ffn, hd, m := c.HiddenSize, c.IntermediateSize, c.HeadDim(), to-from
	x, h, q, att := s.x[from*d:], s.h[from*d:], s.q[from*d:], s.att[from*d:]
	scores := s.scores[from*s.stride:]
	length := s.length + to // later positions are nobody's past here
	width := up(length, 8)
	scale := float32(1 / math.Sqrt(float64(hd)))
	for head := range c.Heads {
		group := head / (c.Heads / c.KVHeads)
		e.k.mulT(scores, s.stride, q[head*hd:], d, s.keysOf(l, group), hd, m, length, hd)
		var sums [chunkRows]float32
		for i := range m {
			past := s.length + from + i + 1
			row := scores[i*s.stride:][:width]
			sums[i] = exponentials(row[:past], scale)
			clear(row[past:])
		}
		e.k.mulT(att[head*hd:], d, scores, s.stride, s.valuesOf(l, group), s.stride, m, hd, width)
		for i := range m {
			inverse := 1 / sums[i]
			for j := range hd {
				att[i*d+head*hd+j] *= inverse
			}
		}
	}
	e.k.mulT(h, d, att, d, w.O, d, m, d, d)
	add(x[:m*d], h)

	for i := range m {
		rmsNorm(h[i*d:][:d], x[i*d:][:d], w.MLPNorm, float32(c.RMSNormEps))
	}
	gate, up := s.gate[from*ffn:][:m*ffn], s.up[from*ffn:][:m*ffn]
	e.k.mulT(gate, ffn, h, d, w.Gate, d, m, ffn, d)
	e.k.mulT(up, ffn, h, d, w.Up, d, m, ffn, d)
	for i, g := range gate {
		gate[i] = silu(g) * up[i]
	}
	e.k.mulT(h, d, gate, ffn, w.Down, ffn, m, d, ffn)
	add(x[:m*d], h)
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
