// Messages above the table.

import { byId, copy, element } from './dom.js'

const mostNotes = 20
let count = 0

export function clearNotes() {
  count = 0
  byId('problems').replaceChildren()
}

/**
 * @param {{ kind: string, title: string, message: string, help?: string, command?: string, action?: HTMLElement | null }} given
 *   The command line is the remedy outside the browser, the action is the remedy here.
 */
export function note({ kind, title, message, help, command, action }) {
  count += 1
  const box = byId('problems')
  if (count > mostNotes) {
    if (count === mostNotes + 1) box.append(element('p.problem', { 'data-kind': 'more' }, 'There are more of these; the command line shows them all.'))
    return
  }
  const entry = element('div.problem', { 'data-kind': kind }, element('h2', {}, title), element('p.message', {}, message))
  if (help) entry.append(element('p', {}, help))
  if (command) {
    const button = element('button', { type: 'button', click: () => copy(command, button) }, 'Copy')
    entry.append(element('code.command', {}, command), element('div.buttons', {}, button, action ?? null))
  }
  entry.append(element('button.close', { type: 'button', 'aria-label': 'Close the message', click: () => entry.remove() }, '×'))
  box.append(entry)
}
