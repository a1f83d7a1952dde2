import Cryptography
import Foundation
import Ledger
import NodeAPI
import NodeCore
import Payments
import Primitives
import Synchronization

/// A node that answers what it was told to and remembers what it was offered.
final class FakeNode: NodeSource {
    let rollupParameters: RollupParameters
    private let offered = Mutex<[Payment]>([])
    private let answer: PaymentAnswer
    private let illness: String?
    private let watching: Mutex<AsyncStream<NodeReport>?>
    /// What the node reports.
    let reports: AsyncStream<NodeReport>.Continuation

    init(answer: PaymentAnswer = .accepted, illness: String? = nil) throws {
        self.illness = illness
        rollupParameters = try RollupParameters(
            networkID: NetworkID(genesisNonce: [9]), accountTreeDepth: 6, keyTreeHeight: 3,
            leafCapacity: 3, maximumLeafCount: 8)
        self.answer = answer
        let (stream, continuation) = AsyncStream<NodeReport>.makeStream()
        watching = Mutex(stream)
        reports = continuation
    }

    var offeredPayments: [Payment] { offered.withLock { $0 } }

    func status() async -> StatusAnswer { Example.status }

    func health() async -> HealthAnswer {
        HealthAnswer(health: illness == nil ? "ok" : "unwell", reason: illness)
    }

    func earnings(limit: Int) async -> EarningsAnswer { Example.earnings }

    func tree(of slot: Slot?) async -> TreeAnswer? {
        switch slot?.number {
        case nil: Example.openTree
        case 7: Example.finalTree
        default: nil
        }
    }

    func endedSlots(limit: Int) async -> [EndedSlot] { Array(Example.ended.suffix(limit)) }

    func account(_ number: UInt32) async -> AccountAnswer? {
        number == 3 ? Example.account : nil
    }

    func offer(_ payment: Payment) async -> PaymentAnswer {
        offered.withLock { $0.append(payment) }
        return answer
    }

    /// Leaves for whoever names the height 9.
    func leave(_ request: LeaveRequest) async throws(LeaveRefusal) -> LeaveProgress {
        guard request.height == Height(9) else {
            throw .wrongHeight(current: Height(9), found: request.height)
        }
        return LeaveProgress(
            height: Height(9),
            standings: [.init(role: .prover, admission: .exiting(paidAt: Height(259)))],
            balance: Amount(units: 5), withdrawTo: request.withdrawTo)
    }

    /// Sends for whoever names the height 9; the amount 7 is too much.
    func send(_ request: SendRequest) async throws(SendRefusal) -> SendProgress {
        guard request.height != Height(3) else { throw .behind }
        guard request.height == Height(9) else {
            throw .wrongHeight(current: Height(9), found: request.height)
        }
        guard request.amount != Amount(units: 7) else {
            throw .insufficientBalance(
                held: Amount(units: 6), free: Amount(units: 5), needed: Amount(units: 8))
        }
        return SendProgress(
            order: SendOrder(
                id: Digest(Bytes32(words: 5, 6, 7, 8)), height: request.height,
                acceptedAt: Height(9), recipient: request.recipient, amount: request.amount),
            state: .paid(at: Height(11)), height: Height(12), fee: Amount(units: 1),
            balance: Amount(units: 3), isNew: false)
    }

    /// One watcher only.
    func watch() async -> AsyncStream<NodeReport>? {
        watching.withLock { stream in
            defer { stream = nil }
            return stream
        }
    }
}
