package import NodeCore
package import Payments
package import Primitives

/// What the API asks of a node. `RunningNode` is one; whoever tests the API brings another.
package protocol NodeSource: Sendable {
    var rollupParameters: RollupParameters { get }
    func status() async -> StatusAnswer
    func health() async -> HealthAnswer
    /// The newest `limit` ended slots and the open one.
    func earnings(limit: Int) async -> EarningsAnswer
    /// Of the open slot for nil. Nil where that slot is not open, nor among those remembered.
    func tree(of slot: Slot?) async -> TreeAnswer?
    /// The newest `limit` ended slots, newest last.
    func endedSlots(limit: Int) async -> [EndedSlot]
    /// Nil where nobody opened it.
    func account(_ number: UInt32) async -> AccountAnswer?
    func offer(_ payment: Payment) async -> PaymentAnswer
    /// The operator's order to leave; the answer says where that stands.
    func leave(_ request: LeaveRequest) async throws(LeaveRefusal) -> LeaveProgress
    /// The operator's order to send money of its account; the answer says where that stands.
    func send(_ request: SendRequest) async throws(SendRefusal) -> SendProgress
    /// Nil where too many watch already.
    func watch() async -> AsyncStream<NodeReport>?
}
