import Cryptography
import Foundation
import Primitives
import TestSupport
import Testing
import grove

/// The parts of commands that need no process.
@Suite struct CommandTests {
    private let directory = ScratchDirectory.root
        .appending(path: "grove-cli-\(UUID().uuidString)").path(percentEncoded: false)

    private func inDirectory(_ body: (String) throws -> Void) throws {
        try LocalFile.createDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func passphrase(_ text: String) -> SecretBytes { SecretBytes(copying: text.utf8) }

    @Test func `a new key file opens with its passphrase and with no other`() throws {
        try inDirectory { directory in
            let path = directory + "/node.key"
            let made = try KeyFileStore.create(
                path, purpose: .node, cost: .minimal, passphrase: passphrase("right"))
            let opened = try KeyFileStore.open(path, expecting: .node) { passphrase("right") }
            #expect(opened.publicKeys == made.publicKeys)
            let failure = #expect(throws: CommandFailure.self) {
                _ = try KeyFileStore.open(path, expecting: .node) { passphrase("wrong") }
            }
            #expect(failure?.kind == .usage)
            #expect(failure?.message.contains(path) == true)
        }
    }

    @Test func `key files are the owner's alone and never overwritten`() throws {
        try inDirectory { directory in
            let path = directory + "/node.key"
            _ = try KeyFileStore.create(
                path, purpose: .node, cost: .minimal, passphrase: passphrase("one"))
            let before = try LocalFile.read(path, atMost: 1 << 16)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let failure = #expect(throws: CommandFailure.self) {
                _ = try KeyFileStore.create(
                    path, purpose: .wallet, cost: .minimal, passphrase: passphrase("two"))
            }
            #expect(failure?.kind == .environment)
            #expect(try LocalFile.read(path, atMost: 1 << 16) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["node.key"])
        }
    }

    @Test func `a key file of another purpose is refused before the passphrase is asked for`()
        throws
    {
        try inDirectory { directory in
            let path = directory + "/wallet.key"
            _ = try KeyFileStore.create(
                path, purpose: .wallet, cost: .minimal, passphrase: passphrase("one"))
            var isAsked = false
            let failure = #expect(throws: CommandFailure.self) {
                _ = try KeyFileStore.open(path, expecting: .node) {
                    isAsked = true
                    return passphrase("one")
                }
            }
            #expect(failure?.kind == .usage)
            #expect(!isAsked)
        }
    }

    @Test func `unreadable and damaged key files are the environment's fault`() throws {
        try inDirectory { directory in
            let missing = #expect(throws: CommandFailure.self) {
                _ = try KeyFileStore.read(directory + "/none.key")
            }
            #expect(missing?.kind == .environment)
            let path = directory + "/node.key"
            try LocalFile.create(path, Array("groveKEY, but cut".utf8), mode: 0o600)
            let damaged = #expect(throws: CommandFailure.self) { _ = try KeyFileStore.read(path) }
            #expect(damaged?.kind == .environment)
        }
    }

    @Test func `amounts are exact to the ninth decimal and nothing is guessed`() {
        #expect(AmountText.units("1") == 1_000_000_000)
        #expect(AmountText.units("12.5") == 12_500_000_000)
        #expect(AmountText.units("0.000000001") == 1)
        #expect(AmountText.units("18446744073.709551615") == .max)
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1.0000000000",
            "18446744073.709551616", "18446744074",
        ] {
            #expect(AmountText.units(text) == nil, "\(text)")
        }
    }

    @Test func `a balance is a name and an amount`() throws {
        let (name, units) = try BalanceArgument.read("a=b.key=1.5", of: "--wallet")
        #expect(name == "a=b.key")
        #expect(units == 1_500_000_000)
        for text in ["", "=1", "a", "a=", "a=x"] {
            let failure = #expect(throws: CommandFailure.self, "\(text)") {
                _ = try BalanceArgument.read(text, of: "--wallet")
            }
            #expect(failure?.kind == .usage)
        }
    }

    @Test func `ranges, blocks and provers are read strictly`() throws {
        let range = try DemandReading.range("2..<5")
        #expect(range.first == 2)
        #expect(range.count == 3)
        for text in [
            "", "2", "2..5", "2..<2", "5..<2", "-1..<2", "0..<99999999", "a..<b", "1..<2..<3",
        ] {
            #expect(throws: CommandFailure.self, "\(text)") { _ = try DemandReading.range(text) }
        }
        #expect(throws: CommandFailure.self) { _ = try DemandReading.blockID("ff") }
        #expect(throws: CommandFailure.self) {
            _ = try DemandReading.blockID(String(repeating: "f", count: 64))
        }
        #expect(throws: CommandFailure.self) { _ = try DemandReading.prover("") }
    }

    @Test func `a log event is one line, whatever a peer put into it`() {
        let line = LogLine(
            time: Date(timeIntervalSince1970: 0), level: "info", label: "node",
            message: "said\nhello", fields: ["peer": "a b\u{1B}[2J", "count": "3"])
        #expect(
            line.text
                == "1970-01-01T00:00:00.000Z info node: said\\nhello count=3 peer=\"a b\\u{1b}[2J\""
        )
        #expect(!line.json.contains("\n"))
        #expect(line.json.contains(#""message":"said\nhello""#))
    }
}
