package import Field
package import Primitives

/// A digest as the proof system computes with it: four elements.
package struct HashOutput: Hashable, Sendable, CustomStringConvertible {
    package var first: Goldilocks
    package var second: Goldilocks
    package var third: Goldilocks
    package var fourth: Goldilocks

    package static let zero = HashOutput(.zero, .zero, .zero, .zero)

    package init(
        _ first: Goldilocks, _ second: Goldilocks, _ third: Goldilocks, _ fourth: Goldilocks
    ) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Nil unless there are four.
    package init?(elements: some Collection<Goldilocks>) {
        guard elements.count == Poseidon2.digestCount else { return nil }
        let elements = Array(elements)
        self.init(elements[0], elements[1], elements[2], elements[3])
    }

    /// A travelling digest is four canonical elements already.
    package init(_ digest: FieldDigest) {
        let elements = digest.elements
        self.init(
            Goldilocks(elements[0]), Goldilocks(elements[1]),
            Goldilocks(elements[2]), Goldilocks(elements[3]))
    }

    /// The digest as it travels and is compared.
    package var digest: FieldDigest {
        guard let digest = FieldDigest(elements: elements.map(\.canonical)) else {
            preconditionFailure("four canonical elements are a digest")
        }
        return digest
    }

    package var elements: [Goldilocks] { [first, second, third, fourth] }

    package var description: String { digest.hex }
}

extension FieldDigest {
    package init(_ output: HashOutput) { self = output.digest }
}
