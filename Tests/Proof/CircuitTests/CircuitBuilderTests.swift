import Circuit
import Field
import Hash
import SansIO
import Testing

/// Builds with `body`, which also sets the witness, and checks the rows.
func violation(
    degreeBits: Int = 7, _ body: (inout CircuitBuilder, inout PartialWitness) -> Void
) throws -> ConstraintViolation? {
    var builder = CircuitBuilder()
    var witness = PartialWitness()
    body(&builder, &witness)
    let table = try builder.buildTable(degreeBits: degreeBits)
    return table.firstViolation(witness)
}

extension CircuitBuilder {
    mutating func input(_ value: Goldilocks, _ witness: inout PartialWitness) -> Target {
        let target = addVirtualTarget()
        witness.set(target, to: value)
        return target
    }

    mutating func inputs(
        _ values: [Goldilocks], _ witness: inout PartialWitness
    ) -> [Target] {
        values.map { input($0, &witness) }
    }
}

struct CircuitBuilderTests {
    @Test(arguments: [0, 1, 7, 0xFFFF_FFFF_0000_0000] as [UInt64])
    func `arithmetic in the circuit is the field's`(value: UInt64) throws {
        let x = Goldilocks(value)
        let y = Goldilocks(0x1234_5678_9ABC)
        let broken = try violation { builder, witness in
            let (a, b) = (builder.input(x, &witness), builder.input(y, &witness))
            let results = [
                (builder.add(a, b), x + y), (builder.sub(a, b), x - y), (builder.mul(a, b), x * y),
                (builder.mulAdd(a, b, a), x * y + x), (builder.sum([a, b, a]), x + y + x),
                (builder.add(a, 5), x + 5), (builder.mul(a, by: 9), x * 9),
                (builder.isZero(a).target, x.isZero ? .one : .zero),
                (builder.isEqual(a, a).target, .one), (builder.isEqual(a, b).target, .zero),
            ]
            for (target, expected) in results {
                let expected = builder.constant(expected)
                builder.assertEqual(target, expected)
            }
        }
        #expect(broken == nil)
    }

    @Test func `a wrong sum breaks a row`() throws {
        let broken = try violation { builder, witness in
            let (a, b) = (builder.input(3, &witness), builder.input(4, &witness))
            let sum = builder.add(a, b)
            let eight = builder.constant(8)
            builder.assertEqual(sum, eight)
        }
        #expect(broken != nil)
    }

    @Test(arguments: [(0, 0), (0, 1), (1, 0), (1, 1)])
    func `boolean operations have their truth tables`(first: Int, second: Int) throws {
        let broken = try violation { builder, witness in
            let (a, b) = (builder.addBool(), builder.addBool())
            witness.set(a, to: first == 1)
            witness.set(b, to: second == 1)
            let (x, y) = (builder.constant(10), builder.constant(20))
            let results: [(Target, Int)] = [
                (builder.and(a, b).target, first & second),
                (builder.or(a, b).target, first | second),
                (builder.not(a).target, 1 - first),
                (builder.select(a, x, y), first == 1 ? 10 : 20),
            ]
            for (target, expected) in results {
                let expected = builder.constant(Goldilocks(UInt64(expected)))
                builder.assertEqual(target, expected)
            }
        }
        #expect(broken == nil)
    }

    @Test func `a boolean of two is refused`() throws {
        let broken = try violation { builder, witness in
            let bit = builder.addBool()
            witness.set(bit.target, to: 2)
        }
        #expect(broken != nil)
    }

    @Test func `equality is demanded only where its condition holds`() throws {
        for (condition, isRefused) in [(true, true), (false, false)] {
            let broken = try violation { builder, witness in
                let bit = builder.addBool()
                witness.set(bit, to: condition)
                let (a, b) = (builder.input(1, &witness), builder.input(2, &witness))
                builder.assertEqual(a, b, where: bit)
            }
            #expect((broken != nil) == isRefused)
        }
    }

    @Test func `zero has no inverse in the circuit`() throws {
        for (value, isRefused) in [(0, true), (5, false)] as [(UInt64, Bool)] {
            let broken = try violation { builder, witness in
                let target = builder.input(Goldilocks(value), &witness)
                builder.assertNonZero(target)
            }
            #expect((broken != nil) == isRefused)
        }
    }

    @Test(arguments: [0, 1, 8, 9, 17])
    func `the sponge in the circuit is the host's`(length: Int) throws {
        let values = (0..<length).map { Goldilocks(UInt64($0) * 0x1_0000_0001) }
        let expected = hash(domain: "test", values)
        let broken = try violation { builder, witness in
            let targets = builder.inputs(values, &witness)
            let digest = builder.hash(domain: "test", targets)
            let known = builder.constant(expected)
            builder.assertEqual(digest, known)
        }
        #expect(broken == nil)
    }

    @Test func `compression in the circuit is the host's, from either side`() throws {
        let left = hash(domain: "test", [1])
        let right = hash(domain: "test", [2])
        for swapped in [false, true] {
            let expected = swapped ? compress(right, left) : compress(left, right)
            let broken = try violation { builder, witness in
                let swap = builder.addBool()
                witness.set(swap, to: swapped)
                let (l, r) = (builder.constant(left), builder.constant(right))
                let root = builder.merkleRoot(leaf: l, siblings: [r], position: [swap])
                let known = builder.constant(expected)
                builder.assertEqual(root, known)
            }
            #expect(broken == nil)
        }
    }

    @Test func `a target that nobody sets is reported`() throws {
        var builder = CircuitBuilder()
        let target = builder.addVirtualTarget()
        _ = builder.add(target, target)
        let table = try builder.buildTable(degreeBits: 5)
        #expect(throws: CircuitError.self) { _ = try table.completing(PartialWitness()) }
    }

    @Test func `a circuit that doesn't fit says how many rows it needs`() throws {
        var builder = CircuitBuilder()
        let zero = builder.zero()
        for _ in 0..<40 { _ = builder.permute([Target](repeating: zero, count: 12)) }
        let frozen = builder
        #expect(throws: CircuitError.doesNotFit(rows: 43, available: 32)) {
            _ = try frozen.buildTable(degreeBits: 5)
        }
    }

    @Test func `the same calls give the same table`() throws {
        func table() throws -> ExecutionTable {
            var builder = CircuitBuilder()
            let inputs = builder.addVirtualTargets(3)
            builder.registerPublicInputs(builder.hash(domain: "test", inputs))
            return try builder.buildTable(degreeBits: 4)
        }
        let (first, second) = (try table(), try table())
        #expect(first.gates == second.gates)
        #expect(first.usedRowCount == second.usedRowCount)
    }
}

struct BitSplitTests {
    @Test(arguments: [1, 8, 32, 62, 63], [0, 1, 2] as [UInt64])
    func `a value splits into its bits or is refused`(bitCount: Int, offset: UInt64) throws {
        // 2^n − 1 fits, 2^n and 2^n + 1 don't.
        let value = (UInt64(1) << UInt64(bitCount)) - 1 + offset
        let broken = try violation { builder, witness in
            let target = builder.input(Goldilocks(value), &witness)
            let bits = builder.splitLittleEndian(target, bitCount: bitCount)
            let sum = builder.composeLittleEndian(bits)
            builder.assertEqual(sum, target)
            builder.rangeCheck(target, bitCount: bitCount)
        }
        #expect((broken == nil) == (offset == 0))
    }

    @Test(
        arguments: [
            0, 1, 0xFFFF_FFFE, 0xFFFF_FFFF, 1 << 63, 0xFFFF_FFFE_FFFF_FFFF,
            0xFFFF_FFFF_0000_0000,
        ] as [UInt64])
    func `a split of 64 bits is the canonical one`(value: UInt64) throws {
        let broken = try violation { builder, witness in
            let target = builder.input(Goldilocks(value), &witness)
            let bits = builder.splitLittleEndian(target, bitCount: 64)
            for (index, bit) in bits.enumerated() {
                let expected = builder.constant(Goldilocks(value >> UInt64(index) & 1))
                builder.assertEqual(bit.target, expected)
            }
        }
        #expect(broken == nil)
    }

    @Test(arguments: [0, 1, 0xFFFF_FFFE] as [UInt64])
    func `the second form of a small value's 64 bits is refused`(value: UInt64) throws {
        // The prover names the bits of value + p: everything but the canonicity check agrees.
        let alias = value + Goldilocks.modulus
        let broken = try violation { builder, witness in
            let target = builder.input(Goldilocks(value), &witness)
            let bits = builder.splitLittleEndian(target, bitCount: 64)
            for (index, bit) in bits.enumerated() {
                witness.set(bit, to: alias >> UInt64(index) & 1 == 1)
            }
        }
        #expect(broken != nil)
    }
}
