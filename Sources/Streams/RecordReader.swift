import Bytes

/// Where a record stands.
package struct Place: Equatable, Sendable {
  /// The FILE as it was given.
  package let file: String
  /// The first byte of its payload in the FILE's decompressed bytes.
  package let offset: Int64
  /// Its number in the whole stream, from 1.
  package let record: Int
}

/// How `RecordReader` moved.
package enum Step: Equatable, Sendable {
  /// `record` is the next one.
  case record
  /// The FILE has no framing of its own: look at `unframed`, tell `frame` how far the next record goes, call `next` again.
  /// At the end of the FILE nothing will follow what is there now.
  case unframed(atEnd: Bool)
  /// All FILEs were read.
  case end
}

/// How far the next record of unframed bytes goes.
package enum Extent: Equatable, Sendable {
  /// A header of `skip` bytes to pass over, then a record of `length` bytes.
  /// `moreFollow` if the FILE announced further records, so that it is cut off if it ends after this one.
  case record(skip: Int = 0, length: Int, moreFollow: Bool = false)
  /// Bytes to pass over that hold no record.
  case skip(Int)
  /// It goes beyond what is there, by this many bytes or more.
  case more(atLeast: Int64 = 1)
}

/// Several parts that are moved together to be one record: fragments, or lines of base64. Positions count from `start`.
struct Parts {
  /// Where what was moved together ends.
  var end: Int
  /// Where the next part begins.
  var next: Int
  /// The record's offset in the FILE.
  var offset: Int64
  /// Empty fragments one behind the other.
  var emptyFragments = 0
  /// Characters of a line.
  var width = 0
}

/// All FILEs as one stream of records.
///
/// ```
/// while true {
///   switch try reader.next(&output) {
///   case .record: …reader.record…
///   case .unframed(let atEnd): try reader.frame(extent(of: reader.unframed, atEnd))
///   case .end: return
///   }
/// }
/// ```
///
/// A record is borrowed from the one buffer that everything is read into. It is gone with the next `next`; the compiler
/// sees to that.
///
/// ```
///   |  used  |  record  |  read, not looked at yet  |  room  |
///   0        start      after                       buffer.count
/// ```
package struct RecordReader: ~Copyable {
  /// Room that is kept for the next records after a larger one.
  private static let keptRoom = 8 << 20

  /// The container of the current FILE.
  package internal(set) var framing = Framing.bare
  /// Whether a data lake is followed.
  package var isFollowing: Bool { files.follower != nil }
  /// The object of a data lake that is being read, if it is one.
  package private(set) var lakeObject: LakeObject?

  let maximumRecord: Int
  /// Which lines are read as one record.
  package var joining: LineJoining
  private let format: InputFormat
  private let chunk: Int
  var files: InputFiles
  var source: ByteSource
  var isOpen = false
  /// Whether the container of the current FILE is known.
  private var isSniffed = false
  /// The FILE as it was when it was opened, where it may not be whole yet, and how many records there were before it.
  var opened = FileStamp()
  var before = 0
  private(set) var isAtEnd = false

  var buffer: ByteBuffer
  /// The first byte of the buffer that was not used yet.
  var start = 0
  /// The byte after the current record; `next` goes on there.
  var after = 0
  var current = 0..<0
  /// The offset in the FILE of the first byte of the buffer.
  var base: Int64 = 0
  /// Number and offset of the current record.
  var number = 0
  var recordOffset: Int64 = 0
  /// How far the line that begins at `start` was searched for its end, from `start`.
  var searched = 0
  /// How many bytes there must be before it is worth looking for the end of a value over many lines again.
  var linesWanted = 0
  /// A record whose parts are moved together, where the input ended for now.
  var parts: Parts?
  /// Up to where in the FILE lines were looked at that turned out to be no whole value.
  var damagedUntil: Int64 = 0
  var bare = BareState()

  /// `chunk` is how much is read at once; tests make it small, and `longAfter`.
  package init(
    _ files: InputFiles, format: InputFormat = .automatic, maximumRecord: Int, joining: LineJoining = .off,
    chunk: Int = 128 << 10, longAfter: Int = longStream
  ) {
    self.files = files
    self.joining = joining
    self.format = format
    // Sums of the limit and of what stands around a record have to be numbers, too.
    self.maximumRecord = min(maximumRecord, .max - 1 << 24)
    self.chunk = chunk
    source = ByteSource(chunk: chunk, longAfter: longAfter)
    buffer = ByteBuffer(capacity: chunk)
  }

  /// The payload of the current record: of a marked one without headers, of a line without its end (a carriage return stays).
  package var record: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes(current) }
  }

  /// The bytes that no record was found in yet, after `next` said `unframed`.
  package var unframed: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes(start..<buffer.count) }
  }

  /// Where `unframed` begins, and the number that the record there will have.
  package var unframedPlace: Place { Place(file: source.descriptor.name, offset: position, record: number + 1) }

  /// Where the current record stands. Before the first one: where the first would.
  package var place: Place { Place(file: source.descriptor.name, offset: recordOffset, record: number) }

  /// Bytes read from the FILEs so far, as they came: compressed ones if they are compressed.
  package var bytesRead: Int { source.descriptor.bytesRead }

  /// Moves to the next record. Before it waits for input it flushes `output`.
  ///
  /// An error that `isSkippable` leaves the reader behind the damage; after any other it is not to be used again.
  package mutating func next(_ output: inout Output) throws(StreamError) -> Step {
    while true {
      if !isOpen, try !openNext(&output) { return .end }
      if !isSniffed { try findContainer(&output) }
      start = after
      let step: Step?
      switch framing {
      case .marked: step = try nextMarked(&output)
      case .lines: step = try nextLine(&output)
      case .bare: step = try nextBare(&output)
      }
      if let step { return step }
      // It has its name before its bytes.
      if files.follower != nil, number == before { throw failure(.missingRecords) }
      source.close()
      isOpen = false
    }
  }

  /// Opens the next FILE and finds out its container; false if there is none.
  private mutating func openNext(_ output: inout Output) throws(StreamError) -> Bool {
    var file = try files.next()
    if file == nil { file = try waitForObject(&output) }
    guard let file else { return false }
    lakeObject = file.lakeObject
    return try open(file, &output)
  }

  mutating func open(_ file: InputFiles.File, _ output: inout Output) throws(StreamError) -> Bool {
    if files.follower != nil { opened = FileStamp(of: file.path) }
    before = number
    buffer.truncate(to: 0)
    (start, after, base, searched, linesWanted, current) = (0, 0, 0, 0, 0, 0..<0)
    (bare, parts) = (BareState(), nil)
    damagedUntil = 0
    try source.open(file.path)
    isOpen = true
    (isAtEnd, isSniffed) = (false, false)
    try findContainer(&output)
    return true
  }

  /// Reads until the container is known.
  private mutating func findContainer(_ output: inout Output) throws(StreamError) {
    while true {
      if let found = try sniff() {
        (framing, isSniffed) = (found, true)
        return
      }
      _ = try fill(&output)
    }
  }

  /// The container by the bytes that are there; nil if they are too few. Refuses what is still compressed after decompression.
  private func sniff() throws(StreamError) -> Framing? {
    if available == 0 && !isAtEnd { return nil }
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

  // MARK: what the containers share

  /// The offset in the FILE of what begins at `start`.
  var position: Int64 { base + Int64(start) }

  /// The bytes that were not used yet.
  var available: Int { buffer.count - start }

  /// Whether more can be read without waiting.
  package var isReady: Bool { source.isReady }

  /// Reads some more, which may come to nothing when decompressed; false at the end of the FILE.
  mutating func fill(_ output: inout Output) throws(StreamError) -> Bool {
    if isAtEnd { return false }
    makeRoom()
    do throws(StreamError) {
      isAtEnd = try !source.fill(&buffer, flushing: &output)
    } catch {
      guard error.isBadData, error.offset == nil else { throw error }
      throw failure(error.kind, offset: base + Int64(buffer.count))
    }
    return !isAtEnd
  }

  /// Reads until there are `length` bytes; false if the FILE ends before.
  mutating func fill(upTo length: Int, _ output: inout Output) throws(StreamError) -> Bool {
    while available < length {
      if try !fill(&output) { return false }
    }
    return true
  }

  /// Moves what was not used yet to the front, if that is cheap: nothing is there, or a quarter of what was used since the last time. Where the
  /// room is used up it may be three times as much, so that records of more than a quarter of it do not double it.
  private mutating func makeRoom() {
    let isFull = buffer.capacity - buffer.count < chunk
    guard start > 0, available <= start / 4 || isFull && available <= 3 * start else { return }
    buffer.removeFirst(start)
    base += Int64(start)
    (start, after) = (0, 0)
    buffer.shrink(above: Self.keptRoom)
  }

  /// Makes the bytes from `payload` up to `end`, counted from `start`, the current record.
  mutating func take(_ payload: Range<Int>, upTo end: Int, offset: Int64) {
    number += 1
    recordOffset = offset
    current = start + payload.lowerBound..<start + payload.upperBound
    after = start + end
  }

  /// What the FILE is instead, as long as nothing of it was used.
  var foreign: StreamError.Kind? {
    position == 0 ? Foreign(buffer.bytes(start..<buffer.count)).map { .foreign($0) } : nil
  }

  /// What a FILE without framing is, if it is nothing that a tool reads. To be asked when its bytes make no sense otherwise.
  package var foreignError: StreamError? {
    if let foreign { return failure(foreign) }
    return position > 0 && Foreign.isText(unframed) ? failure(.linesBehindXDR) : nil
  }

  /// An error in the record after the current one. Without `offset` it is about what begins at `start`.
  func failure(_ kind: StreamError.Kind, offset: Int64? = nil) -> StreamError {
    StreamError(kind, file: source.descriptor.name, offset: offset ?? position, record: number + 1)
  }
}
