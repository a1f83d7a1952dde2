/// Why a node's API gave no answer, in words for whoever typed the address.
package enum NodeAPIClientError: Error, Hashable, Sendable {
    case badURL(String)
    case unreachable(url: String, reason: String)
    case timedOut(url: String, limit: Duration)
    /// The node's reason: see `RefusedRequest`.
    case refused(status: UInt, reason: String, detail: String)
    /// Something answers, but not as a node's API does.
    case notANode(url: String, reason: String)
}

extension NodeAPIClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let text):
            "\"\(text)\" is no address of a node's API: expected http://host:port"
        case .unreachable(let url, let reason):
            "no node answers at \(url) (\(reason)): is it running, with --api-listen? "
                + "Another address is given by --api or GROVE_API"
        case .timedOut(let url, let limit):
            "the node at \(url) has not answered within \(limit.components.seconds) seconds"
        case .refused(_, _, let detail):
            "the node refused: \(detail)"
        case .notANode(let url, let reason):
            "what answers at \(url) is not the API of a node: \(reason)"
        }
    }
}
