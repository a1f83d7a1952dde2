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
        await view.say(.listening(addresses))
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
        await view.say(.api(address.url))
    }

    /// Says what the node reports, and asks for money where it lacks some.
    private func watch(
        _ reports: AsyncStream<NodeReport>, _ wish: AsyncStream<Amount>.Continuation
    ) async {
        let rules = site.network.rules
        let tick = site.network.tickMilliseconds
        var height: Height?
        for await report in reports {
            if case .folded(let folded, _) = report { height = folded }
            await view.show(
                report, of: node.key, rules: rules, tickMilliseconds: tick, height: height)
            if case .registration(_, .waitingForMoney(let held, let needed), _) = report {
                wish.yield(Amount(units: needed.units - min(needed.units, held.units)))
            }
        }
    }
}

// MARK: - The faucet

extension JoinRun {
    /// Once for each amount that is missing: what the faucet gives shows on the log.
    private func visitFaucet(_ wishes: AsyncStream<Amount>) async throws {
        for await missing in wishes { try await ask(missing) }
    }

    private func ask(_ missing: Amount) async throws {
        guard let url = site.faucetURL else {
            return await view.say(.noFaucet(key: node.key, missing: missing))
        }
        let faucet = try FaucetClient(url: url)
        await view.say(.askingFaucet(faucet.url))
        var pause = Duration.seconds(2)
        var isSaid = false
        while true {
            do throws(FaucetClientError) {
                let payment = try await faucet.pay(node.key)
                let amount = Amount(units: payment.amountUnits)
                await view.say(.faucetPays(amount, isNew: payment.isNew))
                return await check(amount, suffices: missing, isNew: payment.isNew)
            } catch {
                if !isSaid || !error.isTemporary {
                    await view.say(
                        .faucetFails(
                            error.description, key: node.key, missing: missing,
                            isTemporary: error.isTemporary))
                    isSaid = true
                }
                guard error.isTemporary else { return }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(30))
        }
    }
}

extension JoinRun {
    /// What a faucet paid long ago may be spent, or may just be on its way.
    private func check(_ amount: Amount, suffices missing: Amount, isNew: Bool) async {
        if amount >= missing {
            if isNew { return }
            try? await Task.sleep(for: .seconds(30))
            guard await node.snapshot().balance < missing, !Task.isCancelled else { return }
        }
        await view.say(
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
        while true {
            do {
                let status = try await withDeadline(.seconds(10)) { try await client.status() }
                if isSilent { await view.say(.logAnswers(url)) }
                isSilent = false
                let snapshot = await node.snapshot()
                let height = snapshot.height?.number ?? 0
                if let head = status.height, head > height + 20 {
                    await view.say(.catchingUp(height, of: head))
                }
                let isConnected = !snapshot.peers.isEmpty
                if peerCount.map({ ($0 > 0) != isConnected }) ?? isConnected {
                    await view.say(.peers(snapshot.peers.count))
                    peerCount = snapshot.peers.count
                }
            } catch {
                try Task.checkCancellation()
                if !isSilent {
                    await view.say(.logSilent(url, reason: HTTPExchange.words(for: error)))
                }
                isSilent = true
            }
            try await Task.sleep(for: .seconds(2))
        }
    }
}
