// Small plots, drawn as SVG. Each says in words what it shows, and what it is
// drawn from stands in a table beside it.
import { h, s, count, number, plural, table, site, at } from './dom.js'

// width is what there is for a plot: one unit is a pixel, so that its text is as
// large as the text around it.
const width = () => Math.max(300, Math.min(1140, document.getElementById('main').clientWidth - 34))

const scale = (from, to, a, b) => v => to === from ? (a + b) / 2 : a + (v - from) * (b - a) / (to - from)

// ticks are round numbers from 0 up to a greatest.
function ticks(most, about = 4) {
  const raw = most / about
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map(k => k * unit).find(k => k >= raw)
  const list = []
  for (let v = 0; v <= most * 1.0001; v += step) list.push(v)
  return list
}

function figure(title, svg, rows) {
  return h('figure', null, h('figcaption', null, title), svg, rows && h('details', { 'data-key': title }, h('summary', null, 'As a table'), rows))
}

// spark is a standing's way as a line in a table's cell.
export function spark(row) {
  const dots = [{ nats: 0 }, ...row.trend] // every standing begins at zero
  const most = Math.max(row.line * 1.15, ...dots.map(d => d.nats))
  const x = scale(0, dots.length - 1 || 1, 3, 117)
  const y = scale(0, most, 29, 3)
  const over = row.nats >= row.line
  return s('svg', { class: 'spark', viewBox: '0 0 120 32', role: 'img', 'aria-label': `standing ${number(row.nats)} nats of ${number(row.line)}: ${over ? 'over the line' : 'under the line'}` },
    s('path', { class: 'limit', d: `M0 ${y(row.line)}H120` }),
    s('path', { class: 'line', d: path(dots.map((d, i) => [x(i), y(d.nats)])) }),
    s('circle', { class: over ? 'dot over' : 'dot', cx: x(dots.length - 1), cy: y(row.nats), r: 2.5 }))
}

const path = points => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')

// trend is a standing against the line at which it is a fault.
export function trend(row, name) {
  const dots = row.trend
  const W = width(), H = 200, left = 40, bottom = 172
  const most = Math.max(row.line * 1.25, ...dots.map(d => d.nats * 1.08))
  const first = dots.length ? dots[0].epoch : 0, last = dots.length ? Math.max(dots.at(-1).epoch, first + 1) : 1
  const x = scale(first, last, left + 8, W - 12), y = scale(0, most, bottom, 14)
  return figure(`Standing of ${name}, in nats, by epoch`, s('svg', { class: 'plot', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `Standing ${number(row.nats)} nats after ${plural(dots.length, 'epoch')}; a fault from ${number(row.line)} nats` },
    ticks(most).map(v => [s('path', { class: 'grid', d: `M${left} ${y(v)}H${W}` }), s('text', { x: left - 6, y: y(v) + 4, 'text-anchor': 'end' }, number(v, 0))]),
    s('rect', { class: 'fault', x: left, y: 8, width: W - left, height: Math.max(0, y(row.line) - 8) }),
    s('path', { class: 'limit', d: `M${left} ${y(row.line)}H${W}` }),
    s('text', { class: 'tag', x: W - 6, y: y(row.line) - 6, 'text-anchor': 'end' }, `fault line ${number(row.line)}`),
    s('path', { class: 'line', d: path(dots.map(d => [x(d.epoch), y(d.nats)])) }),
    dots.map(d => s('circle', { class: d.nats >= row.line ? 'dot over' : 'dot', cx: x(d.epoch), cy: y(d.nats), r: dots.length > 60 ? 1.8 : 3.5 }, s('title', null, `epoch ${d.epoch}: ${number(d.nats)} nats`))),
    labels(dots.map(d => d.epoch), x, H - 8)),
  table(`Standing of ${name}`, [['Epoch', d => count(d.epoch)], ['Nats', d => number(d.nats), 'num'], ['Line', d => d.nats >= row.line ? 'over the line' : '']], dots, 'No epoch has moved it yet.'))
}

// labels are some of the epochs under an axis.
function labels(epochs, x, y) {
  const every = Math.ceil(epochs.length / 10)
  return epochs.filter((_, i) => i % every === 0).map(e => s('text', { x: x(e), y, 'text-anchor': 'middle' }, `e${e}`))
}

export const kinds = [['passed', 'PASS'], ['failed', 'FAIL'], ['inconclusive', 'INCONCLUSIVE'], ['unavailable', 'UNAVAILABLE']]

// patterns tell the parts of bars apart without colour.
function patterns(id) {
  const hatch = (name, d, size = 6) => s('pattern', { id: `${id}-${name}`, width: size, height: size, patternUnits: 'userSpaceOnUse' }, s('rect', { class: `fill ${name}`, width: size, height: size }), s('path', { class: 'hatch', d }))
  return s('defs', null, hatch('passed', ''), hatch('failed', 'M0 6 6 0M-1.5 1.5 1.5-1.5M4.5 7.5 7.5 4.5'), hatch('inconclusive', 'M3 0V6'), hatch('unavailable', 'M1 1h1.6v1.6H1zM4 4h1.6v1.6H4z'))
}

let plots = 0

// bars are verdicts by epoch.
export function bars(history) {
  const W = width(), H = 180, left = 40, bottom = 152, id = `p${++plots}`
  const most = Math.max(1, ...history.map(d => d.samples))
  const y = scale(0, most, bottom, 12)
  const step = (W - left - 8) / Math.max(history.length, 8), wide = Math.max(2, Math.min(34, step * .7))
  const x = i => left + 8 + step * (i + .5)
  return figure('Samples of each epoch, by verdict', [s('svg', { class: 'plot', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `Verdicts of samples in ${plural(history.length, 'epoch')}` }, patterns(id),
    ticks(most).filter(Number.isInteger).map(v => [s('path', { class: 'grid', d: `M${left} ${y(v)}H${W}` }), s('text', { x: left - 6, y: y(v) + 4, 'text-anchor': 'end' }, number(v, 0))]),
    history.map((d, i) => {
      let base = 0
      return s('g', null, s('title', null, `epoch ${d.epoch}: ${kinds.map(([k, name]) => `${d[k]} ${name}`).join(', ')}`), kinds.map(([k]) => {
        if (!d[k]) return null
        const top = y(base + d[k]), low = y(base)
        base += d[k]
        return s('rect', { x: x(i) - wide / 2, y: top, width: wide, height: low - top, fill: `url(#${id}-${k})`, class: 'bar' })
      }))
    }), labels(history.map(d => d.epoch), e => x(history.findIndex(d => d.epoch === e)), H - 8)), legend()],
  table('Verdicts by epoch', [['Epoch', d => count(d.epoch)], ['Receipts', d => count(d.receipts), 'num'], ['Samples', d => count(d.samples), 'num'], ...kinds.map(([k, name]) => [name, d => count(d[k]), 'num'])], history, 'No batch yet.'))
}

function legend() {
  const id = `p${++plots}`
  return h('p', { class: 'legend' }, kinds.map(([k, name]) => h('span', null, s('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, patterns(id), s('rect', { width: 14, height: 14, fill: `url(#${id}-${k})`, class: 'bar' })), name)))
}

// split is the verdicts of one thing as a bar in a table's cell.
export function split(c) {
  if (!c.samples) return h('span', { class: 'dim' }, 'none yet')
  const id = `p${++plots}`
  let from = 0
  return h('span', { class: 'split' }, s('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': kinds.map(([k, name]) => `${c[k]} ${name}`).join(', ') }, patterns(id), kinds.map(([k]) => {
    const wide = 100 * c[k] / c.samples
    from += wide
    return wide ? s('rect', { x: from - wide, width: wide, height: 10, fill: `url(#${id}-${k})` }) : null
  })), h('span', null, kinds.filter(([k]) => c[k]).map(([k, name]) => `${c[k]}\u202f${name}`).join(' \u00b7 ')))
}

// evidence is what the provider claims of each token, and what was recomputed.
export function evidence(claimed, members) {
  const shown = members.filter(m => m.logProb?.length)
  const n = Math.max(claimed?.length ?? 0, ...shown.map(m => m.logProb.length), 0)
  if (n === 0) return null
  const W = width(), H = 200, left = 40, bottom = 172
  const lowest = Math.min(-1, ...(claimed ?? []), ...shown.flatMap(m => m.logProb))
  const x = scale(0, Math.max(1, n - 1), left + 8, W - 12), y = scale(lowest, 0, bottom, 12)
  const cross = (v, i) => `M${(x(i) - 2.6).toFixed(1)} ${(y(v) - 2.6).toFixed(1)}l5.2 5.2m0-5.2l-5.2 5.2`
  return figure('Log-probability of each output token, in nats: the provider\u2019s claim (line) and what was recomputed (crosses)', s('svg', { class: 'plot', viewBox: `0 0 ${W} ${H}`, role: 'img',
    'aria-label': `${n} positions; ${claimed ? 'claimed' : 'no claim'} and ${plural(shown.length, 'recomputation')}` },
    ticks(-lowest).map(v => [s('path', { class: 'grid', d: `M${left} ${y(-v)}H${W}` }), s('text', { x: left - 6, y: y(-v) + 4, 'text-anchor': 'end' }, v ? number(-v, v % 1 ? 1 : 0) : '0')]),
    claimed && s('path', { class: 'line', d: path(claimed.map((v, i) => [x(i), y(v)])) }),
    shown.map((m, k) => s('path', { class: `cross c${k % 3}`, d: m.logProb.map(cross).join('') })),
    s('text', { x: W - 12, y: H - 8, 'text-anchor': 'end' }, `position ${n - 1}`), s('text', { x: left + 8, y: H - 8 }, '0')),
  table('Log-probabilities', [['Position', i => i], ['Claimed', i => claimed?.[i] === undefined ? 'none' : number(claimed[i], 4), 'num'], ...shown.map(m => [m.operator.slice(0, 8) + '\u2026', i => m.logProb[i] === undefined ? 'none' : number(m.logProb[i], 4), 'num'])],
    Array.from({ length: Math.min(n, 512) }, (_, i) => i), ''))
}

// timeline is steps by blocks, with where the chain is now.
export function timeline(steps) {
  const from = Math.min(...steps.map(t => t.from)), to = Math.max(...steps.map(t => t.to))
  const W = width(), row = 20, left = 76, H = row * steps.length + 26
  const x = scale(from, to, left, W - 8)
  const now = Math.min(Math.max(site.block, from), to)
  return figure('Timeline, by blocks: when each step could happen, and when it did (\u25c6)', s('svg', { class: 'plot time', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': steps.map(t => `${t.step}: ${t.done ? 'done' : 'blocks ' + t.from + ' to ' + t.to}`).join('; ') },
    steps.map((t, i) => {
      const y = i * row + 4
      return s('g', null, s('text', { x: left - 8, y: y + 12, 'text-anchor': 'end' }, t.step),
        s('rect', { class: t.done ? 'step done' : 'step', x: x(t.from), y: y + 2, width: Math.max(3, x(t.to) - x(t.from)), height: 12, rx: 2 }),
        t.at && s('path', { class: 'happened', d: `M${x(Math.min(Math.max(t.at.block, from), to))} ${y - 1}l5 5-5 5-5-5z`, transform: 'translate(0 4)' }, s('title', null, `${t.step}: block ${t.at.block}`)))
    }),
    s('path', { class: 'now', d: `M${x(now)} 0V${H - 20}` }), s('text', { x: x(now), y: H - 6, 'text-anchor': now - from > (to - from) * .8 ? 'end' : now === from ? 'start' : 'middle' }, site.block > to ? `over since block ${to}` : `now, block ${site.block}`)),
  table('Timeline', [['Step', t => t.step], ['State', t => t.done ? '\u2713 done' : site.block < t.from ? 'to come' : site.block > t.to ? 'not done' : 'open'], ['From block', t => count(t.from), 'num'], ['To', t => count(t.to), 'num'], ['Happened', t => t.at ? at(t.at.block, t.at.time) : ''], ['Detail', t => t.says]], steps, ''))
}

const turns = { challenge: 'asserter', reveal: 'challenger', pick: 'asserter', show: 'challenger', name: 'asserter' } // whose it is after a move

// clock is a dispute's: the window for challenges, and in each game whose turn
// it was, for how long.
export function clock(v) {
  const shown = v.gameList.slice(0, 12)
  const games = shown.map(g => v.moveList.filter(m => m.challenger === g.challenger))
  const open = v.status === 'pending'
  const from = v.at.block, to = Math.max(v.closesAt, from + 1, ...v.moveList.map(m => m.at.block), ...shown.map(g => g.deadline), open ? Math.min(site.block, v.closesAt + 1) : 0)
  const W = width(), row = 24, left = 84, H = row * (1 + games.length) + 22, id = `p${++plots}`
  const right = W - (open ? 118 : 60), x = scale(from, to, left, right)
  const bar = (a, b, y, kind, title, dashed) => s('rect', { x: x(a), y: y + 4, width: Math.max(2, x(b) - x(a)), height: 13, class: `turn ${kind}${dashed ? ' open' : ''}`, fill: kind === 'challenger' ? `url(#${id})` : null }, s('title', null, title))
  const name = (text, y) => s('text', { x: left - 8, y: y + 15, 'text-anchor': 'end' }, text)
  const now = Math.min(Math.max(site.block, from), to)
  return figure('Contest clock, by blocks', [s('svg', { class: 'plot time', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `Challenges from block ${from} to ${v.closesAt - 1}; ${plural(games.length, 'game')}` },
    s('defs', null, s('pattern', { id, width: 5, height: 5, patternUnits: 'userSpaceOnUse' }, s('rect', { class: 'fill inconclusive', width: 5, height: 5 }), s('path', { class: 'hatch', d: 'M0 5 5 0M-1 1 1-1M4 6 6 4' }))),
    name('challenges', 0), bar(from, v.closesAt - 1, 0, 'window', `may be challenged in blocks ${from} to ${v.closesAt - 1}`, open && site.block < v.closesAt),
    s('text', { x: x(v.closesAt - 1) + 6, y: 15 }, v.status),
    games.map((moves, i) => {
      const y = row * (i + 1), g = shown[i]
      return s('g', null, name(g.challenger.slice(0, 8) + '\u2026', y), moves.map((m, k) => {
        const whose = turns[m.move]
        if (!whose) return null
        const next = moves[k + 1]
        const title = `${m.move} in block ${m.at.block}; the ${whose}\u2019s turn ${next ? `took ${plural(next.at.block - m.at.block, 'block')}` : `ends with block ${m.deadline}`}`
        return next ? bar(m.at.block, next.at.block, y, whose, title) : [bar(m.at.block, m.deadline, y, 'window', title, true), bar(m.at.block, Math.min(now, m.deadline), y, whose, title)]
      }), s('text', { x: x(Math.max(g.deadline, ...moves.map(m => m.at.block))) + 6, y: y + 15 }, g.outcome === 'under way' ? `${g.waits} to ${g.turn}` : g.outcome))
    }),
    open ? s('path', { class: 'now', d: `M${x(now)} 0V${H - 18}` }) : null,
    s('text', { x: left, y: H - 5 }, `block ${count(from)}`), s('text', { x: W, y: H - 5, 'text-anchor': 'end' }, `to block ${count(to)}`)),
  h('p', { class: 'legend' }, h('span', null, s('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, s('rect', { width: 14, height: 14, class: 'turn asserter' })), 'the asserter\u2019s turn'), h('span', null, s('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, s('rect', { width: 14, height: 14, class: 'turn challenger', fill: `url(#${id})` })), 'the challenger\u2019s'), v.gameList.length > shown.length ? h('span', null, `${count(v.gameList.length - shown.length)} more games are in the table`) : null)])
}

// narrowed is which part of a trace is in question, as a bar; beside it stand
// the words.
export function narrowed(q, rows) {
  if (q === null || !rows) return null
  const wide = Math.max(1.2, 100 * (q.last - q.first + 1) / rows), from = Math.min(100 - wide, 100 * q.first / rows)
  return s('svg', { class: 'narrowed', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('rect', { class: 'all', width: 100, height: 6 }), s('rect', { class: 'part', x: from, width: wide, height: 6 }))
}
