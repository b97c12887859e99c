//! The start of an element and its attributes: where each stands in the tag, which namespace it is of, what is wrong with it. It
//! reads nothing on its own.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

use super::escape::forbidden;
use super::{ATTRIBUTES, NAMESPACES, not_allowed};

/// The start of an element.
pub(crate) struct Element<'a> {
    pub(super) start: BytesStart<'a>,
    /// Where its name without prefix begins.
    pub(super) local: usize,
    pub(super) ns: &'a str,
    pub(super) attributes: &'a [Spot],
    pub(super) resolver: &'a NamespaceResolver,
    /// Line on which it begins, from 1.
    pub line: u64,
}

/// Where an attribute stands in its tag.
pub(super) struct Spot {
    /// Its name with the prefix.
    key: Range<usize>,
    /// Where its name without prefix begins.
    local: usize,
    value: Range<usize>,
    /// Nothing in its value is to be resolved or normalised.
    plain: bool,
}

/// An attribute, its references resolved and its blanks normalised.
pub(crate) struct Attribute<'a> {
    /// Its namespace; empty for one without prefix.
    pub ns: &'a str,
    /// Its name without prefix.
    pub name: &'a str,
    /// What it says.
    pub value: Cow<'a, str>,
}

impl Element<'_> {
    /// Its name without prefix.
    pub(crate) fn name(&self) -> &str {
        &self.start.name().into_inner()[self.local..]
    }

    /// Its namespace; empty if it has none.
    pub(crate) fn ns(&self) -> &str {
        self.ns
    }

    /// Whether it has attributes, or declares namespaces.
    pub(crate) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// Bytes of its attributes as they stand.
    pub(crate) fn size(&self) -> usize {
        self.start.attributes_raw().len()
    }

    /// Its attributes in order, but for declarations of namespaces.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        let all = self.attributes.iter().filter(|spot| !spot.is_declaration(&self.start));
        all.map(|spot| Attribute { ns: self.ns_of(spot), name: spot.local(&self.start), value: spot.value(&self.start) })
    }

    /// The value of an attribute without prefix.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get_ns("", name)
    }

    /// The value of an attribute of a namespace.
    pub(crate) fn get_ns(&self, ns: &str, name: &str) -> Option<Cow<'_, str>> {
        let is = |spot: &&Spot| spot.local(&self.start) == name && self.ns_of(spot) == ns && !spot.is_declaration(&self.start);
        self.attributes.iter().find(is).map(|spot| spot.value(&self.start))
    }

    fn ns_of(&self, spot: &Spot) -> &str {
        spot.ns(&self.start, self.resolver)
    }
}

impl Spot {
    fn key<'t>(&self, tag: &'t str) -> &'t str {
        &tag[self.key.clone()]
    }

    fn local<'t>(&self, tag: &'t str) -> &'t str {
        &tag[self.local..self.key.end]
    }

    fn ns<'r>(&self, tag: &str, resolver: &'r NamespaceResolver) -> &'r str {
        if self.local == self.key.start { "" } else { named(resolver.resolve_attribute(QName(self.key(tag))).0) }
    }

    /// Whether it is `xmlns` or `xmlns:prefix`.
    pub(super) fn is_declaration(&self, tag: &str) -> bool {
        self.key(tag).starts_with("xmlns") && QName(self.key(tag)).as_namespace_binding().is_some()
    }

    fn value<'t>(&self, tag: &'t str) -> Cow<'t, str> {
        let value = &tag[self.value.clone()];
        if self.plain { value.into() } else { normalized(value).unwrap_or_default() }
    }
}

/// A name without its prefix. Names are short: a plain loop finds the colon soonest.
pub(super) fn local(name: &str) -> &str {
    name.bytes().position(|b| b == b':').map_or(name, |colon| &name[colon + 1..])
}

/// The value of an attribute, its references resolved and its blanks made blanks.
fn normalized(value: &str) -> quick_xml::Result<Cow<'_, str>> {
    quick_xml::events::attributes::Attribute { key: QName(""), value: value.into() }.normalized_value(XmlVersion::Implicit1_0)
}

pub(super) fn named<'a>(ns: ResolveResult<'a>) -> &'a str {
    match ns {
        ResolveResult::Bound(ns) => ns.into_inner(),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => "",
    }
}

/// Finds where the attributes of a tag stand; those before what is no attribute, or one too many, are found.
pub(super) fn find_attributes(start: &BytesStart, found: &mut Vec<Spot>) -> Result<(), String> {
    found.clear();
    if start.attributes_raw().is_empty() {
        return Ok(());
    }
    let mut counts = [0, 0];
    let mut all = start.attributes();
    for attribute in all.with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let declared = attribute.key.as_namespace_binding().is_some();
        counts[usize::from(declared)] += 1;
        if counts[0] > ATTRIBUTES || counts[1] > NAMESPACES {
            let (most, what) = if declared { (NAMESPACES, "declarations of namespaces") } else { (ATTRIBUTES, "attributes") };
            return Err(format!("an element with more than {most} {what}"));
        }
        let key = attribute.key.into_inner();
        let (key_at, value) = (range_in(start, key), range_in(start, &attribute.value));
        let matters = |b: u8| (b < b' ') | (b == b'&') | (b == 0xef);
        let plain = !attribute.value.bytes().fold(false, |any, b| any | matters(b));
        found.push(Spot { local: key_at.end - local(key).len(), key: key_at, value, plain });
    }
    Ok(())
}

/// Where a piece of a text stands in it.
fn range_in(text: &str, piece: &str) -> Range<usize> {
    let start = piece.as_ptr().addr() - text.as_ptr().addr();
    start..start + piece.len()
}

/// Holds attributes against the rules of XML.
pub(super) fn look_at_attributes(tag: &str, attributes: &[Spot], resolver: &NamespaceResolver, say: &mut impl FnMut(String)) {
    for (index, spot) in attributes.iter().enumerate() {
        let key = spot.key(tag);
        if spot.local > spot.key.start
            && let ResolveResult::Unknown(prefix) = resolver.resolve_attribute(QName(key)).0
        {
            say(unbound(&prefix));
        }
        // Declarations are apart from everything else, and from one another by all of their names.
        let pair =
            |spot: &Spot| if spot.is_declaration(tag) { ("xmlns", spot.key(tag)) } else { (spot.ns(tag, resolver), spot.local(tag)) };
        if attributes[..index].iter().any(|before| before.local(tag) == spot.local(tag) && pair(before) == pair(spot)) {
            say(format!("the attribute {key} stands twice"));
        }
        if spot.plain {
            continue;
        }
        match normalized(&tag[spot.value.clone()]) {
            Err(error) => say(format!("the attribute {key} cannot be read: {error}")),
            Ok(value) => forbidden(&value).into_iter().for_each(|c| say(not_allowed(c))),
        }
    }
}

pub(super) fn unbound(prefix: &str) -> String {
    format!("the prefix {prefix}: is bound to no namespace")
}
