/// Where a documentation page loads the scripts of its viewer from.
enum ScriptBase: Equatable, Sendable {
    /// Nowhere: the page shows the reference that is built in.
    case none
    /// Another server: the address without a slash at its end, and its origin.
    case remote(address: String, origin: String)
    /// A folder of this machine that Frontdesk serves itself.
    case folder(String)

    /// What `docs.swagger_ui_base` or `docs.redoc_base` says. An address that could not stand in
    /// a header of the page counts as none.
    init(_ setting: String) {
        let isRemote = ["http://", "https://"].contains { setting.lowercased().hasPrefix($0) }
        var text = Substring(setting)
        while text.count > 1, text.last == "/" { text = text.dropLast() }
        if text.isEmpty {
            self = .none
        } else if isRemote {
            self = Self.remote(text) ?? .none
        } else {
            self = .folder(String(text))
        }
    }

    private static func remote(_ address: Substring) -> ScriptBase? {
        let isPlain = address.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"\"'`<>;,\\^{|}?#".utf8.contains(byte)
        }
        let parts = address.split(
            separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard isPlain, parts.count >= 3, !parts[2].isEmpty else { return nil }
        let origin = "\(parts[0])//\(parts[2])"
        return .remote(address: String(address), origin: origin)
    }
}
