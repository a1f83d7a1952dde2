package import Cryptography
package import Primitives

/// Where something was said.
package enum AuditPlace: Hashable, Sendable, CustomStringConvertible {
    case log(Height)
    /// What the node in this data directory wrote down for a duty.
    case node(String, duty: String)

    package var description: String {
        switch self {
        case .log(let height): "log block \(height)"
        case .node(let directory, let duty): "\(directory), \(duty)"
        }
    }
}

/// Something that must not be.
package enum AuditFinding: Hashable, Sendable {
    case unsignedBlock(Height)
    /// Chain, transactions hash or money: nothing after it can be judged.
    case brokenLog(Height, reason: String)
    /// A final block whose body this audit has not executed to its state.
    case unexecutedBlock(Slot)
    case badSignature(key: OperatorKey, AuditPlace)
    case undecodable(AuditPlace)
    /// One key, one duty, two different statements.
    case contradiction(key: OperatorKey, duty: String, AuditPlace, AuditPlace)
    /// One key has committed to two different proofs of one node of the tree. The protocol allows
    /// it; a prover that restarts must not do it.
    case provenTwice(key: OperatorKey, duty: String, AuditPlace, AuditPlace)
    case otherLedgerRoot(key: OperatorKey, Height, expected: Digest, found: Digest, AuditPlace)
    case otherLogBlock(Height, directory: String)
    case otherNetwork(directory: String)
    /// `minted − burned` is not what all purses hold.
    case supply(minted: UInt128, burned: UInt128, held: UInt128)
    case bridge(held: Amount, rollupSupply: UInt128)

    /// What programs go by.
    package var name: String {
        switch self {
        case .unsignedBlock: "unsignedBlock"
        case .brokenLog: "brokenLog"
        case .unexecutedBlock: "unexecutedBlock"
        case .badSignature: "badSignature"
        case .undecodable: "undecodable"
        case .contradiction: "contradiction"
        case .provenTwice: "provenTwice"
        case .otherLedgerRoot: "otherLedgerRoot"
        case .otherLogBlock: "otherLogBlock"
        case .otherNetwork: "otherNetwork"
        case .supply: "supply"
        case .bridge: "bridge"
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsignedBlock(let height):
            "log block \(height) is not signed by the settlement authority"
        case .brokenLog(let height, let reason):
            "log block \(height) cannot follow the one before: \(reason)"
        case .unexecutedBlock(let slot):
            "slot \(slot) is final with a state that its body does not come to"
        case .badSignature(let key, let place):
            "a statement of \(key) has a wrong signature (\(place))"
        case .undecodable(let place):
            "what stands there is no statement (\(place))"
        case .contradiction(let key, let duty, let first, let second):
            "\(key) has signed two different statements for \(duty) (\(first); \(second))"
        case .provenTwice(let key, let duty, let first, let second):
            "\(key) has committed to two proofs for \(duty) (\(first); \(second))"
        case .otherLedgerRoot(let key, let height, let expected, let found, let place):
            "\(key) has signed the ledger root \(found) at height \(height), but the log gives "
                + "\(expected) (\(place))"
        case .otherLogBlock(let height, let directory):
            "the node in \(directory) holds another log block \(height)"
        case .otherNetwork(let directory):
            "\(directory) is of another network"
        case .supply(let minted, let burned, let held):
            "\(minted) units minted less \(burned) burned are not the \(held) that are held"
        case .bridge(let held, let supply):
            "the bridge holds \(held.units) units, but the rollup's accounts \(supply)"
        }
    }
}

/// Findings in the order in which they were made; bounded, the rest is counted.
struct AuditFindings: Sendable {
    static let maximumCount = 1_000
    private(set) var list: [AuditFinding] = []
    private(set) var count = 0

    mutating func add(_ finding: AuditFinding) {
        count += 1
        if list.count < Self.maximumCount { list.append(finding) }
    }
}
