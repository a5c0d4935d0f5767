//! The component's variables. Calling this links an import that only a
//! component with `environment` in its manifest may have.

/// All variables, as the host gives them.
pub fn variables() -> Vec<(String, String)> {
    crate::world::environment()
}

/// The variable of that name.
pub fn variable(name: &str) -> Option<String> {
    variables().into_iter().find_map(|(found, value)| (found == name).then_some(value))
}
