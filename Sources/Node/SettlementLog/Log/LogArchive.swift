internal import Cryptography
internal import Foundation
internal import GRDB
internal import Messages
package import Primitives

/// A settlement log's database, read beside the running log or after its end. Takes no lock,
/// creates nothing and changes nothing.
package struct LogArchive: Sendable {
    private let queue: DatabaseQueue

    /// - Parameter path: of the database, `settlement.sqlite`.
    package init(path: String) throws(SettlementLogError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .storage("there is no log \(path)")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(SettlementLogLimits.readerPatienceSeconds)
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw .storage("cannot open \(path): \(error)")
        }
    }

    /// Nil where the database is empty.
    package func networkID() throws(SettlementLogError) -> NetworkID? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT networkID FROM identity")
                .map { try LogSchema.value($0, "networkID") }
        }
    }

    /// Unchecked blocks from `height` on, one page of them; empty after the last.
    package func blocks(from height: Height) throws(SettlementLogError) -> [LogBlock] {
        try read { database in
            let pages = try LogSchema.blocks(from: height, limit: .max, in: database)
            return try pages.map { bytes in
                do {
                    return try MessageCodec.decodeLogBlock(bytes)
                } catch {
                    throw SettlementLogError.corrupt(
                        "a block from height \(height) on does not decode: \(error)")
                }
            }
        }
    }

    private func read<Value>(
        _ body: (Database) throws -> Value
    ) throws(SettlementLogError) -> Value {
        do {
            return try queue.read(body)
        } catch let error as SettlementLogError {
            throw error
        } catch {
            throw .storage("\(error)")
        }
    }
}
