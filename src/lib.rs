//! ecslint: will the stack come up, and will its instances join the cluster?

pub mod text;

pub mod diagnostic;

pub mod syntax;

pub mod template;

pub mod resolve;

pub mod model;

pub mod rule;

pub mod rules;

pub mod lint;
