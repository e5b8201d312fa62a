import Bytes

/// The position of a record.
package struct Place: Equatable, Sendable {
  /// The FILE as the user gave it.
  package let file: String
  /// Offset of the payload's first byte in the FILE's decompressed bytes.
  package let offset: Int64
  /// The record's number in the whole stream, from 1.
  package let record: Int
}

/// Several parts that are joined to one record: fragments, or lines of base64. Positions count from `start`.
struct Parts {
  /// The end of the joined bytes.
  var end: Int
  /// The beginning of the next part.
  var next: Int
  /// The record's offset in the FILE.
  var offset: Int64
  /// Consecutive empty fragments.
  var emptyFragments = 0
  /// Characters per line.
  var width = 0
}

/// Records of one FILE for another thread.
struct Batch {
  var file = ""
  var records: [BatchRecord] = []
  var next = 0
}

/// The position of a record in the buffer and in its FILE.
struct BatchRecord {
  let bytes: Range<Int>
  let offset: Int64
  let isLineEnded: Bool
}

/// All FILEs as one stream of records.
///
/// ```
/// while try reader.next() { …reader.record… }
/// ```
///
/// All input is read into one buffer, and a record is borrowed from it. It is valid until the next call of `next`; the compiler
/// checks that.
///
/// ```
///   |  used  |  record  |  read, not examined yet  |  free  |
///   0        start      after                      buffer.count
/// ```
package struct RecordReader: ~Copyable {
  /// Capacity that the buffer keeps after a larger record.
  private static let keptCapacity = 8 << 20

  /// The container of the current FILE.
  package internal(set) var framing = Framing.bare
  package var isFollowing: Bool { files.follower != nil }
  /// The data lake's object that is being read, if there is one.
  package private(set) var lakeObject: LakeObject?

  let maximumRecord: Int
  /// Which lines are joined to one record.
  package var joining: LineJoining
  /// Finds the records of FILEs without framing.
  package var framer: (any BareFramer)?
  let format: InputFormat
  let chunk: Int
  var files: InputFiles
  var source: ByteSource
  var isOpen = false
  package private(set) var filesOpened = 0
  /// Whether the container of the current FILE is known.
  private var isSniffed = false
  /// In a followed lake: the current FILE's attributes when it was opened, because it may be incomplete; and the number of
  /// records before it.
  var stampWhenOpened = FileStamp()
  var recordsBefore = 0
  private(set) var isAtEnd = false
  /// Whether other readers read the lake objects: then `next` stops at each (`separate`).
  package var separatesLakeObjects = false
  var separate: InputFiles.File?
  /// Records for another thread, which stay in the buffer; or records that another reader found.
  var batch = Batch()
  /// Whether the FILE ended in what could be the middle of a record.
  package internal(set) var endedInsideRecord = false

  var buffer: ByteBuffer
  /// Offset in the buffer of the first unused byte.
  var start = 0
  /// Offset in the buffer of the byte after the current record, where `next` continues.
  var after = 0
  var current = 0..<0
  /// The offset in the FILE of the first byte of the buffer.
  var base: Int64 = 0
  /// The number and the offset of the current record.
  var number = 0
  var recordOffset: Int64 = 0
  /// How far the line at `start` was searched for its end, counted from `start`.
  var searched = 0
  /// An incomplete JSON value over several lines, kept while the input has no more bytes.
  var value: ValueLines?
  /// An incomplete record whose parts are being joined, kept while the input has no more bytes.
  var parts: Parts?
  /// The offset in the FILE up to which lines are known to contain no complete value.
  var damagedUntil: Int64 = 0
  var bare = BareState()

  /// Reads `chunk` bytes at a time; tests make it small.
  package init(
    _ files: InputFiles, format: InputFormat = .automatic, maximumRecord: Int, joining: LineJoining = .off,
    chunk: Int = 128 << 10
  ) {
    self.files = files
    self.joining = joining
    self.format = format
    // Sums of the limit and the size of headers must not overflow.
    self.maximumRecord = min(maximumRecord, .max - 1 << 24)
    self.chunk = chunk
    source = ByteSource(chunk: chunk)
    buffer = ByteBuffer(capacity: chunk)
  }

  /// The payload of the current record: without the headers of a marked record, without the end of a line. A carriage return
  /// stays.
  package var record: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes(current) }
  }

  package var recordSize: Int { current.count }

  /// Whether this framer has found the current record.
  package func isFramed(by framer: any BareFramer) -> Bool {
    framing == .bare && batch.records.isEmpty && self.framer === framer
  }

  /// The position of the current record; before the first one, that of the first.
  package var place: Place {
    Place(file: batch.records.isEmpty ? source.descriptor.name : batch.file, offset: recordOffset, record: number)
  }

  /// Bytes read from the FILEs so far, before decompression.
  package var bytesRead: Int { source.descriptor.bytesRead }

  /// Moves to the next record; returns false at the end of all FILEs. Throws `waiting` if the input has no more bytes for now; the next call continues there.
  ///
  /// After an error that `isSkippable` the reader continues after the damage. After any other error do not use it again.
  package mutating func next() throws(StreamError) -> Bool {
    while true {
      if !isOpen, try !openNext() { return false }
      if !isSniffed { try findContainer() }
      start = after
      let isFound =
        switch framing {
        case .marked: try nextMarked()
        case .lines: try nextLine()
        case .bare: try nextBare()
        }
      if isFound { return true }
      // An empty object: a followed lake may show its name before its content.
      if files.follower != nil, number == recordsBefore { throw failure(.missingRecords) }
      source.close()
      isOpen = false
    }
  }

  /// Opens the next FILE; returns false if there is none.
  private mutating func openNext() throws(StreamError) -> Bool {
    // The buffer still contains the records of the batch.
    if !batch.records.isEmpty { throw StreamError(.waiting) }
    guard let file = try nextFile() else { return false }
    return try open(file)
  }

  mutating func open(_ file: InputFiles.File) throws(StreamError) -> Bool {
    lakeObject = file.lakeObject
    if files.follower != nil { stampWhenOpened = FileStamp(of: file.path) }
    recordsBefore = number
    buffer.truncate(to: 0)
    (start, after, base, searched, current) = (0, 0, 0, 0, 0..<0)
    (bare, parts, value) = (BareState(), nil, nil)
    damagedUntil = 0
    filesOpened += 1
    try source.open(file.path)
    isOpen = true
    (isAtEnd, isSniffed) = (false, false)
    return true
  }

  /// Begins to read compressed frames of a FILE whose container is known.
  mutating func begin(_ framing: Framing, at offset: Int64) {
    self.framing = framing
    (bare, parts, value) = (BareState(), nil, nil)
    (searched, damagedUntil, recordsBefore, base) = (0, 0, 0, offset)
    lakeObject = nil
    (isOpen, isAtEnd, isSniffed, endedInsideRecord) = (true, false, true, false)
  }

  private mutating func findContainer() throws(StreamError) {
    while true {
      if let found = try sniff() {
        (framing, isSniffed) = (found, true)
        return
      }
      _ = try fill()
    }
  }

  /// Detects the container from the available bytes; nil if more are needed. Refuses data that is still compressed after
  /// decompression.
  private func sniff() throws(StreamError) -> Framing? {
    if (available == 0 || source.isUndecided) && !isAtEnd { return nil }
    if source.isCompressed {
      switch Compression.sniff(buffer.bytes, atEnd: isAtEnd) {
      case .zstd?: throw StreamError(.zstdInZstd, file: place.file, offset: 0)
      case .gzip?: throw StreamError(.gzip, file: place.file, offset: 0)
      case Compression.none?: break
      case nil: return nil
      }
    }
    return Framing.sniff(buffer.bytes, format, atEnd: isAtEnd)
  }

  // MARK: for all containers

  /// The offset in the FILE of the byte at `start`.
  var position: Int64 { base + Int64(start) }

  /// The number of unused bytes.
  var available: Int { buffer.count - start }

  /// Whether more can be read without waiting.
  package var isReady: Bool { source.isReady }

  /// Reads more; it may add nothing if the input is compressed. Returns false at the end of the FILE.
  mutating func fill() throws(StreamError) -> Bool {
    if isAtEnd { return false }
    compactBuffer()
    do throws(StreamError) {
      isAtEnd = try !source.fill(&buffer)
    } catch {
      guard error.isBadData, error.offset == nil else { throw error }
      throw failure(error.kind, offset: base + Int64(buffer.count))
    }
    return !isAtEnd
  }

  /// Reads until `length` bytes are available; returns false if the FILE ends before that.
  mutating func fill(upTo length: Int) throws(StreamError) -> Bool {
    while available < length {
      if try !fill() { return false }
    }
    return true
  }

  /// Moves the unused bytes to the front of the buffer if that is cheap: there are none, or at most a quarter of the bytes that
  /// were used since the last move. In a full buffer up to three times the used bytes are moved, so that records of more than a
  /// quarter of the capacity do not double it.
  private mutating func compactBuffer() {
    let isFull = buffer.capacity - buffer.count < chunk
    guard start > 0, batch.records.isEmpty, available <= start / 4 || isFull && available <= 3 * start else { return }
    buffer.removeFirst(start)
    base += Int64(start)
    (start, after) = (0, 0)
    buffer.shrink(above: Self.keptCapacity)
  }

  /// Makes `payload` the current record, and `end` the position where `next` continues. Both count from `start`.
  mutating func take(_ payload: Range<Int>, upTo end: Int, offset: Int64) {
    number += 1
    recordOffset = offset
    current = start + payload.lowerBound..<start + payload.upperBound
    after = start + end
  }

  /// The foreign format of the FILE, as long as none of its bytes were used.
  var foreign: StreamError.Kind? {
    position == 0 ? ForeignFormat(buffer.bytes(start..<buffer.count)).map { .foreign($0) } : nil
  }

  /// An error in the record after the current one. Without `offset` it is at `start`.
  func failure(_ kind: StreamError.Kind, offset: Int64? = nil) -> StreamError {
    StreamError(kind, file: source.descriptor.name, offset: offset ?? position, record: number + 1)
  }
}
