import Foundation
import Fuzzing
import Terminal

/// Where `heddle fuzz` keeps what it finds: a folder of folders.
struct FindingStore {
    var path: String

    /// What is there already, in the order of the names.
    func findings() throws(UserError) -> [LiveFinding] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [] }
        var findings: [LiveFinding] = []
        for name in names.sorted() where FindingFolder.exists(at: "\(path)/\(name)") {
            findings.append(try FindingFolder.read("\(path)/\(name)").finding)
        }
        return findings
    }

    /// Puts a finding beside those that are there.
    /// - Parameters:
    ///   - misdeeds: what a calendar of Heddle's has done.
    ///   - evidence: a run that has shown it; without one there is nothing to keep.
    func keep(_ finding: LiveFinding, misdeeds: [Misdeed] = [], evidence: LiveRun?) throws(UserError) {
        guard let evidence else { return }
        let page = FindingPage(finding, misdeeds: misdeeds, run: evidence).text
        do {
            _ = try FindingFolder(finding: finding, run: evidence, explanation: page).write(in: path, name: finding.name)
        } catch {
            throw UserError("cannot keep a finding in \(path): \(error.localizedDescription)")
        }
    }
}
