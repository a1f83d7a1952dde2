import Cryptography
import Foundation
import Glibc
import TestSupport
import Testing
import grove

/// Key files that change their passphrase, and where passphrases come from.
@Suite final class KeyChangeTests {
    private let directory = ScratchDirectory.root
        .appending(path: "grove-keys-\(UUID().uuidString)").path(percentEncoded: false)
    private var path: String { directory + "/node.key" }

    init() throws { try LocalFile.createDirectory(directory) }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func passphrase(_ text: String) -> SecretBytes { SecretBytes(copying: text.utf8) }
    private func bytes() throws -> [UInt8] { try LocalFile.read(path, atMost: 1 << 16) }
    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    private func make() throws -> KeyFile {
        try KeyFileStore.create(
            path, purpose: .node, cost: .minimal, passphrase: passphrase("old"))
    }

    private func change(from old: String, to new: String) throws -> KeyFile {
        try KeyFileStore.changePassphrase(of: path, cost: nil) {
            passphrase(old)
        } new: {
            passphrase(new)
        }
    }

    private func opens(with text: String) throws -> Bool {
        do {
            _ = try KeyFileStore.open(path, expecting: .node) { passphrase(text) }
            return true
        } catch let failure as CommandFailure where failure.kind == .usage {
            return false
        }
    }

    @Test func `a change of passphrase keeps the keys and nothing else of the file`() throws {
        let made = try make()
        let changed = try change(from: "old", to: "new")
        #expect(changed.publicKeys == made.publicKeys)
        #expect(changed.cost == made.cost)
        #expect(changed.encoded != made.encoded)
        #expect(try bytes() == changed.encoded)
        #expect(try opens(with: "new"))
        #expect(try !opens(with: "old"))
        #expect(try files() == ["node.key"])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a change that fails leaves the old file`() throws {
        let made = try make()
        #expect(throws: CommandFailure.self) { try change(from: "wrong", to: "new") }
        #expect(throws: CommandFailure.self) { try change(from: "old", to: "") }
        let long = String(repeating: "x", count: 1_025)
        #expect(throws: CommandFailure.self) { try change(from: "old", to: long) }
        #expect(try bytes() == made.encoded)
        #expect(try files() == ["node.key"])
    }

    @Test func `a symbolic link to a key file stays one`() throws {
        _ = try make()
        let link = directory + "/link.key"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "node.key")
        _ = try KeyFileStore.changePassphrase(of: link, cost: nil) {
            passphrase("old")
        } new: {
            passphrase("new")
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "node.key")
        #expect(try opens(with: "new"))
    }

    @Test func `a file is replaced as a whole, and never made by replacing`() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try LocalFile.replace(path, [1], mode: 0o600)
        }
        #expect(failure?.kind == .environment)
        try LocalFile.create(path, [1, 2], mode: 0o644)
        try LocalFile.replace(path, [3], mode: 0o600)
        #expect(try bytes() == [3])
        #expect(try files() == ["node.key"])
    }

    @Test func `of a passphrase file only the end of the last line goes`() throws {
        for (contents, expected) in [
            ("a", "a"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a \n", "a "),
            (" a\nb\n", " a\nb"), ("a\r", "a\r"),
        ] {
            let file = directory + "/passphrase-\(contents.hashValue)"
            try LocalFile.create(file, Array(contents.utf8), mode: 0o600)
            let read = try Passphrase.read(file: file) { Issue.record("\($0)") }
            #expect(read.withUnsafeBytes { [UInt8]($0) } == Array(expected.utf8))
        }
    }

    @Test func `an empty or endless passphrase file is refused`() throws {
        for contents in ["", "\n", "\r\n"] {
            let file = directory + "/empty-\(contents.utf8.count)"
            try LocalFile.create(file, Array(contents.utf8), mode: 0o600)
            let failure = #expect(throws: CommandFailure.self) {
                try Self.read(file)
            }
            #expect(failure?.kind == .usage)
        }
        #expect(throws: CommandFailure.self) { try Self.read("/dev/zero") }
    }

    /// Without its result, which cannot be copied.
    private static func read(_ file: String) throws {
        _ = try Passphrase.read(file: file) { _ in }
    }

    @Test func `files that others may read are told of`() throws {
        try LocalFile.create(path, [1], mode: 0o600)
        #expect(LocalFile.wideModeWarning(path) == nil)
        for mode in [0o640, 0o604, 0o620] as [mode_t] {
            #expect(chmod(path, mode) == 0)
            let warning = LocalFile.wideModeWarning(path)
            #expect(warning?.contains("mode \(String(mode, radix: 8))") == true)
        }
        #expect(LocalFile.wideModeWarning("/dev/null") == nil)
        #expect(LocalFile.wideModeWarning(directory + "/none") == nil)
    }

    @Test func `flag, passphrase, its file, settings file, terminal: the first one counts`() throws
    {
        let file = try SettingsFile(
            path: "grove.json", contents: Data(#"{"passphraseFile": "from-settings"}"#.utf8))
        func source(
            flag: String? = nil, _ environment: [String: String], _ file: SettingsFile?
        ) -> PassphraseSource {
            let flags = flag.map { [Setting.passphraseFile: $0] } ?? [:]
            return PassphraseSource(
                Settings(flags: flags, environment: environment, file: file))
        }
        let both = ["GROVE_PASSPHRASE": "secret", "GROVE_PASSPHRASE_FILE": "from-environment"]
        #expect(source(flag: "from-flag", both, file) == .file("from-flag"))
        #expect(source(both, file) == .variable("GROVE_PASSPHRASE"))
        #expect(source(["GROVE_PASSPHRASE": ""], file) == .file("from-settings"))
        #expect(
            source(["GROVE_PASSPHRASE_FILE": "from-environment"], file)
                == .file("from-environment"))
        #expect(source([:], nil) == .terminal)
    }

    @Test func `the new passphrase has sources of its own`() {
        let settings = Settings(
            flags: [.passphraseFile: "old"],
            environment: ["GROVE_PASSPHRASE": "old", "GROVE_NEW_PASSPHRASE": "new"], file: nil)
        #expect(PassphraseSource(newIn: settings, file: "f") == .file("f"))
        #expect(
            PassphraseSource(newIn: settings, file: nil) == .variable("GROVE_NEW_PASSPHRASE"))
        let none = Settings(
            flags: [.passphraseFile: "old"], environment: ["GROVE_PASSPHRASE": "old"], file: nil)
        #expect(PassphraseSource(newIn: none, file: nil) == .terminal)
    }

    @Test(arguments: ["", "a", "1234567", "äöüß€🔑x"])
    func `a new passphrase of fewer than eight characters is refused`(text: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try Passphrase.requireLength(of: passphrase(text))
        }
        #expect(failure?.kind == .usage)
        #expect(failure?.message.contains("at least 8 characters") == true)
        #expect(failure?.message.contains("has \(text.count);") == true)
    }

    @Test(arguments: ["12345678", "äöüß€🔑xy", "correct horse battery staple"])
    func `one of eight characters will do, whatever they are`(text: String) throws {
        try Passphrase.requireLength(of: passphrase(text))
    }

    @Test func `a file with a short passphrase still opens`() throws {
        _ = try make()
        #expect(try opens(with: "old"))
    }
}
