import Cryptography
import Ledger
import Primitives
import ProverElection
import SansIO
import Sequencing
import TestSupport
import Testing
import VRF

/// What holds for every log.
@Suite struct LawTests {
    /// Plays `blocks` random log blocks, half sense and half nonsense; returns them with the
    /// answers that the shell gave and the root after each.
    private func play(
        seed: UInt64, blocks: Int
    ) throws -> (world: LedgerWorld, log: [(LogBlock, LedgerVerdicts)], roots: [Digest]) {
        var world = try LedgerWorld { $0.forfeit = seed % 2 == 0 ? .burn : .nextBlock }
        var chaos = Chaos(seed: seed)
        var log: [(LogBlock, LedgerVerdicts)] = []
        var roots: [Digest] = []
        for _ in 0..<blocks {
            let block = world.block(of: chaos.transactions(in: world))
            let verdicts = world.answers(to: world.ledger.judgements(neededFor: block))
            _ = try world.ledger.apply(block, verdicts: verdicts)
            log.append((block, verdicts))
            roots.append(world.ledger.root)
            #expect(world.ledger.minted - world.ledger.burned == world.total)
        }
        return (world, log, roots)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `money is conserved and no log halts the ledger`(seed: UInt64) throws {
        let (world, _, _) = try play(seed: seed, blocks: 350)
        // A run in which nothing happens would prove nothing; genesis registrants have no date.
        #expect(world.ledger.registrants.contains { $0.registeredAt != nil })
        #expect(world.ledger.finalBlockCount > 3 && world.ledger.skippedSlotCount > 3)
        #expect(world.ledger.burned > 0)
    }

    @Test func `the same log gives the same roots`() throws {
        let (world, log, roots) = try play(seed: 9, blocks: 150)
        var replay = try LedgerWorld { $0.forfeit = .nextBlock }.ledger
        for (entry, root) in zip(log, roots) {
            _ = try replay.apply(entry.0, verdicts: entry.1)
            #expect(replay.root == root)
        }
        #expect(replay == world.ledger)
        var distinct = roots.sorted()
        distinct = zip(distinct, distinct.dropFirst()).filter { $0 == $1 }.map(\.0)
        #expect(distinct.isEmpty)
    }

    @Test func `judging changes nothing`() throws {
        var world = try LedgerWorld()
        var chaos = Chaos(seed: 4)
        for _ in 0..<50 {
            let block = world.block(of: chaos.transactions(in: world))
            let before = world.ledger
            let judgements = world.ledger.judgements(neededFor: block)
            #expect(world.ledger == before)
            _ = try world.ledger.apply(block, verdicts: world.answers(to: judgements))
        }
    }

    @Test func `a slot's end, whichever, opens the next at the next height`() throws {
        var world = try LedgerWorld()
        var chaos = Chaos(seed: 6)
        var open: SlotState?
        for _ in 0..<200 {
            let block = world.block(of: chaos.transactions(in: world))
            let verdicts = world.answers(to: world.ledger.judgements(neededFor: block))
            let events = try world.ledger.apply(block, verdicts: verdicts)
            let slot = try #require(world.ledger.slot)
            if let open, open.slot != slot.slot {
                #expect(slot.slot == open.slot.advanced(by: 1))
                #expect(slot.openingHeight == world.ledger.nextHeight)
                let ends = events.filter { event in
                    switch event {
                    case .finalised, .skipped: true
                    default: false
                    }
                }
                #expect(ends.count == 1)
            }
            open = slot
        }
    }
}

/// Moves that make sense in the phase, and moves that make none.
private struct Chaos {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    mutating func transactions(in world: LedgerWorld) -> [LedgerTransaction] {
        var drafts = sense(in: world)
        for _ in 0..<3 where chance(50) { drafts.append(nonsense(in: world)) }
        drafts.shuffle(using: &generator)
        var next: [OperatorKey: UInt64] = [:]
        return drafts.map { sender, kind, body in
            let nonce = next[sender.key] ?? world.ledger.nonce(of: sender.key) + 1
            next[sender.key] = nonce + 1
            let isLost = chance(3)
            return LedgerWorld.signed(
                kind, body, by: sender, nonce: isLost ? generator.next() : nonce)
        }
    }

    typealias Draft = (TestOperator, TransactionKind, LedgerBody?)

    private mutating func sense(in world: LedgerWorld) -> [Draft] {
        let absent = LedgerWorld.provers.filter {
            world.ledger.registrant(.prover, $0.key) == nil
        }
        return absent.map(registration) + move(in: world)
    }

    /// Who has left comes back.
    private func registration(of prover: TestOperator) -> Draft {
        let input = VRFInput.registration(
            networkID: LedgerWorld.networkID, operatorKey: prover.key)
        let registration = Registration(
            role: .prover, vrfKey: prover.vrfKey, stake: Amount(units: 100 * LedgerWorld.ide),
            possession: prover.vrf.prove(input).proof)
        return (prover, .register, .register(registration))
    }

    private mutating func move(in world: LedgerWorld) -> [Draft] {
        guard let slot = world.ledger.slot, let phase = world.ledger.phase else { return [] }
        let header = world.header(leafCount: Int(slot.slot.number % 9))
        let asleep = slot.slot.number % 7 == 3
        switch phase {
        case .propose:
            return LedgerWorld.sequencers.filter { _ in !asleep && chance(60) }.map {
                let seal = world.seal(of: world.proposal(of: header, by: $0), by: $0)
                return ($0, .fernetCommit, .fernetCommit(seal))
            }
        case .open:
            return LedgerWorld.sequencers.map {
                let proposal = world.proposal(of: header, by: $0)
                return ($0, .fernetProposal, .fernetProposal(proposal))
            }
        case .reveal:
            guard chance(70) else { return [] }
            let reveal = BlockReveal(
                header: header, body: LedgerWorld.body(ofSlot: header.slot))
            let election = world.election(
                of: LedgerWorld.blockID(of: header), by: world.leader)
            return [
                (world.leader, .blockReveal, .blockReveal(reveal)),
                (world.leader, .election, .election(election)),
            ]
        case .proving:
            guard chance(25) else { return [] }
            return [proof(in: world)]
        case .ended:
            return []
        }
    }

    /// Of the assigned provers, or with siblings where their step is open.
    private mutating func proof(in world: LedgerWorld) -> Draft {
        let elected = world.ledger.slot!.elected!
        let isLate = chance(60)
        let contributions = world.contributions { node, assigned in
            let opens = elected.ladder.height(ofStep: 1, on: node)
            guard isLate, world.ledger.nextHeight >= opens else { return assigned }
            return elected.assignment.sibling(of: node) ?? assigned
        }
        return (LedgerWorld.faucet, .rootProof, .rootProof(world.rootProof(contributions)))
    }

    private mutating func nonsense(in world: LedgerWorld) -> Draft {
        let sender = LedgerWorld.everybody.randomElement(using: &generator)!
        let kind = TransactionKind.allCases.randomElement(using: &generator)!
        return (sender, kind, chance(10) ? nil : body(kind, by: sender, in: world))
    }

    private mutating func body(
        _ kind: TransactionKind, by sender: TestOperator, in world: LedgerWorld
    ) -> LedgerBody {
        let number = chance(50) ? generator.next() : generator.next() % 8
        let slot = chance(50) ? world.ledger.slot?.slot ?? Slot(0) : Slot(number)
        let digest = Digest(Bytes32(words: number, 0, 0, 0))
        let junkProof = VRFProof([UInt8](repeating: UInt8(number % 256), count: 80))!
        let blockID = BlockID(LedgerWorld.digest(number % 100))
        let amount = Amount(units: chance(50) ? number : number % 1_000)
        let key = LedgerWorld.everybody.randomElement(using: &generator)!.key
        var header = world.header()
        header.slot = slot
        header.leafCount = Int(truncatingIfNeeded: number)
        switch kind {
        case .transfer: return .transfer(Transfer(recipient: key, amount: amount))
        case .register:
            return .register(
                Registration(
                    role: .prover, vrfKey: sender.vrfKey, stake: amount, possession: junkProof))
        case .intents: return .intents([])
        case .fernetCommit:
            return .fernetCommit(FernetCommit(slot: slot, proposalHash: digest))
        case .fernetProposal:
            return .fernetProposal(
                FernetProposal(
                    slot: slot, parent: blockID, blockCommitment: digest, feeShare: .zero,
                    vrfProof: junkProof))
        case .blockReveal: return .blockReveal(BlockReveal(header: header, body: [1]))
        case .election:
            return .election(Election(slot: slot, blockID: blockID, vrfProof: junkProof))
        case .proofCommitment:
            return .proofCommitment(
                ProofCommitment(
                    slot: slot, range: LeafRange(first: Int(number % 9), count: 1)!,
                    commitment: digest))
        case .rootProof:
            return .rootProof(
                RootProof(
                    slot: slot, blockID: blockID, proof: [],
                    contributions: Contributions(leaves: [], merges: [key])))
        case .evidence:
            let first = LedgerWorld.signed(
                .fernetProposal, body(.fernetProposal, by: sender, in: world), by: sender,
                nonce: 1)
            let second = LedgerWorld.signed(
                .fernetProposal, body(.fernetProposal, by: sender, in: world), by: sender,
                nonce: 1)
            return .evidence(Evidence(first: first, second: second))
        case .exit: return .exit(Exit(role: chance(30) ? .prover : .builder))
        }
    }
}
