import Cryptography
import Testing

struct Bytes32Tests {
    @Test func `thirty-two bytes come back as they went in`() throws {
        let bytes = (0..<32).map { UInt8($0 * 7 % 256) }
        let value = try #require(Bytes32(bytes))
        #expect(value.bytes == bytes)
        #expect(Bytes32(hex: value.hex) == value)
        #expect(value.leadingWord == 0x0007_0E15_1C23_2A31)
        #expect(Bytes32(bytes.dropLast()) == nil)
        #expect(Bytes32(bytes + [0]) == nil)
    }

    @Test func `order is the order of the bytes`() throws {
        for position in 0..<32 {
            var low = [UInt8](repeating: 9, count: 32)
            var high = low
            low[position] = 1
            high[position] = 200
            #expect(try #require(Bytes32(low)) < #require(Bytes32(high)))
            #expect(low.lexicographicallyPrecedes(high))
        }
    }

    @Test func `text that is not hexadecimal is refused`() {
        for text in ["0", "0g", "zz", " 00", "0x00"] {
            #expect([UInt8](hex: text) == nil, "\(text)")
        }
        #expect([UInt8](hex: "") == [])
        #expect([UInt8](hex: "00fFAb") == [0, 255, 171])
    }
}
