// The locations of the worker and the module: next to the page, or inside it if it is one file.

/** @returns {Worker} */
export function startWorker() {
  const inside = document.getElementById('soroban-worker')
  if (!inside) return new Worker('worker.js', { type: 'module' })
  return new Worker(URL.createObjectURL(new Blob([inside.textContent], { type: 'text/javascript' })))
}

/** The location of the module for the worker: an address or bytes. @returns {string | ArrayBuffer} */
export function moduleSource() {
  const inside = document.getElementById('soroban-wasm')
  if (!inside) return new URL('soroban.wasm', document.baseURI).href
  const text = atob(inside.textContent.trim())
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes.buffer
}
