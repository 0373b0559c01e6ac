// expect: violated execution
// says: was never created
chan line;

active proctype Sender() {
    line!1
}
