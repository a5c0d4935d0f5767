//! What to do about what the interpreter told.

/// The hint for the first thing in `told` that is known.
pub fn advice(told: &str) -> Option<String> {
    // ModuleNotFoundError: No module named 'flask.views'
    if let Some(name) = told.split("No module named '").nth(1) {
        let name = name.split('\'').next().unwrap_or_default();
        let package = name.split('.').next().unwrap_or(name);
        return Some(format!(
            "If `{package}` is a package, add a line `{package}` to requirements.txt in the component's folder."
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn a_package_that_is_missing_is_named() {
        let told = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'flask.views'";
        assert!(advice(told).unwrap().contains("`flask` is a package"));
        assert_eq!(advice("ZeroDivisionError: division by zero"), None);
    }
}
