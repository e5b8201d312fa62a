import BuildInfo
import Streams

/// The number of processors that this process may use: those of its affinity, limited by the quota of its control groups.
func availableProcessors() -> Int {
  var count = Int(soroban_pipes_processors())
  if let quota = cgroupQuota() { count = min(count, max(1, Int(quota.rounded(.up)))) }
  return max(count, 1)
}

/// The number of processors that the control groups of this process allow; nil without a limit.
private func cgroupQuota() -> Double? {
  guard let groups = text(of: "/proc/self/cgroup") else { return nil }
  var quotas: [Double] = []
  for line in groups.split(separator: "\n") {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { continue }
    let isSecondVersion = parts[0] == "0" && parts[1].isEmpty
    guard isSecondVersion || parts[1].split(separator: ",").contains("cpu") else { continue }
    // In a container the path may be that of the host; then the group is the visible root.
    var path = String(parts[2])
    while true {
      if path.hasSuffix("/") { path.removeLast() }
      quotas +=
        (isSecondVersion ? secondQuota("/sys/fs/cgroup\(path)") : firstQuota("/sys/fs/cgroup/cpu\(path)")).map { [$0] } ?? []
      guard let slash = path.lastIndex(of: "/") else { break }
      path = String(path[..<slash])
    }
  }
  return quotas.min()
}

private func secondQuota(_ group: String) -> Double? {
  let words = text(of: "\(group)/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
  guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 else { return nil }
  return quota / period
}

private func firstQuota(_ group: String) -> Double? {
  func number(_ name: String) -> Double? {
    text(of: "\(group)/\(name)").flatMap { Double($0.split(whereSeparator: \.isWhitespace).first ?? "") }
  }
  guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), quota > 0, period > 0 else {
    return nil
  }
  return quota / period
}

private func text(of path: String) -> String? {
  (try? readWhole(path, atMost: 64 << 10)).map { String(decoding: $0, as: UTF8.self) }
}
