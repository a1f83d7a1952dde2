import Cryptography
import Foundation
import GRDB
import Primitives
import Storage
import Testing

/// Disks that give back something else than was written, and directories of others.
@Suite struct EventLogDamageTests {
    private let directory = TemporaryDirectory()
    private let networkID = NetworkID(genesisNonce: [1])
    private var file: String { directory.path + "/events.sqlite" }

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, networkID: networkID)
    }

    private static func content(_ number: UInt8) -> [UInt8] {
        [UInt8](repeating: number, count: 300)
    }

    private func fill() throws {
        try open().commit([
            .record(.proof, key: [1], value: Self.content(1)),
            .statement(duty: [2], content: Self.content(2)),
            .logBlock(Height(0), content: Self.content(3)),
            .logBlock(Height(1), content: Self.content(4)),
        ])
        // Everything into the one file.
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try queue.close()
    }

    /// What reads back differs from what was written.
    private func readsWrong() throws -> Bool {
        let log = try open()
        let record = try log.record(.proof, key: [1])
        let statement = try log.statement(duty: [2])
        let blocks = try log.logBlocks(from: Height(0), limit: 9).map(\.content)
        _ = try log.lastHeight()
        _ = try log.records(of: .proof, after: 0, limit: 9)
        let isWrong =
            record.map { $0 != Self.content(1) } ?? false
            || statement.map { $0 != Self.content(2) } ?? false
            || blocks.contains { $0 != Self.content(3) && $0 != Self.content(4) }
        return isWrong
    }

    @Test func `a flipped byte is an error or nothing, never another content`() throws {
        try fill()
        let good = try Data(contentsOf: URL(filePath: file))
        for index in stride(from: 0, to: good.count, by: 97) {
            var bad = good
            bad[index] ^= 0x41
            try replace(with: bad)
            do {
                #expect(try !readsWrong(), "byte \(index)")
            } catch {
                #expect(error is StorageError, "byte \(index): \(error)")
            }
        }
    }

    @Test func `a file that is cut off, empty or random is an error or a new one`() throws {
        try fill()
        let good = try Data(contentsOf: URL(filePath: file))
        for count in [0, 1, 16, 99, 100, 4_095, 4_096, good.count / 2, good.count - 1] {
            try replace(with: good.prefix(count))
            do {
                #expect(try !readsWrong(), "\(count) bytes")
            } catch {
                #expect(error is StorageError, "\(count) bytes: \(error)")
            }
        }
        try replace(with: Data((0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
        let error = #expect(throws: StorageError.self) { try open() }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `content that was changed within its row is damage`() throws {
        try fill()
        for sql in [
            "DROP TRIGGER statement_no_update; UPDATE statement SET content = x'00'",
            "DROP TRIGGER log_block_no_update; UPDATE log_block SET content = 'text'",
            "DROP TRIGGER record_no_update; UPDATE record SET value = x'01'",
        ] {
            let queue = try DatabaseQueue(path: file)
            try queue.write { try $0.execute(sql: sql) }
            try queue.close()
        }
        let log = try open()
        for read in [
            { _ = try log.statement(duty: [2]) },
            { _ = try log.logBlocks(from: Height(0), limit: 1) },
            { _ = try log.record(.proof, key: [1]) },
            { _ = try log.records(of: .proof, after: 0, limit: 1) },
        ] as [() throws -> Void] {
            let error = #expect(throws: StorageError.self) { try read() }
            guard case .damaged = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func `impossible heights are damage`() throws {
        try fill()
        let queue = try DatabaseQueue(path: file)
        try queue.write { database in
            try database.execute(
                sql: "INSERT INTO log_block (height, content) VALUES (-5, x'00'), (?, x'00')",
                arguments: [Int64.max])
        }
        try queue.close()
        let log = try open()
        #expect(throws: StorageError.self) { try log.lastHeight() }
        #expect(throws: StorageError.self) { try log.logBlocks(from: Height(2), limit: 1) }
        #expect(throws: StorageError.self) {
            try log.commit([.logBlock(Height(2), content: [1])])
        }
    }

    @Test func `another program's database is refused and left as it is`() throws {
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: file)
        try queue.write { try $0.execute(sql: "CREATE TABLE recipes (name TEXT)") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: file))
        #expect(throws: StorageError.self) { try open() }
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
    }

    @Test func `a directory belongs to one operator key and one set of rules`() throws {
        let key = OperatorKey(SHA256.hash([7]).rawBytes)
        let other = OperatorKey(SHA256.hash([8]).rawBytes)
        let policy = SHA256.hash([1])
        try open().claim(operatorKey: key, policyHash: policy)
        try open().claim(operatorKey: key, policyHash: policy)
        #expect(
            throws: StorageError.wrongOwner(
                what: "operator key", expected: other.hex, found: key.hex)
        ) { try open().claim(operatorKey: other, policyHash: policy) }
        #expect(throws: StorageError.self) {
            try open().claim(operatorKey: key, policyHash: SHA256.hash([2]))
        }
    }

    private func replace(with data: Data) throws {
        for name in ["events.sqlite-wal", "events.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: directory.path + "/" + name)
        }
        try data.write(to: URL(filePath: file))
    }
}
