package import Cryptography
package import Primitives
package import VRF

/// The public randomness of a slot.
package struct Beacon: Bytes32Representable {
    package let rawBytes: Bytes32
    package init(_ rawBytes: Bytes32) { self.rawBytes = rawBytes }
}

/// The chain of beacons: `beacon[s+1] = H("beacon", beacon[s], β_s)`.
///
/// `β_s` is the VRF output of the sequencer that finalised slot s; of a skipped slot it is
/// `H("skip", s)`, so that earlier randomness is kept. Slot s uses `beacon[max(0, s − lag)]`:
/// whoever ends slot s chooses, by ending or not, among two beacons of a slot `lag + 1` ahead.
/// Holds the last `lag + 1` beacons, so that the slot about to open has its own.
package struct BeaconChain: Hashable, Sendable {
    /// A chain is state that every node holds in memory.
    package static let maximumLag: UInt64 = 1024

    /// The slot that has not ended yet.
    package private(set) var currentSlot = Slot(0)
    private let lag: Int
    /// `beacon[i]` for the last `i` up to `currentSlot`, oldest first.
    private var recent: [Beacon]

    /// Nil if `lag` is above `maximumLag`.
    package init?(genesis: Beacon, lag: UInt64) {
        guard lag <= Self.maximumLag else { return nil }
        self.lag = Int(lag)
        recent = [genesis]
    }

    /// `beacon[currentSlot]`, the newest.
    package var newest: Beacon { recent[recent.count - 1] }

    /// The beacon that `currentSlot` uses.
    package var current: Beacon { recent[0] }

    /// Slot `currentSlot` ended with a final block.
    package mutating func finalise(with output: VRFOutput) {
        extend(by: output.bytes)
    }

    /// Slot `currentSlot` ended without a block.
    package mutating func skip() {
        extend(by: taggedHash("skip", .integer(currentSlot.number)).bytes)
    }

    private mutating func extend(by entropy: [UInt8]) {
        recent.append(
            Beacon(taggedHash("beacon", .key(newest), .bytes(entropy)).rawBytes))
        if recent.count > lag + 1 { recent.removeFirst() }
        currentSlot = currentSlot.advanced(by: 1)
    }
}
