import NetworkFile
import Primitives

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
    /// What everything but the nodes' own APIs binds to.
    var listen: MachineAddress
    /// Under which address others reach what listens there.
    var advertise: MachineAddress
    /// Nil: the advertised address and the log's port.
    var settlementURL: String?
    /// Nil: the advertised address and the faucet's port.
    var faucetURL: String?
    /// Nil: any free ones.
    var firstPort: Int?

    /// What processes of this machine dial.
    var local: MachineAddress { listen.isWildcard ? .loopback : listen }

    static let walletCount = 8
    /// The account that the devnet does not use itself: whoever comes may pay from it.
    static let guestAccount = UInt32(walletCount)
    /// What each rollup account holds at genesis, in base units.
    static let walletFunds = 10_000 * Amount.unitsPerIDE
    /// What the faucet's account holds at genesis, in base units.
    static let faucetFunds = 1_000_000 * Amount.unitsPerIDE
    /// Development's numbers of `docs/protocol`, but for blocks that two cores prove in time.
    static let leafCapacity = 10
    static let maximumLeaves = 4

    /// Two full blocks: while one is being proven, the next finds enough.
    static let pendingTarget = 2 * leafCapacity * maximumLeaves
}
