internal import Circuit
internal import Hash
package import NetworkFile
package import NodeProofs
internal import Payments
internal import PaymentsCircuit
package import Primitives

extension NodeVerifier {
    /// Verifies by the keys that the network file names: no circuit has to be built for that.
    package init(network: NetworkDescription) {
        self.init(leafKey: network.proofs.leafKey, mergeKey: network.proofs.mergeKey)
    }
}

extension ProvingCircuits {
    /// Builds the circuits of a network's provers, in seconds. Throws `ForeignCircuit` where the
    /// network file names the keys of other circuits, whose proofs nobody could take from us nor we
    /// make of theirs.
    package init(network: NetworkDescription) throws {
        let leaf = try LeafCircuit(
            parameters: network.rollup, profile: network.proofs.profile.parameters)
        try Self.check(leaf.verifyingKey, against: network.proofs.leafKey, of: .leaf)
        try self.init(leaf: leaf)
        try requireKeys(of: network)
    }

    /// Throws `ForeignCircuit` unless these are the circuits that the network file names.
    package func requireKeys(of network: NetworkDescription) throws(ForeignCircuit) {
        try Self.check(verifier.leafKey, against: network.proofs.leafKey, of: .leaf)
        try Self.check(verifier.mergeKey, against: network.proofs.mergeKey, of: .merge)
    }

    private static func check(
        _ own: VerifyingKey, against named: VerifyingKey, of circuit: ForeignCircuit.Circuit
    ) throws(ForeignCircuit) {
        guard own == named else {
            throw ForeignCircuit(
                circuit: circuit, expected: FieldDigest(named.digest),
                found: FieldDigest(own.digest))
        }
    }
}

/// The network was made for another circuit than this program builds under its parameters.
package struct ForeignCircuit: Error, Hashable, CustomStringConvertible, Sendable {
    package enum Circuit: String, Sendable {
        case leaf
        case merge
    }

    package let circuit: Circuit
    /// Digest of the key in the network file.
    package let expected: FieldDigest
    /// Digest of the key of the circuit built here.
    package let found: FieldDigest

    package var description: String {
        "the network file names the \(circuit.rawValue) key \(expected.hex), but this grove builds "
            + "a \(circuit.rawValue) circuit with the key \(found.hex) under its parameters; run the "
            + "version of grove that the network was made with, or take its network file again"
    }
}
