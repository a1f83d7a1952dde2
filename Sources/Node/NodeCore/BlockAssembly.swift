package import Ledger
internal import Messages
package import Payments
package import Primitives

/// From payments to a block and back: what every shell does for its machine, as pure functions.
package enum BlockAssembly {
    /// A block of those candidates that can be executed in their order; empty where none can.
    package static func build(_ request: BuildRequest) -> BuiltBlock {
        let parameters = request.parentState.parameters
        let candidates = request.payments.compactMap {
            try? VerifiedPayment(checking: $0, parameters: parameters)
        }
        let chosen = BlockExecutor.select(from: candidates, on: request.parentState)
        guard let executed = try? BlockExecutor.execute(chosen, on: request.parentState) else {
            preconditionFailure("payments that were selected on this state do not execute on it")
        }
        let body = MessageCodec.encodeBlockBody(chosen.map(\.payment))
        return BuiltBlock(
            header: header(of: executed, body: body, request), body: body,
            feeShare: request.feeShare)
    }

    /// Does the body decode and execute to what the header says?
    package static func execute(
        _ reveal: BlockReveal, on state: RollupState
    ) -> (verdict: RevealVerdict, executed: ExecutedBlock?) {
        let payments: [Payment]
        do throws(DecodingError) {
            payments = try MessageCodec.decodeBlockBody(reveal.body)
        } catch {
            return (.refused("the body does not decode: \(error)"), nil)
        }
        let executed: ExecutedBlock
        do throws(PaymentError) {
            executed = try BlockExecutor.execute(payments, on: state)
        } catch {
            return (.refused("\(error)"), nil)
        }
        let header = reveal.header
        guard header.stateBefore == executed.before.root,
            header.stateAfter == executed.after.root,
            header.paymentRoot == executed.paymentRoot,
            header.leafCount == executed.leaves.count, header.feeSum == executed.feeSum
        else { return (.refused("the body executes to another header"), nil) }
        return (.executes, executed)
    }

    private static func header(
        of executed: ExecutedBlock, body: [UInt8], _ request: BuildRequest
    ) -> BlockHeader {
        BlockHeader(
            slot: request.slot, round: 0, parent: request.parent,
            stateBefore: executed.before.root, stateAfter: executed.after.root,
            paymentRoot: executed.paymentRoot, leafCount: executed.leaves.count,
            feeSum: executed.feeSum, bodyHash: BlockHeader.bodyHash(ofEncodedBody: body))
    }
}
