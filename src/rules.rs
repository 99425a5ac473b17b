//! Generated from the files beside it: run `BLESS=1 cargo test --test rules` after adding one.

mod ecs000_internal_error;
mod ecs001_unreadable_template;
mod ecs002_duplicate_key;
mod ecs003_yaml_alias;
mod ecs004_unknown_tag;
mod ecs101_cluster_not_set;
mod ecs102_joins_other_cluster;
mod ecs103_config_in_wrong_file;
mod ecs107_glued_commands;
mod ecs201_signals_unknown_resource;
mod ecs202_signals_other_resource;
mod ecs203_never_signals;
mod ecs204_signal_not_awaited;
mod ecs601_gpu_cost;
mod ecs602_outside_free_tier;
mod ecs607_unknown_instance_type;
mod ecs608_retired_instance_type;
mod ecs701_launch_configuration;
mod instance_type_choices;

use crate::rule::Rule;

/// Every rule, in code order.
#[rustfmt::skip]
pub static RULES: &[&Rule] = &[
    &ecs000_internal_error::RULE,
    &ecs001_unreadable_template::RULE,
    &ecs002_duplicate_key::RULE,
    &ecs003_yaml_alias::RULE,
    &ecs004_unknown_tag::RULE,
    &ecs101_cluster_not_set::RULE,
    &ecs102_joins_other_cluster::RULE,
    &ecs103_config_in_wrong_file::RULE,
    &ecs107_glued_commands::RULE,
    &ecs201_signals_unknown_resource::RULE,
    &ecs202_signals_other_resource::RULE,
    &ecs203_never_signals::RULE,
    &ecs204_signal_not_awaited::RULE,
    &ecs601_gpu_cost::RULE,
    &ecs602_outside_free_tier::RULE,
    &ecs607_unknown_instance_type::RULE,
    &ecs608_retired_instance_type::RULE,
    &ecs701_launch_configuration::RULE,
];

/// The rule of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| it.code == code)
}
