import HTTP
import SQLite

/// The versions of what the program stands on.
enum Versions {
    /// The SQLite library in use.
    static let sqlite = Database.libraryVersion
    /// The libmicrohttpd library in use.
    static let libmicrohttpd = Server.libraryVersion
    /// The Swift compiler that built the program, as far as it tells.
    static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
