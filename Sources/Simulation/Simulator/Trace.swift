package import Cryptography
internal import Gossip
internal import Ledger
internal import NodeCore
internal import Primitives
internal import SansIO

/// What happened, line by line. Two runs of one seed have equal traces.
package struct Trace: Hashable, Sendable {
    package private(set) var lines: [String] = []

    package var digest: Digest {
        SHA256.hash(Array(lines.joined(separator: "\n").utf8))
    }

    mutating func record(_ text: String, node: Int, at now: Instant) {
        lines.append("\(now.nanosecondsSinceOrigin) \(node) \(text)")
    }

    mutating func record(_ block: LogBlock, at now: Instant) {
        lines.append(
            "\(now.nanosecondsSinceOrigin) log \(block.height) \(block.transactions.count) "
                + block.header.header.transactionsHash.hex)
    }

    mutating func record(_ event: NodeEvent, to node: Int, at now: Instant) {
        switch event {
        case .gossipReceived(let peer, let rpcBytes):
            record(
                "gossip \(peer.bytes.hex) \(SHA256.hash(rpcBytes).shortName)", node: node, at: now)
        case .proven(let task, let proof):
            record("proven \(task.slot) \(task.range) \(proof.hash.shortName)", node: node, at: now)
        case .proofObtained(let request, let availability):
            record(
                "obtained \(request.slot) \(request.range) \(availability)", node: node, at: now)
        default:
            break
        }
    }
}
