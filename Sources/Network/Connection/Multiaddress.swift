import Cryptography

/// An address that says how to reach a peer: `/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…`.
///
/// Only what this network dials is understood: ip4, ip6, dns4, tcp and p2p (with its old name
/// ipfs). Everything else is `unsupported`, so that a list of a peer's addresses can be read past
/// it. Source: multiformats/multiaddr.
package struct Multiaddress: Hashable, Sendable {
    package enum Component: Hashable, Sendable {
        /// Big-endian, as written.
        case ip4(UInt32)
        /// Eight groups of 16 bits.
        case ip6([UInt16])
        case dns4(String)
        case tcp(UInt16)
        case p2p(PeerID)
    }

    /// From one to `maximumMultiaddressComponents`.
    package let components: [Component]

    package init(_ components: [Component]) throws(ConnectionError) {
        guard !components.isEmpty,
            components.count <= ConnectionParameters.maximumMultiaddressComponents
        else { throw .malformed("multiaddress of \(components.count) parts") }
        self.components = components
    }

    /// Where to dial: nil unless the address begins with a host and a TCP port.
    package var endpoint: (host: String, port: UInt16)? {
        guard components.count >= 2, case .tcp(let port) = components[1],
            let host = components[0].host
        else { return nil }
        return (host, port)
    }

    /// The peer that must answer there, if the address names one.
    package var peerID: PeerID? {
        guard case .p2p(let peer) = components.last else { return nil }
        return peer
    }

    /// The same address with `peer` named at its end.
    package func naming(_ peer: PeerID) throws(ConnectionError) -> Multiaddress {
        if peerID != nil { return try Multiaddress(components.dropLast() + [.p2p(peer)]) }
        return try Multiaddress(components + [.p2p(peer)])
    }
}

extension Multiaddress {
    private static let codes = (ip4: 4, tcp: 6, ip6: 41, dns4: 54, p2p: 421)

    /// From the binary form. Throws `unsupported` for a protocol this network does not dial.
    package init(bytes: [UInt8]) throws(ConnectionError) {
        guard bytes.count <= ConnectionParameters.maximumMultiaddressByteCount else {
            throw .messageTooLong(
                limit: ConnectionParameters.maximumMultiaddressByteCount,
                found: UInt64(bytes.count))
        }
        var rest = bytes[...]
        var components: [Component] = []
        while !rest.isEmpty {
            guard components.count < ConnectionParameters.maximumMultiaddressComponents else {
                throw .malformed("multiaddress of too many parts")
            }
            components.append(try Self.component(from: &rest))
        }
        try self.init(components)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for component in components {
            switch component {
            case .ip4(let address):
                UnsignedVarint.append(UInt64(Self.codes.ip4), to: &bytes)
                bytes.append(bigEndian: address)
            case .ip6(let groups):
                UnsignedVarint.append(UInt64(Self.codes.ip6), to: &bytes)
                for group in groups { bytes += [UInt8(group >> 8), UInt8(group & 0xFF)] }
            case .dns4(let name):
                UnsignedVarint.append(UInt64(Self.codes.dns4), to: &bytes)
                UnsignedVarint.append(UInt64(name.utf8.count), to: &bytes)
                bytes += Array(name.utf8)
            case .tcp(let port):
                UnsignedVarint.append(UInt64(Self.codes.tcp), to: &bytes)
                bytes += [UInt8(port >> 8), UInt8(port & 0xFF)]
            case .p2p(let peer):
                UnsignedVarint.append(UInt64(Self.codes.p2p), to: &bytes)
                UnsignedVarint.append(UInt64(PeerID.byteCount), to: &bytes)
                bytes += peer.bytes
            }
        }
        return bytes
    }

    private static func component(from rest: inout ArraySlice<UInt8>) throws(ConnectionError)
        -> Component
    {
        let code = try varint(from: &rest)
        switch code {
        case UInt64(codes.ip4):
            return .ip4(try take(4, from: &rest).reduce(0) { $0 << 8 | UInt32($1) })
        case UInt64(codes.ip6):
            let octets = [UInt8](try take(16, from: &rest))
            return .ip6((0..<8).map { UInt16(octets[2 * $0]) << 8 | UInt16(octets[2 * $0 + 1]) })
        case UInt64(codes.tcp):
            return .tcp(try take(2, from: &rest).reduce(0) { $0 << 8 | UInt16($1) })
        case UInt64(codes.dns4):
            let name = try take(varint(from: &rest), from: &rest)
            guard let text = String(validating: name, as: UTF8.self), isHostName(text) else {
                throw .malformed("host name")
            }
            return .dns4(text)
        case UInt64(codes.p2p):
            return .p2p(try PeerID(bytes: take(varint(from: &rest), from: &rest)))
        default:
            throw .unsupported("multiaddress protocol \(code)")
        }
    }

    private static func varint(from rest: inout ArraySlice<UInt8>) throws(ConnectionError)
        -> UInt64
    {
        guard let (value, byteCount) = try UnsignedVarint.decode(rest) else {
            throw .malformed("multiaddress ends early")
        }
        rest = rest.dropFirst(byteCount)
        return value
    }

    private static func take(_ byteCount: UInt64, from rest: inout ArraySlice<UInt8>)
        throws(ConnectionError) -> ArraySlice<UInt8>
    {
        guard byteCount <= UInt64(rest.count) else { throw .malformed("multiaddress ends early") }
        defer { rest = rest.dropFirst(Int(byteCount)) }
        return rest.prefix(Int(byteCount))
    }

    static func isHostName(_ text: some StringProtocol) -> Bool {
        let name = text.utf8
        guard !name.isEmpty, name.count <= ConnectionParameters.maximumHostNameByteCount else {
            return false
        }
        return name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
