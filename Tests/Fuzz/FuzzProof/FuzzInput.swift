import Field

/// Reads an input as instructions; past its end everything is zero.
struct FuzzInput {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What was not read yet.
    var rest: [UInt8] { Array(bytes[min(offset, bytes.count)...]) }
    private var isAtEnd: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8 {
        defer { offset += 1 }
        return isAtEnd ? 0 : bytes[offset]
    }

    mutating func word() -> UInt64 {
        var word: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) { word |= UInt64(byte()) << shift }
        return word
    }

    /// Below `bound`, of three bytes.
    private mutating func place(below bound: Int) -> Int {
        let place = Int(byte()) | Int(byte()) << 8 | Int(byte()) << 16
        return bound > 0 ? place % bound : 0
    }

    /// `golden` with single elements overwritten.
    mutating func editElements(_ golden: [UInt8]) -> [UInt8] {
        var edited = golden
        var remaining = 16
        while !isAtEnd, remaining > 0 {
            remaining -= 1
            let element = place(below: edited.count / Goldilocks.byteCount)
            let value = word()
            for index in 0..<Goldilocks.byteCount {
                edited[element * Goldilocks.byteCount + index] = UInt8(
                    truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        return edited
    }

    /// `golden` with bytes flipped, cut, repeated, moved, overwritten or appended.
    mutating func edit(_ golden: [UInt8]) -> [UInt8] {
        var edited = golden
        var remaining = 8
        while !isAtEnd, remaining > 0, !edited.isEmpty {
            remaining -= 1
            let operation = byte()
            let first = place(below: edited.count)
            switch operation % 7 {
            case 0: edited[first] ^= max(1, byte())
            case 1: edited.removeLast(edited.count - first)
            case 2: edited.append(contentsOf: edited[..<min(first, 4096)])
            case 3:
                let second = place(below: edited.count)
                let length = min(
                    1 + place(below: 4096), edited.count - max(first, second))
                for index in 0..<length { edited.swapAt(first + index, second + index) }
            case 4:
                let length = min(1 + place(below: 4096), edited.count - first)
                for index in first..<first + length { edited[index] = 0 }
            case 5:
                // An element more, or its other form.
                let start = first / 8 * 8
                guard start + 8 <= edited.count else { continue }
                var value = UInt64(byte()) << 32 | UInt64(byte())
                for index in 0..<8 {
                    value &+= UInt64(edited[start + index]) << UInt64(8 * index)
                }
                for index in 0..<8 {
                    edited[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
                }
            default: edited.remove(at: first)
            }
        }
        return edited
    }
}
