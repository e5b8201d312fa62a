// Dropped or chosen files: files, folders of files, and files that only describe them.

const mostFiles = 100000

/**
 * All files of a drop, including those in folders.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry)
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files]
  const files = []
  const waiting = entries.reverse()
  while (waiting.length > 0 && files.length < mostFiles) {
    const entry = waiting.pop()
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
      // The path relative to the drop: the name alone does not find the file again.
      Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) })
      files.push(file)
    } else {
      const reader = entry.createReader()
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
        if (some.length === 0) break
        waiting.push(...some)
      }
    }
  }
  return files
}

/**
 * Separates ledgers from interfaces of contracts and from the description of a lake.
 *
 * @param {File[]} files
 * @returns {Promise<{ ledgers: File[], specs: { name: string, data: Uint8Array }[], network: string | null }>}
 */
export async function sorted(files) {
  const ledgers = []
  const specs = []
  let network = null
  for (const file of files) {
    if (file.name.endsWith('.wasm') && file.size < 16 << 20) {
      specs.push({ name: file.webkitRelativePath || file.name, data: new Uint8Array(await file.arrayBuffer()) })
    } else if (file.name === '.config.json' && file.size < 65536) {
      try {
        network = JSON.parse(await file.text()).networkPassphrase ?? null
      } catch {
        // It does not name its network; the ledgers will.
      }
    } else ledgers.push(file)
  }
  return { ledgers: ledgers.sort(byLedger), specs, network }
}

/** The first ledger in an object's name, such as FFFFFBE5--1050-1051.xdr.zst. */
function firstLedger(file) {
  const match = /^[0-9A-F]{8}--([0-9]+)/.exec(file.name)
  return match ? Number(match[1]) : null
}

function byLedger(one, other) {
  const [first, second] = [firstLedger(one), firstLedger(other)]
  if (first !== null && second !== null) return first - second
  return one.name.localeCompare(other.name, 'en', { numeric: true })
}
