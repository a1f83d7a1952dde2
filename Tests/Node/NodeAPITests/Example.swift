import Cryptography
import Foundation
import Ledger
import NodeAPI
import NodeRuntime
import Payments
import Primitives
import ProverElection
import VRF

/// Answers as they are written: their field names are promised to whoever reads the API.
enum Example {
    static let dutiesText = """
        {"height":12,"proving":[{"due":{"height":20,"secondsLeft":4,"ticksLeft":8},"elected":"aa",\
        "firstLeaf":0,"helperHeight":24,"isHelper":false,"isLate":false,"leafCount":2,"openStep":0,\
        "percent":40,"slot":5,"startedAt":11,"state":"proving"}],\
        "sequencing":{"due":{"height":14,"secondsLeft":1,"ticksLeft":2},"slot":5,\
        "stage":"mustReveal"},"tickMilliseconds":500}
        """
    static let totalsText = """
        {"electedUnits":3,"feeUnits":1,"helpedUnits":0,"led":1,"missedOpenings":0,\
        "missedReveals":0,"missedUnits":1,"paidAsProverUnits":6,"paidAsSequencerUnits":4,\
        "paidForReportsUnits":0,"paidUnits":10,"proposed":2,"provenUnits":2,"receivedUnits":0,\
        "refusedTransactions":0,"sealed":2,"sentUnits":0,"slashedUnits":0,"stakedUnits":0,\
        "unstakedUnits":0,"won":1}
        """
    static let slotText = """
        {"electedUnits":3,"height":20,"helpedUnits":0,"isLeader":true,"isProposed":true,\
        "missedUnits":1,"outcome":"final","paidAsProverUnits":6,"paidAsSequencerUnits":4,\
        "provenUnits":2,"slashedUnits":0,"slot":4}
        """
    static let earningsText = """
        {"balanceUnits":5,"key":"aa","slots":[\(slotText)],"totals":\(totalsText)}
        """
    static let statusText = """
        {"balanceUnits":5,"burnedUnits":2,"dataDirectory":"/data",\
        "drops":[{"count":3,"name":"node.duplicate"}],"duties":\(dutiesText),\
        "earnings":\(totalsText),\
        "finalBlockCount":4,"health":{"health":"ok"},"height":12,"key":"aa","ledgerRoot":"bb",\
        "listenAddresses":["/ip4"],\
        "log":{"behind":1,"head":13,"secondsSinceBlock":0.4,"tickMilliseconds":500,\
        "url":"http://127.0.0.1:7000"},\
        "machine":{"failedProofs":0,"kernels":"avx2","leafProofs":2,"mergeProofs":1,\
        "provingThreads":1},\
        "memberships":[{"role":"prover","stakeUnits":8,"state":"admitted"}],\
        "mintedUnits":9,"networkId":"cc","networkName":"dev",\
        "peerBook":{"barred":[{"id":"ff","reason":"faults","secondsLeft":9}],"barredHosts":[],\
        "known":4,"reached":2},"peerId":"dd",\
        "peers":[{"addresses":["/ip4"],"agent":"grove/0.1.0","connectedSeconds":7,\
        "direction":"out","faults":0,"host":"10.0.0.2","id":"ee","isOfNetwork":true,"meshTopics":3,"receivedBytes":10,"score":0,\
        "sentBytes":11}],\
        "pendingPaymentCount":6,"policyHash":"ff","recentSlots":[\(slotText)],\
        "roles":["prover"],"skippedSlotCount":1,"slot":{"blockId":"11",\
        "committedCount":1,"leader":"22","leafCount":2,"openingHeight":10,"phase":"proving",\
        "provenCount":0,"provingCount":1,"provingDeadline":40,"slot":5,"waitingCount":1},\
        "stakeUnits":8,"toldAddresses":[],"uptimeSeconds":61,"version":"grove/0.1.0"}
        """
    static let treeText = """
        {"blockId":"11","leafCount":2,"nodes":[{"committed":"33","elected":"33","firstLeaf":0,\
        "leafCount":1,"state":"committed"},{"elected":"44","firstLeaf":1,"leafCount":1,\
        "state":"proving"},{"elected":"33","firstLeaf":0,"leafCount":2,"state":"waiting"}],\
        "payouts":[],"sequencer":"22","slot":8,"state":"proving"}
        """
    static let endedText = """
        {"blocks":[{"feesUnits":0,"forfeitedUnits":0,"height":9,"leaves":0,"merges":0,\
        "outcome":"skipped","payments":0,"payouts":[],"provers":[],"reason":"noProposal",\
        "rootProofBytes":0,"secondsFromReveal":0,"slot":6},{"blockId":"11","feesUnits":7,\
        "forfeitedUnits":1,"height":20,"leaves":2,"merges":1,"outcome":"final","payments":8,\
        "payouts":[{"amountUnits":6,"key":"33","role":"prover","units":3}],"provers":["33"],\
        "rootProofBytes":1000,"secondsFromReveal":1.5,"sequencer":"22","slot":7}]}
        """

    static let status = value(StatusAnswer.self, statusText)
    static let earnings = value(EarningsAnswer.self, earningsText)
    static let openTree = value(TreeAnswer.self, treeText)
    static let blocks = value(BlocksAnswer.self, endedText)
    static let ended = blocks.blocks
    static let finalTree = TreeAnswer(record(provers: [key(1), key(2), key(1)]))
    static let account = AccountAnswer(
        number: 3, balanceUnits: 1_000, nonce: 4, nextNonce: 6, nextKeyIndex: 5,
        authenticationKey: "ab")

    static func value<Answer: Decodable>(_ type: Answer.Type, _ text: String) -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            fatalError("\(type): \(error)")
        }
    }

    static func key(_ byte: UInt8) -> OperatorKey {
        OperatorKey(bytes: [UInt8](repeating: byte, count: 32))!
    }

    static let digest = FieldDigest(elements: [1, 2, 3, 4])!

    /// Of two provers over two leaves.
    static let assignment: TreeAssignment = {
        do {
            return try TreeElection.assign(
                seed: VRFOutput([UInt8](repeating: 4, count: 64))!,
                pool: (1...2).map {
                    PoolMember(key: key($0), stake: Amount(units: 1), capacity: 4)
                }, leafCount: 2, parameters: TreeElectionParameters(weighting: .uniform))
        } catch {
            fatalError("\(error)")
        }
    }()

    /// A final block of two leaves whose nodes `provers` proved, leaves first.
    static func record(provers: [OperatorKey]) -> FinalRecord {
        let header = BlockHeader(
            slot: Slot(7), round: 0, parent: BlockID(digest), stateBefore: digest,
            stateAfter: digest, paymentRoot: digest, leafCount: 2, feeSum: Amount(units: 7),
            bodyHash: .zero)
        let block = FinalBlock(
            slot: Slot(7), blockID: BlockID(digest), header: header, sequencer: key(9),
            feeShare: .zero, openingHeight: Height(1), revealHeight: Height(5), height: Height(20),
            submitter: key(1),
            contributions: Contributions(
                leaves: provers.prefix(2).map {
                    Contributions.Leaf(prover: $0, stateBefore: digest, stateAfter: digest)
                }, merges: Array(provers.dropFirst(2))),
            payouts: [
                Payout(key: key(9), role: .sequencer, units: 0, amount: Amount(units: 4)),
                Payout(key: key(1), role: .prover, units: 2, amount: Amount(units: 2)),
            ], forfeited: Amount(units: 1))
        return FinalRecord(
            block: block, assignment: assignment, paymentCount: 8, rootProofByteCount: 1_000,
            millisecondsFromReveal: 1_500)
    }

    static func payment(_ parameters: RollupParameters) throws -> Payment {
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 2, 3, 4), keyState: WalletKeyState(newAccount: 3),
            parameters: parameters)
        return try wallet.sign(
            PaymentOrder(
                recipient: 1, recipientKey: nil, amount: Amount(units: 5), fee: Amount(units: 1),
                nonce: 0))
    }
}
