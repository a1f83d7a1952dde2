import Cryptography
import Primitives
import Sequencing
import Testing
import VRF

@Suite struct BeaconChainTests {
    private func output(_ byte: UInt8) throws -> VRFOutput {
        try #require(VRFOutput([UInt8](repeating: byte, count: VRFOutput.byteCount)))
    }

    private func next(_ beacon: Beacon, _ entropy: [UInt8]) -> Beacon {
        Beacon(taggedHash("beacon", .key(beacon), .bytes(entropy)).rawBytes)
    }

    @Test func `beacon s+1 is the hash of beacon s and the output of slot s`() throws {
        let genesis = Beacon(taggedHash("genesis").rawBytes)
        var chain = try #require(BeaconChain(genesis: genesis, lag: 0))
        #expect(chain.current == genesis)
        chain.finalise(with: try output(1))
        let first = next(genesis, try output(1).bytes)
        #expect(chain.current == first)
        chain.skip()
        #expect(chain.current == next(first, taggedHash("skip", .integer(1)).bytes))
        #expect(chain.currentSlot == Slot(2))
    }

    @Test(arguments: [0, 1, 2, 8] as [Int])
    func `slot s uses beacon max(0, s − lag)`(lag: Int) throws {
        let genesis = Beacon(.zero)
        var chain = try #require(BeaconChain(genesis: genesis, lag: UInt64(lag)))
        var beacons = [genesis]
        for slot in 0..<30 {
            #expect(chain.currentSlot == Slot(UInt64(slot)))
            #expect(chain.current == beacons[max(0, slot - lag)])
            #expect(chain.newest == beacons[slot])
            beacons.append(next(beacons[slot], try output(UInt8(slot)).bytes))
            chain.finalise(with: try output(UInt8(slot)))
        }
    }

    @Test func `a lag beyond what a node holds is refused`() {
        #expect(BeaconChain(genesis: Beacon(.zero), lag: BeaconChain.maximumLag + 1) == nil)
    }
}
