/// What the API answers, as JSON: names are stable, fields without a value are left out, amounts
/// are integer base units (`…Units`), keys, digests and blocks lower-case hexadecimal, a node of the
/// tree the leaf range `firstLeaf ..< firstLeaf + leafCount`. Status, duties and earnings have files of
/// their own.

/// `GET /tree/{slot|current}`
package struct TreeAnswer: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        /// No election yet: there are no nodes.
        case open
        case proving
        case final
        case skipped
    }

    package var slot: UInt64
    package var state: State
    package var blockId: String?
    package var sequencer: String?
    package var leafCount: Int
    /// Ascending by leaf count and first leaf, so that children come before parents.
    package var nodes: [Node]
    /// Of a final block.
    package var payouts: [PayoutAnswer]
    /// Why a slot was skipped.
    package var reason: String?

    package struct Node: Codable, Hashable, Sendable {
        package var firstLeaf: Int
        package var leafCount: Int
        package var elected: String?
        /// Who committed to a proof first, as far as this node has heard.
        package var committed: String?
        /// Whose proof is in the tree of a final block.
        package var prover: String?
        /// `waiting`, `proving`, `committed`, `proven`, or `included` in a final block.
        package var state: String
        /// Whether the node's unit was paid: it is if its elected prover made its proof.
        package var isPaid: Bool?
    }
}

package struct PayoutAnswer: Codable, Hashable, Sendable {
    package var key: String
    /// `sequencer` or `prover`.
    package var role: String
    /// Tree nodes paid for; 0 for the sequencer.
    package var units: Int
    package var amountUnits: UInt64
}

/// `GET /blocks?limit=N`
package struct BlocksAnswer: Codable, Hashable, Sendable {
    /// Newest last.
    package var blocks: [EndedSlot]
}

/// A slot that ended: its final block, or why it was skipped, all numbers then being 0.
package struct EndedSlot: Codable, Hashable, Sendable {
    package enum Outcome: String, Codable, Sendable {
        case final
        case skipped
    }

    package var slot: UInt64
    package var outcome: Outcome
    /// At which it ended.
    package var height: UInt64
    /// Why it was skipped.
    package var reason: String?
    package var blockId: String?
    package var sequencer: String?
    /// How many.
    package var payments: Int
    package var leaves: Int
    package var merges: Int
    /// Distinct keys whose proofs the tree holds, ascending.
    package var provers: [String]
    package var feesUnits: UInt64
    package var rootProofBytes: Int
    /// From the reveal to the height at which it ended, by the log's clock.
    package var secondsFromReveal: Double
    package var payouts: [PayoutAnswer]
    /// Units whose elected prover has no proof in the tree.
    package var forfeitedUnits: UInt64
}

/// `GET /accounts/{number}`: after the last final block.
package struct AccountAnswer: Codable, Hashable, Sendable {
    package var number: UInt32
    package var balanceUnits: UInt64
    package var nonce: UInt64
    /// Of the next payment, after those that this node holds already.
    package var nextNonce: UInt64
    /// The lowest one-time key that may still sign.
    package var nextKeyIndex: UInt64
    package var authenticationKey: String

    package init(
        number: UInt32, balanceUnits: UInt64, nonce: UInt64, nextNonce: UInt64,
        nextKeyIndex: UInt64, authenticationKey: String
    ) {
        self.number = number
        self.balanceUnits = balanceUnits
        self.nonce = nonce
        self.nextNonce = nextNonce
        self.nextKeyIndex = nextKeyIndex
        self.authenticationKey = authenticationKey
    }
}

/// `POST /payments`, 200: the payment is held and told to the network.
package struct AcceptedPayment: Codable, Hashable, Sendable {
    package var digest: String
}

/// The body of every refused request.
package struct RefusedRequest: Codable, Hashable, Sendable {
    /// `notFound`, `badRequest`, `lengthRequired`, `tooLarge`, `malformed`, `paymentRefused`, `busy`.
    package var reason: String
    /// For people.
    package var detail: String
}
