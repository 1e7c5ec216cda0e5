// Views, one for each page: what it asks for, what it is touched by, and how
// the answer looks.
import { h, count, number, percent, plural, amount, at, short, provider, batch, sample, epoch, transaction, dispute, demand, receipt, ether, verdict, became, pending, state, table, facts, section, say } from './dom.js'
import { spark, trend, bars, split, evidence, timeline, clock, narrowed, kinds } from './plot.js'
import { ask, post } from './api.js'
import { verifier } from './verify-panel.js'

const operator = a => short(a, `#/operators`, 'address')
const model = m => m.name ? h('span', { title: m.specId }, m.name, m.private && h('span', { class: 'chip' }, 'private')) : short(m.specId, null, 'spec')
const jailed = yes => yes ? state('jailed') : ''

const heading = (title, ...more) => h('header', { class: 'page' }, h('h1', { tabindex: '-1' }, title), more)
const lead = (...text) => h('p', { class: 'lead' }, text)

function tile(name, value, note, href) {
  return h(href ? 'a' : 'div', { class: 'tile', href }, h('span', { class: 'name' }, name), h('strong', null, value), h('span', { class: 'note' }, note))
}

// more is the way to the next page of a list.
function more(page, base, query = '') {
  return h('p', { class: 'more' }, page.total ? `${count(page.items.length)} of ${count(page.total)}` : '', page.next !== null && h('a', { href: `${base}?before=${page.next}${query}` }, 'Older'))
}

const standing = s => h('span', { class: 'standing' }, spark(s), h('span', null, `${number(s.nats)} of ${number(s.line)}`, s.nats >= s.line ? h('b', null, ' over the line') : ''))

const epochColumns = [
  ['Epoch', e => epoch(e.epoch)], ['Phase', e => state(e.phase)], ['Batches', e => count(e.batches), 'num'], ['Receipts', e => count(e.receipts), 'num'],
  ['Samples', e => count(e.samples), 'num'], ['Verdicts', split], ['Charges', e => count(e.faults), 'num'], ['Certified', e => e.certifiedAt ? at(e.certifiedAt) : 'not yet'],
]

const faultColumns = [
  ['Charge', f => h('span', null, h('b', null, f.kind), ' ', short(f.id, null, 'charge'))], ['Status', f => state(f.status)],
  ['Against', f => h('span', null, f.role, ' ', f.role === 'provider' ? provider(f.subject) : operator(f.subject))], ['Epoch', f => epoch(f.epoch), 'num'],
  ['Reason', f => h('span', { class: 'text' }, f.reason, f.sampleId && [' ', sample(f.sampleId)], f.disputes.length === 1 && [' ', h('span', { class: 'dim' }, 'dispute '), dispute(f.disputes[0])])],
  ['Slashed', f => f.slash ? h('span', null, `${percent(f.slash.share)} of the stake`, h('br'), amount(f.slash.shares)) : f.status === 'open' ? h('span', null, 'executable ', at(f.executableAt)) : 'nothing'],
]

const batchColumns = [
  ['Batch', b => batch(b.id)], ['Provider', b => provider(b.provider)], ['Epoch', b => epoch(b.epoch), 'num'], ['Receipts', b => count(b.receipts), 'num'],
  ['Drawn', b => count(b.drawn), 'num'], ['Verdicts', split], ['Charge', b => b.faulted ? h('b', null, 'charged') : ''],
]

const disputeColumns = [
  ['Dispute', d => dispute(d.id)], ['Status', d => state(d.status)], ['Epoch', d => epoch(d.epoch), 'num'], ['Provider', d => provider(d.provider)], ['Sample', d => sample(d.sampleId)],
  ['Certified', d => verdict(d.certified)], ['Asserted', d => verdict(d.asserted)], ['Games', d => count(d.games), 'num'], ['Moves', d => count(d.moves), 'num'],
  ['Clock', d => d.next ? at(d.next) : 'over'], ['Spec', d => d.private ? h('span', { class: 'chip' }, 'private') : ''],
]

const demandColumns = [
  ['Request', d => demand(d.id)], ['State', d => state(d.state)], ['Verdict', d => d.verdict ? verdict(d.verdict) : pending(d.refunded ? 'none in time' : 'none yet')], ['Asked', d => at(d.requested.block, d.requested.time)], ['Receipt', d => receipt(d.receiptHash)], ['Provider', d => d.provider ? provider(d.provider) : 'not kept'], ['Buyer', d => short(d.buyer, null, 'address')],
  ['By epoch', d => epoch(d.epoch), 'num'], ['Fee', d => ether(d.fee), 'num'],
]

// asked is a section of what was asked on demand, if anything was.
const asked = (list, without, all) => list.length ? section('On demand', table('On demand', demandColumns.filter(c => c[0] !== without), list, ''), all && h('p', { class: 'more' }, h('a', { href: all }, 'All requests about it'))) : null

export const views = {
  '': { title: 'Overview', topics: ['epochs', 'batches', 'faults', 'disputes', 'operators', 'providers'], load: () => ask('overview'), draw: v => {
    const t = v.totals
    return [heading('Overview', lead(`Inference on chain ${v.chainId}, checked by samples that anybody can draw again: providers commit to a receipt of each answer, operators recompute those that are drawn, and what speaks against a provider, in nats, adds up to its standing; over the line its stake is slashed. Epoch `, epoch(v.clock.epoch), ` serves until `, at(v.clock.epochEnds), '.')),
      h('div', { class: 'tiles' },
        tile('Receipts', count(t.receipts), `in ${plural(t.batches, 'batch', 'batches')}${t.demands ? `; ${count(t.demands)} asked about on demand` : ''}`, '#/epochs'),
        tile('Samples judged', count(t.samples), t.samples ? kinds.filter(([k]) => t[k]).map(([k, name]) => `${count(t[k])} ${name}`).join(', ') : 'none yet', '#/epochs'),
        tile('Providers', count(t.providers), t.jailed ? `${plural(t.jailed, 'party', 'parties')} jailed` : 'nobody jailed', '#/providers'),
        tile('Operators', count(t.operators), `${amount(t.weight)} at stake`, '#/operators'),
        tile('Slashed', amount(t.slashed), `${plural(t.faults.executed, 'charge')} executed, ${t.faults.open} open`, '#/faults'),
        tile('Disputes', count(t.disputes.pending + t.disputes.stood + t.disputes.fallen), `${t.disputes.pending} pending, ${t.disputes.stood} stood`, '#/disputes')),
      section('Epochs', table('Epochs', epochColumns, v.epochs, 'No epoch has begun: the first serves from the genesis block on, which Parameters shows.'), h('p', { class: 'more' }, h('a', { href: '#/epochs' }, 'All epochs'))),
      section('Newest charges', table('Newest charges', faultColumns, v.faults, 'Nobody is charged. A charge appears when a certificate carries one, with its reason.'), v.faults.length ? h('p', { class: 'more' }, h('a', { href: '#/faults' }, 'Slashing log')) : null),
      section('Models', table('Models', [['Model', model], ['Spec', m => short(m.specId, null, 'spec')], ['Texts', m => m.private ? 'hidden from the chain and from this page' : 'public in disputes; not shown here']], v.models, 'The network file names no model.'))]
  } },

  providers: { title: 'Providers', topics: ['providers', 'batches', 'epochs', 'faults'], load: q => ask('providers', q), draw: v => [
    heading('Providers', lead('A standing is a sequential test: it rises with evidence against the provider, never falls below zero, and is a fault at the line.')),
    table('Providers', [
      ['Provider', p => provider(p.address)], ['State', p => jailed(p.jailed)],
      ['Standing by model, in nats', p => p.standings.length ? p.standings.map(s => h('div', { class: 'by' }, model(s.model), standing(s))) : h('span', { class: 'dim' }, 'no sample judged under a spec yet')],
      ['Receipts', p => count(p.receipts), 'num'], ['Verdicts', split], ['Charges', p => count(p.faults), 'num'], ['Last epoch', p => p.lastEpoch === null ? 'none' : epoch(p.lastEpoch), 'num'], ['Serves at', p => h('span', { class: 'url' }, p.url ?? 'not read yet')],
    ], v.items, 'No provider has committed a batch yet. One appears here with its first batch, at the end of an epoch.'), more(v, '#/providers')] },

  provider: { title: 'Provider', topics: ['providers', 'batches', 'epochs', 'faults', 'disputes', 'demands'], load: (q, id) => ask(`providers/${id}`), draw: v => [
    heading(h('span', null, 'Provider ', h('span', { class: 'whole' }, v.address)), v.jailed ? lead(state('jailed'), ' A charge that is not cleared jails it: all its receipts are sampled, and markets take none of its batches.') : null),
    facts(['Serves at', v.url === null ? 'not read yet' : h('span', { class: 'url' }, v.url)], ['Receipt key', v.receiptKey && short(v.receiptKey, null, 'address')], ['Receipts', `${count(v.receipts)} in ${plural(v.batches, 'batch', 'batches')}`],
      ['Sampled at', v.rate && `${percent(v.rate.ratePpm / 1e6)}, at least ${v.rate.kMin}`], ['Verdicts', split(v)], ['Charges that stand', count(v.faults)]),
    section('Standing by model', v.standings.length ? v.standings.map(s => h('div', { class: 'panel' }, h('h3', null, model(s.model), ' ', number(s.nats), ' of ', number(s.line), ' nats'), trend(s, s.model.name || 'this spec'))) : h('p', { class: 'empty' }, 'No sample of it was judged under a spec yet: its openings were not due, or were withheld.')),
    section('Verdicts', h('div', { class: 'panel' }, bars(v.history))),
    section('Newest batches', table('Newest batches', batchColumns.filter(c => c[0] !== 'Provider'), v.recentBatches, 'No batch yet.')),
    section('Charges', table('Charges', faultColumns.filter(c => c[0] !== 'Against'), v.charges, 'It was never charged.')),
    v.disputes.length ? section('Disputes', table('Disputes', disputeColumns.filter(c => c[0] !== 'Provider'), v.disputes, '')) : null,
    asked(v.demands, 'Provider', `#/demands?provider=${v.address}`)] },

  operators: { title: 'Operators', topics: ['operators', 'epochs', 'faults'], load: () => ask('operators'), draw: v => [
    heading('Operators', lead(v.table ? ['They recompute samples and co-sign results, by stake. Table of ', at(v.table.block), `: ${plural(v.table.members, 'operator')}, ${amount(v.table.total)}.`] : 'No table was computed yet.')),
    table('Operators', [
      ['Operator', o => short(o.address, null, 'address')], ['State', o => o.member ? jailed(o.jailed) : h('span', null, jailed(o.jailed), ' not in the newest table')], ['Weight', o => h('span', null, amount(o.weight), h('br'), percent(o.share)), 'num'],
      ['Standing, in nats', o => o.standing ? standing(o.standing) : h('span', { class: 'dim' }, 'none certified yet')],
      [`Signed, of ${plural(v.epochs, 'certificate')}`, o => o.missed ? `${o.signed}, ${o.missed} missed` : o.signed, 'num'],
      ['Charges', o => o.charges.length ? h('ul', { class: 'plain' }, o.charges.map(f => h('li', null, state(f.status), ' ', h('b', null, f.kind), `, epoch ${f.epoch}`, f.slash ? `: ${percent(f.slash.share)} slashed` : ''))) : 'none'],
    ], v.operators, 'No operator has stake in a table yet. The keeper computes one before each epoch closes.')] },

  epochs: { title: 'Epochs', topics: ['epochs', 'batches', 'faults'], clock: true, load: q => ask('epochs', q), draw: v => [heading('Epochs'), table('Epochs', epochColumns, v.items, 'No epoch has begun.'), more(v, '#/epochs')] },

  epoch: { title: 'Epoch', topics: ['epochs', 'batches', 'faults', 'operators', 'disputes', 'demands'], clock: true, load: (q, n) => ask(`epochs/${n}`), draw: v => [
    heading(`Epoch ${v.epoch}`, lead(state(v.phase), v.certificate && v.phase === 'contestable' ? [' until ', at(v.certificate.contestEnds)] : '')),
    h('div', { class: 'panel' }, timeline(v.timeline)),
    facts(['Receipts', `${count(v.receipts)} in ${plural(v.batches, 'batch', 'batches')}`], ['Verdicts', split(v)], ['Beacon', v.beacon ? h('span', null, short(v.beacon.value, null, 'beacon'), `, prevrandao of block ${count(v.beacon.of)}`) : 'not fixed'],
      ['Operator table', v.table ? h('span', null, short(v.table.root, null, 'root'), `, ${plural(v.table.members, 'operator')}, ${amount(v.table.total)}`) : 'not known until batches close'],
      ['At this aggregator', v.progress && `${v.progress.phase}: ${v.progress.committed.length} committed, ${v.progress.revealed.length} revealed, ${v.progress.signed.length} signed`]),
    section('Certificate', v.certificate ? facts(['Signed by', `${percent(v.certificate.share)} of the stake: ${amount(v.certificate.signed)} of ${amount(v.certificate.total)}`],
      ['Did not sign', v.certificate.nonSigners === null ? 'not read from the transaction' : v.certificate.nonSigners.length ? v.certificate.nonSigners.map(a => operator(a)) : 'nobody'], ['Samples', count(v.certificate.sampleCount)],
      ['Digest', short(v.certificate.digest, null, 'digest')], ['Sample root', short(v.certificate.sampleRoot, null, 'root')], ['Result root', short(v.certificate.resultRoot, null, 'root')],
      ['In', h('span', null, at(v.certificate.block, v.certificate.time), ' ', transaction(v.certificate.transaction))], ['Gas', v.certificate.gasUsed && count(v.certificate.gasUsed)], ['Contest ends', at(v.certificate.contestEnds)])
      : h('p', { class: 'empty' }, v.phase === 'void' ? 'No certificate was accepted in time: nobody is punished, nobody is paid.' : 'None yet. It comes when operators of a quorum of the stake have signed what they derived.')),
    v.bundle && verifier(v.bundle, 'this epoch'),
    section('Batches', table('Batches', batchColumns.filter(c => c[0] !== 'Epoch'), v.batchList, 'No batch yet. Providers commit theirs when the epoch ends.')),
    section('Charges', table('Charges', faultColumns.filter(c => c[0] !== 'Epoch'), v.charges, 'No charge of this epoch.')),
    v.disputes.length ? section('Disputes', table('Disputes', disputeColumns.filter(c => c[0] !== 'Epoch'), v.disputes, '')) : null, asked(v.demands, 'By epoch')] },

  batch: { title: 'Batch', topics: ['batches', 'epochs', 'faults', 'disputes', 'demands'], clock: true, load: (q, id) => ask(`batches/${id}`, q), draw: v => [
    heading(h('span', null, 'Batch ', h('span', { class: 'whole' }, v.id)), lead('of ', provider(v.provider), ' in epoch ', epoch(v.epoch), '. ', state(v.phase), v.faulted ? [' ', h('b', null, 'It bears a charge.')] : '')),
    facts(['Receipts', `${count(v.receipts)}, from sequence ${count(v.firstSequence)}`], ['Sampled at', `${percent(v.rate.ratePpm / 1e6)}, at least ${v.rate.kMin}: ${plural(v.drawn, 'sample')}`], ['Verdicts', split(v)], ['Root', short(v.root, null, 'root')],
      ['Committed', h('span', null, at(v.committed.block, v.committed.time), ' ', transaction(v.committed.transaction))]),
    h('div', { class: 'panel' }, timeline(v.timeline)),
    v.bundle && verifier(v.bundle, 'this batch'),
    section('Samples', table('Samples', [['Sample', x => sample(x.id)], ['Draw', x => count(x.j), 'num'], ['Sequence', x => count(x.sequence), 'num'], ['Verdict', x => x.verdict ? became(x.verdict, x.class, x.overturn) : pending('not derived yet')],
      ['logE, nats', x => x.logE === null ? '' : number(x.logE), 'num'], ['Committee', x => x.committee.length ? x.committee.map(a => short(a, null, 'address')) : 'not known yet']], v.sampleList.items, 'Not drawn yet: the beacon that draws them is fixed after batches close, so that nobody can know them before.'),
      v.sampleList.next !== null && h('p', { class: 'more' }, `${count(v.sampleList.items.length)} of ${count(v.sampleList.total)} `, h('a', { href: `#/batch/${v.id}?before=${v.sampleList.next}` }, 'Next'))),
    v.charges.length ? section('Charges', table('Charges', faultColumns.filter(c => c[0] !== 'Epoch' && c[0] !== 'Against'), v.charges, '')) : null,
    v.disputes.length ? section('Disputes', table('Disputes', disputeColumns.filter(c => c[0] !== 'Epoch' && c[0] !== 'Provider'), v.disputes, '')) : null, asked(v.demands, 'Provider')] },

  sample: { title: 'Sample', topics: ['epochs', 'disputes', 'demands', 'receipts'], clock: true, load: (q, id) => ask(`samples/${id}`), draw: v => [heading(h('span', null, 'Sample ', h('span', { class: 'whole' }, v.id))), sampleBody(v)] },

  receipt: { title: 'Receipt', topics: [], load: async (q, hash) => hash ? { hash, found: await ask(`receipts/${hash}`) } : { hash: '' }, draw: receiptPage },

  disputes: { title: 'Disputes', topics: ['disputes'], load: q => ask('disputes', q), draw: v => [
    heading('Disputes', lead('Anybody may contest a certified verdict by the reference program, whose every step the chain can check.')),
    table('Disputes', disputeColumns, v.items, 'No verdict was ever contested. A dispute appears with its assertion, and then every move.'), more(v, '#/disputes')] },

  dispute: { title: 'Dispute', topics: ['disputes', 'faults'], clock: true, load: (q, id) => ask(`disputes/${id}`), draw: v => [
    heading(h('span', null, 'Dispute ', h('span', { class: 'whole' }, v.id)), lead(state(v.status), v.private && h('span', { class: 'chip' }, 'private'), ' ', verdict(v.certified), h('span', null, v.status === 'stood' ? ' became ' : v.status === 'fallen' ? ' should have become ' : ' is to become '), verdict(v.asserted, v.assertedClass)),
      h('p', { class: 'says' }, v.effect, '.', v.status === 'pending' ? [' It can be challenged until ', at(v.closesAt), '.'] : '')),
    h('div', { class: 'panel' }, clock(v)),
    facts(['Sample', sample(v.sampleId)], ['Provider', provider(v.provider)], ['Epoch and batch', h('span', null, epoch(v.epoch), ', ', batch(v.batchId))], ['Model', model(v.model)], ['Asserted by', short(v.asserter, null, 'address')],
      ['Evidence', `${number(v.certifiedLogE)} nats certified, ${number(v.assertedLogE)} asserted`], ['Text', `${plural(v.promptTokens, 'prompt token')}, ${plural(v.outputTokens, 'output token')}; ${v.private ? 'hidden' : 'public on chain, not shown here'}`],
      ['Trace', h('span', null, v.rows === null ? 'of a program that is not known here' : plural(v.rows, 'row'), ', root ', short(v.traceRoot, null, 'root'))],
      ['Holds up', v.charge ? h('span', null, 'charge ', short(v.charge, null, 'charge')) : 'no charge: it accuses'], ['Concluded', v.concluded && h('span', null, at(v.concluded.block, v.concluded.time), ' ', transaction(v.concluded.transaction))], ['Gas so far', gas(v.moveList)]),
    section('Games', table('Games', [['Challenger', g => short(g.challenger, null, 'address')], ['Waits for', g => games[g.outcome] ?? `${g.waits} to ${g.turn}`], ['Until', g => g.deadline ? at(g.deadline) : 'over'], ['In question', g => h('span', { class: 'text' }, question(g.question, v.rows))]], v.gameList, 'Nobody has challenged it. If nobody does in time, it stands.')),
    section('Moves', h('ol', { class: 'moves' }, v.moveList.map((m, i) => move(v, m, i)))),
    section('Bonds', table('Bonds', [['Account', b => short(b.account, null, 'address')], ['As', b => b.role], ['Paid in', b => ether(b.paid), 'num'], ['State', b => bonds[b.state]], ['Gets back', b => b.state === 'held' && b.back === '0' ? 'open' : ether(b.back), 'num'], ['Withdrawn', b => b.withdrawn ? h('span', null, at(b.withdrawn.block, b.withdrawn.time), ' ', transaction(b.withdrawn.transaction)) : b.back === '0' || b.back === null ? '' : 'not yet']], v.bonds, '')),
    section('Charges', table('Charges', faultColumns.filter(c => c[0] !== 'Epoch').map(c => c[0] === 'Reason' ? ['Reason', f => f.reason] : c), v.charges, v.status === 'pending' ? 'None rests on it. If it stands and accuses, one follows.' : 'None rests on it.'))] },

  demands: { title: 'On demand', topics: ['demands', 'epochs'], clock: true, load: async q => ({ ...await ask('demands', q), of: q.get('provider') }), draw: v => [
    heading('On demand', lead('A buyer pays to have one receipt recomputed that was not drawn. A committee of the next epoch that closes answers, and is paid; an answer charges nobody.', v.of && [' Only receipts of ', provider(v.of), '.'])),
    table('On demand', demandColumns, v.items, 'Nobody has asked yet. A buyer asks with posp verify request.'), more(v, '#/demands', v.of ? `&provider=${v.of}` : '')] },

  demand: { title: 'On demand', topics: ['demands', 'epochs'], clock: true, load: (q, id) => ask(`demands/${id}`), draw: v => {
    const s = v.sample
    const event = e => e && h('span', null, at(e.block, e.time), ' ', transaction(e.transaction))
    return [heading(h('span', null, 'On demand ', h('span', { class: 'whole' }, v.id)), lead(state(v.state), ' ', states[v.state])),
      h('p', { class: 'verdict' }, v.verdict || s?.verdict ? verdict(v.verdict ?? s.verdict, v.class ?? s.class) : pending(v.refunded ? 'NONE IN TIME' : 'NONE YET'), s?.verdict && s.reason && h('span', { class: 'text' }, s.reason, '.')),
      facts(['Receipt', receipt(v.receiptHash)], ['Provider', v.provider && provider(v.provider)], ['Batch of the receipt', h('span', null, batch(v.batchId), `, leaf ${count(v.leaf)}`)], ['Buyer', short(v.buyer, null, 'address')], ['Fee', ether(v.fee)],
        ['Answered by epoch', h('span', null, epoch(v.epoch), s && [' ', state(s.phase)])], ['Answer', s ? sample(v.sampleId) : 'its committee is drawn after that epoch closed'], ['Asked', event(v.requested)], v.settled || v.refunded ? null : ['To be settled until', at(v.deadline)], ['Settled', event(v.settled)], ['Refunded', event(v.refunded)]),
      h('div', { class: 'panel' }, timeline(v.timeline)),
      s?.bundle && verifier(s.bundle, 'this answer'),
      section('Where the fee went', table('Where the fee went', [['Account', c => short(c.account, null, 'address')], ['As', c => c.role], ['Got', c => ether(c.amount), 'num'], ['Paid out', c => event(c.withdrawn) ?? 'not yet: anybody may have it paid out']], v.credits, 'Nowhere yet: the contract holds it.'))]
  } },

  faults: { title: 'Slashing log', topics: ['faults'], clock: true, load: q => ask('faults', q), draw: v => [
    heading('Slashing log', lead('Every charge, why it was made and what became of it. What rests on statistics can be contested until it is executed.')),
    v.items.length === 0 ? h('p', { class: 'empty' }, 'Nobody was ever charged. Charges come with certificates and disputes.')
      : h('ol', { class: 'log' }, v.items.map(f => h('li', null, h('div', { class: 'head' }, h('b', null, f.kind), state(f.status), h('span', null, f.role, ' ', f.role === 'provider' ? provider(f.subject) : operator(f.subject)), h('span', null, 'epoch ', epoch(f.epoch)), f.batchId && h('span', null, 'batch ', batch(f.batchId)), f.sampleId && h('span', null, 'sample ', sample(f.sampleId)), f.receipt && h('span', null, 'receipt ', short(f.receipt, null, 'receipt')), f.sequence !== null && h('span', null, `sequence ${count(f.sequence)}`), f.kind === 'statistical' ? null : f.disputes.map(d => h('span', null, 'dispute ', dispute(d))), f.model && model(f.model)),
        h('p', { class: 'says' }, f.reason, '.', f.excess !== null && f.status === 'open' ? ` ${number(f.excess)} nats of that are left.` : ''),
        f.kind === 'statistical' && f.disputes.length ? h('p', null, 'Contested by ', f.disputes.map(d => [dispute(d), ' '])) : null,
        f.status === 'cleared' && h('p', { class: 'says' }, f.history.findLast(e => e.what.startsWith('cleared'))?.what, '.'),
        f.slash && h('p', null, `Slashed ${percent(f.slash.share)} of what it had at stake: ${amount(f.slash.shares)}.`, f.role === 'operator' ? ' What operators lose is burnt.' : ''),
        f.pot && h('p', null, 'Refund pot of the batch\u2019s buyers: ', f.pot.collected === null ? `${amount(f.pot.shares)}, which EigenLayer has not released yet` : `${amount(f.pot.collected)} collected, ${amount(f.pot.refunded)} paid in ${plural(f.pot.refunds, 'refund')}, ${amount(String(BigInt(f.pot.collected) - BigInt(f.pot.refunded)))} unclaimed`, '.'),
        f.status === 'open' && h('p', null, 'Executable ', at(f.executableAt), f.holds ? `; ${plural(f.holds, 'dispute')} may still clear it` : '', '.'),
        h('details', { 'data-key': f.id }, h('summary', null, `History, ${plural(f.history.length, 'event')}`), h('ul', { class: 'plain' }, f.history.map(e => h('li', null, at(e.block, e.time), ' ', e.what, e.amount !== null && ` ${amount(e.amount)}`, ' ', transaction(e.transaction)))))))), more(v, '#/faults')] },

  parameters: { title: 'Parameters', topics: [], load: () => ask('parameters'), draw: parametersPage },
}

const states = { requested: 'Operators are to answer; nobody knew their committee when it was asked.', answered: 'The answer is certified. Whoever shows it to the contract has the operators paid.', settled: 'The answer is certified, and the fee paid for it.',
  refundable: 'Nobody answered in time: anybody may have the fee given back.', refunded: 'Nobody answered in time: the buyer has the fee back.' }

const games = { held: 'the assertion held', refuted: 'the assertion was refuted', moot: 'moot: it fell in another game' }

const bonds = { held: 'held', returned: 'returned', won: 'won the other\u2019s too', lost: 'lost' }

// gas is what all transactions of a dispute used; some carry two moves.
function gas(moves) {
  const used = new Map(moves.map(m => [m.at.transaction, m.gasUsed]))
  const read = [...used.values()].filter(g => g !== null)
  return `${count(read.reduce((n, g) => n + g, 0))}${read.length < used.size ? ' and more, not read yet' : ''}`
}

// question says what is in question: rows, blocks of a row, an element.
function question(q, rows) {
  if (q === null) return 'not known here'
  const where = q.first === q.last ? `row ${count(q.first)}: ${q.firstIs}` : q.last - q.first + 1 === rows ? `all ${count(rows)} rows` : `rows ${count(q.first)} to ${count(q.last)}: from ${q.firstIs} to ${q.lastIs}`
  const block = q.blocks && (q.blocks.of === 1 ? '' : q.blocks.first === q.blocks.last ? `, block ${count(q.blocks.first)} of ${count(q.blocks.of)}` : `, blocks ${count(q.blocks.first)} to ${count(q.blocks.last)} of ${count(q.blocks.of)}`)
  return where + (block ?? '') + (q.element === null ? '' : `, element ${q.element}`)
}

// move is one of a dispute: who, what, what it leaves in question, when, and at what cost.
function move(v, m, i) {
  const over = m.move === 'prove' || m.move === 'game over' || m.move === 'conclude'
  const last = m.deadline && !v.moveList.slice(i + 1).some(n => n.challenger === m.challenger) && v.status === 'pending'
  return h('li', { 'data-by': m.by, 'data-move': m.move }, h('span', { class: 'step' }, i + 1),
    h('span', { class: 'what' }, h('b', null, m.move), h('span', { class: 'dim' }, m.by === 'contract' ? 'sent by' : m.by), m.sender && short(m.sender, null, 'address')),
    h('span', { class: 'text' }, h('span', { class: 'says' }, m.says), over ? null : [narrowed(m.question, v.rows), h('span', { class: 'dim' }, 'In question: ', question(m.question, v.rows), '.')]),
    h('span', { class: 'when' }, at(m.at.block, m.at.time), h('span', null, transaction(m.at.transaction), m.gasUsed === null ? null : h('span', { class: 'dim' }, ` ${count(m.gasUsed)} gas`)),
      m.due ? h('span', { class: 'dim' }, `due by block ${count(m.due)}`, m.at.block > m.due ? ', late' : `, ${plural(m.due - m.at.block, 'block')} left`) : null,
      last ? h('b', null, i ? 'Next due ' : 'Challenges close ', at(m.deadline)) : null))
}

function sampleBody(v) {
  return [
    h('p', { class: 'verdict' }, v.verdict ? verdict(v.verdict, v.class) : pending('NOT DERIVED YET'), v.reason && v.verdict && h('span', { class: 'text' }, v.reason, '.')),
    v.overturn && h('p', { class: 'verdict' }, h('span', { 'aria-hidden': 'true' }, '\u2192'), verdict(v.overturn.verdict), h('span', { class: 'text' }, 'took its place, ', at(v.overturn.at.block, v.overturn.at.time), ': ', v.overturn.dispute ? ['a dispute stood, ', dispute(v.overturn.dispute)] : 'what was withheld was shown on chain', '.')),
    facts(['Batch', batch(v.batchId)], ['Provider', provider(v.provider)], ['Epoch', h('span', null, epoch(v.epoch), ' ', state(v.phase))], v.demand ? ['Asked for', h('span', null, demand(v.demand.id), ` on demand: sequence ${count(v.sequence)}, leaf ${count(v.leaf)}`)] : ['Draw', `number ${v.j}: the receipt of sequence ${count(v.sequence)}, at leaf ${count(v.leaf)}`], ['Model', v.model && model(v.model)],
      ['logE', v.logE !== null ? `${number(v.logE)} nats${v.demand ? ', which move no standing' : ' for the provider\u2019s standing'}` : null], ['Policy', v.policy && h('span', null, short(v.policy.id, null, 'policy'), `: FAIL from ${number(v.policy.failAt)} nats, PASS up to ${number(v.policy.passAt)}`)],
      ['Tokens', v.receipt && `${count(v.receipt.promptTokens)} of prompt, ${count(v.receipt.outputTokens)} of output; texts are not shown here`]),
    v.bundle && verifier(v.bundle, 'this sample'),
    h('div', { class: 'panel' }, timeline(v.timeline)),
    section('Committee', table('Committee', [['Operator', m => short(m.operator, null, 'address')], ['Committed', m => m.commitment ? short(m.commitment, null, 'commitment') : 'nothing'], ['Revealed', m => m.evidence], ['logE, nats', m => m.compared ? h('span', null, number(m.logE), m.decides ? h('b', null, ' decides') : '') : '', 'num'],
      ['Distance', m => m.compared ? number(m.distance, 4) : '', 'num'], ['Duty', m => m.done ? '\u2713 done' : '\u2717 not done']], v.members.length ? v.members : v.committee.map(o => ({ operator: o, commitment: null, evidence: 'not final yet', done: null, compared: false })), 'Its committee is drawn with the operator table of its epoch.'),
      v.members.length || v.claimed ? h('div', { class: 'panel' }, evidence(v.claimed, v.members) ?? h('p', { class: 'empty' }, 'Nobody revealed log-probabilities.')) : null),
    v.receipt && section('Receipt', receiptFacts(v.receipt, v.receiptHash), proof('Merkle proof in its batch', v.proof)),
    v.lineProof && section('Line in the certificate', facts(['Index', count(v.lineIndex)]), proof('Merkle proof in the epoch\u2019s sample tree', v.lineProof)),
    v.disputes.length ? section('Disputes', table('Disputes', disputeColumns.filter(c => c[0] !== 'Sample' && c[0] !== 'Provider'), v.disputes, '')) : null]
}

const proof = (title, list) => list && h('details', { 'data-key': title }, h('summary', null, `${title}: ${plural(list.length, 'sibling')}`), h('ol', { class: 'proof', start: 0 }, list.map(x => h('li', null, short(x)))))

function receiptFacts(r, hash) {
  return facts(['Receipt hash', short(hash)], ['Provider', provider(r.provider)], ['Epoch', epoch(r.epoch)], ['Sequence', count(r.sequence)], ['Spec', short(r.specId, null, 'spec')], ['Request', short(r.requestHash)], ['Output', short(r.outputHash)], ['Evidence', short(r.evidenceHash)],
    ['Tokens', `${count(r.promptTokens)} prompt, ${count(r.outputTokens)} output`], ['Signed at', new Date(1000 * r.time).toISOString().slice(0, 19).replace('T', ' ') + ' UTC, by the provider\u2019s clock'])
}

function receiptPage(v) {
  const result = h('div', { id: 'result' }, v.found ? receiptResult(v.found) : null)
  const area = h('textarea', { id: 'paste', rows: 8, spellcheck: 'false', autocomplete: 'off', placeholder: '{"receipt": {"provider": "0x\u2026", "epoch": 0, \u2026}, "signature": "0x\u2026"}' })
  area.value = v.text ?? v.hash
  const look = async () => {
    const text = area.value.trim()
    result.replaceChildren(h('p', { class: 'empty' }, 'Looking.'))
    try {
      const found = /^0x[0-9a-f]{64}$/i.test(text) ? await ask(`receipts/${text.toLowerCase()}`) : await post('receipts', text)
      result.replaceChildren(...receiptResult(found).flat().filter(Boolean))
      say(`Receipt ${found.state}: ${found.verdict}`)
    } catch (e) {
      result.replaceChildren(h('p', { class: 'error', role: 'alert' }, e.message))
    }
  }
  if (v.text) queueMicrotask(look)
  return [heading('Receipt', lead('Paste the receipt that came with an answer, the value of its Posp-Receipt header, or its hash. It is sent to this explorer alone, which keeps nothing of it.')),
    h('form', { class: 'paste', onsubmit: e => { e.preventDefault(); look() } }, h('label', { for: 'paste' }, 'Receipt or hash'), area, h('button', { type: 'submit' }, 'Look up')), result]
}

function receiptResult(r) {
  const signature = { valid: '\u2713 of the provider\u2019s receipt key', wrong: '\u2717 not of the provider\u2019s receipt key', none: 'not given', unknown: 'its provider is not known here' }[r.signature]
  return [section('What became of it', h('p', { class: 'verdict' }, verdict(r.verdict), h('span', { class: 'text' }, r.says, '.')),
    facts(['Place', r.batch ? h('span', null, `leaf ${r.leaf ?? 'none'} of batch `, batch(r.batch.id)) : 'none'], ['State', r.demand ? h('span', null, r.state, ' ', demand(r.demand.id), ' ', state(r.demand.state)) : r.state], ['Signature', signature],
      ['Proof', r.proof ? (r.proof.verified ? `\u2713 ${plural(r.proof.siblings.length, 'sibling')}, checked against the root on chain` : '\u2717 does not fit the root on chain') : 'not held here'], ['Its provider shows the proof at', r.proofUrl && h('span', { class: 'url' }, r.proofUrl)], ['Sample', r.sample && sample(r.sample.id)])),
  r.receipt && section('Receipt', receiptFacts(r.receipt, r.hash), r.proof && proof('Merkle proof in its batch', r.proof.siblings)),
  r.sample?.bundle ? verifier(r.sample.bundle, 'its sample') : null]
}

function parametersPage(v) {
  const s = v.schedule, e = v.economics
  const wad = x => percent(x / 1e18)
  return [heading('Parameters', lead(`What the contracts on chain ${v.chainId} fixed.`)),
    e && section('Does honesty pay?', h('p', null, 'Honesty is the best strategy where three conditions hold. The rate is the chain\u2019s; what a job costs, and how well cheats are found, is what the deployment says.'),
      h('div', { class: 'panels' }, e.inequalities.map((i, k) => h('div', { class: 'panel inequality', 'data-holds': i.holds ? 'yes' : 'no' }, h('h3', null, i.name), h('p', { class: 'formula' }, ['p \u00b7 d \u00b7 (1 \u2212 r\u207f) \u00b7 (R + S) > s \u00b7 C', 'K > s \u00b7 C \u00b7 (1 / (p \u00b7 d \u00b7 (1 \u2212 r\u207f)) + \u03bb \u00b7 L)', 'R \u2212 C > p \u00b7 f \u00b7 (R + S)'][k]),
        h('p', { class: 'numbers' }, h('strong', null, number(i.more)), ' > ', h('strong', null, number(i.less))), h('p', null, i.holds ? (i.withMargin ? '\u2713 holds, by more than a tenth' : '\u2713 holds, by less than a tenth') : '\u2717 does not hold')))),
      facts(['p, sampled share', percent(e.terms.rate)], ['d, cheats found when sampled', percent(e.terms.detection)], ['f, honest samples accused', number(e.terms.falsePositive, 6)], ['r, colluding validators', percent(e.terms.collusion)], ['n, validators of a sample', e.terms.validators], ['R, reward of a job', number(e.terms.reward)], ['C, its cost', number(e.terms.cost)],
        ['s, of it saved by cheating', percent(e.terms.saved)], ['S, cost of a fault', number(e.terms.slash)], ['K, stake that S is a share of', number(e.terms.stake)], ['\u03bb, receipts of a provider in an epoch', number(e.terms.jobRate)], ['L, epochs to the last certificate', number(e.terms.latency)],
        ['p needed', e.rateNeeded === null ? 'none is enough: the slash is too small' : percent(e.rateNeeded)], ['K needed', number(e.stakeNeeded)])),
    section('Schedule', facts(['Genesis', at(s.genesis)], ['Epoch', plural(s.epochBlocks, 'block')], ['Grace for batches', plural(s.graceBlocks, 'block')], ['Beacon', `${plural(s.beaconDelay, 'block')} after the close`], ['Recompute and commit', plural(s.commitBlocks, 'block')], ['Reveal', plural(s.revealBlocks, 'block')], ['Certify', plural(s.certifyBlocks, 'block')], ['Contest', plural(s.contestBlocks, 'block')])),
    section('Sampling and quorum', facts(['Rate', `${percent(v.rates.ratePpm / 1e6)} of a batch, at least ${v.rates.kMin}`], ['New providers', v.rates.newProviderBatches ? `the first ${plural(v.rates.newProviderBatches, 'batch', 'batches')} whole` : 'as all others'], ['Committee', plural(v.committee, 'operator')], ['Quorum', `${percent(v.quorumPpm / 1e6)} of the stake`], ['Fault line', `${number(v.faultLine)} nats: alpha ${v.alpha.toExponential(1)}`])),
    section('Penalties', facts(['Statistical fault', `${wad(v.penalties.statisticalWad)} of the stake`], ['Withholding', `${wad(v.penalties.withholdingWad)}, doubling up to ${wad(v.penalties.withholdingCapWad)}`], ['Operator', wad(v.penalties.operatorWad)], ['Bond of a dispute', v.disputes ? `${ether(v.disputes.bond)}, either side` : 'verdicts cannot be contested'], ['Challenges', v.disputes && `for ${plural(v.disputes.challengeBlocks, 'block')}; each move ${plural(v.disputes.moveBlocks, 'block')}`])),
    section('Contracts', table('Contracts', [['Contract', ([k]) => k], ['Address', ([, a]) => short(a, null, 'address')]], Object.entries(v.contracts), ''))]
}
