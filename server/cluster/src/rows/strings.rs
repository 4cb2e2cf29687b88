//! Texts that many rows share, each kept once for as long as a row holds it.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// Stands for a text of one [`Strings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Word(u32);

#[derive(Default)]
pub(crate) struct Strings {
    entries: Vec<Entry>,
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: RandomState,
}

#[derive(Default)]
struct Entry {
    text: Box<str>,
    holders: u32,
}

impl Strings {
    /// One holder more. Give it back with [`Strings::release`].
    pub(crate) fn hold(&mut self, text: &str) -> Word {
        if let Some(word) = self.find(text) {
            if let Some(entry) = self.entry_mut(word) {
                entry.holders = entry.holders.saturating_add(1);
            }
            return word;
        }
        let entry = Entry { text: text.into(), holders: 1 };
        let at = match self.free.pop() {
            Some(at) => {
                if let Some(place) = self.entries.get_mut(at as usize) {
                    *place = entry;
                }
                at
            }
            None => {
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
            }
        };
        let (entries, hasher) = (&self.entries, &self.hasher);
        let hash = |at: &u32| hasher.hash_one(text_at(entries, *at));
        self.index.insert_unique(hasher.hash_one(text), at, hash);
        Word(at)
    }

    /// One holder less; without any the text is gone.
    pub(crate) fn release(&mut self, word: Word) {
        let Some(entry) = self.entry_mut(word) else { return };
        entry.holders = entry.holders.saturating_sub(1);
        if entry.holders > 0 {
            return;
        }
        let text = std::mem::take(&mut entry.text);
        let hash = self.hasher.hash_one(&*text);
        if let Ok(found) = self.index.find_entry(hash, |at| *at == word.0) {
            found.remove();
        }
        self.free.push(word.0);
    }

    /// Without holding it.
    pub(crate) fn find(&self, text: &str) -> Option<Word> {
        let found = self.index.find(self.hasher.hash_one(text), |at| text_at(&self.entries, *at) == text);
        found.copied().map(Word)
    }

    /// Empty for a word that nobody holds.
    pub(crate) fn get(&self, word: Word) -> &str {
        text_at(&self.entries, word.0)
    }

    /// Number of different texts.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// What it needs of memory, about.
    pub(crate) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.entries.iter().map(|entry| entry.text.len()).sum::<usize>()
            + (self.index.capacity() + self.free.capacity()) * size_of::<u32>()
    }

    fn entry_mut(&mut self, word: Word) -> Option<&mut Entry> {
        self.entries.get_mut(word.0 as usize)
    }
}

fn text_at(entries: &[Entry], at: u32) -> &str {
    entries.get(at as usize).map_or("", |entry| &entry.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_goes_with_its_last_holder() {
        let mut strings = Strings::default();
        let (one, other) = (strings.hold("node-1"), strings.hold("node-1"));
        assert_eq!((one, strings.len()), (other, 1));
        let third = strings.hold("node-2");

        strings.release(one);
        assert_eq!(strings.get(other), "node-1");
        strings.release(other);

        assert_eq!((strings.find("node-1"), strings.len()), (None, 1));
        // Its place is taken by the next.
        let next = strings.hold("node-3");
        assert_eq!((strings.get(next), strings.get(third)), ("node-3", "node-2"));
        for number in 0..1000 {
            let word = strings.hold(&format!("passing-{number}"));
            strings.release(word);
        }
        assert_eq!((strings.len(), strings.entries.len()), (2, 3));
    }
}
