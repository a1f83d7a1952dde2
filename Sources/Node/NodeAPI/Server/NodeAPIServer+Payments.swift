import HTTPSupport
import Hash
import Hummingbird
import Messages
import NIOCore
import NodeCore
import Payments
import Primitives

// MARK: - Paying

extension NodeAPIServer {
    func pay(_ request: Request) async throws -> Response {
        let limit = MessagesParameters.maximumPaymentByteCount
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw APIRefusal.lengthRequired
        }
        guard announced >= 0, announced <= limit else {
            throw APIRefusal.tooLarge(limitByteCount: limit)
        }
        guard uploads.reserve(announced) else { throw APIRefusal.busy }
        defer { uploads.release(announced) }
        let payment = try await payment(in: request.body, byteCount: announced)
        if case .refused(let reason) = await node.offer(payment) {
            throw APIRefusal.paymentRefused(reason)
        }
        let digest = PaymentDigest.digest(
            of: payment, networkDigest: node.rollupParameters.networkDigest)
        return APIAnswer.json(AcceptedPayment(digest: digest.digest.hex))
    }

    private func payment(in body: RequestBody, byteCount: Int) async throws -> Payment {
        let buffer: ByteBuffer
        do {
            buffer = try await withDeadline(
                NodeAPIParameters.maximumUploadDuration, placeIn: uploaders
            ) {
                try await body.collect(upTo: byteCount)
            }
        } catch is DeadlineExceeded {
            throw APIRefusal.tooSlow
        } catch is Displaced {
            throw APIRefusal.busy
        }
        do {
            return try MessageCodec.decodePayment([UInt8](buffer: buffer))
        } catch {
            throw APIRefusal.malformed("\(error)")
        }
    }
}
