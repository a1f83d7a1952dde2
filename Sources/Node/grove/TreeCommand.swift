import ArgumentParser
import NodeAPI

/// Draws the proof tree of a slot.
struct Tree: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the proof tree of a slot: who was elected, who proved, who was paid.",
        discussion: """
            A node of the tree is the range of leaves that its proof covers; children are drawn \
            below their parent. In the open slot a node is waiting, proving, committed or proven, \
            as far as the asked node has heard; in a final one its proof is included, and its unit \
            is paid if its elected prover made the proof. Nodes remember the newest slots only.

            Example: grove tree 12 --api http://127.0.0.1:8101
            """)

    @Argument(help: "The slot's number, or \"current\".")
    var slot = "current"

    @Option(setting: .api) var api: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let client = try common.settings([.api: api]).apiClient()
        let number = UInt64(slot)
        guard number != nil || slot == "current" else {
            throw CommandFailure(
                .usage, "SLOT: expected a slot's number or \"current\", found \"\(slot)\"")
        }
        let tree = try await client.tree(of: number)
        try Output.answer(tree, text: TreeText(tree).text, asJSON: common.json)
    }
}
