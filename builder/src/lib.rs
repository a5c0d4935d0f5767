//! Isospin's builder.
pub mod component;
