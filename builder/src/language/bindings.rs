//! Bindings of a component's own world, which may offer more than the handler world.

use std::path::PathBuf;

use wit_bindgen_core::Files;

use super::GeneratedFile;
use crate::component::World;
use crate::report::{Code, Error, Result};

/// C bindings in the folder `bindings`.
///
/// # Errors
/// If the generator fails.
pub fn c_bindings(world: &World) -> Result<Vec<GeneratedFile>> {
    let options = wit_bindgen_c::Opts { no_object_file: true, ..Default::default() };
    let mut resolve = world.resolve.clone();
    let mut generated = Files::default();
    options.build().generate(&mut resolve, world.id, &mut generated).map_err(|error| {
        Error::new(Code::CompileFailed, "wit-bindgen: it makes no C bindings of the world")
            .cause(error.to_string())
    })?;
    let file =
        |(name, bytes): (&str, &[u8])| (PathBuf::from("bindings").join(name), bytes.to_vec());
    Ok(generated.iter().map(file).collect())
}
