import Bytes

/// What is known about the bytes at `start` of a FILE without framing.
struct BareState {
  /// How many bytes there were when the caller was asked last.
  var asked = 0
  /// How many there must be before it is worth asking again.
  var wanted: Int64 = 1
  var askedAtEnd = false
  /// Whether the FILE announced another record.
  var moreFollow = false
  /// The answer that `next` has not acted on yet.
  var extent: Extent?
  /// The length of the record before.
  var previous = 0
}

extension RecordReader {
  /// A header before a record (three words in a batch) may be there on top of `maximumRecord`.
  private static var headerAllowance: Int { 64 }

  /// The answer to `Step.unframed`. What it names must be there, in `unframed`.
  package mutating func frame(_ extent: Extent) {
    switch extent {
    case .record(let skip, let length, _):
      precondition(skip >= 0 && length >= 0 && skip + length > 0 && skip + length <= available)
    case .skip(let length): precondition(length > 0 && length <= available)
    case .more(let length): precondition(length > 0)
    }
    bare.extent = extent
  }

  mutating func nextBare(_ output: inout Output) throws(StreamError) -> Step? {
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
    return try askForExtent(&output)
  }

  /// Reads until it is worth asking the caller how far the record goes.
  private mutating func askForExtent(_ output: inout Output) throws(StreamError) -> Step? {
    while true {
      if Int64(available) >= bare.wanted, isWorthAsking || !isReady {
        bare.asked = available
        return .unframed(atEnd: false)
      }
      do throws(StreamError) {
        if try fill(&output) { continue }
      } catch {
        // An input that is fed goes on soon, unless it says that it pauses.
        if error.kind == .waiting, isReady { throw error }
        // There may be a record before the damage, which comes again when nothing else is left to say.
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

  /// To find the extent is to walk over all that is there. So it is asked when that is likely to be a record: at the end of a frame, or when
  /// there is a good deal more than the record before took; and again only when it has grown by a quarter, which keeps the work in
  /// proportion to the record. When the alternative is to wait it is always asked, to keep no finished record back.
  private var isWorthAsking: Bool {
    if bare.asked > 0 { return available - bare.asked >= bare.asked / 4 }
    return source.isAtFrameEnd || available >= bare.previous + min(bare.previous, 4 << 20)
  }
}
