import Cryptography
import NetworkFile
import NodeAPI
import Payments
import Primitives

/// What a payer asks a node before it signs and after it has paid.
struct PaymentDesk: Sendable {
    let client: NodeAPIClient
    let network: NetworkDescription

    /// Throws unless the node is one of the network file's network: signing for another one would
    /// only waste a key.
    func checkNetwork() async throws {
        let status = try await client.status()
        guard status.networkId == network.networkID.hex,
            status.policyHash == network.policyHash.hex
        else {
            throw CommandFailure(
                .usage,
                "the node at \(client.address.url) is of network \(status.networkId) with policy "
                    + "\(status.policyHash), but the network file is of \(network.networkID) with "
                    + "\(network.policyHash)")
        }
    }

    func account(_ number: UInt32) async throws -> AccountAnswer {
        guard let account = try await client.account(number) else {
            throw CommandFailure(.usage, "nobody has opened account \(number)")
        }
        return account
    }

    func checkRecipient(_ number: UInt32, isOpened: Bool) async throws {
        let exists = try await client.account(number) != nil
        guard exists != isOpened else {
            throw CommandFailure(
                .usage,
                exists
                    ? "account \(number) exists: leave out --open"
                    : "nobody has opened account \(number): a payment opens it with --open and the "
                        + "authentication key of its owner")
        }
    }

    /// Asks each second. Throws where another payment took this one's nonce, and after `timeout`.
    func waitUntilFinal(_ payment: Payment, timeout: Duration) async throws {
        let deadline = ContinuousClock.now + timeout
        while true {
            guard ContinuousClock.now < deadline else {
                throw NegativeResult(
                    message: "the payment is not final after \(timeout.components.seconds) s; the "
                        + "node holds it, and it may still become final: nonce \(payment.nonce) "
                        + "of account \(payment.sender) is the one to look for")
            }
            let account = try await account(payment.sender)
            if account.nonce == payment.nonce + 1,
                account.nextKeyIndex != UInt64(payment.keyIndex) + 1
            {
                throw NegativeResult(
                    message: "another payment with nonce \(payment.nonce) became final instead")
            }
            if account.nonce > payment.nonce { return }
            try await Task.sleep(for: .seconds(1))
        }
    }
}

extension Account {
    /// Throws where the node's answer is no account.
    init(_ answer: AccountAnswer) throws {
        guard let key = FieldDigest(hex: answer.authenticationKey) else {
            throw CommandFailure(
                .environment, "the node answers a key that is none: \(answer.authenticationKey)")
        }
        self.init(
            authenticationKey: key, balance: Amount(units: answer.balanceUnits),
            nonce: answer.nonce, nextKeyIndex: answer.nextKeyIndex)
    }
}
