//! Ids of images that are written out.

use crate::catalog::images::{by_id, end_of_life};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, WrittenImage, written_images};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS703",
    name: "hard-coded-ami",
    severity: Severity::Warning,
    summary: "the id of the image is written out, so it gets no updates",
    page: include_str!("../../rules/ECS703.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

/// What is named where nothing is known of the image.
const NEWEST: &str = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    for source in &launch.sources {
        let mut written = written_images(scenario, source);
        written.retain(is_id);
        // One id of a mapping stands for all of them.
        let Some(first) = written.first() else { continue };
        let known = by_id(&first.text);
        let name = match &known {
            Some(it) => format!("`{}`, ", it.name),
            None => String::new(),
        };
        let message = match written.len() - 1 {
            0 => format!("`{}` is always the same image, {name}and of one region only", first.text),
            1 => format!("`{}` and 1 other are always the same images{}", first.text, this_one(&name)),
            n => format!("`{}` and {n} others are always the same images{}", first.text, this_one(&name)),
        };
        let parameter = match known {
            Some(known) => end_of_life(&first.text, known.facts).map_or(known.parameter(), |it| it.successor),
            None => NEWEST.to_owned(),
        };
        cx.report(
            Finding::at(first.place.span, message)
                .on(source.id)
                .because_at(first.place.used, "used here")
                .help(format!("take the newest image, for example `{{{{resolve:ssm:{parameter}}}}}`")),
        );
    }
}

/// `ami-` and eight or seventeen digits.
fn is_id(written: &WrittenImage) -> bool {
    let digits = written.text.strip_prefix("ami-").unwrap_or_default();
    written.is_fixed
        && !written.is_path
        && matches!(digits.len(), 8 | 17)
        && digits.bytes().all(|it| it.is_ascii_hexdigit())
}

fn this_one(name: &str) -> String {
    match name.strip_suffix(", ") {
        Some(name) => format!(", this one {name}"),
        None => String::new(),
    }
}
