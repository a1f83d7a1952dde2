import ArgumentParser
import Cryptography
import VRF

/// The network's verifiable random function as a tool, for tests of other implementations.
struct VRFTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrf",
        abstract: "Prove and verify with the VRF: ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381).",
        discussion: "Both answer in JSON. All values are hexadecimal.",
        subcommands: [Prove.self, Verify.self])
}

extension VRFTool {
    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove the output for an input.",
            discussion: """
                A key on the command line is seen by everybody on this machine: for test keys.

                Example: grove vrf prove --alpha af82 --secret-key \\
                             c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
                """)

        @Option(help: ArgumentHelp("The 32-byte secret key (RFC 9381's SK).", valueName: "hex"))
        var secretKey: String

        @Option(help: ArgumentHelp("The input; may be empty.", valueName: "hex"))
        var alpha: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            _ = try common.settings([:])
            try Output.json(try VRFAnswer.prove(secretKey: secretKey, alpha: alpha))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify a proof and show the output; exit code 1 when invalid.")

        @Option(help: ArgumentHelp("The 32-byte public key (RFC 9381's PK).", valueName: "hex"))
        var publicKey: String

        @Option(help: ArgumentHelp("The input; may be empty.", valueName: "hex"))
        var alpha: String

        @Option(help: ArgumentHelp("The 80-byte proof (RFC 9381's pi).", valueName: "hex"))
        var proof: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            _ = try common.settings([:])
            let answer = try VRFAnswer.verify(publicKey: publicKey, alpha: alpha, proof: proof)
            try Output.json(answer)
            guard answer.valid else { throw NegativeResult() }
        }
    }
}

/// What `vrf prove` and `vrf verify` answer.
package struct VRFAnswer: Hashable, Sendable, Encodable {
    package var valid: Bool
    package var publicKey: String
    package var alpha: String
    package var pi: String
    /// Absent where the proof is not valid.
    package var beta: String?

    /// Throws `usage` for what is no hexadecimal, no secret key, or too long an input.
    package static func prove(secretKey: String, alpha: String) throws -> VRFAnswer {
        let input = try Self.input(alpha)
        let seed = try Self.bytes(secretKey, of: "--secret-key")
        guard seed.count == VRFSecretKey.seedByteCount else {
            throw CommandFailure(
                .usage,
                "--secret-key: expected \(VRFSecretKey.seedByteCount) bytes, found \(seed.count)")
        }
        let key = try VRFSecretKey(seed: SecretBytes(copying: seed))
        let (proof, output) = key.prove(input)
        return VRFAnswer(
            valid: true, publicKey: key.publicKey.hex, alpha: input.hex, pi: proof.bytes.hex,
            beta: output.bytes.hex)
    }

    /// Throws `usage` for what is no hexadecimal or too long an input; anything else that is
    /// wrong with key or proof makes the answer not valid.
    package static func verify(
        publicKey: String, alpha: String, proof: String
    ) throws -> VRFAnswer {
        let input = try Self.input(alpha)
        let keyBytes = try Self.bytes(publicKey, of: "--public-key")
        let proofBytes = try Self.bytes(proof, of: "--proof")
        var output: VRFOutput?
        if let key = VRFPublicKey(bytes: keyBytes), let proof = VRFProof(proofBytes) {
            output = ECVRF.verify(key: key, input: input, proof: proof)
        }
        return VRFAnswer(
            valid: output != nil, publicKey: keyBytes.hex, alpha: input.hex,
            pi: proofBytes.hex, beta: output?.bytes.hex)
    }

    private static func input(_ alpha: String) throws -> [UInt8] {
        let input = try bytes(alpha, of: "--alpha")
        guard input.count <= VRFParameters.maximumInputByteCount else {
            throw CommandFailure(
                .usage,
                "--alpha: expected at most \(VRFParameters.maximumInputByteCount) bytes, found "
                    + "\(input.count)")
        }
        return input
    }

    private static func bytes(_ hex: String, of option: String) throws -> [UInt8] {
        guard let bytes = [UInt8](hex: hex) else {
            throw CommandFailure(
                .usage, "\(option): expected an even number of hexadecimal digits, found \"\(hex)\""
            )
        }
        return bytes
    }
}
