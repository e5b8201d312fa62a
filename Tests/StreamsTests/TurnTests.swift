import Foundation
import Streams
import Synchronization
import Testing

@Suite struct TurnTests {
  /// Shared by the threads, by the rules of turns: only the thread that reads counts, only the one that writes appends.
  private final class Shared: @unchecked Sendable {
    let turns = Turns()
    var next = 0
    var written: [Int] = []
    let working = Atomic<Int>(0)
  }

  /// However long each batch takes, everything is written once and in the order in which it was read.
  @Test(arguments: [1, 2, 3, 8]) func writesInTheOrderOfReading(threads: Int) {
    let shared = Shared()
    let count = 3000
    let work: @Sendable () -> Void = {
      while let batch = shared.turns.beginReading() {
        let number = shared.next
        shared.next += 1
        shared.turns.endReading(isLast: shared.next == count, isReady: true)
        // Batches take different times, so that threads overtake each other.
        for _ in 0..<(batch &* 7919 % 50) { shared.working.wrappingAdd(1, ordering: .relaxed) }
        shared.turns.beginWriting(batch)
        shared.written.append(number)
        shared.turns.endWriting()
      }
    }
    let others = (1..<threads).compactMap { _ in WorkerThread(work) }
    #expect(others.count == threads - 1)
    work()
    for thread in others { thread.join() }
    #expect(shared.written == Array(0..<count))
  }

  /// After `stop` no thread reads, and threads that have read still write.
  @Test func stopsReading() {
    let turns = Turns()
    let first = turns.beginReading()
    #expect(first == 0)
    turns.endReading(isLast: false, isReady: true)
    turns.stop()
    #expect(turns.beginReading() == nil)
    turns.beginWriting(0)
    turns.endWriting()
  }

  /// The stack of such a thread is large enough for the deepest nesting of calls.
  @Test func hasAStackOfItsOwn() {
    final class Depth: @unchecked Sendable { var reached = 0 }
    let depth = Depth()
    func descend(_ level: Int, _ padding: [Int]) -> Int { level == 0 ? padding.count : descend(level - 1, padding) + 1 }
    let thread = WorkerThread { depth.reached = descend(20_000, [1]) }
    thread?.join()
    #expect(depth.reached == 20_001)
  }
}
