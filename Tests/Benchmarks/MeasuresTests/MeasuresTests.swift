import Field
import Hash
import Measures
import Testing

struct MeasuresTests {
    @Test func `the yardstick is the permutation that proofs use`() {
        for seed in [0, 1, Goldilocks.modulus - 1, 0x1234_5678_9ABC_DEF0] as [UInt64] {
            var words = (0..<12).map { Goldilocks(seed &+ UInt64($0)).canonical }
            var state = Poseidon2.State { Goldilocks(words[$0]) }
            for _ in 0..<3 { Poseidon2.referencePermute(&state) }
            Yardstick.permute(&words, count: 3)
            #expect(words == (0..<12).map { state[$0].canonical })
        }
    }

    @Test func `numbers are written with their digits`() {
        #expect(fixed(1.005, 1) == "1.0")
        #expect(fixed(0.0421, 3) == "0.042")
        #expect(fixed(-2.5, 0) == "-3")
        #expect(fixed(12, 2) == "12.00")
        #expect(fixed(-0.25, 2) == "-0.25")
    }

    @Test func `the system tells of this process`() {
        #expect(MachineMeter.processorCount >= 1)
        #expect((MachineMeter.memoryByteCount ?? 1) > 0)
        #expect((MachineMeter.peakMemoryByteCount ?? 1) > 0)
        let before = MachineMeter.processorTime
        let measured = Measurement.least(of: 2) {
            var state = [UInt64](0..<12)
            Yardstick.permute(&state, count: 1000)
        }
        #expect(measured.processor > .zero)
        #expect(MachineMeter.processorTime > before)
    }
}
