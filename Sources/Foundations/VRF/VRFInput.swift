package import Cryptography

/// The inputs α of the network's VRF: `tag ‖ networkId ‖ role ‖ slot ‖ beacon`, of fixed length for
/// each use and with nothing that a candidate can choose.
package enum VRFInput {
    /// What an output is for; part of the input, so that one use says nothing about another.
    package enum Use: String, CaseIterable, Sendable {
        /// The tag of a sequencer's claim to a slot.
        case fernet = "vrf-fernet"
        /// The tag of the seed of the election on the proof tree.
        case tree = "vrf-tree"
        /// The tag of the drawing of voters.
        case b52 = "vrf-b52"
        /// The tag of the proof of possession at registration.
        case register = "vrf-register"

        /// Who draws, a number for ever: 1 a sequencer, 2 a prover, 0 whoever registers.
        var role: UInt64 {
            switch self {
            case .fernet, .tree: 1
            case .b52: 2
            case .register: 0
            }
        }
    }

    /// The input of a draw in `slot` under `beacon`.
    package static func draw(
        _ use: Use, networkID: some Bytes32Representable, slot: UInt64, beacon: Digest
    ) -> [UInt8] {
        taggedBytes(
            use.rawValue,
            [.key(networkID), .integer(use.role), .integer(slot), .key(beacon)])
    }

    /// The input that proves possession of a VRF key: `("register", networkID, operatorKey)`.
    package static func registration(
        networkID: some Bytes32Representable, operatorKey: some Bytes32Representable
    ) -> [UInt8] {
        taggedBytes(
            Use.register.rawValue,
            [.key(networkID), .key(operatorKey)])
    }
}
