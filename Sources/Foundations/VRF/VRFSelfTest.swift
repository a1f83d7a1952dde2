package import Cryptography

/// Whether this build proves and verifies RFC 9381 appendix B.3, example 16; run at start, after
/// `CryptographySelfTest`.
package enum VRFSelfTest {
    package static func run() throws(CryptographyError) {
        let seed = SecretBytes(
            copying: [UInt8](
                hex: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!)
        let (proof, output) = try VRFSecretKey(seed: seed).prove([])
        let key = VRFPublicKey(
            hex: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")!
        let expectedProof =
            "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f"
            + "26f8a57ccaed74ee1b190bed1f479d97"
            + "27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805"
        let expectedOutput =
            "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff"
            + "66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae"
        guard proof.bytes.hex == expectedProof, output.bytes.hex == expectedOutput,
            ECVRF.verify(key: key, input: [], proof: proof) == output
        else { throw .selfTestFailed("the VRF proves RFC 9381 example 16") }
    }
}
