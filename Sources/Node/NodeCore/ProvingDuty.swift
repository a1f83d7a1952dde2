internal import Cryptography
package import Gossip
package import Payments
package import Primitives
internal import ProofTree
package import ProverElection

/// One prover's work in one slot: prove what it is elected for, stand in for whoever is late,
/// commit before announcing, and pull the children's proofs that a merge needs.
///
/// A node of the tree goes through `waiting → (helping) → proving → ready → published`. When a helper
/// begins is in `ProvingDuty+Helping.swift`; it publishes once its step of the ladder is open.
/// Everything is recomputed from the state after each event in the tree's canonical order, so no
/// order of events can strand a node.
///
/// Source: `docs/protocol/election.md`, ladder and commit before reveal.
package struct ProvingDuty: Sendable {
    package let key: OperatorKey
    package let slot: Slot
    package let blockID: BlockID
    package let header: BlockHeader
    package let executed: ExecutedBlock
    package let assignment: TreeAssignment
    package let ladder: Ladder
    package private(set) var height: Height
    /// Whether this node proves; one that does not only keeps the book.
    private let takesPart: Bool
    /// The step of the ladder, 0 where it is elected, of each node that this prover may ever prove.
    let ladderSteps: [LeafRange: Int]
    var book: ProofBook
    var work: [LeafRange: Work] = [:]
    /// When each proof of ours was begun last.
    private var starts: [LeafRange: Height] = [:]
    /// When both proofs below a merge that this prover may help with were there first.
    var startable: [LeafRange: Height] = [:]
    /// While the node does not know how far the log is, nothing is begun, and so nothing is
    /// remembered as begun: the first event after it finds all that is due.
    package var isSuspended = false

    enum Work: Hashable {
        case proving
        /// Finished, but its step is not open yet.
        case ready(ProvenProof)
        case published(ProvenProof)
        /// Failed at this height; tried again at the next.
        case failed(at: Height)
    }

    package init(
        key: OperatorKey, slot: Slot, blockID: BlockID, header: BlockHeader,
        executed: ExecutedBlock, assignment: TreeAssignment, ladder: Ladder, height: Height,
        takesPart: Bool
    ) {
        self.key = key
        self.slot = slot
        self.blockID = blockID
        self.header = header
        self.executed = executed
        self.assignment = assignment
        self.ladder = ladder
        self.height = height
        self.takesPart = takesPart
        ladderSteps = takesPart ? Self.ladderSteps(of: key, in: assignment) : [:]
        book = ProofBook(nodeCount: assignment.shape.unitCount)
    }

    /// What the duty wants done, in order.
    package enum Step {
        case prove(ProvingTask)
        case obtain(ProofRequest)
        /// Commit first, then announce.
        case publish(LeafRange, ProvenProof)
        case submitRoot(ProvenProof)
    }

    /// How far each node of the tree is, as far as this node has heard; in ascending order.
    package var snapshot: [NodeProgress] {
        assignment.shape.nodes.map { node in
            NodeProgress(
                range: node, elected: assignment.prover(of: node),
                committed: book.firstCommitter(of: node), state: progress(of: node))
        }
    }
}

extension ProvingDuty {
    /// What this node is elected for, and where it helps; ascending.
    package var standings: [ProvingStanding] {
        guard takesPart else { return [] }
        let elected = assignment.leafProvers + assignment.mergeProvers
        return zip(assignment.shape.nodes, elected).compactMap { node, prover in
            prover == key || work[node] != nil ? standing(of: node, elected: prover) : nil
        }
    }

    private func standing(of node: LeafRange, elected: OperatorKey) -> ProvingStanding {
        let state: ProvingStanding.State =
            switch work[node] {
            case .proving: .proving
            case .ready: .proven
            case .published: .announced
            case .failed, nil: .waiting
            }
        let dueHeight = ladder.dueHeight(of: node)
        return ProvingStanding(
            slot: slot, range: node, elected: elected, isHelper: elected != key, state: state,
            startedAt: starts[node], dueHeight: dueHeight,
            helperHeight: ladder.height(ofStep: 1, on: node),
            isLate: state != .announced && height > dueHeight,
            openStep: ladder.openStep(on: node, at: height))
    }
}

// MARK: - Events

extension ProvingDuty {
    package mutating func advanced(to height: Height) -> [Step] {
        self.height = max(self.height, height)
        return plan()
    }

    /// Nil when the commitment is of no node, of a prover that may not prove it for long yet or never
    /// may, or one too many.
    package mutating func committed(_ commitment: ProofCommitment, by prover: OperatorKey)
        -> [Step]?
    {
        guard mayBeHeard(prover, commitment.range), book.record(commitment, by: prover) else {
            return nil
        }
        return plan()
    }

    /// Nil as for `committed`.
    package mutating func announced(
        _ announcement: ProofAnnouncement, by prover: OperatorKey, from teller: GossipPeer? = nil
    ) -> [Step]? {
        guard mayBeHeard(prover, announcement.range),
            book.record(announcement, by: prover, from: teller)
        else { return nil }
        return plan()
    }

    package mutating func obtained(_ request: ProofRequest, _ availability: ProofAvailability)
        -> [Step]
    {
        book.settle(request, availability, at: height)
        return plan()
    }

    package mutating func proven(_ task: ProvingTask, _ proof: ProvenProof) -> [Step] {
        guard work[task.range] == .proving else { return [] }
        work[task.range] = .ready(proof)
        return plan()
    }

    /// The nodes that this prover may ever prove, ascending.
    package var ownNodes: [LeafRange] {
        assignment.shape.nodes.filter { ladderSteps[$0] != nil }
    }

    /// Proofs that were finished before a restart; what is being proven meanwhile is found by it.
    package mutating func recalled(_ proofs: [RecalledProof]) -> [Step] {
        for recalled in proofs where ladderSteps[recalled.range] != nil {
            switch work[recalled.range] {
            case nil, .failed: work[recalled.range] = .ready(recalled.proof)
            case .proving, .ready, .published: break
            }
        }
        return plan()
    }

    package mutating func failed(_ task: ProvingTask) {
        guard work[task.range] == .proving else { return }
        work[task.range] = .failed(at: height)
    }

    /// The elected prover always; a helper from shortly before its step opens, since its log may be
    /// ahead of ours. Sooner it could only fill books.
    private func mayBeHeard(_ prover: OperatorKey, _ range: LeafRange) -> Bool {
        guard let step = assignment.step(of: prover, on: range) else { return false }
        let soon = height.advanced(by: NodeParameters.maximumHeightsAhead)
        return step == 0 || soon >= ladder.height(ofStep: step, on: range)
    }
}

// MARK: - Planning

extension ProvingDuty {
    /// Every step that is due now. Idempotent: a step that was taken is remembered.
    private mutating func plan() -> [Step] {
        guard takesPart, !isSuspended else { return [] }
        var steps: [Step] = []
        for node in assignment.shape.nodes {
            noteStartable(node)
            if mustCheck(node) { steps += obtain(node) }
            guard mayStart(node) else { continue }
            switch work[node] {
            case nil: steps += start(node)
            case .failed(let failure): if failure < height { steps += start(node) }
            case .ready(let proof): steps += publish(node, proof)
            case .proving, .published: break
            }
        }
        return steps
    }

    private mutating func start(_ node: LeafRange) -> [Step] {
        if node.isLeaf {
            begin(node)
            return [.prove(task(node, .leaf(executed)))]
        }
        guard let children = assignment.shape.children(of: node) else { return [] }
        guard let left = usableProof(of: children.left),
            let right = usableProof(of: children.right)
        else {
            return obtain(children.left) + obtain(children.right)
        }
        begin(node)
        return [.prove(task(node, .merge(left: left, right: right)))]
    }

    private mutating func begin(_ node: LeafRange) {
        work[node] = .proving
        starts[node] = height
    }

    private mutating func publish(_ node: LeafRange, _ proof: ProvenProof) -> [Step] {
        guard isAllowed(key, on: node) else { return [] }
        // A helper stays silent where another's proof came meanwhile: its own earns nothing.
        if ladderSteps[node] != 0, book.acceptedHash(of: node) != nil || isProvenAbove(node) {
            return []
        }
        work[node] = .published(proof)
        return node == assignment.shape.root
            ? [.publish(node, proof), .submitRoot(proof)] : [.publish(node, proof)]
    }

    /// Our own proof, else the accepted one: the elected prover's before a helper's.
    func usableProof(of node: LeafRange) -> Digest? {
        if assignment.prover(of: node) == key { return ownProof(of: node)?.hash }
        return book.acceptedHash(of: node, by: assignment.prover(of: node))
            ?? ownPublished(of: node)?.hash ?? book.acceptedHash(of: node)
    }

    private func ownProof(of node: LeafRange) -> ProvenProof? {
        switch work[node] {
        case .ready(let proof), .published(let proof): proof
        default: nil
        }
    }

    private func ownPublished(of node: LeafRange) -> ProvenProof? {
        if case .published(let proof) = work[node] { proof } else { nil }
    }

    /// Asks for the announced proof of `node` that counts at this height, once at a time.
    private mutating func obtain(_ node: LeafRange) -> [Step] {
        guard usableProof(of: node) == nil else { return [] }
        let elected = assignment.prover(of: node)
        let now = height
        let candidate = book.nextCandidate(of: node, at: now, preferring: elected) {
            [assignment, ladder] in
            assignment.isAllowed($0, on: node, at: now, ladder: ladder)
        }
        guard let candidate else { return [] }
        return [
            .obtain(
                ProofRequest(
                    slot: slot, header: header, range: node, prover: candidate.prover,
                    proofHash: candidate.announcement.proofHash,
                    byteCount: candidate.announcement.byteCount,
                    server: GossipPeer(bytes: candidate.announcement.server),
                    teller: candidate.teller, executed: executed))
        ]
    }

    private func task(_ node: LeafRange, _ work: ProvingTask.Work) -> ProvingTask {
        ProvingTask(slot: slot, header: header, range: node, work: work)
    }

    private func progress(of node: LeafRange) -> NodeProgress.State {
        switch work[node] {
        case .proving: .proving
        case .ready, .published: .proven
        case .failed, nil:
            if book.hasAnnouncement(of: node) {
                .proven
            } else if book.firstCommitter(of: node) != nil {
                .committed
            } else {
                .waiting
            }
        }
    }
}
