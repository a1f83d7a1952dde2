import GRDB
import Primitives
import Storage
import Testing

/// The file as another program sees it.
@Suite struct EventLogFileTests {
    private let directory = TemporaryDirectory()
    private let networkID = NetworkID(genesisNonce: [1])

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, networkID: networkID)
    }

    private func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: directory.path + "/events.sqlite")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test(arguments: [
        "UPDATE statement SET content = x'00'", "DELETE FROM statement",
        "UPDATE log_block SET content = x'00'", "DELETE FROM log_block",
        "UPDATE record SET value = x'00'",
    ])
    func `what was signed and received cannot be changed`(sql: String) throws {
        try open().commit([
            .statement(duty: [1], content: [2]), .logBlock(Height(0), content: [3]),
            .record(.proof, key: [4], value: [5]),
        ])
        #expect(throws: DatabaseError.self) { try execute(sql) }
        let log = try open()
        #expect(try log.statement(duty: [1]) == [2])
        #expect(try log.logBlocks(from: Height(0), limit: 1).map(\.content) == [[3]])
        #expect(try log.record(.proof, key: [4]) == [5])
    }

    @Test func `a file of a later version is refused`() throws {
        _ = try open()
        try execute("INSERT INTO grdb_migrations VALUES ('later')")
        #expect(throws: StorageError.newerFormat) { try open() }
    }

    @Test func `a damaged file is a typed error`() throws {
        _ = try open()
        try execute("DROP TABLE meta")
        #expect(throws: StorageError.self) { try open() }
    }

    @Test func `the journal is a write-ahead log`() throws {
        let log = try open()
        #expect(try log.lastHeight() == nil)
        let queue = try DatabaseQueue(path: directory.path + "/events.sqlite")
        let mode = try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
    }
}
