import Cryptography

extension Multiaddress: CustomStringConvertible {
    /// From `/name/value/…`; one trailing slash is allowed.
    package init(_ text: some StringProtocol) throws(ConnectionError) {
        guard text.utf8.count <= ConnectionParameters.maximumMultiaddressByteCount else {
            throw .messageTooLong(
                limit: ConnectionParameters.maximumMultiaddressByteCount,
                found: UInt64(text.utf8.count))
        }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.first == "" else { throw .malformed("multiaddress without a leading slash") }
        parts = parts.dropFirst()
        if parts.last == "" { parts = parts.dropLast() }
        var components: [Component] = []
        while let name = parts.popFirst() {
            guard Self.understood.contains(String(name)) else {
                throw .unsupported("multiaddress protocol \(name)")
            }
            guard let value = parts.popFirst() else { throw .malformed("/\(name) without value") }
            components.append(try Self.component(named: String(name), value: String(value)))
        }
        try self.init(components)
    }

    package var description: String {
        components.map { component in
            switch component {
            case .ip4: "/ip4/\(component.host!)"
            case .ip6: "/ip6/\(component.host!)"
            case .dns4(let name): "/dns4/\(name)"
            case .tcp(let port): "/tcp/\(port)"
            case .p2p(let peer): "/p2p/\(peer)"
            }
        }.joined()
    }

    private static let understood = ["ip4", "ip6", "dns4", "tcp", "p2p", "ipfs"]

    private static func component(named name: String, value: String) throws(ConnectionError)
        -> Component
    {
        switch name {
        case "ip4":
            guard let address = ip4(value) else { throw .malformed("/ip4/\(value)") }
            return .ip4(address)
        case "ip6":
            guard let groups = ip6(value) else { throw .malformed("/ip6/\(value)") }
            return .ip6(groups)
        case "dns4":
            guard isHostName(value) else { throw .malformed("/dns4/\(value)") }
            return .dns4(value)
        case "tcp":
            guard let port = decimal(value, below: 65_536) else {
                throw .malformed("/tcp/\(value)")
            }
            return .tcp(UInt16(port))
        default:
            return .p2p(try PeerID(value))
        }
    }

    /// Plain decimal digits: no sign, no leading zero.
    private static func decimal(_ text: some StringProtocol, below limit: Int) -> Int? {
        let digits = text.utf8
        guard !digits.isEmpty, digits.count <= 5,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let value = Int(text), value < limit
        else { return nil }
        return value
    }

    private static func ip4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let octet = decimal(part, below: 256) else { return nil }
            address = address << 8 | UInt32(octet)
        }
        return address
    }

    /// RFC 4291 section 2.2, forms 1 and 2 (no embedded IPv4).
    private static func ip6(_ text: String) -> [UInt16]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for half in halves {
            var groups: [UInt16] = []
            for part in half.split(separator: ":", omittingEmptySubsequences: false) {
                if half.isEmpty { break }
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
            sides.append(groups)
        }
        if sides.count == 1 { return sides[0].count == 8 ? sides[0] : nil }
        let missing = 8 - sides[0].count - sides[1].count
        guard missing >= 1 else { return nil }
        return sides[0] + [UInt16](repeating: 0, count: missing) + sides[1]
    }
}

extension Multiaddress.Component {
    /// The text of a host component, as a resolver takes it; RFC 5952 for IPv6.
    var host: String? {
        switch self {
        case .ip4(let address):
            [24, 16, 8, 0].map { String(address >> $0 & 0xFF) }.joined(separator: ".")
        case .ip6(let groups): Self.text(of: groups)
        case .dns4(let name): name
        case .tcp, .p2p: nil
        }
    }

    /// The longest run of two or more zero groups, the first among equals, becomes `::`.
    private static func text(of groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start) + 1
        }
        func joined(_ slice: ArraySlice<UInt16>) -> String {
            slice.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return joined(groups[...]) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }
}
