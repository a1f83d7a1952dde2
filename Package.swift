// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]
/// Field arithmetic and whoever calls it in a loop: generics specialise across modules.
let hot =
    strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

func target(
    _ name: String, in family: String, _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = strict
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(family)/\(name)",
        swiftSettings: settings)
}

func tests(
    of name: String, in family: String, _ dependencies: [Target.Dependency],
    settings: [SwiftSetting] = strict
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport"],
        path: "Tests/\(family)/\(name)Tests", swiftSettings: settings)
}

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let foundations: [Target] = [
    .systemLibrary(
        name: "CSodium", path: "Sources/Foundations/CSodium", pkgConfig: "libsodium",
        providers: [.apt(["libsodium-dev"])]),
    target("Cryptography", in: "Foundations", ["CSodium"]),
    target("VRF", in: "Foundations", ["Cryptography"]),
    target("SansIO", in: "Foundations"),
    target("Primitives", in: "Foundations", ["Cryptography", "VRF"]),
    target("Messages", in: "Foundations", ["Primitives", "Cryptography", "VRF", protobuf]),
    .target(
        name: "TestSupport",
        dependencies: ["Cryptography", "Primitives", "VRF", nioCore, nioPosix],
        path: "Tests/TestSupport",
        swiftSettings: strict),
    tests(of: "Cryptography", in: "Foundations", ["Cryptography"]),
    tests(of: "VRF", in: "Foundations", ["VRF", "Cryptography"]),
    tests(of: "Primitives", in: "Foundations", ["Primitives", "Cryptography"]),
    tests(
        of: "Messages", in: "Foundations",
        ["Messages", "Primitives", "Cryptography", "VRF", "SansIO", protobuf]),
]

let proof: [Target] = [
    .target(name: "CGoldilocks", path: "Sources/Proof/CGoldilocks"),
    target("Field", in: "Proof", ["CGoldilocks"], settings: hot),
    target("Hash", in: "Proof", ["Field", "CGoldilocks", "Primitives"], settings: hot),
    target("Commitment", in: "Proof", ["Field", "Hash"], settings: hot),
    target("IOP", in: "Proof", ["Field", "Hash", "Commitment"], settings: hot),
    target(
        "Circuit", in: "Proof", ["CGoldilocks", "Field", "Hash", "Commitment", "IOP"],
        settings: hot),
    target(
        "Recursion", in: "Proof",
        ["Primitives", "Field", "Hash", "Commitment", "IOP", "Circuit", "Payments"], settings: hot),
    tests(
        of: "Recursion", in: "Proof",
        [
            "Recursion", "Primitives", "Field", "Hash", "Commitment", "IOP", "Circuit",
            "Payments", "PaymentsCircuit", "Cryptography", "SansIO",
        ], settings: hot),
    target(
        "NodeProofs", in: "Proof",
        [
            "Cryptography", "Primitives", "Field", "Hash", "IOP", "Payments", "PaymentsCircuit",
            "Circuit", "Recursion",
        ]),
    .target(
        name: "ProofFixtures",
        dependencies: [
            "NodeProofs", "Cryptography", "IOP", "Payments", "PaymentsCircuit", "Primitives",
        ], path: "Tests/ProofFixtures", swiftSettings: strict),
    tests(
        of: "NodeProofs", in: "Proof",
        [
            "NodeProofs", "ProofFixtures", "Circuit", "Cryptography", "Hash", "IOP", "Payments",
            "PaymentsCircuit", "Primitives", "SansIO",
        ]),
    tests(of: "Field", in: "Proof", ["Field", "SansIO"], settings: hot),
    tests(
        of: "Hash", in: "Proof", ["Hash", "Field", "Primitives", "SansIO"], settings: hot),
    tests(
        of: "Commitment", in: "Proof", ["Commitment", "Field", "Hash", "SansIO"],
        settings: hot),
    tests(
        of: "IOP", in: "Proof", ["IOP", "Commitment", "Field", "Hash", "SansIO"], settings: hot),
    tests(
        of: "Circuit", in: "Proof", ["Circuit", "Field", "Hash", "Commitment", "IOP", "SansIO"],
        settings: hot),
]

let transport: [Target.Dependency] = [
    "Connection", "Peering", "Cryptography", "SansIO", nioCore, nioPosix, logging, metrics,
]

let network: [Target] = [
    target("Connection", in: "Network", ["Cryptography", "Primitives", "SansIO"]),
    target(
        "Gossip", in: "Network", ["SansIO", "Cryptography", "Primitives", "Messages", protobuf]),
    target("Peering", in: "Network", ["Connection", "Cryptography", "SansIO"]),
    target("TransportNIO", in: "Network", transport),
    tests(of: "Peering", in: "Network", ["Peering", "Connection", "Cryptography", "SansIO"]),
    tests(of: "TransportNIO", in: "Network", transport + ["TransportNIO"]),
    tests(of: "Connection", in: "Network", ["Connection", "Cryptography", "SansIO"]),
    tests(
        of: "Gossip", in: "Network",
        ["Gossip", "SansIO", "Cryptography", "Primitives", "Messages"]),
]

let protocolRules: [Target] = [
    target("Mempool", in: "Protocol", ["Primitives"]),
    target("ProofTree", in: "Protocol", ["Primitives"]),
    target("Sequencing", in: "Protocol", ["Cryptography", "VRF", "Primitives"]),
    target(
        "ProverElection", in: "Protocol",
        ["Cryptography", "VRF", "Primitives", "ProofTree", "Sequencing"]),
    target("ProofSubmission", in: "Protocol", ["Cryptography", "Primitives"]),
    target(
        "Ledger", in: "Protocol",
        [
            "Cryptography", "VRF", "Primitives", "ProofTree", "Sequencing", "ProverElection",
            "ProofSubmission", "Payments",
        ]),
    tests(of: "Mempool", in: "Protocol", ["Mempool", "Primitives", "SansIO"]),
    tests(
        of: "ProofSubmission", in: "Protocol",
        ["ProofSubmission", "Cryptography", "Primitives"]),
    tests(of: "ProofTree", in: "Protocol", ["ProofTree", "Primitives"]),
    tests(
        of: "Sequencing", in: "Protocol",
        ["Sequencing", "Primitives", "Cryptography", "VRF", "SansIO"]),
    tests(
        of: "ProverElection", in: "Protocol",
        [
            "ProverElection", "ProofTree", "Sequencing", "Primitives", "Cryptography", "VRF",
            "SansIO",
        ]),
    tests(
        of: "Ledger", in: "Protocol",
        [
            "Ledger", "Cryptography", "VRF", "Primitives", "ProofTree", "Sequencing",
            "ProverElection", "ProofSubmission", "Payments", "SansIO",
        ]),
]

let rollup: [Target] = [
    target(
        "Payments", in: "Rollup", ["Cryptography", "Primitives", "Field", "Hash"], settings: hot),
    target(
        "PaymentsCircuit", in: "Rollup",
        ["Payments", "Circuit", "IOP", "Cryptography", "Primitives", "Field", "Hash"],
        settings: hot),
    tests(
        of: "PaymentsCircuit", in: "Rollup",
        [
            "PaymentsCircuit", "Circuit", "IOP", "Payments", "Cryptography", "Primitives",
            "Field", "Hash", "SansIO",
        ], settings: hot),
    tests(
        of: "Payments", in: "Rollup",
        ["Payments", "Cryptography", "Primitives", "Field", "Hash", "SansIO"], settings: hot),
]

let workSharing: [Target] = [
    target("WorkSharing", in: "Node", ["Field"]),
    tests(of: "WorkSharing", in: "Node", ["WorkSharing", "Field"]),
]

let nodeCore: [Target.Dependency] = [
    "Cryptography", "VRF", "SansIO", "Primitives", "Messages", "Gossip", "Mempool", "ProofTree",
    "Sequencing", "ProverElection", "Ledger", "Payments",
]

let node: [Target] = [
    target("Storage", in: "Node", ["Cryptography", "Primitives", grdb]),
    target(
        "SettlementLog", in: "Node",
        [
            "Cryptography", "Ledger", "Messages", "Primitives", "HTTPSupport", grdb, hummingbird,
            .product(name: "HummingbirdCore", package: "hummingbird"), logging, nioCore,
            nioPosix, nioHTTP, lifecycle,
        ]),
    tests(of: "Storage", in: "Node", ["Storage", "Cryptography", "Primitives", grdb]),
    tests(
        of: "SettlementLog", in: "Node",
        [
            "SettlementLog", "Cryptography", "HTTPSupport", "Ledger", "Messages", "Primitives",
            "ProverElection", "SansIO", "Sequencing", "VRF", grdb,
            nioCore, nioPosix, nioHTTP,
        ]),
    target(
        "NodeRuntime", in: "Node",
        nodeCore + [
            "NodeCore", "NetworkFile", "NodeProofs", "Circuit", "IOP", "Hash", "PaymentsCircuit",
            "Connection", "Peering", "TransportNIO", "SettlementLog", "Storage", "Field",
            "WorkSharing", "CMalloc", logging, metrics,
        ]),
    .systemLibrary(name: "CMalloc", path: "Sources/Node/CMalloc"),
    target("NodeCore", in: "Node", nodeCore),
    target(
        "Audit", in: "Node",
        ["Cryptography", "Primitives", "Messages", "Ledger", "Payments", "NodeCore"]),
    target(
        "NetworkFile", in: "Node",
        [
            "Cryptography", "VRF", "Primitives", "Messages", "Sequencing", "ProverElection",
            "Ledger", "Payments", "Circuit", "Commitment", "IOP", "Hash",
        ]),
]

let nodeTests: [Target] = [
    tests(of: "NodeCore", in: "Node", nodeCore + ["NodeCore"]),
    tests(
        of: "Audit", in: "Node",
        ["Audit", "Simulator", "Cryptography", "Primitives", "Ledger", "NodeCore", "SansIO"]),
    tests(
        of: "NodeRuntime", in: "Node",
        [
            "NodeRuntime", "NodeCore", "Circuit", "Field", "NetworkFile", "NodeProofs",
            "ProofFixtures", "Payments",
            "Connection", "Peering", "TransportNIO", "SettlementLog", "Storage",
            "Ledger", "Messages", "Primitives", "Cryptography", "Gossip", "ProofTree",
            "ProverElection", "SansIO", "Audit", grdb, logging,
        ]),
]

let groveDependencies: [Target.Dependency] = [
    "Cryptography", "VRF", "Primitives", "Payments", "PaymentsCircuit", "IOP", "Circuit", "Hash",
    "NodeProofs", "Audit", "Connection", "TransportNIO", "Ledger", "Messages", "NodeCore",
    "NodeRuntime",
    "NodeAPI", "NetworkFile",
    "Commitment", "Field", "Measures", "WorkSharing", "ProofFile", "ProverElection",
    "ProofTree",
    "SettlementLog", "Storage", "WalletStorage",
    "Faucet", "HTTPSupport", "SansIO", logging, argumentParser, nioCore, nioHTTP, coreMetrics,
]

let faucet: [Target.Dependency] = [
    "Cryptography", "Messages", "Primitives", "SettlementLog", "Storage", nioCore, nioPosix,
    nioHTTP, logging,
]

let commandLine: [Target] = [
    target(
        "Faucet", in: "Node",
        faucet + [
            "HTTPSupport", hummingbird,
            .product(name: "HummingbirdCore", package: "hummingbird"), lifecycle,
        ]),
    tests(of: "Faucet", in: "Node", faucet + ["Faucet", "HTTPSupport"]),
    target(
        "ProofFile", in: "Node",
        ["Cryptography", "Primitives", "Payments", "ProofTree", "NodeProofs"]),
    target(
        "HTTPSupport", in: "Node",
        [
            hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"), lifecycle,
            logging, nioCore, nioPosix, nioHTTP,
        ]),
    tests(
        of: "HTTPSupport", in: "Node", ["HTTPSupport", nioCore, nioPosix, nioHTTP]),
    target("WalletStorage", in: "Node", ["Cryptography", "Payments", "Primitives"]),
    target(
        "NodeAPI", in: "Node",
        [
            "Cryptography", "Hash", "HTTPSupport", "Ledger", "Mempool", "Messages", "NetworkFile",
            "NodeCore", "NodeProofs", "NodeRuntime", "Payments", "Primitives", "ProofTree",
            "ProverElection", "Connection", "Peering", hummingbird,
            .product(name: "HummingbirdCore", package: "hummingbird"), logging, coreMetrics,
            nioCore, nioPosix, nioHTTP, lifecycle,
        ]),
    .executableTarget(
        name: "grove", dependencies: groveDependencies, path: "Sources/Node/grove",
        swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    tests(
        of: "NetworkFile", in: "Node",
        ["NetworkFile", "Circuit", "IOP", "Cryptography", "Primitives", "Payments", "Ledger"]),
    tests(
        of: "ProofFile", in: "Node",
        [
            "ProofFile", "NodeProofs", "ProofFixtures", "Cryptography", "Primitives", "Payments",
        ]),
    tests(
        of: "grove", in: "Node",
        [
            "grove", "Measures", "Messages", "NodeAPI", "NetworkFile", "ProofFile", "NodeProofs",
            "Payments",
            "PaymentsCircuit", "IOP", "Circuit",
            "Cryptography", "NodeRuntime", "NodeCore", "Ledger", "Sequencing", "Primitives",
            "SettlementLog", "Connection", "Gossip", "Peering", "TransportNIO", argumentParser,
        ]),
    tests(
        of: "WalletStorage", in: "Node",
        ["WalletStorage", "Cryptography", "Payments", "Primitives"]),
    tests(
        of: "NodeAPI", in: "Node",
        [
            "NodeAPI", "Cryptography", "HTTPSupport", "Ledger", "Messages", "NodeCore",
            "NodeRuntime",
            "Payments", "Primitives", "ProofTree", "ProverElection", "VRF", coreMetrics, nioCore,
            nioPosix,
        ]),
]

let simulation: [Target] = [
    target("Simulator", in: "Simulation", nodeCore + ["NodeCore", "Audit"]),
    tests(
        of: "Simulator", in: "Simulation",
        [
            "Simulator", "Audit", "NodeCore", "Ledger", "Primitives", "SansIO", "ProverElection",
            "ProofTree", "Gossip", "Messages",
        ]),
]

/// Needs libFuzzer's main function, so only `scripts/fuzz` asks for it.
let fuzzing: [Target] =
    Context.environment["GROVE_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "FuzzProof",
            dependencies: [
                "Circuit", "Cryptography", "Field", "IOP", "NodeProofs", "Payments", "Primitives",
            ], path: "Tests/Fuzz/FuzzProof",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

/// What proofs are measured with; grove-bench is built by scripts/bench alone.
let benchmarks: [Target] = [
    .target(name: "CYardstick", path: "Benchmarks/CYardstick"),
    .target(
        name: "Measures",
        dependencies: [
            "CYardstick", "Circuit", "Commitment", "Cryptography", "Field", "Hash", "IOP",
            "NodeProofs", "Payments", "PaymentsCircuit", "Primitives", "Recursion", "WorkSharing",
        ], path: "Benchmarks/Measures", swiftSettings: strict),
    tests(of: "Measures", in: "Benchmarks", ["Measures", "Field", "Hash"], settings: hot),
    .executableTarget(
        name: "grove-bench", dependencies: ["Field", "IOP", "Measures"],
        path: "Benchmarks/grove-bench", swiftSettings: strict),
]

/// All of our targets, each depending on whatever its dependencies depend on.
///
/// SwiftPM compiles a target again when a module that it *declares* has changed. One that only comes
/// with another, and whose types lie inside that other's, may get another layout without the one
/// between changing a byte; what was compiled before would then read memory at the old places
/// (swiftlang/swift-package-manager#10502). So whoever pulls and builds would get a binary that crashes,
/// or worse. `scripts/check` looks at imports with the lists as they are written above.
func closed(_ targets: [Target]) -> [Target] {
    guard Context.environment["GROVE_DIRECT_DEPENDENCIES"] == nil else { return targets }
    let written = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.dependencies) })
    for target in targets {
        var all: [String: Target.Dependency] = [:]
        var open = target.dependencies
        while let next = open.popLast() {
            switch next {
            case .byNameItem(let name, _):
                if all.updateValue(next, forKey: name) == nil { open += written[name] ?? [] }
            case .productItem(let name, _, _, _):
                all[name] = next
            default:
                preconditionFailure("\(target.name): a dependency of another kind")
            }
        }
        target.dependencies = all.sorted { $0.key < $1.key }.map(\.value)
    }
    return targets
}

let package = Package(
    name: "grove",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: closed(
        [.testTarget(name: "Tidy", path: "Tests/Tidy", swiftSettings: strict)]
            + foundations + proof + network + protocolRules + rollup + workSharing + node
            + nodeTests + commandLine + simulation + benchmarks + fuzzing)
)
