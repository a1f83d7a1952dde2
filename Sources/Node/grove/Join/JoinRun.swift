import Connection
import Cryptography
import Faucet
import Foundation
import HTTPSupport
import Ledger
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives
import ProverElection
import SettlementLog
import TransportNIO

/// The node of somebody who joins, and what is said and done beside it.
struct JoinRun: Sendable {
    let node: RunningNode
    let site: JoinSite
    let order: JoinOrder
    let view: JoinView

    func run() async throws {
        guard let reports = await node.watch() else { return }
        let addresses = try await node.listen().map(\.description)
        view.say(.listening(addresses))
        let (wishes, wish) = AsyncStream<Amount>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await NodeRunner.run(
            node, api: site.api, mayMove: site.apiMayMove,
            apiNames: try site.settings.list(.apiNames),
            onListening: { port in await tellAPI(port) },
            watchers: [
                { await watch(reports, wish) },
                { try await visitFaucet(wishes) },
                { try await watchLog() },
            ])
    }

    private func tellAPI(_ port: Int) async {
        let address = HTTPAddress(host: site.api.host, port: port)
        try? LocalFile.place(site.apiPath, Array("\(address.url)\n".utf8))
        view.say(.api(address.url))
    }

    /// Says what the node reports, and asks for money where it lacks some.
    private func watch(
        _ reports: AsyncStream<NodeReport>, _ wish: AsyncStream<Amount>.Continuation
    ) async {
        let assignment = site.network.rules.assignment
        var tale = JoinTale(
            key: node.key, role: order.role, tickMilliseconds: site.network.tickMilliseconds
        ) { assignment.ladder(revealedAt: $1).dueHeight(of: $0) }
        for await report in reports {
            for step in tale.steps(of: report) { view.say(step) }
            if let missing = tale.takeMissing() { wish.yield(missing) }
        }
    }
}

// MARK: - The faucet

extension JoinRun {
    /// What the faucet gives shows on the log, and it gives once: whoever lacks money after that is
    /// told so once more.
    private func visitFaucet(_ wishes: AsyncStream<Amount>) async throws {
        var isPaid = false
        var isTold = false
        for await missing in wishes {
            if !isPaid {
                isPaid = try await ask(missing)
            } else if !isTold {
                isTold = true
                sayTooLittle(missing)
            }
        }
    }

    /// Whether the faucet has answered for good.
    private func ask(_ missing: Amount) async throws -> Bool {
        guard let url = site.faucetURL else {
            view.say(.noFaucet(key: node.key, missing: missing))
            return false
        }
        let faucet = try FaucetClient(url: url)
        view.say(.askingFaucet(faucet.url))
        if let terms = try? await faucet.terms() {
            try requireEnough(Amount(units: terms.amountUnits), for: missing)
        }
        guard let payment = try await payment(of: faucet, missing) else { return true }
        let amount = Amount(units: payment.amountUnits)
        view.say(.faucetPays(amount, isNew: payment.isNew))
        try await check(amount, suffices: missing, isNew: payment.isNew)
        return true
    }

    /// Asks until the faucet answers; nil where it refuses.
    private func payment(
        of faucet: FaucetClient, _ missing: Amount
    ) async throws -> FaucetPayment? {
        var pause = Duration.seconds(2)
        var isSaid = false
        while true {
            do throws(FaucetClientError) {
                return try await faucet.pay(node.key)
            } catch {
                if !isSaid || !error.isTemporary {
                    view.say(
                        .faucetFails(
                            error.description, key: node.key, missing: missing,
                            isTemporary: error.isTemporary))
                    isSaid = true
                }
                guard error.isTemporary else { return nil }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(30))
        }
    }

    /// Throws where the stake was asked for by name and the faucet cannot give it.
    private func requireEnough(_ amount: Amount, for missing: Amount) throws(CommandFailure) {
        guard amount < missing, site.settings.find(.stake) != nil else { return }
        throw CommandFailure(
            .usage,
            "\(Setting.stake.flag) \(order.stake): the faucet gives a key \(amount), once, and this "
                + "one lacks \(missing). Have \(missing) sent to the operator key \(node.key.hex) and "
                + "give the same command again, or ask for a stake that the faucet pays")
    }

    /// What a faucet paid long ago may be spent, or may just be on its way.
    private func check(_ amount: Amount, suffices missing: Amount, isNew: Bool) async throws {
        try requireEnough(amount, for: missing)
        if amount >= missing {
            if isNew { return }
            try await Task.sleep(for: .seconds(30))
            guard await node.snapshot().balance < missing else { return }
        }
        sayTooLittle(missing)
    }

    private func sayTooLittle(_ missing: Amount) {
        view.say(
            .faucetFails(
                "what the faucet gives is not enough", key: node.key, missing: missing,
                isTemporary: false))
    }
}

// MARK: - The log and the peers

extension JoinRun {
    /// Says when the settlement log does not answer, when it does again, how far behind the node is
    /// and when it has found peers.
    private func watchLog() async throws {
        let client = NodeAssembly.settlementClient(
            of: site.network, host: site.settlement.host, port: site.settlement.port)
        let url = HTTPAddress(host: site.settlement.host, port: site.settlement.port).url
        var isSilent = false
        var peerCount: Int?
        var progressAt: ContinuousClock.Instant?
        while true {
            do {
                let status = try await withDeadline(.seconds(10)) { try await client.status() }
                if isSilent { view.say(.logAnswers(url)) }
                isSilent = false
                let snapshot = await node.snapshot()
                let height = snapshot.height?.number ?? 0
                if let head = status.height, head > height + 20,
                    progressAt.map({ $0.duration(to: .now) >= .seconds(10) }) ?? true
                {
                    view.say(.catchingUp(height, of: head))
                    progressAt = .now
                }
                let isConnected = !snapshot.peers.isEmpty
                if peerCount.map({ ($0 > 0) != isConnected }) ?? isConnected {
                    view.say(.peers(snapshot.peers.count))
                    peerCount = snapshot.peers.count
                }
            } catch {
                try Task.checkCancellation()
                if !isSilent {
                    view.say(.logSilent(url, reason: HTTPExchange.words(for: error)))
                }
                isSilent = true
            }
            try await Task.sleep(for: .seconds(2))
        }
    }
}
