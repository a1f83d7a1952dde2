/// Accepted messages of the last heartbeats, for IHAVE and IWANT (gossipsub-v1.0.md, "Message
/// cache"). Bounded in messages and bytes: what does not fit is not kept, and so is only pushed.
struct MessageCache: Sendable {
    private struct Entry: Sendable {
        let id: GossipMessageID
        let topic: String
    }

    private let gossipLength: Int
    private let maximumCount: Int
    private let maximumByteCount: Int
    private var publications: [GossipMessageID: GossipPublication] = [:]
    /// `[heartbeats ago][order of arrival]`.
    private var windows: [[Entry]]
    private(set) var byteCount = 0

    init(parameters: GossipParameters) {
        gossipLength = min(parameters.gossipLength, parameters.historyLength)
        maximumCount = parameters.limits.cachedMessages
        maximumByteCount = parameters.limits.cachedByteCount
        windows = [[Entry]](repeating: [], count: max(1, parameters.historyLength))
    }

    var count: Int { publications.count }

    subscript(id: GossipMessageID) -> GossipPublication? { publications[id] }

    mutating func insert(_ publication: GossipPublication, id: GossipMessageID) {
        guard publications[id] == nil, publications.count < maximumCount,
            byteCount + publication.data.count <= maximumByteCount
        else { return }
        publications[id] = publication
        byteCount += publication.data.count
        windows[0].append(Entry(id: id, topic: publication.topic))
    }

    /// What is announced now on `topic`, newest window first.
    func announced(topic: String) -> [GossipMessageID] {
        windows.prefix(gossipLength).flatMap { window in
            window.lazy.filter { $0.topic == topic }.map(\.id)
        }
    }

    /// One heartbeat has passed.
    mutating func shift() {
        for entry in windows.removeLast() {
            byteCount -= publications.removeValue(forKey: entry.id)?.data.count ?? 0
        }
        windows.insert([], at: 0)
    }
}
