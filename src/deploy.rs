//! From a checked template to instances in the cluster: through the aws CLI, watched until they have joined.
//!
//! # The way of a deployment
//!
//! | module | what goes in, what comes out |
//! |---|---|
//! | [`aws`] | one call of the aws CLI: arguments in, JSON or a [`failure::Failure`] out; the only module that starts a process |
//! | [`cloud`] | what is asked of AWS, in the words of its services |
//! | [`order`] | what a change set is made of, as the call that makes it |
//! | [`brief`] | what a deployment has to know of its template |
//! | [`failure`] | what the CLI prints when it fails, of version 1 and 2, as a code that can be matched |
//! | [`plan`] | a change set as the rows that are shown before anything happens |
//! | [`events`] | the events of a stack, in order, each once |
//! | [`operation`] | events in, the state of the operation out; pure |
//! | [`registration`] | who is in which cluster |
//! | [`frame`] | the state of an operation as the lines of a live table |
//! | [`needs`] | which capabilities a template needs |
//! | [`policy`] | the least policy for who deploys a template |
//! | [`diagnosis`] | why it failed: the first cause, at its words in the template |
//!
//! What is shown (`report`) and when (`cli`) is not decided here. Nothing here reads the clock on its own: time comes
//! in, so that an hour can be tested in a second.

pub mod aws;
pub mod brief;
pub mod cloud;
pub mod diagnosis;
pub mod events;
pub mod failure;
pub mod frame;
pub mod needs;
pub mod operation;
pub mod order;
pub mod plan;
pub mod policy;
pub mod registration;
