//! User data of several parts.

use super::base64;
use crate::resolve::Text;

/// No message has more parts than this.
const MAX_PARTS: usize = 100;

/// Whether the head names a boundary.
pub(super) fn has_boundary(raw: &str) -> bool {
    let head = &raw[..blank_line(raw, 0).unwrap_or(raw.len())];
    head.to_ascii_lowercase().contains("boundary=")
}

/// Whether no part is found, since the boundary is another one than the head says.
pub(super) fn is_empty(text: &Text<'_>) -> bool {
    parts(text).is_some_and(|it| it.is_empty())
}

/// Whether the head speaks of several parts.
pub(super) fn is_multipart(raw: &str) -> bool {
    let head = &raw[..blank_line(raw, 0).unwrap_or(raw.len())];
    head.to_ascii_lowercase().contains("multipart/")
}

/// A part of a message.
pub(super) struct Part<'t> {
    /// Whether its header says that it is a script.
    pub(super) is_script: bool,
    /// Without blanks before it.
    pub(super) body: Text<'t>,
}

/// The parts of a MIME message; `None` when it has no boundary or a part that is no text.
pub(super) fn parts<'t>(text: &Text<'t>) -> Option<Vec<Part<'t>>> {
    let raw = text.as_str();
    let head_end = blank_line(raw, 0)?;
    let head = &raw[..head_end];
    if !is_multipart(raw) {
        // One part, which is all of it.
        let is_script = head.to_ascii_lowercase().contains("text/x-shellscript");
        let blanks = raw[head_end..].len() - raw[head_end..].trim_start_matches(['\n', '\r']).len();
        return Some(vec![Part { is_script, body: text.slice(head_end + blanks..raw.len()) }]);
    }
    let at = head.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let boundary = head[at..].trim_start_matches(['"', '\'']);
    let end = boundary.find(['"', '\'', ';', '\r', '\n']).unwrap_or(boundary.len());
    let marker = format!("--{}", boundary[..end].trim());
    let mut starts = Vec::new();
    let mut offset = 0;
    for line in raw.split_inclusive('\n') {
        if line.trim_end().starts_with(&marker)
            && line.trim_end().trim_end_matches('-') == marker.trim_end_matches('-')
        {
            starts.push((offset, offset + line.len()));
        }
        offset += line.len();
    }
    let mut res = Vec::new();
    for (idx, (_, start)) in starts.iter().enumerate().take(MAX_PARTS) {
        let end = starts.get(idx + 1).map_or(raw.len(), |it| it.0);
        let part = &raw[*start..end];
        if part.trim().is_empty() {
            continue;
        }
        let body = end_of_headers(raw, *start, end);
        let headers = raw[*start..body].to_ascii_lowercase();
        let is_script = headers.contains("text/x-shellscript");
        if headers.contains("content-transfer-encoding: base64") {
            let whole = text.slice(body..end);
            let decoded = base64::decode(whole.known()?)?;
            res.push(Part { is_script, body: Text::decoded(&decoded, whole.whole_place()?.span) });
            continue;
        }
        let blanks = raw[body..end].len() - raw[body..end].trim_start_matches(['\n', '\r']).len();
        res.push(Part { is_script, body: text.slice(body + blanks..end) });
    }
    Some(res)
}

/// Where the body of a part begins: behind the first blank line, or at the first line that is no header, as lenient
/// mail parsers have it.
fn end_of_headers(raw: &str, start: usize, end: usize) -> usize {
    let mut offset = start;
    for line in raw[start..end].split_inclusive('\n') {
        let name = line.split(':').next().unwrap_or_default();
        let named = line.contains(':')
            && !name.is_empty()
            && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        let goes_on = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if line.trim().is_empty() {
            return offset + line.len();
        }
        if !named && !goes_on {
            return offset;
        }
        offset += line.len();
    }
    end
}

/// The end of the first blank line from `start` on.
fn blank_line(raw: &str, start: usize) -> Option<usize> {
    let mut offset = start;
    for line in raw[start..].split_inclusive('\n') {
        offset += line.len();
        if line.trim().is_empty() {
            return Some(offset);
        }
    }
    None
}
