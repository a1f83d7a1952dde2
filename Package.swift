// swift-tools-version: 6.2
import PackageDescription
let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]
let hot = swift + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]
let package = Package(name: "grove", targets: [
    .systemLibrary(name: "CSodium", path: "Sources/Foundations/CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "Cryptography", dependencies: ["CSodium"], path: "Sources/Foundations/Cryptography", swiftSettings: swift),
    .target(name: "VRF", dependencies: ["Cryptography"], path: "Sources/Foundations/VRF", swiftSettings: swift),
    .target(name: "SansIO", path: "Sources/Foundations/SansIO", swiftSettings: swift),
    .target(name: "Primitives", dependencies: ["Cryptography", "VRF"], path: "Sources/Foundations/Primitives", swiftSettings: swift),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(name: "CGoldilocks", path: "Sources/Proof/CGoldilocks"),
    .target(name: "Field", dependencies: ["CGoldilocks"], path: "Sources/Proof/Field", swiftSettings: hot),
    .target(name: "Hash", dependencies: ["Field", "CGoldilocks", "Primitives"], path: "Sources/Proof/Hash", swiftSettings: hot),
    .target(name: "Commitment", dependencies: ["Field", "Hash"], path: "Sources/Proof/Commitment", swiftSettings: hot),
    .target(name: "IOP", dependencies: ["Field", "Hash", "Commitment"], path: "Sources/Proof/IOP", swiftSettings: hot),
    .testTarget(name: "CommitmentTests", dependencies: ["Field", "Hash", "Commitment", "SansIO"], path: "Tests/Proof/CommitmentTests", swiftSettings: swift),
    .testTarget(name: "IOPTests", dependencies: ["Field", "Hash", "Commitment", "IOP", "SansIO"], path: "Tests/Proof/IOPTests", swiftSettings: swift),
    .target(name: "Circuit", dependencies: ["Field", "Hash", "Commitment", "IOP"], path: "Sources/Proof/Circuit", swiftSettings: hot),
    .executableTarget(name: "benchsrc", dependencies: ["Circuit", "Field", "Hash", "IOP"], path: ".build/benchsrc", swiftSettings: hot, linkerSettings: [.linkedLibrary("m")]),
    .testTarget(name: "CircuitTests", dependencies: ["Circuit", "Field", "Hash", "Commitment", "IOP", "SansIO", "TestSupport"], path: "Tests/Proof/CircuitTests", swiftSettings: swift),
    .testTarget(name: "FieldTests", dependencies: ["Field", "SansIO"], path: "Tests/Proof/FieldTests", swiftSettings: swift),
    .testTarget(name: "HashTests", dependencies: ["Field", "Hash", "SansIO", "Primitives", "TestSupport"], path: "Tests/Proof/HashTests", swiftSettings: swift),
])
