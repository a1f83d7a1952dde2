import Cryptography
import Foundation
import HTTPSupport
import Hummingbird
import NIOCore
import NodeCore

// MARK: - The operator's orders

/// Each carries the operator's signature: nobody else's word counts.
extension NodeAPIServer {
    func leave(_ request: Request) async throws -> Response {
        let body = try await orderBody(request, as: LeaveOrderBody.self)
        guard let order = body?.request else {
            throw APIRefusal.malformed(
                "expected {\"height\": number, \"withdrawTo\": key or null, \"signature\": hex}")
        }
        do throws(LeaveRefusal) {
            return APIAnswer.json(LeaveAnswer(try await node.leave(order)))
        } catch {
            throw APIRefusal(error)
        }
    }

    func send(_ request: Request) async throws -> Response {
        let body = try await orderBody(request, as: SendOrderBody.self)
        guard let order = body?.request else {
            throw APIRefusal.malformed(
                "expected {\"height\": number, \"recipient\": key, \"amountUnits\": number, "
                    + "\"signature\": hex}")
        }
        do throws(SendRefusal) {
            return APIAnswer.json(SendAnswer(try await node.send(order)))
        } catch {
            throw APIRefusal(error)
        }
    }

    /// Nil where the body is no JSON of this form.
    private func orderBody<Body: Decodable>(
        _ request: Request, as type: Body.Type
    ) async throws -> Body? {
        let limit = NodeAPIParameters.maximumOrderByteCount
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw APIRefusal.lengthRequired
        }
        guard announced >= 0, announced <= limit else {
            throw APIRefusal.tooLarge(limitByteCount: limit)
        }
        let body = request.body
        let buffer: ByteBuffer
        do {
            buffer = try await withDeadline(NodeAPIParameters.maximumUploadDuration) {
                try await body.collect(upTo: announced)
            }
        } catch is DeadlineExceeded {
            throw APIRefusal.tooSlow
        }
        return try? JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
    }
}

extension APIRefusal {
    fileprivate init(_ refusal: LeaveRefusal) {
        switch refusal {
        case .wrongSignature: self = .wrongSignature
        case .wrongHeight(let current, let found):
            self = .orderRefused(
                reason: "wrongHeight",
                "the order is of height \(found), but the node is at \(current)")
        case .notRegistered:
            self = .orderRefused(
                reason: "notRegistered", "this key holds no stake: there is nothing to leave")
        case .otherRecipient(let key):
            self = .orderRefused(
                reason: "otherRecipient",
                "an earlier order, which cannot be taken back, names \(key.hex) as recipient")
        case .stopping, .notKept: self = .busy
        }
    }

    fileprivate init(_ refusal: SendRefusal) {
        switch refusal {
        case .wrongSignature: self = .wrongSignature
        case .wrongHeight(let current, let found):
            self = .orderRefused(
                reason: "wrongHeight",
                "the node, now at height \(current), knows no such order of height \(found) and "
                    + "takes no new one of that height: nothing is sent by it")
        case .zeroAmount:
            self = .orderRefused(reason: "zeroAmount", "there is nothing to send: the amount is 0")
        case .ownKey:
            self = .orderRefused(reason: "ownKey", "the recipient is this node's own key")
        case .invalidRecipient:
            self = .orderRefused(
                reason: "invalidRecipient",
                "the recipient is no Ed25519 key: nobody could spend what it gets")
        case .insufficientBalance(let held, let free, let needed):
            self = .orderRefused(
                reason: "insufficientBalance",
                "amount and fees are \(needed), the account holds \(held)"
                    + (free == held
                        ? "" : ", of which \(free) are free of earlier orders and fees to leave"))
        case .tooManyOrders(let limit):
            self = .orderRefused(
                reason: "tooManyOrders",
                "\(limit) orders are remembered already; wait until one is on the log")
        case .withdrawing(let key):
            self = .orderRefused(
                reason: "withdrawing",
                "this key has left, and its whole balance is on its way to \(key.hex)")
        case .behind: self = .behind
        case .stopping, .notKept: self = .busy
        }
    }

    private static let wrongSignature = APIRefusal.orderRefused(
        reason: "wrongSignature", "the order is not signed by this node's operator key")
}
