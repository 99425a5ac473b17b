//! Commands whose status is an answer, not a success.

/// Whether somebody may have called a command only to see how things are.
pub(super) fn is_question(command: &str) -> bool {
    is_test(command) || PROBES.contains(&command)
}

/// Programs that people run to see how things are, behind which `&&` is a question.
const PROBES: [&str; 24] = [
    "aws",
    "blkid",
    "curl",
    "dig",
    "docker",
    "file",
    "findmnt",
    "host",
    "ip",
    "jq",
    "ls",
    "lsblk",
    "lsmod",
    "lspci",
    "modinfo",
    "nc",
    "nslookup",
    "nvidia-smi",
    "ping",
    "pidof",
    "readlink",
    "stat",
    "uname",
    "wget",
];

/// Whether a command's status is an answer rather than a success.
pub(super) fn is_test(command: &str) -> bool {
    const QUESTIONS: [&str; 22] = [
        "!",
        "((",
        "[",
        "[[",
        "cmp",
        "command -v",
        "diff",
        "egrep",
        "fgrep",
        "getent",
        "grep",
        "hash",
        "id",
        "let",
        "mountpoint",
        "pgrep",
        "rpm -q",
        "systemctl is-",
        "test",
        "type",
        "which",
        "dpkg -s",
    ];
    QUESTIONS.contains(&command)
}

/// Whether a command under `set -e` is a test that may well end the script.
pub(super) fn decides(command: &str) -> bool {
    matches!(command, "((" | "[" | "[[" | "let" | "test" | "grep" | "egrep" | "fgrep")
}
