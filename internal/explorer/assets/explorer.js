// The page: which view is shown, what changes it, and the search.
import { h, site, count, say, tick, utc } from './dom.js'
import { views } from './views.js'
import { ask } from './api.js'

// What the browser's tests draw beside each other.
export { h, s, verdict } from './dom.js'
export { clock } from './plot.js'

const main = document.getElementById('main')
let shown = { key: null, view: null, number: 0 }

// nowhere stands in for a view that there is none of.
const nowhere = says => ({ title: 'No such page', topics: [], load: () => null, draw: () => [h('h1', { tabindex: '-1' }, 'No such page'), h('p', { class: 'error', role: 'alert' }, says, ' The sections above lead everywhere.')] })

const about = ['provider', 'epoch', 'batch', 'sample', 'dispute', 'demand'] // one thing, which the address names

// route is a view, its argument and its query out of the address:
// #/view/argument?query. Arguments are numbers, addresses and hashes: what is
// none of these is not asked for.
function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?')
  const [name, argument, ...rest] = path.split('/')
  let view = Object.hasOwn(views, name) ? views[name] : nowhere(`There is no section \u201c${name.slice(0, 40)}\u201d.`)
  if (rest.length || /\W/.test(argument ?? '')) view = nowhere('The address of this page is malformed: after # it reads /section/number-or-hash.')
  else if (about.includes(name) && !argument) view = nowhere(`The address does not say which ${name}.`)
  return { name, view, argument, query: new URLSearchParams(query ?? '') }
}

async function show({ again = false, given } = {}) {
  const { name, view, argument, query } = route()
  const turn = ++shown.number
  for (const a of document.querySelectorAll('nav a')) {
    const here = a.getAttribute('href').slice(2)
    if (here === name || here === name + 's' || (here === 'epochs' && (name === 'batch' || name === 'sample'))) a.setAttribute('aria-current', 'page')
    else a.removeAttribute('aria-current')
  }
  if (!again) main.setAttribute('aria-busy', 'true')
  let body
  try {
    body = view.draw(given ?? await view.load(query, argument))
  } catch (e) {
    if (turn !== shown.number) return
    if (again) return // what is shown stays; the next change asks again
    body = [h('h1', { tabindex: '-1' }, view.title), h('p', { class: 'error', role: 'alert' }, e.message)]
  }
  if (turn !== shown.number) return // another view was asked for meanwhile
  const open = new Set([...main.querySelectorAll('details[open][data-key]')].map(d => d.dataset.key))
  const focused = again ? place(document.activeElement) : null
  main.replaceChildren(...[body].flat(3).filter(Boolean))
  main.removeAttribute('aria-busy')
  shown = { ...shown, view, key: location.hash }
  document.title = `${main.querySelector('h1')?.textContent ?? view.title} \u00b7 posp explorer`
  if (again) {
    for (const d of main.querySelectorAll('details[data-key]')) d.open = open.has(d.dataset.key)
    if (focused !== null) reach().at(focused)?.focus({ preventScroll: true })
  } else {
    if (shown.begun) {
      main.querySelector('h1')?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    say(`${view.title} is shown`)
  }
  shown.begun = true
}

// What can be focused within the view, in order: after it is drawn again the
// focus goes back to the same place.
const reach = () => [...main.querySelectorAll('a[href],button,summary,textarea,[tabindex="0"]')]
const place = e => e && main.contains(e) ? (i => i < 0 ? null : i)(reach().indexOf(e)) : null

// Changes: whatever is shown is asked for again when it was touched.
const live = document.getElementById('live')
let due = null

function changed(change) {
  site.block = change.block
  if (change.time) site.time = change.time
  document.getElementById('now').textContent = `block ${count(site.block)}${site.time ? ` \u00b7 ${utc(site.time)}` : ''}`
  tick()
  const view = shown.view
  const touched = view && (change.topics.includes('all') || change.topics.some(t => view.topics.includes(t)) || (view.clock && change.block % 5 === 0))
  if (touched && due === null) due = setTimeout(() => { due = null; show({ again: true }) }, 250)
}

// They come by a stream. Where the explorer has no room for one more, the page
// asks every ten seconds instead, and tries the stream again each minute. A page
// that nobody sees holds no stream.
let source = null, timer = null, asked = 0

function tell(state, text) {
  live.textContent = text
  live.dataset.state = state
}

function listen() {
  source?.close()
  clearTimeout(timer)
  source = new EventSource('/api/v1/events')
  source.addEventListener('open', () => tell('live', 'live'))
  source.addEventListener('change', e => changed(JSON.parse(e.data)))
  source.addEventListener('error', e => {
    if (e.target !== source) return
    if (source.readyState === EventSource.CLOSED) askAgain() // refused: the browser does not come back by itself
    else tell('lost', 'not connected, trying again')
  })
}

async function askAgain() {
  try {
    const { clock } = await ask('overview')
    tell('slow', 'live, every 10 s')
    changed({ ...clock, topics: clock.block === site.block ? [] : ['all'] })
  } catch {
    tell('lost', 'not connected, trying again')
  }
  clearTimeout(timer)
  timer = setTimeout(++asked % 6 ? askAgain : listen, 10_000)
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    source?.close()
    clearTimeout(timer)
  } else {
    listen()
    show({ again: true })
  }
})

// Search: the explorer says what it is.
const search = document.getElementById('search'), q = document.getElementById('q')
search.addEventListener('submit', async e => {
  e.preventDefault()
  const text = q.value.trim()
  if (!text) return
  if (/^[{]|^[A-Za-z0-9+/]{80,}=*$|^posp-receipt/i.test(text)) {
    q.value = ''
    history.pushState(null, '', '#/receipt')
    show({ given: { hash: '', text } })
    return
  }
  try {
    const { matches } = await ask('search', new URLSearchParams({ q: text }))
    if (matches.length) {
      q.value = ''
      const to = `#/${matches[0].view}`
      if (location.hash === to) show()
      else location.hash = to
    } else {
      main.replaceChildren(h('h1', { tabindex: '-1' }, 'Nothing found'), h('p', { class: 'empty' }, 'Neither an epoch, nor the address of a provider or operator, nor the hash of a batch, sample, receipt, dispute or charge that this explorer keeps. Of a receipt that was not sampled only the whole receipt tells its place: ', h('a', { href: '#/receipt' }, 'paste it'), '.'))
      shown.view = null
      say('Nothing found')
    }
  } catch (err) {
    say(err.message)
    main.replaceChildren(h('h1', { tabindex: '-1' }, 'Search'), h('p', { class: 'error', role: 'alert' }, err.message))
  }
})
addEventListener('keydown', e => {
  if (e.key === '/' && !e.ctrlKey && !e.metaKey && !e.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) {
    e.preventDefault()
    q.focus()
  } else if (e.key === 'Escape' && document.activeElement === q) {
    q.value = ''
    main.focus({ preventScroll: true })
  }
})
document.querySelector('.skip').addEventListener('click', e => { e.preventDefault(); main.focus() })
addEventListener('hashchange', () => show())

const { clock, token } = await ask('overview').catch(() => ({ clock: null }))
if (clock) Object.assign(site, { block: clock.block, time: clock.time, perBlock: clock.secondsPerBlock, token })
listen()
show()
