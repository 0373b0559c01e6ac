// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "heddle",
    products: [
        .executable(name: "heddle", targets: ["heddle"]),
        .executable(name: "heddle-bench", targets: ["heddle-bench"]),
        .library(name: "Promela", targets: ["Promela"]),
        .library(name: "Automata", targets: ["Automata"]),
        .library(name: "Diagrams", targets: ["Diagrams"]),
        .library(name: "Exploration", targets: ["Exploration"]),
        .library(name: "NativeCode", targets: ["NativeCode"]),
        .library(name: "Symbolic", targets: ["Symbolic"]),
        .library(name: "Traces", targets: ["Traces"]),
        .library(name: "Suites", targets: ["Suites"]),
        .library(name: "TimeTravel", targets: ["TimeTravel"]),
        .library(name: "Fuzzing", targets: ["Fuzzing"]),
        .library(name: "ModelFuzzing", targets: ["ModelFuzzing"]),
        .library(name: "Conformance", targets: ["Conformance"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "Promela"),
        .target(name: "CStatePacking"),
        .target(name: "CExpansion", dependencies: ["CStatePacking"]),
        .target(name: "Automata", dependencies: ["Promela", "CExpansion", "CStatePacking"]),
        .target(name: "NativeCode", dependencies: ["Automata", "CExpansion"]),
        .target(name: "CDiagrams"),
        .target(name: "Diagrams", dependencies: ["CDiagrams"]),
        .target(name: "Exploration", dependencies: ["Automata", "CExpansion", "CStatePacking", "Diagrams"]),
        .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
        .target(name: "Symbolic", dependencies: ["Promela", "Automata", "Exploration", "CZ3"]),
        .target(name: "Traces", dependencies: ["Automata"]),
        .target(
            name: "Suites",
            dependencies: ["Promela", "Automata", "Exploration", "Symbolic", "Traces", .product(name: "Yams", package: "Yams")]),
        .target(name: "Explanations", dependencies: ["Promela"]),
        .target(name: "CHost"),
        .target(name: "TimeTravel", dependencies: ["CHost"]),
        .target(name: "Fuzzing", dependencies: ["Conformance", "TimeTravel", "Traces"]),
        .target(name: "ModelFuzzing", dependencies: ["Promela", "Automata", "Exploration", "Fuzzing"]),
        .target(name: "Conformance", dependencies: ["Promela", "Automata", "Exploration", "Symbolic", "Traces"]),
        .target(name: "Terminal", dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(
            name: "heddle",
            dependencies: [
                "Promela", "Automata", "Exploration", "NativeCode", "Symbolic", "Traces", "Suites", "Explanations", "TimeTravel", "Fuzzing",
                "ModelFuzzing", "Conformance", "Terminal", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "ChildProcesses"),
        .target(name: "Spin", dependencies: ["ChildProcesses"]),
        .target(name: "Benchmarks", dependencies: ["ChildProcesses", "Exploration", "Spin"]),
        .executableTarget(
            name: "heddle-bench",
            dependencies: [
                "Benchmarks", "ChildProcesses", "Terminal", "Traces",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "TestSupport", dependencies: ["ChildProcesses", "Fuzzing", "Spin"], path: "Tests/TestSupport"),
        .testTarget(name: "PromelaTests", dependencies: ["Promela", "Automata", "TestSupport"]),
        .testTarget(name: "AutomataTests", dependencies: ["Automata", "TestSupport"]),
        .testTarget(
            name: "ExplorationTests", dependencies: ["Promela", "Automata", "CStatePacking", "Exploration", "Traces", "TestSupport"]),
        .testTarget(name: "DiagramsTests", dependencies: ["Diagrams", "TestSupport"]),
        .testTarget(
            name: "NativeCodeTests", dependencies: ["NativeCode", "Promela", "Automata", "Exploration", "TestSupport"]),
        .testTarget(
            name: "SymbolicTests", dependencies: ["Symbolic", "Promela", "Automata", "Exploration", "Traces", "TestSupport"]),
        .testTarget(name: "TracesTests", dependencies: ["Traces", "Exploration", "TestSupport"]),
        .testTarget(name: "SuitesTests", dependencies: ["Suites", "Exploration", "Traces", "TestSupport"]),
        .testTarget(name: "ExplanationsTests", dependencies: ["Explanations", "Promela", "Automata", "Exploration"]),
        .testTarget(name: "TimeTravelTests", dependencies: ["TimeTravel", "Fuzzing", "CHost", "TestSupport"]),
        .testTarget(name: "FuzzingTests", dependencies: ["Conformance", "Fuzzing", "Promela", "TimeTravel", "TestSupport"]),
        .testTarget(
            name: "ModelFuzzingTests",
            dependencies: ["ModelFuzzing", "Promela", "Automata", "Exploration", "Suites", "Traces", "TestSupport"]),
        .testTarget(
            name: "ConformanceTests", dependencies: ["Conformance", "Promela", "Automata", "Symbolic", "TimeTravel", "Fuzzing", "TestSupport"],
            exclude: ["Logs"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
        .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "ChildProcesses", "Spin", "TestSupport"]),
        .testTarget(name: "HeddleTests", dependencies: ["heddle", "heddle-bench", "Suites", "TestSupport", "Traces"], exclude: ["Models"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)
