internal import CSodium

/// `count` bytes of the system's generator: for keys, salts and nonces, never for a decision that
/// two nodes must share.
package func randomBytes(_ count: Int) -> [UInt8] {
    Sodium.start()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        if let start = buffer.baseAddress { randombytes_buf(start, count) }
        initializedCount = count
    }
}

/// Compares in time that depends on the lengths alone.
package func constantTimeEqual(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
    lhs.count == rhs.count && sodium_memcmp(lhs, rhs, lhs.count) == 0
}
