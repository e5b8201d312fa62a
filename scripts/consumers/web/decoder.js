// The decoder of single values: XDR in base64 on one side, JSON on the other.

import { byId, copy, element } from './dom.js'

/** @param {(type: string, rest: object) => Promise<any>} ask */
export function startDecoder(ask) {
  const [xdr, json, type, style, message, count, fits] =
    ['value-xdr', 'value-json', 'value-type', 'value-style', 'value-message', 'value-count', 'value-fits'].map(byId)
  let turn = 0
  let last = 'xdr'

  async function convert(from) {
    last = from
    const mine = ++turn
    message.textContent = ''
    const source = from === 'xdr' ? xdr : json
    const target = from === 'xdr' ? json : xdr
    const text = source.value.trim()
    if (text === '') {
      target.value = ''
      return
    }
    const valueType = type.value.trim() || 'SCVal'
    try {
      const made = from === 'xdr'
        ? pretty(await ask('decode', { value: text.replace(/\s+/g, ''), valueType, style: style.value }))
        : await ask('encode', { json: text, valueType })
      if (mine === turn) target.value = made
    } catch (error) {
      if (mine === turn) {
        target.value = ''
        message.textContent = error.message
      }
    }
  }

  const isNative = () => style.value === 'native'
  xdr.addEventListener('input', () => convert('xdr'))
  json.addEventListener('input', () => { if (!isNative()) void convert('json') })
  type.addEventListener('input', () => convert(isNative() ? 'xdr' : last))
  style.addEventListener('input', () => {
    // The native style omits the types, so it cannot be encoded.
    json.readOnly = isNative()
    byId('value-json-note').hidden = !isNative()
    void convert('xdr')
  })
  byId('value-guess').addEventListener('click', async () => {
    fits.replaceChildren()
    count.textContent = ''
    try {
      const types = await ask('fits', { value: xdr.value.replace(/\s+/g, '') })
      message.textContent = ''
      count.textContent = types.length === 0 ? 'No type fits this XDR.' : `${types.length} type${types.length === 1 ? '' : 's'} can be read from this XDR:`
      for (const name of types) {
        fits.append(element('button', { type: 'button', click: () => { type.value = name; void convert('xdr') } }, name))
      }
    } catch (error) {
      message.textContent = error.message
    }
  })
  for (const [button, field] of [['copy-xdr', xdr], ['copy-json', json]]) byId(button).addEventListener('click', () => copy(field.value, byId(button)))
}

/** Formatted on several lines; numbers stay as they were written. @param {string} text */
function pretty(text) {
  let out = ''
  let depth = 0
  let isInString = false
  const lineBreak = () => `\n${'  '.repeat(depth)}`
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString) {
      out += character
      if (character === '\\') out += text[++at]
      else if (character === '"') isInString = false
    } else if (character === '"') {
      isInString = true
      out += character
    } else if (character === '{' || character === '[') {
      const closing = character === '{' ? '}' : ']'
      if (text[at + 1] === closing) {
        out += character + closing
        at += 1
      } else {
        depth += 1
        out += character + lineBreak()
      }
    } else if (character === '}' || character === ']') {
      depth -= 1
      out += lineBreak() + character
    } else if (character === ',') out += character + lineBreak()
    else if (character === ':') out += ': '
    else if (!/\s/.test(character)) out += character
  }
  return out
}
