/// A customer as somebody wants to enter them, checked (tickets.md, section 3).
struct CustomerDraft: Equatable, Sendable {
    /// The id of their choice; nil lets the server make one.
    let id: String?
    let email: String
    let firstName: String
    let lastName: String
    let phone: String?
    let authSubject: String?

    /// The names of the fields that are read.
    static let fields = [
        "customer_id", "email", "first_name", "last_name", "phone", "auth_subject",
    ]

    /// Reads the fields; nil when the reader noted a problem with one.
    init?(_ reader: inout FieldReader) {
        id = reader.id("customer_id")
        let email = reader.required("email", "must be an e-mail address like 'name@example.com'") {
            EmailAddress($0.lowercased())?.text
        }
        let firstName = reader.words("first_name", upTo: 100, required: true)
        let lastName = reader.words("last_name", upTo: 100, required: true)
        phone = reader.value(
            "phone", "must be an optional + and 5 to 20 digits", CustomerDraft.phone)
        authSubject = reader.words("auth_subject", upTo: 255, required: false)
        guard reader.problems.isEmpty, let email, let firstName, let lastName else { return nil }
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
    }

    /// A telephone number without the signs that people put between its digits.
    private static func phone(_ text: String) -> String? {
        let bare = text.filter { !" .()-[]".contains($0) }
        let digits = bare.hasPrefix("+") ? bare.dropFirst() : bare[...]
        return (5...20).contains(digits.count)
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? bare : nil
    }

    /// The customer that comes of it.
    func customer(id fresh: @autoclosure () -> String, at now: Timestamp) -> Customer {
        Customer(
            id: id ?? fresh(), email: email, firstName: firstName, lastName: lastName,
            phone: phone, authSubject: authSubject, createdAt: now.text, updatedAt: now.text)
    }
}
