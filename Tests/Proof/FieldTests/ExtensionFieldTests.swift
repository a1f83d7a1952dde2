import Field
import SansIO
import Testing

struct ExtensionFieldTests {
    @Test func `the quadratic extension is a field in which x squared is 7`() {
        let x = QuadraticExtension.generator
        #expect(x * x == QuadraticExtension(Goldilocks(7)))
        #expect(Goldilocks(7).power((Goldilocks.modulus - 1) / 2) == -.one)
        obeysTheLaws(QuadraticExtension.self)
    }

    @Test func `the cubic extension is a field in which x cubed is x plus 1`() {
        let x = CubicExtension.generator
        #expect(x * x * x == x + .one)
        obeysTheLaws(CubicExtension.self)
    }

    @Test func `x cubed minus x minus 1 has no root`() {
        // x^p = x only for elements of the base field, so gcd(X^p − X, X³ − X − 1) = 1 exactly
        // when x^p − x is invertible modulo the cubic.
        let frobenius = CubicExtension.generator.power(Goldilocks.modulus)
        let difference = frobenius - .generator
        #expect(difference.inverse.map { $0 * difference } == .one)
    }

    private func obeysTheLaws<E: ExtensionField>(_ type: E.Type) {
        var generator = SeededGenerator(seed: 9)
        func sample() -> E { E { _ in Goldilocks(generator.next()) } }
        for _ in 0..<50 {
            let (a, b, c) = (sample(), sample(), sample())
            let base = Goldilocks(generator.next())
            #expect(a * (b + c) == a * b + a * c)
            #expect((a * b) * c == a * (b * c))
            #expect(a * b == b * a)
            #expect(a - a == .zero)
            #expect(a + -a == .zero)
            #expect(a * base == a * E(base))
            #expect(a * E.one == a)
            #expect(a.inverse.map { $0 * a } == .one)
            #expect(a.power(5) == a * a * a * a * a)
            #expect(E(coefficients: a.coefficients) == a)
        }
        let elements = (0..<9).map { _ in sample() }
        #expect(batchInverses(elements) == elements.map { $0.inverse! })
        #expect(E.zero.inverse == nil)
        #expect(batchInverses(elements + [.zero]) == nil)
        #expect(E(coefficients: []) == nil)
        #expect(sample().powers(3).count == 3)
    }
}
