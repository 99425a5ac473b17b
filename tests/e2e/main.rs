//! Deployments through the real aws CLI, against servers on this machine that stand in for AWS.
//!
//! They run where `ECSLINT_E2E=1` says so, and need nothing but `python3`: what they drive is installed under `target/`
//! from `requirements.txt`. Where that cannot be had, they fail. `ECSLINT_E2E_AWS=/usr/bin/aws` drives another CLI.
//!
//! Nothing here can reach AWS: see [`world`], and the scenarios that look after it.

#![expect(clippy::disallowed_methods, reason = "tests start what they drive, and read what it leaves")]

mod failures;
mod place;
mod python;
mod registration;
mod server;
mod stacks;
mod way;
mod world;

use std::env;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Trial};

use world::World;

/// A scenario.
type Scenario = fn(&World);

const SCENARIOS: &[(&str, Scenario)] = &[
    // The longest first.
    ("instances_join_and_leave", registration::instances_join_and_leave),
    ("an_instance_joins_default", registration::an_instance_joins_default),
    ("a_signal_that_does_not_come", failures::a_signal_that_does_not_come),
    ("an_update_that_fails", failures::an_update_that_fails),
    ("a_stack_from_first_to_last", stacks::from_first_to_last),
    ("detached_and_resumed", stacks::detached_and_resumed),
    ("a_large_template", stacks::a_large_template),
    ("what_may_not_be_done", failures::what_may_not_be_done),
    ("the_region_that_is_shown", way::the_region_that_is_shown),
    ("nothing_passes_this_machine", way::nothing_passes_this_machine),
];

fn main() {
    let mut args = Arguments::from_args();
    // They wait more than they work.
    args.test_threads.get_or_insert(4);
    let is_asked_for = env::var("ECSLINT_E2E").is_ok_and(|it| it == "1");
    // Started with the first scenario that runs, ended with the last: `run` drops them all.
    let world: Arc<OnceLock<Result<World, String>>> = Arc::default();
    let mut trials = vec![Trial::test("endpoints_are_on_this_machine", || {
        way::endpoints_are_on_this_machine();
        Ok(())
    })];
    for (name, scenario) in SCENARIOS {
        let world = Arc::clone(&world);
        let trial = Trial::test(*name, move || {
            scenario(world.get_or_init(World::new).as_ref()?);
            Ok(())
        });
        trials.push(trial.with_ignored_flag(!is_asked_for));
    }
    drop(world);
    let conclusion = libtest_mimic::run(&args, trials);
    conclusion.exit();
}
