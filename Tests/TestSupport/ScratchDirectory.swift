package import Foundation

/// Where tests put their files: in memory, where the system has such a place. A test that writes
/// databases waits for the disk hundreds of times, and what a power cut leaves no test here can show.
package enum ScratchDirectory {
    package static let root: URL = {
        let memory = "/dev/shm"
        return FileManager.default.isWritableFile(atPath: memory)
            ? URL(filePath: memory, directoryHint: .isDirectory)
            : FileManager.default.temporaryDirectory
    }()
}
