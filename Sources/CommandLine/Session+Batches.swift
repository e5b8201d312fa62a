import Bytes
import Streams

// A run with several threads: each repeatedly reads a batch of records, processes it, and writes the results (`Turns`).

extension Session {
  /// Runs a loop over all records, with several threads if the input is long. `copy` makes the loops of the other threads, and nil
  /// means that there must be none; returns those that were made. `sharedFramer` finds the records of FILEs without framing for all threads, by default the
  /// loop's own.
  package mutating func run(
    _ loop: any RecordLoop, sharedFramer: (any BareFramer)? = nil, copy: (() -> any RecordLoop)? = nil
  ) throws -> [any RecordLoop] {
    reader.framer = loop.framer
    if copy != nil, mayHaveThreads {
      copyLoop = copy
      self.sharedFramer = sharedFramer ?? loop.framer
      reader.separatesLakeObjects = true
    }
    do { try work(loop) } catch {
      guard shared != nil else { throw error }
      end(by: error)
    }
    copyLoop = nil
    return try endThreads()
  }

  /// Runs a loop. Frames that it cannot read are returned and read in order.
  mutating func work(_ loop: any RecordLoop) throws {
    while true {
      do { return try loop.run(&self) } catch {
        guard mode == .batch, turn?.batch != nil, framesStart != nil else { throw error }
        returnsFrames = true
      }
    }
  }

  /// Waits for the other threads, if there are any, and takes over their state.
  private mutating func endThreads() throws -> [any RecordLoop] {
    guard let shared else { return [] }
    endLoop()
    for thread in shared.threads { thread.join() }
    swap(&reader, &shared.reader)
    swap(&output, &shared.output)
    mode = .alone
    (self.shared, turn) = (nil, nil)
    end(shared)
    if let failure = shared.failure { throw failure }
    return shared.loops
  }

  /// Starts the other threads. Returns false if there can be none.
  mutating func begin(threads count: Int, _ bytesRead: Int) throws(RunError) -> Bool {
    guard let copyLoop else { return false }
    self.copyLoop = nil
    try flush()
    var reader = reader.withoutFiles()
    reader.framer = sharedFramer
    swap(&reader, &self.reader)
    swap(&reader.framer, &self.reader.framer)
    var output = Output()
    swap(&output, &self.output)
    let shared = SharedRun(reader, output, status, keepGoing: keepGoing, bytesRead: bytesRead)
    self.shared = shared
    turn = BatchTurn(shared)
    mode = .batch
    (bytesReadByOthers, bytesWrittenByOthers) = (0, 0)
    for _ in 1..<count {
      let loop = copyLoop()
      var session = Session(shared, like: self)
      session.reader.framer = loop.framer
      let worker = Worker(session, loop)
      guard let thread = WorkerThread({ worker.run() }) else { break }
      shared.threads.append(thread)
      shared.loops.append(loop)
    }
    return true
  }

  /// Moves to the next record of the batch, or of the next batch.
  mutating func nextOfBatch() throws(RunError) -> Bool {
    while true {
      if let turn, turn.batch != nil {
        if isNoting { turn.note(.checked, output.finished) }
        if framesStart != nil {
          if !returnsFrames, nextOfFrames() { return true }
        } else if hasOwnFiles {
          do throws(StreamError) {
            if try reader.next() {
              countRecord()
              return true
            }
          } catch {
            if error.kind == .waiting {
              reader.wait(atMost: nil)
              continue
            }
            if try skipIfAllowed(error) { continue }
          }
        } else if reader.nextOfBatch() {
          countRecord()
          return true
        }
        if let error = errorOfBatch {
          errorOfBatch = nil
          reader.count += 1
          if try skipIfAllowed(error) { continue }
        }
        endBatch()
      }
      guard beginBatch() else { return false }
      if mode == .exclusive {
        shared?.pendingResult = nil
        counters.recordsIn += 1
        return true
      }
    }
  }

  /// Moves to the next record in compressed frames. Returns false at their end, or if they must be read in order.
  private mutating func nextOfFrames() -> Bool {
    do throws(StreamError) {
      let isFound = try reader.next()
      if reader.endedInsideRecord { throw StreamError(.cutOffFrame) }
      if isFound { countRecord() }
      return isFound
    } catch {
      returnsFrames = true
      return false
    }
  }

  private mutating func countRecord() {
    if isNoting { turn?.counts.recordsIn += 1 } else { counters.recordsIn += 1 }
  }

  /// Skips a record that cannot be read, if that is allowed.
  private mutating func skipIfAllowed(_ error: StreamError) throws(RunError) -> Bool {
    guard error.isSkippable, keepGoing else { throw .stream(error) }
    countRecord()
    try skip(error)
    return true
  }

  /// Waits for the turn to write, handles the notes of the batch, and writes its records.
  @inline(never)
  private mutating func endBatch() {
    guard let shared, let turn, turn.batch != nil else { return }
    takeTurn(turn)
    if framesStart != nil, returnsFrames || shared.turns.isReturningFrames {
      turn.discard()
      output.discard()
      turn.handleNotes(&output)
      shared.returnFrames(reader)
    } else {
      turn.handleNotes(&output)
      if let framesStart { shared.countFrames(reader.sizeOfFrames(from: framesStart)) }
      shared.records += reader.count
    }
    shared.bytesWrittenByOthers += output.bytesWritten - bytesWrittenByOthers
    bytesWrittenByOthers = output.bytesWritten
    shared.bytesRead += bytesOfBatch + reader.bytesRead - bytesReadByOthers
    bytesReadByOthers = reader.bytesRead
    if !shared.isOver { shared.updateStatus() }
    turn.end()
  }

  /// Reads the next batch in the turn to read. Returns false if there is nothing more to read.
  @inline(never)
  private mutating func beginBatch() -> Bool {
    guard let shared, let turn, let number = shared.turns.beginReading() else { return false }
    turn.begin(number)
    output.turn = turn
    hasOwnFiles = false
    errorOfBatch = nil
    (framesStart, returnsFrames) = (nil, false)
    let isLast = fill(shared, turn)
    turn.writesAtEnd = framesStart != nil
    if mode == .exclusive { return true }
    if !hasOwnFiles { reader.takeBatch(of: &shared.reader, keepsCurrent: shared.pendingResult == true) }
    bytesOfBatch = shared.takeBytes()
    shared.turns.endReading(isLast: isLast, isReady: hasOwnFiles || shared.isReady)
    return true
  }

  /// Takes records until the batch is large enough, or no more are available without waiting. Returns whether these are the last.
  private mutating func fill(_ shared: SharedRun, _ turn: BatchTurn) -> Bool {
    if shared.moveFrames(to: &reader) {
      framesStart = reader.offset
      hasOwnFiles = true
      return false
    }
    shared.finishFrames { takeTurn(turn) }
    if turn.isWriting, shared.isOver { return true }
    let before = shared.reader.count
    var pause = Duration.milliseconds(1)
    while true {
      let isEmpty = shared.reader.batchIsEmpty
      if !isEmpty, Signals.isPending || shared.isAtFrames { return false }
      do throws(StreamError) { if try !shared.next() { return true } } catch {
        guard error.kind == .waiting else {
          errorOfBatch = error
          errorOfBatch?.record = error.record.map { $0 - before }
          return !(error.isSkippable && keepGoing)
        }
        if !isEmpty { return false }
        if let file = shared.reader.takeSeparate() {
          readSeparate(file, shared)
          return false
        }
        waitForInput(shared, turn, &pause)
        if turn.isWriting, shared.isOver { return true }
        continue
      }
      guard shared.mayBeBatched else {
        shared.pendingResult = true
        if !isEmpty { return false }
        takeTurn(turn)
        if shared.isOver { return true }
        beginExclusive(shared)
        return false
      }
      shared.reader.addToBatch()
      if shared.reader.batchSize >= SharedRun.batchSize { return false }
    }
  }

  /// Waits for this thread's turn to write; then it writes without notes.
  private mutating func takeTurn(_ turn: BatchTurn) {
    turn.wait()
    output.turn = nil
  }

  private mutating func waitForInput(_ shared: SharedRun, _ turn: BatchTurn, _ pause: inout Duration) {
    // Another thread may still process or write for a long time; meanwhile accept new input.
    if !turn.isNext, !Signals.isPending {
      shared.reader.wait(atMost: pause)
      pause = min(pause * 2, .milliseconds(64))
      return
    }
    // Everything is written and there is no more input.
    takeTurn(turn)
    if !shared.isOver { shared.wait() }
  }

  /// Makes this thread read objects of a data lake, several at a time if they are small.
  private mutating func readSeparate(_ first: InputFiles.File, _ shared: SharedRun) {
    var files = [first]
    while files.count < 16, files.last?.isSmall == true, let file = shared.nextSeparate() { files.append(file) }
    reader.read(files)
    hasOwnFiles = true
  }

  // MARK: a record in the turn to write

  /// Takes the reader and the output of all threads, to process the pending record.
  private mutating func beginExclusive(_ shared: SharedRun) {
    swap(&reader, &shared.reader)
    swap(&output, &shared.output)
    reader.count = shared.records + 1
    mode = .exclusive
  }

  /// Writes everything, then returns reader and output.
  private mutating func endExclusive(_ shared: SharedRun, _ turn: BatchTurn, isLast: Bool = false) {
    do throws(RunError) { try flush() } catch { shared.fail(error) }
    shared.records = reader.count
    swap(&reader, &shared.reader)
    swap(&output, &shared.output)
    mode = .batch
    if isStopped { shared.stop() }
    shared.bytesRead += shared.takeBytes()
    shared.turns.endReading(isLast: isLast, isReady: true)
    if !shared.isOver { shared.updateStatus() }
    turn.end()
  }

  mutating func nextExclusive() throws(RunError) -> Bool {
    if let shared, let turn { endExclusive(shared, turn) }
    return try nextOfBatch()
  }

  // MARK: the end

  /// Ends the loop of this thread after an error.
  mutating func end(by error: any Error) {
    guard let shared, let turn else { return }
    if mode == .exclusive {
      shared.fail(error)
    } else if turn.batch != nil {
      turn.note(.fatal(error), output.finished)
    } else {
      shared.fail(error)
    }
    endLoop()
  }

  /// Ends the loop of this thread.
  mutating func endLoop() {
    guard let shared, let turn else { return }
    if mode == .exclusive { endExclusive(shared, turn, isLast: true) }
    endBatch()
    shared.turns.leave()
  }
}

/// The work of one of the other threads.
private final class Worker {
  private var session: Session
  private let loop: any RecordLoop

  init(_ session: consuming Session, _ loop: any RecordLoop) {
    self.session = session
    self.loop = loop
  }

  func run() {
    do { try session.work(loop) } catch { return session.end(by: error) }
    session.endLoop()
  }
}
