//! Which articles are copies of one another, and which of them stands for all: syndicated stories under other headlines, cut or
//! added to at the end, and later versions of a story. Articles are taken one after the other; each joins the first group whose
//! first member it copies, or opens a group of its own, so that nothing depends on anything but their order. Sketches find whom to
//! compare with, shingles decide; what they are is the business of `text::sketch`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::document::Document;
use crate::text::date::moment;
use crate::text::revision::revision;
use crate::text::sketch::{BANDS, Overlap, Sketch, key, overlap};

/// What tells the versions of a story apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// A number for the id that the record gave.
    pub id: u64,
    /// When it came, where that is known (see [`moment`]).
    pub moment: Option<i64>,
    /// How often it says it was revised (see [`revision`]).
    pub revision: u32,
}

impl Version {
    /// The version that a document is.
    pub fn of(document: &Document) -> Version {
        let article = document.article();
        Version { id: key(&article.id), moment: article.meta.date.as_deref().and_then(moment), revision: revision(document) }
    }

    /// Whether this version replaces an `earlier` one, which stands before it in the input: its date is later, or it says that it
    /// was revised more often, or it has the same id. Between mere copies the first stays.
    pub fn replaces(&self, earlier: &Version) -> bool {
        match (self.moment, earlier.moment) {
            (Some(mine), Some(theirs)) if mine != theirs => mine > theirs,
            _ if self.revision != earlier.revision => self.revision > earlier.revision,
            _ => self.id == earlier.id,
        }
    }
}

/// Whether two articles are one story: three in five shingles shared, or one holding nine in eleven of the other, which is no mere
/// fragment of it; less is asked where the ids are equal or one says that it is a revision. Symmetric.
pub fn is_copy(overlap: Overlap, one: &Version, other: &Version) -> bool {
    let Overlap { jaccard, contained } = overlap;
    let versions = one.id == other.id || one.revision != other.revision;
    jaccard >= 0.6 || contained >= 0.82 && jaccard >= 0.25 || versions && contained >= 0.4 && jaccard >= 0.2
}

/// Articles that are worth comparing with some other one, by their sketches and ids; in the order given.
pub fn suspects(articles: &[Option<(Sketch, u64)>]) -> Vec<bool> {
    let mut out = vec![false; articles.len()];
    let mut values: Vec<(u64, usize)> = Vec::with_capacity(articles.len());
    let sketched = || articles.iter().enumerate().filter_map(|(i, article)| Some((i, article.as_ref()?)));
    for band in 0..=BANDS {
        values.clear();
        values.extend(sketched().map(|(i, (sketch, id))| (if band < BANDS { sketch.band(band) } else { *id }, i)));
        values.sort_unstable();
        for run in values.chunk_by(|one, other| one.0 == other.0).filter(|run| run.len() > 1) {
            run.iter().for_each(|&(_, i)| out[i] = true);
        }
    }
    out
}

/// One article of a group but its first.
#[derive(Clone, Debug, PartialEq)]
pub struct Copied {
    /// The article.
    pub article: usize,
    /// What it has in common with the first.
    pub overlap: Overlap,
}

/// Articles that are one story.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The first in the input.
    pub first: usize,
    /// The newest version, by [`Version::replaces`]; else the first.
    pub newest: usize,
    /// The others, in input order; never empty.
    pub copies: Vec<Copied>,
}

impl Group {
    /// Every article of the group, the first included.
    pub fn members(&self) -> impl Iterator<Item = usize> {
        [self.first].into_iter().chain(self.copies.iter().map(|copy| copy.article))
    }
}

/// Finds groups, article by article.
#[derive(Default)]
pub struct Groups {
    /// First members by band and value of their sketches, and by id.
    bands: HashMap<(usize, u64), Vec<usize>, RandomState>,
    leaders: Vec<Leader>,
    groups: BTreeMap<usize, (Group, Version)>,
}

struct Leader {
    article: usize,
    version: Version,
    shingles: Box<[u64]>,
}

/// First members that an article is compared with for one value of a band. More of them share a form rather than a story.
const MOST: usize = 64;

impl Groups {
    /// Takes the next article: its number, larger than all before, what version it is, its sketch and its sorted shingles.
    pub fn add(&mut self, article: usize, version: Version, sketch: &Sketch, shingles: Box<[u64]>) {
        let ids = (BANDS, version.id);
        let bands: Vec<(usize, u64)> = (0..BANDS).map(|band| (band, sketch.band(band))).chain([ids]).collect();
        let alike: BTreeSet<usize> = bands.iter().filter_map(|band| self.bands.get(band)).flatten().copied().collect();
        for leader in alike.into_iter().map(|at| &self.leaders[at]) {
            let overlap = overlap(&leader.shingles, &shingles);
            if is_copy(overlap, &leader.version, &version) {
                let alone = || (Group { first: leader.article, newest: leader.article, copies: Vec::new() }, leader.version.clone());
                let (group, newest) = self.groups.entry(leader.article).or_insert_with(alone);
                group.copies.push(Copied { article, overlap });
                if version.replaces(newest) {
                    (group.newest, *newest) = (article, version);
                }
                return;
            }
        }
        for band in bands {
            let known = self.bands.entry(band).or_default();
            if known.len() < MOST {
                known.push(self.leaders.len());
            }
        }
        self.leaders.push(Leader { article, version, shingles });
    }

    /// The groups of two and more, by their first members.
    pub fn finish(self) -> Vec<Group> {
        self.groups.into_values().map(|(group, _)| group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[(u64, u64)]) -> Box<[u64]> {
        ranges
            .iter()
            .flat_map(|&(from, to)| from..to)
            .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .collect::<BTreeSet<u64>>()
            .into_iter()
            .collect()
    }

    fn groups(articles: &[(Version, Box<[u64]>)]) -> Vec<Group> {
        let mut groups = Groups::default();
        for (i, (version, shingles)) in articles.iter().enumerate() {
            let sketch = Sketch::new(shingles).expect("not empty");
            groups.add(i, version.clone(), &sketch, shingles.clone());
        }
        groups.finish()
    }

    fn version(id: u64, moment: i64, revision: u32) -> Version {
        Version { id, moment: Some(moment).filter(|at| *at > 0), revision }
    }

    #[test]
    fn copies_join_the_first_and_nothing_else_does() {
        let plain = |id| version(id, 0, 0);
        let found = groups(&[
            (plain(1), set(&[(0, 200)])),
            (plain(2), set(&[(1000, 1200)])),
            (plain(3), set(&[(0, 200)])),
            // A paragraph cut, one added, and an article that shares a quotation only.
            (plain(4), set(&[(0, 110)])),
            (plain(5), set(&[(0, 200), (5000, 5080)])),
            (plain(6), set(&[(150, 200), (7000, 7150)])),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].members().collect::<Vec<_>>(), [0, 2, 3, 4]);
        assert_eq!((found[0].first, found[0].newest), (0, 0));
        assert_eq!(found[0].copies[1].overlap.contained, 1.0);
    }

    #[test]
    fn the_newest_is_known_by_date_by_its_word_or_by_its_id() {
        let newest = |versions: &[Version]| {
            let articles: Vec<_> = versions.iter().map(|version| (version.clone(), set(&[(0, 200)]))).collect();
            groups(&articles)[0].newest
        };
        assert_eq!(newest(&[version(1, 100, 0), version(2, 300, 0), version(3, 200, 0)]), 1);
        assert_eq!(newest(&[version(1, 0, 0), version(2, 0, 1), version(3, 0, 0)]), 1);
        assert_eq!(newest(&[version(1, 0, 2), version(2, 0, 1)]), 0);
        assert_eq!(newest(&[version(1, 0, 0), version(1, 0, 0), version(2, 0, 0)]), 1);
        assert_eq!(newest(&[version(1, 500, 1), version(2, 400, 9)]), 0);
    }

    #[test]
    fn a_revision_may_be_rewritten_further() {
        let [old, new] = [set(&[(0, 100), (900, 960)]), set(&[(0, 100), (500, 600)])];
        assert!(groups(&[(version(1, 0, 0), old.clone()), (version(2, 0, 0), new.clone())]).is_empty());
        assert_eq!(groups(&[(version(1, 0, 0), old.clone()), (version(2, 0, 1), new.clone())])[0].newest, 1);
        assert_eq!(groups(&[(version(1, 0, 0), old), (version(1, 0, 0), new)])[0].newest, 1);
    }

    #[test]
    fn whoever_is_grouped_was_suspected() {
        let sketch = |shingles: Box<[u64]>| Sketch::new(&shingles).expect("not empty");
        let articles = [
            Some((sketch(set(&[(0, 200)])), 1)),
            None,
            Some((sketch(set(&[(400, 600)])), 2)),
            Some((sketch(set(&[(0, 180)])), 3)),
            Some((sketch(set(&[(800, 900)])), 2)),
        ];
        assert_eq!(suspects(&articles), [true, false, true, true, true]);
    }
}
