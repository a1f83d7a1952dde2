import Circuit
import Field
import Foundation
import Hash
package import Measures
package import NetworkFile

/// What `grove calibrate` found, in the data directory, where `grove run` reads it: how many proofs
/// this node makes at one time, and how many leaves of a slot it offers to take.
package struct CalibrationFile: Codable, Hashable, Sendable {
    package static let name = "calibration.json"
    package static let format = "grove-calibration/1"
    static let maximumByteCount = 1 << 16

    package var format = CalibrationFile.format
    /// Digests of the circuits' keys: other circuits take other times.
    package var leafKey: String
    package var mergeKey: String
    package var kernel: String
    package var leafSeconds: Double
    package var mergeSeconds: Double
    package var proofMemoryByteCount: Int
    package var speedUp: Double
    package var provingThreads: Int
    package var capacity: Int

    package init(_ measured: Calibration, of network: NetworkDescription) {
        leafKey = network.proofs.leafKey.digest.description
        mergeKey = network.proofs.mergeKey.digest.description
        kernel = "\(InstructionSet.inUse)"
        leafSeconds = measured.leafSeconds
        mergeSeconds = measured.mergeSeconds
        proofMemoryByteCount = measured.proofMemoryByteCount
        speedUp = measured.speedUp
        provingThreads = measured.parallelCount
        capacity = CalibrationPromise(measured, under: network).capacity
    }

    /// Nil where there is none in the directory, or none of this network's circuits and kernel.
    package static func find(
        in directory: String, of network: NetworkDescription
    ) throws -> CalibrationFile? {
        let path = path(in: directory)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try LocalFile.read(path, atMost: maximumByteCount)
        guard let file = try? JSONDecoder().decode(CalibrationFile.self, from: Data(bytes)),
            file.format == format, (1...256).contains(file.provingThreads),
            (1...1 << 16).contains(file.capacity)
        else {
            throw CommandFailure(
                .usage,
                "\(path): expected what grove calibrate writes; run it again, or remove the file")
        }
        return file.fits(network) ? file : nil
    }

    package func fits(_ network: NetworkDescription) -> Bool {
        leafKey == network.proofs.leafKey.digest.description
            && mergeKey == network.proofs.mergeKey.digest.description
            && kernel == "\(InstructionSet.inUse)"
    }

    /// Replaces what was there. The directory exists.
    func write(in directory: String) throws {
        let path = Self.path(in: directory)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let bytes = [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
        if FileManager.default.fileExists(atPath: path) {
            try LocalFile.replace(path, bytes, mode: 0o644)
        } else {
            try LocalFile.create(path, bytes, mode: 0o644)
        }
    }

    private static func path(in directory: String) -> String {
        URL(filePath: directory).appending(path: name).path(percentEncoded: false)
    }
}
