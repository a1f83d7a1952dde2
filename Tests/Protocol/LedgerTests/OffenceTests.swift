import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// Equivocation, and that one act is punished once.
@Suite struct OffenceTests {
    let reporter = LedgerWorld.provers[0]
    let offender = LedgerWorld.sequencers[0]
    let ide = LedgerWorld.ide

    func opened(_ change: (inout TestRules) -> Void = { _ in }) throws -> LedgerWorld {
        var world = try LedgerWorld(change)
        try world.tick(until: .propose)
        return world
    }

    func signedProposal(
        _ world: LedgerWorld, feeShare: UInt64, nonce: UInt64 = 1, by sender: TestOperator? = nil
    ) -> LedgerTransaction {
        let sender = sender ?? offender
        let proposal = world.proposal(of: world.header(), by: sender, feeShare: feeShare)
        return LedgerWorld.signed(
            .fernetProposal, .fernetProposal(proposal), by: sender, nonce: nonce)
    }

    func report(
        _ world: inout LedgerWorld, _ first: LedgerTransaction, _ second: LedgerTransaction
    ) throws {
        let evidence = Evidence(first: first, second: second)
        world.submit(.evidence, .evidence(evidence), by: reporter)
        try world.tick()
    }

    @Test func `two different proposals for one slot cost a tenth of the minimum stake`()
        throws
    {
        var world = try opened()
        let before = world.ledger
        try report(
            &world, signedProposal(world, feeShare: 1), signedProposal(world, feeShare: 2))
        let penalty = 10 * ide
        let reward = penalty / 20
        #expect(
            world.slashings == [
                Slashing(
                    role: .sequencer, key: offender.key, slot: Slot(0), offence: .equivocation,
                    amount: Amount(units: penalty), reporter: reporter.key)
            ])
        #expect(world.ledger.stake(of: offender.key, role: .sequencer).units == 90 * ide)
        let gained = world.ledger.balance(of: reporter.key).units + 10
        #expect(gained == before.balance(of: reporter.key).units + reward)
        #expect(world.ledger.burned == UInt128(penalty - reward + 10))
    }

    @Test func `one act is punished once`() throws {
        var world = try opened()
        let pairs = [(1, 2), (2, 1), (3, 4)] as [(UInt64, UInt64)]
        let statements = pairs.map {
            (signedProposal(world, feeShare: $0.0), signedProposal(world, feeShare: $0.1))
        }
        for (index, pair) in statements.enumerated() {
            try report(&world, pair.0, pair.1)
            #expect(world.refusals == (index == 0 ? [] : [.alreadyPunished]))
        }
        #expect(world.ledger.stake(of: offender.key, role: .sequencer).units == 90 * ide)
    }

    @Test func `another VRF proof or nonce for the same proposal is no contradiction`()
        throws
    {
        var world = try opened()
        let honest = world.proposal(of: world.header(), by: offender)
        var bytes = honest.vrfProof.bytes
        bytes[79] ^= 1
        let again = FernetProposal(
            slot: honest.slot, parent: honest.parent, blockCommitment: honest.blockCommitment,
            feeShare: honest.feeShare, vrfProof: VRFProof(bytes)!)
        let first = LedgerWorld.signed(
            .fernetProposal, .fernetProposal(honest), by: offender, nonce: 1)
        let second = LedgerWorld.signed(
            .fernetProposal, .fernetProposal(again), by: offender, nonce: 2)
        try report(&world, first, second)
        #expect(world.refusals == [.notContradictory])
    }

    @Test func `two different reveals for one slot are equivocation`() throws {
        var world = try opened()
        let pair = [LedgerWorld.digest(1), LedgerWorld.digest(2)].map { after in
            let header = world.header { $0.stateAfter = after }
            return LedgerWorld.signed(
                .blockReveal, .blockReveal(BlockReveal(header: header, body: [])), by: offender,
                nonce: 1)
        }
        try report(&world, pair[0], pair[1])
        #expect(world.slashings.map(\.amount.units) == [10 * ide])
    }

    @Test func `an act punished already pays only what the larger penalty has more`()
        throws
    {
        var world = try opened()
        try world.race(world.header(), [offender])
        while world.skips.isEmpty { try world.tick() }
        #expect(world.slashings.map(\.amount.units) == [ide])
        let pair = [LedgerWorld.digest(1), LedgerWorld.digest(2)].map { after in
            let header = world.header {
                $0.slot = Slot(0)
                $0.stateAfter = after
            }
            return LedgerWorld.signed(
                .blockReveal, .blockReveal(BlockReveal(header: header, body: [])), by: offender,
                nonce: 9)
        }
        try report(&world, pair[0], pair[1])
        #expect(world.slashings.map(\.amount.units) == [9 * ide])
        #expect(world.ledger.stake(of: offender.key, role: .sequencer).units == 90 * ide)
    }

    @Test func `evidence must hold two signatures of one key over one duty`() throws {
        var world = try opened()
        let first = signedProposal(world, feeShare: 1)
        let second = signedProposal(world, feeShare: 2)
        let forged = LedgerTransaction(
            networkID: second.networkID, key: second.key, nonce: second.nonce, kind: second.kind,
            bodyBytes: second.bodyBytes, signature: first.signature, body: second.body)
        let other = signedProposal(world, feeShare: 2, by: LedgerWorld.sequencers[1])
        let undecoded = LedgerWorld.signed(.fernetProposal, nil, by: offender, nonce: 1)
        let commit = LedgerWorld.signed(
            .fernetCommit,
            .fernetCommit(FernetCommit(slot: Slot(0), proposalHash: .zero)), by: offender,
            nonce: 1)
        let reveal = LedgerWorld.signed(
            .blockReveal, .blockReveal(BlockReveal(header: world.header(), body: [])),
            by: offender, nonce: 1)
        let cases: [(LedgerTransaction, Refusal)] = [
            (forged, .evidenceUnsigned), (other, .evidenceMalformed),
            (undecoded, .evidenceMalformed), (commit, .evidenceMalformed),
            (reveal, .notContradictory), (first, .notContradictory),
        ]
        for (statement, refusal) in cases {
            try report(&world, first, statement)
            #expect(world.refusals == [refusal])
        }
        #expect(world.ledger.stake(of: offender.key, role: .sequencer).units == 100 * ide)
    }

    @Test func `evidence of another network is refused`() throws {
        var world = try opened()
        let other = NetworkID(genesisNonce: [9])
        let pair = ([1, 2] as [UInt64]).map { feeShare in
            LedgerWorld.signed(
                .fernetProposal,
                .fernetProposal(
                    world.proposal(of: world.header(), by: offender, feeShare: feeShare)),
                by: offender, nonce: 1, networkID: other)
        }
        try report(&world, pair[0], pair[1])
        #expect(world.refusals == [.evidenceMalformed])
    }

    @Test func `evidence of a key without a stake is refused`() throws {
        var world = try opened()
        let stranger = LedgerWorld.stranger
        try report(
            &world, signedProposal(world, feeShare: 1, by: stranger),
            signedProposal(world, feeShare: 2, by: stranger))
        #expect(world.refusals == [.nothingAtStake])
    }

    @Test func `evidence expires, and none counts before its slot opened`() throws {
        var world = try opened { $0.evidenceExpiryTicks = 5 }
        let first = signedProposal(world, feeShare: 1)
        let second = signedProposal(world, feeShare: 2)
        let ahead = ([1, 2] as [UInt64]).map { feeShare in
            let header = world.header { $0.slot = Slot(500) }
            let proposal = world.proposal(of: header, by: offender, feeShare: feeShare)
            return FernetProposal(
                slot: Slot(500), parent: proposal.parent,
                blockCommitment: proposal.blockCommitment, feeShare: proposal.feeShare,
                vrfProof: proposal.vrfProof)
        }.map {
            LedgerWorld.signed(.fernetProposal, .fernetProposal($0), by: offender, nonce: 1)
        }
        try report(&world, ahead[0], ahead[1])
        #expect(world.refusals == [.evidenceExpired])
        for _ in 0..<12 { try world.tick() }
        try report(&world, first, second)
        #expect(world.refusals == [.evidenceExpired])
    }

    @Test func `who reports itself gets nothing back`() throws {
        var world = try opened()
        let gift = Transfer(recipient: offender.key, amount: Amount(units: 1_000))
        world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
        try world.tick()
        let evidence = Evidence(
            first: signedProposal(world, feeShare: 1), second: signedProposal(world, feeShare: 2))
        world.submit(.evidence, .evidence(evidence), by: offender)
        try world.tick()
        #expect(world.ledger.balance(of: offender.key).units == 990)
        #expect(world.ledger.burned == UInt128(10 * ide + 20))
    }

    @Test func `a penalty is capped at the stake`() throws {
        var world = try LedgerWorld({ $0.lag = 0 }, genesis: { $0.sequencers.removeLast(2) })
        try world.tick()
        var taken: UInt64 = 0
        for slot in 0..<12 as Range<UInt64> {
            while world.ledger.slot!.slot < Slot(slot) { try world.tick() }
            let evidence = Evidence(
                first: signedProposal(world, feeShare: 1),
                second: signedProposal(world, feeShare: 2))
            world.submit(.evidence, .evidence(evidence), by: reporter)
            try world.tick()
            taken += world.slashings.map(\.amount.units).reduce(0, +)
        }
        #expect(taken == 100 * ide && world.refusals == [.nothingAtStake])
    }
}
