// The explorer's API, from this page's own origin.

async function get(path, options) {
  let response
  try {
    response = await fetch(`/api/v1/${path}`, { ...options, credentials: 'omit' })
  } catch {
    throw new Error('The explorer does not answer. Is it still running? This page tries again by itself.')
  }
  const body = await response.json().catch(() => null)
  if (!response.ok) throw new Error(body?.error?.message ?? `The explorer answered with status ${response.status}.`)
  return body
}

export const ask = (path, query) => get(query && query.size ? `${path}?${query}` : path)

export const post = (path, text) => get(path, { method: 'POST', body: text, headers: { 'Content-Type': 'text/plain' } })
