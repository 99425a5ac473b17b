//! User data for another system.

use crate::diagnostic::{Finding, Severity};
use crate::model::ImageFamily;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS112",
    name: "wrong-user-data-language",
    severity: Severity::Error,
    summary: "the user data is in the language of another system",
    page: include_str!("../../rules/ECS112.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, image, scenario, .. } = *at;
    let Some(place) = boot.language else { return };
    let (system, wanted) = match image.family {
        Some(ImageFamily::Bottlerocket) => ("Bottlerocket", "settings in TOML: `[settings.ecs]`"),
        Some(ImageFamily::Windows) => ("Windows", "`<powershell>` and `</powershell>` around the script"),
        Some(ImageFamily::Ubuntu) => ("Ubuntu", "a script that begins with `#!/bin/bash`"),
        _ => ("Amazon Linux", "a script that begins with `#!/bin/bash`"),
    };
    let message = format!("{system} does not understand user data of this kind, and does nothing of it");
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because_at(source.key_of(scenario, "ImageId"), "the image decides")
            .because_at(place.used, "used here")
            .help(format!("write {wanted}, or start another image")),
    );
}
