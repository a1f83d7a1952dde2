import Foundation
import NodeAPI
import Testing
import grove

@Suite struct TreeTextTests {
    private func tree(_ json: String) throws -> TreeAnswer {
        try JSONDecoder().decode(TreeAnswer.self, from: Data(json.utf8))
    }

    @Test func `a tree is drawn from its root, children below their parent`() throws {
        let tree = try tree(
            """
            {"slot":5,"state":"proving","blockId":"0a0b0c0d0e","leafCount":3,"payouts":[],
             "nodes":[
              {"firstLeaf":0,"leafCount":1,"elected":"1111111111","state":"proven",
               "committed":"1111111111"},
              {"firstLeaf":1,"leafCount":1,"elected":"2222222222","state":"proving"},
              {"firstLeaf":2,"leafCount":1,"elected":"3333333333","state":"waiting"},
              {"firstLeaf":0,"leafCount":2,"elected":"1111111111","state":"waiting"},
              {"firstLeaf":0,"leafCount":3,"elected":"3333333333","state":"waiting"}]}
            """)
        #expect(
            TreeText(tree).text == """
                slot 5  proving  block 0a0b0c0d  3 leaves
                0..<3  elected 33333333  not begun
                ├─ 0..<2  elected 11111111  not begun
                │  ├─ 0..<1  elected 11111111  committed by 11111111  proof is made
                │  └─ 1..<2  elected 22222222  being proven
                └─ 2..<3  elected 33333333  not begun
                """)
    }

    @Test func `a final tree says who was paid and what`() throws {
        let tree = try tree(
            """
            {"slot":6,"state":"final","leafCount":1,"nodes":[
              {"firstLeaf":0,"leafCount":1,"elected":"1111111111","prover":"2222222222",
               "state":"included","isPaid":false}],
             "payouts":[{"key":"9999999999","role":"sequencer","units":0,"amountUnits":1500000000},
              {"key":"2222222222","role":"prover","units":1,"amountUnits":1}]}
            """)
        #expect(
            TreeText(tree).text == """
                slot 6  final  1 leaf
                0..<1  elected 11111111  proved by 22222222  in the final proof  not paid
                pays sequencer 99999999 1.5 IDE
                pays prover 22222222 0.000000001 IDE for 1 unit
                """)
    }

    @Test func `a node that answers nodes of no tree is drawn without them`() throws {
        let tree = try tree(
            """
            {"slot":6,"state":"open","leafCount":99999999,"payouts":[],
             "nodes":[{"firstLeaf":-1,"leafCount":0,"state":"waiting"}]}
            """)
        #expect(TreeText(tree).text == "slot 6  open  99999999 leaves")
    }

    @Test func `a skipped slot says why`() throws {
        let tree = try tree(
            """
            {"slot":6,"state":"skipped","reason":"noRootProof","leafCount":0,"payouts":[],"nodes":[]}
            """)
        #expect(TreeText(tree).text == "slot 6  skipped  no root proof in time")
    }
}
