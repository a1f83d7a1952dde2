import Cryptography
import Ledger
import NodeCore
import Primitives
import TestSupport
import Testing

/// The duty alone: what it hands over in each situation.
@Suite struct SendingDutyTests {
    private static let me = TestOperator.key(1)
    private static let recipient = TestOperator.key(7)

    private func digest(_ number: UInt64) -> Digest { TestOperator.digest(Int(number)) }

    private func order(
        _ number: UInt64, amount: UInt64 = 10, height: UInt64 = 5
    ) -> SendOrder {
        SendOrder(
            id: digest(number), height: Height(height), acceptedAt: Height(height),
            recipient: Self.recipient, amount: Amount(units: amount))
    }

    /// An order that is written down.
    private func duty(_ orders: SendOrder...) -> SendingDuty {
        var duty = SendingDuty()
        for order in orders {
            _ = duty.add(order, at: Height(6))
            duty.keep(order.id)
        }
        return duty
    }

    private func advance(
        _ duty: inout SendingDuty, at height: UInt64 = 6, balance: UInt64 = 100,
        mayBegin: Bool = true
    ) -> [String] {
        duty.advance(
            at: Height(height), balance: Amount(units: balance), mayBegin: mayBegin,
            cost: { Amount(units: $0.amount.units + 1) }
        ).map(\.duty)
    }

    private func name(_ number: UInt64, _ attempt: UInt64 = 0) -> String {
        SendingDuty.duty(of: digest(number), number: attempt).name
    }

    /// What the shell tells once it has signed.
    private func sign(
        _ duty: inout SendingDuty, _ number: UInt64, _ attempt: UInt64 = 0, nonce: UInt64
    ) -> Digest {
        let transaction = digest(1_000 * nonce + number)
        duty.signed(Duty(name(number, attempt)), transactionID: transaction, nonce: nonce)
        return transaction
    }

    private func transferred(_ id: Digest) -> LedgerEvent {
        .transferred(
            transactionID: id, from: Self.me, to: Self.recipient, amount: Amount(units: 10))
    }

    private func state(_ duty: SendingDuty, _ number: UInt64) -> SendState? {
        duty.progress(of: digest(number))?.state
    }

    @Test func `nothing is signed before the order is written down`() {
        var duty = SendingDuty()
        _ = duty.add(order(1), at: Height(6))
        #expect(advance(&duty).isEmpty)
        #expect(duty.isUnderWay)
        duty.keep(order(1).id)
        #expect(advance(&duty) == [name(1)])
    }

    @Test func `an order that could not be written down is none`() {
        var duty = SendingDuty()
        _ = duty.add(order(1), at: Height(6))
        duty.giveUp(order(1).id)
        #expect(state(duty, 1) == nil)
        #expect(!duty.isUnderWay)
        var kept = self.duty(order(2))
        kept.giveUp(order(2).id)
        #expect(state(kept, 2) == .waiting)
    }

    @Test func `the same order again changes nothing`() {
        var duty = duty(order(1))
        #expect(advance(&duty) == [name(1)])
        _ = duty.add(order(1), at: Height(7))
        #expect(advance(&duty).isEmpty)
        #expect(duty.waitingOrders == [order(1)])
    }

    @Test
    func `an order is paid once the ledger shows its transaction, and is handed over no more`() {
        var duty = duty(order(1))
        #expect(advance(&duty) == [name(1)])
        #expect(state(duty, 1) == .submitted)
        let id = sign(&duty, 1, nonce: 4)
        duty.folded([transferred(digest(9))], nonce: 3, at: Height(7))
        #expect(state(duty, 1) == .submitted)
        duty.folded([transferred(id)], nonce: 4, at: Height(8))
        #expect(state(duty, 1) == .paid(at: Height(8)))
        #expect(advance(&duty, at: 500).isEmpty)
        #expect(duty.order(of: id) == order(1))
    }

    @Test func `what the ledger does not show is handed over again, the same attempt`() {
        var duty = duty(order(1))
        #expect(advance(&duty, at: 6) == [name(1)])
        _ = sign(&duty, 1, nonce: 4)
        let patience = NodeParameters.sendPatienceTicks
        #expect(advance(&duty, at: 5 + patience).isEmpty)
        #expect(advance(&duty, at: 6 + patience) == [name(1)])
    }

    @Test func `a refusal of the log leads to no second signature`() {
        var duty = duty(order(1))
        var height: UInt64 = 6
        _ = advance(&duty, at: height)
        _ = sign(&duty, 1, nonce: 4)
        for _ in 0..<3 {
            duty.refusedByLog(Duty(name(1)), at: Height(height))
            #expect(advance(&duty, at: height).isEmpty)
            height += NodeParameters.sendRefusalPatienceTicks
            #expect(advance(&duty, at: height) == [name(1)])
        }
    }

    @Test
    func `another transaction is signed only when the ledger has passed the first one's nonce`() {
        var duty = duty(order(1))
        _ = advance(&duty)
        let first = sign(&duty, 1, nonce: 4)
        duty.folded([], nonce: 3, at: Height(7))
        #expect(advance(&duty, at: 8).isEmpty)
        duty.folded([], nonce: 4, at: Height(8))
        #expect(state(duty, 1) == .waiting)
        #expect(advance(&duty, at: 8) == [name(1, 1)])
        let second = sign(&duty, 1, 1, nonce: 5)
        // A late word about the first is no word about the second.
        duty.signed(Duty(name(1)), transactionID: first, nonce: 4)
        duty.refusedByLog(Duty(name(1)), at: Height(8))
        duty.folded([transferred(second)], nonce: 5, at: Height(9))
        #expect(state(duty, 1) == .paid(at: Height(9)))
    }

    @Test func `a copy of a paid transaction that the ledger drops changes nothing`() {
        var duty = duty(order(1))
        _ = advance(&duty)
        let id = sign(&duty, 1, nonce: 4)
        let copy = LedgerEvent.dropped(
            transactionID: id, key: Self.me, kind: .transfer, .nonce(last: 4, found: 4))
        duty.folded([transferred(id), copy], nonce: 4, at: Height(8))
        duty.folded([copy], nonce: 4, at: Height(9))
        #expect(state(duty, 1) == .paid(at: Height(8)))
    }

    @Test func `what the ledger refuses has failed for good`() {
        var duty = duty(order(1))
        _ = advance(&duty)
        let id = sign(&duty, 1, nonce: 4)
        duty.folded(
            [.refused(transactionID: id, key: Self.me, kind: .transfer, .tooManyAccounts)],
            nonce: 4, at: Height(8))
        #expect(state(duty, 1) == .failed(at: Height(8), .refused(.tooManyAccounts)))
        #expect(advance(&duty, at: 500).isEmpty)
    }

    @Test func `an order whose nonces others take is given up after some attempts`() {
        var duty = duty(order(1))
        for attempt in 0..<NodeParameters.maximumSendAttempts {
            #expect(advance(&duty) == [name(1, attempt)])
            _ = sign(&duty, 1, attempt, nonce: attempt + 1)
            duty.folded([], nonce: attempt + 1, at: Height(7))
        }
        #expect(state(duty, 1) == .failed(at: Height(7), .overtaken))
        #expect(advance(&duty).isEmpty)
    }

    @Test func `an order waits for its money, and what others take is no money`() {
        var duty = duty(order(1, amount: 60), order(2, amount: 50), order(3, amount: 20))
        #expect(advance(&duty) == [name(1), name(3)])
        #expect(state(duty, 2) == .waiting)
        let cost: (SendOrder) -> Amount? = { Amount(units: $0.amount.units + 1) }
        #expect(duty.free(of: Amount(units: 140), cost: cost) == Amount(units: 7))
        #expect(duty.free(of: Amount(units: 100), cost: cost) == .zero)
        #expect(advance(&duty, balance: 133) == [name(2)])
    }

    @Test func `orders begin no more while the balance is withdrawn, those on their way go on`() {
        var duty = duty(order(1), order(2, amount: 200))
        #expect(advance(&duty) == [name(1)])
        _ = sign(&duty, 1, nonce: 4)
        let later = 6 + NodeParameters.sendPatienceTicks
        #expect(advance(&duty, at: later, balance: 900, mayBegin: false) == [name(1)])
        duty.withdrawn(at: Height(50))
        #expect(state(duty, 1) == .submitted)
        #expect(state(duty, 2) == .failed(at: Height(50), .withdrawn))
    }

    @Test func `a withdrawal of before an order does not end it`() {
        var duty = duty(order(1, amount: 200, height: 5))
        duty.withdrawn(at: Height(5))
        #expect(state(duty, 1) == .waiting)
    }

    // MARK: Restarts

    @Test func `a restart before anything was signed hands the first attempt over`() {
        var duty = SendingDuty()
        duty.recall(order(1), lastAttempt: nil)
        #expect(advance(&duty) == [name(1)])
    }

    @Test func `a restart after the signature hands the same attempt over, whatever the balance`() {
        var duty = SendingDuty()
        duty.recall(
            order(1),
            lastAttempt: SendAttempt(number: 2, transactionID: digest(8), nonce: 9))
        duty.folded([], nonce: 8, at: Height(7))
        #expect(advance(&duty, balance: 0) == [name(1, 2)])
    }

    @Test func `a restart after the payment finds it paid in the log`() {
        var duty = SendingDuty()
        let id = digest(8)
        duty.recall(
            order(1), lastAttempt: SendAttempt(number: 0, transactionID: id, nonce: 9))
        duty.folded([transferred(id)], nonce: 9, at: Height(7))
        #expect(state(duty, 1) == .paid(at: Height(7)))
        #expect(advance(&duty, at: 900).isEmpty)
    }

    // MARK: Bounds

    @Test
    func `orders are remembered as long as they could be given again, and no more than so many`() {
        var duty = SendingDuty()
        let limit = NodeParameters.maximumRememberedSends
        for number in 0..<UInt64(limit) {
            let order = order(number)
            #expect(duty.hasRoom(at: Height(6)))
            #expect(duty.add(order, at: Height(6)).isEmpty)
            duty.keep(order.id)
            let attempt = SendingDuty.duty(of: order.id, number: 0)
            _ = advance(&duty, balance: .max)
            let id = digest(10_000 + number)
            duty.signed(attempt, transactionID: id, nonce: number + 1)
            // The first one stays open.
            if number > 0 { duty.folded([transferred(id)], nonce: 0, at: Height(7)) }
        }
        let age = NodeParameters.maximumOrderAgeTicks
        #expect(!duty.hasRoom(at: Height(5 + age)))
        #expect(duty.hasRoom(at: Height(6 + age)))
        let forgotten = duty.add(order(9_999, height: 100), at: Height(6 + age))
        #expect(forgotten.count == limit - 1)
        #expect(state(duty, 0) == .submitted)
        #expect(state(duty, 1) == nil)
        #expect(duty.waitingOrders.map(\.id) == [order(0).id, order(9_999).id])
    }
}

@Suite struct SendRequestTests {
    private let key = TestOperator("sender")
    private let networkID = NodeWorld.networkID

    private func request(
        height: UInt64 = 5, to recipient: OperatorKey = TestOperator.key(1), amount: UInt64 = 7
    ) -> SendRequest {
        SendRequest(
            height: Height(height), recipient: recipient, amount: Amount(units: amount),
            signature: key.signing.sign(
                SendRequest.signedBytes(
                    networkID: networkID, key: key.key, height: Height(5),
                    recipient: TestOperator.key(1), amount: Amount(units: 7))))
    }

    @Test func `an order is the operator's own, for one height, recipient, amount and network`() {
        #expect(request().isSigned(by: key.key, networkID: networkID))
        for other in [
            request(height: 6), request(to: TestOperator.key(2)), request(amount: 8),
        ] {
            #expect(!other.isSigned(by: key.key, networkID: networkID))
            #expect(
                other.id(of: key.key, networkID: networkID)
                    != request().id(of: key.key, networkID: networkID))
        }
        #expect(!request().isSigned(by: NodeWorld.stranger.key, networkID: networkID))
        #expect(!request().isSigned(by: key.key, networkID: NetworkID(genesisNonce: [1])))
    }

    @Test func `an order to leave is none to send`() {
        let leave = LeaveRequest.signedBytes(
            networkID: networkID, key: key.key, height: Height(5), withdrawTo: TestOperator.key(1))
        let send = SendRequest.signedBytes(
            networkID: networkID, key: key.key, height: Height(5), recipient: TestOperator.key(1),
            amount: .zero)
        #expect(leave != send)
    }
}
