// "Verify in your browser": a sample's replay bundle through the second,
// independent verifier (verifier/ in the repository).
import { h, count, say, section } from './dom.js'

const signs = { ok: ['pass', '\u2713'], failed: ['fail', '\u2715'], 'not checked': ['none', '\u2013'] }

// Panels outlive a view that is drawn again: what is running goes on.
const panels = new Map()

// of says what the bundle is of.
export function verifier(url, of) {
  if (!panels.has(url)) {
    panels.clear()
    panels.set(url, make(url, of))
  }
  return panels.get(url)
}

function make(url, of) {
  const checks = h('ul', { class: 'checks' }), came = h('p', { class: 'lead', role: 'status' })
  const input = (id, label) => h('div', null, h('label', { for: id }, label), h('input', { id, autocomplete: 'off', spellcheck: 'false', placeholder: '0x\u2026', pattern: '0x[0-9a-fA-F]{64}' }))
  const button = h('button', { class: 'verify', type: 'submit' }, 'Verify in your browser')
  const form = h('form', { class: 'trust', onsubmit: e => {
    e.preventDefault()
    const trust = {}
    for (const name of ['block', 'network', 'log']) {
      const value = form.querySelector(`#trust-${name}`).value.trim()
      if (value) trust[name] = name === 'log' ? value : value.toLowerCase()
    }
    button.disabled = true
    checks.replaceChildren()
    checks.dataset.done = 'no'
    came.textContent = 'Fetching the bundle, which the aggregator makes now.'
    const worker = new Worker('/assets/verify-worker.js', { type: 'module' })
    const end = text => {
      came.textContent = text
      checks.dataset.done = 'yes'
      button.disabled = false
      worker.terminate()
      say(text)
    }
    worker.addEventListener('error', e => end(`The verifier did not start: ${e.message ?? 'the browser says no more'}`))
    worker.addEventListener('message', ({ data }) => {
      if (data.error) end(data.error)
      else if (data.bytes) came.textContent = `Checking ${count(data.bytes)} bytes.`
      else if (data.check) {
        const { name, outcome, found } = data.check, [kind, sign] = signs[outcome]
        checks.append(h('li', { 'data-name': name, 'data-outcome': outcome }, h('span', { class: `mark ${kind}` }, h('b', null, `${sign} ${outcome}`)), h('b', null, name), h('span', { class: 'dim' }, found)))
      } else if (data.done) {
        const all = [...checks.children].map(c => c.dataset.outcome), of = outcome => all.filter(o => o === outcome).length
        end(`${of('failed') ? `${of('failed')} of ${all.length} checks failed` : `None of ${all.length} checks failed`}${of('not checked') ? `; ${of('not checked')} could not be made, and each says why` : ''}.`)
      }
    })
    worker.postMessage({ url, trust })
  } }, h('p', null, button, ' ', h('a', { href: url, download: '' }, `Download the replay bundle of ${of}`), ' for posp audit verify'),
  h('details', { 'data-key': 'trust' }, h('summary', null, 'What to trust'), h('p', null, 'Everything in a bundle hangs on two hashes, and what the transparency log says on a policy: whose keys sign it. Take them from a source that you trust, not from this page; without them the checks that need them are not made.'),
    input('trust-block', 'Hash of the block in which the epoch was certified'), input('trust-network', 'Network id'),
    h('div', null, h('label', { for: 'trust-log' }, 'Policy of the transparency log'), h('textarea', { id: 'trust-log', rows: 4, spellcheck: 'false', placeholder: 'log name+hash+key https://\u2026' }))))
  return section('Check it yourself', form, came, checks)
}
