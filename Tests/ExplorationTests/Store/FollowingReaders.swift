@testable import Exploration

/// Readers of a store that read what they are told to.
final class FollowingReaders: OtherReaders {
    var all: [StoreReader] = []
    private(set) var changeCount = 0

    init(of store: StateStore) { store.otherReaders = self }

    func exchangeStates(_ change: () -> StoredStates) {
        let states = change()
        for reader in all { reader.states = states }
        changeCount += 1
    }
}
