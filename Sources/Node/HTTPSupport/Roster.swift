import Synchronization

/// Places of which there are only so many, by count and by weight. Whoever comes when they are
/// taken gets the place of the oldest holder, which is told to go.
///
/// Honest holders leave soon; whoever holds a place as long as it can is the oldest. So a flood of
/// idlers takes places from idlers, and newcomers are always served. Entering and leaving are
/// linear in the number of places.
package final class Roster: Sendable {
    package typealias Place = UInt64

    private struct Holder {
        let place: Place
        let weight: Int
        let evict: @Sendable () -> Void
    }

    private struct State {
        /// Oldest first.
        var holders: [Holder] = []
        var weight = 0
        var nextPlace: Place = 0
        var evictedCount: UInt64 = 0
    }

    private let maximumCount: Int
    private let maximumWeight: Int
    private let state = Mutex(State())

    package init(maximumCount: Int, maximumWeight: Int = .max) {
        precondition(maximumCount > 0 && maximumWeight > 0, "a roster has places")
        self.maximumCount = maximumCount
        self.maximumWeight = maximumWeight
    }

    /// Takes a place. `evict` is called, at most once, when the place is needed; a single holder
    /// heavier than all places is let in alone.
    package func enter(weight: Int = 0, evict: @escaping @Sendable () -> Void) -> Place {
        let (place, evicted) = state.withLock { state -> (Place, [Holder]) in
            var evicted: [Holder] = []
            while let oldest = state.holders.first,
                state.holders.count >= maximumCount || state.weight + weight > maximumWeight
            {
                state.holders.removeFirst()
                state.weight -= oldest.weight
                state.evictedCount += 1
                evicted.append(oldest)
            }
            state.nextPlace += 1
            state.weight += weight
            state.holders.append(
                Holder(place: state.nextPlace, weight: weight, evict: evict))
            return (state.nextPlace, evicted)
        }
        for holder in evicted { holder.evict() }
        return place
    }

    /// False where the place was lost already.
    @discardableResult
    package func leave(_ place: Place) -> Bool {
        state.withLock { state in
            guard let index = state.holders.firstIndex(where: { $0.place == place }) else {
                return false
            }
            state.weight -= state.holders.remove(at: index).weight
            return true
        }
    }

    package var count: Int { state.withLock { $0.holders.count } }
    package var evictedCount: UInt64 { state.withLock { $0.evictedCount } }
}
