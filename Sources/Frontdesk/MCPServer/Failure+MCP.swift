extension Failure.Code {
    /// A page of another origin calls what only programs may call.
    static let originRefused = Failure.Code(
        word: "origin_refused", status: 403, title: "Access Denied")
}
