import Bytes
import Ledgers
import TestSupport
import Testing

/// The order of ledgers, in streams and in data lakes.
@Suite struct LedgerSequenceTests {
  /// What the check says about one ledger.
  private enum Verdict: Equatable {
    case kept, dropped
    case refused(SequenceProblem)
  }

  /// A ledger whose hash is its sequence, unless another one is given.
  private static func ledger(
    _ sequence: UInt32, hash: UInt64? = nil, previous: UInt64? = nil, mismatch: HashMismatch? = nil,
    in object: LedgerObject? = nil
  ) -> ReadLedger {
    var ledger = LedgerCloseMeta()
    ledger.sequence = sequence
    ledger.hash = Hash32(hash ?? UInt64(sequence), 0, 0, 0)
    ledger.previousHash = Hash32(previous ?? UInt64(sequence) - 1, 0, 0, 0)
    return ReadLedger(ledger, mismatch: mismatch, object: object)
  }

  private static func object(_ first: UInt32, _ directory: String? = "lake", isFollowed: Bool = false) -> LedgerObject {
    LedgerObject(directory: directory, path: "\(directory ?? "")/\(first)", first: first, isFollowed: isFollowed)
  }

  /// Checks ledgers in their order; returns the verdicts and the warnings.
  private func check(
    _ ledgers: [ReadLedger], by sequence: LedgerSequence
  ) -> (verdicts: [Verdict], warnings: [SequenceProblem]) {
    var warnings: [SequenceProblem] = []
    let verdicts = ledgers.map { ledger -> Verdict in
      do throws(SequenceProblem) { return try sequence.check(ledger) { warnings.append($0) } ? .kept : .dropped } catch {
        return .refused(error)
      }
    }
    return (verdicts, warnings)
  }

  private func sequence(
    _ wanted: [ClosedRange<UInt32>] = [], verifies: Bool = false, keepGoing: Bool = false, anchors: [Anchor] = []
  ) -> LedgerSequence {
    LedgerSequence(wanted: LedgerRanges(wanted), verifies: verifies, keepGoing: keepGoing, anchors: anchors)
  }

  private func problemAtEnd(_ sequence: LedgerSequence, skipped: Int = 0) -> SequenceProblem? {
    do throws(SequenceProblem) {
      try sequence.checkEnd(skipped: skipped)
      return nil
    } catch { return error }
  }

  // MARK: streams

  @Test func consecutiveLedgersAreKept() {
    let sequence = sequence(verifies: true)
    let (verdicts, warnings) = check((5...9).map { Self.ledger($0) }, by: sequence)
    #expect(verdicts == Array(repeating: .kept, count: 5) && warnings.isEmpty)
    #expect(problemAtEnd(sequence) == nil)
  }

  @Test func aDirectRepetitionIsDropped() {
    let (verdicts, warnings) = check([5, 5, 6].map { Self.ledger($0) }, by: sequence())
    #expect(verdicts == [.kept, .dropped, .kept])
    #expect(warnings == [.repeated])
  }

  /// The same sequence with another hash is another ledger.
  @Test func stepsBackAreWarningsOrErrors() {
    let ledgers = [Self.ledger(5), Self.ledger(6), Self.ledger(6, hash: 60), Self.ledger(5)]
    let lenient = check(ledgers, by: sequence())
    #expect(lenient.verdicts == [.kept, .kept, .kept, .kept])
    #expect(lenient.warnings == [.stepBack(after: 6), .stepBack(after: 6)])
    let strict = check(ledgers, by: sequence(verifies: true))
    #expect(strict.verdicts == [.kept, .kept, .refused(.stepBack(after: 6)), .refused(.stepBack(after: 6))])
  }

  @Test func gapsAreWarningsUnlessTheyAreNotWanted() {
    let ledgers = [Self.ledger(5), Self.ledger(9)]
    #expect(check(ledgers, by: sequence()).warnings == [.gap(6...8)])
    #expect(check(ledgers, by: sequence([1...5, 9...9])).warnings.isEmpty)
    #expect(check(ledgers, by: sequence([8...9])).warnings == [.gap(6...8)])
    #expect(check(ledgers, by: sequence(verifies: true)).verdicts == [.kept, .refused(.gap(6...8))])
    // The ledger after a gap is intact and must not be skipped.
    let going = check(ledgers, by: sequence(verifies: true, keepGoing: true))
    #expect(going.verdicts == [.kept, .kept] && going.warnings == [.gap(6...8)])
  }

  // MARK: hashes

  @Test func theChainOfHashesMustBeIntact() {
    let broken = Self.ledger(6, previous: 50)
    let expected = HashMismatch(part: .previous, stated: Hash32(50, 0, 0, 0), computed: Hash32(5, 0, 0, 0))
    #expect(check([Self.ledger(5), broken], by: sequence(verifies: true)).verdicts == [.kept, .refused(.hash(expected))])
    #expect(check([Self.ledger(5), broken], by: sequence()).verdicts == [.kept, .kept])
    // Without the ledger before it there is nothing to compare.
    #expect(check([broken], by: sequence(verifies: true)).verdicts == [.kept])
  }

  /// A wrong hash of the header comes before that of the previous ledger, any other one after it.
  @Test(arguments: [HashMismatch.Part.header, .resultSet]) func theHeaderIsCheckedFirst(part: HashMismatch.Part) {
    let own = HashMismatch(part: part, stated: Hash32(1, 0, 0, 0), computed: Hash32(2, 0, 0, 0))
    let (verdicts, _) = check([Self.ledger(5), Self.ledger(6, previous: 50, mismatch: own)], by: sequence(verifies: true))
    guard case .refused(.hash(let found)) = verdicts[1] else {
      Issue.record("\(verdicts)")
      return
    }
    #expect(found.part == (part == .header ? .header : .previous))
  }

  @Test func anchorsMustBeReadWithTheirHashes() {
    let anchors = [Anchor(sequence: 6, hash: Hash32(6, 0, 0, 0)), Anchor(sequence: 8, hash: Hash32(80, 0, 0, 0))]
    let sequence = sequence(verifies: true, anchors: anchors)
    #expect(check([Self.ledger(6)], by: sequence).verdicts == [.kept])
    #expect(problemAtEnd(sequence) == .anchorNotRead(8))
    #expect(
      check([Self.ledger(7), Self.ledger(8)], by: sequence).verdicts
        == [.kept, .refused(.otherHash(Hash32(8, 0, 0, 0), anchor: Hash32(80, 0, 0, 0)))])
  }

  // MARK: the wanted ledgers

  @Test func wantedLedgersMustBeRead() {
    let sequence = sequence([3...4, 7...9])
    _ = check([3, 4, 7].map { Self.ledger($0) }, by: sequence)
    #expect(problemAtEnd(sequence) == .missing([8...9]))
    _ = check([8, 9].map { Self.ledger($0) }, by: sequence)
    #expect(problemAtEnd(sequence) == nil)
  }

  /// A range without an end needs nothing; one without a beginning starts at the first ledger.
  @Test func openRanges() {
    for (wanted, read, missing) in [
      ([5...UInt32.max], [9], nil), ([0...6], [4, 5, 6], nil), ([0...6], [4, 6], [5...5]), ([0...6], [], [0...6]),
      ([1...3], [2, 3], nil),
    ] as [([ClosedRange<UInt32>], [UInt32], [ClosedRange<UInt32>]?)] {
      let sequence = sequence(wanted)
      _ = check(read.map { Self.ledger($0) }, by: sequence)
      #expect(problemAtEnd(sequence) == missing.map { .missing($0) }, "\(wanted), \(read)")
    }
  }

  /// With `keepGoing` the missing ledgers may be those that could not be read.
  @Test func skippedRecordsCount() {
    for (keepGoing, skipped, isMissing) in [(true, 2, false), (true, 1, true), (false, 2, true)] {
      let sequence = sequence([5...8], keepGoing: keepGoing)
      _ = check([5, 8].map { Self.ledger($0) }, by: sequence)
      #expect((problemAtEnd(sequence, skipped: skipped) != nil) == isMissing)
    }
  }

  // MARK: data lakes

  @Test func aGapInALakeIsAnError() {
    let (first, second) = (Self.object(5), Self.object(9))
    let sequence = sequence([5...9])
    let (verdicts, _) = check([Self.ledger(5, in: first), Self.ledger(9, in: second)], by: sequence)
    #expect(verdicts == [.kept, .refused(.notInLake(6...8, directory: "lake"))])
    // FILEs with the names of objects are not a whole lake.
    let files = check(
      [Self.ledger(5, in: Self.object(5, nil)), Self.ledger(9, in: Self.object(9, nil))], by: self.sequence([5...9]))
    #expect(files.verdicts == [.kept, .kept] && files.warnings == [.gap(6...8)])
  }

  /// A lake must hold the wanted ledgers from the first to the last one, also if another lake or a file follows.
  @Test func aLakeMustHoldAllWantedLedgers() {
    #expect(
      check([Self.ledger(7, in: Self.object(7))], by: sequence([5...9])).verdicts
        == [.refused(.notInLake(5...6, directory: "lake"))])
    let sequence = sequence([5...9])
    _ = check([Self.ledger(5, in: Self.object(5))], by: sequence)
    #expect(problemAtEnd(sequence) == .notInLake(6...9, directory: "lake"))
    #expect(
      check([Self.ledger(6, in: Self.object(6, "other"))], by: sequence).verdicts
        == [.refused(.notInLake(6...9, directory: "lake"))])
  }

  @Test func ledgersInTwoObjectsMustBeTheSame() {
    let (first, second) = (Self.object(5), Self.object(6))
    let ledgers = [Self.ledger(5, in: first), Self.ledger(6, in: first), Self.ledger(6, in: second)]
    let same = check(ledgers, by: sequence())
    #expect(same.verdicts == [.kept, .kept, .dropped] && same.warnings == [.inTwoObjects])
    let other = check([ledgers[0], ledgers[1], Self.ledger(6, hash: 60, in: second)], by: sequence())
    #expect(other.verdicts == [.kept, .kept, .refused(.inTwoObjectsWithOtherHash(Hash32(6, 0, 0, 0)))])
  }

  /// An incomplete object of a followed lake is read again from its beginning.
  @Test func aFollowedObjectMayBeReadAgain() {
    let object = Self.object(5, isFollowed: true)
    let (verdicts, warnings) = check([5, 6, 5, 6, 7].map { Self.ledger($0, in: object) }, by: sequence())
    #expect(verdicts == [.kept, .kept, .dropped, .dropped, .kept] && warnings.isEmpty)
  }

  @Test func everyProblemHasItsWords() {
    for (problem, words) in [
      (.repeated, "this ledger was just read; the repeated one is dropped"), (.stepBack(after: 7), "comes after ledger 7"),
      (.gap(6...8), "ledgers 6 to 8 missing before this one"), (.gap(6...6), "ledger 6 missing before this one"),
      (.missing([3...3, 8...UInt32.max]), "the input does not hold ledger 3, ledger 8 or a later one (see --ledgers)"),
      (.notInLake(0...4, directory: "lake"), "no object holds any ledger up to 4"),
      (.anchorNotRead(8), "ledger 8 of --anchor was not read, so nothing before it is proved"),
    ] as [(SequenceProblem, String)] { #expect(problem.description == words) }
  }
}
