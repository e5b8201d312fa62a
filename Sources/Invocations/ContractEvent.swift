import Bytes
import StellarXDR

/// A ContractEvent, or the event inside a DiagnosticEvent.
struct ContractEvent {
  /// ContractID* with its flag.
  var contractRange: Range<Int>
  var contract: Hash32?
  var type: UInt32
  /// SCVal<> with its count.
  var topics: Range<Int>
  var topicCount: Int
  var data: Range<Int>
  var inSuccessfulCall: Bool

  init(_ cursor: inout Cursor, inSuccessfulCall: Bool = true) throws(XDRError) {
    let types = WalkTypes.shared
    self.inSuccessfulCall = inSuccessfulCall
    try cursor.extensionPoint()
    let start = cursor.position
    contract = try cursor.flag() ? try cursor.hash() : nil
    contractRange = start..<cursor.position
    type = try cursor.expectDiscriminant(in: 0...2)
    try cursor.extensionPoint()
    topics = try cursor.range(types.scvec)
    topicCount = Int(cursor.bytes.word(at: topics.lowerBound))
    data = try cursor.range(types.scval)
  }

  /// Reads and checks an array of events or diagnostic events, and replaces the contents of `events`. Positions are in the
  /// cursor's bytes.
  static func readAll(_ cursor: inout Cursor, areDiagnostic: Bool, into events: inout [ContractEvent]) throws(XDRError) {
    events.removeAll(keepingCapacity: true)
    let types = WalkTypes.shared
    for _ in 0..<(try cursor.count(of: areDiagnostic ? types.diagnosticEvent : types.contractEvent)) {
      let flag = areDiagnostic ? try cursor.flag() : true
      events.append(try ContractEvent(&cursor, inSuccessfulCall: flag))
    }
  }

  /// Writes the members that the records of events have in common.
  func write(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(bytes.extracting(contractRange))
    out.append(bigEndian: type)
    out.append(bytes.extracting(topics.lowerBound..<data.upperBound))
  }

  /// The text of the first topic if it is a symbol; it distinguishes the host's diagnostics.
  func firstSymbol(_ bytes: RawSpan) -> Range<Int>? {
    topicCount > 0 ? Self.symbol(at: topics.lowerBound + 4, bytes) : nil
  }

  /// Whether this is the host's diagnostic of that name. A contract can publish events with any topics, but not of this type.
  func isHostEvent(_ name: StaticString, _ bytes: RawSpan) -> Bool {
    guard type == ContractEventType.diagnostic, let symbol = firstSymbol(bytes) else { return false }
    return bytes.extracting(symbol).equals(name)
  }

  /// The text of an SCVal; nil if it is not a symbol.
  static func symbol(at position: Int, _ bytes: RawSpan) -> Range<Int>? {
    guard bytes.word(at: position) == SCValTag.symbol else { return nil }
    let count = Int(bytes.word(at: position + 4))
    return position + 8..<position + 8 + count
  }
}
