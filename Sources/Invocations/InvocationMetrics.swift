import Bytes
import StellarXDR

/// Core's measurements of an invocation: its `core_metrics` diagnostics (protocol section 6), as names and numbers.
///
/// ```
///   topics [core_metrics, cpu_insn], data u64 1203344       "cpu_insn":"1203344"
/// ```
struct InvocationMetrics {
  /// The range of each name, and its number.
  private var found: [(name: Range<Int>, value: UInt64)] = []

  /// Finds the metrics in the diagnostics. Of two with the same name, which core never writes, the first counts.
  mutating func read(_ diagnostics: [ContractEvent], _ bytes: RawSpan) {
    found.removeAll(keepingCapacity: true)
    var names: Set<[UInt8]> = []
    for event in diagnostics where event.topicCount == 2 && event.isHostEvent("core_metrics", bytes) {
      guard let first = event.firstSymbol(bytes), bytes.word(at: event.data.lowerBound) == SCValTag.u64,
        let name = ContractEvent.symbol(at: (first.upperBound + 3) & ~3, bytes),
        names.insert(bytes.extracting(name).copied).inserted
      else { continue }
      found.append((name, bytes.doubleWord(at: event.data.lowerBound + 4)))
    }
  }

  /// Writes the optional member `metrics`: null if there are none.
  func write(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: !found.isEmpty)
    if found.isEmpty { return }
    out.append(bigEndian: UInt32(found.count))
    for metric in found {
      out.append(opaque: bytes.extracting(metric.name))
      out.append(bigEndian: metric.value)
    }
  }
}
