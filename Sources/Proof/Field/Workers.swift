/// Who shares the work of one computation: the thread that calls, and whoever helps it.
///
/// Work is cut into the same parts whoever does them, and what comes out depends on neither: a proof
/// has the same bytes on any number of threads. Threads are the shell's to give; nothing here knows
/// where they come from.
package struct Workers: Sendable {
    /// Calls `body` with each of `0 ..< count` once, in any order and on any threads, and returns
    /// after the last.
    package typealias Share = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

    /// The calling thread, the parts in order.
    package static let alone = Workers { count, body in
        for part in 0..<count { body(part) }
    }

    private let share: Share

    package init(_ share: @escaping Share) { self.share = share }

    /// Parts touch nothing that another part writes: whoever calls this answers for that.
    package func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            share(count) { body($0) }
        }
    }

    /// As above until `isCancelled` says so, which is asked before each part, on whatever thread does
    /// it. False where it did: some parts are then not done.
    package func forEach(
        _ count: Int, unless isCancelled: () -> Bool, _ body: (Int) -> Void
    ) -> Bool {
        var isDone = [Bool](repeating: false, count: count)
        isDone.withUnsafeMutableBufferPointer { isDone in
            forEach(count) { part in
                guard !isCancelled() else { return }
                body(part)
                isDone[part] = true
            }
        }
        return isDone.allSatisfy(\.self)
    }

    /// `0 ..< count` in parts of `size`, the last perhaps smaller.
    package func forEach(
        of count: Int, by size: Int, unless isCancelled: () -> Bool = { false },
        _ body: (Range<Int>) -> Void
    ) -> Bool {
        forEach((count + size - 1) / size, unless: isCancelled) { part in
            body(part * size..<min((part + 1) * size, count))
        }
    }

    /// Lets `body` write the rows `rows` of `array`, `width` elements each, in parts of `size` rows.
    /// False once `isCancelled` said so.
    package func fill<Element>(
        _ array: inout [Element], rows: Range<Int>, width: Int = 1, by size: Int,
        unless isCancelled: () -> Bool = { false }, _ body: (ArrayPart<Element>) -> Void
    ) -> Bool {
        precondition(
            rows.lowerBound >= 0 && rows.upperBound * width <= array.count,
            "no rows \(rows) of \(width) among \(array.count) elements")
        return array.withUnsafeMutableBufferPointer { elements in
            forEach(of: rows.count, by: size, unless: isCancelled) { part in
                let range = rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound
                let places = range.lowerBound * width..<range.upperBound * width
                body(
                    ArrayPart(
                        rows: range, width: width,
                        elements: UnsafeMutableBufferPointer(rebasing: elements[places])))
            }
        }
    }
}

/// Rows of an array that one part of shared work writes, and nobody else meanwhile. Valid within the
/// call that it is handed to.
@usableFromInline
package struct ArrayPart<Element> {
    /// Which rows of the array these are.
    @usableFromInline package let rows: Range<Int>
    /// Elements a row.
    @usableFromInline package let width: Int
    /// Of these rows alone.
    @usableFromInline package let elements: UnsafeMutableBufferPointer<Element>

    /// Element `column` of the array's row `row`, which is among `rows`.
    @inlinable
    package subscript(row: Int, column: Int = 0) -> Element {
        get { elements[place(row, column)] }
        nonmutating set { elements[place(row, column)] = newValue }
    }

    @inlinable
    func place(_ row: Int, _ column: Int) -> Int {
        precondition(rows.contains(row), "row \(row) is another part's")
        return (row - rows.lowerBound) * width + column
    }
}
