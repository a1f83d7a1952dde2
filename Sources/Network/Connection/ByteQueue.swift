/// Bytes that arrive in pieces and are taken in others: first in, first out, amortised O(1) a
/// byte. It sets no limit; its owner does.
package struct ByteQueue: Sendable {
    private var storage: [UInt8] = []
    private var head = 0

    package init() {}

    package var count: Int { storage.count - head }
    package var isEmpty: Bool { count == 0 }

    /// What waits, without taking it.
    package var unread: ArraySlice<UInt8> { storage[head...] }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        if head == storage.count {
            storage.removeAll(keepingCapacity: storage.capacity <= 1 << 17)
            head = 0
        } else if head > 1 << 16, head > storage.count / 2 {
            storage.removeFirst(head)
            head = 0
        }
        storage.append(contentsOf: bytes)
    }

    /// Takes exactly `byteCount` bytes, which must be there.
    package mutating func take(_ byteCount: Int) -> ArraySlice<UInt8> {
        precondition(byteCount >= 0 && byteCount <= count, "\(byteCount) of \(count) bytes")
        defer { head += byteCount }
        return storage[head..<(head + byteCount)]
    }

    package mutating func drop(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count, "\(byteCount) of \(count) bytes")
        head += byteCount
    }

    package mutating func takeAll() -> ArraySlice<UInt8> { take(count) }
}

/// Messages with a varint length before each, cut out of a stream of bytes.
package struct LengthPrefixedReader: Sendable {
    package let maximumByteCount: Int
    private var queue = ByteQueue()

    package init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    /// At most one incomplete message, once every complete one was taken.
    package var bufferedByteCount: Int { queue.count }

    package mutating func append(_ bytes: some Collection<UInt8>) { queue.append(bytes) }

    /// The next complete message; nil when more bytes are needed. The length is checked as soon
    /// as it is known.
    package mutating func next() throws(ConnectionError) -> [UInt8]? {
        guard let (length, prefix) = try UnsignedVarint.decode(queue.unread) else { return nil }
        guard length <= UInt64(maximumByteCount) else {
            throw .messageTooLong(limit: maximumByteCount, found: length)
        }
        guard queue.count - prefix >= Int(length) else { return nil }
        queue.drop(prefix)
        return [UInt8](queue.take(Int(length)))
    }

    /// Bytes behind the last message taken.
    package mutating func takeRest() -> [UInt8] { [UInt8](queue.takeAll()) }
}
