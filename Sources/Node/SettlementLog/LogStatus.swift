/// What `GET /status` answers.
package struct LogStatus: Codable, Hashable, Sendable {
    package let networkId: String
    package let policyHash: String
    package let authority: String
    /// Absent before the first block.
    package let height: UInt64?
    package let tickMilliseconds: UInt64
    /// How far the log has folded its own blocks; absent before the first.
    package let foldedHeight: UInt64?
    package let pendingCount: Int
    package let heldCount: Int
}

/// The body of a refused request.
struct RefusalBody: Codable, Hashable, Sendable {
    /// One of the names of `SubmissionRefusal`'s cases, or `notFound` and the like.
    let reason: String
    /// For people.
    let detail: String
    /// The nonce that the key should use next, where that is the reason.
    let expectedNonce: UInt64?
}

extension Duration {
    var clampedMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product + UInt64(attoseconds / 1_000_000_000_000_000)
    }
}
