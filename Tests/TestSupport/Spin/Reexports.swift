// Tests that ask Spin, or run programs, find all they need here.
@_exported import ChildProcesses
@_exported import Spin
