//! Zip archives as far as templates need them: stored and deflated files, found
//! by the directory at the archive's end.

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// What is wrong with an archive.
pub type Wrong = String;

/// One entry of the directory.
pub struct Entry<'a> {
    pub name: &'a [u8],
    pub kind: Kind,
    deflated: bool,
    check_sum: u32,
    /// As it is in the archive.
    content: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A link or a device.
    Other,
}

const DIRECTORY_END: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";

/// The longest comment, which is all that may follow the directory's end.
const LONGEST_COMMENT: usize = u16::MAX as usize;

/// The entries of an archive, in the directory's order.
///
/// # Errors
/// If it is damaged, or of a form that templates have no use for.
pub fn entries(archive: &[u8]) -> Result<Vec<Entry<'_>>, Wrong> {
    let from = archive.len().saturating_sub(LONGEST_COMMENT + 22);
    let tail = &archive[from..];
    let end = tail.windows(4).rposition(|bytes| bytes == DIRECTORY_END);
    let end = from + end.ok_or("it has no directory")?;
    let count = short(archive, end + 10)?;
    let mut at = long(archive, end + 16)?;
    if count == usize::from(u16::MAX) || at == u32::MAX as usize {
        return Err("it is of the form for large archives".to_owned());
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let (entry, next) = entry(archive, at)?;
        entries.push(entry);
        at = next;
    }
    Ok(entries)
}

/// The entry at `at` of the directory, and where the next one is.
fn entry(archive: &[u8], at: usize) -> Result<(Entry<'_>, usize), Wrong> {
    expect(archive, at, DIRECTORY_ENTRY)?;
    let name_size = short(archive, at + 28)?;
    let next = at + 46 + name_size + short(archive, at + 30)? + short(archive, at + 32)?;
    let name = part(archive, at + 46, name_size)?;
    if short(archive, at + 8)? & 1 != 0 {
        return Err(format!("`{}` is encrypted", String::from_utf8_lossy(name)));
    }
    let deflated = match short(archive, at + 10)? {
        0 => false,
        8 => true,
        _ => return Err(format!("`{}` is packed in a rare way", String::from_utf8_lossy(name))),
    };
    let header = long(archive, at + 42)?;
    expect(archive, header, LOCAL_HEADER)?;
    let start = header + 30 + short(archive, header + 26)? + short(archive, header + 28)?;
    let content = part(archive, start, long(archive, at + 20)?)?;
    let kind = kind(name, short(archive, at + 40)?);
    Ok((Entry { name, kind, deflated, check_sum: check_sum(archive, at + 16)?, content }, next))
}

/// What an entry is; `mode` is Unix's, or 0 where the archive was made without.
fn kind(name: &[u8], mode: usize) -> Kind {
    match mode & 0o170_000 {
        0 | 0o100_000 if !name.ends_with(b"/") => Kind::File,
        0 | 0o040_000 => Kind::Folder,
        _ => Kind::Other,
    }
}

impl Entry<'_> {
    /// The content, unpacked, but at most `limit` bytes of it.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn read(&self, limit: u64) -> Result<Vec<u8>, Wrong> {
        let mut bytes = Vec::new();
        let read = match self.deflated {
            true => DeflateDecoder::new(self.content).take(limit).read_to_end(&mut bytes),
            false => self.content.take(limit).read_to_end(&mut bytes),
        };
        let damaged = || format!("`{}` is damaged", String::from_utf8_lossy(self.name));
        read.map_err(|_| damaged())?;
        let mut sum = Crc::new();
        sum.update(&bytes);
        // What was cut off is refused for its size.
        if sum.sum() != self.check_sum && (bytes.len() as u64) < limit {
            return Err(damaged());
        }
        Ok(bytes)
    }
}

fn part(archive: &[u8], at: usize, size: usize) -> Result<&[u8], Wrong> {
    let end = at.checked_add(size);
    end.and_then(|end| archive.get(at..end)).ok_or_else(|| "it is cut off".to_owned())
}

fn expect(archive: &[u8], at: usize, mark: &[u8]) -> Result<(), Wrong> {
    match part(archive, at, mark.len())? == mark {
        true => Ok(()),
        false => Err("its directory is damaged".to_owned()),
    }
}

fn short(archive: &[u8], at: usize) -> Result<usize, Wrong> {
    let bytes = part(archive, at, 2)?;
    Ok(usize::from(bytes[0]) | (usize::from(bytes[1]) << 8))
}

fn check_sum(archive: &[u8], at: usize) -> Result<u32, Wrong> {
    let bytes = part(archive, at, 4)?;
    Ok(bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

fn long(archive: &[u8], at: usize) -> Result<usize, Wrong> {
    check_sum(archive, at).map(|value| value as usize)
}
