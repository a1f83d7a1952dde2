import Cryptography
import Foundation
import Ledger
import NetworkFile
import Primitives
import Testing

/// A network file says everything, nothing else, and does not contradict itself.
@Suite struct NetworkFileTests {
    @Test func `a document is read back as it was written`() throws {
        let document = try SampleNetwork.document()
        let data = try document.encoded()
        #expect(try NetworkDocument(decoding: data) == document)
        #expect(try NetworkDocument(decoding: data).encoded() == data)
        let network = try NetworkDescription(document: document)
        #expect(network.rules.lag == 2)
        #expect(network.genesis.offers.first?.intent.lastSlot.number == .max)
        #expect(network.tickMilliseconds == 1_000)
    }

    @Test func `a faucet may be named, null or absent, and is no rule`() throws {
        let document = try SampleNetwork.document()
        var named = document
        named.faucet = "http://10.0.0.1:7001"
        #expect(try NetworkDocument(decoding: named.encoded()) == named)
        let networks = try [document, named].map { try NetworkDescription(document: $0) }
        #expect(networks.map(\.faucetURL) == [nil, "http://10.0.0.1:7001"])
        #expect(networks[0].policyHash == networks[1].policyHash)
        var object = try SampleNetwork.object()
        object["faucet"] = NSNull()
        let data = try JSONSerialization.data(withJSONObject: object)
        #expect(try NetworkDocument(decoding: data) == document)
        named.faucet = "ftp://a"
        #expect(
            throws: NetworkFileError.value(
                field: "faucet", expected: "http://host:port", found: "ftp://a")
        ) { _ = try NetworkDescription(document: named) }
    }

    @Test func `a missing file is told from a wrong one`() {
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkDescription(path: "/nowhere/network.json")
        }
        guard case .unreadable(path: "/nowhere/network.json", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `every field is required, and is named where it is missing`() throws {
        for path in Self.paths(of: try SampleNetwork.object()) {
            let object = Self.removing(path, from: try SampleNetwork.object())
            let data = try JSONSerialization.data(withJSONObject: object)
            #expect(throws: NetworkFileError.missingField(Self.name(path))) {
                _ = try NetworkDocument(decoding: data)
            }
        }
    }

    @Test func `unknown fields are refused, all of them by name`() throws {
        var object = try SampleNetwork.object()
        object["sequencing"] = "b52"
        var fernet = object["fernet"] as? [String: Any] ?? [:]
        fernet["haltTicks"] = 1
        object["fernet"] = fernet
        var genesis = object["genesis"] as? [String: Any] ?? [:]
        var accounts = genesis["accounts"] as? [[String: Any]] ?? []
        accounts[1]["nonce"] = 0
        genesis["accounts"] = accounts
        object["genesis"] = genesis
        let data = try JSONSerialization.data(withJSONObject: object)
        let names = ["fernet.haltTicks", "genesis.accounts[1].nonce", "sequencing"]
        #expect(throws: NetworkFileError.unknownFields(names)) {
            _ = try NetworkDocument(decoding: data)
        }
    }

    @Test func `a field of another type is named`() throws {
        var object = try SampleNetwork.object()
        object["slots"] = ["firstSlotHeight": "ten", "lag": 2, "evidenceExpiryTicks": 250]
        let data = try JSONSerialization.data(withJSONObject: object)
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkDocument(decoding: data)
        }
        guard case .wrongType(field: "slots.firstSlotHeight", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `what is no JSON is refused`() {
        for text in ["", "{", "network", "NaN"] {
            let error = #expect(throws: NetworkFileError.self) {
                _ = try NetworkDocument(decoding: Data(text.utf8))
            }
            guard case .notJSON = error else {
                Issue.record("\(text): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `a file of another format is refused as such`() throws {
        var document = try SampleNetwork.document()
        document.format = 3
        #expect(throws: NetworkFileError.format(expected: 2, found: 3)) {
            _ = try NetworkDescription(document: document)
        }
    }

    /// Each change, and the field that the complaint must name.
    @Test func `a value out of range is named with what was expected`() throws {
        let changes: [(String, (inout NetworkDocument) -> Void)] = [
            ("genesisNonce", { $0.genesisNonce = "00" }),
            ("proofs.profile", { $0.proofs.profile = "tiny" }),
            ("proofs.rows", { $0.proofs.rows = 16_384 }),
            ("proofs.leafKey", { $0.proofs.leafKey += "00" }),
            ("proofs.leafKey", { $0.proofs.leafKey.removeLast(2) }),
            ("proofs.leafKey", { $0.proofs.leafKey = "20" + $0.proofs.leafKey.dropFirst(2) }),
            ("proofs.mergeKey", { $0.proofs.mergeKey = "" }),
            ("proofs.mergeKey", { $0.proofs.mergeKey = String(repeating: "ff", count: 520) }),
            (
                "rollup.accounts[0].authenticationKey",
                {
                    $0.rollup.accounts[0].authenticationKey = String(repeating: "f", count: 64)
                }
            ),
            ("settlement.authority", { $0.settlement.authority = "x" }),
            ("settlement.url", { $0.settlement.url = "ftp://a" }),
            ("settlement.tickMilliseconds", { $0.settlement.tickMilliseconds = 0 }),
            ("fernet.score", { $0.fernet.score = "best" }),
            ("election.weighting", { $0.election.weighting = "luck" }),
            ("rewards.forfeit", { $0.rewards.forfeit = "keep" }),
            ("rewards", { $0.rewards.leafWeight = 0 }),
            ("penalties.equivocation", { $0.penalties.equivocation = 10_001 }),
            ("stakes.ejection", { $0.stakes.ejection = 10_001 }),
            ("genesis.beacon", { $0.genesis.beacon = "" }),
            ("genesis.accounts[1].key", { $0.genesis.accounts[1].key = "zz" }),
            ("genesis.registrants[0].role", { $0.genesis.registrants[0].role = "king" }),
            ("genesis.registrants[1].vrfKey", { $0.genesis.registrants[1].vrfKey = "" }),
            ("genesis.offers[0].key", { $0.genesis.offers[0].key = "1" }),
        ]
        for (field, change) in changes {
            var document = try SampleNetwork.document()
            change(&document)
            let error = #expect(throws: NetworkFileError.self, "\(field)") {
                _ = try NetworkDescription(document: document)
            }
            guard case .value(field: field, _, _) = error else {
                Issue.record("\(field): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `fields that contradict each other are refused`() throws {
        let changes: [(inout NetworkDocument) -> Void] = [
            // A ladder longer than the proving phase.
            { $0.fernet.provingTicks = 20 },
            { $0.fernet.feeShareWeight = 3 },
            { $0.fernet.openTicks = 0 },
            // Under two longest slots, and shorter than evidence counts.
            { $0.stakes.exitDelayTicks = 193 }, { $0.slots.evidenceExpiryTicks = 301 },
            { $0.slots.lag = 1 << 40 },
            { $0.rollup.maxLeaves = 0 },
            { $0.rollup.accountTreeDepth = 0 },
            { $0.rollup.accounts = Array(repeating: $0.rollup.accounts[0], count: 257) },
            { $0.rollup.accounts[0].balance = .max },
            { $0.genesis.accounts.append($0.genesis.accounts[0]) },
            { $0.genesis.registrants.append($0.genesis.registrants[0]) },
            { $0.genesis.registrants[1].vrfKey = $0.genesis.registrants[0].vrfKey },
            { $0.genesis.registrants[1].key = String(repeating: "00", count: 32) },
            { $0.genesis.offers[0].key = $0.genesis.registrants[0].key },
            { $0.genesis.offers.append($0.genesis.offers[0]) },
        ]
        for (index, change) in changes.enumerated() {
            var document = try SampleNetwork.document()
            change(&document)
            let error = #expect(throws: NetworkFileError.self, "change \(index)") {
                _ = try NetworkDescription(document: document)
            }
            guard case .contradiction = error else {
                Issue.record("change \(index): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `blocks whose bodies could not be revealed are refused`() throws {
        var document = try SampleNetwork.document()
        document.rollup.leafCapacity = 25
        document.rollup.maxLeaves = 1_000
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkDescription(document: document)
        }
        guard case .contradiction(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("payments fit"))
    }

    @Test func `the policy hash covers profile, tree heights and tick`() throws {
        let changes: [(inout NetworkDocument) -> Void] = [
            { _ in },
            {
                $0.proofs.profile = "proven100"
                $0.proofs.rows = 16_384
            }, { $0.rollup.keyTreeHeight += 1 },
            { $0.settlement.tickMilliseconds += 1 },
        ]
        let hashes = try changes.map { change in
            var document = try SampleNetwork.document()
            change(&document)
            return try NetworkDescription(document: document).policyHash.hex
        }
        #expect(Set(hashes).count == changes.count)
    }

    @Test func `a network of other circuits is another network`() throws {
        let original = try NetworkDescription(document: SampleNetwork.document())
        let changes: [(inout NetworkDocument) -> Void] = [
            { $0.proofs.leafKey = SampleNetwork.verifyingKey(3) },
            { $0.proofs.mergeKey = SampleNetwork.verifyingKey(3) },
            { swap(&$0.proofs.leafKey, &$0.proofs.mergeKey) },
        ]
        for change in changes {
            var document = try SampleNetwork.document()
            change(&document)
            let other = try NetworkDescription(document: document)
            #expect(other.policyHash != original.policyHash)
        }
        var document = try SampleNetwork.document()
        document.proofs.mergeKey = document.proofs.leafKey
        #expect(
            throws: NetworkFileError.contradiction(
                "proofs.leafKey and proofs.mergeKey are the same")
        ) { _ = try NetworkDescription(document: document) }
    }

    @Test func `the sums of genesis money do not wrap`() throws {
        var document = try SampleNetwork.document()
        let half = document.rollup.accounts[0]
        document.rollup.accounts = Array(repeating: half, count: 8)
        for index in document.rollup.accounts.indices {
            document.rollup.accounts[index].balance = (1 << 62) - 1
        }
        #expect(throws: NetworkFileError.self) {
            _ = try NetworkDescription(document: document)
        }
    }

    @Test func `addresses and the name are no policy, every rule is`() throws {
        let original = try NetworkDescription(document: SampleNetwork.document()).policyHash
        let addresses: [(inout NetworkDocument) -> Void] = [
            { $0.name = "other" }, { $0.bootstrap = [] },
            { $0.settlement.url = "http://10.0.0.1:1" },
        ]
        for change in addresses {
            var document = try SampleNetwork.document()
            change(&document)
            #expect(try NetworkDescription(document: document).policyHash == original)
        }
        for (index, change) in Self.ruleChanges.enumerated() {
            var document = try SampleNetwork.document()
            change(&document)
            let policyHash = try NetworkDescription(document: document).policyHash
            #expect(policyHash != original, "change \(index)")
        }
    }

    private static let ruleChanges: [@Sendable (inout NetworkDocument) -> Void] = [
        { $0.genesisNonce = String(repeating: "08", count: 32) },
        { $0.settlement.authority = $0.genesis.accounts[0].key },
        { $0.rollup.accountTreeDepth = 9 }, { $0.rollup.leafCapacity = 5 },
        { $0.rollup.maxLeaves = 9 }, { $0.rollup.accounts[0].balance = 2 },
        { $0.slots.firstSlotHeight = 11 }, { $0.slots.lag = 3 },
        { $0.slots.evidenceExpiryTicks = 251 }, { $0.fernet.proposeTicks = 3 },
        { $0.fernet.provingTicks = 91 }, { $0.fernet.score = "exponentialRace" },
        { $0.election.weighting = "stake" }, { $0.election.stepTicks = 5 },
        { $0.rewards.blockReward = 1 }, { $0.rewards.leafWeight = 2 },
        { $0.rewards.forfeit = "nextBlock" }, { $0.penalties.noReveal = 101 },
        { $0.fees.evidence = 7 }, { $0.stakes.proverMinimum = 99 },
        { $0.genesis.accounts[0].balance = 1 }, { $0.genesis.registrants[0].stake = 101 },
        { $0.genesis.offers[0].capacity = 65 },
        { $0.genesis.beacon = String(repeating: "0a", count: 32) },
    ]
}

extension NetworkFileTests {
    /// The key paths of all fields of the objects, those in the first element of lists included.
    private static func paths(of value: Any) -> [[String]] {
        if let object = value as? [String: Any] {
            return object.keys.sorted().flatMap { key in
                [[key]] + (object[key].map { paths(of: $0) } ?? []).map { [key] + $0 }
            }
        }
        if let first = (value as? [Any])?.first {
            return paths(of: first).map { ["0"] + $0 }
        }
        return []
    }

    private static func removing(_ path: [String], from value: Any) -> Any {
        guard let key = path.first else { return value }
        if var list = value as? [Any] {
            list[0] = removing(Array(path.dropFirst()), from: list[0])
            return list
        }
        guard var object = value as? [String: Any] else { return value }
        object[key] = path.count == 1 ? nil : removing(Array(path.dropFirst()), from: object[key]!)
        return object
    }

    private static func name(_ path: [String]) -> String {
        path.reduce("") { name, part in
            if part == "0" { return name + "[0]" }
            return name.isEmpty ? part : name + "." + part
        }
    }
}
