import Foundation
import GRDB
import Primitives
import SettlementLog
import Testing

/// The log's database after an accident.
@Suite struct LogDamageTests {
    private let fixture: LogFixture
    private let alice: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
    }

    private func fill() async throws {
        let log = try fixture.open()
        _ = try await log.submit(fixture.transaction(alice, nonce: 1))
        try await log.produceBlock(timeMilliseconds: 1)
        try await log.produceBlock(timeMilliseconds: 2)
        _ = try await log.submit(fixture.transaction(alice, nonce: 2))
        try await log.close()
        try execute("PRAGMA journal_mode = DELETE")
    }

    private func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: fixture.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func replace(with data: Data) throws {
        for end in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.path + end)
        }
        try data.write(to: URL(filePath: fixture.path))
    }

    /// Opens, asks and adds; whatever comes must be a typed error.
    private func use(_ what: String) async {
        do {
            let log = try fixture.open()
            _ = try await log.encodedBlocks(from: Height(0), limit: 9)
            _ = try? await log.submit(fixture.transaction(alice, nonce: 1))
            try await log.produceBlock(timeMilliseconds: 3)
            try await log.close()
        } catch {
            #expect(error is SettlementLogError, "\(what): \(error)")
        }
    }

    @Test func `a flipped byte is a typed error or does no harm`() async throws {
        try await fill()
        let good = try Data(contentsOf: URL(filePath: fixture.path))
        for index in stride(from: 0, to: good.count, by: 127) {
            var bad = good
            bad[index] ^= 0x41
            try replace(with: bad)
            await use("byte \(index)")
        }
    }

    @Test func `a file that is cut off is a typed error or a new log`() async throws {
        try await fill()
        let good = try Data(contentsOf: URL(filePath: fixture.path))
        for count in [0, 1, 99, 100, 4_095, 4_096, good.count / 2, good.count - 1] {
            try replace(with: good.prefix(count))
            await use("\(count) bytes")
        }
    }

    @Test(arguments: [
        "UPDATE block SET bytes = NULL", "UPDATE block SET bytes = 'text' WHERE height = 1",
        "UPDATE block SET transactionCount = 'many'", "UPDATE block SET transactionCount = -9",
        "UPDATE included SET nonce = -1", "UPDATE included SET key = x'00'",
        "UPDATE included SET lastInclusionHeight = -1", "UPDATE pending SET bytes = 5",
        "UPDATE pending SET lastInclusionHeight = -1",
        "UPDATE pending SET lastInclusionHeight = 9223372036854775807",
        "UPDATE included SET nonce = 9223372036854775807",
        "UPDATE identity SET authority = NULL", "UPDATE identity SET networkID = 'x'",
        "DELETE FROM block WHERE height = 0", "INSERT INTO block VALUES (-1, 0, x'00')",
    ])
    func `a row that no log writes is a typed error`(sql: String) async throws {
        try await fill()
        // Columns say NOT NULL; a disk does not ask.
        try execute("PRAGMA ignore_check_constraints = ON")
        do {
            try execute(sql)
        } catch is DatabaseError {
            try execute(sql.replacing("NULL", with: "''"))
        }
        await use(sql)
    }

    @Test func `another program's database is refused and left as it is`() throws {
        try execute("CREATE TABLE recipes (name TEXT)")
        let before = try Data(contentsOf: URL(filePath: fixture.path))
        #expect(throws: SettlementLogError.self) { try fixture.open() }
        #expect(try Data(contentsOf: URL(filePath: fixture.path)) == before)
    }

    @Test func `a directory that cannot be written is told from a log in use`() throws {
        let error = #expect(throws: SettlementLogError.self) {
            try fixture.open(at: fixture.folder.path() + "/none/log.sqlite")
        }
        guard case .storage(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("No such file"))
    }
}
