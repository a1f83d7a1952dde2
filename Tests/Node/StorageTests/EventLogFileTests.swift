import Dispatch
import GRDB
import Glibc
import Primitives
import Storage
import Synchronization
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

    /// A lock that closed its file twice would close another thread's in between.
    @Test func `an attempt that is refused closes nothing of anybody else's`() throws {
        let log = try open()
        let isOver = Atomic<Bool>(false)
        let lost = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 3) { lane in
            if lane == 0 {
                for _ in 0..<500 { _ = try? open() }
                isOver.store(true, ordering: .relaxed)
            }
            while !isOver.load(ordering: .relaxed) {
                let descriptor = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
                sched_yield()
                if close(descriptor) != 0 { lost.add(1, ordering: .relaxed) }
            }
        }
        #expect(lost.load(ordering: .relaxed) == 0)
        #expect(try log.lastHeight() == nil)
    }

    @Test func `the journal is a write-ahead log`() throws {
        let log = try open()
        #expect(try log.lastHeight() == nil)
        let queue = try DatabaseQueue(path: directory.path + "/events.sqlite")
        let mode = try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
    }
}
