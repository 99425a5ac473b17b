//! Diagnoses as people and programs see them.
