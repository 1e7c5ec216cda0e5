// What views are made of. Nothing here parses HTML: every string, most of them
// other people's words, becomes a text node or an attribute.

// h makes an element: attributes, then children (nodes, strings, arrays; null
// and false are left out). A function under on... is a listener.
export function h(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children)
}

// s is h for SVG.
export function s(name, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function fill(e, attributes, children) {
  for (const [k, v] of Object.entries(attributes ?? {})) {
    if (v === null || v === undefined || v === false) continue
    if (typeof v === 'function') e.addEventListener(k.slice(2), v)
    else e.setAttribute(k, v === true ? '' : String(v))
  }
  append(e, children)
  return e
}

function append(e, child) {
  if (Array.isArray(child)) child.forEach(c => append(e, c))
  else if (child !== null && child !== undefined && child !== false) e.append(child instanceof Node ? child : String(child))
}

// What the page knows of the deployment.
export const site = { block: 0, time: 0, perBlock: 0, token: null, names: new Map() }

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export const count = n => whole.format(n).replaceAll(',', '\u202f')

export const number = (x, digits = 2) => x === null || x === undefined ? 'none' : Math.abs(x) >= 1e6 || (x !== 0 && Math.abs(x) < 10 ** -digits)
  ? x.toExponential(2) : x.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: Number.isInteger(x) ? 0 : digits }).replaceAll(',', '\u202f')

export const percent = x => `${(100 * x).toLocaleString('en', { maximumFractionDigits: 2 })}\u202f%`

export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`

// amount shows base units of the staked token.
export function amount(base) {
  if (base === null) return 'none'
  const decimals = site.token?.decimals ?? 0
  const digits = base.padStart(decimals + 1, '0')
  const head = digits.slice(0, digits.length - decimals)
  const tail = digits.slice(digits.length - decimals).slice(0, 4).replace(/0+$/, '')
  const shown = head.replace(/\B(?=(\d{3})+$)/g, '\u202f') + (tail ? `.${tail}` : '')
  return `${shown} ${site.token?.symbol ?? 'base units'}`
}

// ether shows wei.
export const ether = wei => wei === null ? 'not read yet' : `${(Number(wei) / 1e18).toLocaleString('en', { maximumSignificantDigits: 4 })} ETH`

// span is how long a number of blocks takes, about.
function span(blocks) {
  if (!site.perBlock) return ''
  const sec = Math.abs(blocks) * site.perBlock
  if (sec < 90) return `\u2248\u202f${Math.round(sec)} s`
  if (sec < 5400) return `\u2248\u202f${Math.round(sec / 60)} min`
  if (sec < 129600) return `\u2248\u202f${Math.round(sec / 3600)} h`
  return `\u2248\u202f${Math.round(sec / 86400)} d`
}

function relative(block) {
  const d = block - site.block
  if (d === 0) return 'now'
  const far = `${plural(Math.abs(d), 'block')}${span(d) ? `, ${span(d)}` : ''}`
  return d < 0 ? `${far} ago` : `in ${far}`
}

export const utc = t => t ? new Date(1000 * t).toISOString().slice(0, 19).replace('T', ' ') + ' UTC' : ''

// at shows a block, absolute and relative; tick brings the latter up to date.
export function at(block, time) {
  const when = time || (site.time && site.perBlock ? Math.round(site.time + (block - site.block) * site.perBlock) : 0)
  return h('span', { class: 'at', title: utc(when) }, h('span', { class: 'block' }, `block ${count(block)}`), ' ', h('time', { 'data-block': block, datetime: when ? new Date(1000 * when).toISOString() : null }, relative(block)))
}

export function tick(root = document) {
  for (const e of root.querySelectorAll('time[data-block]')) {
    const text = relative(Number(e.dataset.block))
    if (e.textContent !== text) e.textContent = text
  }
}

// short shows a hash or address, whole on demand, with a button that copies it.
export function short(value, href, what = 'hash') {
  const text = value.length > 14 ? `${value.slice(0, 8)}\u2026${value.slice(-4)}` : value
  const name = href ? h('a', { href, title: value }, text) : h('span', { title: value }, text)
  return h('span', { class: 'hash' }, name, copy(value, what))
}

function copy(value, what) {
  return h('button', { class: 'copy', type: 'button', 'aria-label': `Copy ${what} ${value}`, title: `Copy ${value}`, onclick: async e => {
    const button = e.currentTarget
    try {
      await navigator.clipboard.writeText(value)
      button.dataset.done = 'yes'
      say('Copied')
    } catch {
      say(`The browser does not let this page copy. The ${what} is ${value}`)
      button.dataset.done = 'no'
    }
    setTimeout(() => delete button.dataset.done, 1500)
  } }, s('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, s('path', { d: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z' })))
}

// say tells what happened to those who do not see it.
export function say(text) {
  document.getElementById('said').textContent = text
}

export const provider = a => short(a, `#/provider/${a}`, 'address')
export const batch = id => short(id, `#/batch/${id}`, 'batch')
export const sample = id => short(id, `#/sample/${id}`, 'sample')
export const epoch = n => h('a', { href: `#/epoch/${n}` }, count(n))
export const dispute = id => short(id, `#/dispute/${id}`, 'dispute')
export const demand = id => short(id, `#/demand/${id}`, 'request')
export const receipt = hash => short(hash, `#/receipt/${hash}`, 'receipt')
export const transaction = id => short(id, null, 'transaction')

// Marks: a verdict is told by its shape and its word; colour only helps.
const marks = {
  PASS: ['pass', 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z', 'M4.6 8.2 7 10.6 11.4 5.6'],
  FAIL: ['fail', 'M1.5 1.5h13v13h-13z', 'M5 5l6 6M11 5l-6 6'],
  INCONCLUSIVE: ['unsure', 'M8 .8 15.2 8 8 15.2.8 8Z', 'M5 8.4c1-1.6 2-1.6 3 0s2 1.6 3 0'],
  UNAVAILABLE: ['gone', 'M8 1.2 15.4 14.4H.6Z', 'M8 5.6v4.2M8 11.6v.9'],
  UNSAMPLED: ['none', 'M3 8h10', ''],
}

export function verdict(name, detail) {
  const [kind, shape, sign] = marks[name] ?? marks.UNSAMPLED
  return h('span', { class: `mark ${kind}`, 'data-verdict': name }, s('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, s('path', { class: 'shape', d: shape }), sign && s('path', { class: 'sign', d: sign })),
    h('b', null, name), detail && detail !== 'none' ? h('span', { class: 'why' }, detail) : null)
}

export const pending = text => h('span', { class: 'mark none' }, h('b', null, text))

// became shows a verdict, and the one that took its place.
export const became = (name, detail, overturn) => overturn ? h('span', { class: 'became' }, verdict(name), h('span', { class: 'hidden' }, 'overturned: '), h('span', { 'aria-hidden': 'true' }, '\u2192'), verdict(overturn.verdict)) : verdict(name, detail)

// state is a chip for a phase or a status, with a sign of its own.
const signs = { open: '\u25d4', executed: '\u25a0', cleared: '\u25cb', pending: '\u25d4', stood: '\u25a0', fallen: '\u25cb', final: '\u25cf', contested: '\u25d1', contestable: '\u25d1', void: '\u2205', jailed: '\u25a6', requested: '\u25d4', answered: '\u25d1', settled: '\u25cf', refundable: '\u25d1', refunded: '\u25cb', certified: '\u25d1' }

export function state(name) {
  return h('span', { class: 'state', 'data-state': name }, h('span', { 'aria-hidden': 'true' }, signs[name] ?? '\u2026'), ' ', name)
}

// table makes one: columns are [title, cell of a row, class].
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty)
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, h('table', null, h('caption', { class: 'hidden' }, caption),
    h('thead', null, h('tr', null, columns.map(([title, , kind]) => h('th', { scope: 'col', class: kind }, title)))),
    h('tbody', null, rows.map((row, i) => h('tr', null, columns.map(([, cell, kind], k) => h(k === 0 ? 'th' : 'td', { class: kind, scope: k === 0 ? 'row' : null }, cell(row, i))))))))
}

// facts is a list of names and values; null values are left out.
export function facts(...pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(p => p && p[1] !== null && p[1] !== undefined).map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v))))
}

export function section(title, ...children) {
  return h('section', { 'aria-label': title }, h('h2', null, title), children)
}
