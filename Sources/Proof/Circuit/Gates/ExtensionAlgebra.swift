internal import Field

/// An element of the extension `Extension` whose coefficients are themselves whatever a gate's
/// equations are written over: on a row a wire for each coefficient. Equations over the extension
/// come out as `Extension.degree` equations over the wires.
struct ExtensionAlgebra<Extension: ExtensionField, Coefficient: AlgebraElement> {
    var first: Coefficient
    var second: Coefficient
    /// Whatever in a quadratic extension: nothing that counts depends on it.
    var third: Coefficient

    @inline(__always)
    init(_ first: Coefficient, _ second: Coefficient, _ third: Coefficient) {
        self.first = first
        self.second = second
        self.third = third
    }

    @inline(__always)
    init(embedding coefficient: Coefficient) {
        let zero = Coefficient(embedding: .zero)
        self.init(coefficient, zero, zero)
    }

    /// `wire` is asked for 0, 1 and 2, whatever the degree. It stands here instead of a span and
    /// a column since Swift 6.3's optimiser fails on spans handed on from generic code.
    @inline(__always)
    init(_ wire: (Int) -> Coefficient) { self.init(wire(0), wire(1), wire(2)) }

    @inline(__always)
    static func + (lhs: Self, rhs: Self) -> Self {
        Self(lhs.first + rhs.first, lhs.second + rhs.second, lhs.third + rhs.third)
    }

    @inline(__always)
    static func - (lhs: Self, rhs: Self) -> Self {
        Self(lhs.first - rhs.first, lhs.second - rhs.second, lhs.third - rhs.third)
    }

    /// The product modulo x² − 7 or x³ − x − 1.
    @inline(__always)
    static func * (lhs: Self, rhs: Self) -> Self {
        if Extension.degree == 2 {
            return Self(
                lhs.first * rhs.first + (lhs.second * rhs.second).scaled(by: 7),
                lhs.first * rhs.second + lhs.second * rhs.first, Coefficient(embedding: .zero))
        }
        let cubic = lhs.second * rhs.third + lhs.third * rhs.second
        let quartic = lhs.third * rhs.third
        return Self(
            lhs.first * rhs.first + cubic,
            lhs.first * rhs.second + lhs.second * rhs.first + cubic + quartic,
            lhs.first * rhs.third + lhs.second * rhs.second + lhs.third * rhs.first + quartic)
    }

    /// The product with an element of the base field.
    @inline(__always)
    static func * (lhs: Self, rhs: Coefficient) -> Self {
        Self(lhs.first * rhs, lhs.second * rhs, lhs.third * rhs)
    }

    @inline(__always)
    func scaled(by constant: Goldilocks) -> Self {
        Self(
            first.scaled(by: constant), second.scaled(by: constant), third.scaled(by: constant))
    }

    /// `Extension.degree` constraints.
    @inline(__always)
    func requireZero<Sink: ConstraintSink>(into sink: inout Sink)
    where Sink.Element == Coefficient {
        sink.requireZero(first)
        sink.requireZero(second)
        if Extension.degree == 3 { sink.requireZero(third) }
    }
}

/// Where challenges meet expressions over the base field.
extension ExtensionAlgebra: AlgebraElement {
    @inline(__always)
    init(embedding value: Goldilocks) { self.init(embedding: Coefficient(embedding: value)) }
}

/// An extension element on a row, as a witness is computed.
extension ExtensionField {
    @inline(__always)
    init(reading value: (Int) -> Goldilocks, at column: Int) {
        self.init { value(column + $0) }
    }

    @inline(__always)
    func write(at column: Int, _ write: (_ column: Int, _ value: Goldilocks) -> Void) {
        for index in 0..<Self.degree { write(column + index, self[index]) }
    }
}
