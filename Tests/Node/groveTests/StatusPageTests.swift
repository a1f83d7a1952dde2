import Foundation
import NodeAPI
import Testing
import grove

@Suite struct StatusPageTests {
    private func status(_ json: String) throws -> StatusAnswer {
        try JSONDecoder().decode(StatusAnswer.self, from: Data(json.utf8))
    }

    private static let totals = """
        {"electedUnits":9,"feeUnits":2000000000,"helpedUnits":1,"led":0,"missedOpenings":0,\
        "missedReveals":0,"missedUnits":2,"paidAsProverUnits":25600000000,\
        "paidAsSequencerUnits":0,"paidForReportsUnits":0,"paidUnits":25600000000,"proposed":0,\
        "provenUnits":7,"receivedUnits":0,"refusedTransactions":0,"sealed":0,"sentUnits":0,\
        "slashedUnits":0,"stakedUnits":0,"unstakedUnits":0,"won":0}
        """

    /// A prover in the middle of a slot.
    private static let prover = """
        {"balanceUnits":1024500000000,"burnedUnits":0,"dataDirectory":"/var/lib/grove",\
        "drops":[{"count":3,"name":"node.duplicate"},{"count":1,"name":"node.staleSlot"}],\
        "duties":{"height":812,"proving":[\
        {"due":{"height":824,"secondsLeft":6,"ticksLeft":12},"elected":"8a71c0d2ff",\
        "firstLeaf":2,"helperHeight":828,"isHelper":false,"isLate":false,"leafCount":1,\
        "openStep":0,"percent":63,"phase":"quotient","slot":14,"startedAt":809,"state":"proving"},\
        {"due":{"height":808,"secondsLeft":-2,"ticksLeft":-4},"elected":"3f4a9c01ff",\
        "firstLeaf":3,"helperHeight":812,"isHelper":true,"isLate":true,"leafCount":1,\
        "openStep":1,"slot":14,"state":"waiting"},\
        {"due":{"height":830,"secondsLeft":9,"ticksLeft":18},"elected":"8a71c0d2ff",\
        "firstLeaf":2,"helperHeight":834,"isHelper":false,"isLate":false,"leafCount":2,\
        "openStep":0,"slot":14,"state":"announced"}],"tickMilliseconds":500},\
        "earnings":\(totals),"finalBlockCount":12,"health":{"health":"ok"},"height":812,\
        "key":"8a71c0d2ff","ledgerRoot":"bb","listenAddresses":[],\
        "log":{"behind":0,"head":812,"secondsSinceBlock":0.4,"tickMilliseconds":500,\
        "url":"http://10.0.0.1:7000"},\
        "machine":{"failedProofs":0,"kernels":"avx512","leafProofs":5,"mergeProofs":1,\
        "provingThreads":2},\
        "memberships":[{"role":"prover","stakeUnits":100000000000,"state":"admitted"}],\
        "mintedUnits":9,"networkId":"3f2a11aa77","networkName":"devnet","peerId":"12D3",\
        "peerBook":{"barred":[],"barredHosts":[],"known":7,"reached":5},"toldAddresses":[],\
        "peers":[{"addresses":[],"agent":"grove/0.1.0","connectedSeconds":192,"direction":"out",\
        "host":"10.0.0.2","isOfNetwork":true,"faults":0,"id":"12D3KooWAbCdEfGhIjKlMnOpQr","meshTopics":3,"receivedBytes":1234567,\
        "score":0,"sentBytes":987},\
        {"addresses":[],"connectedSeconds":4,"direction":"in",\
        "host":"192.168.100.200","isOfNetwork":false,"faults":2,"id":"12D3KooWZ",\
        "meshTopics":0,"receivedBytes":0,"score":-40,"sentBytes":0}],\
        "pendingPaymentCount":6,"policyHash":"ff","recentSlots":[\
        {"electedUnits":0,"height":700,"helpedUnits":0,"isLeader":false,"isProposed":false,\
        "missedUnits":0,"outcome":"skipped","paidAsProverUnits":0,"paidAsSequencerUnits":0,\
        "provenUnits":0,"reason":"noRootProof","slashedUnits":0,"slot":12},\
        {"electedUnits":3,"height":750,"helpedUnits":1,"isLeader":false,"isProposed":false,\
        "missedUnits":1,"outcome":"final","paidAsProverUnits":12800000000,\
        "paidAsSequencerUnits":0,"provenUnits":2,"slashedUnits":0,"slot":13},\
        {"electedUnits":3,"helpedUnits":0,"isLeader":false,"isProposed":false,"missedUnits":0,\
        "outcome":"open","paidAsProverUnits":0,"paidAsSequencerUnits":0,"provenUnits":0,\
        "slashedUnits":0,"slot":14}],\
        "roles":["prover"],"skippedSlotCount":1,"slot":{"blockId":"11","committedCount":1,\
        "leader":"3f4a9c01ff","leafCount":4,"openingHeight":790,"phase":"proving",\
        "provenCount":3,"provingCount":2,"provingDeadline":869,"slot":14,"waitingCount":1},\
        "stakeUnits":100000000000,"uptimeSeconds":3725,"version":"grove/0.1.0"}
        """

    @Test func `a prover reads on one screen what it owes, earns and hears`() throws {
        let page = StatusPage(try status(Self.prover), palette: Palette(isColoured: false))
        #expect(
            page.text == """
                prover 8a71c0d2  devnet 3f2a11aa  ok
                version   grove/0.1.0, up 1 h 2 min
                data      /var/lib/grove
                machine   avx512 kernels, 2 proving threads, 5 leaf proofs and 1 merge made

                log       height 812, last block 0.4 s ago, http://10.0.0.1:7000
                slot      14 proving, led by 3f4a9c01, 4 leaf proofs, root due in 57 ticks (29 s)
                tree      3 nodes proven, 1 committed, 2 in the making here, 1 waiting
                ended     12 final blocks, 1 skipped
                payments  6 wait for a block

                prover    admitted, stake 100 IDE
                account   balance 1024.5 IDE, fees 2 IDE
                earned    25.6 IDE, 7 nodes proven in final trees, 1 helped, 2 duties missed

                duties    leaves 2..<3    proving 63 %  due in 12 ticks (6 s) · quotient
                          leaves 3..<4    waiting       late by 4 ticks (2 s) instead of 3f4a9c01
                          leaves 2..<4    announced

                recent    slot 13   final                 proved 2 of 3 nodes, helped with 1, \
                +12.8 IDE
                          slot 12   skipped: noRootProof  no part in it

                peers     2 connected, 1 dialled by this node, 7 known
                          12D3Ko…MnOpQr  out 10.0.0.2        3 min 12 s   1.2 MB in    987 B out     grove/0.1.0
                          12D3KooWZ      in  192.168.100.200 4 s          0 B in       0 B out       \
                              not approved yet score -40 faults 2

                drops     node.duplicate 3, node.staleSlot 1
                """)
    }

    @Test func `what is wrong stands out`() throws {
        var status = try status(Self.prover)
        status.health = HealthAnswer(health: "unwell", reason: "40 log blocks behind")
        status.log.behind = 40
        status.log.secondsSinceBlock = nil
        status.memberships = [.init(role: "prover", state: "notRegistered", stakeUnits: 0)]
        status.peers = []
        let text = StatusPage(status, palette: Palette(isColoured: true)).text
        for part in [
            "\u{1B}[31munwell: 40 log blocks behind\u{1B}[0m",
            "\u{1B}[33m40 blocks behind\u{1B}[0m",
            "\u{1B}[33mno block has come since the start\u{1B}[0m",
            "\u{1B}[33mnot registered: no duties and no pay\u{1B}[0m",
            "\u{1B}[33mnone: nobody is connected\u{1B}[0m",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test(arguments: [
        ("mustSeal", "seal a proposal, due in 2 ticks (1 s)", true),
        ("mustOpen", "open the sealed proposal, due in 2 ticks (1 s)", true),
        ("mustReveal", "leads: reveal the block, due in 2 ticks (1 s)", true),
        ("led", "leads, its block is being proven", false),
        ("follows", "proposed, another sequencer leads", false),
        ("somethingNew", "somethingNew", false),
    ])
    func `a sequencer reads what is due and until when`(
        stage: String, text: String, isDue: Bool
    ) throws {
        var status = try status(Self.prover)
        status.duties.proving = []
        let due = #","due":{"height":814,"secondsLeft":1,"ticksLeft":2}"#
        status.duties.sequencing = try JSONDecoder().decode(
            DutiesAnswer.Sequencing.self,
            from: Data(#"{"slot":14,"stage":"\#(stage)"\#(isDue ? due : "")}"#.utf8))
        let lines = StatusPage(status, palette: Palette(isColoured: false)).lines
        #expect(lines.contains("duties    " + text), "\(lines)")
    }

    @Test func `a page is cut to the terminal, colours and all`() {
        let red = Palette(isColoured: true).paint("abcdef", .bad)
        #expect(
            StatusPage.clip(["12345", red, "é€"], columns: 3, rows: 9)
                == ["123", "\u{1B}[31mabc\u{1B}[0m", "é€"])
        #expect(StatusPage.clip([red], columns: 6, rows: 1) == [red])
        #expect(
            StatusPage.clip(["1", "2", "3"], columns: 80, rows: 2)
                == ["1", "… 2 more lines: a higher terminal shows them"])
        #expect(StatusPage.clip(["1", "2"], columns: 80, rows: 0) == [])
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_600, "1 h 0 min"), (90_000, "1 d 1 h"),
        (-3, "0 s"),
    ])
    func `times are told in two units`(seconds: Int, text: String) {
        #expect(Shown.time(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0 as UInt64, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_950, "1.9 kB"),
        (2_500_000, "2.5 MB"), (7_000_000_000, "7.0 GB"), (.max, "18446744073.7 GB"),
    ])
    func `sizes are told in one`(count: UInt64, text: String) {
        #expect(Shown.bytes(count) == text)
    }

    @Test func `an event is one line`() throws {
        func line(_ json: String) throws -> String {
            EventLine.text(
                try JSONDecoder().decode(EventAnswer.self, from: Data(json.utf8)))
        }
        #expect(
            try line(
                #"{"event":"helping","slot":4,"firstLeaf":2,"leafCount":2,"otherKey":"0123456789"}"#
            ) == "slot 4  helping  leaves 2..<4  for 01234567")
        #expect(
            try line(
                #"{"event":"rewarded","slot":4,"role":"prover","key":"ab","amountUnits":1500000000}"#
            ) == "slot 4  rewarded  prover  ab  1.5 IDE")
        #expect(
            try line(#"{"event":"skipped","slot":4,"height":9,"reason":"noProposal"}"#)
                == "slot 4  skipped  height 9  (noProposal)")
    }
}
