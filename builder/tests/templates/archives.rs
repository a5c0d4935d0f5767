//! Templates of the user's own: folders and archives, and those that must not be used.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use libtest_mimic::Trial;

use super::always;
use super::support::{fail, names, read, succeed, write};

pub fn tests() -> Vec<Trial> {
    vec![
        always("a folder is a template", folder_is_a_template),
        always("an archive is a template, with a folder around it or without", good_archives),
        always("a template with a manifest makes an app", app_template),
        always("archives that lead out, link or never end are refused", hostile_archives),
        always("damaged archives are refused", damaged_archives),
        always("folders with links are refused", linked_folder),
        always("a mistake in a template is told with its file", mistakes),
    ]
}

const HANDLER: (&str, &str) = ("handler.py.hbs", "# {{name}} {{package}} {{base}}\n");
const PLAIN: (&str, &str) = ("notes/plain.txt", "{{name}} stays\n");
const SETTINGS: (&str, &str) =
    ("template.toml", "description = \"mine\"\n[component]\nenvironment = { A = \"b\" }\n");

fn assert_made(folder: &Path, template: &str) {
    succeed(folder, &["new", "class", "--template", template]);
    assert_eq!(read(folder, "class/handler.py"), "# class class \n");
    assert_eq!(read(folder, "class/notes/plain.txt"), "{{name}} stays\n");
    assert!(read(folder, "class/isospin.toml").contains("environment = { A = \"b\" }"));
    assert!(folder.join("class/.isospin/sdk/python").is_dir());
    assert_eq!(names(&folder.join("class")), [".isospin", "handler.py", "isospin.toml", "notes"]);
    std::fs::remove_dir_all(folder.join("class")).unwrap();
}

fn folder_is_a_template() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [HANDLER, PLAIN, SETTINGS, (".git/config", ""), ("dist/x.wasm", "")] {
        write(&folder.path().join("mine"), path, text);
    }
    assert_made(folder.path(), "./mine");
    assert_made(folder.path(), folder.path().join("mine").to_str().unwrap());
    // The language may be said where the files do not tell it.
    write(folder.path(), "bare/README.md", "bare\n");
    let said = fail(folder.path(), &["new", "x", "--template", "./bare"], 2, "E0801");
    assert!(said.contains("--language"), "{said}");
}

fn good_archives() {
    let folder = tempfile::tempdir().unwrap();
    for outer in ["", "mine/", "./", "./mine/"] {
        let hook = (".git/hooks/post-checkout", "#!/bin/sh\n");
        let files = [HANDLER, PLAIN, SETTINGS, hook, ("notes/.isospin/sdk/x", ""), ("dist/x", "")];
        let named: Vec<Entry> =
            files.iter().map(|(path, text)| Entry::file(&format!("{outer}{path}"), text)).collect();
        let folders = match outer.is_empty() {
            true => Vec::new(),
            false => vec![Entry { kind: b'5', ..Entry::file(outer, "") }],
        };
        let entries: Vec<Entry> = folders.into_iter().chain(named).collect();
        std::fs::write(folder.path().join("mine.tar.gz"), tar(&entries)).unwrap();
        std::fs::write(folder.path().join("mine.zip"), zip(&entries)).unwrap();
        assert_made(folder.path(), "mine.tar.gz");
        assert_made(folder.path(), "./mine.zip");
    }
}

fn app_template() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[app]\nname = \"{{name}}\"\n\n[component.own]\nroute = \"/own\"\n\n[component.other]\nlanguage = \"c\"\nroute = \"/other\"\n";
    write(folder.path(), "mine/isospin.toml.hbs", manifest);
    write(folder.path(), "mine/own/handler.py", "");
    succeed(folder.path(), &["new", "shop", "--template", "./mine"]);
    assert_eq!(names(&folder.path().join("shop")), ["isospin.toml", "other", "own"]);
    assert!(folder.path().join("shop/other/handler.c").is_file());
    assert!(folder.path().join("shop/own/.isospin/sdk/python").is_dir());
    // A manifest that is wrong is told as any other, and leaves nothing.
    write(folder.path(), "mine/isospin.toml.hbs", "[app]\nname = \"{{name}}\"\n");
    fail(folder.path(), &["new", "wrong", "--template", "./mine"], 1, "E0103");
    assert_eq!(names(folder.path()), ["mine", "shop"]);
    write(folder.path(), "app/isospin.toml", manifest);
    fail(&folder.path().join("app"), &["add", "c", "x", "--template", "../mine"], 1, "E0");
}

/// An entry of an archive, with any name and of any kind.
struct Entry<'a> {
    name: Vec<u8>,
    content: Vec<u8>,
    /// As tar has it: `0` a file, `1` and `2` links, `5` a folder, ...
    kind: u8,
    link: &'a str,
}

impl Entry<'_> {
    fn file(name: &str, content: &str) -> Entry<'static> {
        Entry { name: name.into(), content: content.into(), kind: b'0', link: "" }
    }

    fn link(kind: u8, name: &str, link: &'static str) -> Entry<'static> {
        Entry { kind, link, ..Entry::file(name, "") }
    }
}

fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..entry.name.len()].copy_from_slice(&entry.name);
        header.as_mut_bytes()[157..157 + entry.link.len()].copy_from_slice(entry.link.as_bytes());
        header.set_entry_type(tar::EntryType::new(entry.kind));
        header.set_size(entry.content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        packed.write_all(header.as_bytes()).unwrap();
        packed.write_all(&entry.content).unwrap();
        packed
            .write_all(&vec![0; entry.content.len().next_multiple_of(512) - entry.content.len()])
            .unwrap();
    }
    packed.write_all(&[0; 1024]).unwrap();
    packed.finish().unwrap()
}

fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let mut sum = flate2::Crc::new();
        sum.update(&entry.content);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&entry.content).unwrap();
        let content = match entry.kind {
            b'2' => entry.link.as_bytes().to_vec(),
            _ => packed.finish().unwrap(),
        };
        let method: u16 = if entry.kind == b'2' { 0 } else { 8 };
        // Method, time, check sum, sizes, and the size of the name.
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0]);
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(sum.sum().to_le_bytes());
        common.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(entry.content.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(entry.name.len()).unwrap().to_le_bytes());
        common.extend([0; 2]);
        let at = u32::try_from(archive.len()).unwrap();
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(&entry.name);
        archive.extend(content);
        let mode: u32 = match entry.kind {
            b'2' => 0o120_777,
            b'3' => 0o020_644,
            b'5' => 0o040_755,
            _ => 0o100_644,
        };
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(common);
        directory.extend([0; 6]);
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(&entry.name);
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let at = u32::try_from(archive.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([size, at].concat());
    archive.extend([0; 2]);
    archive
}

/// Tries to make a project of this archive: it is refused, and nothing is written.
fn assert_refused(name: &str, archive: &[u8], why: &str) {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("inner");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(name), archive).unwrap();
    let arguments = ["new", "x", "--language=python", "--template", name];
    let said = fail(&folder, &arguments, 1, "E0123");
    assert!(said.contains(name) && said.contains(why), "{why}: {said}");
    assert_eq!(names(&folder), [name]);
    assert_eq!(names(outer.path()), ["inner"]);
}

fn hostile_archives() {
    let good = || Entry::file("mine/handler.py", "");
    let many = 10_001;
    let bomb = || Entry { content: vec![0; 65 << 20], ..Entry::file("mine/zeros", "") };
    let out = "leads out of it";
    let other = "neither a file nor a folder";
    for (entry, why) in [
        (Entry::file("../evil", ""), out),
        (Entry::file("mine/../../evil", ""), out),
        (Entry::file("/isospin-evil", ""), out),
        (Entry { kind: b'5', ..Entry::file("../evil/", "") }, out),
        (Entry::file("mine\\..\\evil", ""), "no path"),
        (Entry { name: b"mine/\xff".to_vec(), ..good() }, "not UTF-8"),
        (Entry::link(b'2', "mine/link", "/etc/passwd"), other),
        (Entry::link(b'3', "mine/device", ""), other),
        (good(), "twice"),
        (bomb(), "more than 64 MiB"),
    ] {
        let entries = [good(), entry];
        assert_refused("evil.tar.gz", &tar(&entries), why);
        assert_refused("evil.zip", &zip(&entries), why);
    }
    assert_refused("hard.tgz", &tar(&[good(), Entry::link(b'1', "b", "mine/handler.py")]), other);
    let files: Vec<Entry> = (0..many).map(|at| Entry::file(&format!("mine/{at}"), "")).collect();
    assert_refused("many.tar.gz", &tar(&files), "more than 10000 files");
    assert_refused("many.zip", &zip(&files), "more than 10000 files");
    // Folders and what is skipped are unpacked too.
    let skipped = Entry { kind: b'g', content: vec![b' '; 130 << 20], ..Entry::file("x", "") };
    assert_refused("skipped.tar.gz", &tar(&[skipped, good()]), "");
}

fn damaged_archives() {
    let entries = [Entry::file("mine/handler.py", "print('hello, hello, hello, hello')\n")];
    for (name, archive) in [("a.tar.gz", tar(&entries)), ("a.zip", zip(&entries))] {
        for length in [0, 1, 10, archive.len() / 2, archive.len() - 9] {
            assert_refused(name, &archive[..length], "");
        }
        // Any byte may be wrong: what is made is then as it was meant, or nothing is.
        for at in 0..archive.len() {
            let mut changed = archive.clone();
            changed[at] ^= 0x55;
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, changed).unwrap();
            if let Ok(template) = isospin_builder::template::load(&path) {
                for content in template.files.values() {
                    assert_eq!(content, &entries[0].content, "{name}: byte {at}");
                }
            }
        }
    }
    assert_refused("a.rar", b"Rar!", "neither a folder nor a .tar.gz or .zip");
    assert_refused("text.zip", b"hello", "no directory");
}

fn linked_folder() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "mine/handler.py", "");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("mine/link")).unwrap();
    let said = fail(folder.path(), &["new", "x", "--template", "./mine"], 1, "E0123");
    assert!(said.contains("`link`"), "{said}");
    assert_eq!(names(folder.path()), ["mine"]);
}

fn mistakes() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text, why) in [
        ("a.txt.hbs", "\n{{nobody}}\n", "a.txt.hbs"),
        ("a.txt.hbs", "{{#if name}}", "a.txt.hbs"),
        ("a.txt.hbs", "{{> other}}", "a.txt.hbs"),
        ("handler.py.hbs", "", "two of its files make `handler.py`"),
        ("template.toml", "descripton = 7", "descripton"),
        ("template.toml", "[component", "template.toml"),
        ("template.toml", "[component]\nroute = \"/x\"", "route"),
        ("template.toml", "[component]\nunknown = 1", "unknown"),
    ] {
        let place = tempfile::tempdir_in(folder.path()).unwrap();
        write(place.path(), "mine/handler.py", "");
        write(&place.path().join("mine"), path, text);
        let said = fail(place.path(), &["new", "x", "--template", "./mine"], 1, "E0");
        assert!(said.contains(why), "{text}: {said}");
        assert_eq!(names(place.path()), ["mine"]);
    }
}
