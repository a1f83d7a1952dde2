import Cryptography
import Gossip
import NodeCore
import Payments
import Primitives
import ProofTree
import ProverElection
import TestSupport
import Testing

@Suite struct ProvingDutyTests {
    private let fixture: ProvingFixture

    init() throws { fixture = try ProvingFixture() }

    private func proofs(of steps: [ProvingDuty.Step]) -> [LeafRange] {
        steps.compactMap(\.task?.range)
    }

    private func start(_ duty: inout ProvingDuty) -> [ProvingDuty.Step] {
        duty.advanced(to: ProvingFixture.revealed.advanced(by: 1))
    }

    /// Whoever merges two leaves of which another proves one: its duty once the block is revealed, that
    /// leaf, and who proves it.
    private func merger() throws -> (ProvingDuty, other: LeafRange, stranger: OperatorKey) {
        let (node, left, right) = try fixture.merge()
        let key = try fixture.prover(of: node)
        let other = try fixture.prover(of: left) == key ? right : left
        var duty = fixture.duty(of: key)
        _ = start(&duty)
        return (duty, other, try fixture.prover(of: other))
    }

    /// Another prover commits to and announces a proof; the steps that follow from both.
    private func offer(
        _ node: LeafRange, _ number: Int, by prover: OperatorKey, to duty: inout ProvingDuty
    ) throws -> [ProvingDuty.Step] {
        let committed = duty.committed(
            fixture.commitment(node, number, by: prover), by: prover)
        let announced = duty.announced(fixture.announcement(node, number), by: prover)
        return try #require(committed) + #require(announced)
    }

    /// Proves one leaf that `duty` is elected for.
    private func proveOwn(
        _ node: LeafRange, _ number: Int, in duty: inout ProvingDuty
    ) throws -> [ProvingDuty.Step] {
        let task = try #require(start(&duty).compactMap(\.task).first { $0.range == node })
        return duty.proven(task, fixture.proof(number))
    }

    @Test func `an elected prover proves its leaves at once, each once`() throws {
        for key in ProvingFixture.keys {
            var duty = fixture.duty(of: key)
            let mine = fixture.assignment.duties(of: key).filter(\.isLeaf)
            #expect(proofs(of: start(&duty)) == mine)
            #expect(start(&duty).isEmpty)
        }
    }

    @Test func `what comes due while the log is not known is begun once it is, and not forgotten`()
        throws
    {
        let leaf = fixture.leaves[0]
        let key = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: key)
        var prompt = fixture.duty(of: key)
        duty.isSuspended = true
        #expect(start(&duty).isEmpty)
        duty.isSuspended = false
        let begun = start(&duty)
        #expect(begun.map(\.text) == start(&prompt).map(\.text))
        // A proof that is finished meanwhile is published afterwards.
        let task = try #require(begun.compactMap(\.task).first { $0.range == leaf })
        duty.isSuspended = true
        #expect(duty.proven(task, fixture.proof(1)).isEmpty)
        #expect(start(&duty).isEmpty)
        duty.isSuspended = false
        #expect(start(&duty).map(\.text).contains("publish \(leaf)"))
    }

    @Test func `after a restart what was finished is published and not proven again`() throws {
        let merge = try fixture.merge()
        let key = try fixture.prover(of: merge.node)
        var duty = fixture.duty(of: key)
        let mine = fixture.assignment.duties(of: key)
        #expect(mine.allSatisfy(duty.ownNodes.contains))
        // Its merge is kept, and none of the children's proofs is at hand any more.
        let recalled = mine.enumerated().map {
            RecalledProof(range: $0.element, proof: fixture.proof($0.offset))
        }
        let published = duty.recalled(recalled).filter { $0.text.hasPrefix("publish") }
        #expect(published.count == mine.count)
        #expect(proofs(of: start(&duty)).isEmpty)
    }

    @Test func `a proof that is found again while it is proven changes nothing`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.prover(of: leaf))
        let task = try #require(start(&duty).compactMap(\.task).first { $0.range == leaf })
        let stranger = RecalledProof(range: fixture.root, proof: fixture.proof(2))
        let isMine = duty.ownNodes.contains(fixture.root)
        #expect(duty.recalled([RecalledProof(range: leaf, proof: fixture.proof(1))]).isEmpty)
        if !isMine { #expect(duty.recalled([stranger]).isEmpty) }
        #expect(duty.proven(task, fixture.proof(1)).map(\.text).contains("publish \(leaf)"))
    }

    @Test func `an observer proves nothing and keeps the book`() throws {
        let leaf = fixture.leaves[0]
        let elected = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: elected, takesPart: false)
        #expect(start(&duty).isEmpty)
        let steps = try offer(leaf, 1, by: elected, to: &duty)
        #expect(steps.isEmpty)
        #expect(duty.snapshot.first { $0.range == leaf }?.state == .proven)
    }

    @Test func `a finished proof is published by the elected prover at once`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.prover(of: leaf))
        let steps = try proveOwn(leaf, 1, in: &duty)
        #expect(steps.map(\.text).first == "publish \(leaf)")
    }

    @Test func `a failed proof is tried again at the next height`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.prover(of: leaf))
        let task = try #require(start(&duty).compactMap(\.task).first { $0.range == leaf })
        duty.failed(task)
        #expect(start(&duty).isEmpty)
        #expect(proofs(of: duty.advanced(to: duty.height.advanced(by: 1))) == [leaf])
    }

    @Test func `a sibling starts at the due height and publishes when its step is open`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = start(&duty)
        let due = fixture.ladder.dueHeight(of: leaf)
        let before = duty.advanced(to: Height(due.number - 1))
        #expect(!proofs(of: before).contains(leaf))
        let task = try #require(
            duty.advanced(to: due).compactMap(\.task).first { $0.range == leaf })
        #expect(duty.proven(task, fixture.proof(1)).isEmpty)
        let open = fixture.ladder.height(ofStep: 1, on: leaf)
        #expect(duty.advanced(to: Height(open.number - 1)).isEmpty)
        let steps = duty.advanced(to: open)
        #expect(steps.map(\.text).contains("publish \(leaf)"))
    }

    @Test func `a sibling does not start where the elected prover has committed`() throws {
        let leaf = fixture.leaves[0]
        let elected = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = start(&duty)
        _ = duty.committed(fixture.commitment(leaf, 1, by: elected), by: elected)
        let steps = duty.advanced(to: fixture.ladder.dueHeight(of: leaf))
        #expect(!proofs(of: steps).contains(leaf))
    }

    @Test func `a committed proof that nobody serves lets the sibling start when its step opens`()
        throws
    {
        let leaf = fixture.leaves[0]
        let elected = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = start(&duty)
        _ = try offer(leaf, 1, by: elected, to: &duty)
        let open = fixture.ladder.height(ofStep: 1, on: leaf)
        let waiting = duty.advanced(to: Height(open.number - 1))
        #expect(!proofs(of: waiting).contains(leaf))
        let asked = duty.advanced(to: open)
        #expect(!proofs(of: asked).contains(leaf))
        let request = try #require(
            (waiting + asked).compactMap(\.request).first { $0.range == leaf })
        let steps = duty.obtained(request, .unavailable(reason: "test"))
        #expect(proofs(of: steps).contains(leaf))
    }

    @Test func `a commitment that no announcement follows lets the sibling start too`() throws {
        let leaf = fixture.leaves[0]
        let elected = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = start(&duty)
        _ = duty.committed(fixture.commitment(leaf, 1, by: elected), by: elected)
        let steps = duty.advanced(to: fixture.ladder.height(ofStep: 1, on: leaf))
        #expect(proofs(of: steps).contains(leaf))
    }

    @Test func `a liar's commitments above do not keep the sibling from a dead prover's leaf`()
        throws
    {
        for leaf in fixture.leaves {
            var duty = fixture.duty(of: try fixture.sibling(of: leaf))
            _ = start(&duty)
            // Every merge above is committed to and announced, each by its elected prover.
            var above = fixture.assignment.shape.parent(of: leaf)
            while let node = above {
                _ = try offer(node, 5, by: try fixture.prover(of: node), to: &duty)
                above = fixture.assignment.shape.parent(of: node)
            }
            let steps = duty.advanced(to: fixture.ladder.dueHeight(of: leaf))
            #expect(proofs(of: steps).contains(leaf))
        }
    }

    @Test func `nor from a leaf whose prover committed and died`() throws {
        let (merge, leaf, _) = try fixture.merge()
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = start(&duty)
        let elected = try fixture.prover(of: leaf)
        _ = duty.committed(fixture.commitment(leaf, 1, by: elected), by: elected)
        let liar = try fixture.prover(of: merge)
        _ = duty.committed(fixture.commitment(merge, 2, by: liar), by: liar)
        let steps = duty.advanced(to: fixture.ladder.height(ofStep: 1, on: leaf))
        #expect(proofs(of: steps).contains(leaf))
    }

    @Test func `a proof above that was checked makes helping below needless`() throws {
        // One prover has the leaf and the merge above it, the other the leaf beside it and the root.
        let shared = try #require(
            try (0..<64 as Range<UInt8>).lazy.map { seed in
                try ProvingFixture(seed: seed, proverCount: 2)
            }.first { fixture in
                let (merge, left, right) = try fixture.merge()
                return try fixture.prover(of: merge) == fixture.prover(of: left)
                    && fixture.prover(of: fixture.root) == fixture.prover(of: right)
                    && fixture.prover(of: left) != fixture.prover(of: right)
            })
        let (merge, leaf, _) = try shared.merge()
        let elected = try shared.prover(of: merge)
        var duty = shared.duty(of: try shared.prover(of: shared.root))
        _ = start(&duty)
        let steps = try offer(merge, 3, by: elected, to: &duty)
        let request = try #require(steps.compactMap(\.request).first { $0.range == merge })
        _ = duty.obtained(request, .valid)
        let later = duty.advanced(to: shared.ladder.height(ofStep: 1, on: leaf))
        #expect(!proofs(of: later).contains(leaf))
    }

    @Test func `a merge waits for both children's proofs`() throws {
        let (node, left, right) = try fixture.merge()
        let key = try fixture.prover(of: node)
        let own = try fixture.prover(of: left) == key ? left : right
        let other = own == left ? right : left
        let stranger = try fixture.prover(of: other)
        var duty = fixture.duty(of: key)
        let early = try proveOwn(own, 1, in: &duty)
        #expect(!proofs(of: early).contains(node))
        let request = try #require(
            try offer(other, 2, by: stranger, to: &duty).compactMap(\.request).first)
        #expect(request.range == other && request.prover == stranger)
        let task = try #require(duty.obtained(request, .valid).compactMap(\.task).first)
        #expect(task.range == node)
        guard case .merge(let leftHash, let rightHash) = task.work else {
            Issue.record("a merge that merges nothing")
            return
        }
        let hashes = [leftHash, rightHash]
        let expected = [fixture.proof(1).hash, fixture.proof(2).hash]
        #expect(hashes == (own == left ? expected : expected.reversed()))
    }

    @Test func `an announcement without a commitment to the same proof is not pulled`() throws {
        var (duty, other, stranger) = try merger()
        let early = duty.announced(fixture.announcement(other, 2), by: stranger)
        #expect(early?.isEmpty == true)
        let unrelated = duty.committed(
            fixture.commitment(other, 3, by: stranger), by: stranger)
        #expect(unrelated?.isEmpty == true)
        let matching = duty.committed(
            fixture.commitment(other, 2, by: stranger), by: stranger)
        #expect(matching?.map(\.text) == ["obtain \(other) of \(stranger.hex)"])
    }

    @Test func `a refused proof is not pulled again, another one is`() throws {
        var (duty, other, stranger) = try merger()
        let request = try #require(
            try offer(other, 2, by: stranger, to: &duty).compactMap(\.request).first)
        #expect(duty.obtained(request, .invalid(reason: "test")).isEmpty)
        let later = duty.advanced(to: duty.height.advanced(by: 1))
        #expect(later.compactMap(\.request).isEmpty)
        let second = try offer(other, 4, by: stranger, to: &duty)
        #expect(second.compactMap(\.request).map(\.proofHash) == [TestOperator.digest(4)])
    }

    @Test func `a proof that nobody served is asked for again at a later height`() throws {
        var (duty, other, stranger) = try merger()
        let request = try #require(
            try offer(other, 2, by: stranger, to: &duty).compactMap(\.request).first)
        #expect(duty.obtained(request, .unavailable(reason: "test")).isEmpty)
        let later = duty.advanced(to: duty.height.advanced(by: 1))
        #expect(later.compactMap(\.request).map(\.proofHash) == [request.proofHash])
    }

    @Test func `a merge prefers the elected prover's proof to its sibling's`() throws {
        let root = fixture.root
        let children = try #require(fixture.assignment.shape.children(of: root))
        let key = try fixture.prover(of: root)
        let other = try fixture.prover(of: children.left) == key ? children.right : children.left
        let elected = try fixture.prover(of: other)
        let helper = try fixture.sibling(of: other)
        var duty = fixture.duty(of: key)
        _ = start(&duty)
        // The helper's comes first, but its step is not open yet.
        let early = try offer(other, 1, by: helper, to: &duty)
        #expect(early.compactMap(\.request).isEmpty)
        let committed = duty.committed(fixture.commitment(other, 2, by: elected), by: elected)
        #expect(committed != nil)
        _ = duty.advanced(to: Height(fixture.ladder.height(ofStep: 1, on: other).number - 1))
        let announced = duty.announced(fixture.announcement(other, 2), by: elected)
        let steps = try #require(announced)
        #expect(steps.compactMap(\.request).map(\.prover) == [elected])
        let request = try #require(steps.compactMap(\.request).first)
        let after = duty.obtained(request, .unavailable(reason: "test"))
        #expect(after.compactMap(\.request).isEmpty)
        let opened = duty.advanced(to: fixture.ladder.height(ofStep: 1, on: other))
        let asked = opened.compactMap(\.request).filter { $0.range == other }
        #expect(asked.map(\.prover) == [helper], "what never failed comes first")
    }

    @Test func `a commitment of a prover that may never prove the node is refused`() throws {
        let leaf = fixture.leaves[0]
        let stranger = try #require(ProvingFixture.keys.last)
        #expect(fixture.assignment.step(of: stranger, on: leaf) == nil)
        var duty = fixture.duty(of: try fixture.prover(of: leaf))
        #expect(
            duty.committed(fixture.commitment(leaf, 1, by: stranger), by: stranger) == nil)
        #expect(duty.announced(fixture.announcement(leaf, 1), by: stranger) == nil)
    }

    @Test func `a server answers for an invalid proof only where it announced it itself`() throws {
        let key = try fixture.prover(of: fixture.root)
        let children = try #require(fixture.assignment.shape.children(of: fixture.root))
        let other = try fixture.prover(of: children.left) == key ? children.right : children.left
        let elected = try fixture.prover(of: other)
        let server = GossipPeer(bytes: fixture.announcement(other, 1).server)
        for teller in [server, GossipPeer(bytes: [7, 7])] {
            var duty = fixture.duty(of: key)
            _ = start(&duty)
            _ = duty.committed(fixture.commitment(other, 1, by: elected), by: elected)
            let announced = duty.announced(
                fixture.announcement(other, 1), by: elected, from: teller)
            let steps = try #require(announced)
            let request = try #require(steps.compactMap(\.request).first)
            #expect(request.server == server && request.teller == teller)
            #expect(request.answerable == (teller == server ? server : nil))
        }
    }

    @Test func `the root's prover submits the root proof once`() throws {
        let root = fixture.root
        let key = try fixture.prover(of: root)
        var duty = fixture.duty(of: key)
        var steps = start(&duty)
        var submitted = 0
        var number = 10
        var seen: [String] = []
        // Every step is answered as a good network would, until nothing is left to do.
        for node in fixture.assignment.shape.nodes {
            let prover = try fixture.prover(of: node)
            guard prover != key else { continue }
            steps += try offer(node, number, by: prover, to: &duty)
            number += 1
        }
        while !steps.isEmpty {
            let step = steps.removeFirst()
            seen.append(step.text)
            switch step {
            case .prove(let task):
                number += 1
                steps += duty.proven(task, fixture.proof(number))
            case .obtain(let request): steps += duty.obtained(request, .valid)
            case .publish: break
            case .submitRoot: submitted += 1
            }
        }
        #expect(submitted == 1)
        #expect(seen.suffix(2) == ["publish \(root)", "submit root"])
        #expect(duty.advanced(to: Height(1_000)).isEmpty)
    }
}

@Suite struct ProofBookTests {
    private let fixture: ProvingFixture

    init() throws { fixture = try ProvingFixture() }

    private func pull(
        _ node: LeafRange, from book: inout ProofBook, preferring prover: OperatorKey?,
        at height: Height = Height(1)
    ) -> ProofRequest? {
        book.nextCandidate(of: node, at: height, preferring: prover) { _ in true }.map {
            ProofRequest(
                slot: Slot(1), header: fixture.header, range: node, prover: $0.prover,
                proofHash: $0.announcement.proofHash, byteCount: 1_000,
                server: GossipPeer(bytes: [1]), executed: fixture.executed)
        }
    }

    @Test func `a proof that never comes does not hold up another prover's`() throws {
        var book = ProofBook(nodeCount: 7)
        let leaf = fixture.leaves[0]
        let both = [try fixture.prover(of: leaf), try fixture.sibling(of: leaf)]
        for (number, prover) in both.enumerated() {
            _ = book.record(fixture.commitment(leaf, number, by: prover), by: prover)
            _ = book.record(fixture.announcement(leaf, number), by: prover)
        }
        for prover in both {
            let request = try #require(pull(leaf, from: &book, preferring: both[0]))
            #expect(request.prover == prover)
            book.settle(request, .unavailable(reason: "test"), at: Height(1))
        }
        #expect(pull(leaf, from: &book, preferring: both[0]) == nil)
        let later = pull(leaf, from: &book, preferring: both[0], at: Height(2))
        #expect(later?.prover == both[0])
    }

    @Test func `a prover's many proofs that never come hold up another's once`() throws {
        var book = ProofBook(nodeCount: 7)
        let leaf = fixture.leaves[0]
        let liar = try fixture.prover(of: leaf)
        let honest = try fixture.sibling(of: leaf)
        for (number, prover) in [liar, liar, liar, liar, honest].enumerated() {
            _ = book.record(fixture.commitment(leaf, number, by: prover), by: prover)
            _ = book.record(fixture.announcement(leaf, number), by: prover)
        }
        let first = try #require(pull(leaf, from: &book, preferring: liar))
        #expect(first.prover == liar)
        #expect(book.isObtainable(leaf) { $0 == liar })
        book.settle(first, .unavailable(reason: "test"), at: Height(1))
        #expect(!book.isObtainable(leaf) { $0 == liar })
        #expect(book.isObtainable(leaf) { _ in true })
        let second = try #require(pull(leaf, from: &book, preferring: liar))
        #expect(second.prover == honest)
        // While the liar's next one is pulled nobody waits for it.
        book.settle(second, .invalid(reason: "test"), at: Height(1))
        #expect(pull(leaf, from: &book, preferring: liar)?.prover == liar)
        #expect(!book.isObtainable(leaf) { _ in true })
    }

    @Test func `whoever announces another's proof cannot have it refused`() throws {
        var book = ProofBook(nodeCount: 7)
        let leaf = fixture.leaves[0]
        let owner = try fixture.prover(of: leaf)
        let thief = try fixture.sibling(of: leaf)
        for prover in [thief, owner] {
            _ = book.record(fixture.commitment(leaf, 1, by: prover), by: prover)
            _ = book.record(fixture.announcement(leaf, 1), by: prover)
        }
        let stolen = try #require(pull(leaf, from: &book, preferring: thief))
        book.settle(stolen, .invalid(reason: "test"), at: Height(1))
        let owned = pull(leaf, from: &book, preferring: thief)
        #expect(owned?.prover == owner)
    }

    @Test func `a prover has few candidates for one node, and none twice`() throws {
        let bound = NodeParameters.maximumCommitmentsPerProverAndNode
        var book = ProofBook(nodeCount: 7)
        let prover = ProvingFixture.keys[0]
        let leaf = fixture.leaves[0]
        let commitments = (0..<bound).map {
            book.record(fixture.commitment(leaf, $0, by: prover), by: prover)
        }
        #expect(commitments == Array(repeating: true, count: bound))
        let announcements = (0...bound).map {
            book.record(fixture.announcement(leaf, $0), by: prover)
        }
        #expect(announcements == Array(repeating: true, count: bound) + [false])
        let further = book.record(fixture.commitment(leaf, bound, by: prover), by: prover)
        #expect(!further)
        let other = ProvingFixture.keys[1]
        let ofAnother = book.record(fixture.commitment(leaf, bound, by: other), by: other)
        #expect(ofAnother)
        let again = book.record(fixture.commitment(leaf, bound, by: other), by: other)
        #expect(!again)
    }

    @Test func `the book has no room for more nodes than the tree has`() throws {
        var book = ProofBook(nodeCount: 2)
        let prover = ProvingFixture.keys[0]
        let recorded = fixture.leaves.prefix(3).map {
            book.record(fixture.commitment($0, 1, by: prover), by: prover)
        }
        #expect(recorded == [true, true, false])
    }

    @Test func `the elected prover's proof is told from its sibling's`() throws {
        var book = ProofBook(nodeCount: 7)
        let leaf = fixture.leaves[0]
        let both = [try fixture.sibling(of: leaf), try fixture.prover(of: leaf)]
        for (number, prover) in both.enumerated() {
            _ = book.record(fixture.commitment(leaf, number, by: prover), by: prover)
            _ = book.record(fixture.announcement(leaf, number), by: prover)
        }
        for prover in both {
            let request = try #require(pull(leaf, from: &book, preferring: prover))
            #expect(request.prover == prover)
            #expect(pull(leaf, from: &book, preferring: prover) == nil)
            book.settle(request, .valid, at: Height(1))
        }
        #expect(book.acceptedHash(of: leaf) == TestOperator.digest(0))
        #expect(book.acceptedHash(of: leaf, by: both[1]) == TestOperator.digest(1))
    }
}
