import Foundation
import Ledger
import NetworkFile
import NodeRuntime
import Primitives
import ProofFile

/// Root proofs of a devnet as files for `grove proof verify`.
enum DevnetExport {
    /// Writes `slot-N.proof` into `folder`; nothing for an empty block.
    static func write(
        _ record: FinalRecord, of node: RunningNode, to folder: URL
    ) async throws {
        guard let root = try await node.verifiedRootProof(of: record.block.slot) else { return }
        let exported = ExportedProof(
            exporting: root.proof, verified: root.node, of: record.block.header,
            networkID: node.configuration.network.networkID)
        let file = folder.appending(path: "slot-\(record.block.slot).proof")
        guard !FileManager.default.fileExists(atPath: file.path()) else { return }
        try LocalFile.create(
            file.path(percentEncoded: false), exported.encoded, mode: 0o644)
    }
}
