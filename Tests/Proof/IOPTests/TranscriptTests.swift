import Commitment
import Field
import Hash
import IOP
import Testing

struct TranscriptTests {
    private func transcript(_ parameters: [UInt64] = [1, 2, 3]) -> Transcript {
        Transcript(domain: "test", version: 1, parameters: parameters)
    }

    private func challenges(_ transcript: Transcript, _ count: Int = 20) -> [Goldilocks] {
        var copy = transcript
        return (0..<count).map { _ in copy.challenge() }
    }

    @Test func `the duplex is the permutation over what was absorbed`() {
        var state = Poseidon2.State(repeating: .zero)
        let tag: DomainTag = "test"
        state[8] = tag.element
        state[9] = 1
        state[10] = 3
        for (index, element) in [1, 2, 3, 10, 11, 12, 13, 14].enumerated() {
            state[index] = Goldilocks(UInt64(element))
        }
        Poseidon2.permute(&state)
        state[0] = 15
        Poseidon2.permute(&state)
        var transcript = transcript()
        transcript.absorb((10...15).map { Goldilocks(UInt64($0)) })
        let first = challenges(transcript)
        #expect(Array(first[..<8]) == (0..<8).map { state[$0] })
        Poseidon2.permute(&state)
        #expect(Array(first[8..<16]) == (0..<8).map { state[$0] })
    }

    @Test func `everything said changes every later challenge`() {
        let said = (0..<19).map { Goldilocks(UInt64($0 * 3)) }
        func heard(_ elements: [Goldilocks]) -> [Goldilocks] {
            var transcript = transcript()
            transcript.absorb(elements)
            return challenges(transcript)
        }
        let honest = heard(said)
        for index in said.indices {
            var changed = said
            changed[index] += .one
            #expect(zip(heard(changed), honest).allSatisfy { $0 != $1 })
        }
    }

    @Test func `domain and version and every parameter change every challenge`() {
        let honest = challenges(transcript())
        let others = [
            Transcript(domain: "other", version: 1, parameters: [1, 2, 3]),
            Transcript(domain: "test", version: 2, parameters: [1, 2, 3]),
            transcript([0, 2, 3]), transcript([1, 0, 3]), transcript([1, 2, 4]),
            transcript([1, 2]), transcript([1, 2, 3, 0]),
        ]
        for other in others {
            #expect(zip(challenges(other), honest).allSatisfy { $0 != $1 })
        }
    }

    @Test func `challenges drawn before do not return after something is said`() {
        var transcript = transcript()
        let first = transcript.challenge()
        let pending = challenges(transcript, 3)
        transcript.absorb([1])
        let later = challenges(transcript, 3)
        #expect(Set([first] + pending + later).count == 7)
    }

    @Test func `absorbing in pieces is absorbing at once`() {
        let elements = (0..<21).map { Goldilocks(UInt64($0)) }
        var whole = transcript()
        whole.absorb(elements)
        var pieces = transcript()
        pieces.absorb(Array(elements[..<5]))
        pieces.absorb([Goldilocks]())
        pieces.absorb(Array(elements[5...]))
        #expect(challenges(whole) == challenges(pieces))
    }

    @Test func `an extension challenge is as many base challenges`() {
        var transcript = transcript()
        let base = challenges(transcript, 5)
        #expect(transcript.challenge(CubicExtension.self).coefficients == Array(base[..<3]))
        #expect(transcript.challenge(QuadraticExtension.self).coefficients == Array(base[3...]))
    }

    @Test func `indices are the low bits of canonical challenges`() {
        var transcript = transcript()
        let base = challenges(transcript, 10)
        #expect(
            transcript.indices(count: 10, bits: 6) == base.map { Int($0.canonical % 64) })
    }

    @Test(arguments: 0...8)
    func `the lowest nonce with the work is found`(pending: Int) throws {
        var transcript = transcript()
        transcript.absorb((0..<pending).map { Goldilocks(UInt64($0)) })
        let nonce = try #require(transcript.nonce(forProofOfWorkBits: 6))
        for candidate in 0...nonce.canonical {
            var copy = transcript
            let worked = copy.hasProofOfWork(Goldilocks(candidate), bits: 6)
            #expect(worked == (candidate == nonce.canonical))
        }
    }
}
