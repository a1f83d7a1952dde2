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
let package = Package(name: "grove", targets: [
    .systemLibrary(name: "CSodium", path: "Sources/Foundations/CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "Cryptography", dependencies: ["CSodium"], path: "Sources/Foundations/Cryptography", swiftSettings: swift),
    .target(name: "SansIO", path: "Sources/Foundations/SansIO", swiftSettings: swift),
    .target(name: "Connection", dependencies: ["Cryptography", "SansIO"], path: "Sources/Network/Connection", swiftSettings: swift),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "ConnectionTests", dependencies: ["Connection", "Cryptography", "SansIO", "TestSupport"], path: "Tests/Network/ConnectionTests", swiftSettings: swift),
])
