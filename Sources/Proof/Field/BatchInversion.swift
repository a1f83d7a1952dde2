// Montgomery's trick: n inverses for one inversion and 3n multiplications.

/// The inverse of each element, in order; nil when any of them is zero.
package func batchInverses(_ elements: [Goldilocks]) -> [Goldilocks]? {
    var prefixes: [Goldilocks] = []
    prefixes.reserveCapacity(elements.count)
    var product = Goldilocks.one
    for element in elements {
        prefixes.append(product)
        product *= element
    }
    guard var suffix = product.inverse else { return nil }
    for index in elements.indices.reversed() {
        prefixes[index] *= suffix
        suffix *= elements[index]
    }
    return prefixes
}

/// The inverse of each element, in order; nil when any of them is zero.
@inlinable
package func batchInverses<Element: ExtensionField>(_ elements: [Element]) -> [Element]? {
    var prefixes: [Element] = []
    prefixes.reserveCapacity(elements.count)
    var product = Element.one
    for element in elements {
        prefixes.append(product)
        product *= element
    }
    guard var suffix = product.inverse else { return nil }
    for index in elements.indices.reversed() {
        prefixes[index] *= suffix
        suffix *= elements[index]
    }
    return prefixes
}
