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
        json.field("nextCursor", last.map { Array($0.utf8).base64URL })
    }
}

extension QueryReader {
    /// `limit` and `cursor` of a list by address.
    mutating func addressPage() -> AddressPage {
        let limit = integer("limit", 1...500, default: 100)
        var address: String?
        if let text = text("cursor") {
            address = [UInt8](base64URL: text).flatMap { String(validating: $0, as: UTF8.self) }
            if address.map(Mapping.isAddress) != true {
                refuse("cursor", "is not one that this server gave")
            }
        }
        return AddressPage(limit: limit, after: address)
    }
}
