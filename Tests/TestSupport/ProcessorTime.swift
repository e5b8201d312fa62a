import Foundation

/// The processor time of this thread for work of a size, in seconds: the minimum of three runs.
package func processorTime(of size: Int, _ work: (Int) throws -> Void) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<3 {
    var (begin, end) = (timespec(), timespec())
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin)
    try work(size)
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
    least = min(least, Double(end.tv_sec - begin.tv_sec) + Double(end.tv_nsec - begin.tv_nsec) / 1e9)
  }
  return least
}
