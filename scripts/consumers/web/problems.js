// Errors, classified by their remedy.

const cut = /the input ends inside|JSON ends inside|ends inside a/
const large = /more than [0-9]+ \(see --max-record\)|too large/
const foreign = /plain text, neither|was expected|begins here|gzip data|which invocation-extract|this is an? |neither .* nor|is not an? |data; pipe it/

/**
 * Whether a file may be ledgers at all, by its first bytes: an incomplete record could be anything.
 *
 * @param {Uint8Array} head
 */
function looksRight(head) {
  const word = (at) => (head.length >= at + 4 ? ((head[at] << 24) | (head[at + 1] << 16) | (head[at + 2] << 8) | head[at + 3]) >>> 0 : undefined)
  const first = word(0)
  if (first === undefined) return true
  // zstd, JSON, a record's mark, or the version of a LedgerCloseMeta.
  if (first === 0x28b52ffd || head[0] === 0x7b || head[0] === 0x5b) return true
  const isVersion = (number) => number === undefined || number <= 2 || number === 0x53504901
  return first >= 0x80000000 ? isVersion(word(4)) : isVersion(first)
}

/**
 * @param {{ message: string, offset: number | null, record: number | null, isData: boolean, isMemory: boolean, head: Uint8Array, size: number }} problem
 * @returns {{ kind: 'large' | 'foreign' | 'cut' | 'network' | 'events' | 'damaged' | 'other', title: string, help: string }}
 */
export function classify(problem) {
  const { message, offset } = problem
  const isFirst = problem.record === null || problem.record <= 1
  if (problem.isMemory || (large.test(message) && !(isFirst && !looksRight(problem.head)))) {
    return { kind: 'large', title: 'Too large', help: 'The browser has not enough memory for a record of this size. Outside of it:' }
  }
  if (!problem.isData) return { kind: 'other', title: 'Cannot be read', help: 'It may have been moved or changed since. Choose it again, or:' }
  if (/network passphrase is likely wrong/.test(message)) {
    return { kind: 'network', title: 'Another network', help: 'Choose the network, or give its passphrase. The command line:' }
  }
  if (/answer of getEvents|--by event reads it/.test(message)) {
    return { kind: 'events', title: 'These are events', help: 'Show events to read it. The command line:' }
  }
  if ((cut.test(message) && !(isFirst && !looksRight(problem.head))) || /ends in the middle/.test(message)) {
    return {
      kind: 'cut', title: `Cut off at byte ${problem.size}`,
      help: 'The file ends there, inside a record. Everything before that record is shown. Get the file again. The command line says the same:'
    }
  }
  if (foreign.test(message) || (isFirst && (cut.test(message) || large.test(message)))) {
    return {
      kind: 'foreign', title: 'Not a ledger',
      help: 'Expected: LedgerCloseMeta (.xdr, .xdr.zst, the meta pipe), or answers of getLedgers, getTransactions or getEvents. The command line says the same:'
    }
  }
  return {
    kind: 'damaged', title: offset === null ? 'Damaged' : `Damaged at byte ${offset}`,
    help: 'Everything before it is shown. To continue after the damage, outside the browser:'
  }
}
