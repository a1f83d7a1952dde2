import Circuit
import Field
import IOP
import Payments
import PaymentsCircuit
import Primitives
import Testing

/// A way to cheat in a leaf, by a prover that skips all its own checks.
struct LeafForgery: CustomTestStringConvertible, Sendable {
    let name: String
    /// Leaf inputs of a forge in which accounts 0 and 1 hold 60 and 9.
    let input: @Sendable (inout Forge) throws -> LeafInput

    var testDescription: String { name }

    private init(
        _ name: String, _ input: @escaping @Sendable (inout Forge) throws -> LeafInput
    ) {
        self.name = name
        self.input = input
    }

    static let all = [
        LeafForgery("a payment that nobody signed") { forge in
            var payment = try forge.pay(0, to: 1, amount: 5)
            payment.amount = Amount(units: 50)
            return forge.leaf([payment])
        },
        LeafForgery("more than the balance") { forge in
            forge.leaf([try forge.pay(0, to: 1, amount: 60)])
        },
        LeafForgery("more than the balance, to oneself") { forge in
            forge.leaf([try forge.pay(0, to: 0, amount: 60)])
        },
        LeafForgery("to oneself, credited without the debit") { forge in
            var input = forge.leaf([try forge.pay(0, to: 0, amount: 5)])
            input.payments[0].recipient = input.payments[0].sender
            return input
        },
        LeafForgery("the same money twice in a leaf") { forge in
            let payments = try [
                forge.pay(0, to: 1, amount: 55), forge.pay(0, to: 1, amount: 55, nonce: 1),
            ]
            var input = forge.leaf(payments)
            input.payments[1] = forge.leaf([payments[1]]).payments[0]
            return input
        },
        LeafForgery("the same payment twice in a leaf") { forge in
            let payment = try forge.pay(0, to: 1, amount: 5)
            return forge.leaf([payment, payment])
        },
        LeafForgery("another nonce") { forge in
            forge.leaf([try forge.pay(0, to: 1, amount: 5, nonce: 1)])
        },
        LeafForgery("a balance that overflows") { forge in
            forge.accounts[1]?.balance = Amount(units: PaymentLimits.amountEnd - 1)
            return forge.leaf([try forge.pay(0, to: 1, amount: 1)])
        },
        LeafForgery("an amount that wraps") { forge in
            forge.leaf([
                try forge.pay(0, to: 1, amount: Goldilocks.modulus - 5, fee: 0)
            ])
        },
        LeafForgery("padding first") { forge in forge.leaf([]) },
        LeafForgery("padding that is half a payment") { forge in
            let payments = try [
                forge.pay(0, to: 1, amount: 5), forge.pay(0, to: 1, amount: 5, nonce: 1),
            ]
            var input = forge.leaf(payments)
            input.payments[1].isActive = 2
            return input
        },
        LeafForgery("an account opened out of turn") { forge in
            forge.leaf([try forge.pay(0, to: 3, amount: 1, opening: altered(.zero))])
        },
        LeafForgery("a new account that begins with money") { forge in
            var input = forge.leaf([try forge.pay(0, to: 2, amount: 1, opening: altered(.zero))])
            input.payments[0].recipient.balance = Amount(units: 1000)
            return input
        },
    ]
}

@Suite(.serialized) struct LeafForgeryTests {
    private struct Circuits: Sendable {
        let circuit: LeafCircuit
        let table: LeafTable
    }

    private static let circuits = Result {
        let parameters = try Forge.parameters()
        return Circuits(
            circuit: try LeafCircuit(
                parameters: parameters, profile: .tiny.with(degreeBits: 10)),
            table: try LeafTable(parameters: parameters, degreeBits: 10))
    }

    private let circuit: LeafCircuit
    private let table: LeafTable

    init() throws {
        let circuits = try Self.circuits.get()
        circuit = circuits.circuit
        table = circuits.table
    }

    /// Whether the verifier takes the proof of `input` for what its rows compute.
    private func verify(_ input: LeafInput) throws {
        let claim = table.table.completingUnchecked(table.witness(input)).publicInputs
        try CircuitVerifier.verify(
            proofBytes: circuit.proveUnchecked(input), publicInputs: claim,
            key: circuit.verifyingKey)
    }

    /// Control of the test below, with what looks odd and is allowed: oneself, nothing, an account
    /// twice, padding.
    @Test func `honest leaves prove what the cheats claim`() throws {
        var forge = try Forge(balances: [60, 9])
        let payments = try [
            forge.pay(0, to: 0, amount: 59), forge.pay(0, to: 0, amount: 0, fee: 0, nonce: 1),
        ]
        #expect(forge.refusal(of: payments) == nil)
        try verify(forge.leaf(payments))
        try verify(forge.leaf([payments[0]]))
    }

    @Test(arguments: LeafForgery.all)
    func `the verifier catches a prover that skips its own checks`(forgery: LeafForgery) throws {
        var forge = try Forge(balances: [60, 9])
        let input = try forgery.input(&forge)
        #expect(throws: CircuitError.constraintsBroken) { try verify(input) }
    }
}
