import ArgumentParser
import Cryptography

extension Keys {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a key file: prove that file, passphrase and keys belong together.",
            discussion: """
                Writes nothing. Exit code 2 where the passphrase is another one, 3 where the file \
                is damaged.

                Example: grove keys check prover.key --passphrase-file passphrase
                """)

        @Argument(help: "The key file.")
        var file: String

        @Option(setting: .passphraseFile)
        var passphraseFile: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.passphraseFile: passphraseFile])
            let read = try KeyFileStore.read(file)
            _ = try KeyFileStore.open(file, expecting: read.purpose) {
                try Passphrase.ask(for: file, settings: settings)
            }
            let keys = PublicKeys(read, proven: true)
            try Output.answer(
                keys, text: keys.text + "\n\(file) opens, and its keys are those of its seeds",
                asJSON: common.json)
        }
    }

    struct ChangePassphrase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passphrase",
            abstract: "Change the passphrase of a key file.",
            discussion: """
                Asks for the old passphrase and twice for the new one, where no file or variable \
                gives them. The keys stay the same. The file is replaced in one step: whatever \
                goes wrong, the old file or the new one is there, whole. Old copies of the file \
                still open with the old passphrase: replace or destroy them too.

                Example: grove keys passphrase prover.key
                         grove keys passphrase prover.key --passphrase-file old \\
                             --new-passphrase-file new
                """)

        @Argument(help: "The key file.")
        var file: String

        @Option(
            help: ArgumentHelp(
                """
                A file that holds the new passphrase (\(PassphraseSource.newVariable) holds it \
                itself; default: the terminal is asked).
                """, valueName: "file"))
        var newPassphraseFile: String?

        @Option(help: "What one guess costs from now on: moderate or minimal (default: as before).")
        var cost: Cost?

        @Option(setting: .passphraseFile)
        var passphraseFile: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.passphraseFile: passphraseFile])
            let changed = try KeyFileStore.changePassphrase(of: file, cost: cost?.value) {
                try Passphrase.ask(for: file, settings: settings)
            } new: {
                try Passphrase.change(for: file, file: newPassphraseFile, settings: settings)
            }
            let keys = PublicKeys(changed, proven: true)
            try Output.answer(
                keys, text: "\(file) has a new passphrase; back it up again", asJSON: common.json)
        }
    }
}

/// What the owner of a new key file must know.
enum BackupAdvice {
    static func text(for purpose: KeyFile.Purpose, file: String) -> String {
        switch purpose {
        case .node:
            """
            Back up \(file) and its passphrase, apart from each other: neither is of use without \
            the other, and nobody can replace them. Whoever has both has the stake and the money \
            of the operator key. Never run two nodes with one key file: signing twice is slashed.
            """
        case .wallet:
            """
            Back up \(file) and its passphrase, apart from each other: neither is of use without \
            the other, and nobody can replace them. Whoever has both has the account. Do not back \
            up the wallet state: an old copy would sign twice with one key. Where it is lost, \
            `grove wallet restore` makes a new one from the key file.
            """
        }
    }
}
