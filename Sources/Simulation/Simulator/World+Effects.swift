internal import Cryptography
internal import Gossip
internal import Ledger
internal import Messages
internal import NodeCore
internal import Payments
internal import Primitives
internal import SansIO

/// What the shell of a node does, done by the world.
extension World {
    mutating func deliverEffects(_ effects: [NodeEffect], from index: Int) {
        for effect in effects { perform(effect, from: index) }
    }

    private mutating func perform(_ effect: NodeEffect, from index: Int) {
        switch effect {
        case .sendGossip(let peer, let rpcBytes):
            guard let target = places[peer] else { return }
            deliver(
                .gossipReceived(from: nodes[index].peer, rpcBytes: rpcBytes), to: target,
                after: latency())
        case .judge(let block, let judgements, let parentState):
            let judgement = judge(judgements, parentState)
            answer(.logJudged(height: block.height, judgement), to: index)
        case .buildBlock(let request):
            answer(.blockBuilt(request, block(for: request, by: index)), to: index)
        case .proveVRF(let request):
            answer(.vrfProved(request, nodes[index].vrf.prove(request.input)), to: index)
        case .publish(let topic, let bodyBytes, let duty):
            answer(.envelopeSigned(sign(topic, bodyBytes, duty, by: index)), to: index)
        case .submit(let submission):
            submit(submission, by: index)
        case .prove(let task):
            prove(task, by: index)
        case .recallProofs(let request):
            answer(.proofsRecalled(request.slot, recalled(request, by: index)), to: index)
        case .obtainProof(let request):
            obtain(request, for: index)
        case .report(let report):
            record(report, of: index)
        case .halt(let reason):
            trace.record("halt \(reason)", node: index, at: now)
        case .cancelProving, .answerPayment, .penalise, .count, .countGossip, .forgetSendOrders:
            break
        }
    }

    private mutating func answer(
        _ event: NodeEvent, to index: Int, after delay: Duration = .zero
    ) {
        deliver(event, to: index, after: delay)
    }

    mutating func judge(_ judgements: [Judgement], _ parentState: RollupState)
        -> LogJudgement
    {
        var verdicts = LedgerVerdicts.none
        var executed: [Digest: ExecutedBlock] = [:]
        for judgement in judgements {
            switch judgement {
            case .reveal(let id, let reveal):
                let outcome = executions.execute(reveal, on: parentState)
                verdicts.reveals[id] = outcome.verdict
                executed[reveal.header.commitment] = outcome.executed
            case .rootProof(let id, let rootProof, let header):
                verdicts.rootProofs[id] = verdict(on: rootProof, header)
            }
        }
        return LogJudgement(verdicts: verdicts, executed: executed)
    }

    /// The injected verdict: that of the real verifier on an honest proof.
    private func verdict(on rootProof: RootProof, _ header: BlockHeader) -> RootProofVerdict {
        guard let hash = Digest(bytes: rootProof.proof), let root = proofs[hash],
            let contributions = proofs.contributions(of: hash),
            let contribution = ContributionHash.root(
                of: contributions, blockID: rootProof.blockID)
        else { return .invalid("no such proof was made") }
        return .valid(
            NodeStatement(
                blockID: rootProof.blockID, range: root.range, stateBefore: header.stateBefore,
                stateAfter: header.stateAfter, paymentRoot: header.paymentRoot,
                proverID: BlockIdentity.proverID(of: root.prover), contribution: contribution,
                feeSum: header.feeSum, ownKey: .zero))
    }

    private mutating func sign(
        _ topic: Topic, _ bodyBytes: [UInt8], _ duty: Duty, by index: Int
    ) -> GossipEnvelope {
        if topic != .payment, let signed = nodes[index].disk.statement(of: duty) { return signed }
        let networkID = nodes[index].machine.identity.networkID
        let envelope = GossipEnvelope(
            networkID: networkID, topic: topic, bodyBytes: bodyBytes, key: nodes[index].key,
            signature: nodes[index].signer.sign(
                GossipEnvelope.signedBytes(
                    networkID: networkID, topic: topic, bodyBytes: bodyBytes)))
        if topic != .payment { nodes[index].disk.statements.append((duty, envelope)) }
        return envelope
    }

    private mutating func submit(_ submission: Submission, by index: Int) {
        if let kept = nodes[index].disk.transaction(of: submission.duty) {
            return send(kept, by: index)
        }
        let body: LedgerBody?
        switch submission.content {
        case .body(let kind, let bytes):
            body = try? MessageCodec.decodeBody(kind, from: bytes)
        case .rootProof(let header, let blockID, let proofHash):
            body = proofs.contributions(of: proofHash).map {
                .rootProof(
                    RootProof(
                        slot: header.slot, blockID: blockID, proof: proofHash.bytes,
                        contributions: $0))
            }
        }
        guard let body else {
            return trace.record("unsubmittable \(submission.duty.name)", node: index, at: now)
        }
        let transaction = MessageCodec.transaction(
            body, networkID: nodes[index].machine.identity.networkID, key: nodes[index].key,
            nonce: nodes[index].nonces.next(folded: submission.foldedNonce),
            sign: nodes[index].signer.sign)
        nodes[index].disk.transactions.append((submission.duty, transaction))
        send(transaction, by: index)
    }

    mutating func send(_ transaction: LedgerTransaction, by index: Int) {
        schedule(.submit(index, nodes[index].incarnation, transaction), after: latency())
    }

    /// A block is built once for a slot.
    private mutating func block(for request: BuildRequest, by index: Int) -> BuiltBlock {
        if let kept = nodes[index].disk.blocks[request.slot] { return kept }
        let block = BlockAssembly.build(request)
        nodes[index].disk.blocks[request.slot] = block
        return block
    }

    private mutating func prove(_ task: ProvingTask, by index: Int) {
        let place = SimulatedDisk.Place(block: task.header.commitment, range: task.range)
        if let kept = nodes[index].disk.proofs[place] {
            return answer(.proven(task, kept), to: index)
        }
        let blockID = BlockIdentity.blockID(
            of: task.header, networkID: nodes[index].machine.identity.networkID)
        let key = nodes[index].key
        let hash: Digest?
        let delay: Duration
        switch task.work {
        case .leaf(let executed):
            hash = proofs.addLeaf(
                executed.leaves[task.range.first], range: task.range, blockID: blockID,
                prover: key)
            delay = plan.leafTime
        case .merge(let left, let right):
            hash = proofs.addMerge(
                left: left, right: right, range: task.range, blockID: blockID, prover: key)
            delay = plan.mergeTime
        }
        guard let hash else {
            return answer(.provingFailed(task, reason: "a child is missing"), to: index)
        }
        answer(.proven(task, ProvenProof(hash: hash, byteCount: 100_000)), to: index, after: delay)
    }

    /// The proof comes from its server's memory, unless that one is down.
    private mutating func obtain(_ request: ProofRequest, for index: Int) {
        let isDown = places[request.server].map { nodes[$0].isDown } ?? true
        let availability: ProofAvailability =
            if isDown {
                .unavailable(reason: "the server is down")
            } else if let proof = proofs[request.proofHash], proof.range == request.range,
                proof.prover == request.prover
            {
                .valid
            } else {
                .invalid(reason: "another statement")
            }
        answer(.proofObtained(request, availability), to: index, after: latency() + latency())
    }
}
