/// A protocol rule without a socket, clock, thread or randomness of its own.
///
/// Effects are returned, never performed, so a test is one `==` and a failure is replayable.
package protocol StateMachine: Sendable {
    associatedtype Event: Sendable
    associatedtype Effect: Sendable

    /// Advances the machine by one event and returns what its shell must do, in order.
    mutating func handle(_ event: Event, at now: Instant) -> [Effect]

    /// The earliest moment at which the shell must deliver a deadline event.
    var nextDeadline: Instant? { get }
}
