internal import Connection
internal import Cryptography
internal import Foundation
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
internal import ProverElection
internal import Storage
internal import TransportNIO

/// Proofs in the making, proofs of others, and proofs on disk.
extension RunningNode {
    /// Throws `StorageError` where a proof cannot be kept: to make it again would end no better.
    func prove(_ task: ProvingTask) async throws {
        do {
            let bytes = try await proofBytes(for: task)
            let hash = SHA256.hash(bytes)
            proofs.add(bytes, hash: hash, of: task.slot)
            activity.finished(task.slot, task.range)
            deliver(.proven(task, ProvenProof(hash: hash, byteCount: UInt64(bytes.count))))
        } catch let error as StorageError {
            activity.finished(task.slot, task.range)
            throw error
        } catch {
            activity.finished(task.slot, task.range)
            guard !Task.isCancelled, !cancellation.isCancelled(task.slot) else { return }
            proofCounts.failureCount += 1
            logger.error(
                "a proof failed",
                metadata: ["slot": "\(task.slot)", "leaves": "\(task.range)", "error": "\(error)"])
            deliver(.provingFailed(task, reason: "\(error)"))
        }
    }

    /// A finished proof is kept by its block, range and prover, so that no restart proves twice:
    /// a merge that is kept stands, whatever children it could be made of by now.
    private func proofBytes(for task: ProvingTask) async throws -> [UInt8] {
        let place: Logger.Metadata = ["slot": "\(task.slot)", "leaves": "\(task.range)"]
        if let kept = try await keptProof(of: task.header, task.range) {
            logger.info("a proof was kept", metadata: place)
            return kept
        }
        let bytes = try await compute(task)
        proofCounts.finished(task)
        let name = proofName(task.header, task.range)
        let eventLog = eventLog
        try await diskPool.run {
            try eventLog.commit([.record(.proof, key: name, value: bytes)])
        }
        // After the commit: whoever counts these lines counts proofs that no crash may repeat.
        logger.info("a proof was made", metadata: place)
        return bytes
    }

    private func keptProof(
        of header: BlockHeader, _ range: LeafRange
    ) async throws -> [UInt8]? {
        let name = proofName(header, range)
        let eventLog = eventLog
        return try await diskPool.run { try eventLog.record(.proof, key: name) }
    }

    /// Puts what was finished before a restart back on the shelf and tells the machine.
    func recall(_ request: ProofRecall) async throws {
        var found: [RecalledProof] = []
        for range in request.ranges {
            guard let bytes = try await keptProof(of: request.header, range) else { continue }
            let hash = SHA256.hash(bytes)
            proofs.add(bytes, hash: hash, of: request.slot)
            let proof = ProvenProof(hash: hash, byteCount: UInt64(bytes.count))
            found.append(RecalledProof(range: range, proof: proof))
        }
        if !found.isEmpty {
            logger.info(
                "proofs were kept",
                metadata: ["slot": "\(request.slot)", "count": "\(found.count)"])
        }
        deliver(.proofsRecalled(request.slot, found))
    }

    private func compute(_ task: ProvingTask) async throws -> [UInt8] {
        guard let core else { throw NotAProver() }
        let control = control(of: task)
        switch task.work {
        case .leaf(let executed):
            let leaf = executed.leaves[task.range.first]
            return try await provingPool.prove(control) { control in
                let core = try core.get()
                return try ProofMeter.proving(.leaf) {
                    try core.proveLeaf(leaf, of: task.header, control: control)
                }
            }
        case .merge(let left, let right):
            guard let leftBytes = proofs[left], let rightBytes = proofs[right] else {
                throw ProofMissing(hash: proofs[left] == nil ? left : right)
            }
            return try await provingPool.prove(control) { control in
                let core = try core.get()
                return try ProofMeter.proving(.merge) {
                    try core.proveMerge(leftBytes, rightBytes, of: task.header, control: control)
                }
            }
        }
    }

    private func control(of task: ProvingTask) -> ProvingControl {
        let cancellation = cancellation
        let activity = activity
        return ProvingControl(
            progress: { activity.progressed(task.slot, task.range, $0) },
            isCancelled: { cancellation.isCancelled(task.slot) })
    }

    /// Forgets what only slots long over needed; in order, on the queue of what is said.
    func discardRecords(ended slot: Slot) async throws {
        for kind in [RecordKind.proof, .duty] {
            let eventLog = eventLog
            let newest = try await diskPool.run { try eventLog.lastSequence(of: kind) }
            guard let old = recordMarks[kind, default: RecordMarks()].ended(slot, at: newest ?? 0)
            else { continue }
            try await diskPool.run { try eventLog.discardRecords(of: kind, through: old) }
        }
    }

    private func proofName(_ header: BlockHeader, _ range: LeafRange) -> [UInt8] {
        taggedHash(
            "own-proof", .key(header.commitment), .integer(UInt64(range.first)),
            .integer(UInt64(range.count)), .key(key)
        ).bytes
    }
}

/// Nobody else had the proof, and its server could not be reached.
struct ProofServerUnreachable: Error, CustomStringConvertible {
    let server: PeerID
    var description: String { "its server \(server) cannot be reached" }
}

/// This node was started without the prover's role.
struct NotAProver: Error {}

/// A child's proof is not here any more.
struct ProofMissing: Error {
    let hash: Digest
}

extension RunningNode {
    /// Pulls an announced proof and verifies it against the executed block.
    func obtain(_ request: ProofRequest) async {
        let availability = await pull(request)
        if case .unavailable(let reason) = availability {
            logger.info(
                "a proof is not to be had",
                metadata: ["leaves": "\(request.range)", "reason": "\(reason)"])
        }
        if case .invalid(let reason) = availability {
            // The prover's lie: the peer that it named only served the bytes that were asked for.
            counters.count(NodeCount.invalidProof)
            logger.warning(
                "a prover announced an invalid proof",
                metadata: [
                    "prover": "\(request.prover)", "leaves": "\(request.range)",
                    "reason": "\(reason)",
                ])
        }
        deliver(.proofObtained(request, availability))
    }

    private func pull(_ request: ProofRequest) async -> ProofAvailability {
        let expected = verifier.byteCount(leafCount: request.range.count)
        guard request.byteCount == UInt64(expected) else {
            return .invalid(
                reason: "every proof of \(request.range) has \(expected) bytes, this one "
                    + "\(request.byteCount)")
        }
        let bytes: [UInt8]
        if let held = proofs[request.proofHash] {
            bytes = held
        } else {
            do {
                bytes = try await fetch(request)
            } catch {
                return .unavailable(reason: "\(error)")
            }
        }
        do {
            if let fault = try await faultInProof(bytes, request) {
                return .invalid(reason: fault)
            }
        } catch {
            // Not checked is not valid, and nobody's fault.
            return .unavailable(reason: "not checked: \(error)")
        }
        proofs.add(bytes, hash: request.proofHash, of: request.slot)
        return .valid
    }

    /// From the server that the announcement names; where it is not connected, first from whoever
    /// told us of it, then from the server after all. Ends within `proofTimeout`.
    private func fetch(_ request: ProofRequest) async throws -> [UInt8] {
        let deadline = ContinuousClock.now + proofTimeout
        let server = try PeerID(bytes: request.server.bytes)
        let teller = request.teller.flatMap { try? PeerID(bytes: $0.bytes) }
        var sources = host.isConnected(server) ? [server] : []
        if let teller, !sources.contains(teller) { sources.append(teller) }
        var failure: any Error = RequestError.notConnected
        for source in sources {
            do {
                return try await fetch(request, from: source, before: deadline)
            } catch {
                failure = error
                // Slow is no lie: it is counted, and held against nobody.
                if case RequestError.timeout = error { counters.count(.proofServerStalled) }
            }
        }
        guard !host.isConnected(server), server != host.localPeer else { throw failure }
        counters.count(.proofServerNotConnected)
        guard await host.connect(to: server, within: NodeRuntimeParameters.connectTimeout) else {
            throw ProofServerUnreachable(server: server)
        }
        return try await fetch(request, from: server, before: deadline)
    }

    private var proofTimeout: Duration {
        let network = configuration.network
        return NodeRuntimeParameters.proofTimeout(
            stepTicks: network.rules.assignment.ladder.stepTicks,
            tick: .milliseconds(Int64(clamping: network.tickMilliseconds)))
    }

    private func fetch(
        _ request: ProofRequest, from source: PeerID, before deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        let rest = deadline - ContinuousClock.now
        guard rest > .zero else { throw RequestError.timeout }
        // The response's own framing comes on top of the proof.
        let answer = try await host.request(
            source, protocolID: PeerProtocol.proof.rawValue,
            payload: MessageCodec.encode(PeerRequest.proof(request.proofHash)),
            limit: Int(request.byteCount) + 64, timeout: rest)
        guard case .proof(let bytes) = try MessageCodec.decodeResponse(answer) else {
            throw RequestError.malformedResponse
        }
        guard SHA256.hash(bytes) == request.proofHash else {
            penalise(source, .wrongBytes, "a proof of another hash than was asked for")
            throw RequestError.malformedResponse
        }
        return bytes
    }

    private func faultInProof(
        _ bytes: [UInt8], _ request: ProofRequest
    ) async throws -> String? {
        let verifier = verifier
        let blockID = BlockIdentity.blockID(
            of: request.header, networkID: configuration.network.networkID)
        guard
            let expected = NodeExpectation(
                node: request.range, of: request.executed, blockID: blockID,
                prover: request.prover)
        else { return "no node of this block's tree" }
        return try await checkingPool.runAbandonably {
            do throws(NodeProofError) {
                try ProofMeter.verifying(.node) { () throws(NodeProofError) in
                    _ = try verifier.verify(bytes, expecting: expected)
                }
                return nil
            } catch {
                return "\(error)"
            }
        }
    }
}
