/// Who reads copies of what a store has, on other threads, while states are added.
protocol OtherReaders: AnyObject {
    /// Makes a change after which earlier copies are of no use, while none is read.
    /// - Parameter change: returns what there is to read from then on.
    func exchangeStates(_ change: () -> StoredStates)
}
