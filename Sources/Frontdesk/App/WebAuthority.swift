/// The part of an absolute URL, or of an origin, that decides where it leads.
struct WebAuthority: Sendable {
    /// In lower case: `https`.
    let scheme: String
    /// In lower case, without brackets.
    let host: String
    /// Whether a user or a password stands before the host.
    let hasUser: Bool

    /// Nil when the text has no `://` or no host.
    init?(_ url: String) {
        guard let mark = url.firstRange(of: "://") else { return nil }
        scheme = url[..<mark.lowerBound].lowercased()
        let authority = url[mark.upperBound...].prefix { !"/?#".contains($0) }
        hasUser = authority.contains("@")
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        host =
            place.hasPrefix("[")
            ? place.dropFirst().prefix { $0 != "]" }.lowercased()
            : place.prefix { $0 != ":" }.lowercased()
        if host.isEmpty { return nil }
    }

    /// Whether it leads to this machine.
    var isLoopback: Bool { Frontdesk.isLoopback(host) }

    /// Whether nobody on the way can read what is sent there.
    var isSafe: Bool { scheme == "https" || scheme == "http" && !hasUser && isLoopback }
}

/// Whether a host to listen on or to ask is this machine, seen from itself.
func isLoopback(_ host: String) -> Bool {
    if ["localhost", "::1"].contains(host.lowercased()) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
}
