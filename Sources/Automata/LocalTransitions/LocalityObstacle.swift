extension System {
    /// Why what a process can do is not a matter of a few fields of the state vector, in words; nil if it is.
    var localityObstacle: String? {
        if usesPriorities { return "processes have priorities" }
        if layout.options.keepsLastPid { return "the model asks for `_last`" }
        if trace != nil { return "a trace assertion looks at the order of messages" }
        let usage = ReferenceUsage(program)
        if usage.asksForControl { return "the model asks for `enabled` or `pc_value`" }
        if usage.usesTimeout { return "the model asks for `timeout`" }
        if usage.usesProgress { return "the model asks for `np_`" }
        return nil
    }
}
