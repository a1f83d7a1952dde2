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
    /// What it binds to, and where others reach that.
    let listen: MachineAddress
    let advertise: MachineAddress
    let peerPort: Int
    let apiPort: Int
    let keyPath: String
    let dataPath: String

    /// As the network file names it.
    var address: String { advertise.multiaddress(port: peerPort) + "/p2p/\(peerID)" }
    /// As the other processes of this machine dial it.
    var localAddress: String {
        (listen.isWildcard ? .loopback : listen).multiaddress(port: peerPort) + "/p2p/\(peerID)"
    }
    var apiURL: String { "http://127.0.0.1:\(apiPort)" }
}
