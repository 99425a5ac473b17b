//! What AWS, an instance or a template says does no harm.
