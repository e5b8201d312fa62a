import type { GetInvocationsRequest } from './proto.js'

/** One value, or several that are alternatives. */
export type OneOrMore = string | number | readonly (string | number)[]

/**
 * Selects records: the options of event-filter, which its manual describes. Values of one condition are alternatives; different
 * conditions must all match, unless `any` is set.
 */
export interface Filter {
  contract?: OneOrMore
  involves?: OneOrMore
  function?: OneOrMore
  account?: OneOrMore
  type?: OneOrMore
  result?: OneOrMore
  tx?: OneOrMore
  topic?: OneOrMore
  eventType?: OneOrMore
  arg?: OneOrMore
  data?: OneOrMore
  state?: OneOrMore
  valueType?: OneOrMore
  has?: OneOrMore
  change?: OneOrMore
  durability?: OneOrMore
  affects?: OneOrMore
  stage?: OneOrMore
  minArgs?: number
  maxArgs?: number
  since?: string
  until?: string
  recent?: string
  /** End after this many records. */
  maxCount?: number
  anyCall?: boolean
  succeeded?: boolean
  failed?: boolean
  any?: boolean
  invertMatch?: boolean
  /** A request of the gRPC service, in protobuf-JSON; other conditions select from its results. */
  request?: GetInvocationsRequest
}

const FLAGS = new Set(['anyCall', 'succeeded', 'failed', 'any', 'invertMatch'])

/** The conditions one by one, with `separator` between the words of a name; true is the value of an option without one. */
export function conditions(filter: Filter, separator: '-' | '_'): [string, string | true][] {
  const found: [string, string | true][] = []
  for (const [name, value] of Object.entries(filter)) {
    if (name === 'request' || value === undefined) continue
    const option = name.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase())
    if (FLAGS.has(name)) {
      if (value === true) found.push([option, true])
      continue
    }
    for (const one of Array.isArray(value) ? value : [value]) found.push([option, String(one)])
  }
  return found
}

/** Whether footprint operations are requested. */
export function wantsFootprints(filter: Filter): boolean {
  const types = filter.type === undefined ? [] : Array.isArray(filter.type) ? filter.type : [filter.type]
  return types.some((type) => String(type).split(',').some((word) => word === 'extend' || word === 'restore'))
}
