//! A world as C sees it, for the languages whose SDK is written in C.

use std::path::Path;

use wit_parser::TypeDefKind;

use super::GeneratedFile;
use crate::component::World;
use crate::report::{Code, Error, Result};

/// `bindings/application.h` and `.c`, and `bindings/error_codes.h`: the names of
/// the world's error codes, which the generator leaves out.
///
/// # Errors
/// If the generator fails.
pub fn c_bindings(world: &World) -> Result<Vec<GeneratedFile>> {
    let options = wit_bindgen_c::Opts { no_object_file: true, ..Default::default() };
    let mut resolve = world.resolve.clone();
    let mut generated = wit_bindgen_core::Files::default();
    options.build().generate(&mut resolve, world.id, &mut generated).map_err(|error| {
        Error::new(Code::CompileFailed, "wit-bindgen: it makes no C bindings of the world")
            .cause(format!("{error:#}"))
    })?;
    let folder = Path::new("bindings");
    let mut files: Vec<GeneratedFile> =
        generated.iter().map(|(name, bytes)| (folder.join(name), bytes.to_vec())).collect();
    files.push((folder.join("error_codes.h"), error_codes(world).into_bytes()));
    Ok(files)
}

/// The cases of `wasi:http/types`' `error-code`, in the world's order, as what
/// initialises an array. In lower case, as the SDKs name them: the world writes
/// `DNS-timeout`.
fn error_codes(world: &World) -> String {
    let types = &world.resolve.types;
    let cases = types.iter().find_map(|(_, definition)| match &definition.kind {
        TypeDefKind::Variant(variant) if definition.name.as_deref() == Some("error-code") => {
            Some(&variant.cases)
        }
        _ => None,
    });
    let mut text = String::from(
        "/* The names of wasi_http_types_error_code_t's tags, in their order. */\n\
         #define WASI_HTTP_ERROR_CODES",
    );
    for case in cases.into_iter().flatten() {
        text.push_str(&format!(" \\\n  \"{}\",", case.name.to_lowercase()));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Capability;

    fn text(world: &World, name: &str) -> String {
        let files = c_bindings(world).unwrap();
        let (_, bytes) = files.iter().find(|(path, _)| path.ends_with(name)).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    }

    #[test]
    fn a_world_has_its_functions_and_its_capabilities() {
        let full = text(&World::new(Capability::ALL.iter().copied()), "application.h");
        assert!(full.contains("wasi_cli_environment_get_environment"));
        assert!(full.contains("exports_wasi_http_incoming_handler_handle"));
        let plain = text(&World::new([]), "application.h");
        assert!(!plain.contains("wasi_cli_environment_get_environment"));
    }

    #[test]
    fn error_codes_have_the_order_of_their_tags() {
        let world = World::new([]);
        let header = text(&world, "application.h");
        let names = text(&world, "error_codes.h");
        let names: Vec<&str> = names
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
            .collect();
        assert_eq!(names.len(), 39);
        assert_eq!(names[0], "dns-timeout");
        for (tag, name) in names.iter().enumerate() {
            let name = name.replace('-', "_").to_uppercase();
            let line = format!("#define WASI_HTTP_TYPES_ERROR_CODE_{name} {tag}\n");
            assert!(header.contains(&line), "{line}");
        }
    }
}
