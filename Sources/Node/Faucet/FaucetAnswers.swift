/// What is sent to `POST /faucet`.
package struct FaucetRequest: Codable, Hashable, Sendable {
    package var operatorKey: String

    package init(operatorKey: String) { self.operatorKey = operatorKey }
}

/// What `POST /faucet` answers: a payment that is written down and will be on the log.
package struct FaucetPayment: Codable, Hashable, Sendable {
    package var operatorKey: String
    package var amountUnits: UInt64
    package var transactionId: String
    /// False where the key was paid by an earlier request: it gets no more.
    package var isNew: Bool
}

/// What `GET /faucet` answers.
package struct FaucetTermsAnswer: Codable, Hashable, Sendable {
    package var networkId: String
    /// Whose account pays.
    package var faucetKey: String
    /// What one key gets, once.
    package var amountUnits: UInt64
    package var grantCount: Int
    package var maximumGrants: Int
}

/// The body of every other answer.
package struct FaucetRefusalAnswer: Codable, Hashable, Sendable {
    /// `badKey`, `malformed`, `lengthRequired`, `tooLarge`, `tooMany`, `exhausted`, `notFound`,
    /// `tooSlow`, `unavailable`.
    package var reason: String
    /// For people.
    package var detail: String
}
