//! What a component says of how it was made.

use wasm_metadata::Producers;

use super::ComponentBytes;

/// The component with the handler's language and this program in its list of
/// producers, beside what tools have put there.
///
/// # Errors
/// If the bytes are no component.
pub fn describe(component: &ComponentBytes, language: &str) -> anyhow::Result<ComponentBytes> {
    let mut producers = Producers::empty();
    producers.add("language", language, "");
    producers.add("processed-by", "isospin", env!("CARGO_PKG_VERSION"));
    producers.add_to_wasm(&component.0).map(ComponentBytes)
}

/// The language that a component as a whole, not a part of it, names.
pub fn language(component: &[u8]) -> Option<String> {
    let producers = Producers::from_wasm(component).ok()??;
    let languages = producers.get("language")?;
    languages.iter().next().map(|(name, _)| name.clone())
}
