import Crypto
import Dispatch
import Glibc

/// The folder attachments come from; nothing outside of it can be named.
struct EmailAttachments: Sendable {
    /// Files that one message may carry.
    static let maximumCount = 10
    /// Bytes that all files of one message may have together.
    static let maximumTotal = 20 * 1_048_576

    /// The folder, `email.attachments_dir`; empty: there are no attachments.
    let folder: String
    /// Bytes that one file may have.
    let maximumBytes: Int

    private static let queue = DispatchQueue(label: "email.attachments", attributes: .concurrent)

    /// Why a file cannot go along.
    enum Problem: Error, Equatable {
        case disabled
        case tooMany
        /// The name is absolute, leads upwards, or is no file name.
        case invalidName(String)
        /// There is no regular file of that name, or the way there is a link.
        case notFound(String)
        case tooLarge(String)
        case tooLargeTogether
        /// The content is not what it was when the message was queued.
        case changed(String)
        /// The disk did not give what it has; another try may help.
        case unreadable(String, code: Int32)
    }

    /// Looks at the files as they are now; throws `Problem`.
    func describe(_ names: [String]) async throws -> [Email.Attachment] {
        guard !names.isEmpty else { return [] }
        guard !folder.isEmpty else { throw Problem.disabled }
        guard names.count <= Self.maximumCount else { throw Problem.tooMany }
        return try await Self.onOwnThread {
            var room = Self.maximumTotal
            return try names.map { name in
                let bytes = try read(name, room: room)
                room -= bytes.count
                return Email.Attachment(
                    name: name, size: bytes.count, sha256: try SHA256.hash(bytes))
            }
        }
    }

    /// The files with their content, unchanged since they were described; throws `Problem`.
    func contents(of attachments: [Email.Attachment]) async throws -> [EmailMessage.File] {
        guard !attachments.isEmpty else { return [] }
        guard !folder.isEmpty else { throw Problem.disabled }
        return try await Self.onOwnThread {
            try attachments.map { attachment in
                let bytes = try read(attachment.name, room: Self.maximumTotal)
                guard bytes.count == attachment.size,
                    try SHA256.hash(bytes) == attachment.sha256
                else { throw Problem.changed(attachment.name) }
                let name = attachment.name.split(separator: "/").last.map(String.init)
                return EmailMessage.File(name: name ?? attachment.name, bytes: bytes)
            }
        }
    }

    /// Runs work that waits for the disk without keeping one of Swift's threads.
    private static func onOwnThread<T: Sendable>(
        _ work: @escaping @Sendable () throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

// MARK: - Files

extension EmailAttachments {
    /// What a name leads to, step by step from the folder, if nothing on the way is a link.
    private func read(_ name: String, room: Int) throws -> [UInt8] {
        let steps = try Self.steps(of: name)
        // The folder itself may be a link: it is the operator's own choice.
        var place = try OpenFile(
            open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), name: name)
        for step in steps.dropLast() {
            let next = openat(
                place.descriptor, step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            place = try OpenFile(next, name: name)
        }
        // Opening a pipe would wait for its writer.
        let file = try OpenFile(
            openat(
                place.descriptor, steps[steps.count - 1],
                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), name: name)
        guard let size = try file.regularSize(name: name) else { throw Problem.notFound(name) }
        guard size <= maximumBytes else { throw Problem.tooLarge(name) }
        guard size <= room else { throw Problem.tooLargeTogether }
        return try file.read(size, name: name)
    }

    /// The steps of a relative name.
    private static func steps(of name: String) throws -> [String] {
        let steps = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isName = steps.allSatisfy { step in
            !step.isEmpty && step != "." && step != ".." && step.utf8.count <= 255
        }
        guard isName, !name.hasControlCharacters, name.utf8.count <= 1000 else {
            throw Problem.invalidName(name)
        }
        return steps
    }
}

/// An open file that closes itself.
private struct OpenFile: ~Copyable {
    let descriptor: Int32

    /// Takes what `open` returned; throws the problem with `name` it stands for.
    init(_ descriptor: Int32, name: String) throws {
        guard descriptor >= 0 else {
            let code = errno
            // ELOOP and ENOTDIR are what a link on the way looks like.
            let isAbsent = [ENOENT, ELOOP, ENOTDIR, EACCES, EPERM, ENXIO, ENAMETOOLONG]
                .contains(code)
            throw isAbsent
                ? EmailAttachments.Problem.notFound(name) : .unreadable(name, code: code)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The size of a regular file, nil for everything else.
    func regularSize(name: String) throws -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw EmailAttachments.Problem.unreadable(name, code: errno)
        }
        return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// The whole content, which must have exactly `size` bytes.
    func read(_ size: Int, name: String) throws -> [UInt8] {
        var failure: Int32 = 0
        // One byte more than expected shows a file that is growing.
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count <= size {
                let got = Glibc.read(
                    descriptor, buffer.baseAddress! + count, size + 1 - count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else {
            throw EmailAttachments.Problem.unreadable(name, code: failure)
        }
        guard bytes.count == size else { throw EmailAttachments.Problem.changed(name) }
        return bytes
    }
}
