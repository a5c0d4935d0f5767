use isospin::{IntoResponse, Request, Result};

#[isospin::handler]
async fn handle(_request: Request) -> Result<impl IntoResponse> {
    Ok("Hello from Rust!\n")
}
