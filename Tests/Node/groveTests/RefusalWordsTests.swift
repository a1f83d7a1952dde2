import Cryptography
import Ledger
import Primitives
import Testing
import grove

/// Every reason for which a transaction comes to nothing has words.
@Suite struct RefusalWordsTests {
    private static let key = OperatorKey(Bytes32(words: 1, 1, 1, 1))

    private func name(_ reason: some Any) -> String {
        String("\(reason)".prefix { $0 != "(" })
    }

    private func hasWords(_ reason: some Any) -> Bool {
        let words = Words.reason(name(reason))
        return words != name(reason) && !words.contains(/[a-z][A-Z]/)
            && Words.reason("\(reason)").hasPrefix(words)
    }

    @Test func `every refusal of the ledger has words`() throws {
        let block = BlockID(try #require(FieldDigest(hex: String(repeating: "0", count: 64))))
        let leaf = try #require(LeafRange(first: 0, count: 1))
        let refusals: [Refusal] = [
            .undecodableBody, .noOpenSlot, .wrongSlot(expected: Slot(1), found: Slot(2)),
            .wrongPhase, .notAdmitted, .insufficientBalance(held: .zero, needed: .zero),
            .tooManyAccounts, .zeroAmount, .stakeBelowMinimum(minimum: .zero, found: .zero),
            .vrfKeyTaken, .vrfKeyChanged, .invalidPossession, .tooManyRegistrations,
            .tooManyTopUps, .notRegistered, .exiting(paidAt: Height(1)),
            .tooManyIntents(maximum: 1, found: 2), .noNewIntent, .alreadyCommitted,
            .notCommitted, .sealBroken, .alreadyProposed,
            .wrongParent(expected: block, found: block), .invalidVRFProof,
            .notLeader(leader: Self.key), .wrongBlockCommitment, .malformedHeader,
            .alreadyRevealed, .doesNotExecute(""), .alreadyJudged, .notRevealed,
            .wrongBlock(expected: block, found: block), .alreadyElected, .notANode(leaf),
            .notAssigned(leaf), .tooManyProofCommitments, .contributionsMalformed,
            .contributorNotAllowed(leaf, Self.key), .invalidProof(""), .tooManyFailedProofs,
            .wrongStatement, .wrongContributionRoot, .evidenceMalformed, .evidenceUnsigned,
            .notContradictory, .evidenceExpired, .alreadyPunished, .nothingAtStake,
        ]
        for refusal in refusals {
            // A new case is to be added above.
            switch refusal {
            case .undecodableBody, .noOpenSlot, .wrongSlot, .wrongPhase, .notAdmitted,
                .insufficientBalance, .tooManyAccounts, .zeroAmount, .stakeBelowMinimum,
                .vrfKeyTaken, .vrfKeyChanged, .invalidPossession, .tooManyRegistrations,
                .tooManyTopUps, .notRegistered, .exiting, .tooManyIntents, .noNewIntent,
                .alreadyCommitted, .notCommitted, .sealBroken, .alreadyProposed, .wrongParent,
                .invalidVRFProof, .notLeader, .wrongBlockCommitment, .malformedHeader,
                .alreadyRevealed, .doesNotExecute, .alreadyJudged, .notRevealed, .wrongBlock,
                .alreadyElected, .notANode, .notAssigned, .tooManyProofCommitments,
                .contributionsMalformed, .contributorNotAllowed, .invalidProof,
                .tooManyFailedProofs, .wrongStatement, .wrongContributionRoot,
                .evidenceMalformed, .evidenceUnsigned, .notContradictory, .evidenceExpired,
                .alreadyPunished, .nothingAtStake:
                #expect(hasWords(refusal), "\(refusal)")
            }
        }
        #expect(Set(refusals.map { name($0) }).count == refusals.count)
    }

    @Test func `every drop of the ledger has words`() {
        let drops: [Drop] = [
            .wrongNetwork(NetworkID(genesisNonce: [1])), .signature, .nonce(last: 1, found: 1),
            .feeUnpaid(fee: .zero, held: .zero), .unknownKey,
        ]
        for drop in drops {
            switch drop {
            case .wrongNetwork, .signature, .nonce, .feeUnpaid, .unknownKey:
                #expect(hasWords(drop), "\(drop)")
            }
        }
    }

    @Test func `what was expected and found stays, and so does a sentence`() {
        #expect(
            Words.reason("stakeBelowMinimum(minimum: 100 IDE, found: 5 IDE)")
                == "the stake is too small (minimum: 100 IDE, found: 5 IDE)")
        #expect(Words.reason("the ledger dropped it") == "the ledger dropped it")
        #expect(Words.reason("behind the times") == "behind the times")
        #expect(Words.reason("") == "")
    }
}
