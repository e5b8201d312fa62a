import Bytes

/// Refuses FILEs without framing, in which a tool finds no records.
package final class RefusingFramer: BareFramer {
  private let message: String
  private let tool: RecordReading?

  /// `message` is for bytes that are not known as the input of another tool than `tool`.
  package init(_ message: String, for tool: RecordReading? = nil) { (self.message, self.tool) = (message, tool) }

  package func extent(
    of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords
  ) throws(DataError) -> Extent {
    throw DataError(tool.flatMap { RecordKind(beginning: bytes)?.refusal(by: $0) } ?? message)
  }
}
