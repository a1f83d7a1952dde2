import Cryptography
import Foundation
package import HTTPSupport
import Hummingbird
import HummingbirdCore
import NIOCore
import Primitives

/// The faucet's door: `POST /faucet {"operatorKey": "…"}` pays a key (`FaucetPayment`),
/// `GET /faucet` says what it gives, `GET /network.json` is the network file for whoever joins,
/// `GET /health`. Everything else is JSON with a reason (`FaucetRefusalAnswer`).
///
/// Bounds: `FaucetParameters`; a body's length is announced and checked before it is read. Strangers
/// reach this port: whoever idles or dribbles makes room for whoever asks (`HTTPDoor`).
package struct FaucetServer: Sendable {
    private let desk: FaucetDesk
    private let networkFile: [UInt8]
    private let service: HTTPService

    /// - Parameters:
    ///   - networkFile: as it is served.
    ///   - port: 0 lets the system choose.
    package init(
        desk: FaucetDesk, networkFile: [UInt8], host: String, port: Int,
        door: HTTPDoor.Limits = FaucetParameters.door
    ) {
        self.desk = desk
        self.networkFile = networkFile
        service = HTTPService(
            label: "faucet", host: host, port: port, door: HTTPDoor(limits: door),
            limits: FaucetParameters.service)
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
        router.add(middleware: RefusalMiddleware<FaucetRefusals, BasicRequestContext>())
        router.get("health") { _, _ in FaucetResponse.json(["health": "ok"]) }
        router.get("faucet") { _, _ in
            FaucetResponse.json(
                FaucetTermsAnswer(
                    networkId: desk.networkID.hex, faucetKey: desk.key.hex,
                    amountUnits: desk.amount.units, grantCount: await desk.grantCount,
                    maximumGrants: FaucetParameters.maximumGrants))
        }
        router.post("faucet") { request, _ in try await pay(request) }
        router.get("network.json") { _, _ in FaucetResponse.bytes(networkFile, status: .ok) }
        return router
    }

    private func pay(_ request: Request) async throws -> Response {
        let limit = FaucetParameters.maximumBodyByteCount
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw FaucetRefusal.lengthRequired
        }
        guard announced >= 0, announced <= limit else {
            throw FaucetRefusal.tooLarge(limitByteCount: limit)
        }
        let recipient = try await recipient(in: request.body, byteCount: announced)
        let (grant, isNew) = try await desk.grant(recipient)
        return FaucetResponse.json(
            FaucetPayment(
                operatorKey: recipient.hex, amountUnits: desk.amount.units,
                transactionId: grant.transaction.id.hex, isNew: isNew))
    }

    private func recipient(
        in body: RequestBody, byteCount: Int
    ) async throws -> OperatorKey {
        let buffer: ByteBuffer
        do {
            buffer = try await withDeadline(FaucetParameters.maximumUploadDuration) {
                try await body.collect(upTo: byteCount)
            }
        } catch is DeadlineExceeded {
            throw FaucetRefusal.tooSlow
        }
        let request: FaucetRequest
        do {
            request = try JSONDecoder().decode(
                FaucetRequest.self, from: Data(buffer.readableBytesView))
        } catch {
            throw FaucetRefusal.malformed("expected {\"operatorKey\": \"…\"}")
        }
        guard let key = OperatorKey(hex: request.operatorKey) else {
            throw FaucetRefusal.badKey(String(request.operatorKey.prefix(80)))
        }
        return key
    }
}

private enum FaucetResponse {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return Response(status: .internalServerError)
        }
        return bytes([UInt8](data), status: status)
    }

    static func bytes(_ bytes: [UInt8], status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func refusal(_ refusal: FaucetRefusal) -> Response {
        let status: HTTPResponse.Status =
            switch refusal {
            case .badKey, .malformed: .badRequest
            case .lengthRequired: .lengthRequired
            case .tooLarge: .contentTooLarge
            case .tooSlow: .requestTimeout
            case .tooMany: .tooManyRequests
            case .exhausted, .unavailable: .serviceUnavailable
            case .notFound: .notFound
            }
        return json(refusal.answer, status: status)
    }
}

private enum FaucetRefusals: Refusals {
    static func answer(to error: any Error) -> Response? {
        (error as? FaucetRefusal).map { FaucetResponse.refusal($0) }
    }

    static func notFound(_ detail: String) -> Response { FaucetResponse.refusal(.notFound(detail)) }

    static func malformed(_ detail: String, status: HTTPResponse.Status) -> Response {
        FaucetResponse.json(
            FaucetRefusalAnswer(reason: "malformed", detail: detail), status: status)
    }

    static func fault(_ detail: String) -> Response {
        FaucetResponse.refusal(.unavailable(detail))
    }
}
