internal import Commitment
package import Field
internal import IOP

/// A proof of a circuit, over the extension field that the key's profile names.
package struct CircuitProof: Hashable, Sendable {
    enum Argument: Hashable, Sendable {
        case quadratic(PlonkProof<QuadraticExtension>)
        case cubic(PlonkProof<CubicExtension>)
    }

    let argument: Argument

    init(_ argument: Argument) { self.argument = argument }

    /// Canonical field elements of eight little-endian bytes and nothing else.
    package var bytes: [UInt8] {
        var writer = ProofWriter()
        switch argument {
        case .quadratic(let proof): proof.write(to: &writer)
        case .cubic(let proof): proof.write(to: &writer)
        }
        return writer.bytes
    }

    /// The elements in the order of the bytes: what a verifying circuit's witness sets.
    package var elements: [Goldilocks] {
        let bytes = bytes
        return stride(from: 0, to: bytes.count, by: Goldilocks.byteCount).map { first in
            Goldilocks(
                (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[first + $1]) })
        }
    }

    /// The proof with these bytes, whose shape follows from `key`.
    ///
    /// Throws `commitment` for bytes that are too few, too many or not canonical.
    package init(bytes: [UInt8], key: VerifyingKey) throws(CircuitError) {
        do {
            var reader = ProofReader(bytes)
            let parameters = key.profile.fri
            if key.profile.extensionDegree == QuadraticExtension.degree {
                argument = .quadratic(try PlonkProof(from: &reader, shape: .init(parameters)))
            } else {
                argument = .cubic(try PlonkProof(from: &reader, shape: .init(parameters)))
            }
            try reader.finish()
        } catch { throw .commitment(error) }
    }

    /// The number of bytes of every proof under `key`.
    package static func byteCount(key: VerifyingKey) -> Int {
        key.profile.extensionDegree == QuadraticExtension.degree
            ? PlonkShape<QuadraticExtension>(key.profile.fri).byteCount
            : PlonkShape<CubicExtension>(key.profile.fri).byteCount
    }
}

extension PlonkShape {
    fileprivate var byteCount: Int {
        let caps = 3 * 4 << parameters.oracleCapHeight
        let openings = openingCounts.reduce(0, +) * Element.degree
        let fri = FRIProof<Element>.elementCount(
            parameters: parameters, columnCounts: columnCounts)
        return (caps + openings + fri) * Goldilocks.byteCount
    }
}
