use isospin::{IntoResponse, Request, Result};

#[isospin::handler]
async fn handle(request: Request) -> Result<impl IntoResponse> {
    Ok(greeting(request.uri().path()))
}

fn greeting(path: &str) -> String {
    format!("Hello from Rust! You asked for {path}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_names_the_path() {
        assert_eq!(
            greeting("/there"),
            "Hello from Rust! You asked for /there\n"
        );
    }
}
