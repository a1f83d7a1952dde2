package import Connection

/// Why a host cannot do what its owner asked; always ours, never a peer's fault.
package enum TransportError: Error, Hashable, Sendable {
    /// The address is not `/ip4|ip6|dns4/…/tcp/…`.
    case notDialable(Multiaddress)
    case tooManyPeers(limit: Int)
    case cannotListen(Multiaddress, reason: String)
    case closed
}
