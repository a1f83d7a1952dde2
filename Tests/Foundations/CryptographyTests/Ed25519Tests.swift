import Cryptography
import TestSupport
import Testing

struct Ed25519Tests {
    private struct Case: Decodable {
        let number: Int
        let key: String
        let sig: String
        let msg: String
        let flags: [String]?
        let isAcceptedByLibrary: Bool

        private enum CodingKeys: String, CodingKey {
            case number
            case key
            case sig
            case msg
            case flags
            case isAcceptedByLibrary = "libsodium_1_0_18_accepts"
        }
    }

    private struct Speccheck: Decodable {
        let message: String
        let key: String
        let signature: String

        private enum CodingKeys: String, CodingKey {
            case message
            case key = "pub_key"
            case signature
        }
    }

    private struct File<Vector: Decodable>: Decodable {
        let vectors: [Vector]
    }

    private static func signingKey(repeating byte: UInt8) throws -> SigningKey {
        try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    }

    private static func cases() throws -> [Case] {
        try VectorFile.decode(File<Case>.self, from: "ed25519-cctv.json").vectors
    }

    @Test func `the library answers all 914 edge cases as pinned`() throws {
        let cases = try Self.cases()
        #expect(cases.count == 914)
        for edge in cases {
            let key = try #require(Bytes32(hex: edge.key))
            let signature = try #require([UInt8](hex: edge.sig).flatMap { Signature($0) })
            let answer = Ed25519.librarySaysValid(
                signature, message: Array(edge.msg.utf8), key: key)
            #expect(answer == edge.isAcceptedByLibrary, "case \(edge.number)")
        }
    }

    @Test func `our rule takes a signature without torsion and no other edge case`() throws {
        var accepted = 0
        for edge in try Self.cases() {
            let key = try #require(Bytes32(hex: edge.key))
            let signature = try #require([UInt8](hex: edge.sig).flatMap { Signature($0) })
            let answer = Ed25519.verify(signature, message: Array(edge.msg.utf8), key: key)
            #expect(answer == (edge.flags ?? []).isEmpty, "case \(edge.number)")
            if answer { accepted += 1 }
        }
        #expect(accepted >= 1)
    }

    @Test func `no case of speccheck with torsion or a large S is taken`() throws {
        let cases = try VectorFile.decode(
            File<Speccheck>.self, from: "ed25519-speccheck-cases.json"
        ).vectors
        #expect(cases.count == 12)
        for (index, edge) in cases.enumerated() {
            let key = try #require(Bytes32(hex: edge.key))
            let message = try #require([UInt8](hex: edge.message))
            let signature = try #require([UInt8](hex: edge.signature).flatMap { Signature($0) })
            let library = Ed25519.librarySaysValid(signature, message: message, key: key)
            #expect(library == (index == 3), "case \(index)")
            #expect(!Ed25519.verify(signature, message: message, key: key), "case \(index)")
        }
    }

    @Test func `RFC 8032 test 2 is signed bit for bit`() throws {
        let seed = try #require(
            [UInt8](hex: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try SigningKey(seed: SecretBytes(copying: seed))
        #expect(
            key.publicKey.hex == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        let signature = key.sign([0x72])
        #expect(
            signature.bytes.hex
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(Ed25519.verify(signature, message: [0x72], key: key.publicKey))
    }

    @Test func `a changed message, key or signature byte is refused`() throws {
        let key = try Self.signingKey(repeating: 3)
        let publicKey = key.publicKey
        let message: [UInt8] = [1, 2, 3, 4]
        let signature = key.sign(message)
        #expect(Ed25519.verify(signature, message: message, key: publicKey))
        #expect(!Ed25519.verify(signature, message: [1, 2, 3, 5], key: publicKey))
        #expect(!Ed25519.verify(signature, message: [], key: publicKey))
        let other = try Self.signingKey(repeating: 4).publicKey
        #expect(!Ed25519.verify(signature, message: message, key: other))
        for index in signature.bytes.indices {
            var bytes = signature.bytes
            bytes[index] ^= 1
            let changed = try #require(Signature(bytes))
            #expect(!Ed25519.verify(changed, message: message, key: publicKey), "\(index)")
        }
    }

    @Test func `a mixed-order key is refused`() throws {
        let base = EdwardsPoint.baseMultiplied(by: EdwardsScalar(short: [9]))
        let torsions = [
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        ]
        #expect(Ed25519.isValidKey(base.encoding))
        for hex in torsions {
            let torsion = try #require(EdwardsPoint(Bytes32(hex: hex)!))
            #expect(!Ed25519.isValidKey(torsion.encoding))
            #expect(!Ed25519.isValidKey((base + torsion).encoding))
            #expect((base + torsion).timesCofactor == base.timesCofactor)
        }
    }
}
