// Checks a replay bundle beside the page, so that the page stays usable.
import { parseLogPolicy, verifySteps } from './verify.js'

addEventListener('message', async ({ data: { url, trust } }) => {
  try {
    if (trust.log) trust.log = parseLogPolicy(trust.log)
    const response = await fetch(url)
    if (!response.ok) throw new Error((await response.json().catch(() => null))?.error?.message ?? `The explorer answered with status ${response.status}.`)
    const file = new Uint8Array(await response.arrayBuffer())
    postMessage({ bytes: file.length })
    for (const check of verifySteps(file, trust)) if (check) postMessage({ check })
    postMessage({ done: true })
  } catch (e) {
    postMessage({ error: e.message })
  }
})
