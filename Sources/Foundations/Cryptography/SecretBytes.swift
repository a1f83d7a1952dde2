internal import CSodium

/// Bytes that must not linger: they have one owner, cannot be copied by accident, are compared in
/// constant time and are zeroed when the owner lets go.
///
/// A long-lived secret (a seed) lies between guard pages, locked into memory where the system
/// allows it: about 30 µs and four pages each. A passing one (a handshake's) lies on the heap.
package struct SecretBytes: ~Copyable, Sendable {
    package enum Placement: Sendable {
        case heap
        case guardedPages
    }

    nonisolated(unsafe) private let pointer: UnsafeMutableRawPointer
    package let count: Int
    private let placement: Placement

    /// Lets `fill` write all `count` bytes, which are zero before.
    package init<Failure: Error>(
        count: Int, placement: Placement = .heap,
        fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        self.init(zeroes: count, placement: placement)
        try fill(UnsafeMutableRawBufferPointer(start: pointer, count: count))
    }

    /// Copies public bytes or bytes that the caller zeroes itself.
    package init(copying bytes: some Collection<UInt8>, placement: Placement = .heap) {
        self.init(zeroes: bytes.count, placement: placement)
        UnsafeMutableRawBufferPointer(start: pointer, count: count).copyBytes(from: bytes)
    }

    package init(randomByteCount count: Int, placement: Placement = .heap) {
        self.init(zeroes: count, placement: placement)
        randombytes_buf(pointer, count)
    }

    private init(zeroes count: Int, placement: Placement) {
        Sodium.start()
        self.count = count
        self.placement = placement
        switch placement {
        case .heap:
            pointer = .allocate(byteCount: max(count, 1), alignment: 16)
        case .guardedPages:
            guard let pages = sodium_malloc(count) else {
                preconditionFailure("no memory for \(count) guarded bytes")
            }
            pointer = pages
        }
        sodium_memzero(pointer, count)
    }

    deinit {
        switch placement {
        case .heap:
            sodium_memzero(pointer, count)
            pointer.deallocate()
        case .guardedPages:
            sodium_free(pointer)
        }
    }

    /// Lends the bytes; the pointer must not outlive `body`.
    package borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: pointer, count: count))
    }

    /// Lends the bytes to C.
    borrowing func withUnsafePointer<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafePointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafePointer(pointer.assumingMemoryBound(to: UInt8.self)))
    }

    /// A second owner of the same bytes.
    package borrowing func copy(placement: Placement = .heap) -> SecretBytes {
        slice(0..<count, placement: placement)
    }

    /// A second owner of the bytes at `range`, which must lie within `0..<count`.
    package borrowing func slice(
        _ range: Range<Int>, placement: Placement = .heap
    ) -> SecretBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
        let piece = SecretBytes(zeroes: range.count, placement: placement)
        piece.pointer.copyMemory(from: pointer + range.lowerBound, byteCount: range.count)
        return piece
    }

    /// Constant time for equal lengths; lengths are no secret.
    package borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
        count == other.count && sodium_memcmp(pointer, other.pointer, count) == 0
    }
}

/// A secret with several holders, so that a copyable machine may have it in its state; zeroed when
/// the last one lets go.
package final class SharedSecretBytes: Sendable {
    package let bytes: SecretBytes
    package init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}
