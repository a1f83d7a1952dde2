internal import Cryptography
internal import VRF

/// A stream of uniform words from a seed, `H("shuffle", seed, counter)`, four words a hash.
struct SeededWords {
    private let seed: VRFOutput
    private var counter: UInt64 = 0
    /// Unused words of the last hash, to be taken from the end.
    private var words: [UInt64] = []

    init(seed: VRFOutput) { self.seed = seed }

    mutating func next() -> UInt64 {
        if words.isEmpty {
            let bytes = taggedHash("shuffle", .bytes(seed.bytes), .integer(counter)).bytes
            counter += 1
            words = stride(from: 24, through: 0, by: -8).map { start in
                bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
        }
        return words.removeLast()
    }

    /// Uniform in `0..<bound`: draws from the incomplete last multiple of `bound` are dropped.
    mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "an empty range has no member")
        let incomplete = (UInt64.max % bound + 1) % bound
        while true {
            let word = next()
            if word <= UInt64.max - incomplete { return word % bound }
        }
    }

    /// A permutation of `0..<count`, each one as likely (Fisher and Yates; Knuth, TAOCP volume 2,
    /// algorithm P).
    mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(next(below: UInt64(last) + 1)))
        }
        return order
    }
}
