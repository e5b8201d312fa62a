import Bytes

/// What is known about the bytes without framing at `start`.
struct BareState {
  /// What the FILE announced about the records that follow.
  var announced = AnnouncedRecords()
  /// How many bytes were available when the framer was last asked.
  var asked = 0
  /// How many bytes must be available before the framer is asked again.
  var wanted: Int64 = 1
  /// The length of the previous record.
  var previous = 0
}

extension RecordReader {
  /// Space for a header before a record (three words in a batch), in addition to `maximumRecord`.
  private static var headerAllowance: Int { 64 }

  /// Moves to the next record; returns false at the end of the FILE.
  mutating func nextBare() throws(StreamError) -> Bool {
    while let atEnd = try fillForFramer() {
      bare.asked = available
      var announced = bare.announced
      switch try extent(atEnd: atEnd, &announced) {
      case .record(let skip, let length):
        precondition(skip >= 0 && length >= 0 && skip + length > 0 && skip + length <= available)
        guard length <= maximumRecord else {
          throw failure(.tooLong(Int64(length), limit: maximumRecord), offset: position + Int64(skip))
        }
        bare = BareState(announced: announced, previous: length)
        take(skip..<skip + length, upTo: skip + length, offset: position + Int64(skip))
        return true
      case .skip(let length):
        precondition(length > 0 && length <= available)
        bare = BareState(announced: announced, previous: bare.previous)
        start += length
        after = start
      case .more(let length):
        precondition(length > 0)
        guard available <= maximumRecord + Self.headerAllowance else { throw failure(.tooLong(nil, limit: maximumRecord)) }
        bare.wanted = Int64(bare.asked) + length
        if atEnd { throw failure(.cutOff(have: available, need: bare.wanted)) }
      }
    }
    if bare.announced.count > 0 { throw failure(.missingRecords) }
    return false
  }

  private func extent(atEnd: Bool, _ announced: inout AnnouncedRecords) throws(StreamError) -> Extent {
    let bytes = buffer.bytes(start..<buffer.count)
    do throws(DataError) {
      guard let framer else { throw DataError("XDR without record marking") }
      return try framer.extent(of: bytes, at: position, atEnd: atEnd, announced: &announced)
    } catch {
      // A known format explains more than what the bytes should have been. Whatever it is, the reader cannot go on behind it.
      if let known = foreign ?? (position > 0 && ForeignFormat.isText(bytes) ? .linesAfterXDR : nil) {
        throw failure(.noRecord(StreamError(known).description, ledger: nil))
      }
      throw failure(.noRecord(error.what, ledger: error.ledger), offset: position + Int64(error.offset ?? 0))
    }
  }

  /// Reads until the framer should be asked for the record's length. Returns whether no more bytes follow; nil if there are none
  /// at all.
  private mutating func fillForFramer() throws(StreamError) -> Bool? {
    while true {
      if Int64(available) >= bare.wanted, isWorthAsking || !isReady { return false }
      do throws(StreamError) {
        if try fill() { continue }
      } catch {
        // An input that is fed continues soon, unless it is paused.
        if error.kind == .waiting, isReady { throw error }
        // There may be a complete record before the damage. The error occurs again when these bytes are used up.
        guard Int64(available) >= bare.wanted, available > bare.asked else { throw error }
        return false
      }
      return available > 0 ? true : nil
    }
  }

  /// The framer must parse all available bytes to find the length. So it is asked when they are likely to contain a record: at
  /// the end of a frame, or when there are considerably more than in the previous record; and again only after they have grown by
  /// a quarter, which keeps the work proportional to the record's size. It is always asked before the reader would wait, so that
  /// no complete record is delayed.
  private var isWorthAsking: Bool {
    if bare.asked > 0 { return available - bare.asked >= bare.asked / 4 }
    return source.isAtFrameEnd || available >= bare.previous + min(bare.previous, 4 << 20)
  }
}
