import ArgumentParser
import Cryptography
import NetworkFile
import NodeAPI
import Payments
import Primitives
import WalletStorage

/// Signs a payment of the rollup and hands it to a node.
struct Pay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pay from a rollup account.",
        discussion: """
            The wallet's key file (`grove keys new --purpose wallet`) is opened with its \
            passphrase, the account's nonce is asked from the node, and the payment is signed by \
            the next one-time key. Which keys are used is kept in the wallet state file: it is \
            written before the payment leaves, and a copy of it must never be put back, since a \
            key that signs twice can be forged. The first payment names the account \
            (--account), which starts the file; `grove wallet restore` replaces a lost one.

            Example: grove pay --to 3 --amount 1.5 --fee 0.001 --wallet alice.key \\
                         --wallet-state alice.json --network network.json --wait
            """)

    @Option(help: ArgumentHelp("The account to pay.", valueName: "number"))
    var to: UInt32

    @Option(help: ArgumentHelp("How much, in IDE, with up to nine decimals.", valueName: "IDE"))
    var amount: String

    @Option(help: ArgumentHelp("What the block's makers get, in IDE.", valueName: "IDE"))
    var fee: String

    @Option(
        help: ArgumentHelp(
            "Open the account --to, the next free one, with this authentication key.",
            valueName: "key"))
    var open: String?

    @Option(
        help: ArgumentHelp(
            "Take the place of the payment with this nonce that still waits, by a higher fee.",
            valueName: "number"))
    var nonce: UInt64?

    @Option(help: ArgumentHelp("The wallet's key file.", valueName: "file"))
    var wallet: String

    @Option(help: ArgumentHelp("The wallet's state file.", valueName: "file"))
    var walletState: String

    @Option(
        help: ArgumentHelp(
            "The account to pay from, where the state file does not exist yet.",
            valueName: "number"))
    var account: UInt32?

    @Flag(help: "Wait until the payment is in a final block.")
    var wait = false

    @Option(
        help: ArgumentHelp(
            "How long --wait waits, then exit code 1: the payment may still become final.",
            valueName: "seconds"))
    var timeout = 600

    @Option(setting: .network) var network: String?
    @Option(setting: .api) var api: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout: expected 1 to 86400 seconds, found \(timeout)")
        }
    }

    func run() async throws {
        let settings = try common.settings([
            .network: network, .api: api, .passphraseFile: passphraseFile,
        ])
        let order = try order()
        let network = try await settings.network()
        let desk = PaymentDesk(client: try settings.apiClient(), network: network)
        try await desk.checkNetwork()
        try await desk.checkRecipient(to, isOpened: open != nil)
        let payment = try await sign(order, desk, settings)
        let digest = try VerifiedPayment(checking: payment, parameters: network.rollup).digest
        try await desk.client.submit(payment)
        if wait { try await desk.waitUntilFinal(payment, timeout: .seconds(timeout)) }
        let answer = PaidAnswer(payment, digest: digest, isFinal: wait)
        try Output.answer(answer, text: answer.text, asJSON: common.json)
    }

    /// The nonce is still to be found.
    private func order() throws -> PaymentOrder {
        let key = try open.map { text in
            guard let key = FieldDigest(hex: text) else {
                throw CommandFailure(
                    .usage,
                    "--open: expected an authentication key of 64 hexadecimal digits "
                        + "(`grove keys show --account`), found \"\(text)\"")
            }
            return key
        }
        return PaymentOrder(
            recipient: to, recipientKey: key, amount: try money(amount, "--amount"),
            fee: try money(fee, "--fee"), nonce: nonce ?? 0)
    }

    private func money(_ text: String, _ flag: String) throws -> Amount {
        guard let units = AmountText.units(text) else {
            throw CommandFailure(
                .usage, "\(flag): expected IDE such as 1.5, up to nine decimals, found \"\(text)\"")
        }
        return Amount(units: units)
    }

    /// The wallet's state is locked from here until the payment is signed and written down.
    private func sign(
        _ order: PaymentOrder, _ desk: PaymentDesk, _ settings: Settings
    ) async throws -> Payment {
        let store = try await openStore(settings, desk)
        let sender = try await desk.account(store.account)
        guard await !store.isBehind(nextKeyIndex: sender.nextKeyIndex) else {
            throw CommandFailure(
                .environment,
                "\(walletState) is an old copy: the account has used keys that it knows nothing "
                    + "of. Remove it and run `grove wallet restore \(wallet) --account "
                    + "\(store.account) --wallet-state \(walletState)`")
        }
        let needed = order.amount.units.addingReportingOverflow(order.fee.units)
        guard !needed.overflow, needed.partialValue <= sender.balanceUnits else {
            throw CommandFailure(
                .usage,
                "account \(sender.number) holds \(Shown.amount(sender.balanceUnits)), which is "
                    + "less than amount and fee")
        }
        try await store.follow(Account(sender))
        var order = order
        order.nonce = nonce ?? sender.nextNonce
        return try await store.sign(order)
    }

    private func openStore(_ settings: Settings, _ desk: PaymentDesk) async throws -> WalletStore {
        let parameters = desk.network.rollup
        let keystore = try KeyFileStore.open(wallet, expecting: .wallet) {
            try Passphrase.ask(for: wallet, settings: settings)
        }
        let seed = keystore.walletSeed()
        do {
            let store = try WalletStore.open(
                seed: seed, stateFile: walletState, parameters: parameters)
            guard account == nil || account == store.account else {
                throw CommandFailure(
                    .usage, "\(walletState) is the state of account \(store.account)")
            }
            return store
        } catch WalletStoreError.missing(let path) {
            guard let account else {
                throw CommandFailure(
                    .usage,
                    "there is no wallet state \(path): name the account by --account to start it, "
                        + "or give the file that you have used before")
            }
            let key = try WalletKey.authenticationKey(
                of: keystore, account: account, parameters: parameters)
            try checkIsNew(try await desk.account(account), key: key)
            return try WalletStore.create(
                seed: seed, account: account, stateFile: walletState, parameters: parameters)
        }
    }

    /// Before a state is started: the account is this wallet's, and no key of it is used.
    private func checkIsNew(_ account: AccountAnswer, key: FieldDigest) throws(CommandFailure) {
        guard account.nextNonce == 0, account.nextKeyIndex == 0 else {
            throw CommandFailure(
                .usage,
                "account \(account.number) has paid before, so that its wallet state must exist: "
                    + "give it by --wallet-state, or make a new one by `grove wallet restore`")
        }
        guard account.authenticationKey == key.hex else {
            throw CommandFailure(
                .usage,
                "account \(account.number) belongs to another key file than \(wallet): its key is "
                    + "\(account.authenticationKey), this file's is \(key.hex)")
        }
    }
}

/// What `grove pay` prints.
struct PaidAnswer: Encodable {
    var digest: String
    var sender: UInt32
    var recipient: UInt32
    var amountUnits: UInt64
    var feeUnits: UInt64
    var nonce: UInt64
    var keyIndex: UInt32
    /// Whether it is known to be in a final block.
    var isFinal: Bool

    init(_ payment: Payment, digest: FieldDigest, isFinal: Bool) {
        self.digest = digest.hex
        sender = payment.sender
        recipient = payment.recipient
        amountUnits = payment.amount.units
        feeUnits = payment.fee.units
        nonce = payment.nonce
        keyIndex = payment.keyIndex
        self.isFinal = isFinal
    }

    var text: String {
        let state = isFinal ? "is in a final block" : "waits for a block"
        return "payment \(digest)\naccount \(sender) pays account \(recipient) "
            + "\(Shown.amount(amountUnits)), fee \(Shown.amount(feeUnits)), nonce \(nonce): \(state)"
    }
}
