import Cryptography
import Testing
import VRF

struct VRFInputTests {
    private let network = Digest(Bytes32(words: 1, 2, 3, 4))
    private let beacon = Digest(Bytes32(words: 5, 6, 7, 8))

    @Test func `an input has a fixed length for each use`() {
        for use in VRFInput.Use.allCases {
            let lengths = [0, 1, UInt64.max].map {
                VRFInput.draw(use, networkID: network, slot: $0, beacon: beacon).count
            }
            #expect(Set(lengths).count == 1)
        }
    }

    @Test func `an input depends on use, network, slot and beacon`() {
        var inputs = VRFInput.Use.allCases.map {
            VRFInput.draw($0, networkID: network, slot: 9, beacon: beacon)
        }
        inputs.append(VRFInput.draw(.fernet, networkID: beacon, slot: 9, beacon: beacon))
        inputs.append(VRFInput.draw(.fernet, networkID: network, slot: 10, beacon: beacon))
        inputs.append(VRFInput.draw(.fernet, networkID: network, slot: 9, beacon: network))
        inputs.append(VRFInput.registration(networkID: network, operatorKey: beacon))
        inputs.append(VRFInput.registration(networkID: network, operatorKey: network))
        #expect(Set(inputs).count == inputs.count)
    }

    @Test func `an input is laid out tag, network, role, slot, beacon`() {
        let input = VRFInput.draw(.fernet, networkID: network, slot: 258, beacon: beacon)
        let tag = Array("grove/1/vrf-fernet".utf8)
        let expected =
            [0, 0, 0, UInt8(tag.count)] + tag + [0, 0, 0, 32] + network.bytes
            + [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2]
            + [0, 0, 0, 32] + beacon.bytes
        #expect(input == expected)
    }
}
