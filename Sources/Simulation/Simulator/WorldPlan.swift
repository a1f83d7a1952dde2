/// Everything that distinguishes one simulated run from another.
package struct WorldPlan: Hashable, Sendable {
    package var seed: UInt64
    package var sequencerCount: Int
    package var proverCount: Int
    /// Provers that are not registered at genesis and join by themselves.
    package var joiningProverCount: Int
    package var walletCount: Int
    /// Payments that users send at each tick.
    package var paymentsPerTick: Int
    package var tick: Duration
    package var minimumLatency: Duration
    package var maximumLatency: Duration
    /// How long one leaf proof takes; a merge takes `mergeTime`.
    package var leafTime: Duration
    package var mergeTime: Duration

    package init(
        seed: UInt64, sequencerCount: Int, proverCount: Int, joiningProverCount: Int = 0,
        walletCount: Int,
        paymentsPerTick: Int, tick: Duration, minimumLatency: Duration, maximumLatency: Duration,
        leafTime: Duration, mergeTime: Duration
    ) {
        self.seed = seed
        self.sequencerCount = sequencerCount
        self.proverCount = proverCount
        self.joiningProverCount = joiningProverCount
        self.walletCount = walletCount
        self.paymentsPerTick = paymentsPerTick
        self.tick = tick
        self.minimumLatency = minimumLatency
        self.maximumLatency = maximumLatency
        self.leafTime = leafTime
        self.mergeTime = mergeTime
    }
}
