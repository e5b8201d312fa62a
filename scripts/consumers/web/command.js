// The command line for the same records.

/** A quoted word of a shell. @param {string} text @returns {string} */
export function quoted(text) {
  return /^[A-Za-z0-9_./:,=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** @param {Record<string, any>} conditions @returns {string[]} */
function options(conditions) {
  const words = []
  for (const [name, value] of Object.entries(conditions)) {
    for (const one of [value].flat()) words.push(one === true ? `--${name}` : `--${name}=${one}`)
  }
  return words
}

/** A file name that no tool takes for an option. @param {string} path @returns {string} */
function fileName(path) {
  return path.startsWith('-') ? `./${path}` : path
}

/** The folder of a data lake instead of all its objects. @param {string[]} paths @returns {string[]} */
function folderOf(paths) {
  const [folder] = paths[0]?.split('/') ?? []
  const isLake = paths.length > 1 && paths.every((path) => path.startsWith(`${folder}/`) && /\/[0-9A-F]{8}--[0-9]+(-[0-9]+)?\.xdr(\.zstd?)?$/.test(path))
  return isLake ? [folder] : paths
}

/**
 * @param {object} view
 * @param {{ path: string, isLedgers: boolean }[]} view.files
 * @param {string[]} view.specs Names of files with interfaces of contracts.
 * @param {'invocations' | 'events'} view.mode
 * @param {string} view.style
 * @param {string} view.network
 * @param {boolean} view.hasFootprints
 * @param {Record<string, any>} view.conditions
 * @param {string} view.search
 * @param {{ ledger: number, tx: string, eventId?: string }} [only] Only this record.
 * @returns {string}
 */
export function commandLine(view, only) {
  const line = (...words) => words.map(quoted).join(' ')
  const network = view.network === 'pubnet' || view.network === 'auto' ? [] : [`--network=${view.network}`]
  const extract = ['invocation-extract', ...(view.mode === 'events' ? ['--by=event'] : []),
    ...(view.hasFootprints ? ['--footprint-ops'] : [])]
  const named = (isLedgers) => view.files.filter((file) => file.isLedgers === isLedgers).map((file) => fileName(file.path))
  const [ledgers, others] = [folderOf(named(true)), named(false)]
  const { ledgers: ranges = [], ...wanted } = view.conditions
  const chosen = only ? [`--ledgers=${only.ledger}`] : [ranges].flat().map((range) => `--ledgers=${range}`)
  const sources = []
  if (ledgers.length > 0) sources.push(`${line('ledger-split', ...network, ...chosen, ...ledgers)} | ${line(...extract)}`)
  if (others.length > 0) sources.push(line(...extract, ...network, ...others))
  const stages = [sources.length > 1 ? `{ ${sources.join('; ')}; }` : sources[0] ?? line('ledger-split', ...network, 'LEDGERS')]
  // Only ledger-split can omit ledgers without reading them.
  if (others.length > 0 && chosen.length > 0) stages.push(line('event-filter', ...chosen))
  if (!only && Object.keys(wanted).length > 0) stages.push(line('event-filter', ...network, ...options(wanted)))
  if (only) stages.push(line('event-filter', `--tx=${only.tx}`))
  stages.push(line('scval-json', `--style=${view.style}`, ...view.specs.map((name) => `--spec=${fileName(name)}`)))
  if (only?.eventId) stages.push(line('jq', '-c', `select(.event.id == "${only.eventId}")`))
  if (!only && view.search !== '') stages.push(line('grep', '-F', '-i', '-e', view.search))
  return stages.join(' | ')
}

/**
 * The same for a service.
 *
 * @param {URL} url
 * @param {string} search
 * @param {{ ledger: number, tx: string, eventId?: string }} [only]
 */
export function serviceCommandLine(url, search, only) {
  const address = new URL(url)
  if (only) {
    const style = address.searchParams.get('style')
    const hasFootprints = address.searchParams.getAll('type')
    address.search = ''
    if (style) address.searchParams.set('style', style)
    address.searchParams.set('ledgers', String(only.ledger))
    address.searchParams.set('tx', only.tx)
    for (const type of hasFootprints) address.searchParams.append('type', type)
  }
  const stages = [`curl -sN ${quoted(address.href)}`]
  if (only?.eventId) stages.push(`jq -c ${quoted(`select(.event.id == "${only.eventId}")`)}`)
  if (!only && search !== '') stages.push(`grep -F -i -e ${quoted(search)}`)
  return stages.join(' | ')
}
