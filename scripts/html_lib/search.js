// The search over headings, options and messages. Its data is in headings.js; there are no requests to a server.
'use strict'

const field = document.querySelector('.search input')
const list = document.querySelector('.found')
const pages = document.querySelector('.pages')
const most = 40
let chosen = -1

/** Entries that contain all words, headings before options and messages; entries that begin with the text come first. */
function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const text = words.join(' ')
  const found = []
  for (const [level, entry, link, page] of headings) {
    const where = `${entry} ${page}`.toLowerCase()
    if (!words.every(word => where.includes(word))) continue
    const lower = entry.toLowerCase()
    const rank = (lower === text ? 0 : lower.replace(/^-+/, '').startsWith(text.replace(/^-+/, '')) ? 1 : 2) * 10 + level
    found.push({ rank, entry, link, page })
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, most)
}

function show() {
  const found = find(field.value)
  chosen = -1
  list.replaceChildren(...found.map(({ entry, link, page }) => {
    const row = document.createElement('li')
    const anchor = document.createElement('a')
    const source = document.createElement('small')
    anchor.href = link
    anchor.textContent = entry
    source.textContent = page
    anchor.append(' ', source)
    row.append(anchor)
    return row
  }))
  if (!found.length && field.value.trim()) {
    const row = document.createElement('li')
    row.textContent = 'Nothing found'
    list.append(row)
  }
  list.hidden = !field.value.trim()
}

function choose(step) {
  const links = [...list.querySelectorAll('a')]
  if (!links.length) return
  chosen = (chosen + step + links.length) % links.length
  for (const [index, link] of links.entries()) link.classList.toggle('chosen', index === chosen)
  links[chosen].scrollIntoView({ block: 'nearest' })
}

function close() {
  field.value = ''
  show()
}

field.hidden = false
field.addEventListener('input', show)
field.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') choose(1)
  else if (event.key === 'ArrowUp') choose(-1)
  else if (event.key === 'Escape') close()
  else if (event.key === 'Enter') {
    const link = list.querySelectorAll('a')[Math.max(chosen, 0)]
    if (link) location.href = link.href
    close()
  } else return
  event.preventDefault()
})
list.addEventListener('click', close)
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.target === field || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  field.focus()
})

// On a narrow screen the list of pages is collapsed.
const narrow = matchMedia('(max-width: 56rem)')
const fold = () => { pages.open = !narrow.matches }
narrow.addEventListener('change', fold)
fold()
