//! Excerpts as Markdown, for people: a heading an article, a line of what is known of it, its paragraphs. Characters that Markdown
//! would read as markup are escaped.

use super::Returned;
use crate::document::Kind;
use crate::format::markdown::{escape, is_link};
use crate::translation::excerpt::GAP;

/// Appends what came back of an article.
pub fn push(returned: &Returned, out: &mut Vec<u8>) {
    let (known, id) = (returned.known(), returned.article.id.as_str());
    let title = returned.title();
    let mut text = format!("## {}", escape(title.unwrap_or(id)));
    let mut line: Vec<String> = [title.map(|_| id), known.date, known.author, known.source].into_iter().flatten().map(escape).collect();
    line.extend(known.url.filter(|url| is_link(url)).map(|url| format!("<{url}>")));
    if !line.is_empty() {
        text.extend(["\n\n", &line.join(" · ")]);
    }
    // Items of a list stand together as long as nothing is left out.
    let mut in_list = false;
    for sentence in returned.excerpt.sentences.iter().filter(|sentence| !sentence.in_title) {
        let item = sentence.kind == Kind::ListItem.name();
        match (sentence.begins, sentence.gap) {
            (false, false) => text.push_str(&sentence.blank),
            (false, true) => text.extend([" ", GAP, " "]),
            (true, true) => text.extend(["\n\n", GAP, "\n\n"]),
            (true, false) => text.push_str(if in_list && item { "\n" } else { "\n\n" }),
        }
        text.push_str(if item && sentence.begins { "- " } else { "" });
        in_list = item;
        text.push_str(&escape(&sentence.text));
    }
    if returned.excerpt.goes_on {
        text.extend(["\n\n", GAP]);
    }
    out.extend_from_slice(text.trim_end().as_bytes());
    out.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::format::Offsets;
    use crate::format::excerpts::jsonl;
    use crate::translation::excerpt::{Excerpt, Excerpted};
    use crate::translation::{Bitext, BitextSegment};

    #[test]
    fn paragraphs_lists_and_gaps_stand_apart() {
        let segment = BitextSegment::default();
        let sentence = |kind: &'static str, text: &str, begins, gap| Excerpted {
            segment: &segment,
            kind,
            text: text.to_owned(),
            translated: true,
            locked: false,
            in_title: kind == "title",
            begins,
            gap,
            blank: if begins { String::new() } else { " ".to_owned() },
        };
        let sentences = vec![
            sentence("title", "A *title*", true, false),
            sentence("body", "Ä.", true, false),
            sentence("body", "B.", false, false),
            sentence("list-item", "C", true, false),
            sentence("list-item", "D", true, false),
            sentence("list-item", "E", true, true),
            sentence("body", "F.", true, false),
            sentence("body", "G.", false, true),
        ];
        let excerpt = Excerpt { title: Some("A *title*".into()), sentences, goes_on: true };
        let article = Article::new("a".into(), String::new()).expect("short");
        let bitext = Bitext::default();
        let returned = Returned { article: &article, bitext: &bitext, excerpt: &excerpt, offsets: Offsets::Scalar };
        let spelled = |push: fn(&Returned, &mut Vec<u8>)| {
            let mut out = Vec::new();
            push(&returned, &mut out);
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(spelled(push), "## A \\*title\\*\n\na\n\nÄ. B.\n\n- C\n- D\n\n[…]\n\n- E\n\nF. […] G.\n\n[…]\n\n");
        let record: serde_json::Value = serde_json::from_str(&spelled(jsonl::push)).expect("JSON");
        let text = record["text"].as_str().expect("a text");
        assert_eq!(text, "Ä. B.\n\nC\n\nD\n\n[…]\n\nE\n\nF. […] G.\n\n[…]");
        let of = |sentence: &serde_json::Value| -> Option<String> {
            let (start, end) = (sentence["start"].as_u64()? as usize, sentence["end"].as_u64()? as usize);
            Some(text.chars().skip(start).take(end - start).collect())
        };
        let all = record["excerpt"].as_array().expect("a list");
        assert!(all[0]["start"].is_null() && all[1..].iter().all(|one| of(one).as_deref() == one["text"].as_str()), "{record}");
    }
}
