//! A stream of bytes as lines.

/// Longest line, in bytes: API servers take objects of 3 MiB, which JSON makes longer.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;

/// Joins the pieces of lines.
#[derive(Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
}

/// A line was longer than any object can be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line of more than {LONGEST} bytes")]
pub(super) struct TooLong;

impl Lines {
    /// Calls `take` with each line that is whole now, without its end.
    pub(super) fn read(&mut self, mut bytes: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), TooLong> {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            bytes = rest.get(1..).unwrap_or_default();
            if self.begun.is_empty() {
                take(line);
                continue;
            }
            self.begun.extend_from_slice(line);
            take(&self.begun);
            // What a large object needed is given back.
            self.begun = Vec::new();
        }
        if self.begun.len() + bytes.len() > LONGEST {
            return Err(TooLong);
        }
        self.begun.extend_from_slice(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_were_cut() {
        let text = b"one\ntwo and a half\n\nlast\nbegun";
        for size in 1..text.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for piece in text.chunks(size) {
                lines.read(piece, |line| found.push(String::from_utf8_lossy(line).into_owned())).unwrap();
            }
            assert_eq!(found, ["one", "two and a half", "", "last"], "pieces of {size}");
            assert_eq!(lines.begun, b"begun");
        }
    }

    #[test]
    fn a_line_without_an_end_is_given_up() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 1024 * 1024];
        let end = (0..20).find_map(|_| lines.read(&piece, |_| {}).err());
        assert_eq!(end, Some(TooLong));
    }
}
