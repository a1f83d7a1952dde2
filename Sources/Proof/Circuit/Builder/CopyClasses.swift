/// Targets joined by copy constraints, as a union-find forest: all members of a class have one
/// value. The representative is the lowest index, so equal circuits get equal classes.
struct CopyClasses: Sendable {
    private var parents: [Int32]

    /// `count` classes of one member each.
    init(count: Int) { parents = (0..<Int32(count)).map { $0 } }

    mutating func join(_ first: Int, _ second: Int) {
        let first = root(of: first)
        let second = root(of: second)
        if first < second { parents[second] = Int32(first) } else { parents[first] = Int32(second) }
    }

    /// The representative of each member's class.
    mutating func representatives() -> [Int32] {
        for index in parents.indices { parents[index] = Int32(root(of: index)) }
        return parents
    }

    private mutating func root(of index: Int) -> Int {
        var current = index
        while Int(parents[current]) != current {
            parents[current] = parents[Int(parents[current])]
            current = Int(parents[current])
        }
        return current
    }
}
