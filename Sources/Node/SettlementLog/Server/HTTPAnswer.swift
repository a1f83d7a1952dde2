import Foundation
import Hummingbird
import Ledger
import Messages
import NIOCore
import Primitives

/// A request that is wrong before it is a submission.
enum RequestError: Error, Hashable {
    case lengthRequired
    case badQuery(String)
    /// The body did not come in time.
    case tooSlow
}

/// What the log's routes answer, byte for byte.
enum HTTPAnswer {
    static let protobuf = "application/x-protobuf"
    static let maximumTransactionByteCount = MessagesParameters.maximumTransactionByteCount

    static func transaction(
        from bytes: [UInt8]
    ) throws(SubmissionRefusal) -> LedgerTransaction {
        do {
            return try MessageCodec.decodeTransaction(bytes)
        } catch {
            throw .malformed("\(error)")
        }
    }

    static func receipt(_ receipt: Receipt) -> Response {
        bytes(MessageCodec.encode(receipt))
    }

    /// The encoding of `PeerResponse.logBlocks`, made of blocks that are encoded already: field 3
    /// holds a message whose field 1 is repeated.
    /// - Parameter hold: left once the answer is written.
    static func blocks(_ blocks: [[UInt8]], hold: HeldPlace) -> Response {
        let buffer = ByteBuffer(bytes: encodedResponse(of: blocks))
        return Response(
            status: .ok, headers: [.contentType: protobuf],
            body: ResponseBody(contentLength: buffer.readableBytes) { writer in
                defer { hold.leave() }
                try await writer.write(buffer)
                try await writer.finish(nil)
            })
    }

    static func encodedResponse(of blocks: [[UInt8]]) -> [UInt8] {
        var list: [UInt8] = []
        list.reserveCapacity(blocks.reduce(0) { $0 + $1.count + 8 })
        for block in blocks {
            list.append(1 << 3 | 2)
            list.append(varint: block.count)
            list += block
        }
        var response: [UInt8] = [3 << 3 | 2]
        response.append(varint: list.count)
        return response + list
    }

    static func event(_ height: Height) -> ByteBuffer {
        ByteBuffer(string: "event: block\ndata: {\"height\":\(height.number)}\n\n")
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(value) else {
            return text("cannot encode\n", status: .internalServerError)
        }
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func text(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func refusal(_ error: RequestError) -> Response {
        switch error {
        case .lengthRequired:
            refused("lengthRequired", "a Content-Length is needed", status: .lengthRequired)
        case .badQuery(let name):
            refused("badQuery", "parameter \(name) is missing or wrong", status: .badRequest)
        case .tooSlow:
            refused("tooSlow", "the body did not come in time", status: .requestTimeout)
        }
    }

    static func refusal(_ refusal: SubmissionRefusal) -> Response {
        switch refusal {
        case .malformed(let why): refused("malformed", why, status: .badRequest)
        case .tooLarge(let limit):
            refused("tooLarge", "at most \(limit) bytes", status: .contentTooLarge)
        case .wrongNetwork:
            refused("wrongNetwork", "signed for another network", status: .badRequest)
        case .badSignature:
            refused("badSignature", "the signature is not the key's", status: .badRequest)
        case .nonceUsed(let expected):
            refused("nonceUsed", "another has this nonce", status: .conflict, expected: expected)
        case .nonceGap(let expected):
            refused("nonceGap", "nonces are missing", status: .conflict, expected: expected)
        case .sender(let why): senderRefused(why, isTemporary: refusal.isTemporary)
        case .slotShareUsed(let limit):
            refused(
                "slotShareUsed", "a key sends at most \(limit) of this kind in one slot",
                status: .tooManyRequests)
        case .behind:
            refused(
                "behind", "the log still folds its own blocks, try again",
                status: .serviceUnavailable)
        case .queueFull: refused("queueFull", "try again", status: .serviceUnavailable)
        case .tooManyUploads: refused("tooManyUploads", "try again", status: .serviceUnavailable)
        case .stopping: refused("stopping", "the log stops", status: .serviceUnavailable)
        }
    }

    private static func senderRefused(
        _ refusal: SenderRefusal, isTemporary: Bool
    ) -> Response {
        switch refusal {
        case .unknownKey:
            refused("unknownKey", "the key has no account: pay it first", status: .forbidden)
        case .feeUncovered(let fee, let held, let spent):
            refused(
                "feeUncovered",
                "the fee is \(fee.units) base units; the account holds \(held.units), of which "
                    + "\(spent) may be spent by what it has sent before",
                status: isTemporary ? .serviceUnavailable : .forbidden)
        case .noDuty:
            refused(
                "noDuty", "the open slot wants nothing of this kind from this key",
                status: .forbidden)
        }
    }

    private static func refused(
        _ reason: String, _ detail: String, status: HTTPResponse.Status, expected: UInt64? = nil
    ) -> Response {
        json(
            RefusalBody(reason: reason, detail: detail, expectedNonce: expected), status: status)
    }

    private static func bytes(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: protobuf],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension [UInt8] {
    /// Protobuf's base-128 integer.
    fileprivate mutating func append(varint value: Int) {
        var rest = UInt(value)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
