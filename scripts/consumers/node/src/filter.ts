import type { GetInvocationsRequest } from './proto.js'

/** One value, or several that are alternatives. */
export type OneOrMore = string | number | readonly (string | number)[]

/**
 * Which records are wanted: the options of event-filter, which its manual describes. Conditions of one name are alternatives; different ones
 * must all hold, unless `any` is set.
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
  /** End after so many records. */
  maxCount?: number
  anyCall?: boolean
  succeeded?: boolean
  failed?: boolean
  any?: boolean
  invertMatch?: boolean
  /** A request of the gRPC service, in protobuf-JSON; what stands beside it selects among what it selects. */
  request?: GetInvocationsRequest
}

const FLAGS = new Set(['anyCall', 'succeeded', 'failed', 'any', 'invertMatch'])

/** The conditions one by one, with `separator` between the words of a name; a value of true stands for an option without one. */
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

/** Whether footprint operations are asked for. */
export function wantsFootprints(filter: Filter): boolean {
  const types = filter.type === undefined ? [] : Array.isArray(filter.type) ? filter.type : [filter.type]
  return types.some((type) => String(type).split(',').some((word) => word === 'extend' || word === 'restore'))
}
