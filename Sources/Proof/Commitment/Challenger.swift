package import Field
package import Hash

/// Where challenges come from: everything said so far, and nothing else. `Transcript` is the one
/// that proofs use.
package protocol Challenger {
    mutating func absorb(_ elements: [Goldilocks])
    mutating func challenge() -> Goldilocks
    /// The lowest nonce below the modulus after which `hasProofOfWork` is true.
    func nonce(forProofOfWorkBits bits: Int) -> Goldilocks
}

extension Challenger {
    package mutating func absorb(_ cap: MerkleCap) { absorb(cap.elements) }
    package mutating func absorb(_ digest: HashOutput) { absorb(digest.elements) }

    package mutating func absorb<Element: ExtensionField>(_ elements: [Element]) {
        absorb(elements.flatMap(\.coefficients))
    }

    /// As many base challenges as the extension's degree, the constant coefficient first.
    package mutating func challenge<Element: ExtensionField>(_ type: Element.Type) -> Element {
        let coefficients = (0..<Element.degree).map { _ in challenge() }
        return Element { coefficients[$0] }
    }

    /// `count` indices below 2^`bits`: the low bits of the canonical integers of as many
    /// challenges. Their bias is below 2^(bits − 32).
    package mutating func indices(count: Int, bits: Int) -> [Int] {
        (0..<count).map { _ in Int(challenge().canonical & (1 << UInt64(bits) - 1)) }
    }

    /// Absorbs `nonce` and draws one challenge; true when its low `bits` bits are zero.
    package mutating func hasProofOfWork(_ nonce: Goldilocks, bits: Int) -> Bool {
        absorb([nonce])
        return challenge().canonical & (1 << UInt64(bits) - 1) == 0
    }

    package func nonce(forProofOfWorkBits bits: Int) -> Goldilocks {
        for candidate in 0..<Goldilocks.modulus {
            var copy = self
            if copy.hasProofOfWork(Goldilocks(candidate), bits: bits) {
                return Goldilocks(candidate)
            }
        }
        preconditionFailure("no nonce has \(bits) bits of work")
    }
}
