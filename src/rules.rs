//! Generated from the files beside it: run `BLESS=1 cargo test --test rules` after adding one.

mod ecs000_internal_error;
mod ecs001_unreadable_template;
mod ecs002_duplicate_key;
mod ecs003_yaml_alias;
mod ecs004_unknown_tag;
mod ecs005_undefined_reference;
mod ecs006_unknown_attribute;
mod ecs007_circular_dependency;
mod ecs008_bad_function_arguments;
mod ecs009_malformed_section;
mod ecs010_quota_exceeded;
mod ecs011_unused_definition;
mod ecs012_yaml_1_1_surprise;
mod ecs013_bad_default;
mod ecs018_malformed_suppression;
mod ecs019_unused_suppression;
mod ecs101_cluster_not_set;
mod ecs102_joins_other_cluster;
mod ecs103_config_in_wrong_file;
mod ecs104_config_overwritten;
mod ecs105_config_line_ignored;
mod ecs106_user_data_not_run;
mod ecs107_glued_commands;
mod ecs108_stops_before_join;
mod ecs109_agent_missing;
mod ecs110_agent_start_deadlock;
mod ecs111_literal_placeholder;
mod ecs112_wrong_user_data_language;
mod ecs113_user_data_too_large;
mod ecs114_bad_agent_setting;
mod ecs115_agent_starts_before_config;
mod ecs117_joins_only_sometimes;
mod ecs118_script_syntax_error;
mod ecs201_signals_unknown_resource;
mod ecs202_signals_other_resource;
mod ecs203_never_signals;
mod ecs204_signal_not_awaited;
mod ecs205_creation_not_awaited;
mod ecs206_signal_count_unreachable;
mod ecs207_signal_count_low;
mod ecs208_signal_hides_failure;
mod ecs209_failure_never_signalled;
mod ecs210_signal_wrong_stack;
mod ecs211_signal_wrong_region;
mod ecs212_bad_signal_options;
mod ecs213_signal_helper_missing;
mod ecs214_bad_timeout;
mod ecs215_timeout_too_short;
mod ecs216_update_cannot_finish;
mod ecs217_creation_policy_unsupported;
mod ecs218_service_before_capacity;
mod ecs301_no_way_in;
mod ecs302_ssh_closed;
mod ecs303_ssh_open_to_world;
mod ecs304_ssh_unreachable;
mod ecs305_key_name_unchecked;
mod ecs306_ssh_open_without_key;
mod ecs307_ssh_open_elsewhere;
mod ecs401_logs_not_permitted;
mod ecs402_cannot_register;
mod ecs403_no_instance_profile;
mod ecs404_wrong_trust;
mod ecs405_role_used_as_profile;
mod ecs406_cannot_create_log_group;
mod ecs407_cannot_pull_images;
mod ecs408_policy_attached_late;
mod ecs409_unknown_action;
mod ecs410_all_permissions;
mod ecs411_metrics_not_permitted;
mod ecs412_task_without_logs;
mod ecs501_no_route_out;
mod ecs502_no_public_ip;
mod ecs503_gateway_not_attached;
mod ecs504_route_before_gateway;
mod ecs505_egress_blocked;
mod ecs506_vpc_mismatch;
mod ecs507_dead_nat;
mod ecs508_endpoint_missing;
mod ecs509_boots_before_route;
mod ecs511_bad_cidr;
mod ecs601_gpu_cost;
mod ecs602_outside_free_tier;
mod ecs603_budget_exceeded;
mod ecs604_gpu_without_gpu_ami;
mod ecs605_gpu_ami_without_gpu;
mod ecs606_architecture_mismatch;
mod ecs607_unknown_instance_type;
mod ecs608_retired_instance_type;
mod ecs609_type_not_in_region;
mod ecs610_no_capacity;
mod ecs611_capacity_inverted;
mod ecs613_volume_too_small;
mod ecs614_type_not_allowed;
mod ecs615_tag_missing;
mod ecs701_launch_configuration;
mod ecs702_end_of_life_ami;
mod ecs703_hard_coded_ami;
mod ecs704_imds_v1_allowed;
mod ecs705_imds_v1_used;
mod ecs706_bad_ami_parameter;
mod ecs707_floating_launch_template;
mod ecs708_launch_source_count;
mod entries;
mod function_places;
mod gpus;
mod graph;
mod instance_type_choices;
mod launch_template;
mod mapping_keys;
mod money;
mod order;
mod services;
mod telling;
mod writing;

use crate::rule::Rule;

/// Every rule, in code order.
#[rustfmt::skip]
pub static RULES: &[&Rule] = &[
    &ecs000_internal_error::RULE,
    &ecs001_unreadable_template::RULE,
    &ecs002_duplicate_key::RULE,
    &ecs003_yaml_alias::RULE,
    &ecs004_unknown_tag::RULE,
    &ecs005_undefined_reference::RULE,
    &ecs006_unknown_attribute::RULE,
    &ecs007_circular_dependency::RULE,
    &ecs008_bad_function_arguments::RULE,
    &ecs009_malformed_section::RULE,
    &ecs010_quota_exceeded::RULE,
    &ecs011_unused_definition::RULE,
    &ecs012_yaml_1_1_surprise::RULE,
    &ecs013_bad_default::RULE,
    &ecs018_malformed_suppression::RULE,
    &ecs019_unused_suppression::RULE,
    &ecs101_cluster_not_set::RULE,
    &ecs102_joins_other_cluster::RULE,
    &ecs103_config_in_wrong_file::RULE,
    &ecs104_config_overwritten::RULE,
    &ecs105_config_line_ignored::RULE,
    &ecs106_user_data_not_run::RULE,
    &ecs107_glued_commands::RULE,
    &ecs108_stops_before_join::RULE,
    &ecs109_agent_missing::RULE,
    &ecs110_agent_start_deadlock::RULE,
    &ecs111_literal_placeholder::RULE,
    &ecs112_wrong_user_data_language::RULE,
    &ecs113_user_data_too_large::RULE,
    &ecs114_bad_agent_setting::RULE,
    &ecs115_agent_starts_before_config::RULE,
    &ecs117_joins_only_sometimes::RULE,
    &ecs118_script_syntax_error::RULE,
    &ecs201_signals_unknown_resource::RULE,
    &ecs202_signals_other_resource::RULE,
    &ecs203_never_signals::RULE,
    &ecs204_signal_not_awaited::RULE,
    &ecs205_creation_not_awaited::RULE,
    &ecs206_signal_count_unreachable::RULE,
    &ecs207_signal_count_low::RULE,
    &ecs208_signal_hides_failure::RULE,
    &ecs209_failure_never_signalled::RULE,
    &ecs210_signal_wrong_stack::RULE,
    &ecs211_signal_wrong_region::RULE,
    &ecs212_bad_signal_options::RULE,
    &ecs213_signal_helper_missing::RULE,
    &ecs214_bad_timeout::RULE,
    &ecs215_timeout_too_short::RULE,
    &ecs216_update_cannot_finish::RULE,
    &ecs217_creation_policy_unsupported::RULE,
    &ecs218_service_before_capacity::RULE,
    &ecs301_no_way_in::RULE,
    &ecs302_ssh_closed::RULE,
    &ecs303_ssh_open_to_world::RULE,
    &ecs304_ssh_unreachable::RULE,
    &ecs305_key_name_unchecked::RULE,
    &ecs306_ssh_open_without_key::RULE,
    &ecs307_ssh_open_elsewhere::RULE,
    &ecs401_logs_not_permitted::RULE,
    &ecs402_cannot_register::RULE,
    &ecs403_no_instance_profile::RULE,
    &ecs404_wrong_trust::RULE,
    &ecs405_role_used_as_profile::RULE,
    &ecs406_cannot_create_log_group::RULE,
    &ecs407_cannot_pull_images::RULE,
    &ecs408_policy_attached_late::RULE,
    &ecs409_unknown_action::RULE,
    &ecs410_all_permissions::RULE,
    &ecs411_metrics_not_permitted::RULE,
    &ecs412_task_without_logs::RULE,
    &ecs501_no_route_out::RULE,
    &ecs502_no_public_ip::RULE,
    &ecs503_gateway_not_attached::RULE,
    &ecs504_route_before_gateway::RULE,
    &ecs505_egress_blocked::RULE,
    &ecs506_vpc_mismatch::RULE,
    &ecs507_dead_nat::RULE,
    &ecs508_endpoint_missing::RULE,
    &ecs509_boots_before_route::RULE,
    &ecs511_bad_cidr::RULE,
    &ecs601_gpu_cost::RULE,
    &ecs602_outside_free_tier::RULE,
    &ecs603_budget_exceeded::RULE,
    &ecs604_gpu_without_gpu_ami::RULE,
    &ecs605_gpu_ami_without_gpu::RULE,
    &ecs606_architecture_mismatch::RULE,
    &ecs607_unknown_instance_type::RULE,
    &ecs608_retired_instance_type::RULE,
    &ecs609_type_not_in_region::RULE,
    &ecs610_no_capacity::RULE,
    &ecs611_capacity_inverted::RULE,
    &ecs613_volume_too_small::RULE,
    &ecs614_type_not_allowed::RULE,
    &ecs615_tag_missing::RULE,
    &ecs701_launch_configuration::RULE,
    &ecs702_end_of_life_ami::RULE,
    &ecs703_hard_coded_ami::RULE,
    &ecs704_imds_v1_allowed::RULE,
    &ecs705_imds_v1_used::RULE,
    &ecs706_bad_ami_parameter::RULE,
    &ecs707_floating_launch_template::RULE,
    &ecs708_launch_source_count::RULE,
];

/// The rule of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| it.code == code)
}
