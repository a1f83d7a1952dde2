/// From how far away an address means what its owner meant.
package enum AddressScope: Int, Hashable, Comparable, Sendable {
    /// Nobody can dial it: no port, a wildcard, multicast, link-local, reserved.
    case nowhere
    /// The machine itself.
    case machine
    /// A private network.
    case site
    case world

    package static func < (lhs: AddressScope, rhs: AddressScope) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

extension Multiaddress {
    /// A host and a TCP port, with or without a peer, and nothing else.
    package var isPlainTCP: Bool {
        guard endpoint != nil else { return false }
        return components.count == 2 || (components.count == 3 && peerID != nil)
    }

    /// By the host; a port 0 is nowhere. A name is taken for one of the world unless it says
    /// `localhost`: what it stands for is known only when it is dialled.
    package var scope: AddressScope {
        guard let endpoint, endpoint.port != 0 else { return .nowhere }
        return hostScope
    }

    /// The same without regard to the port.
    package var hostScope: AddressScope {
        switch components[0] {
        case .ip4(let address): Self.scope(ofIPv4: address)
        case .ip6(let groups): Self.scope(ofIPv6: groups)
        case .dns4(let name):
            name.lowercased() == "localhost" || name.lowercased().hasSuffix(".localhost")
                ? .machine : .world
        case .tcp, .p2p: .nowhere
        }
    }

    /// Whether it is told to listen everywhere, which is no address to dial.
    package var isWildcard: Bool {
        switch components[0] {
        case .ip4(0): true
        case .ip6(let groups): groups.allSatisfy { $0 == 0 }
        default: false
        }
    }

    /// IANA's special-purpose registry (RFC 6890), as far as it matters for dialling.
    private static func scope(ofIPv4 address: UInt32) -> AddressScope {
        let (first, second) = (address >> 24, address >> 16 & 0xFF)
        switch (first, second) {
        case (0, _), (224...255, _), (169, 254): return .nowhere
        case (127, _): return .machine
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): return .site
        default: return .world
        }
    }

    private static func scope(ofIPv6 groups: [UInt16]) -> AddressScope {
        if groups[0..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return scope(ofIPv4: UInt32(groups[6]) << 16 | UInt32(groups[7]))
        }
        if groups[0..<7].allSatisfy({ $0 == 0 }) {
            return groups[7] == 1 ? .machine : .nowhere
        }
        switch groups[0] {
        case 0xFF00...0xFFFF, 0xFE80...0xFEBF: return .nowhere
        case 0xFC00...0xFDFF: return .site
        default: return .world
        }
    }
}

extension Multiaddress {
    /// What counts as one host where hosts are counted: an IPv4 address, 64 bits of an IPv6
    /// address (which one machine commands whole), a name. Nil without a host.
    package var hostGroup: String? {
        guard case .ip6(let groups) = components[0], hostScope == .world,
            let prefix = try? Multiaddress([
                .ip6(groups.prefix(4) + [0, 0, 0, 0]), .tcp(0),
            ])
        else { return endpoint?.host.lowercased() }
        return prefix.endpoint?.host
    }
}
