// expect: holds
// The message is lost at times; timeout gets the sender out of its wait.
chan line = [1] of { bit };

active proctype Sender() {
    bit reply;
    if
    :: line!1
    :: skip
    fi;
    if
    :: line?reply
    :: timeout
    fi
}
