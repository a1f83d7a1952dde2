package import NodeProofs
internal import Synchronization

/// A prover's core that is made while the node already runs: its circuits take seconds to build, in
/// which it can meet its peers, fold the log and serve what it proved before.
package final class DeferredCore: Sendable {
    private let make: @Sendable () throws -> ProvingCore
    private let made = Mutex<Result<ProvingCore, any Error>?>(nil)

    package init(_ make: @escaping @Sendable () throws -> ProvingCore) { self.make = make }

    /// The core, made by who asks first; whoever else asks waits. For threads that may wait, not for
    /// the cooperative pool. Throws what making it threw, to everybody.
    func get() throws -> ProvingCore {
        try made.withLock { made in
            if let made { return try made.get() }
            let result = Result { try make() }
            made = result
            // Circuits are made of tables that are several times as large.
            FreeMemory.giveBack()
            return try result.get()
        }
    }
}
