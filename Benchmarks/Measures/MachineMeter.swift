internal import Foundation
internal import Glibc

/// What the operating system says of this process.
package enum MachineMeter {
    /// Processor time of all threads of this process.
    package static var processorTime: Duration { time(CLOCK_PROCESS_CPUTIME_ID) }

    /// Forgets the peak of memory, where the system allows that; false where it does not.
    @discardableResult
    package static func resetPeakMemory() -> Bool {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return false }
        defer { fclose(file) }
        return fputs("5", file) >= 0 && fflush(file) == 0
    }

    /// The most memory that this process has held since then; nil where the system does not say.
    package static var peakMemoryByteCount: Int? { status("VmHWM") }
    package static var memoryByteCount: Int? { status("VmRSS") }

    /// What the system would give to processes; nil where it does not say.
    package static var availableMemoryByteCount: Int? { field("MemAvailable", of: "/proc/meminfo") }

    package static var processorName: String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
            let name = line.split(separator: ":", maxSplits: 1).last
        else { return "unknown" }
        return name.trimmingCharacters(in: .whitespaces)
    }

    package static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    private static func time(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static func status(_ name: String) -> Int? { field(name, of: "/proc/self/status") }

    /// Of a line such as `VmHWM:   12345 kB`.
    private static func field(_ name: String, of file: String) -> Int? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
        else { return nil }
        let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        return number.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
