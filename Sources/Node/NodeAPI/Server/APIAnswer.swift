import Foundation
import HTTPSupport
import Hummingbird
import NIOCore

/// A request that gets no answer but a reason.
enum APIRefusal: Error, Hashable {
    case notFound(String)
    case badRequest(String)
    case lengthRequired
    case tooLarge(limitByteCount: Int)
    case malformed(String)
    case paymentRefused(String)
    case orderRefused(reason: String, String)
    case busy
    /// The node has just started.
    case behind
    /// The request names another host than this node: see `CallerCheck`.
    case strangeHost(String)
    /// A web page of another origin sent it.
    case strangeOrigin(String)
    /// The body did not come in time.
    case tooSlow
}

/// Values as responses.
enum APIAnswer {
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) -> Response {
        guard let bytes = try? encoded(value) else {
            return Response(status: .internalServerError)
        }
        return Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A comment.
    static let eventHeartbeat = ByteBuffer(string: ": alive\n\n")

    static func event(_ event: EventAnswer) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(event.event.rawValue)\ndata: ")
        buffer.writeBytes(try encoded(event))
        buffer.writeString("\n\n")
        return buffer
    }

    static func metrics(_ families: [MetricFamily]) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; version=0.0.4; charset=utf-8",
                .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: families.map(\.text).joined())))
    }

    static func refusal(_ refusal: APIRefusal) -> Response {
        switch refusal {
        case .notFound(let what): refused("notFound", what, status: .notFound)
        case .badRequest(let why): refused("badRequest", why, status: .badRequest)
        case .lengthRequired:
            refused("lengthRequired", "a Content-Length is needed", status: .lengthRequired)
        case .tooLarge(let limit):
            refused("tooLarge", "at most \(limit) bytes", status: .contentTooLarge)
        case .malformed(let why): refused("malformed", why, status: .badRequest)
        case .paymentRefused(let why):
            refused("paymentRefused", why, status: .unprocessableContent)
        case .orderRefused(let reason, let why): refused(reason, why, status: .forbidden)
        case .behind:
            refused(
                "behind", "it has just started and does not know the whole log yet: try again",
                status: .serviceUnavailable)
        case .busy: refused("busy", "try again", status: .serviceUnavailable)
        case .strangeHost(let host):
            refused(
                "strangeHost",
                "this API answers for addresses, localhost and its own names, not for "
                    + "\"\(host.prefix(64))\"; see --api-names", status: .misdirectedRequest)
        case .strangeOrigin(let origin):
            refused(
                "strangeOrigin", "a page of \(origin.prefix(64)) may change nothing here",
                status: .forbidden)
        case .tooSlow: refused("tooSlow", "the body did not come in time", status: .requestTimeout)
        }
    }

    static func refused(
        _ reason: String, _ detail: String, status: HTTPResponse.Status
    ) -> Response {
        json(RefusedRequest(reason: reason, detail: detail), status: status)
    }

    private static func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

enum APIRefusals: Refusals {
    static func answer(to error: any Error) -> Response? {
        (error as? APIRefusal).map { APIAnswer.refusal($0) }
    }

    static func notFound(_ detail: String) -> Response { APIAnswer.refusal(.notFound(detail)) }

    static func malformed(_ detail: String, status: HTTPResponse.Status) -> Response {
        APIAnswer.refused("badRequest", detail, status: status)
    }

    static func fault(_ detail: String) -> Response {
        APIAnswer.refused("internal", detail, status: .internalServerError)
    }
}
