package import Primitives

/// How a reader of the log fares, beside the blocks that it returns.
package enum LogContact: Hashable, Sendable {
    /// The log does not answer, or not as it must; tried again for ever. Told at the first failure
    /// in a row and at every doubling of their number.
    case failing(reason: String, attempts: Int)
    /// It answers as it must again.
    case restored
    /// The log has, for now, nothing above this height.
    case caughtUp(Height)
}
