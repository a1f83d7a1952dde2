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
    .target(name: "Payments", dependencies: ["Cryptography", "Primitives", "Field", "Hash"], path: "Sources/Rollup/Payments", swiftSettings: hot),
    .testTarget(name: "PaymentsTests", dependencies: ["Payments", "Cryptography", "Primitives", "Field", "Hash", "SansIO"], path: "Tests/Rollup/PaymentsTests", swiftSettings: swift),
    .target(name: "Commitment", dependencies: ["Field", "Hash"], path: "Sources/Proof/Commitment", swiftSettings: hot),
    .target(name: "IOP", dependencies: ["Field", "Hash", "Commitment"], path: "Sources/Proof/IOP", swiftSettings: hot),
    .target(name: "Circuit", dependencies: ["Field", "Hash", "Commitment", "IOP"], path: "Sources/Proof/Circuit", swiftSettings: hot),
    .target(name: "PaymentsCircuit", dependencies: ["Payments", "Circuit", "IOP", "Cryptography", "Primitives", "Field", "Hash"], path: "Sources/Rollup/PaymentsCircuit", swiftSettings: hot),
    .testTarget(name: "PaymentsCircuitTests", dependencies: ["PaymentsCircuit", "Circuit", "IOP", "Payments", "Cryptography", "Primitives", "Field", "Hash", "SansIO"], path: "Tests/Rollup/PaymentsCircuitTests", swiftSettings: swift),
])
