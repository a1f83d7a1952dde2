import Audit
import Cryptography
import Ledger
import Messages
import NetworkFile
import NodeProofs
import NodeRuntime
import Primitives
import Storage

/// Brings an audit what it looks at: a log and nodes' data directories.
struct AuditReading {
    var audit: LogAudit
    let judge: LogJudge

    init(of network: NetworkDescription) throws {
        audit = try LogAudit(of: network)
        judge = LogJudge(verifier: NodeVerifier(network: network), networkID: network.networkID)
    }

    mutating func readLog(_ source: LogSource, of network: NetworkDescription) async throws {
        try await source.read(of: network) { add($0) }
    }

    private mutating func add(_ block: LogBlock) -> Bool {
        let judgements = audit.judgements(neededFor: block)
        return audit.add(block, judge.judge(judgements, on: audit.rollup))
    }
}

extension LogAudit {
    /// From the network's genesis on, by its rules.
    init(of network: NetworkDescription) throws {
        self.init(
            ledger: try LedgerState(genesis: network.genesis, rules: network.rules),
            rollup: network.rollupGenesis, authority: network.genesis.settlementAuthority)
    }
}

// MARK: - Nodes

extension AuditReading {
    /// What the node in `directory` has written down, as far as it stands there now.
    mutating func readNode(_ directory: String) throws {
        do {
            let archive = try NodeArchive(directory: directory)
            audit.noteNode(try archive.networkID(), in: directory)
            try readStatements(archive, directory)
            try readDuties(archive, directory)
            try readBlocks(archive, directory)
        } catch let error as StorageError {
            throw CommandFailure(
                .environment, "the node's data directory \(directory) cannot be read: \(error)")
        }
    }

    private mutating func readStatements(_ archive: NodeArchive, _ directory: String) throws {
        var last: Int64 = 0
        while true {
            let page = try archive.statements(after: last, limit: 512)
            guard let newest = page.last else { return }
            last = newest.sequence
            for record in page {
                let duty = String(decoding: record.key, as: UTF8.self)
                switch duty.split(separator: "/").first {
                case "gossip": noteEnvelope(record.value, duty, directory)
                case "log": noteTransaction(record.value, duty, directory)
                default: break
                }
            }
        }
    }

    /// Further attempts; what was refused is there as well, and was signed as well.
    private mutating func readDuties(_ archive: NodeArchive, _ directory: String) throws {
        var last: Int64 = 0
        while true {
            let page = try archive.duties(after: last, limit: 512)
            guard let newest = page.last else { return }
            last = newest.sequence
            for record in page {
                let duty = String(decoding: record.key, as: UTF8.self)
                guard duty.hasPrefix("signed/") else { continue }
                noteTransaction(record.value, duty, directory)
            }
        }
    }

    private mutating func readBlocks(_ archive: NodeArchive, _ directory: String) throws {
        var next = Height(0)
        while true {
            let page = try archive.logBlocks(from: next, limit: 64)
            guard let last = page.last else { return }
            for stored in page {
                guard let block = try? MessageCodec.decodeLogBlock(stored.content) else {
                    audit.noteUndecodable(in: directory, duty: "log block \(stored.height)")
                    continue
                }
                audit.noteBlock(block.header.header, in: directory)
            }
            next = last.height.advanced(by: 1)
        }
    }

    private mutating func noteEnvelope(_ bytes: [UInt8], _ duty: String, _ directory: String) {
        guard let envelope = try? MessageCodec.decodeEnvelope(bytes) else {
            return audit.noteUndecodable(in: directory, duty: duty)
        }
        audit.note(envelope, in: directory, duty: duty)
    }

    private mutating func noteTransaction(_ bytes: [UInt8], _ duty: String, _ directory: String) {
        guard let transaction = try? MessageCodec.decodeTransaction(bytes) else {
            return audit.noteUndecodable(in: directory, duty: duty)
        }
        audit.note(transaction, in: directory, duty: duty)
    }
}
