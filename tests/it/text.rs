//! Bytes to text, and places as people count them.

use ecslint::text::{Lines, NotText, Span, TextMap, decode};

#[test]
fn bytes_that_are_no_text_say_why() {
    assert_eq!(decode(b""), Ok(""));
    assert_eq!(decode("ä\u{feff}".as_bytes()), Ok("ä\u{feff}"));
    assert_eq!(decode(b"\xef\xbb\xbfa: b"), Ok("\u{feff}a: b"));
    assert_eq!(decode(b"\xff\xfea\0"), Err(NotText::Utf16 { big_endian: false }));
    assert_eq!(decode(b"\xfe\xff\0a"), Err(NotText::Utf16 { big_endian: true }));
    assert_eq!(decode(b"a\0:\0"), Err(NotText::Utf16 { big_endian: false }));
    assert_eq!(decode(b"\0a\0:"), Err(NotText::Utf16 { big_endian: true }));
    assert_eq!(decode(b"\x7fELF\0\0"), Err(NotText::Binary(4)));
    assert_eq!(decode(b"a: b\xe4"), Err(NotText::NotUtf8(4)));
}

#[test]
fn positions_count_characters_and_no_bom() {
    let source = "\u{feff}aä€😀b\r\nc\n\nd";
    let lines = Lines::new(source);
    let at = |text: &str| {
        let offset = source.find(text).expect("a place");
        let position = lines.position(Span::at(offset).start);
        assert_eq!(position.offset, offset);
        (position.line, position.column)
    };
    assert_eq!(at("a"), (1, 1));
    assert_eq!(at("€"), (1, 3));
    assert_eq!(at("b"), (1, 5));
    assert_eq!(at("\r"), (1, 6));
    assert_eq!(at("c"), (2, 1));
    assert_eq!(at("d"), (4, 1));
    assert_eq!(lines.position(u32::MAX).column, 2);
    assert_eq!((lines.count(), lines.start_of(1), lines.start_of(9)), (4, 16, source.len()));
    assert_eq!(lines.line_start(17), (16, 1));
}

#[test]
fn maps_join_what_was_copied_and_keep_what_was_decoded_whole() {
    let mut map = TextMap::default();
    map.push_verbatim(10, 2);
    map.push_verbatim(12, 3);
    map.push_decoded(Span::new(15, 21), 1);
    map.push_verbatim(21, 0);
    map.push_verbatim(30, 4);
    assert_eq!((map.pieces().len(), map.decoded_len()), (3, 10));
    assert_eq!(map.to_source(1, 4), Some(Span::new(11, 14)));
    assert_eq!(map.to_source(5, 6), Some(Span::new(15, 21)));
    assert_eq!(map.to_source(4, 7), Some(Span::new(14, 31)));
    assert_eq!(map.to_source(9, 10), Some(Span::new(33, 34)));
    assert_eq!((map.to_source(3, 3), map.to_source(9, 11), map.to_source(5, 4)), (None, None, None));
}
