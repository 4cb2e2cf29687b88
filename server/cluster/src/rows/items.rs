//! The objects of a list one by one, as its bytes come: nobody holds the whole list.

use super::lines::{LONGEST, TooLong};

/// What a list holds its objects in, as API servers write it.
const ITEMS: &[u8] = b"\"items\":[";

/// Takes a list apart. What is not an object of it is the frame.
#[derive(Default)]
pub(super) struct Items {
    /// The list without its objects, which is JSON, too.
    frame: Vec<u8>,
    /// An object that has not ended yet.
    begun: Vec<u8>,
    /// Brackets that are open.
    depth: u32,
    in_text: bool,
    escaped: bool,
    /// Between the brackets of the objects.
    in_items: bool,
}

impl Items {
    /// Calls `take` with each object that is whole now.
    pub(super) fn read(&mut self, piece: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), TooLong> {
        // What is before has its place.
        let mut from = 0;
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            if self.in_text {
                at = self.skip_text(piece, at);
                continue;
            }
            at += 1;
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => {
                    if self.in_items && self.depth == 2 {
                        // What parts objects goes nowhere.
                        from = at - 1;
                    }
                    self.depth += 1;
                    if *byte == b'[' && self.depth == 2 {
                        self.frame.extend_from_slice(piece.get(from..at).unwrap_or_default());
                        from = at;
                        self.in_items = self.frame.ends_with(ITEMS);
                    }
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.in_items && self.depth == 2 {
                        let rest = piece.get(from..at).unwrap_or_default();
                        from = at;
                        if self.begun.is_empty() {
                            take(rest);
                        } else {
                            self.begun.extend_from_slice(rest);
                            take(&self.begun);
                            self.begun.clear();
                        }
                    } else if self.in_items && self.depth == 1 {
                        self.in_items = false;
                        from = at - 1;
                    }
                }
                _ => {}
            }
        }
        let rest = piece.get(from..).unwrap_or_default();
        match (self.in_items, self.depth) {
            (true, 2) => {}
            (true, _) => self.begun.extend_from_slice(rest),
            (false, _) => self.frame.extend_from_slice(rest),
        }
        if self.begun.len().max(self.frame.len()) > LONGEST { Err(TooLong) } else { Ok(()) }
    }

    /// The list without its objects, once it has ended.
    pub(super) fn frame(&self) -> Option<&[u8]> {
        (self.depth == 0 && !self.frame.is_empty()).then_some(&self.frame)
    }

    /// Where a text, or the piece, ends.
    fn skip_text(&mut self, piece: &[u8], at: usize) -> usize {
        if std::mem::take(&mut self.escaped) {
            return at + 1;
        }
        let rest = piece.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'"') => {
                self.in_text = false;
                at + found + 1
            }
            Some(found) => {
                self.escaped = true;
                at + found + 1
            }
            None => piece.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, size: usize) -> (Vec<String>, Option<String>) {
        let (mut items, mut found) = (Items::default(), Vec::new());
        for piece in text.as_bytes().chunks(size) {
            items.read(piece, |item| found.push(String::from_utf8_lossy(item).into_owned())).unwrap();
        }
        (found, items.frame().map(|frame| String::from_utf8_lossy(frame).into_owned()))
    }

    #[test]
    fn a_list_is_taken_apart_however_it_was_cut() {
        let text = r#"{"kind":"PodList","metadata":{"resourceVersion":"7","x":["items",[]]},"items":[{"a":"}]\"\\"},{"b":[{"items":[1]}]}],"z":"{"}"#;
        for size in 1..text.len() {
            let (items, frame) = read(text, size);
            assert_eq!(items, [r#"{"a":"}]\"\\"}"#, r#"{"b":[{"items":[1]}]}"#], "pieces of {size}");
            let frame = frame.unwrap();
            assert_eq!(
                frame,
                r#"{"kind":"PodList","metadata":{"resourceVersion":"7","x":["items",[]]},"items":[],"z":"{"}"#
            );
        }
    }

    #[test]
    fn a_list_that_is_cut_off_has_no_frame_and_one_of_nothing_has() {
        assert_eq!(read(r#"{"metadata":{},"items":[{"a":1},{"b""#, 5), (vec![r#"{"a":1}"#.to_owned()], None));
        assert_eq!(read(r#"{"metadata":{},"items":null}"#, 5).1.unwrap(), r#"{"metadata":{},"items":null}"#);
        assert_eq!(read("", 1), (vec![], None));
    }

    proptest! {
        /// Whatever stands in objects, and wherever they are cut.
        #[test]
        fn objects_come_out_as_they_went_in(
            texts in proptest::collection::vec(".{0,30}", 0..6),
            size in 1_usize..40,
        ) {
            let objects: Vec<_> = texts.iter().map(|text| serde_json::json!({ text: [text, { "n": text }] }).to_string()).collect();
            let list = format!(r#"{{"metadata":{{"resourceVersion":"1"}},"items":[{}]}}"#, objects.join(","));
            let (found, frame) = read(&list, size);
            prop_assert_eq!(found, objects);
            prop_assert_eq!(frame.unwrap(), r#"{"metadata":{"resourceVersion":"1"},"items":[]}"#);
        }
    }
}
