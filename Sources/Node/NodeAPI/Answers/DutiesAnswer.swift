/// `GET /duties`: what the node owes the open slot now.
package struct DutiesAnswer: Codable, Hashable, Sendable {
    /// Of the last folded log block, from which ticks are counted; absent before the first.
    package var height: UInt64?
    package var tickMilliseconds: UInt64
    /// Absent for who is no admitted sequencer.
    package var sequencing: Sequencing?
    /// Ascending by leaf count and first leaf: what it is elected for, and where it helps.
    package var proving: [Proving]

    package struct Sequencing: Codable, Hashable, Sendable {
        package var slot: UInt64
        /// `mustSeal`, `sealed`, `mustOpen`, `opened`, `mustReveal`, `mustElect`, `led`, `follows`,
        /// `missed`.
        package var stage: String
        /// The last height at which what is awaited counts.
        package var due: Due?
    }

    package struct Proving: Codable, Hashable, Sendable {
        package var slot: UInt64
        package var firstLeaf: Int
        package var leafCount: Int
        package var elected: String
        /// Whether this node stands in for the elected prover.
        package var isHelper: Bool
        /// `waiting`, `proving`, `proven`, `announced`.
        package var state: String
        /// Of a running proof, `0...100`.
        package var percent: Int?
        /// Of a running proof: `witness`, `wires`, `products`, `quotient`, `openings`, `fri`.
        package var phase: String?
        /// The height at which its proof was begun.
        package var startedAt: UInt64?
        /// Past its due height and not announced.
        package var isLate: Bool
        package var due: Due
        /// From this height on a helper's proof counts as well.
        package var helperHeight: UInt64
        /// The highest step of the ladder that is open, up to 5; 0 until `helperHeight`.
        package var openStep: Int
    }

    package struct Due: Codable, Hashable, Sendable {
        package var height: UInt64
        /// Negative once it is past.
        package var ticksLeft: Int64
        /// About: ticks may come late.
        package var secondsLeft: Double
    }
}
