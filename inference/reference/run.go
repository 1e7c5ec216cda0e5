package reference

import (
	"context"
	"fmt"
	"sync/atomic"
)

// tile is how many positions a worker takes through a layer together, so that weights that were read serve all.
const tile = 16

// recorder takes the rows of a run; each worker has its own. What it is given is overwritten later.
type recorder interface {
	row32(r Row, values []int32)
	row64(r Row, values []int64)
	// flush is called at the end of each tile.
	flush()
}

// run is one pass of the program over one text, a layer at a time: rows of positions, cut into tiles that workers
// share.
type run struct {
	m       *Model
	g       *Graph
	prompt  []uint32
	output  []uint32
	kernel  kernel
	workers []*worker

	factor int64 // of attention's exponentials
	shift  uint

	logProbs, margins []int32                     // of the output, when all is done
	logits            func(i int, logits []int32) // called for each output position, if not nil

	weights *modelLayer // of the current layer
	head    *matrix     // once logits are computed

	sin, cos []int32 // [T][hd/2]
	x        []int32 // residual stream, [T][d]: what enters the current layer, then what leaves it

	// Of the current layer:
	norm    pieces // KeyNorm, [T][d]
	keys    pieces // KRope, [G][T][hs], high and low pieces of one key side by side in keyRows
	keyRows []int16
	values  pieces // V, [G*hd][T]
	valRows []int16
}

// pieces are int32 rows and their two pieces. whole says of each row whether they hold it.
type pieces struct {
	width, stride int
	x             []int32
	hi, lo        []int16 // rows of stride, padded with zeros
	whole         []bool
}

func newPieces(rows, width int) pieces {
	p := pieces{width: width, stride: up(width, 16)}
	p.x, p.whole = make([]int32, rows*width), make([]bool, rows)
	p.hi, p.lo = make([]int16, rows*p.stride), make([]int16, rows*p.stride)
	return p
}

func (p *pieces) row(i int) []int32 { return p.x[i*p.width:][:p.width] }

// split makes the pieces of row i.
func (p *pieces) split(i int) {
	p.whole[i] = split(p.hi[i*p.stride:], p.lo[i*p.stride:], p.row(i))
}

// at is the rows from i on.
func (p *pieces) at(i int) pieces {
	return pieces{p.width, p.stride, p.x[i*p.width:], p.hi[i*p.stride:], p.lo[i*p.stride:], p.whole[i:]}
}

// worker is one goroutine's memory: buffers for a tile.
type worker struct {
	record recorder // nil when only the evidence is wanted

	att, normed, gated         pieces
	query                      pieces // [tile*H][hs]
	raw, k, gate, up, attended []int32
	scores, exps               pieces  // of one head, [tile][T]
	max, maxParts              []int32 // [tile][H] and [tile][H][stride], with room for the longest
	sums, sumParts, mixParts   []int64 // likewise; mixParts [tile][H*hd][stride]
	partials                   []int64 // of a projection, when recording
	pair                       [2]int32
	sumSq                      []int64
	logits                     []int32
	tmp, total                 []int64 // of the kernel, [tile][4]
}

func newRun(m *Model, g *Graph, prompt, output []uint32, k kernel, workers int) *run {
	n := g.Positions()
	r := &run{m: m, g: g, prompt: prompt, output: output, kernel: k}
	r.factor, r.shift = AttentionFactor(m.HeadDim)
	r.logProbs, r.margins = make([]int32, len(output)), make([]int32, len(output))
	half := m.HeadDim / 2
	r.sin, r.cos = make([]int32, n*half), make([]int32, n*half)
	for t := range n {
		for i, f := range m.frequencies {
			r.sin[t*half+i], r.cos[t*half+i] = SinCos(uint64(t) * f)
		}
	}
	d, padded := m.Hidden, up(n, 16)
	r.x = make([]int32, n*d)
	r.norm = newPieces(n, d)
	r.keys = pieces{width: m.stride(), stride: m.stride(), x: make([]int32, n*m.KVHeads*m.stride()), whole: make([]bool, n*m.KVHeads)}
	r.keyRows = make([]int16, 2*m.KVHeads*up(n, 2)*up(m.stride(), 16))
	r.values = pieces{width: n, stride: padded, x: make([]int32, m.kv()*n), whole: make([]bool, m.kv())}
	r.valRows = make([]int16, 2*up(m.kv(), 2)*padded)
	for range max(1, workers) {
		w := &worker{
			att: newPieces(tile, m.query()), normed: newPieces(tile, d), gated: newPieces(tile, m.FFN),
			query: newPieces(tile*m.Heads, m.stride()),
			raw:   make([]int32, tile*max(m.query(), m.kv())), k: make([]int32, tile*m.KVHeads*m.stride()),
			gate: make([]int32, tile*m.FFN), up: make([]int32, tile*m.FFN), attended: make([]int32, tile*d),
			scores: newPieces(tile, n), exps: newPieces(tile, n),
			max: make([]int32, tile*m.Heads), maxParts: make([]int32, tile*m.Heads*partStride(n)),
			sums: make([]int64, tile*m.Heads), sumParts: make([]int64, tile*m.Heads*partStride(n)),
			mixParts: make([]int64, tile*m.query()*partStride(n)),
			tmp:      make([]int64, 4*tile), total: make([]int64, 4*tile),
			sumSq: make([]int64, max(parts(d), m.Heads)), logits: make([]int32, tile*m.Vocab),
		}
		r.workers = append(r.workers, w)
	}
	return r
}

// record makes the run hand its rows to recorders, one for each worker.
func (r *run) record(recorders func() recorder) {
	m := r.m
	most := max(m.kv()*partStride(m.Hidden), m.query()*partStride(m.Hidden), m.Hidden*partStride(m.query()),
		m.FFN*partStride(m.Hidden), m.Hidden*partStride(m.FFN), m.Vocab*partStride(m.Hidden))
	for _, w := range r.workers {
		w.record = recorders()
		w.partials = make([]int64, tile*most)
	}
}

// tiles runs f on the pieces of [from, to), shared by the workers.
func (r *run) tiles(ctx context.Context, from, to int, f func(w *worker, from, to int)) error {
	var next atomic.Int64
	next.Store(int64(from))
	return parallel(min(len(r.workers), (to-from+tile-1)/tile), func(i int) error {
		w := r.workers[i]
		for {
			at := int(next.Add(tile)) - tile
			if at >= to {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("run reference program: %w", err)
			}
			f(w, at, min(at+tile, to))
			if w.record != nil {
				w.record.flush()
			}
		}
	})
}

// token is what stands at a position.
func (r *run) token(t int) uint32 {
	if t < len(r.prompt) {
		return r.prompt[t]
	}
	return r.output[t-len(r.prompt)]
}

// embed fills x with the embedding rows; the tokens' rows go with them.
func (r *run) embed(ctx context.Context) error {
	d := r.m.Hidden
	var unread atomic.Pointer[error]
	err := r.tiles(ctx, 0, r.g.Positions(), func(w *worker, from, to int) {
		reader := &rowReader{Quantiser: r.m.Quantiser}
		if from == 0 && w.record != nil {
			w.row32(Row{Op: Prompt}, signed(r.prompt))
			w.row32(Row{Op: Output}, signed(r.output))
		}
		for t := from; t < to; t++ {
			row, k, err := r.m.embeddingRow(reader, int(r.token(t)))
			if err != nil {
				unread.Store(&err)
				return
			}
			x := r.x[t*d:][:d]
			for i, q := range row {
				x[i] = Embed(q, uint(k))
			}
			w.row32(Row{Op: Embedded, At: t}, x)
		}
	})
	if e := unread.Load(); e != nil && err == nil {
		err = *e
	}
	return err
}

func (w *worker) row32(r Row, values []int32) {
	if w.record != nil {
		w.record.row32(r, values)
	}
}

func (w *worker) row64(r Row, values []int64) {
	if w.record != nil {
		w.record.row64(r, values)
	}
}

// prepare computes the keys and values of a layer for all positions: the A and the V rows.
func (r *run) prepare(ctx context.Context, layer int) error {
	n := r.g.Positions()
	r.weights, r.head = nil, nil // before there is more
	var err error
	if r.weights, err = r.m.layer(layer); err != nil {
		return err
	}
	if err := r.tiles(ctx, 0, n, func(w *worker, from, to int) { r.keysOf(w, layer, from, to) }); err != nil {
		return err
	}
	return r.tiles(ctx, 0, r.m.kv(), func(w *worker, from, to int) { r.valuesOf(w, layer, from, to) })
}

// keysOf computes the A rows of positions [from, to), and their columns of V.
func (r *run) keysOf(w *worker, layer, from, to int) {
	m, l := r.m, r.weights
	d, kv, hs, n := m.Hidden, m.kv(), m.stride(), to-from
	for t := from; t < to; t++ {
		x := r.x[t*d:][:d]
		pair := w.rsqrt(Row{Op: KeySumSq, Layer: layer, At: t}, x, d, m.epsilon(d))
		r.normalise(w, Row{Op: KeyNorm, Layer: layer, At: t}, r.norm.row(t), x, pair, l.norm)
		r.norm.split(t)
	}
	in := r.norm.at(from)
	raw := w.raw[:n*kv]
	r.project(w, raw, &l.k, in, n, l.kBias, nil)
	stride, padded := partStride(d), up(hs, 16)
	for i := range n {
		t := from + i
		row := Row{Layer: layer, At: t}
		w.partialRow(row.of(KParts), i, kv*stride, d > slice)
		key := raw[i*kv:][:kv]
		w.row32(row.of(K), key)
		if m.Normed {
			r.normHeads(w, row.of(KSumSq), key, l.kNorm)
		}
		rotated := w.k[:m.KVHeads*hs]
		for h := range m.KVHeads {
			r.rotate(rotated[h*hs:][:hs], key[h*m.HeadDim:][:m.HeadDim], t)
			at := h*r.g.Positions() + t
			copy(r.keys.x[at*hs:][:hs], rotated[h*hs:])
			pair := r.keyRows[2*(h*up(r.g.Positions(), 2)+t)*padded:]
			r.keys.whole[at] = splitHigh(pair, pair[padded:], rotated[h*hs:][:hs])
		}
		w.row32(row.of(KRope), rotated)
	}

	// V by position; valuesOf goes on by channel.
	r.project(w, raw, &l.v, in, n, l.vBias, nil)
	for i := range n {
		for c, v := range raw[i*kv:][:kv] {
			r.values.x[c*r.g.Positions()+from+i] = v
		}
	}
}

func (row Row) of(op Op) Row { row.Op = op; return row }

// valuesOf completes the V rows of channels [from, to).
func (r *run) valuesOf(w *worker, layer, from, to int) {
	n, padded := r.g.Positions(), r.values.stride
	var sums [4][]int64
	for c := from; c < to; c++ {
		v := r.values.x[c*n:][:n]
		pair := r.valRows[2*c*padded:]
		r.values.whole[c] = splitHigh(pair, pair[padded:], v)
		if w.record != nil && r.m.Hidden > slice {
			if c == from || c%4 == 0 {
				sums = r.valueParts(layer, c&^3)
			}
			w.row64(Row{Op: VParts, Layer: layer, At: c}, sums[c%4])
		}
		w.row32(Row{Op: V, Layer: layer, At: c}, v)
	}
}

// valueParts computes the partial sums of four channels again, by channel.
func (r *run) valueParts(layer, first int) (sums [4][]int64) {
	n, m, stride := r.g.Positions(), &r.weights.v, partStride(r.m.Hidden)
	for k := range sums {
		sums[k] = make([]int64, n*stride)
	}
	out := make([]int64, 4*n)
	for j := range parts(m.cols) {
		r.dots(out, m, first, r.norm, j)
		for t := range n {
			for k := range sums {
				sums[k][t*stride+j] = out[4*t+k]
			}
		}
	}
	return sums
}

// mix takes the positions that matter through a layer whose keys and values are there: the B rows. It leaves what
// the layer writes in x.
func (r *run) mix(ctx context.Context, layer int) error {
	return r.tiles(ctx, r.g.from(layer), r.g.Positions(), func(w *worker, from, to int) { r.mixTile(w, layer, from, to) })
}

// score computes the F rows of the whole output.
func (r *run) score(ctx context.Context) error {
	if err := r.readHead(); err != nil {
		return err
	}
	return r.tiles(ctx, 0, len(r.output), r.scoreTile)
}

// readHead makes ready for scoreTile. The layer's memory goes first.
func (r *run) readHead() (err error) {
	if r.head == nil {
		r.weights = nil
		r.head, err = r.m.output()
	}
	return err
}

// mixTile computes the B rows of positions [from, to).
func (r *run) mixTile(w *worker, layer, from, to int) {
	m, l := r.m, r.weights
	d, q, hs, n := m.Hidden, m.query(), m.stride(), to-from
	row := func(i int, op Op) Row { return Row{Op: op, Layer: layer, At: from + i} }

	raw := w.raw[:n*q]
	r.project(w, raw, &l.q, r.norm.at(from), n, l.qBias, nil)
	for i := range n {
		w.partialRow(row(i, QParts), i, q*partStride(d), d > slice)
		head := raw[i*q:][:q]
		w.row32(row(i, Q), head)
		if m.Normed {
			r.normHeads(w, row(i, QSumSq), head, l.qNorm)
		}
		for h := range m.Heads {
			r.rotate(w.query.row(i*m.Heads+h), head[h*m.HeadDim:][:m.HeadDim], from+i)
			w.query.split(i*m.Heads + h)
		}
		w.row32(row(i, QRope), w.query.x[i*m.Heads*hs:][:m.Heads*hs])
	}
	r.attend(w, layer, from, to)

	x := r.x[from*d:]
	r.project(w, w.attended[:n*d], &l.o, w.att, n, nil, x)
	for i := range n {
		w.partialRow(row(i, OParts), i, d*partStride(q), q > slice)
		attended := w.attended[i*d:][:d]
		w.row32(row(i, Attended), attended)
		pair := w.rsqrt(row(i, MLPSumSq), attended, d, m.epsilon(d))
		r.normalise(w, row(i, MLPNormed), w.normed.row(i), attended, pair, l.mlpNorm)
		w.normed.split(i)
	}
	for _, p := range []struct {
		op  Op
		out []int32
		w   *matrix
	}{{Gate, w.gate, &l.gate}, {Up, w.up, &l.up}} {
		r.project(w, p.out[:n*m.FFN], p.w, w.normed, n, nil, nil)
		for i := range n {
			w.partialRow(row(i, p.op-1), i, m.FFN*partStride(d), d > slice)
			w.row32(row(i, p.op), p.out[i*m.FFN:][:m.FFN])
		}
	}
	for i := range n {
		act, gate, up := w.gated.row(i), w.gate[i*m.FFN:][:m.FFN], w.up[i*m.FFN:][:m.FFN]
		for j := range act {
			act[j] = Act(gate[j], up[j])
		}
		w.gated.split(i)
		w.row32(row(i, Activated), act)
	}
	r.project(w, x[:n*d], &l.down, w.gated, n, nil, w.attended)
	for i := range n {
		w.partialRow(row(i, DownParts), i, d*partStride(m.FFN), m.FFN > slice)
		w.row32(row(i, Out), x[i*d:][:d])
	}
}

// attend computes the attention of a tile, whose queries are there, and writes it to w.att.
func (r *run) attend(w *worker, layer, from, to int) {
	m, n := r.m, to-from
	most := partStride(r.g.Positions()) // room for the parts of one head
	clear(w.maxParts)
	clear(w.sumParts)
	clear(w.mixParts)
	for h := range m.Heads {
		r.scores(w, h, from, to)
		for i := range n {
			past := from + i + 1
			stride := partStride(past)
			scores, exps := w.scores.row(i)[:past], w.exps.row(i)
			maxParts := w.maxParts[(i*m.Heads)*most+h*stride:]
			largest := scores[0]
			for j := range parts(past) {
				part := scores[j*slice : min((j+1)*slice, past)]
				highest := part[0]
				for _, s := range part {
					highest = max(highest, s)
				}
				maxParts[j] = highest
				largest = max(largest, highest)
			}
			w.max[i*m.Heads+h] = largest
			sumParts := w.sumParts[(i*m.Heads)*most+h*stride:]
			var total int64
			for j := range parts(past) {
				var sum int64
				for t := j * slice; t < min((j+1)*slice, past); t++ {
					e := Exp(int64(largest)-int64(scores[t]), r.factor, expBits)
					exps[t] = e
					sum += int64(e)
				}
				sumParts[j] = sum
				total += sum
			}
			w.sums[i*m.Heads+h] = total
			// The kernel takes the positions of the whole tile, and 16 at a time.
			clear(exps[past:to])
			hi, lo := w.exps.hi[i*w.exps.stride:][:up(to, 16)], w.exps.lo[i*w.exps.stride:][:up(to, 16)]
			split(hi, lo, exps[:to])
			clear(hi[to:])
			clear(lo[to:])
			if w.record != nil {
				w.row32(Row{Op: Score, Layer: layer, At: past - 1, Head: h}, scores)
				w.row32(Row{Op: Exps, Layer: layer, At: past - 1, Head: h}, exps[:past])
			}
		}
		r.weigh(w, h, from, to)
	}
	for i := range n {
		past := from + i + 1
		row, stride, first := Row{Layer: layer, At: past - 1}, partStride(past), i*m.Heads*most
		w.row32(row.of(MaxParts), w.maxParts[first:][:m.Heads*stride])
		w.row32(row.of(Max), w.max[i*m.Heads:][:m.Heads])
		w.row64(row.of(SumParts), w.sumParts[first:][:m.Heads*stride])
		w.row64(row.of(Sum), w.sums[i*m.Heads:][:m.Heads])
		sums, mix := w.mixParts[i*m.query()*most:], w.att.row(i)
		for c := range mix {
			mix[c] = quotient(sums[c*stride:][:parts(past)], w.sums[i*m.Heads+c/m.HeadDim])
		}
		w.row64(row.of(MixParts), sums[:m.query()*stride])
		w.row32(row.of(Mix), mix)
		w.att.split(i)
	}
}

// scores computes the scores of a head's queries with all keys up to the tile's end.
func (r *run) scores(w *worker, h, from, to int) {
	m, n := r.m, to-from
	hs, padded, total, group := m.stride(), w.query.stride, r.g.Positions(), m.group(h)
	shift := 16 + r.shift
	half := int64(1) << (shift - 1)
	keys := r.keyRows[2*group*up(total, 2)*padded:]
	hi, lo, step := w.query.hi[h*padded:], w.query.lo[h*padded:], m.Heads*padded
	out := w.tmp[:4*n]
	whole := true
	for t := 0; t < to; t += 2 {
		r.kernel(out, keys[2*t*padded:], padded, hi, lo, step, padded)
		for i := range n {
			o, scores := out[4*i:][:4], w.scores.x[i*w.scores.width+t:]
			scores[0] = Saturate((o[0]<<pieceBits + o[1] + half) >> shift)
			if t+1 < to {
				scores[1] = Saturate((o[2]<<pieceBits + o[3] + half) >> shift)
			}
		}
		whole = whole && r.keys.whole[group*total+t] && (t+1 >= to || r.keys.whole[group*total+t+1])
	}
	for i := range n {
		if whole && w.query.whole[i*m.Heads+h] {
			continue
		}
		q := w.query.row(i*m.Heads + h)
		for t, scores := 0, w.scores.row(i); t <= from+i; t++ {
			scores[t] = Saturate(products32(q, r.keys.x[(group*total+t)*hs:][:hs]).roundShift(shift))
		}
	}
}

// weigh sums the values of a head's channels, weighted by w.exps, to w.mixParts.
func (r *run) weigh(w *worker, h, from, to int) {
	m, n := r.m, to-from
	hd, padded, total, most := m.HeadDim, r.values.stride, r.g.Positions(), partStride(r.g.Positions())
	first, rows := m.group(h)*hd, up(to, 16)
	out := w.tmp[:4*n]
	for c := 0; c < hd; c += 2 {
		whole := r.values.whole[first+c] && r.values.whole[first+c+1]
		for j := range parts(to) {
			at := j * slice
			r.kernel(out, r.valRows[2*(first+c)*padded+at:], padded, w.exps.hi[at:], w.exps.lo[at:], w.exps.stride, min(slice, rows-at))
			for i := range n {
				past := from + i + 1
				if at >= past {
					continue
				}
				stride := partStride(past)
				sums := w.mixParts[i*m.query()*most+(h*hd+c)*stride+j:]
				sums[0], sums[stride] = out[4*i]<<pieceBits+out[4*i+1], out[4*i+2]<<pieceBits+out[4*i+3]
				if whole {
					continue
				}
				for k := range 2 {
					values := r.values.x[(first+c+k)*total:]
					var s int64 // 2^22 * 2^31 * 256 fits
					for t := at; t < min(at+slice, past); t++ {
						s += int64(w.exps.x[i*w.exps.width+t]) * int64(values[t])
					}
					sums[k*stride] = s
				}
			}
		}
	}
}

// scoreTile computes the F rows of output positions [from, to) and their evidence.
func (r *run) scoreTile(w *worker, from, to int) {
	m, d, n := r.m, r.m.Hidden, to-from
	for i := range n {
		x := r.x[(len(r.prompt)-1+from+i)*d:][:d]
		pair := w.rsqrt(Row{Op: FinalSumSq, At: from + i}, x, d, m.epsilon(d))
		r.normalise(w, Row{Op: FinalNormed, At: from + i}, w.normed.row(i), x, pair, m.norm)
		w.normed.split(i)
	}
	r.project(w, w.logits[:n*m.Vocab], r.head, w.normed, n, nil, nil)
	for i := range n {
		row := Row{At: from + i}
		w.partialRow(row.of(LogitParts), i, m.Vocab*partStride(d), d > slice)
		z := w.logits[i*m.Vocab:][:m.Vocab]
		w.row32(row.of(Logits), z)
		most := w.largest(row, z)
		sum := w.exponentials(row, z, most)
		claimed := z[r.output[from+i]]
		r.logProbs[from+i], r.margins[from+i] = LogProb(claimed, most, sum), Margin(claimed, most)
		if r.logits != nil {
			r.logits(from+i, z)
		}
	}
}

// largest is the largest logit, by the rows of its parts.
func (w *worker) largest(row Row, z []int32) int32 {
	reduce := func(op Op, z []int32) []int32 {
		out := make([]int32, parts(len(z)))
		for i := range out {
			part := z[i*slice : min((i+1)*slice, len(z))]
			out[i] = part[0]
			for _, x := range part {
				out[i] = max(out[i], x)
			}
		}
		w.row32(row.of(op), out)
		return out
	}
	z = reduce(LogitMaxParts, z)
	if len(z) > slice {
		z = reduce(LogitMaxParts2, z)
	}
	return reduce(LogitMax, z)[0]
}

// exponentials is the sum of the logits' exponentials, by the rows of its parts.
func (w *worker) exponentials(row Row, z []int32, most int32) int64 {
	exps, sums := make([]int32, len(z)), make([]int64, parts(len(z)))
	for i, x := range z {
		exps[i] = Exp(int64(most)-int64(x), log2E, 30)
		sums[i/slice] += int64(exps[i])
	}
	w.row32(row.of(LogitExps), exps)
	w.row64(row.of(LogitSumParts), sums)
	reduce := func(op Op, sums []int64) []int64 {
		out := make([]int64, parts(len(sums)))
		for i, x := range sums {
			out[i/slice] += x
		}
		w.row64(row.of(op), out)
		return out
	}
	if len(sums) > slice {
		sums = reduce(LogitSumParts2, sums)
	}
	return reduce(LogitSum, sums)[0]
}

// project multiplies n rows by a matrix: to dst, [n][rows], with a bias or a residual of dst's shape. When
// recording, partial sums are left in w.partials, [n][rows][stride], if the matrix has more than one slice.
func (r *run) project(w *worker, dst []int32, m *matrix, in pieces, n int, bias []int32, residual []int32) {
	p, stride := parts(m.cols), partStride(m.cols)
	partials := w.record != nil && p > 1
	if partials {
		clear(w.partials[:n*m.rows*stride])
	}
	out, total := w.tmp[:4*n], w.total[:4*n]
	for row := 0; row < m.rows; row += 4 {
		rows := min(4, m.rows-row)
		clear(total)
		for j := range p {
			r.dots(out, m, row, in, j)
			for i, x := range out {
				total[i] += x
			}
			if partials {
				for i := range n {
					for k := range rows {
						w.partials[(i*m.rows+row+k)*stride+j] = out[4*i+k]
					}
				}
			}
		}
		for k := range rows {
			shift := uint(m.exponent[row+k])
			half := int64(1) << shift >> 1
			if bias != nil { // rounding first: the bias is a whole number
				half += int64(bias[row+k]) << shift
			}
			for i := range n {
				v := (total[4*i+k] + half) >> shift
				if residual != nil {
					v += int64(residual[i*m.rows+row+k])
				}
				dst[i*m.rows+row+k] = Saturate(v)
			}
		}
	}
}

// dots computes the products of four rows of m with slice j of rows of x, four numbers for each of them. Rows beyond
// m's are zeros.
func (r *run) dots(out []int64, m *matrix, row int, x pieces, j int) {
	from := j * slice
	r.kernel(out, m.q[row*m.stride+from:], m.stride, x.hi[from:], x.lo[from:], x.stride, min(slice, m.stride-from))
	for i := range len(out) / 4 {
		if x.whole[i] {
			continue
		}
		for k := range 4 {
			var s int64 // 2^15 * 2^31 * 256 fits
			weights := m.q[(row+k)*m.stride:]
			for c := from; c < min(from+slice, m.cols); c++ {
				s += int64(weights[c]) * int64(x.x[i*x.width+c])
			}
			out[4*i+k] = s
		}
	}
}

// partialRow records row i of the last projection's partial sums.
func (w *worker) partialRow(row Row, i, n int, exists bool) {
	if w.record != nil && exists {
		w.record.row64(row, w.partials[i*n:][:n])
	}
}

// rsqrt computes the sums of squares of x, n of them, and what a norm multiplies by; row is that of the sums.
func (w *worker) rsqrt(row Row, x []int32, n int, epsilon int64) [2]int32 {
	sums := w.sumSq[:parts(n)]
	for i := range sums {
		sums[i] = sumSquares(x[i*slice : min((i+1)*slice, n)])
	}
	w.row64(row, sums)
	w.pair[0], w.pair[1] = Rsqrt(squares(sums, epsilon), int64(n))
	w.row32(row.of(row.Op+1), w.pair[:])
	return w.pair
}

// sumSquares is the sum of at most 256 squares in Q24.
func sumSquares(x []int32) int64 {
	var s int64
	var beyond int32
	for _, v := range x {
		s += int64(v) * int64(v)
		beyond |= v>>31 ^ v
	}
	if beyond >= 1<<27 { // then the sum of squares may not fit
		return products32(x, x).roundShift(8)
	}
	return RoundShift(s, 8)
}

// products32 is products of int32 values.
func products32(a, b []int32) (s wide) {
	for i := range a {
		s = s.add(widen(int64(a[i]) * int64(b[i])))
	}
	return s
}

// normalise writes x times what rsqrt gave times weight.
func (r *run) normalise(w *worker, row Row, dst, x []int32, pair [2]int32, weight []int32) {
	for i, v := range x {
		dst[i] = Norm(v, pair[0], pair[1], weight[i])
	}
	w.row32(row, dst)
}

// normHeads norms each head of x in place: the rows from the heads' sums of squares on.
func (r *run) normHeads(w *worker, row Row, x []int32, weight []int32) {
	hd := r.m.HeadDim
	heads := len(x) / hd
	sums, pairs := make([]int64, heads), make([]int32, 2*heads)
	for h := range heads {
		head := x[h*hd:][:hd]
		sums[h] = sumSquares(head)
		m, s := Rsqrt(squares(sums[h:h+1], r.m.epsilon(hd)), int64(hd))
		pairs[2*h], pairs[2*h+1] = m, s
		for i, v := range head {
			head[i] = Norm(v, m, s, weight[i])
		}
	}
	w.row64(row, sums)
	w.row32(row.of(row.Op+1), pairs)
	w.row32(row.of(row.Op+2), x)
}

// rotate turns a head's vector to position t; dst is padded with zeros.
func (r *run) rotate(dst, x []int32, t int) {
	half := len(x) / 2
	sin, cos := r.sin[t*half:][:half], r.cos[t*half:][:half]
	for i := range half {
		dst[i] = Rotate(x[i], x[i+half], sin[i], cos[i], false)
		dst[i+half] = Rotate(x[i+half], x[i], sin[i], cos[i], true)
	}
	clear(dst[len(x):])
}

// splitHigh cuts x as split does, for the kernel's other operand, whose elements may have 16 bits.
func splitHigh(hi, lo []int16, x []int32) bool {
	var beyond int32
	for i, v := range x {
		h := (v + pieceMax) >> pieceBits
		hi[i] = int16(h)
		lo[i] = int16(v - h<<pieceBits)
		beyond |= v>>31 ^ v
	}
	return beyond < 1<<(15+pieceBits)-pieceMax
}
