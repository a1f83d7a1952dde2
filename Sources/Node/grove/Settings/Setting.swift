/// Everything that a node of this machine is told: the one table of settings.
///
/// A setting has one name, from which its place in the settings file (`dataDirectory`), its
/// environment variable (`GROVE_DATA_DIRECTORY`) and its flag (`--data-directory`) follow. The file
/// is weakest, the flag strongest. What a *network* fixes is in the network file, never here.
package enum Setting: String, CaseIterable, Sendable {
    case network
    case keys
    case passphraseFile
    case dataDirectory
    case roles
    case listen
    case advertise
    case peers
    case bootstrap
    case settlement
    case settlementListen
    case apiListen
    case apiNames
    case api
    case provingThreads
    case kernel
    case faucet
    case stake
    case feeShare
    case capacity
    case minFeePerUnit
    case logLevel

    /// In the settings file.
    package var name: String { rawValue }

    /// `GROVE_` and the name's words in capitals.
    package var environmentVariable: String {
        "GROVE_" + words.map { $0.uppercased() }.joined(separator: "_")
    }

    /// The long option, without its dashes.
    package var optionName: String { words.joined(separator: "-") }
    package var flag: String { "--\(optionName)" }

    /// What stands for the value in help texts.
    package var placeholder: String {
        switch self {
        case .network: "file|url"
        case .keys, .passphraseFile: "file"
        case .dataDirectory: "directory"
        case .roles: "role,…"
        case .listen, .advertise, .peers, .bootstrap: "multiaddress,…"
        case .settlement: "host:port or url"
        case .settlementListen, .apiListen: "host:port"
        case .api, .faucet: "url"
        case .apiNames: "name,…"
        case .stake: "IDE"
        case .feeShare: "basis points"
        case .capacity: "leaves"
        case .minFeePerUnit: "base units"
        case .provingThreads: "count"
        case .kernel: "name"
        case .logLevel: "level"
        }
    }

    package var help: String {
        switch self {
        case .network: "The network file, or an http:// address that serves it."
        case .keys: "The key file of this node."
        case .passphraseFile:
            "A file that holds the passphrase of the key file, in place of a prompt."
        case .dataDirectory: "Where this process keeps its state; one process for each directory."
        case .roles: "What this node does: sequencer, prover, observer."
        case .listen: "Where to listen for peers."
        case .advertise:
            "Where others can dial this node, told to peers; needed behind a router or NAT."
        case .peers: "Peers to stay connected to, besides the network file's."
        case .bootstrap: "Peers to find the network by, in place of the network file's."
        case .settlement: "Where the settlement log is reached."
        case .settlementListen: "Where the settlement log listens."
        case .apiListen: "Where the node serves its API, metrics and dashboard."
        case .apiNames:
            "Host names under which the API is asked, besides addresses and localhost."
        case .api: "The API of the node that is asked."
        case .provingThreads: "Proofs in the making at one time, and threads for all of them."
        case .kernel:
            "The instructions that proofs are computed with: portable, avx2 or avx512."
        case .faucet: "Who gives a first stake, in place of the network file's faucet."
        case .stake: "What is put up when this node registers."
        case .feeShare: "What of fees and reward a sequencer leaves to the provers."
        case .capacity: "How many leaves of one slot a prover offers to take."
        case .minFeePerUnit: "The least that a prover works for, a tree node."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        }
    }

    /// Of a setting that is a number, the smallest and the largest that it can be.
    package var bounds: ClosedRange<UInt64>? {
        switch self {
        case .provingThreads: 1...256
        case .capacity: 1...65_536
        case .feeShare: 0...10_000
        case .minFeePerUnit: 0...UInt64.max
        default: nil
        }
    }

    /// What holds where nothing is given; nil where the setting is required or has no such value.
    package var defaultText: String? {
        switch self {
        case .logLevel: "info"
        case .roles: "observer"
        case .api: "http://127.0.0.1:8101"
        case .feeShare: "5000"
        case .minFeePerUnit: "0"
        default: nil
        }
    }

    /// For whoever reads the help: what holds where nothing is given.
    package var defaultDescription: String? {
        switch self {
        case .passphraseFile: "GROVE_PASSPHRASE itself, or the terminal is asked"
        case .settlement, .settlementListen: "the network file's settlement address"
        case .listen: "any free port of 127.0.0.1"
        case .advertise: "where it listens"
        case .bootstrap: "the network file's"
        case .faucet: "the network file's"
        case .stake: "the least that the network takes"
        case .peers: "none"
        case .apiListen: "no API"
        case .kernel: "the best that the machine has"
        case .apiNames: "none"
        case .provingThreads: "what grove calibrate found, or 1"
        case .capacity: "what grove calibrate found, or 64"
        default: defaultText
        }
    }

    /// The lower-case words of the name.
    private var words: [String] {
        rawValue.reduce(into: [""]) { words, character in
            if character.isUppercase { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
    }
}

/// The table as help shows it.
enum SettingsHelp {
    static var text: String {
        let lines = Setting.allCases.map { setting in
            "  \(pad(setting.name))\(pad(setting.environmentVariable, to: 27))\(setting.flag)"
        }
        return """
            Settings come from a JSON file (--config FILE or GROVE_CONFIG), the environment and \
            flags; a flag overrules the environment, and that the file. Lists are separated by \
            commas, or arrays in the file. By file, environment and flag:

            \(lines.joined(separator: "\n"))

            A passphrase comes from --passphrase-file; else from the variable GROVE_PASSPHRASE, \
            then GROVE_PASSPHRASE_FILE, then the settings file; else the terminal is asked. A file \
            counts without the end of its last line, and should be its owner's alone (chmod 600).
            """
    }

    private static func pad(_ text: String, to width: Int = 18) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
