import HTTP
import JSON

/// Which part of a list by address is asked for.
struct AddressPage: Sendable {
    let limit: Int
    /// The last address of the page before.
    let after: String?

    /// Writes what stands beside the items; `found` holds one address more when there are more.
    func write(total: Int, _ found: [String], to json: inout JSONWriter) {
        json.field("total", total)
        json.field("limit", limit)
        let last = found.count > limit ? found[limit - 1] : nil
        json.field("nextCursor", last.map(Self.cursor))
    }
}

extension AddressPage {
    /// The page's last address as callers see it: opaque, safe in a URL.
    static func cursor(after address: String) -> String { Array(address.utf8).base64URL }

    /// The address in a cursor that this server gave, nil for anything else.
    static func address(in cursor: String) -> String? {
        guard let bytes = [UInt8](base64URL: cursor),
            let address = String(validating: bytes, as: UTF8.self), Mapping.isAddress(address),
            self.cursor(after: address) == cursor
        else { return nil }
        return address
    }
}

extension QueryReader {
    /// `limit` and `cursor` of a list by address.
    mutating func addressPage() -> AddressPage {
        let limit = integer("limit", 1...500, default: 100)
        var address: String?
        if let text = text("cursor") {
            address = AddressPage.address(in: text)
            if address == nil { refuse("cursor", "is not one that this server gave") }
        }
        return AddressPage(limit: limit, after: address)
    }
}
