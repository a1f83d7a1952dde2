import Foundation
package import HTTPSupport
import Hummingbird
import HummingbirdCore
import NIOCore
import Primitives

/// The embedded log's door to the network, and its clock.
///
/// `POST /transactions` (protobuf) answers with a receipt; `GET /blocks?from=H&limit=N&wait=MS`
/// (protobuf, waits up to MS milliseconds for block H), `GET /events` (server-sent events: one
/// height for each block), `GET /status` (JSON), `GET /health`. A refusal is JSON with a reason.
package struct LogServer: Sendable {
    let log: EmbeddedLog
    private let uploads = UploadBudget(byteCount: SettlementLogLimits.maximumUploadByteCount)
    private let service: HTTPService
    private let uploaders = Roster(maximumCount: SettlementLogLimits.maximumUploadCount)
    private let longPolls = Roster(maximumCount: SettlementLogLimits.maximumLongPollCount)
    private let eventReaders = Roster(maximumCount: SettlementLogLimits.maximumEventReaderCount)
    private let answers = Roster(
        maximumCount: SettlementLogLimits.maximumConnectionCount,
        maximumWeight: SettlementLogLimits.maximumAnswerByteCount)

    /// - Parameter port: 0 lets the system choose.
    package init(
        log: EmbeddedLog, host: String, port: Int,
        door: HTTPDoor.Limits = SettlementLogLimits.door
    ) {
        self.log = log
        service = HTTPService(
            label: "settlement-log", host: host, port: port, door: HTTPDoor(limits: door),
            limits: SettlementLogLimits.service)
    }

    /// Serves and ticks until cancelled or until the log fails, whose error it throws.
    /// - Parameter onListening: called once with the bound port.
    package func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(onListening: onListening) }
            group.addTask { try await runClock() }
            do {
                try await group.next()
            } catch {
                await log.stop()
                throw error
            }
            await log.stop()
            group.cancelAll()
        }
    }

    /// Serves alone: blocks come by `EmbeddedLog.produceBlock`. Stops the log when cancelled.
    package func serve(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        try await service.run(
            router(), onListening: onListening,
            // A stopped log has no more to say, so its open requests end.
            onStop: { await log.stop() })
    }

    /// One block a tick. A tick that was missed is not made up for.
    private func runClock() async throws {
        let clock = ContinuousClock()
        var next = clock.now
        while true {
            next = max(next + log.parameters.tick, clock.now)
            try await clock.sleep(until: next, tolerance: .milliseconds(1))
            let now = Date().timeIntervalSince1970 * 1000
            try await log.produceBlock(timeMilliseconds: UInt64(max(now, 0)))
        }
    }

    private func router() -> Router<LogRequestContext> {
        let router = Router(context: LogRequestContext.self)
        router.post("transactions") { request, _ in await answer { try await submit(request) } }
        router.get("blocks") { request, context in
            await answer { try await blocks(request, over: context.channel) }
        }
        router.get("events") { _, context in await events(over: context.channel) }
        router.get("status") { _, _ in
            HTTPAnswer.json(await log.status, status: .ok)
        }
        router.get("health") { _, _ in
            HTTPAnswer.text("ok\n", status: .ok)
        }
        return router
    }

    private func answer(_ work: () async throws -> Response) async -> Response {
        do {
            return try await work()
        } catch let refusal as SubmissionRefusal {
            return HTTPAnswer.refusal(refusal)
        } catch let error as RequestError {
            return HTTPAnswer.refusal(error)
        } catch {
            return HTTPAnswer.refusal(.stopping)
        }
    }
}

// MARK: - Submitting

extension LogServer {
    private func submit(_ request: Request) async throws -> Response {
        let limit = HTTPAnswer.maximumTransactionByteCount
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw RequestError.lengthRequired
        }
        guard announced >= 0, announced <= limit else {
            throw SubmissionRefusal.tooLarge(limitByteCount: limit)
        }
        guard uploads.reserve(announced) else { throw SubmissionRefusal.tooManyUploads }
        defer { uploads.release(announced) }
        let bytes = try await upload(request.body, byteCount: announced)
        let transaction = try HTTPAnswer.transaction(from: bytes)
        let receipt = try await log.submit(transaction, byteCount: bytes.count)
        return HTTPAnswer.receipt(receipt)
    }

    private func upload(_ body: RequestBody, byteCount: Int) async throws -> [UInt8] {
        do {
            let buffer = try await withDeadline(
                SettlementLogLimits.maximumUploadDuration, placeIn: uploaders
            ) {
                try await body.collect(upTo: byteCount)
            }
            return [UInt8](buffer: buffer)
        } catch is DeadlineExceeded {
            throw RequestError.tooSlow
        } catch is Displaced {
            throw SubmissionRefusal.tooManyUploads
        }
    }
}

// MARK: - Reading

extension LogServer {
    private func blocks(
        _ request: Request, over channel: any Channel
    ) async throws -> Response {
        let query = request.uri.queryParameters
        guard let from = query["from"].flatMap({ UInt64($0) }) else {
            throw RequestError.badQuery("from")
        }
        let limit = try query["limit"].map { text in
            guard let limit = Int(text), limit >= 1 else { throw RequestError.badQuery("limit") }
            return limit
        }
        if let text = query["wait"] {
            guard let wait = UInt32(text) else { throw RequestError.badQuery("wait") }
            let limit = min(Duration.milliseconds(wait), SettlementLogLimits.maximumPollWait)
            await waitForBlock(at: Height(from), atMost: limit)
        }
        let blocks = try await log.encodedBlocks(from: Height(from), limit: limit ?? .max)
        let byteCount = blocks.reduce(0) { $0 + $1.count }
        let place = answers.enter(weight: byteCount) { channel.close(promise: nil) }
        return HTTPAnswer.blocks(blocks, hold: HeldPlace(place, in: answers))
    }

    private func waitForBlock(at height: Height, atMost limit: Duration) async {
        // Subscribed before the question, so that no block comes unseen in between.
        guard let heights = await log.newHeights() else { return }
        if let newest = await log.height, newest >= height { return }
        // Running out of time, or making room for another, is an answer without blocks.
        try? await withDeadline(limit, placeIn: longPolls) {
            for await newest in heights where newest >= height { return }
        }
    }

    private func events(over channel: any Channel) async -> Response {
        guard let heights = await log.newHeights() else {
            return HTTPAnswer.refusal(.queueFull)
        }
        let place = HeldPlace(
            eventReaders.enter { channel.close(promise: nil) }, in: eventReaders)
        let newest = await log.height
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { place.leave() }
                if let newest { try await writer.write(HTTPAnswer.event(newest)) }
                for await height in heights {
                    try await writer.write(HTTPAnswer.event(height))
                }
                try await writer.finish(nil)
            })
    }
}

/// A request that knows its connection.
struct LogRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// A place of a roster that is left with the last one who holds on to it, or before.
final class HeldPlace: Sendable {
    private let place: Roster.Place
    private let roster: Roster

    init(_ place: Roster.Place, in roster: Roster) {
        self.place = place
        self.roster = roster
    }

    func leave() { roster.leave(place) }

    deinit { leave() }
}
