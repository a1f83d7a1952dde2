internal import CSodium

/// The door to libsodium. Only this target imports it; every call is wrapped once, with its return
/// code checked, and nothing else of the package touches C.
///
/// Written against libsodium 1.0.18 with the fix of CVE-2025-69277 (Debian `deb12u1` and later);
/// `CryptographySelfTest` refuses a library that answers otherwise.
enum Sodium {
    private static let initialised: Void = {
        let code = sodium_init()
        precondition(code >= 0, "sodium_init returned \(code)")
    }()

    /// Initialises the library once; cheap afterwards. Guarded memory and randomness need it.
    static func start() { initialised }

    /// Traps when a function that cannot fail by its contract has failed.
    static func require(_ code: Int32, _ function: StaticString) {
        precondition(code == 0, "\(function) returned \(code)")
    }
}
