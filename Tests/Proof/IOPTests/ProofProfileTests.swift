import Commitment
import Field
import Hash
import IOP
import SansIO
import Testing

struct ProofProfileTests {
    @Test func `proven100 proves a hundred bits`() {
        #expect(ProofProfile.proven100.provenBits >= 100)
        #expect(ProofProfile.proven100.conjecturedBits >= 100)
        #expect(ProofProfile.proven100.extensionDegree == 3)
    }

    @Test func `fast is what plonky2 claims and fifty-seven bits are proven`() {
        #expect(ProofProfile.fast.provenBits == 57)
        #expect(ProofProfile.fast.conjecturedBits == 100)
    }

    @Test func `fewer queries or less work or a smaller extension fall below the claim`() {
        let profile = ProofProfile.proven100
        func provenBits(queries: Int, work: Int, degree: Int) -> Int {
            ProofProfile(
                extensionDegree: degree,
                fri: FRIParameters(
                    degreeBits: 14, rateBits: 3, capHeight: 4, arityBits: 4,
                    finalPolynomialBits: 6, queryCount: queries, proofOfWorkBits: work),
                openingLimit: profile.openingLimit, constraintLimit: profile.constraintLimit,
                constraintDegree: profile.constraintDegree,
                routedWireLimit: profile.routedWireLimit
            ).provenBits
        }
        #expect(provenBits(queries: 54, work: 20, degree: 3) == profile.provenBits)
        #expect(provenBits(queries: 53, work: 20, degree: 3) < 100)
        #expect(provenBits(queries: 54, work: 19, degree: 3) < 100)
        #expect(provenBits(queries: 54, work: 20, degree: 2) < 100)
        #expect(provenBits(queries: 500, work: 20, degree: 2) < 100)
    }

    @Test func `the hash caps what queries can give`() {
        let fri = FRIParameters(
            degreeBits: 10, rateBits: 3, capHeight: 4, arityBits: 4, finalPolynomialBits: 5,
            queryCount: 400, proofOfWorkBits: 20)
        let profile = ProofProfile(
            extensionDegree: 3, fri: fri, openingLimit: 300, constraintLimit: 200,
            constraintDegree: 9, routedWireLimit: 80)
        #expect(profile.provenBits <= 128)
        #expect(profile.conjecturedBits == 128)
    }

    @Test func `every number of a profile is said to the transcript`() {
        let profile = ProofProfile.proven100
        #expect(
            profile.transcriptParameters == [3, 14, 3, 4, 4, 6, 54, 20, 320, 256, 9, 80])
        #expect(
            profile.with(degreeBits: 12).transcriptParameters
                == [3, 12, 3, 4, 4, 6, 54, 20, 320, 256, 9, 80])
    }

    @Test func `final polynomials have the lengths of the design`() {
        #expect(ProofProfile.fast.fri.finalPolynomialCount == 32)
        #expect(ProofProfile.fast.fri.roundCount == 2)
        #expect(ProofProfile.proven100.fri.finalPolynomialCount == 64)
        #expect(ProofProfile.proven100.fri.roundCount == 2)
    }
}
