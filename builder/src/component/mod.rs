//! What is known about components: the world they must match, how a core
//! module becomes one, and what is inside a finished one.

mod encode;
mod world;

pub use encode::encode;
pub use world::{Capability, World};
