package import Circuit
internal import Commitment
internal import Cryptography
package import IOP
internal import Payments
internal import Primitives

/// The profiles that a network may choose.
package enum ProofProfileName: String, CaseIterable, Sendable {
    case fast
    case proven100

    package var parameters: ProofProfile {
        switch self {
        case .fast: .fast
        case .proven100: .proven100
        }
    }
}

/// What proves a network's blocks. Two networks of other keys are other networks, whatever else
/// they share: the policy hash covers both.
package struct ProofRules: Hashable, Sendable {
    package let profile: ProofProfileName
    /// Of the circuit whose proofs have the own key zero.
    package let leafKey: VerifyingKey
    /// Of the circuit whose digest is every merge proof's own key.
    package let mergeKey: VerifyingKey

    init(_ written: NetworkDocument.Proofs) throws(NetworkFileError) {
        let profile = try Reading.choice(
            written.profile, of: ProofProfileName.allCases, field: "proofs.profile")
        let rows = 1 << profile.parameters.degreeBits
        guard written.rows == rows else {
            throw .value(
                field: "proofs.rows", expected: "\(rows), as \(profile.rawValue) has",
                found: String(written.rows))
        }
        self.profile = profile
        leafKey = try Self.key(written.leafKey, profile, field: "proofs.leafKey")
        mergeKey = try Self.key(written.mergeKey, profile, field: "proofs.mergeKey")
        guard leafKey != mergeKey else {
            throw .contradiction("proofs.leafKey and proofs.mergeKey are the same")
        }
    }

    private static func key(
        _ hex: String, _ profile: ProofProfileName, field: String
    ) throws(NetworkFileError) -> VerifyingKey {
        guard let bytes = [UInt8](hex: hex),
            let key = try? VerifyingKey(bytes: bytes, profile: profile.parameters),
            key.publicInputCount == NodeStatement.publicInputCount
        else {
            throw .value(
                field: field,
                expected: "a verifying key of \(profile.rawValue) with "
                    + "\(NodeStatement.publicInputCount) public inputs in hexadecimal",
                found: hex)
        }
        return key
    }
}

extension NetworkDocument.Proofs {
    /// As a network file names these keys.
    package init(profile: ProofProfileName, leafKey: VerifyingKey, mergeKey: VerifyingKey) {
        self.init(
            profile: profile.rawValue, rows: 1 << profile.parameters.degreeBits,
            leafKey: leafKey.bytes.hex, mergeKey: mergeKey.bytes.hex)
    }

    /// In place of keys that are not computed yet: those of no circuit. A document with these can be
    /// checked for everything else.
    package static func pending(_ profile: ProofProfileName) -> Self {
        let parameters = profile.parameters
        func key(_ number: UInt8) -> String {
            let count = [UInt8(NodeStatement.publicInputCount)] + [UInt8](repeating: 0, count: 7)
            let digest = [number] + [UInt8](repeating: 0, count: Bytes32.byteCount - 1)
            let cap = (0..<1 << parameters.fri.oracleCapHeight).flatMap { _ in digest }
            return (count + cap).hex
        }
        return Self(
            profile: profile.rawValue, rows: 1 << parameters.degreeBits, leafKey: key(1),
            mergeKey: key(2))
    }
}
