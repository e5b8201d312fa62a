#!/usr/bin/env node
// Makes src/records.ts from the tools' --describe-json, and src/proto.ts from the service's .proto files.
//
//   node generate.mjs            writes both
//   node generate.mjs --check    status 1 if they are not up to date
//
// The tools are those on the PATH.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const NOTE = '// Made by generate.mjs. Do not edit.\n'

/** The schemas of a tool, by id and style. */
function schemas(tool) {
  const described = JSON.parse(execFileSync(tool, ['--describe-json'], { maxBuffer: 64 << 20 }))
  return new Map(described.schemas.map((entry) => [`${entry.id} ${entry.values ?? ''}`.trim(), entry.schema]))
}

const doc = (text, indent = '') => (text === undefined ? '' : `${indent}/** ${text} */\n`)
const nameOf = (reference) => reference.slice('#/$defs/'.length)

/** Types of one set of definitions. `parameter`: types that contain an SCVal have its type as parameter V. */
class Generator {
  constructor(definitions, { parameter }) {
    this.definitions = definitions
    this.parameter = parameter
    this.reaching = new Set(parameter ? this.reach('SCVal') : [])
  }

  /** The definitions that contain this one, at any depth. */
  reach(name) {
    const found = new Set()
    for (let size = -1; size !== found.size; ) {
      size = found.size
      for (const [other, schema] of Object.entries(this.definitions)) {
        const text = JSON.stringify(schema)
        if (other !== name && [name, ...found].some((inside) => text.includes(`"#/$defs/${inside}"`))) found.add(other)
      }
    }
    return found
  }

  reference(name) {
    if (this.parameter && name === 'SCVal') return 'V'
    return this.reaching.has(name) ? `${name}<V>` : name
  }

  type(schema) {
    if (schema.$ref) return this.reference(nameOf(schema.$ref))
    if (schema.anyOf) return [...new Set(schema.anyOf.map((choice) => this.type(choice)))].join(' | ')
    if (schema.enum) return schema.enum.map((name) => JSON.stringify(name)).join(' | ')
    if (Array.isArray(schema.type)) return schema.type.join(' | ')
    switch (schema.type) {
      case 'array': {
        const inside = this.type(schema.items)
        return inside.includes(' ') ? `(${inside})[]` : `${inside}[]`
      }
      case 'object': {
        // A union that names its arm is one object per arm.
        if (schema.maxProperties === 1) return Object.entries(schema.properties).map(([name, arm]) => `{ ${name}: ${this.type(arm)} }`).join(' | ')
        if (schema.properties) return `{ ${Object.entries(schema.properties).map(([name, one]) => `${name}: ${this.type(one)}`).join('; ')} }`
        return `{ [name: string]: ${this.type(schema.additionalProperties)} }`
      }
      case 'integer': return 'number'
      default: return schema.type
    }
  }

  members(schema, indent, wanted = () => true) {
    const required = new Set(schema.required)
    return Object.entries(schema.properties)
      .filter(([name]) => wanted(name))
      .map(([name, member]) => `${doc(member.description, indent)}${indent}${name}${required.has(name) ? '' : '?'}: ${this.type(member)}\n`)
      .join('')
  }

  definition(name, indent = '') {
    const schema = this.definitions[name]
    const title = `${schema.title}${this.reaching.has(name) ? '<V = NativeValue>' : ''}`
    const about = doc(schema.description, indent)
    if (schema.type !== 'object' || schema.maxProperties === 1 || !schema.properties) return `${about}${indent}export type ${title} = ${this.type(schema)}\n`
    if (!schema.oneOf) return `${about}${indent}export interface ${title} {\n${this.members(schema, `${indent}  `)}${indent}}\n`
    // Exactly one of these members is set: each alternative names those that are absent.
    const chosen = new Set(schema.oneOf.flatMap((choice) => choice.required))
    for (const choice of schema.oneOf) for (const other of Object.keys(choice.properties)) chosen.add(other)
    const alternatives = schema.oneOf.map((choice) => {
      const own = [...chosen].filter((member) => !(member in choice.properties))
      const parts = own.map((member) => `${member}: ${this.type(schema.properties[member])}`)
      return `{ ${[...parts, ...Object.keys(choice.properties).map((member) => `${member}?: never`)].join('; ')} }`
    })
    const common = this.members(schema, `${indent}  `, (member) => !chosen.has(member))
    const notes = [...chosen].filter((member) => schema.properties[member].description)
      .map((member) => `${indent} * ${member}: ${schema.properties[member].description}\n`).join('')
    const explained = `${indent}/**\n${indent} * ${schema.description}\n${indent} *\n${notes}${indent} */\n`
    return `${explained}${indent}export type ${title} = {\n${common}${indent}} & (\n${alternatives.map((one) => `${indent}  | ${one}\n`).join('')}${indent})\n`
  }
}

function records() {
  const decoded = schemas('scval-json')
  const invocation = 'soroban-pipes.contract_invocation.v1'
  const event = 'soroban-pipes.contract_event.v1'
  const all = (...ids) => Object.assign({}, ...ids.map((id) => {
    if (!decoded.has(id)) throw new Error(`scval-json has no schema of ${id}`)
    return decoded.get(id).$defs
  }))
  const native = all(`${invocation} native`, `${event} native`, 'soroban-pipes.ledger_transaction.v1')
  const exact = all(`${invocation} sep51`, `${event} sep51`)
  const named = all('soroban-pipes.contract_invocation_spec.v1', 'soroban-pipes.contract_event_spec.v1')
  const plain = new Generator(native, { parameter: true })
  const values = new Generator(exact, { parameter: false })
  const spec = new Generator(named, { parameter: true })
  let text = `${NOTE}
/** A value in the style raw: its XDR in base64. */
export interface RawValue {
  xdr: string
}

/** A value in the style native: plain JSON. Integers of more than 32 bits are decimal strings. */
export type NativeValue = null | boolean | number | string | NativeValue[] | { [name: string]: NativeValue }

`
  const own = Object.keys(native).filter((name) => name !== 'SCVal')
  text += own.map((name) => plain.definition(name)).join('\n')
  // The parts of values are described only in the style sep51.
  const inside = Object.keys(exact).filter((name) => !(name in native) || name === 'SCVal')
  text += `\n${inside.map((name) => values.definition(name)).join('\n')}`
  const changed = Object.keys(named).filter((name) => name !== 'SCVal' && spec.definition(name) !== plain.definition(name))
  const reached = new Set(changed)
  for (const name of changed) for (const other of spec.reach(name)) reached.add(other)
  text += `
/** Records with the names and types that contracts declare: \`scval-json --spec\`. Other types are those outside. */
export namespace Spec {
${Object.keys(named).filter((name) => reached.has(name)).map((name) => spec.definition(name, '  ')).join('\n')}}
`
  return text
}

// The subset of the .proto language that our files use: messages, enumerations, oneof, comments.
function proto() {
  const files = ['contract_invocation/contract_invocation_event.proto', 'contract_invocation_service/contract_invocation_service.proto']
  let text = `${NOTE}// In protobuf-JSON, members that are false, zero or empty are omitted, 64-bit integers are strings, and bytes are base64.\n`
  const seen = new Set()
  for (const file of files) {
    const source = readFileSync(`${here}/../../serve/${file}`, 'utf8')
    const kinds = { string: 'string', bytes: 'string', bool: 'boolean', uint32: 'number', int32: 'number', uint64: 'string', int64: 'string', 'google.protobuf.Timestamp': 'string' }
    let comment = []
    let open = []
    for (const raw of source.split('\n')) {
      const [code, note] = raw.split('//').map((part) => part.trim())
      if (note !== undefined && code === '') comment.push(note)
      const notes = note !== undefined && code !== '' ? [note] : comment
      const about = notes.length > 0 ? doc(notes.join(' '), open.length > 0 ? '  ' : '') : ''
      let match
      if (code === '') {
        if (note === undefined) comment = []
        continue
      }
      comment = []
      if ((match = /^(message|enum) (\w+) \{$/.exec(code))) {
        open.push({ kind: match[1], name: match[2], isNew: !seen.has(match[2]), lines: [] })
        open[0].about = about
        seen.add(match[2])
      } else if (/^(oneof \w+|service \w+) \{$/.test(code)) {
        open.push({ kind: code.split(' ')[0], lines: [] })
      } else if (code === '}') {
        const { kind, name, isNew, about: before, lines } = open.pop()
        if (kind === 'message' && isNew) text += `\n${before}export interface ${name} {\n${lines.join('')}}\n`
        if (kind === 'enum' && isNew) text += `\n${before}export type ${name} =\n${lines.map((line) => `  | '${line}'\n`).join('')}`
        if (kind === 'oneof') open.at(-1).lines.push(...lines)
      } else if ((match = /^(\w+) = \d+;$/.exec(code)) && open.at(-1)?.kind === 'enum') {
        open.at(-1).lines.push(match[1])
      } else if ((match = /^(repeated )?([\w.]+) (\w+) = \d+;$/.exec(code)) && open.length > 0) {
        const type = kinds[match[2]] ?? match[2].split('.').at(-1)
        const name = match[3].replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
        open.at(-1).lines.push(`${about}  ${name}?: ${type}${match[1] ? '[]' : ''}\n`)
      } else if (!/^(syntax|package|import|rpc)\b/.test(code)) {
        throw new Error(`${file}: cannot read "${raw}"`)
      }
    }
    if (open.length > 0) throw new Error(`${file}: not whole`)
  }
  return text
}

const made = { 'records.ts': records(), 'proto.ts': proto() }
let stale = 0
for (const [file, text] of Object.entries(made)) {
  const path = `${here}/src/${file}`
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`src/${file} is stale: run node generate.mjs`)
    stale = 1
  }
}
process.exitCode = stale
