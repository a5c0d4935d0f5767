//! Shows the variables that the component was given; see GUEST.md.

use isospin::environment;

#[isospin::handler]
async fn handle() -> String {
    let mut variables = environment::variables();
    variables.sort();
    variables.into_iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
