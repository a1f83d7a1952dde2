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

                duties    late by 4 ticks (2 s)   leaf 3: not begun, instead of 3f4a9c01
                          due in 12 ticks (6 s)   leaf 2: being proven 63 %, dividing the \
                constraints
                          merge 2..<4: done: others can have the proof

                log       height 812, last block 0.4 s ago, http://10.0.0.1:7000
                prover    admitted to the slots, stake 100 IDE

                account   balance 1024.5 IDE, fees 2 IDE
                earned    25.6 IDE, 2 duties missed, 7 nodes proven in final trees, 1 helped
                recent    slot 13   final, proved 2 of 3 nodes, helped with 1, +12.8 IDE
                          slot 12   skipped: no root proof in time, no part in it

                slot      14: the block is being proven, root due in 57 ticks (29 s), \
                4 leaf proofs, led by 3f4a9c01
                tree      3 nodes proven, 1 committed, 2 in the making here, 1 waiting
                ended     12 final blocks, 1 skipped
                payments  6 wait for a block

                peers     2 connected, 1 dialled by this node, 7 known
                          12D3Ko…MnOpQr  out 10.0.0.2        3 min 12 s   1.2 MB in    987 B out     grove/0.1.0
                          12D3KooWZ      in  192.168.100.200 4 s          0 B in       0 B out       \
                              not approved yet score -40 faults 2

                drops     3 × message known already
                          1 × message of a slot that is over

                version   grove/0.1.0, up 1 h 2 min
                data      /var/lib/grove
                machine   avx512 kernels, 2 proving threads, 5 leaf proofs and 1 merge made
                """)
    }

    /// A prover with more of everything than a small terminal has room for.
    private func busy() throws -> StatusAnswer {
        var status = try status(Self.prover)
        let duty = try #require(status.duties.proving.first { $0.state == "proving" })
        status.duties.proving = (0..<9).map { place in
            var duty = duty
            duty.firstLeaf = place
            duty.due.ticksLeft = Int64(20 - place)
            return duty
        }
        let peer = status.peers[0]
        status.peers = Array(repeating: peer, count: 20)
        let drop = status.drops[0]
        status.drops = (1...6).map { number in
            var drop = drop
            drop.name = "new\(number)"
            return drop
        }
        return status
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 40)])
    func `a page fits the terminal, duties and deadlines first`(columns: Int, rows: Int) throws {
        let page = StatusPage(try busy(), palette: Palette(isColoured: true))
        let lines = page.lines(columns: columns, rows: rows).map(Self.plain)
        #expect(lines.count <= rows)
        #expect(lines.allSatisfy { $0.count <= columns }, "\(lines)")
        #expect(lines[0].contains("ok"))
        let duties = try #require(lines.firstIndex { $0.hasPrefix("duties") })
        #expect(duties <= 2)
        #expect(lines[duties].hasPrefix("duties    due in 12 ticks (6 s)   leaf 8: being proven"))
        for (name, other) in [("duties", "log"), ("log", "earned"), ("earned", "slot")] {
            let first = try #require(lines.firstIndex { $0.hasPrefix(name) }, "\(name)")
            let second = try #require(lines.firstIndex { $0.hasPrefix(other) }, "\(other)")
            #expect(first < second)
        }
        #expect(lines.contains { $0.hasPrefix("peers     20 connected") })
        #expect(lines.contains { $0.hasPrefix("prover    admitted") })
    }

    @Test func `at 60 by 15 lists say how many are missing, and what has no room is named`() throws
    {
        let page = StatusPage(try busy(), palette: Palette(isColoured: false))
        #expect(
            page.lines(columns: 60, rows: 15) == [
                "prover 8a71c0d2  devnet 3f2a11aa  ok",
                "duties    due in 12 ticks (6 s)   leaf 8: being proven 63 %…",
                "          due in 13 ticks (7 s)   leaf 7: being proven 63 %…",
                "          due in 14 ticks (7 s)   leaf 6: being proven 63 %…",
                "          … and 6 more",
                "log       height 812, last block 0.4 s ago, http://10.0.0.1…",
                "prover    admitted to the slots, stake 100 IDE",
                "account   balance 1024.5 IDE, fees 2 IDE",
                "earned    25.6 IDE, 2 duties missed, 7 nodes proven in fina…",
                "slot      14: the block is being proven, root due in 57 tic…",
                "tree      3 nodes proven, 1 committed, 2 in the making here…",
                "ended     12 final blocks, 1 skipped",
                "payments  6 wait for a block",
                "peers     20 connected, 20 dialled by this node, 7 known",
                "… a higher terminal shows drops, machine",
            ])
    }

    @Test func `a page that has room is the whole page`() throws {
        let status = try status(Self.prover)
        let page = StatusPage(status, palette: Palette(isColoured: false))
        #expect(page.lines(columns: 200, rows: 100) == page.lines)
        #expect(page.lines(columns: 200, rows: page.lines.count) == page.lines)
        #expect(page.lines(columns: 80, rows: 0) == [])
        #expect(page.lines(columns: 80, rows: 1).count == 1)
    }

    @Test(arguments: 1...45)
    func `whatever the height, no row is lost without a word`(rows: Int) throws {
        let page = StatusPage(try busy(), palette: Palette(isColoured: false))
        let lines = page.lines(columns: 80, rows: rows)
        #expect(lines.count <= rows)
        let isShort = lines.contains { $0.contains("… and") || $0.hasPrefix("… a higher") }
        #expect(isShort || rows == 1)
    }

    /// Without colours.
    private static func plain(_ line: String) -> String {
        line.replacing(/\u{1B}\[[0-9]*m/, with: "")
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
        ("mustSeal", "due in 2 ticks (1 s)    seal a proposal", true),
        ("mustOpen", "due in 2 ticks (1 s)    open the sealed proposal", true),
        ("mustReveal", "due in 2 ticks (1 s)    leads: reveal the block", true),
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

    @Test func `a line is cut to the terminal, colours and all`() throws {
        var status = try status(Self.prover)
        status.health = HealthAnswer(health: "unwell", reason: "é€é€é€é€é€")
        let page = StatusPage(status, palette: Palette(isColoured: true))
        let line = try #require(page.lines(columns: 48, rows: 9).first)
        #expect(line.hasSuffix("\u{1B}[31munwell: é€é€é…\u{1B}[0m"), "\(line)")
        #expect(Self.plain(line).count == 48)
        #expect(page.lines(columns: 0, rows: 3).allSatisfy { $0.isEmpty })
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
            ) == "slot 4  proving in place of another  leaves 2..<4  for 01234567")
        #expect(
            try line(
                #"{"event":"rewarded","slot":4,"role":"prover","key":"ab","amountUnits":1500000000}"#
            ) == "slot 4  paid  prover  ab  1.5 IDE")
        #expect(
            try line(#"{"event":"skipped","slot":4,"height":9,"reason":"noProposal"}"#)
                == "slot 4  slot skipped  height 9  (nobody opened a proposal)")
    }
}
