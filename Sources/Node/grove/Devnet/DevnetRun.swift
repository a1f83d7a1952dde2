import Cryptography
import Foundation
import Ledger
import Logging
import NetworkFile
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives
import Synchronization

/// One run of a devnet: processes, payments, and the observer that shows what happens.
///
/// The nodes are started before the log, so that they know each other and hold payments when the
/// first slot opens. The observer is a node of its own, without a role, inside this process: what
/// is shown is what it folded and verified itself.
struct DevnetRun: Sendable {
    let options: DevnetOptions
    let root: URL
    let outcome: DevnetOutcome

    func run() async throws {
        let site = try DevnetSite.prepare(root, options: options) { Output.error($0) }
        let names = DevnetNames(site.members)
        let view = DevnetView(names: names, asJSON: options.asJSON)
        view.say("devnet \(site.network.networkID.hex) in \(root.path(percentEncoded: false))")
        let children = try ChildProcesses(
            logDirectory: site.logs, restarts: options.restartsChildren)
        do {
            try await start(site, children, view)
            await children.stopAll(within: .seconds(5))
        } catch {
            await children.stopAll(within: .seconds(5))
            throw error
        }
    }

    private func start(
        _ site: DevnetSite, _ children: ChildProcesses, _ view: DevnetView
    ) async throws {
        for member in site.members {
            try await children.start(member.name, nodeArguments(member, site))
        }
        view.say("starting \(site.members.count) nodes")
        let wallets = try site.openWallets()
        let observer = try NodeAssembly.make(
            try NodeConfiguration(observerOf: site), secrets: try NodeSecrets(observerOf: site),
            logger: Logger(label: "observer"))
        let clients = try site.members.map { try NodeAPIClient(url: $0.apiURL) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await observer.run() }
            group.addTask { await watchChildren(children, view) }
            try await waitForNodes(clients, site, view)
            let feeder = PaymentFeeder(
                node: observer, clients: clients, wallets: wallets,
                pendingTarget: DevnetOptions.pendingTarget)
            try await feeder.step()
            try await children.start("settlement", settlementArguments(site))
            view.say("the settlement log runs at \(site.network.settlementURL)")
            for member in site.members {
                view.say("\(member.name) is \(member.key.shortName), API \(member.apiURL)")
            }
            group.addTask { try await feeder.run() }
            group.addTask { try await DevnetFaucet(site: site).run() }
            sayHowToPay(site, view)
            sayHowToJoin(site, view)
            group.addTask { try await watch(observer, site, view) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Until every node answers and has found the others.
    private func waitForNodes(
        _ clients: [NodeAPIClient], _ site: DevnetSite, _ view: DevnetView
    ) async throws {
        let wanted = site.members.count - 1
        let deadline = ContinuousClock.now + .seconds(120)
        for (client, member) in zip(clients, site.members) {
            while true {
                if let status = try? await client.status(), status.peers.count >= wanted { break }
                guard ContinuousClock.now < deadline else {
                    throw CommandFailure(
                        .environment,
                        "\(member.name) does not answer at \(member.apiURL) or found too few "
                            + "peers; see \(site.logs.path())\(member.name).log")
                }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        view.say("\(site.members.count) nodes are connected")
    }

    /// Shows what the observer reports; ends after the last block that was asked for.
    private func watch(
        _ observer: RunningNode, _ site: DevnetSite, _ view: DevnetView
    ) async throws {
        var view = view
        var shown = 0
        guard let reports = await observer.watch() else { return }
        for await report in reports {
            view.show(report)
            guard case .folded(_, let events) = report else { continue }
            for case .finalised(let block) in events where block.leafCount > 0 {
                guard let record = await observer.finalRecord(of: block.slot) else { continue }
                try await DevnetExport.write(record, of: observer, to: site.proofs)
                if options.asJSON { try Output.json(EndedSlot(.final(record))) }
                shown += 1
                if let blockCount = options.blockCount, shown >= blockCount {
                    outcome.complete()
                    return
                }
            }
        }
    }

    private func sayHowToPay(_ site: DevnetSite, _ view: DevnetView) {
        guard let guest = site.guestKeyPath, let member = site.members.first else { return }
        view.say(
            "account \(DevnetOptions.guestAccount) is nobody's yet, pay from it: grove pay --to 0 "
                + "--amount 1 --fee 0.001 --account \(DevnetOptions.guestAccount) --wallet \(guest) "
                + "--wallet-state \(site.guestStatePath) --passphrase-file \(site.passphrasePath) "
                + "--network \(site.networkPath) --api \(member.apiURL) --wait")
    }

    private func sayHowToJoin(_ site: DevnetSite, _ view: DevnetView) {
        guard let faucet = site.network.faucetURL else { return }
        view.say("a faucet runs at \(faucet)")
        view.say("join: scripts/join-prover --network \(site.networkPath)")
        view.say("join: scripts/join-sequencer --network \(site.networkPath)")
        guard !site.options.advertise.isLoopback else { return }
        view.say("join from another machine: scripts/join-prover --network \(faucet)/network.json")
    }

    private func watchChildren(_ children: ChildProcesses, _ view: DevnetView) async {
        for await end in children.unexpectedEnds {
            let next = end.isRestarted ? ", and is started again" : ""
            view.say("\(end.name) ended with status \(end.status)\(next); see \(end.logPath)")
        }
    }

    private func nodeArguments(_ member: DevnetMember, _ site: DevnetSite) -> [String] {
        [
            "run", "--roles", member.duty.rawValue, "--network", site.networkPath,
            "--keys", member.keyPath, "--passphrase-file", site.passphrasePath,
            "--data-directory", member.dataPath,
            "--listen", member.listen.multiaddress(port: member.peerPort),
            "--peers", site.peers(of: member),
            "--settlement", site.options.local.authority(port: site.settlementPort),
            "--api-listen", "127.0.0.1:\(member.apiPort)",
            "--with-process", "\(ProcessInfo.processInfo.processIdentifier)",
        ]
    }

    private func settlementArguments(_ site: DevnetSite) -> [String] {
        [
            "settlement", "--network", site.networkPath, "--keys", site.authorityKeyPath,
            "--passphrase-file", site.passphrasePath,
            "--data-directory", site.settlementDataPath,
            "--settlement-listen", site.options.listen.authority(port: site.settlementPort),
            "--with-process", "\(ProcessInfo.processInfo.processIdentifier)",
        ]
    }
}

/// Whether a devnet did what it was asked for before it was stopped.
final class DevnetOutcome: Sendable {
    private let completed = Atomic<Bool>(false)

    var isComplete: Bool { completed.load(ordering: .acquiring) }
    func complete() { completed.store(true, ordering: .releasing) }
}
