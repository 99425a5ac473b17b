//! Public parameters that do not hold the id of an image.

use crate::catalog::images::{self, Holds};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, written_images};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};
use crate::text::near;

pub(super) static RULE: Rule = Rule {
    code: "ECS706",
    name: "bad-ami-parameter",
    severity: Severity::Error,
    summary: "the public parameter does not hold the id of an image",
    page: include_str!("../../rules/ECS706.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

/// Where all paths are known.
const FOLDERS: [&str; 3] =
    ["/aws/service/ecs/", "/aws/service/bottlerocket/", "/aws/service/ami-amazon-linux-latest/"];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    for source in &launch.sources {
        for written in &written_images(scenario, source) {
            let fault = if written.is_path { of_path(&written.text) } else { of_id(&written.text) };
            let Some((severity, message, help)) = fault else { continue };
            cx.report(
                Finding::at(written.place.span, message)
                    .on(source.id)
                    .severity(severity)
                    .because_at(written.place.used, "used here")
                    .help(help),
            );
        }
    }
}

/// A path where the id itself is wanted.
fn of_id(written: &str) -> Option<(Severity, String, String)> {
    written.starts_with("/aws/service/").then(|| {
        let message = format!("`{written}` is the path of a parameter, not the id of an image");
        let help = format!(
            "write `{{{{resolve:ssm:{written}}}}}`, or take a parameter of the type \
             `AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>`"
        );
        (Severity::Error, message, help)
    })
}

fn of_path(written: &str) -> Option<(Severity, String, String)> {
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
        return Some((Severity::Error, message, format!("write `{id}`")));
    }
    let near = images::near_parameters(path);
    if let Some(meant) = near.iter().find(|it| is_slip(path, it)) {
        let message = format!("there is no parameter `{path}`");
        return Some((Severity::Error, message, format!("write `{meant}`")));
    }
    FOLDERS.iter().any(|it| path.starts_with(it)).then(|| {
        let message = format!("the parameter `{path}` is not known as of {}", images::as_of());
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "look the path up with `aws ssm get-parameters-by-path`".to_owned(),
        };
        (Severity::Warning, message, help)
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
