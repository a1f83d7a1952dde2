import Circuit
import Hash
import IOP
import Ledger
package import NetworkFile
import Payments
import Primitives

/// The rules of a network file as sentences.
package struct NetworkInWords: Sendable {
    private let document: NetworkDocument
    private let network: NetworkDescription

    package init(document: NetworkDocument, network: NetworkDescription) {
        self.document = document
        self.network = network
    }

    package var headline: String {
        "network \(document.name), id \(network.networkID), policy \(network.policyHash)"
    }

    package var text: String {
        """
        network      \(document.name)
        network id   \(network.networkID)
        policy hash  \(network.policyHash)

        """ + rules.map { "- \($0)" }.joined(separator: "\n")
    }

    package var rules: [String] {
        [settlement, peers, faucet] + rollup + slots + proving + money + genesis
    }

    private var settlement: String {
        "The settlement log is at \(document.settlement.url), signed by "
            + "\(document.settlement.authority), with one block every "
            + "\(document.settlement.tickMilliseconds) ms (a tick)."
    }

    private var peers: String {
        document.bootstrap.isEmpty
            ? "No bootstrap peers are named."
            : "Peers are found first at \(document.bootstrap.joined(separator: ", "))."
    }

    private var faucet: String {
        document.faucet.map { "A faucet at \($0) gives every new operator key its first stake." }
            ?? "No faucet is named: whoever joins needs money from somebody."
    }

    private var rollup: [String] {
        let rollup = document.rollup
        let proofs = network.proofs
        let profile = proofs.profile.parameters
        return [
            "Proofs use the profile \(proofs.profile.rawValue): \(profile.provenBits) bits proven, "
                + "\(profile.conjecturedBits) conjectured.",
            "The leaf circuit has the key \(FieldDigest(proofs.leafKey.digest).hex).",
            "The merge circuit has the key \(FieldDigest(proofs.mergeKey.digest).hex); proofs of "
                + "any other circuit are refused.",
            "A leaf proves \(rollup.leafCapacity) payments; a block has at most "
                + "\(rollup.maxLeaves) leaves.",
            "There is room for 2^\(rollup.accountTreeDepth) accounts; a wallet key signs "
                + "2^\(rollup.keyTreeHeight) payments before it is changed.",
        ]
    }

    private var slots: [String] {
        let slots = document.slots
        let fernet = document.fernet
        let score =
            fernet.score == "literal"
            ? "VRF output times fee share, whatever the stake"
            : "the exponential race by stake, fee share weighing \(fernet.feeShareWeight)"
        return [
            "Slot 0 opens at height \(slots.firstSlotHeight); slot s uses the beacon of slot "
                + "s − \(slots.lag) and admits who was registered before slot s − "
                + "\(2 * slots.lag) opened.",
            "Sequencing is Fernet: \(fernet.proposeTicks) ticks to commit, \(fernet.openTicks) to "
                + "open, \(fernet.revealTicks) to reveal, \(fernet.provingTicks) to prove; the "
                + "leader has the best score by \(score).",
            "Evidence of an offence counts for \(slots.evidenceExpiryTicks) ticks.",
        ]
    }

    private var proving: [String] {
        let election = document.election
        return [
            "One prover is elected for each node of the proof tree by VRF, leaves by "
                + (election.weighting == "uniform" ? "equal weights." : "stake."),
            "A leaf is late \(election.leafTicks) ticks after the reveal, a merge "
                + "\(election.mergeTicks) more for each level; after each \(election.stepTicks) "
                + "ticks more others may stand in: the sibling, the nearest prover, then seven of "
                + "the pool.",
        ]
    }

    private var money: [String] {
        let rewards = document.rewards
        let penalties = document.penalties
        let fees = document.fees
        let forfeit = rewards.forfeit == "burn" ? "burned" : "added to the next block's pool"
        return [
            "A final block mints \(amount(rewards.blockReward)); in the provers' share a leaf "
                + "weighs \(rewards.leafWeight) and a merge \(rewards.mergeWeight); the unit of a "
                + "replaced prover is \(forfeit).",
            "The least stake is \(amount(document.stakes.sequencerMinimum)) for a sequencer, "
                + "\(amount(document.stakes.builderMinimum)) for a builder, "
                + "\(amount(document.stakes.proverMinimum)) for a prover; below "
                + "\(percent(document.stakes.ejection)) of it a key is not admitted.",
            "Whoever leaves gets its stake \(document.stakes.exitDelayTicks) ticks later.",
            "Equivocation costs \(percent(penalties.equivocation)) of the least stake, a missing "
                + "reveal \(percent(penalties.noReveal)); \(percent(penalties.reporterShare)) of a "
                + "penalty goes to who reported it.",
            "Log fees: transfer \(amount(fees.transfer)), registration \(amount(fees.register)), "
                + "intents \(amount(fees.intents)), proof commitment "
                + "\(amount(fees.proofCommitment)), root proof \(amount(fees.rootProof)), "
                + "evidence \(amount(fees.evidence)), exit \(amount(fees.exit)); a transfer that "
                + "opens an account costs \(amount(fees.account)) more.",
        ]
    }

    private var genesis: [String] {
        let genesis = document.genesis
        let sequencers = genesis.registrants.count { $0.role == "sequencer" }
        let provers = genesis.registrants.count { $0.role == "prover" }
        return [
            "At genesis there are \(sequencers) sequencers, \(provers) provers, "
                + "\(genesis.offers.count) standing offers, \(genesis.accounts.count) ledger "
                + "accounts, and \(document.rollup.accounts.count) rollup accounts holding "
                + "\(network.genesis.rollupSupply) in all."
        ]
    }

    private func amount(_ units: UInt64) -> String { "\(Amount(units: units))" }

    private func percent(_ basisPoints: UInt64) -> String {
        let whole = basisPoints / 100
        let rest = basisPoints % 100
        guard rest > 0 else { return "\(whole) %" }
        return "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
