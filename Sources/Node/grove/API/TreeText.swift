package import NodeAPI
import Primitives
import ProofTree

/// A proof tree drawn as text: the root first, each node's children below it.
package struct TreeText {
    private let tree: TreeAnswer
    private let nodes: [LeafRange: TreeAnswer.Node]

    package init(_ tree: TreeAnswer) {
        self.tree = tree
        nodes = Dictionary(
            tree.nodes.compactMap { node in
                LeafRange(first: node.firstLeaf, count: node.leafCount).map { ($0, node) }
            }, uniquingKeysWith: { first, _ in first })
    }

    package var text: String {
        var lines = [title]
        if let shape = TreeShape(leafCount: tree.leafCount), !nodes.isEmpty {
            draw(shape.root, of: shape, lead: "", indent: "", into: &lines)
        }
        lines += tree.payouts.map(line)
        return lines.joined(separator: "\n")
    }

    private var title: String {
        var parts = ["slot \(tree.slot)", tree.state.rawValue]
        if let reason = tree.reason { parts.append(Words.skip(reason)) }
        if let block = tree.blockId { parts.append("block \(Shown.short(block))") }
        if let sequencer = tree.sequencer { parts.append("leader \(Shown.short(sequencer))") }
        if tree.leafCount > 0 {
            parts.append(tree.leafCount == 1 ? "1 leaf" : "\(tree.leafCount) leaves")
        }
        return parts.joined(separator: "  ")
    }

    /// Recursion is as deep as the tree is high, at most 17.
    private func draw(
        _ range: LeafRange, of shape: TreeShape, lead: String, indent: String,
        into lines: inout [String]
    ) {
        lines.append(lead + line(range))
        guard let children = shape.children(of: range) else { return }
        draw(children.left, of: shape, lead: indent + "├─ ", indent: indent + "│  ", into: &lines)
        draw(children.right, of: shape, lead: indent + "└─ ", indent: indent + "   ", into: &lines)
    }

    private func line(_ range: LeafRange) -> String {
        guard let node = nodes[range] else { return "\(range)" }
        var parts = ["\(range)"]
        if let elected = node.elected { parts.append("elected \(Shown.short(elected))") }
        if let prover = node.prover {
            parts.append("proved by \(Shown.short(prover))")
        } else if let committed = node.committed {
            parts.append("committed by \(Shown.short(committed))")
        }
        parts.append(Words.node(node.state))
        if let isPaid = node.isPaid { parts.append(isPaid ? "paid" : "not paid") }
        return parts.joined(separator: "  ")
    }

    private func line(_ payout: PayoutAnswer) -> String {
        let units = payout.units > 0 ? " for \(Shown.count(payout.units, "unit"))" : ""
        return "pays \(payout.role) \(Shown.short(payout.key)) "
            + Shown.amount(payout.amountUnits) + units
    }
}
