//! Public parameters that do not hold the id of an image.

use super::writing::write;
use crate::catalog::images::{self, Holds};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::{Fleet, WrittenImage, written_images};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Facts, Rule};
use crate::text::{Span, near};

pub(super) static RULE: Rule = Rule {
    code: "ECS706",
    name: "bad-ami-parameter",
    severity: Severity::Error,
    summary: "the public parameter does not hold the id of an image",
    page: include_str!("../../rules/ECS706.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::AnyFleet(check),
};

/// Where all paths are known.
const FOLDERS: [&str; 3] =
    ["/aws/service/ecs/", "/aws/service/bottlerocket/", "/aws/service/ami-amazon-linux-latest/"];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    for source in &launch.sources {
        for written in &written_images(scenario, source) {
            let fault = if written.is_path { of_path(&written.text) } else { of_id(&written.text) };
            let Some(Fault { severity, message, help, instead }) = fault else { continue };
            let fix = instead.and_then(|it| rewrite(facts, written, &it));
            cx.report(
                Finding::at(written.place.span, message)
                    .on(source.id)
                    .severity(severity)
                    .because_at(written.place.used, "used here")
                    .help(help)
                    .fix(fix),
            );
        }
    }
}

/// What is wrong with an image, and how to say it.
struct Fault {
    severity: Severity,
    message: String,
    help: String,
    /// The path that was meant, and how sure that is.
    instead: Option<(String, Safety)>,
}

/// Puts the path that was meant in the place of the one that is written.
fn rewrite(facts: &Facts<'_, '_>, written: &WrittenImage, (path, safety): &(String, Safety)) -> Option<Fix> {
    let span = written.place.span;
    let own = written.text.split(':').next()?;
    let at = span.slice(facts.parse.tree.source()).find(own).filter(|_| written.is_fixed)?;
    let start = span.start as usize + at;
    let edits = write(facts, Span::new(start, start + own.len()), path)?;
    Some(Fix::all(*safety, format!("take `{path}`"), edits))
}

/// A path where the id itself is wanted.
fn of_id(written: &str) -> Option<Fault> {
    written.starts_with("/aws/service/").then(|| {
        let message = format!("`{written}` is the path of a parameter, not the id of an image");
        let help = format!(
            "write `{{{{resolve:ssm:{written}}}}}`, or take a parameter of the type \
             `AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>`"
        );
        Fault { severity: Severity::Error, message, help, instead: None }
    })
}

fn of_path(written: &str) -> Option<Fault> {
    let path = written.split(':').next().unwrap_or(written);
    if let Some(found) = images::parameter(path) {
        let (what, id) = match found.holds {
            Holds::ImageId => return None,
            Holds::Json => ("JSON", format!("{path}/image_id")),
            Holds::Other => {
                let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
                ("another field", format!("{folder}/image_id"))
            }
        };
        let message = format!("`{path}` holds {what}, not the id of an image");
        let help = format!("write `{id}`");
        return Some(Fault { severity: Severity::Error, message, help, instead: Some((id, Safety::Safe)) });
    }
    let near = images::near_parameters(path);
    if let Some(meant) = near.iter().find(|it| is_slip(path, it)) {
        let message = format!("there is no parameter `{path}`");
        let help = format!("write `{meant}`");
        // It is a guess, and another image is another system.
        let instead = Some(((*meant).to_owned(), Safety::Unsafe));
        return Some(Fault { severity: Severity::Error, message, help, instead });
    }
    FOLDERS.iter().any(|it| path.starts_with(it)).then(|| {
        let message = format!("the parameter `{path}` is not known as of {}", images::as_of());
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "look the path up with `aws ssm get-parameters-by-path`".to_owned(),
        };
        Fault { severity: Severity::Warning, message, help, instead: None }
    })
}

/// Whether a path is a known one with a slip of the pen in it. What differs in a number is perhaps newer than the
/// tables.
fn is_slip(path: &str, known: &str) -> bool {
    let parts = |it: &str| it.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (own, known) = (parts(path), parts(known));
    let letters = |it: &str| it.replace(|it: char| it.is_ascii_digit(), "");
    let slip = |own: &str, known: &str| {
        own == known || (letters(own) != letters(known) && !near(own, [known], 1).is_empty())
    };
    own.len() == known.len() && own.iter().zip(&known).all(|(own, known)| slip(own, known))
}
