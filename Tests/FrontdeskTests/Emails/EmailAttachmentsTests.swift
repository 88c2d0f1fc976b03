import Glibc
import Testing

@testable import Frontdesk

@Suite struct `E-mail attachments` {
    @Test func `files are described as they are and read back unchanged`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", Array("abc".utf8))
        try folder.write("deep/er/größe.bin", [])
        let attachments = EmailAttachments(folder: folder.path, maximumBytes: 100)
        let described = try await attachments.describe(["a.txt", "deep/er/größe.bin"])
        #expect(
            described == [
                .init(
                    name: "a.txt", size: 3,
                    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                .init(
                    name: "deep/er/größe.bin", size: 0,
                    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ])
        let files = try await attachments.contents(of: described)
        #expect(files.map(\.name) == ["a.txt", "größe.bin"])
        #expect(files.map(\.bytes) == [Array("abc".utf8), []])
    }

    @Test(arguments: [
        "/etc/passwd", "../secret.txt", "a/../../secret.txt", "a/../a.txt", "./a.txt", "a//b", "",
        "a/", "..", ".", "a\u{0}b", "a\nb", "/", "a/./b",
    ])
    func `names that lead elsewhere are refused`(name: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("inner/a.txt", [1])
        try folder.write("secret.txt", [2])
        let attachments = EmailAttachments(folder: folder.path + "/inner", maximumBytes: 100)
        await #expect(throws: EmailAttachments.Problem.invalidName(name)) {
            try await attachments.describe([name])
        }
    }

    @Test func `no link is followed, wherever it leads`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("inner/real/a.txt", [1])
        try folder.write("outside/secret.txt", [2])
        try folder.link("inner/link.txt", to: "../outside/secret.txt")
        try folder.link("inner/linked", to: "../outside")
        try folder.link("inner/here", to: "real")
        try folder.link("inner/a-link.txt", to: "real/a.txt")
        let attachments = EmailAttachments(folder: folder.path + "/inner", maximumBytes: 100)
        for name in ["link.txt", "linked/secret.txt", "here/a.txt", "a-link.txt"] {
            await #expect(throws: EmailAttachments.Problem.notFound(name)) {
                try await attachments.describe([name])
            }
        }
        #expect(try await attachments.describe(["real/a.txt"]).count == 1)
    }

    @Test func `only regular files go along`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("directory/a.txt", [1])
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        let attachments = EmailAttachments(folder: folder.path, maximumBytes: 100)
        for name in ["directory", "pipe", "missing", "directory/a.txt/b"] {
            await #expect(throws: EmailAttachments.Problem.notFound(name)) {
                try await attachments.describe([name])
            }
        }
        let devices = EmailAttachments(folder: "/dev", maximumBytes: 100)
        await #expect(throws: EmailAttachments.Problem.notFound("zero")) {
            try await devices.describe(["zero"])
        }
    }

    @Test func `limits hold for one file, for all together, and for their number`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("exact", [UInt8](repeating: 1, count: 1000))
        try folder.write("over", [UInt8](repeating: 1, count: 1001))
        let small = EmailAttachments(folder: folder.path, maximumBytes: 1000)
        #expect(try await small.describe(["exact"]).first?.size == 1000)
        await #expect(throws: EmailAttachments.Problem.tooLarge("over")) {
            try await small.describe(["exact", "over"])
        }
        #expect(try await small.describe(Array(repeating: "exact", count: 10)).count == 10)
        await #expect(throws: EmailAttachments.Problem.tooMany) {
            try await small.describe(Array(repeating: "exact", count: 11))
        }
        let tenMebibytes = [UInt8](repeating: 7, count: 10 * 1_048_576)
        try folder.write("big", tenMebibytes)
        let large = EmailAttachments(folder: folder.path, maximumBytes: 10 * 1_048_576)
        #expect(try await large.describe(["big", "big"]).count == 2)
        await #expect(throws: EmailAttachments.Problem.tooLargeTogether) {
            try await large.describe(["big", "exact", "big"])
        }
    }

    @Test func `a file that changed since it was described is noticed`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", Array("abc".utf8))
        let attachments = EmailAttachments(folder: folder.path, maximumBytes: 100)
        let described = try await attachments.describe(["a.txt"])
        try folder.write("a.txt", Array("abd".utf8))
        await #expect(throws: EmailAttachments.Problem.changed("a.txt")) {
            try await attachments.contents(of: described)
        }
        try folder.write("a.txt", Array("abcd".utf8))
        await #expect(throws: EmailAttachments.Problem.changed("a.txt")) {
            try await attachments.contents(of: described)
        }
    }

    @Test func `without a folder there are no attachments`() async throws {
        let attachments = EmailAttachments(folder: "", maximumBytes: 100)
        await #expect(throws: EmailAttachments.Problem.disabled) {
            try await attachments.describe(["a.txt"])
        }
        #expect(try await attachments.describe([]) == [])
    }
}
