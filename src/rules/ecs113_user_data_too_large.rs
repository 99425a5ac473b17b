//! User data above the limit.

use crate::diagnostic::{Finding, Severity};
use crate::resolve::SYMBOL;
use crate::rule::{Booted, Check, Cx, Rule};

/// EC2's limit on user data, before it is encoded
/// ([user data](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html)).
const MAX_BYTES: usize = 16_384;

pub(super) static RULE: Rule = Rule {
    code: "ECS113",
    name: "user-data-too-large",
    severity: Severity::Error,
    summary: "EC2 takes 16 KB of user data",
    page: include_str!("../../rules/ECS113.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, .. } = *at;
    let Some(text) = &boot.text else { return };
    // A symbol may stand for nothing at all.
    let written = text.as_str().chars().filter(|it| *it != SYMBOL).map(char::len_utf8).sum::<usize>();
    let least = boot.packed.unwrap_or(written);
    if least <= MAX_BYTES {
        return;
    }
    let span = source.key_of(scenario, "UserData").unwrap_or(source.key);
    let message = format!("the user data is at least {least} bytes long: EC2 takes {MAX_BYTES}");
    cx.report(
        Finding::at(span, message)
            .on(source.id)
            .help("move what is long to the metadata that `cfn-init` reads, or fetch it"),
    );
}
