/// The limits of this target; every one bounds an allocation.
package enum CommitmentParameters {
    /// A trace of 2²² rows is far beyond the profiles.
    package static let maximumDegreeBits = 22
    package static let maximumRateBits = 4
    package static let maximumCapHeight = 8
    package static let maximumArityBits = 5
    package static let maximumQueryCount = 512
    package static let maximumProofOfWorkBits = 32
    package static let maximumColumnCount = 1024
    package static let maximumOracleCount = 8
    /// Work that one thread does between two questions whether it is still wanted, and that threads
    /// share: milliseconds each.
    static let rowsPerPart = 1024
    static let pairsPerPart = 8192
    static let columnsPerPart = 16
}
