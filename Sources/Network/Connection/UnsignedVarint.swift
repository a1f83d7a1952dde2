/// Unsigned varint of multiformats: seven bits a byte, least significant first, minimal, at most
/// nine bytes (63 bits). Source: multiformats/unsigned-varint.
package enum UnsignedVarint {
    package static let maximumByteCount = 9

    package static func encode(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    package static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        precondition(value < 1 << 63, "\(value) does not fit 63 bits")
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The value at the front of `bytes` and the bytes it takes; nil when more are needed.
    package static func decode(_ bytes: ArraySlice<UInt8>) throws(ConnectionError)
        -> (value: UInt64, byteCount: Int)?
    {
        var value: UInt64 = 0
        for (offset, byte) in bytes.prefix(maximumByteCount).enumerated() {
            value |= UInt64(byte & 0x7F) << UInt64(7 * offset)
            guard byte & 0x80 == 0 else { continue }
            guard byte != 0 || offset == 0 else { throw .invalidVarint }
            return (value, offset + 1)
        }
        guard bytes.count < maximumByteCount else { throw .invalidVarint }
        return nil
    }
}
