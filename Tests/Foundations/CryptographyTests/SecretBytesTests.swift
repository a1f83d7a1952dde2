import Cryptography
import Testing

struct SecretBytesTests {
    private static func bytes(_ secret: borrowing SecretBytes) -> [UInt8] {
        secret.withUnsafeBytes { [UInt8]($0) }
    }

    @Test(arguments: [SecretBytes.Placement.heap, .guardedPages])
    func `a secret keeps its bytes wherever it lies`(placement: SecretBytes.Placement) {
        let secret = SecretBytes(copying: [1, 2, 3, 4, 5], placement: placement)
        #expect(Self.bytes(secret) == [1, 2, 3, 4, 5])
        #expect(Self.bytes(secret.slice(1..<3, placement: placement)) == [2, 3])
        #expect(Self.bytes(secret.copy()) == [1, 2, 3, 4, 5])
        #expect(Self.bytes(SecretBytes(copying: [], placement: placement)).isEmpty)
    }

    @Test func `random secrets differ`() {
        let first = SecretBytes(randomByteCount: 32)
        let second = SecretBytes(randomByteCount: 32)
        let areEqual = first.isEqual(to: second)
        #expect(!areEqual)
        #expect(randomBytes(32) != randomBytes(32))
        #expect(randomBytes(0).isEmpty)
    }

    @Test func `equality needs the same bytes and length`() {
        let secret = SecretBytes(copying: [1, 2, 3])
        let answers = [
            secret.isEqual(to: SecretBytes(copying: [1, 2, 3])),
            secret.isEqual(to: SecretBytes(copying: [1, 2, 4])),
            secret.isEqual(to: SecretBytes(copying: [1, 2])),
        ]
        #expect(answers == [true, false, false])
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1]))
    }
}
