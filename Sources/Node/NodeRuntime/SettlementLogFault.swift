package import Primitives

/// The settlement log is not the one that this node has folded so far. The operator's or the
/// authority's fault; a node does not go on.
package enum SettlementLogFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The log has lost blocks that this node holds, signed.
    case behind(expected: Height, found: Height?)
    /// The log's block of this height is another one than this node's.
    case otherBlock(Height)

    package var description: String {
        switch self {
        case .behind(let expected, let found):
            "the settlement log ends at height \(found.map(\.description) ?? "none"), but this "
                + "node holds its signed blocks up to \(expected)"
        case .otherBlock(let height):
            "the settlement log's block \(height) is another one than this node's"
        }
    }
}
