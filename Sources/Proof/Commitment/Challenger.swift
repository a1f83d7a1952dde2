package import Field
package import Hash

/// Where challenges come from: everything said so far, and nothing else. Elements are the field's,
/// or targets that stand for them in a circuit; who says what when is written once for both.
package protocol ChallengeSource<Element> {
    associatedtype Element
    mutating func absorb(_ elements: [Element])
    mutating func challenge() -> Element
}

extension ChallengeSource {
    /// The coefficients of an extension challenge: as many base challenges as the degree, the
    /// constant one first.
    package mutating func challenges(_ degree: Int) -> [Element] {
        (0..<degree).map { _ in challenge() }
    }
}

/// The host's source of challenges. `Transcript` is the one that proofs use.
package protocol Challenger: ChallengeSource where Element == Goldilocks {
    /// The lowest nonce below the modulus after which `hasProofOfWork` is true; nil once
    /// `isCancelled` says so.
    func nonce(
        forProofOfWorkBits bits: Int, workers: Workers, isCancelled: () -> Bool
    ) -> Goldilocks?
}

extension Challenger {
    package mutating func absorb(_ cap: MerkleCap) { absorb(cap.elements) }
    package mutating func absorb(_ digest: HashOutput) { absorb(digest.elements) }

    package mutating func absorb<Extension: ExtensionField>(_ elements: [Extension]) {
        absorb(elements.flatMap(\.coefficients))
    }

    package mutating func challenge<Extension: ExtensionField>(
        _ type: Extension.Type
    ) -> Extension {
        let coefficients = challenges(Extension.degree)
        return Extension { coefficients[$0] }
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

    package func nonce(
        forProofOfWorkBits bits: Int, workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) -> Goldilocks? {
        for candidate in 0..<Goldilocks.modulus {
            guard !isCancelled() else { return nil }
            var copy = self
            if copy.hasProofOfWork(Goldilocks(candidate), bits: bits) {
                return Goldilocks(candidate)
            }
        }
        preconditionFailure("no nonce has \(bits) bits of work")
    }
}
