import Circuit
import Connection
import Cryptography
import Gossip
import Ledger
import NodeAPI
import NodeCore
import NodeRuntime
import Peering
import Primitives
import Sequencing
import Testing
import TransportNIO
import grove

/// Every name that a node can tell has words.
@Suite struct WordsTests {
    /// Whether `words` are other than the name, and hold no name of the code.
    private func areWords(_ words: String, for name: String) -> Bool {
        words != name && !words.contains(/[a-z][A-Z]/)
    }

    @Test func `every drop, fault and count of a node has words of its own`() {
        let names: [String] =
            NodeDrop.allCases.map { "node.\($0.rawValue)" }
            + GossipDrop.allCases.map { "gossip.\($0.rawValue)" }
            + PeerFaultKind.allCases.map { "fault.\($0.rawValue)" }
            + DropReason.allCases.map { "transport.\($0.rawValue)" }
            + TransportDrop.allCases.map { "transport.\($0.rawValue)" }
            + PeeringDrop.allCases.map { "transport.\($0.rawValue)" }
            + NodeCount.allCases.map(\.rawValue)
        for name in names { #expect(areWords(Words.drop(name), for: name), "\(name)") }
        #expect(Set(names.map(Words.drop)).count == names.count)
        #expect(Words.drop("node.ofANewerNode") == "node.ofANewerNode")
    }

    @Test func `every reason for a skipped slot has words`() {
        let key = OperatorKey(Bytes32(words: 1, 1, 1, 1))
        let reasons: [SkipReason] = [
            .emptyPool, .noCommit, .noProposal, .noReveal(leader: key), .noRootProof,
        ]
        for reason in reasons {
            // A new case is to be added above.
            switch reason {
            case .emptyPool, .noCommit, .noProposal, .noReveal, .noRootProof: break
            }
            #expect(areWords(Words.skip(reason.name), for: reason.name), "\(reason)")
        }
        #expect(Words.skip("noRootProof") == "no root proof in time")
    }

    @Test func `every phase, stage and state has words`() {
        let phases: [FernetPhase] = [.propose, .open, .reveal, .proving, .ended]
        for phase in phases {
            switch phase {
            case .propose, .open, .reveal, .proving, .ended: break
            }
        }
        for name in phases.map({ "\($0)" }) + ["closed"] {
            #expect(areWords(Words.phase(name), for: name), "\(name)")
        }
        for stage in SequencingStanding.Stage.allCases {
            #expect(areWords(Words.sequencing(stage.rawValue), for: stage.rawValue), "\(stage)")
        }
        let progress: [NodeProgress.State] = [.waiting, .proving, .committed, .proven]
        for state in progress {
            switch state {
            case .waiting, .proving, .committed, .proven: break
            }
        }
        for name in ProvingStanding.State.allCases.map(\.rawValue) + progress.map(\.rawValue)
            + ["included"]
        {
            #expect(areWords(Words.node(name), for: name), "\(name)")
        }
        for phase in ProvingPhase.allCases {
            #expect(areWords(Words.proving("\(phase)"), for: "\(phase)"), "\(phase)")
        }
    }

    @Test func `every standing in the registry has words`() {
        let admissions: [Admission?] = [
            nil, .admitted(stake: .zero), .from(slot: Slot(1)),
            .ejected(stake: .zero, minimum: .zero), .exiting(paidAt: Height(1)),
        ]
        for admission in admissions {
            switch admission {
            case nil, .admitted, .from, .ejected, .exiting: break
            }
            let name = StatusAnswer.MembershipAnswer(.prover, .zero, admission).state
            #expect(areWords(Words.membership(name), for: name), "\(name)")
        }
    }

    @Test func `every offence has words`() {
        for offence in [OffenceKind.equivocation, .noReveal] {
            switch offence {
            case .equivocation, .noReveal: break
            }
            #expect(areWords(Words.offence("\(offence)"), for: "\(offence)"), "\(offence)")
        }
    }

    @Test func `every event and what it is about has words`() {
        for event in EventAnswer.Name.allCases {
            #expect(areWords(Words.event(event), for: event.rawValue) || event == .proving)
        }
        #expect(
            Set(EventAnswer.Name.allCases.map { Words.event($0) }).count
                == EventAnswer.Name.allCases.count)
        for kind in TransactionKind.allCases {
            #expect(areWords(Words.transaction("\(kind)"), for: "\(kind)"), "\(kind)")
        }
        for duty in [
            "fernet-commit", "fernet-proposal", "block-reveal", "election", "proof-commitment",
            "root-proof", "log-intent", "evidence", "register", "exit", "withdraw", "send",
        ] {
            #expect(areWords(Words.duty("\(duty)/7/1"), for: "\(duty)/7/1"), "\(duty)")
        }
    }

    @Test func `every step of a registration has words`() {
        let key = OperatorKey(Bytes32(words: 1, 1, 1, 1))
        let steps: [RegistrationStep] = [
            .waitingForMoney(held: .zero, needed: .zero), .submitted(stake: .zero),
            .registered(admittedFrom: Slot(1)), .admitted(stake: .zero), .ejected(stake: .zero),
            .refused(reason: ""), .left, .leaving, .exiting(paidAt: Height(1)),
            .exited(amount: .zero), .withdrawn(amount: .zero, to: key),
        ]
        for step in steps {
            switch step {
            case .waitingForMoney, .submitted, .registered, .admitted, .ejected, .refused, .left,
                .leaving, .exiting, .exited, .withdrawn:
                break
            }
            let kind = EventAnswer.events(of: .registration(.prover, step, inTicks: nil))[0].kind
            let name = kind ?? ""
            #expect(areWords(Words.registration(name), for: name), "\(name)")
        }
    }
}
