// Tests that ask Spin, or run programs, find all they need here, and those that draw by chance their generator.
@_exported import ChildProcesses
@_exported import struct Fuzzing.SplitMix64
@_exported import Spin
