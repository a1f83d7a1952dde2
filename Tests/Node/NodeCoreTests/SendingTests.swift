import Cryptography
import Ledger
import Messages
import NodeCore
import Primitives
import SansIO
import TestSupport
import Testing

/// A node that sends, with the ledger, its log and its disk.
@Suite struct SendingTests {
    private static let me = NodeWorld.provers[0]
    private static let friend = TestOperator("friend").key
    private static let safe = TestOperator("safe").key
    private static let fee = Amount(units: 10)
    private static let ten = Amount(units: 10 * Amount.unitsPerIDE)

    /// What a shell does for orders, with what it has on disk.
    private struct Shell {
        var world: NodeWorld
        var orders: [SendOrder] = []
        var signed: [(duty: Duty, transaction: LedgerTransaction)] = []

        init() throws {
            world = try NodeWorld(roles: .prover, owner: SendingTests.me)
            try world.tick()
        }

        @inline(never)
        mutating func order(
            _ amount: Amount, to recipient: OperatorKey = SendingTests.friend, number: Int = 1
        ) -> SendOrder {
            let height = world.machine.ledger.nextHeight
            let order = SendOrder(
                id: TestOperator.digest(number), height: height, acceptedAt: height,
                recipient: recipient, amount: amount)
            _ = tell(.ordered(order))
            orders.append(order)
            return order
        }

        mutating func tell(_ event: SendingEvent) -> [NodeEffect] {
            world.machine.handle(.sending(event), at: .origin)
        }

        /// The transaction of each transfer among `effects`, signed once for each duty.
        @inline(never)
        mutating func sign(_ effects: [NodeEffect]) -> [LedgerTransaction] {
            var transactions: [LedgerTransaction] = []
            for effect in effects {
                guard case .submit(let submission) = effect,
                    case .body(.transfer, let bytes) = submission.content
                else { continue }
                if let known = signed.first(where: { $0.duty == submission.duty }) {
                    transactions.append(known.transaction)
                    continue
                }
                transactions.append(sign(bytes, for: submission.duty))
            }
            return transactions
        }

        private mutating func sign(_ bytes: [UInt8], for duty: Duty) -> LedgerTransaction {
            let folded = world.machine.ledger.nonce(of: SendingTests.me.key)
            let nonce = max(folded, signed.last?.transaction.nonce ?? 0) + 1
            guard let body = try? MessageCodec.decodeBody(.transfer, from: bytes) else {
                preconditionFailure("a transfer that cannot be read")
            }
            let transaction = NodeWorld.transaction(body, by: SendingTests.me, nonce: nonce)
            signed.append((duty, transaction))
            _ = tell(.signed(duty, transactionID: transaction.id, nonce: nonce))
            return transaction
        }

        /// Signs what the last tick wanted and brings it onto the log.
        @inline(never)
        mutating func tick() throws {
            for transaction in sign(world.effects) { world.submit(transaction) }
            try world.tick()
        }

        /// Another process with the same disk and the same log.
        @inline(never)
        mutating func restart() throws {
            let blocks = world.blocks
            world = try NodeWorld(roles: .prover, owner: SendingTests.me)
            for order in orders {
                var last: SendAttempt?
                for number in 0..<NodeParameters.maximumSendAttempts {
                    let duty = SendingDuty.duty(of: order.id, number: number)
                    guard let found = signed.first(where: { $0.duty == duty }) else { break }
                    last = SendAttempt(
                        number: number, transactionID: found.transaction.id,
                        nonce: found.transaction.nonce)
                }
                _ = tell(.recalled(order, lastAttempt: last))
            }
            _ = world.machine.handle(
                .logHead(Height(UInt64(max(blocks.count, 1)) - 1)), at: .origin)
            for block in blocks { try world.fold(block) }
        }

        func state(_ order: SendOrder) -> SendState? {
            world.machine.sendProgress(of: order.id, isNew: false)?.state
        }

        func balance(_ key: OperatorKey) -> Amount { world.machine.ledger.balance(of: key) }
    }

    @Test func `an order that is written down is paid, and the fees are burned`() throws {
        var shell = try Shell()
        let before = shell.balance(Self.me.key)
        let order = shell.order(Self.ten)
        #expect(shell.sign(shell.world.effects).isEmpty)
        let effects = shell.tell(.kept(order.id))
        for transaction in shell.sign(effects) { shell.world.submit(transaction) }
        #expect(shell.state(order) == .submitted)
        let height = shell.world.machine.ledger.nextHeight
        try shell.tick()
        #expect(shell.state(order) == .paid(at: height))
        #expect(shell.balance(Self.friend) == Self.ten)
        let cost = try Self.ten.adding(Self.fee).adding(Self.fee)
        #expect(shell.balance(Self.me.key) == (try before.subtracting(cost)))
        for _ in 0..<NodeParameters.sendPatienceTicks + 2 { try shell.tick() }
        #expect(shell.balance(Self.friend) == Self.ten)
    }

    private enum Crash: CaseIterable {
        case beforeWriting, afterWriting, afterSigning, afterSending, afterFolding
    }

    @Test(arguments: Crash.allCases)
    private func `a restart at any step pays exactly once`(crash: Crash) throws {
        var shell = try Shell()
        let order = shell.order(Self.ten)
        if crash == .beforeWriting {
            shell.orders = []
            try shell.restart()
            #expect(shell.state(order) == nil)
            return
        }
        let effects = shell.tell(.kept(order.id))
        var transactions: [LedgerTransaction] = []
        if crash != .afterWriting { transactions = shell.sign(effects) }
        if crash == .afterSending || crash == .afterFolding {
            for transaction in transactions { shell.world.submit(transaction) }
            // The log takes it, whether this process sees it or not.
            try shell.world.tick()
        }
        try shell.restart()
        for _ in 0..<NodeParameters.sendPatienceTicks + 2 { try shell.tick() }
        guard case .paid = shell.state(order) else {
            Issue.record("\(String(describing: shell.state(order)))")
            return
        }
        #expect(shell.balance(Self.friend) == Self.ten)
        #expect(shell.signed.count == 1)
        try shell.restart()
        for _ in 0..<NodeParameters.sendPatienceTicks + 2 { try shell.tick() }
        #expect(shell.balance(Self.friend) == Self.ten)
    }

    @Test func `a log that refuses a transfer and includes it all the same has it paid once`()
        throws
    {
        var shell = try Shell()
        let order = shell.order(Self.ten)
        let transactions = shell.sign(shell.tell(.kept(order.id)))
        _ = shell.world.machine.handle(
            .submissionRefused(SendingDuty.duty(of: order.id, number: 0), reason: "nonceUsed"),
            at: .origin)
        for transaction in transactions { shell.world.submit(transaction) }
        for _ in 0..<NodeParameters.sendPatienceTicks + 2 { try shell.tick() }
        #expect(shell.signed.count == 1)
        #expect(shell.balance(Self.friend) == Self.ten)
    }

    @Test
    func `a nonce that another transaction took is given up, and the order paid under the next`()
        throws
    {
        var shell = try Shell()
        let order = shell.order(Self.ten)
        let lost = shell.sign(shell.tell(.kept(order.id)))
        shell.world.submit(
            .transfer(Transfer(recipient: Self.safe, amount: Self.fee)), by: Self.me)
        try shell.world.tick()
        #expect(shell.state(order) == .submitted)
        try shell.tick()
        guard case .paid = shell.state(order) else {
            Issue.record("\(String(describing: shell.state(order)))")
            return
        }
        #expect(shell.signed.map(\.transaction.nonce) == [1, 2])
        // Whoever brings the first one again achieves nothing.
        for transaction in lost { shell.world.submit(transaction) }
        try shell.tick()
        #expect(shell.balance(Self.friend) == Self.ten)
    }

    @Test func `a node that catches up signs nothing yet`() throws {
        var shell = try Shell()
        let order = shell.order(Self.ten)
        let next = shell.world.machine.ledger.nextHeight
        _ = shell.world.machine.handle(.logHead(next.advanced(by: 3)), at: .origin)
        #expect(shell.tell(.kept(order.id)).isEmpty)
        #expect(shell.state(order) == .waiting)
        try shell.world.tick()
        #expect(shell.sign(shell.world.effects).isEmpty)
        for _ in 0..<4 { try shell.tick() }
        guard case .paid = shell.state(order) else {
            Issue.record("\(String(describing: shell.state(order)))")
            return
        }
        #expect(shell.signed.count == 1)
    }

    // MARK: Refusals

    @Test func `nothing, oneself and what is no key are refused`() throws {
        let machine = try Shell().world.machine
        #expect(machine.refusalToSend(.zero, to: Self.friend) == .zeroAmount)
        #expect(machine.refusalToSend(Self.ten, to: Self.me.key) == .ownKey)
        let noKey = try #require(
            (0..<64).map { TestOperator.key($0) }.first { !Ed25519.isValidKey($0) })
        #expect(machine.refusalToSend(Self.ten, to: noKey) == .invalidRecipient)
        #expect(machine.refusalToSend(Self.ten, to: Self.friend) == nil)
    }

    @Test func `amount, fees, a new account and the fee to leave must be there`() throws {
        let machine = try Shell().world.machine
        let held = NodeWorld.stake
        #expect(machine.freeBalance == (try held.subtracting(Self.fee)))
        let most = try held.subtracting(Amount(units: 30))
        #expect(machine.refusalToSend(most, to: Self.friend) == nil)
        let other = NodeWorld.provers[1].key
        let known = try held.subtracting(Amount(units: 20))
        #expect(machine.refusalToSend(known, to: other) == nil)
        let tooMuch = try known.adding(Amount(units: 1))
        #expect(
            machine.refusalToSend(tooMuch, to: other)
                == .insufficientBalance(
                    held: held, free: machine.freeBalance,
                    needed: try tooMuch.adding(Self.fee)))
        #expect(
            machine.refusalToSend(Amount(units: .max), to: other)
                == .insufficientBalance(
                    held: held, free: machine.freeBalance, needed: Amount(units: .max)))
    }

    @Test func `what earlier orders take is not there`() throws {
        var shell = try Shell()
        let before = shell.world.machine.freeBalance
        _ = shell.order(Self.ten)
        let cost = try Self.ten.adding(Self.fee).adding(Self.fee)
        #expect(shell.world.machine.freeBalance == (try before.subtracting(cost)))
        guard
            case .insufficientBalance = shell.world.machine.refusalToSend(
                try before.subtracting(Self.ten), to: Self.safe)
        else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `waiting orders are bounded`() throws {
        var shell = try Shell()
        let limit = NodeParameters.maximumWaitingSends
        for number in 0..<limit { _ = shell.order(Self.fee, number: number) }
        #expect(
            shell.world.machine.refusalToSend(Self.fee, to: Self.friend)
                == .tooManyOrders(limit: limit))
    }

    // MARK: Leaving

    private func leave(_ shell: inout Shell) throws {
        while shell.world.machine.ledger.slot == nil { try shell.tick() }
        _ = shell.world.machine.handle(
            .leaveOrdered(LeaveOrder(stay: 0, exits: true, withdrawTo: Self.safe)), at: .origin)
        shell.world.submit(.exit(Exit(role: .prover)), by: Self.me)
        try shell.tick()
    }

    @Test func `while it leaves a node sends what is free, and withdraws the rest afterwards`()
        throws
    {
        var shell = try Shell()
        try leave(&shell)
        #expect(shell.world.machine.freeBalance == shell.balance(Self.me.key))
        while shell.world.machine.ledger.registrant(.prover, Self.me.key) != nil {
            let order = shell.order(Self.fee, number: 99)
            guard shell.world.machine.ledger.nextHeight.number % 40 == 0 else {
                _ = shell.tell(.notKept(order.id))
                shell.orders = []
                try shell.tick()
                continue
            }
            break
        }
        let order = try #require(shell.orders.last)
        let transactions = shell.sign(shell.tell(.kept(order.id)))
        while shell.world.machine.ledger.registrant(.prover, Self.me.key) != nil {
            try shell.world.tick()
        }
        // The transfer is still on its way: the withdrawal waits.
        #expect(shell.world.submissions.allSatisfy { !$0.duty.name.hasPrefix("withdraw") })
        for transaction in transactions { shell.world.submit(transaction) }
        try shell.world.tick()
        guard case .paid = shell.state(order) else {
            Issue.record("\(String(describing: shell.state(order)))")
            return
        }
        #expect(shell.world.submissions.map(\.duty.name) == ["withdraw/0/0"])
        #expect(
            shell.world.machine.refusalToSend(Self.fee, to: Self.friend)
                == .withdrawing(Self.safe))
        try shell.tick()
        #expect(shell.balance(Self.me.key) == .zero)
        #expect(shell.balance(Self.friend) == Self.fee)
        #expect(shell.balance(Self.safe) > NodeWorld.stake)
    }

    @Test func `what is sent to the recipient of the withdrawal is not taken for it`() throws {
        var shell = try Shell()
        try leave(&shell)
        let order = shell.order(Self.fee, to: Self.safe)
        let transactions = shell.sign(shell.tell(.kept(order.id)))
        while shell.world.machine.ledger.registrant(.prover, Self.me.key) != nil {
            try shell.world.tick()
        }
        for transaction in transactions { shell.world.submit(transaction) }
        try shell.world.tick()
        #expect(shell.world.machine.withdrawalRecipient == Self.safe)
        try shell.tick()
        #expect(shell.world.machine.withdrawalRecipient == nil)
        #expect(shell.balance(Self.me.key) == .zero)
    }

    @Test func `a transfer that the ledger refuses has failed, and is no failed exit`() throws {
        var shell = try Shell()
        while shell.world.machine.ledger.slot == nil { try shell.tick() }
        let order = shell.order(Self.ten)
        // Somebody else has this key, too, and spends first.
        let most = try NodeWorld.stake.subtracting(Amount(units: 1_000))
        let other = NodeWorld.transaction(
            .transfer(Transfer(recipient: Self.safe, amount: most)), by: Self.me, nonce: 1)
        shell.signed.append((Duty("another's"), other))
        shell.world.submit(other)
        for transaction in shell.sign(shell.tell(.kept(order.id))) {
            shell.world.submit(transaction)
        }
        let height = shell.world.machine.ledger.nextHeight
        try shell.world.tick()
        guard case .failed(height, .refused(.insufficientBalance)) = shell.state(order) else {
            Issue.record("\(String(describing: shell.state(order)))")
            return
        }
        #expect(shell.balance(Self.friend) == .zero)
        let effects = shell.world.machine.handle(
            .leaveOrdered(LeaveOrder(stay: 0, exits: true, withdrawTo: nil)), at: .origin)
        let duties = effects.compactMap { effect in
            if case .submit(let submission) = effect { submission.duty.name } else { nil }
        }
        #expect(duties == ["exit/3/0/0"])
    }
}
