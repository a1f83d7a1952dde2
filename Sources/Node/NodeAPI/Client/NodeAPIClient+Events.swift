import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1
import NIOPosix

extension NodeAPIClient {
    /// Follows the node's events until it ends them or the connection is lost; then returns, and
    /// whoever wants to go on asks again. Cancelling the task ends it.
    ///
    /// - Parameters:
    ///   - onOpen: called once the node has taken the request.
    ///   - take: called with each event, in order; the next is read once it returns.
    package func followEvents(
        onOpen: () async throws -> Void = {}, _ take: (EventAnswer) async throws -> Void
    ) async throws {
        let feed = HTTPLineFeed(
            host: address.host, port: address.port, path: "/events",
            maximumLineByteCount: NodeAPIParameters.maximumEventByteCount,
            maximumSilence: NodeAPIParameters.maximumEventSilence)
        do {
            try await feed.run { line in
                if line == ": events" { try await onOpen() }
                if let event = try event(in: line) { try await take(event) }
            }
        } catch HTTPLineFeed.Failure.refused(let status, let body) {
            throw refusal(status: status, body: body)
        } catch HTTPLineFeed.Failure.lineTooLong(let limit) {
            throw NodeAPIClientError.notANode(
                url: address.url, reason: "an event of more than \(limit) bytes")
        } catch let error as HTTPParserError {
            throw NodeAPIClientError.notANode(
                url: address.url, reason: "it does not speak HTTP: \(error)")
        } catch let error as ChannelError {
            throw NodeAPIClientError.unreachable(
                url: address.url, reason: "the connection ended: \(error)")
        } catch let error as NIOConnectionError {
            throw NodeAPIClientError.unreachable(
                url: address.url, reason: HTTPExchange.words(for: error))
        }
    }

    /// Nil for comments, the event's name and the empty line between events. What a newer node
    /// reports and this program has no name for is passed over.
    private func event(in line: String) throws(NodeAPIClientError) -> EventAnswer? {
        let lead = "data: "
        guard line.hasPrefix(lead) else { return nil }
        let data = Data(line.dropFirst(lead.count).utf8)
        if let event = try? JSONDecoder().decode(EventAnswer.self, from: data) { return event }
        guard (try? JSONDecoder().decode(NamedEvent.self, from: data)) != nil else {
            throw .notANode(url: address.url, reason: "its events have another form")
        }
        return nil
    }

    private struct NamedEvent: Decodable { let event: String }

    private func refusal(status: UInt, body: [UInt8]) -> NodeAPIClientError {
        guard let refused = try? JSONDecoder().decode(RefusedRequest.self, from: Data(body)) else {
            return .notANode(url: address.url, reason: "status \(status)")
        }
        return .refused(status: status, reason: refused.reason, detail: refused.detail)
    }
}
