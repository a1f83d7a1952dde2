/// A map that is held, iterated and compared in ascending order of its keys, so that every node
/// walks it alike. Look-up O(log n), insertion and removal O(n) by moving memory.
package struct SortedMap<Key: Comparable & Hashable & Sendable, Value: Hashable & Sendable>:
    Hashable, Sendable
{
    package private(set) var keys: [Key] = []
    package private(set) var values: [Value] = []

    package init() {}

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }
    package var elements: [(key: Key, value: Value)] {
        zip(keys, values).map { (key: $0, value: $1) }
    }

    package subscript(key: Key) -> Value? {
        get { index(of: key).map { values[$0] } }
        set {
            let place = insertionIndex(of: key)
            let isPresent = place < keys.count && keys[place] == key
            switch (newValue, isPresent) {
            case (.some(let value), true):
                values[place] = value
            case (.some(let value), false):
                keys.insert(key, at: place)
                values.insert(value, at: place)
            case (.none, true):
                keys.remove(at: place)
                values.remove(at: place)
            case (.none, false):
                break
            }
        }
    }

    package subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        set { self[key] = newValue }
    }

    package func contains(_ key: Key) -> Bool { index(of: key) != nil }

    /// Keeps what `isKept` holds for.
    package mutating func filter(_ isKept: (Key, Value) -> Bool) {
        let kept = keys.indices.filter { isKept(keys[$0], values[$0]) }
        guard kept.count < keys.count else { return }
        keys = kept.map { keys[$0] }
        values = kept.map { values[$0] }
    }

    private func index(of key: Key) -> Int? {
        let place = insertionIndex(of: key)
        return place < keys.count && keys[place] == key ? place : nil
    }

    /// The first place whose key is not below `key`.
    private func insertionIndex(of key: Key) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
