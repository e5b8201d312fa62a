// Elements without markup: data is only ever set as text.

/**
 * @param {string} name An element with classes: "div.row.good".
 * @param {Record<string, any>} [attributes] Attributes; functions are listeners, named by their event.
 * @param {...(Node | string | null | undefined)} children
 * @returns {any}
 */
export function element(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.')
  const made = document.createElement(tag)
  if (classes.length > 0) made.className = classes.join(' ')
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (value === true) made.setAttribute(key, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value))
  }
  for (const child of children) if (child !== null && child !== undefined) made.append(child)
  return made
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id)
}

/** @param {number} number @returns {string} */
export function grouped(number) {
  return number.toLocaleString('en-US')
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = -1
  while (value >= 999.5 && unit < 3) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** The ends of a long name, by which people compare names. @param {string} text @returns {string} */
export function short(text) {
  if (/^[GCMBL][A-Z2-7]{55,68}$/.test(text)) return `${text.slice(0, 4)}…${text.slice(-4)}`
  if (/^[0-9a-f]{64}$/.test(text)) return `${text.slice(0, 6)}…${text.slice(-4)}`
  return text
}

/** @param {string} text @param {HTMLElement} button */
export async function copy(text, button) {
  const label = button.textContent
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // The clipboard API may be denied, as for pages opened from disk in some browsers: then the old way.
    const area = element('textarea', { class: 'offscreen' })
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
    button.focus()
  }
  button.textContent = 'Copied'
  setTimeout(() => { button.textContent = label }, 1200)
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob)
  const link = element('a', { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
}
