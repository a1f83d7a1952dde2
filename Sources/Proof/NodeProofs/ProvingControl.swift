/// How a shell follows and ends a proof in the making.
package struct ProvingControl: Sendable {
    /// Called with the done fraction, `0...1`, on the proving thread.
    package let progress: @Sendable (Double) -> Void
    package let isCancelled: @Sendable () -> Bool

    package init(
        progress: @escaping @Sendable (Double) -> Void,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Nobody watches, nobody ends it.
    package static let unattended = ProvingControl(progress: { _ in }, isCancelled: { false })
}
