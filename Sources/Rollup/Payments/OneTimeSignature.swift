import Field
package import Hash
package import Primitives

/// Winternitz one-time signatures over Poseidon2, with chains of one step and a code of constant
/// weight in the checksum's place.
///
/// A key has 128 chains. Chain `i` starts at a secret `x` of two elements and ends at `C(x)`, the
/// first two elements of `H(chain, x ‖ networkDigest[0..<3] ‖ account ‖ keyIndex ‖ i)`. A signature
/// shows, for bit `i` of the signed digest, the start where the bit is 0 and the end where it is 1.
/// The public key is `H(one-time key, ends)`.
///
/// Why no checksum: the signer changes the salt until exactly 64 of the 128 bits are ones (7 % of
/// digests, 14 tries on average). Any other digest of weight 64 has a 0 where this one has a 1, and
/// needs a start that was not shown. It costs no chain where a checksum costs eight.
///
/// Why steps of one bit: in a circuit the wiring is static, so a chain of `2^w − 1` steps costs them
/// all for `w` bits. `w = 1` costs 128 + 26 (choosing) + 32 (public key) rows, `w = 2` about 260.
///
/// Two elements are 128 bits; each evaluation of a chain is bound to its network, account, key and
/// chain, so an attack on many at once gains nothing. Sources: Buchmann et al., WOTS (2011); Hülsing,
/// WOTS+ (2013) for the tweaks; Reyzin & Reyzin, HORS (2002) and Zhang et al., eprint 2022/778 for
/// constant sums.
package enum OneTimeSignature {
    package static let chainCount = 128
    package static let digestWeight = 64
    /// A `FieldDigest` of a signature carries the values of two chains.
    package static let signatureLength = chainCount / 2
    package static let bitsPerElement = 64

    /// The bits that are signed: two elements, lowest bit first.
    package static func signedBits(of digest: HashOutput) -> [Bool] {
        digest.elements.prefix(chainCount / bitsPerElement).flatMap { element in
            (0..<bitsPerElement).map { element.canonical >> UInt64($0) & 1 == 1 }
        }
    }

    package static func weight(of digest: HashOutput) -> Int {
        digest.elements.prefix(chainCount / bitsPerElement)
            .reduce(0) { $0 + $1.canonical.nonzeroBitCount }
    }

    /// The public key that `signature` proves for `digest`: equal to the signer's exactly if the
    /// signature is genuine. `signature.count == signatureLength`. 160 permutations at most.
    package static func recoverKey(
        from signature: [FieldDigest], digest: HashOutput, tweak: KeyTweak
    ) -> HashOutput {
        precondition(signature.count == signatureLength, "\(signature.count) signature values")
        let bits = signedBits(of: digest)
        var ends: [Goldilocks] = []
        ends.reserveCapacity(2 * chainCount)
        for (pair, values) in signature.enumerated() {
            let elements = values.fieldElements
            for side in 0..<2 {
                let chain = 2 * pair + side
                let value = ChainValue(elements[2 * side], elements[2 * side + 1])
                let end = bits[chain] ? value : tweak.end(of: value, chain: chain)
                ends += [end.first, end.second]
            }
        }
        return publicKey(ends: ends)
    }

    static func publicKey(ends: [Goldilocks]) -> HashOutput { RollupHash.hash(.oneTimeKey, ends) }
}

/// A value on a chain.
struct ChainValue {
    let first: Goldilocks
    let second: Goldilocks

    init(_ first: Goldilocks, _ second: Goldilocks) {
        self.first = first
        self.second = second
    }
}

/// What makes every chain's hash its own.
package struct KeyTweak: Sendable {
    let networkDigest: HashOutput
    let account: UInt32
    let keyIndex: UInt32

    package init(networkDigest: HashOutput, account: UInt32, keyIndex: UInt32) {
        self.networkDigest = networkDigest
        self.account = account
        self.keyIndex = keyIndex
    }

    /// One permutation.
    func end(of start: ChainValue, chain: Int) -> ChainValue {
        let network = networkDigest.elements
        let hash = RollupHash.hash(
            .chain,
            [
                start.first, start.second, network[0], network[1], network[2],
                Goldilocks(UInt64(account)), Goldilocks(UInt64(keyIndex)),
                Goldilocks(UInt64(chain)),
            ]
        ).elements
        return ChainValue(hash[0], hash[1])
    }
}
