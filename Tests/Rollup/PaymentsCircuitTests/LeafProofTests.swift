import Circuit
import Cryptography
import IOP
import Payments
import PaymentsCircuit
import Primitives
import Testing

/// Whole proofs: what `LeafCircuit` proves, its key takes, and nothing else.
@Suite(.serialized) struct LeafProofTests {
    @Test func `each leaf of a block is proven, padding included`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        for leaf in example.block.leaves {
            let bytes = try example.prove(leaf)
            #expect(bytes.count == CircuitProof.byteCount(key: example.circuit.verifyingKey))
            try example.verify(bytes, example.statement(leaf))
        }
    }

    @Test func `a proof proves no other statement`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        let leaf = example.block.leaves[0]
        let bytes = try example.prove(leaf)
        let statement = example.statement(leaf)
        let others = [
            example.statement(leaf, prover: OperatorKey(.zero)),
            example.statement(example.block.leaves[1]),
            NodeStatement(
                blockID: statement.blockID, range: statement.range,
                stateBefore: statement.stateBefore, stateAfter: statement.stateAfter,
                paymentRoot: statement.paymentRoot, proverID: statement.proverID,
                contribution: statement.contribution,
                feeSum: Amount(units: statement.feeSum.units + 1), ownKey: .zero),
        ]
        for other in others {
            #expect(throws: CircuitError.self) {
                try example.verify(bytes, other)
            }
        }
    }

    @Test func `the same leaf and prover give the same bytes`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        let leaf = example.block.leaves[1]
        let bytes = try example.prove(leaf)
        #expect(try example.prove(leaf) == bytes)
    }

    @Test func `the verifier rejects what a prover without checks proves`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        var input = LeafInput(
            leaf: example.block.leaves[0], header: example.header,
            parameters: example.circuit.parameters, prover: Forge.prover)
        input.payments[0].payment.signature[5] = altered(
            input.payments[0].payment.signature[5])
        let bytes = try example.circuit.proveUnchecked(input)
        #expect(throws: CircuitError.self) {
            try example.verify(
                bytes, example.statement(example.block.leaves[0]))
        }
    }

    @Test func `an honest prover refuses a leaf of another block's parameters`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        let elsewhere = try RollupParameters(
            networkID: NetworkID(genesisNonce: [1]), accountTreeDepth: 4, keyTreeHeight: 3,
            leafCapacity: 2, maximumLeafCount: 4)
        let circuit = try LeafCircuit(
            parameters: elsewhere, profile: .tiny.with(degreeBits: 10))
        #expect(throws: CircuitError.self) {
            _ = try circuit.prove(
                example.block.leaves[0], of: example.header, prover: Forge.prover,
                progress: { _, _ in }, isCancelled: { false })
        }
    }

    @Test func `a cancelled proof is an error`() throws {
        let example = try Example(profile: .tiny.with(degreeBits: 10))
        #expect(throws: CircuitError.cancelled) {
            _ = try example.circuit.prove(
                example.block.leaves[0], of: example.header, prover: Forge.prover,
                progress: { _, _ in }, isCancelled: { true })
        }
    }

    @Test func `circuits of other parameters have other keys`() throws {
        let profile = ProofProfile.tiny.with(degreeBits: 11)
        let keys = try [(4, 3, 2), (5, 3, 2), (4, 4, 2), (4, 3, 3)].map {
            try LeafCircuit(
                parameters: Forge.parameters(depth: $0, height: $1, capacity: $2),
                profile: profile
            ).verifyingKey.digest
        }
        for key in keys { #expect(keys.count { $0 == key } == 1) }
    }

    @Test func `the degree bits of the parameters are the least that fit`() throws {
        let parameters = try Forge.parameters()
        let bits = LeafCircuit.degreeBits(for: parameters)
        #expect(try LeafTable(parameters: parameters, degreeBits: bits).table.usedRowCount > 0)
        #expect(throws: CircuitError.self) {
            _ = try LeafTable(parameters: parameters, degreeBits: bits - 1)
        }
    }

    @Test func `a full leaf is proven in the fast profile`() throws {
        let parameters = try Forge.parameters(depth: 24, height: 10, capacity: 24)
        #expect(LeafCircuit.degreeBits(for: parameters) == ProofProfile.fast.degreeBits)
        let example = try Example(
            profile: .fast, depth: 24, height: 4, capacity: 24, paymentCount: 24)
        let leaf = example.block.leaves[0]
        let bytes = try example.prove(leaf)
        try example.verify(bytes, example.statement(leaf))
    }

    // MARK: Rooms

    private struct Example {
        let circuit: LeafCircuit
        let block: ExecutedBlock
        let header: BlockHeader

        init(
            profile: ProofProfile, depth: Int = 4, height: Int = 3, capacity: Int = 2,
            paymentCount: Int = 3
        ) throws {
            let parameters = try Forge.parameters(
                depth: depth, height: height, capacity: capacity)
            circuit = try LeafCircuit(parameters: parameters, profile: profile)
            var wallets = try (0..<2).map {
                try Wallet(
                    seed: .zero, keyState: WalletKeyState(newAccount: UInt32($0)),
                    parameters: parameters)
            }
            let state = try RollupState(
                accounts: wallets.map {
                    Account(openedBy: $0.authenticationKey, balance: Amount(units: 1000))
                }, parameters: parameters)
            var payments: [Payment] = []
            for index in 0..<paymentCount {
                let order = PaymentOrder(
                    recipient: index % 3 == 0 ? 0 : 1, recipientKey: nil,
                    amount: Amount(units: UInt64(index)), fee: Amount(units: 2),
                    nonce: UInt64(index / 2))
                payments.append(try wallets[index % 2].sign(order))
            }
            block = try BlockExecutor.execute(payments, on: state)
            header = block.header(
                slot: Slot(3), round: 0, parent: BlockID(.zero), bodyHash: .zero)
        }

        func verify(_ bytes: [UInt8], _ statement: NodeStatement) throws(CircuitError) {
            try CircuitVerifier.verify(
                proofBytes: bytes, publicInputs: statement.publicInputs,
                key: circuit.verifyingKey)
        }

        func prove(_ leaf: ExecutedLeaf) throws -> [UInt8] {
            try circuit.prove(
                leaf, of: header, prover: Forge.prover, progress: { _, _ in },
                isCancelled: { false })
        }

        func statement(
            _ leaf: ExecutedLeaf, prover: OperatorKey = Forge.prover
        ) -> NodeStatement {
            NodeStatement(
                leaf: leaf,
                blockID: BlockIdentity.blockID(of: header, networkID: Forge.networkID),
                prover: prover)
        }
    }
}
