import Glibc

/// The place of a database: one spelling of its path, and its folders and file made if missing.
struct DatabaseFile {
    /// The absolute path without symbolic links.
    let path: String

    /// Finds the place of `path`; with `create`, folders that are missing are made.
    init(path: String, create: Bool) throws {
        guard !path.isEmpty, path != ":memory:", !path.utf8.contains(0) else {
            throw DatabaseError(.cannotOpen, "the database needs the path of a file")
        }
        if let known = DatabaseFile.resolve(path) {
            self.path = known
        } else {
            guard create else {
                throw DatabaseError(
                    .cannotOpen, "there is no database at \(path)",
                    hint: "start the server once, or name another file")
            }
            let (folder, name) = DatabaseFile.split(path)
            try DatabaseFile.makeFolder(folder)
            guard let resolved = DatabaseFile.resolve(folder) else {
                throw DatabaseFile.failure("\(folder) cannot be used")
            }
            self.path = resolved == "/" ? "/" + name : resolved + "/" + name
        }
        if DatabaseFile.isFolder(self.path) {
            throw DatabaseError(.cannotOpen, "\(path) is a folder, not a database")
        }
    }

    /// Makes the file if it is missing, for its owner's eyes only.
    ///
    /// SQLite gives its WAL the same permissions. Call this before the first connection:
    /// closing any descriptor of the file drops the locks that SQLite holds on it.
    func create() throws {
        if access(path, F_OK) == 0 { return }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DatabaseFile.failure("\(path) cannot be made") }
        close(descriptor)
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    private static func makeFolder(_ path: String) throws {
        if isFolder(path) { return }
        let (parent, _) = split(path)
        if parent != path { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("the folder \(path) cannot be made")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    private static func failure(_ what: String) -> DatabaseError {
        DatabaseError(.cannotOpen, "\(what): \(String(cString: strerror(errno)))")
    }
}
