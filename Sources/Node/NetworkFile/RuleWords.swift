internal import Ledger
package import Payments
internal import ProverElection
internal import Sequencing

/// What the rules of other targets refuse, in the words of a network file.
package enum RuleWords {
    package static func text(_ error: any Error) -> String {
        switch error {
        case let error as PaymentError: payment(error)
        case FernetParametersError.phaseLength(let found, let maximum):
            "fernet: a phase has 1 to \(maximum) ticks, found \(found)"
        case let error as LadderParametersError: ladder(error)
        case LedgerRulesError.ladder(let error): ladder(error)
        case LedgerRulesError.lag(let found, let maximum), GenesisError.lag(let found, let maximum):
            "slots.lag: expected at most \(maximum), found \(found)"
        case LedgerRulesError.leaves(let found, let maximum):
            "rollup.maxLeaves: expected 1 to \(maximum), found \(found)"
        case LedgerRulesError.leafCapacity(let found):
            "rollup.leafCapacity: expected at least 1, found \(found)"
        case LedgerRulesError.evidenceExpiry(let found, let maximum):
            "slots.evidenceExpiryTicks: expected 1 to \(maximum), found \(found)"
        case let error as GenesisError: genesis(error)
        default: "\(error)"
        }
    }

    package static func payment(_ error: PaymentError) -> String {
        switch error {
        case .parameterOutOfRange(let name, let allowed, let found):
            "\(name): expected \(allowed.lowerBound) to \(allowed.upperBound), found \(found)"
        case .supplyOutOfRange(let end):
            "all balances together must be below \(end) base units"
        case .accountTreeFull(let limit, let found):
            "\(found) accounts do not fit a tree of \(limit)"
        default: "\(error)"
        }
    }

    private static func ladder(_ error: LadderParametersError) -> String {
        switch error {
        case .ticks(let found, let maximum):
            "election: leafTicks, mergeTicks and stepTicks are 1 to \(maximum), found \(found)"
        case .leafCount(let found, let maximum):
            "rollup.maxLeaves: expected 1 to \(maximum), found \(found)"
        case .longerThanProving(let ladder, let proving):
            "the ladder of the largest block takes \(ladder) ticks (election: leafTicks, "
                + "mergeTicks, stepTicks), more than fernet.provingTicks, \(proving)"
        }
    }

    private static func genesis(_ error: GenesisError) -> String {
        switch error {
        case .stake(let key, let minimum, let found):
            "genesis: \(key) has a stake of \(found), the minimum is \(minimum)"
        case .vrfKeyTaken(let key): "genesis: the VRF key of \(key) is another's too"
        case .offer(let key): "genesis: the offer of \(key) is no prover's, or its slots no range"
        case .tooManyKeys: "genesis: too many keys"
        case .supply: "genesis: all balances and stakes together are more than a ledger can hold"
        case .lag, .notAscending: "genesis: \(error)"
        }
    }
}
