import Cryptography
import Testing

struct Edwards25519Tests {
    private static let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"

    private static func bytes(_ hex: String) throws -> Bytes32 {
        try #require(Bytes32(hex: hex))
    }

    @Test func `a scalar is canonical below the group's order only`() throws {
        let order = try Self.bytes(Self.order)
        let below = try Self.bytes("ec" + Self.order.dropFirst(2))
        let above = try Self.bytes("ee" + Self.order.dropFirst(2))
        #expect(EdwardsScalar(canonical: order) == nil)
        #expect(EdwardsScalar(canonical: above) == nil)
        #expect(EdwardsScalar(canonical: below) != nil)
        #expect(EdwardsScalar(canonical: .zero) == .zero)
        #expect(EdwardsScalar(canonical: try Self.bytes(String(repeating: "f", count: 64))) == nil)
    }

    @Test func `encodings that are not canonical are refused`() throws {
        let refused = [
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ]
        for hex in refused { #expect(EdwardsEncoding(try Self.bytes(hex)) == nil, "\(hex)") }
        #expect(EdwardsPoint.identity.encoding.hex.hasPrefix("01"))
        #expect(EdwardsPoint(EdwardsPoint.identity.encoding) == .identity)
        let offCurve = try Self.bytes("02" + String(repeating: "0", count: 62))
        #expect(EdwardsEncoding(offCurve) != nil)
        #expect(EdwardsPoint(offCurve) == nil)
        #expect(EdwardsEncoding(offCurve)?.timesCofactor == nil)
    }

    @Test func `multiplication agrees with addition, zero and the identity included`() throws {
        let base = EdwardsPoint.baseMultiplied(by: EdwardsScalar(short: [1]))
        var sum = EdwardsPoint.identity
        for factor in UInt8(0)...20 {
            let scalar = EdwardsScalar(short: [factor])
            #expect(EdwardsPoint.baseMultiplied(by: scalar) == sum)
            #expect(base.multiplied(by: scalar) == sum)
            #expect((sum + base) - base == sum)
            sum = sum + base
        }
        #expect(base.timesCofactor == base.multiplied(by: EdwardsScalar(short: [8])))
        #expect(EdwardsPoint.identity.multiplied(by: EdwardsScalar(short: [3])) == nil)
        #expect(EdwardsPoint.identity.multiplied(by: .zero) == nil)
        #expect(!EdwardsPoint.isInPrimeOrderSubgroup(EdwardsPoint.identity.encoding))
    }
}
