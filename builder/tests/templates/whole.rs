//! One app with every template of every language: built, asked, and tested by
//! the commands that each README gives.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::template::component_templates;
use isospin_builder::toolchain::{self, Finder, ZIG};
use isospin_builder::{app, serving};
use isospin_host::{Configuration, Server};
use libtest_mimic::Trial;
use serde_json::Value;

use super::http::{Answer, get, send_with};
use super::needs;
use super::support::{isospin, read, said, succeed};

pub fn tests() -> Vec<Trial> {
    let missing = LANGUAGES.iter().find_map(|language| toolchain::resolve(*language).err());
    let missing = missing.map(|error| error.to_string());
    let alone = LANGUAGES.iter().map(|language| {
        let missing = toolchain::resolve(*language).err().map(|error| error.to_string());
        let name = format!("beside another that lies in its folder ({})", language.name());
        needs(missing, &name, || beside(*language))
    });
    let whole = needs(missing, "an app of all templates is built, asked and tested", whole);
    alone.chain([whole]).collect()
}

/// The templates beside `hello`, of which `polyglot` has one in each language.
const OTHERS: &[&str] = &["api", "proxy"];

fn component(language: &dyn Language, template: &str) -> String {
    format!("{template}-{}", language.name())
}

fn whole() {
    // The tools of every language have to do with such a path.
    let folder = tempfile::Builder::new().prefix("with space é 日本 ").tempdir().unwrap();
    succeed(folder.path(), &["new", "shop", "--template", "polyglot"]);
    let shop = folder.path().join("shop");
    for language in LANGUAGES {
        for template in OTHERS {
            let name = component(*language, template);
            succeed(&shop, &["add", language.name(), &name, "--template", template]);
        }
    }
    let upstream = echo();
    let manifest = read(&shop, "isospin.toml");
    let manifest = manifest.replace("127.0.0.1:9000", &upstream.to_string());
    std::fs::write(shop.join("isospin.toml"), manifest).unwrap();
    for language in LANGUAGES {
        prepare(*language, &shop);
    }
    let start = Instant::now();
    let output = isospin(&shop).arg("build").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!said(&output).contains("warning"), "{}", said(&output));
    println!("built in {:?}", start.elapsed());

    let app = app::load(Some(&shop)).unwrap();
    let mounted = serving::mounted(&app).unwrap();
    let server = Server::start(Configuration::default(), &mounted).unwrap();
    for language in LANGUAGES {
        greets(server.local_address(), *language);
        serves_json(server.local_address(), &format!("/{}", component(*language, "api")));
        passes_on(server.local_address(), &format!("/{}", component(*language, "proxy")));
    }
    server.shutdown();

    for language in LANGUAGES {
        for template in ["hello"].iter().chain(OTHERS) {
            let start = Instant::now();
            run_own_tests(&shop.join(component(*language, template)), &shop);
            println!("{}: own tests in {:?}", component(*language, template), start.elapsed());
        }
    }
    // What the tests left behind is no source.
    let again = isospin(&shop).arg("build").output().unwrap();
    let unchanged = said(&again).matches("unchanged").count();
    assert_eq!(unchanged, app.components.len(), "{}", said(&again));
}

/// Runs what a template says comes before the first build.
fn prepare(language: &dyn Language, shop: &Path) {
    for template in component_templates(language).unwrap() {
        for command in &template.before {
            shell(command, &shop.join(component(language, &template.name)), shop);
        }
    }
}

/// The last command of the README is the one that runs the tests.
fn run_own_tests(folder: &Path, shop: &Path) {
    let readme = read(folder, "README.md");
    let block = readme.split("```sh\n").nth(1).unwrap().split("\n```").next().unwrap();
    let command = block.lines().last().unwrap().split("  #").next().unwrap();
    shell(command, folder, shop);
}

fn shell(command: &str, folder: &Path, shop: &Path) {
    let zig = Finder::of_user().and_then(|finder| finder.look(&ZIG)).unwrap().found.unwrap().path;
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let ours = zig.parent().unwrap().to_owned();
    let path = std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&folders)));
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .env("CC", format!("{} cc", zig.display()))
        // What tests of several components share is compiled once.
        .env("CARGO_TARGET_DIR", shop.join(".isospin/tests"))
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(output.status.success(), "{}: {command}: {printed}", folder.display());
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn greets(address: SocketAddr, language: &dyn Language) {
    let path = format!("/{}/there", language.name());
    let answer = get(address, &path);
    assert_eq!(answer.status, 200, "{}", answer.head);
    let title = language.title();
    assert_eq!(text(&answer), format!("Hello from {title}! You asked for {path}\n"));
    assert!(answer.head.contains("content-type: text/plain;"), "{}", answer.head);
}

fn serves_json(address: SocketAddr, base: &str) {
    let ask = |method: &str, path: &str, body: &str| {
        let json = "content-type: application/json\r\n";
        let answer = send_with(address, method, &format!("{base}{path}"), json, body.as_bytes());
        assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
        let value: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, value)
    };
    let (status, value) = ask("GET", "/greetings/Ada%20%C3%89", "");
    assert_eq!((status, &value["greeting"]), (200, &"Hello, Ada É!".into()), "{base}");
    let (status, value) = ask("POST", "/greetings", r#"{"name": "A\"\u00e9", "times": 2}"#);
    let wanted = serde_json::json!({ "greetings": ["Hello, A\"é!", "Hello, A\"é!"] });
    assert_eq!((status, value), (200, wanted), "{base}");
    for (method, path, body, wanted) in [
        ("POST", "/greetings", "{", 400),
        ("POST", "/greetings", r#"{"name":"","times":1}"#, 422),
        ("POST", "/greetings", r#"{"name":"Ada","times":0}"#, 422),
        ("POST", "/greetings", r#"{"name":"Ada","times":11}"#, 422),
        ("POST", "/greetings", r#"{"name":"Ada","times":"2"}"#, 422),
        ("POST", "/greetings", r#"{"name":"Ada"}"#, 422),
        ("DELETE", "/greetings", "", 405),
        ("DELETE", "/greetings/Ada", "", 405),
        ("GET", "/nowhere", "", 404),
    ] {
        let (status, value) = ask(method, path, body);
        assert_eq!(status, wanted, "{base}: {method} {path} {body}: {value}");
        assert!(value["error"].as_str().is_some_and(|told| !told.is_empty()), "{base}: {value}");
    }
    for (path, method) in [("/greetings", "POST"), ("/greetings/Ada", "GET")] {
        let answer = send_with(address, "DELETE", &format!("{base}{path}"), "", b"");
        let allow = answer.head.lines().find_map(|line| line.strip_prefix("allow: "));
        assert!(
            allow.is_some_and(|methods| methods.contains(&method.to_lowercase())),
            "{base}: {}",
            answer.head
        );
    }
}

fn passes_on(address: SocketAddr, base: &str) {
    let large = "0123456789abcdef".repeat(64 * 1024);
    for (method, body) in [("GET", ""), ("POST", "some text"), ("PUT", large.as_str())] {
        let target = format!("{base}/a%20b?c=d&e");
        let answer = send_with(address, method, &target, "x-kind: mine\r\n", body.as_bytes());
        assert_eq!(answer.status, 201, "{target}: {}", answer.head);
        assert!(
            answer.head.contains(&format!("x-seen: {} {target} mine", method.to_lowercase())),
            "{}",
            answer.head
        );
        assert!(text(&answer) == body, "{method} {target}: {} bytes came back", answer.body.len());
    }
}

/// A server that sends bodies back, and in a header tells what it has seen.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || upstream::answer(&stream.unwrap()));
        }
    });
    address
}

mod upstream {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;

    /// Reads one request, whole or in chunks, and answers it in chunks.
    pub fn answer(stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let field = |name: &str| {
            head.iter().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let mut body = Vec::new();
        if let Some(length) = field("content-length") {
            reader.by_ref().take(length.parse().unwrap()).read_to_end(&mut body).unwrap();
        } else if field("transfer-encoding").is_some() {
            read_chunks(&mut reader, &mut body);
        }
        let mut asked = head[0].split(' ');
        let seen = format!(
            "{} {} {}",
            asked.next().unwrap(),
            asked.next().unwrap(),
            field("x-kind").unwrap_or_default()
        );
        let mut writer = stream;
        write!(
            writer,
            "HTTP/1.1 201 Created\r\nx-seen: {seen}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        .unwrap();
        for piece in body.chunks(100_000) {
            write!(writer, "{:x}\r\n", piece.len()).unwrap();
            writer.write_all(piece).unwrap();
            write!(writer, "\r\n").unwrap();
        }
        write!(writer, "0\r\n\r\n").unwrap();
    }

    fn read_chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let size = u64::from_str_radix(line.trim(), 16).unwrap();
            reader.by_ref().take(size).read_to_end(body).unwrap();
            reader.read_line(&mut line).unwrap();
            if size == 0 {
                return;
            }
        }
    }
}

/// A component at the app's own folder, and one in a folder of that: neither
/// takes the other's files for its own.
fn beside(language: &dyn Language) {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &["new", "outer", "--language", language.name()]);
    let outer = folder.path().join("outer");
    succeed(&outer, &["build"]);
    let first = std::fs::read(outer.join("dist/outer.wasm")).unwrap();
    succeed(&outer, &["add", language.name(), "inner"]);
    let output = isospin(&outer).arg("build").output().unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("outer: unchanged"), "{told}");
    assert_eq!(std::fs::read(outer.join("dist/outer.wasm")).unwrap(), first);
    let mounted = serving::mounted(&app::load(Some(&outer)).unwrap()).unwrap();
    let server = Server::start(Configuration::default(), &mounted).unwrap();
    for path in ["/inner/x", "/x"] {
        assert!(text(&get(server.local_address(), path)).ends_with(&format!("for {path}\n")));
    }
    server.shutdown();
}
