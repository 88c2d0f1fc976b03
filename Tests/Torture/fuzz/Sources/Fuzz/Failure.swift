/// As much of the product's `Failure` as the reader of CSV needs.
enum Failure {
    /// A field and what is wrong with it.
    struct Field {
        let field: String
        let problem: String
    }
}
