import Foundation
import Testing
import grove

/// The file is weakest, then the environment, then the flag; complaints name the place.
@Suite struct SettingsTests {
    private func file(_ json: String) throws -> SettingsFile {
        try SettingsFile(path: "grove.json", contents: Data(json.utf8))
    }

    @Test func `names, variables and flags come from one table`() {
        #expect(Setting.dataDirectory.name == "dataDirectory")
        #expect(Setting.dataDirectory.environmentVariable == "GROVE_DATA_DIRECTORY")
        #expect(Setting.dataDirectory.flag == "--data-directory")
        #expect(Setting.passphraseFile.environmentVariable == "GROVE_PASSPHRASE_FILE")
        #expect(Setting.network.flag == "--network")
        for setting in Setting.allCases { #expect(setting.help.hasSuffix(".")) }
    }

    @Test func `a flag overrules the environment, and that the file`() throws {
        let file = try file(
            #"{"network": "from-file", "keys": "from-file", "listen": "from-file"}"#)
        let settings = Settings(
            flags: [.network: "from-flag"],
            environment: ["GROVE_NETWORK": "from-environment", "GROVE_KEYS": "from-environment"],
            file: file)
        let network = settings.find(.network)
        #expect(network?.text == "from-flag")
        #expect(network?.origin == .flag("--network"))
        #expect(settings.find(.keys)?.text == "from-environment")
        #expect(settings.find(.keys)?.origin == .environment("GROVE_KEYS"))
        #expect(settings.find(.listen)?.origin == .file(path: "grove.json", name: "listen"))
        #expect(settings.find(.logLevel)?.origin == .defaultValue)
        #expect(settings.find(.dataDirectory) == nil)
    }

    @Test func `an empty environment variable is absent`() throws {
        let settings = Settings(
            flags: [:], environment: ["GROVE_NETWORK": ""], file: try file(#"{"network": "n"}"#))
        #expect(try settings.text(.network) == "n")
    }

    @Test func `a missing setting names its flag, variable and name`() {
        let settings = Settings(flags: [:], environment: [:], file: nil)
        let error = #expect(throws: SettingsError.missing(.dataDirectory)) {
            _ = try settings.text(.dataDirectory)
        }
        let text = error.map { "\($0)" } ?? ""
        for part in ["--data-directory", "GROVE_DATA_DIRECTORY", "\"dataDirectory\""] {
            #expect(text.contains(part))
        }
    }

    @Test func `a bad value says where it came from, and what was expected and found`() throws {
        let file = try file(#"{"apiListen": "nowhere"}"#)
        let settings = Settings(
            flags: [:], environment: ["GROVE_PROVING_THREADS": "many"], file: file)
        let port = #expect(throws: SettingsError.self) { _ = try settings.hostAndPort(.apiListen) }
        #expect(
            port?.description
                == #""apiListen" in grove.json: expected host:port, found "nowhere""#)
        let threads = #expect(throws: SettingsError.self) {
            _ = try settings.integer(.provingThreads)
        }
        #expect(
            threads?.description
                == "the environment variable GROVE_PROVING_THREADS: expected an integer from 1 to "
                + #"256 (count), found "many""#)
    }

    @Test(arguments: [
        (Setting.capacity, "0", "an integer from 1 to 65536 (leaves)"),
        (.capacity, "65537", "an integer from 1 to 65536 (leaves)"),
        (.feeShare, "20000", "an integer from 0 to 10000 (basis points)"),
        (.feeShare, "-1", "an integer from 0 to 10000 (basis points)"),
        (.provingThreads, "0", "an integer from 1 to 256 (count)"),
        (.minFeePerUnit, "1.5", "an integer from 0 to 18446744073709551615 (base units)"),
    ])
    func `a number beyond its bounds is refused before anything is done`(
        setting: Setting, text: String, expected: String
    ) throws {
        let settings = Settings(flags: [setting: text], environment: [:], file: nil)
        let failure = #expect(throws: SettingsError.self) {
            try settings.checkNumbers(of: [.network, setting])
        }
        #expect(
            failure?.description == "\(setting.flag): expected \(expected), found \"\(text)\"")
        // Of another command it is none of this one's business.
        try settings.checkNumbers(of: [.network])
    }

    @Test func `the bounds themselves are good`() throws {
        for setting in Setting.allCases {
            guard let bounds = setting.bounds else { continue }
            for number in [bounds.lowerBound, bounds.upperBound] {
                let settings = Settings(
                    flags: [setting: "\(number)"], environment: [:], file: nil)
                #expect(try settings.integer(setting) == number)
            }
        }
    }

    @Test func `numbers and lists of the file are read`() throws {
        let file = try file(#"{"provingThreads": 3, "peers": ["/ip4/1.2.3.4", "/dns4/a"]}"#)
        let settings = Settings(flags: [:], environment: [:], file: file)
        #expect(try settings.integer(.provingThreads) == 3)
        #expect(try settings.list(.peers) == ["/ip4/1.2.3.4", "/dns4/a"])
        #expect(try settings.list(.listen) == [])
    }

    @Test func `a list has no empty parts, and spaces around parts do not count`() throws {
        let good = Settings(flags: [.roles: "prover, sequencer"], environment: [:], file: nil)
        #expect(try good.list(.roles) == ["prover", "sequencer"])
        let bad = Settings(flags: [.roles: "prover,,sequencer"], environment: [:], file: nil)
        #expect(throws: SettingsError.self) { _ = try bad.list(.roles) }
    }

    @Test func `an unknown name, another type or no JSON in the file is refused by name`() throws {
        #expect(throws: SettingsError.unknownNames(["datadir", "x"], path: "grove.json")) {
            _ = try file(#"{"x": 1, "datadir": "here", "network": "n"}"#)
        }
        #expect(throws: SettingsError.wrongType(name: "network", path: "grove.json")) {
            _ = try file(#"{"network": {"path": "n"}}"#)
        }
        for text in ["", "[]", "network", #"{"network": "n""#] {
            let error = #expect(throws: SettingsError.self) { _ = try file(text) }
            guard case .notJSON = error else {
                Issue.record("\(text): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `an address is a host and a port`() {
        #expect(HostAndPort("127.0.0.1:7000") == HostAndPort(host: "127.0.0.1", port: 7000))
        #expect(HostAndPort("[::1]:0") == HostAndPort(host: "::1", port: 0))
        #expect(HostAndPort("[::1]:0")?.description == "[::1]:0")
        for text in ["", "7000", ":7000", "a:", "a:65536", "a:-1", "::1:7000", "a b:1"] {
            #expect(HostAndPort(text) == nil, "\(text)")
        }
    }
}
