import Foundation
import Testing

@testable import Frontdesk

@Suite struct AssetFolderTests {
    /// A folder with one file in it, removed at the end of the test.
    private final class World {
        let root: URL
        let folder: AssetFolder

        init() throws {
            root = FileManager.default.temporaryDirectory
                .appending(path: "assets-\(UUID().uuidString)")
            let inside = root.appending(path: "inside")
            try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
            folder = AssetFolder(path: inside.path)
            try write("let a = 1", "inside/app.js")
            try write("secret", "secret.js")
        }

        func write(_ text: String, _ path: String) throws {
            try Data(text.utf8).write(to: root.appending(path: path))
        }

        func link(_ path: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(path: path).path, withDestinationPath: target)
        }

        deinit { try? FileManager.default.removeItem(at: root) }
    }

    @Test(arguments: [
        ("app.js", "text/javascript; charset=utf-8"), ("a-b_c.1.CSS", "text/css; charset=utf-8"),
        ("icon.png", "image/png"), ("a.woff2", "font/woff2"), ("a.json", "application/json"),
    ])
    func `a plain file is served with its type`(_ name: String, _ type: String) throws {
        let world = try World()
        try world.write("contents of \(name)", "inside/\(name)")
        let asset = try #require(world.folder.file(name))
        #expect(String(decoding: asset.bytes, as: UTF8.self) == "contents of \(name)")
        #expect(asset.contentType == type)
    }

    @Test func `an empty file is served empty`() throws {
        let world = try World()
        try world.write("", "inside/empty.css")
        #expect(world.folder.file("empty.css")?.bytes == [])
    }

    @Test(arguments: [
        "../secret.js", "..", ".", "", "/etc/passwd", "inside/../../secret.js", "./app.js",
        "app.js/", "sub/app.js", "..\\secret.js", "app.js\0", "%2e%2e/secret.js", "app", "app.exe",
        "app.html", "missing.js", ".js", "é.js",
    ])
    func `no other name leads to a file`(_ name: String) throws {
        let world = try World()
        try FileManager.default.createDirectory(
            at: world.root.appending(path: "inside/sub"), withIntermediateDirectories: false)
        for path in ["inside/sub/app.js", "inside/app.exe", "inside/app.html", "inside/app"] {
            try world.write("other", path)
        }
        #expect(world.folder.file(name) == nil)
    }

    @Test func `hidden files, links, folders and pipes are not served`() throws {
        let world = try World()
        try world.write("hidden", "inside/.hidden.js")
        try world.link("inside/link.js", to: world.root.appending(path: "secret.js").path)
        try world.link("inside/near.js", to: "app.js")
        try FileManager.default.createDirectory(
            at: world.root.appending(path: "inside/folder.js"), withIntermediateDirectories: false)
        #expect(mkfifo(world.root.appending(path: "inside/pipe.js").path, 0o600) == 0)
        for name in [".hidden.js", "link.js", "near.js", "folder.js", "pipe.js"] {
            #expect(world.folder.file(name) == nil, "\(name)")
        }
        #expect(world.folder.file("app.js") != nil)
    }

    @Test func `a folder that is not there has no files`() {
        #expect(AssetFolder(path: "/nonexistent").file("app.js") == nil)
    }
}
