// Hostile bytes for everything that reads a proof: libFuzzer's entry.
//
// An input is a mode, the number of a golden proof, and what the mode makes of the rest: raw bytes
// of a proof, a key or a node, or edits of the golden ones that keep their structure, since random
// bytes never get past the first equation. Whatever happens, the answer is an error; only what
// equals the golden proof in every byte is accepted. All else, a trap or an acceptance, is a find.
//
// Built and run by scripts/fuzz.

import Circuit
import Field
import IOP
import NodeProofs
import Payments
import Primitives

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProof(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(Array(UnsafeBufferPointer(start: data, count: count)))
    let mode = input.byte()
    let golden = Golden.all[Int(input.byte()) % Golden.all.count]
    switch mode % 7 {
    case 0: checkProof(input.rest, golden)
    case 1: checkProof(input.edit(golden.proof), golden)
    case 2: checkProof(input.editElements(golden.proof), golden)
    case 3: checkKey(input.rest, golden)
    case 4: checkKey(input.editElements(golden.keyBytes), golden)
    case 5: checkStatement(&input, golden)
    default: checkNode(input.edit(golden.node), golden)
    }
    return 0
}

private func checkProof(_ bytes: [UInt8], _ golden: Golden) {
    do throws(CircuitError) {
        try CircuitVerifier.verify(
            proofBytes: bytes, publicInputs: golden.publicInputs, key: golden.key)
    } catch { return }
    guard bytes == golden.proof else { fatalError("accepted another proof") }
}

private func checkKey(_ bytes: [UInt8], _ golden: Golden) {
    do throws(CircuitError) {
        let key = try VerifyingKey(bytes: bytes, profile: golden.key.profile)
        guard key.bytes == bytes else { fatalError("a key has two forms") }
        try CircuitVerifier.verify(
            proofBytes: golden.proof, publicInputs: golden.publicInputs, key: key)
    } catch { return }
    guard bytes == golden.keyBytes else { fatalError("accepted another key") }
}

/// Other public inputs, and then whatever edit of the proof might fit them.
private func checkStatement(_ input: inout FuzzInput, _ golden: Golden) {
    var inputs = golden.publicInputs
    for _ in 0..<input.byte() % 4 {
        let index = Int(input.byte()) % inputs.count
        inputs[index] = Goldilocks(input.word())
    }
    let isGolden = inputs == golden.publicInputs
    let bytes = input.editElements(golden.proof)
    do throws(CircuitError) {
        try CircuitVerifier.verify(proofBytes: bytes, publicInputs: inputs, key: golden.key)
    } catch { return }
    guard isGolden, bytes == golden.proof else { fatalError("accepted another statement") }
}

private func checkNode(_ bytes: [UInt8], _ golden: Golden) {
    do throws(NodeProofError) {
        _ = try golden.verifier.verify(bytes, expecting: golden.expectation)
    } catch { return }
    guard bytes == golden.node else { fatalError("accepted another node") }
}
