import CMicrohttpd

extension Server {
    /// The version of the libmicrohttpd library in use, such as `0.9.75`.
    public static var libraryVersion: String { String(cString: MHD_get_version()) }
}
