import Circuit
import Hash
import IOP
import Recursion
import Testing

struct MergeRowTests {
    /// Both profiles' rows hold two verifiers: the budget of the decision record.
    @Test(arguments: [ProofProfile.fast, .proven100, .tinyMerge])
    func `two verifiers fit a profile's rows`(profile: ProofProfile) throws {
        let constraints = MergeConstraints(leafKeyDigest: .zero, profile: profile)
        let verifierRows = constraints.verifierRowCount
        print("\(profile.degreeBits) bits: a verifier \(verifierRows) rows")
        let table = try constraints.builder.buildTable(degreeBits: profile.degreeBits + 1)
        print("used \(table.usedRowCount) of \(1 << profile.degreeBits)")
        for (gate, rows) in table.rowReport { print("  \(gate): \(rows)") }
        #expect(table.usedRowCount <= 1 << profile.degreeBits)
    }
}
