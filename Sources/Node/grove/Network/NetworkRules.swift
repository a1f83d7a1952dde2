import ArgumentParser
import NetworkFile
import Primitives

/// The rules of `grove network new` that have options of their own; the others are edited in the
/// file. Defaults are `DevelopmentNetwork`'s.
struct NetworkRules: ParsableArguments {
    private static let development = DevelopmentNetwork()

    @Option(help: "A name for people.")
    var name = development.name

    @Option(help: ArgumentHelp("Where the settlement log is found.", valueName: "url"))
    var settlement = development.settlementURL

    @Option(help: ArgumentHelp("Time between two log blocks.", valueName: "count"))
    var tickMilliseconds = development.tickMilliseconds

    @Option(help: "fast (57 bits proven, for development) or proven100 (100 bits).")
    var profile = development.profile.rawValue

    @Option(help: ArgumentHelp("Levels of the account tree.", valueName: "count"))
    var accountTreeDepth = development.accountTreeDepth

    @Option(help: ArgumentHelp("Levels of a wallet's key tree.", valueName: "count"))
    var keyTreeHeight = development.keyTreeHeight

    @Option(help: ArgumentHelp("Payments of one leaf proof.", valueName: "count"))
    var leafCapacity = development.leafCapacity

    @Option(help: ArgumentHelp("Leaves of the largest block.", valueName: "count"))
    var maximumLeaves = development.maximumLeaves

    @Option(help: ArgumentHelp("Height at which slot 0 opens.", valueName: "height"))
    var firstSlotHeight = development.firstSlotHeight

    @Option(help: ArgumentHelp("Slots by which beacon and registry lag.", valueName: "count"))
    var lag = development.lag

    @Option(
        help: ArgumentHelp(
            "From an exit to the payout of the stake (default: 250 or two longest slots).",
            valueName: "ticks"))
    var exitDelayTicks: UInt64?

    @Option(help: ArgumentHelp("Length of the proving phase.", valueName: "ticks"))
    var provingTicks = development.provingTicks

    @Option(help: ArgumentHelp("After this a leaf is late.", valueName: "ticks"))
    var leafTicks = development.leafTicks

    @Option(help: ArgumentHelp("After this more a merge is late, a level.", valueName: "ticks"))
    var mergeTicks = development.mergeTicks

    @Option(help: ArgumentHelp("Between two steps of the ladder of helpers.", valueName: "ticks"))
    var stepTicks = development.stepTicks

    @Option(help: "literal or exponentialRace.")
    var score = development.score

    @Option(help: ArgumentHelp("φ of the exponential race.", valueName: "count"))
    var feeShareWeight = development.feeShareWeight

    @Option(help: "How leaves are drawn: uniform or stake.")
    var weighting = development.weighting

    @Option(help: "What becomes of an unpaid unit: burn or nextBlock.")
    var forfeit = development.forfeit

    @Option(help: money("Minted for a block.", development.blockReward))
    var blockReward: String?

    @Option(help: money("Stake of each operator, and the least allowed.", development.minimumStake))
    var stake: String?

    @Option(help: money("What each operator holds beside its stake.", development.operatorBalance))
    var operatorBalance: String?

    private static func money(_ abstract: String, _ units: UInt64) -> ArgumentHelp {
        ArgumentHelp("\(abstract) (default: \(Amount(units: units)))", valueName: "IDE")
    }

    func network() throws -> DevelopmentNetwork {
        var network = DevelopmentNetwork()
        network.name = name
        network.settlementURL = settlement
        network.tickMilliseconds = tickMilliseconds
        guard let profile = ProofProfileName(rawValue: profile) else {
            throw CommandFailure(
                .usage, "--profile: expected fast or proven100, found \"\(profile)\"")
        }
        network.profile = profile
        network.accountTreeDepth = accountTreeDepth
        network.keyTreeHeight = keyTreeHeight
        network.leafCapacity = leafCapacity
        network.maximumLeaves = maximumLeaves
        network.firstSlotHeight = firstSlotHeight
        network.lag = lag
        network.exitDelayTicks = exitDelayTicks
        network.provingTicks = provingTicks
        network.leafTicks = leafTicks
        network.mergeTicks = mergeTicks
        network.stepTicks = stepTicks
        network.score = score
        network.feeShareWeight = feeShareWeight
        network.weighting = weighting
        network.forfeit = forfeit
        try Self.set(&network.blockReward, blockReward, "--block-reward")
        try Self.set(&network.minimumStake, stake, "--stake")
        try Self.set(&network.operatorBalance, operatorBalance, "--operator-balance")
        return network
    }

    private static func set(_ units: inout UInt64, _ text: String?, _ option: String) throws {
        guard let text else { return }
        guard let value = AmountText.units(text) else {
            throw CommandFailure(
                .usage, "\(option): expected an amount of IDE like 12.5, found \"\(text)\"")
        }
        units = value
    }
}
