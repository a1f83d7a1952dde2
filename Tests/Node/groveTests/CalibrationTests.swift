import Foundation
import Measures
import NetworkFile
import Testing
import grove

/// What a machine can promise, from what was measured on it.
@Suite struct CalibrationTests {
    private func measured(
        leaf: Double = 2, merge: Double = 3, count: Int = 2, speedUp: Double = 1.8
    ) -> Calibration {
        Calibration(
            leafSeconds: leaf, mergeSeconds: merge, proofMemoryByteCount: 300 << 20,
            parallelCount: count, speedUp: speedUp)
    }

    @Test func `as many leaves are promised as are proven in seven tenths of their window`() {
        let promise = CalibrationPromise(measured(), leafWindow: 20, mergeWindow: 5)
        // 20 · 0.7 · 1.8 / 2 = 12.6
        #expect(promise.capacity == 12)
        #expect(promise.isLeafInTime)
        #expect(promise.isMergeInTime)
        let text = promise.sentences.joined(separator: " ")
        #expect(text.contains("promise 12 leaves"))
        #expect(text.contains("300 MiB"))
    }

    @Test func `a machine too slow for one leaf says so`() {
        let promise = CalibrationPromise(
            measured(leaf: 9, merge: 9, count: 1, speedUp: 1), leafWindow: 10, mergeWindow: 10)
        #expect(!promise.isLeafInTime)
        #expect(!promise.isMergeInTime)
        #expect(promise.capacity == 1)
        let text = promise.sentences.joined(separator: " ")
        #expect(text.contains("cannot promise even one"))
        #expect(text.contains("too short for this node"))
    }

    @Test func `threads that get in each other's way promise no less than one`() {
        let promise = CalibrationPromise(
            measured(speedUp: 0.5), leafWindow: 20, mergeWindow: 5)
        #expect(promise.capacity == 7)
    }

    @Test func `a calibration counts for its network's circuits alone`() throws {
        let network = try NetworkDescription(document: ExampleNetwork.shared.get().document)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = folder.path(percentEncoded: false)
        #expect(try CalibrationFile.find(in: directory, of: network) == nil)

        var file = CalibrationFile(measured(), of: network)
        #expect(file.provingThreads == 2)
        let place = folder.appending(path: CalibrationFile.name)
        try JSONEncoder().encode(file).write(to: place)
        #expect(try CalibrationFile.find(in: directory, of: network) == file)
        file.mergeKey = file.leafKey
        try JSONEncoder().encode(file).write(to: place)
        #expect(try CalibrationFile.find(in: directory, of: network) == nil)
        try Data("{}".utf8).write(to: place)
        #expect(throws: CommandFailure.self) {
            _ = try CalibrationFile.find(in: directory, of: network)
        }
        file.capacity = 0
        try JSONEncoder().encode(file).write(to: place)
        #expect(throws: CommandFailure.self) {
            _ = try CalibrationFile.find(in: directory, of: network)
        }
    }
}
