import NetworkFile

/// What a devnet is made of.
struct DevnetOptions: Sendable {
    var sequencerCount: Int
    var proverCount: Int
    /// Final blocks with payments after which it ends; nil: it runs until it is stopped.
    var blockCount: Int?
    /// Nil: a fresh directory that is removed at the end.
    var dataDirectory: String?
    var keepsData: Bool
    var restartsChildren: Bool
    var profile: ProofProfileName
    var asJSON: Bool

    static let walletCount = 8
    /// Development's numbers of `docs/protocol`, but for blocks that two cores prove in time.
    static let leafCapacity = 5
    static let maximumLeaves = 6

    /// Two full blocks: while one is being proven, the next finds enough.
    static let pendingTarget = 2 * leafCapacity * maximumLeaves
}
