//! What SARIF says of ecslint itself: its rules with their pages.

use std::sync::LazyLock;

use serde::Serialize;

use super::{Message, level};
use crate::report::json::escape;
use crate::report::url;
use crate::rule::Rule;
use crate::rules::RULES;

/// The tool as JSON.
pub(super) fn tool() -> &'static str {
    static TOOL: LazyLock<String> = LazyLock::new(|| {
        let driver = Driver {
            name: "ecslint",
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: env!("CARGO_PKG_REPOSITORY"),
            rules: RULES.iter().map(|it| Descriptor::new(it)).collect(),
        };
        escape::to_string(&Tool { driver })
    });
    &TOOL
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help_uri: String,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

impl Descriptor {
    fn new(rule: &Rule) -> Descriptor {
        Descriptor {
            id: rule.code,
            name: rule.name,
            short_description: Message { text: rule.summary.to_owned() },
            full_description: Message { text: description(rule.page) },
            help_uri: url(rule.code),
            help: Help { text: format!("{}: {}", rule.summary, url(rule.code)), markdown: rule.page },
            default_configuration: Configuration { level: level(rule.severity) },
        }
    }
}

/// The first paragraph of a page, which stands below its title and its facts.
fn description(page: &str) -> String {
    let paragraph = page.split("\n\n").nth(2).unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
