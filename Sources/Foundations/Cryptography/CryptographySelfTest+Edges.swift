/// Cases of C2SP CCTV `ed25519vectors.json` (commit 1e3d286), with the library's answer and ours.
extension CryptographySelfTest {
    struct Edge {
        let key: String
        let signature: String
        let message: String
        let library: Bool
        let rule: Bool
    }

    static let edges: [Edge] = [
        // 305: honest.
        Edge(
            key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
            signature: "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "40657f1cb030f12543549bbabd848dc6403d354e7c99c4d0dcee9f63c9033b00",
            message: "65643235353139766563746f72732035",
            library: true, rule: true),
        // 7: library takes, rule refuses: torsion that cancels.
        Edge(
            key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            signature: "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
                + "bbfd00bd9c259d8d222d15e67a3d8228585050dbb9b9585be20d8fadc721da03",
            message: "65643235353139766563746f7273",
            library: true, rule: false),
        // 51: only the cofactored equation takes it: torsion in A.
        Edge(
            key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            signature: "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "030b03796b78f7afeadfccaedc9d09ce6d487d1ece1f16b1ae2b59b7e5c40603",
            message: "65643235353139766563746f72732033",
            library: false, rule: false),
        // 267: only the cofactored equation takes it: torsion in R.
        Edge(
            key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
            signature: "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
                + "2d471882773a677af1e3824e757a33f8ddf7bbeaf3d28a09595eb8daa0d74a03",
            message: "65643235353139766563746f72732033",
            library: false, rule: false),
    ]
}
