import Cryptography
import Foundation
import HTTPSupport
import Hummingbird
import NIOCore
import NodeCore
import Primitives

// MARK: - Leaving

extension NodeAPIServer {
    /// The order carries the operator's signature: nobody else's word counts.
    func leave(_ request: Request) async throws -> Response {
        let limit = NodeAPIParameters.maximumLeaveByteCount
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw APIRefusal.lengthRequired
        }
        guard announced >= 0, announced <= limit else {
            throw APIRefusal.tooLarge(limitByteCount: limit)
        }
        let order = try await order(in: request.body, byteCount: announced)
        do throws(LeaveRefusal) {
            return APIAnswer.json(LeaveAnswer(try await node.leave(order)))
        } catch {
            throw APIRefusal(error)
        }
    }

    private func order(in body: RequestBody, byteCount: Int) async throws -> LeaveRequest {
        let buffer: ByteBuffer
        do {
            buffer = try await withDeadline(NodeAPIParameters.maximumUploadDuration) {
                try await body.collect(upTo: byteCount)
            }
        } catch is DeadlineExceeded {
            throw APIRefusal.tooSlow
        }
        let written = try? JSONDecoder().decode(
            LeaveOrderBody.self, from: Data(buffer.readableBytesView))
        guard let request = written?.request else {
            throw APIRefusal.malformed(
                "expected {\"height\": number, \"withdrawTo\": key or null, \"signature\": hex}")
        }
        return request
    }
}

extension APIRefusal {
    fileprivate init(_ refusal: LeaveRefusal) {
        switch refusal {
        case .wrongSignature:
            self = .leaveRefused(
                reason: "wrongSignature", "the order is not signed by this node's operator key")
        case .wrongHeight(let current, let found):
            self = .leaveRefused(
                reason: "wrongHeight",
                "the order is of height \(found), but the node is at \(current)")
        case .notRegistered:
            self = .leaveRefused(
                reason: "notRegistered", "this key holds no stake: there is nothing to leave")
        case .otherRecipient(let key):
            self = .leaveRefused(
                reason: "otherRecipient",
                "an earlier order, which cannot be taken back, names \(key.hex) as recipient")
        case .stopping, .notKept: self = .busy
        }
    }
}
