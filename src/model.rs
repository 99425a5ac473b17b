//! The cluster that a template describes.

mod verdict;

pub use verdict::*;
