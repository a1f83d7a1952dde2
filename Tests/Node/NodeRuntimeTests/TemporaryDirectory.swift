import Foundation
import TestSupport

/// A directory that is removed with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path =
            ScratchDirectory.root
            .appending(path: "grove-runtime-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
