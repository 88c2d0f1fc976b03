import Glibc

/// The place of a database: one spelling of its path, and its folders and file made if missing.
struct FilePlace {
    /// The absolute path without symbolic links.
    let path: String

    /// Finds the place of `path`; with `create`, folders that are missing are made.
    init(_ path: String, create: Bool) throws {
        guard !path.isEmpty, path != ":memory:", !path.utf8.contains(0) else {
            throw DatabaseError(.cannotOpen, "the database needs the path of a file")
        }
        if let known = FilePlace.resolve(path) {
            self.path = known
        } else {
            guard create else {
                throw DatabaseError(
                    .cannotOpen, "there is no database at \(path)",
                    hint: "start the server once, or name another file")
            }
            let (folder, name) = FilePlace.split(path)
            try FilePlace.makeFolder(folder)
            guard !name.isEmpty, let resolved = FilePlace.resolve(folder) else {
                throw FilePlace.failure("\(path) cannot be made")
            }
            self.path = resolved == "/" ? "/" + name : resolved + "/" + name
        }
        if FilePlace.isFolder(self.path) {
            throw DatabaseError(
                .cannotOpen, "\(path) is a folder, not a database", hint: "name a file in it")
        }
    }

    /// Makes the file if it is missing, for its owner's eyes only.
    ///
    /// SQLite gives its WAL the same permissions. Call this before the first connection:
    /// closing any descriptor of the file drops the locks that SQLite holds on it.
    func create() throws {
        if FilePlace.exists(path) { return }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FilePlace.failure("\(path) cannot be made") }
        close(descriptor)
    }

    /// Whether there is anything at `path`.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// `wanted`, or with a number if something has that name.
    static func unused(_ wanted: String) -> String {
        var path = wanted
        var number = 2
        while exists(path) {
            path = "\(wanted)-\(number)"
            number += 1
        }
        return path
    }

    /// The size of the file at `path` in bytes, 0 when there is none.
    static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Whether both name one file.
    static func isSame(_ one: String, _ other: String) -> Bool {
        var left = stat()
        var right = stat()
        return stat(one, &left) == 0 && stat(other, &right) == 0
            && left.st_ino == right.st_ino && left.st_dev == right.st_dev
    }

    /// Whether `path` still names the file that `descriptor` has open.
    static func isOpen(_ descriptor: Int32, at path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(descriptor, &open) == 0 && stat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    /// Makes a new name in the folder of `path` outlive a power failure.
    static func syncFolder(of path: String) throws {
        let (folder, _) = split(path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("\(folder) cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("\(folder) cannot be synced") }
    }

    /// An error that says what failed, and why by the system's error number.
    static func failure(_ what: String) -> DatabaseError {
        DatabaseError(.cannotOpen, "\(what): \(String(cString: strerror(errno)))")
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

    /// Whether `path` names a folder.
    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}
