internal import SansIO

/// Peers in ascending order without repetition, so that a machine that walks them does the same
/// in every process. Look-up is logarithmic, insertion linear.
struct SortedPeers: Hashable, Sendable {
    private(set) var all: [GossipPeer] = []

    var count: Int { all.count }
    var isEmpty: Bool { all.isEmpty }

    func contains(_ peer: GossipPeer) -> Bool {
        let place = firstPlace(notBelow: peer)
        return place < all.count && all[place] == peer
    }

    mutating func insert(_ peer: GossipPeer) {
        let place = firstPlace(notBelow: peer)
        if place == all.count || all[place] != peer { all.insert(peer, at: place) }
    }

    mutating func remove(_ peer: GossipPeer) {
        let place = firstPlace(notBelow: peer)
        if place < all.count, all[place] == peer { all.remove(at: place) }
    }

    private func firstPlace(notBelow peer: GossipPeer) -> Int {
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < peer { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SeededGenerator {
    /// At most `count` of `elements`, each equally likely, in random order.
    mutating func sample<Element>(_ count: Int, from elements: [Element]) -> [Element] {
        var pool = elements
        let taken = min(max(count, 0), pool.count)
        for place in 0..<taken {
            pool.swapAt(place, Int.random(in: place..<pool.count, using: &self))
        }
        return Array(pool.prefix(taken))
    }
}
