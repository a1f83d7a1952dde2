import Foundation
import NodeAPI
import NodeRuntime
import Payments
import Primitives
import WalletStorage

/// The users of a devnet: wallets that pay each other so that enough payments always wait.
///
/// A wallet's payments all enter through one node, in order; those that are still not final after
/// a while are offered again through another, since a node that was stopped may have taken its
/// mempool with it.
actor PaymentFeeder {
    private struct User {
        var wallet: WalletStore
        var nextNonce: UInt64
        /// By nonce, not final yet.
        var waiting: [UInt64: Payment] = [:]
        var clientIndex: Int
    }

    private let node: RunningNode
    private let clients: [NodeAPIClient]
    private let pendingTarget: Int
    private var users: [User]
    private var random = SystemRandomNumberGenerator()
    private var lastOffer = ContinuousClock.now

    /// - Parameter pendingTarget: payments that wait in all.
    init(
        node: RunningNode, clients: [NodeAPIClient], wallets: [WalletStore], pendingTarget: Int
    ) {
        self.node = node
        self.clients = clients
        self.pendingTarget = pendingTarget
        users = wallets.enumerated().map { index, wallet in
            User(wallet: wallet, nextNonce: 0, clientIndex: index % clients.count)
        }
    }

    /// Until the task is cancelled.
    func run() async throws {
        while true {
            try await step()
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Tops the waiting payments up to the target.
    func step() async throws {
        // Wallets that go on after a restart must not sign with nonces of long ago.
        while await !node.isLive { try await Task.sleep(for: .milliseconds(50)) }
        for index in users.indices { await settle(index) }
        if ContinuousClock.now - lastOffer > .seconds(10) {
            lastOffer = ContinuousClock.now
            for index in users.indices { await offerAgain(index) }
        }
        while waitingCount < pendingTarget {
            try Task.checkCancellation()
            guard
                let index = users.indices.min(by: {
                    users[$0].waiting.count < users[$1].waiting.count
                })
            else { return }
            try await pay(from: index)
        }
    }

    var waitingCount: Int { users.reduce(0) { $0 + $1.waiting.count } }

    /// Forgets what is final.
    private func settle(_ index: Int) async {
        let account = await node.rollupAccount(users[index].wallet.account)
        let nonce = account?.nonce ?? 0
        users[index].waiting = users[index].waiting.filter { $0.key >= nonce }
        users[index].nextNonce = max(users[index].nextNonce, nonce)
    }

    private func pay(from index: Int) async throws {
        let recipient = (index + Int.random(in: 1..<users.count, using: &random)) % users.count
        let order = PaymentOrder(
            recipient: users[recipient].wallet.account, recipientKey: nil,
            amount: Amount(units: UInt64.random(in: 1...5_000_000, using: &random)),
            fee: Amount(units: UInt64.random(in: 10_000...20_000, using: &random)),
            nonce: users[index].nextNonce)
        let payment = try await users[index].wallet.sign(order)
        users[index].waiting[order.nonce] = payment
        users[index].nextNonce += 1
        await offer(payment, by: index)
    }

    private func offer(_ payment: Payment, by index: Int) async {
        do {
            _ = try await clients[users[index].clientIndex].submit(payment)
        } catch {
            // That node is gone or does not know the predecessors: another one may.
            users[index].clientIndex = (users[index].clientIndex + 1) % clients.count
        }
    }

    private func offerAgain(_ index: Int) async {
        users[index].clientIndex = (users[index].clientIndex + 1) % clients.count
        for nonce in users[index].waiting.keys.sorted() {
            guard let payment = users[index].waiting[nonce] else { continue }
            _ = try? await clients[users[index].clientIndex].submit(payment)
        }
    }
}
