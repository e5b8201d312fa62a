import Bytes

/// What is known about the unframed bytes at `start`.
struct BareState {
  /// How many bytes were available when the caller was last asked.
  var asked = 0
  /// How many bytes must be available before the caller is asked again.
  var wanted: Int64 = 1
  var askedAtEnd = false
  /// Whether the FILE announced another record.
  var moreFollow = false
  /// The answer that `next` has still to process.
  var extent: Extent?
  /// The length of the previous record.
  var previous = 0
}

extension RecordReader {
  /// Space for a header before a record (three words in a batch), in addition to `maximumRecord`.
  private static var headerAllowance: Int { 64 }

  /// The answer to `ReadStep.unframed`. Its bytes must be available in `unframed`.
  package mutating func frame(_ extent: Extent) {
    switch extent {
    case .record(let skip, let length, _):
      precondition(skip >= 0 && length >= 0 && skip + length > 0 && skip + length <= available)
    case .skip(let length): precondition(length > 0 && length <= available)
    case .more(let length): precondition(length > 0)
    }
    bare.extent = extent
  }

  mutating func nextBare() throws(StreamError) -> ReadStep? {
    switch bare.extent {
    case .record(let skip, let length, let moreFollow)?:
      guard length <= maximumRecord else {
        throw failure(.tooLong(Int64(length), limit: maximumRecord), offset: position + Int64(skip))
      }
      bare = BareState(moreFollow: moreFollow, previous: length)
      take(skip..<skip + length, upTo: skip + length, offset: position + Int64(skip))
      return .record
    case .skip(let length)?:
      bare = BareState(previous: bare.previous)
      start += length
      after = start
    case .more(let length)?:
      guard available <= maximumRecord + Self.headerAllowance else {
        throw failure(.tooLong(nil, limit: maximumRecord))
      }
      bare.extent = nil
      bare.wanted = Int64(bare.asked) + length
      if bare.askedAtEnd { throw failure(.cutOff(have: available, need: bare.wanted)) }
    case nil: break
    }
    return try askForExtent()
  }

  /// Reads until the caller should be asked for the record's length.
  private mutating func askForExtent() throws(StreamError) -> ReadStep? {
    while true {
      if Int64(available) >= bare.wanted, isWorthAsking || !isReady {
        bare.asked = available
        return .unframed(atEnd: false)
      }
      do throws(StreamError) {
        if try fill() { continue }
      } catch {
        // An input that is fed continues soon, unless it is paused.
        if error.kind == .waiting, isReady { throw error }
        // There may be a complete record before the damage. The error occurs again when these bytes are used up.
        guard Int64(available) >= bare.wanted, available > bare.asked else { throw error }
        bare.asked = available
        return .unframed(atEnd: false)
      }
      guard available > 0 else {
        if bare.moreFollow { throw failure(.missingRecords) }
        return nil
      }
      (bare.asked, bare.askedAtEnd) = (available, true)
      return .unframed(atEnd: true)
    }
  }

  /// The caller must parse all available bytes to find the length. So it is asked when they are likely to contain a record: at
  /// the end of a frame, or when there are considerably more than in the previous record; and again only after they have grown by
  /// a quarter, which keeps the work proportional to the record's size. It is always asked before the reader would wait, so that
  /// no complete record is delayed.
  private var isWorthAsking: Bool {
    if bare.asked > 0 { return available - bare.asked >= bare.asked / 4 }
    return source.isAtFrameEnd || available >= bare.previous + min(bare.previous, 4 << 20)
  }
}
