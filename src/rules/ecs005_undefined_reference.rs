//! References to what the template does not have.

use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::template::{Block, Form, Function, Name, PSEUDO_PARAMETERS, Reference, Target, Template};
use crate::text::{Span, near};

use super::mapping_keys::MappingKeys;

pub(super) static RULE: Rule = Rule {
    code: "ECS005",
    name: "undefined-reference",
    severity: Severity::Error,
    summary: "a reference names something that the template does not have",
    page: include_str!("../../rules/ECS005.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Template(check),
};

/// So many names are compared with all others, then the help does without.
const MAX_GUESSES: usize = 20;

/// With more modules any name may be of one.
const MAX_MODULES: usize = 64;

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    if facts.template().takes_names_from_elsewhere() {
        return;
    }
    let template = facts.template();
    let modules = template.resources.iter().filter(|it| it.type_name().ends_with("::MODULE"));
    let mut names = Names {
        template,
        source: facts.parse.tree.source(),
        mappings: MappingKeys::new(template),
        modules: modules.map(|it| it.id).collect(),
        guesses: MAX_GUESSES,
    };
    for reference in facts.references() {
        // What stands in `Metadata` of the template is never worked out.
        if reference.site.block == Block::Elsewhere {
            continue;
        }
        let Some(finding) = names.judge(reference) else { continue };
        cx.report(match reference.site.block {
            Block::Resources => finding.on(reference.site.id),
            _ => finding,
        });
    }
}

struct Names<'a, 't> {
    template: &'a Template<'t>,
    source: &'a str,
    mappings: MappingKeys<'t>,
    modules: Vec<&'t str>,
    guesses: usize,
}

impl<'t> Names<'_, 't> {
    fn judge(&mut self, reference: &Reference<'t>) -> Option<Finding> {
        let block = reference.site.block;
        let sees_resources = matches!(block, Block::Resources | Block::Outputs);
        match reference.target {
            Target::Value(name) => self.value(reference, name, sees_resources),
            // That attributes have no place in conditions is ECS008's business.
            Target::Attribute { resource, .. } if sees_resources => self.resource(resource),
            Target::Attribute { .. } => None,
            Target::Resource(name) => self.resource(name),
            // In properties, `{Condition: text}` may be data.
            Target::Condition(_)
                if reference.form == Form::Call(Function::Condition) && block != Block::Conditions =>
            {
                None
            }
            Target::Condition(name) => self.condition(name),
            Target::Mapped { keys, has_default } => {
                let missing = self.mappings.missing(keys, has_default)?;
                let finding = Finding::at(missing.name.span, missing.message);
                let known: Box<dyn Iterator<Item = &str>> = match missing.instead {
                    Some(mapping) => Box::new(mapping.entries().map(|(key, _)| key.text())),
                    None => Box::new(self.template.mappings.iter().map(|it| it.id)),
                };
                let guess = self.guess(missing.name.text, known);
                Some(with_help(finding, guess.map(|it| format!("write `{it}`"))))
            }
            Target::Malformed(name) => {
                let message = format!("`{}` is no variable of `Fn::Sub`", name.text);
                let inner = name.text.trim_start_matches("${");
                let help = format!("write `${{!{inner}` to leave it to the shell");
                let braces = name.span.slice(self.source).starts_with("${");
                let fix = braces.then(|| escape(name.span.start as usize + 2));
                Some(Finding::at(name.span, message).help(help).fix(fix))
            }
        }
    }

    /// `Ref`, and variables of `Fn::Sub`.
    fn value(&mut self, reference: &Reference<'t>, name: Name<'t>, sees_resources: bool) -> Option<Finding> {
        let template = self.template;
        let by_sub = reference.form == Form::Call(Function::Sub);
        if PSEUDO_PARAMETERS.contains(&name.text) || template.parameters.get(name.text).is_some() {
            return None;
        }
        if let Some(resource) = template.resource(name.text) {
            let message = format!("`{}` is a resource, and only parameters can be named here", name.text);
            let finding =
                Finding::at(name.span, message).because(resource.key.span(), "made after this is decided");
            return (!sees_resources).then_some(finding);
        }
        if sees_resources && self.is_of_module(name.text) {
            return None;
        }
        let what = if sees_resources { "parameter or resource" } else { "parameter" };
        let mut finding = if name.text.is_empty() {
            Finding::at(name.span, format!("this names no {what}"))
        } else {
            Finding::at(name.span, format!("there is no {what} `{}`", name.text))
        };
        for (section, kind) in [(&template.conditions, "a condition"), (&template.mappings, "a mapping")] {
            let at = section.get(name.text).map(|it| it.key.span());
            finding = finding.because_at(at, format!("this is {kind}"));
        }
        let resources = template.resources.iter().filter(|_| sees_resources);
        let known = template.parameters.iter().chain(resources).map(|it| it.id).chain(PSEUDO_PARAMETERS);
        let guess = self.guess(name.text, known);
        if !by_sub {
            return Some(with_help(finding, guess.map(|it| format!("write `{it}`"))));
        }
        if let Some(guess) = guess {
            return Some(finding.help(format!("write `${{{guess}}}`")));
        }
        let at = name.span.start as usize;
        let fix = self.source[..at].ends_with("${").then(|| escape(at));
        Some(finding.help(format!("write `${{!{}}}` to leave it to the shell", name.text)).fix(fix))
    }

    fn resource(&mut self, name: Name<'t>) -> Option<Finding> {
        let template = self.template;
        if template.resource(name.text).is_some() || self.is_of_module(name.text) {
            return None;
        }
        let parameter = template.parameters.get(name.text).map(|it| it.key.span());
        let finding = Finding::at(name.span, format!("there is no resource `{}`", name.text))
            .because_at(parameter, "this is a parameter");
        let guess = self.guess(name.text, template.resources.iter().map(|it| it.id));
        Some(with_help(finding, guess.map(|it| format!("write `{it}`"))))
    }

    fn condition(&mut self, name: Name<'t>) -> Option<Finding> {
        let template = self.template;
        if template.conditions.get(name.text).is_some() {
            return None;
        }
        let parameter = template.parameters.get(name.text).map(|it| it.key.span());
        let finding = Finding::at(name.span, format!("there is no condition `{}`", name.text))
            .because_at(parameter, "this is a parameter");
        let guess = self.guess(name.text, template.conditions.iter().map(|it| it.id));
        Some(with_help(finding, guess.map(|it| format!("write `{it}`"))))
    }

    /// Whether a resource inside a module may have this name: `Module.Bucket`, `ModuleBucket`
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html>).
    fn is_of_module(&self, name: &str) -> bool {
        self.modules.len() > MAX_MODULES || self.modules.iter().any(|it| name.starts_with(it))
    }

    fn guess<'c>(&mut self, name: &str, known: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        self.guesses = self.guesses.checked_sub(1)?;
        near(name, known, 1).first().copied()
    }
}

fn with_help(finding: Finding, help: Option<String>) -> Finding {
    match help {
        Some(help) => finding.help(help),
        None => finding.help("define it, or name something that is there"),
    }
}

/// `${name}` becomes `${!name}`.
fn escape(at: usize) -> Fix {
    Fix::new(Safety::Unsafe, "leave the variable to the shell", Edit::replace(Span::at(at), "!"))
}
