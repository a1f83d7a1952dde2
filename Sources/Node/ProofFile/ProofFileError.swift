package import NodeProofs
package import Primitives

/// Why a proof file proves nothing, or not what was asked for. All of it is the fault of whoever
/// made or changed the file (reject).
package enum ProofFileError: Error, Hashable, Sendable {
    case tooLarge(limitByteCount: Int, found: Int)
    /// The first line is not the one encoding that it could have.
    case malformed(at: String, expected: String)
    case mismatch(String, expected: String, found: String)
    case noSuchNode(LeafRange, leafCount: Int)
    case proof(NodeProofError)
}

extension ProofFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit, let found):
            "the proof file has \(found) bytes, more than the limit of \(limit)"
        case .malformed(let place, let expected):
            "this is no proof file of grove, or it was changed: at \(place), expected \(expected)"
        case .mismatch(let name, let expected, let found):
            "the proof is not the expected one: \(name) should be \(expected), but is \(found)"
        case .noSuchNode(let range, let leafCount):
            "a block of \(leafCount) leaves has no tree node \(range)"
        case .proof(let reason): "the proof is not valid: \(reason)"
        }
    }
}
