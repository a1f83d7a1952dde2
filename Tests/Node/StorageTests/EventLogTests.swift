import Cryptography
import Foundation
import Primitives
import Storage
import TestSupport
import Testing

/// A directory that is removed with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path =
            ScratchDirectory.root
            .appending(path: "grove-storage-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

@Suite struct EventLogTests {
    private let directory = TemporaryDirectory()
    private let networkID = NetworkID(genesisNonce: [1])

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, networkID: networkID)
    }

    @Test func `what was committed is there after a restart`() throws {
        let entries: [LogEntry] = [
            .record(.proof, key: [1], value: [2, 3]), .record(.duty, key: [1], value: [4]),
            .statement(duty: [5], content: [6]), .logBlock(Height(0), content: [7]),
            .logBlock(Height(1), content: [8]),
        ]
        try open().commit(entries)
        let log = try open()
        #expect(try log.record(.proof, key: [1]) == [2, 3])
        #expect(try log.record(.duty, key: [1]) == [4])
        #expect(try log.record(.duty, key: [2]) == nil)
        #expect(try log.statement(duty: [5]) == [6])
        #expect(try log.lastHeight() == Height(1))
        #expect(try log.logBlocks(from: Height(1), limit: 9).map(\.content) == [[8]])
        // The same again changes nothing.
        try log.commit(entries)
        #expect(try log.records(of: .proof, after: 0, limit: 9).count == 1)
    }

    @Test func `a closed log leaves its directory to another, and is of no use any more`() throws {
        let closed = try open()
        try closed.commit([.record(.duty, key: [1], value: [2])])
        try closed.close()
        let next = try open()
        #expect(throws: StorageError.self) {
            try closed.commit([.record(.duty, key: [3], value: [4])])
        }
        #expect(throws: StorageError.self) { try closed.record(.duty, key: [1]) }
        #expect(try next.record(.duty, key: [1]) == [2])
        #expect(try next.record(.duty, key: [3]) == nil)
    }

    @Test func `the newest record is that of its kind, and nothing once it is discarded`() throws {
        let log = try open()
        #expect(try log.lastSequence(of: .proof) == nil)
        try log.commit((1...3).map { .record(.proof, key: [$0], value: [$0]) })
        try log.commit([.record(.duty, key: [1], value: [1])])
        let newest = try #require(try log.lastSequence(of: .proof))
        #expect(try log.records(of: .proof, after: 0, limit: 9).last?.sequence == newest)
        try log.discardRecords(of: .proof, through: newest)
        #expect(try log.lastSequence(of: .proof) == nil)
        #expect(try log.lastSequence(of: .duty) == newest + 1)
    }

    @Test func `a commit is on the disk before it returns`() throws {
        let log = try open()
        #expect(try log.synchronousLevel() == 2)
        try log.commit([.statement(duty: [1], content: [2])])
        // What a killed process leaves: the files as they are, nothing closed.
        let copy = TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: copy.path, withIntermediateDirectories: true)
        for file in try directory.files() where !file.hasSuffix("-shm") && file != "lock" {
            try FileManager.default.copyItem(
                atPath: directory.path + "/" + file, toPath: copy.path + "/" + file)
        }
        let survivor = try EventLog(directory: copy.path, networkID: networkID)
        #expect(try survivor.statement(duty: [1]) == [2])
    }

    @Test func `a duty is signed for once, also after a restart`() throws {
        try open().commit([.statement(duty: [1], content: [2])])
        let conflict = StorageError.conflictingStatement(duty: [1], signed: [2])
        #expect(throws: conflict) {
            try open().commit([.statement(duty: [1], content: [3])])
        }
        #expect(try open().statement(duty: [1]) == [2])
    }

    @Test func `a commit is all or nothing`() throws {
        let log = try open()
        try log.commit([.record(.state, key: [1], value: [1])])
        #expect(throws: StorageError.conflictingRecord(.state, key: [1])) {
            try log.commit([
                .record(.state, key: [2], value: [2]), .record(.state, key: [1], value: [9]),
            ])
        }
        #expect(try log.record(.state, key: [2]) == nil)
        #expect(try log.record(.state, key: [1]) == [1])
    }

    @Test func `log blocks are consecutive and never change`() throws {
        let log = try open()
        #expect(
            throws: StorageError.missingLogBlock(expected: Height(0), found: Height(1))
        ) { try log.commit([.logBlock(Height(1), content: [1])]) }
        try log.commit([.logBlock(Height(0), content: [1])])
        #expect(throws: StorageError.conflictingLogBlock(Height(0))) {
            try log.commit([.logBlock(Height(0), content: [2])])
        }
        #expect(throws: StorageError.self) {
            try log.commit([.logBlock(Height(.max), content: [2])])
        }
        #expect(try log.logBlocks(from: Height(.max), limit: 1).isEmpty)
        #expect(try log.lastHeight() == Height(0))
    }

    @Test func `a second writer is refused, by name, until the first is gone`() throws {
        var first: EventLog? = try open()
        let error = StorageError.directoryInUse(path: directory.path, processID: getpid())
        #expect(throws: error) { try open() }
        #expect(try first?.lastHeight() == nil)
        first = nil
        #expect(throws: Never.self) { try open() }
    }

    @Test func `every file is for its owner only`() throws {
        let log = try open()
        try log.commit([.record(.proof, key: [1], value: [1])])
        let files = try directory.files()
        #expect(files.contains("events.sqlite-wal"))
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: directory.path + "/" + file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        let folder = try FileManager.default.attributesOfItem(atPath: directory.path)
        #expect(folder[.posixPermissions] as? Int == 0o700)
    }

    @Test func `a directory belongs to one network`() throws {
        _ = try open()
        let other = NetworkID(genesisNonce: [2])
        let error = StorageError.wrongNetwork(expected: other, found: networkID)
        #expect(throws: error) { try EventLog(directory: directory.path, networkID: other) }
    }

    @Test func `records are paged in order and discarded when settled`() throws {
        let log = try open()
        try log.commit((0..<10).map { .record(.proof, key: [$0], value: [$0]) })
        try log.commit([.record(.duty, key: [0], value: [0])])
        let page = try log.records(of: .proof, after: 0, limit: 4)
        #expect(page.map(\.key) == [[0], [1], [2], [3]])
        let rest = try log.records(of: .proof, after: page[3].sequence, limit: 100)
        #expect(rest.map(\.key) == (4..<10).map { [$0] })
        try log.discardRecords(of: .proof, through: page[3].sequence)
        #expect(try log.records(of: .proof, after: 0, limit: 100) == rest)
        #expect(try log.record(.duty, key: [0]) == [0])
    }

    @Test func `what is too large is refused`() throws {
        let log = try open()
        let key = [UInt8](repeating: 0, count: 257)
        #expect(throws: StorageError.tooLarge(limitByteCount: 256, foundByteCount: 257)) {
            try log.commit([.record(.state, key: key, value: [])])
        }
    }

    @Test func `a directory that cannot be made is a clear error`() throws {
        let file = TemporaryDirectory()
        #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
        let error = #expect(throws: StorageError.self) {
            try EventLog(directory: file.path + "/data", networkID: networkID)
        }
        guard case .cannotOpen = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
    }
}
