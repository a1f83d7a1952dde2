internal import Connection
internal import Cryptography
internal import Gossip
internal import Ledger
internal import Logging
internal import Messages
internal import NetworkFile
internal import NodeCore
internal import NodeProofs
internal import Payments
internal import Peering
internal import Primitives
internal import SettlementLog
internal import Storage
internal import TransportNIO

/// Doing what the machine decided.
extension RunningNode {
    func perform(_ effects: [NodeEffect]) {
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: NodeEffect) {
        switch effect {
        case .sendGossip(let peer, let rpcBytes):
            guard let peerID = try? PeerID(bytes: peer.bytes) else { return }
            peerTraffic.sent(rpcBytes.count, to: peerID)
            host.sendGossip(rpcBytes, to: peerID)
        case .penalise(let peer, let fault):
            guard let peerID = try? PeerID(bytes: peer.bytes) else { return }
            switch fault {
            case .gossip(let fault): penalise(peerID, fault.kind, "\(fault)")
            case .invalidProof(let reason): penalise(peerID, .invalidProof, reason)
            }
        case .judge(let block, let judgements, let parentState):
            judge(block, judgements, parentState)
        case .buildBlock(let request):
            add(to: jobs, "building a block") { try await $0.build(request) }
        case .proveVRF(let request):
            deliver(.vrfProved(request, secrets.proveVRF(request.input)))
        case .publish(let topic, let bodyBytes, let duty):
            add(to: sayings, "publishing \(duty.name)") {
                try await $0.publish(topic, bodyBytes, duty)
            }
        case .submit(let submission):
            add(to: submissions, "submitting \(submission.duty.name)") {
                try await $0.submit(submission)
            }
        case .recallProofs(let request):
            add(to: jobs, "recalling proofs") { try await $0.recall(request) }
        case .prove(let task):
            add(to: jobs, "keeping a proof") { try await $0.prove(task) }
        case .cancelProving(let slot):
            cancellation.cancel(through: slot)
            proofs.ended(slot)
            activity.ended(through: slot)
            forgetFinalPayments()
            // While the blocks on disk are folded again, records may be newer than the slot.
            if !isFoldingStored {
                add(to: sayings, "discarding records") {
                    try await $0.discardRecords(ended: slot)
                }
            }
        case .obtainProof(let request):
            add(to: jobs, "pulling a proof") { await $0.obtain(request) }
        case .answerPayment(let ticket, let answer):
            self.answer(answer, about: ticket)
        case .forgetSendOrders(let orders):
            add(to: sayings, "forgetting orders to send") { try await $0.forgetSendOrders(orders) }
        case .report(let report):
            tell(report)
        case .count(let drop):
            counters.count(drop)
        case .countGossip(let drop):
            counters.count(drop)
        case .halt(let reason):
            logger.critical("halting", metadata: ["reason": "\(reason)"])
            haltReason = reason
            releaseFolded()
        }
    }

    /// A job that fails is a failure of this node's own disk or code: it stops the node.
    func add(
        to queue: JobQueue, _ purpose: String,
        _ job: @escaping @Sendable (RunningNode) async throws -> Void
    ) {
        let isQueued = queue.add {
            do {
                try await job(self)
            } catch is CancellationError {
                return
            } catch {
                let isEnvironment = (error as? StorageError)?.isEnvironment ?? false
                await self.stop(
                    because: "\(purpose): \(error)", isEnvironment ? .environment : .ownFault)
            }
        }
        if !isQueued { stop(because: "too much work is waiting", .environment) }
    }

    /// For work that others ask for: false where too much is waiting, which is no failure.
    func offer(_ job: @escaping @Sendable (RunningNode) async throws -> Void) -> Bool {
        jobs.add {
            do {
                try await job(self)
            } catch {
                self.logger.error("could not serve a peer", metadata: ["error": "\(error)"])
            }
        }
    }

    func stop(because reason: String, _ kind: NodeHalt.Kind) {
        guard haltReason == nil else { return }
        logger.critical("stopping", metadata: ["reason": "\(reason)"])
        haltKind = kind
        haltReason = reason
        releaseFolded()
    }
}

// MARK: - The log and blocks

extension RunningNode {
    private func judge(_ block: LogBlock, _ judgements: [Judgement], _ state: RollupState) {
        guard !judgements.isEmpty else {
            return deliver(
                .logJudged(
                    height: block.height, LogJudgement(verdicts: .none, executed: [:])))
        }
        let verifier = verifier
        let networkID = configuration.network.networkID
        let book = VerdictBook(eventLog: eventLog)
        add(to: jobs, "judging log block \(block.height)") { node in
            let judgement = try await node.checkingPool.runAbandonably {
                let judgement = LogJudge(verifier: verifier, networkID: networkID).judge(
                    judgements, on: state, knowing: try book.known(judgements))
                try book.record(judgement.verdicts, on: judgements)
                return judgement
            }
            await node.deliver(.logJudged(height: block.height, judgement))
        }
    }

    private func build(_ request: BuildRequest) async throws {
        let statements = statements
        let block = try await checkingPool.run {
            // Whoever restarts in the middle of a slot reveals what it committed to.
            if let kept = try statements.block(for: request.slot) { return kept }
            let block = BlockAssembly.build(request)
            try statements.record(block, for: request.slot)
            return block
        }
        deliver(.blockBuilt(request, block))
    }
}

// MARK: - Saying things

extension RunningNode {
    private func publish(_ topic: Topic, _ bodyBytes: [UInt8], _ duty: Duty) async throws {
        let secrets = secrets
        let statements = statements
        let networkID = configuration.network.networkID
        let envelope = try await diskPool.run {
            // A payment is its sender's statement, and may be told again.
            let isKept = topic != .payment
            if isKept, let kept = try statements.envelope(for: duty) { return kept }
            let signature = secrets.sign(
                GossipEnvelope.signedBytes(
                    networkID: networkID, topic: topic, bodyBytes: bodyBytes))
            let envelope = GossipEnvelope(
                networkID: networkID, topic: topic, bodyBytes: bodyBytes, key: secrets.key,
                signature: signature)
            if isKept { try statements.record(envelope, for: duty) }
            return envelope
        }
        deliver(.envelopeSigned(envelope))
    }
}
