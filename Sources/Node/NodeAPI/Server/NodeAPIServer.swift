package import HTTPSupport
import Hummingbird
import HummingbirdCore
import NIOCore
import NodeCore
import Primitives
import ServiceLifecycle

/// A node's door for people and programs: where it stands, what happens, and payments in.
///
/// `GET /status`, `GET /duties`, `GET /earnings?slots=N`, `GET /metrics` (Prometheus),
/// `GET /tree/{slot|current}`, `GET /blocks?limit=N`, `GET /accounts/{number}`, `POST /payments`
/// (protobuf: 200 with the payment's digest, 422 where the node refuses it), `POST /leave` and
/// `POST /send` (JSON, signed by the operator key), `GET /events` (server-sent events, one JSON
/// object each), `GET /health`. Answers are the types of
/// `Answers.swift` as JSON; refusals have a reason (`RefusedRequest`). Nothing here needs a
/// password, and what comes in carries its own signature, so the API is for the loopback interface or a
/// proxy that says who may ask; the caller chooses the address.
///
/// Bounds: `NodeAPIParameters`; a body's length is announced and checked before it is read.
package struct NodeAPIServer: Sendable {
    let node: any NodeSource
    private let service: HTTPService
    private let callers: CallerCheck
    private let metrics: MetricsRegistry?
    let uploads = UploadBudget(byteCount: NodeAPIParameters.maximumUploadByteCount)
    let uploaders = Roster(maximumCount: NodeAPIParameters.maximumUploadCount)
    private let eventReaders = Roster(maximumCount: NodeAPIParameters.maximumEventReaderCount)

    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - names: of this machine, besides addresses, `localhost` and `host`.
    ///   - metrics: what the process measures; nil where nobody collects it.
    package init(
        node: any NodeSource, host: String, port: Int, names: [String] = [],
        metrics: MetricsRegistry? = nil, door: HTTPDoor.Limits = NodeAPIParameters.door
    ) {
        callers = CallerCheck(names: names + [host])
        self.metrics = metrics
        self.node = node
        service = HTTPService(
            label: "api", host: host, port: port, door: HTTPDoor(limits: door),
            limits: NodeAPIParameters.service)
    }

    /// Serves until cancelled. Throws what binding throws.
    /// - Parameter onListening: called once with the bound port.
    package func run(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        try await service.run(router(), onListening: onListening)
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: RefusalMiddleware<APIRefusals, BasicRequestContext>())
        router.add(middleware: CallerMiddleware(check: callers))
        router.get("health") { _, _ in
            let health = await node.health()
            return APIAnswer.json(health, status: health.isOK ? .ok : .serviceUnavailable)
        }
        router.get("status") { _, _ in APIAnswer.json(await node.status()) }
        router.get("duties") { _, _ in APIAnswer.json(await node.status().duties) }
        router.get("earnings") { request, _ in
            let limit = try Self.limit(
                "slots", request.uri.queryParameters["slots"].map(String.init))
            return APIAnswer.json(await node.earnings(limit: limit))
        }
        router.get("metrics") { _, _ in
            APIAnswer.metrics(StatusMetrics.families(await node.status()) + (metrics?.all ?? []))
        }
        router.get("tree/:slot") { _, context in
            try await tree(context.parameters.require("slot"))
        }
        router.get("blocks") { request, _ in
            try await blocks(limit: request.uri.queryParameters["limit"].map(String.init))
        }
        router.get("accounts/:number") { _, context in
            try await account(context.parameters.require("number"))
        }
        router.post("payments") { request, _ in try await pay(request) }
        router.post("leave") { request, _ in try await leave(request) }
        router.post("send") { request, _ in try await send(request) }
        router.get("events") { _, _ in try await events() }
        return router
    }
}

// MARK: - Reading

extension NodeAPIServer {
    private func tree(_ name: String) async throws -> Response {
        let slot = UInt64(name)
        guard slot != nil || name == "current" else {
            throw APIRefusal.badRequest("\"\(name)\" is neither a slot's number nor \"current\"")
        }
        guard let tree = await node.tree(of: slot.map { Slot($0) }) else {
            throw APIRefusal.notFound(
                slot == nil
                    ? "no slot is open" : "slot \(name) is not open, nor among those remembered")
        }
        return APIAnswer.json(tree)
    }

    private func blocks(limit text: String?) async throws -> Response {
        let limit = try Self.limit("limit", text)
        return APIAnswer.json(BlocksAnswer(blocks: await node.endedSlots(limit: limit)))
    }

    private static func limit(_ name: String, _ text: String?) throws(APIRefusal) -> Int {
        let range = 1...NodeAPIParameters.maximumEndedSlotCount
        let limit = text.map { Int($0) } ?? NodeAPIParameters.defaultEndedSlotCount
        guard let limit, range.contains(limit) else {
            throw .badRequest(
                "\(name) is a number of \(range.lowerBound) to \(range.upperBound)")
        }
        return limit
    }

    private func account(_ text: String) async throws -> Response {
        guard let number = UInt32(text) else {
            throw APIRefusal.badRequest("\"\(text)\" is no account number")
        }
        guard let account = await node.account(number) else {
            throw APIRefusal.notFound("nobody has opened account \(number)")
        }
        return APIAnswer.json(account)
    }

    private func events() async throws -> Response {
        guard let reports = await node.watch() else { throw APIRefusal.busy }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                // A first line, so that the client knows that it is heard before anything happens.
                try await writer.write(ByteBuffer(string: ": events\n\n"))
                // Nil is a sign of life.
                let (events, continuation) = AsyncStream<EventAnswer?>.makeStream(
                    bufferingPolicy: .bufferingNewest(NodeAPIParameters.eventBufferCount))
                let forwarding = Task { await Self.forward(reports, to: continuation) }
                let beating = Task {
                    while true {
                        try await Task.sleep(for: NodeAPIParameters.eventHeartbeat)
                        continuation.yield(nil)
                    }
                }
                let place = eventReaders.enter { forwarding.cancel() }
                defer {
                    eventReaders.leave(place)
                    forwarding.cancel()
                    beating.cancel()
                }
                try await withGracefulShutdownHandler {
                    for await event in events {
                        let buffer = try event.map { try APIAnswer.event($0) }
                        try await writer.write(buffer ?? APIAnswer.eventHeartbeat)
                    }
                } onGracefulShutdown: {
                    forwarding.cancel()
                }
                try await writer.finish(nil)
            })
    }

    /// Until the node ends or this task is cancelled.
    private static func forward(
        _ reports: AsyncStream<NodeReport>, to events: AsyncStream<EventAnswer?>.Continuation
    ) async {
        for await report in reports {
            for event in EventAnswer.events(of: report) { events.yield(event) }
        }
        events.finish()
    }
}
