import Cryptography

/// The twelve bytes before every yamux frame, big-endian:
/// version 1 ‖ type 1 ‖ flags 2 ‖ stream 4 ‖ length 4.
///
/// `length` is the body's size for `data`, the credit for `windowUpdate`, the opaque value for
/// `ping`, the code for `goAway`. Source: libp2p/specs yamux/README.md.
package struct YamuxHeader: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        case data = 0
        case windowUpdate = 1
        case ping = 2
        case goAway = 3
    }

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let syn = Flags(rawValue: 1)
        package static let ack = Flags(rawValue: 2)
        package static let fin = Flags(rawValue: 4)
        package static let rst = Flags(rawValue: 8)
        static let all: Flags = [.syn, .ack, .fin, .rst]
    }

    package static let byteCount = 12

    package var kind: Kind
    package var flags: Flags
    package var stream: UInt32
    package var length: UInt32

    package init(_ kind: Kind, _ flags: Flags, stream: UInt32, length: UInt32) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.length = length
    }

    /// Nil when fewer than twelve bytes are there.
    package init?(_ bytes: ArraySlice<UInt8>) throws(ConnectionError) {
        guard bytes.count >= Self.byteCount else { return nil }
        func integer(_ offset: Int, _ width: Int) -> UInt32 {
            let start = bytes.startIndex + offset
            return bytes[start..<(start + width)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        let version = UInt8(integer(0, 1))
        guard version == 0 else { throw .yamux(.unknownVersion(version)) }
        guard let kind = Kind(rawValue: UInt8(integer(1, 1))) else {
            throw .yamux(.unknownType(UInt8(integer(1, 1))))
        }
        let flags = Flags(rawValue: UInt16(integer(2, 2)))
        guard flags.isSubset(of: .all) else { throw .yamux(.unknownFlags(flags.rawValue)) }
        self.init(kind, flags, stream: integer(4, 4), length: integer(8, 4))
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = [
            0, kind.rawValue, UInt8(flags.rawValue >> 8), UInt8(flags.rawValue & 0xFF),
        ]
        bytes.append(bigEndian: stream)
        bytes.append(bigEndian: length)
        return bytes
    }
}
