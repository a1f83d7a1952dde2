package import Cryptography
package import Primitives

/// The proofs of the last slots, by hash: this node's own and those it pulled.
package struct ProofShelf: Sendable {
    private var proofs: [Digest: [UInt8]] = [:]
    private var hashes: [Slot: [Digest]] = [:]

    package init() {}

    package subscript(hash: Digest) -> [UInt8]? { proofs[hash] }

    package mutating func add(_ proof: [UInt8], hash: Digest, of slot: Slot) {
        guard proofs[hash] == nil else { return }
        proofs[hash] = proof
        hashes[slot, default: []].append(hash)
    }

    /// Forgets what ended `NodeRuntimeParameters.keptSlots` slots ago.
    package mutating func ended(_ slot: Slot) {
        for old in hashes.keys.sorted()
        where old.advanced(by: UInt64(NodeRuntimeParameters.keptSlots)) <= slot {
            for hash in hashes[old] ?? [] { proofs[hash] = nil }
            hashes[old] = nil
        }
    }
}
