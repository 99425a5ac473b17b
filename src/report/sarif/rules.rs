//! What SARIF says of ecslint itself: its rules with their pages.

use serde::Serialize;

use super::{Message, level};
use crate::policy::Policy;
use crate::report::json::escape;
use crate::report::policy::page;
use crate::report::{MAX_MESSAGE, sanitize, url};
use crate::rule::Rule;
use crate::rules::RULES;

/// The tool as JSON; policies stand behind its own rules.
pub(super) fn tool<'a>(policies: impl Iterator<Item = &'a Policy>) -> String {
    let rules = RULES.iter().map(|it| Descriptor::new(it)).chain(policies.map(Descriptor::of_policy));
    let driver = Driver {
        name: "ecslint",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.collect(),
    };
    escape::to_string(&Tool { driver })
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Message,
    full_description: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

impl<'a> Descriptor<'a> {
    fn new(rule: &Rule) -> Descriptor<'a> {
        Descriptor {
            id: rule.code,
            name: rule.name,
            short_description: Message { text: rule.summary.to_owned() },
            full_description: Message { text: description(rule.page) },
            help_uri: url(rule.code),
            help: Help {
                text: format!("{}: {}", rule.summary, url(rule.code).unwrap_or_default()),
                markdown: rule.page.to_owned(),
            },
            default_configuration: Configuration { level: level(rule.severity) },
        }
    }

    fn of_policy(policy: &'a Policy) -> Descriptor<'a> {
        let text = || sanitize::short(policy.message.as_str(), MAX_MESSAGE);
        Descriptor {
            id: &policy.issuer.code,
            name: &policy.issuer.name,
            short_description: Message::new(text()),
            full_description: Message::new(text()),
            help_uri: None,
            help: Help { text: text(), markdown: page(policy) },
            default_configuration: Configuration { level: level(policy.issuer.severity) },
        }
    }
}

/// The first paragraph of a page, which stands below its title and its facts.
fn description(page: &str) -> String {
    let paragraph = page.split("\n\n").nth(2).unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
