/// The limits of one block's proof submission.
package enum ProofSubmissionParameters {
    /// Commitments of one prover for one node: a prover may prove again after a restart.
    package static let maximumCommitmentsPerDuty = 4
}
