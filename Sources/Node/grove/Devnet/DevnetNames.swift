import Cryptography
import Primitives

/// What people call the members of a devnet.
struct DevnetNames: Sendable {
    private let names: [OperatorKey: String]

    init(_ members: [DevnetMember]) {
        names = Dictionary(
            members.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    func name(of key: OperatorKey) -> String { names[key] ?? key.shortName }
}

/// One process of a devnet that runs a node.
struct DevnetMember: Sendable {
    enum Duty: String, Sendable { case sequencer, prover }

    let name: String
    let duty: Duty
    let key: OperatorKey
    let vrfKey: String
    let peerID: String
    let peerPort: Int
    let apiPort: Int
    let keyPath: String
    let dataPath: String

    var address: String { "/ip4/127.0.0.1/tcp/\(peerPort)/p2p/\(peerID)" }
    var apiURL: String { "http://127.0.0.1:\(apiPort)" }
}
