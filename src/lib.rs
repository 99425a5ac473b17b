//! ecslint: will the stack come up, and will its instances join the cluster?
//!
//! # Architecture
//!
//! Text goes in, diagnostics come out; nothing in between does I/O, fails or panics. Every value carries the bytes
//! it came from, from the parser to the report, so nothing is ever searched for again.
//!
//! | layer | what goes in, what comes out |
//! |---|---|
//! | [`text`] | bytes to text; spans; lines and columns, for reports only; the way from decoded text back to the source |
//! | [`diagnostic`] | what a finding is |
//! | [`syntax`] | text to a tree, YAML and JSON alike; a syntax error keeps what stands before it |
//! | [`template`] | sections, resources, intrinsic functions: a view of the tree, one level at a time |
//! | [`resolve`] | values: known, symbolic or unknown, in each reachable scenario |
//! | [`catalog`] | facts about AWS as tables, each with source and date |
//! | [`model`] | fleets, launch sources, images, clusters, tasks, what waits for a signal |
//! | [`boot`] | what user data does between power-on and the agent's start; never runs anything |
//! | [`network`], [`iam`] | who can reach what, who may do what |
//! | [`rule`], [`rules`] | a rule is one function and one page under `rules/`, whose examples are its tests |
//! | [`policy`] | what a project wants of its own, asked as rules are |
//! | [`lint`] | the façade: runs the rules, merges scenarios, keeps what is not to be told, gives one [`lint::Outcome`] |
//! | [`config`] | what a project says once for all its templates; what was found before |
//! | [`report`] | one outcome, many formats |
//! | [`deploy`] | a stack through the aws CLI: its events, its state, why it failed |
//! | [`cli`] | the commands |
//!
//! A module uses itself and what stands before it here; neighbours separated by a comma do not know each other
//! (`tests/it/layers.rs` keeps it so):
//!
//! ```text
//! text < diagnostic < syntax < template < resolve < catalog < model
//!      < boot, network, iam < rule < rules, policy < lint < config
//!      < report < deploy < cli
//! ```
//!
//! # Scenarios
//!
//! A template with conditions is many templates. Instead of trying all of them, a question (one rule on one fleet)
//! is asked with nothing assumed; when it needs a condition that may hold or not, it is asked again with either
//! answer ([`resolve::explore`]). Which truth values conditions can have together is found by looking for parameter
//! values behind them, defaults first. A finding names just the conditions that it rests on.
//!
//! # Three answers
//!
//! Every question about a fleet has the answers yes, no and *unknown*. An error is proved; what only deployment can
//! tell is unknown, shows in the verdict of the fleet, and is no finding.
//!
//! # Bounds
//!
//! Templates come from strangers, so whatever may grow has a bound with a name. Each lies far above what AWS takes;
//! above it the answer is unknown and the user is told once, in a finding or in a note.
//!
//! | bound | of what | above it |
//! |---|---|---|
//! | [`lint::MAX_BYTES`] | the bytes of a file | ECS001 |
//! | [`syntax::MAX_DEPTH`], [`syntax::MAX_NODES`] | the tree | ECS001, and nothing behind it is read |
//! | [`template::MAX_REFERENCES`] | places that name something | anything may be named elsewhere |
//! | [`model::MAX_FLEETS`] | resources that start instances | a note says how many were left out |
//! | [`resolve::MAX_TEXT`] | the length of a text | the text is unknown |
//! | [`resolve::MAX_SCENARIOS`], [`resolve::MAX_STEPS`] | ways in which conditions can stand | the others are unknown; a note |
//! | [`resolve::MAX_EFFORT`] | all the work on one template | what is asked later is unknown and no finding; a note |
//! | [`boot::MAX_WORK`], [`boot::MAX_VALUE`], [`boot::MAX_NESTING`] | one boot script | it may do anything |
//! | [`lint::fix::MAX_ROUNDS`], [`lint::fix::MAX_CHECKS`] | rounds of fixes, and how often the text is checked for them | the rest is left; a note |
//! | [`policy::MAX_POLICIES`], [`policy::MAX_REGEX_BYTES`], [`policy::MAX_SEGMENTS`] | what a project wants of its own | the configuration is broken |
//! | [`lint::resolved::MAX_VALUES`] | values that `ecslint model` shows | they are shown as unknown, `cut` is true |
//! | [`rule::MAX_FINDINGS`] | findings of one rule on one file | a note says how many more there are |
//!
//! What costs more than a step for each resource, fleet or text asks [`resolve::World::spend`] first: so the time for
//! a template grows with its size, and never with its square. [`lint::Outcome::effort`] is what tests count, not
//! seconds. Folders are walked file by file; nothing of a file is held when its report is written.

pub mod text;

pub mod diagnostic;

pub mod syntax;

pub mod template;

pub mod resolve;

pub mod catalog;

pub mod model;

pub mod boot;

pub mod network;

pub mod iam;

pub mod rule;

pub mod rules;

pub mod policy;

pub mod lint;

pub mod config;

pub mod report;

pub mod deploy;

pub mod cli;
