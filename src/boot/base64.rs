//! Base64 that stands written out in a template.

use std::io::Read as _;

use flate2::read::GzDecoder;

/// The most that compressed user data may become; EC2 takes 16 KB of it, and a bomb is no script.
const MAX_UNPACKED: u64 = 256 << 10;

/// The text that is encoded, which gzip may have made smaller, as cloud-init takes it; `None` when it is no base64 or
/// no text. Blanks and line breaks do not count.
pub fn decode(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    let (mut bits, mut held, mut padding) = (0u32, 0u32, 0usize);
    for byte in raw.bytes().filter(|it| !it.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).expect("internal error: a byte above 255"));
            bits &= (1 << held) - 1;
        }
    }
    let ends = padding <= 2 && held < 6 && !bytes.is_empty();
    if !ends {
        return None;
    }
    String::from_utf8(if bytes.starts_with(&GZIP) { unpacked(&bytes)? } else { bytes }).ok()
}

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut res = Vec::new();
    GzDecoder::new(bytes).take(MAX_UNPACKED + 1).read_to_end(&mut res).ok()?;
    (res.len() as u64 <= MAX_UNPACKED).then_some(res)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn only_base64_is_decoded() {
        assert_eq!(decode("IyEvYmluL2Jhc2gK").as_deref(), Some("#!/bin/bash\n"));
        assert_eq!(decode("IyEv\n YmluL3No").as_deref(), Some("#!/bin/sh"));
        assert_eq!(decode("YQ==").as_deref(), Some("a"));
        // `printf '#!/bin/sh\necho a\n' | gzip -n | base64`
        let packed = "H4sIAAAAAAAC/1NW1E/KzNMvzuBKTc7IV0jkAgCB4YyzEQAAAA==";
        assert_eq!(decode(packed).as_deref(), Some("#!/bin/sh\necho a\n"));
        for raw in ["", "#!/bin/bash", "YQ==YQ==", "A", "Y===", "/////w=="] {
            assert_eq!(decode(raw), None, "{raw}");
        }
    }
}
