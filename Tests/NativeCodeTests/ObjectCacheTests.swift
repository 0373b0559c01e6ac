import Foundation
@testable import NativeCode
import Testing

/// A folder for one test, gone with it.
final class Workplace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-native-\(UUID())", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func names(in path: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path).sorted()
    }
}

struct ObjectCacheTests {
    private let place: Workplace
    private var folder: URL { place.folder.appendingPathComponent("cache/heddle", isDirectory: true) }

    init() throws { place = try Workplace() }

    private func insert(_ key: String, bytes: Int, into cache: ObjectCache) throws {
        let work = try #require(cache.makeWorkFolder())
        defer { try? FileManager.default.removeItem(at: work) }
        let made = work.appendingPathComponent("system.so")
        try Data(count: bytes).write(to: made)
        #expect(cache.insert(made, key: key) != nil)
    }

    private func age(_ name: String, days: Double, in cache: ObjectCache) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -days * 86400)],
            ofItemAtPath: cache.folder.appendingPathComponent(name).path)
    }

    @Test("the folder is made for the user alone, where XDG_CACHE_HOME or HOME say")
    func standardFolder() throws {
        let cache = try #require(ObjectCache.standard(["XDG_CACHE_HOME": place.folder.path + "/cache", "HOME": "/nowhere"]))
        #expect(cache.folder.path == folder.path)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        #expect(ObjectCache.standard(["HOME": place.folder.path])?.folder.path == place.folder.path + "/.cache/heddle")
        #expect(ObjectCache.standard(["XDG_CACHE_HOME": "not/absolute", "HOME": "nor/this"]) == nil)
    }

    @Test("a folder that others can write to, a link, or a file is not used", arguments: ["group", "others", "link", "file"])
    func untrustedFolder(kind: String) throws {
        let files = FileManager.default
        try files.createDirectory(at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        switch kind {
        case "group", "others":
            #expect(ObjectCache(folder) != nil)
            chmod(folder.path, kind == "group" ? 0o770 : 0o707)
        case "link":
            try files.createSymbolicLink(at: folder, withDestinationURL: place.folder)
        default: try Data().write(to: folder)
        }
        #expect(ObjectCache(folder) == nil)
    }

    @Test("an object is found by its key, and one that others could have written is not")
    func lookup() throws {
        let cache = try #require(ObjectCache(folder))
        #expect(cache.object("abc") == nil)
        try insert("abc", bytes: 10, into: cache)
        let file = try #require(cache.object("abc"))
        #expect(try place.names(in: "cache/heddle") == ["abc.so"])
        chmod(file.path, 0o666)
        #expect(cache.object("abc") == nil)
    }

    @Test("the objects that were not used for longest go when there are too many")
    func bounded() throws {
        var cache = try #require(ObjectCache(folder))
        cache.sizeLimit = 250
        try insert("a", bytes: 100, into: cache)
        try insert("b", bytes: 100, into: cache)
        try age("a.so", days: 3, in: cache)
        try age("b.so", days: 5, in: cache)
        _ = cache.object("b")
        try insert("c", bytes: 100, into: cache)
        #expect(try place.names(in: "cache/heddle") == ["b.so", "c.so"])
        try insert("d", bytes: 300, into: cache)
        #expect(try place.names(in: "cache/heddle") == ["d.so"])
    }

    @Test("work that was left behind long ago is cleared away, and nothing else")
    func staleWork() throws {
        let cache = try #require(ObjectCache(folder))
        let old = try #require(cache.makeWorkFolder()).lastPathComponent
        let new = try #require(cache.makeWorkFolder()).lastPathComponent
        try Data().write(to: folder.appendingPathComponent("note"))
        try age(old, days: 2, in: cache)
        try age("note", days: 2, in: cache)
        try insert("a", bytes: 1, into: cache)
        #expect(try place.names(in: "cache/heddle") == ["a.so", new, "note"].sorted())
    }
}

struct SHA256Tests {
    @Test(
        "the examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func examples(text: String, hash: String) { #expect(SHA256.hash(text) == hash) }
}
