//! Generated from the files beside it: run `BLESS=1 cargo test --test rules` after adding one.

mod ecs000_internal_error;
mod ecs001_unreadable_template;
mod ecs701_launch_configuration;

use crate::rule::Rule;

/// Every rule, in code order.
#[rustfmt::skip]
pub static RULES: &[&Rule] = &[
    &ecs000_internal_error::RULE,
    &ecs001_unreadable_template::RULE,
    &ecs701_launch_configuration::RULE,
];

/// The rule of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| it.code == code)
}
